//! Waiting for a lock: one queue per file, for all minor versions (RFC 7530 §9.4, RFC 8881 §9.6).
//!
//! Three rules decide everything here (`docs/decisions/001-waiting.md` says why, and has the table of states):
//!
//! - A lock that is free is not kept for somebody who may not come. It is kept for a moment for a waiter whose client was
//!   just called; among waiters that poll, the first goes first for a moment; and a waiter that others went past for longer
//!   than its own poll interval has the lock kept for it around the time of its next poll.
//! - A waiter that missed its turn, or whose owner did something else, counts for nothing until it asks again.
//! - The work of each command is bounded. What a command frees is only marked; [`Core::serve_waiting`] looks at so many
//!   waiters and no more, and what is left is an alarm that is due at once.
//!
//! | file | what it has |
//! |---|---|
//! | `phase` | the states of a waiter and every move between them |
//! | `habit` | when a client that polls will ask next |
//! | `waiter` | one waiter, and whom it holds up |
//! | `of_file` | the waiters of one file |
//! | `serve` | turns: who is told that a lock is free, and what ends a turn |
//! | `notices` | calls that wait for a slot or for a connection |
//! | `owners` | what owners wait for |
//!
//! Cycles of waiting owners are looked for in `locks/deadlock.rs`.

mod habit;
mod notices;
mod of_file;
mod owners;
mod phase;
mod request;
mod serve;
mod waiter;
mod waiting;

pub(in crate::state) use of_file::Queue;
pub(in crate::state) use request::{LockRequest, Requester, WaiterId, remembered_at_most};
pub(in crate::state) use waiter::Waiter;
pub(in crate::state) use waiting::{Gone, Waiting};
