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
    Untold,
    /// It had its turn and did not come.
    Missed,
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
    FreeUntold,
    /// Somebody else got what it wants.
    Taken,
    /// Its client is called although what it wants is not free.
    Probe,
    /// The time of its turn is over.
    Lapsed,
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
        use Event::{Acted, Asked, Failed, FreeCalled, FreePolls, FreeUntold, Lapsed, Probe, Refused, Taken};
        use Phase::{Called, Missed, Probed, Quiet, Turn, Untold, Waiting};
        match (self, event) {
            // Whoever asks is believed anew.
            (Waiting | Turn | Called | Probed | Untold | Missed | Quiet, Asked) => Waiting,

            (Waiting | Turn | Called | Untold, FreePolls) => Turn,
            (Waiting | Turn | Called | Probed | Untold, FreeCalled) => Called,
            (Waiting | Turn | Called | Untold, FreeUntold) => Untold,
            // One whose owner did something else is told, but nothing is kept for it.
            (Quiet, FreeCalled) => Missed,
            (Quiet, FreePolls | FreeUntold) => Quiet,
            (Missed, FreePolls | FreeCalled | FreeUntold) => Missed,
            (Probed, FreePolls | FreeUntold) => Probed,

            (Turn | Called | Untold, Taken) => Waiting,
            (Waiting | Probed | Missed | Quiet, Taken) => self,

            (Waiting, Probe) => Probed,
            (Turn | Called | Probed | Untold | Missed | Quiet, Probe) => self,

            // One that polls is late only when its poll was expected: `habit` knows.
            (Turn, Lapsed) => Waiting,
            (Called | Probed, Lapsed | Refused) => Missed,
            (Turn, Refused) | (Waiting | Untold | Missed | Quiet, Lapsed | Refused) => self,
            (Called, Failed) => Untold,
            (Probed, Failed) => Waiting,
            // Its turn is over, but it is to be told.
            (Missed, Failed) => Quiet,
            (Waiting | Turn | Untold | Quiet, Failed) => self,

            (Waiting | Turn | Called | Probed | Untold | Quiet, Acted) => Quiet,
            (Missed, Acted) => Missed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Event::*;
    use super::Phase::*;
    use super::*;
    use std::fmt::Write;

    const PHASES: [Phase; 7] = [Waiting, Turn, Called, Probed, Untold, Missed, Quiet];
    const EVENTS: [Event; 10] =
        [Asked, FreePolls, FreeCalled, FreeUntold, Taken, Probe, Lapsed, Refused, Failed, Acted];

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
        for phase in [Missed, Quiet] {
            for event in EVENTS.into_iter().filter(|event| *event != Asked) {
                assert!([Missed, Quiet].contains(&phase.after(event)), "{phase:?} {event:?}");
            }
        }
    }
}
