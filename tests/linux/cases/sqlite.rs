//! SQLite databases with writers on both clients.

use super::cases;
use crate::host::stage::Stage;
use crate::host::worker::finish;

cases!("sqlite": two_writers, writer_killed);

/// Transactions of each writer.
const ROWS: u32 = 12;

/// Every row of both writers is there, the total read and written in each transaction is right, nothing is damaged.
fn two_writers(stage: &Stage<'_>) {
    let path = stage.path("data.db");
    let workers = [stage.a(), stage.b()];
    workers[0].must(&format!("sqlite create {path}"));
    let running: Vec<_> = workers
        .iter()
        .zip(0..)
        .map(|(worker, who)| worker.start(&format!("sqlite insert {path} {who} {ROWS}")))
        .collect();
    for writer in running {
        finish(writer).expect("a writer succeeds");
    }
    for worker in &workers {
        assert_eq!(worker.must(&format!("sqlite check {path}")), format!("ok {} {}", 2 * ROWS, 2 * ROWS));
    }
}

/// A writer that is killed leaves a journal and no locks; the other client rolls back and goes on.
fn writer_killed(stage: &Stage<'_>) {
    let path = stage.path("data.db");
    let (victim, other) = (stage.a(), stage.b());
    victim.must(&format!("sqlite create {path}"));
    let endless = victim.start(&format!("sqlite insert {path} 0 1000000"));
    other.must(&format!("sqlite insert {path} 1 3"));
    assert!(endless.ready().is_none(), "the writer works until it is killed");
    stage.pair.a.signal(&victim, "SIGKILL");
    stage.pair.a.await_end(&victim);
    other.must(&format!("sqlite insert {path} 2 3"));
    let checks: Vec<String> =
        [stage.a(), stage.b()].iter().map(|worker| worker.must(&format!("sqlite check {path}"))).collect();
    assert_eq!(checks[0], checks[1]);
    let words: Vec<&str> = checks[0].split(' ').collect();
    assert_eq!((words[0], words[1]), ("ok", words[2]), "integrity, rows and total: {words:?}");
}
