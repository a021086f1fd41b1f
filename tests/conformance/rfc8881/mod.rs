//! RFC 8881: NFSv4.1.

mod section_18_46_sequence;
mod section_2_10_6_slots;
mod section_9_6_blocking;
