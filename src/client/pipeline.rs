//! A connection on which many calls are outstanding and nothing blocks: calls gather in a buffer and leave in one write,
//! replies are read as many as there are and looked at where they lie.

use super::callback::{BackChannel, Callback, Manner};
use super::template::Draft;
use super::{Connection, Error, Slot, Template};
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::{Arc, Mutex, mpsc};

/// Bytes that are read at once: replies of some hundred calls.
const INPUT_BYTES: usize = 256 << 10;
/// The bit of a record mark that says that the fragment is the last one.
const LAST_FRAGMENT: u32 = 1 << 31;

/// Represents a nonblocking connection. Records of the server must come in one fragment of less than 256 KiB, as those do
/// that answer a [`Template`].
#[derive(Debug)]
pub struct Pipeline {
    stream: TcpStream,
    /// Calls that are not sent yet; the first `sent` bytes are.
    out: Vec<u8>,
    sent: usize,
    /// What was read; `taken..filled` is not looked at yet.
    input: Box<[u8]>,
    taken: usize,
    filled: usize,
    back: Option<(BackChannel, mpsc::Receiver<Callback>)>,
}

impl Pipeline {
    /// Continues over a connection on which no call is outstanding.
    pub fn on(connection: Connection) -> Result<Self, Error> {
        let stream = connection.into_stream()?;
        stream.set_nonblocking(true)?;
        let input = vec![0; INPUT_BYTES].into_boxed_slice();
        Ok(Self { stream, out: Vec::new(), sent: 0, input, taken: 0, filled: 0, back: None })
    }

    /// Answers, from now on, what the server calls for this session of this minor version, which has so many slots in its
    /// back channel.
    pub fn answer_calls(&mut self, (session, minor): ([u8; 16], u32), slots: u32) {
        let (hear, heard) = mpsc::channel();
        let manner = Arc::new(Mutex::new(Manner::Well));
        self.back = Some((BackChannel::new((session, minor), slots.max(1), manner, hear), heard));
    }

    /// Puts a call among those to be sent.
    pub fn call(&mut self, template: &Template, xid: u32, slot: Option<&Slot>) -> Draft<'_> {
        template.write(xid, slot, &mut self.out)
    }

    /// Returns the buffer of calls, for messages that are no calls of a template. They go out with their record mark.
    pub fn out(&mut self) -> &mut Vec<u8> {
        &mut self.out
    }

    /// Sends as much as the socket takes; whether all is sent.
    ///
    /// Errors: [`Error::Io`].
    pub fn flush(&mut self) -> Result<bool, Error> {
        while let Some(rest) = self.out.get(self.sent..).filter(|rest| !rest.is_empty()) {
            match (&self.stream).write(rest) {
                Ok(count) => self.sent += count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Error::Io(error)),
            }
        }
        self.out.clear();
        self.sent = 0;
        Ok(true)
    }

    /// Returns whether there is something to send.
    pub fn has_unsent(&self) -> bool {
        self.sent < self.out.len()
    }

    /// Reads what there is, once; whether there was anything.
    ///
    /// Errors: [`Error::Closed`], [`Error::Io`], [`Error::RecordTooLong`].
    pub fn fill(&mut self) -> Result<bool, Error> {
        self.input.copy_within(self.taken..self.filled, 0);
        self.filled -= self.taken;
        self.taken = 0;
        let Some(room) = self.input.get_mut(self.filled..).filter(|room| !room.is_empty()) else {
            return Err(Error::RecordTooLong(INPUT_BYTES));
        };
        match (&self.stream).read(room) {
            Ok(0) => Err(Error::Closed),
            Ok(count) => {
                self.filled += count;
                Ok(true)
            }
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => {
                Ok(false)
            }
            Err(error) => Err(Error::Io(error)),
        }
    }

    /// Returns the next whole record of what was read, without its mark.
    ///
    /// Errors: [`Error::Malformed`] for one in several fragments.
    pub fn record(&mut self) -> Result<Option<&[u8]>, Error> {
        let unread = self.input.get(self.taken..self.filled).unwrap_or_default();
        let Some((mark, rest)) = unread.split_first_chunk::<4>() else { return Ok(None) };
        let mark = u32::from_be_bytes(*mark);
        let bytes = (mark & !LAST_FRAGMENT) as usize;
        if mark & LAST_FRAGMENT == 0 {
            return Err(Error::malformed("a short reply in several fragments"));
        }
        if bytes > INPUT_BYTES - 4 {
            return Err(Error::RecordTooLong(INPUT_BYTES));
        }
        if rest.len() < bytes {
            return Ok(None);
        }
        let start = self.taken + 4;
        self.taken = start + bytes;
        Ok(self.input.get(start..start + bytes))
    }

    /// Answers a call of the server, which [`record`](Self::record) gave; what it said, if it was understood.
    pub fn answer_call(&mut self, record: &[u8]) -> Option<Callback> {
        let (back, heard) = self.back.as_mut()?;
        let message = back.answer(record)?;
        self.out.extend_from_slice(&(LAST_FRAGMENT | message.len() as u32).to_be_bytes());
        self.out.extend_from_slice(&message);
        heard.try_recv().ok()
    }
}

impl AsFd for Pipeline {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.stream.as_fd()
    }
}
