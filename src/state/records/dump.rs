//! All records of a core at once, from what it holds: what the changes since its beginning must add up to.

use super::changes::{Before, Changes};
use crate::nfs4::ClientId;
use crate::state::clients::State;
use crate::state::clients::States;
use crate::state::core::Core;
use crate::state::locks::LockOwnerState;
use crate::state::opens::OpenOwners;
use crate::state::teardown::RevokedStates;

/// What a client has beside its lock_owners: open_owners, stateids that were taken back, states.
type Parts<'a> = (&'a OpenOwners, &'a RevokedStates, &'a States);

impl Core {
    /// Returns every record of the state there is now, but those of slots: their requests are only stored when they change
    /// something.
    pub fn records(&self) -> Changes {
        let mut all = Changes::default();
        all.put_instance(self.instance.since());
        self.instance.adopted().for_each(|(first, last)| all.put_epochs(first, last));
        self.grace.names().for_each(|name| all.put_reclaim(name));
        self.clients.iter_unconfirmed().for_each(|(name, client)| all.put_unconfirmed(name, client));
        self.files.iter().for_each(|file| all.put_file(file));
        self.put_sessions(&mut all);
        self.put_clients(&mut all);
        for file in self.files.iter() {
            for held in file.ranges().iter() {
                all.range(file.number(), held.owner, crate::ranges::RangeEdit::Added(held.range, held.kind));
            }
            file.queue().iter().for_each(|waiter| all.put_waiter(file.number(), waiter));
        }
        all
    }

    fn put_sessions(&self, all: &mut Changes) {
        for (id, session) in self.sessions.iter() {
            all.put_session(*id, session);
            for slotid in session.back().used_slots() {
                let Some(slot) = session.back().slot(slotid) else { continue };
                let call = slot.call().and_then(|call| self.calls.get(call));
                all.put_back_slot(*id, slotid, slot, call);
            }
        }
    }

    fn put_clients(&self, all: &mut Changes) {
        for client in self.clients.iter() {
            all.put_client(client);
            let parts = (client.open_owners(), client.revoked(), client.states());
            put_all_of(all, client.id(), parts, client.lock_owners().iter());
        }
        for (id, remains) in self.teardown.iter() {
            remains.forgotten().into_iter().for_each(|client| all.put_client(client));
            put_all_of(all, id, remains.parts(), remains.lock_owners());
        }
    }
}

fn put_all_of<'a>(
    all: &mut Changes,
    id: ClientId,
    (open_owners, revoked, states): Parts<'_>,
    lock_owners: impl Iterator<Item = &'a LockOwnerState>,
) {
    open_owners.iter().for_each(|(owner, state)| all.put_open_owner(id, owner, state));
    lock_owners.for_each(|owner| all.put_lock_owner(Before::Nothing, id, owner));
    revoked.iter().for_each(|(serial, revoked)| all.put_revoked(id, *serial, revoked));
    for (serial, state) in states.iter() {
        match state {
            State::Open(open) => all.put_open(Before::Nothing, id, serial, open),
            State::Lock(lock) => all.put_lock(Before::Nothing, id, serial, lock),
            State::Closed(_) => {}
        }
    }
}
