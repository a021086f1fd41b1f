// Generated from xdr/nfs4_cb.x by xdr/gen; do not edit.

use super::nfs4::*;
use xdr_codec::Pack;

pub const CB_COMPOUND: u32 = 1;

pub const CB_NULL: u32 = 0;

pub const LIMIT_CB_OPS: u32 = 64;

pub const NFS4_CALLBACK: u32 = 1073741824;

pub const NFS_CB: u32 = 1;

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CB_COMPOUND4args {
    pub tag: tag4,
    pub minorversion: uint32_t,
    pub callback_ident: uint32_t,
    pub argarray: Vec<nfs_cb_argop4>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CB_COMPOUND4res {
    pub status: nfsstat4,
    pub tag: tag4,
    pub resarray: Vec<nfs_cb_resop4>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CB_GETATTR4args {
    pub fh: nfs_fh4,
    pub attr_request: bitmap4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum CB_GETATTR4res {
    NFS4_OK(CB_GETATTR4resok),
    default(nfsstat4),
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CB_GETATTR4resok {
    pub obj_attributes: fattr4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct CB_ILLEGAL4res {
    pub status: nfsstat4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CB_RECALL4args {
    pub stateid: stateid4,
    pub truncate: bool,
    pub fh: nfs_fh4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct CB_RECALL4res {
    pub status: nfsstat4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum nfs_cb_argop4 {
    OP_CB_GETATTR(CB_GETATTR4args),
    OP_CB_RECALL(CB_RECALL4args),
    OP_CB_ILLEGAL,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum nfs_cb_opnum4 {
    OP_CB_GETATTR = 3isize,
    OP_CB_RECALL = 4isize,
    OP_CB_ILLEGAL = 10044isize,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum nfs_cb_resop4 {
    OP_CB_GETATTR(CB_GETATTR4res),
    OP_CB_RECALL(CB_RECALL4res),
    OP_CB_ILLEGAL(CB_ILLEGAL4res),
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for CB_COMPOUND4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.tag.pack(out)?
            + self.minorversion.pack(out)?
            + self.callback_ident.pack(out)?
            + xdr_codec::pack_flex(&self.argarray, Some(LIMIT_CB_OPS as usize), out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for CB_COMPOUND4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.status.pack(out)?
            + self.tag.pack(out)?
            + xdr_codec::pack_flex(&self.resarray, Some(LIMIT_CB_OPS as usize), out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for CB_GETATTR4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.fh.pack(out)? + self.attr_request.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for CB_GETATTR4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &CB_GETATTR4res::NFS4_OK(ref val) => (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?,
            &CB_GETATTR4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for CB_GETATTR4resok {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.obj_attributes.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for CB_ILLEGAL4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.status.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for CB_RECALL4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.stateid.pack(out)? + self.truncate.pack(out)? + self.fh.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for CB_RECALL4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.status.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for nfs_cb_argop4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &nfs_cb_argop4::OP_CB_GETATTR(ref val) => {
                (nfs_cb_opnum4::OP_CB_GETATTR as i32).pack(out)? + val.pack(out)?
            }
            &nfs_cb_argop4::OP_CB_RECALL(ref val) => {
                (nfs_cb_opnum4::OP_CB_RECALL as i32).pack(out)? + val.pack(out)?
            }
            &nfs_cb_argop4::OP_CB_ILLEGAL => (nfs_cb_opnum4::OP_CB_ILLEGAL as i32).pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for nfs_cb_opnum4 {
    #[inline]
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok((*self as i32).pack(out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for nfs_cb_resop4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &nfs_cb_resop4::OP_CB_GETATTR(ref val) => {
                (nfs_cb_opnum4::OP_CB_GETATTR as i32).pack(out)? + val.pack(out)?
            }
            &nfs_cb_resop4::OP_CB_RECALL(ref val) => {
                (nfs_cb_opnum4::OP_CB_RECALL as i32).pack(out)? + val.pack(out)?
            }
            &nfs_cb_resop4::OP_CB_ILLEGAL(ref val) => {
                (nfs_cb_opnum4::OP_CB_ILLEGAL as i32).pack(out)? + val.pack(out)?
            }
        })
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for CB_COMPOUND4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(CB_COMPOUND4args, usize)> {
        let mut sz = 0;
        Ok((
            CB_COMPOUND4args {
                tag: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                minorversion: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                callback_ident: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                argarray: {
                    let (v, fsz) = xdr_codec::unpack_flex(input, Some(LIMIT_CB_OPS as usize))?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for CB_COMPOUND4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(CB_COMPOUND4res, usize)> {
        let mut sz = 0;
        Ok((
            CB_COMPOUND4res {
                status: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                tag: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                resarray: {
                    let (v, fsz) = xdr_codec::unpack_flex(input, Some(LIMIT_CB_OPS as usize))?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for CB_GETATTR4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(CB_GETATTR4args, usize)> {
        let mut sz = 0;
        Ok((
            CB_GETATTR4args {
                fh: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                attr_request: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for CB_GETATTR4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(CB_GETATTR4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => CB_GETATTR4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => CB_GETATTR4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for CB_GETATTR4resok {
    fn unpack(input: &mut In) -> xdr_codec::Result<(CB_GETATTR4resok, usize)> {
        let mut sz = 0;
        Ok((
            CB_GETATTR4resok {
                obj_attributes: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for CB_ILLEGAL4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(CB_ILLEGAL4res, usize)> {
        let mut sz = 0;
        Ok((
            CB_ILLEGAL4res {
                status: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for CB_RECALL4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(CB_RECALL4args, usize)> {
        let mut sz = 0;
        Ok((
            CB_RECALL4args {
                stateid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                truncate: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                fh: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for CB_RECALL4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(CB_RECALL4res, usize)> {
        let mut sz = 0;
        Ok((
            CB_RECALL4res {
                status: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for nfs_cb_argop4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(nfs_cb_argop4, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (3i32 as i32) => nfs_cb_argop4::OP_CB_GETATTR({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (4i32 as i32) => nfs_cb_argop4::OP_CB_RECALL({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (10044i32 as i32) => nfs_cb_argop4::OP_CB_ILLEGAL,
                v => return Err(xdr_codec::Error::invalidcase(v as i32)),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for nfs_cb_opnum4 {
    #[inline]
    fn unpack(input: &mut In) -> xdr_codec::Result<(nfs_cb_opnum4, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (e, esz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += esz;
                match e {
                    x if x == nfs_cb_opnum4::OP_CB_GETATTR as i32 => nfs_cb_opnum4::OP_CB_GETATTR,
                    x if x == nfs_cb_opnum4::OP_CB_RECALL as i32 => nfs_cb_opnum4::OP_CB_RECALL,
                    x if x == nfs_cb_opnum4::OP_CB_ILLEGAL as i32 => nfs_cb_opnum4::OP_CB_ILLEGAL,
                    e => return Err(xdr_codec::Error::invalidenum(e)),
                }
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for nfs_cb_resop4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(nfs_cb_resop4, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (3i32 as i32) => nfs_cb_resop4::OP_CB_GETATTR({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (4i32 as i32) => nfs_cb_resop4::OP_CB_RECALL({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (10044i32 as i32) => nfs_cb_resop4::OP_CB_ILLEGAL({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => return Err(xdr_codec::Error::invalidcase(v as i32)),
            },
            sz,
        ))
    }
}
