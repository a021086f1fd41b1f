//! SEQUENCE: the place of a COMPOUND in a session (RFC 8881 §2.10.6, §18.46).

use super::Core;
use super::sequence::Digest;
use super::session::Session;
use super::slot::{Done, KeptReply, SlotTurn};
use crate::nfs4::{ClientId, ConnectionId, SessionId, Status, Time};
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
    /// Octets of the call.
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
    /// The client whose session it is.
    pub client: ClientId,
    /// The session.
    pub sessionid: SessionId,
    slotid: u32,
    sequenceid: u32,
    /// Whether the reply is to be kept.
    pub cachethis: bool,
    /// Octets that the reply may have, RPC header included.
    pub reply_bytes_max: usize,
    /// Octets that it may have if it is to be kept.
    pub cached_bytes_max: usize,
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

impl Session {
    /// The next request of its slot, if it is not too large.
    fn begin(&mut self, command: &SequenceCommand) -> Result<SlotTicket, Status> {
        let SequenceCommand { sessionid, slotid, sequenceid, .. } = *command;
        if command.operations > self.fore.maxoperations {
            return Err(Status::TooManyOps);
        }
        if command.request_bytes > self.fore.maxrequestsize as usize {
            return Err(Status::ReqTooBig);
        }
        self.slots.begin(slotid, sequenceid, command.request);
        Ok(SlotTicket {
            client: self.client,
            sessionid,
            slotid,
            sequenceid,
            cachethis: command.cachethis,
            reply_bytes_max: self.fore.maxresponsesize as usize,
            cached_bytes_max: self.fore.maxresponsesize_cached as usize,
        })
    }
}

impl Core {
    /// SEQUENCE (RFC 8881 §18.46.3). Renews the client's lease and binds the connection to the session.
    ///
    /// Errors: `BadSession`, `BadSlot`, `BadHighSlot`, `SeqMisordered`, `SeqFalseRetry`, `Delay`, `TooManyOps`, `ReqTooBig`.
    pub fn sequence(&mut self, now: Time, command: &SequenceCommand) -> Result<SequenceTurn, Status> {
        let session = self.sessions.get_mut(command.sessionid).ok_or(Status::BadSession)?;
        self.clients.find_and_renew(session.client, now).map_err(|_| Status::BadSession)?;
        let SequenceCommand { slotid, sequenceid, request, .. } = *command;
        let highest_slotid = session.slots.count() - 1;
        if slotid <= highest_slotid && command.highest_slotid > highest_slotid {
            return Err(Status::BadHighSlot);
        }
        let turn = session.slots.turn(slotid, sequenceid, request)?;
        let bound = session.bind(command.connection);
        let ticket = match turn {
            SlotTurn::Next | SlotTurn::Resume(_) => Some(session.begin(command)),
            SlotTurn::Cached(_) | SlotTurn::Uncached => None,
        };
        let settled = session.asked_highest.is_none();
        if bound {
            self.sessions.note(command.connection, command.sessionid);
        }
        let mut reply = SequenceReply {
            sessionid: command.sessionid,
            sequenceid,
            slotid,
            highest_slotid,
            target_highest_slotid: highest_slotid,
            status_flags: 0,
        };
        let Some(ticket) = ticket.transpose()? else {
            return Ok(match turn {
                SlotTurn::Cached(octets) => SequenceTurn::Replay(octets),
                _ => SequenceTurn::Uncached(reply),
            });
        };
        let most = self.config.slots_max;
        if !settled || self.sessions.are_crowded(most) {
            let in_use = command.highest_slotid.max(slotid);
            let changes = &mut self.effects.changes;
            (reply.highest_slotid, reply.target_highest_slotid) =
                self.sessions.highest_and_target(changes, command.sessionid, in_use, most);
        }
        reply.status_flags = self.status_flags(command.sessionid);
        Ok(match turn {
            SlotTurn::Resume(done) => SequenceTurn::Resume(reply, ticket, done),
            _ => SequenceTurn::Go(reply, ticket),
        })
    }

    /// An operation of the COMPOUND of a ticket has changed state and others follow that may take long: these are done so
    /// far. What they have changed and this are stored together, so that after a restart none is done twice.
    pub fn sequence_progress(&mut self, ticket: &SlotTicket, done: &[Done]) {
        if let Some(session) = self.sessions.get(ticket.sessionid)
            && let Some(request) = session.slots.running(ticket.slotid, ticket.sequenceid)
        {
            let SlotTicket { sessionid, slotid, sequenceid, .. } = *ticket;
            let last = KeptReply::Half(done);
            self.effects.changes.put_slot(sessionid, slotid, sequenceid, request, last);
        }
    }

    /// The COMPOUND of a ticket has been carried out, with this result if it is to be kept. It is `stored` when carrying
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

    fn status_flags(&self, this: SessionId) -> u32 {
        let Some(session) = self.sessions.get(this) else { return 0 };
        let (own, client) = (&session.back, self.clients.get(session.client));
        let others = client.map_or(&[][..], |client| &client.sessions).iter().filter(|id| **id != this);
        let backs = || others.clone().filter_map(|id| Some(&self.sessions.get(*id)?.back)).chain([own]);
        let mut flags = 0;
        if backs().any(|back| back.wanted) && !backs().any(|back| back.is_up()) {
            flags |= CB_PATH_DOWN;
        }
        if own.wanted && !own.is_up() {
            flags |= CB_PATH_DOWN_SESSION;
        }
        if client.is_some_and(|client| !client.revoked.is_empty()) {
            flags |= ADMIN_STATE_REVOKED;
        }
        if own.faulty {
            flags |= BACKCHANNEL_FAULT;
        }
        flags
    }
}
