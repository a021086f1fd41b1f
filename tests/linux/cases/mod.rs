//! The test cases. Each is a function that panics when the server is wrong.
//!
//! On one mount the client decides conflicts between its own processes; the server sees them only between two
//! guests or two `nosharecache` mounts. So most cases use both guests.

mod cold;
mod deadlock;
mod exclusion;
mod fairness;
mod fcntl;
mod fencing;
mod files;
mod flock;
mod gone;
mod handover;
mod lockfile;
mod mounts;
mod names;
mod ofd;
mod partition;
mod random;
mod release;
mod restart;
mod silence;
mod sqlite;
mod wait;
mod warm;

use rustix::io::Errno;

use crate::host::own::Times;
use crate::host::server::TARGET;
use crate::host::stage::Stage;
use crate::host::worker::Outcome;

/// A case.
pub struct Case {
    /// Group and name, as `fcntl::split`.
    pub name: &'static str,
    /// The first version it is for, as `4.1`; later ones have all that earlier ones have.
    pub since: &'static str,
    /// The times of the server that the case has for itself, so that it may end it; `None` if it shares one.
    pub times: Option<Times>,
    /// The test.
    pub run: fn(&Stage<'_>),
}

/// Lists the functions of a module as cases, of all versions or since one, on the server that all share or each on one
/// of its own.
macro_rules! cases {
    ($group:literal: $($name:ident),* $(,)?) => {
        crate::cases::cases!($group since "4.0", None; $($name),*);
    };
    ($group:literal since $since:literal: $($name:ident),* $(,)?) => {
        crate::cases::cases!($group since $since, None; $($name),*);
    };
    ($group:literal with $times:expr; $($name:ident),* $(,)?) => {
        crate::cases::cases!($group since "4.0", Some($times); $($name),*);
    };
    ($group:literal since $since:literal, $times:expr; $($name:ident),* $(,)?) => {
        /// The cases of this module.
        pub const CASES: &[crate::cases::Case] = &[$(crate::cases::Case {
            name: concat!($group, "::", stringify!($name)),
            since: $since,
            times: $times,
            run: $name,
        }),*];
    };
}
use cases;

/// All cases for a version, as `4.0`, in the order in which they run.
pub fn of(version: &str) -> impl Iterator<Item = &'static Case> {
    let locks =
        [fcntl::CASES, flock::CASES, ofd::CASES, release::CASES, wait::CASES, deadlock::CASES, random::CASES];
    let calls = [handover::CASES, gone::CASES, fencing::CASES];
    let users = [exclusion::CASES, lockfile::CASES, sqlite::CASES, files::CASES, names::CASES, mounts::CASES];
    let restarts = [warm::CASES, cold::CASES, partition::CASES, silence::CASES, fairness::CASES];
    // A server of somebody else is not ours to end.
    let is_ours = std::env::var_os(TARGET).is_none();
    let all = locks.into_iter().chain(calls).chain(users).chain(restarts).flatten();
    all.filter(move |case| case.since <= version && (is_ours || case.times.is_none()))
}

/// The system call must have succeeded.
#[track_caller]
fn granted(outcome: Outcome<()>) {
    assert_eq!(outcome, Ok(()), "this lock must be granted");
}

/// The lock must be refused because another owner holds it.
#[track_caller]
fn refused(outcome: Outcome<()>) {
    assert_eq!(outcome, Err(Errno::AGAIN), "this lock must be refused");
}
