//! The parts of values that records of several kinds have in common. Each part is written, read and shown in one file.

mod callback;
mod channel_attrs;
mod create_session;
mod lock_request;
mod owner_reply;
mod stateid;

pub(super) use callback::CallbackPart;
pub(super) use channel_attrs::ChannelAttrsPart;
pub(super) use create_session::CreateSessionPart;
pub(super) use lock_request::LockRequestPart;
pub(super) use owner_reply::OwnerReplyPart;
pub(super) use stateid::StateidPart;
