//! RFC 7862 §15.1, §15.4, §15.11: ALLOCATE, DEALLOCATE, SEEK.

use crate::support::{Actor, Place, offered, refused, refused_with};
use lockhouse::client::attr::number;
use lockhouse::client::{Error, OpenFile, OpenRequest, op};
use lockhouse::nfs4::{Stateid, Status};
use lockhouse::xdr::generated::nfs4::data_content4::{self, NFS4_CONTENT_DATA, NFS4_CONTENT_HOLE};
use lockhouse::xdr::generated::nfs4::{SEEK4res, nfs_argop4, nfs_resop4};

/// More than a block of any file system.
const BLOCK: u64 = 1 << 20;

fn with_file() -> (Actor, OpenFile) {
    let mut a = Place::new().member_of(2, "a");
    let file = a.open_new("f");
    (a, file)
}

fn on(actor: &mut Actor, file: &OpenFile, change: nfs_argop4) -> Result<(), Error> {
    actor.compound_ok(&[op::putfh(&file.filehandle), change]).map(drop)
}

fn size(actor: &mut Actor, file: &OpenFile) -> u64 {
    actor.getattr(&file.filehandle, &[number::SIZE]).unwrap().get_u64(number::SIZE).unwrap()
}

fn seek(actor: &mut Actor, file: &OpenFile, offset: u64, what: data_content4) -> Result<(bool, u64), Error> {
    let ops = [op::putfh(&file.filehandle), op::seek(file.stateid, offset, what)];
    actor.compound_ok(&ops)?.find(|result| match result {
        nfs_resop4::OP_SEEK(SEEK4res::NFS4_OK(ok)) => Some((ok.sr_eof, ok.sr_offset)),
        _ => None,
    })
}

/// §15.11.3: data and holes, in order; the end of the file is a hole. A file system may keep no holes.
#[test]
fn data_and_holes() {
    let (mut a, file) = with_file();
    a.write(&file.filehandle, file.stateid, 0, b"data").unwrap();
    a.write(&file.filehandle, file.stateid, 4 * BLOCK, b"data").unwrap();
    let Some((_, first)) = offered(seek(&mut a, &file, 0, NFS4_CONTENT_DATA)) else { return };
    assert_eq!(first, 0);
    let (_, hole) = seek(&mut a, &file, 0, NFS4_CONTENT_HOLE).unwrap();
    assert!((4..=4 * BLOCK + 4).contains(&hole), "{hole}");
    if hole < 4 * BLOCK {
        let (_, data) = seek(&mut a, &file, hole, NFS4_CONTENT_DATA).unwrap();
        assert!((hole + 1..=4 * BLOCK).contains(&data), "{data}");
    }
    let (_, end) = seek(&mut a, &file, 4 * BLOCK, NFS4_CONTENT_HOLE).unwrap();
    assert_eq!(end, 4 * BLOCK + 4);
}

/// §15.11.3: from the end of the file on there is nothing to find.
#[test]
fn seek_beyond_the_end() {
    let (mut a, file) = with_file();
    a.write(&file.filehandle, file.stateid, 0, b"data").unwrap();
    if offered(seek(&mut a, &file, 0, NFS4_CONTENT_DATA)).is_none() {
        return;
    }
    for what in [NFS4_CONTENT_DATA, NFS4_CONTENT_HOLE] {
        refused(seek(&mut a, &file, 5, what), Status::Nxio);
        refused(seek(&mut a, &file, u64::MAX, what), Status::Nxio);
    }
}

/// §15.1.3: room for a region, as zeros, and the file grows to its end.
#[test]
fn allocate() {
    let (mut a, file) = with_file();
    a.write(&file.filehandle, file.stateid, 0, b"data").unwrap();
    if offered(on(&mut a, &file, op::allocate(file.stateid, 2, 100))).is_none() {
        return;
    }
    assert_eq!(size(&mut a, &file), 102);
    let read = a.read(&file.filehandle, file.stateid, 0, 200).unwrap();
    assert_eq!(&read.data[..4], b"data");
    assert!(read.data.len() == 102 && read.data[4..].iter().all(|byte| *byte == 0));
}

/// §15.4.3: a hole reads as zeros and leaves the size alone.
#[test]
fn deallocate() {
    let (mut a, file) = with_file();
    a.write(&file.filehandle, file.stateid, 0, &[7; 100]).unwrap();
    if offered(on(&mut a, &file, op::deallocate(file.stateid, 10, 20))).is_none() {
        return;
    }
    let read = a.read(&file.filehandle, file.stateid, 0, 200).unwrap();
    let want: Vec<u8> = (0..100).map(|at| if (10..30).contains(&at) { 0 } else { 7 }).collect();
    assert_eq!(read.data, want);
    on(&mut a, &file, op::deallocate(file.stateid, 90, 1000)).unwrap();
    assert_eq!(size(&mut a, &file), 100);
}

/// §15.1.3, §15.4.3: regions that are none, opens that do not allow it, stateids of nobody.
#[test]
fn what_regions_need() {
    let (mut a, file) = with_file();
    if offered(on(&mut a, &file, op::allocate(file.stateid, 0, 1))).is_none() {
        return;
    }
    let reader = a.open_as("reader", &OpenRequest::existing("f").share(1, 0)).unwrap();
    type Region = fn(Stateid, u64, u64) -> nfs_argop4;
    let operations: [Region; 2] = [op::allocate, op::deallocate];
    for operation in operations {
        refused_with(
            on(&mut a, &file, operation(file.stateid, u64::MAX - 1, 10)),
            &[Status::Inval, Status::FBig],
        );
        refused(on(&mut a, &file, operation(reader.stateid, 0, 1)), Status::OpenMode);
        let unknown = Stateid { seqid: 1, other: [0x5a; 12] };
        refused_with(
            on(&mut a, &file, operation(unknown, 0, 1)),
            &[Status::BadStateid, Status::StaleStateid],
        );
        let putfh = op::putfh(&a.dir);
        let dir = a.compound_ok(&[putfh, operation(Stateid::ANONYMOUS, 0, 1)]);
        refused_with(dir, &[Status::WrongType, Status::IsDir, Status::Inval]);
    }
}
