//! Kernels, guests and the server under test.

pub mod agent;
pub mod child;
pub mod cpio;
pub mod guest;
pub mod image;
pub mod kernel;
pub mod klog;
pub mod link;
pub mod modules;
pub mod monitor;
pub mod own;
pub mod packages;
pub mod pair;
pub mod server;
pub mod stage;
pub mod worker;

use std::path::PathBuf;

/// Where kernels, the guest's program and logs are kept between runs: `target/linux-guest`.
pub fn cache() -> PathBuf {
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    target.parent().map_or(target.clone(), PathBuf::from).join("linux-guest")
}
