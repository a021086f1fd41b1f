use super::*;
use LockKind::{Read, Write};

const A: OwnerId = OwnerId(1);
const B: OwnerId = OwnerId(2);
const C: OwnerId = OwnerId(3);
const MAX: u64 = u64::MAX;

/// First byte, last byte, kind.
type Piece = (u64, u64, LockKind);

fn r(first: u64, last: u64) -> Range {
    Range::new(first, last).unwrap()
}

fn held(owner: OwnerId, first: u64, last: u64, kind: LockKind) -> Held {
    Held { owner, range: r(first, last), kind }
}

/// A set in which one owner has locked these, in this order.
fn locked(locks: &[Piece]) -> RangeSet {
    let mut set = RangeSet::default();
    for &(first, last, kind) in locks {
        set.lock(A, r(first, last), kind).unwrap();
    }
    set
}

/// What the owner of [`locked`] holds, after a look at whether all parts of the set agree on it.
fn pieces(set: &RangeSet) -> Vec<Piece> {
    set.check();
    set.held_by(A).map(|(range, kind)| (range.first(), range.last(), kind)).collect()
}

#[test]
fn an_empty_set_holds_nothing_and_no_memory() {
    let mut set = RangeSet::default();
    assert!(set.is_empty());
    assert_eq!((set.len(), set.owners.capacity()), (0, 0));
    assert_eq!(set.conflict(A, Range::WHOLE, Write), None);
    assert!(!set.unlock(A, Range::WHOLE));
    assert_eq!(set.release(A), 0);
    assert_eq!(set.owners.capacity(), 0, "asking must not make room");
}

#[test]
fn neighbours_of_equal_kind_merge() {
    for kind in [Read, Write] {
        assert_eq!(pieces(&locked(&[(0, 9, kind), (10, 19, kind)])), [(0, 19, kind)], "after");
        assert_eq!(pieces(&locked(&[(10, 19, kind), (0, 9, kind)])), [(0, 19, kind)], "before");
        assert_eq!(
            pieces(&locked(&[(0, 9, kind), (20, 29, kind), (10, 19, kind)])),
            [(0, 29, kind)],
            "between"
        );
        assert_eq!(
            pieces(&locked(&[(0, 9, kind), (11, 19, kind)])),
            [(0, 9, kind), (11, 19, kind)],
            "a gap of one"
        );
    }
}

#[test]
fn neighbours_of_other_kind_stay_apart() {
    assert_eq!(pieces(&locked(&[(0, 9, Read), (10, 19, Write)])), [(0, 9, Read), (10, 19, Write)]);
    assert_eq!(
        pieces(&locked(&[(0, 9, Read), (20, 29, Read), (10, 19, Write)])),
        [(0, 9, Read), (10, 19, Write), (20, 29, Read)]
    );
}

#[test]
fn overlap_of_equal_kind_is_one_range() {
    for kind in [Read, Write] {
        assert_eq!(pieces(&locked(&[(5, 14, kind), (0, 9, kind)])), [(0, 14, kind)]);
        assert_eq!(pieces(&locked(&[(0, 9, kind), (5, 14, kind)])), [(0, 14, kind)]);
        assert_eq!(pieces(&locked(&[(0, 20, kind), (5, 9, kind)])), [(0, 20, kind)], "inside");
        assert_eq!(
            pieces(&locked(&[(5, 9, kind), (20, 30, kind), (0, 40, kind)])),
            [(0, 40, kind)],
            "around"
        );
    }
}

#[test]
fn upgrade_of_a_part_splits() {
    assert_eq!(
        pieces(&locked(&[(0, 29, Read), (10, 19, Write)])),
        [(0, 9, Read), (10, 19, Write), (20, 29, Read)]
    );
    assert_eq!(pieces(&locked(&[(0, 29, Read), (0, 9, Write)])), [(0, 9, Write), (10, 29, Read)], "head");
    assert_eq!(pieces(&locked(&[(0, 29, Read), (20, 29, Write)])), [(0, 19, Read), (20, 29, Write)], "tail");
    assert_eq!(pieces(&locked(&[(0, 29, Read), (0, 29, Write)])), [(0, 29, Write)], "all");
}

#[test]
fn downgrade_of_a_part_splits_and_lets_readers_in() {
    let mut set = locked(&[(0, 29, Write), (10, 19, Read)]);
    assert_eq!(pieces(&set), [(0, 9, Write), (10, 19, Read), (20, 29, Write)]);
    assert_eq!(set.lock(B, r(10, 19), Read), Ok(()));
    assert_eq!(set.lock(B, r(9, 9), Read), Err(held(A, 0, 9, Write)));
    assert_eq!(set.lock(A, r(10, 19), Write), Err(held(B, 10, 19, Read)));
    assert_eq!(pieces(&set), [(0, 9, Write), (10, 19, Read), (20, 29, Write)]);
}

#[test]
fn a_change_of_kind_merges_with_its_new_neighbours() {
    let split = [(0, 29, Read), (10, 19, Write), (10, 19, Read)];
    assert_eq!(pieces(&locked(&split)), [(0, 29, Read)]);
    let around = [(0, 9, Read), (10, 19, Write), (20, 29, Read), (5, 24, Write)];
    assert_eq!(pieces(&locked(&around)), [(0, 4, Read), (5, 24, Write), (25, 29, Read)]);
}

#[test]
fn unlock_of_a_part_splits() {
    for kind in [Read, Write] {
        let cases: [(u64, u64, &[Piece]); 5] = [
            (15, 15, &[(10, 14, kind), (16, 19, kind)]),
            (10, 12, &[(13, 19, kind)]),
            (18, 30, &[(10, 17, kind)]),
            (0, 9, &[(10, 19, kind)]),
            (10, 19, &[]),
        ];
        for (first, last, want) in cases {
            let mut set = locked(&[(10, 19, kind)]);
            assert_eq!(set.unlock(A, r(first, last)), first >= 10, "{first}..={last}");
            assert_eq!(pieces(&set), want, "{first}..={last}");
        }
    }
}

#[test]
fn unlock_takes_from_its_owner_only() {
    let mut set = locked(&[(0, 9, Read), (20, 29, Write)]);
    set.lock(B, r(5, 14), Read).unwrap();
    assert!(!set.unlock(C, Range::WHOLE));
    assert!(set.unlock(B, Range::WHOLE));
    assert!(!set.is_held_by(B));
    assert_eq!(pieces(&set), [(0, 9, Read), (20, 29, Write)]);
}

#[test]
fn ranges_to_the_last_byte_split_and_merge() {
    for kind in [Read, Write] {
        assert_eq!(pieces(&locked(&[(0, MAX, kind)])), [(0, MAX, kind)]);
        assert_eq!(pieces(&locked(&[(MAX, MAX, kind), (0, MAX - 1, kind)])), [(0, MAX, kind)]);
        assert_eq!(pieces(&locked(&[(7, MAX, kind), (MAX, MAX, kind)])), [(7, MAX, kind)]);
        let mut set = locked(&[(0, MAX, kind)]);
        assert!(set.unlock(A, r(MAX, MAX)));
        assert!(set.unlock(A, r(0, 0)));
        assert_eq!(pieces(&set), [(1, MAX - 1, kind)]);
        assert!(set.unlock(A, r(1 << 63, MAX)));
        assert_eq!(pieces(&set), [(1, (1 << 63) - 1, kind)]);
        set.lock(A, r(1 << 63, 1 << 63), kind).unwrap();
        set.lock(A, r(0, 0), kind).unwrap();
        assert_eq!(pieces(&set), [(0, 1 << 63, kind)]);
    }
    assert_eq!(
        pieces(&locked(&[(0, MAX, Read), (MAX, MAX, Write)])),
        [(0, MAX - 1, Read), (MAX, MAX, Write)]
    );
}

#[test]
fn single_bytes_at_the_signed_edges_do_not_touch_others() {
    for edge in [0, 1 << 62, (1 << 63) - 1, 1 << 63, MAX] {
        let mut set = locked(&[(edge, edge, Write)]);
        assert_eq!(set.conflict(B, r(edge, edge), Read), Some(held(A, edge, edge, Write)));
        if edge > 0 {
            assert_eq!(set.lock(B, r(0, edge - 1), Write), Ok(()));
        }
        if edge < MAX {
            assert_eq!(set.lock(C, r(edge + 1, MAX), Write), Ok(()));
        }
        set.check();
        assert!(set.unlock(A, r(edge, edge)));
        assert_eq!(set.conflict(A, r(edge, edge), Write), None);
    }
}

#[test]
fn a_refusal_changes_nothing() {
    let mut set = locked(&[(0, 9, Read), (20, 29, Read), (40, 49, Write)]);
    set.lock(B, r(30, 39), Write).unwrap();
    let before = pieces(&set);
    assert_eq!(set.lock(A, r(0, 100), Write), Err(held(B, 30, 39, Write)));
    assert_eq!(pieces(&set), before);
    assert_eq!(set.len(), 4);
    assert_eq!(set.lock(C, r(0, 0), Write), Err(held(A, 0, 9, Read)));
    assert!(!set.is_held_by(C));
}

#[test]
fn the_lowest_conflict_is_reported_whole() {
    let mut set = locked(&[(10, 19, Read), (20, 39, Write)]);
    set.lock(B, r(5, 15), Read).unwrap();
    set.lock(B, r(50, MAX), Write).unwrap();
    assert_eq!(set.conflict(C, Range::WHOLE, Write), Some(held(B, 5, 15, Read)));
    assert_eq!(set.conflict(C, r(12, 12), Write), Some(held(B, 5, 15, Read)));
    assert_eq!(set.conflict(C, r(16, 60), Write), Some(held(A, 10, 19, Read)));
    assert_eq!(set.conflict(C, Range::WHOLE, Read), Some(held(A, 20, 39, Write)));
    assert_eq!(set.conflict(A, Range::WHOLE, Read), Some(held(B, 50, MAX, Write)));
    assert_eq!(set.conflict(A, r(16, 49), Write), None);
}

#[test]
fn conflicts_come_in_order_and_all() {
    let mut set = locked(&[(10, 19, Read), (30, 39, Write)]);
    set.lock(B, r(10, 22), Read).unwrap();
    set.lock(C, r(0, 12), Read).unwrap();
    set.lock(C, r(50, 59), Write).unwrap();
    let all: Vec<_> = set.conflicts(OwnerId(9), Range::WHOLE, Write).collect();
    assert_eq!(
        all,
        [
            held(C, 0, 12, Read),
            held(A, 10, 19, Read),
            held(B, 10, 22, Read),
            held(A, 30, 39, Write),
            held(C, 50, 59, Write)
        ]
    );
    assert_eq!(set.iter().collect::<Vec<_>>(), all);
    let inside: Vec<_> = set.conflicts(B, r(13, 50), Write).collect();
    assert_eq!(inside, [held(A, 10, 19, Read), held(A, 30, 39, Write), held(C, 50, 59, Write)]);
    let writes: Vec<_> = set.conflicts(A, Range::WHOLE, Read).collect();
    assert_eq!(writes, [held(C, 50, 59, Write)]);
}

/// Where there are many readers, the last byte of all is known apart from the ranges.
#[test]
fn a_range_that_grows_beyond_all_others_stands_in_the_way_there() {
    for readers in [1, 10, 100, 10_000] {
        let mut set = RangeSet::default();
        for reader in 0..readers {
            set.lock(OwnerId(reader), r(reader * 20, reader * 20 + 9), Read).unwrap();
        }
        let end = readers * 20;
        set.lock(OwnerId(0), r(10, end + 100), Read).unwrap();
        set.check();
        let far = r(end + 50, end + 50);
        let grown = held(OwnerId(0), 0, end + 100, Read);
        assert_eq!(set.conflict(OwnerId(MAX), far, Write), Some(grown), "{readers} readers");
        assert_eq!(set.lock(OwnerId(MAX), far, Write), Err(grown));
    }
}

#[test]
fn room_for_owners_is_given_back_as_they_go() {
    let mut set = RangeSet::default();
    for owner in 0..1000 {
        set.lock(OwnerId(owner), r(owner * 20, owner * 20 + 9), Write).unwrap();
    }
    for owner in 0..1000 {
        assert!(set.owner_room() <= 16 * (set.len() + 16), "{} for {}", set.owner_room(), set.len());
        assert!(set.unlock(OwnerId(owner), Range::WHOLE));
        if owner % 50 == 0 {
            set.check();
        }
    }
    assert!(set.is_empty());
    assert!(set.owner_room() <= 8);
}

#[test]
fn what_is_claimed_is_as_good_as_held() {
    let mut set = locked(&[(0, 9, Write), (20, 29, Write)]);
    set.claim(A, r(0, 99), Write);
    let claimed = held(A, 0, 99, Write);
    assert_eq!(set.conflict(B, r(50, 59), Read), Some(claimed));
    assert_eq!(set.conflict(B, r(5, 5), Read), Some(held(A, 0, 9, Write)));
    assert_eq!(set.conflicts(B, r(0, 24), Write).count(), 3);
    assert_eq!(set.lock(B, r(99, 120), Write), Err(claimed));
    assert_eq!(set.conflict(A, r(50, 59), Write), None, "its own");
    assert_eq!(set.conflict(B, r(100, 120), Write), None);
    set.claim(A, r(0, 99), Read);
    assert_eq!(set.conflict(B, r(50, 59), Read), None, "a claim replaces the one before");
    assert_eq!(set.conflict(B, r(50, 59), Write), Some(held(A, 0, 99, Read)));
    set.unclaim(A);
    assert_eq!(set.lock(B, r(50, 59), Write), Ok(()));
}

/// Piece by piece comes to the same as at once.
#[test]
fn a_change_in_pieces_is_the_same_change() {
    let pieces_of = |kind: Option<LockKind>, most| {
        let mut set = RangeSet::default();
        for number in 0..50 {
            let kind = if number % 3 == 0 { Read } else { Write };
            set.lock(A, r(number * 20, number * 20 + 9), kind).unwrap();
        }
        let (range, mut next, mut count) = (r(105, 805), 105, 0);
        assert!(set.holds_more_than(35, A, range) && !set.holds_more_than(36, A, range));
        loop {
            let piece = set.first_piece(most, A, r(next, 805));
            assert!(!set.holds_more_than(most, A, piece));
            match kind {
                Some(kind) => set.lock(A, piece, kind).unwrap(),
                None => assert!(set.unlock(A, piece)),
            }
            count += 1;
            if piece.last() == range.last() {
                return (pieces(&set), count);
            }
            next = piece.last() + 1;
        }
    };
    for kind in [None, Some(Read), Some(Write)] {
        let (at_once, one) = pieces_of(kind, usize::MAX - 1);
        assert_eq!(one, 1);
        for most in [1, 2, 7] {
            let (in_pieces, count) = pieces_of(kind, most);
            assert_eq!(in_pieces, at_once, "{kind:?} {most}");
            assert!(count >= 36 / most);
        }
    }
}

#[test]
fn release_takes_everything_and_counts() {
    let mut set = locked(&[(0, 9, Read), (20, 29, Write), (40, 49, Read)]);
    set.lock(B, r(0, 9), Read).unwrap();
    assert_eq!(set.release(A), 3);
    set.check();
    assert_eq!(set.iter().collect::<Vec<_>>(), [held(B, 0, 9, Read)]);
    assert_eq!(set.release(A), 0);
    assert_eq!(set.release(B), 1);
    assert!(set.is_empty());
}

impl RangeSet {
    /// Whether the owners' lists and the two trees hold the same, each in good order.
    fn check(&self) {
        self.writes.check();
        self.reads.check();
        let mut all = Vec::new();
        for (&owner, list) in self.owners.iter() {
            assert!(!list.is_empty(), "an owner without ranges is forgotten");
            list.check();
            all.extend(list.iter().map(|own| Held { owner, range: own.range(), kind: own.kind }));
        }
        all.sort_by_key(place);
        assert_eq!(all, self.iter().collect::<Vec<_>>());
        assert_eq!(all.len(), self.len());
    }
}
