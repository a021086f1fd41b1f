//! Filehandles (RFC 7530 §4).

use smallvec::SmallVec;
use std::fmt;

/// Largest filehandle on the wire, in bytes (`NFS4_FHSIZE`).
pub const FILEHANDLE_BYTES_MAX: usize = 128;

/// Names an object by 0 to 128 opaque bytes. Equal bytes mean the same object: each object has exactly one.
#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Filehandle(SmallVec<[u8; 56]>);

impl Filehandle {
    /// Takes `bytes`; `None` when there are more than [`FILEHANDLE_BYTES_MAX`].
    #[inline]
    pub fn new(bytes: &[u8]) -> Option<Self> {
        (bytes.len() <= FILEHANDLE_BYTES_MAX).then(|| Self(SmallVec::from_slice(bytes)))
    }

    /// Returns the bytes as on the wire.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl Clone for Filehandle {
    /// Copies all bytes at once; the derived clone copies them one by one.
    #[inline]
    fn clone(&self) -> Self {
        Self(SmallVec::from_slice(&self.0))
    }
}

impl fmt::Debug for Filehandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("fh:")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
