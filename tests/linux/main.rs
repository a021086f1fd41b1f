//! Real kernel clients against the server: two guests per kernel version mount it and use it as programs do.
//!
//! `README.md` beside this file says how it works and how to run one case. [`host`] is the machinery (kernels,
//! guests, the server under test), [`cases`] what is tested, [`run`] the part of a test runner.

mod cases;
mod host;
mod run;

fn main() -> std::process::ExitCode {
    run::main()
}
