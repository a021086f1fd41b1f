//! What a command answers, and how its arguments are read.

use std::fmt;
use std::io::{self, Write};
use std::str::{FromStr, SplitAsciiWhitespace};

/// The answer of one command: its text, or why it failed.
pub type Reply = Result<String, Trouble>;

/// Why a command failed. `errno` is 0 when no system call is to blame.
#[derive(Debug)]
pub struct Trouble {
    /// The error number of the system call.
    pub errno: i32,
    /// What was being done.
    pub text: String,
}

impl Trouble {
    /// Trouble that no system call reported.
    pub fn new(text: impl Into<String>) -> Self {
        Self { errno: 0, text: text.into() }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (errno {})", self.text, self.errno)
    }
}

impl From<nix::Error> for Trouble {
    fn from(errno: nix::Error) -> Self {
        Self { errno: errno as i32, text: errno.desc().into() }
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self { errno: error.raw_os_error().unwrap_or(0), text: error.to_string() }
    }
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        Self::new(format!("sqlite: {error}"))
    }
}

/// The words of a request that are not read yet.
pub struct Args<'a>(SplitAsciiWhitespace<'a>);

impl<'a> Args<'a> {
    /// Reads the words of `line`.
    pub fn new(line: &'a str) -> Self {
        Self(line.split_ascii_whitespace())
    }

    /// The next word.
    pub fn word(&mut self) -> Result<&'a str, Trouble> {
        self.0.next().ok_or_else(|| Trouble::new("an argument is missing"))
    }

    /// The next word, or `""` when there is none.
    pub fn optional(&mut self) -> &'a str {
        self.0.next().unwrap_or_default()
    }

    /// The next word as a number.
    pub fn number<N: FromStr>(&mut self) -> Result<N, Trouble> {
        let word = self.word()?;
        word.parse().map_err(|_| Trouble::new(format!("not a number in range: {word}")))
    }
}

/// Writes the reply of request `id` to the port in one write, which the kernel sends as one piece.
pub fn send(port: &mut impl Write, id: &str, reply: &Reply) -> io::Result<()> {
    let line = match reply {
        Ok(text) => format!("{id} ok {text}\n"),
        Err(trouble) => format!("{id} fail {} {}\n", trouble.errno, trouble.text.replace('\n', " ")),
    };
    port.write_all(line.as_bytes())
}
