//! Which runs of the server the state is of.

use crate::nfs4::{ClientId, Time};
use std::collections::BTreeMap;

/// The epochs of the runs that gave out the clientids of this state: a set of spans, each from the epoch of a cold start to
/// that of the last warm restart after it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::state) struct Epochs {
    /// Last epochs by first ones.
    spans: BTreeMap<u32, u32>,
}

impl Epochs {
    /// Adds the epochs from `first` to `last`. Errors: answers false when there are none between.
    pub fn add(&mut self, first: u32, last: u32) -> bool {
        if first <= last {
            let before = self.spans.entry(first).or_insert(last);
            *before = last.max(*before);
        }
        first <= last
    }

    /// Returns whether this epoch is one of them.
    pub fn contains(&self, epoch: u32) -> bool {
        self.spans.iter().any(|(first, last)| (*first..=*last).contains(&epoch))
    }

    /// Lists the spans, first and last epoch of each.
    pub fn spans(&self) -> impl Iterator<Item = (u32, u32)> {
        self.spans.iter().map(|(first, last)| (*first, *last))
    }
}

/// Identifies this run, and the runs whose state it has.
#[derive(Debug)]
pub(in crate::state) struct Instance {
    epoch: u32,
    /// Epoch of the cold start after which this run and those before it went on with the same state.
    since: u32,
    /// Epochs of other instances whose state was adopted.
    adopted: Epochs,
    /// Makes what clients must not be able to guess.
    seed: u64,
    started: Time,
}

impl Instance {
    /// Begins without state, at `started`.
    pub fn new(epoch: u32, seed: u64, started: Time) -> Self {
        Self { epoch, since: epoch, adopted: Epochs::default(), seed, started }
    }

    /// Returns the epoch of this run.
    #[cfg(test)]
    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    /// Returns the epoch in which the state began.
    pub fn since(&self) -> u32 {
        self.since
    }

    /// Lists the epochs of other instances whose state is here: first and last of each span.
    pub fn adopted(&self) -> impl Iterator<Item = (u32, u32)> {
        self.adopted.spans()
    }

    /// Returns the seed of what clients must not be able to guess.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Returns when this run began.
    pub fn started(&self) -> Time {
        self.started
    }

    /// Goes on with the state that began in the epoch `since`.
    pub fn resume(&mut self, since: u32) {
        self.since = since;
    }

    /// Adds epochs of another instance whose state is here. Answers whether that can be.
    pub fn adopt(&mut self, first: u32, last: u32) -> bool {
        self.adopted.add(first, last)
    }

    /// Returns whether a clientid is of a run whose state is here: this one, an earlier one that this one goes on with, or one
    /// of an instance whose state was adopted.
    pub fn knows(&self, id: ClientId) -> bool {
        (self.since..=self.epoch).contains(&id.epoch()) || self.adopted.contains(id.epoch())
    }

    /// Returns whether a record of a client with this clientid can be there at the start of this run: it must not be able to
    /// give out that clientid again.
    pub fn can_restore(&self, id: ClientId) -> bool {
        id.epoch() < self.epoch || id.epoch() > self.epoch && self.adopted.contains(id.epoch())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn epochs_are_a_set_of_spans() {
        let mut epochs = Epochs::default();
        assert!(epochs.add(7, 9) && epochs.add(20, 20) && epochs.add(7, 8) && !epochs.add(5, 4));
        for (epoch, is_in) in [(6, false), (7, true), (9, true), (10, false), (20, true), (21, false)] {
            assert_eq!(epochs.contains(epoch), is_in, "{epoch}");
        }
        assert!(epochs.spans().eq([(7, 9), (20, 20)]));
    }

    #[test]
    fn an_instance_knows_its_own_epochs_and_adopted_ones() {
        let mut instance = Instance::new(10, 0, Time::ZERO);
        let id = |epoch| ClientId::new(epoch, 1);
        assert!(instance.knows(id(10)) && !instance.knows(id(9)));
        instance.resume(8);
        assert!(instance.adopt(3, 4) && instance.adopt(30, 31));
        for (epoch, known) in
            [(2, false), (3, true), (5, false), (8, true), (10, true), (11, false), (30, true)]
        {
            assert_eq!(instance.knows(id(epoch)), known, "{epoch}");
        }
        for (epoch, can) in [(2, true), (9, true), (10, false), (11, false), (30, true)] {
            assert_eq!(instance.can_restore(id(epoch)), can, "{epoch}");
        }
    }
}
