//! `lockhouse bench`: every workload once, with tiny numbers, against a server that it starts itself. Times never decide.

use crate::process::{Server, command, transcript};
use lockhouse::bench::Report;
use rustix::process::Signal;
use std::path::Path;

/// Runs it and takes its JSON. A machine that is very busy may do nothing in 50 ms: then it gets more.
fn bench(args: &[&str]) -> Report {
    let mut report = bench_for("50ms", args);
    for longer in ["1s", "20s"] {
        if report.rows.iter().any(|row| row.units == 0) {
            report = bench_for(longer, args);
        }
    }
    report
}

fn bench_for(duration: &str, args: &[&str]) -> Report {
    let tiny = ["--duration", duration, "--warmup", "10ms"];
    let tiny = if args.first() == Some(&"state") { &[][..] } else { &tiny };
    let output = command(&[&["bench"], args, tiny, &["--json", "--no-pin"]].concat()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{args:?}: {said}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{args:?}: {error}: {said}"))
}

/// Cases and units of the rows, all of which must be without errors.
fn rows(report: &Report) -> Vec<(String, String, String)> {
    assert_eq!(report.error_count(), 0, "{:?}", report.rows);
    for row in &report.rows {
        assert!(row.units > 0 && row.calls >= row.units, "{row:?}");
        assert!(row.per_second.median > 0.0 && row.latency_us.max.median > 0.0, "{row:?}");
        assert!(row.server_cpu_us.is_some(), "{row:?}");
    }
    report.rows.iter().map(|row| (row.target.clone(), row.case.clone(), row.unit.clone())).collect()
}

fn names(rows: &[(String, String, String)]) -> Vec<(&str, &str)> {
    rows.iter().map(|(target, _, unit)| (target.as_str(), unit.as_str())).collect()
}

#[test]
fn pairs_and_shared_beside_an_echo_in_every_minor_version() {
    for (workload, minor) in [("pairs", "0"), ("pairs", "1"), ("shared", "2"), ("shared", "0")] {
        let report = bench(&[workload, "--minor", minor, "-c", "2", "-d", "3", "--runs", "2"]);
        assert_eq!(names(&rows(&report)), [("echo", "call"), ("lockhouse", "call")]);
        assert_eq!((report.runs, report.connections, report.depth), (2, 2, 3));
    }
}

#[test]
fn more_lanes_than_a_session_has_slots() {
    let report = bench(&["shared", "-c", "3", "-d", "50", "--no-echo"]);
    assert_eq!(names(&rows(&report)), [("lockhouse", "call")]);
}

#[test]
fn calls_in_bursts() {
    let report = bench(&["pairs", "-c", "2", "-d", "8", "--bursts"]);
    assert!(report.bursts);
    assert_eq!(names(&rows(&report)), [("echo", "call"), ("lockhouse", "call")]);
}

#[test]
fn an_own_server_beside_itself() {
    let report = bench(&["null", "--target", "own", "--no-echo"]);
    assert_eq!(names(&rows(&report)), [("lockhouse", "call")]);
}

#[test]
fn null_and_echo() {
    assert_eq!(names(&rows(&bench(&["null", "-d", "4"]))), [("echo", "call"), ("lockhouse", "call")]);
    assert_eq!(names(&rows(&bench(&["echo", "-c", "2"]))), [("echo", "call")]);
}

#[test]
fn growth_by_one_holder_and_by_many() {
    for minor in ["0", "1"] {
        let report = bench(&["growth", "--minor", minor, "--held", "20,5"]);
        let cases: Vec<_> = rows(&report).into_iter().map(|(_, case, _)| case).collect();
        assert_eq!(cases, ["5, one holder", "20, one holder", "5, a holder each", "20, a holder each"]);
        let held: Vec<_> = report.rows.iter().map(|row| row.figures["held"].median).collect();
        assert_eq!(held, [5.0, 20.0, 5.0, 20.0]);
    }
}

#[test]
fn readers_and_a_denied_writer() {
    for minor in ["0", "2"] {
        let report = bench(&["readers", "--minor", minor, "--held", "3,6"]);
        let units: Vec<_> = rows(&report).into_iter().map(|(_, _, unit)| unit).collect();
        assert_eq!(units, ["pair", "denial", "pair", "denial"]);
    }
}

#[test]
fn contend_serves_owners_and_counts_them() {
    for (minor, case) in [("0", "4 on one byte, polling"), ("1", "4 on one byte, notified")] {
        let report = bench(&["contend", "--minor", minor, "--owners", "4", "-c", "2"]);
        let cases: Vec<_> = rows(&report).into_iter().map(|(_, case, _)| case).collect();
        assert_eq!(cases, ["4 apart", case]);
        let figures = &report.rows[1].figures;
        assert!(figures["most served"].median > 0.0 && figures["fairness"].median > 0.0, "{figures:?}");
    }
}

#[test]
fn handover_by_notice_and_by_polling() {
    for (minor, case) in [("0", "polling"), ("1", "notified")] {
        let report = bench(&["handover", "--minor", minor]);
        assert_eq!(rows(&report)[0].1, case);
    }
}

#[test]
fn state_of_each_kind_and_its_end() {
    for (minor, leave) in [("0", "reboot"), ("0", "unmount"), ("1", "reboot"), ("2", "unmount")] {
        let report = bench(&["state", "--minor", minor, "--owners", "40", "--leave", leave]);
        assert_eq!(report.error_count(), 0);
        let units: Vec<_> = report.rows.iter().map(|row| (row.unit.as_str(), row.units)).collect();
        assert_eq!(units[..3], [("open", 40), ("lock", 40), ("range", 40)]);
        assert!(
            report.rows[3..].iter().all(|row| row.unit == "call" && row.figures.contains_key("stall ms"))
        );
        assert!(report.rows[..3].iter().all(|row| row.figures.contains_key("B anonymous each")));
    }
}

#[test]
fn given_targets_in_turn_a_picture_and_a_clean_directory() {
    let tmp = tempfile::tempdir().unwrap();
    let (files, state, picture) =
        (tmp.path().join("files"), tmp.path().join("state"), tmp.path().join("a.svg"));
    std::fs::create_dir_all(files.join("sub")).unwrap();
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let server =
        Server::start(&[&text(&files), "--no-root-squash", "--state", &text(&state), "--log", "off"]);
    let target = |name: &str| format!("{name}={}/sub@{}", server.address, std::process::id());
    let report =
        bench(&["pairs", "--target", &target("a"), "--target", &target("b"), "--svg", &text(&picture)]);
    assert_eq!(names(&rows(&report)), [("echo", "call"), ("a", "call"), ("b", "call")]);
    assert!(std::fs::read_to_string(&picture).unwrap().contains("<polyline"));
    assert_eq!(std::fs::read_dir(files.join("sub")).unwrap().count(), 0, "its files are removed");
}

#[test]
fn a_picture_that_cannot_be_written_is_told_before_anything_is_measured() {
    let tmp = tempfile::tempdir().unwrap();
    let (missing, directory) = (tmp.path().join("missing/a.svg"), tmp.path());
    for path in [&missing, directory] {
        let said = transcript(&["bench", "null", "--duration", "2s", "--svg", path.to_str().unwrap()], None);
        let mut lines = said.lines().skip(1);
        assert!(lines.next().unwrap().starts_with("error: cannot write "), "{said}");
        assert_eq!(lines.next(), Some("[exit code 1]"), "nothing was measured: {said}");
    }
    // Nothing measured, nothing left behind.
    let picture = tmp.path().join("a.svg");
    let args = ["bench", "null", "--target", "127.0.0.1:1/", "--no-echo", "--svg", picture.to_str().unwrap()];
    assert!(transcript(&args, None).ends_with("[exit code 1]\n"));
    assert!(!picture.exists());
}

#[test]
fn a_server_that_goes_away_ends_it_with_a_message() {
    let tmp = tempfile::tempdir().unwrap();
    let state = tmp.path().join("state");
    let server = Server::start(&["--memory", "--no-root-squash", "--state", state.to_str().unwrap()]);
    let target = format!("gone={}", server.address);
    let mut args = vec!["bench", "pairs", "--duration", "10m", "--no-echo", "--target", &target];
    args.extend(["--warmup", "0s"]);
    let running = command(&args)
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    // It is in the middle when it has its files: they are made last before the calls begin.
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while !holds_a_lock(&state) {
        assert!(std::time::Instant::now() < deadline, "it never began");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    server.end(Signal::KILL);
    let output = running.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.starts_with("error: gone: ") && output.stdout.is_empty(), "{said}");
}

/// Whether some client has a lock stateid, as the state directory says.
fn holds_a_lock(state: &Path) -> bool {
    let output = command(&["state", "export", state.to_str().unwrap()]).output().unwrap();
    String::from_utf8_lossy(&output.stdout).contains("lock")
}

#[test]
fn targets_that_make_no_sense() {
    let wrong: [&[&str]; 5] = [
        &["bench", "pairs", "--target", "nowhere"],
        &["bench", "pairs", "--target", "127.0.0.1:1/@4000000000"],
        &["bench", "pairs", "--target", "127.0.0.1:1", "--no-echo"],
        &["bench", "pairs", "--duration", "soon"],
        &["bench", "nothing"],
    ];
    for args in wrong {
        let output = command(args).output().unwrap();
        assert!(matches!(output.status.code(), Some(1 | 2)) && output.stdout.is_empty(), "{args:?}");
        assert!(String::from_utf8_lossy(&output.stderr).starts_with("error: "), "{args:?}");
    }
}
