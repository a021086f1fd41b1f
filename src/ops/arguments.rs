//! Arguments of operations, and digests by which a repetition of a request is told from another request.
//!
//! A digest protects a client from its own mistakes only: whoever finds two requests with the same one can confuse
//! nobody but himself. So it need not be keyed, and must be quick.

use super::context::Context;
use crate::nfs4::{Principal, Status};
use crate::state::Digest;
use crate::xdr::decode::Parsed;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Reads an operation's arguments off the head of `input`. Errors: `BadXdr`.
#[inline]
pub fn read<'i, T>(input: &mut &'i [u8], parser: impl Fn(&'i [u8]) -> Parsed<'i, T>) -> Result<T, Status> {
    let (rest, args) = parser(input).map_err(|_| Status::BadXdr)?;
    *input = rest;
    Ok(args)
}

/// As [`read`], and digests the arguments, for the judgement of an owner's seqid. With sessions these mean nothing
/// (RFC 8881 §8.13), and neither does the digest.
#[inline]
pub fn read_numbered<'i, T>(
    cx: &Context<'_>,
    op: u32,
    input: &mut &'i [u8],
    parser: impl Fn(&'i [u8]) -> Parsed<'i, T>,
) -> Result<(T, Digest), Status> {
    let before = *input;
    let args = read(input, parser)?;
    let octets = &before[..before.len() - input.len()];
    Ok((args, if cx.has_sessions() { 0 } else { xxh3_64_with_seed(octets, op.into()) }))
}

impl Context<'_> {
    /// Digest of the whole COMPOUND and of who sent it: a retry has the same.
    pub fn digest(&self) -> Digest {
        /// Where two requests with the same number do not differ, they are taken for the same.
        const OCTETS_MAX: usize = 4096;
        let args = self.request.args;
        // 33 bits say who it is, the others how long it is.
        let principal = match self.caller.principal {
            Principal::None => 0,
            Principal::Sys { uid } => u64::from(uid) + 1,
        };
        let seed = principal | (args.len() as u64) << 33;
        xxh3_64_with_seed(&args[..args.len().min(OCTETS_MAX)], seed)
    }
}
