//! Opens the namespace.

use super::error::SetupError;
use super::mount::Mount;
use super::mounts;
use super::synthetic::Synthetic;
use super::tree::{GRAFTS_MAX, Namespace};
use crate::files::export::{Backend, ExportSpec, HandleKind};
use crate::files::handle::{ExportId, HandleCodec};
use crate::files::name_rule::NameRule;
use crate::files::secret::Secret;
use crate::files::volume::Volume;
use std::collections::BTreeMap;
use std::path::Path;

impl Namespace {
    /// Opens all exports. What they must keep over restarts is kept in `state_dir`, in files whose names begin with
    /// `handles-`.
    pub fn new(exports: &[ExportSpec], secret: &Secret, state_dir: &Path) -> Result<Self, SetupError> {
        let root_id = ExportId::of("");
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
        by_id.entry(root_id).or_insert_with(|| synthetic_root(root_id, grafts.len()));
        Self::of(HandleCodec::new(secret), root_id, by_id, grafts)
            .map_err(|_| SetupError::Name(String::new()))
    }

    /// Opens a tree in memory as the root, for tests: nothing is squashed, nothing is kept.
    /// Errors: the system gives no random bytes.
    pub fn memory() -> Result<Self, SetupError> {
        let root = ExportSpec {
            name: String::new(),
            backend: Backend::MEMORY,
            root_squash: false,
            handles: HandleKind::Auto,
            names: NameRule::Utf8,
        };
        Self::new(&[root], &Secret::ephemeral().map_err(SetupError::Random)?, Path::new("/nonexistent"))
    }
}

fn synthetic_root(id: ExportId, grafts: usize) -> Mount {
    let volume = Synthetic::new(grafts);
    let root = volume.root();
    let (volume, name, names) = (Box::new(volume), String::new(), NameRule::Bytes);
    Mount { id, files_id: id, name, volume, root, root_squash: true, names }
}
