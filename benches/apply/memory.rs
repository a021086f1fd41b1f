//! Bytes of memory: what the core keeps for each thing, and what is left when the client is gone.

use super::counting::{Count, count, trim};
use super::driver::{Driver, NOW, core, file, held};
use lockhouse::nfs4::LockKind;
use std::time::Duration;

fn print(name: &str, number: u64, empty: f64, before: Count, after: Count) {
    let each = |before: f64, after: f64| (after - before) / number as f64;
    let name = format!("{name}, {number}");
    let live = each(before.live as f64, after.live as f64);
    let chunks = each(before.chunks as f64, after.chunks as f64);
    let resident = each(empty, resident());
    println!("{name:<44} {live:>8.0} {chunks:>8.0} {resident:>8.0}");
}

/// Bytes that the process has in memory.
fn resident() -> f64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let resident = pages.split(' ').nth(1).and_then(|pages| pages.parse::<f64>().ok());
    resident.unwrap_or(f64::NAN) * 4096.0
}

/// What is left when the client has been silent for longer than anybody waits for it.
fn gone(name: &str, mut driver: Driver, empty_resident: f64, empty: Count, full: Count) {
    let full_resident = resident() - empty_resident;
    let mut now = NOW;
    for _ in 0..4 {
        now += Duration::from_secs(3 * 24 * 3600);
        while driver.core.next_alarm() <= now {
            let next = driver.core.next_alarm().max(now);
            driver.core.on_alarm(next);
            drop(driver.core.take_deferred_drops());
            driver.core.take_changes(&mut driver.changes);
        }
    }
    driver.changes = Default::default();
    driver.core.take_changes(&mut Default::default());
    let closed = driver.core.take_closed();
    drop(closed);
    let left = count();
    let grown = (full.live - empty.live) as f64;
    let share = (left.live as f64 - empty.live as f64) / grown * 100.0;
    let left_resident = || (resident() - empty_resident) / full_resident * 100.0;
    let (kept, _, trimmed) = (left_resident(), trim(), left_resident());
    let name = format!("  % left when the client is gone ({name})");
    println!("{name:<44} {share:>8.1} {:>8} {kept:>8.1}, {trimmed:.1} trimmed", "");
    assert_eq!(driver.core.counts(), (0, 0));
}

fn locks(sessions: bool, number: u64) {
    let version = if sessions { "4.1" } else { "4.0" };
    let mut driver = Driver::new(core(), b"client", sessions);
    let fh = file(0);
    let open = driver.open(&fh, 0);
    driver.changes = Default::default();
    let (empty, before) = (resident(), count());
    for owner in 0..number {
        driver.lock_new(&fh, open, owner, 3 + owner as u32, held(owner), LockKind::Write);
    }
    let after = count();
    print(&format!("{version} lock of an own owner"), number, empty, before, after);
    gone("locks", driver, empty, before, after);
}

fn ranges(random: bool, number: u64) {
    let mut driver = Driver::new(core(), b"client", true);
    let fh = file(0);
    let open = driver.open(&fh, 0);
    let mut owner = driver.lock_new(&fh, open, 0, 3, held(number), LockKind::Write);
    let (empty, before) = (resident(), count());
    for at in 0..number {
        let at = if random { at.wrapping_mul(0x9e37_79b9) % number.next_power_of_two() } else { at };
        driver.lock(&fh, &mut owner, held(at), LockKind::Write);
    }
    let after = count();
    print(if random { "range, in any order" } else { "range, ascending" }, number, empty, before, after);
    gone("ranges", driver, empty, before, after);
}

fn opens(sessions: bool, one_file: bool, number: u64) {
    let version = if sessions { "4.1" } else { "4.0" };
    let mut driver = Driver::new(core(), b"client", sessions);
    driver.open(&file(0), number);
    let (empty, before) = (resident(), count());
    for owner in 0..number {
        driver.open(&file(if one_file { 0 } else { owner }), owner);
    }
    let after = count();
    let what = if one_file { "open of one file" } else { "open of an own file" };
    print(&format!("{version} {what}"), number, empty, before, after);
    gone("opens", driver, empty, before, after);
}

pub fn run(bench: bool) {
    let sizes: &[u64] = if bench { &[100_000, 1_000_000] } else { &[1_000] };
    println!("{:<44} {:>8} {:>8} {:>8}", "bytes", "asked", "glibc", "resident");
    for &number in sizes {
        for sessions in [true, false] {
            locks(sessions, number);
            opens(sessions, true, number);
            opens(sessions, false, number);
        }
        ranges(false, number);
        ranges(true, number);
    }
}
