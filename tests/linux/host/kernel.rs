//! Kernels to boot, from Debian's packages, kept in the cache.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;

use super::child::run;
use super::modules::Modules;
use super::packages;

/// A kernel in the cache.
pub struct Kernel {
    /// Its release, as `6.12.117+deb12-cloud-amd64`.
    pub release: String,
    directory: PathBuf,
}

impl Kernel {
    /// The kernel of `series` (as `6.12`): the one in the cache, or the newest that the package lists know.
    pub fn obtain(series: &str, cache: &Path) -> anyhow::Result<Self> {
        let home = cache.join("kernels").join(series);
        if let Some(kernel) = Self::cached(&home) {
            return Ok(kernel);
        }
        let work = tempfile::tempdir_in(create(cache)?)?;
        let package = packages::download_kernel(series, work.path())?;
        let unpacked = work.path().join("unpacked");
        run(Command::new("dpkg-deb").arg("-x").arg(&package).arg(&unpacked))?;
        let release = only_entry(&unpacked.join("lib/modules"))?;
        let ready = work.path().join("ready");
        prepare(&unpacked, &release, &ready)?;
        fs::rename(&ready, create(&home)?.join(&release))?;
        Self::cached(&home).context("the kernel is not in the cache")
    }

    fn cached(home: &Path) -> Option<Self> {
        let release = only_entry(home).ok()?;
        Some(Self { directory: home.join(&release), release })
    }

    /// The image that the emulator boots.
    pub fn image(&self) -> PathBuf {
        self.directory.join("vmlinuz")
    }

    /// The modules with their names, and last the file `order`.
    pub fn modules(&self) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
        let directory = self.directory.join("modules");
        let order = fs::read_to_string(directory.join("order"))?;
        let mut files = Vec::new();
        for name in order.lines() {
            files.push((name.to_owned(), fs::read(directory.join(name))?));
        }
        files.push(("order".into(), order.into_bytes()));
        Ok(files)
    }
}

/// Takes from the unpacked package what a guest needs.
fn prepare(unpacked: &Path, release: &str, ready: &Path) -> anyhow::Result<()> {
    let modules = create(ready.join("modules"))?;
    fs::copy(unpacked.join(format!("boot/vmlinuz-{release}")), ready.join("vmlinuz"))?;
    let mut order = String::new();
    for module in Modules::scan(&unpacked.join("lib/modules").join(release))?.ordered()? {
        let name = format!("{}.ko", module.name);
        fs::write(modules.join(&name), module.object)?;
        order.push_str(&name);
        order.push('\n');
    }
    fs::write(modules.join("order"), order)?;
    Ok(())
}

fn create<P: AsRef<Path>>(directory: P) -> anyhow::Result<P> {
    fs::create_dir_all(&directory).with_context(|| directory.as_ref().display().to_string())?;
    Ok(directory)
}

fn only_entry(directory: &Path) -> anyhow::Result<String> {
    let entry =
        fs::read_dir(directory)?.next().with_context(|| format!("{} is empty", directory.display()))?;
    Ok(entry?.file_name().to_string_lossy().into_owned())
}
