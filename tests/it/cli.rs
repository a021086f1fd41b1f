//! The command line as users meet it.

use crate::golden;
use crate::peer::{Peer, accepted, null};
use crate::process::{Server, transcript};
use rustix::process::Signal;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

#[test]
fn help() {
    golden::check("cli/help.txt", &transcript(&["--help"], None));
    golden::check("cli/serve-help.txt", &transcript(&["serve", "--help"], None));
    golden::check("cli/check-config-help.txt", &transcript(&["check-config", "--help"], None));
    golden::check("cli/bench-help.txt", &transcript(&["bench", "--help"], None));
}

#[test]
fn version() {
    let expected = format!("$ lockhouse --version\nlockhouse {}\n[exit code 0]\n", lockhouse::VERSION);
    assert_eq!(transcript(&["--version"], None), expected);
    // The commit, or that it is a debug build; nothing when it was built from an archive.
    let (version, told) = lockhouse::VERSION.split_once(" (").unwrap_or((lockhouse::VERSION, "x)"));
    assert_eq!(version, env!("CARGO_PKG_VERSION"));
    assert!(told.len() > 1 && told.ends_with(')'), "{told}");
}

#[test]
fn command_lines_that_make_no_sense() {
    let lines: [&[&str]; 17] = [
        &[],
        &["server"],
        &["serve", "--listn", "127.0.0.1:0", "--memory"],
        &["serve", "--memory", "--listen", "localhost:2049"],
        &["serve", "--memory", "--lease-time", "0"],
        &["serve", "--memory", "--grace-time", "soon"],
        &["serve", "--memory", "--log", "loud"],
        &["serve", "--export", "/srv/files"],
        &["serve", "--export", "a/b=/srv/files"],
        &["serve"],
        &["serve", "--memory", "/srv/files"],
        &["serve", "--export", "a=/srv/one", "--export", "b=/srv/two", "--export", "a=/srv/three"],
        &["serve", "--memory", "--lease-time", "9", "--lease-time", "8"],
        &["bench", "pairs", "--held", "10"],
        &["bench", "handover", "--depth", "4"],
        &["bench", "echo", "--target", "127.0.0.1:1/"],
        &["bench", "contend", "--owners", "5000"],
    ];
    let all: Vec<_> = lines.iter().map(|line| transcript(line, None)).collect();
    golden::check("cli/nonsense.txt", &all.join("\n"));
}

#[test]
fn directories_that_cannot_be_served() {
    let tmp = tempfile::tempdir().unwrap();
    let (missing, file) = (tmp.path().join("missing"), tmp.path().join("file"));
    std::fs::write(&file, "").unwrap();
    let all = [
        transcript(&["serve", text(&missing)], Some(tmp.path())),
        transcript(&["serve", text(&file)], Some(tmp.path())),
        transcript(&["serve", "--memory", "--config", text(&missing)], Some(tmp.path())),
    ];
    golden::check("cli/directories.txt", &all.join("\n"));
}

#[test]
fn state_directories_that_cannot_be_used() {
    let tmp = tempfile::tempdir().unwrap();
    let (open, file, damaged) =
        (tmp.path().join("open"), tmp.path().join("file"), tmp.path().join("damaged"));
    std::fs::create_dir(&open).unwrap();
    std::fs::set_permissions(&open, std::fs::Permissions::from_mode(0o777)).unwrap();
    std::fs::write(&file, "").unwrap();
    std::fs::create_dir(&damaged).unwrap();
    std::fs::set_permissions(&damaged, std::fs::Permissions::from_mode(0o700)).unwrap();
    std::fs::write(damaged.join("epoch"), "twelve\n").unwrap();
    let serve = |state: &Path| {
        transcript(
            &["serve", "--memory", "--listen", "127.0.0.1:0", "--log", "off", "--state", text(state)],
            Some(tmp.path()),
        )
    };
    golden::check("cli/state.txt", &[serve(&open), serve(&file), serve(&damaged)].join("\n"));
}

/// Clients must not read and change what the server keeps: also not where a user's state goes by default.
#[test]
fn state_directories_inside_an_export() {
    let tmp = tempfile::tempdir().unwrap();
    let (home, link) = (tmp.path().join("home"), tmp.path().join("link"));
    std::fs::create_dir(&home).unwrap();
    std::os::unix::fs::symlink(&home, &link).unwrap();
    let state = home.join(".local/state/lockhouse");
    for dir in [&home, &link] {
        let exported = format!("part={}", text(dir));
        for what in [&[text(dir)][..], &["--memory", "--export", &exported]] {
            let args = [&["serve", "--listen", "127.0.0.1:0", "--state", text(&state)], what].concat();
            let said = transcript(&args, Some(tmp.path()));
            assert!(said.contains("is inside the export") && said.contains("--state DIR"), "{said}");
        }
    }
    assert!(!state.exists(), "nothing is made there");
    let file = tmp.path().join("lockhouse.toml");
    std::fs::write(&file, "dir = \"home\"\nstate = \"link/state\"\n").unwrap();
    let said = transcript(&["check-config", text(&file)], Some(tmp.path()));
    assert!(said.contains("is inside the export"), "{said}");
}

#[test]
fn a_port_in_use() {
    let tmp = tempfile::tempdir().unwrap();
    let holder = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = holder.local_addr().unwrap().to_string();
    let state = tmp.path().join("state");
    let said =
        transcript(&["serve", "--memory", "--listen", &address, "--state", text(&state)], Some(tmp.path()));
    golden::check("cli/port-in-use.txt", &said.replace(&address, "127.0.0.1:PORT"));
    assert!(!state.exists(), "the state is not touched");
}

#[test]
fn a_server_starts_answers_and_ends_on_a_signal() {
    for signal in [Signal::TERM, Signal::INT] {
        let tmp = tempfile::tempdir().unwrap();
        let state = tmp.path().join("state");
        let server = Server::start(&["--memory", "--state", text(&state), "--log", "off"]);
        assert_eq!(Peer::connect(server.address).call(&null(1)), accepted(1, 0, &[]));
        let (status, said) = server.end(signal);
        assert_eq!((status.code(), said.as_str()), (Some(0), ""));
    }
}

#[test]
fn a_server_says_what_it_serves_and_how_to_mount_it() {
    let tmp = tempfile::tempdir().unwrap();
    let (state, mail) = (tmp.path().join("state"), tmp.path().join("mail"));
    std::fs::create_dir(&mail).unwrap();
    let export = format!("mail={}", text(&mail));
    let args = ["--memory", "--export", &export, "--state", text(&state), "--grace-time", "1"];
    let server = Server::start(&args);
    let port = server.address.port();
    for part in [
        lockhouse::VERSION,
        "serving / from memory",
        &format!("serving /mail from {}", text(&mail)),
        "nobody",
        text(&state),
        &format!("mount -t nfs4 -o port={port} 127.0.0.1:/ /mnt"),
        "grace-time (1 s) is shorter than lease-time (90 s)",
    ] {
        assert!(server.said.contains(part), "{part:?} is not in\n{}", server.said);
    }
}

#[test]
fn signals_that_mean_other_things_do_not_end_a_server() {
    let tmp = tempfile::tempdir().unwrap();
    let state = tmp.path().join("state");
    let server = Server::start(&["--memory", "--state", text(&state)]);
    let mut peer = Peer::connect(server.address);
    for (xid, signal) in (1..).zip([Signal::HUP, Signal::USR1, Signal::USR2, Signal::XFSZ, Signal::PIPE]) {
        server.signal(signal);
        assert_eq!(peer.call(&null(xid)), accepted(xid, 0, &[]));
    }
    // What is said comes after the signal, in its own time; signals that are pending together are taken in any order.
    let mut server = server;
    server.wait_for_lines(&[
        "got SIGHUP: the configuration is read at the start only",
        "got SIGUSR1: 0 clients",
        "got SIGUSR2",
    ]);
    assert_eq!(server.end(Signal::TERM).0.code(), Some(0));
}

#[test]
fn a_server_has_as_many_descriptors_as_it_may() {
    let tmp = tempfile::tempdir().unwrap();
    let server = Server::start(&["--memory", "--state", text(&tmp.path().join("state"))]);
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", server.pid())).unwrap();
    let line = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
    let numbers: Vec<_> = line["Max open files".len()..].split_whitespace().take(2).collect();
    assert_eq!(numbers[0], numbers[1], "soft and hard");
}

#[test]
fn a_server_that_keeps_nothing_needs_no_place_for_it() {
    let server =
        Server::start_with(&["--memory", "--ephemeral"], &[("HOME", None), ("XDG_STATE_HOME", None)]);
    assert_eq!(Peer::connect(server.address).call(&null(1)), accepted(1, 0, &[]));
    assert!(server.said.contains("none is kept"), "{}", server.said);
    let fds = std::fs::read_dir(format!("/proc/{}/fd", server.pid())).unwrap();
    let files: Vec<_> = fds.filter_map(|fd| std::fs::read_link(fd.unwrap().path()).ok()).collect();
    assert!(!files.iter().any(|file| file.ends_with("lock")), "{files:?}");
    assert_eq!(server.end(Signal::TERM).0.code(), Some(0));
}

#[test]
fn a_second_server_on_the_same_state_is_refused() {
    let tmp = tempfile::tempdir().unwrap();
    let state = tmp.path().join("state");
    let first = Server::start(&["--memory", "--state", text(&state)]);
    let pid = std::fs::read_to_string(state.join("lock")).unwrap();
    let args = ["serve", "--memory", "--listen", "127.0.0.1:0", "--state", text(&state)];
    let said = transcript(&args, Some(tmp.path()));
    golden::check("cli/state-in-use.txt", &said.replace(pid.trim_end(), "PID"));
    let (status, _) = first.end(Signal::KILL);
    assert_eq!(status.code(), None, "it was killed");
    // Whoever is killed does not stand in the way, and epochs grow.
    let epoch = || std::fs::read_to_string(state.join("epoch")).unwrap().trim_end().parse::<u32>().unwrap();
    let before = epoch();
    drop(Server::start(&["--memory", "--state", text(&state)]));
    assert!(epoch() > before);
}
