//! NFSv4 as a [`Service`]: where COMPOUNDs, the clock and what must be stored come together.

use super::committer::{Committer, Held, Pipeline};
use super::same_name::SameNames;
use crate::clock::{Clock, Gaps};
use crate::commits::{CommitNumber, Commits, Durable};
use crate::compound::{self, Nfs, cb_notify_lock};
use crate::nfs4::{Class, ConnectionId, Filehandle, Time};
use crate::rpc::{
    CallContext, Committed, GarbageArgs, OpaqueAuth, OutgoingCall, Service, begin_record, finish_record,
    parse_reply, put_call,
};
use crate::state::{CallbackAnswer, CallbackCall, CallbackId, CallbackSec};
use crate::transport::give_back_memory;
use crate::xdr::encode::Encoder;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Executes COMPOUNDs, and stores what they changed before their replies leave.
pub struct NfsService {
    nfs: Nfs,
    pipeline: Pipeline,
    closed: ClosedFiles,
    names: Mutex<SameNames>,
    clock: Clock,
    gaps: Mutex<Gaps>,
}

/// A shorter gap is not worth a line in the log: busy machines have many.
const GAP_LOGGED: Duration = Duration::from_secs(2);

/// Files that are no longer open, until that is durable: a restart before would find them open, and look for them.
#[derive(Default)]
struct ClosedFiles {
    held: Mutex<VecDeque<(CommitNumber, Vec<Filehandle>)>>,
    any: AtomicBool,
}

impl ClosedFiles {
    fn hold(&self, number: CommitNumber, closed: Vec<Filehandle>) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.push_back((number, closed));
        self.any.store(true, Ordering::Release);
    }

    /// Returns whether some may be let go.
    fn is_due(&self, durable: Durable) -> bool {
        self.any.load(Ordering::Acquire) && {
            let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            held.iter().any(|(number, _)| durable.covers(*number))
        }
    }

    /// Takes those that may be let go.
    fn take(&self, durable: Durable) -> Vec<Filehandle> {
        if !self.any.load(Ordering::Acquire) {
            return Vec::new();
        }
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let (free, kept): (VecDeque<_>, _) = held.drain(..).partition(|(number, _)| durable.covers(*number));
        *held = kept;
        self.any.store(!held.is_empty(), Ordering::Release);
        free.into_iter().flat_map(|(_, closed)| closed).collect()
    }
}

impl NfsService {
    /// Makes an instance that serves `nfs`, whose changes `committer` stores, and goes by `clock`.
    pub fn new(nfs: Nfs, committer: Committer, clock: Clock) -> Self {
        let (pipeline, closed, names) = (Pipeline::new(committer), ClosedFiles::default(), Mutex::default());
        let gaps = Mutex::new(Gaps::starting(&clock));
        Self { nfs, pipeline, closed, names, clock, gaps }
    }

    /// Lets go of files that are no longer open, as far as that is durable.
    fn release_closed(&self) {
        let closed = self.closed.take(self.pipeline.commits().durable());
        if !closed.is_empty() {
            self.nfs.release(closed);
        }
    }
}

/// `NFS_CB`, the version of a client's callback program. RFC 8881 §18.36.3 says 4 in one place; clients take 1.
const CALLBACK_VERSION: u32 = 1;
/// `CB_COMPOUND`.
const CALLBACK_COMPOUND: u32 = 1;

/// Returns a callback as a record. Its name is its xid.
fn outgoing(call: &CallbackCall) -> OutgoingCall {
    let cred = match &call.sec {
        CallbackSec::None => OpaqueAuth { flavor: 0, body: &[] },
        CallbackSec::Sys(body) => OpaqueAuth { flavor: 1, body },
    };
    let mut out = Vec::with_capacity(512);
    begin_record(&mut out);
    put_call(&mut out, call.id.0, call.program, CALLBACK_VERSION, CALLBACK_COMPOUND, cred);
    out.extend_from_slice(&cb_notify_lock::encode(call));
    let fits = finish_record(&mut out);
    debug_assert!(fits, "a filehandle and an owner always fit");
    OutgoingCall { connection: call.connection, record: out.into() }
}

impl Service for NfsService {
    fn compound(&self, call: &CallContext, args: &[u8], out: &mut Vec<u8>) -> Result<(), GarbageArgs> {
        let before = out.len();
        let mut encoder = Encoder::on(std::mem::take(out));
        let result = compound::execute(&self.nfs, &call.caller, args, &mut encoder);
        *out = encoder.into_vec();
        debug_assert!(
            out.len() - before <= compound::classify(args).reply_bytes,
            "a reply is longer than its class says"
        );
        for introduction in self.nfs.take_introductions(call.caller.connection) {
            let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
            names.record(call.caller.now, introduction, call.peer);
        }
        result.map_err(|_| GarbageArgs)
    }

    fn classify(&self, args: &[u8]) -> Class {
        compound::classify(args)
    }

    fn prefetch(&self, calls: &[Class]) {
        let hints = || calls.iter().filter_map(|call| call.hint.as_ref());
        if hints().next().is_some() {
            self.nfs.core().prefetch(hints());
        }
    }

    fn commit(&self, now: Time) -> Option<Committed> {
        let mut core = self.nfs.core();
        core.prepare_output(now);
        let next_alarm = Some(core.next_alarm());
        let Held { number, notices, closed } = self.pipeline.commit(core, || self.nfs.core())?;
        if !closed.is_empty() {
            self.closed.hold(number, closed);
        }
        self.release_closed();
        Some(Committed { number, calls: notices.iter().map(outgoing).collect(), next_alarm })
    }

    fn commits(&self) -> Arc<Commits> {
        self.pipeline.commits().clone()
    }

    fn has_room(&self) -> bool {
        self.pipeline.has_room()
    }

    fn close(&self) {
        let sync_handles = || {
            if let Err(error) = self.nfs.files.sync_handles() {
                tracing::error!(%error, "what filehandles depend on may not outlive the machine");
            }
        };
        self.pipeline.close(sync_handles, |changes| self.nfs.core().take_changes(changes));
    }

    fn call_answered(&self, now: Time, connection: ConnectionId, record: &[u8]) {
        let Some(reply) = parse_reply(record) else { return };
        let answer = reply.result.map_or(CallbackAnswer::Refused, cb_notify_lock::decode);
        self.nfs.core().callback_answered(now, connection, CallbackId(reply.xid), answer);
    }

    fn connection_lost(&self, connection: ConnectionId) {
        self.nfs.core().connection_lost(connection);
    }

    fn clock(&self) -> Clock {
        self.clock.clone()
    }

    fn check_for_gap(&self, now: Time) {
        let gap = self.gaps.lock().unwrap_or_else(PoisonError::into_inner).take(&self.clock);
        let Some(gap) = gap else { return };
        if gap >= GAP_LOGGED {
            let seconds = gap.as_secs_f32();
            tracing::warn!(seconds, "the server did not run; that counts against nobody's lease");
        }
        self.nfs.core().on_gap(now, gap);
    }

    fn describe(&self) -> String {
        let (clients, files) = self.nfs.core().counts();
        format!("{clients} clients, {files} files in use by them")
    }

    fn next_alarm(&self) -> Option<Time> {
        // Nobody else is woken for closed files.
        match self.closed.is_due(self.pipeline.commits().durable()) {
            true => Some(Time::ZERO),
            false => Some(self.nfs.core().next_alarm()),
        }
    }

    fn on_alarm(&self, now: Time) {
        self.release_closed();
        let mut core = self.nfs.core();
        let tearing_down = core.is_tearing_down();
        core.on_alarm(now);
        let deferred = core.take_deferred_drops();
        let torn_down = tearing_down && !core.is_tearing_down();
        // Nobody waits for what follows.
        drop(core);
        drop(deferred);
        if torn_down {
            give_back_memory();
        }
    }
}

#[cfg(test)]
#[path = "instance_tests.rs"]
mod tests;
