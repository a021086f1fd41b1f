//! A test runner for cases that share machines: what `cargo test` expects of one, and no more.

mod arguments;
mod kernels;
mod report;
mod shell;

use std::collections::VecDeque;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::thread;

use anyhow::Context;

use crate::cases;
use crate::host::server::Server;
use crate::host::{agent, cache, packages};
use arguments::Arguments;
use kernels::{Lane, Planned, Shared};
use report::Report;

/// Minor versions that are tested.
const VERSIONS: &[&str] = &["4.0", "4.1", "4.2"];

/// Runs what the command line selects.
pub fn main() -> ExitCode {
    let arguments = match Arguments::read(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(trouble) => {
            eprintln!("{trouble:#}");
            return ExitCode::FAILURE;
        }
    };
    if let Ok(series) = std::env::var("LOCKHOUSE_LINUX_SHELL") {
        return shell::run(&series, prepare());
    }
    let plan = plan(&arguments);
    let all = || plan.iter().flat_map(|(_, parts)| parts).flatten();
    let count = all().count();
    if arguments.list {
        report::list(all());
        return ExitCode::SUCCESS;
    }
    let of_all_versions: usize = VERSIONS.iter().map(|version| cases::of(version).count()).sum();
    let filtered = kernels::SERIES.len() * of_all_versions - count;
    let report = Arc::new(Report::begin(count, filtered));
    if count > 0 {
        match prepare() {
            Ok(shared) => run(lanes(plan), &Arc::new(shared), &report, arguments.threads),
            Err(trouble) => report.fail_all(all(), &format!("{trouble:#}")),
        }
    }
    report.end()
}

/// The selected cases of each kernel, in order: those that share a server, and those that have one for themselves.
fn plan(arguments: &Arguments) -> Vec<(&'static str, [Vec<Planned>; 2])> {
    let only = std::env::var("LOCKHOUSE_LINUX_KERNELS").ok();
    let wanted =
        |series: &str| only.as_ref().is_none_or(|list| list.split(',').any(|item| item.trim() == series));
    let selected = |series: &'static str| {
        let of_version = |version| cases::of(version).map(move |case| Planned::new(series, version, case));
        let all = VERSIONS.iter().copied().flat_map(of_version);
        let all = all.filter(|planned| wanted(series) && arguments.selects(&planned.name));
        let (alone, sharing) = all.partition(Planned::is_alone);
        [sharing, alone]
    };
    kernels::SERIES.iter().map(|series| (*series, selected(series))).collect()
}

/// Who runs them. Cases with a server for themselves wait for graces and leases most of the time, so two pairs of guests
/// work on them. Nothing is mounted on these but the server of the case: their network is cut.
fn lanes(plan: Vec<(&'static str, [Vec<Planned>; 2])>) -> Vec<Lane> {
    let mut lanes = Vec::new();
    for (series, [sharing, alone]) in plan {
        let (sharing, alone) =
            (Arc::new(Mutex::new(sharing.into())), Arc::new(Mutex::new(VecDeque::from(alone))));
        lanes.push(Lane { series, suffix: "", queue: sharing });
        lanes.push(Lane { series, suffix: "_alone1", queue: Arc::clone(&alone) });
        lanes.push(Lane { series, suffix: "_alone2", queue: alone });
    }
    lanes
}

/// What all kernels share: the guest's program and the server under test.
fn prepare() -> anyhow::Result<Shared> {
    let cache = cache();
    std::fs::create_dir_all(&cache)?;
    // One run at a time fills the cache.
    let lock = std::fs::File::create(cache.join("lock"))?;
    lock.lock()?;
    packages::ensure_tools()?;
    let init = agent::build(&cache).context("the guest's program does not build")?;
    let kernels = kernels::obtain_all(&cache);
    lock.unlock()?;
    let logs = cache.join("logs");
    let server = Server::obtain(&logs).context("the server does not start")?;
    Ok(Shared { init, kernels, server, logs })
}

/// One thread a lane, so that one pair of guests works while another waits.
fn run(lanes: Vec<Lane>, shared: &Arc<Shared>, report: &Arc<Report>, threads: usize) {
    let mut running = Vec::new();
    for lane in lanes {
        let (shared, report) = (Arc::clone(shared), Arc::clone(report));
        let thread = thread::spawn(move || kernels::run(&lane, &shared, &report));
        if threads == 1 {
            let _ = thread.join();
        } else {
            running.push(thread);
        }
    }
    for thread in running {
        // A panic of the runner itself leaves cases without a verdict, which the report counts as failed.
        let _ = thread.join();
    }
}
