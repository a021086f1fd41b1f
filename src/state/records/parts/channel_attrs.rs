//! The limits of a channel of a session.

use crate::state::sessions::ChannelAttrs;
use serde::{Deserialize, Serialize};

/// Stores a `channel_attrs4`. Sizes are in bytes.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ChannelAttrsPart {
    maxrequestsize: u32,
    maxresponsesize: u32,
    maxresponsesize_cached: u32,
    maxoperations: u32,
    maxrequests: u32,
}

impl ChannelAttrsPart {
    /// Returns what is stored.
    pub fn new(attrs: ChannelAttrs) -> Self {
        let ChannelAttrs {
            maxrequestsize,
            maxresponsesize,
            maxresponsesize_cached,
            maxoperations,
            maxrequests,
        } = attrs;
        Self { maxrequestsize, maxresponsesize, maxresponsesize_cached, maxoperations, maxrequests }
    }

    /// Returns what was stored.
    pub fn value(self) -> ChannelAttrs {
        let Self { maxrequestsize, maxresponsesize, maxresponsesize_cached, maxoperations, maxrequests } =
            self;
        ChannelAttrs { maxrequestsize, maxresponsesize, maxresponsesize_cached, maxoperations, maxrequests }
    }
}
