//! Servers of our own, one after the other over the same directories.

use super::server::{Server, Tree, special_in};
use std::cell::Cell;
use tempfile::TempDir;

/// Longer than any test runs: a grace period that is over only when nobody is left to wait for.
pub const LONG: &str = "3600";

/// What outlives a server.
pub struct Disk {
    state: TempDir,
    export: TempDir,
    boots: Cell<u32>,
}

impl Disk {
    pub fn new() -> Self {
        let new = || tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
        Self { state: new(), export: new(), boots: Cell::new(0) }
    }

    /// A server in a new boot of the machine, whose grace period, if there is one, lasts that many seconds.
    pub fn serve(&self, grace: &str) -> Option<Server> {
        let tree = Tree::Directory(self.export.path());
        let boot = self.boots.replace(self.boots.get() + 1).to_string();
        let args = ["--lease-time", "60", "--grace-time", grace, "--boot-id", &boot];
        special_in(self.state.path(), tree, &args)
    }
}
