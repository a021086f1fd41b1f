// Generated from xdr/rpc.x by xdr/gen; do not edit.

use xdr_codec::Pack;

pub const AUTH_SYS_GIDS_MAX: u32 = 16;

pub const AUTH_SYS_NAME_MAX: u32 = 255;

pub const RPC_AUTH_BODY_MAX: u32 = 400;

pub const RPC_VERSION: u32 = 2;

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum accept_stat {
    SUCCESS = 0isize,
    PROG_UNAVAIL = 1isize,
    PROG_MISMATCH = 2isize,
    PROC_UNAVAIL = 3isize,
    GARBAGE_ARGS = 4isize,
    SYSTEM_ERR = 5isize,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct accepted_reply {
    pub verf: opaque_auth,
    pub reply_data: accepted_reply_data,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum accepted_reply_data {
    SUCCESS,
    PROG_MISMATCH(mismatch_info),
    PROG_UNAVAIL,
    PROC_UNAVAIL,
    GARBAGE_ARGS,
    SYSTEM_ERR,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum auth_flavor {
    AUTH_NONE = 0isize,
    AUTH_SYS = 1isize,
    AUTH_SHORT = 2isize,
    AUTH_DH = 3isize,
    RPCSEC_GSS = 6isize,
    AUTH_TLS = 7isize,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum auth_stat {
    AUTH_OK = 0isize,
    AUTH_BADCRED = 1isize,
    AUTH_REJECTEDCRED = 2isize,
    AUTH_BADVERF = 3isize,
    AUTH_REJECTEDVERF = 4isize,
    AUTH_TOOWEAK = 5isize,
    AUTH_INVALIDRESP = 6isize,
    AUTH_FAILED = 7isize,
    AUTH_KERB_GENERIC = 8isize,
    AUTH_TIMEEXPIRE = 9isize,
    AUTH_TKT_FILE = 10isize,
    AUTH_DECODE = 11isize,
    AUTH_NET_ADDR = 12isize,
    RPCSEC_GSS_CREDPROBLEM = 13isize,
    RPCSEC_GSS_CTXPROBLEM = 14isize,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct authsys_parms {
    pub stamp: u32,
    pub machinename: Vec<u8>,
    pub uid: u32,
    pub gid: u32,
    pub gids: Vec<u32>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct call_body {
    pub rpcvers: u32,
    pub prog: u32,
    pub vers: u32,
    pub proc_num: u32,
    pub cred: opaque_auth,
    pub verf: opaque_auth,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct mismatch_info {
    pub low: u32,
    pub high: u32,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum msg_type {
    CALL = 0isize,
    REPLY = 1isize,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct opaque_auth {
    pub flavor: u32,
    pub body: Vec<u8>,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum reject_stat {
    RPC_MISMATCH = 0isize,
    AUTH_ERROR = 1isize,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum rejected_reply {
    RPC_MISMATCH(mismatch_info),
    AUTH_ERROR(auth_stat),
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum reply_body {
    MSG_ACCEPTED(accepted_reply),
    MSG_DENIED(rejected_reply),
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum reply_stat {
    MSG_ACCEPTED = 0isize,
    MSG_DENIED = 1isize,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct rpc_msg {
    pub xid: u32,
    pub body: rpc_msg_body,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum rpc_msg_body {
    CALL(call_body),
    REPLY(reply_body),
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for accept_stat {
    #[inline]
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok((*self as i32).pack(out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for accepted_reply {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.verf.pack(out)? + self.reply_data.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for accepted_reply_data {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &accepted_reply_data::SUCCESS => (accept_stat::SUCCESS as i32).pack(out)?,
            &accepted_reply_data::PROG_MISMATCH(ref val) => {
                (accept_stat::PROG_MISMATCH as i32).pack(out)? + val.pack(out)?
            }
            &accepted_reply_data::PROG_UNAVAIL => (accept_stat::PROG_UNAVAIL as i32).pack(out)?,
            &accepted_reply_data::PROC_UNAVAIL => (accept_stat::PROC_UNAVAIL as i32).pack(out)?,
            &accepted_reply_data::GARBAGE_ARGS => (accept_stat::GARBAGE_ARGS as i32).pack(out)?,
            &accepted_reply_data::SYSTEM_ERR => (accept_stat::SYSTEM_ERR as i32).pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for auth_flavor {
    #[inline]
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok((*self as i32).pack(out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for auth_stat {
    #[inline]
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok((*self as i32).pack(out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for authsys_parms {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.stamp.pack(out)?
            + xdr_codec::pack_opaque_flex(&self.machinename, Some(AUTH_SYS_NAME_MAX as usize), out)?
            + self.uid.pack(out)?
            + self.gid.pack(out)?
            + xdr_codec::pack_flex(&self.gids, Some(AUTH_SYS_GIDS_MAX as usize), out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for call_body {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.rpcvers.pack(out)?
            + self.prog.pack(out)?
            + self.vers.pack(out)?
            + self.proc_num.pack(out)?
            + self.cred.pack(out)?
            + self.verf.pack(out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for mismatch_info {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.low.pack(out)? + self.high.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for msg_type {
    #[inline]
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok((*self as i32).pack(out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for opaque_auth {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.flavor.pack(out)?
            + xdr_codec::pack_opaque_flex(&self.body, Some(RPC_AUTH_BODY_MAX as usize), out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for reject_stat {
    #[inline]
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok((*self as i32).pack(out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for rejected_reply {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &rejected_reply::RPC_MISMATCH(ref val) => {
                (reject_stat::RPC_MISMATCH as i32).pack(out)? + val.pack(out)?
            }
            &rejected_reply::AUTH_ERROR(ref val) => {
                (reject_stat::AUTH_ERROR as i32).pack(out)? + val.pack(out)?
            }
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for reply_body {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &reply_body::MSG_ACCEPTED(ref val) => {
                (reply_stat::MSG_ACCEPTED as i32).pack(out)? + val.pack(out)?
            }
            &reply_body::MSG_DENIED(ref val) => (reply_stat::MSG_DENIED as i32).pack(out)? + val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for reply_stat {
    #[inline]
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok((*self as i32).pack(out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for rpc_msg {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.xid.pack(out)? + self.body.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for rpc_msg_body {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &rpc_msg_body::CALL(ref val) => (msg_type::CALL as i32).pack(out)? + val.pack(out)?,
            &rpc_msg_body::REPLY(ref val) => (msg_type::REPLY as i32).pack(out)? + val.pack(out)?,
        })
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for accept_stat {
    #[inline]
    fn unpack(input: &mut In) -> xdr_codec::Result<(accept_stat, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (e, esz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += esz;
                match e {
                    x if x == accept_stat::SUCCESS as i32 => accept_stat::SUCCESS,
                    x if x == accept_stat::PROG_UNAVAIL as i32 => accept_stat::PROG_UNAVAIL,
                    x if x == accept_stat::PROG_MISMATCH as i32 => accept_stat::PROG_MISMATCH,
                    x if x == accept_stat::PROC_UNAVAIL as i32 => accept_stat::PROC_UNAVAIL,
                    x if x == accept_stat::GARBAGE_ARGS as i32 => accept_stat::GARBAGE_ARGS,
                    x if x == accept_stat::SYSTEM_ERR as i32 => accept_stat::SYSTEM_ERR,
                    e => return Err(xdr_codec::Error::invalidenum(e)),
                }
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for accepted_reply {
    fn unpack(input: &mut In) -> xdr_codec::Result<(accepted_reply, usize)> {
        let mut sz = 0;
        Ok((
            accepted_reply {
                verf: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                reply_data: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for accepted_reply_data {
    fn unpack(input: &mut In) -> xdr_codec::Result<(accepted_reply_data, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => accepted_reply_data::SUCCESS,
                x if x == (2i32 as i32) => accepted_reply_data::PROG_MISMATCH({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (1i32 as i32) => accepted_reply_data::PROG_UNAVAIL,
                x if x == (3i32 as i32) => accepted_reply_data::PROC_UNAVAIL,
                x if x == (4i32 as i32) => accepted_reply_data::GARBAGE_ARGS,
                x if x == (5i32 as i32) => accepted_reply_data::SYSTEM_ERR,
                v => return Err(xdr_codec::Error::invalidcase(v as i32)),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for auth_flavor {
    #[inline]
    fn unpack(input: &mut In) -> xdr_codec::Result<(auth_flavor, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (e, esz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += esz;
                match e {
                    x if x == auth_flavor::AUTH_NONE as i32 => auth_flavor::AUTH_NONE,
                    x if x == auth_flavor::AUTH_SYS as i32 => auth_flavor::AUTH_SYS,
                    x if x == auth_flavor::AUTH_SHORT as i32 => auth_flavor::AUTH_SHORT,
                    x if x == auth_flavor::AUTH_DH as i32 => auth_flavor::AUTH_DH,
                    x if x == auth_flavor::RPCSEC_GSS as i32 => auth_flavor::RPCSEC_GSS,
                    x if x == auth_flavor::AUTH_TLS as i32 => auth_flavor::AUTH_TLS,
                    e => return Err(xdr_codec::Error::invalidenum(e)),
                }
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for auth_stat {
    #[inline]
    fn unpack(input: &mut In) -> xdr_codec::Result<(auth_stat, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (e, esz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += esz;
                match e {
                    x if x == auth_stat::AUTH_OK as i32 => auth_stat::AUTH_OK,
                    x if x == auth_stat::AUTH_BADCRED as i32 => auth_stat::AUTH_BADCRED,
                    x if x == auth_stat::AUTH_REJECTEDCRED as i32 => auth_stat::AUTH_REJECTEDCRED,
                    x if x == auth_stat::AUTH_BADVERF as i32 => auth_stat::AUTH_BADVERF,
                    x if x == auth_stat::AUTH_REJECTEDVERF as i32 => auth_stat::AUTH_REJECTEDVERF,
                    x if x == auth_stat::AUTH_TOOWEAK as i32 => auth_stat::AUTH_TOOWEAK,
                    x if x == auth_stat::AUTH_INVALIDRESP as i32 => auth_stat::AUTH_INVALIDRESP,
                    x if x == auth_stat::AUTH_FAILED as i32 => auth_stat::AUTH_FAILED,
                    x if x == auth_stat::AUTH_KERB_GENERIC as i32 => auth_stat::AUTH_KERB_GENERIC,
                    x if x == auth_stat::AUTH_TIMEEXPIRE as i32 => auth_stat::AUTH_TIMEEXPIRE,
                    x if x == auth_stat::AUTH_TKT_FILE as i32 => auth_stat::AUTH_TKT_FILE,
                    x if x == auth_stat::AUTH_DECODE as i32 => auth_stat::AUTH_DECODE,
                    x if x == auth_stat::AUTH_NET_ADDR as i32 => auth_stat::AUTH_NET_ADDR,
                    x if x == auth_stat::RPCSEC_GSS_CREDPROBLEM as i32 => auth_stat::RPCSEC_GSS_CREDPROBLEM,
                    x if x == auth_stat::RPCSEC_GSS_CTXPROBLEM as i32 => auth_stat::RPCSEC_GSS_CTXPROBLEM,
                    e => return Err(xdr_codec::Error::invalidenum(e)),
                }
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for authsys_parms {
    fn unpack(input: &mut In) -> xdr_codec::Result<(authsys_parms, usize)> {
        let mut sz = 0;
        Ok((
            authsys_parms {
                stamp: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                machinename: {
                    let (v, fsz) = xdr_codec::unpack_opaque_flex(input, Some(AUTH_SYS_NAME_MAX as usize))?;
                    sz += fsz;
                    v
                },
                uid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                gid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                gids: {
                    let (v, fsz) = xdr_codec::unpack_flex(input, Some(AUTH_SYS_GIDS_MAX as usize))?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for call_body {
    fn unpack(input: &mut In) -> xdr_codec::Result<(call_body, usize)> {
        let mut sz = 0;
        Ok((
            call_body {
                rpcvers: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                prog: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                vers: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                proc_num: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                cred: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                verf: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for mismatch_info {
    fn unpack(input: &mut In) -> xdr_codec::Result<(mismatch_info, usize)> {
        let mut sz = 0;
        Ok((
            mismatch_info {
                low: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                high: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for msg_type {
    #[inline]
    fn unpack(input: &mut In) -> xdr_codec::Result<(msg_type, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (e, esz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += esz;
                match e {
                    x if x == msg_type::CALL as i32 => msg_type::CALL,
                    x if x == msg_type::REPLY as i32 => msg_type::REPLY,
                    e => return Err(xdr_codec::Error::invalidenum(e)),
                }
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for opaque_auth {
    fn unpack(input: &mut In) -> xdr_codec::Result<(opaque_auth, usize)> {
        let mut sz = 0;
        Ok((
            opaque_auth {
                flavor: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                body: {
                    let (v, fsz) = xdr_codec::unpack_opaque_flex(input, Some(RPC_AUTH_BODY_MAX as usize))?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for reject_stat {
    #[inline]
    fn unpack(input: &mut In) -> xdr_codec::Result<(reject_stat, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (e, esz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += esz;
                match e {
                    x if x == reject_stat::RPC_MISMATCH as i32 => reject_stat::RPC_MISMATCH,
                    x if x == reject_stat::AUTH_ERROR as i32 => reject_stat::AUTH_ERROR,
                    e => return Err(xdr_codec::Error::invalidenum(e)),
                }
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for rejected_reply {
    fn unpack(input: &mut In) -> xdr_codec::Result<(rejected_reply, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => rejected_reply::RPC_MISMATCH({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (1i32 as i32) => rejected_reply::AUTH_ERROR({
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

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for reply_body {
    fn unpack(input: &mut In) -> xdr_codec::Result<(reply_body, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => reply_body::MSG_ACCEPTED({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (1i32 as i32) => reply_body::MSG_DENIED({
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

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for reply_stat {
    #[inline]
    fn unpack(input: &mut In) -> xdr_codec::Result<(reply_stat, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (e, esz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += esz;
                match e {
                    x if x == reply_stat::MSG_ACCEPTED as i32 => reply_stat::MSG_ACCEPTED,
                    x if x == reply_stat::MSG_DENIED as i32 => reply_stat::MSG_DENIED,
                    e => return Err(xdr_codec::Error::invalidenum(e)),
                }
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for rpc_msg {
    fn unpack(input: &mut In) -> xdr_codec::Result<(rpc_msg, usize)> {
        let mut sz = 0;
        Ok((
            rpc_msg {
                xid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                body: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for rpc_msg_body {
    fn unpack(input: &mut In) -> xdr_codec::Result<(rpc_msg_body, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => rpc_msg_body::CALL({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (1i32 as i32) => rpc_msg_body::REPLY({
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
