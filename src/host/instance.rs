//! NFSv4 as a [`Service`]: where COMPOUNDs, the clock and what must be stored come together.

use super::committer::Keeper;
use super::same_name::SameNames;
use crate::compound::{self, Nfs, cb_notify_lock};
use crate::nfs4::{ConnectionId, Time};
use crate::rpc::{
    CallContext, Class, GarbageArgs, OpaqueAuth, OutgoingCall, Service, Settlement, begin_record,
    finish_record, parse_reply, put_call,
};
use crate::state::{CallbackAnswer, CallbackCall, CallbackId, CallbackSec, Output};
use crate::transport::give_back_memory;
use crate::xdr::encode::Encoder;
use std::mem::swap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Executes COMPOUNDs, and stores what they changed before their replies leave.
pub struct NfsService {
    nfs: Nfs,
    /// None after the end.
    keeper: Mutex<Option<Keeper>>,
    names: Mutex<SameNames>,
}

impl NfsService {
    /// Serves `nfs`, whose changes go to `keeper`.
    pub fn new(nfs: Nfs, keeper: Keeper) -> Self {
        Self { nfs, keeper: Mutex::new(Some(keeper)), names: Mutex::default() }
    }

    /// Does not return when a thread has panicked while it stored something: the process ends.
    fn keeper(&self) -> MutexGuard<'_, Option<Keeper>> {
        self.keeper.lock().unwrap_or_else(|_| {
            tracing::error!("it is not known what was stored; stopping. See the message of the panic");
            std::process::exit(1);
        })
    }
}

/// `NFS_CB`, the version of a client's callback program. RFC 8881 §18.36.3 says 4 in one place; clients take 1.
const CALLBACK_VERSION: u32 = 1;
/// `CB_COMPOUND`.
const CALLBACK_COMPOUND: u32 = 1;

/// A callback as a record. Its name is its xid.
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
            names.note(call.caller.now, introduction, call.peer);
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

    /// Whoever finds that another thread stored its changes had to wait for it, for the keeper is held all the while.
    fn settle(&self, now: Time) -> Option<Settlement> {
        let mut keeper = self.keeper();
        let keeper_or_end = keeper.as_mut()?;
        let mut output = Output::default();
        // The buffer of the changes is the keeper's, and is used again.
        swap(&mut output.changes, keeper_or_end.changes());
        let mut core = self.nfs.core();
        core.take_output(now, &mut output);
        let next_alarm = Some(core.next_alarm());
        drop(core);
        swap(&mut output.changes, keeper_or_end.changes());
        keeper_or_end.commit();
        drop(keeper);
        self.nfs.release(output.closed);
        Some(Settlement { calls: output.notices.iter().map(outgoing).collect(), next_alarm })
    }

    fn close(&self) {
        let mut keeper = self.keeper();
        if let Some(mut keeper) = keeper.take() {
            if let Err(error) = self.nfs.files.sync_handles() {
                tracing::error!(%error, "what filehandles depend on may not outlive the machine");
            }
            self.nfs.core().take_changes(keeper.changes());
            keeper.close();
        }
    }

    fn call_answered(&self, now: Time, connection: ConnectionId, record: &[u8]) {
        let Some(reply) = parse_reply(record) else { return };
        let answer = reply.result.map_or(CallbackAnswer::Refused, cb_notify_lock::decode);
        self.nfs.core().callback_answered(now, connection, CallbackId(reply.xid), answer);
    }

    fn connection_lost(&self, connection: ConnectionId) {
        self.nfs.core().connection_lost(connection);
    }

    fn on_gap(&self, now: Time, gap: Time) {
        self.nfs.core().on_gap(now, gap);
    }

    fn describe(&self) -> String {
        let (clients, files) = self.nfs.core().counts();
        format!("{clients} clients, {files} files in use by them")
    }

    fn next_alarm(&self) -> Option<Time> {
        Some(self.nfs.core().next_alarm())
    }

    fn on_alarm(&self, now: Time) {
        let mut core = self.nfs.core();
        let departing = core.is_tearing_down();
        core.on_alarm(now);
        let rubbish = core.take_deferred_drops();
        let departed = departing && !core.is_tearing_down();
        // Nobody waits for what follows.
        drop(core);
        drop(rubbish);
        if departed {
            give_back_memory();
        }
    }
}
