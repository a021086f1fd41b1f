//! RPC messages as a client sees them: call headers out, reply headers in (RFC 5531 §9).

use super::Error;
use super::error::Refusal;
use crate::xdr::generated::rpc::*;
use crate::xdr::strict::Strict;
use xdr_codec::Unpack;

/// The RPC program number of NFS.
pub const NFS_PROGRAM: u32 = 100_003;

/// Says who a call is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// `AUTH_NONE`.
    None,
    /// `AUTH_SYS` (RFC 5531 appendix A).
    Sys {
        /// The client machine's own name.
        machine: String,
        /// User.
        uid: u32,
        /// Primary group.
        gid: u32,
        /// Other groups.
        gids: Vec<u32>,
    },
    /// Any bytes under any flavor, to see what a server makes of them.
    Raw {
        /// `auth_flavor`.
        flavor: u32,
        /// The body, at most 400 bytes by the RFC; longer ones are sent all the same.
        body: Vec<u8>,
    },
}

impl Credential {
    /// Creates an `AUTH_SYS` credential for this user and group, without further groups.
    pub fn sys(uid: u32, gid: u32) -> Self {
        Self::Sys { machine: "lockhouse-client".to_owned(), uid, gid, gids: Vec::new() }
    }

    fn append_to(&self, out: &mut Vec<u8>) {
        match self {
            Self::None => append_opaque_auth(out, auth_flavor::AUTH_NONE as u32, &[]),
            Self::Raw { flavor, body } => append_opaque_auth(out, *flavor, body),
            Self::Sys { machine, uid, gid, gids } => {
                let mut body = Vec::new();
                append_u32(&mut body, 0);
                append_opaque(&mut body, machine.as_bytes());
                append_u32(&mut body, *uid);
                append_u32(&mut body, *gid);
                append_u32(&mut body, gids.len() as u32);
                gids.iter().for_each(|gid| append_u32(&mut body, *gid));
                append_opaque_auth(out, auth_flavor::AUTH_SYS as u32, &body);
            }
        }
    }
}

/// Holds the head of a call; the arguments follow it.
#[derive(Clone, Debug)]
pub struct CallHeader<'a> {
    /// Number that the reply repeats.
    pub xid: u32,
    /// RPC version: 2, unless a test says otherwise.
    pub rpc_version: u32,
    /// Program.
    pub program: u32,
    /// Version of the program.
    pub version: u32,
    /// Procedure of that version.
    pub procedure: u32,
    /// Who calls.
    pub credential: &'a Credential,
}

impl CallHeader<'_> {
    /// Encodes the whole call, without record marks. The verifier is `AUTH_NONE`.
    pub fn message(&self, args: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(128 + args.len());
        let head =
            [self.xid, msg_type::CALL as u32, self.rpc_version, self.program, self.version, self.procedure];
        head.iter().for_each(|number| append_u32(&mut out, *number));
        self.credential.append_to(&mut out);
        append_opaque_auth(&mut out, auth_flavor::AUTH_NONE as u32, &[]);
        out.extend_from_slice(args);
        out
    }
}

/// Holds one reply: to which call, and what it says. Results are the bytes that follow an accepted success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The number of the call.
    pub xid: u32,
    /// The bytes of the results.
    pub outcome: Result<Vec<u8>, Refusal>,
}

impl Reply {
    /// Takes a whole record apart.
    pub fn parse(record: &[u8]) -> Result<Self, Error> {
        let mut input = Strict::new(record);
        let (message, _) = rpc_msg::unpack(&mut input)?;
        let outcome = match message.body {
            rpc_msg_body::CALL(_) => return Err(Error::malformed("a call where a reply should be")),
            rpc_msg_body::REPLY(reply_body::MSG_DENIED(why)) => Err(Refusal::from(why)),
            rpc_msg_body::REPLY(reply_body::MSG_ACCEPTED(reply)) => match reply.reply_data {
                accepted_reply_data::SUCCESS => Ok(input.rest().to_vec()),
                accepted_reply_data::PROG_MISMATCH(mismatch_info { low, high }) => {
                    Err(Refusal::ProgMismatch { low, high })
                }
                accepted_reply_data::PROG_UNAVAIL => Err(Refusal::ProgUnavail),
                accepted_reply_data::PROC_UNAVAIL => Err(Refusal::ProcUnavail),
                accepted_reply_data::GARBAGE_ARGS => Err(Refusal::GarbageArgs),
                accepted_reply_data::SYSTEM_ERR => Err(Refusal::SystemErr),
            },
        };
        Ok(Self { xid: message.xid, outcome })
    }
}

impl From<rejected_reply> for Refusal {
    fn from(reply: rejected_reply) -> Self {
        match reply {
            rejected_reply::RPC_MISMATCH(mismatch_info { low, high }) => Self::RpcMismatch { low, high },
            rejected_reply::AUTH_ERROR(why) => Self::AuthError(why),
        }
    }
}

/// Appends an `unsigned int`.
pub fn append_u32(out: &mut Vec<u8>, value: u32) {
    out.extend_from_slice(&value.to_be_bytes());
}

/// Appends an `opaque<>` with its padding.
pub fn append_opaque(out: &mut Vec<u8>, bytes: &[u8]) {
    append_u32(out, bytes.len() as u32);
    out.extend_from_slice(bytes);
    out.extend_from_slice(xdr_codec::padding(bytes.len()));
}

fn append_opaque_auth(out: &mut Vec<u8>, flavor: u32, body: &[u8]) {
    append_u32(out, flavor);
    append_opaque(out, body);
}
