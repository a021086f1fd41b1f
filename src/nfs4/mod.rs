//! The checked vocabulary: values that are valid by construction.
//!
//! No suffix means checked (`Stateid`); the suffix `4` means wire (`stateid4`).

mod compound;
mod content;
mod cred;
mod file_type;
mod filehandle;
mod ids;
mod name;
mod range;
mod share;
mod stateid;
mod status;
mod time;
mod xattr;

pub use compound::{Caller, Class, LockHint};
pub use content::Content;
pub use cred::Cred;
pub use file_type::FileType;
pub use filehandle::{FILEHANDLE_BYTES_MAX, Filehandle};
pub use ids::{ClientId, ConnectionId, LockOwner, OpaqueOwner, OpenOwner, Principal, SessionId, Verifier};
pub use name::{NAME_BYTES_MAX, check_component, check_link_text, check_utf8};
pub use range::{EmptyOrOverflow, Range};
pub use share::{LockKind, ShareAccess, ShareDeny};
pub use stateid::{OTHER_BYTES, Stateid, StateidKind};
pub use status::Status;
pub use time::{SetTime, Time, Timespec};
pub use xattr::XattrMode;
