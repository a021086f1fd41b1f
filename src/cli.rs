//! Command line.

/// Runs the command line `args` and says how the process should end.
pub fn run(args: impl IntoIterator<Item = std::ffi::OsString>) -> std::process::ExitCode {
    let _ = args.into_iter().count();
    std::process::ExitCode::SUCCESS
}
