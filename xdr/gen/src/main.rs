//! Makes `src/xdr/generated/*.rs` from `xdr/*.x`.
//!
//! `cargo run --manifest-path xdr/gen/Cargo.toml` writes the files; with `--check` it writes nothing and exits with 1
//! when they are not what it would write. The work is done by the crate `xdrgen`; [`source`] prepares what it cannot
//! read, [`rust`] mends what it should not write.

mod rust;
mod source;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::{env, fs};

type Error = Box<dyn std::error::Error>;

/// What is generated: the module, the specifications it needs first, and its own.
const MODULES: [(&str, &[&str]); 3] = [("rpc", &[]), ("nfs4", &[]), ("nfs4_cb", &["nfs4"])];

fn main() -> ExitCode {
    let check = match env::args().skip(1).collect::<Vec<_>>().as_slice() {
        [] => false,
        [flag] if flag == "--check" => true,
        _ => {
            eprintln!("usage: xdr-gen [--check]");
            return ExitCode::from(2);
        }
    };
    match run(check) {
        Ok(stale) if stale.is_empty() => ExitCode::SUCCESS,
        Ok(stale) => {
            for path in stale {
                eprintln!("{}: stale, run xdr-gen", path.display());
            }
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("xdr-gen: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Writes all modules, or only compares; gives the files that differ.
fn run(check: bool) -> Result<Vec<PathBuf>, Error> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    let mut stale = Vec::new();
    for (name, needs) in MODULES {
        let text = rustfmt(&module(&root, name, needs)?, &root)?;
        let path = root.join("src/xdr/generated").join(name).with_extension("rs");
        if check {
            if fs::read_to_string(&path).ok().as_ref() != Some(&text) {
                stale.push(path);
            }
        } else {
            fs::write(path, text)?;
        }
    }
    Ok(stale)
}

/// The Rust text of one module, without what the modules it needs already define.
fn module(root: &Path, name: &str, needs: &[&str]) -> Result<String, Error> {
    let read = |name: &str| {
        let path = root.join("xdr").join(name).with_extension("x");
        fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
    };
    let needed = needs.iter().map(|need| read(need)).collect::<Result<String, _>>()?;
    let known = if needed.is_empty() { Vec::new() } else { items(&needed)? };
    let mut text = format!("// Generated from xdr/{name}.x by xdr/gen; do not edit.\n\n");
    text += "use xdr_codec::Pack;\n";
    for need in needs {
        text += &format!("use super::{need}::*;\n");
    }
    for item in items(&(needed + &read(name)?))?.iter().filter(|item| !known.contains(item)) {
        text += "\n";
        text += item;
        text += "\n";
    }
    Ok(text)
}

/// The Rust items of one specification.
fn items(specification: &str) -> Result<Vec<String>, Error> {
    let source = source::prepare(specification)?;
    let mut out = Vec::new();
    xdrgen::generate("", source.text.as_bytes(), &mut out).map_err(|error| error.to_string())?;
    Ok(rust::mend(&String::from_utf8(out)?, &source)?)
}

/// `text` as the project formats its Rust.
fn rustfmt(text: &str, root: &Path) -> Result<String, Error> {
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path"])
        .arg(root)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut stdin = child.stdin.take().ok_or("rustfmt has no standard input")?;
    let input = text.to_owned();
    let feeder = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output()?;
    feeder.join().map_err(|_| "feeding rustfmt failed")??;
    if !output.status.success() {
        return Err("rustfmt refused the generated text".into());
    }
    Ok(String::from_utf8(output.stdout)?)
}
