//! RFC 7530 §12.7, RFC 8881 §14, RFC 8276 §8.2: names that are not UTF-8, in all minor versions. In a directory they are taken,
//! as Linux takes them; where an export wants UTF-8, they are not.

use crate::support::server::{Server, Tree, special_in};
use crate::support::{Actor, Place, offered, refused};
use lockhouse::client::attr::number;
use lockhouse::client::{Attributes, Client, Credential, Error, OpenHow, OpenRequest, op, write_lock};
use lockhouse::nfs4::{Filehandle, Stateid, Status};
use lockhouse::xdr::generated::nfs4::setxattr_option4::SETXATTR4_EITHER;
use lockhouse::xdr::generated::nfs4::*;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;

/// Not UTF-8: Latin-1, half a character, a surrogate, more bytes than needed, all that no character begins with; and what
/// is no character.
const NAMES: [&[u8]; 6] =
    [b"caf\xe9", b"\xc3", b"\xed\xa0\x80", b"\xc0\xae", b"\xff\xfe\x80", b"\xef\xbf\xbe"];

/// `fs_charset_cap4` (RFC 8881 §14.4).
const CONTAINS_NON_UTF8: u32 = 1;
const ALLOWS_ONLY_UTF8: u32 = 2;

/// A state directory, a directory to serve, and a server.
struct Served {
    tmp: TempDir,
    server: Server,
}

impl Served {
    fn start(memory: bool, arguments: &[&str]) -> Option<Self> {
        let tmp = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        std::fs::create_dir(tmp.path().join("files")).unwrap();
        let server = Self::run(tmp.path(), memory, arguments)?;
        Some(Self { tmp, server })
    }

    fn run(tmp: &Path, memory: bool, arguments: &[&str]) -> Option<Server> {
        let files = tmp.join("files");
        let tree = if memory { Tree::Memory } else { Tree::Directory(&files) };
        special_in(&tmp.join("state"), tree, arguments)
    }

    /// A client of each minor version in a place of its own.
    fn clients(&self) -> impl Iterator<Item = (u32, Place, Actor)> {
        (0..=2).map(|minor| {
            let place = Place::on(self.server.target());
            let actor = if minor == 0 { place.actor("a") } else { place.member_of(minor, "a") };
            (minor, place, actor)
        })
    }

    fn on_disk(&self, place: &Place) -> std::path::PathBuf {
        self.tmp.path().join("files").join(&place.name)
    }
}

fn listed(client: &mut Client, dir: &Filehandle) -> Vec<Vec<u8>> {
    let listing = client.readdir(dir, (0, [0; 8]), 65_536, &[number::RDATTR_ERROR, number::FILEID]).unwrap();
    assert!(listing.eof);
    let mut names: Vec<_> = listing.entries.into_iter().map(|entry| entry.name).collect();
    names.sort();
    names
}

/// What `fs_charset_cap` says, where the minor version has it.
fn charset(client: &mut Client, dir: &Filehandle) -> Option<u32> {
    client.getattr(dir, &[number::FS_CHARSET_CAP]).unwrap().get_u32(number::FS_CHARSET_CAP)
}

/// Every operation with a name takes this one, and tells it back as it was.
fn take(a: &mut Actor, dir: &Filehandle, name: &[u8]) {
    let sub = a.mkdir(dir, name).unwrap();
    assert_eq!(a.lookup(dir, name).unwrap(), sub);
    refused(a.mkdir(dir, name), Status::Exist);
    a.compound_ok(&[op::putfh(dir), op::secinfo(name)]).unwrap();
    let file = open(a, &sub, OpenRequest::create(name)).unwrap();
    assert_eq!(open(a, &sub, OpenRequest::existing(name)).unwrap(), file);
    a.compound_ok(&[op::putfh(&file), op::savefh(), op::putfh(dir), op::link([name, b"\xfd"].concat())])
        .unwrap();
    a.rename(&sub, name, [name, b"\xfe"].concat()).unwrap();
    refused(a.lookup(&sub, name), Status::NoEnt);
    let link = a.symlink(&sub, b"\x01", name).unwrap();
    assert_eq!(a.readlink(&link).unwrap(), name);
    assert_eq!(listed(a, &sub), [b"\x01".to_vec(), [name, b"\xfe"].concat()]);
    a.remove(&sub, [name, b"\xfe"].concat()).unwrap();
    a.remove(&sub, b"\x01").unwrap();
    a.remove(dir, name).unwrap();
    assert_eq!(listed(a, dir), [[name, b"\xfd"].concat()]);
    a.remove(dir, [name, b"\xfd"].concat()).unwrap();
}

/// No operation takes this one.
fn refuse(a: &mut Actor, dir: &Filehandle, name: &[u8], status: Status) {
    refused(a.mkdir(dir, name), status);
    refused(a.lookup(dir, name), status);
    refused(a.symlink(dir, name, "text"), status);
    refused(a.remove(dir, name), status);
    refused(a.compound_ok(&[op::putfh(dir), op::secinfo(name)]), status);
    refused(a.rename(dir, "plain", name), status);
    refused(a.rename(dir, name, "plain"), status);
    let plain = a.lookup(dir, "plain").unwrap();
    refused(a.compound_ok(&[op::putfh(&plain), op::savefh(), op::putfh(dir), op::link(name)]), status);
    for how in [OpenHow::NoCreate, OpenHow::Unchecked(Attributes::new()), OpenHow::Exclusive([1; 8])] {
        refused(open(a, dir, OpenRequest::existing(name).how(how)), status);
    }
}

/// Opens as an owner that nothing else uses, and closes again.
fn open(a: &mut Actor, dir: &Filehandle, request: OpenRequest) -> Result<Filehandle, Error> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let mut owner = a.open_owner(&COUNT.fetch_add(1, Ordering::Relaxed).to_string());
    let mut file = a.open(&mut owner, dir, &request)?;
    a.close(&mut file)?;
    Ok(file.filehandle)
}

fn with_names(arguments: &[&str], memory: bool) {
    let Some(served) = Served::start(memory, arguments) else { return };
    for (minor, _place, mut a) in served.clients() {
        let dir = a.dir.clone();
        NAMES.iter().for_each(|name| take(&mut a, &dir, name));
        take(&mut a, &dir, &[0xff; 254]);
        open(&mut a, &dir, OpenRequest::create("plain")).unwrap();
        for (name, status) in [
            (&b""[..], Status::Inval),
            (b".", Status::BadName),
            (b"..", Status::BadName),
            (b"\xff/\xff", Status::BadChar),
            (b"\xff\0", Status::BadChar),
            (&[0xff; 256], Status::NameTooLong),
        ] {
            refuse(&mut a, &dir, name, status);
        }
        assert_eq!(charset(&mut a, &dir), (minor > 0).then_some(CONTAINS_NON_UTF8));
    }
}

#[test]
fn a_directory_takes_any_bytes() {
    with_names(&[], false);
}

#[test]
fn a_tree_in_memory_takes_any_bytes_where_it_is_told_to() {
    with_names(&["--names", "bytes"], true);
}

/// A tree in memory that takes UTF-8 alone has nothing else.
#[test]
fn a_tree_in_memory_takes_utf8() {
    let Some(served) = Served::start(true, &[]) else { return };
    for (minor, _place, mut a) in served.clients() {
        let dir = a.dir.clone();
        open(&mut a, &dir, OpenRequest::create("plain")).unwrap();
        NAMES.iter().for_each(|name| refuse(&mut a, &dir, name, Status::Inval));
        take_utf8(&mut a, &dir);
        assert_eq!(charset(&mut a, &dir), (minor > 0).then_some(ALLOWS_ONLY_UTF8));
    }
}

/// The texts of links are nobody's names (§12.4).
fn take_utf8(a: &mut Actor, dir: &Filehandle) {
    a.mkdir(dir, "ü").unwrap();
    a.rename(dir, "ü", "名").unwrap();
    let link = a.symlink(dir, "link", b"\xff").unwrap();
    assert_eq!(a.readlink(&link).unwrap(), b"\xff");
}

/// In a directory, names that others have made are listed all the same, and can be got rid of by whoever made them.
#[test]
fn a_directory_takes_utf8_where_it_is_told_to() {
    let Some(served) = Served::start(false, &["--names", "utf8"]) else { return };
    for (minor, place, mut a) in served.clients() {
        let dir = a.dir.clone();
        open(&mut a, &dir, OpenRequest::create("plain")).unwrap();
        std::fs::write(served.on_disk(&place).join(OsStr::from_bytes(NAMES[0])), b"").unwrap();
        NAMES.iter().for_each(|name| refuse(&mut a, &dir, name, Status::Inval));
        take_utf8(&mut a, &dir);
        assert!(listed(&mut a, &dir).contains(&NAMES[0].to_vec()));
        assert_eq!(charset(&mut a, &dir), (minor > 0).then_some(CONTAINS_NON_UTF8));
    }
}

/// The root that holds exports has their names, which are UTF-8, and takes no others.
#[test]
fn the_root_of_exports_has_no_such_names() {
    let tmp = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let files = tmp.path().join("files");
    std::fs::create_dir(&files).unwrap();
    let export = format!("ü={}", files.display());
    let state = tmp.path().join("state");
    let Some(server) = special_in(&state, Tree::Exports, &["--export", &export]) else { return };
    let mut client = Client::connect(server.addr, Credential::sys(0, 0)).unwrap();
    let root = client.root().unwrap();
    for name in NAMES {
        refused(client.lookup(&root, name), Status::NoEnt);
        refused(client.mkdir(&root, name), Status::RoFs);
        refused(client.remove(&root, name), Status::NoEnt);
    }
    assert_eq!(listed(&mut client, &root), ["ü".as_bytes()]);
    let export = client.lookup(&root, "ü").unwrap();
    client.mkdir(&export, NAMES[0]).unwrap();
}

/// A file of such a name is found again by its handle and by its name, with its lock, after the server was killed.
#[test]
fn a_restart_finds_them() {
    let Some(mut served) = Served::start(false, &[]) else { return };
    let mut a = Place::on(served.server.target()).actor("a");
    let dir = a.dir.clone();
    let mut file = a.open_as("o", &OpenRequest::create(NAMES[0])).unwrap();
    let mut owner = a.lock_owner("l");
    let lock = a.lock(&mut file, &mut owner, write_lock(0, 10)).unwrap();
    drop(served.server);
    served.server = Served::run(served.tmp.path(), false, &[]).unwrap();
    let mut again = Client::connect(served.server.addr, Credential::sys(0, 0)).unwrap();
    assert_eq!(again.lookup(&dir, NAMES[0]).unwrap(), file.filehandle);
    assert_eq!(again.write(&file.filehandle, lock, 0, b"kept").unwrap().count, 4, "a warm restart");
}

/// The names of extended attributes follow the same rule.
#[test]
fn extended_attributes() {
    for (names, memory, taken) in [("bytes", false, true), ("utf8", false, false), ("bytes", true, true)] {
        let Some(served) = Served::start(memory, &["--names", names]) else { return };
        let (_, _place, mut a) = served.clients().nth(2).unwrap();
        let dir = a.dir.clone();
        let file = open(&mut a, &dir, OpenRequest::create("f")).unwrap();
        let set = |name: &[u8]| [op::putfh(&file), op::setxattr(SETXATTR4_EITHER, name, b"1")];
        if offered(a.compound_ok(&set(b"plain"))).is_none() {
            continue;
        }
        for name in NAMES {
            let get = [op::putfh(&file), op::getxattr(name)];
            let remove = [op::putfh(&file), op::removexattr(name)];
            if taken {
                a.compound_ok(&set(name)).unwrap();
                a.compound_ok(&get).unwrap();
                assert!(attributes(&mut a, &file).contains(&name.to_vec()));
                a.compound_ok(&remove).unwrap();
                refused(a.compound_ok(&get), Status::NoXattr);
            } else {
                for wrong in [&set(name), &get, &remove] {
                    refused(a.compound_ok(wrong), Status::Inval);
                }
            }
        }
        assert_eq!(attributes(&mut a, &file), [b"plain"]);
    }
}

fn attributes(a: &mut Actor, file: &Filehandle) -> Vec<Vec<u8>> {
    let reply = a.compound_ok(&[op::putfh(file), op::listxattrs(0, 65_536)]).unwrap();
    let names = reply.find(|result| match result {
        nfs_resop4::OP_LISTXATTRS(LISTXATTRS4res::NFS4_OK(ok)) => Some(ok.lxr_names.clone()),
        _ => None,
    });
    names.unwrap().into_iter().map(|name| name.0).collect()
}

/// Owners stay UTF-8, whatever names may be.
#[test]
fn owners_are_no_names() {
    let Some(served) = Served::start(false, &[]) else { return };
    for (_minor, _place, mut a) in served.clients() {
        let dir = a.dir.clone();
        for owner in [number::OWNER, number::OWNER_GROUP] {
            let set = Attributes::new().text(owner, b"caf\xe9");
            refused(a.setattr(&dir, Stateid::ANONYMOUS, &set), Status::Inval);
        }
    }
}
