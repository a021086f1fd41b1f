//! The pages in docs/ name files: they must exist.

use std::fs;
use std::path::Path;

/// Where a path on a page may start: at the root, or at a room.
const STARTS: &[&str] = &["", "src/", "src/state/", "src/state/files/"];

/// Lists the paths of sources that a page names in backticks, each with its line.
fn named(page: &str) -> Vec<(usize, &str)> {
    let lines = (1..).zip(page.lines());
    let quoted =
        lines.flat_map(|(number, line)| line.split('`').skip(1).step_by(2).map(move |text| (number, text)));
    let paths = quoted.filter_map(|(number, text)| Some((number, text.split([',', ' ', ':']).next()?)));
    paths.filter(|(_, path)| path.ends_with(".rs") && !path.contains(['*', '<', '…'])).collect()
}

#[test]
fn pages_name_files_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = vec![root.join("README.md")];
    for dir in ["docs", "docs/decisions"] {
        pages.extend(fs::read_dir(root.join(dir)).unwrap().map(|entry| entry.unwrap().path()));
    }
    let mut missing = Vec::new();
    let mut found = 0;
    for page in pages.into_iter().filter(|page| page.extension().is_some_and(|ending| ending == "md")) {
        for (line, path) in named(&fs::read_to_string(&page).unwrap()) {
            found += 1;
            if !STARTS.iter().any(|start| root.join(format!("{start}{path}")).is_file()) {
                missing.push(format!("{}:{line}: {path}", page.display()));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    assert!(found > 50, "only {found} paths were found");
}

#[test]
fn paths_are_found_in_backticks() {
    assert_eq!(
        named("see `a/b.rs`, `c.rs` and d.rs\n`e.rs, Worker::run` `f`"),
        [(1, "a/b.rs"), (1, "c.rs"), (2, "e.rs")]
    );
}
