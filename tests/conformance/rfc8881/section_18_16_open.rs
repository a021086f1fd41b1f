//! RFC 8881 §18.16, §18.45 and §2.9: what 4.1 added to OPEN, SECINFO_NO_NAME, and operations that are no more or not yet.

use crate::support::{Actor, Place, refused, refused_with, status_of};
use lockhouse::client::attr::number;
use lockhouse::client::compound::{encode_args, encode_ops};
use lockhouse::client::{
    Attributes, COMPOUND, Claim, CompoundReply, Error, OpenHow, OpenRequest, Refusal, op, write_lock,
};
use lockhouse::nfs4::{Filehandle, Stateid, Status};
use lockhouse::xdr::generated::nfs4::*;

fn open_fh(
    actor: &mut Actor,
    file: &Filehandle,
    access: u32,
    deny: u32,
) -> Result<Stateid, lockhouse::client::Error> {
    let mut owner = actor.open_owner("by filehandle");
    let request = OpenRequest::existing("").claim(Claim::Fh).share(access, deny);
    actor.open(&mut owner, file, &request).map(|open| open.stateid)
}

/// §18.16.3: `CLAIM_FH` opens the current filehandle.
#[test]
fn claim_fh() {
    let place = Place::new();
    let (mut a, mut b) = (place.member("a"), place.member("b"));
    let mut made = a.open_new("f");
    a.close(&mut made).unwrap();
    let file = made.filehandle;
    let open = open_fh(&mut b, &file, 3, 2).unwrap();
    b.write(&file, open, 0, b"x").unwrap();
    refused(open_fh(&mut a, &file, 2, 0), Status::ShareDenied);
}

/// §18.16.3: and nothing that is not a file.
#[test]
fn claim_fh_of_a_directory() {
    let mut a = Place::new().member("a");
    let dir = a.dir.clone();
    refused_with(open_fh(&mut a, &dir, 1, 0), &[Status::IsDir]);
    let link = a.symlink(&dir, "l", "target").unwrap();
    refused_with(open_fh(&mut a, &link, 1, 0), &[Status::Symlink]);
}

/// §18.16.3: claims by delegations that nobody has.
#[test]
fn claims_by_delegation() {
    let mut a = Place::new().member("a");
    let file = a.open_new("f").filehandle;
    for claim in [Claim::DelegCurFh(Stateid { seqid: 1, other: [0x5a; 12] }), Claim::DelegPrevFh] {
        let mut owner = a.open_owner("o");
        let result = a.open(&mut owner, &file, &OpenRequest::existing("").claim(claim));
        let statuses =
            [Status::BadStateid, Status::StaleStateid, Status::NotSupp, Status::ReclaimBad, Status::NoGrace];
        refused_with(result, &statuses);
    }
}

/// §18.16.3: `EXCLUSIVE4_1` makes a file once, sets its attributes, and knows its own again.
#[test]
fn exclusive4_1() {
    let mut a = Place::new().member("a");
    let how = |verifier| OpenHow::Exclusive41(verifier, Attributes::new().mode(0o640));
    let request = |verifier| OpenRequest::create("f").how(how(verifier));
    let first = a.open_as("o", &request(*b"verify 1")).unwrap();
    let again = a.open_as("o", &request(*b"verify 1")).unwrap();
    assert_eq!(again.filehandle, first.filehandle);
    refused(a.open_as("o", &request(*b"verify 2")), Status::Exist);
    let mode = a.getattr(&first.filehandle, &[number::MODE]).unwrap().get_u32(number::MODE);
    assert_eq!(mode, Some(0o640));
}

/// §18.16.4: attributes that cannot be set together with a verifier are not in suppattr_exclcreat; the mode is.
#[test]
fn attributes_of_an_exclusive_create() {
    let mut a = Place::new().member("a");
    let dir = a.dir.clone();
    let attributes = a.getattr(&dir, &[number::SUPPORTED_ATTRS, number::SUPPATTR_EXCLCREAT]).unwrap();
    let with_verifier = attributes.get_numbers(number::SUPPATTR_EXCLCREAT).expect("suppattr_exclcreat");
    let all = attributes.get_numbers(number::SUPPORTED_ATTRS).unwrap();
    assert!(with_verifier.contains(&number::MODE) && with_verifier.iter().all(|one| all.contains(one)));
    for outside in [number::TIME_ACCESS_SET, number::TIME_MODIFY_SET] {
        if !with_verifier.contains(&outside) {
            let how = OpenHow::Exclusive41(*b"verifier", Attributes::new().server_time(outside));
            let open = OpenRequest::create(format!("f{outside}")).how(how);
            refused(a.open_as("o", &open), Status::Inval);
        }
    }
}

fn delegation_of(actor: &mut Actor, access: u32) -> Result<open_delegation4, lockhouse::client::Error> {
    let owner = actor.open_owner("o");
    let open = OpenRequest::create("f").share(access, 0).op(&owner);
    let putfh = op::putfh(&actor.dir);
    let reply = actor.compound_ok(&[putfh, open])?;
    reply.find(|result| match result {
        nfs_resop4::OP_OPEN(OPEN4res::NFS4_OK(ok)) => Some(ok.delegation.clone()),
        _ => None,
    })
}

/// §18.16.3: who says what it wants in the way of delegations is told why it gets none.
#[test]
fn wants_are_answered() {
    let mut a = Place::new().member("a");
    let not_wanted = delegation_of(&mut a, 1 | OPEN4_SHARE_ACCESS_WANT_NO_DELEG).unwrap();
    let why = open_none_delegation4::default(why_no_delegation4::WND4_NOT_WANTED);
    assert_eq!(not_wanted, open_delegation4::OPEN_DELEGATE_NONE_EXT(why));
    for want in [OPEN4_SHARE_ACCESS_WANT_READ_DELEG, OPEN4_SHARE_ACCESS_WANT_ANY_DELEG] {
        let got = delegation_of(&mut a, 1 | want).unwrap();
        assert!(got != open_delegation4::OPEN_DELEGATE_NONE, "{want:x}: {got:?}");
    }
    assert!(matches!(delegation_of(&mut a, 1), Ok(open_delegation4::OPEN_DELEGATE_NONE)));
}

/// §18.16.3: bits that are not defined.
#[test]
fn undefined_share_bits() {
    let mut a = Place::new().member("a");
    for access in [0, 1 | 0x600, 1 | 0x8000_0000, 4] {
        refused(delegation_of(&mut a, access), Status::Inval);
    }
}

/// §8.8: seqids of owners are of no meaning.
#[test]
fn seqids_of_owners_are_ignored() {
    let mut a = Place::new().session_locker("a");
    (a.file.owner.seqid, a.owner.seqid) = (17, 4711);
    a.lock(write_lock(0, 1)).unwrap();
    a.owner.seqid = 3;
    a.lock(write_lock(1, 1)).unwrap();
    a.unlock(write_lock(0, 2)).unwrap();
    a.actor.close(&mut a.file).unwrap();
}

/// §18.45.3: SECINFO_NO_NAME gives flavors and uses the filehandle up, as SECINFO does.
#[test]
fn secinfo_no_name() {
    let mut a = Place::new().member("a");
    for style in [secinfo_style4::SECINFO_STYLE4_CURRENT_FH, secinfo_style4::SECINFO_STYLE4_PARENT] {
        let ops = [op::putfh(&a.dir), op::secinfo_no_name(style), op::getfh()];
        let reply = a.compound(&ops).unwrap();
        assert_eq!(reply.statuses(), [Status::Ok, Status::Ok, Status::NoFilehandle]);
        let flavors = match &reply.results[1].body {
            nfs_resop4::OP_SECINFO_NO_NAME(SECINFO4res::NFS4_OK(flavors)) => flavors.0.len(),
            other => panic!("{other:?}"),
        };
        assert!(flavors > 0);
    }
    a.open_new("f");
    let named = [op::putfh(&a.dir), op::secinfo("f"), op::getfh()];
    assert_eq!(a.compound(&named).unwrap().statuses(), [Status::Ok, Status::Ok, Status::NoFilehandle]);
    let above = op::secinfo_no_name(secinfo_style4::SECINFO_STYLE4_PARENT);
    refused(a.compound_ok(&[op::putrootfh(), above]), Status::NoEnt);
}

/// §17: what sessions made superfluous.
#[test]
fn operations_of_4_0_only() {
    let mut a = Place::new().member("a");
    let file = a.open_new("f");
    let ops = [
        op::setclientid(b"x", [0; 8]),
        op::setclientid_confirm(a.clientid, [0; 8]),
        op::renew(a.clientid),
        op::release_lockowner(a.clientid, b"x"),
        op::open_confirm(file.stateid, 0),
    ];
    for op_4_0 in ops {
        let status = status_of(a.compound(&[op::putfh(&file.filehandle), op_4_0.clone()]));
        assert_eq!(status, Status::NotSupp, "{op_4_0:?}");
    }
}

/// §15.2, §18: numbers that the minor version does not know, and what follows them is not looked at.
#[test]
fn unknown_operations() {
    for (minor, numbers) in [(1, [0, 2, 59, 72, 76, 10_044]), (2, [0, 2, 76, 77, 1000, 10_044])] {
        let mut a = Place::new().member_of(minor, "a");
        for (slot, number) in (2u32..).zip(numbers) {
            let sequence = op::sequence(a.session_id(), slot, 1, false);
            let mut bytes = encode_ops(&[sequence, op::putrootfh()]).unwrap();
            bytes.extend(u32::to_be_bytes(number));
            let args = encode_args(&[], minor, 3, &bytes);
            let credential = a.credential.clone();
            let reply = a.connection.call(COMPOUND, &credential, &args).unwrap();
            let reply = CompoundReply::decode(&reply).unwrap();
            assert_eq!(reply.statuses(), [Status::Ok, Status::Ok, Status::OpIllegal], "{minor}: {number}");
            assert_eq!(reply.results[2].opcode, 10_044);
        }
    }
}

/// §16.2.3: a minor version that is not there.
#[test]
fn minor_version_3() {
    let mut a = Place::new().member("a");
    let reply = a.compound_raw(3, &[op::putrootfh()]).unwrap();
    assert_eq!((reply.status, reply.results.len()), (Status::MinorVersMismatch, 0));
}

/// §18.9 and others: operations that a server without layouts and directory delegations refuses.
#[test]
fn refused_operations() {
    use nfs_argop4::*;
    let mut a = Place::new().member("a");
    let file = a.open_new("f").filehandle;
    for op_refused in [OP_GET_DIR_DELEGATION, OP_GETDEVICELIST, OP_LAYOUTGET, OP_WANT_DELEGATION] {
        let reply = match a.compound(&[op::putfh(&file), op_refused.clone()]) {
            // A server that decodes all of a COMPOUND before it begins. The slot is lost.
            Err(Error::Refused(Refusal::GarbageArgs)) => continue,
            reply => reply.unwrap(),
        };
        // The arguments are not there, which a server may notice first.
        assert!(
            [Status::NotSupp, Status::BadXdr].contains(&reply.status),
            "{op_refused:?}: {:?}",
            reply.status
        );
    }
}
