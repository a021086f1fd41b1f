//! The tree that clients see: one root, with exports grafted into it.
//!
//! An export with an empty name is the root itself; the others are directories `/NAME` of the root, in place of an
//! entry of that name. Without a root export the root is a directory of our own that holds the grafts alone. Grafts
//! cannot be removed, renamed or replaced by clients.

mod entries;
mod regions;
mod serve;
mod synthetic;

use super::genuine::Genuine;
use super::handle::{ExportId, HandleCodec, Object};
use super::memory::{BYTES_MAX_DEFAULT, Memory};
use super::posix::{self, Posix};
use super::secret::Secret;
use super::volume::Volume;
use super::{Dependency, DependencyKind, FileType, Growing, Result};
use crate::nfs4::{Filehandle, Status, check_component};
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
    name: String,
    volume: Box<dyn Volume>,
    root: Object,
    root_squash: bool,
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
        for spec in exports {
            let mount = mount(spec, state_dir)?;
            if !spec.name.is_empty() {
                grafts.insert(spec.name.clone(), mount.id);
            }
            if let Some(other) = by_id.insert(mount.id, mount) {
                return Err(SetupError::Twice(other.name, spec.name.clone()));
            }
        }
        if grafts.len() > GRAFTS_MAX {
            return Err(SetupError::TooMany);
        }
        let root = by_id.entry(root_id).or_insert_with(|| {
            let volume = Synthetic::new(grafts.len());
            let root = volume.root();
            Mount { id: root_id, name: String::new(), volume: Box::new(volume), root, root_squash: true }
        });
        let seal = |_| SetupError::Name(String::new());
        let root = codec.seal(root_id, &root.root).map_err(seal)?;
        Ok(Self { codec, genuine: Genuine::new(), root, by_id, grafts, root_id })
    }

    /// A tree in memory as the root, for tests: nothing is squashed, nothing is kept.
    /// Errors: the system gives no random octets.
    pub fn memory() -> std::result::Result<Self, SetupError> {
        let root = ExportSpec {
            name: String::new(),
            backend: Backend::MEMORY,
            root_squash: false,
            handles: HandleKind::Auto,
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
        self.codec.seal(mount.id, object)
    }

    /// The export grafted as `name` into the directory `dir`.
    fn graft(&self, mount: &Mount, dir: &Object, name: &str) -> Option<&Mount> {
        if !self.is_tree_root(mount, dir) {
            return None;
        }
        self.by_id.get(self.grafts.get(name)?)
    }

    /// Whether this is the root of the whole tree.
    fn is_tree_root(&self, mount: &Mount, object: &Object) -> bool {
        mount.id == self.root_id && *object == mount.root
    }
}

/// Opens one export.
fn mount(spec: &ExportSpec, state_dir: &Path) -> std::result::Result<Mount, SetupError> {
    if !spec.name.is_empty() && check_component(spec.name.as_bytes()).is_err() {
        return Err(SetupError::Name(spec.name.clone()));
    }
    let id = ExportId::of(&spec.name);
    let volume: Box<dyn Volume> = match &spec.backend {
        Backend::Memory { bytes_max } => {
            let instance = getrandom::u64()
                .map_err(|error| SetupError::Random(std::io::Error::other(error.to_string())))?;
            Box::new(Memory::new(*bytes_max, instance))
        }
        Backend::Directory(path) => {
            let index = state_dir.join(format!("handles-{:016x}", id.0));
            let volume = Posix::open(path, spec.handles, &index);
            Box::new(volume.map_err(|error| SetupError::Directory { name: spec.name.clone(), error })?)
        }
    };
    let root = volume.root();
    Ok(Mount { id, name: spec.name.clone(), volume, root, root_squash: spec.root_squash })
}
