//! The table of sessions: by id, by connection, and how many slots they may have in all.

use super::session::Session;
use crate::nfs4::{ClientId, ConnectionId, SessionId};
use crate::ranges::Table;
use crate::state::records::{Changes, Key};
use siphasher::sip::SipHasher24;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::hash::Hasher;

/// Slots that every session has, if its client wants so many.
const FEW_SLOTS: u32 = 4;

/// All sessions.
#[derive(Debug, Default)]
pub(in crate::state) struct Sessions {
    by_id: Table<(SessionId, Session)>,
    /// Slots of all of them.
    slots: u32,
    /// Sessions that a connection was ever bound to.
    by_connection: BTreeMap<ConnectionId, BTreeSet<SessionId>>,
    issued: u32,
    /// Connections that are gone and to which sessions may still be bound.
    lost: VecDeque<ConnectionId>,
}

impl Sessions {
    #[inline]
    pub fn get(&self, id: SessionId) -> Option<&Session> {
        self.by_id.find(hash(id), |entry| entry.0 == id).map(|entry| &entry.1)
    }

    #[inline(always)]
    pub fn get_mut(&mut self, id: SessionId) -> Option<&mut Session> {
        self.by_id.find_mut(hash(id), |entry| entry.0 == id).map(|entry| &mut entry.1)
    }

    /// Returns a session, and where it is noted which connections are bound to it.
    pub fn get_with_bound(&mut self, id: SessionId) -> Option<(&mut Session, Bound<'_>)> {
        let session = &mut self.by_id.find_mut(hash(id), |entry| entry.0 == id)?.1;
        Some((session, Bound { id, by_connection: &mut self.by_connection }))
    }

    /// Notes that a connection is gone.
    pub fn lose(&mut self, connection: ConnectionId) {
        self.lost.push_back(connection);
    }

    /// Returns whether sessions may be bound to connections that are gone.
    pub fn has_lost(&self) -> bool {
        !self.lost.is_empty()
    }

    /// Takes at most `most` sessions that were bound to a connection that is gone, and returns the connection with them.
    pub fn take_lost(&mut self, most: usize) -> Option<(ConnectionId, Vec<SessionId>)> {
        let connection = *self.lost.front()?;
        let some = self.take_bound(connection, most);
        if some.len() < most {
            self.lost.pop_front();
        }
        Some((connection, some))
    }

    /// Takes some of the sessions that a connection was ever bound to, which is not bound to them any more; `most` at most. None
    /// if there are none left.
    pub fn take_bound(&mut self, connection: ConnectionId, most: usize) -> Vec<SessionId> {
        let Some(bound) = self.by_connection.get_mut(&connection) else { return Vec::new() };
        let taken: Vec<_> = std::iter::from_fn(|| bound.pop_first()).take(most).collect();
        if bound.is_empty() {
            self.by_connection.remove(&connection);
        }
        taken
    }

    pub fn iter(&self) -> impl Iterator<Item = (&SessionId, &Session)> {
        self.by_id.iter().map(|(id, session)| (id, session))
    }

    pub fn insert(&mut self, id: SessionId, session: Session) {
        self.slots += session.slots.count();
        self.by_id.insert(hash(id), (id, session), |entry| hash(entry.0));
    }

    pub fn remove(&mut self, id: SessionId) -> Option<Session> {
        let (_, session) = self.by_id.remove(hash(id), |entry| entry.0 == id, |entry| hash(entry.0))?;
        self.slots -= session.slots.count();
        for connection in &session.noted {
            if let Some(bound) = self.by_connection.get_mut(connection) {
                bound.remove(&id);
                if bound.is_empty() {
                    self.by_connection.remove(connection);
                }
            }
        }
        Some(session)
    }

    /// Returns how many sessions, slots counted one by one, and connections there are.
    pub fn census(&self) -> (usize, usize, usize) {
        let slots = self.by_id.iter().map(|(_, session)| session.slots.count() as usize).sum();
        (self.by_id.len(), slots, self.by_connection.len())
    }

    /// Binds a connection to a session.
    pub fn bind(&mut self, connection: ConnectionId, id: SessionId) {
        if let Some((session, bound)) = self.get_with_bound(id) {
            bound.bind(session, connection);
        }
    }

    /// Returns how many of `asked` slots a new session gets where there may be `most` in all.
    pub fn slots_for_new(&self, asked: u32, most: u32) -> u32 {
        asked.min((most.saturating_sub(self.slots) / 4).max(FEW_SLOTS))
    }

    /// Returns whether so many slots are given out, of `most`, that clients are to use fewer.
    pub fn are_scarce(&self, most: u32) -> bool {
        self.slots > most / 4 * 3
    }

    /// Returns the highest slot of a session, and the highest that its client should use: fewer when most slots are given out.
    /// Takes back those that the client has left since it was asked; `in_use` is the highest that it still uses.
    pub fn highest_and_target(
        &mut self,
        changes: &mut Changes,
        id: SessionId,
        in_use: u32,
        most: u32,
    ) -> (u32, u32) {
        let pressure = self.are_scarce(most);
        let found = self.by_id.find_mut(hash(id), |entry| entry.0 == id);
        let Some((_, session)) = found else { return (0, 0) };
        let before = session.slots.count();
        match session.asked_highest {
            Some(asked) if in_use <= asked && before > asked + 1 => {
                (asked + 1..before).for_each(|slot| changes.delete(Key::Slot(id, slot)));
                session.slots.shrink(asked);
                changes.put_session(id, session);
            }
            None if pressure && before > FEW_SLOTS => {
                session.asked_highest = Some(FEW_SLOTS - 1);
                changes.put_session(id, session);
            }
            _ => {}
        }
        let highest = session.slots.count() - 1;
        self.slots -= before - session.slots.count();
        (highest, session.asked_highest.map_or(highest, |asked| asked.min(highest)))
    }

    /// Returns an id that is never given out again, and that nobody can guess.
    pub fn new_id(&mut self, client: ClientId, seed: u64) -> SessionId {
        loop {
            self.issued = self.issued.wrapping_add(1);
            let mut hasher = SipHasher24::new_with_keys(seed, client.0);
            hasher.write_u32(self.issued);
            let mut bytes = [0; 16];
            bytes[..8].copy_from_slice(&client.0.to_be_bytes());
            bytes[8..12].copy_from_slice(&self.issued.to_be_bytes());
            bytes[12..].copy_from_slice(&hasher.finish().to_be_bytes()[..4]);
            // One of an earlier run may have got the same, however unlikely.
            if self.get(SessionId(bytes)).is_none() {
                return SessionId(bytes);
            }
        }
    }
}

/// What a connection is bound to is noted here.
pub(in crate::state) struct Bound<'a> {
    id: SessionId,
    by_connection: &'a mut BTreeMap<ConnectionId, BTreeSet<SessionId>>,
}

impl Bound<'_> {
    /// Binds as [`Sessions::bind`].
    pub fn bind(self, session: &mut Session, connection: ConnectionId) {
        if self.by_connection.entry(connection).or_default().insert(self.id) {
            session.noted.push(connection);
        }
    }
}

/// Spreads session ids. The server makes them, so nobody can choose ones that meet in the table.
#[inline]
fn hash(id: SessionId) -> u64 {
    id.0.as_chunks().0.iter().fold(0, |hash: u64, word| {
        let product = u128::from(hash ^ u64::from_le_bytes(*word)) * 0x9e37_79b9_7f4a_7c15;
        product as u64 ^ (product >> 64) as u64
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::callbacks::BackChannel;
    use crate::state::sessions::channel_attrs::ChannelAttrs;
    use crate::state::sessions::slot::Slots;

    fn session(slots: u32) -> Session {
        let attrs = ChannelAttrs {
            maxrequestsize: 4096,
            maxresponsesize: 4096,
            maxresponsesize_cached: 0,
            maxoperations: 8,
            maxrequests: slots,
        };
        let (client, back) = (ClientId::new(1, 1).with_sessions(), BackChannel::new(false, 0, None, 4));
        Session::new(client, 1, attrs, Slots::new(slots), back)
    }

    #[test]
    fn slots_become_few_when_most_are_given_out() {
        let (mut sessions, most, mut changes) = (Sessions::default(), 100, Changes::default());
        let changes = &mut changes;
        assert_eq!(sessions.slots_for_new(64, most), 25);
        let (a, b) = (SessionId([1; 16]), SessionId([2; 16]));
        sessions.insert(a, session(25));
        assert_eq!(sessions.highest_and_target(changes, a, 24, most), (24, 24));
        sessions.insert(b, session(60));
        assert_eq!(sessions.slots_for_new(64, most), FEW_SLOTS);
        // Asked to use fewer, but still using many: nothing is taken.
        assert_eq!(sessions.highest_and_target(changes, b, 59, most), (59, FEW_SLOTS - 1));
        assert_eq!(sessions.highest_and_target(changes, b, 10, most), (59, FEW_SLOTS - 1));
        assert_eq!(sessions.slots, 85);
        assert_eq!(sessions.highest_and_target(changes, b, 2, most), (FEW_SLOTS - 1, FEW_SLOTS - 1));
        assert_eq!(sessions.slots, 25 + FEW_SLOTS);
        assert!(sessions.remove(b).is_some() && sessions.remove(a).is_some());
        assert_eq!(sessions.slots, 0);
    }
}
