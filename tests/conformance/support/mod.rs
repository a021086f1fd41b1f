//! What the tests stand on: the server under test, places on it, and the two things a test says of a result.

pub mod disk;
mod place;
pub mod proxy;
pub mod server;
mod session;

pub use place::{Actor, Locker, Place, two_lockers};
pub use session::{status_of, two_session_lockers};

use lockhouse::client::{Denied, Error};
use lockhouse::nfs4::Status;
use std::fmt::Debug;
use std::time::{Duration, Instant};

/// All ones: a lock of this length goes to the end of the file.
pub const TO_EOF: u64 = u64::MAX;

/// Fails the test unless the operation was answered with `status`.
#[track_caller]
pub fn refused<T: Debug>(result: Result<T, Error>, status: Status) {
    refused_with(result, &[status]);
}

/// Fails the test unless the operation was answered with one of `statuses`, between which the RFC leaves the choice.
#[track_caller]
pub fn refused_with<T: Debug>(result: Result<T, Error>, statuses: &[Status]) {
    match result {
        Err(error) if error.status().is_some_and(|status| statuses.contains(&status)) => {}
        other => panic!("want {statuses:?}, got {other:?}"),
    }
}

/// The result of an optional operation; `None`, and a word on standard error, when a server that is not ours does not
/// offer it.
#[track_caller]
pub fn offered<T>(result: Result<T, Error>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(error) if error.status() == Some(Status::NotSupp) && !server::is_ours() => {
            eprintln!("skipped: {error}");
            None
        }
        Err(error) => panic!("{error}"),
    }
}

/// What a LOCK or LOCKT was denied by; fails the test if it was not.
#[track_caller]
pub fn denied<T: Debug>(result: Result<T, Error>) -> Denied {
    match result {
        Err(Error::Denied(denied)) => denied,
        other => panic!("want NFS4ERR_DENIED, got {other:?}"),
    }
}

/// Repeats `attempt` until it gives something; fails the test only after a time that no working server takes.
#[track_caller]
pub fn eventually<T>(what: &str, mut attempt: impl FnMut() -> Option<T>) -> T {
    const PATIENCE: Duration = Duration::from_secs(60);
    const PAUSE: Duration = Duration::from_millis(50);
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(value) = attempt() {
            return value;
        }
        assert!(Instant::now() < deadline, "{what}: not within {PATIENCE:?}");
        std::thread::sleep(PAUSE);
    }
}

/// Plays something that depends on time until it was fast enough, `limit`, to be judged; then judges it.
#[track_caller]
pub fn judged<J: FnOnce()>(limit: Duration, mut play: impl FnMut() -> (Duration, J)) {
    const ATTEMPTS: usize = 50;
    for _ in 0..ATTEMPTS {
        let (took, judge) = play();
        if took < limit {
            return judge();
        }
    }
    panic!("the machine is too slow: not within {limit:?} in {ATTEMPTS} attempts");
}
