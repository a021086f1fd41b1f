//! Extended attributes of open files.

use std::ffi::{CStr, CString};
use std::fs::File;
use std::os::fd::AsRawFd;

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, fcntl};
use nix::libc;

use crate::counter::whole_file;
use crate::reply::{Args, Reply, Trouble};
use crate::worker::Files;

/// Longer values and lists are not asked for.
const BYTES_MAX: usize = 4096;

/// Commands on an open file; values are words.
///
/// - `getxattr FILE NAME`, `setxattr FILE NAME VALUE`
/// - `listxattr FILE`: the names, separated by commas
/// - `tokens FILE NAME COUNT`: takes the write lock COUNT times and answers the values it read while it had it; when
///   NAME ends with a dot, under a new name each time
/// - `watch FILE NAME COUNT`: reads COUNT times and answers the values, each once in a row
pub fn run(verb: &str, args: &mut Args<'_>, table: &Files) -> Reply {
    let file = table.get(args)?;
    let name = CString::new(args.optional()).map_err(|_| Trouble::new("a name with a zero byte"))?;
    match verb {
        "getxattr" => get(file, &name),
        "listxattr" => list(file),
        "setxattr" => set(file, &name, args.word()?),
        "tokens" => tokens(file, &name, args.number()?),
        _ => watch(file, &name, args.number()?),
    }
}

#[allow(unsafe_code, reason = "fgetxattr")]
fn get(file: &File, name: &CStr) -> Reply {
    let mut value = [0_u8; BYTES_MAX];
    // SAFETY: `file` is open, `name` ends with a zero and the bytes of `value` may be written.
    let bytes =
        unsafe { libc::fgetxattr(file.as_raw_fd(), name.as_ptr(), value.as_mut_ptr().cast(), value.len()) };
    Ok(String::from_utf8_lossy(&value[..Errno::result(bytes)? as usize]).into_owned())
}

#[allow(unsafe_code, reason = "flistxattr")]
fn list(file: &File) -> Reply {
    let mut names = [0_u8; BYTES_MAX];
    // SAFETY: `file` is open and the bytes of `names` may be written.
    let bytes = unsafe { libc::flistxattr(file.as_raw_fd(), names.as_mut_ptr().cast(), names.len()) };
    let names = String::from_utf8_lossy(&names[..Errno::result(bytes)? as usize]).into_owned();
    Ok(names.trim_end_matches('\0').replace('\0', ","))
}

#[allow(unsafe_code, reason = "fsetxattr")]
fn set(file: &File, name: &CStr, value: &str) -> Reply {
    // SAFETY: `file` is open, `name` ends with a zero and `value` is as long as is said.
    let done =
        unsafe { libc::fsetxattr(file.as_raw_fd(), name.as_ptr(), value.as_ptr().cast(), value.len(), 0) };
    Ok(Errno::result(done).map(|_| String::new())?)
}

fn tokens(file: &File, name: &CStr, count: u32) -> Reply {
    let mut values = Vec::new();
    let new = name.to_bytes().ends_with(b".");
    for turn in 0..count {
        let part = if new { format!("{}-{turn}", std::process::id()) } else { String::new() };
        let name = CString::new([name.to_bytes(), part.as_bytes()].concat()).unwrap_or_default();
        fcntl(file, FcntlArg::F_SETLKW(&whole_file(libc::F_WRLCK)))?;
        values.push(get(file, &name)?);
        fcntl(file, FcntlArg::F_SETLK(&whole_file(libc::F_UNLCK)))?;
    }
    Ok(values.join(","))
}

fn watch(file: &File, name: &CStr, count: u32) -> Reply {
    let mut values = Vec::new();
    for _ in 0..count {
        values.push(get(file, name)?);
        values.dedup();
    }
    Ok(values.join(","))
}
