//! Bytes in records: as they are where they are stored, readable where a person looks at them.

use serde::ser::{SerializeTuple, Serializer};
use std::fmt::Write;

/// Returns bytes of any length: text if they are nothing but that, else hexadecimal after `0x`.
pub fn readable(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.starts_with("0x") && !text.contains(char::is_control) => text.to_owned(),
        _ => format!("0x{}", in_hex(bytes)),
    }
}

fn in_hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

pub fn text<S: Serializer>(bytes: &&[u8], serializer: S) -> Result<S::Ok, S::Error> {
    match serializer.is_human_readable() {
        true => serializer.serialize_str(&readable(bytes)),
        false => serializer.serialize_bytes(bytes),
    }
}

pub fn text_if_any<S: Serializer>(bytes: &Option<&[u8]>, serializer: S) -> Result<S::Ok, S::Error> {
    /// Bytes as [`text`] writes them.
    struct Bytes<'a>(&'a [u8]);
    impl serde::Serialize for Bytes<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            text(&self.0, serializer)
        }
    }
    match bytes {
        Some(bytes) => serializer.serialize_some(&Bytes(bytes)),
        None => serializer.serialize_none(),
    }
}

/// Returns a clientid: hexadecimal, as everywhere.
pub fn clientid<S: Serializer>(id: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    match serializer.is_human_readable() {
        true => serializer.serialize_str(&format!("{id:016x}")),
        false => serializer.serialize_u64(*id),
    }
}

/// Writes so many bytes, always in hexadecimal.
pub fn hex<S: Serializer, const N: usize>(bytes: &[u8; N], serializer: S) -> Result<S::Ok, S::Error> {
    if serializer.is_human_readable() {
        return serializer.serialize_str(&in_hex(bytes));
    }
    let mut tuple = serializer.serialize_tuple(N)?;
    bytes.iter().try_for_each(|byte| tuple.serialize_element(byte))?;
    tuple.end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_text_is_shown_as_text() {
        for (bytes, want) in [
            (&b"Linux NFSv4.2 client"[..], "Linux NFSv4.2 client"),
            (b"", ""),
            (b"0x12", "0x30783132"),
            (b"a\nb", "0x610a62"),
            (b"\xff\x00", "0xff00"),
        ] {
            assert_eq!(readable(bytes), want);
        }
    }
}
