//! Where the values of attributes come from.

use super::numbers::{OF_FILE_SYSTEM, TIME_CREATE, supported};
use crate::files::{Attr, FsStat, GetattrRequest, StatfsRequest};
use crate::nfs4::{Filehandle, Status, Time};
use crate::ops::context::Context;
use crate::xdr::Bitmap;

/// All that is needed to write the attributes of one object.
#[derive(Debug)]
pub struct Source {
    /// The object's own.
    pub attr: Attr,
    /// Its file system's; zeros unless one of them was requested.
    pub fs: FsStat,
    /// Its filehandle.
    pub fh: Filehandle,
    /// The server's lease.
    pub lease: Time,
    /// The minor version in which they are asked for.
    pub minor: u32,
}

impl Source {
    /// Reads what `request` needs.
    pub fn load(cx: &Context<'_>, fh: &Filehandle, request: &Bitmap) -> Result<Self, Status> {
        let wants_fs = OF_FILE_SYSTEM.iter().any(|number| request.contains(number));
        let fs = if wants_fs { cx.files().call(fh, StatfsRequest)? } else { FsStat::default() };
        let attr = cx.files().call(fh, GetattrRequest)?;
        Ok(Self { attr, fs, fh: fh.clone(), lease: cx.nfs.lease, minor: cx.request.minor })
    }

    /// Tells whether this object has the attribute, in this minor version.
    pub fn has(&self, number: u32) -> bool {
        supported(self.minor).contains(number) && (number != TIME_CREATE || self.attr.btime.is_some())
    }
}
