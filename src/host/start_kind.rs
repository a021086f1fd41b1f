//! With what a server starts: with everything it had, with those who may reclaim, or fresh.
//!
//! | store | written in this boot, or closed cleanly | else |
//! |---|---|---|
//! | sound, and all that its state depends on is what it was | warm: all state is there, no grace period | cold: who is recorded may reclaim |
//! | sound, but not what it depends on (`dependencies`) | cold: who had state may reclaim what is still to be found | the same |
//! | damaged, or its records make no sense | cold; it is put aside to be looked at | cold; the same |
//! | none | cold if clients are recorded, else the first start | the same |
//!
//! Clients are recorded also when it is not known which: then there is a grace period in which nobody can reclaim.

/// Says what is known of the store before its records are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// There is none.
    Missing,
    /// Everything that was acknowledged is in it.
    Whole,
    /// What was acknowledged last may be missing.
    Partial,
    /// Everything is in it, but what its state depends on is not what it was.
    Unfounded,
    /// It cannot be read, or makes no sense.
    Damaged,
}

/// Says with what a run of the server starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartKind {
    /// Nobody has anything to reclaim.
    First,
    /// All state is there.
    Warm,
    /// Clients have to reclaim.
    Cold,
}

/// Decides by the table at the head of this module.
pub fn start_kind(store: Condition, clients_recorded: bool) -> StartKind {
    match (store, clients_recorded) {
        (Condition::Whole, _) => StartKind::Warm,
        (_, true) => StartKind::Cold,
        (_, false) => StartKind::First,
    }
}
