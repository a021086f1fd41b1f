//! Folding: the log does not grow for ever. A thread of its own makes finished log files and the file of records into
//! a new file of records, and hands the log files back to be used again. Commits go on meanwhile.

use super::fault::Fault;
use super::overlay::{Change, last_of_each, merge, sorted};
use super::records::{Reader, Writer};
use super::segment::{Octets, Segment};
use super::shared::Shared;
use crate::store::Batch;
use crate::store::batch::{self, Changes};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

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
    // For log files that are read. It is kept, because memory that was never touched is slow.
    let mut buffer = Vec::new();
    while let Some(due) = shared.wait_for_work() {
        shared.prepare()?;
        if due {
            match fold(shared, &mut buffer) {
                Err(fault) if fault.is_full() => shared.note_full(),
                result => result?,
            }
        }
    }
    Ok(())
}

/// Makes finished log files and the file of records into a new file of records.
fn fold(shared: &Shared, buffer: &mut Vec<u8>) -> Result<(), Fault> {
    let _turn = shared.turn();
    let (records, segments) = shared.to_fold();
    let Some(newest) = segments.last() else { return Ok(()) };
    let next = newest.seq + 1;
    let mut below = Reader::open(&shared.dir, shared.id, records)?;
    let Some(batches) = last_changes(shared, &segments, below.last, buffer)? else { return Ok(()) };
    let over = sorted(batches.iter().flatten());
    let mut writer = Writer::create(&shared.dir, shared.id, next, newest.last)?;
    let mut taken = 0_u32;
    let done = merge(Some(&mut below), &over, &mut |key, value| {
        writer.add(key, value)?;
        taken = taken.wrapping_add(1);
        if taken.is_multiple_of(1024) {
            shared.prepare()?;
        }
        Ok(if shared.is_in_a_hurry() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    match done {
        ControlFlow::Break(()) => Ok(()),
        ControlFlow::Continue(()) => {
            let bytes = writer.finish(&shared.dir)?;
            shared.replaced(next, bytes)
        }
    }
}

/// For each of these log files, which follow commit `last`, the last changes of its keys. They are few where the same
/// records are written over and over, so that the log is never in memory as a whole.
/// `None`: somebody is in a hurry.
fn last_changes(
    shared: &Shared,
    segments: &[Segment],
    mut last: u64,
    buffer: &mut Vec<u8>,
) -> Result<Option<Vec<Batch>>, Fault> {
    let mut batches = Vec::new();
    for segment in segments {
        if shared.is_in_a_hurry() {
            return Ok(None);
        }
        let octets = Octets::of(segment, &shared.dir, shared.id, std::mem::take(buffer))?;
        batches.push(last_of_each(commits([&octets], last, segment.last)?));
        last = segment.last;
        *buffer = octets.into_buffer();
        buffer.shrink_to(shared.options.segment_bytes as usize);
        shared.prepare()?;
    }
    Ok(Some(batches))
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
