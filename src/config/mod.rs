//! Configuration: what the user said on the command line and in a file, and what comes of both.
//!
//! The keys of the file are the names of the options of `lockhouse serve`, and the command line wins over the file. A
//! key that is not known is refused: a misspelt `grace-time` must not go unnoticed.

mod error;
mod file;
mod places;

pub use error::ConfigError;

use crate::files::NameRule;
use crate::nfs4::{check_component, check_utf8};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

/// The port that IANA has given to NFS.
pub const NFS_PORT: u16 = 2049;
/// Where the server listens when nobody says otherwise.
pub const LISTEN_DEFAULT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::UNSPECIFIED), NFS_PORT);
/// Lease time in seconds when nobody says otherwise.
pub const LEASE_SECONDS_DEFAULT: u32 = 90;
/// Lease times that make sense, in seconds.
pub const LEASE_SECONDS: RangeInclusive<u32> = 1..=3600;
/// Longest boot ID, in bytes.
const BOOT_ID_BYTES_MAX: usize = 64;
/// Grace times that make sense, in seconds.
pub const GRACE_SECONDS: RangeInclusive<u32> = 0..=3600;

/// Everything that the server has to be told, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Address and port to listen on; port 0 picks a free one.
    pub listen: SocketAddr,
    /// What is exported, at least one, with different names.
    pub exports: Vec<Export>,
    /// Whether requests of root are carried out as nobody.
    pub root_squash: bool,
    /// Where the server keeps what must outlive it; `None` when nothing does.
    pub state_dir: Option<PathBuf>,
    /// How long a client may be silent before it loses its state, in seconds.
    pub lease_seconds: u32,
    /// For how long after a restart clients may reclaim their state, in seconds.
    pub grace_seconds: u32,
    /// Whether owners that wait for each other are told so.
    pub deadlock_detection: bool,
    /// Whether nothing is to be known after the end.
    pub ephemeral: bool,
    /// What tells this boot of the machine from others; `None`: the system says.
    pub boot_id: Option<String>,
    /// How much is logged: a level, or directives as of `tracing`.
    pub log: String,
    /// What is allowed and hardly meant.
    pub warnings: Vec<String>,
}

/// A tree that clients see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// Its name in the root that clients see; empty for the one that is the root itself.
    pub name: String,
    /// Where its files are.
    pub source: Source,
    /// What may be the name of an entry.
    pub names: NameRule,
}

/// Where the files of an export are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// In a directory.
    Directory(PathBuf),
    /// In memory, gone when the server ends.
    Memory,
}

/// What the user said in one place; `None` where nothing was said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The directory that is the root.
    pub dir: Option<PathBuf>,
    /// Whether the root is a tree in memory.
    pub memory: Option<bool>,
    /// Directories by their names in the root.
    pub exports: BTreeMap<String, PathBuf>,
    /// What may be the name of an entry, where an export does not say otherwise.
    pub names: Option<NameRule>,
    /// What may be the name of an entry of these exports.
    pub names_in: BTreeMap<String, NameRule>,
    /// Whether root stays root.
    pub no_root_squash: Option<bool>,
    /// Address and port.
    pub listen: Option<SocketAddr>,
    /// State directory.
    pub state: Option<PathBuf>,
    /// Lease time in seconds.
    pub lease_seconds: Option<u32>,
    /// Grace time in seconds.
    pub grace_seconds: Option<u32>,
    /// Whether owners that wait for each other are told so.
    pub deadlock_detection: Option<bool>,
    /// Whether no state is kept after the server ends.
    pub ephemeral: Option<bool>,
    /// What tells this boot of the machine from others.
    pub boot_id: Option<String>,
    /// How much is logged.
    pub log: Option<String>,
}

/// What the defaults depend on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// Whether the process runs as root.
    pub is_root: bool,
    /// `$XDG_STATE_HOME`.
    pub xdg_state_home: Option<OsString>,
    /// `$HOME`.
    pub home: Option<OsString>,
}

impl Environment {
    /// The environment of this process.
    pub fn of_process() -> Self {
        Self {
            is_root: rustix::process::geteuid().is_root(),
            xdg_state_home: std::env::var_os("XDG_STATE_HOME"),
            home: std::env::var_os("HOME"),
        }
    }

    /// Where the state goes by default: the system's place for root, else the user's (XDG base directories).
    pub fn state_dir(&self) -> Option<PathBuf> {
        // A relative or empty path there is to be ignored, says the XDG specification.
        let absolute =
            |value: &Option<OsString>| value.as_ref().map(PathBuf::from).filter(|path| path.is_absolute());
        let base = match self.is_root {
            true => Some(PathBuf::from("/var/lib")),
            false => absolute(&self.xdg_state_home)
                .or_else(|| absolute(&self.home).map(|home| home.join(".local/state"))),
        };
        base.map(|base| base.join("lockhouse"))
    }
}

impl Settings {
    /// Reads a configuration file: all settings that can be made out, and all mistakes. Relative paths in it are relative to
    /// where it is.
    pub fn from_file(path: &Path) -> (Self, Vec<ConfigError>) {
        match std::fs::read_to_string(path) {
            Ok(text) => file::parse(path, &text),
            Err(error) => (Self::default(), vec![ConfigError::Unreadable { path: path.to_owned(), error }]),
        }
    }

    /// These settings, and where they say nothing, `other`. What the root is counts as one setting, so that a directory
    /// on the command line replaces a tree in memory of the file.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        let (dir, memory) = match (&self.dir, self.memory) {
            (None, None) => (other.dir, other.memory),
            _ => (self.dir, self.memory),
        };
        let mut exports = other.exports;
        exports.extend(self.exports);
        let mut names_in = other.names_in;
        names_in.extend(self.names_in);
        Self {
            dir,
            memory,
            exports,
            names: self.names.or(other.names),
            names_in,
            no_root_squash: self.no_root_squash.or(other.no_root_squash),
            listen: self.listen.or(other.listen),
            state: self.state.or(other.state),
            lease_seconds: self.lease_seconds.or(other.lease_seconds),
            grace_seconds: self.grace_seconds.or(other.grace_seconds),
            deadlock_detection: self.deadlock_detection.or(other.deadlock_detection),
            ephemeral: self.ephemeral.or(other.ephemeral),
            boot_id: self.boot_id.or(other.boot_id),
            log: self.log.or(other.log),
        }
    }

    /// Fills in the defaults and checks that it fits together.
    pub fn into_config(self, environment: &Environment) -> Result<Config, ConfigError> {
        let root = match (self.dir, self.memory.unwrap_or(false)) {
            (Some(_), true) => return Err(ConfigError::TwoRoots),
            (Some(dir), false) => Some(Source::Directory(dir)),
            (None, true) => Some(Source::Memory),
            (None, false) => None,
        };
        let root = root.map(|source| (String::new(), source));
        let grafted = self.exports.into_iter().map(|(name, dir)| (name, Source::Directory(dir)));
        let (names, names_in) = (self.names, self.names_in);
        let export = |(name, source): (String, Source)| {
            let usual = if source == Source::Memory { NameRule::Utf8 } else { NameRule::Bytes };
            let names = names_in.get(&name).copied().or(names).unwrap_or(usual);
            Export { name, source, names }
        };
        let exports: Vec<_> = root.into_iter().chain(grafted).map(export).collect();
        if exports.is_empty() {
            return Err(ConfigError::NothingToServe);
        }
        let lease_seconds = self.lease_seconds.unwrap_or(LEASE_SECONDS_DEFAULT);
        let ephemeral = self.ephemeral.unwrap_or(false);
        let warned = (self.grace_seconds, self.boot_id.is_some());
        let warnings = warnings(lease_seconds, warned, ephemeral);
        // Whoever names a directory all the same has it looked at: it may hold state that must not be passed over.
        let nothing_kept = ephemeral && exports.iter().all(|export| export.source == Source::Memory);
        let state_dir = match self.state {
            None if nothing_kept => None,
            named => Some(named.or_else(|| environment.state_dir()).ok_or(ConfigError::NoStateDir)?),
        };
        Ok(Config {
            listen: self.listen.unwrap_or(LISTEN_DEFAULT),
            exports,
            root_squash: !self.no_root_squash.unwrap_or(false),
            state_dir,
            lease_seconds,
            grace_seconds: self.grace_seconds.unwrap_or(lease_seconds),
            deadlock_detection: self.deadlock_detection.unwrap_or(true),
            ephemeral,
            boot_id: self.boot_id,
            log: self.log.unwrap_or_else(|| crate::log::DEFAULT.into()),
            warnings,
        })
    }
}

/// What was said and will hardly do what was meant.
fn warnings(lease_seconds: u32, (grace, boot_id): (Option<u32>, bool), ephemeral: bool) -> Vec<String> {
    let mut warnings = Vec::new();
    if let Some(grace) = grace.filter(|grace| *grace < lease_seconds && !ephemeral) {
        warnings.push(format!(
                "grace-time ({grace} s) is shorter than lease-time ({lease_seconds} s): after a crash of the machine, \
                 clients that notice too late lose their locks"
            ));
    }
    let in_vain = [("grace-time", grace.is_some()), ("boot-id", boot_id)];
    for (key, _) in in_vain.into_iter().filter(|(_, given)| *given && ephemeral) {
        warnings.push(format!("{key} has no effect with ephemeral: nothing is kept after a restart"));
    }
    warnings
}

impl Config {
    /// Which of the directories that are exported cannot be, and why: they must be there, and must not be the server's own
    /// state, at which clients must not get.
    pub fn check_directories(&self) -> Vec<ConfigError> {
        let wrong = |export: &Export| {
            let Source::Directory(path) = &export.source else { return None };
            match std::fs::metadata(path) {
                Ok(metadata) if metadata.is_dir() => None,
                Ok(_) => Some(ConfigError::NotADirectory(path.clone())),
                Err(error) => Some(ConfigError::NoDirectory { path: path.clone(), error }),
            }
        };
        let apart = match &self.state_dir {
            None => Ok(()),
            Some(state_dir) => places::check_state_apart(&self.exports, state_dir),
        };
        self.exports.iter().filter_map(wrong).chain(apart.err()).collect()
    }
}

/// Checks the name of an export; the error says what is wrong with it.
pub fn check_export_name(name: &str) -> Result<(), String> {
    match check_component(name.as_bytes()).and_then(check_utf8) {
        Ok(_) => Ok(()),
        Err(_) => {
            Err(format!("{name:?} cannot be the name of an export: it must be a file name without a slash"))
        }
    }
}

/// Checks a boot id; the error says what is wrong with it.
pub fn check_boot_id(text: &str) -> Result<String, String> {
    let fine =
        (1..=BOOT_ID_BYTES_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    let wrong = || format!("{text:?} is not 1 to {BOOT_ID_BYTES_MAX} printable characters without spaces");
    fine.then(|| text.to_owned()).ok_or_else(wrong)
}

/// Reads `on` or `off`; the error says what is wrong with it.
pub fn parse_switch(text: &str) -> Result<bool, String> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err(format!("{text:?} is neither \"on\" nor \"off\"")),
    }
}

/// Reads `ADDR:PORT`; the error says what is wrong with it.
pub fn parse_listen(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| format!("{text:?} is not ADDR:PORT such as 0.0.0.0:2049 or [::1]:2049"))
}

/// Checks a number of seconds; the error says what is wrong with it.
pub fn check_seconds(seconds: i64, allowed: RangeInclusive<u32>) -> Result<u32, String> {
    let fits = u32::try_from(seconds).ok().filter(|seconds| allowed.contains(seconds));
    fits.ok_or_else(|| format!("{seconds} is not between {} and {} seconds", allowed.start(), allowed.end()))
}

#[cfg(test)]
mod tests;
