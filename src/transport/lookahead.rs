//! Classifies several calls of a connection before the first of them is carried out.
//!
//! So the memory that they will need can be prefetched for all of them at once. A call that was not looked at is carried
//! out all the same.

use crate::nfs4::Class;
use crate::rpc::{Expected, RecordAssembler, Service};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Calls looked at together: enough for their cache misses to overlap, too few to evict what was prefetched for the first.
const CALLS: usize = 8;

/// Holds the classes of the next calls.
#[derive(Debug, Default)]
pub(super) struct Lookahead {
    classes: [Class; CALLS],
    /// The classes not yet taken are `classes[next..end]`.
    next: usize,
    end: usize,
    /// The offset at which their COMPOUNDs were taken to begin: that of the call before them, for credentials seldom change.
    body_offset: usize,
}

impl Lookahead {
    /// Classifies the next calls, if those classified before were taken. `last_offset` is where the COMPOUND of the last
    /// call began in its record.
    pub fn look(&mut self, service: &dyn Service, assembler: &RecordAssembler, last_offset: usize) {
        if self.next < self.end {
            return;
        }
        (self.next, self.end, self.body_offset) = (0, 0, last_offset);
        for (record, class) in assembler.upcoming().zip(&mut self.classes) {
            let Some(args) = record.get(self.body_offset..) else { break };
            // Dispatch classifies it again, and answers for the panic.
            let Ok(found) = catch_unwind(AssertUnwindSafe(|| service.classify(args))) else { break };
            *class = found;
            self.end += 1;
        }
        // A single call is carried out at once; it would gain nothing.
        if self.end > 1 {
            service.prefetch(&self.classes[..self.end]);
        }
    }

    /// Takes the class of the next call. To be called for each call.
    pub fn take(&mut self) -> Expected {
        let at = self.next;
        self.next = self.end.min(at + 1);
        Expected::new((at < self.end).then(|| self.classes[at]), self.body_offset)
    }

    /// Forgets all classes: the call whose class was taken last comes again.
    pub fn forget(&mut self) {
        (self.next, self.end) = (0, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nfs4::Time;
    use crate::rpc::RecordLimits;
    use crate::rpc::{CallContext, GarbageArgs};
    use std::sync::Mutex;

    /// Calls that begin with an odd byte are nonblocking; 255 panics.
    #[derive(Default)]
    struct Told {
        prefetched: Mutex<Vec<usize>>,
    }

    impl Service for Told {
        fn compound(&self, _: &CallContext, _: &[u8], _: &mut Vec<u8>) -> Result<(), GarbageArgs> {
            Ok(())
        }

        fn classify(&self, args: &[u8]) -> Class {
            assert_ne!(args[0], 255, "as the test wants");
            Class { nonblocking: args[0] % 2 == 1, ..Class::default() }
        }

        fn prefetch(&self, calls: &[Class]) {
            self.prefetched.lock().unwrap().push(calls.len());
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
    fn each_call_gets_its_own_class() {
        let (service, mut lookahead) = (Told::default(), Lookahead::default());
        let calls: Vec<u8> = (0..20).map(|n| n * 7 % 3).collect();
        let mut assembler = assembler(&calls);
        for call in calls {
            lookahead.look(&service, &assembler, 2);
            assert!(assembler.next_record().unwrap().is_some());
            let expected = lookahead.take();
            assert_eq!(expected.class(2).map(|class| class.nonblocking), Some(call % 2 == 1));
            assert_eq!(expected.class(1), None, "it begins elsewhere");
        }
        lookahead.look(&service, &assembler, 2);
        assert_eq!(lookahead.take().class(2), None);
        assert_eq!(*service.prefetched.lock().unwrap(), [8, 8, 4]);
    }

    #[test]
    fn what_cannot_be_looked_at_is_left_to_who_carries_it_out() {
        let (service, mut lookahead) = (Told::default(), Lookahead::default());
        let mut assembler = assembler(&[1, 255, 1]);
        let mut nonblocking = || {
            lookahead.look(&service, &assembler, 2);
            assembler.next_record().unwrap();
            lookahead.take().class(2).map(|class| class.nonblocking)
        };
        assert_eq!([nonblocking(), nonblocking(), nonblocking()], [Some(true), None, Some(true)]);
        // Shorter than the call before.
        let assembler = self::assembler(&[1]);
        lookahead.look(&service, &assembler, 3);
        assert_eq!(lookahead.take().class(3), None);
    }
}
