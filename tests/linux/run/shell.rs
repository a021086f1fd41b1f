//! A guest for a person to look around in.

use std::process::ExitCode;

use anyhow::Context;

use super::VERSIONS;
use super::kernels::Shared;
use crate::host::guest::Guest;
use crate::host::image::Image;

/// Boots a guest with the kernel of `series`, mounts the server and runs a shell on this terminal.
pub fn run(series: &str, shared: anyhow::Result<Shared>) -> ExitCode {
    match shared.and_then(|shared| session(series, &shared)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("{trouble:#}");
            ExitCode::FAILURE
        }
    }
}

fn session(series: &str, shared: &Shared) -> anyhow::Result<()> {
    let kernel = shared.kernels.get(series).context("LOCKHOUSE_LINUX_SHELL names no kernel series")?;
    let kernel = kernel.as_ref().map_err(|trouble| anyhow::anyhow!("{trouble:#}"))?;
    let image = Image::pack(kernel, &shared.init)?;
    let guest = Guest::start(&image, "shell", &shared.logs, true)?.finish()?;
    for version in VERSIONS {
        guest.mount(
            &shared.server.source(),
            &format!("/mnt/v{version}"),
            &shared.server.options(version, ""),
        );
    }
    guest.shell();
    Ok(())
}
