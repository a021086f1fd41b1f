//! What is printed: the lines of cargo's own test harness.

use std::process::ExitCode;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::kernels::Planned;

/// Collects verdicts and prints them.
pub struct Report {
    expected: usize,
    filtered: usize,
    begun: Instant,
    verdicts: Mutex<Verdicts>,
}

#[derive(Default)]
struct Verdicts {
    passed: usize,
    failures: Vec<(String, String)>,
}

/// Prints the names of cases.
pub fn list<'a>(planned: impl Iterator<Item = &'a Planned>) {
    for case in planned {
        println!("{}: test", case.name);
    }
}

impl Report {
    /// Prints the head of the report.
    pub fn begin(expected: usize, filtered: usize) -> Self {
        println!("\nrunning {expected} test{}", if expected == 1 { "" } else { "s" });
        Self { expected, filtered, begun: Instant::now(), verdicts: Mutex::default() }
    }

    /// Takes the verdict of one case.
    pub fn verdict(&self, name: &str, took: Duration, outcome: Result<(), String>) {
        let mut verdicts = self.verdicts.lock().expect("no panic while held");
        let word = if outcome.is_ok() { "ok" } else { "FAILED" };
        println!("test {name} ... {word} <{:.3}s>", took.as_secs_f64());
        match outcome {
            Ok(()) => verdicts.passed += 1,
            Err(why) => verdicts.failures.push((name.into(), why)),
        }
    }

    /// Fails all of `planned` for one reason.
    pub fn fail_all<'a>(&self, planned: impl Iterator<Item = &'a Planned>, why: &str) {
        for case in planned {
            self.verdict(&case.name, Duration::ZERO, Err(why.into()));
        }
    }

    /// Prints the failures and the summary; a case without a verdict counts as failed.
    pub fn end(&self) -> ExitCode {
        let verdicts = self.verdicts.lock().expect("no panic while held");
        let failed = self.expected - verdicts.passed;
        if failed > 0 {
            println!("\nfailures:");
            let mut last = "";
            for (name, why) in &verdicts.failures {
                // The same trouble, as a machine that does not start, fails many cases: told once.
                let why = if why == last { "as above" } else { why.as_str() };
                println!("\n---- {name} ----\n{why}");
                last = if why == "as above" { last } else { why };
            }
            println!("\nfailures:");
            verdicts.failures.iter().for_each(|(name, _)| println!("    {name}"));
        }
        let word = if failed == 0 { "ok" } else { "FAILED" };
        let (passed, filtered, seconds) =
            (verdicts.passed, self.filtered, self.begun.elapsed().as_secs_f64());
        println!(
            "\ntest result: {word}. {passed} passed; {failed} failed; 0 ignored; 0 measured; {filtered} filtered out; \
             finished in {seconds:.2}s\n"
        );
        if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
