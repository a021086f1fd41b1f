//! Sessions of real clients, captured (`fixtures/wire`, see `fixtures/README.md`): every record is decoded and written
//! again, and each session is played once more to a new server.

mod calls;
mod capture;
mod capture_tests;
mod replay;
mod replies;
mod say;
mod session;

use crate::golden;
use session::Record;
use std::collections::BTreeSet;

/// What a record says to people; everything that can be wrong with it is found on the way.
fn lines(record: &Record) -> Vec<String> {
    if record.to_server { calls::lines(&record.bytes) } else { replies::lines(&record.bytes) }
}

/// Makes a session of the capture that `LOCKHOUSE_CAPTURE` names, under the name in `LOCKHOUSE_CAPTURE_AS`.
fn take_over_capture() {
    let Some(path) = std::env::var_os("LOCKHOUSE_CAPTURE") else { return };
    let name = std::env::var("LOCKHOUSE_CAPTURE_AS").expect("LOCKHOUSE_CAPTURE_AS names the session");
    let records = capture::records(&std::fs::read(path).expect("the capture can be read"));
    check(&name, &session::text(&records, lines));
}

/// Compares a session with its file; says the first line that differs, since the whole is long.
fn check(name: &str, text: &str) {
    let file = format!("wire/{name}.txt");
    if std::env::var_os("UPDATE").is_none() {
        let lines = session::stored(name);
        let mut pairs = lines.lines().zip(text.lines()).zip(1..);
        if let Some(((stored, now), line)) = pairs.find(|((stored, now), _)| stored != now) {
            panic!("fixtures/{file}, line {line}:\n{stored}\nnow reads\n{now}");
        }
    }
    golden::check(&file, text);
}

#[test]
fn every_record_is_decoded_and_written_as_it_was() {
    take_over_capture();
    for name in session::names() {
        let records = session::read(&name);
        check(&name, &session::text(&records, lines));
    }
}

#[test]
fn a_new_server_answers_a_session_with_the_same_statuses() {
    session::names().iter().for_each(|name| replay::replay(name, &session::read(name)));
}

/// The sessions are worth something only as long as they contain what the server is for.
#[test]
fn sessions_contain_what_clients_do() {
    let records: Vec<Record> = session::names().iter().flat_map(|name| session::read(name)).collect();
    let said: BTreeSet<String> = records
        .iter()
        .flat_map(lines)
        .map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" "))
        .collect();
    let answered = "ACCESS CLOSE COMMIT CREATE GETATTR GETFH LINK LOCK LOCKT LOCKU LOOKUP OPEN OPEN_CONFIRM \
        PUTFH PUTROOTFH READ READDIR READLINK RELEASE_LOCKOWNER REMOVE RENAME SETATTR SETCLIENTID \
        SETCLIENTID_CONFIRM WRITE";
    for name in answered.split(' ') {
        assert!(said.contains(&format!("{name} NFS4_OK")), "no session has {name}");
    }
    for refusal in
        ["LOCK NFS4ERR_DENIED", "LOCKT NFS4ERR_DENIED", "LOOKUP NFS4ERR_NOENT", "OPEN NFS4ERR_EXIST"]
    {
        assert!(said.contains(refusal), "no session has {refusal}");
    }
}
