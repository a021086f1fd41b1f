//! The format of the file behind the index of names.
//!
//! ```text
//! header: magic 8 bytes | version u32 | id u64 | changes u64 | live u64 | checksum of all this u64
//! record: length of the payload u16 | checksum of the payload u64 | payload
//! payload: what u8 | id | parent | name        (each: length u8, bytes; parent and name only for links)
//! ```

use super::id::Id;
use crate::files::index_mark::IndexMark;
use siphasher::sip::SipHasher13;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

pub(super) const MAGIC: &[u8; 8] = b"lkhnames";
const VERSION: u32 = 2;
/// Had a header of only magic and version, so that missing records could not be detected.
pub(super) const VERSION_1: u32 = 1;
pub(super) const HEADER_1_BYTES: u64 = 12;
pub(super) const HEADER_BYTES: u64 = 44;
const RECORD_HEAD_BYTES: usize = 10;
/// Longest payload: three strings of at most 255 bytes.
const PAYLOAD_BYTES_MAX: usize = 1 + 3 * 256;
/// Holds one entry of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Record {
    /// The object has this name.
    Link { id: Id, parent: Id, name: Box<[u8]> },
    /// It no longer has this name.
    Unlink { id: Id, parent: Id, name: Box<[u8]> },
    /// It is gone with all its names.
    Forget { id: Id },
}

/// Says why an index cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// It cannot be read or written.
    #[error("index of names {0}: {1}")]
    Io(PathBuf, #[source] io::Error),
    /// A newer release wrote it.
    #[error(
        "index of names {0} has version {1}, this release knows {VERSION}: use the newer release, or remove the file (clients then see stale handles)"
    )]
    Newer(PathBuf, u32),
}

/// Holds what the header of a file says.
pub(super) enum Header {
    /// The mark when it was written, and how many records follow that are from before.
    Good(IndexMark, u64),
    /// A file of the first version, whose header says nothing more.
    First,
    /// A damaged header.
    Damaged,
}

pub(super) fn header(mark: IndexMark, live: u64) -> [u8; HEADER_BYTES as usize] {
    let mut header = [0; HEADER_BYTES as usize];
    let parts = [&MAGIC[..], &VERSION.to_be_bytes(), &mark.to_bytes(), &live.to_be_bytes()];
    let signed: Vec<u8> = parts.concat();
    header[..36].copy_from_slice(&signed);
    header[36..].copy_from_slice(&checksum(&signed).to_be_bytes());
    header
}

/// Reads the header. Errors: `Newer` for an intact header of a newer version; those of the file.
pub(super) fn read_header(reader: &mut BufReader<File>, path: &Path) -> Result<Header, IndexError> {
    let wrong = |error| IndexError::Io(path.to_owned(), error);
    let mut bytes = [0; HEADER_BYTES as usize];
    let (first, rest) = bytes.split_at_mut(HEADER_1_BYTES as usize);
    if !read_whole(reader, first).map_err(wrong)? || first[..8] != *MAGIC {
        return Ok(Header::Damaged);
    }
    let version = u32::from_be_bytes([first[8], first[9], first[10], first[11]]);
    if version == VERSION_1 {
        return Ok(Header::First);
    }
    if !read_whole(reader, rest).map_err(wrong)? {
        return Ok(Header::Damaged);
    }
    let (signed, sum) = bytes.split_at(36);
    if checksum(signed).to_be_bytes() != *sum {
        return Ok(Header::Damaged);
    }
    match (version, IndexMark::from_bytes(&signed[12..28]), signed[28..].try_into()) {
        (VERSION, Some(mark), Ok(live)) => Ok(Header::Good(mark, u64::from_be_bytes(live))),
        _ => Err(IndexError::Newer(path.to_owned(), version)),
    }
}

/// Reads the next record and its length; `None` at the end of the complete ones.
pub(super) fn read_record(reader: &mut impl Read) -> io::Result<Option<(Record, u64)>> {
    let mut head = [0; RECORD_HEAD_BYTES];
    if !read_whole(reader, &mut head)? {
        return Ok(None);
    }
    let [a, b, sum @ ..] = head;
    let length = usize::from(u16::from_be_bytes([a, b]));
    let mut payload = [0; PAYLOAD_BYTES_MAX];
    let Some(payload) = payload.get_mut(..length) else { return Ok(None) };
    if !read_whole(reader, payload)? || checksum(payload) != u64::from_be_bytes(sum) {
        return Ok(None);
    }
    Ok(decode(payload).map(|record| (record, (RECORD_HEAD_BYTES + length) as u64)))
}

fn read_whole(reader: &mut impl Read, bytes: &mut [u8]) -> io::Result<bool> {
    match reader.read_exact(bytes) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

pub(super) fn checksum(payload: &[u8]) -> u64 {
    SipHasher13::new_with_key(b"lockhouse  names").hash(payload)
}

const LINK: u8 = 1;
const UNLINK: u8 = 2;
const FORGET: u8 = 3;

pub(super) fn encode(record: &Record) -> Vec<u8> {
    let (what, parts): (u8, &[&[u8]]) = match record {
        Record::Link { id, parent, name } => (LINK, &[id, parent, name]),
        Record::Unlink { id, parent, name } => (UNLINK, &[id, parent, name]),
        Record::Forget { id } => (FORGET, &[id]),
    };
    let mut payload = vec![what];
    for part in parts {
        // Ids are parts of filehandles and names are components: neither is longer.
        let part = part.get(..255).unwrap_or(part);
        payload.push(part.len() as u8);
        payload.extend_from_slice(part);
    }
    let mut bytes = (payload.len() as u16).to_be_bytes().to_vec();
    bytes.extend_from_slice(&checksum(&payload).to_be_bytes());
    bytes.append(&mut payload);
    bytes
}

fn decode(payload: &[u8]) -> Option<Record> {
    let (&what, rest) = payload.split_first()?;
    let (id, rest) = part(rest)?;
    let id = Id::from_slice(id);
    if what == FORGET {
        return rest.is_empty().then_some(Record::Forget { id });
    }
    let (parent, rest) = part(rest)?;
    let (name, rest) = part(rest)?;
    let (parent, name) = (Id::from_slice(parent), name.into());
    match (what, rest) {
        (LINK, []) => Some(Record::Link { id, parent, name }),
        (UNLINK, []) => Some(Record::Unlink { id, parent, name }),
        _ => None,
    }
}

fn part(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&length, rest) = bytes.split_first()?;
    rest.split_at_checked(usize::from(length))
}
