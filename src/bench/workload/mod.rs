//! The workloads: each sets up, measures, and goes, and gives a sample for each thing it measured.

mod bulk;
mod contend;
mod growth;
mod handover;
mod pairs;
mod state;

use super::echo::{EchoScript, Sizes};
use super::engine::{Engine, Script, Timing};
use super::error::BenchError;
use super::load_client::LoadClient;
use super::locker::LockTemplates;
use super::plan::Workload;
use super::sample::{Sample, Subject};
use super::tally::Tally;
use super::target::Target;
use crate::client::{Connection, Credential, Pipeline, Template};
use crate::nfs4::Filehandle;

/// Bytes of a filehandle of a Lockhouse, which the echo server's messages stand for.
const FILEHANDLE_BYTES: usize = 28;
/// Bytes of a reply's mark and RPC header, and of a COMPOUND's status, empty tag and count.
const REPLY_HEAD: usize = 4 + 24;
const COMPOUND_HEAD: usize = 12;
/// Bytes of the results of SEQUENCE, of PUTFH, and of LOCK or LOCKU.
const SEQUENCE_BYTES: usize = 44;
const PUTFH_BYTES: usize = 8;
const LOCK_BYTES: usize = 24;

/// Measures a target.
pub fn measure(subject: &Subject<'_>, target: &Target) -> Result<Vec<Sample>, BenchError> {
    match subject.plan.workload {
        Workload::Null => null(subject, target),
        Workload::Pairs | Workload::Shared => pairs::measure(subject, target),
        Workload::Growth => growth::growth(subject, target),
        Workload::Readers => growth::readers(subject, target),
        Workload::Contend => contend::measure(subject, target),
        Workload::Handover => handover::measure(subject, target),
        Workload::State => state::measure(subject, target),
        // There is no server but the echo.
        Workload::Echo => Ok(Vec::new()),
    }
}

/// Measures the echo server with messages of the same sizes.
pub fn echo(subject: &Subject<'_>, addr: &str) -> Result<Vec<Sample>, BenchError> {
    let plan = subject.plan;
    let sizes = match plan.workload {
        Workload::Null => vec![Sizes { call: Template::null(&Credential::None).bytes(), reply: REPLY_HEAD }],
        _ => lock_sizes(plan.minor)?,
    };
    let pipelines = plain_lines(addr, plan.connections)?;
    let mut engine = Engine::new(pipelines, plan.depth)?;
    let mut script = EchoScript::new(sizes, plan.lanes());
    Ok(vec![subject.measure(&mut engine, &mut script, "", "call")?])
}

/// Returns the sizes of LOCK and LOCKU by a lock owner that is known.
fn lock_sizes(minor: u32) -> Result<Vec<Sizes>, BenchError> {
    let file = Filehandle::new(&[0; FILEHANDLE_BYTES]).expect("a length that filehandles have");
    let templates = LockTemplates::new(minor, &Credential::sys(0, 0), &file)?;
    let sequence = if minor > 0 { SEQUENCE_BYTES } else { 0 };
    let reply = REPLY_HEAD + COMPOUND_HEAD + sequence + PUTFH_BYTES + LOCK_BYTES;
    let size = |template: &Template| Sizes { call: template.bytes(), reply };
    Ok(vec![size(&templates.lock), size(&templates.unlock)])
}

/// Connections without a client behind them.
fn plain_lines(addr: &str, connections: usize) -> Result<Vec<Pipeline>, BenchError> {
    (0..connections).map(|_| Ok(Pipeline::on(Connection::connect(addr)?)?)).collect()
}

fn null(subject: &Subject<'_>, target: &Target) -> Result<Vec<Sample>, BenchError> {
    let plan = subject.plan;
    let mut engine = Engine::new(plain_lines(&target.addr, plan.connections)?, plan.depth)?;
    let mut script = NullScript(Template::null(&Credential::None));
    Ok(vec![subject.measure(&mut engine, &mut script, "", "call")?])
}

/// NULL on every lane.
struct NullScript(Template);

impl Script for NullScript {
    fn call(&mut self, _lane: usize, xid: u32, out: &mut Pipeline) -> bool {
        out.call(&self.0, xid, None);
        true
    }

    fn reply(&mut self, _lane: usize, record: &[u8], timing: Timing, tally: &mut Tally) {
        tally.calls += 1;
        match self.0.answer(record) {
            Ok(_) => tally.unit(timing.nanos()),
            Err(fault) => tally.error(fault.name()),
        }
    }
}

/// Makes a client, lets `measure` work with it, and cleans up after it in any case.
fn with_client<T>(
    subject: &Subject<'_>,
    target: &Target,
    measure: impl FnOnce(&mut LoadClient) -> Result<T, BenchError>,
) -> Result<T, BenchError> {
    subject.say("sets up");
    let mut client = LoadClient::establish(target, subject.plan.minor)?;
    let measured = measure(&mut client);
    let left = client.leave().map_err(|error| error.during("cleaning up"));
    let measured = measured?;
    left.map(|()| measured)
}
