//! The slots of a session: which request is new, which is a retry, and what was answered (RFC 8881 §2.10.6).

use crate::nfs4::{Filehandle, Stateid, Status};
use crate::state::opens::Digest;
use std::sync::Arc;

/// The replies of a channel, kept by slot.
#[derive(Debug)]
pub(in crate::state) struct Slots(Vec<Slot>);

#[derive(Clone, Debug, Default)]
struct Slot {
    /// Number of the last request; before the first it is 0, and names none.
    sequenceid: u32,
    request: Digest,
    last: Last,
    /// The answer to it, if that is kept. The room stays for the next one.
    reply: Vec<u8>,
    /// It is as it was stored before a restart, and requests that changed nothing were not stored: the next request may
    /// have any later number.
    unsure: bool,
}

/// An operation of a COMPOUND that was done before a restart, when others of the same COMPOUND were not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// Which operation, counted from 0.
    pub index: u32,
    /// Its result: number, status, body.
    pub result: Box<[u8]>,
    /// The current filehandle after it.
    pub fh: Option<Filehandle>,
    /// The current stateid after it.
    pub stateid: Stateid,
}

/// What is stored of the last request of a slot.
#[derive(Clone, Copy, Debug)]
pub(in crate::state) enum KeptReply<'a> {
    /// Only that it was carried out.
    Uncached,
    /// Its answer.
    Cached(&'a [u8]),
    /// Which of its operations were carried out so far.
    Half(&'a [Done]),
}

/// What became of the last request of a slot.
#[derive(Clone, Debug, Default)]
enum Last {
    /// There was none.
    #[default]
    Never,
    /// It is being carried out.
    Running,
    /// It was answered, and the answer is kept.
    Cached,
    /// The answer was not to be kept.
    Uncached,
    /// These of its operations were carried out before a restart.
    Half(Arc<[Done]>),
}

/// Bytes of room for an answer that a slot keeps when it needs less: enough for those of locks.
const REPLY_ROOM: usize = 256;

/// What a request is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::state) enum SlotTurn {
    /// The next one.
    Next,
    /// The last one again, and this was the answer.
    Cached(Arc<[u8]>),
    /// The last one again, whose answer was not kept.
    Uncached,
    /// The last one again, of which a restart left a part to be done.
    Resume(Arc<[Done]>),
}

/// What was stored of the last request of a slot.
#[derive(Clone, Debug)]
pub(in crate::state) enum Restored {
    /// As in [`KeptReply`].
    Uncached,
    /// As there.
    Cached(Arc<[u8]>),
    /// As there.
    Half(Arc<[Done]>),
}

/// Says how the number of a request stands to the last one of its slot. Numbers wrap around, so half of them are later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Distance {
    /// It is the same.
    Same,
    /// It is one more.
    Next,
    /// It is later than that.
    Later,
    /// It is earlier.
    Earlier,
}

impl Slot {
    fn distance(&self, sequenceid: u32) -> Distance {
        match sequenceid.wrapping_sub(self.sequenceid) as i32 {
            0 => Distance::Same,
            1 => Distance::Next,
            2.. => Distance::Later,
            _ => Distance::Earlier,
        }
    }

    /// Judges a request by the last one of its slot. Errors: see [`Slots::turn`].
    fn turn(&self, sequenceid: u32, request: Digest) -> Result<SlotTurn, Status> {
        use Distance::{Earlier, Later, Next, Same};
        match (&self.last, self.distance(sequenceid), self.request == request, self.unsure) {
            // §2.10.6.2: one request at a time; a retry of the one that is being carried out waits for it.
            (Last::Running, Same, true, _) => Err(Status::Delay),
            (Last::Running, Same, false, _) => Err(Status::SeqFalseRetry),
            (Last::Running, Next | Later | Earlier, _, _) => Err(Status::SeqMisordered),
            // §2.10.6.1: a new request has the next number.
            (_, Next, _, _) => Ok(SlotTurn::Next),
            // After a restart it may have any later one, for requests that changed nothing were not stored.
            (Last::Never, Same | Later | Earlier, _, true) => Ok(SlotTurn::Next),
            (_, Later, _, true) => Ok(SlotTurn::Next),
            // §18.46.3: neither new nor a retry.
            (Last::Never, Same | Later | Earlier, _, false) => Err(Status::SeqMisordered),
            (_, Later, _, false) | (_, Earlier, _, _) => Err(Status::SeqMisordered),
            // §2.10.6.1.3.1: another request under the number of the last one.
            (_, Same, false, _) => Err(Status::SeqFalseRetry),
            // §2.10.6.1: a retry is answered from the cache.
            (Last::Cached, Same, true, _) => Ok(SlotTurn::Cached(Arc::from(&self.reply[..]))),
            (Last::Uncached, Same, true, _) => Ok(SlotTurn::Uncached),
            (Last::Half(done), Same, true, _) => Ok(SlotTurn::Resume(done.clone())),
        }
    }
}

impl Slots {
    pub fn new(count: u32) -> Self {
        Self(vec![Slot::default(); count as usize])
    }

    pub fn count(&self) -> u32 {
        self.0.len() as u32
    }

    /// Slots after a restart, before [`Slots::restore`].
    pub fn unsure(count: u32) -> Self {
        Self(vec![Slot { unsure: true, ..Slot::default() }; count as usize])
    }

    /// Puts back what was stored of the last request of a slot; `reply` is its answer, or what was done of it.
    /// Answers whether there is such a slot.
    pub fn restore(&mut self, slotid: u32, sequenceid: u32, request: Digest, reply: Restored) -> bool {
        let Some(slot) = self.0.get_mut(slotid as usize) else { return false };
        let (last, reply) = match reply {
            Restored::Uncached => (Last::Uncached, Vec::new()),
            Restored::Cached(bytes) => (Last::Cached, bytes.to_vec()),
            Restored::Half(done) => (Last::Half(done), Vec::new()),
        };
        *slot = Slot { sequenceid, request, last, reply, unsure: true };
        true
    }

    /// Returns the numbers of the slots that were ever used.
    pub fn used(&self) -> impl Iterator<Item = u32> {
        (0..).zip(&self.0).filter(|(_, slot)| !matches!(slot.last, Last::Never)).map(|(id, _)| id)
    }

    /// Returns the digest of the request of this number, if it is being carried out.
    pub fn running(&self, slotid: u32, sequenceid: u32) -> Option<Digest> {
        let slot = self.0.get(slotid as usize)?;
        let runs = slot.sequenceid == sequenceid && matches!(slot.last, Last::Running);
        runs.then_some(slot.request)
    }

    /// Gives up the slots above `highest`.
    pub fn shrink(&mut self, highest: u32) {
        self.0.truncate(highest as usize + 1);
        self.0.shrink_to_fit();
    }

    /// Judges a request. Nothing changes until [`Slots::begin`].
    ///
    /// Errors: `BadSlot`; `SeqMisordered`; `SeqFalseRetry` for another request under the number of the last; `Delay` while
    /// that one is being carried out.
    pub fn turn(&self, slotid: u32, sequenceid: u32, request: Digest) -> Result<SlotTurn, Status> {
        self.0.get(slotid as usize).ok_or(Status::BadSlot)?.turn(sequenceid, request)
    }

    /// Notes that the next request of a slot is being carried out.
    pub fn begin(&mut self, slotid: u32, sequenceid: u32, request: Digest) {
        if let Some(slot) = self.0.get_mut(slotid as usize) {
            (slot.sequenceid, slot.request) = (sequenceid, request);
            (slot.last, slot.unsure) = (Last::Running, false);
        }
    }

    /// Notes that a request has been carried out, and its answer if it is to be kept.
    pub fn end(&mut self, slotid: u32, sequenceid: u32, reply: Option<&[u8]>) {
        let Some(slot) = self.0.get_mut(slotid as usize) else { return };
        if slot.sequenceid != sequenceid {
            return;
        }
        slot.last = Last::Uncached;
        if let Some(reply) = reply {
            slot.last = Last::Cached;
            slot.reply.clear();
            slot.reply.reserve_exact(reply.len());
            slot.reply.extend_from_slice(reply);
            slot.reply.shrink_to(REPLY_ROOM);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const THIS: Digest = 7;
    const OTHER: Digest = 8;

    /// Returns a slot whose last request, number 5, is in the state `last`.
    fn slots(last: Last) -> Slots {
        let never = matches!(last, Last::Never);
        let sequenceid = if never { 0 } else { 5 };
        Slots(vec![Slot { sequenceid, request: THIS, last, reply: vec![1, 2, 3, 4], unsure: false }])
    }

    /// Every state of a slot, after a restart or not × same or other request × number relative to the last one.
    #[test]
    fn what_a_request_is_follows_from_slot_number_and_request() {
        let done = || Arc::from([]);
        let (next, misordered) = (|| Ok(SlotTurn::Next), || Err(Status::SeqMisordered));
        let false_retry = || Err(Status::SeqFalseRetry);
        let cached = || Ok(SlotTurn::Cached(Arc::from([1, 2, 3, 4])));
        let (uncached, half) = (|| Ok(SlotTurn::Uncached), || Ok(SlotTurn::Resume(done())));
        for (last, unsure, same, other, later) in [
            (Last::Never, false, misordered(), misordered(), misordered()),
            (Last::Never, true, next(), next(), next()),
            (Last::Running, false, Err(Status::Delay), false_retry(), misordered()),
            (Last::Cached, false, cached(), false_retry(), misordered()),
            (Last::Cached, true, cached(), false_retry(), next()),
            (Last::Uncached, false, uncached(), false_retry(), misordered()),
            (Last::Uncached, true, uncached(), false_retry(), next()),
            (Last::Half(done()), false, half(), false_retry(), misordered()),
            (Last::Half(done()), true, half(), false_retry(), next()),
        ] {
            let (is_running, is_free) =
                (matches!(last, Last::Running), matches!(last, Last::Never) && unsure);
            let mut slots = slots(last);
            slots.0[0].unsure = unsure;
            let number = slots.0[0].sequenceid;
            let one_more = if is_running { misordered() } else { next() };
            let earlier = if is_free { next() } else { misordered() };
            for (request, again) in [(THIS, same), (OTHER, other)] {
                for (distance, want) in [
                    (0, &again),
                    (1, &one_more),
                    (2, &later),
                    ((1 << 31) - 1, &later),
                    (1 << 31, &earlier),
                    (u32::MAX, &earlier),
                ] {
                    let got = slots.turn(0, number.wrapping_add(distance), request);
                    assert_eq!(got, *want, "{slots:?} {distance} {request}");
                }
                assert_eq!(slots.turn(1, number, request), Err(Status::BadSlot));
            }
        }
    }

    #[test]
    fn numbers_go_on_after_the_last_one() {
        let mut slots = slots(Last::Uncached);
        slots.0[0].sequenceid = u32::MAX;
        assert_eq!(slots.turn(0, 0, OTHER), Ok(SlotTurn::Next));
        slots.begin(0, 0, OTHER);
        slots.end(0, 0, None);
        assert_eq!(slots.turn(0, 1, THIS), Ok(SlotTurn::Next));
        assert_eq!(slots.turn(0, 0, OTHER), Ok(SlotTurn::Uncached));
    }

    #[test]
    fn an_answer_is_kept_in_the_room_of_the_one_before() {
        let mut slots = slots(Last::Cached);
        for (number, reply) in [(6, &[5; 9][..]), (7, &[6]), (8, &[]), (9, &[7; 4096])] {
            slots.begin(0, number, OTHER);
            assert_eq!(slots.turn(0, number, OTHER), Err(Status::Delay));
            slots.end(0, number, Some(reply));
            assert_eq!(slots.turn(0, number, OTHER), Ok(SlotTurn::Cached(Arc::from(reply))));
        }
    }
}
