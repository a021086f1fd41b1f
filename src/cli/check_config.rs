//! `lockhouse check-config`.

use super::args::CheckConfigArgs;
use super::build::refuse_state;
use super::failure::Failure;
use super::serve::cannot_listen;
use crate::config::{Config, ConfigError, Environment, Settings, Source};
use crate::host::{StateDir, StateDirError};
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::net::TcpListener;

/// Reads the file as `serve` would, looks whether what it needs is there, and shows every setting; or says all that is wrong.
pub(super) fn run(args: &CheckConfigArgs) -> Result<(), Failure> {
    let (settings, mistakes) = Settings::from_file(&args.file);
    let mistaken = !mistakes.is_empty();
    let mut failures: Vec<Failure> = mistakes.into_iter().map(Failure::from).collect();
    let in_file = |failure: Failure| Failure {
        message: format!("{}: {}", args.file.display(), failure.message),
        ..failure
    };
    let (listens, stateful) = (settings.listen.is_some(), settings.state.is_some());
    match settings.into_config(&Environment::of_process()) {
        Ok(config) => {
            failures.extend(config.check_directories().into_iter().map(|error| in_file(error.into())));
            // A default may stand for what was said wrongly.
            let found = look_around(&config, !mistaken || listens, !mistaken || stateful);
            failures.extend(found.failures.into_iter().map(in_file));
            match Failure::all(failures) {
                None => print(&config, &found.notes),
                Some(failure) => Err(failure),
            }
        }
        // What was said wrongly counts as not said.
        Err(ConfigError::NothingToServe) if mistaken => Failure::all(failures).map_or(Ok(()), Err),
        Err(error) => {
            failures.push(in_file(error.into()));
            Failure::all(failures).map_or(Ok(()), Err)
        }
    }
}

/// What the machine says to a configuration.
#[derive(Default)]
struct Found {
    failures: Vec<Failure>,
    notes: Vec<String>,
}

/// Looks whether the state directory can be used and the address is free. A running server of this configuration is no mistake.
fn look_around(config: &Config, address: bool, state: bool) -> Found {
    let mut found = Found::default();
    let mut running = false;
    if let Some(path) = config.state_dir.as_deref().filter(|_| state) {
        match StateDir::check(path) {
            Ok(()) if config.ephemeral => found.failures.extend(refuse_state(path).err()),
            Ok(()) => {}
            Err(error @ StateDirError::InUse { .. }) => {
                running = true;
                found.notes.push(error.to_string());
            }
            Err(error) => found.failures.push(error.into()),
        }
    }
    if address && let Err(error) = TcpListener::bind(config.listen) {
        match error.kind() {
            io::ErrorKind::AddrInUse if running => {
                found.notes.push(format!("{} is in use, perhaps by a running server", config.listen));
            }
            _ => found.failures.push(cannot_listen(config.listen, &error)),
        }
    }
    found
}

fn print(config: &Config, notes: &[String]) -> Result<(), Failure> {
    let mut text = show(config).map_err(|error| Failure::new(error.to_string()))?;
    config.warnings.iter().for_each(|warning| text += &format!("warning: {warning}\n"));
    notes.iter().for_each(|note| text += &format!("note: {note}\n"));
    io::stdout().write_all(text.as_bytes()).map_err(|error| Failure::new(format!("cannot write: {error}")))
}

fn show(config: &Config) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    for export in &config.exports {
        match &export.source {
            Source::Directory(path) => write!(text, "export      /{} from {}", export.name, path.display())?,
            Source::Memory => write!(text, "export      /{} from memory", export.name)?,
        }
        writeln!(text, ", names {}", export.names)?;
    }
    writeln!(text, "listen      {}", config.listen)?;
    writeln!(text, "root squash {}", if config.root_squash { "yes" } else { "no" })?;
    match &config.state_dir {
        Some(path) => writeln!(text, "state       {}", path.display())?,
        None => writeln!(text, "state       none")?,
    }
    writeln!(text, "lease time  {} s", config.lease_seconds)?;
    writeln!(text, "grace time  {} s", config.grace_seconds)?;
    writeln!(text, "deadlocks   {}", if config.deadlock_detection { "detected" } else { "not detected" })?;
    writeln!(text, "ephemeral   {}", if config.ephemeral { "yes" } else { "no" })?;
    if let Some(id) = &config.boot_id {
        writeln!(text, "boot id     {id}")?;
    }
    writeln!(text, "log         {}", config.log)?;
    Ok(text)
}
