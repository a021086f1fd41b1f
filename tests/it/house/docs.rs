//! Finds doc comments of functions that do not begin with a verb.

use super::source::{SourceFile, attributes_of, is_for_tests};
use syn::visit::{self, Visit};

/// Words that end like verbs in the third person and are none at the start of a sentence here.
const NO_VERBS: [&str; 24] = [
    "Always",
    "As",
    "Attributes",
    "Bytes",
    "Callbacks",
    "Clients",
    "Errors",
    "Events",
    "Files",
    "Its",
    "Keys",
    "Leases",
    "Numbers",
    "Others",
    "Owners",
    "Ranges",
    "Replies",
    "Rights",
    "Sessions",
    "This",
    "Threads",
    "Unless",
    "Waiters",
    "Whereas",
];

/// Returns `path::function: first line` of each documented function, outside of unit tests and generated files, whose doc
/// comment does not begin with a verb in the third person.
pub fn without_verb(file: &SourceFile) -> Vec<String> {
    if file.is_test() || file.is_generated() {
        return Vec::new();
    }
    let mut search = Search { path: &file.path, found: Vec::new() };
    search.visit_file(&file.tree);
    search.found
}

struct Search<'f> {
    path: &'f str,
    found: Vec<String>,
}

impl Search<'_> {
    fn look(&mut self, signature: &syn::Signature, attributes: &[syn::Attribute]) {
        if let Some(line) = attributes.iter().find_map(doc_line)
            && !begins_with_verb(&line)
        {
            self.found.push(format!("{}::{}: {}", self.path, signature.ident, line.trim()));
        }
    }
}

impl<'ast> Visit<'ast> for Search<'_> {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !is_for_tests(attributes_of(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.look(&function.sig, &function.attrs);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.look(&function.sig, &function.attrs);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        self.look(&function.sig, &function.attrs);
    }
}

/// Returns the text of a doc attribute.
fn doc_line(attribute: &syn::Attribute) -> Option<String> {
    match &attribute.meta {
        syn::Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// Tells whether the first word is written like a verb in the third person: one capital, and an "s" at the end.
fn begins_with_verb(line: &str) -> bool {
    let word = line.split_whitespace().next().unwrap_or_default().trim_end_matches([',', ':', '.', ';']);
    let (first, rest) = word.split_at(word.len().min(1));
    first.chars().all(|letter| letter.is_ascii_uppercase())
        && rest.ends_with('s')
        && rest.chars().all(|letter| letter.is_ascii_lowercase())
        && !NO_VERBS.contains(&word)
}

#[test]
fn noun_clauses_are_found() {
    let text = r"
        /// Returns it.
        fn good() {}
        /// The lease.
        fn bad() {}
        fn undocumented() {}
        struct S;
        impl S {
            /// Bytes of it.
            #[inline]
            pub fn worse(&self) {}
        }
        #[cfg(test)]
        mod tests {
            /// A test.
            fn passed_over() {}
        }
    ";
    let found = without_verb(&SourceFile::parse("room/file.rs", text));
    assert_eq!(found, ["room/file.rs::bad: The lease.", "room/file.rs::worse: Bytes of it."]);
    assert_eq!(["Is", "RENEW", "Opens:", ""].map(begins_with_verb), [true, false, true, false]);
}
