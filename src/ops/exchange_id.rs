//! EXCHANGE_ID — RFC 8881 §18.35. Introduces a client that uses sessions.
//!
//! Statuses: CLID_INUSE, DELAY, ENCR_ALG_UNSUPP, INVAL, NOENT, NOT_SAME, PERM.

use super::{Minors, Op, preview};
use crate::nfs4::Status;
use crate::ops::context::{Context, Outcome, read};
use crate::state::ExchangeId;
use crate::xdr::decode;
use crate::xdr::decode::StateProtect;

pub(super) const OP: Op = Op {
    number: 42,
    name: "EXCHANGE_ID",
    minors: Minors::SINCE_1,
    run,
    preview: |input| preview(input, decode::exchange_id),
    nonblocking: true,
    idempotent: false,
};

/// `EXCHGID4_FLAG_USE_NON_PNFS`: a plain server.
const USE_NON_PNFS: u32 = 0x1_0000;
/// `EXCHGID4_FLAG_UPD_CONFIRMED_REC_A`.
const UPD_CONFIRMED_REC_A: u32 = 0x4000_0000;
/// `EXCHGID4_FLAG_CONFIRMED_R`.
const CONFIRMED_R: u32 = 0x8000_0000;
/// The flags that a client may set: migration wishes, binding of the principal, pNFS roles, update.
const FLAGS_KNOWN: u32 = 0x3 | 0x100 | 0x7_0000 | UPD_CONFIRMED_REC_A;
/// `EXCHGID4_FLAG_SUPP_FENCE_OPS`, which came with NFSv4.2 (RFC 7862 §14.1.1).
const SUPP_FENCE_OPS: u32 = 4;
/// `SP4_NONE`.
const PROTECT_NONE: u32 = 0;

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let args = read(input, decode::exchange_id)?;
    let known = if cx.request.minor < 2 { FLAGS_KNOWN } else { FLAGS_KNOWN | SUPP_FENCE_OPS };
    if args.flags & !known != 0 {
        return Err(Status::Inval.into());
    }
    match args.state_protect {
        StateProtect::None => {}
        // Needs RPCSEC_GSS, with which nobody can have come here.
        StateProtect::MachCred => return Err(Status::Inval.into()),
        StateProtect::Ssv => return Err(Status::EncrAlgUnsupp.into()),
    }
    let exchange = ExchangeId {
        name: args.clientowner.id,
        verifier: args.clientowner.verifier,
        principal: cx.caller.principal,
        update: args.flags & UPD_CONFIRMED_REC_A != 0,
    };
    let (name, verifier) = (exchange.name, exchange.verifier);
    let replaces = cx.core().would_replace(cx.now(), name, verifier);
    let client = cx.core().exchange_id(cx.now(), exchange)?;
    cx.introduced(name, verifier, replaces);
    cx.out.u64(client.clientid.0);
    cx.out.u32(client.sequence);
    cx.out.u32(USE_NON_PNFS | if client.confirmed { CONFIRMED_R } else { 0 });
    cx.out.u32(PROTECT_NONE);
    // server_owner4: one server, whatever address it was reached by.
    cx.out.u64(0);
    cx.out.opaque(&cx.nfs.server_owner);
    cx.out.opaque(&cx.nfs.server_owner);
    // No nfs_impl_id4.
    cx.out.u32(0);
    Ok(())
}
