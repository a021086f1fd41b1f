//! Records for people and for other programs.

use super::codec::Malformed;
use super::key::Key;
use super::kinds::show_value;
use super::restore::RestoreError;
use serde_json::{Value, json};

/// Converts a record to JSON: `kind`, `key` and `value`, with the names of the RFCs. Bytes are text, or hexadecimal after
/// `0x`. Errors: it is no record that this version knows.
pub fn record_as_json(key: &[u8], value: &[u8]) -> Result<Value, RestoreError> {
    let key = Key::read(key).ok_or(RestoreError::Key)?;
    let value = show_value(&key, value).map_err(|Malformed| RestoreError::Value(key.kind()))?;
    Ok(json!({ "kind": format!("{:?}", key.kind()), "key": key.show(), "value": value }))
}
