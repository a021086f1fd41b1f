//! NFSv4 as a [`Service`]: where COMPOUNDs, the clock and what must be stored come together.

use super::client_records::ClientRecords;
use super::service::{Caller, GarbageArgs, Service};
use crate::compound::{self, Nfs};
use crate::nfs4::Time;
use crate::xdr::encode::Encoder;
use std::sync::{Mutex, PoisonError};

/// Executes COMPOUNDs, and stores what they changed before their replies leave.
pub struct NfsService {
    nfs: Nfs,
    records: Mutex<ClientRecords>,
}

impl NfsService {
    /// Serves `nfs`, and keeps in `records` which clients may hold state.
    pub fn new(nfs: Nfs, records: ClientRecords) -> Self {
        Self { nfs, records: Mutex::new(records) }
    }

    /// The durability rule: nothing that this is called for is answered before the changes behind it are stored.
    /// When they cannot be, the server stops, for a reply would promise what a restart may break.
    fn commit(&self) {
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        let changes = self.nfs.take_changes();
        if changes.is_empty() {
            return;
        }
        if let Err(error) = records.commit(&changes) {
            tracing::error!(%error, "cannot store client records; stopping, so that no client is promised too much");
            std::process::exit(1);
        }
    }
}

impl Service for NfsService {
    fn compound(&self, caller: &Caller, args: &[u8], out: &mut Vec<u8>) -> Result<(), GarbageArgs> {
        let caller =
            compound::Caller { principal: caller.principal, cred: caller.cred.clone(), now: caller.now };
        let mut encoder = Encoder::on(std::mem::take(out));
        let result = compound::execute(&self.nfs, &caller, args, &mut encoder);
        *out = encoder.into_vec();
        self.commit();
        self.nfs.release_closed();
        result.map_err(|_| GarbageArgs)
    }

    fn is_quick(&self, args: &[u8]) -> bool {
        compound::is_quick(args)
    }

    fn is_idempotent(&self, args: &[u8]) -> bool {
        compound::is_idempotent(args)
    }

    fn next_alarm(&self) -> Option<Time> {
        Some(self.nfs.core().next_alarm())
    }

    fn on_alarm(&self, now: Time) {
        self.nfs.core().on_alarm(now);
        self.commit();
        self.nfs.release_closed();
    }
}
