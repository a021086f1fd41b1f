//! The two halves of this room against each other: what generated code packs, the server's parsers must read, and what
//! the encoder writes, generated code must read.

mod hostile;
mod oracle;
mod sessions;
mod strategies;
mod v42;
mod written;

use super::generated::nfs4;
use super::limits;
use crate::nfs4::Status;

#[test]
fn limits_are_those_of_the_specification() {
    let pairs = [
        (limits::FILEHANDLE_BYTES_MAX, nfs4::NFS4_FHSIZE),
        (limits::OWNER_BYTES_MAX, nfs4::NFS4_OPAQUE_LIMIT),
        (limits::COMPOUND_OPS_MAX, nfs4::LIMIT_OPS),
        (limits::READDIR_ENTRIES_MAX, nfs4::LINKED_LIST_MAX),
    ];
    for (ours, specified) in pairs {
        assert_eq!(ours, specified as usize);
    }
}

#[test]
fn statuses_are_those_of_the_specification() {
    for number in 0..20_000u32 {
        let generated = super::Strict::whole::<nfs4::nfsstat4>(&number.to_be_bytes()).ok();
        assert_eq!(generated.map(Status::from), Status::from_number(number), "{number}");
    }
}
