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

impl Slot {
    /// Returns whether `sequenceid` is a later number than its last.
    fn is_before(&self, sequenceid: u32) -> bool {
        (sequenceid.wrapping_sub(self.sequenceid) as i32) > 0
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
        let slot = self.0.get(slotid as usize).ok_or(Status::BadSlot)?;
        let again = sequenceid == slot.sequenceid;
        match &slot.last {
            Last::Running if again && slot.request == request => Err(Status::Delay),
            Last::Running if again => Err(Status::SeqFalseRetry),
            Last::Running => Err(Status::SeqMisordered),
            _ if sequenceid == slot.sequenceid.wrapping_add(1) => Ok(SlotTurn::Next),
            Last::Never if slot.unsure => Ok(SlotTurn::Next),
            _ if slot.unsure && slot.is_before(sequenceid) => Ok(SlotTurn::Next),
            Last::Never => Err(Status::SeqMisordered),
            _ if !again => Err(Status::SeqMisordered),
            _ if slot.request != request => Err(Status::SeqFalseRetry),
            Last::Cached => Ok(SlotTurn::Cached(Arc::from(&slot.reply[..]))),
            Last::Uncached => Ok(SlotTurn::Uncached),
            Last::Half(done) => Ok(SlotTurn::Resume(done.clone())),
        }
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

    /// Every state of a slot × number relative to the last × same or other request.
    #[test]
    fn what_a_request_is_follows_from_slot_number_and_request() {
        let cached = || Ok(SlotTurn::Cached(Arc::from([1, 2, 3, 4])));
        let misordered = || Err(Status::SeqMisordered);
        for (last, again, next) in [
            (Last::Never, misordered(), Ok(SlotTurn::Next)),
            (Last::Running, Err(Status::Delay), misordered()),
            (Last::Cached, cached(), Ok(SlotTurn::Next)),
            (Last::Uncached, Ok(SlotTurn::Uncached), Ok(SlotTurn::Next)),
        ] {
            let slots = slots(last);
            let number = slots.0[0].sequenceid;
            let false_retry = if number == 0 { misordered() } else { Err(Status::SeqFalseRetry) };
            for (request, again) in [(THIS, again), (OTHER, false_retry)] {
                assert_eq!(slots.turn(0, number, request), again, "{slots:?}");
                assert_eq!(slots.turn(0, number.wrapping_add(1), request), next, "{slots:?}");
                for far in [number.wrapping_sub(1), number.wrapping_add(2), number.wrapping_add(1 << 31)] {
                    assert_eq!(slots.turn(0, far, request), misordered(), "{slots:?} {far}");
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
