//! COMPOUNDs that are encoded once and then sent any number of times with other numbers in them: the fast path of
//! load clients.
//!
//! A [`Template`] is a whole call with its record mark. [`Template::write`] appends it to a buffer and gives a
//! [`Draft`], which changes fields of the last operation where they stand. Nothing is allocated but by the buffer.
//! [`Template::answer`](Template::answer) (in `answer.rs`) reads the reply in place.

use super::rpc::{CallHeader, NFS_PROGRAM};
use super::{COMPOUND, Credential, Error, NULL, compound};
use crate::xdr::generated::nfs4::*;

/// Bytes of a `stateid4`.
pub const STATEID_BYTES: usize = 16;
/// The bit of a record mark that says that the fragment is the last one.
const LAST_FRAGMENT: u32 = 1 << 31;
/// Where the xid stands, after the record mark.
const XID: usize = 4;
/// Bytes of an operation number, of an enum, of a bool, of a seqid.
const WORD: usize = 4;
/// Bytes of an offset, of a length, of a clientid.
const HYPER: usize = 8;

/// Holds a call that is ready to be sent but for its numbers.
#[derive(Clone, Debug)]
pub struct Template {
    bytes: Vec<u8>,
    /// The operations of the COMPOUND; none in a NULL call.
    pub(super) opcodes: Vec<u32>,
    /// Where the sessionid of SEQUENCE stands.
    sequence: Option<usize>,
    places: Places,
}

/// Where the fields of the last operation stand that a [`Draft`] can change.
#[derive(Clone, Copy, Debug, Default)]
struct Places {
    kind: Option<usize>,
    range: Option<usize>,
    stateid: Option<usize>,
    seqid: Option<usize>,
    /// Of a LOCK by a new lock owner: the seqid of its open owner.
    open_seqid: Option<usize>,
    /// The last 8 bytes of the owner's name.
    owner: Option<usize>,
}

/// Holds a slot of a session, and how far it has come. One request at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// `sa_sessionid`.
    pub session: [u8; 16],
    /// `sa_slotid`.
    pub slotid: u32,
    /// `sa_highest_slotid`.
    pub highest: u32,
    /// The sequence id of the last request that the server took.
    pub sequenceid: u32,
}

/// Represents a call in a buffer, to be filled in.
#[derive(Debug)]
pub struct Draft<'a> {
    bytes: &'a mut [u8],
    places: Places,
}

impl Template {
    /// Prepares a COMPOUND of these operations. With `session`, SEQUENCE goes before them.
    pub fn compound(
        minor: u32,
        credential: &Credential,
        session: bool,
        ops: &[nfs_argop4],
    ) -> Result<Self, Error> {
        let sequence = session.then(blank_sequence);
        let (mut body, mut opcodes, mut last) = (Vec::new(), Vec::new(), 0);
        for op in sequence.iter().chain(ops) {
            last = body.len();
            let encoded = compound::encode_ops(std::slice::from_ref(op))?;
            opcodes.push(first_word(&encoded));
            body.extend_from_slice(&encoded);
        }
        let count = opcodes.len() as u32;
        let args = compound::encode_args(&[], minor, count, &body);
        let bytes = whole_call(COMPOUND, credential, &args);
        let start = bytes.len() - body.len();
        let places = ops.last().map_or(Places::default(), |op| Places::of(op).shifted(start + last));
        Ok(Self { bytes, opcodes, sequence: session.then_some(start + WORD), places })
    }

    /// Prepares a call of NULL.
    pub fn null(credential: &Credential) -> Self {
        let bytes = whole_call(NULL, credential, &[]);
        Self { bytes, opcodes: Vec::new(), sequence: None, places: Places::default() }
    }

    /// Returns how many bytes the call has, with its record mark.
    pub fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Appends the call under this number, in this slot if there is a session. The slot counts on when the answer says
    /// that the server took the request: [`Slot::answered`].
    pub fn write<'a>(&self, xid: u32, slot: Option<&Slot>, out: &'a mut Vec<u8>) -> Draft<'a> {
        let start = out.len();
        out.extend_from_slice(&self.bytes);
        let bytes = out.get_mut(start..).unwrap_or_default();
        put(bytes, Some(XID), &xid.to_be_bytes());
        if let (Some(at), Some(slot)) = (self.sequence, slot) {
            put(bytes, Some(at), &slot.session);
            put(bytes, Some(at + 16), &slot.sequenceid.wrapping_add(1).to_be_bytes());
            put(bytes, Some(at + 20), &slot.slotid.to_be_bytes());
            put(bytes, Some(at + 24), &slot.highest.to_be_bytes());
        }
        Draft { bytes, places: self.places }
    }
}

impl Slot {
    /// Takes note of an answer: whether SEQUENCE was carried out.
    pub fn answered(&mut self, taken: bool) {
        if taken {
            self.sequenceid = self.sequenceid.wrapping_add(1);
        }
    }
}

/// Each method changes a field of the last operation; one that the operation does not have is left out.
impl Draft<'_> {
    /// Sets the type of lock.
    pub fn kind(self, kind: nfs_lock_type4) -> Self {
        put(self.bytes, self.places.kind, &(kind as u32).to_be_bytes());
        self
    }

    /// Sets the first byte and the number of bytes of LOCK, LOCKT or LOCKU.
    pub fn range(self, offset: u64, length: u64) -> Self {
        put(self.bytes, self.places.range, &offset.to_be_bytes());
        put(self.bytes, self.places.range.map(|at| at + HYPER), &length.to_be_bytes());
        self
    }

    /// Sets the stateid: of the open for a new lock owner, else of the lock, or of the open that is confirmed or closed.
    pub fn stateid(self, stateid: &[u8; STATEID_BYTES]) -> Self {
        put(self.bytes, self.places.stateid, stateid);
        self
    }

    /// Sets the seqid of the owner that sends.
    pub fn seqid(self, seqid: u32) -> Self {
        put(self.bytes, self.places.seqid, &seqid.to_be_bytes());
        self
    }

    /// Sets the seqid of the open owner behind a new lock owner.
    pub fn open_seqid(self, seqid: u32) -> Self {
        put(self.bytes, self.places.open_seqid, &seqid.to_be_bytes());
        self
    }

    /// Sets the last 8 bytes of the owner's name, which must have as many.
    pub fn owner(self, number: u64) -> Self {
        put(self.bytes, self.places.owner, &number.to_be_bytes());
        self
    }
}

impl Places {
    /// Returns where they stand from the start of the operation (RFC 7530 §16.10.1, §16.12.1, §16.16.1, §16.18.1, §16.2.1).
    fn of(op: &nfs_argop4) -> Self {
        let kind = Some(WORD);
        match op {
            nfs_argop4::OP_LOCK(LOCK4args { locker, .. }) => {
                let range = 3 * WORD;
                let locker_at = range + 2 * HYPER + WORD;
                let range = Some(range);
                match locker {
                    locker4::FALSE(_) => Self {
                        kind,
                        range,
                        stateid: Some(locker_at),
                        seqid: Some(locker_at + STATEID_BYTES),
                        ..Self::default()
                    },
                    locker4::TRUE(new) => {
                        let seqid = locker_at + WORD + STATEID_BYTES;
                        let name = seqid + WORD + HYPER + WORD;
                        Self {
                            kind,
                            range,
                            stateid: Some(locker_at + WORD),
                            seqid: Some(seqid),
                            open_seqid: Some(locker_at),
                            owner: number_in(name, &new.lock_owner.owner),
                        }
                    }
                }
            }
            nfs_argop4::OP_LOCKU(_) => Self {
                kind,
                seqid: Some(2 * WORD),
                stateid: Some(3 * WORD),
                range: Some(3 * WORD + STATEID_BYTES),
                ..Self::default()
            },
            nfs_argop4::OP_OPEN(args) => {
                let owner = number_in(4 * WORD + HYPER + WORD, &args.owner.owner);
                Self { seqid: Some(WORD), owner, ..Self::default() }
            }
            nfs_argop4::OP_OPEN_CONFIRM(_) => {
                Self { stateid: Some(WORD), seqid: Some(WORD + STATEID_BYTES), ..Self::default() }
            }
            nfs_argop4::OP_CLOSE(_) => Self { seqid: Some(WORD), stateid: Some(2 * WORD), ..Self::default() },
            nfs_argop4::OP_FREE_STATEID(_) => Self { stateid: Some(WORD), ..Self::default() },
            nfs_argop4::OP_RELEASE_LOCKOWNER(args) => {
                Self { owner: number_in(WORD + HYPER + WORD, &args.lock_owner.owner), ..Self::default() }
            }
            _ => Self::default(),
        }
    }

    /// Returns the same, from an earlier start.
    fn shifted(self, by: usize) -> Self {
        let shift = |place: Option<usize>| place.map(|at| at + by);
        Self {
            kind: shift(self.kind),
            range: shift(self.range),
            stateid: shift(self.stateid),
            seqid: shift(self.seqid),
            open_seqid: shift(self.open_seqid),
            owner: shift(self.owner),
        }
    }
}

/// Returns where the number at the end of an owner's name is, if the name has room for it.
fn number_in(name_at: usize, name: &[u8]) -> Option<usize> {
    name.len().checked_sub(HYPER).map(|before| name_at + before)
}

/// Returns a SEQUENCE whose numbers are filled in by [`Template::write`].
fn blank_sequence() -> nfs_argop4 {
    nfs_argop4::OP_SEQUENCE(SEQUENCE4args {
        sa_sessionid: sessionid4([0; 16]),
        sa_sequenceid: 0,
        sa_slotid: 0,
        sa_highest_slotid: 0,
        sa_cachethis: false,
    })
}

/// Returns a call as one record of one fragment, with its mark.
fn whole_call(procedure: u32, credential: &Credential, args: &[u8]) -> Vec<u8> {
    let header =
        CallHeader { xid: 0, rpc_version: 2, program: NFS_PROGRAM, version: 4, procedure, credential };
    let message = header.message(args);
    [&(LAST_FRAGMENT | message.len() as u32).to_be_bytes(), message.as_slice()].concat()
}

fn first_word(bytes: &[u8]) -> u32 {
    bytes.first_chunk().map_or(0, |word| u32::from_be_bytes(*word))
}

fn put(bytes: &mut [u8], at: Option<usize>, value: &[u8]) {
    if let Some(place) = at.and_then(|at| bytes.get_mut(at..at + value.len())) {
        place.copy_from_slice(value);
    }
}
