//! The arguments and their help. Each doc comment here is read by users.

use super::bench_args::{BenchArgs, BenchChildArgs};
use crate::config::{self, Settings};
use crate::files::NameRule;
use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;

/// An NFSv4 server whose product is the lock.
#[derive(Debug, Parser)]
#[command(name = "lockhouse", version = crate::VERSION, max_term_width = 100, after_help = EXAMPLES, subcommand_required = true)]
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
    Bench(Box<BenchArgs>),
    #[command(hide = true)]
    BenchChild(BenchChildArgs),
}

const EXAMPLES: &str = "\
Examples:
  lockhouse serve /srv/files          Serve a directory to NFSv4 clients, on port 2049
  lockhouse serve --help              All about serving, and how to mount from Linux
  lockhouse check-config FILE         Look for mistakes in a configuration file
  lockhouse state show                Who holds how much, from the state directory
  lockhouse bench pairs               How fast locks are taken and given back, here or elsewhere";

const SERVE_EXAMPLES: &str = "\
Examples:
  Serve a directory on the port of NFS, which takes root to serve the files of all users:
    lockhouse serve /srv/files

  Serve locks only, from a tree in memory, as any user:
    lockhouse serve --memory --listen 127.0.0.1:12049

  Serve two directories, seen by clients as /mail and /build:
    lockhouse serve --export mail=/srv/mail --export build=/srv/build

Mount from Linux, as root there; without a port it is 2049:
    mount -t nfs4 HOST:/ /mnt
    mount -t nfs4 -o port=12049 HOST:/mail /var/mail

Logs go to stderr. The line `listening on ADDR:PORT` says that clients can come; SIGTERM or SIGINT
ends the server. SIGHUP, SIGUSR1 and SIGUSR2 only make it say something in the log.";

/// Serve directories, and the locks on their files, to NFSv4 clients
#[derive(Debug, Args)]
#[command(after_help = SERVE_EXAMPLES)]
pub(super) struct ServeArgs {
    /// Directory that clients see as the root
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,

    /// Also serve a directory under a name in the root; can be given many times
    #[arg(long, value_name = "NAME=DIR", value_parser = OsStringValueParser::new().try_map(parse_export))]
    pub export: Vec<(String, PathBuf)>,

    /// Make the root a tree in memory, empty at the start and gone at the end
    #[arg(long)]
    pub memory: bool,

    /// What names of files may be: `bytes`, or only `utf8` [default: bytes, utf8 for a tree in memory]
    #[arg(long, value_name = "RULE")]
    pub names: Option<NameRule>,

    /// Let root of the clients be root on the files [default: root becomes nobody]
    #[arg(long)]
    pub no_root_squash: bool,

    /// Address and port to listen on; port 0 picks a free one [default: 0.0.0.0:2049]
    #[arg(long, value_name = "ADDR:PORT", value_parser = config::parse_listen)]
    pub listen: Option<SocketAddr>,

    /// Directory for what must outlive the server, one for each server
    /// [default: /var/lib/lockhouse for root, else $XDG_STATE_HOME/lockhouse or ~/.local/state/lockhouse]
    #[arg(long, value_name = "DIR")]
    pub state: Option<PathBuf>,

    /// How long a client may be silent before its locks are lost, 1 to 3600 [default: 90]
    #[arg(long, value_name = "SECONDS", value_parser = parse_lease)]
    pub lease_time: Option<u32>,

    /// How long clients may reclaim their locks after a restart, 0 to 3600 [default: the lease time]
    #[arg(long, value_name = "SECONDS", value_parser = parse_grace)]
    pub grace_time: Option<u32>,

    /// Whether `fcntl` reports a deadlock to processes that wait for each other's locks: on or off [default: on]
    #[arg(long, value_name = "SWITCH", value_parser = config::parse_switch)]
    pub deadlock_detection: Option<bool>,

    /// Keep nothing over the end of the server: clients lose their locks with it
    #[arg(long)]
    pub ephemeral: bool,

    /// What tells this boot of the machine from others: after another one, clients have to reclaim
    /// [default: what /proc/sys/kernel/random/boot_id says]
    #[arg(long, value_name = "ID", value_parser = config::check_boot_id)]
    pub boot_id: Option<String>,

    /// TOML file with the same settings, such as `lease-time = 30`; options given here win
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// How much to log: off, error, warn, info, debug, trace, or TARGET=LEVEL,...
    /// [default: $LOCKHOUSE_LOG, else info]
    #[arg(long, value_name = "LEVEL", value_parser = crate::log::check)]
    pub log: Option<String>,
}

/// Check a configuration file and show what a server would make of it
#[derive(Debug, Args)]
pub(super) struct CheckConfigArgs {
    /// TOML file as for `serve --config`
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// Look into a state directory, also while a server uses it
#[derive(Debug, Subcommand)]
pub(super) enum StateCommand {
    /// Print which clients hold how much, and how the next start will be
    Show(StateArgs),
    /// Read everything and say whether it is sound
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
    /// Says what is wrong with the options together: a name that is given to two directories.
    pub fn check(&self) -> Result<(), String> {
        for (at, (name, dir)) in self.export.iter().enumerate() {
            if let Some((_, other)) = self.export[..at].iter().find(|(earlier, _)| earlier == name) {
                let (one, two) = (other.display(), dir.display());
                return Err(format!("--export {name} is given twice, for {one} and for {two}"));
            }
        }
        Ok(())
    }

    /// The settings on the command line, and the file with further ones.
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

fn parse_export(text: OsString) -> Result<(String, PathBuf), String> {
    let octets = text.as_bytes();
    let Some(at) = octets.iter().position(|&octet| octet == b'=') else {
        return Err(format!("{text:?} is not NAME=DIR"));
    };
    let (name, dir) = (&octets[..at], &octets[at + 1..]);
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
