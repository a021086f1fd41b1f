//! Opens the configured exports; decides which of them share a file system, and whether they may.
//!
//! State belongs to a file, and the state core knows a file by its handle. So exports on one file system are grouped: all
//! but directories have one handle in all of them, that of the first ([`Mount::files_id`]), and are found below the root of
//! any. They may then overlap, or have hard links to one file. A file system that is mounted below the root of an export
//! but belongs to another export is not entered from there.

use super::error::SetupError;
use super::mount::Mount;
use crate::files::export::{Backend, ExportSpec};
use crate::files::handle::ExportId;
use crate::files::memory::Memory;
use crate::files::mount_table::MountTable;
use crate::files::posix::{self, DeviceOwners, FileSystem, Location, Posix, Prepared};
use crate::files::volume::Volume;
use crate::nfs4::check_component;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Holds an export whose directory is open.
struct Opened<'a> {
    spec: &'a ExportSpec,
    prepared: Prepared,
    /// Mounts below it that belong to another export.
    excluded: Vec<PathBuf>,
}

impl Opened<'_> {
    fn claim_below(&mut self, number: usize, device_owners: &DeviceOwners, table: &MountTable) {
        let Ok(dir) = self.prepared.path().canonicalize() else { return };
        for mount in table.below(&dir) {
            if mount.device != self.prepared.device() && !device_owners.claim(mount.device, number) {
                let (point, export) = (mount.point.display(), &self.spec.name);
                tracing::warn!(%point, %export, "the file system mounted there is served by another export and not entered from this one");
                self.excluded.push(mount.point.clone());
            }
        }
    }

    fn failed(&self, error: posix::SetupError) -> SetupError {
        SetupError::Directory { name: self.spec.name.clone(), error }
    }
}

/// Opens all exports, in their order.
pub(super) fn open(specs: &[ExportSpec], state_dir: &Path) -> Result<Vec<Mount>, SetupError> {
    let mut mounts = Vec::with_capacity(specs.len());
    // By device, so that exports of one file system are grouped in the order of the configuration.
    let mut opened: BTreeMap<u64, Vec<Opened<'_>>> = BTreeMap::new();
    for spec in specs {
        if !spec.name.is_empty() && check_component(spec.name.as_bytes()).is_err() {
            return Err(SetupError::Name(spec.name.clone()));
        }
        match &spec.backend {
            Backend::Memory { bytes_max } => mounts.push(in_memory(spec, *bytes_max)?),
            Backend::Directory(path) => {
                let prepared = Prepared::new(path, spec.handles)
                    .map_err(|error| SetupError::Directory { name: spec.name.clone(), error })?;
                opened.entry(prepared.device()).or_default().push(Opened {
                    spec,
                    prepared,
                    excluded: Vec::new(),
                });
            }
        }
    }
    let device_owners = Arc::new(DeviceOwners::default());
    let mut groups: Vec<_> = opened.into_values().collect();
    let table = MountTable::read();
    claim(&mut groups, specs, &device_owners, &table);
    for (number, exports) in groups.into_iter().enumerate() {
        mounts.extend(on_one_file_system(exports, number, (&device_owners, &table), state_dir)?);
    }
    Ok(mounts)
}

/// Decides which file system serves which device: first the devices of the exports' roots, then those that are mounted
/// below, in the order of the exports.
fn claim(
    groups: &mut [Vec<Opened<'_>>],
    specs: &[ExportSpec],
    device_owners: &DeviceOwners,
    table: &MountTable,
) {
    for (number, group) in groups.iter().enumerate() {
        device_owners.claim(group[0].prepared.device(), number);
    }
    for spec in specs {
        for (number, group) in groups.iter_mut().enumerate() {
            let exports = group.iter_mut().filter(|export| std::ptr::eq(export.spec, spec));
            exports.for_each(|export| export.claim_below(number, device_owners, table));
        }
    }
}

fn in_memory(spec: &ExportSpec, bytes_max: u64) -> Result<Mount, SetupError> {
    let instance =
        getrandom::u64().map_err(|error| SetupError::Random(std::io::Error::other(error.to_string())))?;
    let id = ExportId::of(&spec.name);
    Ok(mount(spec, id, Box::new(Memory::new(bytes_max, instance, spec.names))))
}

fn mount(spec: &ExportSpec, files_id: ExportId, volume: Box<dyn Volume>) -> Mount {
    let ExportSpec { ref name, root_squash, names, .. } = *spec;
    let (id, root) = (ExportId::of(name), volume.root());
    Mount { id, files_id, name: name.clone(), volume, root, root_squash, names }
}

fn on_one_file_system(
    exports: Vec<Opened<'_>>,
    number: usize,
    (device_owners, table): (&Arc<DeviceOwners>, &MountTable),
    state_dir: &Path,
) -> Result<Vec<Mount>, SetupError> {
    check_alike(&exports)?;
    let index = |export: &Opened<'_>| index_path(state_dir, ExportId::of(&export.spec.name));
    // The export whose handles were given out before stays the first.
    let first = exports.iter().find(|export| index(export).exists()).unwrap_or(&exports[0]);
    let (files_id, index) = (ExportId::of(&first.spec.name), index(first));
    let prepared: Vec<_> = exports.iter().map(|export| &export.prepared).collect();
    let fs = FileSystem::open(&prepared, &index, number, device_owners);
    let fs = fs.map_err(|error| exports[0].failed(error))?;
    let one = |Opened { spec, prepared, excluded }| {
        let location = Location::new(prepared.path(), files_id, excluded, table);
        let volume = Posix::new(prepared, fs.clone(), location);
        let volume = volume.map_err(|error| SetupError::Directory { name: spec.name.clone(), error })?;
        Ok(mount(spec, files_id, Box::new(volume)))
    };
    exports.into_iter().map(one).collect()
}

/// Checks that exports on one file system have the same options, because a file may be in both.
/// Errors: `ReadOnly`, `Squash`.
fn check_alike(exports: &[Opened<'_>]) -> Result<(), SetupError> {
    let name = |export: &Opened<'_>| export.spec.name.clone();
    for pair in exports.windows(2) {
        let [one, other] = pair else { continue };
        if one.prepared.read_only() != other.prepared.read_only() {
            return Err(SetupError::ReadOnly(name(one), name(other)));
        }
        if one.spec.root_squash != other.spec.root_squash {
            return Err(SetupError::Squash(name(one), name(other)));
        }
    }
    Ok(())
}

/// Returns the path of the index of an export.
fn index_path(state_dir: &Path, id: ExportId) -> PathBuf {
    state_dir.join(format!("handles-{:016x}", id.0))
}
