//! Stateids inside of replies.

use crate::nfs4::Stateid;
use crate::state::records::text::hex;
use serde::{Deserialize, Serialize};

/// Stores a stateid.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct StateidPart {
    seqid: u32,
    #[serde(serialize_with = "hex")]
    other: [u8; 12],
}

impl From<Stateid> for StateidPart {
    fn from(Stateid { seqid, other }: Stateid) -> Self {
        Self { seqid, other }
    }
}

impl From<StateidPart> for Stateid {
    fn from(StateidPart { seqid, other }: StateidPart) -> Self {
        Self { seqid, other }
    }
}
