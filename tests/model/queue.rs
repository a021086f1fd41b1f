//! The lock queue of one file under random scripts of clients with and without sessions: asking, unlocking, closing, time
//! that passes, calls that are answered, refused and lost, restarts of the server. Who holds what is compared exactly; of
//! waiters it is checked what `docs/decisions/001-waiting.md` promises, at each step.

#[path = "queue/clients.rs"]
mod clients;
#[path = "queue/live.rs"]
mod live;
#[path = "queue/plain.rs"]
mod plain;
#[path = "queue/run.rs"]
mod run;

use LockKind::{Read, Write};
use lockhouse::nfs4::{LockKind, Status};
use lockhouse::state::CallbackAnswer;
use plain::{Reason, Want};
use proptest::prelude::*;
use run::{Op, Run};
use std::time::Duration;

fn play(script: &[Op]) -> Run {
    let mut run = Run::new();
    script.iter().for_each(|op| run.step(op));
    run
}

fn scripts(steps: usize) -> impl Strategy<Value = Vec<Op>> {
    proptest::collection::vec(any::<[u8; 4]>().prop_map(Op::from_bytes), 1..steps)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn random_scripts(script in scripts(200)) {
        play(&script);
    }

    #[test]
    fn the_dead_hold_nobody_up_for_long(script in scripts(80), polls in any::<bool>(), answers in any::<bool>()) {
        live::the_dead_hold_nobody_up(&mut play(&script), polls, answers);
    }

    #[test]
    fn deadlocks_are_broken(script in scripts(80)) {
        live::deadlocks_are_broken(&mut play(&script));
    }
}

proptest! {
    // Each goes on until everybody was served while all others ask again at once: up to a minute and many thousand locks.
    #![proptest_config(ProptestConfig::with_cases(20))]

    #[test]
    fn nobody_waits_for_ever(script in scripts(60), hold in 5u64..100) {
        live::all_are_served(&mut play(&script), hold);
    }
}

fn want(owner: usize, first: usize, last: usize, kind: LockKind) -> Want {
    Want { owner, first, last, kind }
}

/// One that polls got a turn while nobody could be called; then another, ahead of it, was called.
#[test]
fn a_turn_of_one_that_polls_ends_where_another_is_called() {
    let script = [
        Op::Lock(want(4, 3, 3, Write), true),
        Op::Lock(want(3, 3, 4, Write), true),
        Op::Lock(want(1, 2, 4, Read), true),
        Op::Restart,
    ];
    live::all_are_served(&mut play(&script), 7);
}

/// An owner waits for two things: it is called about one that is free, and asked whether it still waits for the other.
#[test]
fn an_owner_that_is_called_for_two_things_at_once() {
    let script = [
        Op::Lock(want(2, 0, 0, Write), false),
        Op::Lock(want(0, 5, 5, Write), false),
        Op::Lock(want(4, 2, 5, Read), true),
        Op::Lock(want(0, 0, 0, Write), false),
        Op::Lock(want(4, 4, 5, Write), true),
        Op::Lock(want(0, 2, 4, Read), true),
        Op::PollInTime(4, Some((want(1, 0, 0, Read), Duration::ZERO))),
        Op::Lock(want(0, 2, 5, Read), true),
        Op::Pass(Duration::from_millis(500)),
        Op::Answer(0, CallbackAnswer::Done(Status::BadHandle)),
    ];
    live::the_dead_hold_nobody_up(&mut play(&script), false, false);
}

/// One that is called waits behind a poller that was passed over, and for which the lock is kept around its poll: it is called
/// when that is over, also where nothing happened since the poller was passed over.
#[test]
fn one_that_is_called_behind_a_poll_that_does_not_come() {
    let script = [
        Op::Lock(want(2, 0, 3, Read), false),
        Op::Lock(want(1, 3, 5, Write), true),
        Op::Lock(want(2, 3, 3, Write), true),
        Op::Pass(Duration::from_millis(970)),
        Op::Lock(want(4, 5, 5, Write), true),
        Op::Pass(Duration::from_millis(240)),
    ];
    play(&script);
}

/// One waits for two things. It was called about one; the other is part of a deadlock, about which it is called too, and does
/// not come. Then that is free.
#[test]
fn one_that_did_not_come_when_its_deadlock_was_looked_at() {
    let script = [
        Op::Lock(want(2, 1, 3, Write), true),
        Op::Lock(want(4, 0, 0, Write), true),
        Op::Lock(want(4, 2, 5, Read), true),
        Op::Lock(want(3, 1, 1, Write), true),
        Op::Lock(want(3, 4, 4, Write), true),
        Op::Close(2),
        Op::Lock(want(3, 0, 0, Write), true),
        Op::Pass(Duration::from_secs(4)),
        Op::Unlock(4, 0, 0),
        Op::Answer(0, CallbackAnswer::Done(Status::BadHandle)),
    ];
    play(&script);
}

/// One was asked whether it still waits, and did not come; then it turns out that its client did not take the call. It is called
/// as soon as it can be, but nothing is kept for it.
#[test]
fn one_whose_call_failed_after_its_time() {
    let script = [
        Op::Lock(want(0, 1, 3, Write), true),
        Op::Lock(want(3, 3, 3, Write), true),
        Op::Lock(want(0, 1, 3, Write), false),
        Op::PollInTime(3, None),
        Op::Lock(want(0, 2, 4, Write), true),
        Op::Lock(want(4, 1, 3, Write), true),
        Op::Pass(Duration::from_secs(1)),
        Op::Answer(0, CallbackAnswer::Refused),
        Op::Lock(want(4, 0, 0, Write), false),
        Op::Unlock(0, 1, 3),
        Op::Bind(1),
        Op::PollInTime(4, None),
    ];
    play(&script);
}

/// Three wait for each other, two of them have asked again. When the third gives way those two do not ask by themselves.
#[test]
fn a_deadlock_that_is_left_when_another_is_broken() {
    let script = [
        Op::Lock(want(4, 2, 5, Read), false),
        Op::Lock(want(2, 1, 2, Write), true),
        Op::Lock(want(0, 0, 0, Read), false),
        Op::Lock(want(1, 0, 0, Write), true),
        Op::Lock(want(2, 3, 3, Read), false),
        Op::Lock(want(3, 1, 2, Read), false),
        Op::Lock(want(3, 0, 3, Write), true),
        Op::Lock(want(4, 1, 3, Write), true),
        Op::Lock(want(4, 1, 1, Read), false),
        Op::PollInTime(3, Some((want(0, 0, 1, Write), Duration::ZERO))),
        Op::Unlock(0, 0, 0),
    ];
    live::deadlocks_are_broken(&mut play(&script));
}

/// The time after which one polls was measured as 9 s: its timer may have been set to 8, of which the lock is kept for half.
#[test]
fn a_poll_that_was_late_is_expected_earlier() {
    let script = [
        Op::Lock(want(3, 0, 0, Write), true),
        Op::Lock(want(1, 0, 2, Write), true),
        Op::Lock(want(2, 1, 1, Write), false),
        Op::Lock(want(4, 0, 0, Write), true),
        Op::Pass(Duration::from_millis(9001)),
        Op::Poll(1),
        Op::Pass(Duration::from_secs(4)),
    ];
    live::all_are_served(&mut play(&script), 5);
}

/// The scripts say something: in a long one everything happens.
#[test]
fn scripts_reach_every_turn() {
    let mut run = Run::new();
    let mut state = 1u64;
    for _ in 0..20_000 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        run.step(&Op::from_bytes(((state >> 32) as u32).to_be_bytes()));
    }
    let denied_by = |reason: Reason| run.denied_by.get(&reason).copied().unwrap_or_default();
    let counts = [
        ("granted after a wait", run.granted_after_wait),
        ("granted past a waiter", run.granted_past_waiters),
        ("kept for one that was called", run.kept_turns),
        ("a deadlock", run.deadlocks),
        ("called", run.calls),
        ("denied by one that was called", denied_by(Reason::Called)),
        ("denied by one that polls", denied_by(Reason::Turn)),
        ("denied because a poll is due", denied_by(Reason::Window)),
        ("denied by one that was passed over and asked", denied_by(Reason::Proven)),
        ("told late", run.told_late),
        ("called again", run.repeated),
        ("restarted", run.restarts as usize),
    ];
    for (what, count) in counts {
        assert!(count > 5, "{what}: {count} in {counts:?}");
    }
}
