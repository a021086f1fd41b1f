//! The rules: each looks at the whole source and returns what breaks it, one line each.

use super::map::{COMPOSITION, EDGES, IMPURE, IMPURE_MACROS, PURE, PURE_CRATES};
use super::names::{Name, Names};
use super::source::{self, Function, SourceFile};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Holds what the rules have to know of the source.
pub struct House {
    files: Vec<Facts>,
    names: Names,
    named: Vec<Name>,
    crates: BTreeSet<String>,
}

/// Holds what the rules have to know of one file.
struct Facts {
    path: String,
    room: Option<String>,
    is_test: bool,
    is_generated: bool,
    lines: usize,
    functions: Vec<Function>,
    macros: Vec<String>,
}

impl Facts {
    fn of(file: &SourceFile) -> Self {
        let (is_test, is_generated) = (file.is_test(), file.is_generated());
        let room = file.room().map(str::to_owned);
        let (functions, macros) = (file.functions(), file.macros());
        Self { path: file.path.clone(), room, is_test, is_generated, lines: file.lines, functions, macros }
    }
}

static LIBRARY: LazyLock<House> = LazyLock::new(|| House::of(&source::read_all()));

/// Modules of one parent that name each other in a circle.
pub type Circle = (String, BTreeSet<String>);

impl House {
    /// Looks at these files.
    pub fn of(files: &[SourceFile]) -> Self {
        let names = Names::collect(files);
        let crates = crates();
        let named = names.resolved(&crates);
        Self { files: files.iter().map(Facts::of).collect(), names, named, crates }
    }

    /// Looks at the library, once for all rules.
    pub fn library() -> &'static Self {
        &LIBRARY
    }

    /// Finds rooms that name a room which the map does not let them know, or which is not on the map.
    pub fn unknown_edges(&self) -> Vec<String> {
        let rooms: BTreeSet<_> = self.files.iter().filter_map(|file| file.room.as_deref()).collect();
        let mut found = Vec::new();
        for room in rooms {
            let Some((_, allowed)) = EDGES.iter().find(|(name, _)| *name == room) else {
                if room != COMPOSITION {
                    found.push(format!("{room} is not on the map"));
                }
                continue;
            };
            let may = |to: &str| to == room || allowed.contains(&to);
            let is_room = |to: &str| to == COMPOSITION || EDGES.iter().any(|(name, _)| *name == to);
            for name in self.named_by(room) {
                match (name.target[0].as_str(), name.target.get(1)) {
                    ("crate", Some(to)) if is_room(to) && !may(to) => {
                        found.push(format!("{}: {room} must not know {to}", name.file));
                    }
                    ("crate", None) => found.push(format!("{}: {room} must not know everything", name.file)),
                    ("lockhouse", _) => {
                        found.push(format!("{}: names its own crate from outside", name.file))
                    }
                    _ => {}
                }
            }
        }
        found
    }

    /// Finds what the pure rooms name of clocks, files, sockets, threads and randomness, as pairs of room and path.
    pub fn impurities(&self) -> Vec<(String, String)> {
        let mut found = BTreeSet::new();
        for room in PURE {
            for name in self.named_by(room).filter(|name| is_impure(name)) {
                let glob = if name.is_glob { "::*" } else { "" };
                found.insert((name.file.clone(), format!("{}{glob}", name.target.join("::"))));
            }
            for (file, invoked) in self.macros_of(room) {
                found.insert((file, format!("{invoked}!")));
            }
        }
        found.into_iter().collect()
    }

    fn macros_of(&self, room: &str) -> Vec<(String, String)> {
        let files = self.files.iter().filter(|file| file.room.as_deref() == Some(room) && !file.is_test);
        let all = files.flat_map(|file| file.macros.iter().map(|name| (file.path.clone(), name.clone())));
        all.filter(|(_, name)| IMPURE_MACROS.contains(&name.as_str())).collect()
    }

    /// Finds circles: modules of one parent, with all that is below them, each of which names the next.
    pub fn circles(&self) -> BTreeSet<Circle> {
        let mut edges: BTreeMap<Vec<String>, BTreeSet<(String, String)>> = BTreeMap::new();
        for name in &self.named {
            let Some(to) = self.names.defined_in(&name.target, &self.crates) else { continue };
            let common = name.module.iter().zip(&to).take_while(|(a, b)| a == b).count();
            if let (Some(a), Some(b)) = (name.module.get(common), to.get(common)) {
                edges.entry(to[..common].to_vec()).or_default().insert((a.clone(), b.clone()));
            }
        }
        let circles = edges.iter().flat_map(|(parent, edges)| {
            circles_of(edges).into_iter().map(|members| (parent.join("::"), members))
        });
        circles.collect()
    }

    /// Finds the imports of a room from within itself that run upwards, to what a module above the importing one defines;
    /// answers them and how many imports from within there are.
    pub fn upward_imports(&self, room: &str) -> (Vec<String>, usize) {
        let (mut upward, mut all) = (Vec::new(), 0);
        for name in self.named_by(room).filter(|name| name.is_import) {
            let defined = self.names.defined_in(&name.target, &self.crates);
            let Some(defined) = defined.filter(|module| module.first().is_some_and(|first| first == room))
            else {
                continue;
            };
            all += 1;
            if defined.len() < name.module.len() && name.module.starts_with(&defined) {
                upward.push(format!("{}: {}", name.file, name.target.join("::")));
            }
        }
        (upward, all)
    }

    /// Finds files of more than `max` lines, as pairs of path and length; generated ones may have any.
    pub fn long_files(&self, max: usize) -> BTreeMap<String, usize> {
        let files = self.files.iter().filter(|file| !file.is_generated && file.lines > max);
        files.map(|file| (file.path.clone(), file.lines)).collect()
    }

    /// Finds functions of more than `max` lines, as pairs of name and length; generated ones may have any.
    pub fn long_functions(&self, max: usize) -> BTreeMap<String, usize> {
        let files = self.files.iter().filter(|file| !file.is_generated);
        let long = files.flat_map(|file| &file.functions).filter(|function| function.lines > max);
        long.map(|function| (function.name.clone(), function.lines)).collect()
    }

    fn named_by(&self, room: &str) -> impl Iterator<Item = &Name> {
        self.named.iter().filter(move |name| name.module.first().is_some_and(|first| first == room))
    }
}

/// Returns the crates that the library may name: the standard library and what Cargo.toml lists.
fn crates() -> BTreeSet<String> {
    let manifest = std::fs::read_to_string(source::directory().join("../Cargo.toml")).unwrap();
    let manifest: toml::Table = toml::from_str(&manifest).unwrap();
    let listed = manifest["dependencies"].as_table().unwrap().keys().map(|name| name.replace('-', "_"));
    listed.chain(["std", "core", "alloc"].map(str::to_owned)).collect()
}

fn is_impure(name: &Name) -> bool {
    let first = name.target[0].as_str();
    if first != "std" {
        return first != "crate" && !PURE_CRATES.contains(&first);
    }
    IMPURE.iter().any(|impure| {
        let impure: Vec<_> = impure.split("::").collect();
        let same = name.target.iter().zip(&impure).take_while(|(a, b)| a == b).count();
        // Below what is impure; or everything of a module above it.
        same == impure.len() || (name.is_glob && same == name.target.len())
    })
}

/// Returns the sets of nodes that reach each other over `edges`.
fn circles_of(edges: &BTreeSet<(String, String)>) -> BTreeSet<BTreeSet<String>> {
    let reached = |from: &String| {
        let (mut reached, mut open) = (BTreeSet::new(), vec![from]);
        while let Some(at) = open.pop() {
            for (_, to) in edges.iter().filter(|(a, _)| a == at) {
                if reached.insert(to.clone()) {
                    open.push(to);
                }
            }
        }
        reached
    };
    let nodes: BTreeSet<_> = edges.iter().flat_map(|(a, b)| [a, b]).collect();
    let reach: BTreeMap<_, _> = nodes.iter().map(|node| (*node, reached(node))).collect();
    let circle_of = |node: &&String| -> BTreeSet<String> {
        reach[*node].iter().filter(|other| reach[*other].contains(*node)).cloned().collect()
    };
    nodes.iter().map(circle_of).filter(|circle| circle.len() > 1).collect()
}
