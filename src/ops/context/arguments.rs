//! Decoding of arguments, and digests that tell a retransmitted request from a different one.
//!
//! A digest protects a client from its own mistakes only: a client that finds two requests with the same digest can
//! confuse nobody but itself. So it need not be keyed, and must be fast.

use super::Context;
use crate::nfs4::{Filehandle, Principal, Status};
use crate::state::Digest;
use crate::xdr::decode::Parsed;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Decodes an operation's arguments at the head of `input`, and consumes them. Errors: `BadXdr`.
#[inline]
pub fn read<'i, T>(input: &mut &'i [u8], parser: impl Fn(&'i [u8]) -> Parsed<'i, T>) -> Result<T, Status> {
    let (rest, args) = parser(input).map_err(|_| Status::BadXdr)?;
    *input = rest;
    Ok(args)
}

/// Decodes arguments as [`read`] does, and digests what identifies a request with an owner's seqid: operation, arguments,
/// current filehandle and principal. A retransmission has all of them in common with the original (RFC 7530 §9.1.8). With
/// sessions, owners' seqids have no meaning (RFC 8881 §8.13); the digest is 0.
#[inline]
pub fn read_with_digest<'i, T>(
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
    let bytes = &before[..before.len() - input.len()];
    // Without a filehandle the operation fails, and uses up no seqid.
    let fh = cx.filehandle().map_or(&[][..], Filehandle::as_bytes);
    let seed = xxh3_64_with_seed(fh, cx.principal_bits() | u64::from(op) << 33);
    Ok((args, xxh3_64_with_seed(bytes, seed)))
}

impl Context<'_> {
    /// Returns the digest of the whole COMPOUND and of its principal: a retry has the same.
    pub fn digest(&self) -> Digest {
        /// Two requests with the same sequence number that differ only behind this are taken for the same.
        const DIGESTED_BYTES_MAX: usize = 4096;
        let args = self.request.args;
        let seed = self.principal_bits() | (args.len() as u64) << 33;
        xxh3_64_with_seed(&args[..args.len().min(DIGESTED_BYTES_MAX)], seed)
    }

    /// Returns the principal in the lowest 33 bits.
    fn principal_bits(&self) -> u64 {
        match self.caller.principal {
            Principal::None => 0,
            Principal::Sys { uid } => u64::from(uid) + 1,
        }
    }
}
