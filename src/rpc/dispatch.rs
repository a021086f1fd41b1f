//! From a record to its reply: who calls, which program, and whether it was answered before.
//!
//! Nothing here knows sockets, threads or the store: replies go to a [`Replies`], a call that may block is handed back as a
//! [`BlockingCall`] for whoever has threads for it, and the number that [`Dispatcher::commit`] returns says when replies may
//! leave.

use super::arrival::{Arrival, Origin, Replies, ReplyTo};
use super::auth::Identity;
use super::message::{Accepted, Denied, Refusal, parse_call, put_accepted, put_denied};
use super::record::{begin_record, finish_record};
use super::replay_cache::{Admission, ReplayCache, ReplayKey, ReplayLimits};
use super::service::{CallContext, Committed, GarbageArgs, Service};
use crate::commits::CommitNumber;
use crate::nfs4::{Caller, Class, ConnectionId, Time};
use bytes::Bytes;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The program NFS, its version, and the procedures of that version (RFC 7530 §14).
const NFS_PROGRAM: u32 = 100_003;
const NFS_V4: u32 = 4;
const PROC_NULL: u32 = 0;
const PROC_COMPOUND: u32 = 1;

/// Room for the usual reply; a longer one grows.
const REPLY_BYTES_USUAL: usize = 512;

/// Carries out the calls of all connections of a service.
pub struct Dispatcher {
    service: Arc<dyn Service>,
    replays: Mutex<ReplayCache<ReplyTo>>,
}

/// Holds a call that was carried out and is to be remembered.
pub struct Keyed {
    key: ReplayKey,
    reply: Bytes,
    worth_remembering: bool,
}

/// Holds what is left of the calls of one round until they are committed.
#[derive(Default)]
pub struct Round {
    /// When it began.
    pub now: Time,
    /// Where a reply is written before it is known to be one.
    reply: Vec<u8>,
    keyed: Vec<Keyed>,
}

impl Round {
    /// Takes what [`Dispatcher::commit`] is to remember.
    pub fn take_keyed(&mut self) -> impl Iterator<Item = Keyed> + '_ {
        self.keyed.drain(..)
    }
}

/// Holds a call that may block, for a thread that may.
pub struct BlockingCall {
    call: CallContext,
    gone: Arc<AtomicBool>,
    args: Bytes,
    key: Option<ReplayKey>,
    reply_to: ReplyTo,
}

impl BlockingCall {
    /// Returns how many bytes it takes until it is answered.
    pub fn bytes(&self) -> usize {
        self.reply_to.bytes
    }
}

/// Holds the outcome of a blocking call.
pub struct Executed {
    /// Where its reply goes.
    pub reply_to: ReplyTo,
    /// Its reply, a whole record.
    pub reply: Bytes,
    /// What [`Dispatcher::commit`] is to remember.
    pub keyed: Option<Keyed>,
}

/// Says what became of a record.
pub enum Dispatched {
    /// Its reply is held.
    Replied,
    /// It waits for the reply to the same call, which is being carried out; until then it takes so many bytes.
    Pending(usize),
    /// It is to be carried out by a thread that may block.
    Blocking(Box<BlockingCall>),
    /// It takes so many bytes, more than there are: it has to wait, and nothing was done.
    TooMuch(usize),
    /// It gets no reply.
    Dropped,
    /// The peer does not speak RPC: close the connection.
    Close,
}

impl Dispatcher {
    /// Carries out calls of `service`.
    pub fn new(service: Arc<dyn Service>, limits: ReplayLimits) -> Self {
        Self { service, replays: Mutex::new(ReplayCache::new(limits)) }
    }

    /// Returns the service.
    pub fn service(&self) -> &dyn Service {
        &*self.service
    }

    fn replays(&self) -> MutexGuard<'_, ReplayCache<ReplyTo>> {
        self.replays.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Carries out the call in a record, if it does not block.
    pub fn dispatch(
        &self,
        from: &mut Origin,
        arrival: Arrival<'_>,
        round: &mut Round,
        replies: &mut impl Replies,
    ) -> Dispatched {
        let call = match parse_call(arrival.record) {
            Ok(call) => call,
            Err(Refusal::Denied { xid, why }) => return answer(replies, |out| put_denied(out, xid, why)),
            Err(Refusal::Reply) => {
                self.call_answered(round.now, from.connection, arrival.record);
                return Dispatched::Dropped;
            }
            Err(Refusal::Undecodable) => return Dispatched::Close,
        };
        from.body_offset = call.body_offset;
        let identity = match from.credential.authenticate(call.cred, call.verf) {
            Ok(identity) => identity,
            Err(stat) => {
                let (peer, flavor) = (from.peer, call.cred.flavor);
                tracing::debug!(%peer, call.xid, flavor, ?stat, "a credential is refused");
                return answer(replies, |out| put_denied(out, call.xid, Denied::Auth(stat)));
            }
        };
        let accepted = match (call.prog, call.vers, call.proc) {
            (NFS_PROGRAM, NFS_V4, PROC_COMPOUND) => {
                let Identity { principal, cred } = identity.clone();
                let (now, connection) = (round.now, from.connection);
                let caller = Caller { principal, cred, now, connection, nonblocking: false };
                let context = (CallContext { caller, peer: from.peer, xid: call.xid }, &from.gone);
                return self.compound(context, call.body_offset, arrival, round, replies);
            }
            (NFS_PROGRAM, NFS_V4, PROC_NULL) => Accepted::Success,
            (NFS_PROGRAM, NFS_V4, _) => Accepted::ProcUnavail,
            (NFS_PROGRAM, ..) => Accepted::ProgMismatch { low: NFS_V4, high: NFS_V4 },
            _ => Accepted::ProgUnavail,
        };
        answer(replies, |out| put_accepted(out, call.xid, accepted))
    }

    fn compound(
        &self,
        (mut call, gone): (CallContext, &Arc<AtomicBool>),
        body_offset: usize,
        arrival: Arrival<'_>,
        round: &mut Round,
        replies: &mut impl Replies,
    ) -> Dispatched {
        let args = &arrival.record[body_offset..];
        let class = match arrival.expected.class(body_offset) {
            Some(class) => Ok(class),
            None => catch_unwind(AssertUnwindSafe(|| self.service.classify(args))),
        };
        let Ok(class) = class else {
            return answer(replies, |out| put_accepted(out, call.xid, Accepted::SystemErr));
        };
        let bytes = arrival.record.len() + class.reply_bytes;
        if bytes > arrival.room {
            return Dispatched::TooMuch(bytes);
        }
        call.caller.nonblocking = class.nonblocking;
        let reply_to = ReplyTo { connection: call.caller.connection, bytes };
        let (reply_to, key) = match self.admit(&call, class, args, reply_to) {
            Admitted::Execute(reply_to, key) => (reply_to, key),
            Admitted::Replay(reply) => {
                replies.hold(&reply);
                return Dispatched::Replied;
            }
            Admitted::Waiting => return Dispatched::Pending(bytes),
            Admitted::Dropped => return Dispatched::Dropped,
        };
        if !class.nonblocking {
            let (gone, args) = (gone.clone(), Bytes::copy_from_slice(args));
            return Dispatched::Blocking(Box::new(BlockingCall { call, gone, args, key, reply_to }));
        }
        let worth_remembering = self.execute(&call, args, &mut round.reply);
        replies.hold(&round.reply);
        if let Some(key) = key {
            let reply = Bytes::copy_from_slice(&round.reply);
            round.keyed.push(Keyed { key, reply, worth_remembering });
        }
        Dispatched::Replied
    }

    /// Asks the duplicate request cache about a call, unless it needs none.
    fn admit(&self, call: &CallContext, class: Class, args: &[u8], reply_to: ReplyTo) -> Admitted {
        if class.idempotent || class.sequenced {
            return Admitted::Execute(reply_to, None);
        }
        let Caller { principal, ref cred, now, .. } = call.caller;
        let mut replays = self.replays();
        let key = replays.key(call.peer, call.xid, (principal, cred), args);
        match replays.admit(now, key, reply_to) {
            Admission::Execute(reply_to) => Admitted::Execute(reply_to, Some(key)),
            Admission::Replay(_, reply) => Admitted::Replay(reply),
            Admission::Waiting => Admitted::Waiting,
            Admission::Dropped => Admitted::Dropped,
        }
    }

    /// Carries out a call that may block, which begins now: it may have waited for a thread.
    pub fn execute_blocking(&self, blocking: BlockingCall, now: Time) -> Executed {
        let BlockingCall { mut call, gone, args, key, reply_to } = blocking;
        call.caller.now = now;
        let mut reply = Vec::with_capacity(REPLY_BYTES_USUAL);
        let worth_remembering = self.execute(&call, &args, &mut reply);
        // It may have bound the connection, that had gone before, to a session.
        if gone.load(Ordering::SeqCst) {
            self.forget(call.caller.connection);
        }
        if reply.capacity() > reply.len() + reply.len() / 8 + REPLY_BYTES_USUAL {
            // It grew in large steps.
            reply.shrink_to_fit();
        }
        let reply = Bytes::from(reply);
        let keyed = key.map(|key| Keyed { key, reply: reply.clone(), worth_remembering });
        Executed { reply_to, reply, keyed }
    }

    /// Commits what was changed so far. Replies so far, and the calls that are returned, may leave when the returned
    /// number is durable; `answer` gets the replies for repeated calls that wait for those in `keyed`. `None`: the service
    /// is closed, and no reply may leave any more. Does not return if the service panics: the process ends.
    ///
    /// A reply is remembered before it is durable: whoever gets it from there gets it in a later round, which has the same
    /// or a later number.
    pub fn commit(
        &self,
        now: Time,
        keyed: impl IntoIterator<Item = Keyed>,
        mut answer: impl FnMut(ReplyTo, CommitNumber, Bytes),
    ) -> Option<Committed> {
        let committed = match catch_unwind(AssertUnwindSafe(|| self.service.commit(now))) {
            Ok(committed) => committed?,
            Err(_panic) => {
                tracing::error!("a commit failed half-way; stopping. See the message of the panic");
                std::process::exit(1);
            }
        };
        for Keyed { key, reply, worth_remembering } in keyed {
            let others = self.replays().finish(now, key, worth_remembering.then_some(&reply));
            others.into_iter().for_each(|reply_to| answer(reply_to, committed.number, reply.clone()));
        }
        Some(committed)
    }

    fn call_answered(&self, now: Time, connection: ConnectionId, record: &[u8]) {
        let answered = || self.service.call_answered(now, connection, record);
        if catch_unwind(AssertUnwindSafe(answered)).is_err() {
            tracing::error!("a client's answer failed; see the message of the panic");
        }
    }

    /// Tells the service that a connection is gone.
    pub fn connection_lost(&self, from: &Origin) {
        // First, so that a call which is carried out at this moment is followed by one of the two.
        from.gone.store(true, Ordering::SeqCst);
        self.forget(from.connection);
    }

    fn forget(&self, connection: ConnectionId) {
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

/// What the duplicate request cache makes of a call.
enum Admitted {
    /// Carry it out; with a key it is to be remembered.
    Execute(ReplyTo, Option<ReplayKey>),
    /// This was the reply.
    Replay(Bytes),
    /// The same call is being carried out, and answers it too.
    Waiting,
    /// Too many wait already.
    Dropped,
}

/// Answers in a few words, which promise nothing.
fn answer(replies: &mut impl Replies, put: impl FnOnce(&mut Vec<u8>)) -> Dispatched {
    let mut reply = Vec::with_capacity(64);
    short_reply(&mut reply, put);
    replies.hold(&reply);
    Dispatched::Replied
}

/// Writes a reply of a few words as a record.
fn short_reply(out: &mut Vec<u8>, put: impl FnOnce(&mut Vec<u8>)) {
    begin_record(out);
    put(out);
    let fits = finish_record(out);
    debug_assert!(fits, "a few words always fit");
}
