//! RFC 5531 §11: record marking on a TCP connection.

use crate::support::Place;
use lockhouse::client::rpc::{CallHeader, NFS_PROGRAM};
use lockhouse::client::{Client, Error, op};
use lockhouse::nfs4::Status;

/// The bytes of a NULL call.
fn null_call(client: &mut Client) -> (u32, Vec<u8>) {
    let xid = client.connection.new_xid();
    let credential = client.credential.clone();
    let (program, version) = (NFS_PROGRAM, 4);
    let header = CallHeader { xid, rpc_version: 2, program, version, procedure: 0, credential: &credential };
    (xid, header.message(&[]))
}

/// §11: a record may come in any number of fragments, also of one byte.
#[test]
fn record_in_many_fragments() {
    let mut client = Place::new().stranger();
    for size in [1, 2, 3, 4, 7, 28] {
        let (xid, message) = null_call(&mut client);
        let fragments: Vec<&[u8]> = message.chunks(size).collect();
        client.connection.send_fragments(&fragments).unwrap();
        assert_eq!(client.connection.receive(xid).unwrap().outcome, Ok(vec![]));
    }
}

/// §11: an empty last fragment ends the record as well.
#[test]
fn empty_last_fragment() {
    let mut client = Place::new().stranger();
    let (xid, message) = null_call(&mut client);
    client.connection.send_fragments(&[&message, &[]]).unwrap();
    assert_eq!(client.connection.receive(xid).unwrap().outcome, Ok(vec![]));
}

/// §11: TCP may cut the bytes anywhere: each of them alone.
#[test]
fn record_byte_by_byte() {
    let mut client = Place::new().stranger();
    let (xid, message) = null_call(&mut client);
    let mark = (0x8000_0000 | message.len() as u32).to_be_bytes();
    for byte in [&mark[..], &message].concat() {
        client.connection.send_bytes(&[byte]).unwrap();
    }
    assert_eq!(client.connection.receive(xid).unwrap().outcome, Ok(vec![]));
}

/// §11, RFC 7530 §3.1: many calls may be outstanding on one connection; each is answered once, by its xid.
#[test]
fn many_calls_outstanding() {
    let place = Place::new();
    let mut client = place.stranger();
    // Fewer than a server may take before it waits for somebody to read the answers.
    let calls: Vec<(u32, bool)> = (0..64)
        .map(|index| {
            let missing = index % 3 == 0;
            let ops = [op::putfh(&place.dir), if missing { op::lookup("missing") } else { op::getfh() }];
            (client.send(&ops).unwrap(), missing)
        })
        .collect();
    for (xid, missing) in calls.into_iter().rev() {
        let want = if missing { Status::NoEnt } else { Status::Ok };
        assert_eq!(client.receive(xid).unwrap().status, want);
    }
}

/// §11: two records in one segment are two calls.
#[test]
fn two_records_at_once() {
    let mut client = Place::new().stranger();
    let ((one, first), (two, second)) = (null_call(&mut client), null_call(&mut client));
    let mark = |message: &[u8]| (0x8000_0000 | message.len() as u32).to_be_bytes();
    client.connection.send_bytes(&[&mark(&first)[..], &first, &mark(&second), &second].concat()).unwrap();
    assert_eq!(client.connection.receive(two).unwrap().outcome, Ok(vec![]));
    assert_eq!(client.connection.receive(one).unwrap().outcome, Ok(vec![]));
}

/// A record that claims to be larger than any call ends the connection, without waiting for it to arrive; others are
/// not touched.
#[test]
fn record_of_two_gigabytes() {
    let place = Place::new();
    let (mut good, mut bad) = (place.stranger(), place.stranger());
    bad.connection.send_bytes(&[0xff, 0xff, 0xff, 0xff]).unwrap();
    bad.connection.send_bytes(&[0; 64]).ok();
    bad.connection.wait_closed().unwrap();
    good.root().unwrap();
}

/// What is no call at all ends the connection or is dropped; the server lives on.
#[test]
fn record_that_is_no_call() {
    let place = Place::new();
    for record in [&b""[..], &[0; 3], &[0xff; 40], b"GET / HTTP/1.1\r\n\r\n"] {
        let mut bad = place.stranger();
        bad.connection.send_message(record).unwrap();
        bad.connection.finish_sending().unwrap();
        match bad.connection.receive_any() {
            Ok(reply) => assert!(reply.outcome.is_err(), "{reply:?}"),
            Err(Error::Closed | Error::Io(_)) => {}
            Err(other) => panic!("{other}"),
        }
    }
    place.stranger().root().unwrap();
}

/// A client that goes away in the middle of a record, or without reading its answers, harms nobody.
#[test]
fn client_that_goes_away() {
    let place = Place::new();
    let mut half = place.stranger();
    half.connection.send_bytes(&[0x80, 0, 1, 0, 1, 2, 3]).unwrap();
    drop(half);
    let mut deaf = place.stranger();
    for _ in 0..50 {
        deaf.send(&[op::putfh(&place.dir), op::getattr(&[0, 1, 3, 4])]).unwrap();
    }
    drop(deaf);
    place.stranger().root().unwrap();
}
