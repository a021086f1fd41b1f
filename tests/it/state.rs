//! What outlives a server: the state directory, and what `lockhouse state` says of it.

use crate::golden;
use crate::process::{Server, command, transcript};
use lockhouse::client::{
    Client, Credential, Error, LockOwner, LockRequest, OpenFile, OpenOwner, OpenRequest, write_lock,
};
use lockhouse::nfs4::{Filehandle, Stateid};
use lockhouse::state::{Config, Restoring, Start, record_as_json};
use rustix::process::Signal;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;

/// An export and a state directory.
pub struct Disk {
    export: TempDir,
    pub state: TempDir,
}

impl Disk {
    pub fn new() -> Self {
        let new = || tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
        Self { export: new(), state: new() }
    }

    pub fn state(&self) -> &str {
        self.state.path().to_str().expect("UTF-8")
    }

    pub fn serve(&self, more: &[&str]) -> Server {
        let export = self.export.path().to_str().expect("UTF-8");
        let fixed = [export, "--no-root-squash", "--grace-time", "3600", "--state", self.state()];
        Server::start(&[&fixed, more].concat())
    }

    /// What `lockhouse state WHAT` prints.
    fn says(&self, what: &str, boot_id: &str) -> String {
        transcript(&["state", what, self.state(), "--boot-id", boot_id], Some(self.state.path()))
    }
}

/// A client that holds a lock.
pub struct Holder {
    pub name: String,
    pub client: Client,
    pub file: OpenFile,
    pub owner: LockOwner,
}

impl Holder {
    pub fn new(address: SocketAddr, name: &str) -> Self {
        let mut client = connect(address);
        client.establish(name.as_bytes(), *b"verifier").expect("a clientid");
        let root = client.root().expect("a root");
        let mut owner = OpenOwner::new(client.clientid, "opener");
        let file = client.open(&mut owner, &root, &OpenRequest::create(name)).expect("opened");
        let (name, lock_owner) = (name.to_owned(), LockOwner::new(client.clientid, "locker"));
        let mut holder = Self { name, owner: lock_owner, client, file };
        holder.lock(write_lock(0, 10)).expect("granted");
        holder
    }

    pub fn lock(&mut self, range: LockRequest) -> Result<Stateid, Error> {
        self.client.lock(&mut self.file, &mut self.owner, range)
    }

    /// Whether it could have this range of the file of `other`.
    pub fn test(&mut self, other: &Self, range: LockRequest) -> Result<(), Error> {
        self.client.test_lock(&other.file.filehandle, &self.owner, range)
    }

    /// Goes on over a new connection.
    pub fn use_connection(&mut self, address: SocketAddr) {
        let clientid = self.client.clientid;
        self.client = connect(address);
        self.client.clientid = clientid;
    }

    /// The handle that its file has by its name.
    pub fn look_up(&mut self) -> Filehandle {
        let root = self.client.root().expect("a root");
        self.client.lookup(&root, &self.name).expect("it is there")
    }

    /// Unlocks over a new connection what was locked before: the server still knows.
    fn unlock_at(&mut self, address: SocketAddr) {
        self.use_connection(address);
        let file = &self.file.filehandle;
        self.client.unlock(file, &mut self.owner, write_lock(0, 10)).expect("unlocked");
    }
}

pub fn connect(address: SocketAddr) -> Client {
    Client::connect(address, Credential::sys(0, 0)).expect("a connection")
}

#[test]
fn who_holds_what_can_be_read_while_the_server_runs() {
    let disk = Disk::new();
    let server = disk.serve(&["--boot-id", "one"]);
    let _holder = Holder::new(server.address, "a client");
    let shown = disk.says("show", "one");
    let line = shown.lines().find(|line| line.ends_with("a client")).expect("it is listed");
    let counts: Vec<_> = line.split_whitespace().skip(1).take(5).collect();
    assert_eq!(counts, ["0", "1", "1", "1", "0"], "{shown}");
    assert!(
        shown.contains("warm: the machine has not been rebooted") && shown.contains("reboot: 1 clients"),
        "{shown}"
    );
    assert!(disk.says("show", "two").contains("cold: clients have to reclaim"));
    assert!(disk.says("check", "one").starts_with("$ lockhouse state check TMP --boot-id one\nintact: "));
    let exported = disk.says("export", "one");
    let kinds = ["Instance", "Client", "OpenOwner", "LockOwner", "File", "Open", "Lock", "Range"];
    for kind in kinds {
        assert!(exported.contains(&format!("\"kind\":\"{kind}\"")), "{kind}: {exported}");
    }
    drop(server);
}

#[test]
fn nothing_there_and_damage_are_told() {
    let disk = Disk::new();
    assert!(disk.says("show", "one").contains("error: TMP holds no state\n"));
    disk.serve(&[]).end(Signal::TERM);
    for entry in std::fs::read_dir(disk.state.path().join("store")).expect("a store") {
        let path = entry.expect("entry").path();
        let bytes = std::fs::read(&path).expect("read");
        std::fs::write(&path, bytes.iter().map(|byte| byte ^ 0x5a).collect::<Vec<_>>()).expect("write");
    }
    for what in ["show", "check", "export"] {
        let said = disk.says(what, "one");
        assert!(said.contains("damaged") && said.ends_with("[exit code 1]\n"), "{said}");
    }
    let (_, said) = disk.serve(&[]).end(Signal::TERM);
    assert!(!said.contains("ERROR"), "what was said before it listened is not here: {said}");
    assert!(disk.says("check", "one").contains("intact: "));
}

#[test]
fn locks_outlive_a_kill_and_a_clean_stop_in_any_boot() {
    let disk = Disk::new();
    let mut server = disk.serve(&["--boot-id", "one"]);
    let mut holder = Holder::new(server.address, "a");
    for (signal, boot_id) in [(Signal::KILL, "one"), (Signal::TERM, "two"), (Signal::TERM, "three")] {
        server.end(signal);
        server = disk.serve(&["--boot-id", boot_id]);
        holder.unlock_at(server.address);
        holder.lock(write_lock(0, 10)).expect("no grace");
    }
}

#[test]
fn an_ephemeral_server_forgets() {
    let disk = Disk::new();
    let server = disk.serve(&["--ephemeral"]);
    Holder::new(server.address, "a");
    server.end(Signal::TERM);
    let server = disk.serve(&["--ephemeral"]);
    // No grace either.
    Holder::new(server.address, "b");
    assert!(!disk.state.path().join("store").exists());
    server.end(Signal::TERM);
    disk.serve(&[]).end(Signal::TERM);
    let export = disk.export.path().to_str().expect("UTF-8");
    // A tree in memory needs no state directory, but one that is named is looked at.
    for tree in [export, "--memory"] {
        let args = ["serve", tree, "--listen", "127.0.0.1:0", "--ephemeral", "--state", disk.state()];
        refused_over_state(&transcript(&args, Some(disk.state.path())));
    }
    let file = disk.state.path().join("lockhouse.toml");
    let text = "memory = true\nephemeral = true\nlisten = \"127.0.0.1:0\"\nstate = \".\"\n";
    std::fs::write(&file, text).expect("a file");
    let file = file.to_str().expect("UTF-8");
    for args in [["check-config", file].as_slice(), &["serve", "--config", file]] {
        refused_over_state(&transcript(args, Some(disk.state.path())));
    }
}

fn refused_over_state(said: &str) {
    assert!(said.contains("store holds the state of clients") && said.contains("help: "), "{said}");
    assert!(said.ends_with("[exit code 1]\n"), "{said}");
}

/// A file system of a few megabytes, gone with this.
pub struct SmallDisk(TempDir);

impl SmallDisk {
    /// `None` where the tests may not mount.
    pub fn new(megabytes: u32) -> Option<Self> {
        let dir = tempfile::tempdir().expect("a directory");
        let size = format!("size={megabytes}m,mode=0700");
        let mounted = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "tmpfs"])
            .arg(dir.path())
            .status();
        mounted.is_ok_and(|status| status.success()).then(|| Self(dir))
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg("-l").arg(self.path()).status();
    }
}

#[test]
fn a_full_disk_stops_the_server_and_nothing_is_lost() {
    let Some(small) = SmallDisk::new(24) else {
        eprintln!("not tried: mounting a small file system takes root");
        return;
    };
    let disk = Disk::new();
    let state = small.path().to_str().expect("UTF-8");
    let export = disk.export.path().to_str().expect("UTF-8");
    let args = [export, "--no-root-squash", "--state", state, "--boot-id", "one"];
    let server = Server::start(&args);
    let mut holder = Holder::new(server.address, "a");
    // All the room that is left.
    std::fs::write(small.path().join("filler"), vec![1; 64 << 20]).expect_err("the disk is full");
    let mut locks = 0u64;
    let last = loop {
        let range = write_lock(100 + 2 * locks, 1);
        if let Err(error) = holder.lock(range) {
            break error;
        }
        locks += 1;
        assert!(locks < 1_000_000, "the disk never became full");
    };
    assert!(!format!("{last:?}").contains("Status"), "no reply may leave: {last:?}");
    let (status, said) = server.end(Signal::TERM);
    assert_eq!(status.code(), Some(1), "{said}");
    assert!(said.contains("cannot store changes"), "{said}");
    // As long as there is no room, it does not start, and says why.
    let refused =
        command(&[&["serve", "--listen", "127.0.0.1:0"], &args[..]].concat()).output().expect("it runs");
    if !refused.status.success() {
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(said.contains("error: ") && said.contains("help: "), "{said}");
    }
    std::fs::remove_file(small.path().join("filler")).expect("room");
    let server = Server::start(&args);
    let mut other = Holder::new(server.address, "b");
    for range in [write_lock(0, 1), write_lock(100, 1), write_lock(100 + 2 * (locks - 1), 1)] {
        let found = other.client.test_lock(&holder.file.filehandle, &other.owner, range);
        assert!(matches!(found, Err(Error::Denied(_))), "{range:?} of {locks} locks: {found:?}");
    }
}

#[test]
fn a_state_directory_that_cannot_be_written_is_told() {
    let Some(small) = SmallDisk::new(24) else {
        eprintln!("not tried: mounting a small file system takes root");
        return;
    };
    let remounted = std::process::Command::new("mount").args(["-o", "remount,ro"]).arg(small.path()).status();
    assert!(remounted.is_ok_and(|status| status.success()));
    let state = small.path().to_str().expect("UTF-8");
    let said =
        transcript(&["serve", "--memory", "--listen", "127.0.0.1:0", "--state", state], Some(small.path()));
    assert!(said.contains("Read-only file system") && said.contains("help: "), "{said}");
}

/// Records as the first form of them was written. A newer form must still read these.
#[test]
fn records_of_the_first_form_are_read() {
    let bytes = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/store/records-1.bin"))
        .expect("a fixture");
    let start = Start { epoch: 9, seed: 1, recorded: Default::default(), now: Duration::from_secs(1) };
    let mut restoring = Restoring::new(Config::default(), start);
    let mut text = String::new();
    let mut rest = &bytes[..];
    while let Some(([key, high, low], after)) = rest.split_first_chunk() {
        let (key, after) = after.split_at(usize::from(*key));
        let (value, after) = after.split_at(usize::from(u16::from_be_bytes([*high, *low])));
        restoring.record(key, value).expect("a record");
        text += &format!("{}\n", record_as_json(key, value).expect("a record"));
        rest = after;
    }
    let core = restoring.finish().expect("a core");
    assert_eq!((core.held().count(), core.census().waiters, core.census().sessions), (1, 1, 1));
    golden::check("store/records-1.json", &text);
}
