//! What a guest boots from: a kernel and an archive with `/init` and modules.

use std::fs;
use std::path::PathBuf;

use super::cache;
use super::cpio::Archive;
use super::kernel::Kernel;

/// The debug shell of a guest, if the host has one.
const SHELL: &str = "/bin/busybox";

/// Files for the emulator. The archive is in a directory of its own that goes with this value.
pub struct Image {
    /// The kernel.
    pub kernel: PathBuf,
    /// The archive.
    pub archive: PathBuf,
    /// The kernel's release.
    pub release: String,
    _directory: tempfile::TempDir,
}

impl Image {
    /// Packs `kernel`'s modules and the program `init`.
    pub fn pack(kernel: &Kernel, init: &[u8]) -> anyhow::Result<Self> {
        let mut archive = Archive::default();
        for directory in ["dev", "proc", "sys", "run", "mnt", "bin", "modules"] {
            archive.directory(directory);
        }
        archive.device("dev/console", 5, 1);
        archive.file("init", init);
        if let Ok(shell) = fs::read(SHELL).or_else(|_| fs::read(format!("/usr{SHELL}"))) {
            archive.file("bin/busybox", &shell);
        }
        for (name, contents) in kernel.modules()? {
            archive.file(&format!("modules/{name}"), &contents);
        }
        let directory = tempfile::tempdir_in(cache())?;
        let path = directory.path().join("initramfs");
        fs::write(&path, archive.finish())?;
        Ok(Self {
            kernel: kernel.image(),
            archive: path,
            release: kernel.release.clone(),
            _directory: directory,
        })
    }
}
