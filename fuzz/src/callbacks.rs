//! The clients' side of callbacks: what the server may send them, and every way in which they can answer.

use lockhouse::compound::{Nfs, cb_notify_lock};
use lockhouse::nfs4::{ConnectionId, SessionId, Status, Time};
use lockhouse::rpc::message::{Accepted, Denied, put_accepted, put_denied};
use lockhouse::rpc::parse_reply;
use lockhouse::state::{CallbackAnswer, CallbackCall, CallbackId};
use lockhouse::xdr::generated::nfs4_cb::{CB_COMPOUND4args, nfs_cb_argop4};
use lockhouse::xdr::{Encoder, Strict};
use std::collections::{BTreeMap, BTreeSet};

/// What a client does with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Answers with this status of CB_NOTIFY_LOCK.
    Answer(Status),
    /// Does not carry it out: `MSG_DENIED`.
    Deny,
    /// Answers well, twice.
    Twice,
    /// Answers for another, over a connection that the call did not come by.
    Elsewhere,
}

/// The calls that clients have got.
#[derive(Default)]
pub struct Callbacks {
    open: BTreeMap<CallbackId, CallbackCall>,
    /// The last number of each slot.
    numbers: BTreeMap<(SessionId, u32), u32>,
    lost: BTreeSet<ConnectionId>,
}

impl Callbacks {
    /// How many calls nobody has answered yet.
    pub fn count(&self) -> usize {
        self.open.len()
    }

    /// Takes a call that leaves the server: over a connection that is there, numbered in its slot, and again only when it
    /// was lost.
    pub fn take(&mut self, call: CallbackCall, slots: u32) {
        check_bytes(&call);
        assert!(!self.lost.contains(&call.connection), "sent to nowhere: {call:?}");
        assert!(call.slotid <= call.highest_slotid && call.highest_slotid < slots, "{call:?}");
        let slot = (call.sessionid, call.slotid);
        if let Some(before) = self.open.insert(call.id, call.clone()) {
            assert!(self.lost.contains(&before.connection), "sent twice: {call:?}");
            assert_eq!(CallbackCall { connection: call.connection, ..before }, call, "changed on its way");
            return;
        }
        let in_slot = self.open.values().filter(|open| (open.sessionid, open.slotid) == slot).count();
        assert_eq!(in_slot, 1, "two calls in a slot: {call:?}");
        let number = self.numbers.entry(slot).or_default();
        *number += 1;
        assert_eq!(*number, call.sequenceid, "{call:?}");
    }

    /// A connection is gone.
    pub fn lose(&mut self, nfs: &Nfs, connection: ConnectionId) {
        self.lost.insert(connection);
        nfs.core().connection_lost(connection);
    }

    /// Answers one of the calls.
    pub fn answer(&mut self, nfs: &Nfs, now: Time, which: usize, manner: Manner) {
        let Some(call) = self.pick(which) else { return };
        let record = match manner {
            Manner::Answer(status) => answer(&call, status),
            Manner::Deny => denial(&call),
            Manner::Twice | Manner::Elsewhere => answer(&call, Status::Ok),
        };
        if manner == Manner::Elsewhere {
            let before = nfs.core().census();
            assert!(receive(nfs, now, ConnectionId(0), &record));
            assert_eq!(nfs.core().census(), before, "somebody answered for another");
            return;
        }
        assert!(receive(nfs, now, call.connection, &record));
        if manner == Manner::Twice {
            assert!(receive(nfs, now, call.connection, &record));
        }
        self.answered(&call);
    }

    /// Answers one of the calls with any bytes behind its xid.
    pub fn answer_with(&mut self, nfs: &Nfs, now: Time, which: usize, bytes: &[u8]) {
        let Some(call) = self.pick(which) else { return };
        let record = [&call.id.0.to_be_bytes()[..], bytes].concat();
        if receive(nfs, now, call.connection, &record) {
            self.answered(&call);
        }
    }

    fn pick(&self, which: usize) -> Option<CallbackCall> {
        let count = self.open.len().max(1);
        self.open.values().nth(which % count).cloned()
    }

    /// An answer over a connection that is gone reaches nobody.
    fn answered(&mut self, call: &CallbackCall) {
        if !self.lost.contains(&call.connection) {
            self.open.remove(&call.id);
        }
    }
}

/// What the server does with a reply to a call; `false` when it is no reply.
fn receive(nfs: &Nfs, now: Time, connection: ConnectionId, record: &[u8]) -> bool {
    let Some(reply) = parse_reply(record) else { return false };
    let answer = reply.result.map_or(CallbackAnswer::Refused, cb_notify_lock::decode);
    nfs.core().callback_answered(now, connection, CallbackId(reply.xid), answer);
    true
}

fn answer(call: &CallbackCall, status: Status) -> Vec<u8> {
    let mut result = Encoder::new();
    result.u32(status.number());
    result.opaque(b"");
    result.u32(2);
    [11, 0].into_iter().for_each(|word| result.u32(word));
    result.fixed(&call.sessionid.0);
    [call.sequenceid, call.slotid, call.slotid, call.slotid].into_iter().for_each(|word| result.u32(word));
    [13, status.number()].into_iter().for_each(|word| result.u32(word));
    assert_eq!(cb_notify_lock::decode(result.as_bytes()), CallbackAnswer::Done(status));
    let mut record = Vec::new();
    put_accepted(&mut record, call.id.0, Accepted::Success);
    record.extend_from_slice(result.as_bytes());
    record
}

fn denial(call: &CallbackCall) -> Vec<u8> {
    let mut record = Vec::new();
    put_denied(&mut record, call.id.0, Denied::RpcMismatch);
    record
}

/// The bytes of a call are what the specification says.
fn check_bytes(call: &CallbackCall) {
    let bytes = cb_notify_lock::encode(call);
    let args: CB_COMPOUND4args = Strict::whole(&bytes).expect("a call that the client can read");
    assert_eq!((args.minorversion, args.callback_ident), (call.minor, 0));
    let [nfs_cb_argop4::OP_CB_SEQUENCE(sequence), nfs_cb_argop4::OP_CB_NOTIFY_LOCK(notice)] =
        &args.argarray[..]
    else {
        panic!("{args:?}")
    };
    assert_eq!(sequence.csa_sessionid.0, call.sessionid.0);
    assert_eq!((sequence.csa_sequenceid, sequence.csa_slotid), (call.sequenceid, call.slotid));
    assert_eq!(notice.cnla_fh.0, call.fh().as_bytes());
    assert_eq!(notice.cnla_lock_owner.owner, &call.owner().owner[..]);
}
