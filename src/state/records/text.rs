//! Bytes in records: as they are where they are stored, readable where a person looks at them.

use serde::ser::{SerializeTuple, Serializer};
use std::fmt::Write;

/// Bytes of any length: text if they are nothing but that, else hexadecimal after `0x`.
pub fn readable(octets: &[u8]) -> String {
    match std::str::from_utf8(octets) {
        Ok(text) if !text.starts_with("0x") && !text.contains(char::is_control) => text.to_owned(),
        _ => format!("0x{}", in_hex(octets)),
    }
}

fn in_hex(octets: &[u8]) -> String {
    octets.iter().fold(String::with_capacity(2 * octets.len()), |mut text, octet| {
        // Writing to a string does not fail.
        let _ = write!(text, "{octet:02x}");
        text
    })
}

pub fn text<S: Serializer>(octets: &&[u8], serializer: S) -> Result<S::Ok, S::Error> {
    match serializer.is_human_readable() {
        true => serializer.serialize_str(&readable(octets)),
        false => serializer.serialize_bytes(octets),
    }
}

pub fn text_if_any<S: Serializer>(octets: &Option<&[u8]>, serializer: S) -> Result<S::Ok, S::Error> {
    /// Bytes as [`text`] writes them.
    struct Octets<'a>(&'a [u8]);
    impl serde::Serialize for Octets<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            text(&self.0, serializer)
        }
    }
    match octets {
        Some(octets) => serializer.serialize_some(&Octets(octets)),
        None => serializer.serialize_none(),
    }
}

/// A clientid: hexadecimal, as everywhere.
pub fn clientid<S: Serializer>(id: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    match serializer.is_human_readable() {
        true => serializer.serialize_str(&format!("{id:016x}")),
        false => serializer.serialize_u64(*id),
    }
}

/// So many bytes: always hexadecimal.
pub fn hex<S: Serializer, const N: usize>(octets: &[u8; N], serializer: S) -> Result<S::Ok, S::Error> {
    if serializer.is_human_readable() {
        return serializer.serialize_str(&in_hex(octets));
    }
    let mut tuple = serializer.serialize_tuple(N)?;
    octets.iter().try_for_each(|octet| tuple.serialize_element(octet))?;
    tuple.end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_text_is_shown_as_text() {
        for (octets, want) in [
            (&b"Linux NFSv4.2 client"[..], "Linux NFSv4.2 client"),
            (b"", ""),
            (b"0x12", "0x30783132"),
            (b"a\nb", "0x610a62"),
            (b"\xff\x00", "0xff00"),
        ] {
            assert_eq!(readable(octets), want);
        }
    }
}
