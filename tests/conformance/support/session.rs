//! Clients with sessions, and COMPOUNDs that say what they like in SEQUENCE.

use super::{Actor, Locker, Place};
use lockhouse::client::{Client, CompoundReply, Credential, Error, SessionRequest, op};
use lockhouse::nfs4::Status;
use lockhouse::xdr::generated::nfs4::nfs_argop4;

impl Place {
    /// A connection without a session that speaks 4.1, as user 0.
    pub fn stranger_41(&self) -> Client {
        let mut client = self.stranger();
        client.minor = 1;
        client
    }

    /// A 4.1 client with a session and a back channel that has nothing to reclaim, as user 0.
    pub fn member(&self, label: &str) -> Actor {
        self.member_of(1, label)
    }

    /// The same of another minor version.
    pub fn member_of(&self, minor: u32, label: &str) -> Actor {
        self.member_as(minor, label, Credential::sys(0, 0), |_| {})
    }

    /// The same as this user and with a changed request for a session.
    pub fn member_as(
        &self,
        minor: u32,
        label: &str,
        credential: Credential,
        change: impl FnOnce(&mut SessionRequest),
    ) -> Actor {
        let mut client = self.stranger();
        client.credential = credential;
        let id = self.client_id(label);
        let mut request = SessionRequest::new(&id, *b"verifier");
        change(&mut request);
        client.begin_session(minor, &request).expect("a session");
        client.reclaim_complete().expect("nothing to reclaim");
        Actor::on(client, self.dir.clone(), id)
    }

    /// A 4.1 client with the file `f` open for reading and writing and a lock owner.
    pub fn session_locker(&self, label: &str) -> Locker {
        Locker::of(self.member(label), label)
    }
}

/// Two 4.1 clients with the same file open.
pub fn two_session_lockers() -> (Locker, Locker) {
    let place = Place::new();
    (place.session_locker("a"), place.session_locker("b"))
}

impl Actor {
    /// The id of its session.
    pub fn session_id(&self) -> [u8; 16] {
        self.session.as_ref().expect("a session").id
    }

    /// Sends `ops` behind a SEQUENCE with these arguments; what comes back, SEQUENCE's result included.
    pub fn sequenced(
        &mut self,
        (slot, sequence, cache): (u32, u32, bool),
        ops: &[nfs_argop4],
    ) -> CompoundReply {
        let bytes = self.sequenced_bytes((slot, sequence, cache), ops);
        CompoundReply::decode(&bytes).expect("a reply")
    }

    /// The same, as bytes.
    pub fn sequenced_bytes(
        &mut self,
        (slot, sequence, cache): (u32, u32, bool),
        ops: &[nfs_argop4],
    ) -> Vec<u8> {
        let sequence = op::sequence(self.session_id(), slot, sequence, cache);
        self.compound_bytes(&[&[sequence], ops].concat()).expect("a reply")
    }

    /// Sends exactly these operations, without SEQUENCE; how it ended.
    pub fn bare(&mut self, ops: &[nfs_argop4]) -> Status {
        let minor = self.minor;
        self.compound_raw(minor, ops).expect("a reply").status
    }
}

/// The status of the first operation that failed, or OK.
pub fn status_of(result: Result<CompoundReply, Error>) -> Status {
    result.expect("a reply").status
}
