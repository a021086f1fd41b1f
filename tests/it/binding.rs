//! What state depends on outside of the store: when it is not what it was, a restart gives the state up, and nobody gets
//! what somebody else still holds.

use crate::overlay::Overlay;
use crate::process::Server;
use crate::state::{Disk, Holder, SmallDisk, connect};
use lockhouse::client::{Error, LockOwner, OpenOwner, OpenRequest, write_lock};
use lockhouse::nfs4::Status;
use rustix::process::Signal;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What becomes of a file.
#[derive(Clone, Copy, Debug)]
enum Damage {
    Deleted,
    CutOff,
    Flipped,
    SetBack,
}

impl Damage {
    const ALL: [Self; 4] = [Self::Deleted, Self::CutOff, Self::Flipped, Self::SetBack];

    /// Does it; `before` is what was in the file once.
    fn to(self, path: &Path, before: &[u8]) {
        let mut bytes = std::fs::read(path).expect("it is there");
        let middle = bytes.len() / 2;
        match self {
            Self::Deleted => return std::fs::remove_file(path).expect("removed"),
            Self::CutOff => bytes.truncate(bytes.len() - 1),
            Self::Flipped => bytes[middle] ^= 4,
            Self::SetBack => bytes = before.into(),
        }
        std::fs::write(path, bytes).expect("written");
    }
}

/// State is all there.
fn is_warm(server: &Server, holder: &mut Holder) {
    holder.use_connection(server.address);
    holder.client.renew().expect("the client is known");
    let found = holder.look_up();
    assert_eq!(found, holder.file.filehandle, "a file has another handle");
    let mut rival = connect(server.address);
    rival.establish(b"rival", *b"verifier").expect("a clientid");
    let owner = LockOwner::new(rival.clientid, "rival");
    let tested = rival.test_lock(&found, &owner, write_lock(0, 10));
    assert!(matches!(tested, Err(Error::Denied(_))), "{tested:?}");
}

/// State is gone, and nobody gets anything new before clients can have heard of it.
fn is_cold(server: &Server, holder: &mut Holder, why: &str) {
    holder.use_connection(server.address);
    let renewed = holder.client.renew().map_err(|error| error.status());
    assert_eq!(renewed, Err(Some(Status::StaleClientid)), "{why}");
    let mut rival = connect(server.address);
    rival.establish(b"rival", *b"verifier").expect("a clientid");
    let root = rival.root().expect("a root");
    let mut owner = OpenOwner::new(rival.clientid, "opener");
    let opened = rival.open(&mut owner, &root, &OpenRequest::create(&*holder.name));
    assert_eq!(opened.map_err(|error| error.status()).err(), Some(Some(Status::Grace)), "{why}");
}

#[test]
fn a_tree_in_memory_takes_its_state_with_it() {
    for signal in [Signal::KILL, Signal::TERM] {
        let disk = Disk::new();
        let args = ["--memory", "--no-root-squash", "--grace-time", "3600", "--state", disk.state()];
        let server = Server::start(&args);
        let mut holder = Holder::new(server.address, "f");
        server.end(signal);
        let server = Server::start(&args);
        is_cold(&server, &mut holder, "the tree is gone");
    }
}

#[test]
fn another_secret_of_filehandles_is_a_cold_start() {
    for damage in Damage::ALL {
        let disk = Disk::new();
        let server = disk.serve(&[]);
        let mut holder = Holder::new(server.address, "f");
        server.end(Signal::KILL);
        let server = disk.serve(&[]);
        is_warm(&server, &mut holder);
        server.end(Signal::KILL);
        damage.to(&disk.state.path().join("handle-secret"), &[7; 16]);
        let server = disk.serve(&[]);
        is_cold(&server, &mut holder, &format!("the secret was {damage:?}"));
    }
}

#[test]
fn an_index_of_names_that_lost_something_is_a_cold_start() {
    for damage in Damage::ALL {
        let Some(export) = Overlay::new() else {
            eprintln!("not tried: mounting an overlay takes root");
            return;
        };
        let disk = Disk::new();
        let served = export.merged.to_str().expect("UTF-8");
        let args = [served, "--no-root-squash", "--grace-time", "3600", "--state", disk.state()];
        let server = Server::start(&args);
        let mut first = Holder::new(server.address, "first");
        let index = index_in(disk.state.path());
        let before = std::fs::read(&index).expect("an index");
        let mut holder = Holder::new(server.address, "f");
        server.end(Signal::KILL);
        let server = Server::start(&args);
        is_warm(&server, &mut first);
        is_warm(&server, &mut holder);
        server.end(Signal::TERM);
        damage.to(&index, &before);
        let server = Server::start(&args);
        is_cold(&server, &mut holder, &format!("the index was {damage:?}"));
    }
}

fn index_in(state: &Path) -> PathBuf {
    let entries = std::fs::read_dir(state).expect("a state directory");
    let mut paths = entries.map(|entry| entry.expect("an entry").path());
    let is_index =
        |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("handles-"));
    paths.find(is_index).expect("an index")
}

/// What cannot be made durable is not granted.
#[test]
fn files_are_not_opened_when_their_handles_would_not_last() {
    const FILES: usize = 400;
    for signal in [Signal::KILL, Signal::TERM] {
        let (Some(export), Some(small)) = (Overlay::new(), SmallDisk::new(24)) else {
            eprintln!("not tried: mounting file systems takes root");
            return;
        };
        for number in 0..FILES {
            std::fs::write(export.merged.join(format!("f{number}")), "").expect("a file");
        }
        let state = small.path().to_str().expect("UTF-8");
        let served = export.merged.to_str().expect("UTF-8");
        let args = [served, "--no-root-squash", "--state", state, "--boot-id", "one"];
        let server = Server::start(&args);
        let mut holder = Holder::new(server.address, "first");
        std::fs::write(small.path().join("filler"), vec![1; 64 << 20]).expect_err("the disk is full");
        let root = holder.client.root().expect("a root");
        let (mut granted, mut refused) = (Vec::new(), 0);
        for number in 0..FILES {
            let name = format!("f{number}");
            let mut owner = OpenOwner::new(holder.client.clientid, format!("opener {number}"));
            let mut file = match holder.client.open(&mut owner, &root, &OpenRequest::existing(&name)) {
                Ok(file) => file,
                Err(error) => {
                    assert_eq!(error.status(), Some(Status::NoSpc), "{error}");
                    refused += 1;
                    continue;
                }
            };
            let mut owner = LockOwner::new(holder.client.clientid, format!("locker {number}"));
            holder.client.lock(&mut file, &mut owner, write_lock(0, 10)).expect("granted");
            granted.push(name);
        }
        assert!(refused > 0, "there was room for everything");
        server.end(signal);
        std::fs::remove_file(small.path().join("filler")).expect("room");
        let server = Server::start(&args);
        is_warm(&server, &mut holder);
        let mut rival = connect(server.address);
        rival.establish(b"rival", *b"verifier").expect("a clientid");
        let owner = LockOwner::new(rival.clientid, "rival");
        for name in &granted {
            let file = rival.lookup(&root, name).expect("it is there");
            let tested = rival.test_lock(&file, &owner, write_lock(0, 10));
            assert!(matches!(tested, Err(Error::Denied(_))), "{name}: {tested:?}");
        }
        // With room, they are opened.
        let mut owner = OpenOwner::new(rival.clientid, "opener");
        rival.open(&mut owner, &root, &OpenRequest::existing(format!("f{}", FILES - 1))).expect("opened");
    }
}

#[test]
fn an_epoch_that_is_lost_or_set_back_is_known_to_the_store() {
    for text in [None, Some("3999999999\n"), Some("2\n"), Some(""), Some("40000"), Some("\u{0}")] {
        let disk = Disk::new();
        let epoch = disk.state.path().join("epoch");
        disk.serve(&[]).end(Signal::TERM);
        std::fs::write(&epoch, "4000000000\n").expect("written");
        let server = disk.serve(&[]);
        let mut holder = Holder::new(server.address, "f");
        server.end(Signal::KILL);
        match text {
            None => std::fs::remove_file(&epoch).expect("removed"),
            Some(text) => std::fs::write(&epoch, text).expect("written"),
        }
        let server = disk.serve(&[]);
        is_warm(&server, &mut holder);
        let mut other = connect(server.address);
        other.establish(b"other", *b"verifier").expect("a clientid");
        assert_ne!(other.clientid, holder.client.clientid);
        assert_eq!(std::fs::read_to_string(&epoch).expect("read"), "4000000002\n", "after {text:?}");
    }
}

/// A store from before the last run is not taken for what it says.
#[test]
fn a_store_of_an_earlier_run_is_a_cold_start() {
    let disk = Disk::new();
    let (store, copy) = (disk.state.path().join("store"), disk.state.path().join("copy"));
    let server = disk.serve(&[]);
    let mut holder = Holder::new(server.address, "f");
    server.end(Signal::KILL);
    let copied = Command::new("cp").arg("-a").args([&store, &copy]).status();
    assert!(copied.expect("cp").success());
    let server = disk.serve(&[]);
    is_warm(&server, &mut holder);
    server.end(Signal::KILL);
    std::fs::remove_dir_all(&store).expect("removed");
    std::fs::rename(&copy, &store).expect("put back");
    let server = disk.serve(&[]);
    is_cold(&server, &mut holder, "the store is older than the last run");
}
