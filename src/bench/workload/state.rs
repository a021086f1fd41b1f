//! `state`: what opens, locks and ranges cost in memory, what of it comes back, and what their end costs others.
//!
//! Three clients, each with one kind of state in bulk, so that none is measured in memory that another has given back. Then
//! they go one after the other, while a fourth one locks and unlocks every millisecond.

use super::super::engine::{Engine, Script, Timing};
use super::super::error::BenchError;
use super::super::load_client::LoadClient;
use super::super::plan::Leave;
use super::super::process::{Memory, Process};
use super::super::sample::{Sample, Subject};
use super::super::tally::Tally;
use super::super::target::Target;
use super::bulk::{Bulk, Task};
use super::pairs::{self, Count, PairScript, STRIDE};
use crate::client::Pipeline;
use crate::xdr::generated::nfs4::nfs_lock_type4;
use std::collections::BTreeMap;
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// How often the other client calls.
const PACE: Duration = Duration::from_millis(1);
/// How long it is watched after a client has gone: a server may drop state later.
const AFTER: Duration = Duration::from_secs(1);
/// How often that is done at most, as long as the server is at work with what the client has left or gives memory back.
const AFTER_MOST: usize = 30;
/// A server that gives back less in that time has given back what it will.
const REST_BYTES: u64 = 1 << 20;

/// How often idle clients renew their leases, which no server should make shorter than twice that.
const RENEWAL: Duration = Duration::from_secs(5);

/// A client and what it holds.
struct Holder {
    client: LoadClient,
    bulk: Bulk,
    name: &'static str,
}

/// Measures it.
pub fn measure(subject: &Subject<'_>, target: &Target) -> Result<Vec<Sample>, BenchError> {
    let mut ping = Ping::new(subject, target)?;
    let mut holders = Vec::new();
    let measured = stages(subject, target, &mut ping, &mut holders);
    let mut left = Ok(());
    for Holder { client, bulk, .. } in holders {
        drop(bulk);
        left = left.and(client.leave().map(drop));
    }
    drop(ping.engine);
    let left = left.and(ping.client.leave()).map_err(|error| error.during("cleaning up"));
    let measured = measured?;
    left.map(|()| measured)
}

fn stages(
    subject: &Subject<'_>,
    target: &Target,
    ping: &mut Ping,
    holders: &mut Vec<Holder>,
) -> Result<Vec<Sample>, BenchError> {
    let count = subject.plan.owners;
    let mut samples = Vec::new();
    let first = memory(subject);
    let kinds = [
        ("open", Task::Open),
        ("lock", Task::LockOwners { kind: nfs_lock_type4::WRITE_LT, stride: STRIDE }),
        ("range", Task::LockRanges { stride: STRIDE }),
    ];
    for (name, task) in kinds {
        subject.say(&format!("{count} times {name}"));
        let mut client = LoadClient::establish(target, subject.plan.minor)?;
        let bulk = Bulk::new(&mut client, "held", subject.plan.leave == Leave::Unmount)?;
        holders.push(Holder { client, bulk, name });
        let Some((Holder { client, bulk, .. }, idle)) = holders.split_last_mut() else { continue };
        if name == "range" {
            bulk.single_owner(client)?;
        }
        let (before, cpu) = (memory(subject), subject.cpu());
        let idle = idle.iter_mut().map(|holder| &mut holder.client).chain([&mut ping.client]).collect();
        let (tally, seconds) = while_renewing(idle, || bulk.run(task, 0, count))?;
        let server = subject.cpu().zip(cpu).map(|(after, before)| after.saturating_sub(before));
        let all = holders.iter_mut().map(|holder| &mut holder.client).chain([&mut ping.client]).collect();
        while_renewing(all, || {
            rest(subject);
            Ok(())
        })?;
        let figures = grown(before, memory(subject), count);
        samples.push(sample(subject, (format!("{name}s come"), name), (tally, seconds), server, figures));
    }
    subject.wait_until_idle();
    for holder in holders.iter_mut() {
        subject.say(&format!("{} goes", holder.name));
        samples.push(gone(subject, ping, holder)?);
    }
    if let (Some(first), Some(last), Some(sample)) = (first, memory(subject), samples.last_mut()) {
        sample.figures.insert("MB kept at the end", megabytes(last.resident, first.resident));
    }
    Ok(samples)
}

/// Does something that may take longer than a lease, and keeps these clients' leases meanwhile.
fn while_renewing<T>(
    mut idle: Vec<&mut LoadClient>,
    work: impl FnOnce() -> Result<T, BenchError>,
) -> Result<T, BenchError> {
    let (done, wait) = mpsc::channel::<()>();
    std::thread::scope(|scope| {
        let renewing = scope.spawn(move || {
            while wait.recv_timeout(RENEWAL) == Err(mpsc::RecvTimeoutError::Timeout) {
                idle.iter_mut().try_for_each(|client| client.renew())?;
            }
            Ok(())
        });
        let worked = work();
        drop(done);
        let failed = || Err(BenchError::Other("the thread that renews leases panicked".to_owned()));
        let renewed = renewing.join().unwrap_or_else(|_| failed());
        let worked = worked?;
        renewed.map_err(|error: BenchError| error.during("renewing a lease")).map(|()| worked)
    })
}

/// Lets a client go while the other one is watched.
fn gone(subject: &Subject<'_>, ping: &mut Ping, holder: &mut Holder) -> Result<Sample, BenchError> {
    let mut calm = Tally::default();
    ping.engine.run(&mut ping.script, &mut calm, AFTER / 2)?;
    let (before, cpu, start) = (memory(subject), subject.cpu(), Instant::now());
    let (mut tally, leave, count) = (Tally::default(), subject.plan.leave, subject.plan.owners);
    let name = holder.name;
    let took = std::thread::scope(|scope| {
        let going = scope.spawn(|| go(holder, leave, count));
        ping.engine.run_while(&mut ping.script, &mut tally, |_, _| !going.is_finished())?;
        going.join().unwrap_or_else(|_| Err(BenchError::Other("the client that goes panicked".to_owned())))
    })?;
    for _ in 0..AFTER_MOST {
        let before = At::now(subject);
        ping.engine.run(&mut ping.script, &mut tally, AFTER)?;
        if before.is_rest(subject) {
            break;
        }
    }
    ping.engine.drain(&mut ping.script, &mut tally)?;
    let server = subject.cpu().zip(cpu).map(|(after, before)| after.saturating_sub(before));
    let mut figures = BTreeMap::new();
    if let (Some(before), Some(after)) = (before, memory(subject)) {
        figures.insert("MB given back", megabytes(before.resident, after.resident));
    }
    figures.insert("ms to go", took.as_secs_f64() * 1000.0);
    figures.insert("stall ms", tally.latency.max() as f64 / 1e6);
    figures.insert("stall ms before", calm.latency.max() as f64 / 1e6);
    if let Some(nanos) = server {
        figures.insert("server CPU ms", nanos as f64 / 1e6);
    }
    let seconds = start.elapsed().as_secs_f64();
    let case = format!("{name}s go, others' calls");
    Ok(sample(subject, (case, "call"), (tally, seconds), None, figures))
}

/// Lets the server come to rest: what it needs for its work is not what its state takes.
fn rest(subject: &Subject<'_>) {
    for _ in 0..AFTER_MOST {
        let before = At::now(subject);
        std::thread::sleep(AFTER);
        if before.is_rest(subject) {
            break;
        }
    }
}

/// Processor time and memory of the server at some time.
struct At(Option<u64>, Option<Memory>);

impl At {
    fn now(subject: &Subject<'_>) -> Self {
        Self(subject.cpu(), memory(subject))
    }

    /// Returns whether it has done little since then, one [`AFTER`] ago, and gave little back.
    fn is_rest(&self, subject: &Subject<'_>) -> bool {
        let busy = subject.cpu().zip(self.0).map_or(0, |(after, before)| after.saturating_sub(before));
        let held = self.1.map_or(0, |memory| memory.resident);
        let gives = memory(subject).is_some_and(|now| now.resident + REST_BYTES <= held);
        Duration::from_nanos(busy) < AFTER / 4 && !gives
    }
}

/// Lets the client leave; returns how long that took.
fn go(holder: &mut Holder, leave: Leave, count: u64) -> Result<Duration, BenchError> {
    let start = Instant::now();
    match (leave, holder.name) {
        (Leave::Reboot, _) => return holder.client.reboot(),
        (Leave::Unmount, "open") => holder.bulk.run(Task::Close, 0, count).map(drop)?,
        (Leave::Unmount, "lock") => holder.bulk.run(Task::Unlock { stride: STRIDE }, 0, count).map(drop)?,
        // What one owner holds goes with one LOCKU, and that with the reboot that follows.
        (Leave::Unmount, _) => return holder.client.reboot(),
    }
    Ok(start.elapsed())
}

fn sample(
    subject: &Subject<'_>,
    (case, unit): (String, &'static str),
    (tally, seconds): (Tally, f64),
    server_nanos: Option<u64>,
    figures: BTreeMap<&'static str, f64>,
) -> Sample {
    let target = subject.name.to_owned();
    Sample { target, case, unit, seconds, tally, server_nanos, load_nanos: 0, figures }
}

fn memory(subject: &Subject<'_>) -> Option<Memory> {
    subject.process.and_then(Process::memory)
}

fn grown(before: Option<Memory>, after: Option<Memory>, count: u64) -> BTreeMap<&'static str, f64> {
    let mut figures = BTreeMap::new();
    if let (Some(before), Some(after)) = (before, after) {
        let each = |before: u64, after: u64| (after as f64 - before as f64) / count as f64;
        figures.insert("B resident each", each(before.resident, after.resident));
        figures.insert("B anonymous each", each(before.anonymous, after.anonymous));
    }
    figures
}

fn megabytes(more: u64, less: u64) -> f64 {
    (more as f64 - less as f64) / 1e6
}

/// A client that locks and unlocks at a steady pace.
struct Ping {
    client: LoadClient,
    engine: Engine,
    script: Paced,
}

impl Ping {
    fn new(subject: &Subject<'_>, target: &Target) -> Result<Self, BenchError> {
        let mut client = LoadClient::establish(target, subject.plan.minor)?;
        let lines = client.lines(1, 1, false)?;
        let (mut engine, pairs) = pairs::prepare(&mut client, lines, 1, true, Count::Calls)?;
        engine.set_tick(PACE);
        Ok(Self { client, engine, script: Paced { pairs, now: 0, next: 0 } })
    }
}

/// LOCK and LOCKU at a steady pace.
struct Paced {
    pairs: PairScript,
    now: u64,
    next: u64,
}

impl Script for Paced {
    fn call(&mut self, lane: usize, xid: u32, out: &mut Pipeline) -> bool {
        if self.now < self.next {
            return false;
        }
        self.next = self.now + PACE.as_nanos() as u64;
        self.pairs.call(lane, xid, out)
    }

    fn reply(&mut self, lane: usize, record: &[u8], timing: Timing, tally: &mut Tally) {
        self.pairs.reply(lane, record, timing, tally);
    }

    fn now(&mut self, now: u64) {
        self.now = now;
    }
}
