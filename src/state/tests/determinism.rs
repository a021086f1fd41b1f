//! The same calls give the same answers, and leave the same state.

use super::*;

/// A small generator of numbers (an xorshift), so that the script is long and varied and the same each time.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

/// Plays a long random script; answers all replies and changes.
fn play(seed: u64) -> Vec<String> {
    const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
    let mut w = World::new();
    let mut dice = Dice(seed);
    let (mut replies, mut boot) = (Vec::new(), 1);
    let mut processes = NAMES.map(|name| w.process(name, "f"));
    for _ in 0..3000 {
        let p = &mut processes[dice.throw(6) as usize];
        let first = dice.throw(40);
        let range = bytes(first, first + dice.throw(10));
        let kind = if dice.throw(2) == 0 { LockKind::Read } else { LockKind::Write };
        let reply = match dice.throw(12) {
            0..=3 => format!("{:?}", w.lockw(p, "f", range, kind)),
            4..=6 => format!("{:?}", w.lock(p, "f", range, kind)),
            7..=8 if p.locks.contains_key("f") => format!("{:?}", w.locku(p, "f", range)),
            9 => format!("{:?}", w.core.lockt(w.now, &fh("f"), p.client, b"?", Some(range), kind)),
            10 if dice.throw(20) == 0 => {
                boot += 1;
                let (id, confirm) = w.setclientid(p.name, boot, ROOT).unwrap();
                w.core.setclientid_confirm(w.now, id, confirm, ROOT).unwrap();
                *p = Process::of(id, p.name);
                format!("{:?}", w.open(p, "f", ShareAccess::BOTH, ShareDeny::NONE))
            }
            _ => {
                w.pass(dice.throw(20));
                format!("{:?}", w.core.renew(w.now, p.client))
            }
        };
        if reply.contains("Expired") {
            // The state is gone, the client is the same.
            *p = w.process(p.name, "f");
        }
        replies.push(reply);
        replies.push(format!("{:?} {:?}", w.core.counts(), w.take_changes()));
    }
    replies
}

#[test]
fn equal_calls_give_equal_replies() {
    for seed in 1..4 {
        let replies = play(seed);
        assert_eq!(replies, play(seed));
        let count = |what: &str| replies.iter().filter(|reply| reply.starts_with(what)).count();
        assert!(count("Granted") > 100 && count("Denied") > 100, "the script says something");
    }
}

/// The names of owners are hashed: by the seed of the core, not by one of the process.
#[test]
fn many_owners_come_in_the_same_order_each_time() {
    const NAMES: [&str; 12] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];
    let play = || {
        let mut w = World::new();
        let client = w.client("client");
        for name in NAMES {
            let mut owner = Process::of(client, name);
            w.open(&mut owner, "f", ShareAccess::BOTH, ShareDeny::NONE).unwrap();
        }
        let all = w.core.records();
        all.records().map(|(key, value)| format!("{key:?} {value:?}")).collect::<Vec<_>>()
    };
    let records = play();
    assert!(records.len() > 2 * NAMES.len());
    assert_eq!(records, play());
}
