//! Listings, renames, and the way up.

use super::fixture::{Fixture, Kind, on_all_trees, run};
use crate::files::NewObject;
use crate::nfs4::Status;
use std::collections::BTreeSet;

on_all_trees! {
    listings_are_complete
    listings_go_on_while_entries_go
    cookies_are_checked
    a_listing_may_ask_about_its_entries
    renames_keep_handles
    renames_replace
    renames_refuse
    the_way_up
}

fn listings_are_complete(f: &Fixture) {
    let dir = f.mkdir(&f.root, "dir", 0o755);
    assert_eq!(f.names(&dir, 5), Vec::<String>::new());
    let all: BTreeSet<String> = (0..2000).map(|number| format!("entry number {number}")).collect();
    for name in &all {
        f.file(&dir, name, 0o600);
    }
    for batch in [1, 7, 1000, 5000] {
        let names = f.names(&dir, batch);
        assert_eq!(names.len(), all.len(), "by {batch}: none twice");
        assert_eq!(BTreeSet::from_iter(names), all, "by {batch}");
    }
}

fn listings_go_on_while_entries_go(f: &Fixture) {
    let dir = f.mkdir(&f.root, "dir", 0o755);
    for number in 0..200 {
        f.file(&dir, &number.to_string(), 0o600);
    }
    let (mut seen, mut cookie) = (BTreeSet::new(), 0);
    loop {
        let mut batch = Vec::new();
        let eof = f.files.readdir(&f.user, &dir, cookie, &mut |entry| {
            let room = batch.len() < 3;
            if room {
                cookie = entry.cookie;
                batch.push(String::from_utf8(entry.name.to_vec()).unwrap());
            }
            room
        });
        // The one to go on after is gone when we do.
        for name in batch {
            f.files.remove(&f.user, &dir, name.as_bytes()).unwrap();
            assert!(seen.insert(name));
        }
        if eof.unwrap() {
            break;
        }
    }
    assert_eq!(seen.len(), 200);
    assert_eq!(f.names(&dir, 10).len(), 0);
}

fn cookies_are_checked(f: &Fixture) {
    for cookie in [1, 2] {
        let result = f.files.readdir(&f.user, &f.root, cookie, &mut |_| true);
        assert_eq!(result, Err(Status::BadCookie));
    }
}

fn a_listing_may_ask_about_its_entries(f: &Fixture) {
    f.file(&f.root, "a", 0o600);
    f.file(&f.root, "b", 0o600);
    let mut asked = 0;
    let mut take = |entry: crate::files::DirEntry<'_>| {
        let name = std::str::from_utf8(entry.name).unwrap();
        asked += f.attr(&f.lookup(&f.root, name).unwrap()).numlinks;
        f.files.setattr(&f.user, &f.root, &super::fixture::mode_only(0o755), false).1.unwrap();
        true
    };
    assert_eq!(f.files.readdir(&f.user, &f.root, 0, &mut take), Ok(true));
    assert_eq!(asked, 2);
}

fn renames_keep_handles(f: &Fixture) {
    let (a, b) = (f.mkdir(&f.root, "a", 0o755), f.mkdir(&f.root, "b", 0o755));
    let sub = f.mkdir(&a, "sub", 0o755);
    let file = f.file(&sub, "file", 0o644);
    f.write(&file, 0, b"data").unwrap();
    let links = f.attr(&b).numlinks;
    assert_eq!(f.rename(&sub, "file", &sub, "other"), Ok(()));
    assert_eq!(f.rename(&a, "sub", &b, "moved"), Ok(()));
    assert_eq!(f.read(&file, 0, 10), Ok((b"data".to_vec(), true)));
    assert_eq!(f.lookup(&a, "sub"), Err(Status::NoEnt));
    assert_eq!(f.lookup(&b, "moved").as_ref(), Ok(&sub));
    assert_eq!(f.lookup(&sub, "other").as_ref(), Ok(&file));
    assert_eq!(f.files.parent(&f.user, &sub).as_ref(), Ok(&b));
    if f.attr(&b).numlinks > 1 {
        assert_eq!(f.attr(&b).numlinks, links + 1);
    }
    assert_eq!(f.rename(&f.root, "b", &f.root, "c"), Ok(()));
    assert_eq!(f.read(&file, 0, 10), Ok((b"data".to_vec(), true)), "two directories above were renamed");
}

fn renames_replace(f: &Fixture) {
    let (one, two) = (f.file(&f.root, "one", 0o644), f.file(&f.root, "two", 0o644));
    assert_eq!(f.rename(&f.root, "one", &f.root, "two"), Ok(()));
    assert_eq!(f.lookup(&f.root, "two").as_ref(), Ok(&one));
    assert_eq!(f.files.getattr(&two).map(|_| ()), Err(Status::Stale));
    f.files.link(&f.user, &one, &f.root, b"three").unwrap();
    assert_eq!(f.rename(&f.root, "two", &f.root, "three"), Ok(()), "two names of one object");
    let mut names = f.names(&f.root, 9);
    names.sort();
    assert_eq!(names, ["three", "two"]);
    let (d1, d2) = (f.mkdir(&f.root, "d1", 0o755), f.mkdir(&f.root, "d2", 0o755));
    assert_eq!(f.rename(&f.root, "d1", &f.root, "d2"), Ok(()), "over an empty directory");
    assert_eq!(f.lookup(&f.root, "d2").as_ref(), Ok(&d1));
    assert_eq!(f.files.getattr(&d2).map(|_| ()), Err(Status::Stale));
    f.make(&f.root, "link", NewObject::Symlink(b"two"), 0o777);
    assert_eq!(f.rename(&f.root, "link", &f.root, "two"), Ok(()), "over a file");
    assert_eq!(f.attr(&one).numlinks, 1);
}

fn renames_refuse(f: &Fixture) {
    let dir = f.mkdir(&f.root, "dir", 0o755);
    let sub = f.mkdir(&dir, "sub", 0o755);
    f.file(&f.root, "file", 0o644);
    f.mkdir(&f.root, "empty", 0o755);
    assert_eq!(f.rename(&f.root, "nothing", &f.root, "x"), Err(Status::NoEnt));
    assert_eq!(f.rename(&f.root, "file", &f.root, "empty"), Err(Status::Exist));
    assert_eq!(f.rename(&f.root, "empty", &f.root, "file"), Err(Status::Exist));
    let full = f.rename(&f.root, "empty", &f.root, "dir");
    assert!(matches!(full, Err(Status::NotEmpty | Status::Exist)), "{full:?}");
    assert_eq!(f.rename(&f.root, "dir", &dir, "in itself"), Err(Status::Inval));
    assert_eq!(f.rename(&f.root, "dir", &sub, "deep in itself"), Err(Status::Inval));
    let up = f.rename(&dir, "sub", &f.root, "dir");
    assert!(matches!(up, Err(Status::NotEmpty | Status::Exist)), "{up:?}");
    assert_eq!(f.lookup(&dir, "sub").as_ref(), Ok(&sub));
}

fn the_way_up(f: &Fixture) {
    let mut path = vec![f.root.clone()];
    for depth in 0..40 {
        let next = f.mkdir(path.last().unwrap(), &format!("level {depth}"), 0o755);
        path.push(next);
    }
    while let Some(dir) = path.pop() {
        match path.last() {
            Some(above) => assert_eq!(f.files.parent(&f.user, &dir).as_ref(), Ok(above)),
            None => assert_eq!(f.files.parent(&f.user, &dir), Err(Status::NoEnt)),
        }
    }
}
