//! Processes that are killed. The child is this test program, which its environment tells what to do.

use super::*;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

/// Names the directory in which the child works.
const CHILD: &str = "LOCKHOUSE_TEST_STORE_CHILD";

/// Commits without end and prints each number once it is committed. Closes and opens the store now and then.
#[test]
fn child_that_commits() {
    let Some(dir) = std::env::var_os(CHILD) else { return };
    let mut store = open(dir.as_ref(), BOOT);
    let mut done = steps(&records(&store));
    loop {
        done += 1;
        let durability = if done.is_multiple_of(100) { Durability::Machine } else { Durability::Process };
        store.commit(&step(done), durability).unwrap();
        // The parent may be gone.
        if writeln!(std::io::stdout(), "committed {done}").is_err() {
            return;
        }
        match done % 1000 {
            400 => {
                let mut all = Batch::new();
                after(done).iter().for_each(|(key, value)| all.put(key, value));
                store.replace_all(&all).unwrap();
            }
            800 => {
                close(store);
                store = open(dir.as_ref(), BOOT);
            }
            _ => {}
        }
    }
}

fn spawn(dir: &Path) -> Child {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "store::embedded::tests::crash::child_that_commits", "--nocapture"]);
    child.env(CHILD, dir).stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap()
}

/// Kills the child after about `count` commits. Returns the last one that was acknowledged.
fn kill_after(child: &mut Child, count: u64) -> Option<u64> {
    let number = |line: &str| line.split_once("committed ")?.1.parse().ok();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut last = None;
    for _ in 0..count {
        last = lines.next().as_deref().and_then(number).or(last);
    }
    child.kill().unwrap();
    // The last line may be incomplete.
    let later: Vec<u64> = lines.filter_map(|line| number(&line)).collect();
    child.wait().unwrap();
    last.max(later.len().checked_sub(2).map(|at| later[at]))
}

#[test]
fn nothing_acknowledged_is_lost_when_the_process_is_killed() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("store");
    let mut before = 0;
    for round in 0..25_u64 {
        let mut child = spawn(&dir);
        let acknowledged = kill_after(&mut child, 20 + round * 6151 % 1500).unwrap_or(before);
        let opened = open_with(&dir, BOOT, SMALL).unwrap();
        assert!(matches!(opened.found, Found::Records { complete: true, .. }));
        // The records are those after a number of commits, none of them missing.
        let done = steps(&records(&opened.store));
        assert!(done >= acknowledged && acknowledged >= before, "{before} {acknowledged} {done}");
        before = done;
    }
    assert!(before > 1000);
}
