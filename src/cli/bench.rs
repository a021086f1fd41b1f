//! `lockhouse bench`.

use super::bench_args::{BenchArgs, BenchChildArgs};
use super::failure::Failure;
use crate::bench;
use std::io::{IsTerminal as _, Write as _};

/// Measures, and prints what was found. Fails when there is no result at all; errors in it are part of the result.
pub(super) fn run(args: &BenchArgs) -> Result<(), Failure> {
    let plan = args.plan(std::io::stderr().is_terminal()).map_err(Failure::new)?;
    let report = bench::run(&plan).map_err(|error| Failure::new(error.to_string()))?;
    if let Some(file) = &args.svg {
        let written = std::fs::write(file, bench::svg(&report));
        written.map_err(|error| Failure::new(format!("cannot write {}: {error}", file.display())))?;
    }
    let text = if args.json {
        let json = serde_json::to_string_pretty(&report);
        json.map_err(|error| Failure::new(error.to_string()))? + "\n"
    } else {
        bench::table(&report)
    };
    std::io::stdout()
        .write_all(text.as_bytes())
        .map_err(|error| Failure::new(format!("cannot write: {error}")))
}

/// Becomes a server of a benchmark.
pub(super) fn run_child(args: &BenchChildArgs) -> Result<(), Failure> {
    bench::become_child(args.cpu, &args.args).map_err(|error| Failure::new(error.to_string()))
}
