//! The duplicate request cache, seen from outside.

use crate::peer::{Peer, accepted, compound, record};
use crate::service::{GATED, NONBLOCKING, PANIC_NONBLOCKING, TestServer};
use lockhouse::transport::Limits;
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Not idempotent, and nonblocking.
const CHANGE: u8 = b'c';

fn start() -> TestServer {
    TestServer::start(Limits::default())
}

fn executed(server: &TestServer) -> usize {
    server.service.state().executed
}

#[test]
fn a_repeated_change_is_carried_out_once() {
    let server = start();
    let mut peer = Peer::connect(server.address);
    let call = compound(1, &[CHANGE, 1]);
    let reply = peer.call(&call);
    assert_eq!((peer.call(&call), executed(&server)), (reply.clone(), 1));
    assert_eq!((peer.call(&call), executed(&server)), (reply, 1));
}

#[test]
fn another_xid_or_body_is_another_call() {
    let server = start();
    let mut peer = Peer::connect(server.address);
    peer.call(&compound(1, &[CHANGE, 1]));
    assert_eq!(peer.call(&compound(1, &[CHANGE, 2])), accepted(1, 0, &[CHANGE, 2]));
    assert_eq!(peer.call(&compound(2, &[CHANGE, 1])), accepted(2, 0, &[CHANGE, 1]));
    assert_eq!(executed(&server), 3);
    // Also when it comes from another port: clients may count their xids from a fixed number.
    Peer::connect(server.address).call(&compound(1, &[CHANGE, 1]));
    assert_eq!(executed(&server), 4);
}

#[test]
fn what_changes_nothing_and_what_failed_is_carried_out_again() {
    let server = start();
    let mut peer = Peer::connect(server.address);
    for kind in [NONBLOCKING, PANIC_NONBLOCKING] {
        let before = executed(&server);
        let replies = [peer.call(&compound(1, &[kind])), peer.call(&compound(1, &[kind]))];
        assert_eq!((replies[0] == replies[1], executed(&server)), (true, before + 2), "{:?}", kind as char);
    }
}

#[test]
fn a_repetition_during_the_call_waits_for_it() {
    let server = start();
    let mut peer = Peer::connect(server.address);
    let call = record(&compound(1, &[GATED]));
    // The nonblocking call after the two says when the second of them has been taken.
    peer.send(&[call.clone(), call, record(&compound(2, &[NONBLOCKING]))].concat());
    assert_eq!(peer.receive(), accepted(2, 0, &[NONBLOCKING]));
    server.service.wait_for(|state| state.running == 1);
    server.service.change(|state| state.gate_open = true);
    assert_eq!([peer.receive(), peer.receive()], [accepted(1, 0, &[GATED]), accepted(1, 0, &[GATED])]);
    assert_eq!(executed(&server), 2);
}

/// What the call has bound to a connection that went meanwhile must be let go again.
#[test]
fn a_connection_that_went_during_a_call_is_lost_after_the_call() {
    let stuck_after = Duration::from_millis(50);
    let server = TestServer::start(Limits { stuck_after, ..Limits::default() });
    let mut peer = Peer::connect(server.address);
    peer.send(&record(&compound(1, &[GATED])));
    server.service.wait_for(|state| state.running == 1);
    // It is closed because it does not read.
    peer.send_until_broken(&record(&compound(2, &[vec![NONBLOCKING], vec![0; 1 << 20]].concat())));
    server.service.wait_for(|state| state.lost.len() == 1);
    server.service.change(|state| state.gate_open = true);
    server.service.wait_for(|state| state.lost.len() == 2);
    let lost = server.service.state().lost.clone();
    assert_eq!(lost, [(lost[0].0, 1), (lost[0].0, 0)], "during the call, and after it");
}

/// A connection from the port `from` (0: any) that ends with a reset, so that the port is free at once. It comes from an
/// address of its own, so that no other test takes the port in the meantime.
fn connect(to: SocketAddr, from: u16) -> TcpStream {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let stream = runtime.block_on(async {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.set_reuseaddr(true).unwrap();
        socket.bind(([127, 0, 0, 2], from).into()).unwrap();
        let stream = socket.connect(to).await.unwrap();
        stream.set_zero_linger().unwrap();
        stream.into_std().unwrap()
    });
    stream.set_nonblocking(false).unwrap();
    stream
}

#[test]
fn a_call_survives_its_connection() {
    let server = start();
    let call = compound(1, &[GATED]);
    let first = connect(server.address, 0);
    let port = first.local_addr().unwrap().port();
    let mut peer = Peer::on(first);
    peer.send(&record(&call));
    server.service.wait_for(|state| state.running == 1);
    drop(peer);
    // As a Linux client does: the same port, the same xid, the same call.
    let mut peer = Peer::on(connect(server.address, port));
    peer.send(&[record(&call), record(&compound(2, &[NONBLOCKING]))].concat());
    assert_eq!(peer.receive(), accepted(2, 0, &[NONBLOCKING]));
    server.service.change(|state| state.gate_open = true);
    assert_eq!(peer.receive(), accepted(1, 0, &[GATED]));
    assert_eq!(executed(&server), 2);
}
