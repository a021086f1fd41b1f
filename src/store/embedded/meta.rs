//! The text file `meta`: format, identity and state of a store. It changes when the store is opened, closed and compacted.

use super::error::{Fault, OpenError};
use super::layout::{META, create, rename, sync_names, unfinished};
use super::options::FORMAT;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use xxhash_rust::xxh3::xxh3_64;

const TITLE: &str = "lockhouse store ";
const META_BYTES_MAX: u64 = 4096;
/// Longest boot id, in bytes.
const BOOT_ID_BYTES_MAX: usize = 256;

/// Holds the content of `meta`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Meta {
    /// Format of the other files.
    pub format: u32,
    /// Identity of this store.
    pub id: u64,
    /// The boot in which the files hold everything that was acknowledged.
    pub boot_id: String,
    /// Number of the last commit, if the store was closed cleanly after it.
    pub closed_at: Option<u64>,
    /// Log files below this number were compacted, perhaps more. If the sorted runs end before it, one is missing.
    pub compacted_below: u64,
}

impl Meta {
    /// Reads `meta` of the store `dir`. Returns `None` if the file does not exist.
    pub fn read(dir: &Path) -> Result<Option<Self>, OpenError> {
        let path = dir.join(META);
        let mut text = Vec::new();
        match File::open(&path).and_then(|file| file.take(META_BYTES_MAX).read_to_end(&mut text)) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(OpenError::Io { path, source }),
        }
        Self::parse(&text).map(Some)
    }

    fn parse(text: &[u8]) -> Result<Self, OpenError> {
        let damaged = || OpenError::Damaged { why: format!("{META} is not what was written") };
        let text = str::from_utf8(text).map_err(|_| damaged())?;
        // The first line is the same in all formats. The others may differ in a newer one.
        let format = text.strip_prefix(TITLE).and_then(|text| text.lines().next()).ok_or_else(damaged)?;
        let format: u32 = format.parse().map_err(|_| damaged())?;
        if format > FORMAT {
            return Err(OpenError::Newer { found: format });
        }
        let (body, sum) = text.rsplit_once("sum ").ok_or_else(damaged)?;
        if sum != format!("{:016x}\n", xxh3_64(body.as_bytes())) {
            return Err(damaged());
        }
        let field = |name: &str| body.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        let id = field("id").and_then(|id| u64::from_str_radix(id, 16).ok()).ok_or_else(damaged)?;
        let boot_id = field("boot").ok_or_else(damaged)?.to_owned();
        let closed_at = match field("closed").ok_or_else(damaged)? {
            "no" => None,
            number => Some(number.parse().map_err(|_| damaged())?),
        };
        let compacted_below = match format {
            // It had a single file of records.
            1 => 0,
            _ => field("folded").and_then(|seq| seq.parse().ok()).ok_or_else(damaged)?,
        };
        Ok(Self { format, id, boot_id, closed_at, compacted_below })
    }

    /// Replaces the file, durably.
    pub fn write(&self, dir: &Path) -> Result<(), Fault> {
        let path = dir.join(META);
        let beside = unfinished(&path);
        let mut file = create(&beside)?;
        file.write_all(self.text().as_bytes()).and_then(|()| file.sync_all()).map_err(Fault::io(&beside))?;
        rename(&beside, &path)?;
        sync_names(dir)
    }

    fn text(&self) -> String {
        let closed = self.closed_at.map_or("no".to_owned(), |number| number.to_string());
        let Self { format, id, boot_id, compacted_below, .. } = self;
        let mut text = format!("{TITLE}{format}\nid {id:016x}\nboot {boot_id}\nclosed {closed}\n");
        if *format > 1 {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "folded {compacted_below}");
        }
        let sum = xxh3_64(text.as_bytes());
        let _ = writeln!(text, "sum {sum:016x}");
        text
    }
}

/// Returns whether this can be a boot id: one short line.
pub(super) fn is_boot_id(text: &str) -> bool {
    !text.is_empty() && text.len() <= BOOT_ID_BYTES_MAX && !text.contains(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meta() -> Meta {
        Meta { format: FORMAT, id: 7, boot_id: "5b5e-1".into(), closed_at: Some(12), compacted_below: 34 }
    }

    #[test]
    fn meta_is_read_back_and_damage_of_any_byte_is_detected() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(Meta::read(dir.path()).unwrap(), None);
        meta().write(dir.path()).unwrap();
        assert_eq!(Meta::read(dir.path()).unwrap(), Some(meta()));
        let text = meta().text().into_bytes();
        for at in 0..text.len() {
            assert!(Meta::parse(&text[..at]).is_err(), "cut at {at}");
            for bit in 0..8 {
                let mut bad = text.clone();
                bad[at] ^= 1 << bit;
                assert!(Meta::parse(&bad).is_err(), "byte {at}, bit {bit}");
            }
        }
    }

    #[test]
    fn format_1_is_read() {
        let body = "lockhouse store 1\nid 0000000000000007\nboot 5b5e-1\nclosed 12\n";
        let text = format!("{body}sum {:016x}\n", xxh3_64(body.as_bytes()));
        let first = Meta { format: 1, compacted_below: 0, ..meta() };
        assert_eq!((Meta::parse(text.as_bytes()).unwrap(), first.text()), (first, text));
    }

    #[test]
    fn a_newer_format_is_reported_whatever_follows() {
        let newer = Meta::parse(b"lockhouse store 6\nsomething else");
        assert!(matches!(newer, Err(OpenError::Newer { found: 6 })));
    }
}
