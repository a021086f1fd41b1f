//! What a commit costs. Each outlives the process when it returns, and is not synced.

use crate::{flat, open_fjall, request};
use redb::backends::FileBackend;
use rustix::time::{ClockId, clock_gettime};
use std::fs::File;
use std::io::{self, Write};
use std::time::{Duration, Instant};

const REQUESTS: u64 = 1_000_000;

fn nanoseconds(clock: ClockId) -> u64 {
    let time = clock_gettime(clock);
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

/// Prints a line about `commit`, which is given the number of its first request.
fn measure(name: &str, group: u64, requests: u64, mut commit: impl FnMut(u64)) {
    let process = nanoseconds(ClockId::ProcessCPUTime);
    let (mut chunks, mut slowest, mut slow) = (Vec::new(), Duration::ZERO, 0);
    let mut number = 0;
    while number < requests {
        let thread = nanoseconds(ClockId::ThreadCPUTime);
        let first = number;
        while number < first + requests / 50 {
            let start = Instant::now();
            commit(number);
            slowest = slowest.max(start.elapsed());
            slow += u32::from(start.elapsed() > Duration::from_millis(2));
            number += group;
        }
        chunks.push((nanoseconds(ClockId::ThreadCPUTime) - thread) / (number - first));
    }
    let whole = (nanoseconds(ClockId::ProcessCPUTime) - process) / number;
    chunks.sort_unstable();
    let (least, median) = (chunks[0], chunks[chunks.len() / 2]);
    println!("| {group} | {name} | {least} | {median} | {whole} | {slowest:.1?} | {slow} |");
}

/// A file that is never synced: what redb writes is in the page cache.
#[derive(Debug)]
struct Unsynced(FileBackend);

impl redb::StorageBackend for Unsynced {
    fn len(&self) -> io::Result<u64> {
        self.0.len()
    }
    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.0.read(offset, out)
    }
    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.set_len(len)
    }
    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }
    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.0.write(offset, data)
    }
}

pub fn run() {
    println!("ns of processor time per request; slowest commit");
    println!(
        "| group | subject | committing thread: least | median | whole process: mean | slowest | over 2 ms |"
    );
    let requests: Vec<_> = (0..100).map(request).collect();
    for group in [1, 16, 64] {
        let flats: Vec<Vec<u8>> = (0..100).map(|at| (at..at + group).flat_map(flat).collect()).collect();
        let dir = tempfile::tempdir().unwrap();
        let mut file = File::create(dir.path().join("bare")).unwrap();
        measure("bare write", group, REQUESTS, |number| {
            file.write_all(&flats[(number % 100) as usize]).unwrap()
        });

        let (_database, journal) = open_fjall(&dir.path().join("journal")).unwrap();
        measure("fjall, one insert per commit", group, REQUESTS, |number| {
            journal.insert(number.to_be_bytes(), flats[(number % 100) as usize].as_slice()).unwrap();
        });

        let (database, records) = open_fjall(&dir.path().join("records")).unwrap();
        measure("fjall, a batch of puts", group, REQUESTS, |number| {
            let mut batch = database.batch();
            for (key, value) in (number..number + group).flat_map(|at| &requests[(at % 100) as usize]) {
                batch.insert(&records, key.as_slice(), value.as_slice());
            }
            batch.commit().unwrap();
        });

        let file =
            File::options().create_new(true).read(true).write(true).open(dir.path().join("redb")).unwrap();
        let backend = Unsynced(FileBackend::new(file).unwrap());
        let database = redb::Database::builder().create_with_backend(backend).unwrap();
        const RECORDS: redb::TableDefinition<&[u8], &[u8]> = redb::TableDefinition::new("records");
        measure("redb, a transaction of puts", group, REQUESTS / 20, |number| {
            let write = database.begin_write().unwrap();
            {
                let mut table = write.open_table(RECORDS).unwrap();
                for (key, value) in (number..number + group).flat_map(|at| &requests[(at % 100) as usize]) {
                    table.insert(key.as_slice(), value.as_slice()).unwrap();
                }
            }
            write.commit().unwrap();
        });
    }
}
