//! What the defaults depend on.

use std::ffi::OsString;
use std::path::PathBuf;

/// Describes the process and its user, as far as defaults depend on them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// Whether the process runs as root.
    pub is_root: bool,
    /// `$XDG_STATE_HOME`.
    pub xdg_state_home: Option<OsString>,
    /// `$HOME`.
    pub home: Option<OsString>,
}

impl Environment {
    /// Returns the environment of this process.
    pub fn of_process() -> Self {
        Self {
            is_root: rustix::process::geteuid().is_root(),
            xdg_state_home: std::env::var_os("XDG_STATE_HOME"),
            home: std::env::var_os("HOME"),
        }
    }

    /// Returns the default state directory: below `/var/lib` for root, else the user's (XDG base directories). `None` without a
    /// home directory.
    pub fn state_dir(&self) -> Option<PathBuf> {
        // The XDG specification says to ignore relative and empty paths.
        let absolute =
            |value: &Option<OsString>| value.as_ref().map(PathBuf::from).filter(|path| path.is_absolute());
        let base = match self.is_root {
            true => Some(PathBuf::from("/var/lib")),
            false => absolute(&self.xdg_state_home)
                .or_else(|| absolute(&self.home).map(|home| home.join(".local/state"))),
        };
        base.map(|base| base.join("lockhouse"))
    }
}
