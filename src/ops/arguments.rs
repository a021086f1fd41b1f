//! Arguments of operations, and digests by which a repetition of a request is told from another request.
//!
//! A digest protects a client from its own mistakes only: whoever finds two requests with the same one can confuse
//! nobody but himself. So it need not be keyed, and must be quick.

use super::context::Context;
use crate::nfs4::{Filehandle, Principal, Status};
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

/// As [`read`], and digests the request, for the judgement of an owner's seqid: operation, arguments, the current filehandle
/// that they apply to, and who asks. A retransmission has all of them in common with the first (RFC 7530 §9.1.8). With
/// sessions these seqids mean nothing (RFC 8881 §8.13), and neither does the digest.
#[inline]
pub fn read_numbered<'i, T>(
    cx: &Context<'_>,
    op: u32,
    input: &mut &'i [u8],
    parser: impl Fn(&'i [u8]) -> Parsed<'i, T>,
) -> Result<(T, Digest), Status> {
    let before = *input;
    let args = read(input, parser)?;
    if cx.has_sessions() {
        return Ok((args, 0));
    }
    let octets = &before[..before.len() - input.len()];
    // Without a filehandle the operation fails, and uses up no seqid.
    let fh = cx.filehandle().map_or(&[][..], Filehandle::as_bytes);
    let place = xxh3_64_with_seed(fh, cx.principal_bits() | u64::from(op) << 33);
    Ok((args, xxh3_64_with_seed(octets, place)))
}

impl Context<'_> {
    /// Digest of the whole COMPOUND and of who sent it: a retry has the same.
    pub fn digest(&self) -> Digest {
        /// Where two requests with the same number do not differ, they are taken for the same.
        const OCTETS_MAX: usize = 4096;
        let args = self.request.args;
        let seed = self.principal_bits() | (args.len() as u64) << 33;
        xxh3_64_with_seed(&args[..args.len().min(OCTETS_MAX)], seed)
    }

    /// Who asks, in the lowest 33 bits.
    fn principal_bits(&self) -> u64 {
        match self.caller.principal {
            Principal::None => 0,
            Principal::Sys { uid } => u64::from(uid) + 1,
        }
    }
}
