//! The kernel's log, read piece by piece.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;

use nix::libc;

use crate::reply::{Reply, Trouble};

/// A reply stays well below the 32 KiB that the port sends as one piece.
const REPLY_BYTES_MAX: usize = 16 * 1024;
/// Between records in a reply, which is one line.
const RECORD_SEPARATOR: char = '\u{1e}';

/// A reader of `/dev/kmsg` that remembers where it is.
pub struct Log(File);

impl Log {
    /// Starts at the oldest record.
    pub fn open() -> Result<Self, Trouble> {
        Ok(Self(OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open("/dev/kmsg")?))
    }

    /// The next records as `LEVEL TEXT`, or nothing when all were read.
    pub fn read(&mut self) -> Reply {
        let mut records = String::new();
        let mut buffer = vec![0; 8192];
        while records.len() < REPLY_BYTES_MAX / 2 {
            match self.0.read(&mut buffer) {
                Ok(length) => append(&mut records, &String::from_utf8_lossy(&buffer[..length])),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                // Overwritten before it was read: the next read continues with what is left.
                Err(error) if error.raw_os_error() == Some(libc::EPIPE) => {
                    append(&mut records, "0;records lost")
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(records)
    }
}

/// A record is `PRIORITY,SEQUENCE,TIME,FLAGS;TEXT` and continuation lines that begin with a space.
fn append(records: &mut String, record: &str) {
    let (head, text) = record.split_once(';').unwrap_or(("0", record));
    let priority: u32 = head.split(',').next().and_then(|number| number.parse().ok()).unwrap_or(0);
    let text = text.lines().next().unwrap_or_default();
    if !records.is_empty() {
        records.push(RECORD_SEPARATOR);
    }
    records.push_str(&format!("{} {text}", priority & 7));
}
