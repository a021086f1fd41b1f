//! The arguments of `lockhouse bench`. Each doc comment here is read by users.

use crate::bench::{Holders, Leave, Plan, Target, Workload};
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, ValueEnum as _};
use std::path::PathBuf;
use std::time::Duration;

const EXAMPLES: &str = "\
Examples:
  Measure LOCK and LOCKU on a server that is started for it, beside a bare TCP echo:
    lockhouse bench pairs --depth 64 --runs 5

  The same, alternating with a running server whose process ID gives its CPU time:
    lockhouse bench pairs --depth 64 --runs 5 --pin \\
        --target own --target other=127.0.0.1:20555/tmp1@1235

  Measure what a lock costs in a file with many of them, and plot it:
    lockhouse bench growth --held 1000,10000,100000,1000000 --svg growth.svg

docs/BENCH.md explains each workload and each column.";

/// Measure the lock performance of this server or any other NFSv4 server
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct BenchArgs {
    /// The workload to run
    #[arg(value_enum)]
    pub workload: Workload,

    /// A server, a directory on it to work in, and its process ID if it runs on this machine; or `own`, a
    /// server started by this command. Can be given several times [default: own]
    #[arg(long, value_name = "[NAME=]HOST:PORT/PATH[@PID]")]
    pub target: Vec<Target>,

    /// Process ID of the only target
    #[arg(long, value_name = "PID")]
    pub server_pid: Option<u32>,

    /// Minor version of NFSv4
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(0..=2))]
    pub minor: u32,

    /// Number of connections
    #[arg(short, long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=512))]
    pub connections: u16,

    /// Calls in flight on each connection: slots of the session, or owners with NFSv4.0
    #[arg(short, long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=4096))]
    pub depth: u16,

    /// Send the calls of a connection in bursts: wait for all replies before sending the next ones
    #[arg(long)]
    pub bursts: bool,

    /// How long each measurement lasts, such as 500ms, 5s or 1m
    #[arg(long, default_value = "3s", value_name = "TIME", value_parser = parse_time)]
    pub duration: Duration,

    /// How long to run before each measurement
    #[arg(long, default_value = "500ms", value_name = "TIME", value_parser = parse_time)]
    pub warmup: Duration,

    /// How often to measure each target, alternating between them; results are medians
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub runs: u16,

    /// Do not also measure a bare TCP echo with messages of the same sizes
    #[arg(long)]
    pub no_echo: bool,

    /// Keep servers started by this command on one CPU and the load on another
    /// [default: if this command starts all targets]
    #[arg(long, conflicts_with = "no_pin")]
    pub pin: bool,

    /// Let the system choose the CPUs
    #[arg(long)]
    pub no_pin: bool,

    /// Print one JSON document instead of a table
    #[arg(long)]
    pub json: bool,

    /// Also plot the results into an SVG file
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,

    /// growth, readers: how many locks are held [default: 1000,10000,100000; readers: 10,10000]
    #[arg(long, value_name = "N,...", value_delimiter = ',', value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    pub held: Vec<u64>,

    /// growth: how the locks are held
    #[arg(long, value_enum, value_delimiter = ',', default_value = "one,each")]
    pub holders: Vec<Holders>,

    /// contend: number of owners; state: number of opens, locks and ranges [default: 64; state: 100000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    pub owners: Option<u64>,

    /// state: how the client leaves
    #[arg(long, value_enum, default_value = "reboot")]
    pub leave: Leave,
}

/// What a child of `lockhouse bench` becomes
#[derive(Debug, Args)]
pub(super) struct BenchChildArgs {
    /// Processor to stay on
    #[arg(long)]
    pub cpu: Option<usize>,

    /// `echo`, or `serve` and its arguments
    #[arg(last = true)]
    pub args: Vec<String>,
}

/// Options that mean something to some workloads only, and to which.
const ONLY_FOR: [(&str, &[Workload]); 13] = {
    use Workload::*;
    [
        ("target", &[Pairs, Shared, Growth, Readers, Contend, Handover, State, Null]),
        ("server_pid", &[Pairs, Shared, Growth, Readers, Contend, Handover, State, Null]),
        ("minor", &[Pairs, Shared, Growth, Readers, Contend, Handover, State, Echo]),
        ("connections", &[Pairs, Shared, Growth, Readers, Contend, Null, Echo]),
        ("depth", &[Pairs, Shared, Growth, Readers, Null, Echo]),
        ("bursts", &[Pairs, Shared, Growth, Readers, Contend, Null, Echo]),
        ("duration", &[Pairs, Shared, Growth, Readers, Contend, Handover, Null, Echo]),
        ("warmup", &[Pairs, Shared, Growth, Readers, Contend, Handover, Null, Echo]),
        ("held", &[Growth, Readers]),
        ("holders", &[Growth]),
        ("leave", &[State]),
        ("owners", &[Contend, State]),
        ("no_echo", &[Pairs, Shared, Null]),
    ]
};
/// Most owners of `contend`: one a lane.
const CONTENDERS_MAX: u64 = 4096;

/// Checks the given options. Errors: one of them has no effect on the workload.
pub(super) fn check(args: &BenchArgs, given: &ArgMatches) -> Result<(), String> {
    let name = |workload: &Workload| {
        let value = workload.to_possible_value();
        value.map_or_else(String::new, |value| value.get_name().to_owned())
    };
    for (id, workloads) in ONLY_FOR {
        let is_given = given.value_source(id) == Some(ValueSource::CommandLine);
        if is_given && !workloads.contains(&args.workload) {
            let names: Vec<_> = workloads.iter().map(name).collect();
            let (option, workload) = (id.replace('_', "-"), name(&args.workload));
            return Err(format!("--{option} has no effect on `{workload}`; it is for {}", names.join(", ")));
        }
    }
    if args.workload == Workload::Contend && args.owners.is_some_and(|owners| owners > CONTENDERS_MAX) {
        return Err(format!("--owners of `contend` is at most {CONTENDERS_MAX}"));
    }
    Ok(())
}

impl BenchArgs {
    /// Converts the arguments into a plan.
    pub fn plan(&self, progress: bool) -> Result<Plan, String> {
        let mut targets = self.target.clone();
        match (self.server_pid, targets.as_mut_slice()) {
            (None, _) => {}
            (pid, [only]) => only.pid = pid,
            _ => {
                return Err(
                    "--server-pid needs exactly one --target; with several, append @PID to each".to_owned()
                );
            }
        }
        let many = self.workload == Workload::State;
        let held: &[u64] =
            if self.workload == Workload::Readers { &[10, 10_000] } else { &[1000, 10_000, 100_000] };
        Ok(Plan {
            workload: self.workload,
            pin: self.pin || (!self.no_pin && targets.iter().all(Target::is_own)),
            targets,
            minor: self.minor,
            connections: self.connections.into(),
            depth: self.depth.into(),
            bursts: self.bursts,
            duration: self.duration,
            warmup: self.warmup,
            runs: self.runs.into(),
            echo: !self.no_echo,
            held: if self.held.is_empty() { held.to_vec() } else { self.held.clone() },
            holders: self.holders.clone(),
            owners: self.owners.unwrap_or(if many { 100_000 } else { 64 }),
            leave: self.leave,
            progress,
        })
    }
}

/// Returns a number and `ms`, `s` or `m`; up to a day.
fn parse_time(text: &str) -> Result<Duration, String> {
    let wrong = || format!("{text:?} is not a time such as 500ms, 5s or 1m");
    let unit_at = text.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or_else(wrong)?;
    let (number, unit) = text.split_at(unit_at);
    let number: f64 = number.parse().map_err(|_| wrong())?;
    let seconds = match unit {
        "ms" => number / 1000.0,
        "s" => number,
        "m" => number * 60.0,
        _ => return Err(wrong()),
    };
    Duration::try_from_secs_f64(seconds).ok().filter(|time| time.as_secs() <= 86_400).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        assert_eq!(parse_time("50ms"), Ok(Duration::from_millis(50)));
        assert_eq!(parse_time("1.5s"), Ok(Duration::from_millis(1500)));
        assert_eq!(parse_time("2m"), Ok(Duration::from_secs(120)));
        for bad in ["", "5", "s", "-1s", "1h", "1e9s", "99999999m", "1.2.3s"] {
            assert!(parse_time(bad).is_err(), "{bad}");
        }
    }
}
