//! Byte-range locks and lock_owners.

mod command;
mod deadlock;
mod free;
mod lock;
mod lock_owner;
mod unlock;

pub(in crate::state) use command::Resolved;
pub use command::{Denied, LockCommand, LockReply, Locker};
pub(in crate::state) use deadlock::Deadlocks;
pub(in crate::state) use lock_owner::{LockOwnerState, LockOwners, LockState, OwnersOfClient};
