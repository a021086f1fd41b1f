//! RFC 5531: ONC RPC version 2, as NFSv4.0 over TCP uses it.

mod section_11_records;
mod section_9_messages;
