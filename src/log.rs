//! Logging: `tracing` events as lines on stderr.

use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

/// How much is logged when nobody says otherwise.
pub const DEFAULT: &str = "info";

/// The variable of the environment that says how much is logged when the command line does not.
pub const VARIABLE: &str = "LOCKHOUSE_LOG";

/// Checks a level or directives such as `info,lockhouse::rpc=debug` and gives them back; the error says what is wrong.
pub fn check(directives: &str) -> Result<String, String> {
    let wrong = |_| {
        format!("{directives:?} is no level (off, error, warn, info, debug, trace) or list of TARGET=LEVEL")
    };
    // A single word that is no level would be taken for the name of a target, and nothing for `error`.
    if !directives.contains(['=', ',']) {
        let level = if directives.is_empty() { "(nothing)" } else { directives };
        level.parse::<LevelFilter>().map_err(|error| wrong(error.to_string()))?;
    }
    directives.parse::<EnvFilter>().map_err(|error| wrong(error.to_string()))?;
    Ok(directives.to_owned())
}

/// Starts logging by checked directives. A panic becomes an event, too. Does nothing when it was called before.
pub fn init(directives: &str) {
    let filter = EnvFilter::try_new(directives).unwrap_or_else(|_| EnvFilter::new(DEFAULT));
    let started = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .try_init();
    if started.is_ok() {
        std::panic::set_hook(Box::new(|panic| {
            let backtrace = std::backtrace::Backtrace::capture();
            tracing::error!(%backtrace, "{panic}");
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn levels_and_directives() {
        for good in ["off", "error", "warn", "info", "debug", "trace", "INFO", "warn,lockhouse::rpc=trace"] {
            assert_eq!(check(good), Ok(good.to_owned()));
        }
        for bad in ["loud", "", "info,lockhouse=loud", "="] {
            let error = check(bad).unwrap_err();
            assert!(error.starts_with(&format!("{bad:?} is no level")), "{error}");
        }
    }
}
