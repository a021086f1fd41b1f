//! One TCP connection to a server: calls out, replies in, in any order; and the server's calls in, if somebody answers
//! them.

use super::Error;
use super::records::{LAST_FRAGMENT, Records, from_io};
use super::rpc::{CallHeader, Credential, NFS_PROGRAM, Reply};
use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Write};
use std::net::{Shutdown, TcpStream, ToSocketAddrs};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

/// How long a call waits for its reply, unless [`Connection::set_timeout`] says otherwise.
const TIMEOUT: Duration = Duration::from_secs(30);
/// The version of RPC.
const RPC_VERSION: u32 = 2;
/// The version of the NFS program.
const NFS_VERSION: u32 = 4;

/// Represents a blocking connection on which several calls may be outstanding: [`send`](Self::send) them, then
/// [`receive`](Self::receive) each by its xid.
#[derive(Debug)]
pub struct Connection {
    sending: Sending,
    incoming: Incoming,
    timeout: Duration,
    next_xid: u32,
    /// Replies that came before somebody asked for them.
    early: HashMap<u32, Reply>,
}

/// The sending half, shared with the thread that answers the server's calls.
#[derive(Clone, Debug)]
struct Sending(Arc<Mutex<TcpStream>>);

/// Who reads.
#[derive(Debug)]
enum Incoming {
    /// Whoever waits for a reply.
    Direct(Records),
    /// A thread that answers the server's calls and passes replies on.
    Thread(mpsc::Receiver<Result<Reply, Error>>),
}

impl Connection {
    /// Connects to the first address of `addr` that answers.
    pub fn connect(addr: impl ToSocketAddrs) -> Result<Self, Error> {
        Self::over(TcpStream::connect(addr)?)
    }

    /// Creates a connection over a stream that is connected.
    pub fn over(stream: TcpStream) -> Result<Self, Error> {
        stream.set_nodelay(true)?;
        Ok(Self {
            incoming: Incoming::Direct(Records::new(stream.try_clone()?)),
            sending: Sending(Arc::new(Mutex::new(stream))),
            timeout: TIMEOUT,
            next_xid: first_xid(),
            early: HashMap::new(),
        })
    }

    /// Sets how long a reply is waited for. After [`Error::Timeout`] the connection can still be used.
    pub fn set_timeout(&mut self, timeout: Duration) {
        self.timeout = timeout;
    }

    /// Starts a thread that reads, so that calls of the server are answered whatever else the client does: `answer` gets
    /// the record of a call and gives the message to send back, if any. The thread ends with the connection.
    pub fn answer_calls(&mut self, answer: impl FnMut(&[u8]) -> Option<Vec<u8>> + Send + 'static) {
        let (replies, incoming) = mpsc::channel();
        if let Incoming::Direct(records) = std::mem::replace(&mut self.incoming, Incoming::Thread(incoming)) {
            let sending = self.sending.clone();
            std::thread::spawn(move || read_all(records, &sending, &replies, answer));
        }
    }

    /// Continues the numbers of calls where `before` stands, so that none gets the number of a call that is sent again.
    pub fn count_on_from(&mut self, before: &Self) {
        self.next_xid = before.next_xid;
    }

    /// Returns a number that no earlier call of this connection used.
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
        let (xid, message) = self.message(procedure, credential, args);
        self.send_message(&message)?;
        Ok(xid)
    }

    /// Returns a call of an NFSv4 procedure that is not sent yet, and its xid.
    pub fn message(&mut self, procedure: u32, credential: &Credential, args: &[u8]) -> (u32, Vec<u8>) {
        let xid = self.new_xid();
        let header = CallHeader {
            xid,
            rpc_version: RPC_VERSION,
            program: NFS_PROGRAM,
            version: NFS_VERSION,
            procedure,
            credential,
        };
        (xid, header.message(args))
    }

    /// Sends these bytes as one record of one fragment.
    pub fn send_message(&mut self, message: &[u8]) -> Result<(), Error> {
        self.send_fragments(&[message])
    }

    /// Sends these bytes as one record in these fragments, empty ones included, in one write.
    pub fn send_fragments(&mut self, fragments: &[&[u8]]) -> Result<(), Error> {
        self.send_bytes(&marked(fragments))
    }

    /// Sends bytes as they are, without a record mark.
    pub fn send_bytes(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.sending.send(bytes, self.timeout)
    }

    /// Waits for the reply to the call `xid`; replies to other calls are kept until they are asked for.
    pub fn receive(&mut self, xid: u32) -> Result<Reply, Error> {
        let deadline = Instant::now() + self.timeout;
        loop {
            if let Some(reply) = self.early.remove(&xid) {
                return Ok(reply);
            }
            let reply = self.incoming.next(deadline)?;
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
        self.incoming.next(Instant::now() + self.timeout)
    }

    /// Ends the sending half: the server sees the end of the stream, replies can still come.
    pub fn finish_sending(&mut self) -> Result<(), Error> {
        Ok(self.sending.lock().shutdown(Shutdown::Write)?)
    }

    /// Returns the socket of a connection on which nothing is outstanding and no thread reads.
    pub(super) fn into_stream(self) -> Result<TcpStream, Error> {
        match &self.incoming {
            Incoming::Direct(records) if records.is_empty() && self.early.is_empty() => {
                Ok(self.sending.lock().try_clone()?)
            }
            _ => Err(Error::malformed("the connection is in use")),
        }
    }

    /// Waits until the server closes the connection; what it still sends is dropped.
    pub fn wait_closed(&mut self) -> Result<(), Error> {
        let deadline = Instant::now() + self.timeout;
        loop {
            let outcome = match &mut self.incoming {
                Incoming::Direct(records) => records.skip(deadline),
                thread => thread.next(deadline).map(drop),
            };
            match outcome {
                Ok(()) => {}
                Err(Error::Closed) => return Ok(()),
                // A reset is how a peer closes that had bytes of ours left unread.
                Err(Error::Io(error)) if error.kind() == io::ErrorKind::ConnectionReset => return Ok(()),
                Err(other) => return Err(other),
            }
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // Else the thread would keep the connection open.
        if let Incoming::Thread(_) = self.incoming {
            let _ = self.sending.lock().shutdown(Shutdown::Both);
        }
    }
}

impl Incoming {
    /// Returns the next reply.
    fn next(&mut self, deadline: Instant) -> Result<Reply, Error> {
        match self {
            Self::Direct(records) => Reply::parse(&records.next(Some(deadline))?),
            Self::Thread(replies) => {
                match replies.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                    Ok(reply) => reply,
                    Err(mpsc::RecvTimeoutError::Timeout) => Err(Error::Timeout),
                    Err(mpsc::RecvTimeoutError::Disconnected) => Err(Error::Closed),
                }
            }
        }
    }
}

impl Sending {
    fn lock(&self) -> std::sync::MutexGuard<'_, TcpStream> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn send(&self, bytes: &[u8], timeout: Duration) -> Result<(), Error> {
        let mut stream = self.lock();
        stream.set_write_timeout(Some(timeout))?;
        stream.write_all(bytes).map_err(from_io)
    }
}

/// Answers calls and passes replies on until the stream ends or nobody wants them.
fn read_all(
    mut records: Records,
    sending: &Sending,
    replies: &mpsc::Sender<Result<Reply, Error>>,
    mut answer: impl FnMut(&[u8]) -> Option<Vec<u8>>,
) {
    loop {
        let item = match records.next(None) {
            // The second word of a message is its type, and CALL is 0.
            Ok(record) if record.get(4..8) == Some(&[0; 4]) => {
                let sent = answer(&record).map(|message| sending.send(&marked(&[&message]), TIMEOUT));
                match sent {
                    Some(Err(error)) => Err(error),
                    _ => continue,
                }
            }
            Ok(record) => Reply::parse(&record),
            Err(error) => Err(error),
        };
        let is_end = item.is_err();
        if replies.send(item).is_err() || is_end {
            return;
        }
    }
}

/// Fragments with their marks.
fn marked(fragments: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::with_capacity(fragments.iter().map(|fragment| fragment.len() + 4).sum());
    for (index, fragment) in fragments.iter().enumerate() {
        let last = if index + 1 == fragments.len() { LAST_FRAGMENT } else { 0 };
        out.extend_from_slice(&(last | fragment.len() as u32).to_be_bytes());
        out.extend_from_slice(fragment);
    }
    out
}

/// Returns where the xids of a connection begin: not where others did, so that no server takes our calls for those of
/// another.
fn first_xid() -> u32 {
    RandomState::new().build_hasher().finish() as u32
}
