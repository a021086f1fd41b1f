//! The configuration: settings from the command line and from a file, with defaults and checks.
//!
//! The keys of the file are the names of the options of `lockhouse serve`, and the command line overrides the file. An
//! unknown key is refused, so that a misspelt `grace-time` does not go unnoticed.
//!
//! - `file` reads a file into [`Settings`], `resolve` turns settings into a [`Config`]
//! - `values` checks single values, `places` compares directories

mod environment;
mod error;
mod export;
mod file;
mod places;
mod resolve;
mod settings;
mod values;

#[cfg(test)]
mod tests;

pub use environment::Environment;
pub use error::ConfigError;
pub use export::{Export, Source};
pub use resolve::Config;
pub use settings::Settings;
pub use values::{
    GRACE_SECONDS, LEASE_SECONDS, LEASE_SECONDS_DEFAULT, LISTEN_DEFAULT, NFS_PORT, check_boot_id,
    check_export_name, check_seconds, parse_listen, parse_switch,
};
