//! `lockhouse serve`.

use super::args::ServeArgs;
use super::banner;
use super::build::build_service;
use super::failure::Failure;
use crate::config::{Config, Environment, Settings};
use crate::host::{Signals, StateDir};
use crate::store::Delay;
use crate::transport::{self, Limits, Server};
use std::io::{self, Write};
use std::net::SocketAddr;
use std::time::Duration;

/// How long threads that are stuck in a file system may hold up the end.
const THREADS_PATIENCE: Duration = Duration::from_millis(100);

/// Serves until a signal ends it.
pub(super) fn run(args: ServeArgs) -> Result<(), Failure> {
    transport::set_up_memory();
    let delay = args.store_delay;
    let config = read_config(args)?;
    crate::log::init(&config.log);
    if let Some(failure) = Failure::all(config.check_directories().into_iter().map(Failure::from)) {
        return Err(failure);
    }
    config.warnings.iter().for_each(|warning| tracing::warn!("{warning}"));
    let runtime =
        transport::runtime().map_err(|error| Failure::new(format!("cannot start threads: {error}")))?;
    let served = runtime.block_on(serve(&config, delay));
    runtime.shutdown_timeout(THREADS_PATIENCE);
    served
}

/// Returns the configuration of command line, environment and file.
fn read_config(args: ServeArgs) -> Result<Config, Failure> {
    let (mut settings, file) = args.into_settings();
    if settings.log.is_none() {
        let variable = std::env::var(crate::log::VARIABLE).ok();
        let checked = variable.map(|directives| crate::log::check(&directives)).transpose();
        settings.log =
            checked.map_err(|wrong| Failure::new(format!("${}: {wrong}", crate::log::VARIABLE)))?;
    }
    if let Some(file) = file {
        let (of_file, mistakes) = Settings::from_file(&file);
        if let Some(failure) = Failure::all(mistakes.into_iter().map(Failure::from)) {
            return Err(failure);
        }
        settings = settings.or(of_file);
    }
    Ok(settings.into_config(&Environment::of_process())?)
}

async fn serve(config: &Config, delay: Option<Delay>) -> Result<(), Failure> {
    // Before all: none of them is to end a server that starts.
    let signals = Signals::hear().map_err(|error| Failure::new(format!("cannot handle signals: {error}")))?;
    raise_descriptors();
    // The address comes first: a second server started by mistake should not count up the epoch.
    let server = Server::bind(config.listen, Limits::default())
        .map_err(|error| cannot_listen(config.listen, &error))?;
    let state = config.state_dir.as_deref().map(StateDir::open).transpose()?;
    let service = build_service(config, state.as_ref(), delay)?;
    let address = server.local_addr().map_err(|error| cannot_listen(config.listen, &error))?;
    banner::tell(config, address);
    // Not an event: whoever waits for this line should find it whatever is logged, and nothing else on it.
    let _ = writeln!(io::stderr(), "listening on {address}");
    let described = service.clone();
    let served = server.run(service, signals.end(move || described.describe())).await;
    served.map_err(|error| Failure::new(format!("cannot start threads: {error}")))
}

/// Raises the limit of file descriptors: each connection and each open file takes one.
fn raise_descriptors() {
    let enough = Limits::DEFAULT.connections_max as u64;
    if let Some(most) = transport::raise_descriptors().filter(|most| *most <= enough) {
        tracing::warn!(
            "only {most} file descriptors for up to {enough} connections: raise the hard limit (ulimit -Hn, LimitNOFILE=)"
        );
    }
}

pub(super) fn cannot_listen(listen: SocketAddr, error: &io::Error) -> Failure {
    let (why, help) = match error.kind() {
        io::ErrorKind::AddrInUse => (
            "the port is in use".to_owned(),
            "another server may be running there; choose another port with --listen ADDR:PORT, or port 0 for any",
        ),
        io::ErrorKind::PermissionDenied => (
            "permission denied".to_owned(),
            "only root may use ports below 1024; choose another port with --listen ADDR:PORT",
        ),
        io::ErrorKind::AddrNotAvailable => (
            "this machine does not have that address".to_owned(),
            "use 0.0.0.0 for all addresses of the machine",
        ),
        _ => (error.to_string(), "choose another address with --listen ADDR:PORT"),
    };
    Failure { message: format!("cannot listen on {listen}: {why}"), help: Some(help.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_not_to_listen_is_explained() {
        let cases = [
            (io::ErrorKind::AddrInUse, "the port is in use", "port 0 for any"),
            (io::ErrorKind::PermissionDenied, "permission denied", "below 1024"),
            (io::ErrorKind::AddrNotAvailable, "does not have that address", "all addresses"),
            (io::ErrorKind::OutOfMemory, "out of memory", "--listen"),
        ];
        for (kind, why, help) in cases {
            let failure = cannot_listen(([192, 0, 2, 1], 111).into(), &kind.into());
            assert!(failure.message.starts_with("cannot listen on 192.0.2.1:111: "), "{failure:?}");
            assert!(failure.message.contains(why), "{failure:?}");
            assert!(failure.help.as_ref().is_some_and(|text| text.contains(help)), "{failure:?}");
        }
    }
}
