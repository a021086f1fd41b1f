//! After the connection broke: what was in flight is sent again, byte for byte, and some of what had been answered too,
//! to see that it is answered the same again.

use crate::load::action::Action;
use crate::load::owners::Answered;
use crate::load::{PAUSE, Worker};
use crate::oracle::Counts;
use lockhouse::client::{Connection, Error};
use lockhouse::nfs4::Status;
use lockhouse::xdr::generated::nfs4::channel_dir_from_client4;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// How long a server may be away.
const PATIENCE: Duration = Duration::from_secs(120);
/// In so many of a hundred cases a session gets its back channel again.
const BIND: u64 = 50;
/// Owners or slots whose last request is sent again, of a hundred, and the most of them.
const REPLAYS: u64 = 30;
const REPLAYS_MAX: usize = 24;

impl Worker {
    /// Connects again, however often that takes, and resolves what was in flight before. Everything that was in flight is in flight
    /// again afterwards, or answered.
    pub fn come_back(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        self.note("— the connection is gone —".to_owned());
        loop {
            if Instant::now() > deadline {
                self.pending.clear();
                return self.violation("the server does not come back", "");
            }
            match self.try_to_come_back() {
                Ok(()) => return,
                Err(Error::Io(_) | Error::Closed) => std::thread::sleep(PAUSE),
                Err(error) => {
                    self.pending.clear();
                    let kind = match error.status() {
                        Some(status) => format!("coming back is answered {status}"),
                        None => "coming back fails".to_owned(),
                    };
                    return self.violation(&kind, &error.to_string());
                }
            }
        }
    }

    fn try_to_come_back(&mut self) -> Result<(), Error> {
        let connection = Connection::connect(self.shared.addr)?;
        if self.has_session() && self.random.percent(BIND) {
            self.client.bind_connection(connection, channel_dir_from_client4::CDFC4_FORE_OR_BOTH)?;
        } else {
            self.client.use_connection(connection);
        }
        let mut replays: BTreeMap<_, _> =
            self.some_answered().into_iter().map(|answered| (answered.call.xid, answered)).collect();
        let mut order: Vec<_> = self.pending.keys().chain(replays.keys()).copied().collect();
        self.random.shuffle(&mut order);
        for xid in order {
            if let Some(pending) = self.pending.get_mut(&xid) {
                pending.sent += 1;
                Counts::add(&self.shared.oracle.counts.resent);
                self.client.connection.send_message(pending.call.message())?;
            } else if let Some(answered) = replays.get(&xid) {
                self.client.connection.send_message(answered.call.message())?;
            }
        }
        while !replays.is_empty() {
            let reply = self.client.connection.receive_any()?;
            let bytes = reply.outcome.map_err(Error::Refused)?;
            match replays.remove(&reply.xid) {
                None => self.answered(reply.xid, bytes),
                Some(answered) => self.compare(&answered, &bytes),
            }
        }
        Ok(())
    }

    /// Some requests that are the last of their slots or owners and have been answered.
    fn some_answered(&mut self) -> Vec<Answered> {
        let mut some: Vec<_> = match self.has_session() {
            true => self.slots.values().cloned().collect(),
            false => self.last_of_owners().cloned().collect(),
        };
        self.random.shuffle(&mut some);
        let count = (some.len() as u64 * REPLAYS).div_ceil(100) as usize;
        some.truncate(count.min(REPLAYS_MAX));
        some
    }

    /// Of each owner of 4.0 that has nothing in flight: its last request.
    fn last_of_owners(&self) -> impl Iterator<Item = &Answered> {
        let opens = self.opens.iter().filter(|open| !open.busy && !open.changing);
        let lockers = self.lockers.iter().filter(|locker| {
            // A CLOSE in flight may have taken its stateid.
            !locker.busy && locker.open.is_some_and(|open| !self.opens[open].changing)
        });
        let opens = opens.filter_map(|open| open.last.as_deref());
        let lasts = opens.chain(lockers.filter_map(|locker| locker.last.as_deref()));
        lasts.filter(|last| !is_failed_open(last))
    }

    fn compare(&mut self, answered: &Answered, bytes: &[u8]) {
        Counts::add(&self.shared.oracle.counts.replays);
        let Answered { call, action, bytes: before } = answered;
        if before == bytes {
            return;
        }
        let describe = |bytes: &[u8]| match lockhouse::client::CompoundReply::decode(bytes) {
            Ok(reply) => format!("{:?} {:?}", reply.statuses(), reply.results.get(1)),
            Err(error) => error.to_string(),
        };
        let kind = format!("a repeated {} is answered otherwise", name_of(action));
        let details = format!(
            "{action:?} xid {:08x} {:?}\n    first: {}\n    then:  {}",
            call.xid,
            call.ticket,
            describe(before),
            describe(bytes)
        );
        self.violation(&kind, &details);
    }
}

/// Whether it is an OPEN that failed. Sent once more it is carried out, and may succeed: some clients send a new request with
/// the seqid of one that failed.
fn is_failed_open(Answered { action, bytes, .. }: &Answered) -> bool {
    let reply = lockhouse::client::CompoundReply::decode(bytes).ok();
    let failed = reply.is_none_or(|reply| reply.statuses().iter().any(|status| *status != Status::Ok));
    failed && matches!(action, Action::Open { .. })
}

/// What a request is called.
fn name_of(action: &Action) -> String {
    let text = format!("{action:?}");
    text.split([' ', '(', '{']).next().unwrap_or_default().to_uppercase()
}
