//! RFC 7530 §16.23, §16.36, §16.3: READ, WRITE, COMMIT.

use crate::support::{Actor, Place, refused, refused_with};
use lockhouse::client::{Attributes, Credential, OpenFile, attr, op};
use lockhouse::nfs4::{Stateid, Status};
use lockhouse::xdr::generated::nfs4::{COMMIT4res, WRITE4res, nfs_resop4, stable_how4};

fn opened() -> (Place, Actor, OpenFile) {
    let place = Place::new();
    let mut actor = place.actor("a");
    let file = actor.open_new("f");
    (place, actor, file)
}

fn size(a: &mut Actor, file: &OpenFile) -> u64 {
    a.getattr(&file.filehandle, &[attr::number::SIZE]).unwrap().get_u64(attr::number::SIZE).unwrap()
}

/// §16.23.4, §16.36.4: what is written is read; reading ends at the end of the file and says so.
#[test]
fn what_is_written_is_read() {
    let (_place, mut a, file) = opened();
    let fh = file.filehandle.clone();
    let wrote = a.write(&fh, file.stateid, 0, b"hello world").unwrap();
    assert_eq!((wrote.count, wrote.committed), (11, stable_how4::FILE_SYNC4));
    for (offset, count, want, eof) in
        [(0, 5, "hello", false), (6, 5, "world", true), (6, 100, "world", true), (0, 11, "hello world", true)]
    {
        let got = a.read(&fh, file.stateid, offset, count).unwrap();
        assert_eq!((got.data.as_slice(), got.eof), (want.as_bytes(), eof), "{offset}+{count}");
    }
}

/// §16.23.4: at and after the end there is nothing; that is no error.
#[test]
fn reading_past_the_end() {
    let (_place, mut a, file) = opened();
    let fh = file.filehandle.clone();
    a.write(&fh, file.stateid, 0, b"1234").unwrap();
    for offset in [4, 5, 1 << 40, i64::MAX as u64] {
        let got = a.read(&fh, file.stateid, offset, 10).unwrap();
        assert_eq!((got.data.len(), got.eof), (0, true), "at {offset}");
    }
}

/// §16.23.4, §16.36.4: a count of 0 does nothing and succeeds.
#[test]
fn nothing_read_nothing_written() {
    let (_place, mut a, file) = opened();
    let fh = file.filehandle.clone();
    assert_eq!(a.read(&fh, file.stateid, 0, 0).unwrap().data, b"");
    assert_eq!(a.write(&fh, file.stateid, 10, b"").unwrap().count, 0);
    assert_eq!(size(&mut a, &file), 0);
}

/// §16.36.4: a hole reads as zeros.
#[test]
fn holes_are_zeros() {
    let (_place, mut a, file) = opened();
    let fh = file.filehandle.clone();
    a.write(&fh, file.stateid, 10, b"end").unwrap();
    assert_eq!(a.read(&fh, file.stateid, 0, 100).unwrap().data, b"\0\0\0\0\0\0\0\0\0\0end");
    a.write(&fh, file.stateid, 3, b"mid").unwrap();
    assert_eq!(a.read(&fh, file.stateid, 0, 100).unwrap().data, b"\0\0\0mid\0\0\0\0end");
}

/// §16.36.4: a large WRITE may be written in part, never more than was sent; what it says is written is there.
#[test]
fn large_write() {
    let (_place, mut a, file) = opened();
    let fh = file.filehandle.clone();
    let data: Vec<u8> = (0..1_000_000u32).map(|index| (index % 251) as u8).collect();
    let mut done = 0;
    while done < data.len() {
        let count = a.write(&fh, file.stateid, done as u64, &data[done..]).unwrap().count as usize;
        assert!(count > 0 && count <= data.len() - done);
        done += count;
    }
    let mut back = Vec::new();
    while back.len() < data.len() {
        let got = a.read(&fh, file.stateid, back.len() as u64, 1 << 20).unwrap();
        assert!(!got.data.is_empty() || got.eof);
        back.extend(got.data);
    }
    assert!(back == data);
}

/// §16.36.4: the server may do more than it was asked for, never less; §16.3.4: COMMIT tells the same verifier as
/// WRITE as long as nothing was lost.
#[test]
fn stability_and_commit() {
    let (_place, mut a, file) = opened();
    let fh = op::putfh(&file.filehandle);
    for asked in [stable_how4::UNSTABLE4, stable_how4::DATA_SYNC4, stable_how4::FILE_SYNC4] {
        let reply = a
            .compound_ok(&[fh.clone(), op::write(file.stateid, 0, asked, b"data"), op::commit(0, 0)])
            .unwrap();
        let wrote = reply.find(|result| match result {
            nfs_resop4::OP_WRITE(WRITE4res::NFS4_OK(ok)) => Some(*ok),
            _ => None,
        });
        let committed = reply.find(|result| match result {
            nfs_resop4::OP_COMMIT(COMMIT4res::NFS4_OK(ok)) => Some(*ok),
            _ => None,
        });
        let wrote = wrote.unwrap();
        assert!(wrote.committed as u32 >= asked as u32, "{asked:?} answered {:?}", wrote.committed);
        assert_eq!(wrote.writeverf, committed.unwrap().writeverf);
    }
}

/// §16.36.4: writing changes size, change and time_modify.
#[test]
fn writing_changes_attributes() {
    let (_place, mut a, file) = opened();
    let fh = file.filehandle.clone();
    let before = a.getattr(&fh, &[attr::number::CHANGE]).unwrap();
    a.write(&fh, file.stateid, 0, b"12345").unwrap();
    let after = a.getattr(&fh, &[attr::number::CHANGE]).unwrap();
    assert_ne!(before, after);
    assert_eq!(size(&mut a, &file), 5);
}

/// §16.23.5, §16.36.5: directories are `NFS4ERR_ISDIR`, what else is no regular file is `NFS4ERR_INVAL` (or
/// `NFS4ERR_SYMLINK`).
#[test]
fn only_regular_files_have_data() {
    let place = Place::new();
    let mut a = place.actor("a");
    let link = a.symlink(&place.dir, "link", "f").unwrap();
    for (object, allowed) in [(&place.dir, &[Status::IsDir][..]), (&link, &[Status::Inval, Status::Symlink])]
    {
        refused_with(a.read(object, Stateid::ANONYMOUS, 0, 1), allowed);
        refused_with(a.write(object, Stateid::ANONYMOUS, 0, b"x"), allowed);
        refused_with(a.compound_ok(&[op::putfh(object), op::commit(0, 0)]), allowed);
    }
    refused(a.compound_ok(&[op::read(Stateid::ANONYMOUS, 0, 1)]), Status::NoFilehandle);
    refused(a.compound_ok(&[op::commit(0, 0)]), Status::NoFilehandle);
}

/// §16.36.5: past the largest file there is nothing to write: `NFS4ERR_FBIG`, `NFS4ERR_INVAL` or what the disk says.
#[test]
fn writing_past_the_largest_file() {
    let (_place, mut a, file) = opened();
    let allowed = [Status::FBig, Status::Inval, Status::NoSpc];
    for offset in [u64::MAX, u64::MAX - 2, 1 << 63] {
        refused_with(a.write(&file.filehandle, file.stateid, offset, b"12345"), &allowed);
    }
    assert_eq!(size(&mut a, &file), 0);
}

/// §16.3.5: COMMIT takes any range that is one.
#[test]
fn commit_of_ranges() {
    let (_place, mut a, file) = opened();
    for (offset, count) in [(0, 0), (0, 1), (1 << 40, 1 << 20), (0, u32::MAX)] {
        a.compound_ok(&[op::putfh(&file.filehandle), op::commit(offset, count)]).unwrap();
    }
}

/// §16.23, §16.36 (NFS4ERR_ACCESS): with the anonymous stateid the permissions of the file decide.
#[test]
fn anonymous_io_needs_permission() {
    let (place, mut a, file) = opened();
    let fh = file.filehandle.clone();
    a.write(&fh, file.stateid, 0, b"secret").unwrap();
    let mut user = place.actor_as("user", Credential::sys(4242, 4242));
    a.setattr(&fh, file.stateid, &Attributes::new().mode(0o600)).unwrap();
    refused(user.read(&fh, Stateid::ANONYMOUS, 0, 10), Status::Access);
    refused(user.write(&fh, Stateid::ANONYMOUS, 0, b"x"), Status::Access);
    a.setattr(&fh, file.stateid, &Attributes::new().mode(0o604)).unwrap();
    assert_eq!(user.read(&fh, Stateid::ANONYMOUS, 0, 10).unwrap().data, b"secret");
    refused(user.write(&fh, Stateid::ANONYMOUS, 0, b"x"), Status::Access);
}
