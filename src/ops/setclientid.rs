//! SETCLIENTID — RFC 7530 §16.33. A client introduces itself, for the first time or again.
//!
//! Statuses: CLID_INUSE (with the address of the client that uses the name), INVAL (an address that none can be), RESOURCE.

use super::{Minors, Op, preview};
use crate::nfs4::Status;
use crate::ops::context::{Context, Fail, Outcome, read};
use crate::state::{Callback, SetClientid, SetClientidRefused};
use crate::xdr::decode;
use crate::xdr::limits::NETADDR_BYTES_MAX;

pub(super) const OP: Op = Op {
    number: 35,
    name: "SETCLIENTID",
    minors: Minors::ONLY_0,
    run,
    preview: |input| preview(input, decode::setclientid),
    nonblocking: true,
    idempotent: false,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let args = read(input, decode::setclientid)?;
    if args.callback.r_netid.len().max(args.callback.r_addr.len()) > NETADDR_BYTES_MAX {
        return Err(Status::Inval.into());
    }
    let command = SetClientid {
        name: args.client.id,
        verifier: args.client.verifier,
        principal: cx.caller.principal,
        callback: Callback {
            program: args.callback.cb_program,
            netid: args.callback.r_netid.into(),
            addr: args.callback.r_addr.into(),
            ident: args.callback_ident,
        },
    };
    let (name, verifier) = (command.name, command.verifier);
    let replaces = cx.core().would_replace(cx.now(), name, verifier);
    let result = cx.core().setclientid(cx.now(), command);
    match result {
        Ok((clientid, confirm)) => {
            cx.introduced(name, verifier, replaces);
            cx.out.u64(clientid.0);
            cx.out.fixed(&confirm);
            Ok(())
        }
        Err(SetClientidRefused::InUse(callback)) => {
            cx.out.opaque(&callback.netid);
            cx.out.opaque(&callback.addr);
            Err(Fail::with_body(Status::ClidInUse))
        }
        Err(SetClientidRefused::Other(status)) => Err(status.into()),
    }
}
