//! What a connection that does not read its replies can make the server hold.

use crate::peer::{Peer, compound, record, words};
use crate::process::Server;
use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;

const CALLS: u32 = 64;
/// 8 MiB for the connection, and what threads and the allocator take.
const BYTES_MAX: u64 = (8 << 20) + (8 << 20);

/// A server with a file of 16 MiB and a directory whose names take 1 MiB, and its state directory.
fn start() -> (Server, [TempDir; 2]) {
    let (directory, state) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::set_permissions(directory.path(), Permissions::from_mode(0o755)).unwrap();
    File::create(directory.path().join("file")).unwrap().set_len(16 << 20).unwrap();
    fs::create_dir(directory.path().join("many")).unwrap();
    for number in 0..4500 {
        File::create(directory.path().join("many").join(format!("{number:0240}"))).unwrap();
    }
    let [path, state_path] = [&directory, &state].map(|dir| dir.path().to_str().unwrap());
    (Server::start(&[path, "--state", state_path, "--log", "error"]), [directory, state])
}

/// What `/proc` says of the process under this word, in bytes.
fn memory(server: &Server, word: &str) -> u64 {
    let status =
        fs::read_to_string(Path::new("/proc").join(server.pid().to_string()).join("status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(word)).unwrap();
    line.trim_matches(|c: char| !c.is_ascii_digit()).parse::<u64>().unwrap() * 1024
}

/// Waits until the process has done nothing for a while.
fn wait_until_at_rest(server: &Server) {
    let cpu = || {
        let stat = fs::read_to_string(format!("/proc/{}/stat", server.pid())).unwrap();
        let (_, after) = stat.rsplit_once(')').unwrap();
        after.split_whitespace().skip(11).take(2).map(str::to_owned).collect::<Vec<_>>()
    };
    let (mut before, mut quiet) = (cpu(), 0);
    while quiet < 30 {
        std::thread::sleep(Duration::from_millis(10));
        let now = cpu();
        quiet = if now == before { quiet + 1 } else { 0 };
        before = now;
    }
}

/// Sends the same COMPOUND many times, and reads replies only when the server does no more.
fn flood(operations: &[Vec<u8>]) {
    let (server, _directories) = start();
    let mut peer = Peer::connect(server.address);
    let args = [&words(&[0, 0, operations.len() as u32])[..], &operations.concat()].concat();
    let alone = peer.call(&compound(0, &args));
    let before = memory(&server, "VmRSS:");
    (1..=CALLS).for_each(|xid| peer.send(&record(&compound(xid, &args))));
    wait_until_at_rest(&server);
    let more = memory(&server, "VmHWM:").saturating_sub(before);
    assert!(more <= BYTES_MAX, "{more} bytes");
    let mut xids: Vec<_> = (0..CALLS)
        .map(|_| {
            let reply = peer.receive();
            assert!(reply[4..] == alone[4..], "each is answered alike");
            u32::from_be_bytes(reply[..4].try_into().unwrap())
        })
        .collect();
    xids.sort_unstable();
    assert_eq!(xids, (1..=CALLS).collect::<Vec<_>>());
    let more = memory(&server, "VmHWM:").saturating_sub(before);
    // Threads that carry calls out one after the other keep some memory each; all replies together would be 64 MiB.
    assert!(more <= 2 * BYTES_MAX, "{more} bytes while replies were read");
}

fn putrootfh() -> Vec<u8> {
    words(&[24])
}

fn lookup(name: &[u8; 4]) -> Vec<u8> {
    [words(&[15, 4]), name.to_vec()].concat()
}

/// By the anonymous stateid.
fn read(count: u32) -> Vec<u8> {
    words(&[25, 0, 0, 0, 0, 0, 0, count])
}

fn readdir(maxcount: u32) -> Vec<u8> {
    words(&[26, 0, 0, 0, 0, maxcount, maxcount, 0])
}

#[test]
fn large_reads() {
    flood(&[putrootfh(), lookup(b"file"), read(16 << 20)]);
}

#[test]
fn many_reads_in_one_compound() {
    flood(&[vec![putrootfh(), lookup(b"file")], vec![read(300_000); 60]].concat());
}

#[test]
fn large_directories() {
    flood(&[putrootfh(), lookup(b"many"), readdir(16 << 20)]);
}

#[test]
fn many_attributes() {
    // All of NFSv4.0 but those of the file system, which others change, and those that can only be set.
    let of_file_system = [7 << 21, 7 << 10];
    let all = words(&[9, 2, !of_file_system[0], !(of_file_system[1] | 1 << 16 | 1 << 22)]);
    flood(&[vec![putrootfh()], vec![all; 1000]].concat());
}
