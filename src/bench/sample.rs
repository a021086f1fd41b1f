//! One measurement: a script runs for a while, before and after which clocks are read.

use super::engine::{Engine, Script};
use super::error::BenchError;
use super::plan::Plan;
use super::process::Process;
use super::tally::Tally;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::time::{Duration, Instant};

/// How often the progress line changes.
const SLICE: Duration = Duration::from_millis(250);

/// How long a server is waited for that has work left.
const IDLE_AT_LAST: Duration = Duration::from_secs(60);

/// Holds what one measurement of one target found.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Name of the target.
    pub target: String,
    /// Which of a workload's measurements this is; empty if it has one.
    pub case: String,
    /// What is counted: call, pair, grant...
    pub unit: &'static str,
    /// How long it lasted.
    pub seconds: f64,
    /// What was counted.
    pub tally: Tally,
    /// Processor time of the server.
    pub server_nanos: Option<u64>,
    /// Processor time of the load.
    pub load_nanos: u64,
    /// Other figures of this workload, by name.
    pub figures: BTreeMap<&'static str, f64>,
}

/// Says whom a workload measures, and what about it.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The whole plan.
    pub plan: &'a Plan,
    /// Name of the target.
    pub name: &'a str,
    /// Its process, if it is known.
    pub process: Option<Process>,
    /// How often this target was measured before.
    pub run: usize,
}

impl Subject<'_> {
    /// Warms up, then measures, then lets what is in flight come to its end.
    pub fn measure(
        &self,
        engine: &mut Engine,
        script: &mut impl Script,
        case: impl Into<String>,
        unit: &'static str,
    ) -> Result<Sample, BenchError> {
        let case = case.into();
        let (mut tally, mut warm) = (Tally::default(), Tally::default());
        engine.set_bursts(self.plan.bursts);
        engine.run(script, &mut warm, self.plan.warmup).map_err(|error| self.failed(error, &warm))?;
        let own = Process::own();
        let (start, load, server) = (Instant::now(), own.cpu_nanos(), self.cpu());
        while let Some(left) = self.plan.duration.checked_sub(start.elapsed()).filter(|left| !left.is_zero())
        {
            let ran = engine.run(script, &mut tally, left.min(SLICE));
            ran.map_err(|error| self.failed(error, &tally))?;
            self.say_progress(&case, &tally, start.elapsed());
        }
        let (seconds, server) = (start.elapsed().as_secs_f64(), self.cpu().zip(server));
        let load = own.cpu_nanos().zip(load);
        engine.drain(script, &mut warm).map_err(|error| self.failed(error, &tally))?;
        for (name, count) in warm.errors {
            *tally.errors.entry(name).or_default() += count;
        }
        Ok(Sample {
            target: self.name.to_owned(),
            case,
            unit,
            seconds,
            tally,
            server_nanos: server.map(|(after, before)| after.saturating_sub(before)),
            load_nanos: load.map_or(0, |(after, before)| after.saturating_sub(before)),
            figures: BTreeMap::new(),
        })
    }

    /// Waits until the server rests, so that what set-up left it to do is not measured; no longer than a minute, and not at
    /// all if its process is not known.
    pub fn wait_until_idle(&self) {
        let deadline = Instant::now() + IDLE_AT_LAST;
        while let Some(before) = self.cpu().filter(|_| Instant::now() < deadline) {
            std::thread::sleep(SLICE);
            let used = self.cpu().map_or(0, |after| after.saturating_sub(before));
            if u128::from(used) * 50 < SLICE.as_nanos() {
                break;
            }
        }
    }

    /// Returns the processor time of the server until now.
    pub fn cpu(&self) -> Option<u64> {
        self.process.and_then(Process::cpu_nanos)
    }

    fn failed(&self, error: BenchError, tally: &Tally) -> BenchError {
        error.during(format!("after {} calls", tally.calls))
    }

    /// Prints the progress line, if anybody looks.
    pub fn say(&self, what: &str) {
        if self.plan.progress {
            let Self { run, name, .. } = self;
            // Nobody may be there to read it.
            let _ = write!(std::io::stderr(), "\r\x1b[K{}/{} {name} {what}", run + 1, self.plan.runs);
        }
    }

    fn say_progress(&self, case: &str, tally: &Tally, elapsed: Duration) {
        let rate = tally.done as f64 / elapsed.as_secs_f64();
        self.say(&format!(
            "{case} {:.1} s {rate:.0}/s {} errors",
            elapsed.as_secs_f64(),
            tally.error_count()
        ));
    }
}

/// Takes the progress line away.
pub fn clear_progress(plan: &Plan) {
    if plan.progress {
        let _ = write!(std::io::stderr(), "\r\x1b[K");
    }
}
