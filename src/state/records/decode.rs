//! Decodes the value of a record.

use serde::Deserialize;

/// A record is wrong; which kind it is of is known further up.
#[derive(Debug)]
pub(super) struct Wrong;

pub(super) fn read<'a, T: Deserialize<'a>>(value: &'a [u8]) -> Result<T, Wrong> {
    match postcard::take_from_bytes(value) {
        Ok((record, [])) => Ok(record),
        _ => Err(Wrong),
    }
}
