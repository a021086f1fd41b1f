//! `lockhouse state`: what a state directory holds. Nothing is changed, and a server may be using it.

use super::args::{StateArgs, StateCommand};
use super::build::boot_id;
use super::failure::Failure;
use crate::config::Environment;
use crate::host::{Recorded, client_names};
use crate::state::{self, Inventory, Restoring, Start, record_as_json};
use crate::store::{Found, OpenError, ReadOnly, StoreError};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub(super) fn run(command: &StateCommand) -> Result<(), Failure> {
    match command {
        StateCommand::Show(args) => show(args),
        StateCommand::Check(args) => check(args),
        StateCommand::Export(args) => export(args),
    }
}

/// A state directory, opened for reading.
struct Opened {
    dir: PathBuf,
    store: ReadOnly,
}

fn open(args: &StateArgs) -> Result<Opened, Failure> {
    let default = || Environment::of_process().state_dir();
    let dir = args.dir.clone().or_else(default).ok_or_else(|| Failure {
        message: "there is no default state directory without $HOME".into(),
        help: Some("give the state directory on the command line".into()),
    })?;
    let path = dir.join("store");
    let boot_id = boot_id(args.boot_id.as_deref())?;
    let store = ReadOnly::open(&path, &boot_id).map_err(|error| cannot_open(&dir, &path, &error))?;
    Ok(Opened { dir, store })
}

fn cannot_open(dir: &Path, path: &Path, error: &OpenError) -> Failure {
    let (message, help) = match error {
        OpenError::Io { source, .. } if source.kind() == io::ErrorKind::NotFound => (
            format!("{} holds no state", dir.display()),
            "give the directory that the server uses (its --state option)",
        ),
        OpenError::Newer { .. } => {
            (format!("{}: {error}", path.display()), "use the newer version of lockhouse")
        }
        OpenError::Damaged { .. } => (
            format!("{}: {error}", path.display()),
            "at its next start the server sets it aside, and clients have to reclaim what they hold",
        ),
        _ => (error.to_string(), "only the owner of the state directory may read it"),
    };
    Failure { message, help: Some(help.into()) }
}

impl Opened {
    /// Shows each record of state to `visit`, until it fails. The others are only looked at.
    fn scan(&self, mut visit: impl FnMut(&[u8], &[u8]) -> Result<(), Failure>) -> Result<(), Failure> {
        let (mut failed, mut recorded) = (None, Recorded::default());
        let mut take = |key: &[u8], value: &[u8]| match recorded.take(key, value) {
            Ok(true) => Ok(()),
            Ok(false) => visit(key, value),
            Err(why) => Err(Failure::new(format!("{}: {why}", self.dir.display()))),
        };
        let scanned = self.store.scan(&mut |key, value| match take(key, value) {
            Ok(()) => ControlFlow::Continue(()),
            Err(failure) => {
                failed = Some(failure);
                ControlFlow::Break(())
            }
        });
        scanned.map_err(|error: StoreError| Failure::new(error.to_string()))?;
        failed.map_or(Ok(()), Err)
    }

    fn wrong(&self, error: &state::RestoreError) -> Failure {
        Failure::new(format!("{}: {error}", self.dir.display()))
    }
}

fn show(args: &StateArgs) -> Result<(), Failure> {
    let opened = open(args)?;
    let mut inventory = Inventory::default();
    opened.scan(|key, value| inventory.record(key, value).map_err(|error| opened.wrong(&error)))?;
    let names = client_names(&opened.dir).map_err(|error| Failure::new(error.to_string()))?;
    let mut text = String::new();
    describe(&mut text, &opened, &inventory, names.len())
        .map_err(|_| Failure::new("cannot describe the state".into()))?;
    print(&text)
}

fn describe(text: &mut String, opened: &Opened, inventory: &Inventory, recorded: usize) -> std::fmt::Result {
    writeln!(text, "state        {}", opened.dir.display())?;
    writeln!(text, "next start   {}", next_start(&opened.store.found(), recorded))?;
    writeln!(text, "commits      {}", opened.store.commits())?;
    writeln!(text, "records      {}", inventory.records)?;
    writeln!(text, "files        {}", inventory.files)?;
    writeln!(text, "may reclaim after a reboot: {recorded} clients")?;
    if !inventory.may_reclaim.is_empty() {
        writeln!(text, "have not reclaimed yet:     {}", inventory.may_reclaim.join(", "))?;
    }
    writeln!(text, "not confirmed yet:          {} clients", inventory.unconfirmed)?;
    if !inventory.clients.is_empty() {
        writeln!(
            text,
            "\n{:16} {:>8} {:>8} {:>8} {:>8} {:>8}  client",
            "clientid", "sessions", "opens", "locks", "stateids", "waiting"
        )?;
    }
    for (id, client) in &inventory.clients {
        let state::Holdings { name, expired, sessions, opens, locks, ranges, waiters } = client;
        let expired = if *expired { " (expired)" } else { "" };
        writeln!(
            text,
            "{:016x} {sessions:8} {opens:8} {ranges:8} {locks:8} {waiters:8}  {name}{expired}",
            id.0
        )?;
    }
    Ok(())
}

fn next_start(found: &Found, recorded: usize) -> &'static str {
    match found {
        Found::New => "first: there is no state",
        Found::Records { clean: true, .. } => "warm: it was closed cleanly",
        Found::Records { complete: true, .. } => "warm: the machine has not been rebooted",
        Found::Records { .. } if recorded == 0 => "cold: no client has anything to reclaim",
        Found::Records { .. } => "cold: clients have to reclaim",
    }
}

fn check(args: &StateArgs) -> Result<(), Failure> {
    let opened = open(args)?;
    let start = Start { epoch: u32::MAX, seed: 0, recorded: BTreeSet::new(), now: Duration::ZERO };
    let mut restoring = Restoring::new(state::Config::default(), start);
    let mut records = 0;
    opened.scan(|key, value| {
        records += 1;
        restoring.record(key, value).map_err(|error| opened.wrong(&error))
    })?;
    let core = restoring.finish().map_err(|error| opened.wrong(&error))?;
    let names = client_names(&opened.dir).map_err(|error| Failure::new(error.to_string()))?;
    let (clients, files) = core.counts();
    print(&format!(
        "intact: {records} records of {clients} clients and {files} files; {} clients recorded for a reboot\n",
        names.len()
    ))
}

fn export(args: &StateArgs) -> Result<(), Failure> {
    let opened = open(args)?;
    let mut out = BufWriter::new(io::stdout().lock());
    let cannot_write = |error: io::Error| Failure::new(format!("cannot write: {error}"));
    opened.scan(|key, value| {
        let json = record_as_json(key, value).map_err(|error| opened.wrong(&error))?;
        writeln!(out, "{json}").map_err(cannot_write)
    })?;
    out.flush().map_err(cannot_write)
}

fn print(text: &str) -> Result<(), Failure> {
    let written = io::stdout().write_all(text.as_bytes());
    written.map_err(|error| Failure::new(format!("cannot write: {error}")))
}
