//! The checked vocabulary: values that cannot be wrong, built only by checked constructors.
//!
//! No suffix means checked (`Stateid`); the suffix `4` means wire (`stateid4`).

mod filehandle;
mod ids;
mod name;
mod range;
mod share;
mod stateid;
mod status;

pub use filehandle::{FILEHANDLE_BYTES_MAX, Filehandle};
pub use ids::{ClientId, ConnectionId, LockOwner, OpaqueOwner, OpenOwner, Principal, SessionId, Verifier};
pub use name::{NAME_BYTES_MAX, check_component, check_link_text, check_utf8};
pub use range::{EmptyOrOverflow, Range};
pub use share::{LockKind, ShareAccess, ShareDeny};
pub use stateid::{OTHER_BYTES, Stateid, StateidKind};
pub use status::Status;

/// Time as the core sees it: the distance from an arbitrary origin that never moves back.
pub type Time = std::time::Duration;
