//! Records that make no sense together are refused, and those of adopted epochs are not.

use super::kept::Kept;
use super::*;
use LockKind::{Read, Write};

impl Kept {
    /// The records of a kind.
    fn of_kind(&self, kind: RecordKind) -> BTreeMap<Vec<u8>, Vec<u8>> {
        let first = kind as u8;
        self.records.iter().filter(|(key, _)| key[0] == first).map(|(k, v)| (k.clone(), v.clone())).collect()
    }

    /// With the records of a kind from a state that began the same way.
    fn with(&self, kind: RecordKind, other: &Self) -> Self {
        let mut mixed = self.clone();
        mixed.records.extend(other.of_kind(kind));
        mixed
    }

    fn without(&self, kind: RecordKind) -> Self {
        let mut rest = self.clone();
        rest.records.retain(|key, _| key[0] != kind as u8);
        rest
    }

    fn refused(&self) -> Option<RestoreError> {
        self.restore(Config::default(), 8, Duration::from_secs(5)).err()
    }
}

/// Two clients with `f` open, and what each locks of it.
fn two_lockers(locks: [(u64, u64, LockKind); 2]) -> Kept {
    let mut w = World::new();
    for (name, (first, last, kind)) in ["a", "b"].into_iter().zip(locks) {
        let mut process = w.process(name, "f");
        assert!(is_granted(&w.lock(&mut process, "f", bytes(first, last), kind)));
    }
    w.take_changes();
    w.kept.clone()
}

#[test]
fn ranges_that_cannot_be_held_together_are_refused() {
    use RecordKind::{Lock, LockOwner, Range};
    let far = (100, 109, Write);
    let good = two_lockers([(0, 10, Write), far]);
    assert_eq!(good.refused(), None);
    assert_eq!(good.with(Range, &two_lockers([(20, 30, Read), far])).refused(), None);
    for own in [(5, 20, Read), (5, 20, Write), (0, 10, Read), (0, 3, Read), (2, 3, Read), (11, 20, Write)] {
        let mixed = good.with(Range, &two_lockers([own, far]));
        let same_record = own.0 == 0;
        assert_eq!(mixed.refused().is_none(), same_record, "{own:?} of the same owner");
    }
    for others in [(5, 20, Read), (0, 10, Write), (10, 10, Read)] {
        let mixed = good.with(Range, &two_lockers([(50, 59, Write), others]));
        assert_eq!(mixed.refused(), Some(RestoreError::Value(Range)), "{others:?} of another owner");
    }
    assert_eq!(good.without(Lock).refused(), Some(RestoreError::Value(Range)), "nobody could unlock it");
    assert!(good.without(LockOwner).refused().is_some(), "of an unknown owner");
}

#[test]
fn opens_that_exclude_each_other_are_refused() {
    let opens = |denies: &[(&'static str, ShareDeny)]| {
        let mut w = World::new();
        for (name, deny) in denies {
            let mut process = Process::of(w.client(name), name);
            w.open(&mut process, "f", ShareAccess::READ, *deny).unwrap();
        }
        w.client("b");
        w.take_changes();
        w.kept.clone()
    };
    let good = opens(&[("a", ShareDeny::NONE), ("b", ShareDeny::NONE)]);
    assert_eq!(good.refused(), None);
    let mut w = World::new();
    w.client("a");
    let mut b = Process::of(w.client("b"), "b");
    w.open(&mut b, "f", ShareAccess::READ, ShareDeny::BOTH).unwrap();
    w.take_changes();
    let mixed = good.with(RecordKind::Open, &w.kept);
    assert_eq!(mixed.refused(), Some(RestoreError::Value(RecordKind::Open)));
}

#[test]
fn a_waiter_without_an_open_is_refused() {
    let mut w = World::new();
    let mut a = w.process("a", "f");
    assert!(is_granted(&w.lock(&mut a, "f", Range::WHOLE, Write)));
    w.take_changes();
    let before = w.kept.of_kind(RecordKind::Open);
    let mut b = w.process("b", "f");
    w.lockw(&mut b, "f", Range::WHOLE, Write);
    w.take_changes();
    assert_eq!(w.kept.refused(), None);
    let mut kept = w.kept.without(RecordKind::Open);
    kept.records.extend(before);
    assert_eq!(kept.refused(), Some(RestoreError::Value(RecordKind::Waiter)));
}

/// An instance that took over the state of another one knows the clients of both.
#[test]
fn epochs_of_another_instance_can_be_adopted() {
    let mut w = World::new();
    let client = w.client("a");
    w.take_changes();
    let epoch = client.epoch();
    let at = |kept: &Kept, epoch| kept.restore(Config::default(), epoch, w.now);
    assert_eq!(
        at(&w.kept, epoch - 1).err(),
        Some(RestoreError::Value(RecordKind::Client)),
        "not an earlier run"
    );
    let mut changes = Changes::default();
    changes.put_epochs(epoch, epoch + 2);
    let mut adopted = w.kept.clone();
    adopted.apply(&changes);
    let mut core = at(&adopted, epoch - 1).unwrap();
    assert_eq!(core.renew(w.now, client), Ok(()));
    assert_eq!(core.renew(w.now, ClientId::new(epoch + 2, 77)), Err(Status::StaleClientid));
    assert_eq!(Kept::all_of(&core).of_kind(RecordKind::Epochs), adopted.of_kind(RecordKind::Epochs));
    let stateid = |epoch| Stateid::first(ClientId::new(epoch, 77), 1);
    assert_eq!(core.delegreturn(&stateid(epoch + 2)), Status::BadStateid);
    assert_eq!(core.delegreturn(&stateid(epoch + 3)), Status::StaleStateid);
    let mut none = Changes::default();
    none.put_epochs(epoch, epoch - 1);
    adopted.apply(&none);
    assert_eq!(at(&adopted, epoch - 1).err(), Some(RestoreError::Value(RecordKind::Epochs)));
}
