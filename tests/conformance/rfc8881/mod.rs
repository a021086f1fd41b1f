//! RFC 8881: NFSv4.1.

mod section_18_10_lock;
mod section_18_16_open;
mod section_18_35_exchange_id;
mod section_18_36_create_session;
mod section_18_46_sequence;
mod section_2_10_6_connections;
mod section_2_10_6_slots;
mod section_8_2_stateids;
mod section_8_3_leases;
mod section_8_4_2_restart;
mod section_9_6_blocking;
