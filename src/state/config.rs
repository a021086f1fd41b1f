//! What the core is told at its start.

use crate::nfs4::Time;
use crate::state::sessions::ChannelAttrs;
use std::collections::BTreeSet;
use std::time::Duration;

/// Periods and bounds. All are plain values, so that a test or a simulation can choose any.
#[derive(Clone, Debug)]
pub struct Config {
    /// How long a client may be silent before others may take its state away.
    pub lease: Duration,
    /// How long only reclaims are served after a start, if there is anybody to wait for.
    pub grace: Duration,
    /// The grace period lasts at least that much longer than the last reclaim, but twice its length at most.
    pub reclaim_pause: Duration,
    /// How long a cycle of waiting owners must have stood, without any of them doing anything, to be answered `Deadlock`.
    /// `None`: no cycle is looked for.
    pub deadlock: Option<Duration>,
    /// How long a silent client's state is kept when nobody wants it.
    pub courtesy: Duration,
    /// How many such clients there may be; those silent for longest go first.
    pub courtesy_max: usize,
    /// Most things that are taken away or changed in one go where there are many: a stateid, an owner, a range. Each takes 0.3
    /// to 1 µs.
    pub slice: usize,
    /// Most ranges that one LOCK or LOCKU changes, and most lock stateids that one request gives up, at once. What changes more
    /// is answered `Delay` and carried out in slices. It is more than a slice, for who is answered `Delay` asks again after
    /// 100 ms (Linux) or longer.
    pub request_at_once: usize,
    /// Most clients, confirmed or not.
    pub clients_max: usize,
    /// Most opens, lock stateids and owners together of one client; and most byte ranges.
    pub states_per_client_max: usize,
    /// Most stateids of one client that were taken back by hand and that it has not acknowledged; each is remembered.
    pub revoked_per_client_max: usize,
    /// Most sessions of one client.
    pub sessions_per_client_max: usize,
    /// Slots of all sessions together, each of which may keep a reply. Near it, new sessions get few slots and clients
    /// with many are asked to use fewer.
    pub slots_max: u32,
    /// What a session's fore channel may have at most.
    pub fore: ChannelAttrs,
    /// What a session's back channel may have at most.
    pub back: ChannelAttrs,
    /// Most waiters in the queue of one file; more are simply denied.
    pub waiters_per_file_max: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            lease: Duration::from_secs(90),
            grace: Duration::from_secs(90),
            reclaim_pause: Duration::from_secs(5),
            deadlock: Some(Duration::from_millis(2500)),
            courtesy: Duration::from_secs(24 * 3600),
            courtesy_max: 1000,
            slice: 200,
            request_at_once: 1000,
            clients_max: 100_000,
            states_per_client_max: 4_000_000,
            revoked_per_client_max: 10_000,
            sessions_per_client_max: 16,
            slots_max: 65_536,
            fore: ChannelAttrs {
                maxrequestsize: (1 << 20) + (64 << 10),
                maxresponsesize: (1 << 20) + (64 << 10),
                maxresponsesize_cached: 4096,
                maxoperations: 64,
                maxrequests: 64,
            },
            back: ChannelAttrs {
                maxrequestsize: 4096,
                maxresponsesize: 4096,
                maxresponsesize_cached: 0,
                maxoperations: 2,
                maxrequests: 16,
            },
            waiters_per_file_max: 1024,
        }
    }
}

/// What distinguishes one run of the server from the others; the shell supplies it, the core never asks.
#[derive(Clone, Debug)]
pub struct Start {
    /// Boot epoch: larger than in any run before; part of each clientid and stateid.
    pub epoch: u32,
    /// Seed of the confirm verifiers, unpredictable to clients.
    pub seed: u64,
    /// `nfs_client_id4.id` of the clients that held state when the last run ended: they may reclaim.
    pub recorded: BTreeSet<Box<[u8]>>,
    /// The time now.
    pub now: Time,
}
