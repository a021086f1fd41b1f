//! OPEN (RFC 7530 §9.8 to §9.11, §16.16).
//!
//! OPEN touches files between its first and last step, so it takes two commands: [`Core::open_begin`] judges the
//! owner's seqid and hands out a ticket, [`Core::open_commit`] or [`Core::open_fail`] takes it back. While a ticket is
//! out, its owner is busy, unless the client uses sessions. What must not be opened by others while files are touched is held by [`Core::open_reserve`].

use super::open_owner::{OpenOwnerState, OwnersTurn};
use super::open_state::OpenState;
use super::owner_seqid::{Digest, LastReply};
use super::reply::{OpenEffects, OpenReply};
use crate::nfs4::{
    ClientId, Filehandle, OpaqueOwner, OpenOwner, Principal, ShareAccess, ShareDeny, Stateid, Status, Time,
};
use crate::state::clients::Client;
use crate::state::core::Core;
use crate::state::records::Before;
use crate::state::teardown::IN_THE_WAY_MAX;

/// Who sends OPEN, and in which turn.
#[derive(Clone, Copy, Debug)]
pub struct OpenBegin<'a> {
    /// The client.
    pub clientid: ClientId,
    /// Its name for the opener.
    pub owner: &'a [u8],
    /// The owner's seqid.
    pub seqid: u32,
    /// Digest of the arguments.
    pub request: Digest,
    /// Whether it is `CLAIM_PREVIOUS`.
    pub reclaim: bool,
}

/// What to do with an OPEN.
#[derive(Debug)]
pub enum OpenTurn {
    /// It is a retransmission: answer this again.
    Replay(Result<Box<OpenReply>, Status>),
    /// Go on, and give the ticket back.
    Go(OpenTicket),
}

/// Says how an OPEN that comes from a client with a lease is to be started.
#[derive(Debug)]
enum OpenStart {
    /// It is not carried out: it was answered so before.
    Replay(Result<Box<OpenReply>, Status>),
    /// As the next request of its owner.
    Next,
    /// As the first one of a new owner, after what is known of its owner has been dropped.
    Fresh,
}

/// Most courtesy clients whose state one request takes away each time that it looks for them, some 5 µs each.
const COURTESY_AT_ONCE: usize = 16;
/// How often it looks: all courtesy clients each time, 1,000 of which take 0.3 ms where they all have the file open.
pub(in crate::state) const COURTESY_LOOKS: usize = 2;

/// The right, and the duty, to finish one OPEN.
#[derive(Debug)]
#[must_use]
pub struct OpenTicket {
    owner: OpenOwner,
    seqid: u32,
    request: Digest,
    reclaim: bool,
    reserved: Option<(Filehandle, ShareAccess, ShareDeny)>,
}

/// What is opened, and what the files side did on the way; that part is only kept for replays.
#[derive(Clone, Debug)]
pub struct OpenCommit {
    /// The file.
    pub fh: Filehandle,
    /// What the open may do.
    pub access: ShareAccess,
    /// What it denies to others.
    pub deny: ShareDeny,
    /// Who opens.
    pub principal: Principal,
    /// Effects on the directory and on attributes.
    pub effects: OpenEffects,
}

impl Core {
    /// Takes the first step of OPEN: whose turn it is.
    ///
    /// Errors that are final: `StaleClientid`, `Expired`, `BadSeqid`, `Resource` (the owner is busy with another OPEN,
    /// or the client has too many states), `Grace`, `NoGrace`, `ReclaimBad`.
    pub fn open_begin(&mut self, now: Time, begin: OpenBegin<'_>) -> Result<OpenTurn, Status> {
        let states_max = self.config.states_per_client_max;
        let client = self.clients.find_and_renew(begin.clientid, now)?;
        match judge(client, states_max, &begin)? {
            OpenStart::Replay(reply) => return Ok(OpenTurn::Replay(reply)),
            OpenStart::Fresh => self.drop_open_owner(now, begin.clientid, begin.owner),
            OpenStart::Next => {}
        }
        let ticket = self.open_ticket(&begin)?;
        match self.grace_allows(now, begin.clientid, begin.reclaim) {
            Ok(()) => Ok(OpenTurn::Go(ticket)),
            Err(status) => Err(self.open_fail(now, ticket, status)),
        }
    }

    /// Gives out a ticket, which makes its owner known. Errors: `StaleClientid`, `Expired`.
    fn open_ticket(&mut self, begin: &OpenBegin<'_>) -> Result<OpenTicket, Status> {
        let OpenBegin { clientid, owner, seqid, request, reclaim } = *begin;
        let client = self.clients.find(clientid)?;
        let known = client.open_owners().name_of(owner).cloned();
        let name: OpaqueOwner = known.unwrap_or_else(|| owner.into());
        client.open_owners_mut().entry(&name, || OpenOwnerState::new(clientid)).tickets += 1;
        let owner = OpenOwner { clientid, owner: name };
        Ok(OpenTicket { owner, seqid, request, reclaim, reserved: None })
    }

    /// Keeps others from opening `fh` in a way that conflicts with (`access`, `deny`) until the ticket is given back.
    /// Errors: `ShareDenied` when others already have; `ReclaimConflict` for a reclaim; `Delay` when those who have are gone
    /// and there are too many of them to be taken away at once, or while data is changed that `deny` protects.
    pub fn open_reserve(
        &mut self,
        now: Time,
        ticket: &mut OpenTicket,
        fh: &Filehandle,
        access: ShareAccess,
        deny: ShareDeny,
    ) -> Result<(), Status> {
        let mut looks = COURTESY_LOOKS;
        while self.files.get(fh).is_some_and(|file| file.forbids(access, deny)) {
            if self.clear_shares(fh, access, deny)? {
                continue;
            }
            looks = looks.checked_sub(1).ok_or(Status::Delay)?;
            if !self.expire_in_the_way(now, fh, access, deny) {
                return Err(if ticket.reclaim { Status::ReclaimConflict } else { Status::ShareDenied });
            }
        }
        if self.is_changing(fh, deny) {
            return Err(Status::Delay);
        }
        self.files.entry(&mut self.effects.changes, fh).reserve(access, deny);
        ticket.reserved = Some((fh.clone(), access, deny));
        Ok(())
    }

    /// Takes away the state of some courtesy clients that have opens of the file which exclude one with (`access`, `deny`).
    /// Answers whether there was any. Looks at `IN_THE_WAY_MAX` opens in all: the client at which these run out is taken for one.
    pub(in crate::state) fn expire_in_the_way(
        &mut self,
        now: Time,
        fh: &Filehandle,
        access: ShareAccess,
        deny: ShareDeny,
    ) -> bool {
        let Some(file) = self.files.get(fh) else { return false };
        let mut looks = IN_THE_WAY_MAX;
        let in_the_way = |id: &ClientId| {
            let mut opens = file.opens_of(*id);
            let open = |serial| self.clients.get(*id)?.open(serial);
            opens.any(|serial| {
                looks = looks.saturating_sub(1);
                looks == 0 || open(serial).is_some_and(|open| open.excludes(access, deny))
            })
        };
        let silent = self.clients.leases().silent(now, self.config.courtesy_max.saturating_add(1));
        let silent = silent.filter(|id| self.is_courtesy(*id, now)).filter(in_the_way);
        let some: Vec<_> = silent.take(COURTESY_AT_ONCE).collect();
        some.iter().for_each(|id| self.expire_client(now, *id));
        !some.is_empty()
    }

    /// Takes the last step of a successful OPEN: grants it, or upgrades the open that the owner already has on the file.
    /// Errors: those of [`Core::open_reserve`], when nothing was reserved before; `Expired`.
    pub fn open_commit(
        &mut self,
        now: Time,
        mut ticket: OpenTicket,
        commit: OpenCommit,
    ) -> Result<Box<OpenReply>, Status> {
        if ticket.reserved.is_none()
            && let Err(status) = self.open_reserve(now, &mut ticket, &commit.fh, commit.access, commit.deny)
        {
            return Err(self.open_fail(now, ticket, status));
        }
        if let Err(status) = self.clients.find(ticket.owner.clientid) {
            return Err(self.open_fail(now, ticket, status));
        }
        self.open_unreserve(&mut ticket);
        self.record_client(ticket.owner.clientid);
        let (stateid, confirm) = self.open_grant(&ticket, &commit);
        let may_notify = self.has_back_channel(ticket.owner.clientid);
        let reply = OpenReply { stateid, fh: commit.fh, confirm, may_notify, effects: commit.effects };
        let reply = Box::new(reply);
        self.open_end(now, &ticket, Ok(reply.clone()));
        self.pay_for_teardown(now);
        Ok(reply)
    }

    /// Takes the last step of an OPEN that failed with `status`, which is handed back.
    pub fn open_fail(&mut self, now: Time, mut ticket: OpenTicket, status: Status) -> Status {
        self.open_unreserve(&mut ticket);
        self.open_end(now, &ticket, Err(status));
        status
    }

    fn open_unreserve(&mut self, ticket: &mut OpenTicket) {
        if let Some((fh, access, deny)) = ticket.reserved.take()
            && let Some(file) = self.files.get_mut(&fh)
        {
            file.unreserve(access, deny);
            let number = file.number();
            self.files.drop_if_idle(&mut self.effects.changes, number);
        }
    }

    fn open_end(&mut self, now: Time, ticket: &OpenTicket, reply: Result<Box<OpenReply>, Status>) {
        let Ok(client) = self.clients.find(ticket.owner.clientid) else { return };
        let Some(owner) = client.open_owners_mut().get_mut(&ticket.owner.owner) else { return };
        owner.tickets = owner.tickets.saturating_sub(1);
        client.record_open_owner(
            now,
            &mut self.effects.changes,
            &ticket.owner.owner,
            ticket.seqid,
            ticket.request,
            LastReply::Open(reply),
        );
    }

    /// Installs the open; answers its stateid and whether the owner must still be confirmed.
    fn open_grant(&mut self, ticket: &OpenTicket, commit: &OpenCommit) -> (Stateid, bool) {
        let OpenOwner { clientid, owner: name } = &ticket.owner;
        let changes = &mut self.effects.changes;
        let file = self.files.entry(changes, &commit.fh);
        let client = self.clients.get_mut(*clientid).expect("open_commit found it");
        let existing = client.open_owners().get(name).and_then(|owner| owner.opens.get(file.number()));
        let serial = existing.unwrap_or_else(|| client.take_serial(changes));
        if existing.is_none() {
            let stateid = Stateid::first(*clientid, serial);
            let open = OpenState::new(stateid, name.clone(), (file.number(), commit.principal));
            client.insert_open(serial, Box::new(open));
            file.add_open((*clientid, serial));
        }
        let owner = client.open_owners_mut().entry(name, || OpenOwnerState::new(*clientid));
        owner.opens.put(file.number(), serial);
        // A reclaim needs no confirmation: that the client knows its state is proof enough (§16.18.5).
        owner.confirmed |= ticket.reclaim;
        let confirm = !owner.confirmed;
        let open = client.open_mut(serial).expect("just installed");
        file.unreserve(open.access, open.deny);
        open.ask(commit.access, commit.deny);
        open.access = open.access | commit.access;
        open.deny = open.deny | commit.deny;
        file.reserve(open.access, open.deny);
        open.stateid = open.stateid.next();
        changes.put_open(Before::nothing_if(existing.is_none()), *clientid, serial, open);
        (open.stateid, confirm)
    }
}

/// Judges an OPEN by what its client has and by its owner (RFC 7530 §16.16). With sessions, an owner is never busy and each
/// request is its next (RFC 8881 §8.13). Errors: `Resource`, `BadSeqid`.
fn judge(client: &Client, states_max: usize, begin: &OpenBegin<'_>) -> Result<OpenStart, Status> {
    let owner = client.open_owners().get(begin.owner);
    let is_busy = owner.is_some_and(|owner| owner.is_busy(begin.clientid));
    let is_full = client.states_count() >= states_max;
    let turn = owner.map(|owner| owner.turn_of_open(begin.seqid, begin.request));
    match (turn, is_busy, is_full) {
        // §9.1.7: an owner that is not known may begin at any seqid.
        (None, _, false) => Ok(OpenStart::Next),
        (None, _, true) => Err(Status::Resource),
        // §9.1.7: an owner has one request at a time.
        (Some(_), true, _) => Err(Status::Resource),
        (Some(Err(status)), false, _) => Err(status),
        // What needs no more state than there is goes on.
        (Some(Ok(OwnersTurn::Again(reply))), false, _) => Ok(OpenStart::Replay(reply.clone())),
        (Some(Ok(OwnersTurn::Fresh)), false, _) => Ok(OpenStart::Fresh),
        (Some(Ok(OwnersTurn::Next)), false, false) => Ok(OpenStart::Next),
        (Some(Ok(OwnersTurn::Next)), false, true) => Err(Status::Resource),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nfs4::Verifier;
    use crate::state::clients::{Callback, Identity};
    use crate::state::opens::LastReply;
    use crate::state::sessions::CreateSlot;

    const KNOWN: &[u8] = b"known";

    fn client(is_busy: bool) -> Client {
        let identity = Identity {
            verifier: Verifier::default(),
            principal: Principal::None,
            callback: Callback::default(),
            confirm: Verifier::default(),
        };
        let known = (identity, CreateSlot::default());
        let mut client = Client::new(ClientId(1), b"client", known, (Time::ZERO, 0));
        let owner = client.open_owners_mut().entry(&KNOWN.into(), || OpenOwnerState::new(ClientId(1)));
        (owner.confirmed, owner.tickets) = (true, is_busy.into());
        owner.opens.put(1, 1);
        owner.sequence.record(7, 1, LastReply::Open(Err(Status::NoEnt)));
        client
    }

    /// Each number of an OPEN × a busy owner or not × a client that has as much as it may or not.
    #[test]
    fn every_way_to_start_an_open() {
        const FULL: &str = "Resource";
        for (owner, seqid, request, want) in [
            // Columns: neither, full, busy, both.
            (&b"new"[..], 1, 1, ["Next", FULL, "Next", FULL]),
            (KNOWN, 8, 2, ["Next", FULL, FULL, FULL]),
            (KNOWN, 7, 1, ["Replay", "Replay", FULL, FULL]),
            (KNOWN, 9, 2, ["BadSeqid", "BadSeqid", FULL, FULL]),
        ] {
            let begin = OpenBegin { clientid: ClientId(1), owner, seqid, request, reclaim: false };
            let got =
                [(false, 9), (false, 1), (true, 9), (true, 1)].map(|(is_busy, states_max)| {
                    match judge(&client(is_busy), states_max, &begin) {
                        Ok(OpenStart::Next) => "Next",
                        Ok(OpenStart::Fresh) => "Fresh",
                        Ok(OpenStart::Replay(reply)) => reply.map_or_else(|_| "Replay", |_| "other"),
                        Err(Status::Resource) => FULL,
                        Err(Status::BadSeqid) => "BadSeqid",
                        Err(status) => panic!("{status:?}"),
                    }
                });
            assert_eq!(got, want, "{owner:?} {seqid}");
        }
    }

    #[test]
    fn an_owner_that_is_not_confirmed_starts_fresh_in_a_full_client_too() {
        let begin = OpenBegin { clientid: ClientId(1), owner: KNOWN, seqid: 8, request: 2, reclaim: false };
        for states_max in [1, 9] {
            let mut client = client(false);
            client.open_owners_mut().get_mut(KNOWN).unwrap().confirmed = false;
            assert!(matches!(judge(&client, states_max, &begin), Ok(OpenStart::Fresh)));
        }
    }
}
