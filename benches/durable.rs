//! Measures the cost of storing everything: alternate LOCK and LOCKU of a client with a session, on a server with the
//! embedded store and on one with the store in memory. Each server is a process of its own; measurements alternate between
//! them, so that noise of the machine affects both.
//!
//! `cargo bench --bench durable`; for each depth (slots in flight) and server it prints the medians of calls per second
//! and of the server's processor time per call, and the throughput with the embedded store relative to the other.

#![allow(missing_docs, clippy::unwrap_used, reason = "a benchmark stops where it fails")]

use lockhouse::client::session::SessionRequest;
use lockhouse::client::{
    Client, Credential, LockOwner, OpenFile, OpenOwner, OpenRequest, compound_args, op, write_lock,
};
use lockhouse::nfs4::Stateid;
use lockhouse::xdr::generated::nfs4::{SEQUENCE4args, nfs_argop4, nfs_lock_type4, sessionid4};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const COMPOUND: u32 = 1;
const DEPTHS: [u32; 3] = [1, 16, 64];
/// Length of a turn, and number of turns of each server at each depth.
const TURN: Duration = Duration::from_millis(700);
const TURNS: usize = 7;

struct Server {
    child: Child,
    address: SocketAddr,
    _dirs: [tempfile::TempDir; 2],
}

impl Server {
    fn start(more: &[&str]) -> Self {
        let dir = || tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let (export, state) = (dir(), dir());
        let mut child = Command::new(env!("CARGO_BIN_EXE_lockhouse"))
            .args(["serve", "--listen", "127.0.0.1:0", "--no-root-squash", "--log", "warn", "--state"])
            .arg(state.path())
            .args(more)
            .arg(export.path())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = lines.find_map(|line| line.unwrap().strip_prefix("listening on ")?.parse().ok());
        Self { address: address.unwrap(), child, _dirs: [export, state] }
    }

    /// Returns the processor time of the process so far.
    fn processor_time(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        let after_name = stat.rsplit_once(')').unwrap().1;
        let ticks = |index: usize| after_name.split_whitespace().nth(index).unwrap().parse::<u64>().unwrap();
        // utime and stime, in hundredths of a second.
        Duration::from_millis((ticks(11) + ticks(12)) * 10)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A client with one lock_owner for each of its slots, all on one file.
struct Load {
    client: Client,
    file: OpenFile,
    /// For each slot, the sequence number of its last request and its lock stateid.
    slots: Vec<(u32, Stateid)>,
    session: [u8; 16],
}

impl Load {
    fn new(address: SocketAddr, depth: u32) -> Self {
        let mut client = Client::connect(address, Credential::sys(0, 0)).unwrap();
        let request = SessionRequest { slots: depth, ..SessionRequest::new(b"load", [depth as u8; 8]) };
        client.begin_session(1, &request).unwrap();
        client.reclaim_complete().unwrap();
        let root = client.root().unwrap();
        let mut opener = OpenOwner::new(client.clientid, "opener");
        let mut file = client.open(&mut opener, &root, &OpenRequest::create("file")).unwrap();
        let locks = (0..depth).map(|slot| {
            let mut owner = LockOwner::new(client.clientid, format!("owner {slot}"));
            client.lock(&mut file, &mut owner, write_lock(u64::from(slot) * 100, 10)).unwrap()
        });
        let locks: Vec<_> = locks.collect();
        let session = client.session.as_ref().unwrap().id;
        // Slot 0 was used for all of that; the others are new.
        let used = client.session.as_mut().unwrap().take_slot().unwrap().sequence - 1;
        let slots = (0..).zip(locks).map(|(slot, lock)| (if slot == 0 { used } else { 0 }, lock)).collect();
        let mut load = Self { client, file, slots, session };
        load.round(false);
        load
    }

    /// Sends one LOCK or LOCKU in each slot, and then reads all replies.
    fn round(&mut self, lock: bool) {
        let mut xids = Vec::with_capacity(self.slots.len());
        let mut bytes = Vec::new();
        for index in 0..self.slots.len() {
            let ops = self.ops(index, lock);
            let args = compound_args(&[], 1, &ops).unwrap();
            let (xid, message) = self.client.connection.message(COMPOUND, &self.client.credential, &args);
            bytes.extend_from_slice(&(message.len() as u32 | 1 << 31).to_be_bytes());
            bytes.extend_from_slice(&message);
            xids.push(xid);
        }
        self.client.connection.send_bytes(&bytes).unwrap();
        for xid in xids {
            let reply = self.client.connection.receive(xid).unwrap();
            let reply = lockhouse::client::CompoundReply::decode(&reply.outcome.unwrap()).unwrap();
            reply.ok().unwrap();
        }
    }

    fn ops(&mut self, index: usize, lock: bool) -> [nfs_argop4; 3] {
        let (sequence, stateid) = &mut self.slots[index];
        *sequence += 1;
        let in_session = SEQUENCE4args {
            sa_sessionid: sessionid4(self.session),
            sa_sequenceid: *sequence,
            sa_slotid: index as u32,
            sa_highest_slotid: index as u32,
            sa_cachethis: true,
        };
        let (current, offset) = (Stateid { seqid: 0, ..*stateid }, index as u64 * 100);
        let operation = match lock {
            true => write_lock(offset, 10).op_known_owner(current, 0),
            false => op::locku(nfs_lock_type4::WRITE_LT, 0, current, offset, 10),
        };
        [nfs_argop4::OP_SEQUENCE(in_session), op::putfh(&self.file.filehandle), operation]
    }

    /// Measures one turn. Returns the calls per second and the server's processor time per call, in microseconds.
    fn turn(&mut self, server: &Server) -> (f64, f64) {
        let (start, before) = (Instant::now(), server.processor_time());
        let mut calls = 0;
        while start.elapsed() < TURN {
            self.round(true);
            self.round(false);
            calls += 2 * self.slots.len();
        }
        let processor = (server.processor_time() - before).as_secs_f64() * 1e6 / calls as f64;
        (calls as f64 / start.elapsed().as_secs_f64(), processor)
    }
}

fn median(figures: &mut [f64]) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

fn main() {
    // Tests only check that it builds.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    let servers = [Server::start(&[]), Server::start(&["--ephemeral"])];
    println!(
        "{:>5} {:>10} {:>10} {:>12} {:>12} {:>9}",
        "depth", "embedded/s", "memory/s", "embedded us", "memory us", "left"
    );
    for depth in DEPTHS {
        let mut loads = [0, 1].map(|index: usize| Load::new(servers[index].address, depth));
        let mut figures = [[Vec::new(), Vec::new()], [Vec::new(), Vec::new()]];
        for turn in 0..=TURNS {
            for index in [0, 1] {
                let (calls, processor) = loads[index].turn(&servers[index]);
                // The first turn is a warm-up.
                if turn > 0 {
                    figures[index][0].push(calls);
                    figures[index][1].push(processor);
                }
            }
        }
        let [[calls, processor], [calls_memory, processor_memory]] =
            figures.map(|of_server| of_server.map(|mut figures| median(&mut figures)));
        println!(
            "{depth:5} {calls:10.0} {calls_memory:10.0} {processor:12.2} {processor_memory:12.2} {:8.0} %",
            100.0 * calls / calls_memory
        );
    }
}
