// Generated from xdr/nfs4_cb.x by xdr/gen; do not edit.

use super::nfs4::*;
use xdr_codec::Pack;

pub const CB_COMPOUND: u32 = 1;

pub const CB_NULL: u32 = 0;

pub const LIMIT_CB_OPS: u32 = 64;

pub const LIMIT_REFERRING_CALLS: u32 = 64;

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
pub struct CB_NOTIFY_LOCK4args {
    pub cnla_fh: nfs_fh4,
    pub cnla_lock_owner: lock_owner4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct CB_NOTIFY_LOCK4res {
    pub cnlr_status: nfsstat4,
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
pub struct CB_SEQUENCE4args {
    pub csa_sessionid: sessionid4,
    pub csa_sequenceid: sequenceid4,
    pub csa_slotid: slotid4,
    pub csa_highest_slotid: slotid4,
    pub csa_cachethis: bool,
    pub csa_referring_call_lists: Vec<referring_call_list4>,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum CB_SEQUENCE4res {
    NFS4_OK(CB_SEQUENCE4resok),
    default(nfsstat4),
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct CB_SEQUENCE4resok {
    pub csr_sessionid: sessionid4,
    pub csr_sequenceid: sequenceid4,
    pub csr_slotid: slotid4,
    pub csr_highest_slotid: slotid4,
    pub csr_target_highest_slotid: slotid4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct cb_refused4res {
    pub status: nfsstat4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum nfs_cb_argop4 {
    OP_CB_GETATTR(CB_GETATTR4args),
    OP_CB_RECALL(CB_RECALL4args),
    OP_CB_LAYOUTRECALL,
    OP_CB_NOTIFY,
    OP_CB_PUSH_DELEG,
    OP_CB_RECALL_ANY,
    OP_CB_RECALLABLE_OBJ_AVAIL,
    OP_CB_RECALL_SLOT,
    OP_CB_SEQUENCE(CB_SEQUENCE4args),
    OP_CB_WANTS_CANCELLED,
    OP_CB_NOTIFY_LOCK(CB_NOTIFY_LOCK4args),
    OP_CB_NOTIFY_DEVICEID,
    OP_CB_OFFLOAD,
    OP_CB_ILLEGAL,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum nfs_cb_opnum4 {
    OP_CB_GETATTR = 3isize,
    OP_CB_RECALL = 4isize,
    OP_CB_LAYOUTRECALL = 5isize,
    OP_CB_NOTIFY = 6isize,
    OP_CB_PUSH_DELEG = 7isize,
    OP_CB_RECALL_ANY = 8isize,
    OP_CB_RECALLABLE_OBJ_AVAIL = 9isize,
    OP_CB_RECALL_SLOT = 10isize,
    OP_CB_SEQUENCE = 11isize,
    OP_CB_WANTS_CANCELLED = 12isize,
    OP_CB_NOTIFY_LOCK = 13isize,
    OP_CB_NOTIFY_DEVICEID = 14isize,
    OP_CB_OFFLOAD = 15isize,
    OP_CB_ILLEGAL = 10044isize,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum nfs_cb_resop4 {
    OP_CB_GETATTR(CB_GETATTR4res),
    OP_CB_RECALL(CB_RECALL4res),
    OP_CB_LAYOUTRECALL(cb_refused4res),
    OP_CB_NOTIFY(cb_refused4res),
    OP_CB_PUSH_DELEG(cb_refused4res),
    OP_CB_RECALL_ANY(cb_refused4res),
    OP_CB_RECALLABLE_OBJ_AVAIL(cb_refused4res),
    OP_CB_RECALL_SLOT(cb_refused4res),
    OP_CB_SEQUENCE(CB_SEQUENCE4res),
    OP_CB_WANTS_CANCELLED(cb_refused4res),
    OP_CB_NOTIFY_LOCK(CB_NOTIFY_LOCK4res),
    OP_CB_NOTIFY_DEVICEID(cb_refused4res),
    OP_CB_OFFLOAD(cb_refused4res),
    OP_CB_ILLEGAL(CB_ILLEGAL4res),
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct referring_call4 {
    pub rc_sequenceid: sequenceid4,
    pub rc_slotid: slotid4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct referring_call_list4 {
    pub rcl_sessionid: sessionid4,
    pub rcl_referring_calls: Vec<referring_call4>,
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

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for CB_NOTIFY_LOCK4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.cnla_fh.pack(out)? + self.cnla_lock_owner.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for CB_NOTIFY_LOCK4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.cnlr_status.pack(out)? + 0)
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

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for CB_SEQUENCE4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.csa_sessionid.pack(out)?
            + self.csa_sequenceid.pack(out)?
            + self.csa_slotid.pack(out)?
            + self.csa_highest_slotid.pack(out)?
            + self.csa_cachethis.pack(out)?
            + xdr_codec::pack_flex(
                &self.csa_referring_call_lists,
                Some(LIMIT_REFERRING_CALLS as usize),
                out,
            )?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for CB_SEQUENCE4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &CB_SEQUENCE4res::NFS4_OK(ref val) => (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?,
            &CB_SEQUENCE4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for CB_SEQUENCE4resok {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.csr_sessionid.pack(out)?
            + self.csr_sequenceid.pack(out)?
            + self.csr_slotid.pack(out)?
            + self.csr_highest_slotid.pack(out)?
            + self.csr_target_highest_slotid.pack(out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for cb_refused4res {
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
            &nfs_cb_argop4::OP_CB_LAYOUTRECALL => (nfs_cb_opnum4::OP_CB_LAYOUTRECALL as i32).pack(out)?,
            &nfs_cb_argop4::OP_CB_NOTIFY => (nfs_cb_opnum4::OP_CB_NOTIFY as i32).pack(out)?,
            &nfs_cb_argop4::OP_CB_PUSH_DELEG => (nfs_cb_opnum4::OP_CB_PUSH_DELEG as i32).pack(out)?,
            &nfs_cb_argop4::OP_CB_RECALL_ANY => (nfs_cb_opnum4::OP_CB_RECALL_ANY as i32).pack(out)?,
            &nfs_cb_argop4::OP_CB_RECALLABLE_OBJ_AVAIL => {
                (nfs_cb_opnum4::OP_CB_RECALLABLE_OBJ_AVAIL as i32).pack(out)?
            }
            &nfs_cb_argop4::OP_CB_RECALL_SLOT => (nfs_cb_opnum4::OP_CB_RECALL_SLOT as i32).pack(out)?,
            &nfs_cb_argop4::OP_CB_SEQUENCE(ref val) => {
                (nfs_cb_opnum4::OP_CB_SEQUENCE as i32).pack(out)? + val.pack(out)?
            }
            &nfs_cb_argop4::OP_CB_WANTS_CANCELLED => {
                (nfs_cb_opnum4::OP_CB_WANTS_CANCELLED as i32).pack(out)?
            }
            &nfs_cb_argop4::OP_CB_NOTIFY_LOCK(ref val) => {
                (nfs_cb_opnum4::OP_CB_NOTIFY_LOCK as i32).pack(out)? + val.pack(out)?
            }
            &nfs_cb_argop4::OP_CB_NOTIFY_DEVICEID => {
                (nfs_cb_opnum4::OP_CB_NOTIFY_DEVICEID as i32).pack(out)?
            }
            &nfs_cb_argop4::OP_CB_OFFLOAD => (nfs_cb_opnum4::OP_CB_OFFLOAD as i32).pack(out)?,
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
            &nfs_cb_resop4::OP_CB_LAYOUTRECALL(ref val) => {
                (nfs_cb_opnum4::OP_CB_LAYOUTRECALL as i32).pack(out)? + val.pack(out)?
            }
            &nfs_cb_resop4::OP_CB_NOTIFY(ref val) => {
                (nfs_cb_opnum4::OP_CB_NOTIFY as i32).pack(out)? + val.pack(out)?
            }
            &nfs_cb_resop4::OP_CB_PUSH_DELEG(ref val) => {
                (nfs_cb_opnum4::OP_CB_PUSH_DELEG as i32).pack(out)? + val.pack(out)?
            }
            &nfs_cb_resop4::OP_CB_RECALL_ANY(ref val) => {
                (nfs_cb_opnum4::OP_CB_RECALL_ANY as i32).pack(out)? + val.pack(out)?
            }
            &nfs_cb_resop4::OP_CB_RECALLABLE_OBJ_AVAIL(ref val) => {
                (nfs_cb_opnum4::OP_CB_RECALLABLE_OBJ_AVAIL as i32).pack(out)? + val.pack(out)?
            }
            &nfs_cb_resop4::OP_CB_RECALL_SLOT(ref val) => {
                (nfs_cb_opnum4::OP_CB_RECALL_SLOT as i32).pack(out)? + val.pack(out)?
            }
            &nfs_cb_resop4::OP_CB_SEQUENCE(ref val) => {
                (nfs_cb_opnum4::OP_CB_SEQUENCE as i32).pack(out)? + val.pack(out)?
            }
            &nfs_cb_resop4::OP_CB_WANTS_CANCELLED(ref val) => {
                (nfs_cb_opnum4::OP_CB_WANTS_CANCELLED as i32).pack(out)? + val.pack(out)?
            }
            &nfs_cb_resop4::OP_CB_NOTIFY_LOCK(ref val) => {
                (nfs_cb_opnum4::OP_CB_NOTIFY_LOCK as i32).pack(out)? + val.pack(out)?
            }
            &nfs_cb_resop4::OP_CB_NOTIFY_DEVICEID(ref val) => {
                (nfs_cb_opnum4::OP_CB_NOTIFY_DEVICEID as i32).pack(out)? + val.pack(out)?
            }
            &nfs_cb_resop4::OP_CB_OFFLOAD(ref val) => {
                (nfs_cb_opnum4::OP_CB_OFFLOAD as i32).pack(out)? + val.pack(out)?
            }
            &nfs_cb_resop4::OP_CB_ILLEGAL(ref val) => {
                (nfs_cb_opnum4::OP_CB_ILLEGAL as i32).pack(out)? + val.pack(out)?
            }
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for referring_call4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.rc_sequenceid.pack(out)? + self.rc_slotid.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for referring_call_list4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.rcl_sessionid.pack(out)?
            + xdr_codec::pack_flex(&self.rcl_referring_calls, Some(LIMIT_REFERRING_CALLS as usize), out)?
            + 0)
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

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for CB_NOTIFY_LOCK4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(CB_NOTIFY_LOCK4args, usize)> {
        let mut sz = 0;
        Ok((
            CB_NOTIFY_LOCK4args {
                cnla_fh: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                cnla_lock_owner: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for CB_NOTIFY_LOCK4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(CB_NOTIFY_LOCK4res, usize)> {
        let mut sz = 0;
        Ok((
            CB_NOTIFY_LOCK4res {
                cnlr_status: {
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

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for CB_SEQUENCE4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(CB_SEQUENCE4args, usize)> {
        let mut sz = 0;
        Ok((
            CB_SEQUENCE4args {
                csa_sessionid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                csa_sequenceid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                csa_slotid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                csa_highest_slotid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                csa_cachethis: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                csa_referring_call_lists: {
                    let (v, fsz) = xdr_codec::unpack_flex(input, Some(LIMIT_REFERRING_CALLS as usize))?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for CB_SEQUENCE4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(CB_SEQUENCE4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => CB_SEQUENCE4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => CB_SEQUENCE4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for CB_SEQUENCE4resok {
    fn unpack(input: &mut In) -> xdr_codec::Result<(CB_SEQUENCE4resok, usize)> {
        let mut sz = 0;
        Ok((
            CB_SEQUENCE4resok {
                csr_sessionid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                csr_sequenceid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                csr_slotid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                csr_highest_slotid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                csr_target_highest_slotid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for cb_refused4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(cb_refused4res, usize)> {
        let mut sz = 0;
        Ok((
            cb_refused4res {
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
                x if x == (5i32 as i32) => nfs_cb_argop4::OP_CB_LAYOUTRECALL,
                x if x == (6i32 as i32) => nfs_cb_argop4::OP_CB_NOTIFY,
                x if x == (7i32 as i32) => nfs_cb_argop4::OP_CB_PUSH_DELEG,
                x if x == (8i32 as i32) => nfs_cb_argop4::OP_CB_RECALL_ANY,
                x if x == (9i32 as i32) => nfs_cb_argop4::OP_CB_RECALLABLE_OBJ_AVAIL,
                x if x == (10i32 as i32) => nfs_cb_argop4::OP_CB_RECALL_SLOT,
                x if x == (11i32 as i32) => nfs_cb_argop4::OP_CB_SEQUENCE({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (12i32 as i32) => nfs_cb_argop4::OP_CB_WANTS_CANCELLED,
                x if x == (13i32 as i32) => nfs_cb_argop4::OP_CB_NOTIFY_LOCK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (14i32 as i32) => nfs_cb_argop4::OP_CB_NOTIFY_DEVICEID,
                x if x == (15i32 as i32) => nfs_cb_argop4::OP_CB_OFFLOAD,
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
                    x if x == nfs_cb_opnum4::OP_CB_LAYOUTRECALL as i32 => nfs_cb_opnum4::OP_CB_LAYOUTRECALL,
                    x if x == nfs_cb_opnum4::OP_CB_NOTIFY as i32 => nfs_cb_opnum4::OP_CB_NOTIFY,
                    x if x == nfs_cb_opnum4::OP_CB_PUSH_DELEG as i32 => nfs_cb_opnum4::OP_CB_PUSH_DELEG,
                    x if x == nfs_cb_opnum4::OP_CB_RECALL_ANY as i32 => nfs_cb_opnum4::OP_CB_RECALL_ANY,
                    x if x == nfs_cb_opnum4::OP_CB_RECALLABLE_OBJ_AVAIL as i32 => {
                        nfs_cb_opnum4::OP_CB_RECALLABLE_OBJ_AVAIL
                    }
                    x if x == nfs_cb_opnum4::OP_CB_RECALL_SLOT as i32 => nfs_cb_opnum4::OP_CB_RECALL_SLOT,
                    x if x == nfs_cb_opnum4::OP_CB_SEQUENCE as i32 => nfs_cb_opnum4::OP_CB_SEQUENCE,
                    x if x == nfs_cb_opnum4::OP_CB_WANTS_CANCELLED as i32 => {
                        nfs_cb_opnum4::OP_CB_WANTS_CANCELLED
                    }
                    x if x == nfs_cb_opnum4::OP_CB_NOTIFY_LOCK as i32 => nfs_cb_opnum4::OP_CB_NOTIFY_LOCK,
                    x if x == nfs_cb_opnum4::OP_CB_NOTIFY_DEVICEID as i32 => {
                        nfs_cb_opnum4::OP_CB_NOTIFY_DEVICEID
                    }
                    x if x == nfs_cb_opnum4::OP_CB_OFFLOAD as i32 => nfs_cb_opnum4::OP_CB_OFFLOAD,
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
                x if x == (5i32 as i32) => nfs_cb_resop4::OP_CB_LAYOUTRECALL({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (6i32 as i32) => nfs_cb_resop4::OP_CB_NOTIFY({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (7i32 as i32) => nfs_cb_resop4::OP_CB_PUSH_DELEG({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (8i32 as i32) => nfs_cb_resop4::OP_CB_RECALL_ANY({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (9i32 as i32) => nfs_cb_resop4::OP_CB_RECALLABLE_OBJ_AVAIL({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (10i32 as i32) => nfs_cb_resop4::OP_CB_RECALL_SLOT({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (11i32 as i32) => nfs_cb_resop4::OP_CB_SEQUENCE({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (12i32 as i32) => nfs_cb_resop4::OP_CB_WANTS_CANCELLED({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (13i32 as i32) => nfs_cb_resop4::OP_CB_NOTIFY_LOCK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (14i32 as i32) => nfs_cb_resop4::OP_CB_NOTIFY_DEVICEID({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (15i32 as i32) => nfs_cb_resop4::OP_CB_OFFLOAD({
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

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for referring_call4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(referring_call4, usize)> {
        let mut sz = 0;
        Ok((
            referring_call4 {
                rc_sequenceid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                rc_slotid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for referring_call_list4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(referring_call_list4, usize)> {
        let mut sz = 0;
        Ok((
            referring_call_list4 {
                rcl_sessionid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                rcl_referring_calls: {
                    let (v, fsz) = xdr_codec::unpack_flex(input, Some(LIMIT_REFERRING_CALLS as usize))?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}
