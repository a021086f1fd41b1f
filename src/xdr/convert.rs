//! Between generated types and the vocabulary, for the client, callbacks and tests.

use super::Bitmap;
use super::generated::nfs4::{bitmap4, nfsstat4, stateid4};
use crate::nfs4::{Stateid, Status};

impl From<stateid4> for Stateid {
    fn from(stateid4 { seqid, other }: stateid4) -> Self {
        Self { seqid, other }
    }
}

impl From<Stateid> for stateid4 {
    fn from(Stateid { seqid, other }: Stateid) -> Self {
        Self { seqid, other }
    }
}

impl From<&bitmap4> for Bitmap {
    fn from(words: &bitmap4) -> Self {
        Self::from_words(words.0.iter().copied())
    }
}

impl From<Bitmap> for bitmap4 {
    fn from(set: Bitmap) -> Self {
        Self(set.words().to_vec())
    }
}

impl From<nfsstat4> for Status {
    // Both have the same members; a test compares them.
    fn from(status: nfsstat4) -> Self {
        Self::from_number(status as u32).unwrap_or(Self::ServerFault)
    }
}
