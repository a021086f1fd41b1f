//! Random changes, scans and restarts, compared with a map.

use super::*;
use proptest::collection::vec;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Op {
    Commit(Vec<(u8, Option<Vec<u8>>)>, bool),
    Replace(Vec<(u8, Option<Vec<u8>>)>),
    Scan,
    /// Closed cleanly and opened in this boot or another one.
    Close(bool),
    /// Dropped, as by a crash of the process.
    Crash,
}

fn changes() -> impl Strategy<Value = Vec<(u8, Option<Vec<u8>>)>> {
    let value = prop_oneof![3 => vec(any::<u8>(), 0..60).prop_map(Some), 1 => Just(None)];
    vec((0..20_u8, value), 0..12)
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        60 => (changes(), prop::bool::weighted(0.05)).prop_map(|(changes, sync)| Op::Commit(changes, sync)),
        1 => changes().prop_map(Op::Replace),
        4 => Just(Op::Scan),
        1 => any::<bool>().prop_map(Op::Close),
        2 => Just(Op::Crash),
    ]
}

fn batch(changes: &[(u8, Option<Vec<u8>>)]) -> Batch {
    let mut batch = Batch::new();
    for (key, value) in changes {
        let key = format!("{:?}", [*key; 3]);
        match value {
            Some(value) => batch.put(key.as_bytes(), value),
            None => batch.delete(key.as_bytes()),
        }
    }
    batch
}

fn run(ops: &[Op]) {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("store");
    let (mut model, mut boot) = (Records::new(), BOOT);
    let mut store = open(&dir, boot);
    for op in ops {
        match op {
            Op::Commit(changes, sync) => {
                let durability = if *sync { Durability::Machine } else { Durability::Process };
                store.commit(&batch(changes), durability).unwrap();
                apply(&mut model, &batch(changes));
            }
            Op::Replace(changes) => {
                store.replace_all(&batch(changes)).unwrap();
                model.clear();
                apply(&mut model, &batch(changes));
            }
            Op::Scan => assert_eq!(records(&store), model),
            Op::Close(other) => {
                close(store);
                boot = if *other { if boot == BOOT { OTHER } else { BOOT } } else { boot };
                let opened = open_with(&dir, boot, SMALL).unwrap();
                assert!(matches!(opened.found, Found::Records { whole: true, clean: true, .. }));
                store = opened.store;
            }
            Op::Crash => {
                drop(store);
                let opened = open_with(&dir, boot, SMALL).unwrap();
                let boot_id = boot.to_owned();
                assert_eq!(opened.found, Found::Records { whole: true, clean: false, boot_id });
                store = opened.store;
            }
        }
    }
    assert_eq!(records(&store), model);
    assert_eq!(read(&dir, boot).unwrap(), model);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn it_holds_what_a_map_would_hold(ops in vec(op(), 1..250)) {
        run(&ops);
    }
}
