//! From a record to its reply: who calls, which program, and whether it was answered before.

use super::clock::{Alarm, Clock};
use super::lookahead::Lookahead;
use super::output::Output;
use super::router::{Done, Router};
use crate::commits::{CommitNumber, Commits};
use crate::nfs4::{ConnectionId, Time};
use crate::rpc::{
    Accepted, Denied, Identity, LastCredential, Refusal, begin_record, finish_record, parse_call,
    put_accepted, put_denied,
};

use crate::rpc::{Admission, ReplayCache, ReplayKey};
use crate::rpc::{CallContext, Caller, Class, Committed, GarbageArgs, OutgoingCall, Service};
use bytes::Bytes;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::runtime::Handle;

/// The program NFS, its version, and the procedures of that version (RFC 7530 §14).
const NFS_PROGRAM: u32 = 100_003;
const NFS_V4: u32 = 4;
const PROC_NULL: u32 = 0;
const PROC_COMPOUND: u32 = 1;

/// Room for the usual reply; a longer one grows.
const REPLY_BYTES_USUAL: usize = 512;

/// What all workers share.
pub(super) struct Shared {
    pub service: Arc<dyn Service>,
    pub replay: Mutex<ReplayCache<Waiter>>,
    pub clock: Clock,
    pub alarm: Alarm,
    pub router: Router,
    /// Of the service.
    pub commits: Arc<Commits>,
    /// Threads that may block.
    pub pool: Handle,
}

/// Where the reply of a call goes.
pub(super) struct Waiter {
    pub connection: ConnectionId,
    /// Octets that the call takes, as they were counted when it came in.
    pub bytes: usize,
}

/// Where a record comes from.
#[derive(Debug)]
pub(super) struct Origin {
    pub peer: SocketAddr,
    pub connection: ConnectionId,
    pub credential: LastCredential,
    pub lookahead: Lookahead,
    /// Whether the connection has gone, for whoever carries out a call of it elsewhere.
    pub gone: Arc<AtomicBool>,
}

impl Origin {
    /// A new connection.
    pub fn new(connection: ConnectionId, peer: SocketAddr) -> Self {
        let (credential, lookahead) = (LastCredential::default(), Lookahead::default());
        Self { peer, connection, credential, lookahead, gone: Arc::default() }
    }
}

/// A call that was carried out and is to be remembered.
pub(super) struct Keyed {
    key: ReplayKey,
    reply: Bytes,
    worth_remembering: bool,
}

/// What a worker keeps of the calls of one round until they are committed.
#[derive(Default)]
pub(super) struct Round {
    /// When it began.
    pub now: Time,
    /// Where a reply is written before it is known to be one.
    reply: Vec<u8>,
    /// What [`Shared::commit`] is to remember.
    pub keyed: Vec<Keyed>,
}

/// What became of a record.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Dispatched {
    /// Its reply is held in the output.
    Replied,
    /// Its reply comes as a message; until then it takes so many octets.
    Pending(usize),
    /// It takes so many octets, more than there are: it has to wait, and nothing was done.
    TooMuch(usize),
    /// It gets no reply.
    Dropped,
    /// The peer does not speak our language: close the connection.
    Close,
}

impl Shared {
    fn replay(&self) -> MutexGuard<'_, ReplayCache<Waiter>> {
        self.replay.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Carries out the call in `record`, which may take `room` octets: here if it is nonblocking, else in the pool of threads that
    /// may block.
    pub fn dispatch(
        self: &Arc<Self>,
        from: &mut Origin,
        record: &[u8],
        room: usize,
        round: &mut Round,
        output: &mut Output,
    ) -> Dispatched {
        let expected = from.lookahead.take();
        let call = match parse_call(record) {
            Ok(call) => call,
            Err(Refusal::Denied { xid, why }) => return answer(output, |out| put_denied(out, xid, why)),
            Err(Refusal::Reply) => {
                self.call_answered(from.connection, record);
                return Dispatched::Dropped;
            }
            Err(Refusal::Undecodable) => return Dispatched::Close,
        };
        let Origin { peer, connection, ref mut credential, ref mut lookahead, ref gone } = *from;
        lookahead.learn(call.body_offset);
        let identity = match credential.authenticate(call.cred, call.verf) {
            Ok(identity) => identity,
            Err(stat) => {
                tracing::debug!(%peer, call.xid, flavor = call.cred.flavor, ?stat, "a credential is refused");
                return answer(output, |out| put_denied(out, call.xid, Denied::Auth(stat)));
            }
        };
        let accepted = match (call.prog, call.vers, call.proc) {
            (NFS_PROGRAM, NFS_V4, PROC_COMPOUND) => {
                let Identity { principal, cred } = identity.clone();
                let (now, xid) = (round.now, call.xid);
                let caller = Caller { principal, cred, now, connection, nonblocking: false };
                let context = (CallContext { caller, peer, xid }, gone);
                let class = expected.class(call.body_offset);
                return self.compound(context, class, (call.body_offset, record, room), round, output);
            }
            (NFS_PROGRAM, NFS_V4, PROC_NULL) => Accepted::Success,
            (NFS_PROGRAM, NFS_V4, _) => Accepted::ProcUnavail,
            (NFS_PROGRAM, ..) => Accepted::ProgMismatch { low: NFS_V4, high: NFS_V4 },
            _ => Accepted::ProgUnavail,
        };
        answer(output, |out| put_accepted(out, call.xid, accepted))
    }

    fn compound(
        self: &Arc<Self>,
        (mut call, gone): (CallContext, &Arc<AtomicBool>),
        expected: Option<Class>,
        (body_offset, record, room): (usize, &[u8], usize),
        round: &mut Round,
        output: &mut Output,
    ) -> Dispatched {
        let args = &record[body_offset..];
        let class = match expected {
            Some(class) => Ok(class),
            None => catch_unwind(AssertUnwindSafe(|| self.service.classify(args))),
        };
        let Ok(Class { nonblocking, idempotent, sequenced, reply_bytes, .. }) = class else {
            return answer(output, |out| put_accepted(out, call.xid, Accepted::SystemErr));
        };
        let bytes = record.len() + reply_bytes;
        if bytes > room {
            return Dispatched::TooMuch(bytes);
        }
        call.caller.nonblocking = nonblocking;
        let Caller { principal, ref cred, connection, now, .. } = call.caller;
        let mut waiter = Waiter { connection, bytes };
        let mut key = None;
        if !idempotent && !sequenced {
            let mut replay = self.replay();
            let this = replay.key(call.peer, call.xid, (principal, cred), args);
            waiter = match replay.admit(now, this, waiter) {
                Admission::Execute(waiter) => waiter,
                Admission::Replay(_, reply) => {
                    output.hold(&reply);
                    return Dispatched::Replied;
                }
                Admission::Waiting => return Dispatched::Pending(bytes),
                Admission::Dropped => return Dispatched::Dropped,
            };
            key = Some(this);
        }
        if !nonblocking {
            self.execute_in_pool((call, gone.clone()), args, key, waiter);
            return Dispatched::Pending(bytes);
        }
        let worth_remembering = self.execute(&call, args, &mut round.reply);
        output.hold(&round.reply);
        if let Some(key) = key {
            let reply = Bytes::copy_from_slice(&round.reply);
            round.keyed.push(Keyed { key, reply, worth_remembering });
        }
        Dispatched::Replied
    }

    /// Carries out a COMPOUND that may block. Its reply comes as a message.
    fn execute_in_pool(
        self: &Arc<Self>,
        (mut call, gone): (CallContext, Arc<AtomicBool>),
        args: &[u8],
        key: Option<ReplayKey>,
        waiter: Waiter,
    ) {
        let (shared, args) = (self.clone(), Bytes::copy_from_slice(args));
        self.pool.spawn_blocking(move || {
            // It may have waited for a thread.
            call.caller.now = shared.clock.now();
            let mut reply = Vec::with_capacity(REPLY_BYTES_USUAL);
            let worth_remembering = shared.execute(&call, &args, &mut reply);
            // It may have bound the connection, that had gone before, to a session.
            if gone.load(Ordering::SeqCst) {
                shared.forget_connection(call.caller.connection);
            }
            if reply.capacity() > reply.len() + reply.len() / 8 + REPLY_BYTES_USUAL {
                // It grew in large steps.
                reply.shrink_to_fit();
            }
            let reply = Bytes::from(reply);
            let keyed = key.map(|key| Keyed { key, reply: reply.clone(), worth_remembering });
            if let Some((number, calls)) = shared.commit(shared.clock.now(), keyed) {
                shared.send(number, calls);
                shared.answer(waiter, number, reply);
            }
        });
    }

    /// Sends a reply, which may leave when the commit `number` is durable. It is dropped if the connection has ended.
    fn answer(&self, waiter: Waiter, number: CommitNumber, reply: Bytes) {
        self.router.done(waiter.connection, number, Done { reply: Some(reply), bytes: waiter.bytes });
    }

    /// Commits what was changed so far, and returns the number for which replies wait, and the calls to clients that are
    /// given here. Repeated calls that wait for the replies in `keyed` are answered, and the alarm is set anew. `None`: the
    /// service is closed, and no reply may leave any more.
    ///
    /// A reply is remembered before it is durable: whoever gets it from there gets it in a later round, which has the same
    /// or a later number.
    pub fn commit(
        &self,
        now: Time,
        keyed: impl IntoIterator<Item = Keyed>,
    ) -> Option<(CommitNumber, Vec<OutgoingCall>)> {
        let committed = match catch_unwind(AssertUnwindSafe(|| self.service.commit(now))) {
            Ok(committed) => committed?,
            Err(_panic) => {
                tracing::error!("a commit failed half-way; stopping. See the message of the panic");
                std::process::exit(1);
            }
        };
        let Committed { number, calls, next_alarm } = committed;
        for Keyed { key, reply, worth_remembering } in keyed {
            let waiters = self.replay().finish(now, key, worth_remembering.then_some(&reply));
            waiters.into_iter().for_each(|waiter| self.answer(waiter, number, reply.clone()));
        }
        self.alarm.bring_forward(next_alarm);
        Some((number, calls))
    }

    /// Commits what was changed without a reply to it, and makes the calls to clients that are due.
    pub fn commit_and_send(&self) {
        if let Some((number, calls)) = self.commit(self.clock.now(), []) {
            self.send(number, calls);
        }
    }

    /// Makes calls to clients. A connection that has gone meanwhile is reported lost, and the call goes out again over
    /// another.
    fn send(&self, number: CommitNumber, calls: Vec<OutgoingCall>) {
        calls.into_iter().for_each(|call| self.router.call(call.connection, number, call.record));
    }

    fn call_answered(&self, connection: ConnectionId, record: &[u8]) {
        let now = self.clock.now();
        let answered = || self.service.call_answered(now, connection, record);
        if catch_unwind(AssertUnwindSafe(answered)).is_err() {
            tracing::error!("a client's answer failed; see the message of the panic");
        }
        self.commit_and_send();
    }

    /// A connection is gone.
    pub fn connection_lost(&self, from: &Origin) {
        // First, so that a call which is carried out at this moment is followed by one of the two.
        from.gone.store(true, Ordering::SeqCst);
        self.forget_connection(from.connection);
        self.commit_and_send();
    }

    fn forget_connection(&self, connection: ConnectionId) {
        if catch_unwind(AssertUnwindSafe(|| self.service.connection_lost(connection))).is_err() {
            tracing::error!("the end of a connection failed; see the message of the panic");
        }
    }

    /// Carries out a COMPOUND and makes `out` its reply, a whole record. Answers whether it is worth remembering.
    fn execute(&self, call: &CallContext, args: &[u8], out: &mut Vec<u8>) -> bool {
        let xid = call.xid;
        begin_record(out);
        put_accepted(out, xid, Accepted::Success);
        let accepted = match catch_unwind(AssertUnwindSafe(|| self.service.compound(call, args, out))) {
            Ok(Ok(())) if finish_record(out) => return true,
            Ok(Ok(())) => {
                tracing::error!(peer = %call.peer, xid, bytes = out.len(), "a reply is too long for a record");
                Accepted::SystemErr
            }
            Ok(Err(GarbageArgs)) => Accepted::GarbageArgs,
            Err(_panic) => {
                tracing::error!(peer = %call.peer, xid, "a call failed; see the message of the panic");
                Accepted::SystemErr
            }
        };
        short_reply(out, |out| put_accepted(out, xid, accepted));
        false
    }
}

/// Answers in a few words, which promise nothing.
fn answer(output: &mut Output, put: impl FnOnce(&mut Vec<u8>)) -> Dispatched {
    let mut reply = Vec::with_capacity(64);
    short_reply(&mut reply, put);
    output.hold(&reply);
    Dispatched::Replied
}

/// A reply of a few words as a record.
fn short_reply(out: &mut Vec<u8>, put: impl FnOnce(&mut Vec<u8>)) {
    begin_record(out);
    put(out);
    let fits = finish_record(out);
    debug_assert!(fits, "a few words always fit");
}
