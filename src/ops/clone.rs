//! CLONE — RFC 7862 §15.13. Makes a region of the current file the same as one of the saved file, without copying.
//!
//! Statuses: ACCESS, ADMIN_REVOKED, BAD_STATEID, DQUOT, EXPIRED, FBIG, GRACE, INVAL (the source is not as long, regions
//! overlap or are not aligned), LOCKED, NOFILEHANDLE, NOSPC, NOTSUPP (the file system cannot), OLD_STATEID, OPENMODE,
//! STALE_STATEID, WRONG_TYPE, XDEV, and those of files.

use super::allocate::check_regular;
use super::context::DataChange;
use super::{Minors, Op, preview};
use crate::files::{CloneRequest, Side};
use crate::nfs4::{Cred, Filehandle, Status};
use crate::ops::context::{Context, Outcome, read};
use crate::xdr::decode::{self, CloneArgs};

pub(super) const OP: Op = Op {
    number: 71,
    name: "CLONE",
    minors: Minors::SINCE_2,
    run,
    preview: |input| preview(input, decode::clone),
    nonblocking: false,
    idempotent: false,
};

fn run(cx: &mut Context<'_>, input: &mut &[u8]) -> Outcome {
    let args = read(input, decode::clone)?;
    let files = cx.files();
    let sides = Sides::of(cx, &args)?;
    let (from, target, to) = (sides.from(), sides.target(), sides.to());
    files.call(sides.source(), CloneRequest { from, target, to, count: args.count })?;
    Ok(())
}

/// Source and target of a CLONE or COPY, and by what right they are used.
pub(super) struct Sides<'c, 'a> {
    from: (Filehandle, Cred, u64, bool),
    to: (Filehandle, Cred, u64, bool),
    /// As long as this is there, nobody may deny the change.
    _change: DataChange<'c, 'a>,
}

impl<'c, 'a> Sides<'c, 'a> {
    /// Looks at both files and both stateids. Errors: `NoFilehandle`, also without a saved one; `WrongType`; those of
    /// stateids.
    pub(super) fn of(cx: &'c Context<'a>, args: &CloneArgs) -> Result<Self, Status> {
        let (from, to) = (cx.saved().ok_or(Status::NoFilehandle)?, cx.current()?);
        check_regular(cx, &from)?;
        check_regular(cx, &to)?;
        let has_open = cx.read_right(&from, args.src_stateid)?;
        let change = cx.begin_change(&to, args.dst_stateid)?;
        let (from_cred, to_cred) = (cx.cred(&from), cx.cred(&to));
        Ok(Self {
            from: (from, from_cred, args.src_offset, has_open),
            to: (to, to_cred, args.dst_offset, change.has_open),
            _change: change,
        })
    }

    /// Returns the file to read.
    pub(super) fn source(&self) -> &Filehandle {
        &self.from.0
    }

    /// Returns where to read.
    pub(super) fn from(&self) -> Side<'_> {
        side(&self.from)
    }

    /// Returns the file to write to.
    pub(super) fn target(&self) -> &Filehandle {
        &self.to.0
    }

    /// Returns where to write.
    pub(super) fn to(&self) -> Side<'_> {
        side(&self.to)
    }
}

fn side((_, cred, offset, has_open): &(Filehandle, Cred, u64, bool)) -> Side<'_> {
    Side { cred, offset: *offset, has_open: *has_open }
}
