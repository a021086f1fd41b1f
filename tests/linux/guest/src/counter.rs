//! Mutual exclusion: a number in a file that several processes increment, each under a lock of one kind.
//!
//! If two of them are ever inside at once, or one reads what it had cached before it got the lock, an increment is
//! lost and the sum is wrong.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::thread;
use std::time::Duration;

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, fcntl};
use nix::libc;

use crate::locks::flock_file;
use crate::reply::{Args, Reply, Trouble};

/// A program that does not wait in the kernel tries again after about so long.
const RETRY: Duration = Duration::from_millis(5);
/// Turns of trying before a lock is called stuck.
const TRIES_MAX: u32 = 60_000;

/// `counter HOW PATH COUNT WHO`: increments COUNT times; the answer is the last number written.
pub fn run(args: &mut Args<'_>) -> Reply {
    let (how, path) = (args.word()?, args.word()?);
    let (count, who): (u32, u32) = (args.number()?, args.number()?);
    let mut last = 0;
    match how {
        "excl" | "link" | "rename" | "mkdir" => {
            for _ in 0..count {
                last = under_name(how, path, who)?;
            }
        }
        _ => {
            let file = OpenOptions::new().read(true).write(true).open(path)?;
            for _ in 0..count {
                lock(how, &file, who)?;
                last = increment(&file)?;
                unlock(how, &file)?;
            }
        }
    }
    Ok(last.to_string())
}

fn increment(file: &File) -> Result<u64, Trouble> {
    let mut text = [0; 20];
    let length = file.read_at(&mut text, 0)?;
    let text = String::from_utf8_lossy(&text[..length]);
    let number: u64 = text.trim().parse().map_err(|_| Trouble::new(format!("not a number: {text:?}")))?;
    file.write_all_at(format!("{:<20}", number + 1).as_bytes(), 0)?;
    Ok(number + 1)
}

/// A lock of this type on the whole file.
pub fn whole_file(kind: libc::c_int) -> libc::flock {
    libc::flock { l_type: kind as _, l_whence: libc::SEEK_SET as _, l_start: 0, l_len: 0, l_pid: 0 }
}

fn lock(how: &str, file: &File, who: u32) -> Result<(), Trouble> {
    let write = whole_file(libc::F_WRLCK);
    match how {
        "fcntl-wait" => Ok(fcntl(file, FcntlArg::F_SETLKW(&write)).map(drop)?),
        "flock-wait" => flock_file(file, libc::LOCK_EX),
        "ofd-wait" => Ok(fcntl(file, FcntlArg::F_OFD_SETLKW(&write)).map(drop)?),
        "fcntl-try" => again(who, || Ok(fcntl(file, FcntlArg::F_SETLK(&write)).map(drop)?)),
        "flock-try" => again(who, || flock_file(file, libc::LOCK_EX | libc::LOCK_NB)),
        "ofd-try" => again(who, || Ok(fcntl(file, FcntlArg::F_OFD_SETLK(&write)).map(drop)?)),
        other => Err(Trouble::new(format!("unknown kind of lock {other}"))),
    }
}

fn unlock(how: &str, file: &File) -> Result<(), Trouble> {
    let free = whole_file(libc::F_UNLCK);
    match how.split('-').next() {
        Some("flock") => flock_file(file, libc::LOCK_UN),
        Some("ofd") => Ok(fcntl(file, FcntlArg::F_OFD_SETLK(&free)).map(drop)?),
        _ => Ok(fcntl(file, FcntlArg::F_SETLK(&free)).map(drop)?),
    }
}

/// Tries until it succeeds; refusals that mean "held by another" are tried again, everything else is trouble.
fn again(who: u32, mut attempt: impl FnMut() -> Result<(), Trouble>) -> Result<(), Trouble> {
    for turn in 0..TRIES_MAX {
        match attempt() {
            Err(trouble) if is_busy(trouble.errno) => {}
            other => return other,
        }
        // Different steps, so that two programs do not stay in time with each other.
        thread::sleep(RETRY + Duration::from_micros(u64::from(turn.wrapping_mul(13) + who * 7) % 5000));
    }
    Err(Trouble::new("the lock never becomes free"))
}

fn is_busy(errno: i32) -> bool {
    [Errno::EAGAIN, Errno::EACCES, Errno::EEXIST, Errno::ENOENT].iter().any(|busy| *busy as i32 == errno)
}

/// One increment under a lock that is a name. Without byte-range locks, opening the file is what makes its contents
/// fresh and closing it what sends them.
fn under_name(how: &str, path: &str, who: u32) -> Result<u64, Trouble> {
    let (lock, mine) = (format!("{path}.lock"), format!("{path}.{who}"));
    take_name(how, &lock, &mine, who)?;
    let file = OpenOptions::new().read(true).write(true).open(path)?;
    let number = increment(&file)?;
    nix::unistd::close(file)?;
    match how {
        "rename" => fs::rename(&mine, &lock)?,
        "mkdir" => fs::remove_dir(&lock)?,
        _ => fs::remove_file(&lock)?,
    }
    Ok(number)
}

fn take_name(how: &str, lock: &str, mine: &str, who: u32) -> Result<(), Trouble> {
    let new = |path: &str| Ok(OpenOptions::new().write(true).create_new(true).open(path).map(drop)?);
    match how {
        "excl" => again(who, || new(lock)),
        "mkdir" => again(who, || Ok(fs::create_dir(lock)?)),
        // The token is a file under the name `lock`; whoever renames it to a name of its own has it.
        "rename" => again(who, || Ok(fs::rename(lock, mine)?)),
        _ => {
            new(mine)?;
            again(who, || Ok(fs::hard_link(mine, lock)?))?;
            let links = fs::metadata(mine)?.nlink();
            fs::remove_file(mine)?;
            if links == 2 {
                Ok(())
            } else {
                Err(Trouble::new(format!("linked, but the link count is {links}")))
            }
        }
    }
}
