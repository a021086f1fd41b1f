//! Finds every path that the code names, in `use` trees, expressions, types, attributes and the tokens of macros, and
//! resolves it to a path from the root of a crate.

use super::source::{SourceFile, attributes_of, is_for_tests};
use proc_macro2::{TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};
use syn::visit::{self, Visit};

/// A path from the root of a crate: `crate`, `std` or the name of another crate comes first.
pub type Absolute = Vec<String>;

/// Records that a module names something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    /// The file that names it.
    pub file: String,
    /// The module that names it, from the root of our crate.
    pub module: Vec<String>,
    /// What it names, as written but from the root.
    pub target: Absolute,
    /// Whether it names all that is in `target` (`use target::*`).
    pub is_glob: bool,
    /// Whether a `use` names it.
    pub is_import: bool,
}

/// Holds all modules of the library, what each imports, and what each names.
pub struct Names {
    modules: BTreeSet<Vec<String>>,
    imports: BTreeMap<Vec<String>, BTreeMap<String, BTreeSet<Vec<String>>>>,
    raw: Vec<Raw>,
}

/// Holds a path as it is written.
struct Raw {
    file: String,
    module: Vec<String>,
    segments: Vec<String>,
    is_glob: bool,
    is_import: bool,
}

/// More steps than any path of ours takes through re-exports; two that name each other end here.
const STEPS_MAX: usize = 32;

impl Names {
    /// Collects the names of all files that are not only for unit tests.
    pub fn collect(files: &[SourceFile]) -> Self {
        let mut names = Self { modules: BTreeSet::new(), imports: BTreeMap::new(), raw: Vec::new() };
        for file in files.iter().filter(|file| !file.is_test()) {
            for depth in 0..=file.module.len() {
                names.modules.insert(file.module[..depth].to_vec());
            }
            let module = file.module.clone();
            Collector { names: &mut names, file: &file.path, module }.visit_file(&file.tree);
        }
        names
    }

    /// Returns everything that is named and is not local to the module that names it. `crates` are the other crates: a
    /// path that begins with none of them, with no import and with no module is a local one.
    pub fn resolved(&self, crates: &BTreeSet<String>) -> Vec<Name> {
        let mut found = BTreeSet::new();
        for raw in &self.raw {
            for target in self.absolute(&raw.module, &raw.segments, raw.is_import, crates, 0) {
                let (file, module) = (raw.file.clone(), raw.module.clone());
                let (is_glob, is_import) = (raw.is_glob, raw.is_import);
                found.insert(Name { file, module, target, is_glob, is_import });
            }
        }
        found.into_iter().collect()
    }

    /// Returns the module of ours in which the thing is defined that `target` names, through all re-exports.
    pub fn defined_in(&self, target: &[String], crates: &BTreeSet<String>) -> Option<Vec<String>> {
        let mut path = target.to_vec();
        for _ in 0..STEPS_MAX {
            if path.first()? != "crate" {
                return None;
            }
            let module = self.module_of(&path[1..]);
            let Some(next) = path.get(1 + module.len()) else { return Some(module) };
            let Some(import) = self.imports.get(&module).and_then(|all| all.get(next)?.first()) else {
                return Some(module);
            };
            let more = path[2 + module.len()..].to_vec();
            path = self.absolute(&module, import, true, crates, 0).into_iter().next()?;
            path.extend(more);
        }
        None
    }

    /// Returns the innermost module that a path from our root goes through.
    fn module_of(&self, path: &[String]) -> Vec<String> {
        let depth = (0..=path.len()).rev().find(|depth| self.modules.contains(&path[..*depth]));
        path[..depth.unwrap_or(0)].to_vec()
    }

    fn absolute(
        &self,
        module: &[String],
        segments: &[String],
        is_import: bool,
        crates: &BTreeSet<String>,
        steps: usize,
    ) -> Vec<Absolute> {
        let Some(first) = segments.first().filter(|_| steps < STEPS_MAX) else { return Vec::new() };
        let ours = |module: &[String], rest: &[String]| vec![[&["crate".to_owned()], module, rest].concat()];
        match first.as_str() {
            "crate" => return vec![segments.to_vec()],
            "self" => return ours(module, &segments[1..]),
            "super" => {
                let up = segments.iter().take_while(|segment| *segment == "super").count();
                return ours(&module[..module.len().saturating_sub(up)], &segments[up..]);
            }
            "" => return vec![standard(&segments[1..])],
            _ => {}
        }
        if self.modules.contains(&[module, std::slice::from_ref(first)].concat()) {
            return ours(module, segments);
        }
        let imports = self.imports.get(module).and_then(|imports| imports.get(first));
        // `use std::fmt; use fmt::Display`, but not `use bytes; …`, which imports itself.
        let through = imports.into_iter().flatten().filter(|import| import.as_slice() != [first.clone()]);
        let mut found: Vec<_> = through
            .flat_map(|import| self.absolute(module, import, true, crates, steps + 1))
            .map(|path| [&path, &segments[1..]].concat())
            .collect();
        // A lone word is a variable or a field, whatever crate has its name.
        if found.is_empty() && crates.contains(first) && (is_import || segments.len() > 1) {
            found.push(standard(segments));
        }
        found
    }
}

/// Takes `core` and `alloc` for `std`, of which they are parts.
fn standard(segments: &[String]) -> Absolute {
    match segments.first().map(String::as_str) {
        Some("core" | "alloc") => [&["std".to_owned()], &segments[1..]].concat(),
        _ => segments.to_vec(),
    }
}

struct Collector<'n, 'f> {
    names: &'n mut Names,
    file: &'f str,
    module: Vec<String>,
}

impl Collector<'_, '_> {
    fn add(&mut self, segments: Vec<String>, is_glob: bool, is_import: bool) {
        let (file, module) = (self.file.to_owned(), self.module.clone());
        self.names.raw.push(Raw { file, module, segments, is_glob, is_import });
    }

    fn import(&mut self, before: &[String], tree: &syn::UseTree) {
        let joined = |ident: &syn::Ident| match ident.to_string() {
            this if this == "self" && !before.is_empty() => before.to_vec(),
            name => [before, &[name]].concat(),
        };
        match tree {
            syn::UseTree::Path(path) => {
                self.import(&[before, &[path.ident.to_string()]].concat(), &path.tree)
            }
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.import(before, tree)),
            syn::UseTree::Glob(_) => self.add(before.to_vec(), true, true),
            syn::UseTree::Name(name) => {
                let path = joined(&name.ident);
                let known_as = path.last().cloned().unwrap_or_default();
                self.import_as(path, known_as);
            }
            syn::UseTree::Rename(rename) => {
                let known_as = rename.rename.to_string();
                self.import_as(joined(&rename.ident), known_as);
            }
        }
    }

    fn import_as(&mut self, path: Vec<String>, known_as: String) {
        let imports = self.names.imports.entry(self.module.clone()).or_default();
        imports.entry(known_as).or_default().insert(path.clone());
        self.add(path, false, true);
    }

    /// Finds paths among tokens that are not parsed: those of macros and attributes.
    fn tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<_> = tokens.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            if let Some((item, length)) = use_item(&tokens[at..]) {
                self.visit_item_use(&item);
                at += length;
                continue;
            }
            let (path, length) = path_at(&tokens[at..]);
            match (&tokens[at], path.is_empty()) {
                (_, false) => self.add(path, false, false),
                (TokenTree::Group(group), _) => self.tokens(group.stream()),
                _ => {}
            }
            at += length.max(1);
        }
    }
}

/// Parses the `use` item that the tokens begin with; answers how many tokens it has.
fn use_item(tokens: &[TokenTree]) -> Option<(syn::ItemUse, usize)> {
    let is_punct = |token: &TokenTree, c| matches!(token, TokenTree::Punct(punct) if punct.as_char() == c);
    matches!(tokens.first(), Some(TokenTree::Ident(word)) if word == "use").then_some(())?;
    let length = tokens.iter().position(|token| is_punct(token, ';'))? + 1;
    let item = syn::parse2(tokens[..length].iter().cloned().collect()).ok()?;
    Some((item, length))
}

/// Returns the segments of the path that the tokens begin with (none if they begin with no path), and how many tokens it
/// has.
fn path_at(tokens: &[TokenTree]) -> (Vec<String>, usize) {
    let colons = |at: usize| {
        let pair = tokens.get(at..at + 2);
        pair.is_some_and(|two| two.iter().all(|t| matches!(t, TokenTree::Punct(p) if p.as_char() == ':')))
    };
    let (mut path, mut at) = (Vec::new(), 0);
    if colons(0) {
        (path, at) = (vec![String::new()], 2);
    }
    while let Some(TokenTree::Ident(word)) = tokens.get(at) {
        path.push(word.to_string());
        at += 1;
        if !colons(at) {
            break;
        }
        at += 2;
    }
    if path == [""] { (Vec::new(), at) } else { (path, at) }
}

impl<'ast> Visit<'ast> for Collector<'_, '_> {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !is_for_tests(attributes_of(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        if !is_for_tests(&function.attrs) {
            visit::visit_impl_item_fn(self, function);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if item.content.is_none() {
            return;
        }
        self.module.push(item.ident.to_string());
        self.names.modules.insert(self.module.clone());
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_item_extern_crate(&mut self, item: &'ast syn::ItemExternCrate) {
        let known_as = item.rename.as_ref().map_or(&item.ident, |(_, name)| name).to_string();
        self.import_as(vec![item.ident.to_string()], known_as);
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let root = if item.leading_colon.is_some() { vec![String::new()] } else { Vec::new() };
        self.import(&root, &item.tree);
    }

    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let root = path.leading_colon.map(|_| String::new());
        let segments = path.segments.iter().map(|segment| segment.ident.to_string());
        self.add(root.into_iter().chain(segments).collect(), false, false);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, invoked: &'ast syn::Macro) {
        visit::visit_macro(self, invoked);
        self.tokens(invoked.tokens.clone());
    }

    fn visit_meta_list(&mut self, list: &'ast syn::MetaList) {
        visit::visit_meta_list(self, list);
        self.tokens(list.tokens.clone());
    }
}
