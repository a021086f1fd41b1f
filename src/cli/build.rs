//! The composition root: from a configuration to what executes NFS.

use super::failure::Failure;
use crate::clock::Clock;
use crate::compound::Nfs;
use crate::config::{Config, Source};
use crate::files::{Backend, Dependency, ExportSpec, HandleKind, Namespace, Secret};
use crate::host::{Committer, NfsService, Restart, Restarted, StateDir, epoch_of_clock};
use crate::nfs4::{Time, Verifier};
use crate::rpc::Service;
use crate::state::{self, Core, Start};
use crate::store::{Delay, Delayed, Memory};
use anyhow::Context;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// Builds the service that `config` describes, with its state in `state` if it keeps any. With `delay`, for tests, commits
/// take a while.
pub(super) fn build_service(
    config: &Config,
    state: Option<&StateDir>,
    delay: Option<Delay>,
) -> Result<Arc<dyn Service>, Failure> {
    let secret = state.map_or_else(Secret::ephemeral, |state| Secret::load_or_create(state.path()));
    let secret = secret.context("cannot store the secret that authenticates filehandles")?;
    let exports: Vec<_> = config.exports.iter().map(|export| export_spec(export, config)).collect();
    let kept_in = state.map_or(Path::new(""), StateDir::path);
    let files = Namespace::new(&exports, &secret, kept_in).map_err(anyhow::Error::from)?;
    let (core, mut committer) = build_core(config, state, &files.dependencies(&secret))?;
    committer.depend_on(files.growing());
    if let Some(delay) = delay {
        committer = committer.wrap_store(|store| Box::new(Delayed::new(store, delay)));
    }
    let open = core.open_files().cloned().collect::<Vec<_>>();
    let nfs = Nfs::new(Arc::new(files), core, random()?, server_owner(&secret).as_bytes());
    // As before the restart, what is open stays usable when its last name goes.
    open.iter().for_each(|fh| nfs.hold(fh));
    Ok(Arc::new(NfsService::new(nfs, committer, Clock::start())))
}

/// Returns the state as it was, or as much of it as there is to have.
fn build_core(
    config: &Config,
    state: Option<&StateDir>,
    dependencies: &[Dependency],
) -> Result<(Core, Committer), Failure> {
    let periods = state::Config {
        lease: Time::from_secs(config.lease_seconds.into()),
        grace: Time::from_secs(config.grace_seconds.into()),
        ..state::Config::default()
    };
    let periods = match config.deadlock_detection {
        true => periods,
        false => state::Config { deadlock: None, ..periods },
    };
    let (seed, now) = (u64::from_be_bytes(random()?), Time::ZERO);
    let Some(state) = state.filter(|_| !config.ephemeral) else {
        let epoch = match state {
            Some(state) => {
                refuse_state(state.path())?;
                state.next_epoch(None)?
            }
            None => epoch_of_clock(),
        };
        let start = Start { epoch, seed, recorded: BTreeSet::new(), now };
        return Ok((Core::new(periods, start), Committer::new(Box::new(Memory::new()), None)));
    };
    let boot_id = boot_id(config.boot_id.as_deref())?;
    let restart = Restart {
        state_dir: state.path(),
        boot_id: &boot_id,
        config: periods,
        seed,
        now,
        dependencies,
        epoch: &|known| state.next_epoch(known),
    };
    let Restarted { core, committer, .. } =
        restart.run().map_err(|error| Failure { message: error.to_string(), help: error.help() })?;
    Ok((core, committer))
}

/// Refuses to run over the state of an earlier server when none is to be kept: the next server would take it for the
/// latest.
pub(super) fn refuse_state(state_dir: &Path) -> Result<(), Failure> {
    let store = state_dir.join("store");
    if !store.exists() {
        return Ok(());
    }
    Err(Failure {
        message: format!(
            "{} holds the state of clients, which an --ephemeral server would lose",
            store.display()
        ),
        help: Some(
            "use another directory (--state DIR), or remove the store: clients then lose what they hold"
                .into(),
        ),
    })
}

/// Returns what tells this boot of the machine from others.
pub(super) fn boot_id(given: Option<&str>) -> Result<String, Failure> {
    const PATH: &str = "/proc/sys/kernel/random/boot_id";
    if let Some(id) = given {
        return Ok(id.to_owned());
    }
    let text = std::fs::read_to_string(PATH).map_err(|error| Failure {
        message: format!("cannot identify this boot of the machine: {PATH}: {error}"),
        help: Some("give an identifier with --boot-id, a different one after each boot".into()),
    })?;
    Ok(text.trim().to_owned())
}

fn export_spec(export: &crate::config::Export, config: &Config) -> ExportSpec {
    let backend = match &export.source {
        Source::Directory(path) => Backend::Directory(path.clone()),
        Source::Memory => Backend::MEMORY,
    };
    ExportSpec {
        name: export.name.clone(),
        backend,
        root_squash: config.root_squash,
        handles: HandleKind::Auto,
        names: export.names,
    }
}

/// Returns what tells this server from all others, as long as its state directory lives.
fn server_owner(secret: &Secret) -> String {
    format!("lockhouse-{:016x}", secret.fingerprint())
}

fn random() -> anyhow::Result<Verifier> {
    let mut bytes = Verifier::default();
    getrandom::fill(&mut bytes).context("cannot get random bytes from the system")?;
    Ok(bytes)
}
