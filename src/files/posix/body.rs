//! The bodies of filehandles of real directories.
//!
//! ```text
//! 1 | handle_type i32 | the kernel's handle
//! 2 | device u64 | inode u64 | birth time in nanoseconds u64
//! 3 | device u64 | inode u64 | random u64                     (file systems without birth times)
//! ```
//!
//! The device is 0 for that of the export's root: device numbers may differ after a reboot.

use super::id::Id;
use super::sys::KernelHandle;

const KERNEL: u8 = 1;
const BORN: u8 = 2;
const FIRST_SEEN: u8 = 3;
const INODE_BYTES: usize = 17;

/// Says how an object is found by its body.
pub(super) enum Body<'a> {
    /// The kernel opens it.
    Kernel { kind: i32, bytes: &'a [u8] },
    /// The index knows its names.
    Indexed,
}

/// Decodes a body; `None` when it was not made here.
pub(super) fn read(body: &[u8]) -> Option<Body<'_>> {
    match body.split_first()? {
        (&KERNEL, rest) => {
            let (kind, bytes) = rest.split_first_chunk()?;
            Some(Body::Kernel { kind: i32::from_be_bytes(*kind), bytes })
        }
        (&(BORN | FIRST_SEEN), rest) if rest.len() == 24 => Some(Body::Indexed),
        _ => None,
    }
}

/// Encodes a kernel handle.
pub(super) fn kernel(handle: &KernelHandle) -> Id {
    let mut body = Id::from_slice(&[KERNEL]);
    body.extend_from_slice(&handle.kind.to_be_bytes());
    body.extend_from_slice(&handle.bytes);
    body
}

/// Encodes an object with a birth time.
pub(super) fn born(device: u64, inode: u64, btime: u64) -> Id {
    indexed(BORN, device, inode, btime)
}

/// Encodes an object without a birth time.
pub(super) fn first_seen(device: u64, inode: u64, random: u64) -> Id {
    indexed(FIRST_SEEN, device, inode, random)
}

fn indexed(tag: u8, device: u64, inode: u64, generation: u64) -> Id {
    let mut body = Id::from_slice(&[tag]);
    for number in [device, inode, generation] {
        body.extend_from_slice(&number.to_be_bytes());
    }
    body
}

/// Returns the part of a first-seen body that the file system can confirm; `None` for other bodies.
pub(super) fn inode_of_first_seen(body: &[u8]) -> Option<&[u8]> {
    if body.first() == Some(&FIRST_SEEN) { body.get(..INODE_BYTES) } else { None }
}
