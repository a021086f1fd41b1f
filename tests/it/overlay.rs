//! An export for which the server needs an index of names also as root.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// A directory where the kernel gives no handles and files have no lasting birth time, gone with this.
pub struct Overlay {
    /// Where it is.
    pub merged: PathBuf,
    _dir: TempDir,
}

impl Overlay {
    /// `None` where the tests may not mount, or there are no such file systems.
    pub fn new() -> Option<Self> {
        let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
        let [lower, upper, work, merged] =
            ["lower", "upper", "work", "merged"].map(|name| dir.path().join(name));
        for path in [&lower, &upper, &work, &merged] {
            std::fs::create_dir(path).expect("made");
        }
        let of = |path: &Path| path.to_str().expect("UTF-8").to_owned();
        let options = format!("lowerdir={},upperdir={},workdir={}", of(&lower), of(&upper), of(&work));
        let mut mount = Command::new("mount");
        mount.args(["-t", "overlay", "-o", &options, "overlay"]).arg(&merged);
        let mounted = mount.stderr(Stdio::null()).status();
        mounted.is_ok_and(|status| status.success()).then(|| Self { merged, _dir: dir })
    }
}

impl Drop for Overlay {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.merged).status();
    }
}
