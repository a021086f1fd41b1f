//! A process in a guest, as a test case sees it.

use std::ops::{RangeFrom, RangeInclusive};
use std::sync::Arc;
use std::time::Duration;

use rustix::io::Errno;

use super::link::{Answer, Link, Pending};

/// The type of a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Shared.
    Read,
    /// Exclusive.
    Write,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::Read => "r",
            Kind::Write => "w",
        }
    }

    /// Whether two owners cannot hold `self` and `other` on the same byte.
    pub fn conflicts(self, other: Kind) -> bool {
        self == Kind::Write || other == Kind::Write
    }
}

/// Bytes `first..=last` of a file; a range to `i64::MAX` is one to the end of any file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bytes {
    /// The first byte.
    pub first: i64,
    /// The last byte.
    pub last: i64,
}

impl From<RangeInclusive<i64>> for Bytes {
    fn from(range: RangeInclusive<i64>) -> Self {
        Self { first: *range.start(), last: *range.end() }
    }
}

impl From<RangeFrom<i64>> for Bytes {
    fn from(range: RangeFrom<i64>) -> Self {
        Self { first: range.start, last: i64::MAX }
    }
}

impl Bytes {
    /// Start and length of `struct flock`, where length 0 is to the end.
    fn words(self) -> String {
        let length = if self.last == i64::MAX { 0 } else { self.last - self.first + 1 };
        format!("{} {length}", self.first)
    }

    fn parse(start: &str, length: &str) -> Option<Self> {
        let (first, length): (i64, i64) = (start.parse().ok()?, length.parse().ok()?);
        let last = if length == 0 { i64::MAX } else { first.checked_add(length - 1)? };
        Some(Self { first, last })
    }
}

/// What F_GETLK names.
pub type Holder = Option<(Kind, Bytes)>;

/// A holder, for comparing.
pub fn held(kind: Kind, bytes: impl Into<Bytes>) -> Holder {
    Some((kind, bytes.into()))
}

/// Which kind of fcntl lock: the owner is the process, or the open file description.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Api {
    /// F_SETLK and so on.
    Posix,
    /// F_OFD_SETLK and so on.
    OpenFile,
}

/// An open file of a worker.
#[derive(Debug, Clone, Copy)]
pub struct Fd(u32);

impl Fd {
    /// The file that `open` has answered with.
    pub fn numbered(number: &str) -> Self {
        Self(number.parse().expect("the guest numbers its files"))
    }
}

/// A worker process.
pub struct Worker {
    link: Arc<Link>,
    name: String,
    /// Its process id in the guest.
    pub pid: String,
}

/// The error number of a system call.
pub type Outcome<T> = Result<T, Errno>;

impl Worker {
    /// A worker that exists in the guest.
    pub fn new(link: Arc<Link>, name: &str, pid: &str) -> Self {
        Self { link, name: name.into(), pid: pid.into() }
    }

    /// Starts a command; its answer can be waited for later.
    pub fn start(&self, command: &str) -> Pending {
        self.link.start(&self.name, command)
    }

    /// Runs a command. Panics if it fails for another reason than a refused system call.
    #[track_caller]
    pub fn run(&self, command: &str) -> Outcome<String> {
        outcome(command, self.start(command).wait())
    }

    /// Runs a command that must succeed.
    #[track_caller]
    pub fn must(&self, command: &str) -> String {
        // A match, not a closure: the report is to name the line of the case.
        match self.run(command) {
            Ok(answer) => answer,
            Err(errno) => panic!("{command}: {errno}"),
        }
    }

    /// Opens a file; `flags` are letters: read, write, create, x (exclusive), truncate, append, direct.
    #[track_caller]
    pub fn try_open(&self, path: &str, flags: &str) -> Outcome<Fd> {
        self.run(&format!("open {path} {flags}")).map(|number| Fd::numbered(&number))
    }

    /// Opens a file, which must succeed.
    #[track_caller]
    pub fn open(&self, path: &str, flags: &str) -> Fd {
        match self.try_open(path, flags) {
            Ok(file) => file,
            Err(errno) => panic!("open {path} {flags}: {errno}"),
        }
    }

    /// Duplicates a descriptor.
    #[track_caller]
    pub fn dup(&self, file: Fd) -> Fd {
        Fd::numbered(&self.must(&format!("dup {}", file.0)))
    }

    /// Closes a file.
    #[track_caller]
    pub fn close(&self, file: Fd) {
        self.must(&format!("close {}", file.0));
    }

    /// Takes a lock without waiting.
    #[track_caller]
    pub fn lock(&self, file: Fd, kind: Kind, bytes: impl Into<Bytes>) -> Outcome<()> {
        self.lock_by(Api::Posix, file, kind, bytes)
    }

    /// Takes a lock of either fcntl kind without waiting.
    #[track_caller]
    pub fn lock_by(&self, api: Api, file: Fd, kind: Kind, bytes: impl Into<Bytes>) -> Outcome<()> {
        self.run(&request(api, "set", file, kind.word(), bytes)).map(drop)
    }

    /// Starts waiting for a lock.
    pub fn lock_wait(&self, file: Fd, kind: Kind, bytes: impl Into<Bytes>) -> Pending {
        self.start(&request(Api::Posix, "wait", file, kind.word(), bytes))
    }

    /// Starts waiting for a lock of either fcntl kind.
    pub fn lock_wait_by(&self, api: Api, file: Fd, kind: Kind, bytes: impl Into<Bytes>) -> Pending {
        self.start(&request(api, "wait", file, kind.word(), bytes))
    }

    /// Gives up locks.
    #[track_caller]
    pub fn unlock(&self, file: Fd, bytes: impl Into<Bytes>) {
        self.unlock_by(Api::Posix, file, bytes);
    }

    /// Gives up locks of either fcntl kind.
    #[track_caller]
    pub fn unlock_by(&self, api: Api, file: Fd, bytes: impl Into<Bytes>) {
        self.must(&request(api, "set", file, "u", bytes));
    }

    /// Starts taking a lock of either fcntl kind without waiting for its holder.
    pub fn start_lock_by(&self, api: Api, file: Fd, kind: Kind, bytes: impl Into<Bytes>) -> Pending {
        self.start(&request(api, "set", file, kind.word(), bytes))
    }

    /// Starts giving up locks.
    pub fn start_unlock(&self, file: Fd, bytes: impl Into<Bytes>) -> Pending {
        self.start(&request(Api::Posix, "set", file, "u", bytes))
    }

    /// Who is in the way of a lock.
    #[track_caller]
    pub fn test(&self, file: Fd, kind: Kind, bytes: impl Into<Bytes>) -> Holder {
        self.test_by(Api::Posix, file, kind, bytes)
    }

    /// Who is in the way of a lock of either fcntl kind.
    #[track_caller]
    pub fn test_by(&self, api: Api, file: Fd, kind: Kind, bytes: impl Into<Bytes>) -> Holder {
        let answer = self.must(&request(api, "test", file, kind.word(), bytes));
        parse_holder(&answer).unwrap_or_else(|| panic!("no holder: {answer}"))
    }

    /// Starts a command on an open file: `VERB FILE REST`.
    pub fn start_on(&self, file: Fd, verb: &str, rest: &str) -> Pending {
        self.start(&format!("{verb} {} {rest}", file.0))
    }

    /// Runs a command on an open file: `VERB FILE REST`.
    #[track_caller]
    pub fn on(&self, file: Fd, verb: &str, rest: &str) -> Outcome<String> {
        self.run(&format!("{verb} {} {rest}", file.0))
    }

    /// Runs a command on an open file that must succeed.
    #[track_caller]
    pub fn must_on(&self, file: Fd, verb: &str, rest: &str) -> String {
        self.must(&format!("{verb} {} {rest}", file.0))
    }
}

/// The answer of a started command as the outcome of its system call.
#[track_caller]
pub fn outcome(what: &str, answer: Answer) -> Outcome<String> {
    match answer {
        Ok(text) => Ok(text),
        Err(failure) if failure.errno == 0 => panic!("{what}: {}", failure.text),
        Err(failure) => Err(Errno::from_raw_os_error(failure.errno)),
    }
}

/// Waits for a started command, at most for `limit`.
#[track_caller]
pub fn finish_within(pending: Pending, limit: Duration) -> Outcome<String> {
    outcome("a waiting command", pending.within(limit))
}

/// Waits for a started command.
#[track_caller]
pub fn finish(pending: Pending) -> Outcome<String> {
    outcome("a waiting command", pending.wait())
}

fn request(api: Api, action: &str, file: Fd, kind: &str, bytes: impl Into<Bytes>) -> String {
    let verb = if api == Api::Posix { "lock" } else { "ofd" };
    format!("{verb} {action} {} {kind} {}", file.0, bytes.into().words())
}

fn parse_holder(answer: &str) -> Option<Holder> {
    if answer == "free" {
        return Some(None);
    }
    let words: Vec<&str> = answer.split(' ').collect();
    let [kind, start, length] = words.as_slice() else { return None };
    let kind = if *kind == "r" { Kind::Read } else { Kind::Write };
    Some(Some((kind, Bytes::parse(start, length)?)))
}
