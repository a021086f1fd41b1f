//! From a specification as the RFCs write it to one that xdrgen understands.

/// A prepared specification.
#[derive(Debug, Default)]
pub struct Source {
    /// What xdrgen gets.
    pub text: String,
    /// Constants that do not fit into its 63 bits, by name.
    pub wide: Vec<(String, u64)>,
    /// Unions whose default case is void, with the type of their selector.
    pub open_unions: Vec<(String, String)>,
}

/// The limit of arrays that stand for linked lists on the wire.
pub const LIST_LIMIT: &str = "LINKED_LIST_MAX";

/// Prepares a specification.
///
/// Errors: it has an array without a limit, or is not balanced.
pub fn prepare(specification: &str) -> Result<Source, String> {
    let tokens = flatten_lists(tokens(specification)?);
    if tokens.windows(2).any(|pair| pair[0] == "<" && pair[1] == ">") {
        return Err("an array has no limit".into());
    }
    let mut source = Source { open_unions: open_unions(&tokens), ..Source::default() };
    if tokens.windows(3).any(|three| three == ["switch", "(", "bool"]) {
        source.text += "const FALSE = 0;\nconst TRUE = 1;\n";
    }
    let mut rest = tokens.as_slice();
    while let Some(first) = rest.first() {
        let (definition, after) = rest.split_at(definition_len(rest)?);
        rest = after;
        match (first.as_str(), definition) {
            ("program", _) => source.text += &program(definition),
            ("const", [_, name, _, value, _]) if number(value)? > i64::MAX as u64 => {
                source.wide.push((name.clone(), number(value)?));
            }
            _ => source.text += &(definition.join(" ") + "\n"),
        }
    }
    Ok(source)
}

/// Words, numbers and single marks, without comments.
fn tokens(text: &str) -> Result<Vec<String>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let len = if rest.starts_with("/*") {
            rest.find("*/").ok_or("a comment has no end")? + 2
        } else if first.is_alphanumeric() {
            let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            tokens.push(rest[..word].to_owned());
            word
        } else {
            tokens.push(first.to_string());
            first.len_utf8()
        };
        rest = rest[len..].trim_start();
    }
    Ok(tokens)
}

/// How many tokens the first definition has, its semicolon included.
fn definition_len(tokens: &[String]) -> Result<usize, String> {
    let mut depth = 0;
    for (index, token) in tokens.iter().enumerate() {
        match token.as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            ";" if depth == 0 => return Ok(index + 1),
            _ => {}
        }
    }
    Err(format!("the definition at {:?} has no end", tokens.first()))
}

fn number(token: &str) -> Result<u64, String> {
    let parsed = match token.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => token.parse(),
    };
    parsed.map_err(|error| format!("{token}: {error}"))
}

/// A linked list becomes an array: the link inside the element goes, and the pointer to the first element gets a limit
/// by which [`rust`](crate::rust) knows it.
fn flatten_lists(mut tokens: Vec<String>) -> Vec<String> {
    while let Some(star) = tokens.iter().position(|token| token == "*") {
        let element = tokens[star - 1].clone();
        let open = tokens[..star].iter().rposition(|token| token == "{").unwrap_or(1);
        if tokens[open - 1] == element {
            tokens.drain(star - 1..star + 3);
        } else {
            let limit = ["<", LIST_LIMIT, ">"].map(String::from);
            tokens.splice(star + 2..star + 2, limit);
            tokens.remove(star);
        }
    }
    tokens
}

/// The unions with `default: void`.
fn open_unions(tokens: &[String]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut current = None;
    for (index, token) in tokens.iter().enumerate() {
        match token.as_str() {
            "union" => current = Some(index),
            "default" if tokens.get(index + 2).is_some_and(|body| body == "void") => {
                // union NAME switch ( TYPE... selector )
                let Some(head) = current.map(|start| &tokens[start..index]) else { continue };
                let end = head.iter().position(|token| token == ")").unwrap_or(head.len());
                let selector = match &head[4..end - 1] {
                    [unsigned, int] if unsigned == "unsigned" && int == "int" => "u32".into(),
                    words => words.join(" "),
                };
                found.push((head[1].clone(), selector));
            }
            _ => {}
        }
    }
    found
}

/// The numbers of a program, its versions and procedures, as constants.
fn program(definition: &[String]) -> String {
    let mut text = String::new();
    let mut open = Vec::new();
    for (index, token) in definition.iter().enumerate() {
        let named = |name: &str| format!("const {name} = {};\n", definition[index + 2]);
        match token.as_str() {
            "program" | "version" => open.push(definition[index + 1].as_str()),
            "}" => text += &open.pop().map(named).unwrap_or_default(),
            ")" => {
                let start = definition[..index].iter().rposition(|token| token == "(").unwrap_or(1);
                text += &named(&definition[start - 1]);
            }
            _ => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn squeezed(text: &str) -> String {
        prepare(text).unwrap().text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_linked_list_becomes_an_array() {
        let text = squeezed("struct e { int a; e *next; }; struct l { e *first; bool eof; };");
        assert_eq!(text, "struct e { int a ; } ; struct l { e first < LINKED_LIST_MAX > ; bool eof ; } ;");
    }

    #[test]
    fn a_program_becomes_constants() {
        let text = squeezed("program P { version V { void A(void) = 0; int B(int) = 1; } = 4; } = 100003;");
        assert_eq!(text, "const A = 0; const B = 1; const V = 4; const P = 100003;");
    }

    #[test]
    fn wide_constants_are_set_aside() {
        let source = prepare("const A = 0xffffffffffffffff; const B = 7; /* c */").unwrap();
        assert_eq!(source.wide, [("A".to_owned(), u64::MAX)]);
        assert_eq!(source.text, "const B = 7 ;\n");
    }

    #[test]
    fn unions_with_void_defaults_are_found() {
        let text = "union u switch (unsigned int f) { case 6: int a; default: void; };
                    union w switch (kind k) { case A: void; default: int b; };
                    union v switch (kind k) { case A: int a; default: void; };";
        let found = prepare(text).unwrap().open_unions;
        assert_eq!(found, [("u".to_owned(), "u32".to_owned()), ("v".to_owned(), "kind".to_owned())]);
    }

    #[test]
    fn arrays_want_limits() {
        assert!(prepare("typedef opaque a<>;").is_err());
        assert!(prepare("typedef opaque a<5>").is_err());
    }
}
