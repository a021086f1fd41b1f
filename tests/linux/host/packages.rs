//! Debian packages: the tools that the suite needs, and the kernels it boots.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context, bail};

use super::child::run;

/// Programs that must be there, and the package that each comes in.
const TOOLS: &[(&str, &str)] = &[
    ("qemu-system-x86_64", "qemu-system-x86"),
    ("xz", "xz-utils"),
    ("dpkg-deb", "dpkg"),
    ("apt-get", "apt"),
    ("cc", "gcc libc6-dev"),
];

/// Makes sure that the tools are there; root installs what is missing, others are told.
pub fn ensure_tools() -> anyhow::Result<()> {
    let missing: Vec<&str> =
        TOOLS.iter().filter(|(tool, _)| !is_in_path(tool)).map(|(_, package)| *package).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().flat_map(|package| package.split(' ')).collect();
    if !rustix::process::geteuid().is_root() {
        bail!(
            "packages are missing; as root: apt-get install --no-install-recommends {}",
            packages.join(" ")
        );
    }
    update()?;
    let mut install = Command::new("apt-get");
    install.args(["install", "-y", "-q", "--no-install-recommends"]).args(packages);
    run(install.env("DEBIAN_FRONTEND", "noninteractive")).map(drop)
}

fn is_in_path(tool: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|directory| directory.join(tool).is_file())
}

/// Reads the package lists again, at most once a run; needs root.
fn update() -> anyhow::Result<()> {
    static DONE: OnceLock<Result<(), String>> = OnceLock::new();
    let once = || {
        run(Command::new("apt-get").args(["update", "-q"])).map(drop).map_err(|error| format!("{error:#}"))
    };
    DONE.get_or_init(once).clone().map_err(anyhow::Error::msg)
}

/// Downloads the newest cloud kernel of `series` (as `6.12`) into `directory`; the answer is the package file.
pub fn download_kernel(series: &str, directory: &Path) -> anyhow::Result<PathBuf> {
    fs::create_dir_all(directory)?;
    let attempt = || -> anyhow::Result<PathBuf> {
        let package = newest_kernel(series)?;
        run(Command::new("apt-get").args(["download", "-q", &package]).current_dir(directory))?;
        package_file(directory, &package)
    };
    // Old lists name packages that the mirror has dropped; missing lists name none.
    match attempt() {
        Err(_) if rustix::process::geteuid().is_root() => update().and_then(|()| attempt()),
        other => other,
    }
    .with_context(|| {
        format!(
            "no linux-image-{series}*-cloud-amd64; it needs package lists (as root: apt-get update) of a Debian \
             that has it, for 6.12 the security or backports suite of bookworm, or trixie"
        )
    })
}

fn newest_kernel(series: &str) -> anyhow::Result<String> {
    let pattern = format!("^linux-image-{}\\.", series.replace('.', "\\."));
    let output = run(Command::new("apt-cache").args(["search", "--names-only", &pattern]))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let names = text.lines().filter_map(|line| line.split(' ').next());
    names
        .filter_map(|name| Some((numbers(name.strip_suffix("-cloud-amd64")?), name)))
        .max()
        .map(|(_, name)| name.to_owned())
        .context("apt-cache finds no such package")
}

/// The numbers in a version, for comparing: `6.1.0-56` is after `6.1.0-9`.
fn numbers(text: &str) -> Vec<u64> {
    text.split(|letter: char| !letter.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect()
}

fn package_file(directory: &Path, package: &str) -> anyhow::Result<PathBuf> {
    let prefix = format!("{package}_");
    let mut files = fs::read_dir(directory)?.filter_map(Result::ok).map(|entry| entry.path());
    files
        .find(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&prefix)))
        .with_context(|| format!("apt-get left no file of {package}"))
}
