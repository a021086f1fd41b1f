//! `lockhouse check-config`.

use super::args::CheckConfigArgs;
use super::failure::Failure;
use crate::config::{Config, Environment, Settings, Source};
use std::fmt::Write as _;
use std::io::Write as _;

/// Reads the file as `serve` would and shows every setting.
pub(super) fn run(args: &CheckConfigArgs) -> Result<(), Failure> {
    let settings = Settings::from_file(&args.file)?;
    let checked = settings.into_config(&Environment::of_process());
    let checked = checked.and_then(|config| config.check_directories().map(|()| config));
    let config = checked.map_err(|error| {
        let Failure { message, help } = error.into();
        Failure { message: format!("{}: {message}", args.file.display()), help }
    })?;
    let shown = show(&config).map_err(|error| Failure::new(error.to_string()))?;
    std::io::stdout()
        .write_all(shown.as_bytes())
        .map_err(|error| Failure::new(format!("cannot write: {error}")))
}

fn show(config: &Config) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    for export in &config.exports {
        match &export.source {
            Source::Directory(path) => {
                writeln!(text, "export      /{} from {}", export.name, path.display())?
            }
            Source::Memory => writeln!(text, "export      /{} from memory", export.name)?,
        }
    }
    writeln!(text, "listen      {}", config.listen)?;
    writeln!(text, "root squash {}", if config.root_squash { "yes" } else { "no" })?;
    writeln!(text, "state       {}", config.state_dir.display())?;
    writeln!(text, "lease time  {} s", config.lease_seconds)?;
    writeln!(text, "grace time  {} s", config.grace_seconds)?;
    writeln!(text, "deadlocks   {}", if config.deadlock_detection { "detected" } else { "not detected" })?;
    writeln!(text, "ephemeral   {}", if config.ephemeral { "yes" } else { "no" })?;
    if let Some(id) = &config.boot_id {
        writeln!(text, "boot id     {id}")?;
    }
    writeln!(text, "log         {}", config.log)?;
    Ok(text)
}
