//! BACKCHANNEL_CTL — RFC 8881 §18.33. Changes how the client of this session is to be called.
//!
//! Statuses: NOENT, OP_NOT_IN_SESSION.

use super::{Minors, Op, preview};
use crate::nfs4::Status;
use crate::ops::context::{Context, Outcome, read};
use crate::state;
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 40,
    name: "BACKCHANNEL_CTL",
    minors: Minors::SINCE_1,
    run,
    preview: |input| preview(input, decode::backchannel_ctl),
    nonblocking: true,
    idempotent: false,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let args = read(input, decode::backchannel_ctl)?;
    let session = cx.slot.as_ref().ok_or(Status::OpNotInSession)?.sessionid();
    cx.core().backchannel_ctl(session, args.cb_program, args.sec.and_then(callback_sec))?;
    Ok(())
}

/// Copies the credentials that callbacks will use, if the server can use them.
pub(super) fn callback_sec(sec: decode::CallbackSec<'_>) -> Option<state::CallbackSec> {
    match sec {
        decode::CallbackSec::None => Some(state::CallbackSec::None),
        decode::CallbackSec::Sys(parms) => Some(state::CallbackSec::Sys(parms.0.into())),
        decode::CallbackSec::Gss => None,
    }
}
