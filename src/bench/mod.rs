//! `lockhouse bench`: load on any NFSv4 server, and figures about it.
//!
//! - [`Plan`] what is to be measured; [`run`] measures it and gives a [`Report`]
//! - `workload` what is said to the server; each is a [`Script`](engine::Script) for the `engine`, a loop of one thread over
//!   the fast path of the client library
//! - `sample` one measurement; `report` medians over runs, and the table; `svg` pictures
//! - `child`, `echo` servers that are started here; `process`, `pin` what the system knows and is told
//!
//! It knows servers only by the network and by `/proc`.

mod child;
mod echo;
mod engine;
mod error;
mod load_client;
mod locker;
mod pin;
mod plan;
mod process;
mod report;
#[cfg(test)]
mod report_tests;
mod sample;
mod svg;
mod table;
mod tally;
mod target;
mod workload;

pub use child::{CHILD, become_child};
pub use error::BenchError;
pub use plan::{Holders, Leave, Plan, Workload};
pub use report::{Latency, Report, Row, Spread};
pub use svg::svg;
pub use table::table;
pub use target::Target;

use child::Server;
use process::Process;
use sample::Subject;

/// The name of the echo server in the report.
pub const ECHO: &str = "echo";
/// The name of a server that was started here.
const OWN: &str = "lockhouse";

/// Measures every target in turn, as often as the plan says.
pub fn run(plan: &Plan) -> Result<Report, BenchError> {
    let mut report = Report::new(plan);
    let places = pin_load(plan, &mut report)?;
    let cpu = places.map(|places| places.servers);
    let (servers, targets) = start_own(plan, cpu)?;
    let echo = wants_echo(plan).then(|| Server::echo(cpu)).transpose()?;
    let mut samples = Vec::new();
    for run in 0..plan.runs {
        if let Some(server) = &echo {
            let process = Some(Process(server.pid()));
            let subject = Subject { plan, name: ECHO, process, run };
            samples.extend(workload::echo(&subject, &server.addr).map_err(|error| error.during(ECHO))?);
        }
        for target in targets.iter().filter(|_| plan.workload != Workload::Echo) {
            let process = target.pid.map(Process);
            let subject = Subject { plan, name: &target.name, process, run };
            let measured = workload::measure(&subject, target);
            samples.extend(measured.map_err(|error| error.during(target.name.as_str()))?);
        }
    }
    sample::clear_progress(plan);
    drop(servers);
    report.summarize(&samples);
    Ok(report)
}

/// Keeps the load on its processor, if it should stay there.
fn pin_load(plan: &Plan, report: &mut Report) -> Result<Option<pin::Places>, BenchError> {
    if !plan.pin {
        return Ok(None);
    }
    let Some(places) = pin::places() else {
        report.note("only one processor: servers and load share it".to_owned());
        return Ok(None);
    };
    pin::pin_to(places.load)?;
    report.note(format!("servers started here on processor {}, load on {}", places.servers, places.load));
    Ok(Some(places))
}

/// Returns the targets of the plan, with a server for each that is to be started here; one such if the plan has none.
fn start_own(plan: &Plan, cpu: Option<usize>) -> Result<(Vec<Server>, Vec<Target>), BenchError> {
    let mut targets = plan.targets.clone();
    if targets.is_empty() && plan.workload != Workload::Echo {
        targets.push(Target::own());
    }
    let mut servers = Vec::new();
    for target in &mut targets {
        if target.is_own() {
            let server = Server::lockhouse(cpu)?;
            (target.addr, target.pid) = (server.addr.clone(), Some(server.pid()));
            servers.push(server);
        }
        if let Some(pid) = target.pid.filter(|pid| !Process(*pid).is_there()) {
            return Err(BenchError::Other(format!("{}: there is no process {pid}", target.name)));
        }
    }
    Ok((servers, targets))
}

/// Returns whether the echo server has anything to say about this workload.
fn wants_echo(plan: &Plan) -> bool {
    let workload = plan.workload;
    let comparable = matches!(workload, Workload::Pairs | Workload::Shared | Workload::Null);
    workload == Workload::Echo || (plan.echo && comparable)
}
