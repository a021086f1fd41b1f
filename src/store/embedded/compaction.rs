//! Folding: the log does not grow for ever. A thread of its own makes finished log files into a run, together with runs
//! that are not much longer, and hands the log files back to be used again. Commits go on meanwhile.

use super::error::Fault;
use super::memtable::{SORTED_BYTES, last_of_each, sorted};
use super::merge::{Source, merge};
use super::run_reader::RunReader;
use super::run_writer::RunWriter;
use super::segment::{Octets, Segment};
use super::shared::{Shared, Work};
use super::sorted_run::{self, SortedRun, Span};
use crate::store::batch::{self, Changes};
use crate::store::{Batch, Change};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

/// A run that is at most such a part of a log file is small.
const SMALL_PART: u64 = 64;
/// After so long without work the folding thread keeps no memory.
const REST: Duration = Duration::from_millis(500);

/// Starts the thread that folds.
pub(super) fn start(shared: &Arc<Shared>) -> std::io::Result<std::thread::JoinHandle<()>> {
    let shared = shared.clone();
    std::thread::Builder::new().name("store".into()).spawn(move || {
        let ran = catch_unwind(AssertUnwindSafe(|| run(&shared)));
        match ran {
            Ok(Ok(())) => {}
            Ok(Err(fault)) => shared.fail(fault),
            Err(_) => shared.fail(Fault::Damaged("folding it panicked".into())),
        }
    })
}

fn run(shared: &Shared) -> Result<(), Fault> {
    // For log files that are read. While there is work it is kept, because memory that was never touched is slow.
    let mut buffer = Vec::new();
    let mut patience = REST;
    while let Some(work) = shared.wait_for_work(patience) {
        patience = REST;
        match work {
            Work::Prepare => shared.prepare()?,
            Work::Compact => {
                shared.prepare()?;
                match compact(shared, &mut buffer) {
                    Err(fault) if fault.is_full() => shared.set_disk_full(),
                    result => result?,
                }
            }
            Work::Rest => {
                buffer = Vec::new();
                shared.files().rest();
                patience = Duration::MAX;
            }
        }
    }
    Ok(())
}

/// Makes finished log files, and the runs on which they lie as far as those are not much longer, into a new run.
fn compact(shared: &Shared, buffer: &mut Vec<u8>) -> Result<(), Fault> {
    let _turn = shared.turn();
    let (runs, segments) = shared.to_compact();
    let folded = runs.last().map_or(0, |run| run.last);
    let Some((batches, newest)) = last_changes(shared, &segments, folded, buffer)? else { return Ok(()) };
    let bytes: usize = batches.iter().map(Batch::bytes).sum();
    let over = sorted(batches.iter().flatten());
    // Also where all that came has gone again, and nothing is left to be said of it.
    let bytes = (bytes as u64).max(shared.options.segment_bytes / SMALL_PART);
    let mut kept = runs.len() - sorted_run::depth(&runs, bytes, shared.options.run_ratio);
    let run = loop {
        match make_run(shared, &runs, kept, newest, &over) {
            // Without the longest of them it needs less room.
            Err(fault) if fault.is_full() && kept < runs.len() => kept += 1,
            result => break result?,
        }
    };
    let Some(run) = run else { return Ok(()) };
    shared.replaced(kept, run)?;
    match shared.set_meta(|_| {}) {
        // It is right as it was; it only tells less.
        Err(fault) if fault.is_full() => Ok(()),
        result => result,
    }
}

/// Makes a run of the changes `over`, the last of which are in the log file `newest`, and of the runs after the first `kept`.
/// `None`: somebody is in a hurry.
fn make_run(
    shared: &Shared,
    runs: &[SortedRun],
    kept: usize,
    newest: &Segment,
    over: &[Change<'_>],
) -> Result<Option<SortedRun>, Fault> {
    let (below, merged) = runs.split_at_checked(kept).unwrap_or((runs, &[]));
    let after = below.last().map_or(0, |run| run.last);
    let end = newest.seq + 1;
    let span = match (merged.first(), below.last()) {
        (Some(lowest), _) => lowest.span.up_to(end),
        (None, Some(below)) => Span::Between(below.span.end(), end),
        (None, None) => Span::Before(end),
    };
    let mut sources = vec![Source::Sorted(over)];
    for run in merged.iter().rev() {
        sources.push(Source::Run(RunReader::open(&shared.dir, shared.id, run.span)?));
    }
    let mut writer = RunWriter::create(&shared.dir, shared.id, span, after, newest.last)?;
    let mut taken = 0_u32;
    let done = merge(sources, &mut |key, value| {
        writer.add(key, value)?;
        taken = taken.wrapping_add(1);
        if taken.is_multiple_of(1024) {
            shared.prepare()?;
        }
        Ok(if shared.is_in_a_hurry() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    match done {
        ControlFlow::Break(()) => Ok(None),
        ControlFlow::Continue(()) => writer.finish(&shared.dir).map(Some),
    }
}

/// For each of these log files, which follow commit `last`, what it makes of its keys; and the log file up to which they
/// are taken. They are few where the same records are written over and over, so that the log is never in memory as a whole.
/// Where they are many, the later log files have to wait.
/// `None`: there are none, or somebody is in a hurry.
fn last_changes<'a>(
    shared: &Shared,
    segments: &'a [Segment],
    mut last: u64,
    buffer: &mut Vec<u8>,
) -> Result<Option<(Vec<Batch>, &'a Segment)>, Fault> {
    let mut batches = Vec::new();
    let (mut newest, mut memory) = (None, 0);
    for segment in segments {
        if shared.is_in_a_hurry() {
            return Ok(None);
        }
        let octets = Octets::of(segment, &shared.dir, shared.id, std::mem::take(buffer))?;
        let batch = last_of_each(commits([&octets], last, segment.last)?);
        last = segment.last;
        newest = Some(segment);
        memory += batch.bytes() + SORTED_BYTES * batch.iter().count();
        batches.push(batch);
        *buffer = octets.into_buffer();
        buffer.shrink_to(shared.options.segment_bytes as usize);
        shared.prepare()?;
        if memory >= shared.options.compact_memory_bytes {
            break;
        }
    }
    Ok(newest.map(|newest| (batches, newest)))
}

/// The changes of these log files, which are the commits after `first` up to `last`.
pub(super) fn commits<'a>(
    octets: impl IntoIterator<Item = &'a Octets, IntoIter: Clone>,
    first: u64,
    last: u64,
) -> Result<impl Iterator<Item = Change<'a>>, Fault> {
    let commits = octets.into_iter().filter_map(Octets::commits).flatten();
    let mut at = first;
    for commit in commits.clone() {
        if commit.number.checked_sub(1) != Some(at) || batch::changes(commit.payload).is_none() {
            break;
        }
        at = commit.number;
    }
    match at == last {
        true => Ok(commits.flat_map(|commit| Changes::new(commit.payload))),
        false => Err(Fault::Damaged(format!("what follows commit {at} is not what was written"))),
    }
}
