//! Commands on the contents and attributes of files.

use std::fs::{self, File};
use std::num::NonZeroUsize;
use std::os::unix::fs::{FileExt, MetadataExt, PermissionsExt};

use nix::sys::mman::{MapFlags, ProtFlags, mmap, munmap};

use crate::pattern;
use crate::reply::{Args, Reply, Trouble};
use crate::worker::Files;

/// Contents are written and checked in pieces of this size.
const CHUNK_BYTES: usize = 1 << 20;

/// Runs a command on a file, or says `None` when `verb` is not one.
pub fn run(verb: &str, args: &mut Args<'_>, table: &Files) -> Option<Reply> {
    Some(match verb {
        "fill" => fill(args, table),
        "verify" => verify(args, table),
        "map" => verify_mapped(args, table),
        "write" => write(args, table),
        "read" => read(args, table),
        "sync" => table.get(args).and_then(|file| Ok(file.sync_all()?)).map(|()| String::new()),
        "size" => size(args, table),
        "fstat" => table.get(args).and_then(|file| Ok(file.metadata()?)).map(|found| attributes(&found)),
        "stat" => {
            args.word().and_then(|path| Ok(fs::symlink_metadata(path)?)).map(|found| attributes(&found))
        }
        "chmod" => chmod(args),
        "utimes" => utimes(args),
        _ => return None,
    })
}

/// `fill FILE OFFSET LENGTH SEED`: writes the pattern.
fn fill(args: &mut Args<'_>, table: &Files) -> Reply {
    let file = table.get(args)?;
    let (offset, length, seed): (u64, u64, u64) = (args.number()?, args.number()?, args.number()?);
    each_chunk(offset, length, |at, buffer| {
        pattern::fill(seed, at, buffer);
        Ok(file.write_all_at(buffer, at)?)
    })
}

/// `verify FILE OFFSET LENGTH SEED`: the pattern must be there.
fn verify(args: &mut Args<'_>, table: &Files) -> Reply {
    let file = table.get(args)?;
    let (offset, length, seed): (u64, u64, u64) = (args.number()?, args.number()?, args.number()?);
    each_chunk(offset, length, |at, buffer| {
        file.read_exact_at(buffer, at)?;
        expect_pattern(seed, at, buffer)
    })
}

fn each_chunk(offset: u64, length: u64, mut run: impl FnMut(u64, &mut [u8]) -> Result<(), Trouble>) -> Reply {
    let mut buffer = vec![0; CHUNK_BYTES];
    let mut done = 0;
    while done < length {
        let bytes = CHUNK_BYTES.min((length - done) as usize);
        run(offset + done, &mut buffer[..bytes])?;
        done += bytes as u64;
    }
    Ok(String::new())
}

fn expect_pattern(seed: u64, offset: u64, found: &[u8]) -> Result<(), Trouble> {
    match pattern::first_difference(seed, offset, found) {
        None => Ok(()),
        Some(at) => Err(Trouble::new(format!("the contents differ from offset {at} on"))),
    }
}

/// `map FILE LENGTH SEED`: reads the pattern through a mapping.
#[allow(unsafe_code, reason = "mmap")]
fn verify_mapped(args: &mut Args<'_>, table: &Files) -> Reply {
    let file = table.get(args)?;
    let (length, seed): (NonZeroUsize, u64) = (args.number()?, args.number()?);
    // SAFETY: a new private mapping at an address of the kernel's choice replaces nothing.
    let address = unsafe { mmap(None, length, ProtFlags::PROT_READ, MapFlags::MAP_PRIVATE, file, 0) }?;
    // SAFETY: the mapping is readable and `length` long; the cases that use it do not shorten the file meanwhile.
    let found = unsafe { std::slice::from_raw_parts(address.as_ptr().cast::<u8>(), length.get()) };
    let verdict = expect_pattern(seed, 0, found);
    // SAFETY: this is the mapping made above, and nothing borrows it any more.
    unsafe { munmap(address, length.get()) }?;
    verdict.map(|()| String::new())
}

/// `write FILE OFFSET TEXT`: TEXT is one word.
fn write(args: &mut Args<'_>, table: &Files) -> Reply {
    let file = table.get(args)?;
    let offset = args.number()?;
    file.write_all_at(args.word()?.as_bytes(), offset)?;
    Ok(String::new())
}

/// `read FILE OFFSET LENGTH`: the bytes as hexadecimal digits; fewer at the end of the file.
fn read(args: &mut Args<'_>, table: &Files) -> Reply {
    let file = table.get(args)?;
    let (offset, length): (u64, usize) = (args.number()?, args.number()?);
    let mut buffer = vec![0; length.min(CHUNK_BYTES / 128)];
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read_at(&mut buffer[filled..], offset + filled as u64)? {
            0 => break,
            bytes => filled += bytes,
        }
    }
    Ok(buffer[..filled].iter().map(|byte| format!("{byte:02x}")).collect())
}

/// `size FILE LENGTH`: ftruncate.
fn size(args: &mut Args<'_>, table: &Files) -> Reply {
    let file: &File = table.get(args)?;
    file.set_len(args.number()?)?;
    Ok(String::new())
}

fn chmod(args: &mut Args<'_>) -> Reply {
    let path = args.word()?;
    let mode = u32::from_str_radix(args.word()?, 8).map_err(|_| Trouble::new("the mode is not octal"))?;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
    Ok(String::new())
}

/// `utimes PATH SECONDS`: sets the times of access and modification.
fn utimes(args: &mut Args<'_>) -> Reply {
    let file = File::options().write(true).open(args.word()?)?;
    let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(args.number()?);
    file.set_times(fs::FileTimes::new().set_accessed(time).set_modified(time))?;
    Ok(String::new())
}

/// `KIND MODE LINKS UID GID SIZE INODE MTIME`, mode in octal.
fn attributes(found: &fs::Metadata) -> String {
    let kind = match found.file_type() {
        kind if kind.is_dir() => "dir",
        kind if kind.is_symlink() => "symlink",
        kind if kind.is_file() => "file",
        _ => "other",
    };
    let (mode, links) = (found.mode() & 0o7777, found.nlink());
    let (uid, gid, size, inode, mtime) = (found.uid(), found.gid(), found.size(), found.ino(), found.mtime());
    format!("{kind} {mode:o} {links} {uid} {gid} {size} {inode} {mtime}")
}
