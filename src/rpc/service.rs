//! What the server asks of whoever executes NFS.

use crate::clock::Clock;
use crate::commits::{CommitNumber, Commits};
use crate::nfs4::{Caller, Class, ConnectionId, Time};
use bytes::Bytes;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Says that the arguments cannot be decoded as far as the head of a COMPOUND; the call is answered with GARBAGE_ARGS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GarbageArgs;

/// Says who makes a call, and when.
#[derive(Clone, Debug)]
pub struct CallContext {
    /// Its sender, as the COMPOUND sees it.
    pub caller: Caller,
    /// The other end of the connection.
    pub peer: SocketAddr,
    /// The number of the call, for logs.
    pub xid: u32,
}

/// Holds a call of the server to a client, as a whole record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutgoingCall {
    /// The connection that it goes over.
    pub connection: ConnectionId,
    /// The record.
    pub record: Bytes,
}

/// Says what [`Service::commit`] has submitted, and what may leave when that is durable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Committed {
    /// Replies to all calls that were carried out before, and the calls here, may leave when this commit is durable.
    pub number: CommitNumber,
    /// Calls to clients.
    pub calls: Vec<OutgoingCall>,
    /// As [`Service::next_alarm`].
    pub next_alarm: Option<Time>,
}

/// Executes the calls of the NFS version 4 program. Called from many threads at once.
pub trait Service: Send + Sync + 'static {
    /// Carries out the procedure COMPOUND (RFC 7530 §14.2) with the arguments `args` and appends its result to `out`.
    /// May block on a file system unless it is [`Class::nonblocking`].
    fn compound(&self, call: &CallContext, args: &[u8], out: &mut Vec<u8>) -> Result<(), GarbageArgs>;

    /// Classifies the COMPOUND in `args`, once before it is carried out. A nonblocking one is carried out in the thread that
    /// serves the connection; one that is neither idempotent nor sequenced goes through the duplicate request cache (RFC
    /// 7530 §3.1.1).
    fn classify(&self, args: &[u8]) -> Class;

    /// Prefetches the memory that these calls, which come next, will need: a hint on which nothing depends.
    fn prefetch(&self, _calls: &[Class]) {}

    /// Submits all changes so far to the store. The durability rule: no reply to a call leaves, and nothing is heard of an
    /// answer or an alarm, before this was called after it and the returned number is durable. `None` when the service is
    /// closed, and then no reply may leave any more.
    fn commit(&self, _now: Time) -> Option<Committed> {
        Some(Committed { next_alarm: self.next_alarm(), ..Committed::default() })
    }

    /// Returns the numbers of this service's commits. Asked once.
    fn commits(&self) -> Arc<Commits> {
        Arc::default()
    }

    /// Returns whether more changes may be made before some that were submitted are durable.
    fn has_room(&self) -> bool {
        true
    }

    /// Ends the service: stores what there is to store, and marks the store as closed.
    fn close(&self) {}

    /// Takes a client's reply to one of the server's calls, as it came.
    fn call_answered(&self, _now: Time, _connection: ConnectionId, _record: &[u8]) {}

    /// Takes note that a connection is gone.
    fn connection_lost(&self, _connection: ConnectionId) {}

    /// Returns the clock that this service goes by: the times that it is given, and its alarms, are read from it. Asked once.
    fn clock(&self) -> Clock {
        Clock::start()
    }

    /// Finds out whether the server did not run since the last call. Called at least every
    /// [`READ_EVERY_MAX`](crate::clock::READ_EVERY_MAX) while it runs, before alarms.
    fn check_for_gap(&self, _now: Time) {}

    /// Describes in a few words for an administrator how much there is of what.
    fn describe(&self) -> String {
        String::new()
    }

    /// Returns when [`Service::on_alarm`] is to be called next. `None`: never.
    fn next_alarm(&self) -> Option<Time>;

    /// Does what is due at `now`; may block.
    fn on_alarm(&self, now: Time);
}

/// Returns the next alarm of `service`; none when it panics.
pub fn next_alarm(service: &dyn Service) -> Option<Time> {
    catch_unwind(AssertUnwindSafe(|| service.next_alarm())).unwrap_or(None)
}
