//! Which filehandles were found genuine lately, and what kind of object they name: a client asks for the same few files
//! again and again, and to compare a handle costs less than to compute its MAC.
//!
//! Each thread remembers for itself, so that none waits for another. What is remembered is true for as long as the
//! exports it was asked of exist, which never change: a handle is good or not by its octets and their secret alone.

use super::Result;
use crate::nfs4::{FileType, Filehandle};
use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, Ordering};

/// Handles that a thread remembers; a new one takes the place of one with the same end. So many that of the files which
/// the calls in flight are about few share a place.
const REMEMBERED: usize = 1024;

struct Found {
    /// Of which exports.
    exports: u64,
    fh: Filehandle,
    kind: FileType,
}

thread_local! {
    /// As long as [`REMEMBERED`] once there is anything.
    static LATELY: RefCell<Vec<Option<Found>>> = const { RefCell::new(Vec::new()) };
}

/// The exports that handles are genuine for.
pub(super) struct Genuine(u64);

impl Genuine {
    /// Of exports of which nothing was asked yet.
    pub fn new() -> Self {
        static ISSUED: AtomicU64 = AtomicU64::new(0);
        Self(ISSUED.fetch_add(1, Ordering::Relaxed))
    }

    /// What kind of object `fh` names: as remembered, or what `check` says. Its errors are not remembered.
    pub fn kind(&self, fh: &Filehandle, check: impl FnOnce() -> Result<FileType>) -> Result<FileType> {
        let place = place(fh);
        let known = LATELY.with_borrow(|lately| {
            let found = lately.get(place)?.as_ref()?;
            (found.exports == self.0 && found.fh == *fh).then_some(found.kind)
        });
        if let Some(kind) = known {
            return Ok(kind);
        }
        let kind = check()?;
        let found = Found { exports: self.0, fh: fh.clone(), kind };
        LATELY.with_borrow_mut(|lately| {
            lately.resize_with(REMEMBERED, || None);
            lately[place] = Some(found);
        });
        Ok(kind)
    }
}

/// The last octets of a handle are those of its MAC.
fn place(fh: &Filehandle) -> usize {
    let end = fh.as_bytes().last_chunk().copied().unwrap_or_default();
    usize::from(u16::from_le_bytes(end)) % REMEMBERED
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nfs4::Status;

    #[test]
    fn only_the_same_octets_of_the_same_exports_are_known() {
        let (a, b) = (Genuine::new(), Genuine::new());
        let fh = |octets: &[u8]| Filehandle::new(octets).unwrap();
        let refused = || Err(Status::BadHandle);
        assert_eq!(a.kind(&fh(b"one handle"), refused), refused());
        assert_eq!(a.kind(&fh(b"one handle"), || Ok(FileType::Fifo)), Ok(FileType::Fifo));
        assert_eq!(a.kind(&fh(b"one handle"), refused), Ok(FileType::Fifo));
        assert_eq!(b.kind(&fh(b"one handle"), refused), refused());
        // These would have the same place.
        for other in [&b"One handle"[..], b"ne handle", b"le"] {
            assert_eq!(a.kind(&fh(other), refused), refused());
        }
        assert_eq!(a.kind(&fh(b""), refused), refused());
        assert_eq!(a.kind(&fh(b"The handle"), || Ok(FileType::Regular)), Ok(FileType::Regular));
        assert_eq!(a.kind(&fh(b"one handle"), refused), refused(), "driven out");
    }
}
