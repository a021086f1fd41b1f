//! `cargo run --release -- commit` tells what a commit costs, `-- damage` what a database says about damaged files.

mod commit;
mod damage;

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("commit") => commit::run(),
        Some("damage") => damage::run(),
        Some("look") => damage::run_look(&std::env::args().nth(2).unwrap()),
        _ => eprintln!("commit or damage?"),
    }
}

/// The four changes of one request, some 360 bytes, among those of a hundred owners.
fn request(number: u64) -> Vec<(Vec<u8>, Vec<u8>)> {
    let record = |(kind, key, value): (u8, usize, usize)| {
        let mut bytes = vec![kind; key];
        bytes[1..9].copy_from_slice(&(number % 100).to_be_bytes());
        (bytes, vec![number as u8; value])
    };
    [(1, 12, 40), (2, 24, 90), (3, 40, 60), (4, 16, 20)].into_iter().map(record).collect()
}

/// The same, as one value.
fn flat(number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (key, value) in request(number) {
        bytes.extend_from_slice(&[key.len() as u8, value.len() as u8, 0, 0, 0, 0]);
        bytes.extend_from_slice(&key);
        bytes.extend_from_slice(&value);
    }
    bytes
}

fn open_fjall(dir: &std::path::Path) -> fjall::Result<(fjall::Database, fjall::Keyspace)> {
    let database = fjall::Database::builder(dir).worker_threads(1).cache_size(4 << 20).open()?;
    let options = || fjall::KeyspaceCreateOptions::default().max_memtable_size(16 << 20);
    let keyspace = database.keyspace("records", options)?;
    Ok((database, keyspace))
}
