//! When leases end, and who has outlived its own (RFC 7530 §9.6.3, RFC 8881 §8.3).
//!
//! A client whose lease ran out becomes a *courtesy* client: it keeps its state until somebody wants what stands in its
//! way, and then loses all of it at once. Somebody wants it who
//!
//! - sends a request that conflicts with it: a lock, an open, I/O without one; the request finds it out itself
//! - waits for a lock that nobody else stands in the way of: when the lease ends, or when the last of the others is gone
//!
//! So no waiter depends on anybody's next request: the end of the lease is an alarm, and all queues are looked at then.
//!
//! There are never more than `Config::courtesy_max` courtesy clients; those silent for longest go first.

use super::client::Client;
use crate::nfs4::{ClientId, Principal, Stateid, Status, Time, Verifier};
use crate::state::core::Core;
use crate::state::records::ClientChange;

/// Most leases looked at in one go, each of which may make a courtesy client expire: 5 to 10 µs.
const ENDS_AT_ONCE: usize = 32;

impl Core {
    /// Looks at the leases that end by `now`.
    pub(in crate::state) fn end_leases(&mut self, now: Time) {
        // Who is left is looked at in the next alarm, which is due at once.
        for _ in 0..ENDS_AT_ONCE {
            let first = self.clients.leases.first_running();
            let Some((_, id)) = first.filter(|(end, _)| *end <= now) else { break };
            if !self.clients.end_lease(id, now) {
                continue;
            }
            // Whoever waits for what it holds gets it.
            self.begin_scan();
            while self.clients.leases.courtesy_count() > self.config.courtesy_max {
                let Some(oldest) = self.clients.leases.oldest_courtesy() else { break };
                self.expire_client(now, oldest);
            }
        }
    }

    /// Takes notice that the server did not run for `gap`. That time is not in `now`, so no lease has become shorter.
    /// But after a long gap the renewals that clients sent meanwhile may come late, as they try again less and less
    /// often: all leases that have not run out start again.
    pub fn on_gap(&mut self, now: Time, gap: Time) {
        if gap < self.config.lease / 2 {
            return;
        }
        let lease = self.config.lease;
        let live = self.clients.iter().filter(|client| !client.expired && !client.is_courtesy(now, lease));
        let live: Vec<_> = live.map(|client| client.id).collect();
        for id in live {
            let _ = self.clients.find_and_renew(id, now);
        }
    }
}

impl super::table::Clients {
    /// Returns whether the lease of a client has ended and there is something to lose.
    fn end_lease(&mut self, id: ClientId, now: Time) -> bool {
        let Some((client, leases)) = self.with_lease(id) else { return false };
        let renewed = client.renewed;
        leases.remove(&mut client.place, id);
        if now < renewed.saturating_add(leases.lease()) {
            leases.renewed(&mut client.place, id, renewed);
            return false;
        }
        let holds = !client.expired && client.holds_state();
        if holds {
            leases.becomes_courtesy(&mut client.place, id, renewed);
        }
        holds
    }
}

impl Core {
    /// Takes all state of a client, and the client with it.
    pub(in crate::state) fn forget_client(&mut self, now: Time, id: ClientId) {
        self.expire_client(now, id);
        let Some(name) = self.client_name(id).map(Box::<[u8]>::from) else { return };
        self.drop_client(id);
        if let Some(entry) = self.clients.names.get_mut(&name)
            && entry.confirmed == Some(id)
        {
            entry.confirmed = None;
        }
        self.clients.drop_empty_name(&name);
    }

    /// Forgets a client with sessions that holds nothing after a lease, a courtesy client that stayed away too long, and an
    /// expired one after as long again. Answers whether it did.
    pub(in crate::state) fn sweep_client(&mut self, now: Time, id: ClientId) -> bool {
        let lease = self.config.lease;
        let Some(client) = self.clients.get(id) else { return false };
        let current = self.clients.names.get(&client.name).and_then(|entry| entry.confirmed);
        let replaced = current != Some(client.id) && client.silent_for(now) >= lease;
        // Its sessions keep replies, and a client that finds them gone makes new ones.
        let idle = client.id.has_sessions() && client.states.is_empty() && client.is_courtesy(now, lease);
        let gone = client.silent_for(now) >= self.config.courtesy || replaced || idle;
        if gone {
            self.forget_client(now, id);
        } else {
            self.unrecord_if_idle(id);
        }
        gone
    }

    /// Removes a client that has nothing open from the client records: it has nothing to reclaim, and nobody needs to
    /// wait for it after a restart. One with sessions says itself, and soon, that it has nothing.
    fn unrecord_if_idle(&mut self, id: ClientId) {
        let Some(client) = self.clients.get_mut(id) else { return };
        if client.recorded && client.states.is_empty() && !client.id.has_sessions() {
            client.recorded = false;
            self.effects.changes.put_client(client);
            self.effects.changes.client(ClientChange::ClientForgotten(client.name.clone()));
        }
    }

    /// Takes all state of a client whose lease ran out; its stateids answer `Expired` from now on, and what it held is in
    /// nobody's way any more (`teardown`).
    pub(in crate::state) fn expire_client(&mut self, now: Time, id: ClientId) {
        let Some((client, leases)) = self.clients.with_lease(id) else { return };
        leases.remove(&mut client.place, id);
        client.expired = true;
        self.drop_sessions(id);
        let Some(client) = self.clients.get_mut(id) else { return };
        if std::mem::take(&mut client.recorded) {
            let name = client.name.clone();
            self.effects.changes.client(ClientChange::ClientForgotten(name));
        }
        self.effects.changes.put_client(client);
        self.begin_teardown(now, id);
    }
}

impl Core {
    /// Carries out RENEW (RFC 7530 §16.28). Errors: `StaleClientid`, `Expired`; `Access` for a principal that neither
    /// made the client known nor has a file open (§16.28.5).
    pub fn renew_as(&mut self, now: Time, id: ClientId, principal: Principal) -> Result<(), Status> {
        let client = self.clients.find(id)?;
        if client.identity.principal != principal && !client.openers.contains_key(&principal) {
            return Err(Status::Access);
        }
        self.renew(now, id)
    }

    /// Renews the lease of a client that has shown that it is there. Errors: `StaleClientid`, `Expired`.
    pub fn renew(&mut self, now: Time, id: ClientId) -> Result<(), Status> {
        self.clients.find_and_renew(id, now).map(|_| ())
    }

    /// Carries out DELEGRETURN (RFC 7530 §16.6): the status for a stateid that cannot name a delegation, since there are none.
    pub fn delegreturn(&self, stateid: &Stateid) -> Status {
        self.resolve(stateid).err().unwrap_or(Status::BadStateid)
    }

    /// Returns whether a client of this name holds recorded state now.
    pub(in crate::state) fn has_recorded_client(&self, name: &[u8]) -> bool {
        let id = self.clients.names.get(name).and_then(|entry| entry.confirmed);
        id.and_then(|id| self.clients.get(id)).is_some_and(|client| client.recorded)
    }

    /// Carries out DELEGPURGE (RFC 7530 §16.5): there are no delegations to purge, but the clientid must be right.
    pub fn delegpurge(&mut self, now: Time, id: ClientId) -> Result<(), Status> {
        self.renew(now, id)
    }

    /// Notes that the client may hold state, so that it can reclaim after a restart (`grace` says who may).
    pub(in crate::state) fn record_client(&mut self, id: ClientId) {
        if let Some(client) = self.clients.get_mut(id)
            && !client.recorded
            && client.revoked.is_empty()
            && (client.reclaim_complete || !id.has_sessions())
        {
            client.recorded = true;
            self.effects.changes.put_client(client);
            let name = client.name.clone();
            self.effects.changes.client(ClientChange::ClientRecorded(name));
        }
    }

    /// Returns when the lease of a client was renewed last.
    #[cfg(test)]
    pub fn renewed(&self, id: ClientId) -> Option<Time> {
        self.clients.get(id).map(|client| client.renewed)
    }

    /// Returns whether an instance of the client of this name, other than that with this verifier, is there and its lease runs.
    pub fn would_replace(&self, now: Time, name: &[u8], verifier: Verifier) -> bool {
        let lives = |client: &Client| !client.expired && !client.is_courtesy(now, self.config.lease);
        self.clients
            .confirmed_of(name)
            .is_some_and(|client| client.identity.verifier != verifier && lives(client))
    }

    /// Returns the name that the client gave itself, `nfs_client_id4.id`.
    pub fn client_name(&self, id: ClientId) -> Option<&[u8]> {
        self.clients.get(id).map(|client| &*client.name)
    }
}
