//! Reads the source of the library: files, the modules that they hold, and where each item begins and ends.

use std::fs;
use std::path::{Path, PathBuf};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// Holds one file of the library, parsed.
pub struct SourceFile {
    /// Relative to `src`, with `/`.
    pub path: String,
    /// The module that the file is, from the crate's root.
    pub module: Vec<String>,
    /// How many lines it has.
    pub lines: usize,
    /// Its syntax tree.
    pub tree: syn::File,
}

/// Names a function and how many lines it has, from its signature to its closing brace.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    /// As `path/of/file.rs::name`.
    pub name: String,
    /// Its length.
    pub lines: usize,
}

/// Returns the directory of the library's source.
pub fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Reads and parses all files below `src`, in the order of their paths.
pub fn read_all() -> Vec<SourceFile> {
    let mut found = Vec::new();
    let mut open = vec![directory()];
    while let Some(dir) = open.pop() {
        for path in fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
            match path.is_dir() {
                true => open.push(path),
                false if path.extension().is_some_and(|ending| ending == "rs") => found.push(path),
                false => {}
            }
        }
    }
    found.sort();
    let relative = |path: &Path| path.strip_prefix(directory()).unwrap().to_string_lossy().into_owned();
    found.iter().map(|path| SourceFile::parse(&relative(path), &fs::read_to_string(path).unwrap())).collect()
}

impl SourceFile {
    /// Parses `text` as the file `path`, which is relative to `src`.
    pub fn parse(path: &str, text: &str) -> Self {
        let tree = syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"));
        let mut module: Vec<_> = path.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
        if ["mod", "lib", "main"].contains(&module[module.len() - 1].as_str()) {
            module.pop();
        }
        Self { path: path.to_owned(), module, lines: text.lines().count(), tree }
    }

    /// Returns the room that the file belongs to; `None` for `lib.rs` and `main.rs`.
    pub fn room(&self) -> Option<&str> {
        self.module.first().map(String::as_str)
    }

    /// Tells whether the whole file is compiled for unit tests only.
    pub fn is_test(&self) -> bool {
        self.path.contains("/tests/") || self.path.ends_with("tests.rs")
    }

    /// Tells whether the file is written by `xdr/gen`.
    pub fn is_generated(&self) -> bool {
        self.path.contains("generated/")
    }

    /// Returns all functions of the file, those of its unit tests included.
    pub fn functions(&self) -> Vec<Function> {
        let mut lengths = Functions { path: &self.path, found: Vec::new() };
        lengths.visit_file(&self.tree);
        lengths.found
    }

    /// Returns the macros that the file invokes outside of its unit tests.
    pub fn macros(&self) -> Vec<String> {
        let mut macros = Macros(Vec::new());
        macros.visit_file(&self.tree);
        macros.0
    }
}

/// Collects the last segments of the names of macros that are invoked outside of unit tests.
struct Macros(Vec<String>);

impl<'ast> Visit<'ast> for Macros {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !is_for_tests(attributes_of(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_macro(&mut self, invoked: &'ast syn::Macro) {
        self.0.extend(invoked.path.segments.last().map(|segment| segment.ident.to_string()));
    }
}

/// Tells whether an item is compiled for unit tests only.
pub fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    let is_cfg_test = |attribute: &syn::Attribute| match &attribute.meta {
        syn::Meta::List(list) => list.path.is_ident("cfg") && list.tokens.to_string() == "test",
        _ => false,
    };
    attributes.iter().any(is_cfg_test)
}

struct Functions<'f> {
    path: &'f str,
    found: Vec<Function>,
}

impl Functions<'_> {
    fn add(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let lines = block.span().end().line - signature.span().start().line + 1;
        self.found.push(Function { name: format!("{}::{}", self.path, signature.ident), lines });
    }
}

impl<'ast> Visit<'ast> for Functions<'_> {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.add(&function.sig, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.add(&function.sig, &function.block);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        if let Some(block) = &function.default {
            self.add(&function.sig, block);
        }
        visit::visit_trait_item_fn(self, function);
    }
}

/// Returns the attributes of an item.
pub fn attributes_of(item: &syn::Item) -> &[syn::Attribute] {
    match item {
        syn::Item::Const(item) => &item.attrs,
        syn::Item::Enum(item) => &item.attrs,
        syn::Item::ExternCrate(item) => &item.attrs,
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::ForeignMod(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        syn::Item::Macro(item) => &item.attrs,
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Static(item) => &item.attrs,
        syn::Item::Struct(item) => &item.attrs,
        syn::Item::Trait(item) => &item.attrs,
        syn::Item::Type(item) => &item.attrs,
        syn::Item::Union(item) => &item.attrs,
        syn::Item::Use(item) => &item.attrs,
        _ => &[],
    }
}
