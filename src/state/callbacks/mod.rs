//! Calls to clients (RFC 8881 §2.10.3, §20).

mod channel;

pub(in crate::state) use channel::{BackChannel, BackSlot, Outstanding, Told};
pub use channel::{CallbackAnswer, CallbackCall, CallbackId, CallbackSec};
