//! Runs the cases of one kernel on one pair of guests.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, Once};
use std::time::Instant;

use anyhow::{Context, anyhow};

use super::report::Report;
use crate::cases::Case;
use crate::host::image::Image;
use crate::host::kernel::Kernel;
use crate::host::pair::Pair;
use crate::host::server::Server;
use crate::host::stage::Stage;

/// Kernels that are tested: Debian's stable one of the machine and the newest long-term one it packages.
pub const SERIES: &[&str] = &["6.12", "6.1"];

/// A pair that has died is started again so often before its remaining cases fail.
const BOOTS_MAX: u32 = 4;

/// A case with the kernel and version it is to run with.
pub struct Planned {
    /// Its full name, as `linux_6_12::v4_0::fcntl::split`.
    pub name: String,
    version: &'static str,
    case: &'static Case,
}

/// A pair of guests and the cases it takes, one after the other.
pub struct Lane {
    /// The kernel.
    pub series: &'static str,
    /// What tells its guests from those of the kernel's other lanes.
    pub suffix: &'static str,
    /// The cases that nobody has taken yet; lanes may have them in common.
    pub queue: Arc<Mutex<VecDeque<Planned>>>,
}

impl Lane {
    fn next(&self) -> Option<Planned> {
        self.queue.lock().expect("no panic while held").pop_front()
    }
}

impl Planned {
    /// Names a case.
    pub fn new(series: &str, version: &'static str, case: &'static Case) -> Self {
        let name = format!("{}::v{}::{}", label(series), version.replace('.', "_"), case.name);
        Self { name, version, case }
    }

    /// Whether the case has a server for itself.
    pub fn is_alone(&self) -> bool {
        self.case.times.is_some()
    }
}

/// What all kernels share.
pub struct Shared {
    /// The program of the guests.
    pub init: Vec<u8>,
    /// Kernels by series, or why there is none.
    pub kernels: BTreeMap<&'static str, anyhow::Result<Kernel>>,
    /// The server under test.
    pub server: Server,
    /// Where consoles go.
    pub logs: PathBuf,
}

/// Gets all kernels.
pub fn obtain_all(cache: &Path) -> BTreeMap<&'static str, anyhow::Result<Kernel>> {
    SERIES.iter().map(|series| (*series, Kernel::obtain(series, cache))).collect()
}

fn label(series: &str) -> String {
    format!("linux_{}", series.replace('.', "_"))
}

/// Runs the cases that `lane` takes and reports each verdict.
pub fn run(lane: &Lane, shared: &Shared, report: &Report) {
    keep_panic_messages();
    let image = match image(lane.series, shared) {
        Ok(image) => image,
        Err(trouble) => {
            let rest: Vec<_> = std::iter::from_fn(|| lane.next()).collect();
            return report.fail_all(rest.iter(), &format!("{trouble:#}"));
        }
    };
    let mut runner = Runner { lane, shared, image, pair: None, boots: 0, run: run_name() };
    while let Some(case) = lane.next() {
        let begun = Instant::now();
        let outcome = runner.run(&case);
        report.verdict(&case.name, begun.elapsed(), outcome.map_err(|trouble| format!("{trouble:#}")));
    }
}

fn image(series: &str, shared: &Shared) -> anyhow::Result<Image> {
    match shared.kernels.get(series).context("no such kernel")? {
        Ok(kernel) => Image::pack(kernel, &shared.init),
        Err(trouble) => Err(anyhow!("kernel {series}: {trouble:#}")),
    }
}

/// The directory of this run in the export, which may have been used before.
fn run_name() -> String {
    let time = std::time::UNIX_EPOCH.elapsed().unwrap_or_default().as_millis();
    format!("run-{}-{time}", std::process::id())
}

struct Runner<'a> {
    lane: &'a Lane,
    shared: &'a Shared,
    image: Image,
    pair: Option<Pair>,
    boots: u32,
    run: String,
}

impl Runner<'_> {
    /// Runs one case: it must return, the kernels must not complain, the machines and the server must live.
    fn run(&mut self, planned: &Planned) -> anyhow::Result<()> {
        self.shared.server.verdict().map_err(anyhow::Error::msg)?;
        self.boot()?;
        let alone = self.server_of(planned).context("the server does not start")?;
        let server = alone.as_ref().unwrap_or(&self.shared.server);
        let pair = self.pair.as_mut().context("no guests")?;
        let mut visited = None;
        let verdict = guarded(|| {
            let mount = match &alone {
                Some(server) => visited.insert(pair.visit(server, planned.version)).clone(),
                None => pair.mount(server, planned.version),
            };
            let place = format!("{}-v{}", label(self.lane.series), planned.version);
            let names = [self.run.as_str(), &place, &planned.case.name.replace("::", "-")];
            let stage = Stage::set(pair, server, &planned.name, planned.version, &mount, &names);
            (planned.case.run)(&stage);
        });
        let ended = server.verdict();
        let workers = match &visited {
            Some(target) if ended.is_ok() => pair.leave(server, target),
            _ => pair.end_workers(),
        };
        ended.map_err(|trouble| anyhow!("{trouble}\n{verdict:?}"))?;
        self.conclude(server, verdict, workers)
    }

    /// The server that the case has for itself, if it needs one.
    fn server_of(&self, planned: &Planned) -> anyhow::Result<Option<Server>> {
        let start = |times| {
            let name = format!("server-{}{}.log", label(self.lane.series), self.lane.suffix);
            Server::start(self.shared.logs.join(name), Some(times))
        };
        planned.case.times.map(start).transpose()
    }

    fn conclude(
        &mut self,
        server: &Server,
        verdict: Result<(), String>,
        workers: anyhow::Result<Vec<String>>,
    ) -> anyhow::Result<()> {
        match (verdict, workers) {
            (Ok(()), Ok(complaints)) if complaints.is_empty() => Ok(()),
            (Ok(()), Ok(complaints)) => Err(anyhow!("kernel log:\n{}", complaints.join("\n"))),
            (Err(why), Ok(complaints)) if complaints.is_empty() => Err(anyhow!(why)),
            (Err(why), Ok(complaints)) => Err(anyhow!("{why}\nkernel log:\n{}", complaints.join("\n"))),
            (verdict, Err(trouble)) => Err(self.give_up(server, verdict, &trouble)),
        }
    }

    fn boot(&mut self) -> anyhow::Result<()> {
        if self.pair.is_none() {
            self.boots += 1;
            if self.boots > BOOTS_MAX {
                return Err(anyhow!("the guests have died too often"));
            }
            let label = format!("{}{}", label(self.lane.series), self.lane.suffix);
            self.pair = Some(Pair::boot(&self.image, &label, &self.shared.logs)?);
        }
        Ok(())
    }

    /// The guests can no longer be trusted; the next case gets new ones.
    fn give_up(
        &mut self,
        server: &Server,
        verdict: Result<(), String>,
        trouble: &anyhow::Error,
    ) -> anyhow::Error {
        let consoles = self.pair.take().map(|pair| {
            let part = |guest: &crate::host::guest::Guest| {
                let state = if guest.is_running() { "running" } else { "ended" };
                format!("console of {} ({state}):\n{}", guest.name, guest.console_tail())
            };
            format!("{}\n{}", part(&pair.a), part(&pair.b))
        });
        let (verdict, log) = (verdict.err().unwrap_or_default(), server.log_tail());
        anyhow!(
            "{verdict}\nthe workers of the guests do not end: {trouble:#}\n{}\nserver:\n{log}",
            consoles.unwrap_or_default()
        )
    }
}

thread_local! {
    static PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Panics are verdicts here: their messages belong into the report.
fn keep_panic_messages() {
    static SET: Once = Once::new();
    SET.call_once(|| {
        std::panic::set_hook(Box::new(|info| PANIC.with_borrow_mut(|message| *message = info.to_string())));
    });
}

fn guarded(case: impl FnOnce()) -> Result<(), String> {
    catch_unwind(AssertUnwindSafe(case)).map_err(|_| PANIC.take())
}
