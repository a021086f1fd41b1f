//! What exports on one file system share, so that a file is the same to all of them: its names, its change attribute, and
//! the descriptor that holds it.

use super::change::ChangeAttributes;
use super::held::Held;
use super::id::Id;
use super::index::Index;
use super::limits::FileLimits;
use super::node::Node;
use super::prepared::{Anchor, Prepared, SetupError};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// Most devices whose owner is kept.
const CLAIMS_MAX: usize = 1 << 16;

/// Holds what the exports on one file system have in common.
#[derive(Debug)]
pub(crate) struct FileSystem {
    /// Its number in the namespace.
    pub(super) number: usize,
    /// Whether the kernel makes handles here and opens them.
    pub(super) kernel: bool,
    /// Whether birth times tell objects apart.
    pub(super) births: bool,
    pub(super) index: RwLock<Index>,
    pub(super) changes: ChangeAttributes,
    pub(super) held: Held,
    pub(super) file_limits: FileLimits,
    /// The roots of its exports.
    pub(super) anchors: Vec<Anchor>,
    pub(super) device_owners: Arc<DeviceOwners>,
}

impl FileSystem {
    /// Opens the file system of these exports, at least one, with its index at `index`. Its `number` must differ from those
    /// of all file systems with the same `device_owners`.
    pub(crate) fn open(
        exports: &[&Prepared],
        index: &Path,
        number: usize,
        device_owners: &Arc<DeviceOwners>,
    ) -> Result<Arc<Self>, SetupError> {
        // One file has one handle: either the kernel makes them for all exports, or for none.
        let kernel = exports.iter().all(|export| export.kernel_id.is_some());
        let births = exports.iter().all(|export| export.births);
        let index = Index::open(index, !kernel)?;
        let anchor = |export: &&Prepared| export.anchor(kernel, births);
        let anchors = exports.iter().map(anchor).collect::<Result<_, _>>()?;
        Ok(Arc::new(Self {
            number,
            kernel,
            births,
            index: RwLock::new(index),
            changes: ChangeAttributes::default(),
            held: Held::new(),
            file_limits: FileLimits::default(),
            anchors,
            device_owners: device_owners.clone(),
        }))
    }

    /// Returns the id of the root with this inode.
    pub(super) fn root_with(&self, inode: (u64, u64)) -> Option<&Id> {
        self.anchors.iter().find(|anchor| anchor.inode == inode).map(|anchor| &anchor.id)
    }

    /// Tells whether objects of the device of `node`, which differs from that of the exports' roots, are served from here.
    pub(super) fn may_enter(&self, node: &Node) -> bool {
        self.device_owners.claim(node.inode().0, self.number)
    }
}

/// Records which file system serves the objects of a device: the one whose root is there, else the first below which it
/// is mounted. So no file has two handles.
#[derive(Debug, Default)]
pub(crate) struct DeviceOwners(Mutex<BTreeMap<u64, usize>>);

impl DeviceOwners {
    /// Claims the device for a file system; tells whether it serves the device.
    pub(crate) fn claim(&self, device: u64, number: usize) -> bool {
        let mut claims = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match claims.get(&device) {
            Some(owner) => *owner == number,
            None if claims.len() >= CLAIMS_MAX => false,
            None => {
                claims.insert(device, number);
                true
            }
        }
    }
}
