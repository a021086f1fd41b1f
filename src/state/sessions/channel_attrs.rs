//! What may be in flight on a channel of a session (`channel_attrs4`, RFC 8881 §18.36.3).

use crate::nfs4::Status;

/// `channel_attrs4`: what may be in flight on a channel, and how large. Sizes are in bytes, RPC header included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChannelAttrs {
    /// Longest request.
    pub maxrequestsize: u32,
    /// Longest reply.
    pub maxresponsesize: u32,
    /// Longest reply that is kept for a retry.
    pub maxresponsesize_cached: u32,
    /// Most operations in a COMPOUND.
    pub maxoperations: u32,
    /// Slots.
    pub maxrequests: u32,
}

/// A request or reply has at least a header, a SEQUENCE and something to do.
const SIZE_MIN: u32 = 256;

impl ChannelAttrs {
    /// Returns what both sides can do. Errors: `TooSmall` when that is nothing.
    pub(super) fn negotiate(self, most: Self) -> Result<Self, Status> {
        let agreed = Self {
            maxrequestsize: self.maxrequestsize.min(most.maxrequestsize),
            maxresponsesize: self.maxresponsesize.min(most.maxresponsesize),
            maxresponsesize_cached: self.maxresponsesize_cached.min(most.maxresponsesize_cached),
            maxoperations: self.maxoperations.min(most.maxoperations),
            maxrequests: self.maxrequests.min(most.maxrequests),
        };
        let small = agreed.maxrequestsize < SIZE_MIN || agreed.maxresponsesize < SIZE_MIN;
        if small || agreed.maxoperations == 0 || agreed.maxrequests == 0 {
            return Err(Status::TooSmall);
        }
        Ok(agreed)
    }
}
