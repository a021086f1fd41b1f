//! The state of one server instance.

use super::callbacks::Calls;
use super::clients::Clients;
use super::config::{Config, Start};
use super::files::queue::Waiting;
use super::files::{FileState, FileTable, Generations};
use super::instance::Instance;
use super::locks::{Deadlocks, LockOwners};
use super::output::{Effects, Output};
use super::records::Changes;
use super::recovery::Grace;
use super::sessions::Sessions;
use super::teardown::{Long, Revocations, Sweep, Teardown};
use crate::nfs4::{ClientId, Filehandle, Stateid, StateidKind, Status, Time};

/// All state of one server instance.
#[derive(Debug)]
pub struct Core {
    pub(in crate::state) config: Config,
    pub(in crate::state) instance: Instance,
    pub(in crate::state) clients: Clients,
    pub(in crate::state) lock_owners: LockOwners,
    pub(in crate::state) files: FileTable,
    pub(in crate::state) grace: Grace,
    pub(in crate::state) sessions: Sessions,
    pub(in crate::state) calls: Calls,
    pub(in crate::state) waiting: Waiting,
    pub(in crate::state) deadlocks: Deadlocks,
    pub(in crate::state) teardown: Teardown,
    pub(in crate::state) long: Long,
    pub(in crate::state) revocations: Revocations,
    pub(in crate::state) sweep: Sweep,
    pub(in crate::state) effects: Effects,
}

impl Core {
    /// Returns a core without state. When `start` names clients that may reclaim, it begins with a grace period.
    pub fn new(config: Config, start: Start) -> Self {
        let mut core = Self::empty(config, start);
        core.effects.changes.put_instance(core.instance.since());
        for name in core.grace.names() {
            core.effects.changes.put_reclaim(name);
        }
        core
    }

    pub(in crate::state) fn empty(config: Config, start: Start) -> Self {
        let Start { epoch, seed, recorded, now } = start;
        Self {
            instance: Instance::new(epoch, seed, now),
            clients: Clients::new(epoch, seed, config.lease),
            lock_owners: LockOwners::default(),
            files: FileTable::new(Generations::starting(epoch), seed),
            grace: Grace::new(now, recorded, &config),
            sessions: Sessions::default(),
            calls: Calls::default(),
            waiting: Waiting::default(),
            deadlocks: Deadlocks::default(),
            teardown: Teardown::default(),
            long: Long::default(),
            revocations: Revocations::default(),
            sweep: Sweep::at(now.saturating_add(config.lease)),
            effects: Effects::default(),
            config,
        }
    }

    /// Gives the notices that are due by `now` their slots. That changes records, so it comes before
    /// [`Core::change_count`] is compared.
    pub fn prepare_output(&mut self, now: Time) {
        let notices = self.take_callbacks(now);
        self.effects.notices.extend(notices);
    }

    /// Returns whether [`Core::take_output`] has anything to take beside the changes that [`Core::change_count`] counts.
    pub fn has_output(&self) -> bool {
        !self.effects.notices.is_empty() || self.files.has_closed()
    }

    /// Takes everything that the host must do. `into.changes` is emptied first; the rest is appended.
    pub fn take_output(&mut self, into: &mut Output) {
        self.take_changes(&mut into.changes);
        into.notices.append(&mut self.effects.notices);
        into.closed.extend(self.take_closed());
    }

    /// Takes what must be stored before any reply made since the last call leaves: `into` is emptied and gets it.
    pub fn take_changes(&mut self, into: &mut Changes) {
        into.clear();
        std::mem::swap(into, &mut self.effects.changes);
        self.effects.changes.carry_on(into);
    }

    /// Returns a number that grows with each change that must be stored.
    pub fn change_count(&self) -> u64 {
        self.effects.changes.count()
    }

    /// Returns the files that were open and are no longer, since the last call: nobody may use them any more.
    pub fn take_closed(&mut self) -> Vec<Filehandle> {
        self.files.take_closed()
    }

    /// Returns whether anything is open on the file, or about to be.
    pub fn is_open(&self, fh: &Filehandle) -> bool {
        self.files.get(fh).is_some()
    }

    /// Returns when [`Core::on_alarm`] wants to be called next.
    pub fn next_alarm(&self) -> Time {
        let is_marked = !self.effects.looks.is_empty();
        let waiting = self.waiting.due(is_marked);
        let search = self.deadlocks.due().filter(|_| !self.waiting.is_due_at_once(is_marked));
        waiting
            .into_iter()
            .chain(search)
            .chain(self.grace.end())
            .chain(self.clients.leases().next())
            .chain(self.teardown.due())
            .chain(self.long.due())
            .chain(self.revocations.due())
            .chain(self.sessions.has_lost().then_some(self.instance.started()))
            .chain([self.sweep.due()])
            .min()
            .unwrap_or_else(|| self.sweep.due())
    }

    /// Does what is due by `now`: ends the grace period, leases and turns of waiters, takes a slice of clients that are gone, of
    /// requests that take long and of the sweep, which forgets what nobody can ask for any more. Who finds that there is more to
    /// do at once calls again, and serves others in between.
    pub fn on_alarm(&mut self, now: Time) {
        self.end_grace_if_due(now);
        self.end_leases(now);
        self.waiting_alarm(now);
        self.teardown_if_due(now);
        self.long_if_due(now);
        self.revoke_if_due(now);
        self.unbind_some();
        self.sweep_if_due(now);
    }

    /// Returns the clients, by `nfs_client_id4.id`, that may reclaim and have not said that they are done.
    pub fn may_reclaim(&self) -> impl Iterator<Item = &Box<[u8]>> {
        self.grace.names()
    }

    /// Returns the confirmed clients.
    pub fn clients(&self) -> impl Iterator<Item = ClientId> {
        self.clients.iter().map(|client| client.id())
    }

    /// Returns the files on which anything is open.
    pub fn open_files(&self) -> impl Iterator<Item = &Filehandle> {
        self.files.iter().filter(|file| self.is_in_use(file)).map(FileState::fh)
    }

    /// Returns the length of the lease.
    pub fn lease(&self) -> Time {
        self.config.lease
    }

    /// Returns how many clients, confirmed or not, and how many files with state there are.
    pub fn counts(&self) -> (usize, usize) {
        let files = match self.teardown.is_empty() {
            true => self.files.count(),
            false => self.open_files().count(),
        };
        (self.clients.count(), files)
    }

    pub(in crate::state) fn is_courtesy(&self, id: ClientId, now: Time) -> bool {
        self.clients.get(id).is_none_or(|client| client.is_courtesy(now, self.config.lease))
    }

    /// Returns whether a clientid is of a run whose state is there: this one, or an earlier one that this one goes on with.
    pub(in crate::state) fn is_of_this_state(&self, id: ClientId) -> bool {
        self.instance.knows(id)
    }

    /// Finds what a stateid names: (client, serial of a state that exists). Whether the stateid is valid, and so renews the
    /// lease ([`Core::heard`]), is not known yet.
    ///
    /// Errors (§9.1.4): `BadStateid` for the special stateids and for what was never given out, `StaleStateid` for one
    /// of another run of the server, `Expired` when the client's state was taken, `AdminRevoked` when this was.
    pub(in crate::state) fn resolve(&self, stateid: &Stateid) -> Result<(ClientId, u32), Status> {
        let (id, serial) = self.resolve_any(stateid)?;
        if self.is_revoked(id, serial) { Err(Status::AdminRevoked) } else { Ok((id, serial)) }
    }

    /// Resolves as [`Core::resolve`], but for operations that use up the seqid of an owner: what was revoked is found too.
    pub(in crate::state) fn resolve_any(&self, stateid: &Stateid) -> Result<(ClientId, u32), Status> {
        if stateid.kind() != StateidKind::Named {
            return Err(Status::BadStateid);
        }
        let (id, serial) = (stateid.clientid(), stateid.serial());
        if !self.is_of_this_state(id) {
            return Err(Status::StaleStateid);
        }
        let client = self.clients.get(id).ok_or(Status::BadStateid)?;
        if client.has_expired() {
            return Err(Status::Expired);
        }
        if !client.states().contains_key(&serial) && !client.revoked().contains_key(&serial) {
            return Err(Status::BadStateid);
        }
        Ok((id, serial))
    }

    /// Renews the lease of a client that has used a valid stateid, or sent such a request again (RFC 7530 §9.5); with
    /// sessions SEQUENCE has done so already. Must come before the request acts: its own client's lease may have run out.
    pub(in crate::state) fn heard(&mut self, now: Time, id: ClientId) {
        if let Some((client, leases)) = self.clients.with_lease(id) {
            client.renew(leases, now);
        }
    }

    /// Returns the lock generation of a file: greater after each grant of an exclusive lock on it, and never smaller than it
    /// was, also over restarts.
    pub fn generation(&self, fh: &Filehandle) -> u64 {
        self.files.generation_of(fh)
    }
}
