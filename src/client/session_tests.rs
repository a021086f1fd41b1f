//! Slots, retries and the back channel, against peers that say what they like.

use super::callback::BackChannel;
use super::rpc::append_u32;
use super::*;
use crate::nfs4::{Filehandle, Status};
use crate::xdr::generated::nfs4::*;
use crate::xdr::generated::nfs4_cb::*;
use crate::xdr::strict::Strict;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;
use xdr_codec::Pack;

const ID: [u8; 16] = [7; 16];

/// A CREATE_SESSION that went well, with so many slots.
fn made(slots: u32, flags: u32) -> CREATE_SESSION4resok {
    CREATE_SESSION4resok {
        csr_sessionid: sessionid4(ID),
        csr_sequence: 1,
        csr_flags: flags,
        csr_fore_chan_attrs: session::fore_channel(slots),
        csr_back_chan_attrs: session::back_channel(),
    }
}

/// A client with a session whose peer does this with its connections, in turn.
fn client_of(
    slots: u32,
    flags: u32,
    script: impl FnOnce(TcpListener) + Send + 'static,
) -> (Client, std::thread::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    let peer = std::thread::spawn(move || script(listener));
    let mut client = Client::connect(addr, Credential::None).unwrap();
    client.minor = 1;
    client.use_session(&made(slots, flags));
    client.reconnect = Some(Reconnect(Box::new(move || Connection::connect(addr))));
    (client, peer)
}

fn read_record(stream: &mut TcpStream) -> Vec<u8> {
    let mut mark = [0; 4];
    stream.read_exact(&mut mark).unwrap();
    let mut record = vec![0; (u32::from_be_bytes(mark) & 0x7fff_ffff) as usize];
    stream.read_exact(&mut record).unwrap();
    record
}

fn write_record(stream: &mut TcpStream, message: &[u8]) {
    let mark = (0x8000_0000 | message.len() as u32).to_be_bytes();
    stream.write_all(&[&mark, message].concat()).unwrap();
}

fn words(words: &[u32]) -> Vec<u8> {
    let mut out = Vec::new();
    words.iter().for_each(|word| append_u32(&mut out, *word));
    out
}

/// The arguments of SEQUENCE in a call.
fn sequence_in(call: &[u8]) -> SEQUENCE4args {
    // xid to the verifier, tag, minor version, count; then the operation.
    let op: nfs_argop4 = Strict::new(&call[52..]).value().unwrap();
    match op {
        nfs_argop4::OP_SEQUENCE(args) => args,
        other => panic!("{other:?}"),
    }
}

/// A reply to `call` whose SEQUENCE has this status, and PUTROOTFH behind it if that is good.
fn reply_to(call: &[u8], status: nfsstat4) -> Vec<u8> {
    let xid = u32::from_be_bytes(*call.first_chunk().unwrap());
    let args = sequence_in(call);
    let good = status == nfsstat4::NFS4_OK;
    let mut out = words(&[xid, 1, 0, 0, 0, 0, status as u32, 0, if good { 2 } else { 1 }]);
    let result = match status {
        nfsstat4::NFS4_OK => SEQUENCE4res::NFS4_OK(SEQUENCE4resok {
            sr_sessionid: args.sa_sessionid,
            sr_sequenceid: args.sa_sequenceid,
            sr_slotid: args.sa_slotid,
            sr_highest_slotid: 0,
            sr_target_highest_slotid: 0,
            sr_status_flags: 5,
        }),
        bad => SEQUENCE4res::default(bad),
    };
    nfs_resop4::OP_SEQUENCE(result).pack(&mut out).unwrap();
    if good {
        out.extend(words(&[nfs_opnum4::OP_PUTROOTFH as u32, 0]));
    }
    out
}

#[test]
fn sequence_ids_count_what_the_server_took() {
    let answers = [nfsstat4::NFS4_OK, nfsstat4::NFS4ERR_BADSESSION, nfsstat4::NFS4_OK];
    let (mut client, peer) = client_of(1, 0, move |listener| {
        let mut stream = listener.accept().unwrap().0;
        for (status, sequence) in answers.into_iter().zip([1, 2, 2]) {
            let call = read_record(&mut stream);
            assert_eq!((sequence_in(&call).sa_slotid, sequence_in(&call).sa_sequenceid), (0, sequence));
            write_record(&mut stream, &reply_to(&call, status));
        }
    });
    assert_eq!(client.compound(&[op::putrootfh()]).unwrap().statuses(), [Status::Ok]);
    let refused = client.compound(&[op::putrootfh()]).unwrap();
    assert_eq!(refused.ok().unwrap_err().status(), Some(Status::BadSession));
    client.compound_ok(&[op::putrootfh()]).unwrap();
    assert_eq!(client.session.as_ref().unwrap().status_flags, 5);
    peer.join().unwrap();
}

#[test]
fn call_is_sent_again_as_it_was() {
    let (mut client, peer) = client_of(2, 0, |listener| {
        let first = read_record(&mut listener.accept().unwrap().0);
        let mut stream = listener.accept().unwrap().0;
        assert_eq!(read_record(&mut stream), first, "after the connection broke");
        write_record(&mut stream, &reply_to(&first, nfsstat4::NFS4ERR_DELAY));
        assert_eq!(read_record(&mut stream), first, "while it was executed");
        write_record(&mut stream, &reply_to(&first, nfsstat4::NFS4_OK));
    });
    client.compound_ok(&[op::putrootfh()]).unwrap();
    peer.join().unwrap();
}

/// A call that the caller sends and completes itself, on two connections; the next one has another number.
#[test]
fn call_is_sent_again_by_hand() {
    let (mut client, peer) = client_of(1, 0, |listener| {
        let first = read_record(&mut listener.accept().unwrap().0);
        let mut stream = listener.accept().unwrap().0;
        assert_eq!(read_record(&mut stream), first);
        write_record(&mut stream, &reply_to(&first, nfsstat4::NFS4_OK));
        let second = read_record(&mut stream);
        let number = |call: &[u8]| u32::from_be_bytes(*call.first_chunk().unwrap());
        assert_eq!(number(&second), number(&first).wrapping_add(1));
        assert_eq!((sequence_in(&second).sa_slotid, sequence_in(&second).sa_sequenceid), (0, 2));
        write_record(&mut stream, &reply_to(&second, nfsstat4::NFS4_OK));
    });
    let call = client.prepare(&[op::putrootfh()]).unwrap();
    client.connection.send_message(call.message()).unwrap();
    let Some(Reconnect(mut connect)) = client.reconnect.take() else { panic!("client_of sets it") };
    client.use_connection(connect().unwrap());
    client.connection.send_message(call.message()).unwrap();
    let reply = client.connection.receive(call.xid).unwrap().outcome.unwrap();
    let reply = client.complete(&call, CompoundReply::decode(&reply).unwrap()).unwrap();
    assert_eq!(reply.statuses(), [Status::Ok]);
    client.compound_ok(&[op::putrootfh()]).unwrap();
    peer.join().unwrap();
}

#[test]
fn outstanding_calls_have_slots_of_their_own() {
    let (mut client, peer) = client_of(2, 0, |listener| {
        let mut stream = listener.accept().unwrap().0;
        let calls = [read_record(&mut stream), read_record(&mut stream)];
        assert_eq!(calls.each_ref().map(|call| sequence_in(call).sa_slotid), [0, 1]);
        calls.iter().rev().for_each(|call| write_record(&mut stream, &reply_to(call, nfsstat4::NFS4_OK)));
        let third = read_record(&mut stream);
        assert_eq!((sequence_in(&third).sa_slotid, sequence_in(&third).sa_sequenceid), (0, 2));
    });
    let xids = [0, 1].map(|_| client.send(&[op::putrootfh()]).unwrap());
    assert!(matches!(client.send(&[op::putrootfh()]), Err(Error::NoSlot)));
    xids.iter().for_each(|xid| drop(client.receive(*xid).unwrap()));
    client.send(&[op::putrootfh()]).unwrap();
    peer.join().unwrap();
}

/// A call of the server.
fn cb_call(procedure: u32, minor: u32, ops: Vec<nfs_cb_argop4>) -> Vec<u8> {
    let mut out = words(&[99, 0, 2, NFS4_CALLBACK, NFS_CB, procedure, 0, 0, 0, 0]);
    let args =
        CB_COMPOUND4args { tag: tag4(b"t".to_vec()), minorversion: minor, callback_ident: 0, argarray: ops };
    if procedure == CB_COMPOUND {
        args.pack(&mut out).unwrap();
    }
    out
}

fn cb_sequence(slot: u32, sequence: u32) -> nfs_cb_argop4 {
    nfs_cb_argop4::OP_CB_SEQUENCE(CB_SEQUENCE4args {
        csa_sessionid: sessionid4(ID),
        csa_sequenceid: sequence,
        csa_slotid: slot,
        csa_highest_slotid: slot,
        csa_cachethis: false,
        csa_referring_call_lists: Vec::new(),
    })
}

fn notify() -> nfs_cb_argop4 {
    nfs_cb_argop4::OP_CB_NOTIFY_LOCK(CB_NOTIFY_LOCK4args {
        cnla_fh: nfs_fh4(vec![1]),
        cnla_lock_owner: lock_owner4 { clientid: 3, owner: b"o".to_vec() },
    })
}

struct Heard {
    channel: BackChannel,
    manner: Arc<Mutex<Manner>>,
    heard: mpsc::Receiver<Callback>,
}

impl Heard {
    fn new() -> Self {
        let (hear, heard) = mpsc::channel();
        let manner = Arc::new(Mutex::new(Manner::Well));
        Self { channel: BackChannel::new((ID, 1), 2, Arc::clone(&manner), hear), manner, heard }
    }

    /// The answer to a CB_COMPOUND.
    fn ask(&mut self, minor: u32, ops: Vec<nfs_cb_argop4>) -> CB_COMPOUND4res {
        let answer = self.channel.answer(&cb_call(CB_COMPOUND, minor, ops)).unwrap();
        assert_eq!(answer[..24], words(&[99, 1, 0, 0, 0, 0]));
        Strict::whole(&answer[24..]).unwrap()
    }
}

#[test]
fn callbacks_are_answered_and_told() {
    let mut peer = Heard::new();
    let answer = peer.ask(1, vec![cb_sequence(1, 1), notify()]);
    assert_eq!(
        (answer.status, answer.tag.0.as_slice(), answer.resarray.len()),
        (nfsstat4::NFS4_OK, &b"t"[..], 2)
    );
    let told = peer.heard.try_recv().unwrap();
    assert!(told.notifies(&Filehandle::new(&[1]).unwrap(), b"o"));
    assert!(!told.notifies(&Filehandle::new(&[2]).unwrap(), b"o"));
    assert_eq!(told.answered, Some(nfsstat4::NFS4_OK));
    *peer.manner.lock().unwrap() = Manner::Refuse(nfsstat4::NFS4ERR_BADHANDLE);
    assert_eq!(peer.ask(1, vec![cb_sequence(1, 2), notify()]).status, nfsstat4::NFS4ERR_BADHANDLE);
    *peer.manner.lock().unwrap() = Manner::Silent;
    assert_eq!(peer.channel.answer(&cb_call(CB_COMPOUND, 1, vec![cb_sequence(1, 3), notify()])), None);
    assert_eq!(peer.heard.iter().nth(1).unwrap().answered, None);
}

#[test]
fn back_channel_has_slots() {
    let mut peer = Heard::new();
    let first = peer.ask(1, vec![cb_sequence(0, 1), notify()]);
    assert_eq!(peer.ask(1, vec![cb_sequence(0, 1), notify()]), first);
    for (slot, sequence, want) in [
        (0, 3, nfsstat4::NFS4ERR_SEQ_MISORDERED),
        (1, 0, nfsstat4::NFS4ERR_SEQ_MISORDERED),
        (2, 1, nfsstat4::NFS4ERR_BADSLOT),
        (0, 2, nfsstat4::NFS4_OK),
    ] {
        assert_eq!(peer.ask(1, vec![cb_sequence(slot, sequence)]).status, want, "{slot} {sequence}");
    }
}

#[test]
fn wrong_callbacks_are_refused() {
    let mut peer = Heard::new();
    let mut status = |minor, ops| peer.ask(minor, ops).status;
    assert_eq!(status(2, vec![cb_sequence(0, 1)]), nfsstat4::NFS4ERR_MINOR_VERS_MISMATCH);
    assert_eq!(status(1, vec![notify()]), nfsstat4::NFS4ERR_OP_NOT_IN_SESSION);
    assert_eq!(status(1, vec![cb_sequence(0, 1), cb_sequence(0, 2)]), nfsstat4::NFS4ERR_SEQUENCE_POS);
    let unknown = nfs_cb_argop4::OP_CB_RECALL_ANY;
    assert_eq!(status(1, vec![cb_sequence(0, 2), unknown, notify()]), nfsstat4::NFS4ERR_NOTSUPP);
    let mut other = cb_call(CB_NULL, 1, Vec::new());
    assert_eq!(peer.channel.answer(&other).unwrap()[20..], words(&[0]));
    other[15] ^= 1;
    assert_eq!(peer.channel.answer(&other).unwrap()[20..], words(&[1]), "PROG_UNAVAIL");
}

#[test]
fn callbacks_cut_anywhere_harm_nobody() {
    let whole = cb_call(CB_COMPOUND, 1, vec![cb_sequence(0, 1), notify()]);
    for length in 0..whole.len() {
        let mut peer = Heard::new();
        peer.channel.answer(&whole[..length]);
        assert!(peer.heard.try_iter().all(|told| told.answered != Some(nfsstat4::NFS4_OK)), "{length}");
    }
}

/// Calls of the server are answered while the client does nothing, and between its own calls and replies.
#[test]
fn callbacks_come_at_any_time() {
    let (mut client, peer) = client_of(1, CREATE_SESSION4_FLAG_CONN_BACK_CHAN, |listener| {
        let mut stream = listener.accept().unwrap().0;
        write_record(&mut stream, &cb_call(CB_COMPOUND, 1, vec![cb_sequence(0, 1), notify()]));
        // The answer, and the client's own call, which may overtake it.
        let mut both = [read_record(&mut stream), read_record(&mut stream)];
        both.sort_by_key(|record| record[..4] != words(&[99]));
        let [answer, call] = both;
        assert_eq!(answer[..4], words(&[99]));
        write_record(&mut stream, &cb_call(CB_COMPOUND, 1, vec![cb_sequence(0, 2)]));
        assert_eq!(read_record(&mut stream)[..4], words(&[99]));
        write_record(&mut stream, &reply_to(&call, nfsstat4::NFS4_OK));
    });
    let long = Duration::from_secs(60);
    let (file, session) = (Filehandle::new(&[1]).unwrap(), client.session.as_mut().unwrap());
    assert!(session.wait_notify(&file, b"o", long).is_some());
    assert!(session.wait_notify(&file, b"o", Duration::ZERO).is_none());
    client.compound_ok(&[op::putrootfh()]).unwrap();
    assert!(client.session.as_mut().unwrap().next_callback(long).unwrap().ops.is_empty());
    peer.join().unwrap();
}
