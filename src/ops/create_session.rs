//! CREATE_SESSION — RFC 8881 §18.36. Makes a session, and confirms the client by its first one.
//!
//! Statuses: CLID_INUSE, INVAL, NOSPC, SEQ_MISORDERED, STALE_CLIENTID, TOOSMALL.

use super::{Minors, Op, preview};
use crate::nfs4::Status;
use crate::ops::backchannel_ctl::callback_sec;
use crate::ops::context::read;
use crate::ops::context::{Context, Outcome};
use crate::state::{ChannelAttrs, CreateSession};
use crate::xdr::Encoder;
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 43,
    name: "CREATE_SESSION",
    minors: Minors::SINCE_1,
    run,
    preview: |input| preview(input, decode::create_session),
    nonblocking: true,
    idempotent: false,
};

/// `CREATE_SESSION4_FLAG_CONN_BACK_CHAN`.
const CONN_BACK_CHAN: u32 = 2;
/// All flags: `PERSIST`, `CONN_BACK_CHAN`, `CONN_RDMA`.
const FLAGS_KNOWN: u32 = 7;

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let args = read(input, decode::create_session)?;
    if args.flags & !FLAGS_KNOWN != 0 {
        return Err(Status::Inval.into());
    }
    let command = CreateSession {
        clientid: args.clientid,
        sequence: args.sequence,
        principal: cx.caller.principal,
        connection: cx.caller.connection,
        minor: cx.request.minor,
        back_channel: args.flags & CONN_BACK_CHAN != 0,
        fore: channel(&args.fore),
        back: channel(&args.back),
        cb_program: args.cb_program,
        sec: args.sec.and_then(callback_sec),
    };
    let session = cx.core().create_session(cx.now(), &command)?;
    cx.out.fixed(&session.id.0);
    cx.out.u32(session.sequence);
    cx.out.u32(if session.back_channel { CONN_BACK_CHAN } else { 0 });
    write_channel(cx.out, &session.fore);
    write_channel(cx.out, &session.back);
    Ok(())
}

fn channel(attrs: &decode::ChannelAttrs) -> ChannelAttrs {
    ChannelAttrs {
        maxrequestsize: attrs.maxrequestsize,
        maxresponsesize: attrs.maxresponsesize,
        maxresponsesize_cached: attrs.maxresponsesize_cached,
        maxoperations: attrs.maxoperations,
        maxrequests: attrs.maxrequests,
    }
}

fn write_channel(out: &mut Encoder, attrs: &ChannelAttrs) {
    // No padding in front of data.
    out.u32(0);
    out.u32(attrs.maxrequestsize);
    out.u32(attrs.maxresponsesize);
    out.u32(attrs.maxresponsesize_cached);
    out.u32(attrs.maxoperations);
    out.u32(attrs.maxrequests);
    // No RDMA.
    out.u32(0);
}
