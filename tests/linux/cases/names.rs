//! Names: directories, links, renames.

use std::path::Path;

use rustix::io::Errno;

use super::cases;
use super::files::{fresh_stat, stat};
use crate::host::stage::Stage;
use crate::host::worker::finish;

cases!("names":
    make_and_remove_directories, ten_thousand_names, rename_replaces, rename_refused, hard_links, symbolic_links,
    long_names, exclusive_create,
);

fn make_and_remove_directories(stage: &Stage<'_>) {
    let (a, b) = (stage.a(), stage.b());
    let (outer, inner) = (stage.path("outer"), stage.path("outer/inner"));
    a.must(&format!("mkdir {outer}"));
    assert_eq!(a.run(&format!("mkdir {outer}")), Err(Errno::EXIST));
    a.must(&format!("mkdir {inner}"));
    assert_eq!(stat(&b, &inner)[0], "dir");
    assert_eq!(b.run(&format!("rmdir {outer}")), Err(Errno::NOTEMPTY));
    assert_eq!(b.run(&format!("unlink {outer}")), Err(Errno::ISDIR));
    b.must(&format!("rmdir {inner}"));
    b.must(&format!("rmdir {outer}"));
    assert_eq!(b.run(&format!("stat {outer}")), Err(Errno::NOENT));
}

/// A directory that takes many READDIRs: every name once, none twice.
fn ten_thousand_names(stage: &Stage<'_>) {
    const COUNT: u32 = 10_000;
    const CLEARED: u32 = 200;
    let (a, b) = (stage.a(), stage.b());
    let (directory, file) = (stage.path("many"), stage.file("file"));
    a.must(&format!("mkdir {directory}"));
    match (stage.host_path("many"), stage.host_path("file")) {
        (Some(directory), Some(file)) => populate(&directory, &file, COUNT),
        // Through the clients it takes minutes, but another server's directory may be far away.
        _ => {
            let half = COUNT / 2;
            let halves = [(&a, 0), (&b, half)];
            let making = halves
                .map(|(worker, first)| worker.start(&format!("populate {directory} {file} {first} {half}")));
            making.into_iter().for_each(|pending| drop(finish(pending).expect("links are made")));
        }
    }
    for worker in [stage.a(), stage.b()] {
        worker.must(&format!("expect {directory} {COUNT}"));
    }
    let left = COUNT - CLEARED;
    a.must(&format!("clear {directory} {left} {CLEARED}"));
    a.must(&format!("expect {directory} {left}"));
    assert_eq!(fresh_stat(&stage.b(), &file)[2], (left + 1).to_string());
}

/// Makes hard links to `file` under the names that the guests' `expect` looks for.
fn populate(directory: &Path, file: &Path, count: u32) {
    for number in 0..count {
        let name = format!("n{number}{}", "x".repeat((number % 37) as usize));
        std::fs::hard_link(file, directory.join(name)).expect("a link in the exported directory");
    }
}

fn rename_replaces(stage: &Stage<'_>) {
    let (a, b) = (stage.a(), stage.b());
    let (old, new) = (stage.file("old"), stage.file("new"));
    let inode = stat(&a, &old)[6].clone();
    a.must(&format!("rename {old} {new}"));
    assert_eq!(stat(&b, &new)[6], inode);
    assert_eq!(b.must(&format!("list {}", stage.path(""))), "new");
    // Into another directory, and a directory itself.
    let (directory, moved) = (stage.path("directory"), stage.path("moved"));
    a.must(&format!("mkdir {directory}"));
    a.must(&format!("rename {new} {directory}/inside"));
    a.must(&format!("rename {directory} {moved}"));
    assert_eq!(stat(&stage.b(), &format!("{moved}/inside"))[6], inode);
    assert_eq!(a.run(&format!("stat {directory}")), Err(Errno::NOENT));
}

fn rename_refused(stage: &Stage<'_>) {
    let a = stage.a();
    let file = stage.file("file");
    let (full, empty) = (stage.path("full"), stage.path("empty"));
    for directory in [&full, &empty] {
        a.must(&format!("mkdir {directory}"));
    }
    a.close(a.open(&format!("{full}/inside"), "wc"));
    assert_eq!(a.run(&format!("rename {} {file}", stage.path("missing"))), Err(Errno::NOENT));
    assert_eq!(a.run(&format!("rename {empty} {full}")), Err(Errno::NOTEMPTY));
    assert_eq!(a.run(&format!("rename {empty} {file}")), Err(Errno::NOTDIR));
    assert_eq!(a.run(&format!("rename {file} {empty}")), Err(Errno::ISDIR));
    assert_eq!(a.run(&format!("rename {empty} {empty}/below")), Err(Errno::INVAL));
    a.must(&format!("rename {full} {empty}"));
}

fn hard_links(stage: &Stage<'_>) {
    let (a, b) = (stage.a(), stage.b());
    let (one, two) = (stage.file("one"), stage.path("two"));
    a.must(&format!("link {one} {two}"));
    assert_eq!(a.run(&format!("link {one} {two}")), Err(Errno::EXIST));
    assert_eq!(stat(&b, &two)[2], "2");
    assert_eq!(stat(&b, &one)[6], stat(&b, &two)[6]);
    a.must(&format!("unlink {one}"));
    assert_eq!(stat(&a, &two)[2], "1");
}

fn symbolic_links(stage: &Stage<'_>) {
    let (a, b) = (stage.a(), stage.b());
    let (link, dangling) = (stage.path("link"), stage.path("dangling"));
    stage.file("target");
    a.must(&format!("symlink target {link}"));
    a.must(&format!("symlink /nowhere/{} {dangling}", "x".repeat(200)));
    assert_eq!(b.must(&format!("readlink {link}")), "target");
    assert_eq!(stat(&b, &link)[0], "symlink");
    b.close(b.open(&link, "r"));
    assert_eq!(b.must(&format!("readlink {dangling}")).len(), 209);
    assert_eq!(b.try_open(&dangling, "r").err(), Some(Errno::NOENT));
    a.must(&format!("unlink {link}"));
    stat(&a, &stage.path("target"));
}

fn long_names(stage: &Stage<'_>) {
    let (a, b) = (stage.a(), stage.b());
    let name = "n".repeat(255);
    a.close(a.open(&stage.path(&name), "wcx"));
    assert_eq!(b.must(&format!("list {}", stage.path(""))), name);
    assert_eq!(a.try_open(&stage.path(&format!("{name}n")), "wc").err(), Some(Errno::NAMETOOLONG));
    a.must(&format!("unlink {}", stage.path(&name)));
}

fn exclusive_create(stage: &Stage<'_>) {
    let (a, b) = (stage.a(), stage.b());
    let path = stage.path("file");
    let file = a.try_open(&path, "rwcx 600").expect("the name is free");
    assert_eq!(b.try_open(&path, "rwcx").err(), Some(Errno::EXIST));
    assert_eq!(stat(&b, &path)[1], "600");
    a.must_on(file, "write", "0 mine");
    a.close(file);
    a.close(a.open(&path, "rwc"));
    assert_eq!(fresh_stat(&stage.b(), &path)[5], "4", "creating what exists keeps it");
}
