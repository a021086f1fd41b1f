//! SEQUENCE: the place of a COMPOUND in a session (RFC 8881 §2.10.6, §18.46).

use super::session::Session;
use super::slot::{Done, KeptReply, SlotTurn};
use crate::nfs4::{ClientId, ConnectionId, SessionId, Status, Time};
use crate::state::core::Core;
use crate::state::opens::Digest;
use std::sync::Arc;

/// Arguments of SEQUENCE, and what it numbers.
#[derive(Clone, Copy, Debug)]
pub struct SequenceCommand {
    /// The session.
    pub sessionid: SessionId,
    /// Number of the request in its slot.
    pub sequenceid: u32,
    /// The slot.
    pub slotid: u32,
    /// The highest slot that the client uses.
    pub highest_slotid: u32,
    /// Whether the reply is to be kept.
    pub cachethis: bool,
    /// Over which connection it came.
    pub connection: ConnectionId,
    /// Digest of the COMPOUND.
    pub request: Digest,
    /// Bytes of the call.
    pub request_bytes: usize,
    /// Operations in the COMPOUND.
    pub operations: u32,
}

/// The result of SEQUENCE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SequenceReply {
    /// The session.
    pub sessionid: SessionId,
    /// As it came.
    pub sequenceid: u32,
    /// As it came.
    pub slotid: u32,
    /// The highest slot there is.
    pub highest_slotid: u32,
    /// The highest slot that the client should use.
    pub target_highest_slotid: u32,
    /// `SEQ4_STATUS_*`.
    pub status_flags: u32,
}

/// A request in its slot, to be given back by [`Core::sequence_end`].
#[derive(Clone, Copy, Debug)]
pub struct SlotTicket {
    client: ClientId,
    sessionid: SessionId,
    slotid: u32,
    sequenceid: u32,
    cachethis: bool,
    reply_bytes_max: usize,
    cached_bytes_max: usize,
}

impl SlotTicket {
    /// Returns the client whose session it is.
    pub fn client(&self) -> ClientId {
        self.client
    }

    /// Returns the session.
    pub fn sessionid(&self) -> SessionId {
        self.sessionid
    }

    /// Returns whether the reply is to be kept (`sa_cachethis`).
    pub fn is_to_be_kept(&self) -> bool {
        self.cachethis
    }

    /// Returns how many bytes the reply may have, RPC header included.
    pub fn reply_bytes_max(&self) -> usize {
        self.reply_bytes_max
    }

    /// Returns how many bytes the reply may have if it is to be kept, RPC header included.
    pub fn cached_bytes_max(&self) -> usize {
        self.cached_bytes_max
    }
}

/// What to do with a COMPOUND that begins with SEQUENCE.
#[derive(Clone, Debug)]
pub enum SequenceTurn {
    /// Carry it out.
    Go(SequenceReply, SlotTicket),
    /// Carry it out but for these of its operations: they were done before a restart, and the rest was not.
    Resume(SequenceReply, SlotTicket, Arc<[Done]>),
    /// It was carried out; this was the result.
    Replay(Arc<[u8]>),
    /// It was carried out and the result was not kept: the operation after SEQUENCE fails with `RetryUncachedRep`.
    Uncached(SequenceReply),
}

/// `SEQ4_STATUS_CB_PATH_DOWN`: no session of the client can carry callbacks.
const CB_PATH_DOWN: u32 = 1;
/// `SEQ4_STATUS_ADMIN_STATE_REVOKED`: of the client's stateids some were taken back, and not all of them freed yet.
const ADMIN_STATE_REVOKED: u32 = 0x20;
/// `SEQ4_STATUS_CB_PATH_DOWN_SESSION`: this session cannot.
const CB_PATH_DOWN_SESSION: u32 = 0x200;
/// `SEQ4_STATUS_BACKCHANNEL_FAULT`: the client answers calls on this session wrongly.
const BACKCHANNEL_FAULT: u32 = 0x400;

impl Core {
    /// Carries out SEQUENCE (RFC 8881 §18.46.3). Renews the client's lease and binds the connection to the session,
    /// unless it fails: then it changes nothing.
    ///
    /// Errors: `BadSession`, `BadSlot`, `BadHighSlot`, `SeqMisordered`, `SeqFalseRetry`, `Delay`, `TooManyOps`, `ReqTooBig`.
    pub fn sequence(&mut self, now: Time, command: &SequenceCommand) -> Result<SequenceTurn, Status> {
        let SequenceCommand { sessionid, slotid, sequenceid, .. } = *command;
        let slots_are_scarce = self.sessions.are_scarce(self.config.slots_max);
        let (session, bound) = self.sessions.get_with_bound(sessionid).ok_or(Status::BadSession)?;
        let id = session.client;
        let client = self.clients.find(id).map_err(|_| Status::BadSession)?;
        let (others, revoked) = (client.sessions().len() > 1, !client.revoked().is_empty());
        let ask_others = others && client.wants_calls() && !session.back.is_up();
        let highest_slotid = session.slots.count() - 1;
        let turn = judge(session, command)?;
        // Nothing fails from here on.
        let _ = self.clients.find_and_renew(id, now);
        if session.bind(command.connection) {
            bound.bind(session, command.connection);
        }
        let target_highest_slotid = highest_slotid;
        let status_flags = 0;
        let mut reply = SequenceReply {
            sessionid,
            sequenceid,
            slotid,
            highest_slotid,
            target_highest_slotid,
            status_flags,
        };
        // §2.10.6.2: a retry is answered; only what is to be carried out begins.
        let done = match turn {
            SlotTurn::Cached(bytes) => return Ok(SequenceTurn::Replay(bytes)),
            SlotTurn::Uncached => return Ok(SequenceTurn::Uncached(reply)),
            SlotTurn::Next => None,
            SlotTurn::Resume(done) => Some(done),
        };
        let ticket = begin_in_slot(session, command);
        let may_have_all_slots = session.asked_highest.is_none() && !slots_are_scarce;
        reply.status_flags = own_flags(session, others, revoked);
        if ask_others {
            reply.status_flags |= self.flags_of_all(id);
        }
        if !may_have_all_slots {
            let (changes, used) = (&mut self.effects.changes, command.highest_slotid.max(slotid));
            let slots_max = self.config.slots_max;
            (reply.highest_slotid, reply.target_highest_slotid) =
                self.sessions.highest_and_target(changes, sessionid, used, slots_max);
        }
        Ok(match done {
            None => SequenceTurn::Go(reply, ticket),
            Some(done) => SequenceTurn::Resume(reply, ticket, done),
        })
    }

    /// Records that an operation of the COMPOUND of a ticket has changed state and others follow that may take long:
    /// these are done so far. What they have changed and this are stored together, so that after a restart none is done
    /// twice.
    pub fn sequence_progress(&mut self, ticket: &SlotTicket, done: &[Done]) {
        if let Some(session) = self.sessions.get(ticket.sessionid)
            && let Some(request) = session.slots.running(ticket.slotid, ticket.sequenceid)
        {
            let SlotTicket { sessionid, slotid, sequenceid, .. } = *ticket;
            let last = KeptReply::Half(done);
            self.effects.changes.put_slot(sessionid, slotid, sequenceid, request, last);
        }
    }

    /// Ends the COMPOUND of a ticket, with this result if it is to be kept. It is `stored` when carrying
    /// it out again, after a restart, would not be the same.
    pub fn sequence_end(&mut self, ticket: &SlotTicket, reply: Option<&[u8]>, stored: bool) {
        let SlotTicket { sessionid, slotid, sequenceid, .. } = *ticket;
        let Some(session) = self.sessions.get_mut(sessionid) else { return };
        let Some(request) = session.slots.running(slotid, sequenceid) else { return };
        if stored {
            let last = reply.map_or(KeptReply::Uncached, KeptReply::Cached);
            self.effects.changes.put_slot(sessionid, slotid, sequenceid, request, last);
        }
        session.slots.end(slotid, sequenceid, reply);
    }

    /// Returns what of the flags all sessions of a client decide together.
    fn flags_of_all(&self, client: ClientId) -> u32 {
        let wanted = self.sessions_of(client).any(|session| session.back.is_wanted());
        let up = self.sessions_of(client).any(|session| session.back.is_up());
        if wanted && !up { CB_PATH_DOWN } else { 0 }
    }
}

/// Judges a request by its slot, the slots of its session and its size. Errors: those of SEQUENCE but for `BadSession`.
fn judge(session: &Session, command: &SequenceCommand) -> Result<SlotTurn, Status> {
    let turn = session.slots.turn(command.slotid, command.sequenceid, command.request);
    let has_highest = command.highest_slotid < session.slots.count();
    let few_operations = command.operations <= session.fore.maxoperations;
    let few_bytes = command.request_bytes <= session.fore.maxrequestsize as usize;
    match (turn, has_highest, few_operations, few_bytes) {
        // §18.46.3: the slot must be one of the session's, and so must the highest that the client uses.
        (Err(Status::BadSlot), _, _, _) => Err(Status::BadSlot),
        (_, false, _, _) => Err(Status::BadHighSlot),
        // §2.10.6.1, §2.10.6.2: what the slot says of its number.
        (Err(status), true, _, _) => Err(status),
        // §2.10.6.2: a retry is answered whatever its size.
        (Ok(turn @ (SlotTurn::Cached(_) | SlotTurn::Uncached)), true, _, _) => Ok(turn),
        // §2.10.6.4, §18.36.3: what is to be carried out has the size that was agreed on.
        (Ok(SlotTurn::Next | SlotTurn::Resume(_)), true, false, _) => Err(Status::TooManyOps),
        (Ok(SlotTurn::Next | SlotTurn::Resume(_)), true, true, false) => Err(Status::ReqTooBig),
        (Ok(turn @ (SlotTurn::Next | SlotTurn::Resume(_))), true, true, true) => Ok(turn),
    }
}

/// Returns the next request of its slot.
fn begin_in_slot(session: &mut Session, command: &SequenceCommand) -> SlotTicket {
    let SequenceCommand { sessionid, slotid, sequenceid, .. } = *command;
    session.slots.begin(slotid, sequenceid, command.request);
    SlotTicket {
        client: session.client,
        sessionid,
        slotid,
        sequenceid,
        cachethis: command.cachethis,
        reply_bytes_max: session.fore.maxresponsesize as usize,
        cached_bytes_max: session.fore.maxresponsesize_cached as usize,
    }
}

/// Returns `SEQ4_STATUS_*` of a session, but for what others of the same client decide, if there are `others`.
fn own_flags(session: &Session, others: bool, revoked: bool) -> u32 {
    let back = &session.back;
    let path = match (back.is_wanted(), back.is_up(), others) {
        (true, false, true) => CB_PATH_DOWN_SESSION,
        (true, false, false) => CB_PATH_DOWN_SESSION | CB_PATH_DOWN,
        (true, true, _) | (false, _, _) => 0,
    };
    let revoked = if revoked { ADMIN_STATE_REVOKED } else { 0 };
    let fault = if back.is_faulty() { BACKCHANNEL_FAULT } else { 0 };
    path | revoked | fault
}
