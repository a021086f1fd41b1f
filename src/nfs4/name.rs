//! Names of directory entries and texts of symbolic links (RFC 7530 §12).

use super::Status;

/// Longest component, in octets.
pub const NAME_BYTES_MAX: usize = 255;

/// Longest text of a symbolic link, in octets (`PATH_MAX` less its NUL).
const LINK_TEXT_BYTES_MAX: usize = 4095;

/// Checks that a text is UTF-8 (§12.3). The code points U+FFFE and U+FFFF are no characters, so no text has them.
/// Errors: `Inval`.
pub fn check_utf8(octets: &[u8]) -> Result<&str, Status> {
    let text = std::str::from_utf8(octets).map_err(|_| Status::Inval)?;
    if !text.is_ascii() && text.contains(['\u{fffe}', '\u{ffff}']) { Err(Status::Inval) } else { Ok(text) }
}

/// Checks a `component4`.
///
/// Errors: `Inval` when it is empty or not UTF-8 (§12.3, §12.7), `NameTooLong`, `BadName` for `.` and `..`,
/// `BadChar` when it contains `/` or NUL.
pub fn check_component(octets: &[u8]) -> Result<&str, Status> {
    if octets.is_empty() {
        return Err(Status::Inval);
    }
    if octets.len() > NAME_BYTES_MAX {
        return Err(Status::NameTooLong);
    }
    let name = check_utf8(octets)?;
    match name {
        "." | ".." => Err(Status::BadName),
        _ if name.contains(['/', '\0']) => Err(Status::BadChar),
        _ => Ok(name),
    }
}

/// Checks a `linktext4`: not empty, no NUL, at most 4095 octets. Link texts are opaque to the server and need not be
/// UTF-8 (§12.4).
pub fn check_link_text(octets: &[u8]) -> Result<&[u8], Status> {
    match octets {
        [] => Err(Status::Inval),
        _ if octets.len() > LINK_TEXT_BYTES_MAX => Err(Status::NameTooLong),
        _ if octets.contains(&0) => Err(Status::Inval),
        _ => Ok(octets),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_are_checked() {
        assert_eq!(check_component(b"a file"), Ok("a file"));
        assert_eq!(check_component("ü".as_bytes()), Ok("ü"));
        assert_eq!(check_component(b""), Err(Status::Inval));
        assert_eq!(check_component(b"\xff"), Err(Status::Inval));
        assert_eq!(check_component(b"\xef\xbf\xbe"), Err(Status::Inval));
        assert_eq!(check_component(b"."), Err(Status::BadName));
        assert_eq!(check_component(b".."), Err(Status::BadName));
        assert_eq!(check_component(b"..."), Ok("..."));
        assert_eq!(check_component(b"a/b"), Err(Status::BadChar));
        assert_eq!(check_component(b"a\0"), Err(Status::BadChar));
        assert_eq!(check_component(&[b'x'; 255]).map(str::len), Ok(255));
        assert_eq!(check_component(&[b'x'; 256]), Err(Status::NameTooLong));
    }
}
