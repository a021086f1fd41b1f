//! What all workers share, and what they do together: commits, and calls in threads that may block.

use super::alarm::Alarm;
use super::router::{Done, Router};
use crate::clock::Clock;
use crate::commits::{CommitNumber, Commits};
use crate::nfs4::Time;
use crate::rpc::{BlockingCall, Committed, Dispatcher, Keyed, Origin, OutgoingCall, ReplyTo};
use bytes::Bytes;
use std::sync::Arc;
use tokio::runtime::Handle;

/// Holds what all workers of a server share.
pub(super) struct Shared {
    pub dispatcher: Dispatcher,
    /// Of the service.
    pub clock: Clock,
    pub alarm: Alarm,
    pub router: Router,
    /// Of the service.
    pub commits: Arc<Commits>,
    /// Threads that may block.
    pub pool: Handle,
}

impl Shared {
    /// Carries out a COMPOUND that may block. Its reply comes as a message.
    pub fn execute_in_pool(self: &Arc<Self>, call: BlockingCall) {
        let shared = self.clone();
        self.pool.spawn_blocking(move || {
            let executed = shared.dispatcher.execute_blocking(call, shared.clock.now());
            if let Some((number, calls)) = shared.commit(shared.clock.now(), executed.keyed) {
                shared.send(number, calls);
                shared.answer(executed.reply_to, number, executed.reply);
            }
        });
    }

    /// Sends a reply, which may leave when the commit `number` is durable. It is dropped if the connection has ended.
    fn answer(&self, reply_to: ReplyTo, number: CommitNumber, reply: Bytes) {
        self.router.done(reply_to.connection, number, Done { reply: Some(reply), bytes: reply_to.bytes });
    }

    /// Commits what was changed so far, and returns the number for which replies wait, and the calls to clients. Repeated
    /// calls that wait for the replies in `keyed` are answered, and the alarm is set again. `None`: the service is closed,
    /// and no reply may leave any more.
    pub fn commit(
        &self,
        now: Time,
        keyed: impl IntoIterator<Item = Keyed>,
    ) -> Option<(CommitNumber, Vec<OutgoingCall>)> {
        let answer = |reply_to, number, reply| self.answer(reply_to, number, reply);
        let Committed { number, calls, next_alarm } = self.dispatcher.commit(now, keyed, answer)?;
        self.alarm.bring_forward(next_alarm);
        Some((number, calls))
    }

    /// Commits what was changed without a reply to it, and makes the calls to clients that are due.
    pub fn commit_and_send(&self) {
        if let Some((number, calls)) = self.commit(self.clock.now(), []) {
            self.send(number, calls);
        }
    }

    /// Makes calls to clients. A connection that has gone meanwhile is reported lost, and the call goes out again over
    /// another.
    fn send(&self, number: CommitNumber, calls: Vec<OutgoingCall>) {
        calls.into_iter().for_each(|call| self.router.call(call.connection, number, call.record));
    }

    /// Reports that a connection is gone.
    pub fn connection_lost(&self, from: &Origin) {
        self.dispatcher.connection_lost(from);
        self.commit_and_send();
    }
}
