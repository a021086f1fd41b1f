//! From a record to its reply: who calls, which program, and whether it was answered before.

use super::clock::{Alarm, Clock};
use super::replay::{Admission, ReplayCache, ReplayKey};
use super::service::{Caller, GarbageArgs, Nature, OutgoingCall, Service, next_alarm};
use crate::nfs4::{ConnectionId, Time};
use crate::rpc::{
    Accepted, Call, Denied, Identity, Refusal, authenticate, begin_record, finish_record, parse_call,
    put_accepted, put_denied,
};
use bytes::Bytes;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::mpsc::UnboundedSender;

/// The program NFS, its version, and the procedures of that version (RFC 7530 §14).
const NFS_PROGRAM: u32 = 100_003;
const NFS_V4: u32 = 4;
const PROC_NULL: u32 = 0;
const PROC_COMPOUND: u32 = 1;

/// Room for the usual reply; a longer one grows.
const REPLY_BYTES_USUAL: usize = 512;

/// What all connections share.
pub(super) struct Shared {
    pub service: Arc<dyn Service>,
    pub replay: Mutex<ReplayCache<Waiter>>,
    pub clock: Clock,
    pub alarm: Alarm,
    pub connections: Connections,
}

/// The connections that are there, and where what is written to them goes.
#[derive(Default)]
pub(super) struct Connections {
    issued: AtomicU64,
    senders: Mutex<HashMap<ConnectionId, UnboundedSender<Outbound>>>,
}

impl Connections {
    fn senders(&self) -> MutexGuard<'_, HashMap<ConnectionId, UnboundedSender<Outbound>>> {
        self.senders.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new connection, to which `sender` writes.
    pub fn add(&self, sender: UnboundedSender<Outbound>) -> ConnectionId {
        let id = ConnectionId(self.issued.fetch_add(1, Ordering::Relaxed) + 1);
        self.senders().insert(id, sender);
        id
    }
}

/// What one connection is to write.
pub(super) enum Outbound {
    /// A call of the peer is done.
    Done(Done),
    /// A call to the peer, as a whole record.
    Call(Bytes),
}

/// A call that is no longer being carried out.
pub(super) struct Done {
    /// The reply as a whole record; `None` for a call that was dropped.
    pub reply: Option<Bytes>,
    /// Octets of the call, as they were counted when it came in.
    pub call_bytes: usize,
}

/// Where the reply of a call goes.
pub(super) struct Waiter {
    pub replies: UnboundedSender<Outbound>,
    pub call_bytes: usize,
}

impl Waiter {
    /// Sends the reply; when the connection has gone, nobody wants it.
    fn answer(self, reply: Bytes) {
        let done = Done { reply: Some(reply), call_bytes: self.call_bytes };
        let _ = self.replies.send(Outbound::Done(done));
    }
}

/// Where a record comes from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin {
    pub peer: SocketAddr,
    pub connection: ConnectionId,
}

/// A reply that may not leave before [`Shared::settle`].
pub(super) struct Unsettled {
    reply: Bytes,
    key: Option<ReplayKey>,
    worth_remembering: bool,
}

impl Unsettled {
    /// One that promises nothing.
    fn plain(reply: Bytes) -> Self {
        Self { reply, key: None, worth_remembering: false }
    }
}

/// What became of a record.
pub(super) enum Dispatched {
    /// This is its reply.
    Reply(Unsettled),
    /// Its reply comes through the waiter.
    Pending,
    /// It gets no reply.
    Dropped,
    /// The peer does not speak our language: close the connection.
    Close,
}

impl Shared {
    fn replay(&self) -> MutexGuard<'_, ReplayCache<Waiter>> {
        self.replay.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Carries out the call in `record`, here if it is quick, else in the pool of threads that may block.
    pub fn dispatch(
        self: &Arc<Self>,
        from: Origin,
        record: Bytes,
        replies: &UnboundedSender<Outbound>,
    ) -> Dispatched {
        let Origin { peer, connection } = from;
        let call = match parse_call(&record) {
            Ok(call) => call,
            Err(Refusal::Denied { xid, why }) => {
                return Dispatched::Reply(Unsettled::plain(denied(xid, why)));
            }
            Err(Refusal::Reply) => {
                self.call_answered(connection, &record);
                return Dispatched::Dropped;
            }
            Err(Refusal::Undecodable) => return Dispatched::Close,
        };
        let identity = match authenticate(call.cred, call.verf) {
            Ok(identity) => identity,
            Err(stat) => {
                tracing::debug!(%peer, call.xid, flavor = call.cred.flavor, ?stat, "a credential is refused");
                return Dispatched::Reply(Unsettled::plain(denied(call.xid, Denied::Auth(stat))));
            }
        };
        let accepted = match (call.prog, call.vers, call.proc) {
            (NFS_PROGRAM, NFS_V4, PROC_COMPOUND) => {
                return self.compound(from, &call, identity, &record, replies);
            }
            (NFS_PROGRAM, NFS_V4, PROC_NULL) => Accepted::Success,
            (NFS_PROGRAM, NFS_V4, _) => Accepted::ProcUnavail,
            (NFS_PROGRAM, ..) => Accepted::ProgMismatch { low: NFS_V4, high: NFS_V4 },
            _ => Accepted::ProgUnavail,
        };
        Dispatched::Reply(Unsettled::plain(accepted_only(call.xid, accepted)))
    }

    fn compound(
        self: &Arc<Self>,
        from: Origin,
        call: &Call<'_>,
        identity: Identity,
        record: &Bytes,
        replies: &UnboundedSender<Outbound>,
    ) -> Dispatched {
        let Origin { peer, connection } = from;
        let args = record.slice(call.body_offset..);
        let nature = catch_unwind(AssertUnwindSafe(|| self.service.nature(&args)));
        let Ok(Nature { quick, idempotent, numbered }) = nature else {
            return Dispatched::Reply(Unsettled::plain(accepted_only(call.xid, Accepted::SystemErr)));
        };
        let Identity { principal, cred } = identity;
        let now = self.clock.now();
        let mut waiter = Waiter { replies: replies.clone(), call_bytes: record.len() };
        let mut key = None;
        if !idempotent && !numbered {
            let mut replay = self.replay();
            let this = replay.key(peer, call.xid, principal, &args);
            waiter = match replay.admit(now, this, waiter) {
                Admission::Execute(waiter) => waiter,
                Admission::Replay(_, reply) => return Dispatched::Reply(Unsettled::plain(reply)),
                Admission::Waiting => return Dispatched::Pending,
                Admission::Dropped => return Dispatched::Dropped,
            };
            key = Some(this);
        }
        let caller = Caller { principal, cred, peer, connection, now, xid: call.xid, quick };
        if quick {
            return Dispatched::Reply(self.execute(&caller, &args, key));
        }
        let shared = self.clone();
        tokio::task::spawn_blocking(move || {
            // It may have waited for a thread.
            let caller = Caller { now: shared.clock.now(), ..caller };
            let unsettled = shared.execute(&caller, &args, key);
            if let Some(reply) = shared.settle([unsettled]).pop() {
                waiter.answer(reply);
            }
        });
        Dispatched::Pending
    }

    /// Carries out a COMPOUND.
    fn execute(&self, caller: &Caller, args: &[u8], key: Option<ReplayKey>) -> Unsettled {
        let (reply, worth_remembering) = self.execute_once(caller, args);
        Unsettled { reply, key, worth_remembering }
    }

    /// Stores what has changed, then hands out the replies, which may leave now. Others who wait for the same replies are
    /// answered here. Calls to clients that are due go out, and the alarm is set anew.
    pub fn settle(&self, unsettled: impl IntoIterator<Item = Unsettled>) -> Vec<Bytes> {
        let now = self.clock.now();
        let settled = catch_unwind(AssertUnwindSafe(|| self.service.settle(now)));
        let calls = match settled {
            Ok(Some(calls)) => calls,
            Ok(None) => return Vec::new(),
            Err(_panic) => {
                tracing::error!("it is not known what was stored; stopping. See the message of the panic");
                std::process::exit(1);
            }
        };
        let replies = unsettled.into_iter().map(|unsettled| self.settled(now, unsettled)).collect();
        self.send(calls);
        self.alarm.bring_forward(next_alarm(&*self.service));
        replies
    }

    fn settled(&self, now: Time, Unsettled { reply, key, worth_remembering }: Unsettled) -> Bytes {
        if let Some(key) = key {
            let waiters = self.replay().finish(now, key, worth_remembering.then_some(&reply));
            waiters.into_iter().for_each(|waiter| waiter.answer(reply.clone()));
        }
        reply
    }

    fn send(&self, calls: Vec<OutgoingCall>) {
        if calls.is_empty() {
            return;
        }
        let senders = self.connections.senders();
        for call in calls {
            // A connection that has gone meanwhile is reported lost, and the call goes out again over another.
            if let Some(sender) = senders.get(&call.connection) {
                let _ = sender.send(Outbound::Call(call.record));
            }
        }
    }

    fn call_answered(&self, connection: ConnectionId, record: &[u8]) {
        let now = self.clock.now();
        let answered = || self.service.call_answered(now, connection, record);
        if catch_unwind(AssertUnwindSafe(answered)).is_err() {
            tracing::error!("a client's answer failed; see the message of the panic");
        }
        self.settle([]);
    }

    /// A connection is gone.
    pub fn connection_lost(&self, connection: ConnectionId) {
        self.connections.senders().remove(&connection);
        if catch_unwind(AssertUnwindSafe(|| self.service.connection_lost(connection))).is_err() {
            tracing::error!("the end of a connection failed; see the message of the panic");
        }
        self.settle([]);
    }

    fn execute_once(&self, caller: &Caller, args: &[u8]) -> (Bytes, bool) {
        let xid = caller.xid;
        let mut out = Vec::with_capacity(REPLY_BYTES_USUAL);
        begin_record(&mut out);
        put_accepted(&mut out, xid, Accepted::Success);
        match catch_unwind(AssertUnwindSafe(|| self.service.compound(caller, args, &mut out))) {
            Ok(Ok(())) if finish_record(&mut out) => (out.into(), true),
            Ok(Ok(())) => {
                tracing::error!(peer = %caller.peer, xid, bytes = out.len(), "a reply is too long for a record");
                (accepted_only(xid, Accepted::SystemErr), false)
            }
            Ok(Err(GarbageArgs)) => (accepted_only(xid, Accepted::GarbageArgs), false),
            Err(_panic) => {
                tracing::error!(peer = %caller.peer, xid, "a call failed; see the message of the panic");
                (accepted_only(xid, Accepted::SystemErr), false)
            }
        }
    }
}

/// A reply without a result.
fn accepted_only(xid: u32, accepted: Accepted) -> Bytes {
    short_reply(|out| put_accepted(out, xid, accepted))
}

fn denied(xid: u32, why: Denied) -> Bytes {
    short_reply(|out| put_denied(out, xid, why))
}

/// A reply of a few words as a record.
fn short_reply(put: impl FnOnce(&mut Vec<u8>)) -> Bytes {
    let mut out = Vec::with_capacity(64);
    begin_record(&mut out);
    put(&mut out);
    let fits = finish_record(&mut out);
    debug_assert!(fits, "a few words always fit");
    out.into()
}
