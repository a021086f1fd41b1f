//! Two guests with the same kernel and the same mounts: two clients.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use super::guest::Guest;
use super::image::Image;
use super::server::Server;

/// How the names of places for mounts begin.
const EXTRA: &str = "/mnt/extra";

/// The two guests.
pub struct Pair {
    /// The first guest.
    pub a: Guest,
    /// The second guest.
    pub b: Guest,
    mounted: BTreeSet<String>,
    mounts: AtomicU32,
}

impl Pair {
    /// Boots both at the same time.
    pub fn boot(image: &Image, label: &str, logs: &Path) -> anyhow::Result<Self> {
        let host_label = label.replace('_', "-");
        let start = |which: &str| Guest::start(image, &format!("{host_label}-{which}"), logs, false);
        let (a, b) = (start("a")?, start("b")?);
        Ok(Self { a: a.finish()?, b: b.finish()?, mounted: BTreeSet::new(), mounts: AtomicU32::new(0) })
    }

    /// Mounts the server in both with a minor version, as `4.0`, unless that is done; the answer is where.
    pub fn mount(&mut self, server: &Server, version: &str) -> String {
        let target = format!("/mnt/v{version}");
        if self.mounted.insert(version.into()) {
            for guest in [&self.a, &self.b] {
                guest.mount(&server.source(), &target, &server.options(version, ""));
            }
        }
        target
    }

    /// Mounts the server of a single case in both; the answer is where.
    pub fn visit(&self, server: &Server, version: &str) -> String {
        let target = self.next_target();
        for guest in [&self.a, &self.b] {
            guest.mount(&server.source(), &target, &server.options(version, ""));
        }
        target
    }

    /// Ends what [`Pair::visit`] began, however the case ended: lets the clients reach the server once more, so that
    /// they can give back what they have, and unmounts. Reports what the kernels complain about.
    pub fn leave(&self, server: &Server, target: &str) -> anyhow::Result<Vec<String>> {
        server.ensure_started()?;
        for guest in [&self.a, &self.b] {
            guest.set_link(true)?;
            guest.end_workers()?;
            // What the case has mounted besides, and the server's root; the rest was ended before.
            for target in self.targets_since(target) {
                guest.checked(&format!("leave {target}"))?;
            }
        }
        self.end_workers()
    }

    /// All places that were given since `target` was, the newest first.
    fn targets_since(&self, target: &str) -> impl Iterator<Item = String> {
        let first = target.trim_start_matches(EXTRA).parse().unwrap_or(0);
        (first..self.mounts.load(Ordering::Relaxed)).rev().map(|number| format!("{EXTRA}{number}"))
    }

    /// A place for one more mount.
    pub fn next_target(&self) -> String {
        format!("{EXTRA}{}", self.mounts.fetch_add(1, Ordering::Relaxed))
    }

    /// Ends all workers and reports what the kernels complain about.
    pub fn end_workers(&self) -> anyhow::Result<Vec<String>> {
        let mut complaints = Vec::new();
        for guest in [&self.a, &self.b] {
            guest.end_workers()?;
            complaints.extend(guest.complaints()?);
        }
        Ok(complaints)
    }
}
