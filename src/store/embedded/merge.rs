//! Merging sorted runs and the changes above them: of the changes of a key, the newest counts.

use super::error::Fault;
use super::run_reader::RunReader;
use crate::batch::{Change, Value};
use crate::store::Visit;
use std::cmp::Ordering;
use std::ops::ControlFlow;

/// Provides changes with ascending keys, at most one for each key.
#[derive(Debug)]
pub(super) enum Source<'a> {
    /// In memory.
    Memory(&'a [Change<'a>]),
    /// In a sorted run.
    Run(RunReader),
}

impl Source<'_> {
    /// Returns the current change, or `None` at the end.
    fn current(&self) -> Option<Change<'_>> {
        match self {
            Self::Memory(changes) => changes.first().copied(),
            Self::Run(reader) => reader.current(),
        }
    }

    fn advance(&mut self) -> Result<(), Fault> {
        match self {
            Self::Memory(changes) => *changes = changes.split_first().map_or(&[], |(_, rest)| rest),
            Self::Run(reader) => reader.advance()?,
        }
        Ok(())
    }
}

/// Takes a change and says whether to continue.
pub(super) type Take<'a> = dyn FnMut(&[u8], Value<'_>) -> Result<ControlFlow<()>, Fault> + 'a;

/// Passes to `take`, for each key in ascending order, the combined change of all `sources`, of which the newest is first.
pub(super) fn merge(mut sources: Vec<Source<'_>>, take: &mut Take<'_>) -> Result<ControlFlow<()>, Fault> {
    let mut least = Vec::new();
    loop {
        let Some(key) = least_key(&sources, &mut least) else { return Ok(ControlFlow::Continue(())) };
        let values = least.iter().rev().filter_map(|index| Some(sources.get(*index)?.current()?.1));
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

/// Returns the least of the current keys, and in `least` the indexes of the sources that have it.
#[inline]
fn least_key<'a>(sources: &'a [Source<'_>], least: &mut Vec<usize>) -> Option<&'a [u8]> {
    least.clear();
    let mut lowest: Option<&[u8]> = None;
    for (index, source) in sources.iter().enumerate() {
        let Some((key, _)) = source.current() else { continue };
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
    lowest
}

/// Passes to `visit` the records of these `runs`, the lowest first, with the changes `above` applied, until it breaks.
pub(super) fn scan(runs: Vec<RunReader>, above: &[Change<'_>], visit: &mut Visit<'_>) -> Result<(), Fault> {
    let mut sources = vec![Source::Memory(above)];
    sources.extend(runs.into_iter().rev().map(Source::Run));
    let take = &mut |key: &[u8], value: Value<'_>| {
        Ok(value.get().map_or(ControlFlow::Continue(()), |value| visit(key, value)))
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

    /// Returns the changes of a layer, and applies them to what is there so far.
    fn changes<'a>(there: &mut BTreeMap<Vec<u8>, Vec<u8>>, layer: &'a Layer) -> Vec<Change<'a>> {
        let mut changes = Vec::new();
        for (key, value) in layer {
            let value = match value {
                None => Value::Deleted,
                Some(value) if there.contains_key(key) => Value::Put(value),
                Some(value) => Value::New(value),
            };
            match value.get() {
                None => drop(there.remove(key)),
                Some(value) => drop(there.insert(key.clone(), value.to_vec())),
            }
            changes.push((key.as_slice(), value));
        }
        changes
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_result_is_what_all_layers_together_say_of_each_key(layers in layers()) {
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
            let above = changes(&mut there, &uppermost);
            sources.push(Source::Memory(&above));
            sources.reverse();
            let mut seen = Vec::new();
            let take = &mut |key: &[u8], value: Value<'_>| {
                seen.push((key.to_vec(), value.get().map(<[u8]>::to_vec)));
                Ok(ControlFlow::Continue(()))
            };
            prop_assert!(merge(sources, take).unwrap().is_continue());
            prop_assert!(seen.is_sorted_by(|a, b| a.0 < b.0));
            // A deletion comes out only if the record may have existed before all layers.
            for (key, _) in seen.iter().filter(|(_, value)| value.is_none()) {
                let values: Vec<_> = layers.iter().chain([&uppermost]).filter_map(|layer| layer.get(key)).map(Option::is_some).collect();
                prop_assert!(!values.starts_with(&[true]) || values.windows(2).any(|two| two == [false, false]));
            }
            let left = seen.into_iter().filter_map(|(key, value)| Some((key, value?)));
            prop_assert_eq!(left.collect::<BTreeMap<_, _>>(), there);
        }
    }
}
