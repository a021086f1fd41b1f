//! The rules of the house inside the state core: which way its imports run, who sees the fields of its structs, and how long its
//! files and functions are.

use std::fs;
use std::path::{Path, PathBuf};

/// Most lines of a file.
const FILE_LINES_MAX: usize = 400;
/// Most lines of a function.
const FUNCTION_LINES_MAX: usize = 60;
/// At most one import of so many runs upwards.
const UPWARD_ONE_OF: usize = 10;

/// All source files below `src/state` and `src/ranges`, with their text.
fn files() -> Vec<(PathBuf, String)> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut found, mut open) = (Vec::new(), vec![source.join("state"), source.join("ranges")]);
    while let Some(dir) = open.pop() {
        for path in fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
            match path.is_dir() {
                true => open.push(path),
                false => {
                    let text = fs::read_to_string(&path).unwrap();
                    found.push((path, text));
                }
            }
        }
    }
    found
}

/// The module of a file below `src`, from the root of the crate.
fn module_of(path: &Path) -> Vec<String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let below = path.strip_prefix(source).unwrap().with_extension("");
    let mut names: Vec<_> = below.iter().map(|name| name.to_str().unwrap().to_owned()).collect();
    names.pop_if(|last| last == "mod");
    names
}

/// The modules inside the core that the private `use` lines of a file name things of, each line once. Unit tests do not count:
/// they stand at the end of a file.
fn imports(path: &Path, text: &str) -> Vec<Vec<String>> {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines =
        code.split(';').filter_map(|part| part.rsplit('\n').find_map(|line| line.strip_prefix("use ")));
    let module = module_of(path);
    let named = lines.filter_map(|line| {
        let (mut names, mut base) = (line.split("::").collect::<Vec<_>>(), module.clone());
        // The last is what is named, or begins a group of what is.
        names.pop();
        if names.first() == Some(&"crate") {
            base.clear();
            names.remove(0);
        } else if names.first() != Some(&"super") {
            return None;
        }
        let ups = names.iter().take_while(|name| **name == "super").count();
        base.truncate(base.len().checked_sub(ups)?);
        base.extend(names[ups..].iter().map(|name| (*name).to_owned()));
        (base.first().map(String::as_str) == Some("state")).then_some(base)
    });
    named.collect()
}

/// An import runs upwards that names what stands in a module which contains the one that imports it, or in the file of the
/// core's struct, which knows all of its parts.
fn is_upward(module: &[String], named: &[String]) -> bool {
    let contains = named.len() < module.len() && module.starts_with(named);
    contains || named == ["state", "core"]
}

#[test]
fn few_imports_of_the_state_core_run_upwards() {
    let (mut all, mut upward) = (0, Vec::new());
    let is_test = |path: &Path| module_of(path).contains(&String::from("tests"));
    for (path, text) in files().iter().filter(|(path, _)| module_of(path)[0] == "state" && !is_test(path)) {
        for named in imports(path, text) {
            all += 1;
            if is_upward(&module_of(path), &named) {
                upward.push(format!("{} from {}", named.join("::"), path.display()));
            }
        }
    }
    assert!(all > 150, "only {all} imports were found");
    let most = all / UPWARD_ONE_OF;
    assert!(upward.len() <= most, "{} of {all} imports run upwards:\n{}", upward.len(), upward.join("\n"));
}

#[test]
fn the_rule_of_imports_knows_up_from_down() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/state/files/queue/serve.rs");
    let text = "use super::waiter::{TURN, Waiter};\nuse super::Thing;\nuse crate::nfs4::Time;\nuse super::super::Up;\n\
                use crate::state::core::Core;\nuse crate::state::{\n    A,\n    B,\n};\nuse crate::state::locks::Lock;\nfn a() {}\n";
    let up: Vec<_> = imports(&path, text).iter().map(|named| is_upward(&module_of(&path), named)).collect();
    assert_eq!(up, [false, true, true, true, true, false]);
}

#[test]
fn files_and_functions_of_the_state_core_are_short() {
    for (path, text) in files() {
        let lines: Vec<_> = text.lines().collect();
        assert!(lines.len() <= FILE_LINES_MAX, "{}: {} lines", path.display(), lines.len());
        for (at, line) in lines.iter().enumerate() {
            let head = line.trim_start();
            let words: Vec<_> = head.split(' ').take_while(|word| !word.contains("fn(")).take(5).collect();
            if head.starts_with("//") || !words.contains(&"fn") {
                continue;
            }
            let end = format!("{}}}", &line[..line.len() - head.len()]);
            let length = lines[at..].iter().position(|line| *line == end).map_or(0, |last| last + 1);
            assert!(length <= FUNCTION_LINES_MAX, "{}: {head} has {length} lines", path.display());
        }
    }
}

/// The structs of the core whose fields everybody may see: values that are handed in or out and that have no invariants. The
/// fields of the core itself, which is the record of its parts, are seen by what stands in `src/state`.
const VALUES: &[&str] = &[
    "Callback",
    "CallbackCall",
    "CallbackId",
    "Census",
    "ChannelAttrs",
    "ClientExchanged",
    "Config",
    "CreateSession",
    "Denied",
    "Done",
    "ExchangeId",
    "Holdings",
    "Identity",
    "Inventory",
    "LockCommand",
    "LockRequest",
    "Numbered",
    "OpenBegin",
    "OpenCommit",
    "OpenEffects",
    "OpenReply",
    "Output",
    "Requester",
    "Resolved",
    "Revoked",
    "SequenceCommand",
    "SequenceReply",
    "SessionCreated",
    "SetClientid",
    "Start",
];

/// Returns the module in which an item of `module` can be seen; `None` when that is everywhere.
fn seen_in(visibility: &syn::Visibility, module: &[String]) -> Option<Vec<String>> {
    let restricted = match visibility {
        syn::Visibility::Public(_) => return None,
        syn::Visibility::Inherited => return Some(module.to_vec()),
        syn::Visibility::Restricted(restricted) => restricted,
    };
    let path: Vec<_> = restricted.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let mut seen = match path[0].as_str() {
        "crate" => Vec::new(),
        _ => module.to_vec(),
    };
    for name in &path {
        match name.as_str() {
            "crate" | "self" => {}
            "super" => drop(seen.pop()),
            name => seen.push(name.to_owned()),
        }
    }
    Some(seen)
}

/// Returns the structs of a file with fields that can be seen outside of the directory of `module`, as far as the struct can.
fn structs_with_visible_fields(text: &str, module: &[String]) -> Vec<String> {
    let noun = &module[..module.len().min(2)];
    // What stands in `src/state` itself belongs to all of it.
    let noun = if Path::new("src").join(noun.join("/")).is_dir() { noun } else { &noun[..1] };
    let is_outside =
        |visibility: &syn::Visibility| seen_in(visibility, module).is_none_or(|seen| !seen.starts_with(noun));
    let mut found = Vec::new();
    for item in syn::parse_file(text).unwrap().items {
        if let syn::Item::Struct(item) = item
            && is_outside(&item.vis)
            && item.fields.iter().any(|field| is_outside(&field.vis))
        {
            found.push(item.ident.to_string());
        }
    }
    found
}

#[test]
fn fields_are_seen_in_the_directory_of_their_struct_only() {
    let is_test = |path: &Path| module_of(path).contains(&String::from("tests"));
    let files = files().into_iter().filter(|(path, _)| module_of(path)[0] == "state" && !is_test(path));
    let mut found: Vec<_> =
        files.flat_map(|(path, text)| structs_with_visible_fields(&text, &module_of(&path))).collect();
    found.sort();
    let new: Vec<_> = found.iter().filter(|name| !VALUES.contains(&name.as_str())).collect();
    assert!(new.is_empty(), "structs with fields that other parts of the core can see: {new:#?}");
    let gone: Vec<_> = VALUES.iter().filter(|name| !found.iter().any(|found| found == *name)).collect();
    assert!(gone.is_empty(), "structs that need not be listed any more: {gone:#?}");
}

#[test]
fn the_rule_of_fields_knows_inside_from_outside() {
    let of = |text: &str, module: &[&str]| {
        let module: Vec<_> = module.iter().map(|name| String::from(*name)).collect();
        structs_with_visible_fields(text, &module)
    };
    for (text, is_found) in [
        ("pub(in crate::state) struct A { a: u32, pub(super) b: u32 }", false),
        ("pub(in crate::state) struct A { a: u32, pub b: u32 }", true),
        ("pub struct A(pub u32);", true),
        ("pub struct A { pub(in crate::state) b: u32 }", true),
        ("pub struct A { pub(in crate::state::sessions) b: u32 }", false),
        ("pub struct A { pub(crate) b: u32 }", true),
        ("pub struct A { pub(in super::super) b: u32 }", true),
        ("pub(super) struct A { pub b: u32 }", false),
        ("struct A { pub b: u32 }", false),
    ] {
        assert_eq!(!of(text, &["state", "sessions", "session"]).is_empty(), is_found, "{text}");
    }
    assert!(of("pub struct Core { pub(in crate::state) b: u32 }", &["state", "core"]).is_empty());
    assert!(!of("pub struct Core { pub b: u32 }", &["state", "core"]).is_empty());
    assert!(!of("pub(super) struct A { pub b: u32 }", &["state", "sessions"]).is_empty());
}
