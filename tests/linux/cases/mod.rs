//! The test cases. Each is a function that panics when the server is wrong.
//!
//! On one mount the client settles conflicts between its own processes; the server sees them only between two
//! guests or two `nosharecache` mounts. So most cases use both guests.

mod deadlock;
mod exclusion;
mod fcntl;
mod files;
mod flock;
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
    /// The test.
    pub run: fn(&Stage<'_>),
}

/// Lists the functions of a module as cases.
macro_rules! cases {
    ($group:literal: $($name:ident),* $(,)?) => {
        /// The cases of this module.
        pub const CASES: &[crate::cases::Case] =
            &[$(crate::cases::Case { name: concat!($group, "::", stringify!($name)), run: $name }),*];
    };
}
use cases;

/// All cases in the order in which they run.
pub fn all() -> impl Iterator<Item = &'static Case> {
    let locks =
        [fcntl::CASES, flock::CASES, ofd::CASES, release::CASES, wait::CASES, deadlock::CASES, random::CASES];
    let users = [exclusion::CASES, lockfile::CASES, sqlite::CASES, files::CASES, names::CASES, mounts::CASES];
    locks.into_iter().chain(users).flatten()
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
