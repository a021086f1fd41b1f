//! SEQUENCE — RFC 8881 §18.46. Gives a COMPOUND its slot in a session.
//!
//! Statuses: BAD_HIGH_SLOT, BADSESSION, BADSLOT, DELAY, REQ_TOO_BIG, SEQ_FALSE_RETRY, SEQ_MISORDERED, SEQUENCE_POS,
//! TOO_MANY_OPS.

use super::{Minors, Op, preview};
use crate::nfs4::Status;
use crate::ops::context::{Context, Outcome, Retry, read};
use crate::state::{SequenceCommand, SequenceReply, SequenceTurn, SlotTicket};
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 53,
    name: "SEQUENCE",
    minors: Minors::SINCE_1,
    run,
    preview: |input| preview(input, decode::sequence),
    nonblocking: true,
    idempotent: true,
};

/// Bytes of the RPC header of a call, about: credentials differ.
const CALL_HEADER_BYTES: usize = 40;

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let args = read(input, decode::sequence)?;
    if cx.slot.is_some() {
        return Err(Status::SequencePos.into());
    }
    let command = SequenceCommand {
        sessionid: args.sessionid,
        sequenceid: args.sequenceid,
        slotid: args.slotid,
        highest_slotid: args.highest_slotid,
        cachethis: args.cachethis,
        connection: cx.caller.connection,
        request: cx.digest(),
        request_bytes: cx.request.args.len() + CALL_HEADER_BYTES,
        operations: cx.request.count,
    };
    let turn = cx.core().sequence(cx.now(), &command)?;
    match turn {
        SequenceTurn::Go(reply, slot) => {
            cx.slot = Some(slot);
            write_reply(cx, &reply);
        }
        SequenceTurn::Resume(reply, slot, done) => {
            cx.slot = Some(slot);
            cx.done = done.to_vec();
            write_reply(cx, &reply);
        }
        SequenceTurn::Uncached(reply) => {
            cx.retry = Some(Retry::Uncached);
            write_reply(cx, &reply);
        }
        SequenceTurn::Replay(bytes) => cx.retry = Some(Retry::Cached(bytes)),
    }
    Ok(())
}

fn write_reply(cx: &mut Context<'_>, reply: &SequenceReply) {
    cx.out.fixed(&reply.sessionid.0);
    cx.out.words([
        reply.sequenceid,
        reply.slotid,
        reply.highest_slotid,
        reply.target_highest_slotid,
        reply.status_flags,
    ]);
}

/// Ends the COMPOUND whose result begins at `start`: keeps its result for a retry, if the client asked for that.
pub fn end(cx: &mut Context<'_>, start: usize) {
    if let Some(slot) = cx.slot.take() {
        let stored = cx.must_be_stored();
        let result = slot.is_to_be_kept().then(|| &cx.out.as_bytes()[start..]);
        cx.core().sequence_end(&slot, result, stored);
    }
}

/// Checks that a reply of so many bytes may be sent, and kept if it is to be (RFC 8881 §2.10.6.4).
pub fn fits(slot: &SlotTicket, bytes: usize) -> Outcome {
    if bytes > slot.reply_bytes_max() {
        Err(Status::RepTooBig.into())
    } else if slot.is_to_be_kept() && bytes > slot.cached_bytes_max() {
        Err(Status::RepTooBigToCache.into())
    } else {
        Ok(())
    }
}
