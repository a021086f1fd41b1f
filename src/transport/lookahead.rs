//! What the next calls of a connection will be like, told of several of them before the first is carried out.
//!
//! So what they will look for in memory can be asked for at once, and comes while others are carried out. A call that was
//! not looked at ahead is carried out all the same.

use crate::rpc::RecordAssembler;
use crate::rpc::{Nature, Service};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Calls looked at together: so many that their ways in memory overlap, so few that nothing is driven out before it is used.
const CALLS: usize = 8;

/// The natures of the next calls.
#[derive(Debug, Default)]
pub(super) struct Ahead {
    natures: [Nature; CALLS],
    /// Those of them that were not taken yet.
    next: usize,
    end: usize,
    /// Where they were taken to begin: there where the call before them did. Credentials seldom change.
    body_offset: usize,
    /// Where the last call began.
    last_offset: usize,
}

impl Ahead {
    /// Looks at the next calls, if those looked at before were taken.
    pub fn look(&mut self, service: &dyn Service, assembler: &RecordAssembler) {
        if self.next < self.end {
            return;
        }
        (self.next, self.end, self.body_offset) = (0, 0, self.last_offset);
        for (record, nature) in assembler.upcoming().zip(&mut self.natures) {
            let Some(args) = record.get(self.body_offset..) else { break };
            // Who carries it out asks again, and hears of the panic.
            let Ok(told) = catch_unwind(AssertUnwindSafe(|| service.nature(args))) else { break };
            *nature = told;
            self.end += 1;
        }
        // What is carried out at once gains nothing.
        if self.end > 1 {
            service.approach(&self.natures[..self.end]);
        }
    }

    /// The nature of the next call, to be taken for each, if it was looked at and its COMPOUND begins at `body_offset`.
    pub fn take(&mut self) -> Foreseen {
        let at = self.next;
        self.next = self.end.min(at + 1);
        Foreseen { nature: (at < self.end).then(|| self.natures[at]), body_offset: self.body_offset }
    }

    /// The call whose nature was taken last comes again.
    pub fn forget(&mut self) {
        (self.next, self.end) = (0, 0);
    }

    /// Where the COMPOUND of a call began.
    pub fn learn(&mut self, body_offset: usize) {
        self.last_offset = body_offset;
    }
}

/// The nature of a call, if it was looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Foreseen {
    nature: Option<Nature>,
    body_offset: usize,
}

impl Foreseen {
    /// It, if the COMPOUND begins there.
    pub fn nature(self, body_offset: usize) -> Option<Nature> {
        self.nature.filter(|_| self.body_offset == body_offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nfs4::Time;
    use crate::rpc::RecordLimits;
    use crate::rpc::{Caller, GarbageArgs};
    use std::sync::Mutex;

    /// What begins with an odd octet is quick; 255 panics.
    #[derive(Default)]
    struct Told {
        approached: Mutex<Vec<usize>>,
    }

    impl Service for Told {
        fn compound(&self, _: &Caller, _: &[u8], _: &mut Vec<u8>) -> Result<(), GarbageArgs> {
            Ok(())
        }

        fn nature(&self, args: &[u8]) -> Nature {
            assert_ne!(args[0], 255, "as the test wants");
            Nature { quick: args[0] % 2 == 1, ..Nature::default() }
        }

        fn approach(&self, calls: &[Nature]) {
            self.approached.lock().unwrap().push(calls.len());
        }

        fn next_alarm(&self) -> Option<Time> {
            None
        }

        fn on_alarm(&self, _: Time) {}
    }

    fn assembler(calls: &[u8]) -> RecordAssembler {
        let mut assembler = RecordAssembler::new(RecordLimits::default());
        calls.iter().for_each(|call| assembler.buffer().extend_from_slice(&[0x80, 0, 0, 3, 0, 0, *call]));
        assembler
    }

    #[test]
    fn each_call_gets_its_own_nature() {
        let (service, mut ahead) = (Told::default(), Ahead::default());
        let calls: Vec<u8> = (0..20).map(|n| n * 7 % 3).collect();
        let mut assembler = assembler(&calls);
        ahead.learn(2);
        for call in calls {
            ahead.look(&service, &assembler);
            assert!(assembler.next_record().unwrap().is_some());
            let foreseen = ahead.take();
            assert_eq!(foreseen.nature(2).map(|nature| nature.quick), Some(call % 2 == 1));
            assert_eq!(foreseen.nature(1), None, "it begins elsewhere");
        }
        ahead.look(&service, &assembler);
        assert_eq!(ahead.take().nature(2), None);
        assert_eq!(*service.approached.lock().unwrap(), [8, 8, 4]);
    }

    #[test]
    fn what_cannot_be_looked_at_is_left_to_who_carries_it_out() {
        let (service, mut ahead) = (Told::default(), Ahead::default());
        ahead.learn(2);
        let mut assembler = assembler(&[1, 255, 1]);
        let mut quick = || {
            ahead.look(&service, &assembler);
            assembler.next_record().unwrap();
            ahead.take().nature(2).map(|nature| nature.quick)
        };
        assert_eq!([quick(), quick(), quick()], [Some(true), None, Some(true)]);
        // Shorter than the call before.
        ahead.learn(3);
        let assembler = self::assembler(&[1]);
        ahead.look(&service, &assembler);
        ahead.learn(4);
        assert_eq!(ahead.take().nature(4), None);
    }
}
