//! Seeds from messages that the server understands.

use crate::dialogue::{Dialogue, compound};
use crate::{sessions, sessions42};
use lockhouse::nfs4::{ClientId, Stateid};
use lockhouse::rpc::message::{Accepted, Denied, put_accepted, put_denied};
use lockhouse::rpc::record::{begin_record, finish_record};
use lockhouse::xdr::generated::nfs4::{SETCLIENTID4res, nfs_resop4, nfsstat4};
use lockhouse::xdr::{Bitmap, Encoder};
use std::collections::BTreeMap;

pub type Seeds = BTreeMap<String, Vec<u8>>;

impl Dialogue {
    /// SETCLIENTID, SETCLIENTID_CONFIRM.
    fn client(&mut self, sender: u8, name: &str) {
        let setclientid = compound().op(35, |e| {
            e.fixed(&[7; 8]);
            e.opaque(name.as_bytes());
            e.u32(0x4000_0000);
            e.opaque(b"tcp");
            e.opaque(b"127.0.0.1.8.1");
            e.u32(1);
        });
        let result = self.ok(sender, setclientid);
        let Some(nfs_resop4::OP_SETCLIENTID(SETCLIENTID4res::NFS4_OK(ok))) = result.resarray.first() else {
            panic!("{result:?}")
        };
        self.ok(
            sender,
            compound().op(36, |e| {
                e.u64(ok.clientid);
                e.fixed(&ok.setclientid_confirm.0);
            }),
        );
    }

    /// OPEN for reading and writing, made if not there, and OPEN_CONFIRM.
    fn open(&mut self, sender: u8, client: u32, file: &str, seqid: u32) {
        self.ok(sender, compound().root().op(18, |e| open(e, client, file, seqid)).op(10, |_| ()));
        let confirm = compound().file(file).op(20, |e| {
            e.stateid(&state(client, 1, 1));
            e.u32(seqid + 1);
        });
        self.ok(sender, confirm);
    }
}

fn state(client: u32, serial: u32, version: u32) -> Stateid {
    Stateid { seqid: version, ..Stateid::first(ClientId::new(1, client), serial) }
}

fn owner(e: &mut Encoder, client: u32, name: &str) {
    e.u64(ClientId::new(1, client).0);
    e.opaque(name.as_bytes());
}

fn open(e: &mut Encoder, client: u32, file: &str, seqid: u32) {
    e.u32(seqid);
    e.u32(3);
    e.u32(0);
    owner(e, client, "opener");
    // OPEN4_CREATE, UNCHECKED4, mode 0666.
    e.u32(1);
    e.u32(0);
    mode(e, 0o666);
    // CLAIM_NULL.
    e.u32(0);
    e.opaque(file.as_bytes());
}

/// A `fattr4` of the mode alone.
fn mode(e: &mut Encoder, mode: u32) {
    e.bitmap(&Bitmap::of(&[33]));
    e.opaque(&mode.to_be_bytes());
}

/// LOCK with `open_to_lock_owner4`.
fn lock_new(e: &mut Encoder, client: u32, kind: u32, (offset, length): (u64, u64), version: u32) {
    e.u32(kind);
    e.bool(false);
    e.u64(offset);
    e.u64(length);
    e.bool(true);
    e.u32(version + 1);
    e.stateid(&state(client, 1, 2));
    e.u32(0);
    owner(e, client, "locker");
}

/// LOCK with `exist_lock_owner4`.
fn lock_again(e: &mut Encoder, client: u32, kind: u32, (offset, length): (u64, u64), version: u32) {
    e.u32(kind);
    e.bool(false);
    e.u64(offset);
    e.u64(length);
    e.bool(false);
    e.stateid(&state(client, 2, version));
    e.u32(version);
}

fn lockt(e: &mut Encoder, client: u32, kind: u32, offset: u64, length: u64) {
    e.u32(kind);
    e.u64(offset);
    e.u64(length);
    owner(e, client, "tester");
}

fn locku(e: &mut Encoder, client: u32, version: u32, offset: u64, length: u64) {
    e.u32(2);
    e.u32(version);
    e.stateid(&state(client, 2, version));
    e.u64(offset);
    e.u64(length);
}

/// One client opens, locks, tests, unlocks, closes.
fn locks() -> Dialogue {
    let mut d = Dialogue::default();
    d.client(0, "a");
    d.open(0, 1, "f", 1);
    d.ok(0, compound().file("f").op(12, |e| lock_new(e, 1, 2, (0, 10), 2)));
    d.ok(0, compound().file("f").op(12, |e| lock_again(e, 1, 1, (20, u64::MAX), 1)));
    d.send(0, compound().file("f").op(13, |e| lockt(e, 1, 2, 5, 1)), nfsstat4::NFS4ERR_DENIED);
    d.ok(0, compound().file("f").op(13, |e| lockt(e, 1, 1, 10, 10)));
    d.ok(0, compound().file("f").op(14, |e| locku(e, 1, 2, 0, u64::MAX)));
    d.ok(0, compound().op(30, |e| e.u64(ClientId::new(1, 1).0)));
    d.ok(0, compound().op(39, |e| owner(e, 1, "locker")));
    let downgrade = compound().file("f").op(21, |e| {
        e.stateid(&state(1, 1, 2));
        [4, 3, 0].into_iter().for_each(|word| e.u32(word));
    });
    d.ok(0, downgrade);
    let close = compound().file("f").op(4, |e| {
        e.u32(5);
        e.stateid(&state(1, 1, 3));
    });
    d.ok(0, close);
    d
}

/// Two clients want the same bytes; one waits.
fn conflict() -> Dialogue {
    let mut d = Dialogue::default();
    d.client(0, "a");
    d.client(1, "b");
    d.open(0, 1, "f", 1);
    d.open(1, 2, "f", 7);
    d.ok(0, compound().file("f").op(12, |e| lock_new(e, 1, 4, (0, 100), 2)));
    let wait = |version| compound().file("f").op(12, move |e| lock_new(e, 2, 4, (50, 100), version));
    d.send(1, wait(8), nfsstat4::NFS4ERR_DENIED);
    d.ok(0, compound().file("f").op(14, |e| locku(e, 1, 1, 0, u64::MAX)));
    d.ok(1, wait(9));
    d
}

/// Names and data.
fn files() -> Dialogue {
    let mut d = Dialogue::default();
    let opaque = |bytes: &'static [u8]| move |e: &mut Encoder| e.opaque(bytes);
    let directory = compound().root().op(6, |e| {
        e.u32(2);
        e.opaque(b"d");
        mode(e, 0o777);
    });
    d.ok(0, directory.op(10, |_| ()).op(16, |_| ()).op(3, |e| e.u32(0x3f)));
    let link = compound().root().op(6, |e| {
        e.u32(5);
        e.opaque(b"target");
        e.opaque(b"l");
        mode(e, 0o777);
    });
    d.ok(0, link.op(27, |_| ()));
    d.client(0, "a");
    d.open(0, 1, "f", 1);
    let write = compound().file("f").op(38, |e| {
        e.stateid(&state(1, 1, 2));
        e.u64(3);
        e.u32(2);
        e.opaque(b"data");
    });
    d.ok(0, write);
    let read = compound().file("f").op(25, |e| {
        e.stateid(&Stateid::READ_BYPASS);
        e.u64(0);
        e.u32(100);
    });
    d.ok(0, read.op(5, |e| [0, 0, 0].into_iter().for_each(|word| e.u32(word))));
    let setattr = compound().file("f").op(34, |e| {
        e.stateid(&Stateid::ANONYMOUS);
        mode(e, 0o600);
    });
    d.ok(0, setattr.op(9, |e| e.bitmap(&Bitmap::of(&[0, 1, 3, 4, 10, 33, 35, 53]))));
    d.ok(0, compound().file("f").op(37, |e| mode(e, 0o600)));
    d.send(0, compound().file("f").op(17, |e| mode(e, 0o600)), nfsstat4::NFS4ERR_SAME);
    d.ok(0, compound().file("f").op(32, |_| ()).root().op(11, opaque(b"h")).op(31, |_| ()));
    let rename = compound().root().op(32, |_| ()).file("d").op(29, |e| {
        e.opaque(b"h");
        e.opaque(b"i");
    });
    d.ok(0, rename);
    let readdir = compound().op(23, |_| ()).op(26, |e| {
        e.u64(0);
        e.fixed(&[0; 8]);
        e.u32(512);
        e.u32(4096);
        e.bitmap(&Bitmap::of(&[1, 11, 20]));
    });
    d.ok(0, readdir.op(33, opaque(b"f")));
    d.ok(0, compound().file("d").op(28, opaque(b"i")));
    d.send(0, compound().op(22, opaque(b"no handle")), nfsstat4::NFS4ERR_BADHANDLE);
    d.send(0, compound().file("f").op(19, |e| e.bool(true)), nfsstat4::NFS4ERR_NOTSUPP);
    d.send(0, compound().root().op(8, |e| e.stateid(&state(1, 9, 1))), nfsstat4::NFS4ERR_BAD_STATEID);
    d.ok(0, compound().op(7, |e| e.u64(ClientId::new(1, 1).0)));
    d
}

/// Whole dialogues, and the arguments of each operation in them.
pub fn sessions() -> (Seeds, Seeds) {
    let dialogues = [
        ("locks", locks()),
        ("conflict", conflict()),
        ("files", files()),
        ("state", sessions::state()),
        ("notices", sessions::notices()),
        ("session_ends", sessions::session_ends()),
        ("extents", sessions42::extents()),
        ("xattrs", sessions42::xattrs()),
    ];
    let mut parts = Seeds::new();
    for (_, dialogue) in &dialogues {
        for (number, args) in dialogue.parts.iter().filter(|(_, args)| !args.is_empty()) {
            let seed = [&[*number as u8], &args[..]].concat();
            let name = lockhouse::ops::all()
                .iter()
                .find(|op| op.number == *number)
                .map_or("?", |op| op.name)
                .to_lowercase();
            if !parts.values().any(|known| *known == seed) {
                parts.insert(format!("{name}-{}", parts.len()), seed);
            }
        }
    }
    parts.extend(callback_answers());
    (dialogues.map(|(name, dialogue)| (name.to_string(), dialogue.bytes)).into(), parts)
}

/// Answers to callbacks, as the target `decode` reads them.
fn callback_answers() -> Seeds {
    let words = |words: &[u32]| {
        [&[124][..], &words.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<_>>()].concat()
    };
    let sequence = [11, 0, 1, 2, 3, 4, 5, 0, 0, 0];
    let done = [&[0, 0, 2][..], &sequence, &[13, 0]].concat();
    let refused = [&[10_001, 0, 2][..], &sequence, &[13, 10_001]].concat();
    let misordered = [10_063, 0, 1, 11, 10_063];
    [
        ("callback_done".into(), words(&done)),
        ("callback_refused".into(), words(&refused)),
        ("callback_misordered".into(), words(&misordered)),
    ]
    .into()
}

/// The head of a call with this credential, and a body.
fn call(flavor: u32, credential: &[u8]) -> Vec<u8> {
    let mut call = Encoder::new();
    [0x1234_5678, 0, 2, 100_003, 4, 1, flavor].into_iter().for_each(|word| call.u32(word));
    call.opaque(credential);
    [0, 0, 1, 2].into_iter().for_each(|word| call.u32(word));
    call.into_vec()
}

fn calls() -> [(String, Vec<u8>); 3] {
    let mut sys = Encoder::new();
    sys.u32(7);
    sys.opaque(b"machine");
    [1000, 100, 3, 4, 24, 27].into_iter().for_each(|word| sys.u32(word));
    let mismatch = [0x1234_5678u32, 0, 3, 0].map(u32::to_be_bytes).concat();
    [("none".into(), call(0, &[])), ("sys".into(), call(1, sys.as_bytes())), ("mismatch".into(), mismatch)]
}

fn replies() -> [(String, Vec<u8>); 3] {
    let (mut done, mut unavailable, mut denied) = (Vec::new(), Vec::new(), Vec::new());
    put_accepted(&mut done, 1, Accepted::Success);
    done.extend_from_slice(&[0; 12]);
    put_accepted(&mut unavailable, 2, Accepted::ProgUnavail);
    put_denied(&mut denied, 3, Denied::RpcMismatch);
    [("done".into(), done), ("unavailable".into(), unavailable), ("denied".into(), denied)]
}

/// Heads of calls and replies.
pub fn rpc_header() -> Seeds {
    calls().into_iter().chain(replies()).collect()
}

/// Streams of records.
pub fn record() -> Seeds {
    let mut whole = vec![1, 16];
    for (_, call) in calls() {
        let mut record = Vec::new();
        begin_record(&mut record);
        record.extend_from_slice(&call);
        assert!(finish_record(&mut record));
        whole.extend_from_slice(&record);
    }
    let fragments = [&[0, 5][..], &[0, 0, 0, 3], b"abc", &[0; 4], &[0x80, 0, 0, 2], b"de", &[0x80, 0, 0, 0]];
    [("calls".to_string(), whole), ("fragments".to_string(), fragments.concat())].into()
}

/// Scripts: noise is as good as any, since every byte means something.
pub fn ops() -> Seeds {
    let script = |seed: u64| {
        let numbers = std::iter::successors(Some(seed), |state| {
            Some(state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407))
        });
        numbers.skip(1).take(250).flat_map(|state| (state ^ (state >> 29)).to_be_bytes()).collect()
    };
    (1..=4).map(|seed| (format!("script-{seed}"), script(seed))).collect()
}

/// State as it is stored.
pub fn restore() -> BTreeMap<String, Vec<u8>> {
    [("state".to_owned(), crate::bodies::restore::seed())].into()
}
