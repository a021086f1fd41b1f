//! `lockhouse`: argv in, exit code out; everything else is in the library.

fn main() -> std::process::ExitCode {
    lockhouse::cli::run(std::env::args_os())
}
