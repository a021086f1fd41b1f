//! One TCP connection to a server: calls out, replies in, in any order.

use super::Error;
use super::rpc::{CallHeader, Credential, NFS_PROGRAM, Reply};
use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

/// Largest record that is taken from a server, in octets: the largest READ plus the head of the reply.
const RECORD_BYTES_MAX: usize = 4 << 20;
/// How long a call waits for its reply, unless [`Connection::set_timeout`] says otherwise.
const TIMEOUT: Duration = Duration::from_secs(30);
/// The bit of a record mark that says that the fragment is the last one.
const LAST_FRAGMENT: u32 = 1 << 31;
/// The version of RPC.
const RPC_VERSION: u32 = 2;
/// The version of the NFS program.
const NFS_VERSION: u32 = 4;

/// A blocking connection on which several calls may be outstanding: [`send`](Self::send) them, then
/// [`receive`](Self::receive) each by its xid.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    timeout: Duration,
    next_xid: u32,
    /// Octets that were read and are not yet a whole fragment.
    unparsed: Vec<u8>,
    /// Fragments of the record that is arriving.
    record: Vec<u8>,
    /// Replies that came before somebody asked for them.
    early: HashMap<u32, Reply>,
}

impl Connection {
    /// Connects to the first address of `addr` that answers.
    pub fn connect(addr: impl ToSocketAddrs) -> Result<Self, Error> {
        let stream = TcpStream::connect(addr)?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            timeout: TIMEOUT,
            next_xid: first_xid(),
            unparsed: Vec::new(),
            record: Vec::new(),
            early: HashMap::new(),
        })
    }

    /// How long a reply is waited for. After [`Error::Timeout`] the connection can still be used.
    pub fn set_timeout(&mut self, timeout: Duration) {
        self.timeout = timeout;
    }

    /// A number that no earlier call of this connection used.
    pub fn new_xid(&mut self) -> u32 {
        let xid = self.next_xid;
        self.next_xid = self.next_xid.wrapping_add(1);
        xid
    }

    /// Calls a procedure of NFSv4 and waits: 0 is NULL, 1 is COMPOUND.
    pub fn call(&mut self, procedure: u32, credential: &Credential, args: &[u8]) -> Result<Vec<u8>, Error> {
        let xid = self.send(procedure, credential, args)?;
        self.receive(xid)?.outcome.map_err(Error::Refused)
    }

    /// Sends a call of an NFSv4 procedure and gives its xid.
    pub fn send(&mut self, procedure: u32, credential: &Credential, args: &[u8]) -> Result<u32, Error> {
        let xid = self.new_xid();
        let header = CallHeader {
            xid,
            rpc_version: RPC_VERSION,
            program: NFS_PROGRAM,
            version: NFS_VERSION,
            procedure,
            credential,
        };
        self.send_message(&header.message(args))?;
        Ok(xid)
    }

    /// Sends these octets as one record of one fragment.
    pub fn send_message(&mut self, message: &[u8]) -> Result<(), Error> {
        self.send_fragments(&[message])
    }

    /// Sends these octets as one record in these fragments, empty ones included, in one write.
    pub fn send_fragments(&mut self, fragments: &[&[u8]]) -> Result<(), Error> {
        let mut out = Vec::with_capacity(fragments.iter().map(|fragment| fragment.len() + 4).sum());
        for (index, fragment) in fragments.iter().enumerate() {
            let last = if index + 1 == fragments.len() { LAST_FRAGMENT } else { 0 };
            out.extend_from_slice(&(last | fragment.len() as u32).to_be_bytes());
            out.extend_from_slice(fragment);
        }
        self.send_octets(&out)
    }

    /// Sends octets as they are, without a record mark.
    pub fn send_octets(&mut self, octets: &[u8]) -> Result<(), Error> {
        self.stream.set_write_timeout(Some(self.timeout))?;
        self.stream.write_all(octets).map_err(from_io)
    }

    /// Waits for the reply to the call `xid`; replies to other calls are kept until they are asked for.
    pub fn receive(&mut self, xid: u32) -> Result<Reply, Error> {
        let deadline = Instant::now() + self.timeout;
        loop {
            if let Some(reply) = self.early.remove(&xid) {
                return Ok(reply);
            }
            let record = self.next_record(deadline)?;
            let reply = Reply::parse(&record)?;
            self.early.insert(reply.xid, reply);
        }
    }

    /// Waits for the next reply, whichever call it is for. Early ones that nobody asked for come first.
    pub fn receive_any(&mut self) -> Result<Reply, Error> {
        if let Some(xid) = self.early.keys().next().copied()
            && let Some(reply) = self.early.remove(&xid)
        {
            return Ok(reply);
        }
        let record = self.next_record(Instant::now() + self.timeout)?;
        Reply::parse(&record)
    }

    /// Ends the sending half: the server sees the end of the stream, replies can still come.
    pub fn finish_sending(&mut self) -> Result<(), Error> {
        Ok(self.stream.shutdown(Shutdown::Write)?)
    }

    /// Waits until the server closes the connection; what it still sends is dropped.
    pub fn wait_closed(&mut self) -> Result<(), Error> {
        let deadline = Instant::now() + self.timeout;
        loop {
            self.unparsed.clear();
            match self.fill(deadline) {
                Ok(()) => {}
                Err(Error::Closed) => return Ok(()),
                // A reset is how a peer closes that had octets of ours left unread.
                Err(Error::Io(error)) if error.kind() == io::ErrorKind::ConnectionReset => return Ok(()),
                Err(other) => return Err(other),
            }
        }
    }

    fn next_record(&mut self, deadline: Instant) -> Result<Vec<u8>, Error> {
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

    /// Reads what there is, at least one octet.
    fn fill(&mut self, deadline: Instant) -> Result<(), Error> {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Error::Timeout);
        }
        self.stream.set_read_timeout(Some(left))?;
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

/// Where the xids of a connection begin: not where others did, so that no server takes our calls for those of
/// another.
fn first_xid() -> u32 {
    RandomState::new().build_hasher().finish() as u32
}

/// Takes a whole fragment off the front, and whether it is the last of its record.
fn take_fragment(octets: &mut Vec<u8>) -> Result<Option<(bool, Vec<u8>)>, Error> {
    let Some(mark) = octets.first_chunk::<4>().map(|mark| u32::from_be_bytes(*mark)) else {
        return Ok(None);
    };
    let length = (mark & !LAST_FRAGMENT) as usize;
    if length > RECORD_BYTES_MAX {
        return Err(Error::RecordTooLong(RECORD_BYTES_MAX));
    }
    if octets.len() < 4 + length {
        return Ok(None);
    }
    let rest = octets.split_off(4 + length);
    let mut fragment = std::mem::replace(octets, rest);
    fragment.drain(..4);
    Ok(Some((mark & LAST_FRAGMENT != 0, fragment)))
}

fn from_io(error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => Error::Timeout,
        _ => Error::Io(error),
    }
}
