//! Extended attributes of open files.

use std::ffi::CString;
use std::os::fd::AsRawFd;

use nix::errno::Errno;
use nix::libc;

use crate::reply::{Args, Reply, Trouble};
use crate::worker::Files;

/// Longer values and lists are not asked for.
const BYTES_MAX: usize = 4096;

/// `getxattr FILE NAME`, `setxattr FILE NAME VALUE` and `listxattr FILE`; values are words, names are separated by commas.
#[allow(unsafe_code, reason = "the system calls have no safe wrapper")]
pub fn run(verb: &str, args: &mut Args<'_>, table: &Files) -> Reply {
    let file = table.get(args)?.as_raw_fd();
    let name = CString::new(args.optional()).map_err(|_| Trouble::new("a name with a zero octet"))?;
    let mut buffer = [0_u8; BYTES_MAX];
    let (at, length) = (buffer.as_mut_ptr().cast(), buffer.len());
    let bytes = match verb {
        // SAFETY: `file` is open, `name` ends with a zero and `length` octets at `at` may be written.
        "getxattr" => unsafe { libc::fgetxattr(file, name.as_ptr(), at, length) },
        // SAFETY: as above; the octets are any.
        "listxattr" => unsafe { libc::flistxattr(file, at.cast(), length) },
        _ => {
            let value = args.word()?.as_bytes();
            // SAFETY: `file` is open, `name` ends with a zero and `value` is as long as is said.
            let set = unsafe { libc::fsetxattr(file, name.as_ptr(), value.as_ptr().cast(), value.len(), 0) };
            return Ok(Errno::result(set).map(|_| String::new())?);
        }
    };
    let bytes = Errno::result(bytes)? as usize;
    let text = String::from_utf8_lossy(&buffer[..bytes]);
    Ok(text.trim_end_matches('\0').replace('\0', ","))
}
