//! RPC over a socket: what is answered, in which order, and what ends a connection.

use crate::peer::{Peer, accepted, call, compound, fragment, null, record, words};
use crate::service::{
    ALARM, BIG, BIG_BYTES, BLOCKING, GARBAGE, GATED, NONBLOCKING, PANIC_BEFORE, PANIC_BLOCKING,
    PANIC_NONBLOCKING, TestServer,
};
use lockhouse::nfs4::Principal;
use lockhouse::transport::Limits;
use std::time::Duration;

fn start() -> TestServer {
    TestServer::start(Limits::default())
}

#[test]
fn null_is_answered() {
    let server = start();
    let mut peer = Peer::connect(server.address);
    assert_eq!(peer.call(&null(7)), accepted(7, 0, &[]));
    assert_eq!(peer.call(&null(8)), accepted(8, 0, &[]));
}

#[test]
fn fragments_of_any_size_make_a_record() {
    let server = start();
    let mut peer = Peer::connect(server.address);
    let args = [vec![NONBLOCKING], (0..100_000u32).map(|index| index as u8).collect()].concat();
    let call = compound(1, &args);
    for fragment_bytes in [1, 7, 2048, 65_536, call.len()] {
        let pieces: Vec<_> = call.chunks(fragment_bytes).collect();
        let (last, others) = pieces.split_last().unwrap();
        let mut bytes: Vec<u8> = others.iter().flat_map(|piece| fragment(false, piece)).collect();
        bytes.extend(fragment(true, last));
        peer.send(&bytes);
        assert_eq!(peer.receive(), accepted(1, 0, &args), "fragments of {fragment_bytes}");
    }
}

#[test]
fn what_is_not_here_is_said_not_to_be() {
    let server = start();
    let mut peer = Peer::connect(server.address);
    assert_eq!(peer.call(&call(1, (100_000, 2, 0), &[])), accepted(1, 1, &[]));
    for version in [0, 3, 5] {
        assert_eq!(peer.call(&call(2, (100_003, version, 0), &[])), accepted(2, 2, &words(&[4, 4])));
    }
    assert_eq!(peer.call(&call(3, (100_003, 4, 2), &[])), accepted(3, 3, &[]));
    assert_eq!(peer.call(&compound(4, &[GARBAGE])), accepted(4, 4, &[]));
}

#[test]
fn denials() {
    let server = start();
    let mut peer = Peer::connect(server.address);
    let denied = |xid: u32, tail: &[u32]| [words(&[xid, 1, 1]), words(tail)].concat();
    assert_eq!(peer.call(&words(&[1, 0, 3, 100_003, 4, 0, 0, 0, 0, 0])), denied(1, &[0, 2, 2]));
    let with_auth = |xid, auth: &[u32]| [words(&[xid, 0, 2, 100_003, 4, 0]), words(auth)].concat();
    assert_eq!(peer.call(&with_auth(2, &[1, 4, 9, 0, 0])), denied(2, &[1, 1]), "AUTH_BADCRED");
    assert_eq!(peer.call(&with_auth(3, &[2, 0, 0, 0])), denied(3, &[1, 2]), "AUTH_REJECTEDCRED");
    assert_eq!(peer.call(&with_auth(4, &[0, 0, 6, 0])), denied(4, &[1, 3]), "AUTH_BADVERF");
    assert_eq!(peer.call(&with_auth(5, &[6, 0, 0, 0])), denied(5, &[1, 5]), "AUTH_TOOWEAK");
    assert_eq!(peer.call(&null(6)), accepted(6, 0, &[]), "the connection lives on");
}

#[test]
fn the_service_learns_who_calls() {
    let server = start();
    let mut peer = Peer::connect(server.address);
    let sys = words(&[9, 0, 2, 100_003, 4, 1, 1, 28, 0, 0, 1000, 1001, 2, 5, 6, 0, 0]);
    let sys = [&sys[..4], &words(&[0]), &sys[8..], &[NONBLOCKING]].concat();
    assert_eq!(peer.call(&sys), accepted(9, 0, &[NONBLOCKING]));
    let call = server.service.state().callers.pop().unwrap();
    assert_eq!(call.caller.principal, Principal::Sys { uid: 1000 });
    let cred = call.caller.cred;
    assert_eq!((cred.uid, cred.gid, cred.groups.as_slice()), (1000, 1001, &[5, 6][..]));
    assert_eq!((call.xid, call.peer.ip()), (9, server.address.ip()));
}

#[test]
fn a_nonblocking_call_overtakes_a_slow_one() {
    let server = start();
    let mut peer = Peer::connect(server.address);
    peer.send(
        &[
            record(&compound(1, &[GATED])),
            record(&compound(2, &[NONBLOCKING])),
            record(&compound(3, &[BLOCKING])),
        ]
        .concat(),
    );
    let mut overtaken_by = [peer.receive(), peer.receive()];
    overtaken_by.sort();
    assert_eq!(overtaken_by, [accepted(2, 0, &[NONBLOCKING]), accepted(3, 0, &[BLOCKING])]);
    server.service.change(|state| state.gate_open = true);
    assert_eq!(peer.receive(), accepted(1, 0, &[GATED]));
}

#[test]
fn a_panic_is_a_system_err_and_nothing_else() {
    let server = start();
    let mut peer = Peer::connect(server.address);
    for (xid, kind) in (1..).zip([PANIC_NONBLOCKING, PANIC_BLOCKING, PANIC_BEFORE]) {
        assert_eq!(peer.call(&compound(xid, &[kind])), accepted(xid, 5, &[]), "{:?}", kind as char);
    }
    assert_eq!(peer.call(&compound(9, &[NONBLOCKING])), accepted(9, 0, &[NONBLOCKING]));
}

#[test]
fn calls_of_one_connection_are_limited() {
    let server = TestServer::start(Limits { calls_max: 3, ..Limits::default() });
    let mut peer = Peer::connect(server.address);
    (0..10).for_each(|xid| peer.send(&record(&compound(xid, &[GATED]))));
    server.service.wait_for(|state| state.running >= 3);
    server.service.change(|state| state.gate_open = true);
    let mut replies: Vec<_> = (0..10).map(|_| peer.receive()).collect();
    replies.sort();
    assert_eq!(replies, (0..10).map(|xid| accepted(xid, 0, &[GATED])).collect::<Vec<_>>());
    assert_eq!(server.service.state().running_most, 3);
}

#[test]
fn a_nonblocking_call_beyond_the_limit_waits_for_its_turn() {
    let server = TestServer::start(Limits { calls_max: 2, ..Limits::default() });
    let mut peer = Peer::connect(server.address);
    let calls = [compound(1, &[GATED]), compound(2, &[GATED]), compound(3, &[NONBLOCKING])];
    peer.send(&calls.map(|call| record(&call)).concat());
    server.service.wait_for(|state| state.running >= 2);
    server.service.change(|state| state.gate_open = true);
    assert_eq!(peer.receive()[24..], [GATED], "it would have overtaken had it been read");
    let mut others = [peer.receive(), peer.receive()];
    others.sort_by_key(|reply| reply[24]);
    assert_eq!((others[0][24], &others[1]), (GATED, &accepted(3, 0, &[NONBLOCKING])));
}

#[test]
fn what_replies_may_take_counts_before_they_are_there() {
    let server = start();
    let mut peer = Peer::connect(server.address);
    (0..40).for_each(|xid| peer.send(&record(&compound(xid, &[BIG]))));
    // So many fit into 8 MiB beside what the calls themselves take.
    let most = (8 << 20) / BIG_BYTES - 1;
    server.service.wait_for(|state| state.running >= most);
    server.service.change(|state| state.gate_open = true);
    let mut replies: Vec<_> = (0..40).map(|_| peer.receive()).collect();
    replies.sort();
    assert_eq!(replies, (0..40).map(|xid| accepted(xid, 0, &[BIG])).collect::<Vec<_>>());
    assert_eq!(server.service.state().running_most, most);
}

#[test]
fn a_call_that_takes_more_than_a_connection_may_is_carried_out_alone() {
    let server = TestServer::start(Limits { outstanding_bytes_max: BIG_BYTES / 2, ..Limits::default() });
    let mut peer = Peer::connect(server.address);
    let calls =
        [compound(1, &[GATED]), compound(2, &[BIG]), compound(3, &[BIG]), compound(4, &[NONBLOCKING])];
    peer.send(&calls.map(|call| record(&call)).concat());
    server.service.wait_for(|state| state.running == 1);
    server.service.change(|state| state.gate_open = true);
    for (xid, kind) in (1..).zip([GATED, BIG, BIG, NONBLOCKING]) {
        assert_eq!(peer.receive(), accepted(xid, 0, &[kind]));
    }
    assert_eq!(server.service.state().running_most, 1);
}

#[test]
fn a_peer_that_does_not_read_is_let_go() {
    let stuck_after = Duration::from_millis(50);
    let server = TestServer::start(Limits { stuck_after, ..Limits::default() });
    let mut peer = Peer::connect(server.address);
    // Ends only when the server closes the connection: it takes no more calls while replies wait.
    peer.send_until_broken(&record(&compound(1, &[vec![NONBLOCKING], vec![0; 1 << 20]].concat())));
}

#[test]
fn idle_connections_are_closed() {
    let (idle_after, unknown_after) = (Duration::from_millis(30), Duration::from_millis(10));
    let server = TestServer::start(Limits { idle_after, unknown_after, ..Limits::default() });
    Peer::connect(server.address).expect_end();
    let mut half = Peer::connect(server.address);
    half.send(&[0x80]);
    half.expect_end();
    let mut known = Peer::connect(server.address);
    known.send(&record(&null(1)));
    known.receive();
    known.expect_end();
}

#[test]
fn a_running_call_keeps_its_connection() {
    let (idle_after, unknown_after) = (Duration::from_millis(5), Duration::from_millis(5));
    let server = TestServer::start(Limits { idle_after, unknown_after, ..Limits::default() });
    let mut busy = Peer::connect(server.address);
    busy.send(&record(&compound(1, &[GATED])));
    server.service.wait_for(|state| state.running == 1);
    // Other connections come and go in the meantime, by the same limits.
    (0..5).for_each(|_| Peer::connect(server.address).expect_end());
    server.service.change(|state| state.gate_open = true);
    assert_eq!(busy.receive(), accepted(1, 0, &[GATED]));
}

#[test]
fn what_cannot_be_followed_ends_the_connection_and_only_it() {
    let server = start();
    let mut other = Peer::connect(server.address);
    let too_long = ((1 << 20) + (64 << 10) + 1) | 1 << 31;
    for bytes in [words(&[too_long]), record(b"abc"), record(&words(&[1, 9, 2])), record(b""), vec![0; 80]] {
        let mut peer = Peer::connect(server.address);
        peer.send(&[record(&null(1)), bytes.clone()].concat());
        assert_eq!(peer.receive(), accepted(1, 0, &[]), "what came before is answered: {bytes:?}");
        peer.expect_end();
    }
    assert_eq!(other.call(&null(2)), accepted(2, 0, &[]));
}

/// The call and the end of the stream are mostly there before the server looks, and are told of by one event.
#[test]
fn a_call_with_the_end_of_the_stream_behind_it_is_answered_and_the_end_is_seen() {
    let server = start();
    for xid in 0..50 {
        let mut peer = Peer::connect(server.address);
        peer.send(&record(&null(xid)));
        peer.finish_sending();
        assert_eq!(peer.receive(), accepted(xid, 0, &[]));
        peer.expect_end();
    }
}

#[test]
fn a_reply_from_the_peer_is_dropped() {
    let server = start();
    let mut peer = Peer::connect(server.address);
    peer.send(&record(&accepted(1, 0, &[])));
    assert_eq!(peer.call(&null(2)), accepted(2, 0, &[]));
}

#[test]
fn connections_are_limited() {
    let server = TestServer::start(Limits { connections_max: 1, ..Limits::default() });
    let mut first = Peer::connect(server.address);
    assert_eq!(first.call(&null(1)), accepted(1, 0, &[]));
    Peer::connect(server.address).expect_end();
    assert_eq!(first.call(&null(2)), accepted(2, 0, &[]));
}

#[test]
fn alarms_go_off() {
    let server = start();
    let mut peer = Peer::connect(server.address);
    for count in 1..=3 {
        peer.call(&compound(count, &[ALARM]));
        server.service.wait_for(|state| state.alarms == count as usize);
    }
}

/// While too many commits are outstanding, no call is taken; when one of them is durable, those that came are.
#[test]
fn no_call_is_taken_while_too_much_is_outstanding() {
    let server = start();
    let mut peer = Peer::connect(server.address);
    let service = &server.service;
    assert_eq!(peer.call(&compound(1, &[NONBLOCKING])), accepted(1, 0, &[NONBLOCKING]));
    let outstanding = service.commits.assign();
    service.change(|state| state.full = true);
    for xid in 2..5 {
        // The worker asks in each of its rounds, so all but the last of these rounds are over afterwards.
        let asked = service.state().asked;
        peer.send(&record(&compound(xid, &[NONBLOCKING])));
        service.wait_for(|state| state.asked > asked);
    }
    let executed = service.state().executed;
    assert_eq!(executed, 1);
    service.change(|state| state.full = false);
    service.commits.complete(outstanding);
    for xid in 2..5 {
        assert_eq!(peer.receive(), accepted(xid, 0, &[NONBLOCKING]));
    }
}
