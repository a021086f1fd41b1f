//! Command line: what can be said, and who does it.

mod args;
mod bench;
mod bench_args;
mod build;
mod check_config;
mod failure;
mod serve;
mod state;

use args::{Cli, Command};
use clap::Parser;
use failure::Failure;
use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

/// Runs the command line `args` and says how the process should end: 0 when all went well, 1 when it did not, 2 when
/// the command line makes no sense.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            // Help that was asked for is no error; when it cannot be written, there is nobody to tell.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    let done = match cli.command {
        Command::Serve(args) => serve::run(*args),
        Command::CheckConfig(args) => check_config::run(&args),
        Command::State(command) => state::run(&command),
        Command::Bench(args) => bench::run(&args),
        Command::BenchChild(args) => bench::run_child(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure { message, help }) => {
            let help = help.map(|help| format!("  help: {help}\n")).unwrap_or_default();
            let _ = write!(std::io::stderr(), "error: {message}\n{help}");
            ExitCode::FAILURE
        }
    }
}
