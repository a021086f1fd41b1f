//! BIND_CONN_TO_SESSION — RFC 8881 §18.34. Adds this connection to the channels of a session.
//!
//! Statuses: BADSESSION.

use super::{Minors, Op, preview};
use crate::ops::context::{Context, Outcome, read};
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 41,
    name: "BIND_CONN_TO_SESSION",
    minors: Minors::SINCE_1,
    run,
    preview: |input| preview(input, decode::bind_conn_to_session),
    nonblocking: true,
    idempotent: false,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let args = read(input, decode::bind_conn_to_session)?;
    let (session, connection) = (args.sessionid, cx.caller.connection);
    let dir = cx.core().bind_conn_to_session(cx.now(), session, connection, args.dir)?;
    cx.out.fixed(&session.0);
    cx.out.u32(dir);
    // No RDMA.
    cx.out.bool(false);
    Ok(())
}
