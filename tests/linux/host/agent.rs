//! The program that runs in the guests: the crate `guest/`, built static so that the guest needs no libraries.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::child::run;

const TRIPLE: &str = "x86_64-unknown-linux-gnu";

/// Builds the program; the answer is its contents.
pub fn build(cache: &Path) -> anyhow::Result<Vec<u8>> {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/linux/guest/Cargo.toml");
    let target = cache.join("build");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args([
        "build",
        "--release",
        "--locked",
        "--quiet",
        "--target",
        TRIPLE,
        "--manifest-path",
        manifest,
    ]);
    command.arg("--target-dir").arg(&target);
    // The flags of the outer build (coverage, sanitizers) are not for the guest, which has no libraries for them.
    for variable in
        ["CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER"]
    {
        command.env_remove(variable);
    }
    run(command.env("RUSTFLAGS", "-C target-feature=+crt-static"))?;
    Ok(fs::read(target.join(TRIPLE).join("release/lockhouse-linux-guest"))?)
}
