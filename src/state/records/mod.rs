//! The state as keyed records: what is stored, and how the core comes back from it.
//!
//! One record a thing: a client, a session, a slot, an open and so on. A key starts with a byte that says what the
//! record is of; the order of these bytes is the order in which records are read, each after those that it refers to.
//! [`values`] says what is in a record, [`write`] turns things into records, [`restore`] records into a core.
//!
//! No time is stored. Who comes back has a whole lease before it, for it could not renew while there was no server.

mod changes;
mod decode;
mod dump;
mod export;
mod inventory;
mod key;
mod read;
mod reply;
mod restore;
mod sink;
mod text;
mod values;
mod write;

pub(in crate::state) use changes::Before;
pub use changes::{Changes, ClientChange};
pub use export::record_as_json;
pub use inventory::{Holdings, Inventory};
pub use key::{Key, RecordKind};
pub use restore::{RestoreError, Restoring};
