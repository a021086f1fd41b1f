//! RFC 7530 §16.24: READDIR.

use crate::support::{Place, refused, refused_with};
use lockhouse::client::{Client, DirectoryEntry, attr, op};
use lockhouse::nfs4::{Filehandle, Status};
use std::collections::BTreeSet;

const NOTHING_YET: (u64, [u8; 8]) = (0, [0; 8]);

/// All entries, read in replies of at most `maxcount` bytes.
fn whole(client: &mut Client, dir: &Filehandle, maxcount: u32, numbers: &[u32]) -> Vec<DirectoryEntry> {
    let (mut entries, mut at) = (Vec::<DirectoryEntry>::new(), NOTHING_YET);
    loop {
        let listing = client.readdir(dir, at, maxcount, numbers).unwrap();
        assert!(listing.eof || !listing.entries.is_empty(), "neither entries nor the end");
        entries.extend(listing.entries);
        if listing.eof {
            return entries;
        }
        at = (entries.last().expect("one").cookie, listing.verifier);
    }
}

fn names(entries: &[DirectoryEntry]) -> BTreeSet<String> {
    entries.iter().map(|entry| String::from_utf8(entry.name.clone()).unwrap()).collect()
}

fn filled(count: usize) -> (Place, Client, BTreeSet<String>) {
    let place = Place::new();
    let mut client = place.stranger();
    let names: BTreeSet<String> = (0..count).map(|index| format!("entry number {index}")).collect();
    for name in &names {
        client.mkdir(&place.dir, name).unwrap();
    }
    (place, client, names)
}

/// §16.24.4: an empty directory has no entries, not even `.` and `..`.
#[test]
fn empty_directory() {
    let (place, mut client, _) = filled(0);
    let listing = client.readdir(&place.dir, NOTHING_YET, 4096, &[]).unwrap();
    assert!(listing.eof && listing.entries.is_empty());
}

/// §16.24.4: every entry once, however small the replies; no `.` and `..`; cookies are neither 0, 1 nor 2 and differ.
#[test]
fn every_entry_once() {
    let (place, mut client, want) = filled(60);
    for maxcount in [512, 1000, 4096, 65_536, 1 << 20] {
        let entries = whole(&mut client, &place.dir, maxcount, &[attr::number::FILEID]);
        assert_eq!((entries.len(), names(&entries)), (60, want.clone()), "maxcount {maxcount}");
        let cookies: BTreeSet<u64> = entries.iter().map(|entry| entry.cookie).collect();
        assert_eq!(cookies.len(), 60);
        assert!(cookies.iter().all(|cookie| *cookie > 2));
    }
}

/// §16.24.4: the attributes are those that GETATTR gives.
#[test]
fn attributes_of_entries() {
    let (place, mut client, _) = filled(5);
    let numbers = [attr::number::TYPE, attr::number::FILEID, attr::number::FILEHANDLE, attr::number::MODE];
    for entry in whole(&mut client, &place.dir, 4096, &numbers) {
        let object = client.lookup(&place.dir, &entry.name).unwrap();
        assert_eq!(entry.attributes, client.getattr(&object, &numbers).unwrap());
        assert_eq!(entry.attributes.get_opaque(attr::number::FILEHANDLE), Some(object.as_bytes()));
    }
}

/// §16.24.4: `rdattr_error` may be asked for; where nothing is wrong it is OK or left out.
#[test]
fn rdattr_error_of_good_entries() {
    let (place, mut client, _) = filled(3);
    for entry in whole(&mut client, &place.dir, 4096, &[attr::number::TYPE, attr::number::RDATTR_ERROR]) {
        assert!(entry.attributes.has(attr::number::TYPE));
        assert!(matches!(entry.attributes.get_u32(attr::number::RDATTR_ERROR), None | Some(0)));
    }
}

/// §16.24.4: entries that stay while others come and go between two calls are read exactly once.
#[test]
fn directory_that_changes_meanwhile() {
    let (place, mut client, want) = filled(40);
    let (mut entries, mut at, mut round) = (Vec::new(), NOTHING_YET, 0);
    loop {
        let listing = match client.readdir(&place.dir, at, 600, &[]) {
            Ok(listing) => listing,
            // A server may say that its cookies do not survive the change.
            refusal => return refused(refusal, Status::NotSame),
        };
        entries.extend(listing.entries);
        if listing.eof {
            break;
        }
        at = (entries.last().unwrap().cookie, listing.verifier);
        client.mkdir(&place.dir, format!("new {round}")).unwrap();
        if round > 0 {
            client.remove(&place.dir, format!("new {}", round - 1)).unwrap();
        }
        round += 1;
    }
    let stayed: Vec<&DirectoryEntry> =
        entries.iter().filter(|entry| entry.name.starts_with(b"entry")).collect();
    assert_eq!(stayed.len(), 40);
    assert!(want.is_subset(&names(&entries)));
}

/// §16.24.4: reading goes on after a cookie whose entry was removed.
#[test]
fn cookie_of_a_removed_entry() {
    let (place, mut client, want) = filled(30);
    let first = client.readdir(&place.dir, NOTHING_YET, 600, &[]).unwrap();
    assert!(!first.eof);
    for entry in &first.entries {
        client.remove(&place.dir, &entry.name).unwrap();
    }
    let at = (first.entries.last().unwrap().cookie, first.verifier);
    match client.readdir(&place.dir, at, 1 << 16, &[]) {
        Ok(rest) => assert_eq!(&names(&rest.entries) | &names(&first.entries), want),
        refusal => refused(refusal, Status::NotSame),
    }
}

/// §16.24.4: cookies 1 and 2 are reserved: `NFS4ERR_BAD_COOKIE`.
#[test]
fn reserved_cookies() {
    let (place, mut client, _) = filled(3);
    let listing = client.readdir(&place.dir, NOTHING_YET, 4096, &[]).unwrap();
    for cookie in [1, 2] {
        refused(client.readdir(&place.dir, (cookie, listing.verifier), 4096, &[]), Status::BadCookie);
    }
}

/// §16.24.4: with cookie 0 the verifier must be 0 too.
#[test]
fn first_call_has_no_verifier() {
    let (place, mut client, _) = filled(1);
    match client.readdir(&place.dir, (0, [7; 8]), 4096, &[]) {
        Ok(_) => {}
        refusal => refused_with(refusal, &[Status::BadCookie, Status::NotSame]),
    }
}

/// §16.24.4: a reply that cannot hold one entry is `NFS4ERR_TOOSMALL`.
#[test]
fn too_small() {
    let (place, mut client, _) = filled(1);
    for maxcount in [0, 1, 16, 24] {
        refused(client.readdir(&place.dir, NOTHING_YET, maxcount, &[]), Status::TooSmall);
    }
}

/// §16.24.4: the reply is not longer than `maxcount`, and a small `dircount` is only a hint.
#[test]
fn counts() {
    let (place, mut client, _) = filled(50);
    for maxcount in [300, 700, 2000] {
        let bytes = client
            .compound_bytes(&[op::putfh(&place.dir), op::readdir(0, [0; 8], 10, maxcount, &[20])])
            .unwrap();
        // Status, tag and count of results, PUTFH, and the head of READDIR come before what maxcount limits.
        assert!(bytes.len() <= maxcount as usize + 28, "{} bytes for {maxcount}", bytes.len());
    }
}

/// §16.24.5: only directories have entries; write-only attributes are `NFS4ERR_INVAL`.
#[test]
fn arguments_are_checked() {
    let place = Place::new();
    let mut a = place.actor("a");
    let file = a.open_new("f").filehandle;
    refused(a.readdir(&file, NOTHING_YET, 4096, &[]), Status::NotDir);
    refused(a.compound_ok(&[op::readdir(0, [0; 8], 100, 4096, &[])]), Status::NoFilehandle);
    refused(a.readdir(&place.dir, NOTHING_YET, 4096, &[attr::number::TIME_MODIFY_SET]), Status::Inval);
}
