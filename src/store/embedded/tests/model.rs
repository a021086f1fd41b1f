//! Random changes, scans and restarts, compared with a map.

use super::*;
use proptest::collection::vec;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Op {
    Commit(Vec<(u8, Option<Vec<u8>>)>, bool),
    Replace(Vec<(u8, Option<Vec<u8>>)>),
    Scan,
    /// Compacts the sealed log files, however short they are.
    Compact,
    /// Closes cleanly and opens in this boot or another one.
    Close(bool),
    /// Drops the store, as a crash of the process does.
    Crash,
}

fn changes() -> impl Strategy<Value = Vec<(u8, Option<Vec<u8>>)>> {
    let value = prop_oneof![3 => vec(any::<u8>(), 0..60).prop_map(Some), 1 => Just(None)];
    // Some keys are changed more often than others.
    vec((prop_oneof![0..8_u8, 0..120_u8], value), 0..12)
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        60 => (changes(), prop::bool::weighted(0.05)).prop_map(|(changes, sync)| Op::Commit(changes, sync)),
        1 => changes().prop_map(Op::Replace),
        4 => Just(Op::Scan),
        4 => Just(Op::Compact),
        1 => any::<bool>().prop_map(Op::Close),
        2 => Just(Op::Crash),
    ]
}

/// Makes a batch of these changes, and applies them to `model`. New records are marked as new, except for every third key.
fn batch(model: &mut Records, changes: &[(u8, Option<Vec<u8>>)]) -> Batch {
    let mut batch = Batch::new();
    for (number, value) in changes {
        let key = format!("{:?}", [*number; 3]).into_bytes();
        match value {
            Some(value) if model.contains_key(&key) || number % 3 == 0 => batch.put(&key, value),
            Some(value) => batch.put_new(&key, value),
            None => batch.delete(&key),
        }
        match value {
            Some(value) => drop(model.insert(key, value.clone())),
            None => drop(model.remove(&key)),
        }
    }
    batch
}

/// From options with a run for each compaction to options that merge all runs.
fn options() -> impl Strategy<Value = Options> {
    (0..6_u64, 0..3_usize, 1..4_u64).prop_map(|(run_ratio, memory, compact)| Options {
        run_ratio,
        compact_memory_bytes: memory * 4000,
        compact_bytes: compact * 2048,
        ..SMALL
    })
}

fn run(ops: &[Op], options: Options) {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("store");
    let (mut model, mut boot) = (Records::new(), BOOT);
    let mut store = open_with(&dir, boot, options).unwrap().store;
    for op in ops {
        match op {
            Op::Commit(changes, sync) => {
                let durability = if *sync { Durability::Machine } else { Durability::Process };
                store.commit(&batch(&mut model, changes), durability).unwrap();
            }
            Op::Replace(changes) => {
                model.clear();
                store.replace_all(&batch(&mut model, changes)).unwrap();
            }
            Op::Scan => assert_eq!(records(&store), model),
            Op::Compact => compact(&store),
            Op::Close(other) => {
                close(store);
                boot = if *other { if boot == BOOT { OTHER } else { BOOT } } else { boot };
                let opened = open_with(&dir, boot, options).unwrap();
                assert!(matches!(opened.found, Found::Records { complete: true, clean: true, .. }));
                store = opened.store;
            }
            Op::Crash => {
                drop(store);
                let opened = open_with(&dir, boot, options).unwrap();
                let boot_id = boot.to_owned();
                assert_eq!(opened.found, Found::Records { complete: true, clean: false, boot_id });
                store = opened.store;
            }
        }
    }
    assert_eq!(records(&store), model);
    assert_eq!(read(&dir, boot).unwrap(), model);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn it_holds_what_a_map_would_hold(ops in vec(op(), 1..250), options in options()) {
        run(&ops, options);
    }
}
