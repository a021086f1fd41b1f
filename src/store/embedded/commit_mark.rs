//! The file `note`: the number of the last commit, written after each. It is worth something only in the boot in which it
//! was written: nothing syncs it.
//!
//! It is in memory that it shares with the system's copy of the file, since a system call for each commit is a third of
//! what a commit costs; but only where the file keeps its room (see [`window`](super::window)), for on a full disk memory can
//! only end the process. The two places in it are written by turns: a process that is killed while it writes one leaves
//! the other.

use super::error::Fault;
use super::layout::COMMIT_MARK;
use super::mapped::file_keeps_room;
use memmap2::MmapMut;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

const PLACE_BYTES: usize = 24;
const PLACES: u64 = 2;
const MARK_BYTES: usize = PLACE_BYTES * PLACES as usize;

/// The file `note`, open for writing.
#[derive(Debug)]
pub(super) struct CommitMark {
    file: File,
    /// The file in memory; without it, where a file system has no such thing, it is written to.
    map: Option<MmapMut>,
    boot: u64,
}

impl CommitMark {
    /// Opens the note of the store `dir` for writing, and makes it if it is missing.
    pub fn open(dir: &Path, boot_id: &str) -> Result<Self, Fault> {
        let path = dir.join(COMMIT_MARK);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(0o600);
        Self::on(options.open(&path), boot_id).map_err(Fault::io(&path))
    }

    fn on(file: io::Result<File>, boot_id: &str) -> io::Result<Self> {
        let file = file?;
        let mut octets = [0; MARK_BYTES];
        let known = read_up_to(&file, &mut octets)?;
        // Written, so that there is room on the disk for what the memory is going to hold.
        file.write_all_at(&octets[known..], known as u64)?;
        let map = if file_keeps_room(&file) { map(&file) } else { None };
        Ok(Self { map, file, boot: xxh3_64(boot_id.as_bytes()) })
    }

    /// The number that the note of the store `dir` tells for this boot; `None` if it tells none.
    pub fn read(dir: &Path, boot_id: &str) -> Result<Option<u64>, Fault> {
        let path = dir.join(COMMIT_MARK);
        let read = |file| {
            let mut octets = [0; MARK_BYTES];
            read_up_to(&file, &mut octets).map(|_| octets)
        };
        match fs::File::open(&path).and_then(read) {
            Ok(octets) => Ok(number(&octets, xxh3_64(boot_id.as_bytes()))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Fault::Io(path, error)),
        }
    }

    /// Notes that this commit was done, which is the one after the last that was noted.
    pub fn write(&mut self, number: u64) -> io::Result<()> {
        let place = (number % PLACES) as usize * PLACE_BYTES;
        let octets = place_octets(number, self.boot);
        match &mut self.map {
            Some(map) => {
                map[place..place + PLACE_BYTES].copy_from_slice(&octets);
                Ok(())
            }
            None => self.file.write_all_at(&octets, place as u64),
        }
    }

    /// Notes that commits were done up to this one, whatever was noted before.
    pub fn reset(&mut self, number: u64) -> io::Result<()> {
        let octets = place_octets(number, self.boot).repeat(PLACES as usize);
        self.file.write_all_at(&octets, 0)
    }
}

fn map(file: &File) -> Option<MmapMut> {
    #[allow(unsafe_code, reason = "nobody but us writes to the file, and it keeps its length")]
    // SAFETY: the store is locked, so that no other process changes the file while it is mapped; if one does all the
    // same, then its octets are read as octets, nothing else.
    let map = unsafe { memmap2::MmapOptions::new().len(MARK_BYTES).map_mut(file) };
    map.inspect_err(|error| tracing::debug!(%error, "the note is not kept in memory")).ok()
}

/// Reads as much as there is; answers how much that is.
fn read_up_to(file: &File, octets: &mut [u8]) -> io::Result<usize> {
    let mut at = 0;
    while at < octets.len() {
        match file.read_at(&mut octets[at..], at as u64) {
            Ok(0) => break,
            Ok(count) => at += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(at)
}

/// The highest number in the places that are whole.
fn number(octets: &[u8; MARK_BYTES], boot: u64) -> Option<u64> {
    let in_place = |place: &[u8]| {
        let number = u64::from_le_bytes(*place.first_chunk()?);
        (place == place_octets(number, boot)).then_some(number)
    };
    octets.chunks_exact(PLACE_BYTES).filter_map(in_place).max()
}

fn place_octets(number: u64, boot: u64) -> [u8; PLACE_BYTES] {
    let mut octets = [0; PLACE_BYTES];
    let words = [number, boot, xxh3_64_with_seed(&number.to_le_bytes(), boot)];
    for (place, word) in octets.chunks_exact_mut(8).zip(words) {
        place.copy_from_slice(&word.to_le_bytes());
    }
    octets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_counts_in_its_boot_only() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(CommitMark::read(dir.path(), "a").unwrap(), None);
        let mut note = CommitMark::open(dir.path(), "a").unwrap();
        assert_eq!(CommitMark::read(dir.path(), "a").unwrap(), None);
        for number in 77..80 {
            note.write(number).unwrap();
            assert_eq!(CommitMark::read(dir.path(), "a").unwrap(), Some(number));
            assert_eq!(CommitMark::read(dir.path(), "b").unwrap(), None);
        }
        note.reset(3).unwrap();
        assert_eq!(CommitMark::read(dir.path(), "a").unwrap(), Some(3));
    }

    #[test]
    fn it_is_mapped_where_it_keeps_its_room_alone() {
        let places = [Path::new("/dev/shm"), Path::new(env!("CARGO_MANIFEST_DIR")), Path::new("/tmp")];
        for place in places.into_iter().chain([&*std::env::temp_dir()]) {
            let Ok(dir) = tempfile::tempdir_in(place) else { continue };
            let note = CommitMark::open(dir.path(), "a").unwrap();
            let keeps = file_keeps_room(&note.file);
            assert_eq!(note.map.is_some(), keeps, "{}", place.display());
        }
    }

    #[test]
    fn a_file_that_is_not_mapped_is_written_to() {
        let dir = tempfile::tempdir().unwrap();
        let mut note = CommitMark { map: None, ..CommitMark::open(dir.path(), "a").unwrap() };
        (1..4).for_each(|number| note.write(number).unwrap());
        assert_eq!(CommitMark::read(dir.path(), "a").unwrap(), Some(3));
    }

    #[test]
    fn half_a_number_leaves_the_one_before() {
        let dir = tempfile::tempdir().unwrap();
        let mut note = CommitMark::open(dir.path(), "a").unwrap();
        (1..=6).for_each(|number| note.write(number).unwrap());
        let path = dir.path().join(COMMIT_MARK);
        let whole = fs::read(&path).unwrap();
        for at in 0..PLACE_BYTES {
            let mut half = whole.clone();
            half[at] ^= 1;
            fs::write(&path, &half).unwrap();
            assert_eq!(CommitMark::read(dir.path(), "a").unwrap(), Some(5), "octet {at}");
        }
    }

    #[test]
    fn a_note_of_one_place_is_read() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(COMMIT_MARK), place_octets(9, xxh3_64(b"a"))).unwrap();
        assert_eq!(CommitMark::read(dir.path(), "a").unwrap(), Some(9));
        let mut note = CommitMark::open(dir.path(), "a").unwrap();
        note.write(10).unwrap();
        assert_eq!(CommitMark::read(dir.path(), "a").unwrap(), Some(10));
    }
}
