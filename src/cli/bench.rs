//! `lockhouse bench`.

use super::bench_args::{BenchArgs, BenchChildArgs};
use super::failure::Failure;
use crate::bench::{self, Report};
use std::fs::{File, OpenOptions};
use std::io::{IsTerminal as _, Write as _};
use std::path::Path;

/// Measures, and prints what was found. Fails when there is no result at all; errors in it are part of the result.
pub(super) fn run(args: &BenchArgs) -> Result<(), Failure> {
    let plan = args.plan(std::io::stderr().is_terminal()).map_err(Failure::new)?;
    let picture = args.svg.as_deref().map(Picture::begin).transpose()?;
    let report = bench::run(&plan).map_err(|error| Failure::new(error.to_string()))?;
    // Whatever happens to the picture, what was measured is shown.
    let drawn = picture.map_or(Ok(()), |picture| picture.end(&bench::svg(&report)));
    print(args, &report)?;
    drawn
}

/// The file of a picture, opened before minutes are spent on what it is to show.
struct Picture<'a> {
    path: &'a Path,
    file: File,
    /// It was not there before.
    new: bool,
    done: bool,
}

impl<'a> Picture<'a> {
    /// Opens the file of a report; what is in it stays until a report is complete.
    fn begin(path: &'a Path) -> Result<Self, Failure> {
        let new = !path.exists();
        let opened = OpenOptions::new().write(true).create(true).truncate(false).open(path);
        let file = opened.map_err(|error| cannot_write(path, &error))?;
        Ok(Self { path, file, new, done: false })
    }

    fn end(mut self, text: &str) -> Result<(), Failure> {
        self.done = true;
        let written = self.file.write_all(text.as_bytes());
        // A pipe or a terminal has no length.
        let is_file = self.file.metadata().is_ok_and(|metadata| metadata.is_file());
        let cut = if is_file { self.file.set_len(text.len() as u64) } else { Ok(()) };
        written.and(cut).map_err(|error| cannot_write(self.path, &error))
    }
}

impl Drop for Picture<'_> {
    fn drop(&mut self) {
        if self.new && !self.done {
            // Nothing was measured, so there is no picture.
            let _ = std::fs::remove_file(self.path);
        }
    }
}

fn cannot_write(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("cannot write {}: {error}", path.display()))
}

fn print(args: &BenchArgs, report: &Report) -> Result<(), Failure> {
    let text = if args.json {
        let json = serde_json::to_string_pretty(report);
        json.map_err(|error| Failure::new(error.to_string()))? + "\n"
    } else {
        bench::table(report)
    };
    std::io::stdout()
        .write_all(text.as_bytes())
        .map_err(|error| Failure::new(format!("cannot write: {error}")))
}

/// Becomes a server of a benchmark.
pub(super) fn run_child(args: &BenchChildArgs) -> Result<(), Failure> {
    bench::become_child(args.cpu, &args.args).map_err(|error| Failure::new(error.to_string()))
}
