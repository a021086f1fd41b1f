//! Reading runs and the changes over them as one: of the changes of a key the newest counts.

use super::fault::Fault;
use super::overlay::Change;
use super::reader::Reader;
use crate::store::Visit;
use std::cmp::Ordering;
use std::ops::ControlFlow;

/// Changes, one for each key, keys ascending.
#[derive(Debug)]
pub(super) enum Source<'a> {
    /// In memory.
    Sorted(&'a [Change<'a>]),
    /// In a run.
    Run(Reader),
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

/// Takes a key, and its value or that it is deleted, and says whether to go on.
pub(super) type Take<'a> = dyn FnMut(&[u8], Option<&[u8]>) -> Result<ControlFlow<()>, Fault> + 'a;

/// Gives `take` for each key the change of the first of `sources` that has one; so the newest comes first. Keys ascend.
pub(super) fn merge(mut sources: Vec<Source<'_>>, take: &mut Take<'_>) -> Result<ControlFlow<()>, Fault> {
    // Which of them have the least key.
    let mut least = Vec::new();
    loop {
        least.clear();
        let mut newest: Option<Change<'_>> = None;
        for (index, source) in sources.iter().enumerate() {
            let Some(change) = source.first() else { continue };
            match newest.map_or(Ordering::Less, |(key, _)| change.0.cmp(key)) {
                Ordering::Less => {
                    newest = Some(change);
                    least.clear();
                    least.push(index);
                }
                Ordering::Equal => least.push(index),
                Ordering::Greater => {}
            }
        }
        let Some((key, value)) = newest else { return Ok(ControlFlow::Continue(())) };
        if take(key, value)?.is_break() {
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
pub(super) fn scan(runs: Vec<Reader>, over: &[Change<'_>], visit: &mut Visit<'_>) -> Result<(), Fault> {
    let mut sources = vec![Source::Sorted(over)];
    sources.extend(runs.into_iter().rev().map(Source::Run));
    merge(sources, &mut |key, value| Ok(value.map_or(ControlFlow::Continue(()), |value| visit(key, value))))
        .map(drop)
}

#[cfg(test)]
mod tests {
    use super::super::records::Writer;
    use super::super::run::Span;
    use super::*;
    use proptest::collection::{btree_map, vec};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    type Layer = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

    fn layers() -> impl Strategy<Value = Vec<Layer>> {
        let value = proptest::option::of(vec(any::<u8>(), 0..9));
        vec(btree_map(vec(0..4_u8, 1..4), value, 0..30), 1..6)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_newest_change_of_each_key_counts(layers in layers()) {
            let dir = tempfile::tempdir().unwrap();
            let mut expected = Layer::new();
            let mut sources = Vec::new();
            for (number, layer) in (1..).zip(&layers) {
                expected.extend(layer.clone());
                let span = Span::Between(number, number + 1);
                let mut writer = Writer::create(dir.path(), 5, span, number, number + 1).unwrap();
                layer.iter().for_each(|(key, value)| writer.add(key, value.as_deref()).unwrap());
                writer.finish(dir.path()).unwrap();
                sources.push(Source::Run(Reader::open(dir.path(), 5, span).unwrap()));
            }
            let over = BTreeMap::from([(vec![0, 9], Some(vec![7])), (vec![2], None)]);
            expected.extend(over.clone());
            let over: Vec<Change<'_>> =
                over.iter().map(|(key, value)| (key.as_slice(), value.as_deref())).collect();
            sources.push(Source::Sorted(&over));
            sources.reverse();
            let mut seen = Vec::new();
            let take = &mut |key: &[u8], value: Option<&[u8]>| {
                seen.push((key.to_vec(), value.map(<[u8]>::to_vec)));
                Ok(ControlFlow::Continue(()))
            };
            prop_assert!(merge(sources, take).unwrap().is_continue());
            prop_assert_eq!(seen, expected.into_iter().collect::<Vec<_>>());
        }
    }
}
