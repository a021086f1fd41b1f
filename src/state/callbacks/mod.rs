//! Calls to clients (RFC 8881 §2.10.3, §20).

mod call;
mod calls;
mod channel;
mod notify_lock;

pub use call::{CallbackAnswer, CallbackBody, CallbackCall, CallbackId, CallbackSec};
pub(in crate::state) use calls::{Calls, Outstanding};
pub(in crate::state) use channel::{BackChannel, BackSlot};
pub(in crate::state) use notify_lock::Told;
