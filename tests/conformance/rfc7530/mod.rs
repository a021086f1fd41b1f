//! RFC 7530: NFSv4.0.

mod section_12_names;
mod section_15_2_compound;
mod section_16_02_close;
mod section_16_04_create;
mod section_16_07_getattr;
mod section_16_10_lock;
mod section_16_11_lockt;
mod section_16_12_locku;
mod section_16_16_open;
mod section_16_18_open_confirm;
mod section_16_20_filehandles;
mod section_16_24_readdir;
mod section_16_27_rename;
mod section_16_33_setclientid;
mod section_16_36_write;
mod section_16_37_release_lockowner;
mod section_4_2_one_file;
mod section_9_1_4_stateid;
mod section_9_1_7_sequencing;
mod section_9_1_8_replay;
mod section_9_2_lock_ranges;
mod section_9_4_blocking;
mod section_9_5_leases;
mod section_9_6_2_restart;
mod section_9_9_data;
mod section_9_9_share_reservations;
