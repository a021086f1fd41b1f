//! The mount table of the kernel.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

/// Each thread may see other mounts.
const MOUNT_INFO: &str = "/proc/thread-self/mountinfo";

/// Describes one mount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mounted {
    /// The device number of its file system.
    pub(crate) device: u64,
    /// The directory of the file system that it shows.
    pub(crate) root: PathBuf,
    /// The mount point.
    pub(crate) point: PathBuf,
}

/// Holds all mounts in the order in which they were mounted.
#[derive(Clone, Debug, Default)]
pub(crate) struct MountTable(Vec<Mounted>);

impl MountTable {
    /// Reads the mounts of this thread; none where the system does not tell.
    pub(crate) fn read() -> Self {
        Self::parse(&std::fs::read(MOUNT_INFO).unwrap_or_default())
    }

    fn parse(text: &[u8]) -> Self {
        Self(text.split(|byte| *byte == b'\n').filter_map(parse_line).collect())
    }

    /// Returns the mounts strictly below a directory, which must be a path without symbolic links.
    pub(crate) fn below<'a>(&'a self, dir: &'a Path) -> impl Iterator<Item = &'a Mounted> {
        self.0.iter().filter(move |mount| mount.point != dir && mount.point.starts_with(dir))
    }

    /// Returns the device, and the path in its file system, of a path without symbolic links.
    pub(crate) fn locate(&self, path: &Path) -> Option<(u64, PathBuf)> {
        let mount = self.mount_above(path)?;
        Some((mount.device, mount.root.join(path.strip_prefix(&mount.point).ok()?)))
    }

    /// Returns the mount point of the file system that holds a path without symbolic links.
    pub(crate) fn point_above(&self, path: &Path) -> Option<&Path> {
        self.mount_above(path).map(|mount| mount.point.as_path())
    }

    fn mount_above(&self, path: &Path) -> Option<&Mounted> {
        // Of several mounts at one point, the last covers the others.
        let mounts = self.0.iter().filter(|mount| path.starts_with(&mount.point));
        mounts.max_by_key(|mount| mount.point.as_os_str().len())
    }

    /// Tells whether `path` is in the tree below `dir`, also by way of what is mounted there. Both are paths without symbolic
    /// links.
    pub(crate) fn is_within(&self, path: &Path, dir: &Path) -> bool {
        if path.starts_with(dir) {
            return true;
        }
        let Some((device, inner)) = self.locate(path) else { return false };
        let shows = |shown: u64, root: &Path| shown == device && inner.starts_with(root);
        self.locate(dir).is_some_and(|(shown, root)| shows(shown, &root))
            || self.below(dir).any(|mount| shows(mount.device, &mount.root))
    }
}

/// Parses a line like `36 35 98:0 /mnt1 /mnt2 rw,noatime …`: the third field is the device, then follow root and mount
/// point.
fn parse_line(line: &[u8]) -> Option<Mounted> {
    let mut fields = line.split(|byte| *byte == b' ');
    let device = std::str::from_utf8(fields.nth(2)?).ok()?;
    let (major, minor) = device.split_once(':')?;
    let device = rustix::fs::makedev(major.parse().ok()?, minor.parse().ok()?);
    let mut path = || Some(PathBuf::from(OsString::from_vec(unescape(fields.next()?))));
    Some(Mounted { device, root: path()?, point: path()? })
}

/// Decodes white space and backslashes, which are written as three octal digits behind a backslash.
fn unescape(mut text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    while let [first, rest @ ..] = text {
        text = rest;
        let escaped = match (first, rest) {
            (b'\\', [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', ..]) => {
                Some((a - b'0') << 6 | (b - b'0') << 3 | (c - b'0'))
            }
            _ => None,
        };
        if escaped.is_some() {
            text = &rest[3..];
        }
        bytes.push(escaped.unwrap_or(*first));
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read() {
        let line = br"36 35 98:7 /mnt1 /a\040b\134c rw,noatime master:1 - ext3 /dev/root rw";
        let (root, point) = (PathBuf::from("/mnt1"), PathBuf::from(r"/a b\c"));
        let want = Mounted { device: rustix::fs::makedev(98, 7), root, point };
        assert_eq!(parse_line(line), Some(want));
        for line in [&b""[..], b"1 2", b"1 2 x / /a", b"1 2 3:4 /"] {
            assert_eq!(parse_line(line), None);
        }
        assert_eq!(unescape(br"\9\04"), br"\9\04");
    }

    #[test]
    fn the_system_says_what_is_mounted() {
        let table = MountTable::read();
        assert!(table.below(Path::new("/")).any(|mount| mount.point == Path::new("/proc")));
        assert!(table.is_within(Path::new("/proc/self"), Path::new("/proc")));
    }

    #[test]
    fn what_is_within_a_directory() {
        let table = MountTable::parse(
            b"1 0 8:1 / / rw - ext4\n\
              2 1 8:2 / /srv rw - ext4\n\
              3 2 8:1 /var/lib /srv/export/lib rw - ext4\n\
              4 1 8:2 /deep/er /mnt rw - ext4\n\
              5 1 8:3 / /var/lib/covered rw - ext4\n",
        );
        let within = |path: &str, dir: &str| table.is_within(Path::new(path), Path::new(dir));
        assert!(within("/srv/export/state", "/srv/export"));
        assert!(within("/srv/export", "/srv/export"));
        assert!(!within("/srv/exports", "/srv/export"));
        assert!(within("/srv/anything", "/"), "mounts belong to what is above");
        // It shows up below the export.
        assert!(within("/var/lib/lockhouse", "/srv/export"));
        assert!(!within("/var/log", "/srv/export"));
        assert!(!within("/var/lib/covered/state", "/srv/export"), "another file system is there");
        // Either is seen by way of another mount.
        assert!(within("/mnt/state", "/srv/deep"));
        assert!(within("/srv/deep/er/state", "/mnt"));
        assert!(!within("/srv/deep/state", "/mnt"));
    }
}
