//! A run: load, an interruption at a random moment, a restart, and a look whether all is as it was; over and over.

use crate::damage::{Damages, Outcome};
use crate::load::{Phase, Shared, Worker, connect};
use crate::oracle::Oracle;
use crate::queue::Queue;
use crate::random::Random;
use crate::server::{End, GRACE, Server, Site};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The minor versions of the clients.
const MINORS: [u32; 8] = [0, 1, 0, 2, 1, 0, 2, 1];
/// The load before an interruption lasts at most so long, in microseconds; and the one between restart and check.
const LOAD_US: u64 = 150_000;
const AFTER_US: u64 = 30_000;
/// A second kill comes at most so long after the start of the server, in microseconds.
const SECOND_US: u64 = 40_000;
/// Of a hundred interruptions so many are followed by a second one; so many are clean stops.
const TWICE: u64 = 20;
const CLEAN: u64 = 10;
/// After so many of a hundred cycles the state directory is damaged.
const DAMAGE: u64 = 20;
/// Of a hundred cycles so many have waiters.
const WAITERS: u64 = 40;

/// After so many cycles everything is looked at, and a line tells how far it is.
const PROGRESS: u64 = 25;

/// What interrupts the load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interruption {
    /// The server is killed, or stopped, and started again.
    Restart,
    /// All connections break; the server stays. Shows that the oracle is not mistaken.
    Break,
}

/// How a run goes.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Decides everything that is random but for the order in which threads run.
    pub seed: u64,
    /// Interruptions.
    pub cycles: u64,
    /// Of what kind.
    pub interruption: Interruption,
    /// In this cycle this client gives up a lock without telling the oracle, to see that it is found.
    pub sabotage: Option<(u64, usize)>,
    /// Whether parts of the state directory are damaged between runs of the server.
    pub damage: bool,
    /// Milliseconds for which the store delays each commit.
    pub store_delay: Option<u32>,
}

struct Run {
    plan: Plan,
    site: Site,
    server: Option<Server>,
    shared: Arc<Shared>,
    queue: Queue,
    random: Random,
    /// How long the server took to listen, of each restart.
    restarts: Vec<Duration>,
    damages: Damages,
}

/// Runs; answers what was found, if anything was. When all state is lost, everybody starts again.
pub fn run(plan: Plan) -> Option<String> {
    let started = Instant::now();
    let (mut site, mut damages, mut done) = (Site::new(plan.damage), Damages::default(), 0);
    loop {
        let seed = plan.seed.wrapping_add(done * 7919);
        let (mut run, workers) = Run::begin(Plan { seed, ..plan }, site, damages);
        run.until_lost(&mut done, started);
        for worker in workers {
            // One that panicked has ended the process.
            let _ = worker.join();
        }
        if let Some(verdict) = run.shared.oracle.verdict() {
            let log = run.site.log().join("\n    ");
            let text = format!("seed {}\n{verdict}\nthe server's log ends with:\n    {log}", plan.seed);
            return Some(text);
        }
        (site, damages) = (run.site, run.damages);
        if done >= plan.cycles {
            eprint!("{}", damages.report());
            return None;
        }
        site.wipe();
    }
}

impl Run {
    fn begin(plan: Plan, mut site: Site, damages: Damages) -> (Self, Vec<JoinHandle<()>>) {
        // What a cold start before has left to wait for is not waited for.
        site.grace = 0;
        site.store_delay = plan.store_delay;
        let server = site.start();
        server.wait_listening().unwrap_or_else(|error| panic!("{error}: {:#?}", site.log()));
        site.grace = GRACE;
        let mut holder = connect(site.addr, 0, "crash holder").expect("a clientid");
        let shared = Shared::new(site.addr, MINORS.len(), &mut holder).expect("files");
        let queue = Queue::new(site.addr, &shared.files[0], plan.seed ^ 0x5151).expect("waiters");
        let shared = Arc::new(shared);
        let worker = |(id, minor)| {
            let seed = plan.seed.wrapping_mul(1000).wrapping_add(id as u64);
            let worker = Worker::new(&shared, id, minor, seed).expect("a client");
            std::thread::spawn(move || work(worker))
        };
        let workers = MINORS.into_iter().enumerate().map(worker).collect();
        let random = Random::new(plan.seed);
        let server = Some(server);
        (Self { plan, site, server, shared, queue, random, restarts: Vec::new(), damages }, workers)
    }

    /// Cycles until there were enough, something was found, or all state is lost. Then the clients end.
    fn until_lost(&mut self, done: &mut u64, started: Instant) {
        loop {
            *done += 1;
            self.oracle().begin_cycle(*done);
            self.cycle(*done);
            let lost = self.plan.damage && self.random.percent(DAMAGE) && self.damage();
            let over = lost || *done >= self.plan.cycles || self.oracle().verdict().is_some();
            if *done >= self.plan.cycles || done.is_multiple_of(PROGRESS) {
                self.progress(*done, started);
            }
            self.shared.set_phase(if over { Phase::End } else { Phase::Run });
            self.shared.gate.wait();
            if over {
                return;
            }
        }
    }

    /// While all clients are parked: damages the state directory and starts the server over it. Answers whether all state is
    /// lost.
    fn damage(&mut self) -> bool {
        let mut story = String::new();
        self.try_damage(&mut story).unwrap_or_else(|error| {
            let log = self.site.log().join("\n    ");
            let details = format!("  {story}: {error}\n    {log}");
            self.oracle().violation("damage of the state directory does harm", "damage", &details);
            true
        })
    }

    fn try_damage(&mut self, story: &mut String) -> Result<bool, String> {
        let addr = self.site.addr;
        let mut sentinels = Vec::new();
        for minor in [0, 1] {
            let sentinel = self.damages.sentinel(addr, minor, &self.shared.oracle);
            sentinels.push(sentinel.map_err(|error| error.to_string())?);
        }
        let how = if self.random.percent(CLEAN) { End::Stop } else { End::Kill };
        self.server.take().map_or(Ok(()), |server| server.end(how))?;
        let done = self.damages.apply(self.site.state(), &mut self.random);
        *story = done.story();
        let mut server = self.site.start();
        let mut outcome = Outcome::Warm;
        if let Err(error) = server.wait_listening() {
            if !server.has_said("help: ") {
                return Err(format!("it does not start and does not say what helps: {error}"));
            }
            self.damages.came_of(&done, Outcome::Refused);
            outcome = Outcome::Refused;
            done.undo(self.site.state());
            server = self.site.start();
            server.wait_listening()?;
        } else {
            if server.has_said("cold restart") {
                outcome = Outcome::Cold;
            }
            self.damages.came_of(&done, outcome);
            done.keep();
        }
        if outcome != Outcome::Cold && !server.has_said("warm restart") {
            return Err("it begins as if there had been nothing".to_owned());
        }
        if outcome == Outcome::Cold {
            self.damages.check_cold(addr, sentinels)?;
            server.end(End::Stop)?;
            return Ok(true);
        }
        self.damages.check_warm(&self.shared, sentinels)?;
        self.server = Some(server);
        Ok(false)
    }

    fn oracle(&self) -> &Oracle {
        &self.shared.oracle
    }

    /// Ends with all clients parked.
    fn cycle(&mut self, cycle: u64) {
        if self.random.percent(WAITERS) {
            self.queue.before(&self.shared.oracle);
        }
        self.sleep(LOAD_US);
        let interrupted = match self.plan.interruption {
            Interruption::Restart => self.restart(),
            Interruption::Break => {
                self.shared.breaks.fetch_add(1, Ordering::AcqRel);
                Ok(())
            }
        };
        if let Err(error) = interrupted {
            self.oracle().violation("the server does not work", "server", &format!("  {error}"));
        }
        self.queue.after(&self.shared.oracle);
        self.sleep(AFTER_US);
        let Plan { sabotage, cycles, .. } = self.plan;
        if let Some((_, client)) = sabotage.filter(|(when, _)| *when == cycle) {
            self.shared.saboteur.store(client as u64 + 1, Ordering::Release);
        }
        let thorough = cycle.is_multiple_of(PROGRESS) || cycle == cycles;
        self.shared.thorough.store(thorough, Ordering::Release);
        self.shared.set_phase(Phase::Park);
        // All have their replies; then all have looked.
        self.shared.gate.wait();
        self.shared.gate.wait();
    }

    fn sleep(&mut self, most_us: u64) {
        std::thread::sleep(Duration::from_micros(self.random.below(most_us)));
    }

    /// Ends the server, perhaps twice, and starts it again.
    fn restart(&mut self) -> Result<(), String> {
        let how = if self.random.percent(CLEAN) { End::Stop } else { End::Kill };
        self.server.take().map_or(Ok(()), |server| server.end(how))?;
        let started = Instant::now();
        let mut server = self.site.start();
        if self.random.percent(TWICE) {
            // In the middle of its start, or when the clients have just come.
            if self.random.percent(50) {
                server.wait_listening()?;
            }
            self.sleep(SECOND_US);
            server.end(End::Kill)?;
            server = self.site.start();
            server.wait_listening()?;
        } else {
            server.wait_listening()?;
            self.restarts.push(started.elapsed());
        }
        self.server = Some(server);
        Ok(())
    }

    fn progress(&self, cycle: u64, started: Instant) {
        let counts = &self.oracle().counts;
        let get = |counter: &std::sync::atomic::AtomicU64| counter.load(Ordering::Relaxed);
        let files = 0..self.oracle().files();
        let held: usize = files.clone().map(|file| self.oracle().locks(file).all().count()).sum();
        let denying: usize = files.map(|file| self.oracle().shares(file).denying()).sum();
        let mean = self.restarts.iter().sum::<Duration>() / self.restarts.len().max(1) as u32;
        eprintln!(
            "seed {} cycle {cycle}/{} in {:.0?}: {} operations, {} sent again in flight, {} replays, \
             {} checks, {} queues; {held} locks and {denying} denials held; \
             restart {mean:.1?}, at most {:.1?}",
            self.plan.seed,
            self.plan.cycles,
            started.elapsed(),
            get(&counts.operations),
            get(&counts.resent),
            get(&counts.replays),
            get(&counts.checks),
            get(&counts.waiters),
            self.restarts.iter().max().copied().unwrap_or_default(),
        );
    }
}

/// A client's thread. Without it all others would wait for ever.
fn work(worker: Worker) {
    let name = worker.name();
    if std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| worker.run())).is_err() {
        eprintln!("{name} of the crash harness has panicked");
        std::process::exit(101);
    }
}
