//! Describes a server in the log when it starts.

use crate::config::{Config, NFS_PORT, Source};
use std::net::SocketAddr;

/// Logs what is served, from where, and how to mount it.
pub(super) fn tell(config: &Config, address: SocketAddr) {
    tracing::info!("lockhouse {}", crate::VERSION);
    lines(config, address, &host_name()).iter().for_each(|line| tracing::info!("{line}"));
}

fn lines(config: &Config, address: SocketAddr, host: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for export in &config.exports {
        let from = match &export.source {
            Source::Directory(path) => path.display().to_string(),
            Source::Memory => "memory, lost at the end".to_owned(),
        };
        let root = if config.root_squash {
            "root on clients is mapped to nobody"
        } else {
            "root on clients has root access"
        };
        lines.push(format!("serving /{} from {from}; {root}", export.name));
    }
    lines.push(match (&config.state_dir, config.ephemeral) {
        (None, _) => "state: none is kept after the server ends".to_owned(),
        (Some(path), true) => {
            format!("state: in {}, but locks are lost when the server ends", path.display())
        }
        (Some(path), false) => format!("state: in {}", path.display()),
    });
    let name = config.exports.first().map_or("", |export| &export.name);
    lines.push(format!("mount with: {}", mount_command(address, host, name)));
    lines
}

/// Returns the command with which a Linux machine mounts this.
fn mount_command(address: SocketAddr, host: &str, name: &str) -> String {
    let port = match address.port() {
        NFS_PORT => String::new(),
        port => format!(" -o port={port}"),
    };
    let host = match address {
        address if address.ip().is_unspecified() => host.to_owned(),
        SocketAddr::V4(address) => address.ip().to_string(),
        SocketAddr::V6(address) => format!("[{}]", address.ip()),
    };
    format!("mount -t nfs4{port} {host}:/{name} /mnt")
}

fn host_name() -> String {
    let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    if name.is_empty() { "localhost".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Environment, Settings};

    fn config(settings: Settings) -> Config {
        settings.into_config(&Environment { is_root: true, ..Environment::default() }).unwrap()
    }

    #[test]
    fn what_is_served_is_said() {
        let settings = Settings {
            exports: [("mail".to_owned(), "/srv/mail".into()), ("tmp".to_owned(), "/tmp".into())].into(),
            ..Settings::default()
        };
        let lines = lines(&config(settings), "0.0.0.0:2049".parse().unwrap(), "here");
        let want = [
            "serving /mail from /srv/mail; root on clients is mapped to nobody",
            "serving /tmp from /tmp; root on clients is mapped to nobody",
            "state: in /var/lib/lockhouse",
            "mount with: mount -t nfs4 here:/mail /mnt",
        ];
        assert_eq!(lines, want);
    }

    #[test]
    fn every_address_has_its_command() {
        let command = |address: &str| mount_command(address.parse().unwrap(), "here", "");
        assert_eq!(command("0.0.0.0:2049"), "mount -t nfs4 here:/ /mnt");
        assert_eq!(command("[::]:1"), "mount -t nfs4 -o port=1 here:/ /mnt");
        assert_eq!(command("127.0.0.1:12049"), "mount -t nfs4 -o port=12049 127.0.0.1:/ /mnt");
        assert_eq!(command("[::1]:2049"), "mount -t nfs4 [::1]:/ /mnt");
    }

    #[test]
    fn what_is_kept_is_said() {
        let state = |memory: bool, ephemeral: bool| {
            let dir = (!memory).then(|| "/d".into());
            let memory = memory.then_some(true);
            let settings = Settings { dir, memory, ephemeral: Some(ephemeral), ..Settings::default() };
            lines(&config(settings), "0.0.0.0:2049".parse().unwrap(), "here").swap_remove(1)
        };
        assert_eq!(state(true, true), "state: none is kept after the server ends");
        assert_eq!(state(true, false), "state: in /var/lib/lockhouse");
        assert!(state(false, true).contains("locks are lost"));
    }
}
