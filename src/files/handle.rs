//! The format of filehandles.
//!
//! ```text
//! version: 1 byte | export: 8 | kind of object: 1 | body: 0 to 110, the backend's own | MAC: 8
//! ```
//!
//! The MAC (SipHash-2-4 under the server's secret) covers everything before it. It keeps clients from forging a
//! handle that reaches outside an export: with kernel handles the body would open any file of the file system.

use super::result::Result;
use super::secret::Secret;
use crate::nfs4::{FILEHANDLE_BYTES_MAX, FileType, Filehandle, Status};
use siphasher::sip::SipHasher24;
use smallvec::SmallVec;

const VERSION: u8 = 1;
const HEAD_BYTES: usize = 10;
const MAC_BYTES: usize = 8;

/// Longest body, in bytes.
pub(crate) const BODY_BYTES_MAX: usize = FILEHANDLE_BYTES_MAX - HEAD_BYTES - MAC_BYTES;

/// Key of the hash from an export's name to its id; it protects nothing.
const EXPORT_KEY: [u8; 16] = *b"lockhouse export";

/// Identifies an export in filehandles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ExportId(pub(crate) u64);

impl ExportId {
    /// Returns the id of the export with this name: the same on every start and every node.
    pub(crate) fn of(name: &str) -> Self {
        Self(SipHasher24::new_with_key(&EXPORT_KEY).hash(name.as_bytes()))
    }
}

/// Names an object as its backend does. Equal values mean the same object, and the reverse.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Object {
    /// Its kind, which never changes.
    pub(crate) kind: FileType,
    /// The backend's own name for it, at most [`BODY_BYTES_MAX`] bytes.
    pub(crate) body: SmallVec<[u8; 32]>,
}

/// Encodes and decodes filehandles.
#[derive(Clone)]
pub(crate) struct HandleCodec {
    mac: SipHasher24,
}

impl HandleCodec {
    /// Creates a codec for handles under `secret`.
    pub(crate) fn new(secret: &Secret) -> Self {
        Self { mac: SipHasher24::new_with_key(secret.key()) }
    }

    /// Encodes the filehandle of an object. Errors: `ServerFault` for a body that is too long.
    pub(crate) fn seal(&self, export: ExportId, object: &Object) -> Result<Filehandle> {
        let mut bytes = SmallVec::<[u8; 64]>::new();
        bytes.push(VERSION);
        bytes.extend_from_slice(&export.0.to_be_bytes());
        bytes.push(object.kind as u8);
        bytes.extend_from_slice(&object.body);
        let mac = self.mac.hash(&bytes).to_be_bytes();
        bytes.extend_from_slice(&mac);
        Filehandle::new(&bytes).ok_or(Status::ServerFault)
    }

    /// Returns the export that `fh` names, without verifying the handle; `None` when it is too short.
    pub(crate) fn export_of(fh: &Filehandle) -> Option<ExportId> {
        let [_, export @ .., _] = *fh.as_bytes().first_chunk::<HEAD_BYTES>()?;
        Some(ExportId(u64::from_be_bytes(export)))
    }

    /// Verifies and decodes `fh`. Errors: `BadHandle` for bytes that [`HandleCodec::seal`] never made.
    pub(crate) fn open(&self, fh: &Filehandle) -> Result<(ExportId, Object)> {
        let (signed, mac) = fh.as_bytes().split_last_chunk::<MAC_BYTES>().ok_or(Status::BadHandle)?;
        // One comparison of two words: its time says nothing about where they differ.
        if self.mac.hash(signed) != u64::from_be_bytes(*mac) {
            return Err(Status::BadHandle);
        }
        let (head, body) = signed.split_first_chunk::<HEAD_BYTES>().ok_or(Status::BadHandle)?;
        let [version, export @ .., kind] = *head;
        let kind = FileType::from_number(u32::from(kind)).ok_or(Status::BadHandle)?;
        if version != VERSION {
            return Err(Status::BadHandle);
        }
        Ok((ExportId(u64::from_be_bytes(export)), Object { kind, body: SmallVec::from_slice(body) }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codec(key: u8) -> HandleCodec {
        HandleCodec::new(&Secret::from_key([key; 16]))
    }

    fn object(body: &[u8]) -> Object {
        Object { kind: FileType::Fifo, body: SmallVec::from_slice(body) }
    }

    #[test]
    fn handles_come_back_as_they_went() {
        for body in [&b""[..], b"x", &[7; BODY_BYTES_MAX]] {
            let fh = codec(1).seal(ExportId::of("a"), &object(body)).unwrap();
            assert_eq!(codec(1).open(&fh), Ok((ExportId::of("a"), object(body))));
        }
        assert_eq!(codec(1).seal(ExportId(1), &object(&[7; BODY_BYTES_MAX + 1])), Err(Status::ServerFault));
    }

    #[test]
    fn any_changed_bit_is_refused() {
        let fh = codec(1).seal(ExportId::of(""), &object(b"body")).unwrap();
        for bit in 0..fh.as_bytes().len() * 8 {
            let mut bytes = fh.as_bytes().to_vec();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let forged = Filehandle::new(&bytes).unwrap();
            assert_eq!(codec(1).open(&forged), Err(Status::BadHandle), "bit {bit}");
        }
        for cut in 0..fh.as_bytes().len() {
            let short = Filehandle::new(&fh.as_bytes()[..cut]).unwrap();
            assert_eq!(codec(1).open(&short), Err(Status::BadHandle), "{cut} bytes");
        }
        assert_eq!(codec(2).open(&fh), Err(Status::BadHandle), "another secret");
    }

    #[test]
    fn other_versions_and_kinds_are_refused() {
        for (version, kind) in [(0, 1), (2, 1), (1, 0), (1, 8)] {
            let mut bytes = vec![version, 0, 0, 0, 0, 0, 0, 0, 0, kind];
            bytes.extend_from_slice(&codec(1).mac.hash(&bytes).to_be_bytes());
            let fh = Filehandle::new(&bytes).unwrap();
            assert_eq!(codec(1).open(&fh), Err(Status::BadHandle), "version {version} kind {kind}");
        }
    }
}
