//! Waiting for a lock (RFC 7530 §9.4, RFC 8881 §9.6): ask, be denied, be told or look again, ask.

use super::{Client, Error, LockOwner, LockRequest, OpenFile};
use crate::nfs4::Stateid;
use std::time::{Duration, Instant};

/// Says how long to wait for a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// How long to wait for CB_NOTIFY_LOCK before asking again without it.
    pub poll: Duration,
    /// How long to wait in all.
    pub give_up: Duration,
}

/// Describes a lock that was waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Granted {
    /// The lock stateid.
    pub stateid: Stateid,
    /// When it was granted, as the client saw it.
    pub at: Instant,
    /// How often LOCK was sent.
    pub asked: u32,
    /// When the CB_NOTIFY_LOCKs that were waited for arrived.
    pub notified: Vec<Instant>,
}

impl Client {
    /// Sends LOCK of a waiting kind until it is granted: on DENIED waits for CB_NOTIFY_LOCK, if there is a session, and
    /// asks again when it came or `patience.poll` has passed.
    ///
    /// Errors: [`Error::Denied`] when the patience is over; any other error of LOCK at once.
    pub fn lock_wait(
        &mut self,
        file: &mut OpenFile,
        owner: &mut LockOwner,
        request: LockRequest,
        patience: Patience,
    ) -> Result<Granted, Error> {
        let deadline = Instant::now() + patience.give_up;
        let (mut asked, mut notified) = (0, Vec::new());
        loop {
            asked += 1;
            let denied = match self.lock(file, owner, request.blocking()) {
                Ok(stateid) => return Ok(Granted { stateid, at: Instant::now(), asked, notified }),
                Err(Error::Denied(denied)) => denied,
                Err(other) => return Err(other),
            };
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Error::Denied(denied));
            }
            let pause = patience.poll.min(left);
            match &mut self.session {
                Some(session) => {
                    let told = session.wait_notify(&file.filehandle, &owner.name, pause);
                    notified.extend(told.map(|callback| callback.at));
                }
                None => std::thread::sleep(pause),
            }
        }
    }
}
