//! RFC 4506 §4.10, §4.11, §4.13: what has no bound in the RFC's own types may be as long as its record. Where it is too much
//! for the operation, it has an error for that; `NFS4ERR_BADXDR` is for what the types do not allow.

use crate::support::{Actor, Place};
use lockhouse::client::compound::{encode_args, encode_ops};
use lockhouse::client::{COMPOUND, Client, op};
use lockhouse::nfs4::{Stateid, Status};
use lockhouse::xdr::generated::nfs4::nfs_argop4;

/// Sizes above any limit that a server may have set itself, all within a record of 1 MiB.
const SIZES: [usize; 4] = [4097, 65_537, 300_001, 1_000_001];
/// The same for arrays whose elements take some bytes.
const COUNTS: [usize; 4] = [33, 65, 1025, 20_000];

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// A counted opaque of this byte.
fn opaque_of(byte: u8, length: usize) -> Vec<u8> {
    let mut out = words(&[length as u32]);
    out.resize(4 + length, byte);
    out.resize(4 + length.next_multiple_of(4), 0);
    out
}

fn opaque(length: usize) -> Vec<u8> {
    opaque_of(b'7', length)
}

fn array(count: usize, element: &[u8]) -> Vec<u8> {
    [words(&[count as u32]), element.repeat(count)].concat()
}

/// A bitmap of so many words, of which the last says something.
fn bitmap(count: usize) -> Vec<u8> {
    [words(&[count as u32]), vec![0; 4 * count - 4], words(&[1])].concat()
}

/// How it ends when `bytes` are one more operation behind `before`, which succeed; and all of the reply.
fn ask(client: &mut Client, minor: u32, before: &[nfs_argop4], bytes: &[u8]) -> (Status, Vec<u8>) {
    let ticket = client.session.as_mut().map(|session| session.take_slot().expect("a slot is free"));
    let sequence = ticket.map(|ticket| client.session.as_ref().unwrap().sequence_op(ticket));
    let before: Vec<_> = sequence.into_iter().chain(before.iter().cloned()).collect();
    let count = before.len() as u32 + 1;
    let ops = [encode_ops(&before).unwrap(), bytes.to_vec()].concat();
    let credential = client.credential.clone();
    let args = encode_args(b"", minor, count, &ops);
    let reply = client.connection.call(COMPOUND, &credential, &args).unwrap();
    let word = |at: usize| u32::from_be_bytes(reply[at..at + 4].try_into().unwrap());
    assert_eq!(word(8), count, "all operations before are carried out: {}", word(0));
    if let Some(ticket) = ticket {
        let session = client.session.as_mut().unwrap();
        let sequence = lockhouse::client::CompoundReply::decode(&one_result(&reply)).unwrap();
        session.give_back(ticket, sequence.results.first().map(|result| &result.body));
    }
    (Status::from_number(word(0)).unwrap(), reply)
}

/// The reply of a session as if SEQUENCE had been alone.
fn one_result(reply: &[u8]) -> Vec<u8> {
    [words(&[0, 0, 1]), reply[12..12 + 8 + 36].to_vec()].concat()
}

struct Sessions {
    actor: Actor,
    file: Vec<nfs_argop4>,
    dir: Vec<nfs_argop4>,
}

impl Sessions {
    fn new() -> Self {
        let mut actor = Place::new().member_of(2, "a");
        let file = vec![op::putfh(&actor.open_new("f").filehandle)];
        let dir = vec![op::putfh(&actor.dir)];
        Self { actor, file, dir }
    }

    #[track_caller]
    fn check(&mut self, what: &str, before: &[nfs_argop4], bytes: &[u8], want: Status) -> Vec<u8> {
        let (status, reply) = ask(&mut self.actor, 2, before, bytes);
        assert_eq!(status, want, "{what} of {} bytes", bytes.len());
        reply
    }
}

#[test]
fn names_are_too_long() {
    let mut s = Sessions::new();
    let dir = s.dir.clone();
    let saved = [s.file.clone(), vec![op::savefh()], dir.clone()].concat();
    let two_dirs = [dir.clone(), vec![op::savefh()]].concat();
    for size in [256].into_iter().chain(SIZES) {
        let (long, short) = (opaque(size), opaque(1));
        let no_attributes = words(&[0, 0]);
        let open = words(&[18, 0, 1, 0, 0, 0, 1, 7 << 24, 0, 0]);
        for (what, before, bytes) in [
            ("LOOKUP", &dir, [words(&[15]), long.clone()].concat()),
            ("REMOVE", &dir, [words(&[28]), long.clone()].concat()),
            ("SECINFO", &dir, [words(&[33]), long.clone()].concat()),
            ("LINK", &saved, [words(&[11]), long.clone()].concat()),
            ("RENAME from", &two_dirs, [words(&[29]), long.clone(), short.clone()].concat()),
            ("RENAME to", &two_dirs, [words(&[29]), opaque_of(b'f', 1), long.clone()].concat()),
            ("CREATE", &dir, [words(&[6, 2]), long.clone(), no_attributes.clone()].concat()),
            ("OPEN", &dir, [open, long.clone()].concat()),
        ] {
            s.check(what, before, &bytes, Status::NameTooLong);
        }
    }
    for size in SIZES {
        let link = [words(&[6, 5]), opaque(size), opaque(1), words(&[0, 0])].concat();
        s.check("a link's text", &dir, &link, Status::NameTooLong);
    }
}

#[test]
fn extended_attributes_are_too_long() {
    let mut s = Sessions::new();
    let file = s.file.clone();
    for size in [256].into_iter().chain(SIZES) {
        let (long, short) = (opaque(size), opaque(1));
        s.check("GETXATTR", &file, &[words(&[72]), long.clone()].concat(), Status::NameTooLong);
        s.check("SETXATTR", &file, &[words(&[73, 0]), long.clone(), short].concat(), Status::NameTooLong);
        s.check("REMOVEXATTR", &file, &[words(&[75]), long].concat(), Status::NameTooLong);
    }
    for size in &SIZES[1..] {
        let set = [words(&[73, 0]), opaque(1), opaque(*size)].concat();
        s.check("the value", &file, &set, Status::Xattr2Big);
    }
}

#[test]
fn attributes_of_any_number_are_looked_at() {
    let mut s = Sessions::new();
    let (file, dir) = (s.file.clone(), s.dir.clone());
    for count in COUNTS {
        let many = bitmap(count);
        s.check("GETATTR", &file, &[words(&[9]), many.clone()].concat(), Status::Ok);
        let readdir = [words(&[26, 0, 0, 0, 0, 4096, 4096]), many.clone()].concat();
        s.check("READDIR", &dir, &readdir, Status::Ok);
        let none = [many, words(&[0])].concat();
        for (what, before, bytes) in [
            ("SETATTR", &file, [words(&[34, 0, 0, 0, 0]), none.clone()].concat()),
            ("VERIFY", &file, [words(&[37]), none.clone()].concat()),
            ("NVERIFY", &file, [words(&[17]), none.clone()].concat()),
            ("CREATE", &dir, [words(&[6, 2]), opaque(1), none.clone()].concat()),
        ] {
            s.check(what, before, &bytes, Status::AttrNotSupp);
        }
    }
    for size in SIZES {
        let values = [opaque(size)].concat();
        let acl = [words(&[34, 0, 0, 0, 0, 1, 1 << 12]), values].concat();
        s.check("an ACL", &file, &acl, Status::AttrNotSupp);
        let owner = opaque(size);
        let owner = [words(&[34, 0, 0, 0, 0, 2, 0, 1 << 4, owner.len() as u32]), owner].concat();
        s.check("an owner", &file, &owner, Status::BadOwner);
    }
}

#[test]
fn what_fits_a_record_is_written() {
    let mut s = Sessions::new();
    let file = s.file.clone();
    let (mut old, _) = (Place::new().actor("a"), ());
    let old_file = [op::putfh(&old.open_new("f").filehandle)];
    for size in [1_048_577, 1_049_600, 1_049_601, 1_110_000] {
        // By the anonymous stateid, stable.
        let write = [words(&[38, 0, 0, 0, 0, 0, 0, 2]), opaque(size)].concat();
        for reply in [s.check("WRITE", &file, &write, Status::Ok), {
            let (status, reply) = ask(&mut old, 0, &old_file, &write);
            assert_eq!(status, Status::Ok, "{size}");
            reply
        }] {
            // `WRITE4resok`: count, committed, verifier.
            let count = u32::from_be_bytes(reply[reply.len() - 16..][..4].try_into().unwrap());
            assert!(count > 0 && count as usize <= size, "{count} of {size}");
        }
    }
}

#[test]
fn stateids_of_any_number_are_tested() {
    let mut s = Sessions::new();
    let bad = words(&[1, 2, 3, 4]);
    for count in [256, 257, 4096, 4097, 69_000] {
        let reply = s.check("TEST_STATEID", &[], &[words(&[55]), array(count, &bad)].concat(), Status::Ok);
        let codes = &reply[reply.len() - 4 * count..];
        let each = Status::BadStateid.number().to_be_bytes();
        assert!(codes.chunks(4).all(|code| code == each), "{count}");
    }
    // One that is good is found among many.
    let file = s.actor.open_new("g");
    let Stateid { seqid, other } = file.stateid;
    let good = [words(&[seqid]), other.to_vec()].concat();
    let many = [words(&[55, 5001]), bad.repeat(5000), good].concat();
    let reply = s.check("TEST_STATEID", &[], &many, Status::Ok);
    assert!(reply.ends_with(&[0; 4]));
}

#[test]
fn what_is_passed_over_is_passed_over() {
    let mut s = Sessions::new();
    let (file, two) = (s.file.clone(), [s.file.clone(), vec![op::savefh()], s.file.clone()].concat());
    let gss = [words(&[6, 1]), opaque(2000), opaque(1)].concat();
    for count in &COUNTS[..3] {
        let servers = array(*count, &[words(&[1]), opaque(8)].concat());
        let copy = [words(&[60]), vec![0; 32 + 24], words(&[1, 1]), servers].concat();
        s.check("COPY", &two, &copy, Status::NotSupp);
        let secs = [words(&[40, 0x4000_0000]), array(*count, &words(&[0]))].concat();
        s.check("BACKCHANNEL_CTL", &file, &secs, Status::Ok);
    }
    let secs = [words(&[40, 0x4000_0000, 3]), gss.clone(), gss, words(&[0])].concat();
    s.check("BACKCHANNEL_CTL", &file, &secs, Status::Ok);
}

/// What introduces a client: EXCHANGE_ID, SETCLIENTID.
#[test]
fn clients_are_introduced_with_long_texts() {
    let place = Place::new();
    let mut new = place.stranger_41();
    let head = |protect: u32| [words(&[42, 1, 2]), opaque(9), words(&[0, protect])].concat();
    for size in SIZES {
        let from = [head(0), words(&[1]), opaque(size / 2), opaque(size / 2), words(&[0, 0, 0])].concat();
        assert_eq!(ask(&mut new, 1, &[], &from).0, Status::Ok, "a build's name of {size}");
        let algorithms = [words(&[0, 0]), array(1, &opaque(size)), array(0, &[]), words(&[1, 1, 0])].concat();
        assert_eq!(ask(&mut new, 1, &[], &[head(2), algorithms].concat()).0, Status::EncrAlgUnsupp);
    }
    for count in COUNTS {
        let algorithms =
            [words(&[0, 0]), array(count, &opaque(4)), array(count, &opaque(4)), words(&[1, 1, 0])];
        assert_eq!(ask(&mut new, 1, &[], &[head(2), algorithms.concat()].concat()).0, Status::EncrAlgUnsupp);
        let bitmaps = [bitmap(count), bitmap(count), words(&[0])].concat();
        assert_eq!(ask(&mut new, 1, &[], &[head(1), bitmaps].concat()).0, Status::Inval);
    }
    let mut old = place.stranger();
    let set = |netid: usize, addr: usize| {
        [words(&[35, 1, 2]), opaque(9), words(&[7]), opaque(netid), opaque(addr), words(&[1])].concat()
    };
    assert_eq!(ask(&mut old, 0, &[], &set(128, 128)).0, Status::Ok);
    for size in [129].into_iter().chain(SIZES) {
        assert_eq!(ask(&mut old, 0, &[], &set(3, size)).0, Status::Inval);
        assert_eq!(ask(&mut old, 0, &[], &set(size, 3)).0, Status::Inval);
    }
}

/// A text that the reply has to give back, of whatever length.
#[test]
fn a_tag_comes_back() {
    let mut client = Place::new().stranger();
    let credential = client.credential.clone();
    let ops = encode_ops(&[op::putrootfh()]).unwrap();
    for size in [1024, 1025].into_iter().chain(SIZES) {
        let args = encode_args(&vec![b't'; size], 0, 1, &ops);
        let reply = client.connection.call(COMPOUND, &credential, &args).unwrap();
        let want = [words(&[0]), opaque_of(b't', size), words(&[1, 24, 0])].concat();
        assert!(reply == want, "{size}");
    }
}

/// Bounds that the RFC's own types have.
#[test]
fn what_the_types_do_not_allow_is_bad_xdr() {
    let mut s = Sessions::new();
    let (file, dir) = (s.file.clone(), s.dir.clone());
    s.check("a filehandle", &[], &[words(&[22]), opaque(129)].concat(), Status::BadXdr);
    let lockt = |owner: usize| [words(&[13, 1, 0, 0, 0, 1, 0, 0]), opaque(owner)].concat();
    s.check("a lock_owner", &file, &lockt(1024), Status::Ok);
    s.check("a lock_owner", &file, &lockt(1025), Status::BadXdr);
    let open =
        |owner: usize| [words(&[18, 0, 1, 0, 0, 0]), opaque(owner), words(&[0, 0]), opaque_of(b'f', 1)];
    s.check("an open_owner", &dir, &open(1025).concat(), Status::BadXdr);
    let sec = |name: usize, gids: usize| {
        let parms = [words(&[40, 0x4000_0000, 1, 1, 0]), opaque(name), words(&[0, 0]), array(gids, &[0; 4])];
        parms.concat()
    };
    s.check("a machine name", &[], &sec(255, 16), Status::Ok);
    s.check("a machine name", &[], &sec(256, 16), Status::BadXdr);
    s.check("groups", &[], &sec(255, 17), Status::BadXdr);
    let place = Place::new();
    let client = |id: usize| [words(&[35, 1, 2]), opaque(id), words(&[7]), opaque(3), opaque(3), words(&[1])];
    assert_eq!(ask(&mut place.stranger(), 0, &[], &client(1024).concat()).0, Status::Ok);
    assert_eq!(ask(&mut place.stranger(), 0, &[], &client(1025).concat()).0, Status::BadXdr);
    let two_builds = [words(&[42, 1, 2]), opaque(9), words(&[0, 0]), array(2, &words(&[0, 0, 0, 0, 0]))];
    assert_eq!(ask(&mut place.stranger_41(), 1, &[], &two_builds.concat()).0, Status::BadXdr);
}
