//! The state as keyed records: what is stored, and how the core comes back from it.
//!
//! One record a thing: a client, a session, a slot, an open and so on. A key starts with a byte that says what the
//! record is of; the order of these bytes is the order in which records are read, each after those that it refers to.
//! [`kinds`] has a file for each kind, which writes, restores and shows it; [`key`] has the keys.
//!
//! No time is stored. Who comes back has a whole lease before it, for it could not renew while there was no server.

mod changes;
mod codec;
mod dump;
mod export;
mod inventory;
mod key;
mod kinds;
mod parts;
mod restore;
mod sink;
mod text;

pub(in crate::state) use changes::Before;
pub use changes::{Changes, ClientChange};
pub use export::record_as_json;
pub use inventory::{Holdings, Inventory};
pub use key::{Key, RecordKind};
pub use restore::{RestoreError, Restoring};

#[cfg(test)]
mod tests {
    /// Numbers of all lengths that an encoded number can have.
    pub(super) const NUMBERS: [u64; 9] = [0, 1, 127, 128, 300, 1 << 14, u32::MAX as u64, 1 << 50, u64::MAX];
}
