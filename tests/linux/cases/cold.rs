//! Restarts of the server after which it takes its machine for rebooted: clients reclaim in the grace period.
//!
//! Linux does not tell a program that there is a grace period: a lock that is asked for then is answered after it. And
//! when it recovers, it counts as lost in its log what its processes are just asking for; so here a client recovers
//! before it asks.

use super::cases;
use super::restart::{Claims, count_through, new_lock, refuse_all, restart};
use crate::host::link::PATIENCE;
use crate::host::own::{End, Machine, Times};
use crate::host::stage::Stage;

cases!("cold" with Times { lease: 60, grace: 12 }; reclaimed_twice, contention);

/// Both clients get back locks of every kind, and neither ever gets one of the other's: asked for before the other has
/// reclaimed it, in the grace period and after it.
fn reclaimed_twice(stage: &Stage<'_>) {
    let (a, b) = (&stage.pair.a, &stage.pair.b);
    let claims = [Claims::take(stage, "a", a, b), Claims::take(stage, "b", b, a)];
    claims.iter().for_each(|claims| claims.are_held(PATIENCE));
    let [of_a, of_b] = &claims;
    for _ in 0..2 {
        restart(stage, End::Kill, Machine::Reboots);
        of_b.allow_io();
        let of_those_who_were_first = of_a.challenge();
        of_a.allow_io();
        let of_those_who_came_back = of_b.challenge();
        new_lock(stage, b, PATIENCE);
        refuse_all(of_those_who_were_first, PATIENCE);
        refuse_all(of_those_who_came_back, PATIENCE);
        claims.iter().for_each(|claims| claims.are_held(PATIENCE));
    }
    claims.into_iter().for_each(Claims::give_up);
}

/// Whoever is inside when the server goes comes back to find itself inside.
fn contention(stage: &Stage<'_>) {
    count_through(stage, "fcntl-try", 30, 1, Machine::Reboots);
    stage.forgive_lost_count(2);
}
