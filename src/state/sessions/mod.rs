//! Sessions (RFC 8881 §2.10).

mod channel_attrs;
mod create_session;
mod sequence;
mod session;
mod slot;
mod table;

pub use channel_attrs::ChannelAttrs;
pub(in crate::state) use create_session::CreateSlot;
pub use create_session::{CreateSession, SessionCreated};
pub use sequence::{SequenceCommand, SequenceReply, SequenceTurn, SlotTicket};
pub(in crate::state) use session::Session;
pub use slot::Done;
pub(in crate::state) use slot::{KeptReply, Restored, Slots};
pub(in crate::state) use table::Sessions;
