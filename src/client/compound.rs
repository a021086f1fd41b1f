//! COMPOUND calls and their replies (RFC 7530 §14.2), decoded one result at a time.

use super::Error;
use super::attr::Attributes;
use super::rpc::{append_opaque, append_u32};
use crate::nfs4::Status;
use crate::xdr::generated::nfs4::*;
use crate::xdr::limits::OPAQUE_BYTES_MAX;
use crate::xdr::strict::Strict;
use xdr_codec::{Pack, Unpack};

/// Holds the answer to a COMPOUND.
#[derive(Debug)]
pub struct CompoundReply {
    /// The status of the last operation that was tried.
    pub status: Status,
    /// The tag, which must be the one of the call.
    pub tag: Vec<u8>,
    /// One result for each operation that was tried, in order.
    pub results: Vec<OpResult>,
}

/// Holds the answer to one operation.
#[derive(Debug)]
pub struct OpResult {
    /// The operation's number.
    pub opcode: u32,
    /// Its status.
    pub status: Status,
    /// Everything it says, the status included.
    pub body: nfs_resop4,
}

/// Holds what READDIR says (RFC 7530 §16.24).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// For the next call.
    pub verifier: [u8; 8],
    /// In the order of the reply.
    pub entries: Vec<DirectoryEntry>,
    /// Whether these are the last ones.
    pub eof: bool,
}

/// Holds an `entry4`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryEntry {
    /// Where to go on after this entry.
    pub cookie: u64,
    /// Its name.
    pub name: Vec<u8>,
    /// The attributes that were asked for.
    pub attributes: Attributes,
}

/// Encodes these operations, one after the other.
pub fn encode_ops(ops: &[nfs_argop4]) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    for op in ops {
        op.pack(&mut out).map_err(|error| Error::Encode(error.to_string()))?;
    }
    Ok(out)
}

/// Encodes the arguments of a COMPOUND that says it has `count` operations, with these bytes where they should stand.
pub fn encode_args(tag: &[u8], minorversion: u32, count: u32, ops: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(16 + tag.len() + ops.len());
    append_opaque(&mut out, tag);
    append_u32(&mut out, minorversion);
    append_u32(&mut out, count);
    out.extend_from_slice(ops);
    out
}

impl CompoundReply {
    /// Decodes the results of a COMPOUND call. Every byte must be accounted for.
    pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let mut input = Strict::new(bytes);
        let status = status(u32::unpack(&mut input)?.0)?;
        let (tag, _) = xdr_codec::unpack_opaque_flex(&mut input, Some(OPAQUE_BYTES_MAX))?;
        let (count, _) = u32::unpack(&mut input)?;
        let mut results = Vec::new();
        for _ in 0..count {
            results.push(OpResult::decode(&mut input)?);
        }
        match input.rest() {
            [] => Ok(Self { status, tag, results }),
            rest => Err(Error::malformed(format_args!("{} bytes after the last result", rest.len()))),
        }
    }

    /// Returns this reply if every operation succeeded, else the error of the one that did not.
    pub fn ok(self) -> Result<Self, Error> {
        if self.status == Status::Ok {
            return Ok(self);
        }
        let Self { status, results, .. } = self;
        Err(match results.last() {
            Some(last) if last.status == status => Error::Status { op: op_name(last.opcode), status },
            Some(_) => Error::malformed("the status is not the one of the last operation"),
            None => Error::Status { op: "COMPOUND", status },
        })
    }

    /// Returns the statuses of the results, in order.
    pub fn statuses(&self) -> Vec<Status> {
        self.results.iter().map(|result| result.status).collect()
    }

    /// Returns what the last operation says.
    pub fn last(&self) -> Option<&nfs_resop4> {
        self.results.last().map(|result| &result.body)
    }

    /// Returns the first thing that `pick` finds among the results.
    pub fn find<T>(&self, pick: impl Fn(&nfs_resop4) -> Option<T>) -> Result<T, Error> {
        let found = self.results.iter().find_map(|result| pick(&result.body));
        found.ok_or_else(|| Error::malformed("an expected result is not there"))
    }
}

impl OpResult {
    fn decode(input: &mut Strict<'_>) -> Result<Self, Error> {
        // Every result begins with these two; the generated type does not give them for all operations alike.
        let mut ahead = Strict::new(input.rest());
        let (opcode, _) = u32::unpack(&mut ahead)?;
        let status = status(u32::unpack(&mut ahead)?.0)?;
        let (body, _) = nfs_resop4::unpack(input)?;
        Ok(Self { opcode, status, body })
    }
}

impl TryFrom<&READDIR4resok> for Listing {
    type Error = Error;

    fn try_from(result: &READDIR4resok) -> Result<Self, Error> {
        let entry = |entry: &entry4| {
            let attributes = Attributes::from_wire(&entry.attrs)?;
            Ok(DirectoryEntry { cookie: entry.cookie, name: entry.name.0.clone(), attributes })
        };
        let entries = result.reply.entries.iter().map(entry).collect::<Result<_, Error>>()?;
        Ok(Self { verifier: result.cookieverf.0, entries, eof: result.reply.eof })
    }
}

fn status(number: u32) -> Result<Status, Error> {
    Status::from_number(number).ok_or_else(|| Error::malformed(format_args!("unknown status {number}")))
}

/// The names of all operations, from `OP_ACCESS` on.
static NAMES: [&str; 73] = [
    "ACCESS",
    "CLOSE",
    "COMMIT",
    "CREATE",
    "DELEGPURGE",
    "DELEGRETURN",
    "GETATTR",
    "GETFH",
    "LINK",
    "LOCK",
    "LOCKT",
    "LOCKU",
    "LOOKUP",
    "LOOKUPP",
    "NVERIFY",
    "OPEN",
    "OPENATTR",
    "OPEN_CONFIRM",
    "OPEN_DOWNGRADE",
    "PUTFH",
    "PUTPUBFH",
    "PUTROOTFH",
    "READ",
    "READDIR",
    "READLINK",
    "REMOVE",
    "RENAME",
    "RENEW",
    "RESTOREFH",
    "SAVEFH",
    "SECINFO",
    "SETATTR",
    "SETCLIENTID",
    "SETCLIENTID_CONFIRM",
    "VERIFY",
    "WRITE",
    "RELEASE_LOCKOWNER",
    "BACKCHANNEL_CTL",
    "BIND_CONN_TO_SESSION",
    "EXCHANGE_ID",
    "CREATE_SESSION",
    "DESTROY_SESSION",
    "FREE_STATEID",
    "GET_DIR_DELEGATION",
    "GETDEVICEINFO",
    "GETDEVICELIST",
    "LAYOUTCOMMIT",
    "LAYOUTGET",
    "LAYOUTRETURN",
    "SECINFO_NO_NAME",
    "SEQUENCE",
    "SET_SSV",
    "TEST_STATEID",
    "WANT_DELEGATION",
    "DESTROY_CLIENTID",
    "RECLAIM_COMPLETE",
    "ALLOCATE",
    "COPY",
    "COPY_NOTIFY",
    "DEALLOCATE",
    "IO_ADVISE",
    "LAYOUTERROR",
    "LAYOUTSTATS",
    "OFFLOAD_CANCEL",
    "OFFLOAD_STATUS",
    "READ_PLUS",
    "SEEK",
    "WRITE_SAME",
    "CLONE",
    "GETXATTR",
    "SETXATTR",
    "LISTXATTRS",
    "REMOVEXATTR",
];

/// Returns the name of an operation in the RFC.
pub fn op_name(opcode: u32) -> &'static str {
    const FIRST: u32 = nfs_opnum4::OP_ACCESS as u32;
    let index = opcode.checked_sub(FIRST).and_then(|index| usize::try_from(index).ok());
    index.and_then(|index| NAMES.get(index)).copied().unwrap_or("ILLEGAL")
}
