//! RFC 7530 §15.1, §15.2, §14.2, §16.38: NULL, COMPOUND and unknown operations.

use crate::support::Place;
use lockhouse::client::compound::{encode_args, encode_ops};
use lockhouse::client::{COMPOUND, Client, CompoundReply, Error, NULL, Refusal, op};
use lockhouse::nfs4::Status;
use lockhouse::xdr::generated::nfs4::nfs_argop4;

const OP_ILLEGAL: u32 = 10044;

fn call(client: &mut Client, args: &[u8]) -> Result<CompoundReply, Error> {
    let credential = client.credential.clone();
    CompoundReply::decode(&client.connection.call(COMPOUND, &credential, args)?)
}

/// A COMPOUND of good operations, then these bytes as one more.
fn with_bytes(before: &[nfs_argop4], bytes: &[u8]) -> Vec<u8> {
    let ops = [encode_ops(before).unwrap(), bytes.to_vec()].concat();
    encode_args(b"", 0, before.len() as u32 + 1, &ops)
}

/// §15.1: NULL takes nothing, does nothing and gives nothing.
#[test]
fn null_gives_nothing() {
    let mut client = Place::new().stranger();
    let credential = client.credential.clone();
    assert_eq!(client.connection.call(NULL, &credential, &[]).unwrap(), [0u8; 0]);
}

/// §15.2.4: no operations: OK, no results.
#[test]
fn empty_compound_is_ok() {
    let reply = call(&mut Place::new().stranger(), &encode_args(b"nothing", 0, 0, &[])).unwrap();
    assert_eq!((reply.status, reply.results.len()), (Status::Ok, 0));
    assert_eq!(reply.tag, b"nothing");
}

/// §15.2.4: the tag comes back as it was, of whatever length, on success and on failure.
#[test]
fn tag_comes_back() {
    let mut client = Place::new().stranger();
    for tag in [&b""[..], b"x", b"four", "möglich".as_bytes(), &[b'z'; 1000]] {
        for ops in [&[op::putrootfh()][..], &[op::getfh()]] {
            let args = encode_args(tag, 0, 1, &encode_ops(ops).unwrap());
            assert_eq!(call(&mut client, &args).unwrap().tag, tag);
        }
    }
}

/// §15.2.4: an unknown minor version: no results, and the tag.
#[test]
fn unknown_minor_version() {
    let mut client = Place::new().stranger();
    let ops = encode_ops(&[op::putrootfh()]).unwrap();
    for minor in [99, u32::MAX] {
        let reply = call(&mut client, &encode_args(b"tag", minor, 1, &ops)).unwrap();
        assert_eq!((reply.status, reply.results.len()), (Status::MinorVersMismatch, 0));
        assert_eq!(reply.tag, b"tag");
    }
}

/// §14.2: evaluation ends at the first error; the results before it and that of the error are there, no later ones.
#[test]
fn evaluation_ends_at_the_first_error() {
    let mut client = Place::new().stranger();
    let reply =
        client.compound(&[op::putrootfh(), op::getfh(), op::lookup("no such name"), op::getfh()]).unwrap();
    assert_eq!(reply.status, Status::NoEnt);
    assert_eq!(reply.statuses(), [Status::Ok, Status::Ok, Status::NoEnt]);
}

/// §14.2: what was done before the error stays done.
#[test]
fn earlier_operations_stay_done() {
    let place = Place::new();
    let mut client = place.stranger();
    let reply =
        client.compound(&[op::putfh(&place.dir), op::mkdir("d"), op::lookup("nothing here")]).unwrap();
    assert_eq!(reply.status, Status::NoEnt);
    client.lookup(&place.dir, "d").unwrap();
}

/// §14.2: there is no current filehandle at the beginning.
#[test]
fn no_filehandle_at_the_beginning() {
    let mut client = Place::new().stranger();
    client.root().unwrap();
    assert_eq!(client.compound(&[op::getfh()]).unwrap().statuses(), [Status::NoFilehandle]);
}

/// §16.38, §15.2.4: an operation that 4.0 does not know is `NFS4ERR_OP_ILLEGAL`, its result carries the number of
/// ILLEGAL; the results before it are there.
#[test]
fn unknown_operations_are_illegal() {
    let mut client = Place::new().stranger();
    for number in [0, 1, 2, 40, 41, 53, 71, 1000, OP_ILLEGAL, u32::MAX] {
        let args = with_bytes(&[op::putrootfh()], &number.to_be_bytes());
        let reply = call(&mut client, &args).unwrap();
        assert_eq!(reply.status, Status::OpIllegal, "operation {number}");
        assert_eq!(reply.statuses(), [Status::Ok, Status::OpIllegal]);
        assert_eq!(reply.results[1].opcode, OP_ILLEGAL);
    }
}

/// §16.38: operations after an illegal one are not looked at.
#[test]
fn nothing_after_an_illegal_operation() {
    let place = Place::new();
    let mut client = place.stranger();
    let ops = [op::putfh(&place.dir), op::mkdir("d")];
    let bytes = [40u32.to_be_bytes().to_vec(), encode_ops(&ops).unwrap()].concat();
    let reply = call(&mut client, &encode_args(b"", 0, 3, &bytes)).unwrap();
    assert_eq!(reply.statuses(), [Status::OpIllegal]);
    crate::support::refused(client.lookup(&place.dir, "d"), Status::NoEnt);
}

/// §15.2.4: an operation whose arguments end too early is `NFS4ERR_BADXDR`; the results before it are there. A server
/// that decodes the whole call first may answer `GARBAGE_ARGS`.
#[test]
fn truncated_operation_is_bad_xdr() {
    let mut client = Place::new().stranger();
    let whole = encode_ops(&[op::lookup("a long enough name")]).unwrap();
    for length in [4, 8, 12, whole.len() - 4] {
        let args = with_bytes(&[op::putrootfh()], &whole[..length]);
        match call(&mut client, &args) {
            Ok(reply) => assert_eq!(reply.statuses(), [Status::Ok, Status::BadXdr], "{length} bytes"),
            Err(Error::Refused(Refusal::GarbageArgs)) => {}
            Err(other) => panic!("{length} bytes: {other}"),
        }
    }
}

/// §15.2.4: a length that claims more than there is, is `NFS4ERR_BADXDR` as well, and costs the server nothing.
#[test]
fn hostile_lengths_are_bad_xdr() {
    let mut client = Place::new().stranger();
    let lookup = 15u32.to_be_bytes();
    for claimed in [0x7fff_ffffu32, 0xffff_ffff, 0x0100_0000] {
        let bytes = [lookup, claimed.to_be_bytes()].concat();
        match call(&mut client, &with_bytes(&[op::putrootfh()], &bytes)) {
            Ok(reply) => assert_eq!(reply.statuses(), [Status::Ok, Status::BadXdr]),
            Err(Error::Refused(Refusal::GarbageArgs)) => {}
            Err(other) => panic!("{claimed:#x}: {other}"),
        }
    }
}

/// §15.2.4: a COMPOUND that claims more operations than there are bytes for.
#[test]
fn fewer_operations_than_claimed() {
    let mut client = Place::new().stranger();
    let ops = encode_ops(&[op::putrootfh()]).unwrap();
    for count in [2, 50] {
        match call(&mut client, &encode_args(b"", 0, count, &ops)) {
            Ok(reply) => assert_eq!(reply.status, Status::BadXdr),
            Err(Error::Refused(Refusal::GarbageArgs)) => {}
            Err(other) => panic!("{other}"),
        }
    }
}

/// §13.1 (NFS4ERR_RESOURCE): too many operations are refused as a whole or from where it is too much, not by dropping
/// the connection.
#[test]
fn too_many_operations() {
    let mut client = Place::new().stranger();
    for count in [10_000u32, u32::MAX] {
        let ops = encode_ops(&vec![op::putrootfh(); 10_000]).unwrap();
        match call(&mut client, &encode_args(b"", 0, count, &ops)) {
            Ok(reply) if count == 10_000 && reply.status == Status::Ok => {
                assert_eq!(reply.results.len(), 10_000)
            }
            Ok(reply) => {
                assert!(matches!(reply.status, Status::Resource | Status::BadXdr), "{}", reply.status)
            }
            Err(Error::Refused(Refusal::GarbageArgs)) => {}
            Err(other) => panic!("{other}"),
        }
        client.root().unwrap();
    }
}

/// §14.2: as many operations as ordinary clients send work in one COMPOUND.
#[test]
fn many_operations() {
    let place = Place::new();
    let mut client = place.stranger();
    let mut ops = vec![op::putfh(&place.dir)];
    (0..10).for_each(|index| ops.extend([op::mkdir(format!("d{index}")), op::getfh(), op::lookupp()]));
    let reply = client.compound_ok(&ops).unwrap();
    assert_eq!(reply.results.len(), 31);
}
