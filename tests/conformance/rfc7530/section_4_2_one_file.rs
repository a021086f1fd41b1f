//! RFC 7530 §4.2.1, §9.9: a file that several exports show is one file, with one set of locks and shares.

use crate::support::server::{Tree, special_in};
use crate::support::{Actor, Place, denied, refused};
use lockhouse::client::{Client, Credential, OpenRequest, write_lock};
use lockhouse::nfs4::{Filehandle, Status};

/// A client whose directory is the one at `path`.
fn at(place: &Place, label: &str, path: &[&str]) -> Actor {
    let mut client = Client::connect(place.target.addr.as_str(), Credential::sys(0, 0)).unwrap();
    let mut dir: Filehandle = client.root().unwrap();
    for name in path {
        dir = client.lookup(&dir, name).unwrap();
    }
    let id = place.client_id(label);
    client.establish(&id, *b"verifier").unwrap();
    Actor::on(client, dir, id)
}

/// One holds a lock and denies writing by the first way to the file; by the second, another is refused both, now and after
/// a restart; and when it is given up, is not.
fn one_file(
    exports: &[&str],
    first: (&[&str], &str),
    second: (&[&str], &str),
    prepare: impl Fn(&std::path::Path),
) {
    let tmp = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let (dir, state) = (tmp.path().join("dir"), tmp.path().join("state"));
    for sub in ["a", "b"] {
        std::fs::create_dir_all(dir.join(sub)).unwrap();
    }
    std::fs::write(dir.join("a/f"), b"data").unwrap();
    prepare(&dir);
    let exports: Vec<_> = exports.iter().map(|export| export.replace("DIR", dir.to_str().unwrap())).collect();
    let arguments: Vec<_> = exports.iter().flat_map(|export| ["--export", export]).collect();
    let Some(mut server) = special_in(&state, Tree::Directory(&dir), &arguments) else { return };
    let place = Place::on(server.target());
    let mut holder = at(&place, "holder", first.0);
    let mut file = holder.open_as("o", &OpenRequest::existing(first.1).share(3, 2)).unwrap();
    let mut owner = holder.lock_owner("l");
    let lock = holder.lock(&mut file, &mut owner, write_lock(0, 10)).unwrap();
    for run in 0..2 {
        let place = Place::on(server.target());
        let mut rival = at(&place, "rival", second.0);
        refused(rival.open_as("w", &OpenRequest::existing(second.1).share(2, 0)), Status::ShareDenied);
        let mut other = rival.open_as("r", &OpenRequest::existing(second.1).share(1, 0)).unwrap();
        assert_eq!(other.filehandle, file.filehandle, "run {run}");
        let mut rivals = rival.lock_owner("l");
        denied(rival.lock(&mut other, &mut rivals, lockhouse::client::read_lock(5, 1)));
        rival.close(&mut other).unwrap();
        drop(server);
        server = special_in(&state, Tree::Directory(&dir), &arguments).unwrap();
    }
    let mut holder = Client::connect(server.addr.to_string().as_str(), Credential::sys(0, 0)).unwrap();
    assert_eq!(holder.write(&file.filehandle, lock, 0, b"kept").unwrap().count, 4, "a warm restart");
}

#[test]
fn nested_exports() {
    one_file(&["part=DIR/a"], (&["part"], "f"), (&["a"], "f"), |_| {});
}

#[test]
fn the_same_directory_twice() {
    one_file(&["x=DIR/a", "y=DIR/a"], (&["x"], "f"), (&["y"], "f"), |_| {});
}

#[test]
fn an_export_by_a_symbolic_link() {
    let link = |dir: &std::path::Path| std::os::unix::fs::symlink(dir.join("a"), dir.join("link")).unwrap();
    one_file(&["x=DIR/a", "y=DIR/link"], (&["y"], "f"), (&["x"], "f"), link);
}

#[test]
fn a_hard_link_between_exports() {
    let link = |dir: &std::path::Path| std::fs::hard_link(dir.join("a/f"), dir.join("b/g")).unwrap();
    one_file(&["x=DIR/a", "y=DIR/b"], (&["x"], "f"), (&["y"], "g"), link);
}
