//! COMMIT — RFC 7530 §16.3. Brings unstably written data to stable storage; the range is taken for a hint.
//!
//! Statuses: INVAL (offset + count too large), IO, ISDIR, NOFILEHANDLE, STALE.

use super::{Minors, Op, preview};
use crate::files::CommitRequest;
use crate::nfs4::Status;
use crate::ops::context::{Context, Outcome, read};
use crate::xdr::decode;

pub(super) const OP: Op = Op {
    number: 5,
    name: "COMMIT",
    minors: Minors::ALL,
    run,
    preview: |input| preview(input, decode::commit),
    nonblocking: false,
    idempotent: true,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let args = read(input, decode::commit)?;
    let fh = cx.current_regular()?;
    if args.offset.checked_add(u64::from(args.count)).is_none() {
        return Err(Status::Inval.into());
    }
    cx.files().call(&fh, CommitRequest)?;
    cx.out.fixed(&cx.nfs.write_verifier);
    Ok(())
}
