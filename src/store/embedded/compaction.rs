//! Compaction keeps the log short. A thread merges sealed log files, and sorted runs that are not much longer, into a new
//! sorted run, and returns the log files for reuse. Commits go on meanwhile.

use super::error::Fault;
use super::log_reader::{self, SegmentContents};
use super::memtable::{SORTED_BYTES, last_of_each, sorted};
use super::merge::{Source, merge};
use super::run_reader::RunReader;
use super::run_writer::RunWriter;
use super::segment::Segment;
use super::shared::{Shared, Work};
use super::sorted_run::{SortedRun, Span, merge_depth};
use crate::batch::{Batch, Change};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

/// A compaction counts as at least this part of a log file, so that empty runs are merged too.
const SMALL_PART: u64 = 64;
/// After this time without work, the compactor gives its memory back.
const IDLE: Duration = Duration::from_millis(500);

/// Starts the compactor.
pub(super) fn start(shared: &Arc<Shared>) -> std::io::Result<std::thread::JoinHandle<()>> {
    let shared = shared.clone();
    std::thread::Builder::new().name("store".into()).spawn(move || {
        let ran = catch_unwind(AssertUnwindSafe(|| run(&shared)));
        match ran {
            Ok(Ok(())) => {}
            Ok(Err(fault)) => shared.fail(fault),
            Err(_) => shared.fail(Fault::Damaged("its compaction panicked".into())),
        }
    })
}

fn run(shared: &Shared) -> Result<(), Fault> {
    // Log files are read into it. It is kept while there is work, because memory that was never touched is slow.
    let mut buffer = Vec::new();
    let mut timeout = IDLE;
    while let Some(work) = shared.wait_for_work(timeout) {
        timeout = IDLE;
        match work {
            Work::Prepare => shared.prepare_segments()?,
            Work::Compact => {
                shared.prepare_segments()?;
                match compact(shared, &mut buffer) {
                    Err(fault) if fault.is_full() => shared.set_no_room_for_run(),
                    result => result?,
                }
            }
            Work::Idle => {
                buffer = Vec::new();
                shared.files().release_pages();
                timeout = Duration::MAX;
            }
        }
    }
    Ok(())
}

/// Merges sealed log files, and those of the runs below that are not much longer, into a new run.
fn compact(shared: &Shared, buffer: &mut Vec<u8>) -> Result<(), Fault> {
    let _maintenance = shared.lock_maintenance();
    let (runs, segments) = shared.compaction_input();
    let compacted = runs.last().map_or(0, |run| run.last);
    let Some((batches, newest)) = read_log(shared, &segments, compacted, buffer)? else { return Ok(()) };
    let bytes: usize = batches.iter().map(Batch::encoded_bytes).sum();
    let changes = sorted(batches.iter().flatten());
    let bytes = (bytes as u64).max(shared.options.segment_bytes / SMALL_PART);
    let mut kept = runs.len() - merge_depth(&runs, bytes, shared.options.run_ratio);
    let run = loop {
        match write_run(shared, &runs, kept, newest, &changes) {
            // It needs less space without the longest run.
            Err(fault) if fault.is_full() && kept < runs.len() => kept += 1,
            result => break result?,
        }
    };
    let Some(run) = run else { return Ok(()) };
    shared.install(kept, run)?;
    match shared.update_meta(|_| {}) {
        // The old content is still correct: it is a lower bound.
        Err(fault) if fault.is_full() => Ok(()),
        result => result,
    }
}

/// Writes a run with `changes`, the last of which are in the log file `newest`, and with the runs after the first `kept`.
/// Returns `None` if the compaction was cancelled.
fn write_run(
    shared: &Shared,
    runs: &[SortedRun],
    kept: usize,
    newest: &Segment,
    changes: &[Change<'_>],
) -> Result<Option<SortedRun>, Fault> {
    let (below, merged) = runs.split_at_checked(kept).unwrap_or((runs, &[]));
    let after = below.last().map_or(0, |run| run.last);
    let end = newest.seq + 1;
    let span = match (merged.first(), below.last()) {
        (Some(lowest), _) => lowest.span.up_to(end),
        (None, Some(below)) => Span::Between(below.span.end(), end),
        (None, None) => Span::Before(end),
    };
    let mut sources = vec![Source::Memory(changes)];
    for run in merged.iter().rev() {
        sources.push(Source::Run(RunReader::open(&shared.dir, shared.id, run.span)?));
    }
    let mut writer = RunWriter::create(&shared.dir, shared.id, span, after, newest.last)?;
    let mut taken = 0_u32;
    let done = merge(sources, &mut |key, value| {
        writer.add(key, value)?;
        taken = taken.wrapping_add(1);
        if taken.is_multiple_of(1024) {
            shared.prepare_segments()?;
        }
        Ok(if shared.is_cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    match done {
        ControlFlow::Break(()) => Ok(None),
        ControlFlow::Continue(()) => writer.finish(&shared.dir).map(Some),
    }
}

/// Reads log files, which follow commit `last`, and combines the changes of each key in each of them. Returns the changes
/// and the last log file that was read: if there are many changes, the memory limit leaves the later files to the next
/// compaction. Where the same records are written over and over there are few, because the log is never in memory as a
/// whole.
///
/// Returns `None` if there are no log files, or if the compaction was cancelled.
fn read_log<'a>(
    shared: &Shared,
    segments: &'a [Segment],
    mut last: u64,
    buffer: &mut Vec<u8>,
) -> Result<Option<(Vec<Batch>, &'a Segment)>, Fault> {
    let mut batches = Vec::new();
    let (mut newest, mut memory) = (None, 0);
    for segment in segments {
        if shared.is_cancelled() {
            return Ok(None);
        }
        let contents = SegmentContents::of(segment, &shared.dir, shared.id, std::mem::take(buffer))?;
        let batch = last_of_each(log_reader::changes([&contents], last, segment.last)?);
        last = segment.last;
        newest = Some(segment);
        memory += batch.encoded_bytes() + SORTED_BYTES * batch.iter().count();
        batches.push(batch);
        *buffer = contents.into_buffer();
        buffer.shrink_to(shared.options.segment_bytes as usize);
        shared.prepare_segments()?;
        if memory >= shared.options.compact_memory_bytes {
            break;
        }
    }
    Ok(newest.map(|newest| (batches, newest)))
}
