//! Sessions (RFC 8881 §2.10).

mod sequence;
mod session;
mod slot;
mod table;

pub use sequence::{SequenceCommand, SequenceReply, SequenceTurn, SlotTicket};
pub use session::{ChannelAttrs, CreateSession, SessionCreated};
pub(in crate::state) use session::{CreateSlot, Session};
pub use slot::Done;
pub(in crate::state) use slot::{KeptReply, Restored, Slots};
pub(in crate::state) use table::Sessions;
