//! The state core: clients, leases, owners, stateids, opens, share reservations, byte-range locks and who waits for
//! them (RFC 7530 §9).
//!
//! **Sans-I/O.** It never reads a clock, a socket, a file or a random number: time and identity are arguments. The same
//! calls give the same answers. It has four kinds of method:
//!
//! - *commands*, one per operation, named after it: [`Core::lock`], [`Core::close`] and so on
//! - *[`Core::on_alarm`]*, to be called at [`Core::next_alarm`]: what happens by the mere passing of time
//! - *[`Core::take_changes`]*: what must be stored before the replies of the commands since then may leave;
//!   [`Core::take_closed`]: what the files side need no longer keep; [`Core::take_rubbish`]: memory to give back
//! - *getters*
//!
//! **Invariant:** a lock stateid exists only after a grant, an open stateid only after a successful OPEN.
//! **Invariant:** identity is a value (clientid, owner octets, filehandle), never an address.

mod approach;
mod back_channel;
mod census;
mod changes;
mod client;
mod close;
mod config;
mod departing;
mod exchange_id;
mod few;
mod file;
mod free;
mod generation;
mod grace;
mod in_session;
mod io;
mod leases;
mod lock;
mod lock_owner;
mod long;
mod names;
mod open;
mod open_owner;
mod open_owners;
mod paged;
mod records;
mod revoke;
mod sequence;
mod session;
mod session_table;
mod setclientid;
mod slot;
mod states;
mod sweep;
mod unlock;
mod waiting;

#[cfg(test)]
mod tests;

pub use approach::Aim;
pub use back_channel::{CallbackAnswer, CallbackCall, CallbackId, CallbackSec};
pub use census::Census;
pub use changes::{Change, Changes, Record};
pub use client::Callback;
pub use config::{Config, Start};
pub use departing::Rubbish;
pub use exchange_id::{ClientExchanged, ExchangeId};
pub use in_session::{SequenceCommand, SequenceReply, SequenceTurn, SlotTicket};
pub use io::IoRight;
pub use lock::{Denied, LockCommand, LockReply, Locker};
pub use open::{OpenBegin, OpenCommit, OpenEffects, OpenReply, OpenTicket, OpenTurn};
pub use open_owner::Numbered;
pub use records::{Holdings, Inventory, Key, RecordKind, RestoreError, Restoring, record_as_json};
pub use revoke::Revoke;
pub use sequence::Digest;
pub use session::{ChannelAttrs, CreateSession, SessionCreated};
pub use setclientid::{SetClientid, SetClientidRefused};
pub use slot::Done;

use crate::nfs4::{ClientId, ConnectionId, Filehandle, OpaqueOwner, Stateid, StateidKind, Status, Time};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Everything that a stateid can name.
#[derive(Debug)]
enum State {
    Open(Box<open_owner::OpenState>),
    Lock(lock_owner::LockState),
    /// An open that this owner closed last.
    Closed(OpaqueOwner),
}

/// What the core does beside changing itself.
#[derive(Debug, Default)]
struct Effects {
    /// What must be stored.
    changes: Changes,
    /// Files of which waiters are marked and to be looked at.
    looks: BTreeSet<u64>,
    /// Waiters that have left their queues.
    gone: Vec<waiting::Gone>,
}

/// All state of one server instance.
#[derive(Debug)]
pub struct Core {
    config: Config,
    /// Epoch of this run.
    epoch: u32,
    /// Epoch in which the state began.
    since: u32,
    clients: client::Clients,
    lock_owners: lock_owner::LockOwners,
    files: file::FileTable,
    /// Until when only reclaims are served.
    grace_end: Option<Time>,
    /// To when reclaims can move that at most.
    grace_latest: Time,
    /// Clients that may reclaim, by `nfs_client_id4.id`.
    may_reclaim: BTreeSet<Box<[u8]>>,
    effects: Effects,
    /// When this run began.
    started: Time,
    sweep: sweep::Sweep,
    /// Makes what clients must not be able to guess.
    seed: u64,
    sessions: session_table::Sessions,
    waiting: waiting::Waiting,
    departures: departing::Departures,
    long: long::Long,
    /// Connections that are gone and to which sessions may still be bound.
    lost: VecDeque<ConnectionId>,
    /// Calls that are to be sent, or to be sent again.
    outgoing: BTreeSet<CallbackId>,
    /// Calls that were not answered yet.
    callbacks: BTreeMap<CallbackId, back_channel::Outstanding>,
    callbacks_issued: u32,
    /// Files whose data is being changed, once for each change.
    changing: Vec<Filehandle>,
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

    fn empty(config: Config, start: Start) -> Self {
        let grace_end = (!start.recorded.is_empty()).then(|| start.now.saturating_add(config.grace));
        Self {
            epoch: start.epoch,
            since: start.epoch,
            clients: client::Clients::new(start.epoch, start.seed, config.lease),
            lock_owners: lock_owner::LockOwners::default(),
            files: file::FileTable::new(generation::Generations::starting(start.epoch)),
            grace_end,
            grace_latest: start.now.saturating_add(config.grace * 2),
            may_reclaim: start.recorded,
            effects: Effects::default(),
            started: start.now,
            sweep: sweep::Sweep::at(start.now.saturating_add(config.lease)),
            seed: start.seed,
            sessions: session_table::Sessions::default(),
            waiting: waiting::Waiting::default(),
            departures: departing::Departures::default(),
            long: long::Long::default(),
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

    fn is_courtesy(&self, id: ClientId, now: Time) -> bool {
        self.clients.get(id).is_none_or(|client| client.is_courtesy(now, self.config.lease))
    }

    /// Whether a clientid is of a run whose state is there: this one, or an earlier one that this one goes on with.
    fn is_of_this_state(&self, id: ClientId) -> bool {
        (self.since..=self.epoch).contains(&id.epoch())
    }

    /// Finds what a stateid names: (client, serial of a state that exists). Whether the stateid is valid, and so renews the
    /// lease ([`Core::heard`]), is not known yet.
    ///
    /// Errors (§9.1.4): `BadStateid` for the special stateids and for what was never given out, `StaleStateid` for one
    /// of another run of the server, `Expired` when the client's state was taken, `AdminRevoked` when this was.
    fn resolve(&self, stateid: &Stateid) -> Result<(ClientId, u32), Status> {
        let (id, serial) = self.resolve_any(stateid)?;
        if self.is_revoked(id, serial) { Err(Status::AdminRevoked) } else { Ok((id, serial)) }
    }

    /// As [`Core::resolve`], but for operations that use up the seqid of an owner: what was revoked is found too.
    fn resolve_any(&self, stateid: &Stateid) -> Result<(ClientId, u32), Status> {
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
    fn heard(&mut self, now: Time, id: ClientId) {
        if let Some((client, leases)) = self.clients.with_lease(id) {
            client.renew(leases, now);
        }
    }
}

/// Checks a stateid from the wire against what it names: number of the file, current version. The file must be that.
/// A client that uses sessions may give version 0 for the current one (RFC 8881 §8.2.2).
/// Errors: `BadStateid` for another file or a version not yet given out, `OldStateid` for an earlier one (§9.1.4.2).
fn check_stateid(
    files: &file::FileTable,
    (current_file, current_seqid): (u64, u32),
    given: &Stateid,
    given_fh: &Filehandle,
) -> Result<(), Status> {
    files.checked(current_file, given_fh).ok_or(Status::BadStateid)?;
    check_version(current_seqid, given)
}

/// The part of [`check_stateid`] that does not depend on the file.
fn check_version(current_seqid: u32, given: &Stateid) -> Result<(), Status> {
    if given.seqid == 0 && given.clientid().has_sessions() {
        return Ok(());
    }
    match (current_seqid.wrapping_sub(given.seqid)) as i32 {
        0 => Ok(()),
        1.. => Err(Status::OldStateid),
        _ => Err(Status::BadStateid),
    }
}
