//! What fjall says when its files are not what it wrote: a thousand commits, the process is killed, one file is changed.

use crate::{flat, open_fjall};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const COMMITS: u64 = 1000;

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(fs::copy(entry.path(), target).unwrap()),
        }
    }
}

fn files(dir: &Path, all: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap().map(Result::unwrap) {
        match entry.file_type().unwrap().is_dir() {
            true => files(&entry.path(), all),
            false => all.push(entry.path()),
        }
    }
}

/// Opens what is there and says how it went.
fn look(dir: &Path) -> fjall::Result<&'static str> {
    let (_database, records) = open_fjall(dir)?;
    let mut next = 0_u64;
    for record in records.iter() {
        let (key, value) = record.into_inner()?;
        if *key != next.to_be_bytes() || *value != flat(next) {
            return Ok("WRONG RECORDS, no error");
        }
        next += 1;
    }
    Ok(if next == COMMITS { "all is there" } else { "COMMITS LOST, no error" })
}

/// What the process does that [`outcome`] starts.
pub fn run_look(dir: &str) {
    println!("{}", look(Path::new(dir)).unwrap_or("error"));
    // Dropping the database may hang.
    std::process::exit(0);
}

/// As [`look`], in a process of its own, because some damage ends it.
fn outcome(dir: &Path) -> String {
    let output =
        Command::new("timeout").arg("20").arg(std::env::current_exe().unwrap()).arg("look").arg(dir).output();
    let output = output.unwrap();
    match output.status.code() {
        Some(0) => String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        Some(101) => "PANIC".into(),
        Some(124) => "HANGS".into(),
        _ => "ABORT of the process".into(),
    }
}

pub fn run() {
    let parent = tempfile::tempdir().unwrap();
    let (live, killed, bad) =
        (parent.path().join("live"), parent.path().join("killed"), parent.path().join("bad"));
    let (database, records) = open_fjall(&live).unwrap();
    for number in 0..COMMITS {
        if number == COMMITS / 2 {
            records.rotate_memtable_and_wait().unwrap();
        }
        records.insert(number.to_be_bytes(), flat(number)).unwrap();
    }
    // What a killed process leaves.
    copy(&live, &killed);
    drop((records, database));
    let mut all = Vec::new();
    files(&killed, &mut all);
    let mut counts = BTreeMap::new();
    for path in all {
        let path = path.strip_prefix(&killed).unwrap();
        let bytes = fs::read(killed.join(path)).unwrap();
        let used = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |at| at + 1);
        // Not a multiple of the length of a commit.
        for at in (0..used).step_by((used / 203).max(1) | 1) {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << (at % 8);
            for (what, bytes) in [("one bit", &flipped[..]), ("cut off", &bytes[..at])] {
                let _ = fs::remove_dir_all(&bad);
                copy(&killed, &bad);
                fs::write(bad.join(path), bytes).unwrap();
                *counts.entry((path.to_owned(), what, outcome(&bad))).or_insert(0) += 1;
            }
        }
    }
    for ((path, what, outcome), count) in counts {
        println!("| {} | {what} | {outcome} | {count} |", path.display());
    }
}
