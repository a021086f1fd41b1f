//! The composition root: from a configuration to what executes NFS.

use crate::config::Config;
use crate::nfs4::Time;
use crate::server::{Caller, GarbageArgs, Service, StateDir};
use std::sync::Arc;

/// Builds the service that `config` describes, in the boot epoch `epoch`, with what must outlive it in `state`.
pub(super) fn build_service(
    _config: &Config,
    _state: &StateDir,
    _epoch: u32,
) -> anyhow::Result<Arc<dyn Service>> {
    Ok(Arc::new(NullOnly))
}

/// PLACEHOLDER until the rooms behind COMPOUND are joined: a server that has the procedure NULL only.
struct NullOnly;

impl Service for NullOnly {
    fn compound(&self, _: &Caller, _: &[u8], _: &mut Vec<u8>) -> Result<(), GarbageArgs> {
        Err(GarbageArgs)
    }

    fn is_quick(&self, _: &[u8]) -> bool {
        true
    }

    fn is_idempotent(&self, _: &[u8]) -> bool {
        true
    }

    fn next_alarm(&self) -> Option<Time> {
        None
    }

    fn on_alarm(&self, _: Time) {}
}
