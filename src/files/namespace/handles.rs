//! What concerns filehandles as such: how long they last, which files they hold, and whom their exports squash.

use super::tree::Namespace;
use crate::files::result::Result;
use crate::nfs4::{Cred, FileType, Filehandle};

impl Namespace {
    /// Returns the credential that `cred` becomes for the export of `fh`, with root squashed or not.
    pub fn squash(&self, fh: &Filehandle, cred: Cred) -> Cred {
        // An unreadable handle gives no rights.
        let squash = self.locate(fh).map_or(true, |(mount, _)| mount.root_squash);
        if squash { squashed(cred) } else { cred }
    }

    /// Makes `fh`, and all handles of its export that were given out, survive a kill of the process. State is stored with
    /// the handle of its file, so this comes before state is granted.
    /// Errors: `NoSpc`, `DQuot`, `Io` when what is needed for that cannot be written.
    pub fn make_lasting(&self, fh: &Filehandle) -> Result<()> {
        self.locate(fh)?.0.volume.make_lasting()
    }

    /// Makes all handles that are lasting survive a crash of the machine.
    pub fn sync_handles(&self) -> std::io::Result<()> {
        self.mounts().try_for_each(|mount| mount.volume.sync_handles())
    }

    /// Keeps the regular file `fh` usable although its last name may be removed, until `release` or the end of the
    /// process. Does nothing for a file that is held already, or for objects of other kinds; one `release` ends it.
    /// Errors: `Stale` when it is gone already; `Resource` when too many files are held. Nothing has changed then.
    pub fn hold(&self, fh: &Filehandle) -> Result<()> {
        let (mount, object) = self.locate(fh)?;
        if object.kind == FileType::Regular { mount.volume.hold(&object) } else { Ok(()) }
    }

    /// Ends [`Namespace::hold`]; a file without a name is gone then. Ignores handles that are not held or not known.
    pub fn release(&self, fh: &Filehandle) {
        if let Ok((mount, object)) = self.locate(fh)
            && object.kind == FileType::Regular
        {
            mount.volume.release(&object);
        }
    }
}

/// Replaces root in a credential.
fn squashed(mut cred: Cred) -> Cred {
    if cred.uid == 0 {
        cred.uid = Cred::NOBODY;
    }
    if cred.gid == 0 {
        cred.gid = Cred::NOBODY;
    }
    cred.groups.iter_mut().filter(|group| **group == 0).for_each(|group| *group = Cred::NOBODY);
    cred
}
