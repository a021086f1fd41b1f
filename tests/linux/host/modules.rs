//! Kernel modules: which ones a guest needs, in the order in which they must be loaded.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

use super::child::run;

/// What a guest uses; what they need in turn is found in their own headers.
const WANTED: &[&str] = &["virtio_pci", "virtio_console", "virtio_net", "nfsv4"];

/// The modules of one kernel package, unpacked at `root` (`lib/modules/RELEASE`).
pub struct Modules {
    files: BTreeMap<String, PathBuf>,
    built_in: BTreeSet<String>,
}

/// A module ready to be loaded.
pub struct Module {
    /// Its name.
    pub name: String,
    /// Its object file, not compressed.
    pub object: Vec<u8>,
}

impl Modules {
    /// Finds the module files below `root`.
    pub fn scan(root: &Path) -> anyhow::Result<Self> {
        let mut files = BTreeMap::new();
        collect(&root.join("kernel"), &mut files)?;
        let list = fs::read_to_string(root.join("modules.builtin"))?;
        let built_in = list.lines().filter_map(|line| module_name(Path::new(line))).collect();
        Ok(Self { files, built_in })
    }

    /// What a guest needs and the kernel does not contain, dependencies first.
    pub fn ordered(&self) -> anyhow::Result<Vec<Module>> {
        let mut ordered = Vec::new();
        for name in WANTED {
            self.add(name, &mut ordered)?;
        }
        Ok(ordered)
    }

    fn add(&self, name: &str, ordered: &mut Vec<Module>) -> anyhow::Result<()> {
        if self.built_in.contains(name) || ordered.iter().any(|module| module.name == name) {
            return Ok(());
        }
        let file = self.files.get(name).with_context(|| format!("the package has no module {name}"))?;
        let object = read(file)?;
        for dependency in dependencies(&object).with_context(|| format!("{name}: no list of dependencies"))? {
            self.add(&dependency, ordered)?;
        }
        ordered.push(Module { name: name.into(), object });
        Ok(())
    }
}

fn collect(directory: &Path, files: &mut BTreeMap<String, PathBuf>) -> anyhow::Result<()> {
    for entry in fs::read_dir(directory).with_context(|| directory.display().to_string())? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), files)?;
        } else if let Some(name) = module_name(&entry.path()) {
            files.insert(name, entry.path());
        }
    }
    Ok(())
}

/// `…/virtio-rng.ko.xz` is the module `virtio_rng`.
fn module_name(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let stem = name.strip_suffix(".ko").or_else(|| name.strip_suffix(".ko.xz"))?;
    Some(stem.replace('-', "_"))
}

fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("ko") => Ok(fs::read(file)?),
        Some("xz") => Ok(run(Command::new("xz").arg("-dc").arg(file))?.stdout),
        _ => bail!("unknown compression: {}", file.display()),
    }
}

/// The `depends=` entry of a module's `.modinfo` section, which is a run of strings that end with a zero.
fn dependencies(object: &[u8]) -> Option<Vec<String>> {
    const KEY: &[u8] = b"\0depends=";
    let start = object.windows(KEY.len()).position(|window| window == KEY)? + KEY.len();
    let length = object[start..].iter().position(|byte| *byte == 0)?;
    let text = std::str::from_utf8(&object[start..start + length]).ok()?;
    Some(text.split(',').filter(|name| !name.is_empty()).map(|name| name.replace('-', "_")).collect())
}
