//! `growth` and `readers`: what one more lock costs in a file that holds many.

use super::super::error::BenchError;
use super::super::load_client::LoadClient;
use super::super::plan::Holders;
use super::super::sample::{Sample, Subject};
use super::super::target::Target;
use super::bulk::{Bulk, Task};
use super::pairs::{self, Count, Gaps, STRIDE};
use crate::xdr::generated::nfs4::nfs_lock_type4;

/// The file that holds the locks.
const FILE: &str = "shared";
/// Where random numbers begin: the same places in every run.
const SEED: u64 = 0x9e37_79b9_7f4a_7c15;

/// Measures LOCK and LOCKU by one more owner, of a free byte between two that are held, at random.
pub fn growth(subject: &Subject<'_>, target: &Target) -> Result<Vec<Sample>, BenchError> {
    let mut samples = Vec::new();
    for holders in &subject.plan.holders {
        samples.extend(super::with_client(subject, target, |client| grow(subject, client, *holders))?);
    }
    Ok(samples)
}

fn grow(subject: &Subject<'_>, client: &mut LoadClient, holders: Holders) -> Result<Vec<Sample>, BenchError> {
    let mut bulk = Bulk::new(client, FILE, false)?;
    if holders == Holders::One {
        bulk.single_owner(client)?;
    }
    let lines = client.lines(subject.plan.connections, subject.plan.depth, false)?;
    let (mut engine, mut script) = pairs::prepare(client, lines, subject.plan.depth, false, Count::Pairs)?;
    let mut samples = Vec::new();
    let mut from = 0;
    for held in ascending(&subject.plan.held) {
        subject.say(&format!("takes {held} locks"));
        let (task, words) = match holders {
            Holders::One => (Task::LockRanges { stride: STRIDE }, "one holder"),
            Holders::Each => {
                (Task::LockOwners { kind: nfs_lock_type4::WRITE_LT, stride: STRIDE }, "a holder each")
            }
        };
        bulk.run(task, from, held)?;
        subject.wait_until_idle();
        from = held;
        script.gaps = Some(Gaps { count: held, random: SEED });
        let mut sample = subject.measure(&mut engine, &mut script, format!("{held}, {words}"), "pair")?;
        sample.figures.insert("held", held as f64);
        samples.push(sample);
    }
    Ok(samples)
}

/// Measures one more reader of bytes that many read, and a writer that is denied them.
pub fn readers(subject: &Subject<'_>, target: &Target) -> Result<Vec<Sample>, BenchError> {
    super::with_client(subject, target, |client| {
        let mut bulk = Bulk::new(client, FILE, false)?;
        let mut samples = Vec::new();
        let mut from = 0;
        for held in ascending(&subject.plan.held) {
            subject.say(&format!("takes {held} locks"));
            bulk.run(Task::LockOwners { kind: nfs_lock_type4::READ_LT, stride: 0 }, from, held)?;
            subject.wait_until_idle();
            from = held;
            let kinds = [
                (nfs_lock_type4::READ_LT, Count::Pairs, "one more reader", "pair"),
                (nfs_lock_type4::WRITE_LT, Count::Denials, "denied writer", "denial"),
            ];
            for (kind, count, words, unit) in kinds {
                let lines = client.lines(subject.plan.connections, subject.plan.depth, false)?;
                let (mut engine, mut script) =
                    pairs::prepare(client, lines, subject.plan.depth, false, count)?;
                script.all_want(kind, 0);
                let mut sample =
                    subject.measure(&mut engine, &mut script, format!("{words} of {held}"), unit)?;
                sample.figures.insert("held", held as f64);
                samples.push(sample);
            }
        }
        Ok(samples)
    })
}

fn ascending(held: &[u64]) -> Vec<u64> {
    let mut held = held.to_vec();
    held.sort_unstable();
    held.dedup();
    held
}
