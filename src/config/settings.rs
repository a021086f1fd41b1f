//! What the user has set, before defaults.

use crate::files::NameRule;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Holds what the user set in one place, the command line or the file; `None` is unset.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The directory that is the root.
    pub dir: Option<PathBuf>,
    /// Whether the root is an in-memory tree.
    pub memory: Option<bool>,
    /// Directories by their names in the root.
    pub exports: BTreeMap<String, PathBuf>,
    /// Which names files may have, in exports without a rule of their own.
    pub names: Option<NameRule>,
    /// Which names files may have in these exports.
    pub names_in: BTreeMap<String, NameRule>,
    /// Whether root on a client has root access.
    pub no_root_squash: Option<bool>,
    /// Address and port.
    pub listen: Option<SocketAddr>,
    /// State directory.
    pub state: Option<PathBuf>,
    /// Lease time in seconds.
    pub lease_seconds: Option<u32>,
    /// Grace time in seconds.
    pub grace_seconds: Option<u32>,
    /// Whether deadlocks are reported.
    pub deadlock_detection: Option<bool>,
    /// Whether no state is kept after the server ends.
    pub ephemeral: Option<bool>,
    /// Identifies this boot of the machine.
    pub boot_id: Option<String>,
    /// How much is logged.
    pub log: Option<String>,
}

impl Settings {
    /// Merges two sources of settings; those of `self` override `other`. `dir` and `memory` count as one setting, so that a
    /// directory on the command line replaces an in-memory tree of the file.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        let (dir, memory) = match (&self.dir, self.memory) {
            (None, None) => (other.dir, other.memory),
            _ => (self.dir, self.memory),
        };
        let mut exports = other.exports;
        exports.extend(self.exports);
        let mut names_in = other.names_in;
        names_in.extend(self.names_in);
        Self {
            dir,
            memory,
            exports,
            names: self.names.or(other.names),
            names_in,
            no_root_squash: self.no_root_squash.or(other.no_root_squash),
            listen: self.listen.or(other.listen),
            state: self.state.or(other.state),
            lease_seconds: self.lease_seconds.or(other.lease_seconds),
            grace_seconds: self.grace_seconds.or(other.grace_seconds),
            deadlock_detection: self.deadlock_detection.or(other.deadlock_detection),
            ephemeral: self.ephemeral.or(other.ephemeral),
            boot_id: self.boot_id.or(other.boot_id),
            log: self.log.or(other.log),
        }
    }
}
