//! NFSv4 as a [`Service`]: where COMPOUNDs, the clock and what must be stored come together.

use super::client_records::ClientRecords;
use super::service::{Caller, GarbageArgs, OutgoingCall, Service};
use crate::compound::{self, Nfs, cb_notify_lock};
use crate::nfs4::{ConnectionId, Time};
use crate::rpc::{OpaqueAuth, begin_record, finish_record, parse_reply, put_call};
use crate::state::{CallbackAnswer, CallbackCall, CallbackId, CallbackSec};
use crate::xdr::encode::Encoder;
use std::sync::{Mutex, PoisonError};

/// Executes COMPOUNDs, and stores what they changed before their replies leave.
pub struct NfsService {
    nfs: Nfs,
    records: Mutex<ClientRecords>,
}

impl NfsService {
    /// Serves `nfs`, and keeps in `records` which clients may hold state.
    pub fn new(nfs: Nfs, records: ClientRecords) -> Self {
        Self { nfs, records: Mutex::new(records) }
    }

    /// The durability rule: nothing that this is called for is answered before the changes behind it are stored.
    /// When they cannot be, the server stops, for a reply would promise what a restart may break.
    fn commit(&self) {
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        let changes = self.nfs.take_changes();
        if changes.is_empty() {
            return;
        }
        if let Err(error) = records.commit(&changes) {
            tracing::error!(%error, "cannot store client records; stopping, so that no client is promised too much");
            std::process::exit(1);
        }
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
    fn compound(&self, caller: &Caller, args: &[u8], out: &mut Vec<u8>) -> Result<(), GarbageArgs> {
        let caller = compound::Caller {
            principal: caller.principal,
            cred: caller.cred.clone(),
            now: caller.now,
            connection: caller.connection,
        };
        let mut encoder = Encoder::on(std::mem::take(out));
        let result = compound::execute(&self.nfs, &caller, args, &mut encoder);
        *out = encoder.into_vec();
        self.commit();
        self.nfs.release_closed();
        result.map_err(|_| GarbageArgs)
    }

    fn is_quick(&self, args: &[u8]) -> bool {
        compound::is_quick(args)
    }

    fn is_idempotent(&self, args: &[u8]) -> bool {
        compound::is_idempotent(args)
    }

    fn is_numbered(&self, args: &[u8]) -> bool {
        compound::is_numbered(args)
    }

    fn take_calls(&self, now: Time) -> Vec<OutgoingCall> {
        let calls = self.nfs.core().take_callbacks(now);
        calls.iter().map(outgoing).collect()
    }

    fn call_answered(&self, now: Time, connection: ConnectionId, record: &[u8]) {
        let Some(reply) = parse_reply(record) else { return };
        let answer = reply.result.map_or(CallbackAnswer::Refused, cb_notify_lock::decode);
        self.nfs.core().callback_answered(now, connection, CallbackId(reply.xid), answer);
        self.commit();
    }

    fn connection_lost(&self, connection: ConnectionId) {
        self.nfs.core().connection_lost(connection);
    }

    fn next_alarm(&self) -> Option<Time> {
        Some(self.nfs.core().next_alarm())
    }

    fn on_alarm(&self, now: Time) {
        self.nfs.core().on_alarm(now);
        self.commit();
        self.nfs.release_closed();
    }
}
