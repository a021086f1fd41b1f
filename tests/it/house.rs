//! The rules of the house that a machine can check: who may know whom, and what the pure rooms must not touch.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Which rooms a room may name, as in the table of docs/ARCHITECTURE.md.
const EDGES: &[(&str, &[&str])] = &[
    ("nfs4", &[]),
    ("xdr", &["nfs4"]),
    ("rpc", &["nfs4", "compound"]),
    ("ranges", &["nfs4"]),
    ("state", &["nfs4", "ranges"]),
    ("files", &["nfs4"]),
    ("store", &[]),
    ("compound", &["nfs4", "xdr", "ops"]),
    ("ops", &["nfs4", "xdr", "state", "files"]),
    ("transport", &["nfs4", "rpc"]),
    ("host", &["compound", "nfs4", "xdr", "state", "store", "files", "rpc", "transport"]),
    ("client", &["nfs4", "xdr"]),
    ("bench", &["client", "nfs4", "xdr"]),
    ("config", &["files", "log", "nfs4"]),
    ("log", &[]),
];

/// What a room without I/O must not name.
const IMPURE: &[&str] = &[
    "std::fs",
    "std::net",
    "std::thread",
    "std::io",
    "Instant",
    "SystemTime",
    "getrandom",
    "tokio",
    "rustix",
    "libc",
];

/// The rooms that the word above is for.
const PURE: &[&str] = &["nfs4", "ranges", "state"];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// All files of a room.
fn files_of(room: &str) -> Vec<PathBuf> {
    let single = source().join(format!("{room}.rs"));
    let mut found: Vec<_> = single.is_file().then_some(single).into_iter().collect();
    let mut open = vec![source().join(room)];
    while let Some(dir) = open.pop() {
        let Ok(entries) = fs::read_dir(dir) else { continue };
        for path in entries.map(|entry| entry.unwrap().path()) {
            match path.is_dir() {
                true => open.push(path),
                false if path.extension().is_some_and(|ending| ending == "rs") => found.push(path),
                false => {}
            }
        }
    }
    found
}

/// The code of a file without comments and without its unit tests.
fn code_of(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn is_test(path: &Path) -> bool {
    let name = path.to_string_lossy();
    name.contains("/tests/") || name.ends_with("tests.rs")
}

#[test]
fn rooms_know_only_whom_the_map_says() {
    let rooms: BTreeSet<_> = EDGES.iter().map(|(room, _)| *room).chain(["cli"]).collect();
    for (room, allowed) in EDGES {
        for path in files_of(room).into_iter().filter(|path| !is_test(path)) {
            for (at, _) in code_of(&path).match_indices("crate::") {
                let code = code_of(&path);
                let named: String =
                    code[at + 7..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let fine =
                    named == *room || allowed.contains(&named.as_str()) || !rooms.contains(named.as_str());
                assert!(fine, "{}: {room} must not know {named}", path.display());
            }
        }
    }
}

#[test]
fn every_room_is_on_the_map() {
    for entry in fs::read_dir(source()).unwrap() {
        let path = entry.unwrap().path();
        let room = path.file_stem().unwrap().to_string_lossy().into_owned();
        let known = EDGES.iter().any(|(name, _)| *name == room);
        assert!(known || ["lib", "main", "cli"].contains(&room.as_str()), "{room} is not on the map");
    }
}

#[test]
fn pure_rooms_touch_no_clock_file_socket_or_randomness() {
    for room in PURE {
        for path in files_of(room).into_iter().filter(|path| !is_test(path)) {
            let code = code_of(&path);
            for word in IMPURE {
                assert!(!code.contains(word), "{}: {word}", path.display());
            }
        }
    }
}

#[test]
fn every_operation_cites_its_section() {
    for path in files_of("ops").into_iter().filter(|path| path.parent().unwrap().ends_with("ops")) {
        let text = fs::read_to_string(&path).unwrap();
        if ![
            "mod.rs",
            "arguments.rs",
            "context.rs",
            "core_guard.rs",
            "data.rs",
            "foresee.rs",
            "nfs.rs",
            "place.rs",
        ]
        .iter()
        .any(|name| path.ends_with(name))
        {
            let first = text.lines().next().unwrap();
            let sections =
                ["RFC 7530 §16.", "RFC 8881 §18.", "RFC 8881 §20.", "RFC 7862 §15", "RFC 8276 §8.4."];
            let cited = first.starts_with("//! ") && sections.iter().any(|section| first.contains(section));
            assert!(cited, "{}: the first line names the operation and its section", path.display());
            assert!(text.contains("//! Statuses:"), "{}: the head lists the statuses", path.display());
        }
    }
}

#[test]
fn protocol_page_has_a_row_with_a_test_for_every_operation() {
    let page = fs::read_to_string(source().join("../docs/PROTOCOL.md")).unwrap();
    for op in lockhouse::ops::all() {
        let row = page.lines().find(|line| line.starts_with(&format!("| {} |", op.name)));
        let row = row.unwrap_or_else(|| panic!("docs/PROTOCOL.md has no row for {}", op.name));
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        assert!(cells.len() >= 6 && cells[3..5].iter().all(|cell| !cell.is_empty()), "{row}");
        for file in [cells[3], cells[4]].iter().flat_map(|cell| cell.split(", ")) {
            let file = file.trim_matches('`');
            assert!(source().join("..").join(file).exists(), "{}: {file} is not there", op.name);
        }
    }
}
