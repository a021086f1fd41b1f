//! The client against a peer that says what it likes.

use super::compound::{encode_args, encode_ops};
use super::rpc::{Reply, append_u32};
use super::*;
use crate::nfs4::Status;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread::JoinHandle;
use std::time::Duration;

/// A peer that takes one connection and does this with it.
fn peer(script: impl FnOnce(TcpStream) + Send + 'static) -> (SocketAddr, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    (addr, std::thread::spawn(move || script(listener.accept().unwrap().0)))
}

/// Reads a record of one fragment and gives its xid.
fn read_call(stream: &mut TcpStream) -> u32 {
    let mut mark = [0; 4];
    stream.read_exact(&mut mark).unwrap();
    let mut call = vec![0; (u32::from_be_bytes(mark) & 0x7fff_ffff) as usize];
    stream.read_exact(&mut call).unwrap();
    u32::from_be_bytes(*call.first_chunk().unwrap())
}

/// An accepted, successful reply.
fn success(xid: u32, results: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    [xid, 1, 0, 0, 0, 0].iter().for_each(|word| append_u32(&mut out, *word));
    [out, results.to_vec()].concat()
}

fn record(message: &[u8]) -> Vec<u8> {
    [&(0x8000_0000 | message.len() as u32).to_be_bytes(), message].concat()
}

#[test]
fn replies_are_matched_by_xid_whatever_their_order_and_fragments() {
    let (addr, peer) = peer(|mut stream| {
        let (first, second) = (read_call(&mut stream), read_call(&mut stream));
        stream.write_all(&record(&success(second, b"two!"))).unwrap();
        let message = success(first, b"one!");
        for byte in &message[..message.len() - 1] {
            stream.write_all(&[0, 0, 0, 1, *byte]).unwrap();
        }
        stream.write_all(&[0x80, 0, 0, 1, b'!']).unwrap();
    });
    let mut connection = Connection::connect(addr).unwrap();
    let first = connection.send(0, &Credential::None, &[]).unwrap();
    let second = connection.send(0, &Credential::None, &[]).unwrap();
    assert_eq!(connection.receive(first).unwrap().outcome, Ok(b"one!".to_vec()));
    assert_eq!(connection.receive(second).unwrap().outcome, Ok(b"two!".to_vec()));
    peer.join().unwrap();
    assert!(matches!(connection.receive(7), Err(Error::Closed)));
}

#[test]
fn connection_outlives_a_timeout() {
    let (go, wait) = std::sync::mpsc::channel();
    let (addr, peer) = peer(move |mut stream| {
        let xid = read_call(&mut stream);
        let reply = record(&success(xid, &[]));
        stream.write_all(&reply[..9]).unwrap();
        wait.recv().unwrap();
        stream.write_all(&reply[9..]).unwrap();
    });
    let mut connection = Connection::connect(addr).unwrap();
    let xid = connection.send(0, &Credential::None, &[]).unwrap();
    connection.set_timeout(Duration::from_millis(20));
    assert!(matches!(connection.receive(xid), Err(Error::Timeout)));
    go.send(()).unwrap();
    connection.set_timeout(Duration::from_secs(60));
    assert_eq!(connection.receive(xid).unwrap().outcome, Ok(vec![]));
    peer.join().unwrap();
}

#[test]
fn records_that_are_too_long_are_refused_before_they_arrive() {
    let (addr, peer) = peer(|mut stream| {
        stream.write_all(&[0xff; 4]).unwrap();
        let _ = stream.read(&mut [0; 1]);
    });
    let mut connection = Connection::connect(addr).unwrap();
    assert!(matches!(connection.receive(1), Err(Error::RecordTooLong(_))));
    drop(connection);
    peer.join().unwrap();
}

#[test]
fn replies_cut_anywhere_are_errors() {
    let whole = success(5, &[]);
    (0..whole.len()).for_each(|length| assert!(Reply::parse(&whole[..length]).is_err(), "{length}"));
    assert_eq!(Reply::parse(&whole).unwrap().xid, 5);
    let mut results = Vec::new();
    // OK, empty tag, two results: PUTROOTFH OK, RENEW NFS4ERR_EXPIRED.
    [10011, 0, 2, 24, 0, 30, 10011].iter().for_each(|word| append_u32(&mut results, *word));
    (0..results.len())
        .for_each(|length| assert!(CompoundReply::decode(&results[..length]).is_err(), "{length}"));
    let reply = CompoundReply::decode(&results).unwrap();
    assert_eq!(reply.statuses(), [Status::Ok, Status::Expired]);
    assert_eq!(reply.ok().unwrap_err().status(), Some(Status::Expired));
    append_u32(&mut results, 0);
    assert!(CompoundReply::decode(&results).is_err(), "bytes left over");
}

#[test]
fn hostile_counts_cost_nothing() {
    let mut results = Vec::new();
    [0, 0, u32::MAX].iter().for_each(|word| append_u32(&mut results, *word));
    assert!(CompoundReply::decode(&results).is_err());
    let mut results = Vec::new();
    [0, 0xffff_fff0].iter().for_each(|word| append_u32(&mut results, *word));
    assert!(CompoundReply::decode(&results).is_err());
}

#[test]
fn owners_count_what_the_server_counts() {
    let mut owner = OpenOwner::new(1, "o");
    owner.seqid = u32::MAX;
    owner.answered(Status::BadSeqid);
    owner.answered(Status::BadStateid);
    assert_eq!(owner.seqid, u32::MAX);
    owner.answered(Status::OldStateid);
    assert_eq!(owner.seqid, 0);
    owner.answered(Status::Denied);
    assert_eq!(owner.seqid, 1);
}

#[test]
fn what_does_not_fit_the_types_is_not_sent() {
    let long = vec![b'x'; 5000];
    assert!(matches!(encode_ops(&[op::lookup(&long)]), Err(Error::Encode(_))));
    assert_eq!(encode_args(b"tag", 0, 1, &[]).len(), 16);
}
