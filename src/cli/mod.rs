//! Command line: what can be said, and who does it.

mod args;
mod banner;
#[cfg(feature = "bench")]
mod bench;
#[cfg(feature = "bench")]
mod bench_args;
mod build;
mod check_config;
mod failure;
mod serve;
mod state;

use args::{Cli, Command};
use clap::error::ErrorKind;
use clap::{CommandFactory as _, FromArgMatches as _};
use failure::Failure;
use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

/// Reads the command line. Errors: it makes no sense; or help was asked for.
fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Cli, clap::Error> {
    let mut command = Cli::command();
    let matches = command.try_get_matches_from_mut(args)?;
    let cli = Cli::from_arg_matches(&matches)?;
    let checked = match (&cli.command, matches.subcommand()) {
        (Command::Serve(args), _) => args.check(),
        #[cfg(feature = "bench")]
        (Command::Bench(args), Some((_, given))) => bench_args::check(args, given),
        _ => Ok(()),
    };
    let Err(wrong) = checked else { return Ok(cli) };
    let name = matches.subcommand_name().unwrap_or_default();
    let command = command.find_subcommand_mut(name).expect("it was found when it was parsed");
    Err(command.error(ErrorKind::ArgumentConflict, wrong))
}

/// Runs the command line `args` and says how the process should end: 0 when all went well, 1 when it did not, 2 when
/// the command line makes no sense.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match parse(args) {
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
        #[cfg(feature = "bench")]
        Command::Bench(args) => bench::run(&args),
        #[cfg(feature = "bench")]
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
