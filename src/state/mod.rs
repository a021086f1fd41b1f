//! The state core: clients, leases, owners, stateids, opens, share reservations, byte-range locks and who waits for
//! them (RFC 7530 §9).
//!
//! **Sans-I/O.** It never reads a clock, a socket, a file or a random number: time and identity are arguments. The same
//! calls give the same answers. It has four kinds of method:
//!
//! - *commands*, one per operation, named after it: [`Core::lock`], [`Core::close`] and so on
//! - *[`Core::on_alarm`]*, to be called at [`Core::next_alarm`]: what happens by the mere passing of time
//! - *[`Core::take_output`]*: what the host must do, and in which order: store changes, let replies and calls to clients leave,
//!   release closed files, give memory back
//! - *getters*
//!
//! **Invariant:** a lock stateid exists only after a grant, an open stateid only after a successful OPEN.
//! **Invariant:** identity is a value (clientid, owner bytes, filehandle), never an address.

mod callbacks;
mod census;
mod clients;
mod config;
mod core;
mod files;
mod instance;
mod locks;
mod map;
mod opens;
mod output;
mod prefetch;
mod records;
mod recovery;
mod sessions;
mod teardown;

#[cfg(test)]
mod tests;

pub use self::core::Core;
pub use callbacks::{CallbackAnswer, CallbackBody, CallbackCall, CallbackId, CallbackSec};
pub use census::Census;
pub use clients::{Callback, ClientExchanged, ExchangeId, SetClientid, SetClientidRefused};
pub use config::{Config, Start};
pub use locks::{Denied, LockCommand, LockReply, Locker};
pub use opens::{
    Digest, IoRight, Numbered, OpenBegin, OpenCommit, OpenEffects, OpenReply, OpenTicket, OpenTurn,
};
pub use output::Output;
pub use records::{Changes, ClientChange};
pub use records::{Holdings, Inventory, Key, RecordKind, RestoreError, Restoring, record_as_json};
pub use sessions::{
    ChannelAttrs, CreateSession, Done, SequenceCommand, SequenceReply, SequenceTurn, SessionCreated,
    SlotTicket,
};
pub use teardown::{DeferredDrops, Revoke};
