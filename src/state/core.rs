//! The state of one server instance.

use super::callbacks::{CallbackId, Outstanding};
use super::clients::Clients;
use super::config::{Config, Start};
use super::files::queue::Waiting;
use super::files::{FileTable, Generations};
use super::locks::{Deadlocks, LockOwners};
use super::output::Effects;
use super::records::{Changes, Key};
use super::sessions::Sessions;
use super::teardown::{Departures, Long, Sweep};
use crate::nfs4::{ClientId, ConnectionId, Filehandle, Stateid, StateidKind, Status, Time};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// All state of one server instance.
#[derive(Debug)]
pub struct Core {
    pub(in crate::state) config: Config,
    /// Epoch of this run.
    pub(in crate::state) epoch: u32,
    /// Epoch in which the state began.
    pub(in crate::state) since: u32,
    pub(in crate::state) clients: Clients,
    pub(in crate::state) lock_owners: LockOwners,
    pub(in crate::state) files: FileTable,
    /// Until when only reclaims are served.
    pub(in crate::state) grace_end: Option<Time>,
    /// To when reclaims can move that at most.
    pub(in crate::state) grace_latest: Time,
    /// Clients that may reclaim, by `nfs_client_id4.id`.
    pub(in crate::state) may_reclaim: BTreeSet<Box<[u8]>>,
    pub(in crate::state) effects: Effects,
    /// When this run began.
    pub(in crate::state) started: Time,
    pub(in crate::state) sweep: Sweep,
    /// Makes what clients must not be able to guess.
    pub(in crate::state) seed: u64,
    pub(in crate::state) sessions: Sessions,
    pub(in crate::state) waiting: Waiting,
    pub(in crate::state) deadlocks: Deadlocks,
    pub(in crate::state) departures: Departures,
    pub(in crate::state) long: Long,
    /// Connections that are gone and to which sessions may still be bound.
    pub(in crate::state) lost: VecDeque<ConnectionId>,
    /// Calls that are to be sent, or to be sent again.
    pub(in crate::state) outgoing: BTreeSet<CallbackId>,
    /// Calls that were not answered yet.
    pub(in crate::state) callbacks: BTreeMap<CallbackId, Outstanding>,
    pub(in crate::state) callbacks_issued: u32,
    /// Files whose data is being changed, once for each change.
    pub(in crate::state) changing: Vec<Filehandle>,
}

impl Core {
    /// A core without state. When `start` names clients that may reclaim, it begins with a grace period.
    pub fn new(config: Config, start: Start) -> Self {
        let mut core = Self::empty(config, start);
        core.effects.changes.put_instance(core.since);
        for name in &core.may_reclaim {
            core.effects.changes.put(Key::Reclaim(name), &());
        }
        core
    }

    pub(in crate::state) fn empty(config: Config, start: Start) -> Self {
        let grace_end = (!start.recorded.is_empty()).then(|| start.now.saturating_add(config.grace));
        Self {
            epoch: start.epoch,
            since: start.epoch,
            clients: Clients::new(start.epoch, start.seed, config.lease),
            lock_owners: LockOwners::default(),
            files: FileTable::new(Generations::starting(start.epoch)),
            grace_end,
            grace_latest: start.now.saturating_add(config.grace * 2),
            may_reclaim: start.recorded,
            effects: Effects::default(),
            started: start.now,
            sweep: Sweep::at(start.now.saturating_add(config.lease)),
            seed: start.seed,
            sessions: Sessions::default(),
            waiting: Waiting::default(),
            deadlocks: Deadlocks::default(),
            departures: Departures::default(),
            long: Long::default(),
            lost: VecDeque::new(),
            outgoing: BTreeSet::new(),
            callbacks: BTreeMap::new(),
            callbacks_issued: 0,
            changing: Vec::new(),
            config,
        }
    }

    /// What must be stored before any reply made since the last call leaves: `into` is emptied and gets it.
    pub fn take_changes(&mut self, into: &mut Changes) {
        into.clear();
        std::mem::swap(into, &mut self.effects.changes);
        self.effects.changes.carry_on(into);
    }

    /// A number that grows with each change that must be stored.
    pub fn change_count(&self) -> u64 {
        self.effects.changes.count()
    }

    /// The files that were open and are no longer, since the last call: nobody can use them by right any more.
    pub fn take_closed(&mut self) -> Vec<Filehandle> {
        self.files.take_closed()
    }

    /// Whether anything is open on the file, or about to be.
    pub fn is_open(&self, fh: &Filehandle) -> bool {
        self.files.get(fh).is_some()
    }

    /// When [`Core::on_alarm`] wants to be called next.
    pub fn next_alarm(&self) -> Time {
        let waiting = self.waiting_due().into_iter();
        waiting
            .chain(self.grace_end)
            .chain(self.clients.leases.next())
            .chain(self.departures.due())
            .chain(self.long.due())
            .chain((!self.lost.is_empty()).then_some(self.started))
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
        self.depart_if_due(now);
        self.long_if_due(now);
        self.unbind_some();
        self.sweep_if_due(now);
    }

    /// Clients, by `nfs_client_id4.id`, that may reclaim and have not said that they are done.
    pub fn may_reclaim(&self) -> impl Iterator<Item = &Box<[u8]>> {
        self.may_reclaim.iter()
    }

    /// The confirmed clients.
    pub fn clients(&self) -> impl Iterator<Item = ClientId> {
        self.clients.iter().map(|client| client.id)
    }

    /// The files on which anything is open.
    pub fn open_files(&self) -> impl Iterator<Item = &Filehandle> {
        self.files.iter().filter(|file| self.is_in_use(file)).map(|file| &file.fh)
    }

    /// Length of the lease.
    pub fn lease(&self) -> Time {
        self.config.lease
    }

    /// How many clients, confirmed or not, and how many files with state there are.
    pub fn counts(&self) -> (usize, usize) {
        let files = match self.departures.is_empty() {
            true => self.files.count(),
            false => self.open_files().count(),
        };
        (self.clients.count(), files)
    }

    pub(in crate::state) fn is_courtesy(&self, id: ClientId, now: Time) -> bool {
        self.clients.get(id).is_none_or(|client| client.is_courtesy(now, self.config.lease))
    }

    /// Whether a clientid is of a run whose state is there: this one, or an earlier one that this one goes on with.
    pub(in crate::state) fn is_of_this_state(&self, id: ClientId) -> bool {
        (self.since..=self.epoch).contains(&id.epoch())
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

    /// As [`Core::resolve`], but for operations that use up the seqid of an owner: what was revoked is found too.
    pub(in crate::state) fn resolve_any(&self, stateid: &Stateid) -> Result<(ClientId, u32), Status> {
        if stateid.kind() != StateidKind::Named {
            return Err(Status::BadStateid);
        }
        let (id, serial) = (stateid.clientid(), stateid.serial());
        if !self.is_of_this_state(id) {
            return Err(Status::StaleStateid);
        }
        let client = self.clients.get(id).ok_or(Status::BadStateid)?;
        if client.expired {
            return Err(Status::Expired);
        }
        if !client.states.contains_key(&serial) && !client.revoked.contains_key(&serial) {
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
}
