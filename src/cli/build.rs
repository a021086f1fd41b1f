//! The composition root: from a configuration to what executes NFS.

use crate::compound::Nfs;
use crate::config::{Config, Source};
use crate::files::{Backend, ExportSpec, HandleKind, Namespace, Secret};
use crate::nfs4::{Time, Verifier};
use crate::server::{ClientRecords, Keeper, NfsService, Service, StateDir};
use crate::state::{self, Core, Start};
use anyhow::Context;
use std::sync::Arc;

/// Builds the service that `config` describes, with its state in `state`, for the run number `epoch`.
pub(super) fn build_service(
    config: &Config,
    state: &StateDir,
    epoch: u32,
) -> anyhow::Result<Arc<dyn Service>> {
    let secret = Secret::load_or_create(state.path()).context("cannot keep the secret of filehandles")?;
    let exports: Vec<_> =
        config.exports.iter().map(|export| export_spec(export, config.root_squash)).collect();
    let files = Namespace::new(&exports, &secret, state.path())?;
    let records = ClientRecords::open(state.path())?;
    let core = Core::new(
        state::Config {
            lease: Time::from_secs(config.lease_seconds.into()),
            grace: Time::from_secs(config.grace_seconds.into()),
            ..state::Config::default()
        },
        Start { epoch, seed: u64::from_be_bytes(random()?), recorded: records.names(), now: Time::ZERO },
    );
    let nfs = Nfs::new(Arc::new(files), core, random()?, server_owner(&secret).as_bytes());
    let keeper = Keeper::new(Box::new(crate::store::Memory::new()), records);
    Ok(Arc::new(NfsService::new(nfs, keeper)))
}

fn export_spec(export: &crate::config::Export, root_squash: bool) -> ExportSpec {
    let backend = match &export.source {
        Source::Directory(path) => Backend::Directory(path.clone()),
        Source::Memory => Backend::MEMORY,
    };
    ExportSpec { name: export.name.clone(), backend, root_squash, handles: HandleKind::Auto }
}

/// What tells this server from all others, as long as its state directory lives.
fn server_owner(secret: &Secret) -> String {
    format!("lockhouse-{:016x}", secret.fingerprint())
}

fn random() -> anyhow::Result<Verifier> {
    let mut octets = Verifier::default();
    getrandom::fill(&mut octets).context("the system gives no random octets")?;
    Ok(octets)
}
