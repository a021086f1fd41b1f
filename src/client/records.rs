//! Records as they arrive (RFC 5531 §11).

use super::Error;
use std::io::{self, Read};
use std::net::TcpStream;
use std::time::Instant;

/// Largest record that is taken from a server, in bytes: the largest READ plus the head of the reply.
const RECORD_BYTES_MAX: usize = 4 << 20;
/// The bit of a record mark that says that the fragment is the last one.
pub(super) const LAST_FRAGMENT: u32 = 1 << 31;

/// Represents the receiving half of a connection.
#[derive(Debug)]
pub(super) struct Records {
    stream: TcpStream,
    /// Bytes that were read and are not yet a whole fragment.
    unparsed: Vec<u8>,
    /// Fragments of the record that is arriving.
    record: Vec<u8>,
}

impl Records {
    /// Creates the receiving half of this stream.
    pub fn new(stream: TcpStream) -> Self {
        Self { stream, unparsed: Vec::new(), record: Vec::new() }
    }

    /// Returns the next whole record; without a deadline it is waited for until the stream ends.
    pub fn next(&mut self, deadline: Option<Instant>) -> Result<Vec<u8>, Error> {
        loop {
            while let Some((last, fragment)) = take_fragment(&mut self.unparsed)? {
                self.record.extend_from_slice(&fragment);
                if self.record.len() > RECORD_BYTES_MAX {
                    return Err(Error::RecordTooLong(RECORD_BYTES_MAX));
                }
                if last {
                    return Ok(std::mem::take(&mut self.record));
                }
            }
            self.fill(deadline)?;
        }
    }

    /// Returns whether all that was read was given out.
    pub fn is_empty(&self) -> bool {
        self.unparsed.is_empty() && self.record.is_empty()
    }

    /// Waits for bytes and drops them.
    pub fn skip(&mut self, deadline: Instant) -> Result<(), Error> {
        self.unparsed.clear();
        self.fill(Some(deadline))
    }

    /// Reads what there is, at least one byte.
    fn fill(&mut self, deadline: Option<Instant>) -> Result<(), Error> {
        let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        if left.is_some_and(|left| left.is_zero()) {
            return Err(Error::Timeout);
        }
        self.stream.set_read_timeout(left)?;
        let mut chunk = [0; 16_384];
        match self.stream.read(&mut chunk) {
            Ok(0) => Err(Error::Closed),
            Ok(count) => {
                self.unparsed.extend_from_slice(chunk.get(..count).unwrap_or_default());
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(()),
            Err(error) => Err(from_io(error)),
        }
    }
}

/// Takes a whole fragment off the front, and whether it is the last of its record.
fn take_fragment(bytes: &mut Vec<u8>) -> Result<Option<(bool, Vec<u8>)>, Error> {
    let Some(mark) = bytes.first_chunk::<4>().map(|mark| u32::from_be_bytes(*mark)) else {
        return Ok(None);
    };
    let length = (mark & !LAST_FRAGMENT) as usize;
    if length > RECORD_BYTES_MAX {
        return Err(Error::RecordTooLong(RECORD_BYTES_MAX));
    }
    if bytes.len() < 4 + length {
        return Ok(None);
    }
    let rest = bytes.split_off(4 + length);
    let mut fragment = std::mem::replace(bytes, rest);
    fragment.drain(..4);
    Ok(Some((mark & LAST_FRAGMENT != 0, fragment)))
}

pub(super) fn from_io(error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => Error::Timeout,
        _ => Error::Io(error),
    }
}
