//! RFC 7862 §15, §4.7: operations that need other servers, layouts or work in the background, each of them optional.

use crate::support::{Place, refused, server, status_of};
use lockhouse::client::op;
use lockhouse::nfs4::{Stateid, Status};
use lockhouse::xdr::generated::nfs4::*;

/// A server either has an operation or says that it has not; ours has none of these.
#[test]
fn optional_operations() {
    let mut a = Place::new().member_of(2, "a");
    let file = a.open_new("f");
    let stateid = || op::stateid(file.stateid);
    let netloc = || netloc4::NL4_NAME(utf8string(b"elsewhere".to_vec()));
    let optional = [
        nfs_argop4::OP_COPY_NOTIFY(COPY_NOTIFY4args {
            cna_src_stateid: stateid(),
            cna_destination_server: netloc(),
        }),
        nfs_argop4::OP_IO_ADVISE(IO_ADVISE4args {
            iaa_stateid: stateid(),
            iaa_offset: 0,
            iaa_count: 1,
            iaa_hints: bitmap4(vec![1]),
        }),
        nfs_argop4::OP_OFFLOAD_CANCEL(OFFLOAD_CANCEL4args { oca_stateid: stateid() }),
        nfs_argop4::OP_OFFLOAD_STATUS(OFFLOAD_STATUS4args { osa_stateid: stateid() }),
        op::read_plus(file.stateid, 0, 100),
        nfs_argop4::OP_WRITE_SAME(WRITE_SAME4args {
            wsa_stateid: stateid(),
            wsa_stable: stable_how4::FILE_SYNC4,
            wsa_adb: app_data_block4 {
                adb_offset: 0,
                adb_block_size: 8,
                adb_block_count: 1,
                adb_reloff_blocknum: 0,
                adb_block_num: 0,
                adb_reloff_pattern: 0,
                adb_pattern: vec![1; 8],
            },
        }),
    ];
    for operation in optional {
        let status = status_of(a.compound(&[op::putfh(&file.filehandle), operation.clone()]));
        let fine = if server::is_ours() {
            status == Status::NotSupp
        } else {
            [Status::Ok, Status::NotSupp, Status::BadStateid, Status::Inval].contains(&status)
        };
        assert!(fine, "{operation:?}: {status}");
    }
}

/// §15.2.3: a copy from another server.
#[test]
fn copy_from_elsewhere() {
    let mut a = Place::new().member_of(2, "a");
    let file = a.open_new("f");
    let nfs_argop4::OP_COPY(mut args) = op::copy((file.stateid, 0), (file.stateid, 0), 10) else { return };
    args.ca_source_server.push(netloc4::NL4_NAME(utf8string(b"elsewhere".to_vec())));
    let ops = [op::putfh(&file.filehandle), op::savefh(), nfs_argop4::OP_COPY(args)];
    let status = status_of(a.compound(&ops));
    let fine = [Status::NotSupp, Status::OffloadDenied, Status::PartnerNotSupp, Status::PartnerNoAuth];
    assert!(fine.contains(&status), "{status}");
}

/// §15: in NFSv4.1 there is none of them.
#[test]
fn unknown_to_4_1() {
    let mut a = Place::new().member("a");
    let file = a.open_new("f");
    let new = [
        op::allocate(file.stateid, 0, 1),
        op::seek(Stateid::ANONYMOUS, 0, data_content4::NFS4_CONTENT_DATA),
        op::getxattr("name"),
    ];
    for operation in new {
        refused(a.compound_ok(&[op::putfh(&file.filehandle), operation]), Status::OpIllegal);
    }
}
