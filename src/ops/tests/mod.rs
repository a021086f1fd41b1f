//! The table of operations; and those of NFSv4.2, on a tree in memory.

mod v42;

use super::*;
use std::collections::BTreeSet;

#[test]
fn the_table_is_in_the_order_of_the_numbers() {
    for (index, op) in OPS.iter().enumerate() {
        assert_eq!(op.number as usize, index + 3, "{}", op.name);
    }
    for op in all() {
        assert!(find(op.number, op.minors.first).is_ok_and(|found| found.name == op.name), "{}", op.name);
    }
    let numbers: BTreeSet<_> = all().map(|op| op.number).collect();
    assert_eq!(numbers.len(), all().count(), "no number is there twice");
    assert!((59..=75).all(|number| numbers.contains(&number)), "NFSv4.2 is whole");
    for number in [0, 2, 76, u32::MAX] {
        assert_eq!(find(number, MINOR_MAX).err(), Some(Status::OpIllegal));
    }
}

#[test]
fn a_minor_version_knows_what_came_before_it_and_refuses_what_it_left_behind() {
    for op in all() {
        for minor in 0..=MINOR_MAX {
            let want = match op.minors {
                Minors { first, .. } if minor < first => Some(Status::OpIllegal),
                Minors { last, .. } if minor > last => Some(Status::NotSupp),
                _ => None,
            };
            assert_eq!(find(op.number, minor).err(), want, "{}", op.name);
        }
    }
}
