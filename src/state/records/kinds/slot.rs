//! A slot of the fore channel of a session ([`Key::Slot`]): its last request that changed something.

use crate::nfs4::SessionId;
use crate::state::records::changes::{Before, Changes};
use crate::state::records::codec::{self, Malformed, decode, filehandle, require};
use crate::state::records::key::Key;
use crate::state::records::parts::StateidPart;
use crate::state::records::sink::Short;
use crate::state::records::text::{text, text_if_any};
use crate::state::sessions::{Done, KeptReply, Restored, Sessions};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

#[derive(Debug, Serialize, Deserialize)]
struct SlotRecord<'a> {
    sequenceid: u32,
    request: u64,
    #[serde(borrow)]
    last: LastPart<'a>,
}

/// Stores what is kept of the reply.
#[derive(Debug, Serialize, Deserialize)]
enum LastPart<'a> {
    Uncached,
    Cached(#[serde(borrow, serialize_with = "text")] &'a [u8]),
    Half(Vec<DonePart<'a>>),
}

/// Stores the result of one operation of a COMPOUND, and what it left as current.
#[derive(Debug, Serialize, Deserialize)]
struct DonePart<'a> {
    index: u32,
    #[serde(borrow, serialize_with = "text")]
    result: &'a [u8],
    #[serde(serialize_with = "text_if_any")]
    fh: Option<&'a [u8]>,
    stateid: StateidPart,
}

/// Number of `LastPart::Uncached` among its variants.
const UNCACHED: u8 = 0;
/// Number of `LastPart::Cached`.
const CACHED: u8 = 1;

impl Changes {
    /// Writes the last request of a slot, and what is kept of its reply.
    pub(in crate::state) fn put_slot(
        &mut self,
        id: SessionId,
        slot: u32,
        sequenceid: u32,
        request: u64,
        last: KeptReply<'_>,
    ) {
        let (kind, reply) = match last {
            KeptReply::Uncached => (UNCACHED, &[][..]),
            KeptReply::Cached(bytes) => (CACHED, bytes),
            KeptReply::Half(done) => {
                let last = LastPart::Half(done.iter().map(DonePart::new).collect());
                return self.put(Key::Slot(id, slot), &SlotRecord { sequenceid, request, last });
            }
        };
        let value = |out: &mut Short| {
            out.number(sequenceid.into());
            out.number(request);
            out.byte(kind);
            if kind == CACHED {
                out.number(reply.len() as u64);
            }
        };
        self.put_short_with(Before::Perhaps, Key::Slot(id, slot), value, [reply]);
    }
}

impl<'a> DonePart<'a> {
    fn new(done: &'a Done) -> Self {
        let fh = done.fh.as_ref().map(|fh| fh.as_bytes());
        Self { index: done.index, result: &done.result, fh, stateid: done.stateid.into() }
    }

    fn value(&self) -> Result<Done, Malformed> {
        let fh = self.fh.map(filehandle).transpose()?;
        Ok(Done { index: self.index, result: self.result.into(), fh, stateid: self.stateid.into() })
    }
}

impl LastPart<'_> {
    fn value(&self) -> Result<Restored, Malformed> {
        Ok(match self {
            Self::Uncached => Restored::Uncached,
            Self::Cached(bytes) => Restored::Cached(Arc::from(*bytes)),
            Self::Half(done) => Restored::Half(done.iter().map(DonePart::value).collect::<Result<_, _>>()?),
        })
    }
}

pub fn restore(sessions: &mut Sessions, id: SessionId, slotid: u32, value: &[u8]) -> Result<(), Malformed> {
    let record: SlotRecord<'_> = decode(value)?;
    let session = sessions.get_mut(id).ok_or(Malformed)?;
    let last = record.last.value()?;
    require(session.restore_slot(slotid, record.sequenceid, record.request, last))
}

pub fn show(value: &[u8]) -> Result<Value, Malformed> {
    codec::show(decode::<SlotRecord<'_>>(value)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::records::tests::NUMBERS;

    #[test]
    fn what_is_written_by_hand_is_what_is_read() {
        let session = SessionId([3; 16]);
        for number in NUMBERS {
            let small = number as u32;
            let reply = vec![7; small as usize % 200];
            let (mut got, mut want) = (Changes::default(), Changes::default());
            for (kept, last) in [
                (KeptReply::Uncached, LastPart::Uncached),
                (KeptReply::Cached(&reply), LastPart::Cached(&reply)),
            ] {
                got.put_slot(session, small, small, number, kept);
                let record = SlotRecord { sequenceid: small, request: number, last };
                want.put(Key::Slot(session, small), &record);
            }
            assert!(got.records().eq(want.records()), "{number}");
        }
    }
}
