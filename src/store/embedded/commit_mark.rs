//! The commit mark: the number of the last commit, written after each commit, in the file `note`. It counts only in the
//! boot in which it was written, because nothing syncs it.
//!
//! A system call for it would be a third of the cost of a commit, so the file is mapped into memory; but only where the
//! file system keeps allocated space (see [`mapped`](super::mapped)), because on a full disk a write to mapped memory can
//! only end the process. The file has two slots that are written in turn: if the process is killed while it writes one,
//! the other still holds the previous number.

use super::error::Fault;
use super::layout::COMMIT_MARK;
use super::mapped::keeps_allocated_space;
use memmap2::MmapMut;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

const SLOT_BYTES: usize = 24;
const SLOTS: u64 = 2;
const MARK_BYTES: usize = SLOT_BYTES * SLOTS as usize;

/// Holds the commit mark of a store that is open for writing.
#[derive(Debug)]
pub(super) struct CommitMark {
    file: File,
    /// The mapped file. Where it cannot be mapped safely, `file` is written by system calls.
    map: Option<MmapMut>,
    boot: u64,
}

impl CommitMark {
    /// Opens the mark of the store `dir` for writing, and creates the file if it is missing.
    pub fn open(dir: &Path, boot_id: &str) -> Result<Self, Fault> {
        let path = dir.join(COMMIT_MARK);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(0o600);
        Self::in_file(options.open(&path), boot_id).map_err(Fault::io(&path))
    }

    fn in_file(file: io::Result<File>, boot_id: &str) -> io::Result<Self> {
        let file = file?;
        let mut bytes = [0; MARK_BYTES];
        let found = read_up_to(&file, &mut bytes)?;
        // Written, so that the disk has space for what is written to memory later.
        file.write_all_at(&bytes[found..], found as u64)?;
        let map = if keeps_allocated_space(&file) { map(&file) } else { None };
        Ok(Self { map, file, boot: xxh3_64(boot_id.as_bytes()) })
    }

    /// Reads the number of the last commit in this boot. Returns `None` if there is no valid mark for it.
    pub fn read(dir: &Path, boot_id: &str) -> Result<Option<u64>, Fault> {
        let path = dir.join(COMMIT_MARK);
        let read = |file| {
            let mut bytes = [0; MARK_BYTES];
            read_up_to(&file, &mut bytes).map(|_| bytes)
        };
        match fs::File::open(&path).and_then(read) {
            Ok(bytes) => Ok(number(&bytes, xxh3_64(boot_id.as_bytes()))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Fault::Io(path, error)),
        }
    }

    /// Records that commit `number` was written, the one after the last recorded.
    pub fn write(&mut self, number: u64) -> io::Result<()> {
        let at = (number % SLOTS) as usize * SLOT_BYTES;
        let slot = encode_slot(number, self.boot);
        match &mut self.map {
            Some(map) => {
                map[at..at + SLOT_BYTES].copy_from_slice(&slot);
                Ok(())
            }
            None => self.file.write_all_at(&slot, at as u64),
        }
    }

    /// Records `number` as the last commit, whatever was recorded before.
    pub fn reset(&mut self, number: u64) -> io::Result<()> {
        let slots = encode_slot(number, self.boot).repeat(SLOTS as usize);
        self.file.write_all_at(&slots, 0)
    }
}

fn map(file: &File) -> Option<MmapMut> {
    #[allow(unsafe_code, reason = "nobody but us writes to the file, and it keeps its length")]
    // SAFETY: the store is locked, so no other process changes the file while it is mapped. If one does so anyway, plain
    // bytes change, which may have any value.
    let map = unsafe { memmap2::MmapOptions::new().len(MARK_BYTES).map_mut(file) };
    map.inspect_err(|error| tracing::debug!(%error, "the commit mark is not mapped")).ok()
}

/// Reads until `bytes` is full or the file ends. Returns how many bytes were read.
fn read_up_to(file: &File, bytes: &mut [u8]) -> io::Result<usize> {
    let mut at = 0;
    while at < bytes.len() {
        match file.read_at(&mut bytes[at..], at as u64) {
            Ok(0) => break,
            Ok(count) => at += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(at)
}

/// Returns the highest number in the valid slots.
fn number(bytes: &[u8; MARK_BYTES], boot: u64) -> Option<u64> {
    let in_slot = |slot: &[u8]| {
        let number = u64::from_le_bytes(*slot.first_chunk()?);
        (slot == encode_slot(number, boot)).then_some(number)
    };
    bytes.chunks_exact(SLOT_BYTES).filter_map(in_slot).max()
}

fn encode_slot(number: u64, boot: u64) -> [u8; SLOT_BYTES] {
    let mut bytes = [0; SLOT_BYTES];
    let words = [number, boot, xxh3_64_with_seed(&number.to_le_bytes(), boot)];
    for (place, word) in bytes.chunks_exact_mut(8).zip(words) {
        place.copy_from_slice(&word.to_le_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_counts_in_its_boot_only() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(CommitMark::read(dir.path(), "a").unwrap(), None);
        let mut mark = CommitMark::open(dir.path(), "a").unwrap();
        assert_eq!(CommitMark::read(dir.path(), "a").unwrap(), None);
        for number in 77..80 {
            mark.write(number).unwrap();
            assert_eq!(CommitMark::read(dir.path(), "a").unwrap(), Some(number));
            assert_eq!(CommitMark::read(dir.path(), "b").unwrap(), None);
        }
        mark.reset(3).unwrap();
        assert_eq!(CommitMark::read(dir.path(), "a").unwrap(), Some(3));
    }

    #[test]
    fn it_is_mapped_only_where_allocated_space_stays() {
        let places = [Path::new("/dev/shm"), Path::new(env!("CARGO_MANIFEST_DIR")), Path::new("/tmp")];
        for place in places.into_iter().chain([&*std::env::temp_dir()]) {
            let Ok(dir) = tempfile::tempdir_in(place) else { continue };
            let mark = CommitMark::open(dir.path(), "a").unwrap();
            let keeps = keeps_allocated_space(&mark.file);
            assert_eq!(mark.map.is_some(), keeps, "{}", place.display());
        }
    }

    #[test]
    fn a_file_that_is_not_mapped_is_written_to() {
        let dir = tempfile::tempdir().unwrap();
        let mut mark = CommitMark { map: None, ..CommitMark::open(dir.path(), "a").unwrap() };
        (1..4).for_each(|number| mark.write(number).unwrap());
        assert_eq!(CommitMark::read(dir.path(), "a").unwrap(), Some(3));
    }

    #[test]
    fn a_torn_slot_leaves_the_previous_number() {
        let dir = tempfile::tempdir().unwrap();
        let mut mark = CommitMark::open(dir.path(), "a").unwrap();
        (1..=6).for_each(|number| mark.write(number).unwrap());
        let path = dir.path().join(COMMIT_MARK);
        let intact = fs::read(&path).unwrap();
        for at in 0..SLOT_BYTES {
            let mut torn = intact.clone();
            torn[at] ^= 1;
            fs::write(&path, &torn).unwrap();
            assert_eq!(CommitMark::read(dir.path(), "a").unwrap(), Some(5), "byte {at}");
        }
    }

    #[test]
    fn a_mark_with_one_slot_is_read() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(COMMIT_MARK), encode_slot(9, xxh3_64(b"a"))).unwrap();
        assert_eq!(CommitMark::read(dir.path(), "a").unwrap(), Some(9));
        let mut mark = CommitMark::open(dir.path(), "a").unwrap();
        mark.write(10).unwrap();
        assert_eq!(CommitMark::read(dir.path(), "a").unwrap(), Some(10));
    }
}
