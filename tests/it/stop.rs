//! How a server ends.

use crate::peer::{Peer, accepted, compound, null, record};
use crate::service::{GATED, TestServer};
use lockhouse::transport::Limits;
use std::time::Duration;

#[test]
fn idle_connections_do_not_hold_it_up() {
    let mut server = TestServer::start(Limits { stop_patience: Duration::MAX, ..Limits::default() });
    let mut peer = Peer::connect(server.address);
    peer.call(&null(1));
    server.shut_down();
    server.join();
    peer.expect_end();
}

#[test]
fn running_calls_are_answered_first() {
    let mut server = TestServer::start(Limits { stop_patience: Duration::MAX, ..Limits::default() });
    let mut busy = Peer::connect(server.address);
    let mut idle = Peer::connect(server.address);
    busy.send(&record(&compound(1, &[GATED])));
    idle.call(&null(2));
    server.service.wait_for(|state| state.running == 1);
    server.shut_down();
    idle.expect_end();
    server.service.change(|state| state.gate_open = true);
    assert_eq!(busy.receive(), accepted(1, 0, &[GATED]));
    busy.expect_end();
    server.join();
}

#[test]
fn a_call_that_does_not_end_holds_it_up_only_for_a_while() {
    let mut server =
        TestServer::start(Limits { stop_patience: Duration::from_millis(10), ..Limits::default() });
    let mut peer = Peer::connect(server.address);
    peer.send(&record(&compound(1, &[GATED])));
    server.service.wait_for(|state| state.running == 1);
    server.shut_down();
    server.join();
    peer.expect_end();
}
