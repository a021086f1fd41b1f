//! The root directory with its grafts: lookups and listings.

use super::{GRAFTS_MAX, Mount, Namespace};
use crate::files::handle::{ExportId, Object};
use crate::files::{Attr, DirEntry, Result};
use crate::nfs4::{Cred, FileType, Filehandle, Status};

/// Cookie of the first graft. The grafts come after the entries of the directory itself, whose cookies the kernel
/// chooses: below 2^63, or with that bit only far below this.
const COOKIE_GRAFTS: u64 = u64::MAX - GRAFTS_MAX as u64;

impl Namespace {
    pub(super) fn lookup_in(&self, cred: &Cred, dir: &Filehandle, name: &[u8]) -> Result<Filehandle> {
        let (mount, dir) = self.locate(dir)?;
        match dir.kind {
            FileType::Directory => {}
            FileType::Symlink => return Err(Status::Symlink),
            _ => return Err(Status::NotDir),
        }
        mount.check_name(name)?;
        if let Some(graft) = self.graft(mount, &dir, name) {
            self.require_search(cred, mount, &dir)?;
            return self.seal(graft, &graft.root);
        }
        self.seal(mount, &mount.volume.lookup(cred, &dir, name)?)
    }

    fn require_search(&self, cred: &Cred, mount: &Mount, dir: &Object) -> Result<()> {
        if mount.volume.permission(cred, dir)?.execute { Ok(()) } else { Err(Status::Access) }
    }

    pub(super) fn parent_of(&self, cred: &Cred, dir: &Filehandle) -> Result<Filehandle> {
        let (mount, dir) = self.locate_dir(dir)?;
        if dir != mount.root {
            return self.seal(mount, &mount.volume.parent(cred, &dir)?);
        }
        if mount.id == self.root_id {
            return Err(Status::NoEnt);
        }
        self.require_search(cred, mount, &dir)?;
        Ok(self.root.clone())
    }

    pub(super) fn list(
        &self,
        cred: &Cred,
        dir: &Filehandle,
        cookie: u64,
        take: &mut dyn FnMut(DirEntry<'_>) -> bool,
    ) -> Result<bool> {
        let (mount, dir) = self.locate_dir(dir)?;
        if !self.is_tree_root(mount, &dir) || self.grafts.is_empty() {
            return mount.volume.readdir(cred, &dir, cookie, take);
        }
        if cookie < COOKIE_GRAFTS {
            let mut unshadowed = |entry: DirEntry<'_>| {
                let name = std::str::from_utf8(entry.name);
                name.is_ok_and(|name| self.grafts.contains_key(name)) || take(entry)
            };
            if !mount.volume.readdir(cred, &dir, cookie, &mut unshadowed)? {
                return Ok(false);
            }
        } else if !mount.volume.permission(cred, &dir)?.read {
            return Err(Status::Access);
        }
        self.list_grafts(cookie, take)
    }

    fn list_grafts(&self, cookie: u64, take: &mut dyn FnMut(DirEntry<'_>) -> bool) -> Result<bool> {
        let done = usize::try_from(cookie.saturating_sub(COOKIE_GRAFTS)).unwrap_or(usize::MAX);
        if done > self.grafts.len() {
            return Err(Status::BadCookie);
        }
        let cookies = COOKIE_GRAFTS + 1..;
        let mut rest = self.grafts.keys().zip(cookies).skip(done);
        Ok(rest.all(|(name, cookie)| take(DirEntry { name: name.as_bytes(), cookie })))
    }

    /// Fills in what a backend cannot know about an object.
    pub(super) fn complete(&self, mount: &Mount, object: &Object, mut attr: Attr) -> Attr {
        attr.fsid.0 = mount.files_id.0;
        if *object == mount.root {
            let covered = covered_fileid(mount.id);
            attr.mounted_on_fileid = if mount.id == self.root_id { attr.fileid } else { covered };
        }
        attr
    }
}

/// The fileid of the entry in the root at which an export hangs. No file system gives out numbers with the highest bit.
fn covered_fileid(id: ExportId) -> u64 {
    id.0 | 1 << 63
}

/// The right to take out an entry of this name is nobody's.
pub(super) const GRAFT_IS_FIXED: Status = Status::Access;
