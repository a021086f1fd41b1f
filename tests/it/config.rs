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
