//! The back channel: calls of the server on a session's connection (RFC 8881 §2.10.3.1, §20).

use super::rpc::append_u32;
use crate::xdr::generated::nfs4::*;
use crate::xdr::generated::nfs4_cb::*;
use crate::xdr::generated::rpc::{call_body, rpc_msg, rpc_msg_body};
use crate::xdr::limits::OPAQUE_BYTES_MAX;
use crate::xdr::strict::Strict;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Instant;
use xdr_codec::{Pack, Unpack};

/// The program number that the client gives its callbacks.
pub const CB_PROGRAM: u32 = NFS4_CALLBACK;
/// Slots of the back channel.
pub const CB_SLOTS: u32 = 4;
/// Operations of one callback.
pub const CB_OPS_MAX: u32 = 8;

/// Holds a call of the server, as it was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Callback {
    /// When it had arrived.
    pub at: Instant,
    /// Its operations after CB_SEQUENCE, as far as they are understood; none for CB_NULL.
    pub ops: Vec<nfs_cb_argop4>,
    /// The status of the answer; `None` when there was none.
    pub answered: Option<nfsstat4>,
}

/// Says how callbacks are answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Manner {
    /// As a client that works.
    #[default]
    Well,
    /// CB_NOTIFY_LOCK is answered with this status.
    Refuse(nfsstat4),
    /// Nothing is answered.
    Silent,
}

/// Represents the client's side of a back channel.
#[derive(Debug)]
pub(super) struct BackChannel {
    session: [u8; 16],
    minor: u32,
    slots: Vec<Slot>,
    manner: Arc<Mutex<Manner>>,
    heard: mpsc::Sender<Callback>,
}

/// One slot: the last sequence id and what was answered to it.
#[derive(Clone, Debug, Default)]
struct Slot {
    sequence: u32,
    answer: Vec<u8>,
}

/// What became of one operation.
enum Done {
    /// The call is a retry; this was the whole answer.
    Replay(Vec<u8>),
    /// It was CB_SEQUENCE on this slot.
    Sequenced(u32),
    /// It is understood.
    Heard(nfs_cb_argop4),
    /// It is not.
    Refused,
}

/// A CB_COMPOUND that is being answered.
struct Answer {
    status: nfsstat4,
    count: u32,
    results: Vec<u8>,
}

impl BackChannel {
    /// Creates the back channel of a session; what it hears goes to `heard`.
    pub fn new(
        (session, minor): ([u8; 16], u32),
        slots: u32,
        manner: Arc<Mutex<Manner>>,
        heard: mpsc::Sender<Callback>,
    ) -> Self {
        let slots = vec![Slot::default(); slots.min(CB_SLOTS) as usize];
        Self { session, minor, slots, manner, heard }
    }

    /// Answers a call: the message to send back, unless it is malformed or the client is silent.
    pub fn answer(&mut self, record: &[u8]) -> Option<Vec<u8>> {
        let at = Instant::now();
        let manner = *self.manner.lock().unwrap_or_else(PoisonError::into_inner);
        let mut input = Strict::new(record);
        let (message, _) = rpc_msg::unpack(&mut input).ok()?;
        let rpc_msg_body::CALL(call) = message.body else { return None };
        let mut heard = Callback { at, ops: Vec::new(), answered: None };
        let body = match accept(&call) {
            Err(refusal) => refusal,
            Ok(CB_NULL) => vec![0; 4],
            Ok(_) => match self.compound(&mut input, manner, &mut heard) {
                // 4 is GARBAGE_ARGS.
                None => words(&[4]),
                Some(results) => [words(&[0]), results].concat(),
            },
        };
        if manner == Manner::Silent {
            heard.answered = None;
        }
        // Nobody may listen any more.
        let _ = self.heard.send(heard);
        // REPLY, MSG_ACCEPTED, AUTH_NONE without bytes; then accept_stat and what belongs to it.
        (manner != Manner::Silent).then(|| [words(&[message.xid, 1, 0, 0, 0]), body].concat())
    }

    /// Returns the results of a CB_COMPOUND, as bytes; `None` when its head cannot be read.
    fn compound(&mut self, input: &mut Strict<'_>, manner: Manner, heard: &mut Callback) -> Option<Vec<u8>> {
        let (tag, _) = xdr_codec::unpack_opaque_flex(input, Some(OPAQUE_BYTES_MAX)).ok()?;
        let head: [u32; 3] = [input.value().ok()?, input.value().ok()?, input.value().ok()?];
        let [minor, _ident, count] = head;
        let mut answer = Answer::default();
        if minor != self.minor {
            answer.status = nfsstat4::NFS4ERR_MINOR_VERS_MISMATCH;
        }
        let mut slot = None;
        for index in 0..count {
            if answer.status != nfsstat4::NFS4_OK {
                break;
            }
            match self.op(input, index, manner, &mut answer) {
                Done::Replay(bytes) => return Some(bytes),
                Done::Sequenced(number) => slot = Some(number),
                Done::Heard(op) => heard.ops.push(op),
                Done::Refused => {}
            }
        }
        heard.answered = Some(answer.status);
        let bytes = answer.bytes(&tag);
        if let Some(slot) = slot.and_then(|slot| self.slots.get_mut(slot as usize)) {
            slot.answer.clone_from(&bytes);
        }
        Some(bytes)
    }

    /// Answers one operation.
    fn op(&mut self, input: &mut Strict<'_>, index: u32, manner: Manner, answer: &mut Answer) -> Done {
        let number: u32 = input.clone().value().unwrap_or(nfs_cb_opnum4::OP_CB_ILLEGAL as u32);
        let known = [nfs_cb_opnum4::OP_CB_SEQUENCE, nfs_cb_opnum4::OP_CB_NOTIFY_LOCK];
        let is_known = known.iter().any(|known| *known as u32 == number);
        let status = match is_known.then(|| nfs_cb_argop4::unpack(input)) {
            None => nfsstat4::NFS4ERR_NOTSUPP,
            Some(Err(_)) => nfsstat4::NFS4ERR_BADXDR,
            Some(Ok((nfs_cb_argop4::OP_CB_SEQUENCE(args), _))) if index == 0 => match self.sequence(&args) {
                Ok(Some(replay)) => return Done::Replay(replay),
                Ok(None) => {
                    answer.add_sequence(&args, self.slots.len() as u32 - 1);
                    return Done::Sequenced(args.csa_slotid);
                }
                Err(status) => status,
            },
            Some(Ok((nfs_cb_argop4::OP_CB_SEQUENCE(_), _))) => nfsstat4::NFS4ERR_SEQUENCE_POS,
            Some(Ok(_)) if index == 0 => nfsstat4::NFS4ERR_OP_NOT_IN_SESSION,
            Some(Ok((op, _))) => {
                answer.add(
                    number,
                    if let Manner::Refuse(status) = manner { status } else { nfsstat4::NFS4_OK },
                );
                return Done::Heard(op);
            }
        };
        answer.add(number, status);
        Done::Refused
    }

    /// Judges a CB_SEQUENCE (§20.9): what was answered before, if it is a retry.
    fn sequence(&mut self, args: &CB_SEQUENCE4args) -> Result<Option<Vec<u8>>, nfsstat4> {
        if args.csa_sessionid.0 != self.session {
            return Err(nfsstat4::NFS4ERR_BADSESSION);
        }
        let slot = self.slots.get_mut(args.csa_slotid as usize).ok_or(nfsstat4::NFS4ERR_BADSLOT)?;
        if args.csa_sequenceid == slot.sequence && !slot.answer.is_empty() {
            return Ok(Some(slot.answer.clone()));
        }
        if args.csa_sequenceid != slot.sequence.wrapping_add(1) {
            return Err(nfsstat4::NFS4ERR_SEQ_MISORDERED);
        }
        slot.sequence = args.csa_sequenceid;
        slot.answer.clear();
        Ok(None)
    }
}

impl Default for Answer {
    fn default() -> Self {
        Self { status: nfsstat4::NFS4_OK, count: 0, results: Vec::new() }
    }
}

impl Answer {
    fn add(&mut self, number: u32, status: nfsstat4) {
        self.results.extend(words(&[number, status as u32]));
        (self.status, self.count) = (status, self.count + 1);
    }

    fn add_sequence(&mut self, args: &CB_SEQUENCE4args, highest: u32) {
        let result = nfs_cb_resop4::OP_CB_SEQUENCE(CB_SEQUENCE4res::NFS4_OK(CB_SEQUENCE4resok {
            csr_sessionid: args.csa_sessionid,
            csr_sequenceid: args.csa_sequenceid,
            csr_slotid: args.csa_slotid,
            csr_highest_slotid: highest,
            csr_target_highest_slotid: highest,
        }));
        // Nothing in it has a limit that it could be above.
        let _ = result.pack(&mut self.results);
        self.count += 1;
    }

    fn bytes(&self, tag: &[u8]) -> Vec<u8> {
        let mut out = words(&[self.status as u32]);
        super::rpc::append_opaque(&mut out, tag);
        append_u32(&mut out, self.count);
        out.extend_from_slice(&self.results);
        out
    }
}

/// Returns which procedure is called, or the body of a refusal (RFC 5531 §9).
fn accept(call: &call_body) -> Result<u32, Vec<u8>> {
    match (call.prog, call.vers, call.proc_num) {
        (CB_PROGRAM, NFS_CB, procedure @ (CB_NULL | CB_COMPOUND)) => Ok(procedure),
        (CB_PROGRAM, NFS_CB, _) => Err(words(&[3])),
        (CB_PROGRAM, ..) => Err(words(&[2, NFS_CB, NFS_CB])),
        _ => Err(words(&[1])),
    }
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}
