//! Where in a COMPOUND an operation may stand (RFC 8881 §2.10.2.2, §2.10.6.1.3), and which room there must be for its
//! result.

use crate::nfs4::Status;
use crate::ops::context::{Context, Outcome};
use crate::ops::sequence::fits;
use crate::ops::{self, Op};

/// Bytes kept free for the result of an operation that changes something. LOCK4denied can be longer, but changes nothing.
const RESULT_BYTES: usize = 160;

/// Says where an operation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Position {
    /// In a COMPOUND of NFSv4.0, which has no sessions.
    NoSessions,
    /// In none of a session, as its only operation.
    Only,
    /// In none of a session, with others.
    OneOfSeveral,
    /// After a SEQUENCE that has given it a slot.
    InSession,
    /// After a SEQUENCE that found a retry whose reply was not kept.
    UncachedRetry,
}

/// Says what about an operation decides where it may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// SEQUENCE.
    Sequence,
    /// BIND_CONN_TO_SESSION.
    Bind,
    /// The others that can do without a session: EXCHANGE_ID, CREATE_SESSION, DESTROY_SESSION, DESTROY_CLIENTID.
    NeedsNoSession,
    /// All others.
    NeedsSession,
}

/// Says how much room there must be for the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Room {
    /// Any: what does not fit can be taken back.
    Any,
    /// The results so far are not longer than a reply may be.
    InReply,
    /// A result fits, and may be kept if it is to be.
    InSlot,
}

impl Position {
    fn of(context: &Context<'_>) -> Self {
        let is_only = context.request.count == 1;
        match (context.retry.is_some(), context.has_sessions(), context.slot.is_some(), is_only) {
            (true, _, _, _) => Self::UncachedRetry,
            (false, false, _, _) => Self::NoSessions,
            (false, true, true, _) => Self::InSession,
            (false, true, false, true) => Self::Only,
            (false, true, false, false) => Self::OneOfSeveral,
        }
    }
}

impl Kind {
    fn of(op: &Op) -> Self {
        match op.number {
            ops::SEQUENCE => Self::Sequence,
            ops::BIND_CONN_TO_SESSION => Self::Bind,
            _ if op.needs_no_session() => Self::NeedsNoSession,
            _ => Self::NeedsSession,
        }
    }
}

/// Decides whether an operation may stand where it stands. Errors: `RetryUncachedRep`, `NotOnlyOp`, `OpNotInSession`.
fn judge(position: Position, kind: Kind, is_idempotent: bool) -> Result<Room, Status> {
    match (position, kind, is_idempotent) {
        // RFC 8881 §2.10.6.1.3: the operation after SEQUENCE says that the reply was not kept.
        (Position::UncachedRetry, _, _) => Err(Status::RetryUncachedRep),
        (Position::NoSessions, _, _) => Ok(Room::InReply),
        // §18.46.3: SEQUENCE comes first; itself it refuses to come again.
        (Position::Only | Position::OneOfSeveral, Kind::Sequence, _) => Ok(Room::Any),
        // §18.34.3, §18.35.3, §18.36.3, §18.37.3, §18.50.3: what needs no session stands alone.
        (Position::Only, Kind::Bind | Kind::NeedsNoSession, _) => Ok(Room::Any),
        (Position::OneOfSeveral, Kind::Bind | Kind::NeedsNoSession, _) => Err(Status::NotOnlyOp),
        // §2.10.2.2: everything else belongs to a session.
        (Position::Only | Position::OneOfSeveral, Kind::NeedsSession, _) => Err(Status::OpNotInSession),
        // §18.34.3: this one stands alone always.
        (Position::InSession, Kind::Bind, _) => Err(Status::NotOnlyOp),
        // §2.10.6.4: what cannot be undone is not carried out without room for its result.
        (Position::InSession, _, false) => Ok(Room::InSlot),
        (Position::InSession, _, true) => Ok(Room::Any),
    }
}

/// Checks that an operation may stand where it stands, and that there is room for its result. Errors: those of [`judge`];
/// `Resource`, `RepTooBig` and `RepTooBigToCache` if there is no room.
pub(super) fn check_position(context: &Context<'_>, op: &Op) -> Outcome {
    let bytes = context.out.pos();
    let room = judge(Position::of(context), Kind::of(op), op.idempotent)?;
    match (room, &context.slot) {
        (Room::InSlot, Some(slot)) => fits(slot, bytes + RESULT_BYTES),
        (Room::InReply, _) if bytes > ops::REPLY_BYTES_MAX => Err(Status::Resource.into()),
        (Room::Any | Room::InReply | Room::InSlot, _) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every position × every kind of operation × idempotent or not.
    #[test]
    fn every_operation_in_every_position() {
        const KINDS: [Kind; 4] = [Kind::Sequence, Kind::Bind, Kind::NeedsNoSession, Kind::NeedsSession];
        let (any, room) = (Ok(Room::Any), Ok(Room::InSlot));
        let (not_only, outside) = (Err(Status::NotOnlyOp), Err(Status::OpNotInSession));
        for (position, idempotent, changing) in [
            (Position::NoSessions, [Ok(Room::InReply); 4], [Ok(Room::InReply); 4]),
            (Position::Only, [any, any, any, outside], [any, any, any, outside]),
            (Position::OneOfSeveral, [any, not_only, not_only, outside], [any, not_only, not_only, outside]),
            (Position::InSession, [any, not_only, any, any], [room, not_only, room, room]),
            (Position::UncachedRetry, [Err(Status::RetryUncachedRep); 4], [Err(Status::RetryUncachedRep); 4]),
        ] {
            assert_eq!(KINDS.map(|kind| judge(position, kind, true)), idempotent, "{position:?}");
            assert_eq!(KINDS.map(|kind| judge(position, kind, false)), changing, "{position:?}");
        }
    }

    #[test]
    fn operations_that_need_no_session_are_five() {
        let kind = |number| ops::find(number, 1).map(Kind::of).ok();
        for (number, want) in [
            (ops::SEQUENCE, Kind::Sequence),
            (ops::BIND_CONN_TO_SESSION, Kind::Bind),
            (ops::SETATTR, Kind::NeedsSession),
        ] {
            assert_eq!(kind(number), Some(want), "{number}");
        }
        let alone = ops::all().iter().filter(|op| op.needs_no_session());
        assert_eq!(alone.filter(|op| Kind::of(op) == Kind::NeedsNoSession).count(), 4);
    }
}
