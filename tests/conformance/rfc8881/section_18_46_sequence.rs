//! RFC 8881 §18.46, §2.10.6: SEQUENCE where it may stand, what it names, and how long a session's messages may be.

use crate::support::{Actor, Place, status_of};
use lockhouse::client::session::create_session_args;
use lockhouse::client::{Attributes, CompoundReply, Credential, op};
use lockhouse::nfs4::{Stateid, Status};
use lockhouse::xdr::generated::nfs4::*;

fn member() -> Actor {
    Place::new().member("a")
}

/// §18.46.4: an id that no session has.
#[test]
fn unknown_session() {
    let mut a = member();
    let mut id = a.session_id();
    id[15] ^= 0x55;
    assert_eq!(a.bare(&[op::sequence(id, 0, 1, false)]), Status::BadSession);
    assert_eq!(a.bare(&[op::sequence([0; 16], 0, 1, false)]), Status::BadSession);
}

/// §18.46.4: a session that was destroyed.
#[test]
fn destroyed_session() {
    let mut a = member();
    let id = a.session_id();
    assert_eq!(a.bare(&[op::destroy_session(id)]), Status::Ok);
    assert_eq!(a.bare(&[op::sequence(id, 0, 1, false)]), Status::BadSession);
}

/// §18.46.4: slots are numbered from 0 to one less than `ca_maxrequests`.
#[test]
fn slot_that_is_not_there() {
    let mut a = member();
    let slots = a.session.as_ref().unwrap().fore.ca_maxrequests;
    assert_eq!(a.sequenced((slots, 1, false), &[]).statuses(), [Status::BadSlot]);
    assert_eq!(a.sequenced((u32::MAX, 1, false), &[]).statuses(), [Status::BadSlot]);
    assert_eq!(a.sequenced((slots - 1, 1, false), &[]).statuses(), [Status::Ok]);
}

/// §15.1.11: `sa_highest_slotid` above what the server enforces is NFS4ERR_BAD_HIGH_SLOT.
#[test]
fn highest_slot_above_all_slots() {
    let mut a = member();
    let sequence = nfs_argop4::OP_SEQUENCE(SEQUENCE4args {
        sa_sessionid: sessionid4(a.session_id()),
        sa_sequenceid: 1,
        sa_slotid: 3,
        sa_highest_slotid: u32::MAX,
        sa_cachethis: false,
    });
    assert_eq!(a.bare(&[sequence]), Status::BadHighSlot);
}

/// §18.46.3: the result repeats session, slot and sequence id.
#[test]
fn result_repeats_the_arguments() {
    let mut a = member();
    let reply = a.sequenced((2, 1, false), &[]);
    let Some(nfs_resop4::OP_SEQUENCE(SEQUENCE4res::NFS4_OK(ok))) = reply.last() else { panic!("{reply:?}") };
    assert_eq!((ok.sr_sessionid.0, ok.sr_slotid, ok.sr_sequenceid), (a.session_id(), 2, 1));
    let slots = a.session.as_ref().unwrap().fore.ca_maxrequests;
    assert!(ok.sr_highest_slotid < slots && ok.sr_target_highest_slotid < slots);
}

/// §2.10.2.2: SEQUENCE anywhere but in front is NFS4ERR_SEQUENCE_POS.
#[test]
fn sequence_not_in_front() {
    let mut a = member();
    let second = op::sequence(a.session_id(), 1, 1, false);
    let reply = a.sequenced((2, 1, false), &[op::putrootfh(), second]);
    assert_eq!(reply.statuses(), [Status::Ok, Status::Ok, Status::SequencePos]);
    let second = op::sequence(a.session_id(), 1, 1, false);
    assert_eq!(a.sequenced((1, 1, false), &[second]).statuses(), [Status::Ok, Status::SequencePos]);
}

/// §2.10.2.2: operations that need a session and come without SEQUENCE.
#[test]
fn operation_without_a_session() {
    let mut a = member();
    for op in
        [op::putrootfh(), op::getfh(), op::reclaim_complete(false), op::free_stateid(Stateid::ANONYMOUS)]
    {
        assert_eq!(a.bare(&[op]), Status::OpNotInSession);
    }
    assert_eq!(a.bare(&[op::secinfo("f")]), Status::OpNotInSession);
    // Its result has a bitmap all the same.
    let setattr = op::setattr(Stateid::ANONYMOUS, &Attributes::new().mode(0o600));
    assert_eq!(a.bare(&[setattr]), Status::OpNotInSession);
}

/// §18.35, §18.36, §18.37, §18.34, §18.50: those that may stand without SEQUENCE must then stand alone.
#[test]
fn operations_that_must_be_alone() {
    let mut a = member();
    let id = a.session_id();
    let args = create_session_args(a.clientid, 1, 0, 1);
    let alone = [
        op::exchange_id(b"x", [0; 8], 0),
        op::create_session(&args),
        op::destroy_session(id),
        op::bind_conn_to_session(id, channel_dir_from_client4::CDFC4_FORE),
        op::destroy_clientid(a.clientid),
    ];
    for op in alone {
        assert_eq!(a.bare(&[op.clone(), op::putrootfh()]), Status::NotOnlyOp, "{op:?}");
    }
    assert_eq!(status_of(a.compound(&[op::putrootfh()])), Status::Ok);
}

/// §2.10.6.1.3: a COMPOUND of SEQUENCE alone renews the lease and can be repeated.
#[test]
fn sequence_alone_is_replayed() {
    let mut a = member();
    let first = a.sequenced_bytes((2, 1, false), &[]);
    assert_eq!(a.sequenced_bytes((2, 1, false), &[]), first);
}

/// §2.10.6.1.1: slots do not know of each other.
#[test]
fn slots_are_independent() {
    let mut a = member();
    for slot in [5, 2, 4, 3] {
        for sequence in 1..=3 {
            assert_eq!(a.sequenced((slot, sequence, false), &[op::putrootfh()]).status, Status::Ok);
        }
    }
}

/// §2.10.6.1.3: a request that failed after SEQUENCE has used its sequence id; its replay says the same.
#[test]
fn failed_requests_are_replayed_too() {
    let mut a = member();
    let ops = [op::putfh(&a.dir), op::lookup("missing")];
    let first = a.sequenced_bytes((2, 1, true), &ops);
    let dir = a.dir.clone();
    a.mkdir(&dir, "missing").unwrap();
    assert_eq!(a.sequenced_bytes((2, 1, true), &ops), first);
    assert_eq!(a.sequenced((2, 2, true), &ops).status, Status::Ok);
}

/// §2.10.5, §2.10.6: the retry may come over another connection.
#[test]
fn retry_over_another_connection() {
    let place = Place::new();
    let mut a = place.member("a");
    let ops = [op::sequence(a.session_id(), 2, 1, true), op::putfh(&a.dir), op::mkdir("d")];
    let first = a.compound_bytes(&ops).unwrap();
    assert_eq!(place.stranger_41().compound_bytes(&ops).unwrap(), first);
}

/// §2.10.6.1.3.1: the retry of another principal must not get the reply.
#[test]
fn retry_of_another_principal() {
    let mut a = member();
    let ops = [op::putfh(&a.dir), op::mkdir("d")];
    assert_eq!(a.sequenced((2, 1, true), &ops).status, Status::Ok);
    a.credential = Credential::sys(4242, 4242);
    let reply = a.sequenced((2, 1, true), &ops);
    assert_eq!(reply.statuses(), [Status::SeqFalseRetry]);
}

/// A member whose session was made with small limits.
fn limited(change: impl FnOnce(&mut channel_attrs4)) -> Actor {
    let place = Place::new();
    let mut client = place.stranger_41();
    let id = client.exchange_id(&place.client_id("a"), *b"verifier", 0).unwrap();
    let mut args = create_session_args(id.eir_clientid, id.eir_sequenceid, 0, 4);
    change(&mut args.csa_fore_chan_attrs);
    let made = client.create_session(&args).unwrap();
    client.clientid = id.eir_clientid;
    client.use_session(&made);
    client.reclaim_complete().unwrap();
    Actor::on(client, place.dir, id.eir_server_scope)
}

/// The sequence id after this request: a SEQUENCE that failed uses none.
fn after(sequence: u32, reply: &CompoundReply) -> u32 {
    if reply.results.len() <= 1 { sequence } else { sequence + 1 }
}

/// §2.10.6.4: a request longer than `ca_maxrequestsize`.
#[test]
fn request_too_big() {
    let mut a = limited(|fore| fore.ca_maxrequestsize = 2048);
    let long = vec![b'x'; a.session.as_ref().unwrap().fore.ca_maxrequestsize as usize];
    let write = op::write(Stateid::ANONYMOUS, 0, stable_how4::FILE_SYNC4, &long);
    assert_eq!(a.sequenced((2, 1, false), &[op::putrootfh(), write]).statuses(), [Status::ReqTooBig]);
    assert_eq!(a.sequenced((2, 1, false), &[op::putrootfh()]).status, Status::Ok);
}

/// §2.10.6.4: a COMPOUND of more than `ca_maxoperations` operations, SEQUENCE counted.
#[test]
fn too_many_operations() {
    let mut a = limited(|fore| fore.ca_maxoperations = 8);
    let most = a.session.as_ref().unwrap().fore.ca_maxoperations as usize;
    let ops = vec![op::putrootfh(); most];
    let reply = a.sequenced((2, 1, false), &ops);
    assert_eq!(reply.status, Status::TooManyOps);
    let next = after(1, &reply);
    assert_eq!(a.sequenced((2, next, false), &ops[1..]).status, Status::Ok);
}

/// Operations whose results none can shorten, some 5000 bytes together.
fn long_reply(actor: &Actor) -> Vec<nfs_argop4> {
    use lockhouse::client::attr::number::{FSID, SUPPORTED_ATTRS, TIME_ACCESS, TIME_METADATA, TIME_MODIFY};
    let attributes = op::getattr(&[SUPPORTED_ATTRS, FSID, TIME_ACCESS, TIME_METADATA, TIME_MODIFY]);
    let mut ops = vec![attributes; 51];
    ops[0] = op::putfh(&actor.dir);
    ops
}

/// §2.10.6.4: a reply longer than `ca_maxresponsesize` ends at the operation that does not fit.
#[test]
fn reply_too_big() {
    let mut a = limited(|fore| fore.ca_maxresponsesize = 1024);
    let most = a.session.as_ref().unwrap().fore.ca_maxresponsesize;
    assert!(most < 4096, "the server granted {most}");
    let ops = long_reply(&a);
    let reply = a.sequenced((2, 1, false), &ops);
    assert_eq!(reply.status, Status::RepTooBig);
    assert!((2..50).contains(&reply.results.len()), "{}", reply.results.len());
    let next = after(1, &reply);
    assert_eq!(a.sequenced((2, next, false), &ops[..2]).status, Status::Ok);
}

/// §2.10.6.4: a reply that is to be kept and is longer than `ca_maxresponsesize_cached`.
#[test]
fn reply_too_big_to_cache() {
    let mut a = limited(|fore| fore.ca_maxresponsesize_cached = 512);
    let most = a.session.as_ref().unwrap().fore.ca_maxresponsesize_cached;
    assert!(most < 4096, "the server granted {most}");
    let ops = long_reply(&a);
    let reply = a.sequenced((2, 1, true), &ops);
    assert_eq!(reply.status, Status::RepTooBigToCache, "{:?}", reply.statuses());
    // Without being kept it may be as long as it likes.
    let next = after(1, &reply);
    assert_eq!(a.sequenced((2, next, false), &ops).status, Status::Ok);
}

/// §2.10.6.4: READ may give less than was asked for, but no more than fits.
#[test]
fn long_read_in_a_short_reply() {
    let mut a = limited(|fore| fore.ca_maxresponsesize = 1024);
    let file = a.open_new("f");
    a.write(&file.filehandle, file.stateid, 0, &[b'x'; 8192]).unwrap();
    let ops = [op::putfh(&file.filehandle), op::read(file.stateid, 0, 8192)];
    let reply = a.sequenced_bytes((2, 1, false), &ops);
    let most = a.session.as_ref().unwrap().fore.ca_maxresponsesize as usize;
    assert!(reply.len() <= most, "{} bytes", reply.len());
    let status = CompoundReply::decode(&reply).unwrap().status;
    assert!([Status::Ok, Status::RepTooBig].contains(&status), "{status}");
}
