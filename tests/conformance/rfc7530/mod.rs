//! RFC 7530: NFSv4.0.

mod section_16_10_lock;
mod section_9_1_4_stateid;
mod section_9_1_7_sequencing;
mod section_9_1_8_replay;
mod section_9_2_lock_ranges;
