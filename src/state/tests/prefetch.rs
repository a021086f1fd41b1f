//! A hint is a hint.

use super::*;
use crate::nfs4::LockHint;

#[test]
fn whatever_is_prefetched_nothing_changes() {
    let mut w = World::new();
    let mut a = w.process("a", "f");
    // More than are always near, in every second byte.
    for at in 0..5000 {
        let kind = if at % 3 == 0 { LockKind::Read } else { LockKind::Write };
        assert!(is_granted(&w.lock(&mut a, "f", bytes(2 * at, 2 * at), kind)));
    }
    w.take_changes();
    let (open, lock) = (a.opens["f"], a.locks["f"]);
    let unknown = Stateid::first(a.client, 77);
    let nobody = Stateid::first(ClientId::new(1, 99), 1);
    let hints: Vec<LockHint> = [lock, open, unknown, lock, nobody, Stateid::ANONYMOUS, Stateid::CURRENT]
        .into_iter()
        .flat_map(|stateid| [0, 1, 4000, u64::MAX].map(|first| LockHint { stateid, first }))
        .collect();
    let before = w.core.change_count();
    for from in 0..hints.len() {
        w.core.prefetch(hints[from..].iter());
    }
    assert_eq!(w.core.change_count(), before);
    assert!(is_granted(&w.lock(&mut a, "f", bytes(1, 1), LockKind::Write)));
}
