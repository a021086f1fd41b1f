//! The operations of NFSv4.2 on a tree in memory, one at a time, without opens.

use crate::files::{
    Applied, CreateFileRequest, CreateMode, Namespace, ReadRequest, SetAttr, SetattrRequest, Stability,
    WriteRequest,
};
use crate::nfs4::{Caller, ConnectionId, Cred, Filehandle, Principal, Stateid, Status};
use crate::ops::context::{Context, Request};
use crate::ops::{Nfs, find};
use crate::state::{Config, Core, Start};
use crate::xdr::encode::Encoder;
use std::sync::Arc;
use std::time::Duration;

const ANONYMOUS: Stateid = Stateid { seqid: 0, other: [0; 12] };
const ALLOCATE: u32 = 59;
const COPY: u32 = 60;
const DEALLOCATE: u32 = 62;
const SEEK: u32 = 69;
const CLONE: u32 = 71;
const GETXATTR: u32 = 72;
const SETXATTR: u32 = 73;
const LISTXATTRS: u32 = 74;
const REMOVEXATTR: u32 = 75;

/// A server and its client.
struct Server {
    nfs: Nfs,
    caller: Caller,
}

impl Server {
    fn new() -> Self {
        let now = Duration::from_secs(1);
        let start = Start { epoch: 3, seed: 1, recorded: Default::default(), now };
        let files = Arc::new(Namespace::memory().unwrap());
        let nfs = Nfs::new(files, Core::new(Config::default(), start), *b"verifier", b"owner");
        let cred = Cred { uid: 1000, gid: 1000, groups: Default::default() };
        Self {
            nfs,
            caller: Caller {
                principal: Principal::Sys { uid: 1000 },
                cred,
                now,
                connection: ConnectionId(1),
                nonblocking: false,
            },
        }
    }

    fn file(&self, name: &str, data: &[u8]) -> Filehandle {
        let (files, cred) = (&self.nfs.files, &self.caller.cred);
        let set = SetAttr::default();
        let made = files
            .call(
                &files.root(),
                CreateFileRequest { cred, name: name.as_bytes(), mode: CreateMode::Guarded, set: &set },
            )
            .unwrap();
        let (offset, stability, has_open) = (0, Stability::Unstable, false);
        files.call(&made.object, WriteRequest { cred, offset, data, stability, has_open }).unwrap();
        made.object
    }

    fn data(&self, fh: &Filehandle) -> Vec<u8> {
        let mut data = Vec::new();
        let (cred, data_out) = (&self.caller.cred, &mut data);
        let request = ReadRequest { cred, offset: 0, count: u32::MAX, has_open: false, data: data_out };
        self.nfs.files.call(fh, request).unwrap();
        data
    }

    /// Runs one operation with these saved and current filehandles; answers its result.
    fn run(
        &self,
        number: u32,
        saved: Option<&Filehandle>,
        current: Option<&Filehandle>,
        args: impl FnOnce(&mut Encoder),
    ) -> Result<Vec<u8>, Status> {
        self.run_in(2, number, saved, current, args)
    }

    fn run_in(
        &self,
        minor: u32,
        number: u32,
        saved: Option<&Filehandle>,
        current: Option<&Filehandle>,
        args: impl FnOnce(&mut Encoder),
    ) -> Result<Vec<u8>, Status> {
        let (mut input, mut out) = (Encoder::new(), Encoder::new());
        args(&mut input);
        let request = Request { minor, count: 1, args: input.as_bytes() };
        let mut context = Context::new(&self.nfs, &self.caller, request, &mut out);
        if let Some(fh) = saved {
            context.set_current(fh.clone());
            context.save().unwrap();
        }
        if let Some(fh) = current {
            context.set_current(fh.clone());
        }
        let mut rest = input.as_bytes();
        (find(number, minor).unwrap().run)(&mut context, &mut rest).map_err(|fail| fail.status)?;
        assert!(rest.is_empty(), "all arguments are read");
        drop(context);
        Ok(out.into_vec())
    }

    fn region(&self, number: u32, fh: &Filehandle, offset: u64, length: u64) -> Result<Vec<u8>, Status> {
        self.run(number, None, Some(fh), |out| {
            out.stateid(&ANONYMOUS);
            out.u64(offset);
            out.u64(length);
        })
    }

    fn seek(&self, fh: &Filehandle, offset: u64, what: u32) -> Result<Vec<u8>, Status> {
        self.run(SEEK, None, Some(fh), |out| {
            out.stateid(&ANONYMOUS);
            out.u64(offset);
            out.u32(what);
        })
    }

    fn set(&self, fh: &Filehandle, option: u32, name: &[u8], value: &[u8]) -> Result<Vec<u8>, Status> {
        self.run(SETXATTR, None, Some(fh), |out| {
            out.u32(option);
            out.opaque(name);
            out.opaque(value);
        })
    }

    fn named(&self, number: u32, fh: &Filehandle, name: &str) -> Result<Vec<u8>, Status> {
        self.run(number, None, Some(fh), |out| out.opaque(name.as_bytes()))
    }

    fn list(&self, fh: &Filehandle, cookie: u64, maxcount: u32) -> Result<Vec<u8>, Status> {
        self.run(LISTXATTRS, None, Some(fh), |out| {
            out.u64(cookie);
            out.u32(maxcount);
        })
    }
}

fn bytes(write: impl FnOnce(&mut Encoder)) -> Vec<u8> {
    let mut out = Encoder::new();
    write(&mut out);
    out.into_vec()
}

fn regions(out: &mut Encoder, from: u64, to: u64, count: u64) {
    out.stateid(&ANONYMOUS);
    out.stateid(&ANONYMOUS);
    [from, to, count].iter().for_each(|number| out.u64(*number));
}

fn copy_args(out: &mut Encoder, count: u64, servers: u32) {
    regions(out, 1, 0, count);
    out.bool(true);
    out.bool(false);
    out.u32(servers);
    (0..servers).for_each(|_| {
        out.u32(1);
        out.opaque(b"other");
    });
}

#[test]
fn regions_are_made_and_found() {
    let s = Server::new();
    let file = s.file("file", b"data");
    assert_eq!(s.region(ALLOCATE, &file, 0, 1 << 18), Ok(vec![]));
    assert_eq!(s.region(DEALLOCATE, &file, 1 << 16, 1 << 16), Ok(vec![]));
    assert_eq!(s.data(&file).len(), 1 << 18);
    let found = |eof, offset| {
        Ok(bytes(|out| {
            out.bool(eof);
            out.u64(offset);
        }))
    };
    assert_eq!(s.seek(&file, 0, 1), found(false, 1 << 16));
    assert_eq!(s.seek(&file, 1 << 16, 0), found(false, 1 << 17));
    assert_eq!(s.seek(&file, 1 << 17, 1), found(true, 1 << 18));
    assert_eq!(s.seek(&file, 1 << 18, 0), Err(Status::Nxio));
    assert_eq!(s.seek(&file, 0, 2), Err(Status::UnionNotSupp));
    assert_eq!(s.region(ALLOCATE, &file, u64::MAX, 2), Err(Status::Inval));
    let root = s.nfs.files.root();
    assert_eq!(s.region(ALLOCATE, &root, 0, 1), Err(Status::WrongType));
    assert_eq!(s.run(SEEK, None, None, |_| {}), Err(Status::BadXdr));
}

#[test]
fn copies_are_made_at_once() {
    let s = Server::new();
    let (from, to) = (s.file("from", b"abcdef"), s.file("to", b"......."));
    let reply = s.run(COPY, Some(&from), Some(&to), |out| copy_args(out, 3, 0));
    let want = bytes(|out| {
        out.u32(0);
        out.u64(3);
        out.u32(2);
        out.fixed(b"verifier");
        out.bool(true);
        out.bool(true);
    });
    assert_eq!(reply, Ok(want));
    assert_eq!(s.data(&to), b"bcd....");
    let copy = |saved, current, count, servers| {
        s.run(COPY, saved, current, |out| copy_args(out, count, servers)).map(|_| ())
    };
    assert_eq!(copy(Some(&from), Some(&to), 0, 0), Ok(()));
    assert_eq!(s.data(&to), b"bcdef..", "0 is to the end");
    assert_eq!(copy(Some(&from), Some(&to), 6, 0), Err(Status::Inval));
    assert_eq!(copy(Some(&from), Some(&to), 3, 1), Err(Status::NotSupp));
    assert_eq!(copy(None, Some(&to), 3, 0), Err(Status::NoFilehandle));
    assert_eq!(copy(Some(&s.nfs.files.root()), Some(&to), 3, 0), Err(Status::WrongType));
    assert_eq!(s.data(&to), b"bcdef..");
}

#[test]
fn clones_are_made() {
    let s = Server::new();
    let (from, to) = (s.file("from", b"abcdef"), s.file("to", b""));
    let clone = |from_at, to_at, count| {
        s.run(CLONE, Some(&from), Some(&to), |out| regions(out, from_at, to_at, count))
    };
    assert_eq!(clone(2, 3, 0), Ok(vec![]));
    assert_eq!(s.data(&to), b"\0\0\0cdef");
    assert_eq!(clone(6, 0, 1), Err(Status::Inval));
    let same = s.run(CLONE, Some(&from), Some(&from), |out| regions(out, 0, 2, 3));
    assert_eq!(same, Err(Status::Inval), "the regions overlap");
}

#[test]
fn extended_attributes_come_and_go() {
    let s = Server::new();
    let file = s.file("file", b"");
    assert_eq!(s.named(GETXATTR, &file, "a"), Err(Status::NoXattr));
    assert!(s.set(&file, 1, b"a", b"value").is_ok_and(|change| change.len() == 20));
    assert_eq!(s.set(&file, 1, b"a", b""), Err(Status::Exist));
    assert_eq!(s.set(&file, 2, b"b", b""), Err(Status::NoXattr));
    assert_eq!(s.named(GETXATTR, &file, "a"), Ok(bytes(|out| out.opaque(b"value"))));
    assert_eq!(s.set(&file, 0, b"a", &[0; 65_537]), Err(Status::Xattr2Big));
    assert_eq!(s.set(&file, 0, b"\xff", b""), Err(Status::Inval));
    assert!(s.named(REMOVEXATTR, &file, "a").is_ok());
    assert_eq!(s.named(REMOVEXATTR, &file, "a"), Err(Status::NoXattr));
}

#[test]
fn names_are_listed_in_pieces() {
    let s = Server::new();
    let root = s.nfs.files.root();
    // The root of the tree is sticky and root's.
    assert_eq!(s.set(&root, 0, b"a", b""), Err(Status::Perm));
    let file = s.file("file", b"");
    s.set(&file, 0, b"b", b"").unwrap();
    s.set(&file, 0, b"a", b"").unwrap();
    let page = |cookie, names: &[&str], eof| {
        Ok(bytes(|out| {
            out.u64(cookie);
            out.u32(names.len() as u32);
            names.iter().for_each(|name| out.opaque(name.as_bytes()));
            out.bool(eof);
        }))
    };
    assert_eq!(s.list(&file, 0, 1000), page(2, &["a", "b"], true));
    assert_eq!(s.list(&file, 0, 16 + 8), page(1, &["a"], false));
    assert_eq!(s.list(&file, 1, 100), page(2, &["b"], true));
    assert_eq!(s.list(&file, 2, 16), page(2, &[], true));
    assert_eq!(s.list(&file, 0, 16 + 7), Err(Status::TooSmall));
    assert_eq!(s.list(&file, 0, 15), Err(Status::TooSmall));
    assert_eq!(s.list(&file, 3, 100), Err(Status::BadCookie));
    assert_eq!(s.list(&root, 0, 100), page(0, &[], true));
}

#[test]
fn the_lock_generation_is_read_and_not_set() {
    let s = Server::new();
    let file = s.file("file", b"");
    let want = bytes(|out| out.opaque((3u64 << 32).to_string().as_bytes()));
    // Any further part makes a name that no client has cached.
    for own in ["lockhouse.generation", "lockhouse.generation.17", "lockhouse.generation."] {
        assert_eq!(s.named(GETXATTR, &file, own), Ok(want.clone()), "{own}");
        assert_eq!(s.set(&file, 0, own.as_bytes(), b"1"), Err(Status::Perm), "{own}");
        assert_eq!(s.named(REMOVEXATTR, &file, own), Err(Status::Perm), "{own}");
        assert_eq!(s.named(GETXATTR, &s.nfs.files.root(), own), Err(Status::NoXattr), "{own}");
    }
    for other in ["lockhouse.generations", "lockhouse.generation-1", "lockhouse"] {
        assert_eq!(s.named(GETXATTR, &file, other), Err(Status::NoXattr), "{other}");
    }
}

#[test]
fn what_is_refused_says_so() {
    let s = Server::new();
    for number in [46, 47, 48, 49, 50, 51, 54, 56, 61, 63, 64, 65, 66, 67, 68, 70] {
        assert_eq!(s.run(number, None, None, |_| {}), Err(Status::NotSupp), "{number}");
    }
}

#[test]
fn rights_on_extended_attributes_are_told_in_4_2_alone() {
    let s = Server::new();
    let file = s.file("file", b"");
    let access = |minor, bits| s.run_in(minor, 3, None, Some(&file), |out| out.u32(bits));
    let told = |supported, allowed| {
        Ok(bytes(|out| {
            out.u32(supported);
            out.u32(allowed);
        }))
    };
    assert_eq!(access(2, 0x1c1), told(0x1c1, 0x1c1));
    assert_eq!(access(1, 0x40), Err(Status::Inval));
    assert_eq!(access(2, 0x200), Err(Status::Inval));
    let set = SetAttr { mode: Some(0o400), ..SetAttr::default() };
    let (cred, applied) = (&s.caller.cred, &mut Applied::default());
    s.nfs.files.call(&file, SetattrRequest { cred, set: &set, has_open: false, applied }).unwrap();
    assert_eq!(access(2, 0x1c0), told(0x1c0, 0x140), "not to write");
}
