//! The slot of a client's CREATE_SESSIONs (RFC 8881 §18.36.4).

use super::channel_attrs::ChannelAttrsPart;
use crate::nfs4::SessionId;
use crate::state::records::text::hex;
use crate::state::sessions::{CreateSlot, SessionCreated};
use serde::{Deserialize, Serialize};

/// Stores the number of the next CREATE_SESSION, and the last one with its reply.
#[derive(Debug, Serialize, Deserialize)]
pub struct CreateSessionPart {
    next: u32,
    last: Option<CreatedPart>,
}

/// Stores the reply to a CREATE_SESSION.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct CreatedPart {
    sequence: u32,
    #[serde(serialize_with = "hex")]
    id: [u8; 16],
    back_channel: bool,
    fore: ChannelAttrsPart,
    back: ChannelAttrsPart,
}

impl CreateSessionPart {
    /// Returns what is stored.
    pub fn new(slot: &CreateSlot) -> Self {
        let last = slot.last_reply().map(CreatedPart::new);
        Self { next: slot.next(), last }
    }

    /// Returns what was stored.
    pub fn value(&self) -> CreateSlot {
        let last = self.last.map(|created| (created.sequence, created.value()));
        CreateSlot::restored(self.next, last)
    }
}

impl CreatedPart {
    fn new(created: &SessionCreated) -> Self {
        let SessionCreated { id, sequence, back_channel, fore, back } = *created;
        let (fore, back) = (ChannelAttrsPart::new(fore), ChannelAttrsPart::new(back));
        Self { sequence, id: id.0, back_channel, fore, back }
    }

    fn value(self) -> SessionCreated {
        let Self { sequence, id, back_channel, fore, back } = self;
        SessionCreated { id: SessionId(id), sequence, back_channel, fore: fore.value(), back: back.value() }
    }
}
