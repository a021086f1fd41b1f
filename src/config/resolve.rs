//! From settings to a configuration: defaults, and checks of the settings against each other.

use super::environment::Environment;
use super::error::ConfigError;
use super::export::{Export, Source};
use super::places::check_state_apart;
use super::settings::Settings;
use super::values::{LEASE_SECONDS_DEFAULT, LISTEN_DEFAULT};
use crate::files::NameRule;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Holds the complete, checked configuration of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Address and port to listen on; port 0 chooses a free one.
    pub listen: SocketAddr,
    /// The exports: at least one, with different names.
    pub exports: Vec<Export>,
    /// Whether root on clients is mapped to nobody.
    pub root_squash: bool,
    /// Where the server keeps its state; `None` if nothing has to be kept.
    pub state_dir: Option<PathBuf>,
    /// How long a client may be silent before it may lose its state, in seconds.
    pub lease_seconds: u32,
    /// For how long after a cold restart clients may reclaim their state, in seconds.
    pub grace_seconds: u32,
    /// Whether deadlocks are reported.
    pub deadlock_detection: bool,
    /// Whether lock state is lost when the server ends.
    pub ephemeral: bool,
    /// Identifies this boot of the machine; `None`: the identifier of the system is used.
    pub boot_id: Option<String>,
    /// How much is logged: a level, or directives as of `tracing`.
    pub log: String,
    /// Settings that are valid but probably a mistake, as texts for the user.
    pub warnings: Vec<String>,
}

impl Settings {
    /// Fills in the defaults and checks the settings against each other.
    ///
    /// Errors: `TwoRoots`, `NothingToServe`, `NoStateDir`.
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
        // A directory that was given explicitly is checked all the same: it may hold state that must not be ignored.
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

/// Returns warnings about settings that are valid but probably a mistake.
fn warnings(lease_seconds: u32, (grace, boot_id): (Option<u32>, bool), ephemeral: bool) -> Vec<String> {
    let mut warnings = Vec::new();
    if let Some(grace) = grace.filter(|grace| *grace < lease_seconds && !ephemeral) {
        warnings.push(format!(
                "grace-time ({grace} s) is shorter than lease-time ({lease_seconds} s): after a crash of the machine, \
                 clients that notice it late lose their locks"
            ));
    }
    let without_effect = [("grace-time", grace.is_some()), ("boot-id", boot_id)];
    for (key, _) in without_effect.into_iter().filter(|(_, given)| *given && ephemeral) {
        warnings.push(format!("{key} has no effect with ephemeral: nothing is kept after a restart"));
    }
    warnings
}

impl Config {
    /// Checks the exported directories. They must exist, and must not contain or be contained in the state directory, which
    /// clients must not reach. Returns all problems.
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
            Some(state_dir) => check_state_apart(&self.exports, state_dir),
        };
        self.exports.iter().filter_map(wrong).chain(apart.err()).collect()
    }
}
