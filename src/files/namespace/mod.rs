//! The tree that clients see: one root, with exports grafted into it.
//!
//! An export with an empty name is the root itself; the others are directories `/NAME` of the root, in place of an
//! entry of that name. Without a root export the root is a directory of our own that holds the grafts alone. Grafts
//! cannot be removed, renamed or replaced by clients.

mod entries;
mod mounts;
mod regions;
mod serve;
mod synthetic;

use super::genuine::Genuine;
use super::handle::{ExportId, HandleCodec, Object};
use super::memory::BYTES_MAX_DEFAULT;
use super::posix;
use super::secret::Secret;
use super::volume::Volume;
use super::{Dependency, DependencyKind, Growing, NameRule, Result, xattr};
use crate::nfs4::{FileType, Filehandle, Status, check_component};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use synthetic::Synthetic;

/// Most grafts of a namespace.
const GRAFTS_MAX: usize = 1024;

/// One export as configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportSpec {
    /// Under which name it appears in the root: one component; empty for the root itself.
    pub name: String,
    /// Where its files are.
    pub backend: Backend,
    /// Whether user 0 and group 0 become nobody.
    pub root_squash: bool,
    /// How filehandles are made (directories only).
    pub handles: HandleKind,
    /// What may be the name of an entry.
    pub names: NameRule,
}

/// Where the files of an export are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Backend {
    /// In this directory.
    Directory(PathBuf),
    /// In a tree in memory.
    Memory {
        /// How many bytes its data, names and attributes may take, about.
        bytes_max: u64,
    },
}

impl Backend {
    /// A tree in memory of at most 1 GiB.
    pub const MEMORY: Self = Self::Memory { bytes_max: BYTES_MAX_DEFAULT };
}

/// How filehandles of a directory's files are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HandleKind {
    /// By the kernel where it can and lets us, else by the index.
    #[default]
    Auto,
    /// By the kernel (`name_to_handle_at`), or the start fails.
    Kernel,
    /// By an index of names that the server keeps.
    Index,
}

/// Why a namespace cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The name of an export is not a single component.
    #[error("export name {0:?} is not a single path component")]
    Name(String),
    /// Two exports have the same name, or (never seen) two names have the same number.
    #[error("exports {0:?} and {1:?} have the same name or number; rename one")]
    Twice(String, String),
    /// There are more exports than a root can hold.
    #[error("more than {GRAFTS_MAX} exports")]
    TooMany,
    /// The system gave no random octets.
    #[error("no random octets: {0}")]
    Random(std::io::Error),
    /// Two exports are on one file system, which only one of them may write to.
    #[error(
        "exports /{0} and /{1} are on one file system, but only one of them is mounted read-only: a file in both would be neither; mount both alike, or export one of them"
    )]
    ReadOnly(String, String),
    /// Two exports are on one file system and treat root differently.
    #[error("exports /{0} and /{1} are on one file system and must squash root alike")]
    Squash(String, String),
    /// A directory cannot be exported.
    #[error("export {name:?}: {error}")]
    Directory {
        /// The name of the export.
        name: String,
        /// What is wrong.
        error: posix::SetupError,
    },
}

/// One export at work.
struct Mount {
    id: ExportId,
    /// Whose files are the same as this one's: exports on one file system have one handle for what is no directory.
    files_id: ExportId,
    name: String,
    volume: Box<dyn Volume>,
    root: Object,
    root_squash: bool,
    names: NameRule,
}

impl Mount {
    /// Checks the name of an entry; the caller has done so too, but what a name leads to must not depend on that.
    /// Errors: those of [`check_component`], `Inval` for a name that is not UTF-8 where it must be.
    fn check_name(&self, name: &[u8]) -> Result<()> {
        check_component(name)?;
        self.names.check(name)
    }

    /// Checks the name of an extended attribute. Errors: `Inval`, `NameTooLong`.
    fn check_xattr_name(&self, name: &[u8]) -> Result<()> {
        xattr::check_name(name)?;
        self.names.check(name)
    }
}

/// The exports as one tree; what the server serves.
pub struct Namespace {
    codec: HandleCodec,
    genuine: Genuine,
    root: Filehandle,
    /// Sorted by id, for handles.
    by_id: BTreeMap<ExportId, Mount>,
    /// By name, for the root directory; the cookie of a graft is its place here.
    grafts: BTreeMap<String, ExportId>,
    root_id: ExportId,
    /// Exports whose files have the handles of another one.
    guests: BTreeMap<ExportId, ExportId>,
}

impl Namespace {
    /// Opens all exports. What must be kept over restarts for them is kept in `state_dir`, in files that begin with
    /// `handles-`. Errors: see [`SetupError`].
    pub fn new(
        exports: &[ExportSpec],
        secret: &Secret,
        state_dir: &Path,
    ) -> std::result::Result<Self, SetupError> {
        let root_id = ExportId::of("");
        let codec = HandleCodec::new(secret);
        let (mut by_id, mut grafts) = (BTreeMap::<ExportId, Mount>::new(), BTreeMap::new());
        for mount in mounts::open(exports, state_dir)? {
            let name = mount.name.clone();
            if !name.is_empty() {
                grafts.insert(name.clone(), mount.id);
            }
            if let Some(other) = by_id.insert(mount.id, mount) {
                return Err(SetupError::Twice(other.name, name));
            }
        }
        if grafts.len() > GRAFTS_MAX {
            return Err(SetupError::TooMany);
        }
        let root = by_id.entry(root_id).or_insert_with(|| {
            let volume = Synthetic::new(grafts.len());
            let root = volume.root();
            let (id, name) = (root_id, String::new());
            let (volume, names) = (Box::new(volume), NameRule::Bytes);
            Mount { id, files_id: id, name, volume, root, root_squash: true, names }
        });
        let seal = |_| SetupError::Name(String::new());
        let root = codec.seal(root_id, &root.root).map_err(seal)?;
        let guests = by_id.values().filter(|mount| mount.files_id != mount.id);
        let guests = guests.map(|mount| (mount.id, mount.files_id)).collect();
        Ok(Self { codec, genuine: Genuine::new(), root, by_id, grafts, root_id, guests })
    }

    /// A tree in memory as the root, for tests: nothing is squashed, nothing is kept.
    /// Errors: the system gives no random octets.
    pub fn memory() -> std::result::Result<Self, SetupError> {
        let root = ExportSpec {
            name: String::new(),
            backend: Backend::MEMORY,
            root_squash: false,
            handles: HandleKind::Auto,
            names: NameRule::Utf8,
        };
        Self::new(&[root], &Secret::ephemeral().map_err(SetupError::Random)?, Path::new("/nonexistent"))
    }

    /// What filehandles depend on beside the files themselves.
    pub fn dependencies(&self, secret: &Secret) -> Vec<Dependency> {
        let mark = secret.fingerprint().to_be_bytes().to_vec();
        let secret = Dependency { kind: DependencyKind::Secret, export: String::new(), mark };
        let of_exports = self.by_id.values().flat_map(|mount| {
            let dependencies = mount.volume.dependencies().into_iter();
            dependencies.map(|(kind, mark)| Dependency { kind, export: mount.name.clone(), mark })
        });
        [secret].into_iter().chain(of_exports).chain(self.growing().dependencies()).collect()
    }

    /// Those of the dependencies that grow while files are looked up.
    pub fn growing(&self) -> Growing {
        let mark = |mount: &Mount| Some((mount.name.clone(), mount.volume.index_mark()?));
        Growing(self.by_id.values().filter_map(mark).collect())
    }

    /// The export and the object of a handle.
    fn locate(&self, fh: &Filehandle) -> Result<(&Mount, Object)> {
        let (id, object) = self.codec.open(fh)?;
        Ok((self.by_id.get(&id).ok_or(Status::Stale)?, object))
    }

    /// As [`Namespace::locate`], for a handle that must be a directory's.
    fn locate_dir(&self, fh: &Filehandle) -> Result<(&Mount, Object)> {
        let (mount, object) = self.locate(fh)?;
        if object.kind == FileType::Directory { Ok((mount, object)) } else { Err(Status::NotDir) }
    }

    /// As [`Namespace::locate`], for a handle that must be a regular file's.
    fn locate_file(&self, fh: &Filehandle) -> Result<(&Mount, Object)> {
        let (mount, object) = self.locate(fh)?;
        match object.kind {
            FileType::Regular => Ok((mount, object)),
            FileType::Directory => Err(Status::IsDir),
            _ => Err(Status::Inval),
        }
    }

    fn seal(&self, mount: &Mount, object: &Object) -> Result<Filehandle> {
        let id = if object.kind == FileType::Directory { mount.id } else { mount.files_id };
        self.codec.seal(id, object)
    }

    /// The handle that an object has now, when `fh` is another one that it had: exports that share a file system now may not
    /// have done so when it was given out.
    fn handle_now(&self, fh: &Filehandle) -> Option<Filehandle> {
        if self.guests.is_empty() || !self.guests.contains_key(&HandleCodec::export_of(fh)?) {
            return None;
        }
        let (mount, object) = self.locate(fh).ok()?;
        self.seal(mount, &object).ok().filter(|now| now != fh)
    }

    /// The export grafted as `name` into the directory `dir`.
    fn graft(&self, mount: &Mount, dir: &Object, name: &[u8]) -> Option<&Mount> {
        if !self.is_tree_root(mount, dir) {
            return None;
        }
        self.by_id.get(self.grafts.get(std::str::from_utf8(name).ok()?)?)
    }

    /// Whether this is the root of the whole tree.
    fn is_tree_root(&self, mount: &Mount, object: &Object) -> bool {
        mount.id == self.root_id && *object == mount.root
    }
}
