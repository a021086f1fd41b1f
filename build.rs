//! Finds out from which commit this is built, for `--version`. `$LOCKHOUSE_COMMIT` wins over git; without both, as from an
//! unpacked archive, the version stands alone.

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-env-changed=LOCKHOUSE_COMMIT");
    println!("cargo::rerun-if-changed=build.rs");
    let given = std::env::var("LOCKHOUSE_COMMIT").ok().filter(|given| !given.is_empty());
    // A debug build does not ask: all of it would be made anew after each commit.
    let release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let commit = given.or_else(|| if release { from_git() } else { Some("debug build".to_owned()) });
    let version = env!("CARGO_PKG_VERSION");
    let version = match commit {
        Some(commit) => format!("{version} ({commit})"),
        None => version.to_owned(),
    };
    println!("cargo::rustc-env=LOCKHOUSE_VERSION={version}");
}

/// The commit that is checked out here, if this directory is the root of a repository and there is git.
fn from_git() -> Option<String> {
    let here = std::env::var("CARGO_MANIFEST_DIR").ok()?;
    // An archive may have been unpacked inside another repository.
    let root = git(&here, &["rev-parse", "--show-toplevel"])?;
    if Path::new(&root).canonicalize().ok()? != Path::new(&here).canonicalize().ok()? {
        return None;
    }
    // These files change when another commit is checked out or made.
    let branch = git(&here, &["symbolic-ref", "--quiet", "HEAD"]);
    for file in ["HEAD", "packed-refs"].into_iter().chain(branch.as_deref()) {
        let path = git(&here, &["rev-parse", "--git-path", file]).filter(|path| Path::new(path).exists());
        path.into_iter().for_each(|path| println!("cargo::rerun-if-changed={path}"));
    }
    git(&here, &["rev-parse", "--short=12", "HEAD"])
}

/// What a git command says; `None` when it fails.
fn git(directory: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").arg("-C").arg(directory).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok().filter(|_| output.status.success())?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}
