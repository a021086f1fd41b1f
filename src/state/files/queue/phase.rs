//! The states of a waiter, and every move between them. `docs/decisions/001-waiting.md` has the same table, for people; a
//! test compares the two.

/// What a waiter is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::state) enum Phase {
    /// It was denied, and has had no turn since.
    Waiting,
    /// What it wants is free, and it goes before others that poll, for a moment.
    Turn,
    /// What it wants is free, and kept for it: its client was called.
    Called,
    /// Its client was called to see whether it still waits.
    Probed,
    /// What it wants is free, and its client cannot be called now.
    NotNotified,
    /// It had its turn and did not come.
    ReservationMissed,
    /// Its owner did something else since it asked.
    Quiet,
}

/// What happens to a waiter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::state) enum Event {
    /// It asked again, and was denied.
    Asked,
    /// What it wants has become free, and its client polls.
    FreePolls,
    /// What it wants has become free, and its client is called.
    FreeCalled,
    /// What it wants has become free, and its client is to be called and cannot be.
    FreeNotNotified,
    /// Somebody else got what it wants.
    Taken,
    /// Its client is called although what it wants is not free.
    Probe,
    /// The time of its turn is over.
    Stale,
    /// Its client answered the call with an error.
    Refused,
    /// Its client did not take the call: there is something wrong with the back channel.
    Failed,
    /// Its owner did something else.
    Acted,
}

impl Phase {
    /// Returns the state after an event.
    #[rustfmt::skip]
    pub fn after(self, event: Event) -> Self {
        use Event::{Acted, Asked, Failed, FreeCalled, FreePolls, FreeNotNotified, Stale, Probe, Refused, Taken};
        use Phase::{Called, ReservationMissed, Probed, Quiet, Turn, NotNotified, Waiting};
        match (self, event) {
            // Whoever asks is believed again.
            (Waiting | Turn | Called | Probed | NotNotified | ReservationMissed | Quiet, Asked) => Waiting,

            (Waiting | Turn | Called | NotNotified, FreePolls) => Turn,
            (Waiting | Turn | Called | Probed | NotNotified, FreeCalled) => Called,
            (Waiting | Turn | Called | NotNotified, FreeNotNotified) => NotNotified,
            // One whose owner did something else is told, but nothing is kept for it.
            (Quiet, FreeCalled) => ReservationMissed,
            (Quiet, FreePolls | FreeNotNotified) => Quiet,
            (ReservationMissed, FreePolls | FreeCalled | FreeNotNotified) => ReservationMissed,
            (Probed, FreePolls | FreeNotNotified) => Probed,

            (Turn | Called | NotNotified, Taken) => Waiting,
            (Waiting | Probed | ReservationMissed | Quiet, Taken) => self,

            (Waiting, Probe) => Probed,
            (Turn | Called | Probed | NotNotified | ReservationMissed | Quiet, Probe) => self,

            // One that polls is late only when its poll was expected: `habit` knows.
            (Turn, Stale) => Waiting,
            (Called | Probed, Stale | Refused) => ReservationMissed,
            (Turn, Refused) | (Waiting | NotNotified | ReservationMissed | Quiet, Stale | Refused) => self,
            (Called, Failed) => NotNotified,
            (Probed, Failed) => Waiting,
            // Its turn is over, but it is to be told.
            (ReservationMissed, Failed) => Quiet,
            (Waiting | Turn | NotNotified | Quiet, Failed) => self,

            (Waiting | Turn | Called | Probed | NotNotified | Quiet, Acted) => Quiet,
            (ReservationMissed, Acted) => ReservationMissed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Event::*;
    use super::Phase::*;
    use super::*;
    use std::fmt::Write;

    const PHASES: [Phase; 7] = [Waiting, Turn, Called, Probed, NotNotified, ReservationMissed, Quiet];
    const EVENTS: [Event; 10] =
        [Asked, FreePolls, FreeCalled, FreeNotNotified, Taken, Probe, Stale, Refused, Failed, Acted];

    #[test]
    fn the_table_in_the_decision_is_this_one() {
        let mut table = String::from("| |");
        EVENTS.iter().for_each(|event| write!(table, " {event:?} |").unwrap());
        table.push_str("\n|---|");
        EVENTS.iter().for_each(|_| table.push_str("---|"));
        for phase in PHASES {
            write!(table, "\n| {phase:?} |").unwrap();
            for event in EVENTS {
                let after = phase.after(event);
                let moves = if after == phase { String::from("–") } else { format!("{after:?}") };
                write!(table, " {moves} |").unwrap();
            }
        }
        let page = include_str!("../../../../docs/decisions/001-waiting.md");
        assert!(page.contains(&table), "docs/decisions/001-waiting.md should have:\n{table}");
    }

    #[test]
    fn who_counts_for_nothing_does_so_until_it_asks_again() {
        for phase in [ReservationMissed, Quiet] {
            for event in EVENTS.into_iter().filter(|event| *event != Asked) {
                assert!([ReservationMissed, Quiet].contains(&phase.after(event)), "{phase:?} {event:?}");
            }
        }
    }
}
