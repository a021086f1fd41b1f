//! The server is killed and started again, with all that it has stored.
//!
//! Nothing is lost but what no reply has told of: an OPEN in progress. No time is known any more, so leases, and all else
//! that is counted from a last use, start again. What has a name keeps it; new clientids are of the new epoch.

use super::op::EPOCH;
use super::{Command, LEASE, Model, Reply, Run, config};
use lockhouse::nfs4::{ClientId, Status};

impl Model {
    /// Whether a clientid may have been given out.
    pub(super) fn is_of_us(&self, id: ClientId) -> bool {
        (EPOCH..=self.epoch()).contains(&id.epoch())
    }

    pub(super) fn epoch(&self) -> u32 {
        EPOCH + self.restarts
    }

    fn restart(&mut self) {
        let now = self.now;
        self.restarts += 1;
        self.clients.iter_mut().for_each(|client| client.renewed = now);
        self.pending.iter_mut().for_each(|pending| pending.since = now);
        // Nobody was told of an owner that has no reply.
        self.open_owners.retain(|owner| owner.last.is_some());
        self.open_owners.iter_mut().for_each(|owner| owner.last_used = now);
        self.lock_owners.iter_mut().for_each(|owner| owner.last_used = now);
        self.waits.iter_mut().for_each(|wait| wait.polled = now);
    }

    /// The first part of an OPEN, which makes room for it; the second never comes.
    fn open_begun(&mut self, command: &Command, begun: &Result<(), Reply>) {
        let want = self.open_turn(command).and_then(|()| {
            let Command::Open { file, access, deny, .. } = *command else { unreachable!() };
            let conflicts = self.share_conflicts(file, access, deny);
            let denied = self.take_courtesy(&conflicts, begun.is_ok());
            if denied { Err(Reply::Failed(Status::ShareDenied)) } else { Ok(()) }
        });
        assert_eq!(*begun, want, "{command:?}");
    }
}

impl Run {
    /// Kills the server, in the middle of this OPEN if there is one, and starts it again.
    pub(super) fn restart(&mut self, in_progress: Option<&Command>) {
        let now = self.now();
        self.kept.take(&mut self.core);
        self.kept.check(&self.core);
        let mut what = if self.core.census().in_teardown > 0 { "TEARDOWN" } else { "IDLE" };
        if let Some(open) = in_progress {
            let begun = open.begin(&mut self.core, now);
            self.model.taken = self.forgotten();
            self.model.open_begun(open, &begun);
            what = begun.map_or(what, |()| "OPENING");
        }
        *self.seen.entry(("a restart", what)).or_default() += 1;
        self.model.restart();
        self.core = self.kept.restore(config(), self.model.epoch(), now);
        self.next_sweep = self.model.now + LEASE;
    }
}
