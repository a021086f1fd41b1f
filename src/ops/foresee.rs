//! What an operation will take, told from its arguments before it is carried out.

use super::{Op, copy, getxattr, listxattrs, lock, read, readdir, readlink, test_stateid};
use crate::files::{XATTR_BYTES_MAX, XATTR_LIST_BYTES_MAX};
use crate::state::Aim;
use crate::xdr::decode;
use crate::xdr::limits::{READ_BYTES_MAX, READDIR_BYTES_MAX};

/// What is known of an operation beforehand.
#[derive(Clone, Copy, Debug)]
pub struct Foreseen<'i> {
    /// What is left of the input behind its arguments.
    pub rest: &'i [u8],
    /// What it will look for, if that may be far away in memory.
    pub aim: Option<Aim>,
    /// Most octets that its result takes, and the memory that is needed beside it to make it.
    pub bytes: usize,
    /// Stateids that it tests: each a step for which nobody else has the core.
    pub steps: usize,
}

/// Octets of any result whose length the arguments do not tell. The longest are LOCK4denied with an owner of 1024 octets, and
/// what EXCHANGE_ID says of the server.
pub const RESULT_BYTES: usize = 1280;

/// A reply without a session that has grown to this many octets takes no further operation, and READ and READDIR end there.
/// With sessions, `ca_maxresponsesize` is the limit, which is less.
pub const REPLY_BYTES_MAX: usize = 2 << 20;

/// Most octets of a reply and of what is needed to make it, whatever the arguments say, beside the tag: the last result may
/// be one of [`RESULT_BYTES`] or a link's text, and in a session a copy or a list of names needs less than the difference
/// of the two limits.
pub const BYTES_MAX: usize = REPLY_BYTES_MAX + (256 << 10);

/// Octets of a directory entry that is written before it is known not to fit: a name of 255, all attributes.
const ENTRY_BYTES: usize = 2048;
/// Octets of the text of a symbolic link.
const LINK_TEXT_BYTES: usize = 4096;
/// Octets that a copy takes at a time when it goes through this process.
const COPY_CHUNK_BYTES: usize = 1 << 20;
/// So many times the octets of a list of names are needed to make texts of them: each of at least 8 octets on the wire is 24
/// octets and an allocation of at least 32.
const NAME_FACTOR: usize = 8;

/// Most steps of a COMPOUND that is carried out at once: some 50 µs.
pub const STEPS_MAX: usize = 256;

/// Passes over the arguments of an operation, and tells what it will take; `None` when they are malformed.
pub fn foresee<'i>(op: &Op, input: &'i [u8]) -> Option<Foreseen<'i>> {
    if op.number == lock::NUMBER {
        let (rest, aim) = lock::aim(input)?;
        return Some(Foreseen { rest, aim, bytes: RESULT_BYTES, steps: 0 });
    }
    let rest = (op.skip)(input)?;
    let steps = match op.number {
        test_stateid::NUMBER => decode::test_stateid(input).map_or(0, |(_, ids)| ids.count() as usize),
        _ => 0,
    };
    let bytes = RESULT_BYTES + 4 * steps + bytes_beside(op, input);
    Some(Foreseen { rest, aim: None, bytes, steps })
}

/// Octets beyond [`RESULT_BYTES`].
fn bytes_beside(op: &Op, input: &[u8]) -> usize {
    match op.number {
        read::NUMBER => decode::read(input).map_or(0, |(_, args)| args.count.min(READ_BYTES_MAX) as usize),
        readdir::NUMBER => decode::readdir(input)
            .map_or(0, |(_, args)| args.maxcount.min(READDIR_BYTES_MAX) as usize + ENTRY_BYTES),
        readlink::NUMBER => LINK_TEXT_BYTES,
        // The value, and its copy in the result.
        getxattr::NUMBER => 2 * XATTR_BYTES_MAX,
        listxattrs::NUMBER => NAME_FACTOR * XATTR_LIST_BYTES_MAX,
        copy::NUMBER => COPY_CHUNK_BYTES,
        _ => 0,
    }
}
