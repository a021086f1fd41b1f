//! RFC 7862 §15.2, §15.13: COPY and CLONE inside the server.

use crate::support::{Actor, Place, offered, refused_with};
use lockhouse::client::{Error, OpenFile, op};
use lockhouse::nfs4::Status;
use lockhouse::xdr::generated::nfs4::{COPY4res, nfs_argop4, nfs_resop4};

/// Bytes of the source: many blocks of any file system.
const LENGTH: usize = 1 << 20;

fn two_files() -> (Actor, OpenFile, OpenFile) {
    let mut a = Place::new().member_of(2, "a");
    let (from, to) = (a.open_new("from"), a.open_new("to"));
    let data: Vec<u8> = (0..LENGTH).map(|at| (at / 4096 + at) as u8).collect();
    for (chunk, offset) in data.chunks(1 << 18).zip((0u64..).step_by(1 << 18)) {
        a.write(&from.filehandle, from.stateid, offset, chunk).unwrap();
    }
    (a, from, to)
}

fn between(actor: &mut Actor, from: &OpenFile, to: &OpenFile, what: nfs_argop4) -> Result<u64, Error> {
    let ops = [op::putfh(&from.filehandle), op::savefh(), op::putfh(&to.filehandle), what];
    let reply = actor.compound_ok(&ops)?;
    Ok(match reply.last() {
        Some(nfs_resop4::OP_COPY(COPY4res::NFS4_OK(ok))) => ok.cr_response.wr_count,
        _ => 0,
    })
}

fn content(actor: &mut Actor, file: &OpenFile, offset: u64, count: u32) -> Vec<u8> {
    actor.read(&file.filehandle, file.stateid, offset, count).unwrap().data
}

/// §15.2.3: what is copied, and how much; a short copy is gone on with.
#[test]
fn copy() {
    let (mut a, from, to) = two_files();
    let mut done = 0;
    while done < 300_000 {
        let step = op::copy((from.stateid, 100 + done), (to.stateid, 7 + done), 300_000 - done);
        let Some(count) = offered(between(&mut a, &from, &to, step)) else { return };
        assert!((1..=300_000 - done).contains(&count), "{count}");
        done += count;
    }
    let copied = content(&mut a, &to, 7, 400_000);
    assert_eq!(copied, content(&mut a, &from, 100, 300_000));
    assert_eq!(content(&mut a, &to, 0, 7), [0; 7]);
}

/// §15.2.3: a count of zero means to the end of the source.
#[test]
fn copy_to_the_end() {
    let (mut a, from, to) = two_files();
    let start = LENGTH as u64 - 100;
    let whole = op::copy((from.stateid, start), (to.stateid, 0), 0);
    let Some(count) = offered(between(&mut a, &from, &to, whole)) else { return };
    assert_eq!(count, 100);
    assert_eq!(content(&mut a, &to, 0, 1000), content(&mut a, &from, start, 100));
}

/// §15.2.3: a source that is not as long, and a place in the same file that overlaps.
#[test]
fn copies_that_make_no_sense() {
    let (mut a, from, to) = two_files();
    let beyond = op::copy((from.stateid, LENGTH as u64 + 1), (to.stateid, 0), 10);
    let result = between(&mut a, &from, &to, beyond);
    if offered(result.or_else(expected)).is_none() {
        return;
    }
    let overlap = op::copy((from.stateid, 0), (from.stateid, 50), 100);
    refused_with(between(&mut a, &from, &from, overlap), &[Status::Inval]);
}

/// The refusal that is wanted, as a success.
fn expected(error: Error) -> Result<u64, Error> {
    if error.status() == Some(Status::Inval) { Ok(0) } else { Err(error) }
}

/// §15.13.3: CLONE of all of it, where the file system can; later changes of one do not show in the other.
#[test]
fn clone() {
    let (mut a, from, to) = two_files();
    let all = op::clone((from.stateid, 0), (to.stateid, 0), 0);
    let result = between(&mut a, &from, &to, all);
    // Not every file system can, whatever the server.
    if matches!(&result, Err(error) if error.status() == Some(Status::NotSupp)) {
        return;
    }
    result.unwrap();
    let before = content(&mut a, &from, 0, 5000);
    assert_eq!(content(&mut a, &to, 0, 5000), before);
    a.write(&to.filehandle, to.stateid, 0, b"changed").unwrap();
    assert_eq!(content(&mut a, &from, 0, 5000), before);
}
