//! The command line, as far as `cargo test` and people use it.

use anyhow::{Context, bail};

/// What was asked for.
pub struct Arguments {
    /// Only name the cases.
    pub list: bool,
    /// How many kernels may run at the same time.
    pub threads: usize,
    exact: bool,
    ignored: bool,
    filters: Vec<String>,
    skips: Vec<String>,
}

impl Arguments {
    /// Reads the arguments after the program's name.
    pub fn read(mut words: impl Iterator<Item = String>) -> anyhow::Result<Self> {
        let mut read = Self {
            list: false,
            threads: 2,
            exact: false,
            ignored: false,
            filters: Vec::new(),
            skips: Vec::new(),
        };
        while let Some(word) = words.next() {
            let (name, value) = match word.split_once('=') {
                Some((name, value)) if name.starts_with("--") => (name, Some(value.to_owned())),
                _ => (word.as_str(), None),
            };
            let mut value =
                || value.clone().or_else(|| words.next()).with_context(|| format!("{name} needs a value"));
            match name {
                "--list" => read.list = true,
                "--exact" => read.exact = true,
                "--ignored" => read.ignored = true,
                "--skip" => read.skips.push(value()?),
                "--test-threads" => read.threads = value()?.parse().context("--test-threads is a number")?,
                "--format" | "--color" | "--report-time" | "-Z" => drop(value()?),
                // They change nothing here: output is never captured, no case is ignored.
                "--nocapture" | "--no-capture" | "--show-output" | "--include-ignored" | "--quiet" | "-q" => {
                }
                other if other.starts_with('-') => bail!("unknown option {other}"),
                filter => read.filters.push(filter.to_owned()),
            }
        }
        Ok(read)
    }

    /// Whether the case called `name` is to be run.
    pub fn selects(&self, name: &str) -> bool {
        let matches = |part: &String| if self.exact { name == part } else { name.contains(part.as_str()) };
        !self.ignored
            && (self.filters.is_empty() || self.filters.iter().any(matches))
            && !self.skips.iter().any(matches)
    }
}
