//! The lock queue of one file against a plain list, under random scripts of clients with and without sessions: asking,
//! unlocking, closing, time that passes, calls that are answered, refused and lost, restarts of the server.

#[path = "queue/clients.rs"]
mod clients;
#[path = "queue/plain.rs"]
mod plain;
#[path = "queue/run.rs"]
mod run;

use lockhouse::nfs4::Status;
use lockhouse::state::CallbackAnswer;
use plain::{BYTES, OWNERS, Outcome, RESERVATION, Want};
use proptest::prelude::*;
use run::{Op, Run};

const DONE: CallbackAnswer = CallbackAnswer::Done(Status::Ok);

fn play(script: &[[u8; 4]]) -> Run {
    let mut run = Run::new();
    for octets in script {
        run.step(&Op::from_octets(*octets));
    }
    run
}

/// All that is held is given back, byte by byte, so that a wait for more than one byte is not taken for given up; answers
/// what is still waited for.
fn release_all(run: &mut Run) -> Vec<Want> {
    for owner in 0..OWNERS {
        (0..BYTES).for_each(|byte| run.unlock(owner, byte, byte));
    }
    run.wants()
}

/// Asks for it, and gives it back at once when it is granted. Answers whether the wait is over.
fn ask(run: &mut Run, want: Want) -> bool {
    let outcome = run.lock(want, true);
    if outcome == Outcome::Granted {
        run.unlock(want.owner, want.first, want.last);
    }
    !matches!(outcome, Outcome::Denied(_))
}

/// Everybody who keeps asking gets it: those without sessions each second, the others when called, and each 30 seconds.
fn all_are_served(run: &mut Run) {
    let mut waiting = release_all(run);
    (0..clients::CLIENTS).for_each(|client| run.bind(client));
    for second in 0..300 {
        while run.on_the_way() > 0 {
            let called = run.answer(0, DONE);
            let mut of_owner = waiting.clone();
            of_owner.retain(|want| Some(want.owner) == called.map(|called| called.owner));
            for want in of_owner {
                if ask(run, want) {
                    waiting.retain(|other| *other != want);
                }
            }
        }
        for want in waiting.clone() {
            let polls = clients::CLIENT_OF[want.owner] < 2 || second % 30 == 0;
            if polls && ask(run, want) {
                waiting.retain(|other| *other != want);
            }
        }
        if waiting.is_empty() {
            return;
        }
        run.pass(1);
    }
    panic!("still waiting after five minutes: {waiting:?}");
}

/// One waiter lives and asks each second; all others are dead. It waits for each of them one reservation at most.
fn the_dead_hold_nobody_up(run: &mut Run, which: usize) {
    let waiting = release_all(run);
    let Some(want) = waiting.get(which % waiting.len().max(1)).copied() else { return };
    let patience = waiting.iter().take_while(|other| **other != want).count() as u64 * RESERVATION;
    for second in 0..=patience {
        if !matches!(run.lock(want, true), Outcome::Denied(_)) {
            return;
        }
        assert!(second < patience, "{want:?} waits for the dead after {patience} s: {:?}", run.wants());
        run.pass(1);
    }
}

fn scripts(steps: usize) -> impl Strategy<Value = Vec<[u8; 4]>> {
    proptest::collection::vec(any::<[u8; 4]>(), 1..steps)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn random_scripts(script in scripts(200)) {
        play(&script);
    }

    #[test]
    fn nobody_waits_for_ever(script in scripts(60)) {
        all_are_served(&mut play(&script));
    }

    #[test]
    fn the_dead_delay_others_by_their_reservations(script in scripts(60), which in any::<usize>()) {
        the_dead_hold_nobody_up(&mut play(&script), which);
    }
}

/// The scripts say something: in a long one everything happens.
#[test]
fn scripts_reach_every_turn() {
    let mut run = Run::new();
    let mut state = 1u64;
    for _ in 0..20_000 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        run.step(&Op::from_octets(((state >> 32) as u32).to_be_bytes()));
    }
    for (what, count) in [
        ("granted after a wait", run.granted_after_wait),
        ("a deadlock", run.deadlocks),
        ("called", run.calls),
        ("denied by a waiter", run.overtaken),
        ("told late", run.told_late),
        ("called again", run.repeated),
        ("restarted", run.restarts as usize),
    ] {
        assert!(count > 50, "{what}: {count}");
    }
}
