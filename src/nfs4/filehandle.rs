//! Filehandles (RFC 7530 §4).

use smallvec::SmallVec;
use std::fmt;

/// Largest filehandle on the wire, in octets (`NFS4_FHSIZE`).
pub const FILEHANDLE_BYTES_MAX: usize = 128;

/// An opaque filehandle of 0 to 128 octets. Equal octets mean the same object: each object has exactly one.
#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Filehandle(SmallVec<[u8; 56]>);

impl Filehandle {
    /// Takes `octets`; `None` when there are more than [`FILEHANDLE_BYTES_MAX`].
    #[inline]
    pub fn new(octets: &[u8]) -> Option<Self> {
        (octets.len() <= FILEHANDLE_BYTES_MAX).then(|| Self(SmallVec::from_slice(octets)))
    }

    /// The octets as they go over the wire.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl Clone for Filehandle {
    /// One copy of all octets; what is derived goes through them one by one.
    #[inline]
    fn clone(&self) -> Self {
        Self(SmallVec::from_slice(&self.0))
    }
}

impl fmt::Debug for Filehandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("fh:")?;
        self.0.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}
