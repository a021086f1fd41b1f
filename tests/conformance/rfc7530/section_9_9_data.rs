//! RFC 7530 §9.1.6, §9.9 (RFC 8881 §9.1.2, §9.7): what changes or reads data heeds the share reservations of others, in
//! each minor version.

use crate::support::{Actor, Place, refused};
use lockhouse::client::attr::number;
use lockhouse::client::{Attributes, Error, OpenFile, OpenHow, OpenRequest, op};
use lockhouse::nfs4::{Filehandle, Stateid, Status};
use lockhouse::xdr::generated::nfs4::{data_content4, nfs_argop4};

const DATA: &[u8] = b"what must stay";
const SPECIAL: [Stateid; 2] = [Stateid::ANONYMOUS, Stateid::READ_BYPASS];

fn actor(place: &Place, minor: u32, label: &str) -> Actor {
    if minor == 0 { place.actor(label) } else { place.member_of(minor, label) }
}

/// Two clients, and a file with data that the first one has open like this.
fn held(minor: u32, access: u32, deny: u32) -> (Actor, Actor, OpenFile) {
    let place = Place::new();
    let (mut a, b) = (actor(&place, minor, "a"), actor(&place, minor, "b"));
    let mut file = a.open_new("f");
    a.write(&file.filehandle, file.stateid, 0, DATA).unwrap();
    a.close(&mut file).unwrap();
    let held = a.open_as("holder", &OpenRequest::existing("f").share(access, deny)).unwrap();
    (a, b, held)
}

fn truncating() -> OpenRequest {
    OpenRequest::existing("f").how(OpenHow::Unchecked(Attributes::new().size(0)))
}

fn content(actor: &mut Actor, file: &OpenFile) -> Vec<u8> {
    actor.read(&file.filehandle, file.stateid, 0, 100).unwrap().data
}

/// §16.16.5: an OPEN that cuts the file to nothing changes its data, whatever it opens the file for.
#[test]
fn an_open_that_truncates_is_a_change() {
    for minor in 0..3 {
        for deny in [2, 3] {
            let (mut a, mut b, mut file) = held(minor, 1, deny);
            for (index, access) in [1, 2, 3].into_iter().enumerate() {
                let denied = b.open_as(&format!("o{index}"), &truncating().share(access, 0));
                refused(denied, Status::ShareDenied);
            }
            assert_eq!(content(&mut a, &file), DATA, "4.{minor}, deny {deny}");
            a.close(&mut file).unwrap();
            // What it opened the file for stays what it may do: reading alone.
            let empty = b.open_as("later", &truncating().share(1, 0)).unwrap();
            assert_eq!(content(&mut b, &empty), b"", "4.{minor}");
            refused(b.write(&empty.filehandle, empty.stateid, 0, b"x"), Status::OpenMode);
            // And after it others may deny again what it does not do.
            a.open_as("again", &OpenRequest::existing("f").share(1, 2)).unwrap();
        }
    }
}

/// An OPEN that denies reading to itself and truncates, beside one that denies nothing, changes what both may.
#[test]
fn an_open_that_truncates_beside_others() {
    for minor in 0..3 {
        let (mut a, mut b, file) = held(minor, 1, 0);
        refused(b.open_as("denies reading", &truncating().share(1, 1)), Status::ShareDenied);
        assert_eq!(content(&mut a, &file), DATA);
        b.open_as("denies nothing", &truncating().share(1, 0)).unwrap();
        assert_eq!(content(&mut a, &file), b"");
    }
}

/// Operations that change the data of `file` by `stateid`, and those of 4.2.
fn changes(file: &Filehandle, source: &Filehandle, stateid: Stateid, minor: u32) -> Vec<Vec<nfs_argop4>> {
    let here = |change| vec![op::putfh(file), change];
    let between = |change| vec![op::putfh(source), op::savefh(), op::putfh(file), change];
    let stable = lockhouse::xdr::generated::nfs4::stable_how4::UNSTABLE4;
    let mut all = vec![
        here(op::write(stateid, 0, stable, b"other")),
        here(op::setattr(stateid, &Attributes::new().size(0))),
        here(op::setattr(stateid, &Attributes::new().size(1 << 20))),
    ];
    if minor == 2 {
        all.push(here(op::allocate(stateid, 0, 1 << 20)));
        all.push(here(op::deallocate(stateid, 0, 4)));
        all.push(between(op::copy((Stateid::ANONYMOUS, 0), (stateid, 0), 0)));
        all.push(between(op::clone((Stateid::ANONYMOUS, 0), (stateid, 0), 0)));
    }
    all
}

/// §9.1.4.3: neither special stateid changes what others deny to be changed.
#[test]
fn special_stateids_change_nothing_that_is_denied() {
    for minor in 0..3 {
        for deny in [2, 3] {
            let (mut a, mut b, file) = held(minor, 1, deny);
            let source = b.open_new("source");
            for stateid in SPECIAL {
                for ops in changes(&file.filehandle, &source.filehandle, stateid, minor) {
                    refused(b.compound_ok(&ops), Status::Locked);
                }
            }
            assert_eq!(content(&mut a, &file), DATA);
            let size = a.getattr(&file.filehandle, &[number::SIZE]).unwrap();
            assert_eq!(size.get_u64(number::SIZE), Some(DATA.len() as u64));
        }
    }
}

/// Reads of `file` by `stateid`, and those of 4.2.
fn reads(file: &Filehandle, target: &OpenFile, stateid: Stateid, minor: u32) -> Vec<Vec<nfs_argop4>> {
    let mut all = vec![vec![op::putfh(file), op::read(stateid, 0, 4)]];
    if minor == 2 {
        all.push(vec![op::putfh(file), op::seek(stateid, 0, data_content4::NFS4_CONTENT_DATA)]);
        let copy = op::copy((stateid, 0), (target.stateid, 0), 0);
        all.push(vec![op::putfh(file), op::savefh(), op::putfh(&target.filehandle), copy]);
        let clone = op::clone((stateid, 0), (target.stateid, 0), 0);
        all.push(vec![op::putfh(file), op::savefh(), op::putfh(&target.filehandle), clone]);
    }
    all
}

/// §9.1.6: who opened for writing alone may be let read, but not what another open denies to be read.
#[test]
fn nobody_reads_what_is_denied() {
    for minor in 0..3 {
        let place = Place::new();
        let (mut a, mut b) = (actor(&place, minor, "a"), actor(&place, minor, "b"));
        let mut made = a.open_new("f");
        a.write(&made.filehandle, made.stateid, 0, DATA).unwrap();
        a.close(&mut made).unwrap();
        let writer = b.open_as("writer", &OpenRequest::existing("f").share(2, 0)).unwrap();
        let target = b.open_new("target");
        // Nobody denies it yet.
        assert_eq!(b.read(&writer.filehandle, writer.stateid, 0, 100).unwrap().data, DATA);
        let mut denier = a.open_as("denier", &OpenRequest::existing("f").share(2, 1)).unwrap();
        for stateid in [Stateid::ANONYMOUS, writer.stateid] {
            for ops in reads(&writer.filehandle, &target, stateid, minor) {
                refused(b.compound_ok(&ops), Status::Locked);
            }
        }
        // Its own denial is not against itself.
        assert_eq!(content(&mut a, &denier), DATA);
        a.close(&mut denier).unwrap();
        assert_eq!(b.read(&writer.filehandle, writer.stateid, 0, 100).unwrap().data, DATA);
    }
}

/// A lock stateid allows what its open does.
#[test]
fn lock_stateids_do_not_read_what_is_denied() {
    for minor in 0..3 {
        let place = Place::new();
        let (mut a, mut b) = (actor(&place, minor, "a"), actor(&place, minor, "b"));
        let mut made = a.open_new("f");
        a.close(&mut made).unwrap();
        let mut writer = b.open_as("writer", &OpenRequest::existing("f").share(2, 0)).unwrap();
        let mut owner = b.lock_owner("o");
        let lock = b.lock(&mut writer, &mut owner, lockhouse::client::write_lock(0, 10)).unwrap();
        let read = |b: &mut Actor, file: &Filehandle| -> Result<_, Error> { b.read(file, lock, 0, 4) };
        read(&mut b, &made.filehandle).unwrap();
        a.open_as("denier", &OpenRequest::existing("f").share(2, 1)).unwrap();
        refused(read(&mut b, &made.filehandle), Status::Locked);
        b.write(&made.filehandle, lock, 0, b"x").unwrap();
    }
}
