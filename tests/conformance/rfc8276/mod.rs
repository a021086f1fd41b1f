//! RFC 8276: extended attributes.

mod generation;
mod section_8_4_xattrs;

use crate::support::Actor;
use lockhouse::client::{Error, op};
use lockhouse::nfs4::Filehandle;
use lockhouse::xdr::generated::nfs4::{GETXATTR4res, nfs_resop4};

/// The value of an extended attribute.
fn value_of(actor: &mut Actor, file: &Filehandle, name: &str) -> Result<Vec<u8>, Error> {
    let reply = actor.compound_ok(&[op::putfh(file), op::getxattr(name)])?;
    reply.find(|result| match result {
        nfs_resop4::OP_GETXATTR(GETXATTR4res::NFS4_OK(value)) => Some(value.0.clone()),
        _ => None,
    })
}
