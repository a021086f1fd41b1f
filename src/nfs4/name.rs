//! Names of directory entries and texts of symbolic links (RFC 7530 §12).

use super::Status;

/// Longest component, in bytes.
pub const NAME_BYTES_MAX: usize = 255;

/// Longest text of a symbolic link, in bytes (`PATH_MAX` less its NUL).
const LINK_TEXT_BYTES_MAX: usize = 4095;

/// Checks that a text is UTF-8 (§12.3). The code points U+FFFE and U+FFFF are not characters, so no text may contain them.
/// Errors: `Inval`.
pub fn check_utf8(bytes: &[u8]) -> Result<&str, Status> {
    let text = std::str::from_utf8(bytes).map_err(|_| Status::Inval)?;
    if !text.is_ascii() && text.contains(['\u{fffe}', '\u{ffff}']) { Err(Status::Inval) } else { Ok(text) }
}

/// Checks a `component4`; whether it must be UTF-8 depends on the export.
///
/// Errors: `Inval` when it is empty, `NameTooLong`, `BadName` for `.` and `..`, `BadChar` when it contains `/` or NUL.
pub fn check_component(bytes: &[u8]) -> Result<&[u8], Status> {
    match bytes {
        [] => Err(Status::Inval),
        _ if bytes.len() > NAME_BYTES_MAX => Err(Status::NameTooLong),
        b"." | b".." => Err(Status::BadName),
        _ if bytes.iter().any(|byte| matches!(byte, b'/' | 0)) => Err(Status::BadChar),
        _ => Ok(bytes),
    }
}

/// Checks a `linktext4`: not empty, no NUL, at most 4095 bytes. Link texts are opaque to the server and need not be
/// UTF-8 (§12.4).
pub fn check_link_text(bytes: &[u8]) -> Result<&[u8], Status> {
    match bytes {
        [] => Err(Status::Inval),
        _ if bytes.len() > LINK_TEXT_BYTES_MAX => Err(Status::NameTooLong),
        _ if bytes.contains(&0) => Err(Status::Inval),
        _ => Ok(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_are_checked() {
        assert_eq!(check_component(b"a file"), Ok(&b"a file"[..]));
        assert_eq!(check_component(b"\xff"), Ok(&b"\xff"[..]));
        assert_eq!(check_component(b""), Err(Status::Inval));
        assert_eq!(check_component(b"."), Err(Status::BadName));
        assert_eq!(check_component(b".."), Err(Status::BadName));
        assert_eq!(check_component(b"..."), Ok(&b"..."[..]));
        assert_eq!(check_component(b"a/b"), Err(Status::BadChar));
        assert_eq!(check_component(b"a\0"), Err(Status::BadChar));
        assert_eq!(check_component(&[b'x'; 255]).map(<[u8]>::len), Ok(255));
        assert_eq!(check_component(&[b'x'; 256]), Err(Status::NameTooLong));
    }

    #[test]
    fn texts_are_checked() {
        assert_eq!(check_utf8("ü".as_bytes()), Ok("ü"));
        for bad in [&b"\xff"[..], b"\xc3", b"\xed\xa0\x80", b"\xef\xbf\xbe"] {
            assert_eq!(check_utf8(bad), Err(Status::Inval));
        }
    }
}
