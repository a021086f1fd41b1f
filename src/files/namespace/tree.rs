//! The namespace itself: from filehandles to exports and objects, and back.

use super::mount::Mount;
use crate::files::dependency::{Dependency, DependencyKind, Growing};
use crate::files::handle::{ExportId, HandleCodec, Object};
use crate::files::handle_cache::HandleCache;
use crate::files::result::Result;
use crate::files::secret::Secret;
use crate::nfs4::{FileType, Filehandle, Status};
use std::collections::BTreeMap;

/// Most grafts of a namespace.
pub(super) const GRAFTS_MAX: usize = 1024;

/// Serves all exports as one tree.
pub struct Namespace {
    codec: HandleCodec,
    verified: HandleCache,
    root: Filehandle,
    root_id: ExportId,
    /// Sorted by id, for handles.
    by_id: BTreeMap<ExportId, Mount>,
    /// By name, for the root directory; the cookie of a graft is its index here.
    grafts: BTreeMap<String, ExportId>,
    /// The exports whose files have the handles of another export.
    guests: BTreeMap<ExportId, ExportId>,
}

impl Namespace {
    /// Puts mounts together: `by_id` has the one of `root_id`, and all that `grafts` names.
    /// Errors: `ServerFault` when the root has no handle.
    pub(super) fn of(
        codec: HandleCodec,
        root_id: ExportId,
        by_id: BTreeMap<ExportId, Mount>,
        grafts: BTreeMap<String, ExportId>,
    ) -> Result<Self> {
        let root = by_id.get(&root_id).ok_or(Status::ServerFault)?;
        let root = codec.seal(root_id, &root.root)?;
        let guests = by_id.values().filter(|mount| mount.files_id != mount.id);
        let guests = guests.map(|mount| (mount.id, mount.files_id)).collect();
        Ok(Self { codec, verified: HandleCache::new(), root, root_id, by_id, grafts, guests })
    }

    /// Returns what filehandles depend on beside the files themselves.
    pub fn dependencies(&self, secret: &Secret) -> Vec<Dependency> {
        let mark = secret.fingerprint().to_be_bytes().to_vec();
        let secret = Dependency { kind: DependencyKind::Secret, export: String::new(), mark };
        let of_exports = self.by_id.values().flat_map(|mount| {
            let dependencies = mount.volume.dependencies().into_iter();
            dependencies.map(|(kind, mark)| Dependency { kind, export: mount.name.clone(), mark })
        });
        [secret].into_iter().chain(of_exports).chain(self.growing().dependencies()).collect()
    }

    /// Returns those of the dependencies that grow while files are looked up.
    pub fn growing(&self) -> Growing {
        let mark = |mount: &Mount| Some((mount.name.clone(), mount.volume.index_mark()?));
        Growing::new(self.by_id.values().filter_map(mark).collect())
    }

    /// Returns the filehandle of the root of the tree.
    pub fn root(&self) -> Filehandle {
        self.root.clone()
    }

    /// Returns the kind of object that a handle names, from the handle alone, without touching a disk.
    /// Errors: `BadHandle`; `Stale` when its export is gone.
    pub fn file_type(&self, fh: &Filehandle) -> Result<FileType> {
        self.verified.kind(fh, || Ok(self.locate(fh)?.1.kind))
    }

    /// Returns the handle that the object of `fh` has now, when it differs from `fh`. Both mean the same, and state is kept
    /// by the one that it has now: exports that share a file system may not have done so when `fh` was given out. Touches
    /// no disk.
    pub fn canonical(&self, fh: &Filehandle) -> Option<Filehandle> {
        if self.guests.is_empty() || !self.guests.contains_key(&HandleCodec::export_of(fh)?) {
            return None;
        }
        let (mount, object) = self.locate(fh).ok()?;
        self.seal(mount, &object).ok().filter(|now| now != fh)
    }

    /// Finds the export and the object of a handle. Errors: `BadHandle`, `Stale`.
    pub(super) fn locate(&self, fh: &Filehandle) -> Result<(&Mount, Object)> {
        let (id, object) = self.codec.open(fh)?;
        Ok((self.by_id.get(&id).ok_or(Status::Stale)?, object))
    }

    /// Makes the filehandle of an object.
    pub(super) fn seal(&self, mount: &Mount, object: &Object) -> Result<Filehandle> {
        self.codec.seal(mount.id_for(object), object)
    }

    /// Finds the export grafted as `name` into the directory `dir`.
    pub(super) fn graft(&self, mount: &Mount, dir: &Object, name: &[u8]) -> Option<&Mount> {
        if !self.is_root(mount, dir) {
            return None;
        }
        self.by_id.get(self.grafts.get(std::str::from_utf8(name).ok()?)?)
    }

    /// Returns the names of all grafts, in ascending order.
    pub(super) fn graft_names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.grafts.keys().map(String::as_str)
    }

    /// Tells whether an export is grafted into the root as `name`.
    pub(super) fn is_graft(&self, name: &[u8]) -> bool {
        std::str::from_utf8(name).is_ok_and(|name| self.grafts.contains_key(name))
    }

    /// Tells whether this is the root of the whole tree.
    pub(super) fn is_root(&self, mount: &Mount, object: &Object) -> bool {
        mount.id == self.root_id && *object == mount.root
    }

    /// Returns all exports.
    pub(super) fn mounts(&self) -> impl Iterator<Item = &Mount> {
        self.by_id.values()
    }
}
