//! Small sources that the rules must refuse, and some that they must let pass.

use super::rules::House;
use super::source::SourceFile;

fn house(files: &[(&str, &str)]) -> House {
    let files: Vec<_> = files.iter().map(|(path, text)| SourceFile::parse(path, text)).collect();
    House::of(&files)
}

fn impure(text: &str) -> Vec<String> {
    house(&[("state/mod.rs", text)]).impurities().into_iter().map(|(_, path)| path).collect()
}

#[test]
fn impure_names_are_found_however_they_are_written() {
    for (text, want) in [
        ("use std::fs;", &["std::fs"][..]),
        ("use std::{fmt, fs as disk, io::{self, Read}};", &["std::fs", "std::io", "std::io::Read"]),
        ("use std::time::{Duration, Instant as Moment};", &["std::time::Instant"]),
        ("use std::time::*;", &["std::time::*"]),
        ("use std::*;", &["std::*"]),
        ("use std as s; fn f() { s::fs::read(\"x\"); }", &["std::fs::read"]),
        ("use std::time; fn f() -> time::Instant { loop {} }", &["std::time::Instant"]),
        ("fn f() { let at = ::std::time::SystemTime::now(); }", &["std::time::SystemTime::now"]),
        ("fn f() { assert!(g(core::time::Duration::ZERO, std::env::args())); }", &["std::env::args"]),
        ("fn f() { m! { use std::{fs, fmt}; } }", &["std::fs"]),
        (
            "macro_rules! m { () => { std::net::TcpStream::connect(\"x\") } }",
            &["std::net::TcpStream::connect"],
        ),
        ("use std::hash::{BuildHasher, RandomState};", &["std::hash::RandomState"]),
        ("use std::collections::{BTreeMap, HashMap};", &["std::collections::HashMap"]),
        ("use std::collections::hash_map::RandomState;", &["std::collections::hash_map::RandomState"]),
        ("struct S(std::collections::HashSet<u8>);", &["std::collections::HashSet"]),
        ("#[derive(getrandom::Random)] struct S;", &["getrandom::Random"]),
        ("fn f() { tokio::spawn(g()); }", &["tokio::spawn"]),
        ("extern crate libc as c; fn f() { c::getpid(); }", &["libc", "libc::getpid"]),
        ("fn f() { println!(\"x\"); }", &["println!"]),
        ("#[cfg(test)] mod tests {} use std::thread;", &["std::thread"]),
        ("mod inner { pub fn f() { std::process::exit(1) } }", &["std::process::exit"]),
    ] {
        assert_eq!(impure(text), want, "{text}");
    }
}

#[test]
fn pure_names_are_let_pass() {
    for text in [
        "use std::{cmp::Ordering, collections::{BTreeMap, BTreeSet}, sync::Arc, time::Duration};",
        "use smallvec::{SmallVec, smallvec}; use serde::{Deserialize, Serialize};",
        "#[cfg(test)] mod tests { use std::fs; fn f() { println!(\"x\"); } }",
        "#[cfg(test)] use std::time::Instant; #[cfg(test)] fn f() { std::thread::yield_now(); }",
        "fn f(bytes: &[u8], libc: u8) { g(bytes, libc); }",
        "enum Event { A } fn f() { use Event::*; }",
        "/// As std::fs does.\npub(crate) fn f() { \"std::fs\"; }",
    ] {
        assert_eq!(impure(text), [""; 0], "{text}");
    }
}

#[test]
fn edges_that_are_not_on_the_map_are_found() {
    for (path, text, refused) in [
        ("ranges/tree/mod.rs", "use crate::state::Core;", true),
        ("ranges/tree/mod.rs", "use crate::{nfs4::{Range, Status}, state};", true),
        ("ranges/tree/mod.rs", "use super::super::state as s;", true),
        ("ranges/tree/mod.rs", "use super::super::nfs4 as n;", false),
        ("ranges/mod.rs", "fn f() { let core = crate::state::Core::new(); }", true),
        ("ranges/mod.rs", "fn f() { log!(\"{}\", crate::state::Core::new()); }", true),
        ("ranges/mod.rs", "use crate as all; use all::state::Core;", true),
        ("ranges/mod.rs", "use crate::*;", true),
        ("ranges/mod.rs", "fn f(core: &impl crate::state::Face) {}", true),
        ("ranges/mod.rs", "#[cfg(test)] mod tests {} use crate::state::Core;", true),
        ("ranges/mod.rs", "#[cfg(test)] mod tests { use crate::state::Core; }", false),
        ("ranges/tests.rs", "use crate::state::Core;", false),
        ("ranges/mod.rs", "pub(crate) fn f() -> crate::nfs4::Range { crate::ranges::g() }", false),
        ("attic/mod.rs", "", true),
        ("cli/mod.rs", "use crate::state::Core;", false),
        ("state/mod.rs", "use crate::cli::run;", true),
    ] {
        let rooms = [("state/mod.rs", ""), ("nfs4/mod.rs", ""), ("cli/mod.rs", "")];
        let others = rooms.into_iter().filter(|(other, _)| *other != path);
        let files: Vec<_> = [(path, text)].into_iter().chain(others).collect();
        let found = house(&files).unknown_edges();
        assert_eq!(!found.is_empty(), refused, "{path}: {text}: {found:?}");
    }
}

#[test]
fn circles_are_found_through_what_the_parent_exports_again() {
    let circles = |b: &str| {
        let parent = "mod a; mod b; mod c; pub use a::{self as first, One}; pub use b::Two;";
        let files = [("state/mod.rs", parent), ("state/a.rs", "use super::Two;"), ("state/b/mod.rs", b)];
        let more = [("state/b/inner.rs", "use super::super::c::Three;"), ("state/c.rs", "use super::Four;")];
        let found = house(&[&files[..], &more[..]].concat()).circles();
        found.into_iter().map(|(parent, members)| (parent, Vec::from_iter(members))).collect::<Vec<_>>()
    };
    let of_two = [("state".to_owned(), vec!["a".to_owned(), "b".to_owned()])];
    assert_eq!(circles("use super::One;"), of_two);
    assert_eq!(circles("fn f() { crate::state::a::g(); }"), of_two);
    assert_eq!(circles("fn f() { super::first::g(); }"), of_two);
    assert_eq!(circles("mod inner; use inner::Five; use super::Four;"), []);
    assert_eq!(circles("#[cfg(test)] mod tests { use super::super::One; }"), []);
}

#[test]
fn what_is_long_is_found() {
    let text = format!("/// Long.\n#[inline]\nfn f(\n    a: u8,\n) {{\n{}}}\n", "    g();\n".repeat(8));
    let house = house(&[("state/mod.rs", &text), ("xdr/generated/nfs4.rs", &text)]);
    let found = |max| house.long_functions(max).into_iter().collect::<Vec<_>>();
    assert_eq!(found(11), [("state/mod.rs::f".to_owned(), 12)]);
    assert_eq!(found(12), []);
    assert_eq!(house.long_files(13).into_iter().collect::<Vec<_>>(), [("state/mod.rs".to_owned(), 14)]);
    assert!(house.long_files(14).is_empty());
    let inside = "impl S { fn f() {\n} } trait T { fn g() {\n}\n fn h(); } mod m { fn i() {\n} }";
    let names = |file: SourceFile| file.functions().into_iter().map(|f| f.name).collect::<Vec<_>>();
    assert_eq!(names(SourceFile::parse("a.rs", inside)), ["a.rs::f", "a.rs::g", "a.rs::i"]);
}

#[test]
fn imports_that_run_upwards_are_told_from_those_through_a_parent_to_a_sibling() {
    let parent = ("state/mod.rs", "mod a; mod b; pub use b::Two; pub struct One;");
    let upward = |a: &str| {
        let (upward, all) = house(&[parent, ("state/a.rs", a), ("state/b.rs", "")]).upward_imports("state");
        (upward.len(), all - 1)
    };
    assert_eq!(upward("use super::One;"), (1, 1));
    assert_eq!(upward("use super::{One, Two};"), (1, 2));
    assert_eq!(upward("use crate::state::{One as First, b::Three};"), (1, 2));
    assert_eq!(upward("use crate::nfs4::Range;"), (0, 0));
}
