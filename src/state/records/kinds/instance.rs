//! The instance ([`Key::Instance`]) and the instances whose state it has adopted ([`Key::Epochs`]).

use crate::state::instance::Instance;
use crate::state::records::changes::Changes;
use crate::state::records::codec::{self, Malformed, decode, require};
use crate::state::records::key::Key;
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Debug, Serialize, Deserialize)]
struct InstanceRecord {
    /// The epoch in which the state began: clientids and stateids of earlier ones are stale.
    since: u32,
}

#[derive(Debug, Serialize, Deserialize)]
struct EpochsRecord {
    /// The last of the epochs of which the key has the first.
    last: u32,
}

impl Changes {
    /// Writes in which epoch the state began.
    pub(in crate::state) fn put_instance(&mut self, since: u32) {
        self.put(Key::Instance, &InstanceRecord { since });
    }

    /// Writes a span of epochs of another instance whose state was adopted.
    pub(in crate::state) fn put_epochs(&mut self, first: u32, last: u32) {
        self.put(Key::Epochs(first), &EpochsRecord { last });
    }
}

/// Reads in which epoch the state began.
pub fn since_of(value: &[u8]) -> Result<u32, Malformed> {
    Ok(decode::<InstanceRecord>(value)?.since)
}

pub fn restore(instance: &mut Instance, value: &[u8]) -> Result<(), Malformed> {
    instance.resume(since_of(value)?);
    Ok(())
}

pub fn restore_epochs(instance: &mut Instance, first: u32, value: &[u8]) -> Result<(), Malformed> {
    let EpochsRecord { last } = decode(value)?;
    require(instance.adopt(first, last))
}

pub fn show(value: &[u8]) -> Result<Value, Malformed> {
    codec::show(decode::<InstanceRecord>(value)?)
}

pub fn show_epochs(value: &[u8]) -> Result<Value, Malformed> {
    codec::show(decode::<EpochsRecord>(value)?)
}
