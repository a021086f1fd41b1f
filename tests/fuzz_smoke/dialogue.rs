//! Dialogues with a server that the target `compound` can read.

use crate::bodies::compound::{Server, Step};
use lockhouse::xdr::Encoder;
use lockhouse::xdr::generated::nfs4::{COMPOUND4res, nfs_argop4, nfsstat4};

/// A COMPOUND in the making.
#[derive(Default)]
pub struct Compound {
    minor: u32,
    count: u32,
    ops: Encoder,
    /// Each operation's number and arguments.
    parts: Vec<(u32, Vec<u8>)>,
}

impl Compound {
    pub fn op(mut self, number: u32, write: impl FnOnce(&mut Encoder)) -> Self {
        let mut args = Encoder::new();
        write(&mut args);
        self.ops.u32(number);
        self.ops.fixed(args.as_bytes());
        self.parts.push((number, args.into_vec()));
        self.count += 1;
        self
    }

    /// PUTROOTFH and LOOKUP.
    pub fn file(self, name: &str) -> Self {
        self.op(24, |_| ()).op(15, |e| e.opaque(name.as_bytes()))
    }

    /// PUTROOTFH.
    pub fn root(self) -> Self {
        self.op(24, |_| ())
    }

    /// Any operation.
    pub fn arg(self, arg: nfs_argop4) -> Self {
        let mut bytes = Encoder::new();
        bytes.pack(&arg).expect("within limits");
        let (number, args) = bytes.as_bytes().split_first_chunk().expect("a number");
        self.op(u32::from_be_bytes(*number), |e| e.fixed(args))
    }

    /// Operations, one after the other.
    pub fn all(self, ops: impl IntoIterator<Item = nfs_argop4>) -> Self {
        ops.into_iter().fold(self, Self::arg)
    }

    fn args(&self) -> Vec<u8> {
        let mut args = Encoder::new();
        args.opaque(b"seed");
        args.u32(self.minor);
        args.u32(self.count);
        args.fixed(self.ops.as_bytes());
        args.into_vec()
    }
}

/// Of NFSv4.0.
pub fn compound() -> Compound {
    Compound::default()
}

/// Of another minor version.
pub fn compound_of(minor: u32) -> Compound {
    Compound { minor, ..Compound::default() }
}

/// What becomes of the oldest call to a client before a COMPOUND, as [`Step::way`] says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Fate {
    Waits = 0,
    Answered = 1,
    Refused = 2,
    Denied = 3,
    Lost = 4,
    AnsweredElsewhere = 5,
    AnsweredTwice = 7,
    /// Nothing becomes of it, and the COMPOUND is sent twice.
    Again = 8,
}

/// A dialogue with a server, written down as the target `compound` reads it.
#[derive(Default)]
pub struct Dialogue {
    server: Server,
    pub bytes: Vec<u8>,
    pub parts: Vec<(u32, Vec<u8>)>,
}

impl Dialogue {
    /// Sends a COMPOUND that must have this outcome.
    pub fn send(&mut self, sender: u8, compound: Compound, want: nfsstat4) -> COMPOUND4res {
        self.send_by((1, sender, 0), Fate::Waits, compound, want)
    }

    /// The same after so many seconds, from a sender over a connection.
    pub fn send_by(
        &mut self,
        (wait, sender, connection): (u8, u8, u8),
        fate: Fate,
        compound: Compound,
        want: nfsstat4,
    ) -> COMPOUND4res {
        let args = compound.args();
        let way = connection | if fate == Fate::Again { 1 << 5 } else { (fate as u8) << 2 };
        let step = Step { wait, sender, way, args: &args };
        self.bytes.extend_from_slice(&step.bytes());
        let result = self.server.step(&step).expect("a COMPOUND");
        assert_eq!(result.status, want, "{:?}", result.resarray.last());
        self.parts.extend(compound.parts);
        result
    }

    pub fn ok(&mut self, sender: u8, compound: Compound) -> COMPOUND4res {
        self.send(sender, compound, nfsstat4::NFS4_OK)
    }

    /// Answers the oldest call with these bytes behind its xid.
    pub fn reply(&mut self, bytes: &[u8]) {
        let step = Step { wait: 0, sender: 0, way: 6 << 2, args: bytes };
        self.bytes.extend_from_slice(&step.bytes());
        assert!(self.server.step(&step).is_none());
    }

    /// How many calls to clients wait for an answer.
    pub fn calls(&self) -> usize {
        self.server.calls()
    }
}
