//! Writing a sorted run; [`sorted_run`](super::sorted_run) describes the file.

use super::error::Fault;
use super::frame;
use super::layout::{create, remove, rename, sync_names, unfinished};
use super::sorted_run::{FRAME_BYTES, SortedRun, Span};
use crate::batch::{Batch, Value};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Writes a sorted run. Dropping it without [`finish`](Self::finish) removes the file.
#[derive(Debug)]
pub(super) struct RunWriter {
    path: PathBuf,
    beside: PathBuf,
    file: File,
    seed: u64,
    frames: u64,
    records: Batch,
    buffer: Vec<u8>,
    run: SortedRun,
    finished: bool,
}

impl RunWriter {
    /// Creates the run `span`, which holds the commits after `after` up to `last`; the lowest holds all up to `last`.
    pub fn create(dir: &Path, id: u64, span: Span, after: u64, last: u64) -> Result<Self, Fault> {
        let path = span.path(dir);
        let beside = unfinished(&path);
        let file = create(&beside)?;
        let (records, buffer, seed) = (Batch::new(), Vec::new(), span.seed(id));
        let after = if span.is_lowest() { 0 } else { after };
        let run = SortedRun { span, after, last, bytes: 0 };
        let mut writer = Self { path, beside, file, seed, frames: 0, records, buffer, run, finished: false };
        writer.write(span.end(), &run.title())?;
        Ok(writer)
    }

    /// Adds a change. Its key is greater than all before. Deletions are left out of the lowest run, because there is
    /// nothing below to delete.
    pub fn add(&mut self, key: &[u8], value: Value<'_>) -> Result<(), Fault> {
        match (value.get(), self.run.span.is_lowest()) {
            (Some(value), true) => self.records.put(key, value),
            (None, true) => {}
            (_, false) => self.records.change(key, value),
        }
        if self.records.encoded_bytes() >= FRAME_BYTES { self.write_records() } else { Ok(()) }
    }

    fn write_records(&mut self) -> Result<(), Fault> {
        let records = std::mem::take(&mut self.records);
        self.write(self.frames, records.encoded())?;
        self.frames += 1;
        self.records = records;
        self.records.clear();
        Ok(())
    }

    fn write(&mut self, number: u64, payload: &[u8]) -> Result<(), Fault> {
        self.buffer.clear();
        frame::write(&mut self.buffer, self.seed, number, payload);
        self.file.write_all(&self.buffer).map_err(Fault::io(&self.beside))?;
        self.run.bytes += self.buffer.len() as u64;
        Ok(())
    }

    /// Completes the file, syncs it and gives it its name, durably.
    pub fn finish(mut self, dir: &Path) -> Result<SortedRun, Fault> {
        if !self.records.is_empty() {
            self.write_records()?;
        }
        self.write(self.frames, &[])?;
        self.file.sync_all().map_err(Fault::io(&self.beside))?;
        rename(&self.beside, &self.path)?;
        self.finished = true;
        sync_names(dir)?;
        Ok(self.run)
    }
}

impl Drop for RunWriter {
    fn drop(&mut self) {
        if !self.finished {
            let _ = remove(&self.beside);
        }
    }
}
