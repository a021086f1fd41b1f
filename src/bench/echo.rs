//! The limit of the machine: a bare TCP server that answers messages of the same sizes, and who calls it.
//!
//! A request is a record mark, an xid, the bytes that the reply shall have, and filling. A reply is a record mark, the
//! xid, a 1 as in every reply of RPC, and filling. The server reads what there is, answers all whole requests in one write, and does nothing else.

use super::engine::{Script, Timing};
use super::tally::Tally;
use crate::client::Pipeline;
use rustix::event::epoll;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

/// The bit of a record mark that says that the fragment is the last one.
const LAST_FRAGMENT: u32 = 1 << 31;
/// What tells a reply from a call, behind the xid.
const REPLY: u32 = 1;
/// Bytes of a message at least: mark, xid, size of the reply.
const MESSAGE_BYTES_MIN: usize = 12;
/// Bytes of a message at most.
const MESSAGE_BYTES_MAX: usize = 64 << 10;

/// Holds the bytes of a call and of its reply, with their marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// Of the call.
    pub call: usize,
    /// Of the reply.
    pub reply: usize,
}

/// Calls an echo server with these sizes in turn, on every lane.
#[derive(Debug)]
pub struct EchoScript {
    sizes: Vec<Sizes>,
    /// Which size each lane sends next.
    turns: Vec<usize>,
}

impl EchoScript {
    /// Creates a script for so many lanes.
    pub fn new(sizes: Vec<Sizes>, lanes: usize) -> Self {
        Self { sizes, turns: vec![0; lanes] }
    }
}

impl Script for EchoScript {
    fn call(&mut self, lane: usize, xid: u32, out: &mut Pipeline) -> bool {
        let turn = self.turns.get(lane).copied().unwrap_or(0);
        let Some(sizes) = self.sizes.get(turn % self.sizes.len().max(1)) else { return false };
        let out = out.out();
        let end = out.len() + sizes.call.max(MESSAGE_BYTES_MIN);
        out.extend_from_slice(&(LAST_FRAGMENT | (sizes.call as u32).saturating_sub(4)).to_be_bytes());
        out.extend_from_slice(&xid.to_be_bytes());
        out.extend_from_slice(&(sizes.reply as u32).to_be_bytes());
        out.resize(end, 1);
        true
    }

    fn reply(&mut self, lane: usize, record: &[u8], timing: Timing, tally: &mut Tally) {
        tally.calls += 1;
        let Some(turn) = self.turns.get_mut(lane) else { return };
        let expected = self.sizes.get(*turn % self.sizes.len().max(1)).map_or(0, |sizes| sizes.reply);
        match record.len() + 4 == expected {
            true => tally.unit(timing.nanos()),
            false => tally.error("reply of a wrong length"),
        }
        *turn += 1;
    }
}

/// Serves on this listener until the process ends.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
    let data = epoll::EventData::new_u64(u64::MAX);
    epoll::add(&epoll, listener, data, epoll::EventFlags::IN)?;
    let mut peers: Vec<Option<Peer>> = Vec::new();
    let mut events = [epoll::Event { flags: epoll::EventFlags::empty(), data }; 64];
    loop {
        let count = match epoll::wait(&epoll, &mut events, None) {
            Ok(count) => count,
            Err(rustix::io::Errno::INTR) => continue,
            Err(error) => return Err(error.into()),
        };
        for event in events.iter().take(count) {
            let number = event.data.u64();
            if number == u64::MAX {
                let Ok((stream, _)) = listener.accept() else { continue };
                peers.push(Peer::join(stream, &epoll, peers.len() as u64).ok());
            } else if let Some(peer) = peers.get_mut(number as usize)
                && peer.as_mut().is_some_and(|peer| peer.serve().is_err())
            {
                *peer = None;
            }
        }
    }
}

/// A connection of the echo server.
struct Peer {
    stream: TcpStream,
    input: Box<[u8]>,
    filled: usize,
    out: Vec<u8>,
}

impl Peer {
    fn join(stream: TcpStream, epoll: impl std::os::fd::AsFd, number: u64) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        epoll::add(epoll, &stream, epoll::EventData::new_u64(number), epoll::EventFlags::IN)?;
        let input = vec![0; 4 * MESSAGE_BYTES_MAX].into_boxed_slice();
        Ok(Self { stream, input, filled: 0, out: Vec::new() })
    }

    /// Reads once and answers all that is whole.
    fn serve(&mut self) -> io::Result<()> {
        let room = self.input.get_mut(self.filled..).unwrap_or_default();
        match (&self.stream).read(room) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => self.filled += count,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
        }
        let unread = self.input.get(..self.filled).unwrap_or_default();
        let taken = answer_all(unread, &mut self.out)?;
        self.input.copy_within(taken..self.filled, 0);
        self.filled -= taken;
        self.send()
    }

    /// Sends all; a peer that takes nothing is waited for, since it has as many calls in flight as it wants.
    fn send(&mut self) -> io::Result<()> {
        let mut rest = self.out.as_slice();
        while !rest.is_empty() {
            match (&self.stream).write(rest) {
                Ok(count) => rest = rest.get(count..).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => std::thread::yield_now(),
                Err(error) => return Err(error),
            }
        }
        self.out.clear();
        Ok(())
    }
}

/// Answers every whole request at the front of `bytes` and says how many bytes those were.
fn answer_all(input: &[u8], out: &mut Vec<u8>) -> io::Result<usize> {
    let mut rest = input;
    while let Some((head, _)) = rest.split_first_chunk::<MESSAGE_BYTES_MIN>() {
        let word = |at: usize| {
            head.get(at..at + 4)
                .and_then(|word| word.first_chunk())
                .map_or(0, |word| u32::from_be_bytes(*word))
        };
        let bytes = (word(0) & !LAST_FRAGMENT) as usize + 4;
        let reply = word(8) as usize;
        if bytes < MESSAGE_BYTES_MIN || bytes.max(reply) > MESSAGE_BYTES_MAX || reply < MESSAGE_BYTES_MIN {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let Some(after) = rest.get(bytes..) else { break };
        rest = after;
        let end = out.len() + reply;
        out.extend_from_slice(&(LAST_FRAGMENT | (reply as u32 - 4)).to_be_bytes());
        out.extend_from_slice(&word(4).to_be_bytes());
        out.extend_from_slice(&REPLY.to_be_bytes());
        out.resize(end, 0);
    }
    Ok(input.len() - rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(bytes: u32, reply: u32) -> Vec<u8> {
        let mut out = [LAST_FRAGMENT | (bytes - 4), 7, reply].map(u32::to_be_bytes).concat();
        out.resize(bytes as usize, 1);
        out
    }

    #[test]
    fn whole_requests_are_answered_and_a_part_waits() {
        let two = [request(40, 16), request(20, 12)].concat();
        let mut out = Vec::new();
        assert_eq!(answer_all(&two[..59], &mut out).unwrap(), 40);
        assert_eq!(out.len(), 16);
        assert_eq!(out[..12], [LAST_FRAGMENT | 12, 7, REPLY].map(u32::to_be_bytes).concat());
        assert_eq!(answer_all(&two[40..], &mut out).unwrap(), 20);
        assert_eq!(out.len(), 28);
    }

    #[test]
    fn nonsense_ends_the_connection() {
        for (bytes, reply) in [(12, 8), (12, 1 << 20), (1 << 20, 12)] {
            assert!(answer_all(&request(bytes, reply), &mut Vec::new()).is_err());
        }
    }
}
