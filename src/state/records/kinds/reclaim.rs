//! A client that may reclaim what it held before a cold start ([`Key::Reclaim`]). The key says everything.

use crate::state::records::changes::Changes;
use crate::state::records::codec::{self, Malformed, decode};
use crate::state::records::key::Key;
use crate::state::recovery::Grace;
use serde_json::Value;

impl Changes {
    /// Writes that the client of this name may reclaim.
    pub(in crate::state) fn put_reclaim(&mut self, name: &[u8]) {
        self.put(Key::Reclaim(name), &());
    }
}

pub fn restore(grace: &mut Grace, name: &[u8], value: &[u8]) -> Result<(), Malformed> {
    decode::<()>(value)?;
    grace.restore(name);
    Ok(())
}

pub fn show(value: &[u8]) -> Result<Value, Malformed> {
    decode::<()>(value)?;
    codec::show(())
}
