//! Call and reply messages (RFC 5531 §9).

use super::flavor::{AUTH_NONE, AuthStat, OpaqueAuth};
use super::wire::{opaque, put_uint32, uint32};
use std::ops::Range;

/// The version of ONC RPC.
pub const RPC_VERSION: u32 = 2;
/// Longest body of a credential or verifier, in bytes (§8.2).
pub const AUTH_BODY_BYTES_MAX: usize = 400;

/// `msg_type`.
const CALL: u32 = 0;
const REPLY: u32 = 1;
/// `reply_stat`.
const MSG_ACCEPTED: u32 = 0;
const MSG_DENIED: u32 = 1;
/// `reject_stat`.
const REJECT_RPC_MISMATCH: u32 = 0;
const REJECT_AUTH_ERROR: u32 = 1;

/// Holds the head of a call, borrowed from its record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call<'a> {
    /// The client's number for this call; the reply carries it.
    pub xid: u32,
    /// Program.
    pub prog: u32,
    /// Version of the program.
    pub vers: u32,
    /// Procedure.
    pub proc: u32,
    /// Who calls.
    pub cred: OpaqueAuth<'a>,
    /// Proof of `cred`.
    pub verf: OpaqueAuth<'a>,
    /// The bytes of the record from the xid to the end of the credential: what a verifier of RPCSEC_GSS is computed
    /// over (RFC 2203 §5.3.1).
    pub signed: Range<usize>,
    /// Where in the record the arguments of the procedure start.
    pub body_offset: usize,
}

/// Says why a call is refused before its program is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// `RPC_MISMATCH`: not version 2 of RPC.
    RpcMismatch,
    /// `AUTH_ERROR`.
    Auth(AuthStat),
}

/// Says why a record is not a call to be carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is answered with this.
    Denied {
        /// The call's xid.
        xid: u32,
        /// The answer.
        why: Denied,
    },
    /// A reply, to a call of ours if to any.
    Reply,
    /// Too short for the head of a call, or no message of RPC at all: nothing can be answered, and the peer is not
    /// worth listening to.
    Undecodable,
}

/// Reads the head of a call.
pub fn parse_call(record: &[u8]) -> Result<Call<'_>, Refusal> {
    let word = |input| uint32(input).map_err(|_| Refusal::Undecodable);
    let (rest, xid) = word(record)?;
    let (rest, msg_type) = word(rest)?;
    match msg_type {
        CALL => (),
        REPLY => return Err(Refusal::Reply),
        _ => return Err(Refusal::Undecodable),
    }
    let (rest, rpcvers) = word(rest)?;
    if rpcvers != RPC_VERSION {
        return Err(Refusal::Denied { xid, why: Denied::RpcMismatch });
    }
    let (rest, prog) = word(rest)?;
    let (rest, vers) = word(rest)?;
    let (rest, proc) = word(rest)?;
    let auth = |input, stat| parse_auth(input, Refusal::Denied { xid, why: Denied::Auth(stat) });
    let (rest, cred) = auth(rest, AuthStat::BadCred)?;
    let signed = 0..record.len() - rest.len();
    let (rest, verf) = auth(rest, AuthStat::BadVerf)?;
    Ok(Call { xid, prog, vers, proc, cred, verf, signed, body_offset: record.len() - rest.len() })
}

/// Reads an `opaque_auth`; `refusal` is for one that is cut short or too long.
#[inline]
fn parse_auth(input: &[u8], refusal: Refusal) -> Result<(&[u8], OpaqueAuth<'_>), Refusal> {
    let (rest, flavor) = uint32(input).map_err(|_| refusal)?;
    let (rest, body) = opaque(AUTH_BODY_BYTES_MAX, rest).map_err(|_| refusal)?;
    Ok((rest, OpaqueAuth { flavor, body }))
}

/// Represents `accept_stat` and what goes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// `SUCCESS`; the result of the procedure follows.
    Success,
    /// `PROG_UNAVAIL`: no such program here.
    ProgUnavail,
    /// `PROG_MISMATCH`: the program is here in other versions.
    ProgMismatch {
        /// Lowest version.
        low: u32,
        /// Highest version.
        high: u32,
    },
    /// `PROC_UNAVAIL`: the program has no such procedure.
    ProcUnavail,
    /// `GARBAGE_ARGS`: the arguments cannot be decoded.
    GarbageArgs,
    /// `SYSTEM_ERR`: the server failed.
    SystemErr,
}

/// Appends the head of an accepted reply, with the empty verifier of AUTH_NONE and AUTH_SYS.
pub fn put_accepted(out: &mut Vec<u8>, xid: u32, accepted: Accepted) {
    let (stat, versions) = match accepted {
        Accepted::Success => (0, None),
        Accepted::ProgUnavail => (1, None),
        Accepted::ProgMismatch { low, high } => (2, Some([low, high])),
        Accepted::ProcUnavail => (3, None),
        Accepted::GarbageArgs => (4, None),
        Accepted::SystemErr => (5, None),
    };
    let head = [xid, REPLY, MSG_ACCEPTED, AUTH_NONE, 0, stat];
    out.extend_from_slice(head.map(u32::to_be_bytes).as_flattened());
    versions.into_iter().flatten().for_each(|version| put_uint32(out, version));
}

/// Appends a denied reply.
pub fn put_denied(out: &mut Vec<u8>, xid: u32, denied: Denied) {
    [xid, REPLY, MSG_DENIED].into_iter().for_each(|word| put_uint32(out, word));
    match denied {
        Denied::RpcMismatch => {
            [REJECT_RPC_MISMATCH, RPC_VERSION, RPC_VERSION]
                .into_iter()
                .for_each(|word| put_uint32(out, word));
        }
        Denied::Auth(stat) => {
            [REJECT_AUTH_ERROR, stat.number()].into_iter().for_each(|word| put_uint32(out, word));
        }
    }
}

/// Appends the head of a call, without a verifier.
pub fn put_call(out: &mut Vec<u8>, xid: u32, prog: u32, vers: u32, proc: u32, cred: OpaqueAuth<'_>) {
    [xid, CALL, RPC_VERSION, prog, vers, proc].into_iter().for_each(|word| put_uint32(out, word));
    put_uint32(out, cred.flavor);
    put_uint32(out, cred.body.len() as u32);
    out.extend_from_slice(cred.body);
    out.resize(out.len().next_multiple_of(4), 0);
    [AUTH_NONE, 0].into_iter().for_each(|word| put_uint32(out, word));
}

/// Holds a reply to a call of the server, borrowed from its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reply<'a> {
    /// The number of the call.
    pub xid: u32,
    /// The result of the procedure; `None` when the call was denied or not carried out.
    pub result: Option<&'a [u8]>,
}

/// Reads a reply; `None` when the record is none.
pub fn parse_reply(record: &[u8]) -> Option<Reply<'_>> {
    let word = |input| uint32(input).ok();
    let (rest, xid) = word(record)?;
    let (rest, msg_type) = word(rest)?;
    if msg_type != REPLY {
        return None;
    }
    let (rest, accepted) = word(rest)?;
    if accepted != MSG_ACCEPTED {
        return Some(Reply { xid, result: None });
    }
    let (rest, _) = parse_auth(rest, Refusal::Undecodable).ok()?;
    let (rest, stat) = word(rest)?;
    Some(Reply { xid, result: (stat == 0).then_some(rest) })
}

#[cfg(test)]
#[path = "message_tests.rs"]
mod tests;
