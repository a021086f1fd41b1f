//! A test runner for cases that share machines: what `cargo test` expects of one, and no more.

mod arguments;
mod kernels;
mod report;
mod shell;

use std::process::ExitCode;
use std::sync::Arc;
use std::thread;

use anyhow::Context;

use crate::cases;
use crate::host::server::Server;
use crate::host::{agent, cache, packages};
use arguments::Arguments;
use kernels::{Planned, Shared};
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
    let plans = plan(&arguments);
    let count: usize = plans.iter().map(|(_, planned)| planned.len()).sum();
    if arguments.list {
        report::list(plans.iter().flat_map(|(_, planned)| planned));
        return ExitCode::SUCCESS;
    }
    let of_all_versions: usize = VERSIONS.iter().map(|version| cases::of(version).count()).sum();
    let filtered = kernels::SERIES.len() * of_all_versions - count;
    let report = Arc::new(Report::begin(count, filtered));
    if count > 0 {
        match prepare() {
            Ok(shared) => run(plans, &Arc::new(shared), &report, arguments.threads),
            Err(trouble) => {
                report.fail_all(plans.iter().flat_map(|(_, planned)| planned), &format!("{trouble:#}"))
            }
        }
    }
    report.end()
}

/// The selected cases of each kernel series, in order.
fn plan(arguments: &Arguments) -> Vec<(&'static str, Vec<Planned>)> {
    let only = std::env::var("LOCKHOUSE_LINUX_KERNELS").ok();
    let wanted =
        |series: &str| only.as_ref().is_none_or(|list| list.split(',').any(|item| item.trim() == series));
    let selected = |series: &'static str| {
        let of_version = |version| cases::of(version).map(move |case| Planned::new(series, version, case));
        let all = VERSIONS.iter().copied().flat_map(of_version);
        all.filter(|planned| wanted(series) && arguments.selects(&planned.name)).collect::<Vec<_>>()
    };
    kernels::SERIES
        .iter()
        .map(|series| (*series, selected(series)))
        .filter(|(_, all)| !all.is_empty())
        .collect()
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

/// One thread a kernel, so that one pair of guests works while the other waits.
fn run(plans: Vec<(&'static str, Vec<Planned>)>, shared: &Arc<Shared>, report: &Arc<Report>, threads: usize) {
    let mut running = Vec::new();
    for (series, planned) in plans {
        let (shared, report) = (Arc::clone(shared), Arc::clone(report));
        let thread = thread::spawn(move || kernels::run(series, &planned, &shared, &report));
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
