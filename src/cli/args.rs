//! The arguments and their help. Each doc comment here is read by users.

#[cfg(feature = "bench")]
use super::bench_args::{BenchArgs, BenchChildArgs};
use crate::config::{self, Settings};
use crate::files::NameRule;
use crate::store::Delay;
use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;
use std::time::Duration;

/// An NFSv4 server whose product is the lock
#[derive(Debug, Parser)]
#[command(name = "lockhouse", version = crate::VERSION, max_term_width = 100, after_help = [EXAMPLES, BENCH_EXAMPLE].concat(), subcommand_required = true)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Serve(Box<ServeArgs>),
    CheckConfig(CheckConfigArgs),
    #[command(subcommand)]
    State(StateCommand),
    #[cfg(feature = "bench")]
    Bench(Box<BenchArgs>),
    #[cfg(feature = "bench")]
    #[command(hide = true)]
    BenchChild(BenchChildArgs),
}

const EXAMPLES: &str = "\
Examples:
  lockhouse serve /srv/files          Serve a directory to NFSv4 clients, on port 2049
  lockhouse serve --help              All options of the server, and how to mount from Linux
  lockhouse check-config FILE         Check a configuration file for mistakes
  lockhouse state show                Show what each client holds";

const BENCH_EXAMPLE: &str = if cfg!(feature = "bench") {
    "\n  lockhouse bench pairs               Measure how fast a server grants and releases locks"
} else {
    ""
};

const SERVE_EXAMPLES: &str = "\
Examples:
  Serve a directory on the NFS port (run as root, to serve the files of all users):
    lockhouse serve /srv/files

  Serve locks only, from an in-memory tree, as any user:
    lockhouse serve --memory --listen 127.0.0.1:12049

  Serve two directories, which clients see as /mail and /build:
    lockhouse serve --export mail=/srv/mail --export build=/srv/build

Mount from Linux, as root on the client; the default port is 2049:
    mount -t nfs4 HOST:/ /mnt
    mount -t nfs4 -o port=12049 HOST:/mail /var/mail

Logs go to stderr. The line `listening on ADDR:PORT` means that the server is ready. SIGTERM or
SIGINT stops it. SIGUSR1 and SIGUSR2 log the number of clients; SIGHUP is ignored.";

/// Serve directories, and the locks on their files, to NFSv4 clients
#[derive(Debug, Args)]
#[command(after_help = SERVE_EXAMPLES)]
pub(super) struct ServeArgs {
    /// Directory that clients see as the root
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,

    /// Also serve a directory under a name in the root; can be given several times
    #[arg(long, value_name = "NAME=DIR", value_parser = OsStringValueParser::new().try_map(parse_export))]
    pub export: Vec<(String, PathBuf)>,

    /// Serve an in-memory tree as the root, empty at the start and lost at the end
    #[arg(long)]
    pub memory: bool,

    /// Which file names to allow: `bytes` (any) or `utf8` [default: bytes; utf8 for an in-memory tree]
    #[arg(long, value_name = "RULE")]
    pub names: Option<NameRule>,

    /// Give root on a client root access to the files [default: root is mapped to nobody]
    #[arg(long)]
    pub no_root_squash: bool,

    /// Address and port to listen on; port 0 chooses a free one [default: 0.0.0.0:2049]
    #[arg(long, value_name = "ADDR:PORT", value_parser = config::parse_listen)]
    pub listen: Option<SocketAddr>,

    /// Directory where the server keeps its state; each server needs its own
    /// [default: /var/lib/lockhouse for root, else $XDG_STATE_HOME/lockhouse or ~/.local/state/lockhouse]
    #[arg(long, value_name = "DIR")]
    pub state: Option<PathBuf>,

    /// How long a client may be silent before it may lose its locks, 1 to 3600 [default: 90]
    #[arg(long, value_name = "SECONDS", value_parser = parse_lease)]
    pub lease_time: Option<u32>,

    /// How long clients may reclaim their locks after a cold restart, 0 to 3600 [default: the lease time]
    #[arg(long, value_name = "SECONDS", value_parser = parse_grace)]
    pub grace_time: Option<u32>,

    /// Whether to report a deadlock to processes that wait for each other's locks: on or off [default: on]
    #[arg(long, value_name = "SWITCH", value_parser = config::parse_switch)]
    pub deadlock_detection: Option<bool>,

    /// Do not store locks: clients lose them when the server ends
    #[arg(long)]
    pub ephemeral: bool,

    /// Identifies this boot of the machine; after a reboot, clients have to reclaim their locks
    /// [default: the contents of /proc/sys/kernel/random/boot_id]
    #[arg(long, value_name = "ID", value_parser = config::check_boot_id)]
    pub boot_id: Option<String>,

    /// For tests: commits take so many milliseconds and are reported in another order; `MS:N` lets the commit N fail
    #[arg(long, value_name = "MS[:N]", value_parser = parse_delay, hide = true)]
    pub store_delay: Option<Delay>,

    /// TOML file with the same settings, such as `lease-time = 30`; options override it
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// How much to log: off, error, warn, info, debug, trace, or TARGET=LEVEL,...
    /// [default: $LOCKHOUSE_LOG, else info]
    #[arg(long, value_name = "LEVEL", value_parser = crate::log::check)]
    pub log: Option<String>,
}

/// Check a configuration file and show the resulting settings
#[derive(Debug, Args)]
pub(super) struct CheckConfigArgs {
    /// TOML file as for `serve --config`
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// Inspect a state directory, even while a server uses it
#[derive(Debug, Subcommand)]
pub(super) enum StateCommand {
    /// Show how much each client holds, and whether the next start will be warm or cold
    Show(StateArgs),
    /// Read all records and report whether they are intact
    Check(StateArgs),
    /// Print every record as a line of JSON
    Export(StateArgs),
}

#[derive(Debug, Args)]
pub(super) struct StateArgs {
    /// The state directory [default: as for `serve`]
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,

    /// As for `serve`
    #[arg(long, value_name = "ID", value_parser = config::check_boot_id)]
    pub boot_id: Option<String>,
}

impl ServeArgs {
    /// Checks the options against each other. Errors: a name is given to two directories.
    pub fn check(&self) -> Result<(), String> {
        for (at, (name, dir)) in self.export.iter().enumerate() {
            if let Some((_, other)) = self.export[..at].iter().find(|(earlier, _)| earlier == name) {
                let (one, two) = (other.display(), dir.display());
                return Err(format!("--export {name} is given twice, for {one} and for {two}"));
            }
        }
        Ok(())
    }

    /// Returns the settings on the command line, and the file with further ones.
    pub fn into_settings(self) -> (Settings, Option<PathBuf>) {
        let settings = Settings {
            dir: self.dir,
            memory: self.memory.then_some(true),
            exports: self.export.into_iter().collect(),
            names: self.names,
            names_in: BTreeMap::new(),
            no_root_squash: self.no_root_squash.then_some(true),
            listen: self.listen,
            state: self.state,
            lease_seconds: self.lease_time,
            grace_seconds: self.grace_time,
            deadlock_detection: self.deadlock_detection,
            ephemeral: self.ephemeral.then_some(true),
            boot_id: self.boot_id,
            log: self.log,
        };
        (settings, self.config)
    }
}

fn parse_delay(text: &str) -> Result<Delay, String> {
    let number = |text: &str| text.parse::<u64>().map_err(|error| format!("{text:?}: {error}"));
    let (millis, fail_at) = match text.split_once(':') {
        Some((millis, at)) => (millis, Some(number(at)?)),
        None => (text, None),
    };
    Ok(Delay { latency: Duration::from_millis(number(millis)?), reorder: true, fail_at })
}

fn parse_export(text: OsString) -> Result<(String, PathBuf), String> {
    let bytes = text.as_bytes();
    let Some(at) = bytes.iter().position(|&byte| byte == b'=') else {
        return Err(format!("{text:?} is not NAME=DIR"));
    };
    let (name, dir) = (&bytes[..at], &bytes[at + 1..]);
    let name = std::str::from_utf8(name).map_err(|_| format!("the name in {text:?} is not UTF-8"))?;
    config::check_export_name(name)?;
    if dir.is_empty() {
        return Err(format!("{text:?} names no directory"));
    }
    Ok((name.to_owned(), OsString::from_vec(dir.to_vec()).into()))
}

fn parse_lease(text: &str) -> Result<u32, String> {
    parse_seconds(text).and_then(|seconds| config::check_seconds(seconds, config::LEASE_SECONDS))
}

fn parse_grace(text: &str) -> Result<u32, String> {
    parse_seconds(text).and_then(|seconds| config::check_seconds(seconds, config::GRACE_SECONDS))
}

fn parse_seconds(text: &str) -> Result<i64, String> {
    text.parse().map_err(|_| "not a whole number of seconds".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn exports() {
        let parse = |text: &str| parse_export(text.into());
        assert_eq!(parse("a=/b=c"), Ok(("a".into(), "/b=c".into())));
        for bad in ["a", "=/b", "a=", "a/b=/c", "..=/c"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
