//! Machines that have the same client name, such as copies of one image: each that introduces itself takes the state of the
//! other, as the protocol wants it (RFC 7530 §9.1.1, RFC 8881 §2.4), and both lose their locks again and again. The server
//! cannot tell them apart, but it can say so.

use crate::compound::Introduction;
use crate::nfs4::{Time, Verifier};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::Duration;

/// Names remembered; when there are more, those heard of last are not.
const NAMES_MAX: usize = 4096;
/// A name unheard of for so long may be forgotten when there are too many.
const FORGET_AFTER: Duration = Duration::from_secs(3600);
/// Shortest time between two warnings about a name, and between any two.
const WARN_EVERY: (Duration, Duration) = (Duration::from_secs(60), Duration::from_secs(5));
/// Bytes of a name in the log.
const NAME_BYTES_SHOWN: usize = 100;

/// Remembers who introduced itself last by each name.
#[derive(Debug, Default)]
pub struct SameNames {
    seen: HashMap<Box<[u8]>, Seen>,
    warned: Option<Time>,
}

#[derive(Debug)]
struct Seen {
    verifier: Verifier,
    /// The one before it.
    before: Option<Verifier>,
    peer: SocketAddr,
    at: Time,
    warned: Option<Time>,
}

impl SameNames {
    /// Notes an introduction, and says so in the log when it is one of two machines with the same name.
    pub fn record(&mut self, now: Time, introduction: Introduction, peer: SocketAddr) {
        let name = introduction.name.clone();
        if let Some(other) = self.collision(now, introduction, peer) {
            let name = name[..name.len().min(NAME_BYTES_SHOWN)].escape_ascii();
            tracing::warn!(
                %name, %other, %peer,
                "a client took the place of another of the same name, which was alive: both lose their locks. Give each machine \
                 a name of its own: a host name, or for Linux the parameter nfs4_unique_id of the module nfs"
            );
        }
    }

    /// Returns the peer whose place is taken, if there is to be a warning about it.
    fn collision(&mut self, now: Time, introduction: Introduction, peer: SocketAddr) -> Option<SocketAddr> {
        let Introduction { name, verifier, replaces, .. } = introduction;
        let Some(seen) = self.seen.get_mut(&name) else {
            self.make_room(now);
            if self.seen.len() < NAMES_MAX {
                self.seen.insert(name, Seen { verifier, before: None, peer, at: now, warned: None });
            }
            return None;
        };
        let other = seen.peer;
        let is_another = verifier != seen.verifier;
        // One that comes back was not restarted: there are two, if behind the same address.
        let are_two = is_another && (peer.ip() != other.ip() || seen.before == Some(verifier));
        (seen.peer, seen.at) = (peer, now);
        if is_another {
            (seen.before, seen.verifier) = (Some(seen.verifier), verifier);
        }
        let quiet = |last: Option<Time>, least| last.is_none_or(|last| now.saturating_sub(last) >= least);
        let warn =
            replaces && are_two && quiet(seen.warned, WARN_EVERY.0) && quiet(self.warned, WARN_EVERY.1);
        if !warn {
            return None;
        }
        (seen.warned, self.warned) = (Some(now), Some(now));
        Some(other)
    }

    fn make_room(&mut self, now: Time) {
        if self.seen.len() >= NAMES_MAX {
            self.seen.retain(|_, seen| now.saturating_sub(seen.at) < FORGET_AFTER);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nfs4::ConnectionId;

    fn second(count: u64) -> Time {
        Duration::from_secs(count)
    }

    fn comes(names: &mut SameNames, at: u64, boot: u8, peer: &str) -> Option<String> {
        comes_as(names, at, (boot, true), peer)
    }

    fn comes_as(names: &mut SameNames, at: u64, (boot, replaces): (u8, bool), peer: &str) -> Option<String> {
        let (connection, name, verifier) = (ConnectionId(1), b"n"[..].into(), [boot; 8]);
        let introduction = Introduction { connection, name, verifier, replaces };
        let other = names.collision(second(at), introduction, peer.parse().unwrap());
        other.map(|other| other.to_string())
    }

    const A: &str = "192.0.2.1:700";
    const B: &str = "192.0.2.2:900";

    #[test]
    fn two_machines_with_one_name_are_told_now_and_then() {
        let mut names = SameNames::default();
        assert_eq!(comes(&mut names, 0, 1, A), None);
        assert_eq!(comes(&mut names, 1, 2, B), Some(A.into()));
        assert_eq!(comes(&mut names, 2, 1, A), None, "said a moment ago");
        assert_eq!(comes(&mut names, 62, 2, B), Some(A.into()));
    }

    #[test]
    fn a_machine_that_restarts_moves_or_follows_a_silent_one_is_alone() {
        let mut names = SameNames::default();
        assert_eq!(comes(&mut names, 0, 1, A), None);
        assert_eq!(comes(&mut names, 1, 1, A), None, "twice, as Linux does");
        assert_eq!(comes(&mut names, 2, 2, A), None, "restarted");
        assert_eq!(comes(&mut names, 3, 2, B), None, "another way to it");
        assert_eq!(comes_as(&mut names, 99, (3, false), A), None, "in place of a silent one");
    }

    #[test]
    fn two_behind_one_address_are_told_when_the_first_comes_back() {
        let mut names = SameNames::default();
        assert_eq!(comes(&mut names, 0, 1, A), None);
        assert_eq!(comes(&mut names, 1, 2, "192.0.2.1:701"), None);
        assert_eq!(comes(&mut names, 2, 1, A), Some("192.0.2.1:701".into()));
    }

    #[test]
    fn names_are_bounded() {
        let mut names = SameNames::default();
        for count in 0..2 * NAMES_MAX as u64 {
            let (name, verifier) = (count.to_be_bytes().to_vec().into(), [0; 8]);
            let introduction = Introduction { connection: ConnectionId(1), name, verifier, replaces: false };
            names.collision(second(0), introduction, A.parse().unwrap());
        }
        assert_eq!(names.seen.len(), NAMES_MAX);
        comes(&mut names, 4000, 1, A);
        assert_eq!(names.seen.len(), 1);
    }
}
