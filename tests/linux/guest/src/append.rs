//! Records that several processes append to one file, each under a lock.

use std::fs::OpenOptions;
use std::io::Write;

use nix::libc;

use crate::locks::flock_file;
use crate::reply::{Args, Reply};

/// `append PATH COUNT WHO`: appends COUNT records `WHO NUMBER` (four digits each, and a newline) under flock.
///
/// Without the lock two clients would write to the same place: where the file ends is what a client knows of it.
pub fn run(args: &mut Args<'_>) -> Reply {
    let path = args.word()?;
    let (count, who): (u32, u32) = (args.number()?, args.number()?);
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    for number in 0..count {
        flock_file(&file, libc::LOCK_EX)?;
        file.write_all(format!("{who:04} {number:04}\n").as_bytes())?;
        flock_file(&file, libc::LOCK_UN)?;
    }
    Ok(String::new())
}
