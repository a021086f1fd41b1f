//! Encodes and decodes the values of records, and checks the primitive values that they consist of.
//!
//! A value is what postcard makes of the fields of its record, in their order.

use crate::nfs4::{Filehandle, LockKind, Principal, Range, Status};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Reports a record that no core has written. The caller knows of which kind it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

/// Appends the encoding of `value` to `out`.
pub fn encode<T: Serialize>(value: &T, out: &mut Vec<u8>) {
    // Writing to memory does not fail, and every value consists of plain types.
    let written = postcard::serialize_with_flavor(value, Appender(out));
    debug_assert!(written.is_ok(), "{written:?}");
}

/// Decodes a value. Errors: `Malformed`, also if bytes are left over.
pub fn decode<'a, T: Deserialize<'a>>(value: &'a [u8]) -> Result<T, Malformed> {
    match postcard::take_from_bytes(value) {
        Ok((record, [])) => Ok(record),
        _ => Err(Malformed),
    }
}

/// Converts a record to JSON.
pub fn show(record: impl Serialize) -> Result<Value, Malformed> {
    serde_json::to_value(record).map_err(|_| Malformed)
}

/// Requires that a condition holds which every record meets that a core has written.
pub fn require(is_met: bool) -> Result<(), Malformed> {
    is_met.then_some(()).ok_or(Malformed)
}

/// Returns the kind of lock of a record.
pub fn lock_kind(write: bool) -> LockKind {
    if write { LockKind::Write } else { LockKind::Read }
}

/// Returns the range of a record.
pub fn range(first: u64, last: u64) -> Result<Range, Malformed> {
    Range::new(first, last).ok_or(Malformed)
}

/// Returns the filehandle of a record.
pub fn filehandle(bytes: &[u8]) -> Result<Filehandle, Malformed> {
    Filehandle::new(bytes).ok_or(Malformed)
}

/// Returns the status of a record.
pub fn status(number: u32) -> Result<Status, Malformed> {
    Status::from_number(number).ok_or(Malformed)
}

/// Returns the principal that is stored as the uid of `AUTH_SYS`.
pub fn principal(uid: Option<u32>) -> Principal {
    uid.map_or(Principal::None, |uid| Principal::Sys { uid })
}

/// Returns what is stored of a principal.
pub fn uid(principal: Principal) -> Option<u32> {
    match principal {
        Principal::None => None,
        Principal::Sys { uid } => Some(uid),
    }
}

/// Writes values to the end of a buffer.
struct Appender<'a>(&'a mut Vec<u8>);

impl postcard::ser_flavors::Flavor for Appender<'_> {
    type Output = ();

    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        self.0.push(byte);
        Ok(())
    }

    fn try_extend(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    fn finalize(self) -> postcard::Result<()> {
        Ok(())
    }
}
