//! Templates against the encoder of the operations, and answers against replies that are cut, wrong or wild.

use super::rpc::{CallHeader, append_opaque, append_u32};
use super::{Answer, Credential, Fault, LockOwner, OpenFile, OpenOwner, OpenRequest, Slot, Template};
use super::{compound_args, op, read_lock, write_lock, xid_of};
use crate::nfs4::{Filehandle, Stateid, Status};
use crate::xdr::generated::nfs4::*;

const SLOT: Slot = Slot { session: [7; 16], slotid: 3, highest: 9, sequenceid: 41 };
const STATEID: Stateid = Stateid { seqid: 0x0102_0304, other: [9; 12] };

fn credential() -> Credential {
    Credential::sys(1, 2)
}

fn file() -> Filehandle {
    Filehandle::new(&[5; 21]).unwrap()
}

fn bytes(stateid: Stateid) -> [u8; 16] {
    [stateid.seqid.to_be_bytes().as_slice(), &stateid.other].concat().try_into().unwrap()
}

/// The call as the slow path would send it.
fn whole(xid: u32, minor: u32, ops: &[nfs_argop4]) -> Vec<u8> {
    let credential = credential();
    let header = CallHeader {
        xid,
        rpc_version: 2,
        program: 100_003,
        version: 4,
        procedure: 1,
        credential: &credential,
    };
    let message = header.message(&compound_args(&[], minor, ops).unwrap());
    [&(0x8000_0000 | message.len() as u32).to_be_bytes(), message.as_slice()].concat()
}

fn sequence() -> nfs_argop4 {
    nfs_argop4::OP_SEQUENCE(SEQUENCE4args {
        sa_sessionid: sessionid4(SLOT.session),
        sa_sequenceid: SLOT.sequenceid + 1,
        sa_slotid: SLOT.slotid,
        sa_highest_slotid: SLOT.highest,
        sa_cachethis: false,
    })
}

fn name(number: u64) -> Vec<u8> {
    [b"abc".as_slice(), &number.to_be_bytes()].concat()
}

fn open_file(seqid: u32, stateid: Stateid) -> OpenFile {
    let owner = OpenOwner { seqid, ..OpenOwner::new(11, name(1)) };
    OpenFile { filehandle: file(), stateid, result_flags: 0, owner }
}

#[test]
fn locks_of_known_owners_are_filled_in() {
    let ops = |op: nfs_argop4| [op::putfh(&file()), op];
    let blank = Template::compound(
        1,
        &credential(),
        true,
        &ops(write_lock(0, 1).op_known_owner(Stateid::ANONYMOUS, 0)),
    );
    let mut out = vec![1, 2, 3];
    let draft = blank.as_ref().unwrap().write(77, Some(&SLOT), &mut out);
    draft
        .kind(nfs_lock_type4::READ_LT)
        .range(1 << 40, 6)
        .stateid(&bytes(STATEID))
        .seqid(8)
        .owner(3)
        .open_seqid(2);
    let lock = read_lock(1 << 40, 6).op_known_owner(STATEID, 8);
    assert_eq!(out[3..], whole(77, 1, &[&[sequence()], ops(lock).as_slice()].concat()));

    let kind = nfs_lock_type4::WRITE_LT;
    let blank =
        Template::compound(0, &credential(), false, &ops(op::locku(kind, 0, Stateid::ANONYMOUS, 0, 1)));
    let mut out = Vec::new();
    blank.unwrap().write(5, None, &mut out).range(7, u64::MAX).stateid(&bytes(STATEID)).seqid(4);
    assert_eq!(out, whole(5, 0, &ops(op::locku(kind, 4, STATEID, 7, u64::MAX))));
}

#[test]
fn new_owners_are_filled_in() {
    let lock =
        |open: &OpenFile, owner: &LockOwner| [op::putfh(&file()), write_lock(4, 2).op_new_owner(open, owner)];
    let blank = lock(&open_file(0, Stateid::ANONYMOUS), &LockOwner::new(11, name(0)));
    let blank = Template::compound(2, &credential(), true, &blank).unwrap();
    let mut out = Vec::new();
    blank.write(1, Some(&SLOT), &mut out).stateid(&bytes(STATEID)).seqid(6).open_seqid(5).owner(0x1234);
    let mut owner = LockOwner::new(11, name(0x1234));
    owner.seqid = 6;
    let ops = lock(&open_file(5, STATEID), &owner);
    assert_eq!(out, whole(1, 2, &[&[sequence()], ops.as_slice()].concat()));
}

#[test]
fn opens_are_filled_in() {
    let open = |seqid, number| {
        let owner = OpenOwner { seqid, ..OpenOwner::new(11, name(number)) };
        [op::putfh(&file()), OpenRequest::existing("held").op(&owner)]
    };
    let mut out = Vec::new();
    Template::compound(0, &credential(), false, &open(0, 0))
        .unwrap()
        .write(2, None, &mut out)
        .seqid(3)
        .owner(9);
    assert_eq!(out, whole(2, 0, &open(3, 9)));
    type Make = fn(Stateid, u32) -> nfs_argop4;
    let others: [Make; 4] = [
        op::open_confirm,
        |stateid, seqid| op::close(seqid, stateid),
        |stateid, _| op::free_stateid(stateid),
        |_, _| op::release_lockowner(11, &7_u64.to_be_bytes()),
    ];
    for make in others {
        let mut out = Vec::new();
        let blank = Template::compound(0, &credential(), false, &[make(Stateid::ANONYMOUS, 0)]).unwrap();
        blank.write(2, None, &mut out).stateid(&bytes(STATEID)).seqid(3).owner(7);
        assert_eq!(out, whole(2, 0, &[make(STATEID, 3)]));
    }
}

#[test]
fn a_slot_counts_what_was_taken() {
    let mut slot = SLOT;
    slot.answered(false);
    assert_eq!(slot.sequenceid, 41);
    slot.answered(true);
    assert_eq!(slot.sequenceid, 42);
}

fn lock_template() -> Template {
    let ops = [op::putfh(&file()), write_lock(0, 1).op_known_owner(Stateid::ANONYMOUS, 0)];
    Template::compound(1, &credential(), true, &ops).unwrap()
}

/// A reply with these words as results, and bytes after them.
fn reply(words: &[u32], tail: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    [9, 1, 0, 0, 0, 0].iter().chain(words).for_each(|word| append_u32(&mut out, *word));
    out.extend_from_slice(tail);
    out
}

fn sequence_words() -> Vec<u32> {
    [53, 0].into_iter().chain([0; 9]).collect()
}

fn granted() -> Vec<u8> {
    let words = [&[0, 0, 3], sequence_words().as_slice(), &[22, 0, 12, 0]].concat();
    reply(&words, &bytes(STATEID))
}

fn denied() -> Vec<u8> {
    let status = Status::Denied.number();
    let words = [&[status, 0, 3], sequence_words().as_slice(), &[22, 0, 12, status], &[0, 0, 0, 1, 2, 0, 11]]
        .concat();
    let mut owner = Vec::new();
    append_opaque(&mut owner, b"holder");
    reply(&words, &owner)
}

#[test]
fn good_and_bad_answers() {
    let template = lock_template();
    let good = Answer { taken: true, reached: true, stateid: bytes(STATEID), ..Answer::default() };
    assert_eq!(template.answer(&granted()), Ok(good));
    let answer = template.answer(&denied()).unwrap();
    assert_eq!((answer.status, answer.taken, answer.reached), (Status::Denied.number(), true, true));
    let bad_session = template.answer(&reply(&[10052, 0, 1, 53, 10052], &[])).unwrap();
    assert_eq!((bad_session.status, bad_session.taken, bad_session.reached), (10052, false, false));
    let whole = template.answer(&reply(&[10021, 0, 0], &[])).unwrap();
    assert_eq!((whole.status, whole.taken), (10021, false));
    assert_eq!(xid_of(&granted()), Some((9, false)));
}

#[test]
fn every_cut_and_every_excess_is_noticed() {
    let template = lock_template();
    for whole in [granted(), denied()] {
        (0..whole.len()).for_each(|cut| assert!(template.answer(&whole[..cut]).is_err(), "{cut}"));
        assert_eq!(template.answer(&[whole.as_slice(), &[0; 4]].concat()), Err(Fault::Length));
    }
}

#[test]
fn replies_to_something_else_are_no_answers() {
    let template = lock_template();
    let other = [&[0, 0, 3], sequence_words().as_slice(), &[22, 0, 14, 0]].concat();
    assert_eq!(template.answer(&reply(&other, &bytes(STATEID))), Err(Fault::OtherOperations));
    let few = [&[0, 0, 2], sequence_words().as_slice(), &[22, 0]].concat();
    assert_eq!(template.answer(&reply(&few, &[])), Err(Fault::OtherOperations));
    let many = [&[0, 0, 4], sequence_words().as_slice(), &[22, 0, 12, 0]].concat();
    assert_eq!(template.answer(&reply(&many, &bytes(STATEID))), Err(Fault::OtherOperations));
    let hidden = [&[0, 0, 3], sequence_words().as_slice(), &[22, 70]].concat();
    assert_eq!(template.answer(&reply(&hidden, &[])), Err(Fault::OtherOperations));
}

#[test]
fn rpc_refusals_have_names() {
    let words = |words: &[u32]| words.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<_>>();
    let null = Template::null(&Credential::None);
    assert!(null.answer(&words(&[1, 1, 0, 0, 0, 0])).is_ok());
    let faults = [
        (words(&[1, 0, 0, 0, 0, 0]), "not a reply"),
        (words(&[1, 1, 1, 0, 0, 0]), "MSG_DENIED"),
        (words(&[1, 1, 7, 0, 0, 0]), "not a reply"),
        (words(&[1, 1, 0, 0, 0, 4]), "GARBAGE_ARGS"),
        (words(&[1, 1, 0, 0, u32::MAX, 0]), "reply of a wrong length"),
        (words(&[1, 1, 0, 0, 0, 0, 0]), "reply of a wrong length"),
    ];
    for (record, name) in faults {
        assert_eq!(null.answer(&record).unwrap_err().name(), name);
    }
}

#[test]
fn no_byte_changed_at_random_panics() {
    let template = lock_template();
    for whole in [granted(), denied()] {
        for at in 0..whole.len() {
            for value in [0, 1, 0x7f, 0xff] {
                let mut wild = whole.clone();
                wild[at] = value;
                let _ = template.answer(&wild);
            }
        }
    }
}
