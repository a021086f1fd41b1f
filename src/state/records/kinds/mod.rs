//! The kinds of records. Each is written, restored and shown in one file.

pub(super) mod back_slot;
pub(super) mod client;
pub(super) mod file;
pub(super) mod instance;
pub(super) mod lock;
pub(super) mod lock_owner;
pub(super) mod open;
pub(super) mod open_owner;
pub(super) mod range;
pub(super) mod reclaim;
pub(super) mod revoked;
pub(super) mod session;
pub(super) mod slot;
pub(super) mod unconfirmed;
pub(super) mod waiter;

use crate::state::core::Core;
use crate::state::records::codec::Malformed;
use crate::state::records::key::Key;
use serde_json::Value;

/// Adds what a record says to a core that has what the records before it say. Errors: `Malformed`, also if it contradicts
/// those before it.
pub(super) fn restore_record(core: &mut Core, key: Key<'_>, value: &[u8]) -> Result<(), Malformed> {
    let now = core.instance.started();
    match key {
        Key::Instance => instance::restore(&mut core.instance, value),
        Key::Epochs(first) => instance::restore_epochs(&mut core.instance, first, value),
        Key::Reclaim(name) => reclaim::restore(&mut core.grace, name, value),
        Key::Client(id) => client::restore(core, id, value),
        Key::Unconfirmed(id) => unconfirmed::restore(&mut core.clients, &core.instance, id, value),
        Key::Session(id) => session::restore(core, id, value),
        Key::Slot(id, slotid) => slot::restore(&mut core.sessions, id, slotid, value),
        Key::BackSlot(id, slotid) => {
            back_slot::restore(&mut core.sessions, &mut core.calls, id, slotid, value)
        }
        Key::OpenOwner(id, owner) => open_owner::restore(&mut core.clients, now, id, owner, value),
        Key::LockOwner(id) => lock_owner::restore(&mut core.clients, &mut core.lock_owners, now, id, value),
        Key::File(number) => file::restore(&mut core.files, number, value),
        Key::Open(id, serial) => open::restore(core, id, serial, value),
        Key::Lock(id, serial) => lock::restore(&mut core.clients, &mut core.files, id, serial, value),
        Key::Range(file, owner, first) => range::restore(core, file, owner, first, value),
        Key::Waiter(file, place) => waiter::restore(core, file, place, value),
        Key::Revoked(id, serial) => revoked::restore(&mut core.clients, id, serial, value),
    }
}

/// Converts the value of a record to JSON. Errors: `Malformed`.
pub(super) fn show_value(key: &Key<'_>, value: &[u8]) -> Result<Value, Malformed> {
    match key {
        Key::Instance => instance::show(value),
        Key::Epochs(_) => instance::show_epochs(value),
        Key::Reclaim(_) => reclaim::show(value),
        Key::Client(_) => client::show(value),
        Key::Unconfirmed(_) => unconfirmed::show(value),
        Key::Session(_) => session::show(value),
        Key::Slot(..) => slot::show(value),
        Key::BackSlot(..) => back_slot::show(value),
        Key::OpenOwner(..) => open_owner::show(value),
        Key::LockOwner(_) => lock_owner::show(value),
        Key::File(_) => file::show(value),
        Key::Open(..) => open::show(value),
        Key::Lock(..) => lock::show(value),
        Key::Range(..) => range::show(value),
        Key::Waiter(..) => waiter::show(value),
        Key::Revoked(..) => revoked::show(value),
    }
}
