//! The duplicate request cache (RFC 7530 §3.1.1): a call that is sent again is answered again, not carried out again.
//!
//! A Linux client sends a call again, with the same xid and from the same port, when a connection breaks before the
//! answer has come. Calls are the same when the peer's address and port, the xid, the principal, the digest of user and
//! groups, and length and digest of the arguments are the same. The digests are keyed by a secret of this process. Without
//! the port in the key, clients that count their xids from a fixed number would get each other's replies; without the
//! groups, a call would get the reply that another one was given with other permissions.
//!
//! Nothing here knows time or sockets: `now` is an argument, and `W`, who waits for a reply, is the caller's business.

use crate::nfs4::{Cred, Principal, Time};
use bytes::Bytes;
use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::net::SocketAddr;
use std::time::Duration;

/// Limits how much is remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplayLimits {
    /// Most replies.
    pub entries_max: usize,
    /// Most bytes of replies. A longer reply is not remembered.
    pub bytes_max: usize,
    /// How long a reply is remembered.
    pub age_max: Duration,
    /// Most repetitions that wait for one call; further ones are dropped.
    pub waiters_max: usize,
}

impl ReplayLimits {
    /// Those of the server.
    pub const DEFAULT: Self =
        Self { entries_max: 4096, bytes_max: 16 << 20, age_max: Duration::from_secs(120), waiters_max: 8 };
}

impl Default for ReplayLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// Identifies a call: two calls with the same key are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReplayKey {
    peer: SocketAddr,
    xid: u32,
    principal: Principal,
    cred_digest: u64,
    args_bytes: usize,
    args_digest: u64,
}

/// Says what to do with a call.
#[derive(Debug, PartialEq, Eq)]
pub enum Admission<W> {
    /// Carry it out, then call [`ReplayCache::finish`]; the waiter is given back.
    Execute(W),
    /// It was carried out; this was the reply. The waiter is given back.
    Replay(W, Bytes),
    /// It is being carried out; the waiter comes out of [`ReplayCache::finish`].
    Waiting,
    /// It is being carried out, and so many wait already that this one is dropped.
    Dropped,
}

/// Remembers replies, and calls that are being carried out, by their key.
#[derive(Debug)]
pub struct ReplayCache<W> {
    limits: ReplayLimits,
    hasher: RandomState,
    entries: HashMap<ReplayKey, Entry<W>>,
    /// The keys of finished entries, oldest first.
    finished: VecDeque<(Time, ReplayKey)>,
    /// Bytes of all replies.
    bytes: usize,
}

#[derive(Debug)]
enum Entry<W> {
    Running(Vec<W>),
    Finished(Bytes),
}

impl<W> ReplayCache<W> {
    /// Creates an empty cache.
    pub fn new(limits: ReplayLimits) -> Self {
        let (entries, finished) = (HashMap::new(), VecDeque::new());
        Self { limits, hasher: RandomState::new(), entries, finished, bytes: 0 }
    }

    /// Computes the key of a call.
    pub fn key(
        &self,
        peer: SocketAddr,
        xid: u32,
        (principal, cred): (Principal, &Cred),
        args: &[u8],
    ) -> ReplayKey {
        let (cred_digest, args_digest) = (self.hasher.hash_one(cred), self.hasher.hash_one(args));
        ReplayKey { peer, xid, principal, cred_digest, args_bytes: args.len(), args_digest }
    }

    /// Decides what to do with a call that has come in.
    pub fn admit(&mut self, now: Time, key: ReplayKey, waiter: W) -> Admission<W> {
        self.expire(now);
        match self.entries.get_mut(&key) {
            None => {
                self.entries.insert(key, Entry::Running(Vec::new()));
                Admission::Execute(waiter)
            }
            Some(Entry::Finished(reply)) => Admission::Replay(waiter, reply.clone()),
            Some(Entry::Running(waiters)) if waiters.len() < self.limits.waiters_max => {
                waiters.push(waiter);
                Admission::Waiting
            }
            Some(Entry::Running(_)) => Admission::Dropped,
        }
    }

    /// Ends an admitted call that was carried out. Remembers `reply` if there is one, and returns those that wait for it.
    pub fn finish(&mut self, now: Time, key: ReplayKey, reply: Option<&Bytes>) -> Vec<W> {
        let Some(Entry::Running(waiters)) = self.entries.remove(&key) else { return Vec::new() };
        if let Some(reply) = reply.filter(|reply| reply.len() <= self.limits.bytes_max) {
            self.bytes += reply.len();
            self.entries.insert(key, Entry::Finished(reply.clone()));
            self.finished.push_back((now, key));
        }
        self.expire(now);
        waiters
    }

    /// Forgets what is too old, then the oldest until the rest is within the limits.
    fn expire(&mut self, now: Time) {
        while let Some(&(since, key)) = self.finished.front() {
            let old = now.saturating_sub(since) > self.limits.age_max;
            let many = self.finished.len() > self.limits.entries_max || self.bytes > self.limits.bytes_max;
            if !old && !many {
                break;
            }
            self.finished.pop_front();
            if let Some(Entry::Finished(reply)) = self.entries.remove(&key) {
                self.bytes -= reply.len();
            }
        }
    }
}

#[cfg(test)]
#[path = "replay_cache_tests.rs"]
mod tests;
