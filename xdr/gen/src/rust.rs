//! From what xdrgen writes to what may be in the server. xdrgen writes one item a line, tokens parted by blanks. What
//! must be replaced must be there, so that another version of xdrgen cannot slip through unmended.

use crate::source::{LIST_LIMIT, Source};

/// The items, mended:
///
/// - a union with a void default keeps the value of its selector, instead of forgetting it
/// - arrays that are linked lists on the wire go through `xdr::list`, which is iterative
/// - fixed arrays start as zeros, not as uninitialized memory
/// - constants have the type u32 where they fit
pub fn mend(generated: &str, source: &Source) -> Result<Vec<String>, String> {
    let is_item = |line: &&str| !line.is_empty() && !line.starts_with("//");
    let mut items: Vec<String> = generated.lines().filter(is_item).map(mend_item).collect();
    for (name, selector) in &source.open_unions {
        keep_selector(&mut items, name, selector)?;
    }
    for (name, value) in &source.wide {
        items.push(format!("pub const {name} : u64 = {value:#x} ;"));
    }
    let left_over = ["unsafe", "invalidcase ( - 1 )", "_flex ( input , None"];
    match items.iter().find(|item| left_over.iter().any(|bad| item.contains(bad))) {
        Some(item) => Err(format!("cannot mend: {item}")),
        None => Ok(items),
    }
}

fn mend_item(line: &str) -> String {
    let line = line.replace("unsafe { :: std :: mem :: uninitialized ( ) }", "[ 0u8 ; _ ]");
    narrow_constant(&line).unwrap_or_else(|| flatten_list(line))
}

/// `pub const A : i64 = 7i64 ;` with the type that callers want.
fn narrow_constant(line: &str) -> Option<String> {
    let (name, value) = line.strip_prefix("pub const ")?.split_once(" : i64 = ")?;
    let value: i64 = value.trim_end_matches(" ;").trim_end_matches("i64").parse().ok()?;
    let kind = if u32::try_from(value).is_ok() { "u32" } else { "i64" };
    Some(format!("pub const {name} : {kind} = {value} ;"))
}

/// Calls of `pack_flex` and `unpack_flex` whose limit is the one of linked lists.
fn flatten_list(mut line: String) -> String {
    let limit = format!("Some ( {LIST_LIMIT} as usize )");
    let mut from = 0;
    while let Some(found) = line[from..].find(&limit) {
        let call = line[..from + found].rfind("xdr_codec ::").unwrap_or(0);
        let tail = line.split_off(call);
        let tail = tail.replacen("xdr_codec :: unpack_flex", "crate :: xdr :: list :: unpack", 1);
        let tail = tail.replacen("xdr_codec :: pack_flex", "crate :: xdr :: list :: pack", 1);
        line += &tail.replacen(&limit, &format!("{LIST_LIMIT} as usize"), 1);
        from = call;
    }
    line
}

/// Gives the variant `default` of the union `name` the value of its selector.
fn keep_selector(items: &mut [String], name: &str, selector: &str) -> Result<(), String> {
    let mends = [
        (format!("pub enum {name} {{"), "default ,".to_owned(), format!("default ( {selector} ) ,")),
        (
            format!("xdr_codec :: Pack < Out > for {name} {{"),
            format!("& {name} :: default => return Err ( xdr_codec :: Error :: invalidcase ( - 1 ) ) ,"),
            format!("& {name} :: default ( ref val ) => val . pack ( out ) ? ,"),
        ),
        (
            format!("xdr_codec :: Unpack < In > for {name} {{"),
            format!("_ => {name} :: default }}"),
            // The selector has been read as a plain number: read it again as what it is.
            format!(
                "v => {name} :: default ( xdr_codec :: Unpack :: unpack ( & mut & v . to_be_bytes ( ) [ .. ] ) ? . 0 ) }}"
            ),
        ),
    ];
    for (head, old, new) in mends {
        let mut hits = items.iter_mut().filter(|item| item.contains(&head));
        let (Some(item), None) = (hits.next(), hits.next()) else {
            return Err(format!("{head:?} is not there exactly once"));
        };
        if item.matches(&old).count() != 1 {
            return Err(format!("{old:?} is not exactly once in {item}"));
        }
        *item = item.replacen(&old, &new, 1);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::prepare;

    fn generated(specification: &str) -> String {
        let source = prepare(specification).unwrap();
        let mut out = Vec::new();
        xdrgen::generate("", source.text.as_bytes(), &mut out).unwrap();
        mend(std::str::from_utf8(&out).unwrap(), &source).unwrap().join("\n")
    }

    #[test]
    fn default_cases_keep_their_number() {
        let text =
            generated("enum s { A = 0, B = 1 }; union u switch (s x) { case A: int a; default: void; };");
        assert!(text.contains("pub enum u { A ( i32 ) , default ( s ) , }"), "{text}");
        assert!(text.contains("& u :: default ( ref val ) => val . pack ( out ) ?"), "{text}");
    }

    #[test]
    fn no_uninitialized_memory_is_left() {
        let text = generated("typedef opaque v[8]; struct s { opaque o[12]; };");
        assert!(text.contains("= [ 0u8 ; _ ]") && !text.contains("unsafe"), "{text}");
    }

    #[test]
    fn lists_are_read_by_our_own_code() {
        let text = generated(
            "const LINKED_LIST_MAX = 9; struct e { int a; e *next; };
             struct l { int b<3>; e *first; int c<4>; };",
        );
        assert!(
            text.contains("crate :: xdr :: list :: unpack ( input , LINKED_LIST_MAX as usize ) ?"),
            "{text}"
        );
        assert!(
            text.contains("crate :: xdr :: list :: pack ( & self . first , LINKED_LIST_MAX as usize , out )")
        );
        assert_eq!(text.matches("xdr_codec :: unpack_flex ( input , Some (").count(), 2);
    }

    #[test]
    fn arrays_without_limit_do_not_pass() {
        assert!(
            mend("fn f ( ) { xdr_codec :: unpack_flex ( input , None ) ? }", &Source::default()).is_err()
        );
    }

    #[test]
    fn constants_are_narrow() {
        assert_eq!(
            narrow_constant("pub const A : i64 = 4294967295i64 ;").unwrap(),
            "pub const A : u32 = 4294967295 ;"
        );
        assert_eq!(narrow_constant("pub const A : i64 = -1i64 ;").unwrap(), "pub const A : i64 = -1 ;");
    }
}
