//! RFC 8881 §2.10.3, §2.10.6: requests of one session over several connections at once, which a server may serve in several
//! threads. Each is carried out once, also when it is sent again over another connection before it was answered.

use crate::support::{Locker, Place};
use lockhouse::client::{
    COMPOUND, Client, CompoundReply, Credential, LockOwner, compound_args, lock_result, op, write_lock,
};
use lockhouse::nfs4::{Filehandle, Stateid, Status};
use lockhouse::xdr::generated::nfs4::{channel_dir_from_client4, nfs_argop4};

const CONNECTIONS: usize = 4;
/// The first slot is used by whoever opens the file.
const SLOTS: [u32; 8] = [1, 2, 3, 4, 5, 6, 7, 8];
const ROUNDS: u32 = 12;

/// A slot, and the lock of its owner.
struct Turn {
    slot: u32,
    owner: LockOwner,
    stateid: Option<Stateid>,
}

impl Turn {
    /// LOCK and LOCKU by turns, on bytes that nobody else uses.
    fn next(&self, round: u32, locker: &Locker) -> nfs_argop4 {
        let range = write_lock(u64::from(self.slot) * 10, 10);
        match self.stateid {
            None => range.op_new_owner(&locker.file, &self.owner),
            Some(stateid) if round.is_multiple_of(2) => range.op_known_owner(stateid, 0),
            Some(stateid) => op::locku(range.kind, 0, stateid, range.offset, range.length),
        }
    }
}

fn send(
    client: &mut Client,
    session: [u8; 16],
    (slot, round): (u32, u32),
    fh: &Filehandle,
    op: &nfs_argop4,
) -> u32 {
    let ops = [op::sequence(session, slot, round + 1, true), op::putfh(fh), op.clone()];
    let args = compound_args(&[], 1, &ops).expect("encoded");
    client.connection.send(COMPOUND, &client.credential, &args).expect("sent")
}

fn receive(client: &mut Client, xid: u32) -> Vec<u8> {
    client.connection.receive(xid).expect("a reply").outcome.expect("accepted")
}

#[test]
fn each_request_is_carried_out_once_over_whatever_connection() {
    let place = Place::new();
    let more_slots = |request: &mut lockhouse::client::SessionRequest| request.slots = 16;
    let actor = place.member_as(1, "a", Credential::sys(0, 0), more_slots);
    let mut locker = Locker::of(actor, "a");
    let (session, fh) = (locker.actor.session_id(), locker.file.filehandle.clone());
    let mut clients: Vec<_> = (0..CONNECTIONS).map(|_| place.stranger_41()).collect();
    for client in &mut clients {
        let bind = op::bind_conn_to_session(session, channel_dir_from_client4::CDFC4_FORE);
        assert_eq!(client.compound_raw(1, &[bind]).expect("a reply").status, Status::Ok);
    }
    let new = |slot| Turn { slot, owner: locker.actor.lock_owner(&format!("owner {slot}")), stateid: None };
    let mut turns: Vec<_> = SLOTS.into_iter().map(new).collect();
    for round in 0..ROUNDS {
        // All are sent before the first reply is read, each over two connections.
        let sent: Vec<_> = turns
            .iter()
            .map(|turn| {
                let (at, op) = (turn.slot as usize + round as usize, turn.next(round, &locker));
                [at, at + 1].map(|at| {
                    let at = at % CONNECTIONS;
                    (at, send(&mut clients[at], session, (turn.slot, round), &fh, &op))
                })
            })
            .collect();
        for (turn, sent) in turns.iter_mut().zip(sent) {
            let replies = sent.map(|(at, xid)| receive(&mut clients[at], xid));
            let decoded = replies.clone().map(|bytes| CompoundReply::decode(&bytes).expect("a reply"));
            // Whichever comes second is answered from the slot, or told to come later.
            let [first, second] = &decoded;
            let later = |reply: &CompoundReply| reply.status == Status::Delay;
            assert!(later(first) || later(second) || replies[0] == replies[1], "{decoded:?}");
            let done = decoded.into_iter().find(|reply| !later(reply)).expect("one is carried out");
            assert_eq!(done.status, Status::Ok, "slot {} in round {round}", turn.slot);
            if turn.stateid.is_none() {
                turn.stateid = Some(Stateid { seqid: 0, ..lock_result(done).expect("a lock") });
            }
        }
    }
    // The last round has unlocked everything.
    locker.test(write_lock(0, 1000)).expect("nothing is held");
}
