//! All records of a core at once, from what it holds: what the changes since its beginning must add up to.

use crate::state::changes::Changes;
use crate::state::{Core, Key, State};

impl Core {
    /// Every record of the state there is now, but those of slots: their requests are only stored when they change
    /// something.
    pub fn records(&self) -> Changes {
        let mut all = Changes::default();
        all.put_instance(self.since);
        self.may_reclaim.iter().for_each(|name| all.put(Key::Reclaim(name), &()));
        self.clients.iter_unconfirmed().for_each(|(name, client)| all.put_unconfirmed(name, client));
        self.files.iter().for_each(|file| all.put_file(file));
        self.put_sessions(&mut all);
        self.put_clients(&mut all);
        for file in self.files.iter() {
            for held in file.ranges.iter() {
                all.range(file.number, held.owner, crate::ranges::RangeEdit::Put(held.range, held.kind));
            }
            file.queue.iter().for_each(|waiter| all.put_waiter(file.number, waiter));
        }
        all
    }

    fn put_sessions(&self, all: &mut Changes) {
        for (id, session) in self.sessions.iter() {
            all.put_session(*id, session);
            for slotid in session.back.used_slots() {
                let Some(slot) = session.back.slot(slotid) else { continue };
                let call = slot.call.and_then(|call| self.callbacks.get(&call));
                all.put_back_slot(*id, slotid, slot, call);
            }
        }
    }

    fn put_clients(&self, all: &mut Changes) {
        for client in self.clients.iter() {
            all.put_client(client);
            for (owner, state) in &client.open_owners {
                all.put_open_owner(client.id, owner, state);
            }
            client.lock_owners.iter().for_each(|owner| all.put_lock_owner(client.id, owner));
            for (serial, revoked) in &client.revoked {
                all.put_revoked(client.id, *serial, revoked);
            }
            for (serial, state) in client.states.iter() {
                match state {
                    State::Open(open) => all.put_open(client.id, serial, open),
                    State::Lock(lock) => all.put_lock(client.id, serial, lock),
                    State::Closed(_) => {}
                }
            }
        }
    }
}
