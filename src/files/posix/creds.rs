//! The identity with which the kernel checks access.

use super::sys;
use crate::files::result::Result;
use crate::nfs4::{Cred, Status};
use std::marker::PhantomData;

/// Says how permissions are decided.
#[derive(Clone, Debug)]
pub(super) enum Rights {
    /// The thread takes the caller's identity for each access and the kernel decides: the server runs as root.
    Caller(Own),
    /// The server's own rights decide, and before each access the mode bits of the object: callers get no more than both
    /// permit.
    Own,
}

/// Holds the server's own identity, to be restored.
#[derive(Clone, Debug)]
pub(super) struct Own {
    uid: u32,
    gid: u32,
    groups: Vec<u32>,
}

impl Rights {
    /// Finds out what this process is able to do, by trying it.
    pub(super) fn detect() -> Self {
        let own = Own {
            uid: rustix::process::geteuid().as_raw(),
            gid: rustix::process::getegid().as_raw(),
            groups: rustix::process::getgroups()
                .map(|groups| groups.iter().map(|gid| gid.as_raw()).collect())
                .unwrap_or_default(),
        };
        let able = own.uid == 0 && Acting::start(&own, &Cred::nobody()).is_ok();
        if able { Self::Caller(own) } else { Self::Own }
    }

    /// Tells whether the mode bits must be checked, because the kernel does not see the caller.
    pub(super) fn by_mode_bits(&self) -> bool {
        matches!(self, Self::Own)
    }

    /// Makes this thread act as `cred` until the guard is dropped.
    /// Errors: `Access` for an identity that does not exist in the user namespace.
    pub(super) fn act_as(&self, cred: &Cred) -> Result<Option<Acting<'_>>> {
        match self {
            Self::Caller(own) => Acting::start(own, cred).map(Some),
            Self::Own => Ok(None),
        }
    }
}

/// Restores the identity of its thread when it is dropped. Stays on its thread.
pub(super) struct Acting<'a> {
    own: &'a Own,
    on_this_thread: PhantomData<*const ()>,
}

impl<'a> Acting<'a> {
    fn start(own: &'a Own, cred: &Cred) -> Result<Self> {
        // From here on a failure is undone by the guard.
        let guard = Self { own, on_this_thread: PhantomData };
        // Groups first: setting them needs a capability; setting the user takes those of files away.
        let groups = sys::set_thread_groups(&cred.groups).is_ok();
        let all = groups && sys::set_thread_fsgid(cred.gid) && sys::set_thread_fsuid(cred.uid);
        if all { Ok(guard) } else { Err(Status::Access) }
    }
}

impl Drop for Acting<'_> {
    fn drop(&mut self) {
        let back = sys::set_thread_fsuid(self.own.uid)
            && sys::set_thread_fsgid(self.own.gid)
            && sys::set_thread_groups(&self.own.groups).is_ok();
        if !back {
            // A thread with the rights of one caller must not serve another.
            tracing::error!("cannot restore the server's own identity; the process ends");
            std::process::abort();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use smallvec::smallvec;

    /// Returns the numbers of user, group and further groups with which this thread touches files.
    fn identity() -> (String, String, String) {
        let status = std::fs::read_to_string("/proc/thread-self/status").unwrap();
        let line = |key: &str| {
            let line = status.lines().find(|line| line.starts_with(key)).unwrap();
            line.split_whitespace().skip(1).collect::<Vec<_>>().join(" ")
        };
        (line("Uid:"), line("Gid:"), line("Groups:"))
    }

    #[test]
    fn a_thread_acts_as_the_caller_and_returns() {
        let rights = Rights::detect();
        if rights.by_mode_bits() {
            return; // Not root: nothing to switch.
        }
        let before = identity();
        let guard = rights.act_as(&Cred { uid: 1234, gid: 2345, groups: smallvec![7, 8] }).unwrap();
        let during = identity();
        let elsewhere = std::thread::spawn(identity).join().unwrap();
        drop(guard);
        assert_eq!(identity(), before);
        assert!(during.0.ends_with(" 1234") && during.1.ends_with(" 2345"), "{during:?}");
        assert_eq!(during.2, "7 8");
        // A new thread inherits from its maker; what matters is that the old threads did not change.
        assert!(elsewhere.0.ends_with(" 1234"));
    }

    #[test]
    fn only_this_thread_changes() {
        let rights = Rights::detect();
        if rights.by_mode_bits() {
            return;
        }
        let before = identity();
        let (ask, asked) = std::sync::mpsc::channel::<()>();
        let (tell, told) = std::sync::mpsc::channel();
        let other = std::thread::spawn(move || {
            asked.recv().unwrap();
            tell.send(identity()).unwrap();
        });
        let guard = rights.act_as(&Cred::nobody()).unwrap();
        ask.send(()).unwrap();
        assert_eq!(told.recv().unwrap(), before);
        drop(guard);
        other.join().unwrap();
    }
}
