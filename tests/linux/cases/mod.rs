//! The test cases. Each is a function that panics when the server is wrong.
//!
//! On one mount the client settles conflicts between its own processes; the server sees them only between two
//! guests or two `nosharecache` mounts. So most cases use both guests.

mod deadlock;
mod exclusion;
mod fcntl;
mod fencing;
mod files;
mod flock;
mod handover;
mod lockfile;
mod mounts;
mod names;
mod ofd;
mod random;
mod release;
mod sqlite;
mod wait;

use rustix::io::Errno;

use crate::host::stage::Stage;
use crate::host::worker::Outcome;

/// A case.
pub struct Case {
    /// Group and name, as `fcntl::split`.
    pub name: &'static str,
    /// The first version it is for, as `4.1`; later ones have all that earlier ones have.
    pub since: &'static str,
    /// The test.
    pub run: fn(&Stage<'_>),
}

/// Lists the functions of a module as cases, of all versions or since one.
macro_rules! cases {
    ($group:literal: $($name:ident),* $(,)?) => {
        crate::cases::cases!($group since "4.0": $($name),*);
    };
    ($group:literal since $since:literal: $($name:ident),* $(,)?) => {
        /// The cases of this module.
        pub const CASES: &[crate::cases::Case] = &[$(crate::cases::Case {
            name: concat!($group, "::", stringify!($name)),
            since: $since,
            run: $name,
        }),*];
    };
}
use cases;

/// All cases for a version, as `4.0`, in the order in which they run.
pub fn of(version: &str) -> impl Iterator<Item = &'static Case> {
    let locks =
        [fcntl::CASES, flock::CASES, ofd::CASES, release::CASES, wait::CASES, deadlock::CASES, random::CASES];
    let calls = [handover::CASES, fencing::CASES];
    let users = [exclusion::CASES, lockfile::CASES, sqlite::CASES, files::CASES, names::CASES, mounts::CASES];
    let all = locks.into_iter().chain(calls).chain(users).flatten();
    all.filter(move |case| case.since <= version)
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
