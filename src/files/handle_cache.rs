//! The verified handle cache: which filehandles recently passed the check of their MAC, and what kind of object they name.
//! Clients use the same few files again and again, and to compare a handle costs less than to compute its MAC.
//!
//! Each thread has its own entries, so that none waits for another. An entry stays true for as long as the exports that it
//! was verified for exist, which never change: whether a handle is valid depends on its bytes and their secret alone.

use super::result::Result;
use crate::nfs4::{FileType, Filehandle};
use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, Ordering};

/// Slots of a thread; a new entry replaces the one in its slot. With so many, the files of the calls in flight rarely share
/// a slot.
const SLOTS: usize = 1024;

struct Entry {
    cache: u64,
    fh: Filehandle,
    kind: FileType,
}

thread_local! {
    /// As long as [`SLOTS`] once there is any entry.
    static ENTRIES: RefCell<Vec<Option<Entry>>> = const { RefCell::new(Vec::new()) };
}

/// Remembers the verified handles of one set of exports.
pub(super) struct HandleCache {
    /// Tells the entries of this cache from those of others.
    id: u64,
}

impl HandleCache {
    /// Creates an empty cache.
    pub(super) fn new() -> Self {
        static ISSUED: AtomicU64 = AtomicU64::new(0);
        Self { id: ISSUED.fetch_add(1, Ordering::Relaxed) }
    }

    /// Returns the kind of object that `fh` names: from the cache, or as `verify` says. Errors of `verify` are not kept.
    pub(super) fn kind(
        &self,
        fh: &Filehandle,
        verify: impl FnOnce() -> Result<FileType>,
    ) -> Result<FileType> {
        let slot = slot(fh);
        let known = ENTRIES.with_borrow(|entries| {
            let entry = entries.get(slot)?.as_ref()?;
            (entry.cache == self.id && entry.fh == *fh).then_some(entry.kind)
        });
        if let Some(kind) = known {
            return Ok(kind);
        }
        let kind = verify()?;
        let entry = Entry { cache: self.id, fh: fh.clone(), kind };
        ENTRIES.with_borrow_mut(|entries| {
            entries.resize_with(SLOTS, || None);
            entries[slot] = Some(entry);
        });
        Ok(kind)
    }
}

/// Picks a slot by the last bytes of a handle, which are those of its MAC.
fn slot(fh: &Filehandle) -> usize {
    let end = fh.as_bytes().last_chunk().copied().unwrap_or_default();
    usize::from(u16::from_le_bytes(end)) % SLOTS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nfs4::Status;

    #[test]
    fn only_the_same_bytes_of_the_same_exports_are_known() {
        let (a, b) = (HandleCache::new(), HandleCache::new());
        let fh = |bytes: &[u8]| Filehandle::new(bytes).unwrap();
        let refused = || Err(Status::BadHandle);
        assert_eq!(a.kind(&fh(b"one handle"), refused), refused());
        assert_eq!(a.kind(&fh(b"one handle"), || Ok(FileType::Fifo)), Ok(FileType::Fifo));
        assert_eq!(a.kind(&fh(b"one handle"), refused), Ok(FileType::Fifo));
        assert_eq!(b.kind(&fh(b"one handle"), refused), refused());
        // These would have the same slot.
        for other in [&b"One handle"[..], b"ne handle", b"le"] {
            assert_eq!(a.kind(&fh(other), refused), refused());
        }
        assert_eq!(a.kind(&fh(b""), refused), refused());
        assert_eq!(a.kind(&fh(b"The handle"), || Ok(FileType::Regular)), Ok(FileType::Regular));
        assert_eq!(a.kind(&fh(b"one handle"), refused), refused(), "replaced");
    }
}
