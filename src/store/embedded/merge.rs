//! Reading runs and the changes over them as one: of the changes of a key the newest counts.

use super::error::Fault;
use super::run_reader::RunReader;
use crate::store::{Change, Value, Visit};
use std::cmp::Ordering;
use std::ops::ControlFlow;

/// Changes, one for each key, keys ascending.
#[derive(Debug)]
pub(super) enum Source<'a> {
    /// In memory.
    Sorted(&'a [Change<'a>]),
    /// In a run.
    Run(RunReader),
}

impl Source<'_> {
    /// The next change.
    fn first(&self) -> Option<Change<'_>> {
        match self {
            Self::Sorted(changes) => changes.first().copied(),
            Self::Run(reader) => reader.first(),
        }
    }

    fn advance(&mut self) -> Result<(), Fault> {
        match self {
            Self::Sorted(changes) => *changes = changes.split_first().map_or(&[], |(_, rest)| rest),
            Self::Run(reader) => reader.advance()?,
        }
        Ok(())
    }
}

/// Takes a change and says whether to go on.
pub(super) type Take<'a> = dyn FnMut(&[u8], Value<'_>) -> Result<ControlFlow<()>, Fault> + 'a;

/// Gives `take` for each key what the changes of `sources`, the newest first, together make of it. Keys ascend.
pub(super) fn merge(mut sources: Vec<Source<'_>>, take: &mut Take<'_>) -> Result<ControlFlow<()>, Fault> {
    // Which of them have the least key.
    let mut least = Vec::new();
    loop {
        least.clear();
        let mut lowest: Option<&[u8]> = None;
        for (index, source) in sources.iter().enumerate() {
            let Some((key, _)) = source.first() else { continue };
            match lowest.map_or(Ordering::Less, |lowest| key.cmp(lowest)) {
                Ordering::Less => {
                    lowest = Some(key);
                    least.clear();
                    least.push(index);
                }
                Ordering::Equal => least.push(index),
                Ordering::Greater => {}
            }
        }
        let Some(key) = lowest else { return Ok(ControlFlow::Continue(())) };
        let values = least.iter().rev().filter_map(|index| Some(sources.get(*index)?.first()?.1));
        let all = values.fold(None, |older, value| older.map_or(Some(value), |older| value.after(older)));
        if let Some(value) = all
            && take(key, value)?.is_break()
        {
            return Ok(ControlFlow::Break(()));
        }
        for index in &least {
            if let Some(source) = sources.get_mut(*index) {
                source.advance()?;
            }
        }
    }
}

/// Shows `visit` the records that these runs, the lowest first, hold with the changes `over` made to them, until it
/// breaks.
pub(super) fn scan(runs: Vec<RunReader>, over: &[Change<'_>], visit: &mut Visit<'_>) -> Result<(), Fault> {
    let mut sources = vec![Source::Sorted(over)];
    sources.extend(runs.into_iter().rev().map(Source::Run));
    let take = &mut |key: &[u8], value: Value<'_>| {
        Ok(value.octets().map_or(ControlFlow::Continue(()), |value| visit(key, value)))
    };
    merge(sources, take).map(drop)
}

#[cfg(test)]
mod tests {
    use super::super::run_writer::RunWriter;
    use super::super::sorted_run::Span;
    use super::*;
    use proptest::collection::{btree_map, vec};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    type Layer = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

    fn layers() -> impl Strategy<Value = Vec<Layer>> {
        let value = proptest::option::of(vec(any::<u8>(), 0..9));
        vec(btree_map(vec(0..4_u8, 1..4), value, 0..30), 1..6)
    }

    /// The changes of a layer on what is there so far, which follows them.
    fn changes<'a>(there: &mut BTreeMap<Vec<u8>, Vec<u8>>, layer: &'a Layer) -> Vec<Change<'a>> {
        let mut changes = Vec::new();
        for (key, value) in layer {
            let value = match value {
                None => Value::Deleted,
                Some(value) if there.contains_key(key) => Value::Put(value),
                Some(value) => Value::New(value),
            };
            match value.octets() {
                None => drop(there.remove(key)),
                Some(octets) => drop(there.insert(key.clone(), octets.to_vec())),
            }
            changes.push((key.as_slice(), value));
        }
        changes
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_comes_out_is_what_all_layers_make_of_each_key(layers in layers()) {
            let dir = tempfile::tempdir().unwrap();
            let mut there = BTreeMap::new();
            let mut sources = Vec::new();
            for (number, layer) in (1..).zip(&layers) {
                let span = Span::Between(number, number + 1);
                let mut writer = RunWriter::create(dir.path(), 5, span, number, number + 1).unwrap();
                changes(&mut there, layer).iter().for_each(|(key, value)| writer.add(key, *value).unwrap());
                writer.finish(dir.path()).unwrap();
                sources.push(Source::Run(RunReader::open(dir.path(), 5, span).unwrap()));
            }
            let uppermost = Layer::from([(vec![0, 9], Some(vec![7])), (vec![2], None)]);
            let over = changes(&mut there, &uppermost);
            sources.push(Source::Sorted(&over));
            sources.reverse();
            let mut seen = Vec::new();
            let take = &mut |key: &[u8], value: Value<'_>| {
                seen.push((key.to_vec(), value.octets().map(<[u8]>::to_vec)));
                Ok(ControlFlow::Continue(()))
            };
            prop_assert!(merge(sources, take).unwrap().is_continue());
            prop_assert!(seen.is_sorted_by(|a, b| a.0 < b.0));
            // That something is deleted comes out only if it may have been there before all layers.
            for (key, _) in seen.iter().filter(|(_, value)| value.is_none()) {
                let values: Vec<_> = layers.iter().chain([&uppermost]).filter_map(|layer| layer.get(key)).map(Option::is_some).collect();
                prop_assert!(!values.starts_with(&[true]) || values.windows(2).any(|two| two == [false, false]));
            }
            let left = seen.into_iter().filter_map(|(key, value)| Some((key, value?)));
            prop_assert_eq!(left.collect::<BTreeMap<_, _>>(), there);
        }
    }
}
