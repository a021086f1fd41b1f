//! Records for people and for other programs.

use super::decode::{Wrong, read};
use super::key::Key;
use super::restore::RestoreError;
use super::text::readable;
use super::values::*;
use serde::Serialize;
use serde_json::{Value, json};

/// Returns a record as JSON: `kind`, `key` and `value`, with the names of the RFCs. Bytes are text, or hexadecimal after `0x`.
/// Errors: it is no record that this version knows.
pub fn record_as_json(key: &[u8], value: &[u8]) -> Result<Value, RestoreError> {
    let key = Key::read(key).ok_or(RestoreError::Key)?;
    let wrong = |_: Wrong| RestoreError::Value(key.kind());
    let value = value_as_json(&key, value).map_err(wrong)?;
    Ok(json!({ "kind": format!("{:?}", key.kind()), "key": key_as_json(&key), "value": value }))
}

fn key_as_json(key: &Key<'_>) -> Value {
    let clientid = |id: crate::nfs4::ClientId| format!("{:016x}", id.0);
    let sessionid = |id: crate::nfs4::SessionId| format!("{:032x}", u128::from_be_bytes(id.0));
    match *key {
        Key::Instance => Value::Null,
        Key::Epochs(first) => json!({ "first": first }),
        Key::Reclaim(name) => json!({ "name": readable(name) }),
        Key::Client(id) | Key::Unconfirmed(id) => json!({ "clientid": clientid(id) }),
        Key::Session(id) => json!({ "sessionid": sessionid(id) }),
        Key::Slot(id, slot) | Key::BackSlot(id, slot) => {
            json!({ "sessionid": sessionid(id), "slotid": slot })
        }
        Key::OpenOwner(id, owner) => json!({ "clientid": clientid(id), "owner": readable(owner) }),
        Key::LockOwner(id) => json!({ "lock_owner": id.0 }),
        Key::File(file) => json!({ "file": file }),
        Key::Open(id, serial) | Key::Lock(id, serial) | Key::Revoked(id, serial) => {
            json!({ "clientid": clientid(id), "serial": serial })
        }
        Key::Range(file, owner, first) => json!({ "file": file, "lock_owner": owner.0, "first": first }),
        Key::Waiter(file, place) => json!({ "file": file, "place": place }),
    }
}

fn value_as_json(key: &Key<'_>, value: &[u8]) -> Result<Value, Wrong> {
    match key {
        Key::Instance => json(read::<InstanceRecord>(value)?),
        Key::Epochs(_) => json(read::<EpochsRecord>(value)?),
        Key::Reclaim(_) => json(read::<()>(value)?),
        Key::Client(_) => json(read::<ClientRecord<'_>>(value)?),
        Key::Unconfirmed(_) => json(read::<UnconfirmedRecord<'_>>(value)?),
        Key::Session(_) => json(read::<SessionRecord<'_>>(value)?),
        Key::Slot(..) => json(read::<SlotRecord<'_>>(value)?),
        Key::BackSlot(..) => json(read::<BackSlotRecord<'_>>(value)?),
        Key::OpenOwner(..) => json(read::<OpenOwnerRecord<'_>>(value)?),
        Key::LockOwner(_) => json(read::<LockOwnerRecord<'_>>(value)?),
        Key::File(_) => json(read::<FileRecord<'_>>(value)?),
        Key::Open(..) => json(read::<OpenRecord<'_>>(value)?),
        Key::Lock(..) => json(LockRecord::read(value)?),
        Key::Range(..) => json(read::<RangeRecord>(value)?),
        Key::Waiter(..) => json(read::<WaiterRecord>(value)?),
        Key::Revoked(..) => json(read::<RevokedRecord<'_>>(value)?),
    }
}

fn json(record: impl Serialize) -> Result<Value, Wrong> {
    serde_json::to_value(record).map_err(|_| Wrong)
}
