//! The rules of the house that a machine can check: who may know whom, what the pure rooms must not touch, circles, sizes.

mod docs;
mod map;
mod names;
mod refused;
mod rules;
mod source;

use map::{CIRCLES_ALLOWED, FILE_LINES_MAX, FUNCTION_LINES_MAX, IMPURE_ALLOWED, LONG_FILES, LONG_FUNCTIONS};
use rules::House;
use source::directory;
use std::collections::BTreeSet;
use std::fs;

/// Fails unless `found` and `allowed` are the same: a new exception is refused, and one that is not needed is to be removed.
fn assert_only<'a>(
    what: &str,
    found: impl IntoIterator<Item = String>,
    allowed: impl IntoIterator<Item = &'a str>,
) {
    let found: BTreeSet<_> = found.into_iter().collect();
    let allowed: BTreeSet<_> = allowed.into_iter().map(str::to_owned).collect();
    let new: Vec<_> = found.difference(&allowed).collect();
    assert!(new.is_empty(), "{what}: {new:#?}");
    let gone: Vec<_> = allowed.difference(&found).collect();
    assert!(gone.is_empty(), "{what}, no longer; to be removed from tests/it/house/map.rs: {gone:#?}");
}

#[test]
fn rooms_know_only_whom_the_map_says() {
    assert_only("edges that are not on the map", House::library().unknown_edges(), []);
}

#[test]
fn pure_rooms_touch_no_clock_file_socket_or_randomness() {
    let room_of = |file: &str| file.split(['/', '.']).next().unwrap_or_default().to_owned();
    let found = House::library().impurities();
    println!("{found:#?}");
    let found = found.into_iter().map(|(file, path)| format!("{}: {path}", room_of(&file)));
    let allowed: Vec<_> = IMPURE_ALLOWED.iter().map(|(room, path, _)| format!("{room}: {path}")).collect();
    assert_only("impure names in pure rooms", found, allowed.iter().map(String::as_str));
}

#[test]
fn modules_of_one_parent_do_not_name_each_other_in_circles() {
    let found = House::library().circles();
    println!("{found:#?}");
    let parents = found.into_iter().map(|(parent, _)| parent);
    assert_only("parents of modules in circles", parents, CIRCLES_ALLOWED.iter().copied());
}

#[test]
fn at_most_a_tenth_of_the_imports_in_the_state_core_run_upwards() {
    let (upward, all) = House::library().upward_imports("state");
    assert!(all > 100, "{all} imports: the rule does not see them");
    assert!(upward.len() * 10 <= all, "{} of {all}: {upward:#?}", upward.len());
}

#[test]
fn files_and_functions_are_short() {
    let house = House::library();
    let files = house.long_files(FILE_LINES_MAX).into_keys();
    assert_only("files of more than 400 lines", files, LONG_FILES.iter().copied());
    let functions = house.long_functions(FUNCTION_LINES_MAX).into_keys();
    assert_only("functions of more than 60 lines", functions, LONG_FUNCTIONS.iter().copied());
}

#[test]
fn doc_comments_of_functions_begin_with_a_verb() {
    let found: Vec<_> = source::read_all().iter().flat_map(docs::without_verb).collect();
    assert!(found.is_empty(), "say what the function does: \"Returns the …\": {found:#?}");
}

/// Every file in `src/ops` is one operation, but for the table of them.
#[test]
fn every_operation_cites_its_section() {
    const SECTIONS: [&str; 5] =
        ["RFC 7530 §16.", "RFC 8881 §18.", "RFC 8881 §20.", "RFC 7862 §15", "RFC 8276 §8.4."];
    let entries = fs::read_dir(directory().join("ops")).unwrap().map(|entry| entry.unwrap().path());
    for path in entries.filter(|path| path.is_file() && !path.ends_with("mod.rs")) {
        let text = fs::read_to_string(&path).unwrap();
        let first = text.lines().next().unwrap();
        let cited = first.starts_with("//! ") && SECTIONS.iter().any(|section| first.contains(section));
        assert!(cited, "{}: the first line names the operation and its section", path.display());
        assert!(text.contains("//! Statuses:"), "{}: the head lists the statuses", path.display());
    }
}

#[test]
fn protocol_page_has_a_row_with_a_test_for_every_operation() {
    let page = fs::read_to_string(directory().join("../docs/PROTOCOL.md")).unwrap();
    for op in lockhouse::ops::all() {
        let row = page.lines().find(|line| line.starts_with(&format!("| {} |", op.name)));
        let row = row.unwrap_or_else(|| panic!("docs/PROTOCOL.md has no row for {}", op.name));
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        assert!(cells.len() >= 6 && cells[3..5].iter().all(|cell| !cell.is_empty()), "{row}");
        for file in [cells[3], cells[4]].iter().flat_map(|cell| cell.split(", ")) {
            let file = file.trim_matches('`');
            assert!(directory().join("..").join(file).exists(), "{}: {file} is not there", op.name);
        }
    }
}
