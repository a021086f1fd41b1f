//! What becomes of those who wait after a script: everybody who keeps asking is served, those who do not hold nobody up,
//! and deadlocks end.

use super::clients::{CLIENT_OF, CLIENTS};
use super::plain::{BYTES, OWNERS, Reason, Want, ms};
use super::run::{Outcome, Run, SCRIPTED};
use lockhouse::nfs4::{LockKind, Status};
use lockhouse::state::CallbackAnswer;
use std::time::Duration;

const DONE: CallbackAnswer = CallbackAnswer::Done(Status::Ok);
/// Linux asks again after so long at most, called or not.
const POLL_MAX: Duration = ms(30_000);
/// What lies between a call and the LOCK that follows it, in milliseconds.
const TRIP: u64 = 2;

/// A process that waits for one thing, gets it, gives it back, and starts again.
struct Worker {
    want: Want,
    /// When it began to wait.
    since: Duration,
    /// When it asks or unlocks next.
    due: Duration,
    backoff: Duration,
    holds: bool,
    served: bool,
}

impl Worker {
    fn new(want: Want, now: Duration) -> Self {
        let due = now + ms(7 * want.owner as u64);
        Self { want, since: now, due, backoff: Duration::ZERO, holds: false, served: false }
    }

    /// Asks, or unlocks. Answers for how long it had waited, if it was served.
    fn work(&mut self, run: &mut Run, hold: Duration) -> Option<Duration> {
        let Want { owner, first, last, .. } = self.want;
        if std::mem::take(&mut self.holds) {
            run.unlock(owner, first, last);
            (self.since, self.due) = (run.now, run.now + ms(TRIP));
            return None;
        }
        if run.lock(self.want, true) == Outcome::Granted {
            (self.holds, self.served, self.backoff) = (true, true, Duration::ZERO);
            self.due = run.now + hold.max(ms(1));
            return Some(run.now - self.since);
        }
        let called = run.works(CLIENT_OF[owner]);
        self.backoff = if called { POLL_MAX } else { (self.backoff * 2).clamp(ms(1000), POLL_MAX) };
        self.due = run.now + self.backoff;
        None
    }
}

/// All that is held is given back. Who holds nothing says nothing, and waits on.
fn release_all(run: &mut Run) {
    for owner in 0..OWNERS {
        if run.plain.held[owner].iter().any(Option::is_some) {
            run.unlock(owner, 0, BYTES - 1);
        }
    }
}

/// All can be called, and no call is on its way.
fn bind_all(run: &mut Run) {
    (0..CLIENTS).for_each(|client| run.bind(client));
    while run.on_the_way() > 0 {
        run.answer(0, DONE);
    }
}

/// Whose call comes next; it is answered.
fn next_called(run: &mut Run) -> Option<usize> {
    (run.on_the_way() > 0).then(|| run.answer(0, DONE)).flatten()
}

/// Each owner that waits asks for the first thing that it waits for, and again as soon as it had it; all until each was
/// served. Nobody waits for longer than until the second poll after its interval has grown to 30 s.
pub fn all_are_served(run: &mut Run, hold: u64) {
    release_all(run);
    bind_all(run);
    let firsts = (0..SCRIPTED).filter_map(|owner| run.wants_of(owner).first().copied());
    let mut workers: Vec<_> = firsts.map(|want| Worker::new(want, run.now)).collect();
    let limit = ms(1000 + 2000 + 4000 + 8000 + 16_000) + POLL_MAX * 2;
    while let Some(next) = workers.iter().map(|worker| worker.due).min() {
        if workers.iter().all(|worker| worker.served) {
            return;
        }
        run.pass_to_alarm(next.saturating_sub(run.now));
        while let Some(owner) = next_called(run) {
            let asked = run.now + ms(TRIP);
            let called = workers.iter_mut().filter(|worker| worker.want.owner == owner && !worker.holds);
            called.for_each(|worker| worker.due = worker.due.min(asked));
        }
        for worker in &mut workers {
            if worker.due <= run.now {
                worker.work(run, ms(hold));
            }
            let waits = if worker.holds { Duration::ZERO } else { run.now - worker.since };
            assert!(waits < limit, "{:?} waits for {waits:?}: {:#?}", worker.want, run.plain);
        }
    }
}

/// Nobody who waits comes back; one that wants everything asks every 10 ms, waiting itself or not. What is free is kept
/// from it for a second at most, whoever was called, and longer only for polls of those that were passed over for too long
/// and for who is known to wait.
pub fn the_dead_hold_nobody_up(run: &mut Run, polls: bool, answers: bool) {
    release_all(run);
    let want = Want { owner: SCRIPTED, first: 0, last: BYTES - 1, kind: LockKind::Write };
    for _ in 0..4 {
        let (mut turns, mut claims) = (Duration::ZERO, Duration::ZERO);
        loop {
            match run.lock(want, polls) {
                Outcome::Granted => break,
                Outcome::Denied(Reason::Called | Reason::Turn) => turns += ms(10),
                Outcome::Denied(Reason::Window | Reason::Proven) => claims += ms(10),
                outcome => panic!("nobody holds anything, and {outcome:?}"),
            }
            assert!(turns <= ms(1000), "turns hold others up for {turns:?}: {:#?}", run.plain);
            assert!(claims <= ms(60_000), "claims hold others up for {claims:?}: {:#?}", run.plain);
            if answers {
                while next_called(run).is_some() {}
            }
            run.pass(ms(10));
        }
        run.unlock(SCRIPTED, 0, BYTES - 1);
    }
}

/// Each owner that waits keeps asking for the first thing that it waits for, each second or when it is called, and nobody
/// gives anything back. Each time one is broken, or nothing happens, within five seconds; then nobody waits in a circle.
pub fn deadlocks_are_broken(run: &mut Run) {
    bind_all(run);
    let firsts = (0..SCRIPTED).filter_map(|owner| run.wants_of(owner).first().copied());
    let wants: Vec<_> = firsts.collect();
    for want in &wants {
        // It does something else, and then waits for one thing.
        run.lock(*want, false);
        run.lock(*want, true);
    }
    let (mut broken, mut poll) = (run.now, run.now + ms(1000));
    while run.now < broken + ms(5000) {
        let called: Vec<_> = std::iter::from_fn(|| next_called(run)).collect();
        match called.is_empty() {
            true => run.pass_to_alarm(poll - run.now),
            false => run.pass(ms(TRIP)),
        }
        let is_time = run.now >= poll;
        poll = if is_time { run.now + ms(1000) } else { poll };
        for want in &wants {
            let waits = run.plain.find(want).is_some_and(|waiter| !waiter.quiet);
            let polls = !run.works(CLIENT_OF[want.owner]) && is_time;
            if waits && (polls || called.contains(&want.owner)) && run.lock(*want, true) == Outcome::Deadlock
            {
                broken = run.now;
            }
        }
    }
    assert!(!run.plain.any_cycle(), "a deadlock stands: {:#?}", run.plain);
}
