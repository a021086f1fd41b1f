//! What a granted OPEN answers (RFC 7530 §16.16).

use crate::nfs4::{Filehandle, Stateid};

/// Holds the part of the reply that comes from the files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpenEffects {
    /// `change_info4.atomic`.
    pub atomic: bool,
    /// `change_info4.before`.
    pub before: u64,
    /// `change_info4.after`.
    pub after: u64,
    /// `attrset`.
    pub attrset: [u32; 3],
}

/// Holds the reply of a granted OPEN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenReply {
    /// The open stateid.
    pub stateid: Stateid,
    /// The file, which becomes the current filehandle.
    pub fh: Filehandle,
    /// Whether OPEN_CONFIRM must follow (`OPEN4_RESULT_CONFIRM`).
    pub confirm: bool,
    /// Whether who waits for a lock of this open is called when it is free (`OPEN4_RESULT_MAY_NOTIFY_LOCK`).
    pub may_notify: bool,
    /// What to report of the files side.
    pub effects: OpenEffects,
}
