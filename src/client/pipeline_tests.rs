//! The pipeline against a peer that writes in pieces, too much, or goes away.

use super::{Connection, Credential, Error, Pipeline, Template};
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

fn pair() -> (Pipeline, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let connection = Connection::connect(listener.local_addr().unwrap()).unwrap();
    (Pipeline::on(connection).unwrap(), listener.accept().unwrap().0)
}

/// Fills until something is there.
fn fill(pipeline: &mut Pipeline) -> Result<(), Error> {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !pipeline.fill()? {
        assert!(Instant::now() < deadline, "nothing comes");
        std::thread::yield_now();
    }
    Ok(())
}

fn marked(record: &[u8]) -> Vec<u8> {
    [&(0x8000_0000 | record.len() as u32).to_be_bytes(), record].concat()
}

#[test]
fn calls_leave_together_and_records_come_in_pieces() {
    let (mut pipeline, mut peer) = pair();
    let null = Template::null(&Credential::None);
    pipeline.call(&null, 1, None);
    pipeline.call(&null, 2, None);
    assert!(pipeline.has_unsent() && pipeline.flush().unwrap() && !pipeline.has_unsent());
    let mut calls = vec![0; 2 * null.bytes()];
    peer.read_exact(&mut calls).unwrap();
    assert_eq!((calls[7], calls[null.bytes() + 7]), (1, 2));

    let both = [marked(b"first"), marked(b"second!")].concat();
    let mut records = Vec::new();
    for byte in both {
        peer.write_all(&[byte]).unwrap();
        fill(&mut pipeline).unwrap();
        while let Some(record) = pipeline.record().unwrap() {
            records.push(record.to_vec());
        }
    }
    assert_eq!(records, [b"first".to_vec(), b"second!".to_vec()]);
}

#[test]
fn what_it_does_not_take_is_an_error() {
    for mark in [0x0000_0004_u32, 0xffff_ffff] {
        let (mut pipeline, mut peer) = pair();
        peer.write_all(&mark.to_be_bytes()).unwrap();
        fill(&mut pipeline).unwrap();
        assert!(pipeline.record().is_err(), "{mark:x}");
    }
    let (mut pipeline, peer) = pair();
    drop(peer);
    assert!(matches!(fill(&mut pipeline), Err(Error::Closed)));
}

#[test]
fn without_a_back_channel_calls_of_the_server_are_not_answered() {
    let (mut pipeline, _peer) = pair();
    assert!(pipeline.answer_call(&[0; 40]).is_none());
    pipeline.answer_calls(([0; 16], 1), 1);
    assert!(pipeline.answer_call(&[0xff; 3]).is_none());
    assert!(!pipeline.has_unsent());
}
