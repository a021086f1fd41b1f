//! Words that this project once used in a sense of its own and that now have the field's name. The glossary in
//! docs/ARCHITECTURE.md gives the terms in use; this keeps the old ones from coming back.

use std::fs;
use std::path::{Path, PathBuf};

/// Words that must not appear, not even as a part of a name, with what to say instead.
const RETIRED: &[(&str, &[&str])] = &[
    ("teardown", &["departing", "departure", "departures", "departed"]),
    ("deferred drops", &["rubbish"]),
    ("verified", &["genuine"]),
    ("prefetch, hint, lookahead", &["aims", "foresee", "foreseen"]),
    ("class, nonblocking", &["nature", "natures", "quick"]),
    (
        "committer, commit, committed",
        &["keeper", "keepers", "settle", "settles", "settled", "settling", "settlement", "unsettled"],
    ),
    ("not notified, missed, stale", &["untold", "lapsed"]),
    ("conflict", &["obstacle", "obstacles"]),
    ("page map", &["paged"]),
    ("compact, compaction", &["folds", "folding"]),
    ("again, fresh", &["anew"]),
    ("byte", &["octet", "octets"]),
    ("caller", &["asker", "askers"]),
];

/// Names of types that say too little.
const RETIRED_NAMES: &[&str] =
    &["Whose", "Few", "Paged", "Post", "Letter", "Keeper", "Aim", "Nature", "Asker"];

/// Files that are not checked: the page about the protocol uses the words of the RFCs, and the changelog keeps the words of its time.
const EXEMPT: &[&str] = &["docs/PROTOCOL.md", "CHANGELOG.md", "tests/it/words.rs"];

/// Lines with these texts are not checked: they belong to the language.
const ALLOWED: &[&str] = &[".octets()"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Lists the sources and pages of the project.
fn texts() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open: Vec<_> =
        ["src", "tests", "benches", "docs", "fuzz", "xdr"].iter().map(|dir| root().join(dir)).collect();
    while let Some(dir) = open.pop() {
        for path in fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            match path.is_dir() {
                true if name == "target" || name == "generated" || name == "corpus" => {}
                true => open.push(path),
                false if [".rs", ".md", ".x"].iter().any(|ending| name.ends_with(ending)) => found.push(path),
                false => {}
            }
        }
    }
    found.push(root().join("README.md"));
    found.sort();
    found
}

/// Splits a line into words; names such as `put_octets` and `PutOctets` have two.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in line.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && !before.is_uppercase()) {
            words.push(String::new());
        }
        if c.is_alphanumeric() {
            words.last_mut().unwrap().extend(c.to_lowercase());
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Lists the retired words of a text, each with its line and what to say instead.
fn retired(text: &str) -> Vec<(usize, String, &'static str)> {
    let mut found = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if ALLOWED.iter().any(|allowed| line.contains(allowed)) {
            continue;
        }
        for word in words(line) {
            if let Some((instead, _)) = RETIRED.iter().find(|(_, retired)| retired.contains(&word.as_str())) {
                found.push((number, word, *instead));
            }
        }
        for name in RETIRED_NAMES {
            for kind in ["struct", "enum", "trait", "type"] {
                if line.contains(&format!("{kind} {name} ")) || line.contains(&format!("{kind} {name}<")) {
                    found.push((number, (*name).to_owned(), "a name that says what it is"));
                }
            }
        }
    }
    found
}

#[test]
fn retired_words_do_not_come_back() {
    let mut found = Vec::new();
    for path in texts() {
        let name = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
        if EXEMPT.contains(&name.as_str()) {
            continue;
        }
        for (line, word, instead) in retired(&fs::read_to_string(&path).unwrap()) {
            found.push(format!("{name}:{line}: {word}; say: {instead}"));
        }
    }
    assert!(found.is_empty(), "{} retired words:\n{}", found.len(), found.join("\n"));
}

#[test]
fn words_are_found_inside_of_names() {
    let words_of = |text: &str| retired(text).into_iter().map(|(_, word, _)| word).collect::<Vec<_>>();
    assert_eq!(words_of("fn put_octets(aims: u8)\nlet x = TakeRubbish;"), ["octets", "aims", "rubbish"]);
    assert_eq!(words_of("struct Few<T> {"), ["Few"]);
    assert_eq!(words_of("a few claims, set_tcp_quickack, again, address.octets()"), Vec::<String>::new());
}
