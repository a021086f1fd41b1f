//! The three kinds of locks a program can take: POSIX, open file description, flock.

use std::os::fd::AsFd;

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, fcntl};
use nix::libc;

use crate::reply::{Args, Reply, Trouble};
use crate::worker::Files;

/// `lock|ofd set|wait|test FILE r|w|u START LENGTH` and `flock FILE sh|ex|un set|wait`.
///
/// START and LENGTH are those of `struct flock`: length 0 is to the end of any file.
pub fn run(verb: &str, args: &mut Args<'_>, table: &Files) -> Reply {
    if verb == "flock" {
        return flock(args, table);
    }
    let action = args.word()?;
    let file = table.get(args)?;
    let mut range = range(args)?;
    let argument = match (verb, action) {
        ("lock", "set") => FcntlArg::F_SETLK(&range),
        ("lock", "wait") => FcntlArg::F_SETLKW(&range),
        ("lock", "test") => FcntlArg::F_GETLK(&mut range),
        ("ofd", "set") => FcntlArg::F_OFD_SETLK(&range),
        ("ofd", "wait") => FcntlArg::F_OFD_SETLKW(&range),
        ("ofd", "test") => FcntlArg::F_OFD_GETLK(&mut range),
        _ => return Err(Trouble::new(format!("unknown command {verb} {action}"))),
    };
    fcntl(file, argument)?;
    Ok(if action == "test" { holder(&range) } else { String::new() })
}

fn range(args: &mut Args<'_>) -> Result<libc::flock, Trouble> {
    let kind = match args.word()? {
        "r" => libc::F_RDLCK,
        "w" => libc::F_WRLCK,
        "u" => libc::F_UNLCK,
        other => return Err(Trouble::new(format!("unknown lock type {other}"))),
    };
    Ok(libc::flock {
        l_type: kind as libc::c_short,
        l_whence: libc::SEEK_SET as libc::c_short,
        l_start: args.number()?,
        l_len: args.number()?,
        l_pid: 0,
    })
}

/// What F_GETLK says: `free`, or the holder's `TYPE START LENGTH`.
fn holder(range: &libc::flock) -> String {
    let kind = match i32::from(range.l_type) {
        libc::F_UNLCK => return "free".into(),
        libc::F_RDLCK => 'r',
        _ => 'w',
    };
    format!("{kind} {} {}", range.l_start, range.l_len)
}

fn flock(args: &mut Args<'_>, table: &Files) -> Reply {
    let file = table.get(args)?;
    let operation = match (args.word()?, args.word()?) {
        ("sh", "set") => libc::LOCK_SH | libc::LOCK_NB,
        ("sh", "wait") => libc::LOCK_SH,
        ("ex", "set") => libc::LOCK_EX | libc::LOCK_NB,
        ("ex", "wait") => libc::LOCK_EX,
        ("un", _) => libc::LOCK_UN,
        _ => return Err(Trouble::new("unknown flock")),
    };
    flock_file(file, operation)?;
    Ok(String::new())
}

/// flock(2) as it is; the wrapper of `nix` unlocks on drop, which a crash test must not do.
#[allow(unsafe_code, reason = "flock")]
pub fn flock_file(file: &impl AsFd, operation: libc::c_int) -> Result<(), Trouble> {
    use std::os::fd::AsRawFd;
    // SAFETY: the descriptor is open as long as `file` is borrowed.
    Errno::result(unsafe { libc::flock(file.as_fd().as_raw_fd(), operation) })?;
    Ok(())
}
