//! Configuration files: each `fixtures/config/NAME.toml` with what `check-config` says to it in `NAME.txt`.

use crate::golden;
use crate::process::{Server, transcript};
use rustix::process::Signal;
use std::path::Path;

#[test]
fn every_fixture() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/config");
    let names =
        std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter_map(|name| name.strip_suffix(".toml").map(str::to_owned)).collect();
    names.sort();
    assert!(names.len() >= 10, "only {names:?}");
    for name in names {
        let said = transcript(&["check-config", &format!("fixtures/config/{name}.toml")], None);
        golden::check(&format!("config/{name}.txt"), &said);
    }
}

/// The address and the state directory are looked at too. A server that runs with this very configuration is no mistake.
#[test]
fn what_the_machine_has_against_a_configuration_is_told() {
    let tmp = tempfile::tempdir().unwrap();
    let file = tmp.path().join("lockhouse.toml");
    let check = |text: &str| {
        std::fs::write(&file, text).unwrap();
        transcript(&["check-config", file.to_str().unwrap()], Some(tmp.path()))
    };
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = format!("memory = true\nlisten = \"{}\"\n", taken.local_addr().unwrap());
    let open = tmp.path().join("open");
    std::fs::create_dir(&open).unwrap();
    std::fs::set_permissions(&open, std::os::unix::fs::PermissionsExt::from_mode(0o777)).unwrap();
    let said = check(&format!("{listen}state = \"open\"\n"));
    assert!(said.contains("the port is in use") && said.contains("can be written by others"), "{said}");
    assert!(said.ends_with("[exit code 1]\n"), "{said}");
    drop(taken);
    let said = check(&format!("{listen}state = \"new/state\"\n"));
    assert!(said.ends_with("[exit code 0]\n"), "{said}");
    assert!(!tmp.path().join("new").exists(), "it only looks");
    let state = tmp.path().join("state");
    let server = Server::start(&["--memory", "--state", state.to_str().unwrap()]);
    let said = check(&format!("memory = true\nlisten = \"{}\"\nstate = \"state\"\n", server.address));
    assert!(said.contains("note: TMP/state is in use by another lockhouse (process "), "{said}");
    assert!(said.ends_with("[exit code 0]\n"), "{said}");
}

#[test]
fn a_server_obeys_its_file_and_the_command_line_wins() {
    let tmp = tempfile::tempdir().unwrap();
    let file = tmp.path().join("lockhouse.toml");
    std::fs::write(&file, "memory = true\nlisten = \"192.0.2.1:1\"\nstate = \"state\"\nlog = \"off\"\n")
        .unwrap();
    // The address is none of this machine, so it only starts because `--listen` wins.
    let server = Server::start(&["--config", file.to_str().unwrap()]);
    assert!(tmp.path().join("state/epoch").exists(), "relative to the file");
    assert_eq!(server.end(Signal::TERM).0.code(), Some(0));
}
