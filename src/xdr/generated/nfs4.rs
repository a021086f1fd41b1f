// Generated from xdr/nfs4.x by xdr/gen; do not edit.

use xdr_codec::Pack;

pub const ACCESS4_DELETE: u32 = 16;

pub const ACCESS4_EXECUTE: u32 = 32;

pub const ACCESS4_EXTEND: u32 = 8;

pub const ACCESS4_LOOKUP: u32 = 2;

pub const ACCESS4_MODIFY: u32 = 4;

pub const ACCESS4_READ: u32 = 1;

pub const ACCESS4_XALIST: u32 = 256;

pub const ACCESS4_XAREAD: u32 = 64;

pub const ACCESS4_XAWRITE: u32 = 128;

pub const ACE4_ACCESS_ALLOWED_ACE_TYPE: u32 = 0;

pub const ACE4_ACCESS_DENIED_ACE_TYPE: u32 = 1;

pub const ACE4_ADD_FILE: u32 = 2;

pub const ACE4_ADD_SUBDIRECTORY: u32 = 4;

pub const ACE4_APPEND_DATA: u32 = 4;

pub const ACE4_DELETE: u32 = 65536;

pub const ACE4_DELETE_CHILD: u32 = 64;

pub const ACE4_DIRECTORY_INHERIT_ACE: u32 = 2;

pub const ACE4_EXECUTE: u32 = 32;

pub const ACE4_FAILED_ACCESS_ACE_FLAG: u32 = 32;

pub const ACE4_FILE_INHERIT_ACE: u32 = 1;

pub const ACE4_IDENTIFIER_GROUP: u32 = 64;

pub const ACE4_INHERIT_ONLY_ACE: u32 = 8;

pub const ACE4_LIST_DIRECTORY: u32 = 1;

pub const ACE4_NO_PROPAGATE_INHERIT_ACE: u32 = 4;

pub const ACE4_READ_ACL: u32 = 131072;

pub const ACE4_READ_ATTRIBUTES: u32 = 128;

pub const ACE4_READ_DATA: u32 = 1;

pub const ACE4_READ_NAMED_ATTRS: u32 = 8;

pub const ACE4_SUCCESSFUL_ACCESS_ACE_FLAG: u32 = 16;

pub const ACE4_SYNCHRONIZE: u32 = 1048576;

pub const ACE4_SYSTEM_ALARM_ACE_TYPE: u32 = 3;

pub const ACE4_SYSTEM_AUDIT_ACE_TYPE: u32 = 2;

pub const ACE4_WRITE_ACL: u32 = 262144;

pub const ACE4_WRITE_ATTRIBUTES: u32 = 256;

pub const ACE4_WRITE_DATA: u32 = 2;

pub const ACE4_WRITE_NAMED_ATTRS: u32 = 16;

pub const ACE4_WRITE_OWNER: u32 = 524288;

pub const ACL4_SUPPORT_ALARM_ACL: u32 = 8;

pub const ACL4_SUPPORT_ALLOW_ACL: u32 = 1;

pub const ACL4_SUPPORT_AUDIT_ACL: u32 = 4;

pub const ACL4_SUPPORT_DENY_ACL: u32 = 2;

pub const CREATE_SESSION4_FLAG_CONN_BACK_CHAN: u32 = 2;

pub const CREATE_SESSION4_FLAG_CONN_RDMA: u32 = 4;

pub const CREATE_SESSION4_FLAG_PERSIST: u32 = 1;

pub const EXCHGID4_FLAG_BIND_PRINC_STATEID: u32 = 256;

pub const EXCHGID4_FLAG_CONFIRMED_R: u32 = 2147483648;

pub const EXCHGID4_FLAG_MASK_PNFS: u32 = 458752;

pub const EXCHGID4_FLAG_SUPP_FENCE_OPS: u32 = 4;

pub const EXCHGID4_FLAG_SUPP_MOVED_MIGR: u32 = 2;

pub const EXCHGID4_FLAG_SUPP_MOVED_REFER: u32 = 1;

pub const EXCHGID4_FLAG_UPD_CONFIRMED_REC_A: u32 = 1073741824;

pub const EXCHGID4_FLAG_USE_NON_PNFS: u32 = 65536;

pub const EXCHGID4_FLAG_USE_PNFS_DS: u32 = 262144;

pub const EXCHGID4_FLAG_USE_PNFS_MDS: u32 = 131072;

pub const FALSE: u32 = 0;

pub const FATTR4_ACL: u32 = 12;

pub const FATTR4_ACLSUPPORT: u32 = 13;

pub const FATTR4_ARCHIVE: u32 = 14;

pub const FATTR4_CANSETTIME: u32 = 15;

pub const FATTR4_CASE_INSENSITIVE: u32 = 16;

pub const FATTR4_CASE_PRESERVING: u32 = 17;

pub const FATTR4_CHANGE: u32 = 3;

pub const FATTR4_CHANGE_ATTR_TYPE: u32 = 79;

pub const FATTR4_CHOWN_RESTRICTED: u32 = 18;

pub const FATTR4_CLONE_BLKSIZE: u32 = 77;

pub const FATTR4_FH_EXPIRE_TYPE: u32 = 2;

pub const FATTR4_FILEHANDLE: u32 = 19;

pub const FATTR4_FILEID: u32 = 20;

pub const FATTR4_FILES_AVAIL: u32 = 21;

pub const FATTR4_FILES_FREE: u32 = 22;

pub const FATTR4_FILES_TOTAL: u32 = 23;

pub const FATTR4_FSID: u32 = 8;

pub const FATTR4_FS_LAYOUT_TYPES: u32 = 62;

pub const FATTR4_FS_LOCATIONS: u32 = 24;

pub const FATTR4_HIDDEN: u32 = 25;

pub const FATTR4_HOMOGENEOUS: u32 = 26;

pub const FATTR4_LAYOUT_BLKSIZE: u32 = 65;

pub const FATTR4_LEASE_TIME: u32 = 10;

pub const FATTR4_LINK_SUPPORT: u32 = 5;

pub const FATTR4_MAXFILESIZE: u32 = 27;

pub const FATTR4_MAXLINK: u32 = 28;

pub const FATTR4_MAXNAME: u32 = 29;

pub const FATTR4_MAXREAD: u32 = 30;

pub const FATTR4_MAXWRITE: u32 = 31;

pub const FATTR4_MIMETYPE: u32 = 32;

pub const FATTR4_MODE: u32 = 33;

pub const FATTR4_MODE_UMASK: u32 = 81;

pub const FATTR4_MOUNTED_ON_FILEID: u32 = 55;

pub const FATTR4_NAMED_ATTR: u32 = 7;

pub const FATTR4_NO_TRUNC: u32 = 34;

pub const FATTR4_NUMLINKS: u32 = 35;

pub const FATTR4_OWNER: u32 = 36;

pub const FATTR4_OWNER_GROUP: u32 = 37;

pub const FATTR4_QUOTA_AVAIL_HARD: u32 = 38;

pub const FATTR4_QUOTA_AVAIL_SOFT: u32 = 39;

pub const FATTR4_QUOTA_USED: u32 = 40;

pub const FATTR4_RAWDEV: u32 = 41;

pub const FATTR4_RDATTR_ERROR: u32 = 11;

pub const FATTR4_SEC_LABEL: u32 = 80;

pub const FATTR4_SIZE: u32 = 4;

pub const FATTR4_SPACE_AVAIL: u32 = 42;

pub const FATTR4_SPACE_FREE: u32 = 43;

pub const FATTR4_SPACE_FREED: u32 = 78;

pub const FATTR4_SPACE_TOTAL: u32 = 44;

pub const FATTR4_SPACE_USED: u32 = 45;

pub const FATTR4_SUPPATTR_EXCLCREAT: u32 = 75;

pub const FATTR4_SUPPORTED_ATTRS: u32 = 0;

pub const FATTR4_SYMLINK_SUPPORT: u32 = 6;

pub const FATTR4_SYSTEM: u32 = 46;

pub const FATTR4_TIME_ACCESS: u32 = 47;

pub const FATTR4_TIME_ACCESS_SET: u32 = 48;

pub const FATTR4_TIME_BACKUP: u32 = 49;

pub const FATTR4_TIME_CREATE: u32 = 50;

pub const FATTR4_TIME_DELTA: u32 = 51;

pub const FATTR4_TIME_METADATA: u32 = 52;

pub const FATTR4_TIME_MODIFY: u32 = 53;

pub const FATTR4_TIME_MODIFY_SET: u32 = 54;

pub const FATTR4_TYPE: u32 = 1;

pub const FATTR4_UNIQUE_HANDLES: u32 = 9;

pub const FATTR4_XATTR_SUPPORT: u32 = 82;

pub const FH4_NOEXPIRE_WITH_OPEN: u32 = 1;

pub const FH4_PERSISTENT: u32 = 0;

pub const FH4_VOLATILE_ANY: u32 = 2;

pub const FH4_VOL_MIGRATION: u32 = 4;

pub const FH4_VOL_RENAME: u32 = 8;

pub const LIMIT_ACES: u32 = 1024;

pub const LIMIT_ATTRLIST: u32 = 65536;

pub const LIMIT_BITMAP_WORDS: u32 = 64;

pub const LIMIT_CB_SEC_PARMS: u32 = 16;

pub const LIMIT_COMPONENT: u32 = 4096;

pub const LIMIT_DATA: u32 = 1049600;

pub const LIMIT_FLAVORS: u32 = 64;

pub const LIMIT_GIDS: u32 = 16;

pub const LIMIT_GSS_HANDLES: u32 = 64;

pub const LIMIT_LOCATIONS: u32 = 64;

pub const LIMIT_MACHINENAME: u32 = 255;

pub const LIMIT_NETADDR: u32 = 128;

pub const LIMIT_NETLOCS: u32 = 64;

pub const LIMIT_OPS: u32 = 1024;

pub const LIMIT_PATH_COMPONENTS: u32 = 256;

pub const LIMIT_SEGMENTS: u32 = 4096;

pub const LIMIT_SSV_ALGS: u32 = 32;

pub const LIMIT_TAG: u32 = 1024;

pub const LIMIT_TEST_STATEIDS: u32 = 4096;

pub const LIMIT_UTF8: u32 = 4096;

pub const LIMIT_XATTR_NAMES: u32 = 4096;

pub const LIMIT_XATTR_VALUE: u32 = 65536;

pub const LINKED_LIST_MAX: u32 = 65536;

pub const MODE4_RGRP: u32 = 32;

pub const MODE4_ROTH: u32 = 4;

pub const MODE4_RUSR: u32 = 256;

pub const MODE4_SGID: u32 = 1024;

pub const MODE4_SUID: u32 = 2048;

pub const MODE4_SVTX: u32 = 512;

pub const MODE4_WGRP: u32 = 16;

pub const MODE4_WOTH: u32 = 2;

pub const MODE4_WUSR: u32 = 128;

pub const MODE4_XGRP: u32 = 8;

pub const MODE4_XOTH: u32 = 1;

pub const MODE4_XUSR: u32 = 64;

pub const NFS4_FHSIZE: u32 = 128;

pub const NFS4_INT32_MAX: u32 = 2147483647;

pub const NFS4_INT64_MAX: i64 = 9223372036854775807;

pub const NFS4_OPAQUE_LIMIT: u32 = 1024;

pub const NFS4_OTHER_SIZE: u32 = 12;

pub const NFS4_PROGRAM: u32 = 100003;

pub const NFS4_SESSIONID_SIZE: u32 = 16;

pub const NFS4_UINT32_MAX: u32 = 4294967295;

pub const NFS4_VERIFIER_SIZE: u32 = 8;

pub const NFSPROC4_COMPOUND: u32 = 1;

pub const NFSPROC4_NULL: u32 = 0;

pub const NFS_V4: u32 = 4;

pub const OPEN4_RESULT_CONFIRM: u32 = 2;

pub const OPEN4_RESULT_LOCKTYPE_POSIX: u32 = 4;

pub const OPEN4_RESULT_MAY_NOTIFY_LOCK: u32 = 32;

pub const OPEN4_RESULT_PRESERVE_UNLINKED: u32 = 8;

pub const OPEN4_SHARE_ACCESS_BOTH: u32 = 3;

pub const OPEN4_SHARE_ACCESS_READ: u32 = 1;

pub const OPEN4_SHARE_ACCESS_WANT_ANY_DELEG: u32 = 768;

pub const OPEN4_SHARE_ACCESS_WANT_CANCEL: u32 = 1280;

pub const OPEN4_SHARE_ACCESS_WANT_DELEG_MASK: u32 = 65280;

pub const OPEN4_SHARE_ACCESS_WANT_NO_DELEG: u32 = 1024;

pub const OPEN4_SHARE_ACCESS_WANT_NO_PREFERENCE: u32 = 0;

pub const OPEN4_SHARE_ACCESS_WANT_PUSH_DELEG_WHEN_UNCONTENDED: u32 = 131072;

pub const OPEN4_SHARE_ACCESS_WANT_READ_DELEG: u32 = 256;

pub const OPEN4_SHARE_ACCESS_WANT_SIGNAL_DELEG_WHEN_RESRC_AVAIL: u32 = 65536;

pub const OPEN4_SHARE_ACCESS_WANT_WRITE_DELEG: u32 = 512;

pub const OPEN4_SHARE_ACCESS_WRITE: u32 = 2;

pub const OPEN4_SHARE_DENY_BOTH: u32 = 3;

pub const OPEN4_SHARE_DENY_NONE: u32 = 0;

pub const OPEN4_SHARE_DENY_READ: u32 = 1;

pub const OPEN4_SHARE_DENY_WRITE: u32 = 2;

pub const SEQ4_STATUS_ADMIN_STATE_REVOKED: u32 = 32;

pub const SEQ4_STATUS_BACKCHANNEL_FAULT: u32 = 1024;

pub const SEQ4_STATUS_CB_GSS_CONTEXTS_EXPIRED: u32 = 4;

pub const SEQ4_STATUS_CB_GSS_CONTEXTS_EXPIRING: u32 = 2;

pub const SEQ4_STATUS_CB_PATH_DOWN: u32 = 1;

pub const SEQ4_STATUS_CB_PATH_DOWN_SESSION: u32 = 512;

pub const SEQ4_STATUS_DEVID_CHANGED: u32 = 2048;

pub const SEQ4_STATUS_DEVID_DELETED: u32 = 4096;

pub const SEQ4_STATUS_EXPIRED_ALL_STATE_REVOKED: u32 = 8;

pub const SEQ4_STATUS_EXPIRED_SOME_STATE_REVOKED: u32 = 16;

pub const SEQ4_STATUS_LEASE_MOVED: u32 = 128;

pub const SEQ4_STATUS_RECALLABLE_STATE_REVOKED: u32 = 64;

pub const SEQ4_STATUS_RESTART_RECLAIM_NEEDED: u32 = 256;

pub const TRUE: u32 = 1;

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct ACCESS4args {
    pub access: uint32_t,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum ACCESS4res {
    NFS4_OK(ACCESS4resok),
    default(nfsstat4),
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct ACCESS4resok {
    pub supported: uint32_t,
    pub access: uint32_t,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct ALLOCATE4args {
    pub aa_stateid: stateid4,
    pub aa_offset: offset4,
    pub aa_length: length4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct ALLOCATE4res {
    pub ar_status: nfsstat4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BACKCHANNEL_CTL4args {
    pub bca_cb_program: uint32_t,
    pub bca_sec_parms: Vec<callback_sec_parms4>,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct BACKCHANNEL_CTL4res {
    pub bcr_status: nfsstat4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct BIND_CONN_TO_SESSION4args {
    pub bctsa_sessid: sessionid4,
    pub bctsa_dir: channel_dir_from_client4,
    pub bctsa_use_conn_in_rdma_mode: bool,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum BIND_CONN_TO_SESSION4res {
    NFS4_OK(BIND_CONN_TO_SESSION4resok),
    default(nfsstat4),
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct BIND_CONN_TO_SESSION4resok {
    pub bctsr_sessid: sessionid4,
    pub bctsr_dir: channel_dir_from_server4,
    pub bctsr_use_conn_in_rdma_mode: bool,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct CLONE4args {
    pub cl_src_stateid: stateid4,
    pub cl_dst_stateid: stateid4,
    pub cl_src_offset: offset4,
    pub cl_dst_offset: offset4,
    pub cl_count: length4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct CLONE4res {
    pub cl_status: nfsstat4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct CLOSE4args {
    pub seqid: seqid4,
    pub open_stateid: stateid4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum CLOSE4res {
    NFS4_OK(stateid4),
    default(nfsstat4),
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct COMMIT4args {
    pub offset: offset4,
    pub count: count4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum COMMIT4res {
    NFS4_OK(COMMIT4resok),
    default(nfsstat4),
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct COMMIT4resok {
    pub writeverf: verifier4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct COMPOUND4args {
    pub tag: tag4,
    pub minorversion: uint32_t,
    pub argarray: Vec<nfs_argop4>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct COMPOUND4res {
    pub status: nfsstat4,
    pub tag: tag4,
    pub resarray: Vec<nfs_resop4>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct COPY4args {
    pub ca_src_stateid: stateid4,
    pub ca_dst_stateid: stateid4,
    pub ca_src_offset: offset4,
    pub ca_dst_offset: offset4,
    pub ca_count: length4,
    pub ca_consecutive: bool,
    pub ca_synchronous: bool,
    pub ca_source_server: Vec<netloc4>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum COPY4res {
    NFS4_OK(COPY4resok),
    NFS4ERR_OFFLOAD_NO_REQS(copy_requirements4),
    default(nfsstat4),
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct COPY4resok {
    pub cr_response: write_response4,
    pub cr_requirements: copy_requirements4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct COPY_NOTIFY4args {
    pub cna_src_stateid: stateid4,
    pub cna_destination_server: netloc4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum COPY_NOTIFY4res {
    NFS4_OK(COPY_NOTIFY4resok),
    default(nfsstat4),
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct COPY_NOTIFY4resok {
    pub cnr_lease_time: nfstime4,
    pub cnr_stateid: stateid4,
    pub cnr_source_server: Vec<netloc4>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CREATE4args {
    pub objtype: createtype4,
    pub objname: component4,
    pub createattrs: fattr4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum CREATE4res {
    NFS4_OK(CREATE4resok),
    default(nfsstat4),
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CREATE4resok {
    pub cinfo: change_info4,
    pub attrset: bitmap4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CREATE_SESSION4args {
    pub csa_clientid: clientid4,
    pub csa_sequence: sequenceid4,
    pub csa_flags: uint32_t,
    pub csa_fore_chan_attrs: channel_attrs4,
    pub csa_back_chan_attrs: channel_attrs4,
    pub csa_cb_program: uint32_t,
    pub csa_sec_parms: Vec<callback_sec_parms4>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum CREATE_SESSION4res {
    NFS4_OK(CREATE_SESSION4resok),
    default(nfsstat4),
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CREATE_SESSION4resok {
    pub csr_sessionid: sessionid4,
    pub csr_sequence: sequenceid4,
    pub csr_flags: uint32_t,
    pub csr_fore_chan_attrs: channel_attrs4,
    pub csr_back_chan_attrs: channel_attrs4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct DEALLOCATE4args {
    pub da_stateid: stateid4,
    pub da_offset: offset4,
    pub da_length: length4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct DEALLOCATE4res {
    pub dr_status: nfsstat4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct DELEGPURGE4args {
    pub clientid: clientid4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct DELEGPURGE4res {
    pub status: nfsstat4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct DELEGRETURN4args {
    pub deleg_stateid: stateid4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct DELEGRETURN4res {
    pub status: nfsstat4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct DESTROY_CLIENTID4args {
    pub dca_clientid: clientid4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct DESTROY_CLIENTID4res {
    pub dcr_status: nfsstat4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct DESTROY_SESSION4args {
    pub dsa_sessionid: sessionid4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct DESTROY_SESSION4res {
    pub dsr_status: nfsstat4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EXCHANGE_ID4args {
    pub eia_clientowner: client_owner4,
    pub eia_flags: uint32_t,
    pub eia_state_protect: state_protect4_a,
    pub eia_client_impl_id: Vec<nfs_impl_id4>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum EXCHANGE_ID4res {
    NFS4_OK(EXCHANGE_ID4resok),
    default(nfsstat4),
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EXCHANGE_ID4resok {
    pub eir_clientid: clientid4,
    pub eir_sequenceid: sequenceid4,
    pub eir_flags: uint32_t,
    pub eir_state_protect: state_protect4_r,
    pub eir_server_owner: server_owner4,
    pub eir_server_scope: Vec<u8>,
    pub eir_server_impl_id: Vec<nfs_impl_id4>,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct FREE_STATEID4args {
    pub fsa_stateid: stateid4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct FREE_STATEID4res {
    pub fsr_status: nfsstat4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GETATTR4args {
    pub attr_request: bitmap4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum GETATTR4res {
    NFS4_OK(GETATTR4resok),
    default(nfsstat4),
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GETATTR4resok {
    pub obj_attributes: fattr4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum GETFH4res {
    NFS4_OK(GETFH4resok),
    default(nfsstat4),
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GETFH4resok {
    pub object: nfs_fh4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GETXATTR4args {
    pub gxa_name: xattrkey4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum GETXATTR4res {
    NFS4_OK(xattrvalue4),
    default(nfsstat4),
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct ILLEGAL4res {
    pub status: nfsstat4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct IO_ADVISE4args {
    pub iaa_stateid: stateid4,
    pub iaa_offset: offset4,
    pub iaa_count: length4,
    pub iaa_hints: bitmap4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum IO_ADVISE4res {
    NFS4_OK(IO_ADVISE4resok),
    default(nfsstat4),
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct IO_ADVISE4resok {
    pub ior_hints: bitmap4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LINK4args {
    pub newname: component4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum LINK4res {
    NFS4_OK(LINK4resok),
    default(nfsstat4),
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct LINK4resok {
    pub cinfo: change_info4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct LISTXATTRS4args {
    pub lxa_cookie: nfs_cookie4,
    pub lxa_maxcount: count4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum LISTXATTRS4res {
    NFS4_OK(LISTXATTRS4resok),
    default(nfsstat4),
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LISTXATTRS4resok {
    pub lxr_cookie: nfs_cookie4,
    pub lxr_names: Vec<xattrkey4>,
    pub lxr_eof: bool,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LOCK4args {
    pub locktype: nfs_lock_type4,
    pub reclaim: bool,
    pub offset: offset4,
    pub length: length4,
    pub locker: locker4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LOCK4denied {
    pub offset: offset4,
    pub length: length4,
    pub locktype: nfs_lock_type4,
    pub owner: lock_owner4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum LOCK4res {
    NFS4_OK(LOCK4resok),
    NFS4ERR_DENIED(LOCK4denied),
    default(nfsstat4),
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct LOCK4resok {
    pub lock_stateid: stateid4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LOCKT4args {
    pub locktype: nfs_lock_type4,
    pub offset: offset4,
    pub length: length4,
    pub owner: lock_owner4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum LOCKT4res {
    NFS4ERR_DENIED(LOCK4denied),
    NFS4_OK,
    default(nfsstat4),
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct LOCKU4args {
    pub locktype: nfs_lock_type4,
    pub seqid: seqid4,
    pub lock_stateid: stateid4,
    pub offset: offset4,
    pub length: length4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum LOCKU4res {
    NFS4_OK(stateid4),
    default(nfsstat4),
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LOOKUP4args {
    pub objname: component4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct LOOKUP4res {
    pub status: nfsstat4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct LOOKUPP4res {
    pub status: nfsstat4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NVERIFY4args {
    pub obj_attributes: fattr4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct NVERIFY4res {
    pub status: nfsstat4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct OFFLOAD_CANCEL4args {
    pub oca_stateid: stateid4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct OFFLOAD_CANCEL4res {
    pub ocr_status: nfsstat4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct OFFLOAD_STATUS4args {
    pub osa_stateid: stateid4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum OFFLOAD_STATUS4res {
    NFS4_OK(OFFLOAD_STATUS4resok),
    default(nfsstat4),
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OFFLOAD_STATUS4resok {
    pub osr_count: length4,
    pub osr_complete: Vec<nfsstat4>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OPEN4args {
    pub seqid: seqid4,
    pub share_access: uint32_t,
    pub share_deny: uint32_t,
    pub owner: open_owner4,
    pub openhow: openflag4,
    pub claim: open_claim4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum OPEN4res {
    NFS4_OK(OPEN4resok),
    default(nfsstat4),
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OPEN4resok {
    pub stateid: stateid4,
    pub cinfo: change_info4,
    pub rflags: uint32_t,
    pub attrset: bitmap4,
    pub delegation: open_delegation4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct OPENATTR4args {
    pub createdir: bool,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct OPENATTR4res {
    pub status: nfsstat4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct OPEN_CONFIRM4args {
    pub open_stateid: stateid4,
    pub seqid: seqid4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum OPEN_CONFIRM4res {
    NFS4_OK(OPEN_CONFIRM4resok),
    default(nfsstat4),
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct OPEN_CONFIRM4resok {
    pub open_stateid: stateid4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct OPEN_DOWNGRADE4args {
    pub open_stateid: stateid4,
    pub seqid: seqid4,
    pub share_access: uint32_t,
    pub share_deny: uint32_t,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum OPEN_DOWNGRADE4res {
    NFS4_OK(OPEN_DOWNGRADE4resok),
    default(nfsstat4),
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct OPEN_DOWNGRADE4resok {
    pub open_stateid: stateid4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PUTFH4args {
    pub object: nfs_fh4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct PUTFH4res {
    pub status: nfsstat4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct PUTPUBFH4res {
    pub status: nfsstat4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct PUTROOTFH4res {
    pub status: nfsstat4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct READ4args {
    pub stateid: stateid4,
    pub offset: offset4,
    pub count: count4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum READ4res {
    NFS4_OK(READ4resok),
    default(nfsstat4),
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct READ4resok {
    pub eof: bool,
    pub data: Vec<u8>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct READDIR4args {
    pub cookie: nfs_cookie4,
    pub cookieverf: verifier4,
    pub dircount: count4,
    pub maxcount: count4,
    pub attr_request: bitmap4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum READDIR4res {
    NFS4_OK(READDIR4resok),
    default(nfsstat4),
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct READDIR4resok {
    pub cookieverf: verifier4,
    pub reply: dirlist4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum READLINK4res {
    NFS4_OK(READLINK4resok),
    default(nfsstat4),
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct READLINK4resok {
    pub link: linktext4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct READ_PLUS4args {
    pub rpa_stateid: stateid4,
    pub rpa_offset: offset4,
    pub rpa_count: count4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum READ_PLUS4res {
    NFS4_OK(read_plus_res4),
    default(nfsstat4),
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct RECLAIM_COMPLETE4args {
    pub rca_one_fs: bool,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct RECLAIM_COMPLETE4res {
    pub rcr_status: nfsstat4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RELEASE_LOCKOWNER4args {
    pub lock_owner: lock_owner4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct RELEASE_LOCKOWNER4res {
    pub status: nfsstat4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct REMOVE4args {
    pub target: component4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum REMOVE4res {
    NFS4_OK(REMOVE4resok),
    default(nfsstat4),
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct REMOVE4resok {
    pub cinfo: change_info4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct REMOVEXATTR4args {
    pub rxa_name: xattrkey4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum REMOVEXATTR4res {
    NFS4_OK(change_info4),
    default(nfsstat4),
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RENAME4args {
    pub oldname: component4,
    pub newname: component4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum RENAME4res {
    NFS4_OK(RENAME4resok),
    default(nfsstat4),
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct RENAME4resok {
    pub source_cinfo: change_info4,
    pub target_cinfo: change_info4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct RENEW4args {
    pub clientid: clientid4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct RENEW4res {
    pub status: nfsstat4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct RESTOREFH4res {
    pub status: nfsstat4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct SAVEFH4res {
    pub status: nfsstat4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SECINFO4args {
    pub name: component4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum SECINFO4res {
    NFS4_OK(SECINFO4resok),
    default(nfsstat4),
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SECINFO4resok(pub Vec<secinfo4>);

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct SECINFO_NO_NAME4args {
    pub style: secinfo_style4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct SEEK4args {
    pub sa_stateid: stateid4,
    pub sa_offset: offset4,
    pub sa_what: data_content4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum SEEK4res {
    NFS4_OK(seek_res4),
    default(nfsstat4),
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct SEQUENCE4args {
    pub sa_sessionid: sessionid4,
    pub sa_sequenceid: sequenceid4,
    pub sa_slotid: slotid4,
    pub sa_highest_slotid: slotid4,
    pub sa_cachethis: bool,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum SEQUENCE4res {
    NFS4_OK(SEQUENCE4resok),
    default(nfsstat4),
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct SEQUENCE4resok {
    pub sr_sessionid: sessionid4,
    pub sr_sequenceid: sequenceid4,
    pub sr_slotid: slotid4,
    pub sr_highest_slotid: slotid4,
    pub sr_target_highest_slotid: slotid4,
    pub sr_status_flags: uint32_t,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SETATTR4args {
    pub stateid: stateid4,
    pub obj_attributes: fattr4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SETATTR4res {
    pub status: nfsstat4,
    pub attrsset: bitmap4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SETCLIENTID4args {
    pub client: nfs_client_id4,
    pub callback: cb_client4,
    pub callback_ident: uint32_t,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum SETCLIENTID4res {
    NFS4_OK(SETCLIENTID4resok),
    NFS4ERR_CLID_INUSE(clientaddr4),
    default(nfsstat4),
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct SETCLIENTID4resok {
    pub clientid: clientid4,
    pub setclientid_confirm: verifier4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct SETCLIENTID_CONFIRM4args {
    pub clientid: clientid4,
    pub setclientid_confirm: verifier4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct SETCLIENTID_CONFIRM4res {
    pub status: nfsstat4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SETXATTR4args {
    pub sxa_option: setxattr_option4,
    pub sxa_key: xattrkey4,
    pub sxa_value: xattrvalue4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum SETXATTR4res {
    NFS4_OK(change_info4),
    default(nfsstat4),
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SET_SSV4args {
    pub ssa_ssv: Vec<u8>,
    pub ssa_digest: Vec<u8>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum SET_SSV4res {
    NFS4_OK(SET_SSV4resok),
    default(nfsstat4),
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SET_SSV4resok {
    pub ssr_digest: Vec<u8>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TEST_STATEID4args {
    pub ts_stateids: Vec<stateid4>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum TEST_STATEID4res {
    NFS4_OK(TEST_STATEID4resok),
    default(nfsstat4),
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TEST_STATEID4resok {
    pub tsr_status_codes: Vec<nfsstat4>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct VERIFY4args {
    pub obj_attributes: fattr4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct VERIFY4res {
    pub status: nfsstat4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct WRITE4args {
    pub stateid: stateid4,
    pub offset: offset4,
    pub stable: stable_how4,
    pub data: Vec<u8>,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum WRITE4res {
    NFS4_OK(WRITE4resok),
    default(nfsstat4),
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct WRITE4resok {
    pub count: count4,
    pub committed: stable_how4,
    pub writeverf: verifier4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct WRITE_SAME4args {
    pub wsa_stateid: stateid4,
    pub wsa_stable: stable_how4,
    pub wsa_adb: app_data_block4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum WRITE_SAME4res {
    NFS4_OK(write_response4),
    default(nfsstat4),
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct app_data_block4 {
    pub adb_offset: offset4,
    pub adb_block_size: length4,
    pub adb_block_count: length4,
    pub adb_reloff_blocknum: length4,
    pub adb_block_num: count4,
    pub adb_reloff_pattern: length4,
    pub adb_pattern: Vec<u8>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ascii_REQUIRED4(pub Vec<u8>);

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct attrlist4(pub Vec<u8>);

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct bitmap4(pub Vec<uint32_t>);

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum callback_sec_parms4 {
    Const0,
    Const1(cb_authsys_parms4),
    Const6(gss_cb_handles4),
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct cb_authsys_parms4 {
    pub stamp: u32,
    pub machinename: Vec<u8>,
    pub uid: u32,
    pub gid: u32,
    pub gids: Vec<u32>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct cb_client4 {
    pub cb_program: u32,
    pub cb_location: clientaddr4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct change_info4 {
    pub atomic: bool,
    pub before: changeid4,
    pub after: changeid4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct channel_attrs4 {
    pub ca_headerpadsize: count4,
    pub ca_maxrequestsize: count4,
    pub ca_maxresponsesize: count4,
    pub ca_maxresponsesize_cached: count4,
    pub ca_maxoperations: count4,
    pub ca_maxrequests: count4,
    pub ca_rdma_ird: Vec<uint32_t>,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum channel_dir_from_client4 {
    CDFC4_FORE = 1isize,
    CDFC4_BACK = 2isize,
    CDFC4_FORE_OR_BOTH = 3isize,
    CDFC4_BACK_OR_BOTH = 7isize,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum channel_dir_from_server4 {
    CDFS4_FORE = 1isize,
    CDFS4_BACK = 2isize,
    CDFS4_BOTH = 3isize,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct client_owner4 {
    pub co_verifier: verifier4,
    pub co_ownerid: Vec<u8>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct clientaddr4 {
    pub r_netid: Vec<u8>,
    pub r_addr: Vec<u8>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct component4(pub Vec<u8>);

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct copy_requirements4 {
    pub cr_consecutive: bool,
    pub cr_synchronous: bool,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum createhow4 {
    UNCHECKED4(fattr4),
    GUARDED4(fattr4),
    EXCLUSIVE4(verifier4),
    EXCLUSIVE4_1(creatverfattr),
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum createmode4 {
    UNCHECKED4 = 0isize,
    GUARDED4 = 1isize,
    EXCLUSIVE4 = 2isize,
    EXCLUSIVE4_1 = 3isize,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum createtype4 {
    NF4LNK(linktext4),
    NF4BLK(specdata4),
    NF4CHR(specdata4),
    NF4SOCK,
    NF4FIFO,
    NF4DIR,
    default(nfs_ftype4),
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct creatverfattr {
    pub cva_verf: verifier4,
    pub cva_attrs: fattr4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct data4 {
    pub d_offset: offset4,
    pub d_data: Vec<u8>,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum data_content4 {
    NFS4_CONTENT_DATA = 0isize,
    NFS4_CONTENT_HOLE = 1isize,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct data_info4 {
    pub di_offset: offset4,
    pub di_length: length4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct dirlist4 {
    pub entries: Vec<entry4>,
    pub eof: bool,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct entry4 {
    pub cookie: nfs_cookie4,
    pub name: component4,
    pub attrs: fattr4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct exist_lock_owner4 {
    pub lock_stateid: stateid4,
    pub lock_seqid: seqid4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct fattr4 {
    pub attrmask: bitmap4,
    pub attr_vals: attrlist4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct fattr4_acl(pub Vec<nfsace4>);

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct fs_location4 {
    pub server: Vec<utf8str_cis>,
    pub rootpath: pathname4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct fs_locations4 {
    pub fs_root: pathname4,
    pub locations: Vec<fs_location4>,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct fsid4 {
    pub major: uint64_t,
    pub minor: uint64_t,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct gss_cb_handles4 {
    pub gcbp_service: rpc_gss_svc_t,
    pub gcbp_handle_from_server: gsshandle4_t,
    pub gcbp_handle_from_client: gsshandle4_t,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct gsshandle4_t(pub Vec<u8>);

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum limit_by4 {
    NFS_LIMIT_SIZE = 1isize,
    NFS_LIMIT_BLOCKS = 2isize,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct linktext4(pub Vec<u8>);

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct lock_owner4 {
    pub clientid: clientid4,
    pub owner: Vec<u8>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum locker4 {
    TRUE(open_to_lock_owner4),
    FALSE(exist_lock_owner4),
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum netloc4 {
    NL4_NAME(utf8str_cis),
    NL4_URL(utf8str_cis),
    NL4_NETADDR(clientaddr4),
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum netloc_type4 {
    NL4_NAME = 1isize,
    NL4_URL = 2isize,
    NL4_NETADDR = 3isize,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum nfs_argop4 {
    OP_ACCESS(ACCESS4args),
    OP_CLOSE(CLOSE4args),
    OP_COMMIT(COMMIT4args),
    OP_CREATE(CREATE4args),
    OP_DELEGPURGE(DELEGPURGE4args),
    OP_DELEGRETURN(DELEGRETURN4args),
    OP_GETATTR(GETATTR4args),
    OP_GETFH,
    OP_LINK(LINK4args),
    OP_LOCK(LOCK4args),
    OP_LOCKT(LOCKT4args),
    OP_LOCKU(LOCKU4args),
    OP_LOOKUP(LOOKUP4args),
    OP_LOOKUPP,
    OP_NVERIFY(NVERIFY4args),
    OP_OPEN(OPEN4args),
    OP_OPENATTR(OPENATTR4args),
    OP_OPEN_CONFIRM(OPEN_CONFIRM4args),
    OP_OPEN_DOWNGRADE(OPEN_DOWNGRADE4args),
    OP_PUTFH(PUTFH4args),
    OP_PUTPUBFH,
    OP_PUTROOTFH,
    OP_READ(READ4args),
    OP_READDIR(READDIR4args),
    OP_READLINK,
    OP_REMOVE(REMOVE4args),
    OP_RENAME(RENAME4args),
    OP_RENEW(RENEW4args),
    OP_RESTOREFH,
    OP_SAVEFH,
    OP_SECINFO(SECINFO4args),
    OP_SETATTR(SETATTR4args),
    OP_SETCLIENTID(SETCLIENTID4args),
    OP_SETCLIENTID_CONFIRM(SETCLIENTID_CONFIRM4args),
    OP_VERIFY(VERIFY4args),
    OP_WRITE(WRITE4args),
    OP_RELEASE_LOCKOWNER(RELEASE_LOCKOWNER4args),
    OP_BACKCHANNEL_CTL(BACKCHANNEL_CTL4args),
    OP_BIND_CONN_TO_SESSION(BIND_CONN_TO_SESSION4args),
    OP_EXCHANGE_ID(EXCHANGE_ID4args),
    OP_CREATE_SESSION(CREATE_SESSION4args),
    OP_DESTROY_SESSION(DESTROY_SESSION4args),
    OP_FREE_STATEID(FREE_STATEID4args),
    OP_GET_DIR_DELEGATION,
    OP_GETDEVICEINFO,
    OP_GETDEVICELIST,
    OP_LAYOUTCOMMIT,
    OP_LAYOUTGET,
    OP_LAYOUTRETURN,
    OP_SECINFO_NO_NAME(SECINFO_NO_NAME4args),
    OP_SEQUENCE(SEQUENCE4args),
    OP_SET_SSV(SET_SSV4args),
    OP_TEST_STATEID(TEST_STATEID4args),
    OP_WANT_DELEGATION,
    OP_DESTROY_CLIENTID(DESTROY_CLIENTID4args),
    OP_RECLAIM_COMPLETE(RECLAIM_COMPLETE4args),
    OP_ALLOCATE(ALLOCATE4args),
    OP_COPY(COPY4args),
    OP_COPY_NOTIFY(COPY_NOTIFY4args),
    OP_DEALLOCATE(DEALLOCATE4args),
    OP_IO_ADVISE(IO_ADVISE4args),
    OP_LAYOUTERROR,
    OP_LAYOUTSTATS,
    OP_OFFLOAD_CANCEL(OFFLOAD_CANCEL4args),
    OP_OFFLOAD_STATUS(OFFLOAD_STATUS4args),
    OP_READ_PLUS(READ_PLUS4args),
    OP_SEEK(SEEK4args),
    OP_WRITE_SAME(WRITE_SAME4args),
    OP_CLONE(CLONE4args),
    OP_GETXATTR(GETXATTR4args),
    OP_SETXATTR(SETXATTR4args),
    OP_LISTXATTRS(LISTXATTRS4args),
    OP_REMOVEXATTR(REMOVEXATTR4args),
    OP_ILLEGAL,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct nfs_client_id4 {
    pub verifier: verifier4,
    pub id: Vec<u8>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct nfs_fh4(pub Vec<u8>);

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum nfs_ftype4 {
    NF4REG = 1isize,
    NF4DIR = 2isize,
    NF4BLK = 3isize,
    NF4CHR = 4isize,
    NF4LNK = 5isize,
    NF4SOCK = 6isize,
    NF4FIFO = 7isize,
    NF4ATTRDIR = 8isize,
    NF4NAMEDATTR = 9isize,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct nfs_impl_id4 {
    pub nii_domain: utf8str_cis,
    pub nii_name: utf8str_cs,
    pub nii_date: nfstime4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum nfs_lock_type4 {
    READ_LT = 1isize,
    WRITE_LT = 2isize,
    READW_LT = 3isize,
    WRITEW_LT = 4isize,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct nfs_modified_limit4 {
    pub num_blocks: uint32_t,
    pub bytes_per_block: uint32_t,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum nfs_opnum4 {
    OP_ACCESS = 3isize,
    OP_CLOSE = 4isize,
    OP_COMMIT = 5isize,
    OP_CREATE = 6isize,
    OP_DELEGPURGE = 7isize,
    OP_DELEGRETURN = 8isize,
    OP_GETATTR = 9isize,
    OP_GETFH = 10isize,
    OP_LINK = 11isize,
    OP_LOCK = 12isize,
    OP_LOCKT = 13isize,
    OP_LOCKU = 14isize,
    OP_LOOKUP = 15isize,
    OP_LOOKUPP = 16isize,
    OP_NVERIFY = 17isize,
    OP_OPEN = 18isize,
    OP_OPENATTR = 19isize,
    OP_OPEN_CONFIRM = 20isize,
    OP_OPEN_DOWNGRADE = 21isize,
    OP_PUTFH = 22isize,
    OP_PUTPUBFH = 23isize,
    OP_PUTROOTFH = 24isize,
    OP_READ = 25isize,
    OP_READDIR = 26isize,
    OP_READLINK = 27isize,
    OP_REMOVE = 28isize,
    OP_RENAME = 29isize,
    OP_RENEW = 30isize,
    OP_RESTOREFH = 31isize,
    OP_SAVEFH = 32isize,
    OP_SECINFO = 33isize,
    OP_SETATTR = 34isize,
    OP_SETCLIENTID = 35isize,
    OP_SETCLIENTID_CONFIRM = 36isize,
    OP_VERIFY = 37isize,
    OP_WRITE = 38isize,
    OP_RELEASE_LOCKOWNER = 39isize,
    OP_BACKCHANNEL_CTL = 40isize,
    OP_BIND_CONN_TO_SESSION = 41isize,
    OP_EXCHANGE_ID = 42isize,
    OP_CREATE_SESSION = 43isize,
    OP_DESTROY_SESSION = 44isize,
    OP_FREE_STATEID = 45isize,
    OP_GET_DIR_DELEGATION = 46isize,
    OP_GETDEVICEINFO = 47isize,
    OP_GETDEVICELIST = 48isize,
    OP_LAYOUTCOMMIT = 49isize,
    OP_LAYOUTGET = 50isize,
    OP_LAYOUTRETURN = 51isize,
    OP_SECINFO_NO_NAME = 52isize,
    OP_SEQUENCE = 53isize,
    OP_SET_SSV = 54isize,
    OP_TEST_STATEID = 55isize,
    OP_WANT_DELEGATION = 56isize,
    OP_DESTROY_CLIENTID = 57isize,
    OP_RECLAIM_COMPLETE = 58isize,
    OP_ALLOCATE = 59isize,
    OP_COPY = 60isize,
    OP_COPY_NOTIFY = 61isize,
    OP_DEALLOCATE = 62isize,
    OP_IO_ADVISE = 63isize,
    OP_LAYOUTERROR = 64isize,
    OP_LAYOUTSTATS = 65isize,
    OP_OFFLOAD_CANCEL = 66isize,
    OP_OFFLOAD_STATUS = 67isize,
    OP_READ_PLUS = 68isize,
    OP_SEEK = 69isize,
    OP_WRITE_SAME = 70isize,
    OP_CLONE = 71isize,
    OP_GETXATTR = 72isize,
    OP_SETXATTR = 73isize,
    OP_LISTXATTRS = 74isize,
    OP_REMOVEXATTR = 75isize,
    OP_ILLEGAL = 10044isize,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum nfs_resop4 {
    OP_ACCESS(ACCESS4res),
    OP_CLOSE(CLOSE4res),
    OP_COMMIT(COMMIT4res),
    OP_CREATE(CREATE4res),
    OP_DELEGPURGE(DELEGPURGE4res),
    OP_DELEGRETURN(DELEGRETURN4res),
    OP_GETATTR(GETATTR4res),
    OP_GETFH(GETFH4res),
    OP_LINK(LINK4res),
    OP_LOCK(LOCK4res),
    OP_LOCKT(LOCKT4res),
    OP_LOCKU(LOCKU4res),
    OP_LOOKUP(LOOKUP4res),
    OP_LOOKUPP(LOOKUPP4res),
    OP_NVERIFY(NVERIFY4res),
    OP_OPEN(OPEN4res),
    OP_OPENATTR(OPENATTR4res),
    OP_OPEN_CONFIRM(OPEN_CONFIRM4res),
    OP_OPEN_DOWNGRADE(OPEN_DOWNGRADE4res),
    OP_PUTFH(PUTFH4res),
    OP_PUTPUBFH(PUTPUBFH4res),
    OP_PUTROOTFH(PUTROOTFH4res),
    OP_READ(READ4res),
    OP_READDIR(READDIR4res),
    OP_READLINK(READLINK4res),
    OP_REMOVE(REMOVE4res),
    OP_RENAME(RENAME4res),
    OP_RENEW(RENEW4res),
    OP_RESTOREFH(RESTOREFH4res),
    OP_SAVEFH(SAVEFH4res),
    OP_SECINFO(SECINFO4res),
    OP_SETATTR(SETATTR4res),
    OP_SETCLIENTID(SETCLIENTID4res),
    OP_SETCLIENTID_CONFIRM(SETCLIENTID_CONFIRM4res),
    OP_VERIFY(VERIFY4res),
    OP_WRITE(WRITE4res),
    OP_RELEASE_LOCKOWNER(RELEASE_LOCKOWNER4res),
    OP_BACKCHANNEL_CTL(BACKCHANNEL_CTL4res),
    OP_BIND_CONN_TO_SESSION(BIND_CONN_TO_SESSION4res),
    OP_EXCHANGE_ID(EXCHANGE_ID4res),
    OP_CREATE_SESSION(CREATE_SESSION4res),
    OP_DESTROY_SESSION(DESTROY_SESSION4res),
    OP_FREE_STATEID(FREE_STATEID4res),
    OP_GET_DIR_DELEGATION(refused4res),
    OP_GETDEVICEINFO(refused4res),
    OP_GETDEVICELIST(refused4res),
    OP_LAYOUTCOMMIT(refused4res),
    OP_LAYOUTGET(refused4res),
    OP_LAYOUTRETURN(refused4res),
    OP_SECINFO_NO_NAME(SECINFO4res),
    OP_SEQUENCE(SEQUENCE4res),
    OP_SET_SSV(SET_SSV4res),
    OP_TEST_STATEID(TEST_STATEID4res),
    OP_WANT_DELEGATION(refused4res),
    OP_DESTROY_CLIENTID(DESTROY_CLIENTID4res),
    OP_RECLAIM_COMPLETE(RECLAIM_COMPLETE4res),
    OP_ALLOCATE(ALLOCATE4res),
    OP_COPY(COPY4res),
    OP_COPY_NOTIFY(COPY_NOTIFY4res),
    OP_DEALLOCATE(DEALLOCATE4res),
    OP_IO_ADVISE(IO_ADVISE4res),
    OP_LAYOUTERROR(refused4res),
    OP_LAYOUTSTATS(refused4res),
    OP_OFFLOAD_CANCEL(OFFLOAD_CANCEL4res),
    OP_OFFLOAD_STATUS(OFFLOAD_STATUS4res),
    OP_READ_PLUS(READ_PLUS4res),
    OP_SEEK(SEEK4res),
    OP_WRITE_SAME(WRITE_SAME4res),
    OP_CLONE(CLONE4res),
    OP_GETXATTR(GETXATTR4res),
    OP_SETXATTR(SETXATTR4res),
    OP_LISTXATTRS(LISTXATTRS4res),
    OP_REMOVEXATTR(REMOVEXATTR4res),
    OP_ILLEGAL(ILLEGAL4res),
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum nfs_space_limit4 {
    NFS_LIMIT_SIZE(uint64_t),
    NFS_LIMIT_BLOCKS(nfs_modified_limit4),
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct nfsace4 {
    pub type_: acetype4,
    pub flag: aceflag4,
    pub access_mask: acemask4,
    pub who: utf8str_mixed,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum nfsstat4 {
    NFS4_OK = 0isize,
    NFS4ERR_PERM = 1isize,
    NFS4ERR_NOENT = 2isize,
    NFS4ERR_IO = 5isize,
    NFS4ERR_NXIO = 6isize,
    NFS4ERR_ACCESS = 13isize,
    NFS4ERR_EXIST = 17isize,
    NFS4ERR_XDEV = 18isize,
    NFS4ERR_NOTDIR = 20isize,
    NFS4ERR_ISDIR = 21isize,
    NFS4ERR_INVAL = 22isize,
    NFS4ERR_FBIG = 27isize,
    NFS4ERR_NOSPC = 28isize,
    NFS4ERR_ROFS = 30isize,
    NFS4ERR_MLINK = 31isize,
    NFS4ERR_NAMETOOLONG = 63isize,
    NFS4ERR_NOTEMPTY = 66isize,
    NFS4ERR_DQUOT = 69isize,
    NFS4ERR_STALE = 70isize,
    NFS4ERR_BADHANDLE = 10001isize,
    NFS4ERR_BAD_COOKIE = 10003isize,
    NFS4ERR_NOTSUPP = 10004isize,
    NFS4ERR_TOOSMALL = 10005isize,
    NFS4ERR_SERVERFAULT = 10006isize,
    NFS4ERR_BADTYPE = 10007isize,
    NFS4ERR_DELAY = 10008isize,
    NFS4ERR_SAME = 10009isize,
    NFS4ERR_DENIED = 10010isize,
    NFS4ERR_EXPIRED = 10011isize,
    NFS4ERR_LOCKED = 10012isize,
    NFS4ERR_GRACE = 10013isize,
    NFS4ERR_FHEXPIRED = 10014isize,
    NFS4ERR_SHARE_DENIED = 10015isize,
    NFS4ERR_WRONGSEC = 10016isize,
    NFS4ERR_CLID_INUSE = 10017isize,
    NFS4ERR_RESOURCE = 10018isize,
    NFS4ERR_MOVED = 10019isize,
    NFS4ERR_NOFILEHANDLE = 10020isize,
    NFS4ERR_MINOR_VERS_MISMATCH = 10021isize,
    NFS4ERR_STALE_CLIENTID = 10022isize,
    NFS4ERR_STALE_STATEID = 10023isize,
    NFS4ERR_OLD_STATEID = 10024isize,
    NFS4ERR_BAD_STATEID = 10025isize,
    NFS4ERR_BAD_SEQID = 10026isize,
    NFS4ERR_NOT_SAME = 10027isize,
    NFS4ERR_LOCK_RANGE = 10028isize,
    NFS4ERR_SYMLINK = 10029isize,
    NFS4ERR_RESTOREFH = 10030isize,
    NFS4ERR_LEASE_MOVED = 10031isize,
    NFS4ERR_ATTRNOTSUPP = 10032isize,
    NFS4ERR_NO_GRACE = 10033isize,
    NFS4ERR_RECLAIM_BAD = 10034isize,
    NFS4ERR_RECLAIM_CONFLICT = 10035isize,
    NFS4ERR_BADXDR = 10036isize,
    NFS4ERR_LOCKS_HELD = 10037isize,
    NFS4ERR_OPENMODE = 10038isize,
    NFS4ERR_BADOWNER = 10039isize,
    NFS4ERR_BADCHAR = 10040isize,
    NFS4ERR_BADNAME = 10041isize,
    NFS4ERR_BAD_RANGE = 10042isize,
    NFS4ERR_LOCK_NOTSUPP = 10043isize,
    NFS4ERR_OP_ILLEGAL = 10044isize,
    NFS4ERR_DEADLOCK = 10045isize,
    NFS4ERR_FILE_OPEN = 10046isize,
    NFS4ERR_ADMIN_REVOKED = 10047isize,
    NFS4ERR_CB_PATH_DOWN = 10048isize,
    NFS4ERR_BADIOMODE = 10049isize,
    NFS4ERR_BADLAYOUT = 10050isize,
    NFS4ERR_BAD_SESSION_DIGEST = 10051isize,
    NFS4ERR_BADSESSION = 10052isize,
    NFS4ERR_BADSLOT = 10053isize,
    NFS4ERR_COMPLETE_ALREADY = 10054isize,
    NFS4ERR_CONN_NOT_BOUND_TO_SESSION = 10055isize,
    NFS4ERR_DELEG_ALREADY_WANTED = 10056isize,
    NFS4ERR_BACK_CHAN_BUSY = 10057isize,
    NFS4ERR_LAYOUTTRYLATER = 10058isize,
    NFS4ERR_LAYOUTUNAVAILABLE = 10059isize,
    NFS4ERR_NOMATCHING_LAYOUT = 10060isize,
    NFS4ERR_RECALLCONFLICT = 10061isize,
    NFS4ERR_UNKNOWN_LAYOUTTYPE = 10062isize,
    NFS4ERR_SEQ_MISORDERED = 10063isize,
    NFS4ERR_SEQUENCE_POS = 10064isize,
    NFS4ERR_REQ_TOO_BIG = 10065isize,
    NFS4ERR_REP_TOO_BIG = 10066isize,
    NFS4ERR_REP_TOO_BIG_TO_CACHE = 10067isize,
    NFS4ERR_RETRY_UNCACHED_REP = 10068isize,
    NFS4ERR_UNSAFE_COMPOUND = 10069isize,
    NFS4ERR_TOO_MANY_OPS = 10070isize,
    NFS4ERR_OP_NOT_IN_SESSION = 10071isize,
    NFS4ERR_HASH_ALG_UNSUPP = 10072isize,
    NFS4ERR_CLIENTID_BUSY = 10074isize,
    NFS4ERR_PNFS_IO_HOLE = 10075isize,
    NFS4ERR_SEQ_FALSE_RETRY = 10076isize,
    NFS4ERR_BAD_HIGH_SLOT = 10077isize,
    NFS4ERR_DEADSESSION = 10078isize,
    NFS4ERR_ENCR_ALG_UNSUPP = 10079isize,
    NFS4ERR_PNFS_NO_LAYOUT = 10080isize,
    NFS4ERR_NOT_ONLY_OP = 10081isize,
    NFS4ERR_WRONG_CRED = 10082isize,
    NFS4ERR_WRONG_TYPE = 10083isize,
    NFS4ERR_DIRDELEG_UNAVAIL = 10084isize,
    NFS4ERR_REJECT_DELEG = 10085isize,
    NFS4ERR_RETURNCONFLICT = 10086isize,
    NFS4ERR_DELEG_REVOKED = 10087isize,
    NFS4ERR_PARTNER_NOTSUPP = 10088isize,
    NFS4ERR_PARTNER_NO_AUTH = 10089isize,
    NFS4ERR_UNION_NOTSUPP = 10090isize,
    NFS4ERR_OFFLOAD_DENIED = 10091isize,
    NFS4ERR_WRONG_LFS = 10092isize,
    NFS4ERR_BADLABEL = 10093isize,
    NFS4ERR_OFFLOAD_NO_REQS = 10094isize,
    NFS4ERR_NOXATTR = 10095isize,
    NFS4ERR_XATTR2BIG = 10096isize,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct nfstime4 {
    pub seconds: int64_t,
    pub nseconds: uint32_t,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum open_claim4 {
    CLAIM_NULL(component4),
    CLAIM_PREVIOUS(open_delegation_type4),
    CLAIM_DELEGATE_CUR(open_claim_delegate_cur4),
    CLAIM_DELEGATE_PREV(component4),
    CLAIM_FH,
    CLAIM_DELEG_CUR_FH(stateid4),
    CLAIM_DELEG_PREV_FH,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct open_claim_delegate_cur4 {
    pub delegate_stateid: stateid4,
    pub file: component4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum open_claim_type4 {
    CLAIM_NULL = 0isize,
    CLAIM_PREVIOUS = 1isize,
    CLAIM_DELEGATE_CUR = 2isize,
    CLAIM_DELEGATE_PREV = 3isize,
    CLAIM_FH = 4isize,
    CLAIM_DELEG_CUR_FH = 5isize,
    CLAIM_DELEG_PREV_FH = 6isize,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum open_delegation4 {
    OPEN_DELEGATE_NONE,
    OPEN_DELEGATE_READ(open_read_delegation4),
    OPEN_DELEGATE_WRITE(open_write_delegation4),
    OPEN_DELEGATE_NONE_EXT(open_none_delegation4),
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum open_delegation_type4 {
    OPEN_DELEGATE_NONE = 0isize,
    OPEN_DELEGATE_READ = 1isize,
    OPEN_DELEGATE_WRITE = 2isize,
    OPEN_DELEGATE_NONE_EXT = 3isize,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum open_none_delegation4 {
    WND4_CONTENTION(bool),
    WND4_RESOURCE(bool),
    default(why_no_delegation4),
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct open_owner4 {
    pub clientid: clientid4,
    pub owner: Vec<u8>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct open_read_delegation4 {
    pub stateid: stateid4,
    pub recall: bool,
    pub permissions: nfsace4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct open_to_lock_owner4 {
    pub open_seqid: seqid4,
    pub open_stateid: stateid4,
    pub lock_seqid: seqid4,
    pub lock_owner: lock_owner4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct open_write_delegation4 {
    pub stateid: stateid4,
    pub recall: bool,
    pub space_limit: nfs_space_limit4,
    pub permissions: nfsace4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum openflag4 {
    OPEN4_CREATE(createhow4),
    OPEN4_NOCREATE,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum opentype4 {
    OPEN4_NOCREATE = 0isize,
    OPEN4_CREATE = 1isize,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct pathname4(pub Vec<component4>);

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum read_plus_content {
    NFS4_CONTENT_DATA(data4),
    NFS4_CONTENT_HOLE(data_info4),
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct read_plus_res4 {
    pub rpr_eof: bool,
    pub rpr_contents: Vec<read_plus_content>,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct refused4res {
    pub status: nfsstat4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum rpc_gss_svc_t {
    RPC_GSS_SVC_NONE = 1isize,
    RPC_GSS_SVC_INTEGRITY = 2isize,
    RPC_GSS_SVC_PRIVACY = 3isize,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct rpcsec_gss_info {
    pub oid: sec_oid4,
    pub qop: qop4,
    pub service: rpc_gss_svc_t,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct sec_oid4(pub Vec<u8>);

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum secinfo4 {
    Const6(rpcsec_gss_info),
    default(u32),
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum secinfo_style4 {
    SECINFO_STYLE4_CURRENT_FH = 0isize,
    SECINFO_STYLE4_PARENT = 1isize,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct seek_res4 {
    pub sr_eof: bool,
    pub sr_offset: offset4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct server_owner4 {
    pub so_minor_id: uint64_t,
    pub so_major_id: Vec<u8>,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct sessionid4(pub [u8; NFS4_SESSIONID_SIZE as usize]);

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum settime4 {
    SET_TO_CLIENT_TIME4(nfstime4),
    SET_TO_SERVER_TIME4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum setxattr_option4 {
    SETXATTR4_EITHER = 0isize,
    SETXATTR4_CREATE = 1isize,
    SETXATTR4_REPLACE = 2isize,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct specdata4 {
    pub specdata1: uint32_t,
    pub specdata2: uint32_t,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ssv_prot_info4 {
    pub spi_ops: state_protect_ops4,
    pub spi_hash_alg: uint32_t,
    pub spi_encr_alg: uint32_t,
    pub spi_ssv_len: uint32_t,
    pub spi_window: uint32_t,
    pub spi_handles: Vec<gsshandle4_t>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ssv_sp_parms4 {
    pub ssp_ops: state_protect_ops4,
    pub ssp_hash_algs: Vec<sec_oid4>,
    pub ssp_encr_algs: Vec<sec_oid4>,
    pub ssp_window: uint32_t,
    pub ssp_num_gss_handles: uint32_t,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum stable_how4 {
    UNSTABLE4 = 0isize,
    DATA_SYNC4 = 1isize,
    FILE_SYNC4 = 2isize,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum state_protect4_a {
    SP4_NONE,
    SP4_MACH_CRED(state_protect_ops4),
    SP4_SSV(ssv_sp_parms4),
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum state_protect4_r {
    SP4_NONE,
    SP4_MACH_CRED(state_protect_ops4),
    SP4_SSV(ssv_prot_info4),
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum state_protect_how4 {
    SP4_NONE = 0isize,
    SP4_MACH_CRED = 1isize,
    SP4_SSV = 2isize,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct state_protect_ops4 {
    pub spo_must_enforce: bitmap4,
    pub spo_must_allow: bitmap4,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct stateid4 {
    pub seqid: uint32_t,
    pub other: [u8; NFS4_OTHER_SIZE as usize],
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct tag4(pub Vec<u8>);

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum time_how4 {
    SET_TO_SERVER_TIME4 = 0isize,
    SET_TO_CLIENT_TIME4 = 1isize,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct utf8string(pub Vec<u8>);

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct verifier4(pub [u8; NFS4_VERIFIER_SIZE as usize]);

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum why_no_delegation4 {
    WND4_NOT_WANTED = 0isize,
    WND4_CONTENTION = 1isize,
    WND4_RESOURCE = 2isize,
    WND4_NOT_SUPP_FTYPE = 3isize,
    WND4_WRITE_DELEG_NOT_SUPP_FTYPE = 4isize,
    WND4_NOT_SUPP_UPGRADE = 5isize,
    WND4_NOT_SUPP_DOWNGRADE = 6isize,
    WND4_CANCELLED = 7isize,
    WND4_IS_DIR = 8isize,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct write_response4 {
    pub wr_callback_id: Vec<stateid4>,
    pub wr_count: length4,
    pub wr_committed: stable_how4,
    pub wr_writeverf: verifier4,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct xattrvalue4(pub Vec<u8>);

pub type aceflag4 = uint32_t;

pub type acemask4 = uint32_t;

pub type acetype4 = uint32_t;

pub type changeid4 = uint64_t;

pub type clientid4 = uint64_t;

pub type count4 = uint32_t;

pub type fattr4_aclsupport = uint32_t;

pub type fattr4_archive = bool;

pub type fattr4_cansettime = bool;

pub type fattr4_case_insensitive = bool;

pub type fattr4_case_preserving = bool;

pub type fattr4_change = changeid4;

pub type fattr4_chown_restricted = bool;

pub type fattr4_clone_blksize = uint32_t;

pub type fattr4_fh_expire_type = uint32_t;

pub type fattr4_filehandle = nfs_fh4;

pub type fattr4_fileid = uint64_t;

pub type fattr4_files_avail = uint64_t;

pub type fattr4_files_free = uint64_t;

pub type fattr4_files_total = uint64_t;

pub type fattr4_fs_locations = fs_locations4;

pub type fattr4_fsid = fsid4;

pub type fattr4_hidden = bool;

pub type fattr4_homogeneous = bool;

pub type fattr4_lease_time = nfs_lease4;

pub type fattr4_link_support = bool;

pub type fattr4_maxfilesize = uint64_t;

pub type fattr4_maxlink = uint32_t;

pub type fattr4_maxname = uint32_t;

pub type fattr4_maxread = uint64_t;

pub type fattr4_maxwrite = uint64_t;

pub type fattr4_mimetype = ascii_REQUIRED4;

pub type fattr4_mode = mode4;

pub type fattr4_mounted_on_fileid = uint64_t;

pub type fattr4_named_attr = bool;

pub type fattr4_no_trunc = bool;

pub type fattr4_numlinks = uint32_t;

pub type fattr4_owner = utf8str_mixed;

pub type fattr4_owner_group = utf8str_mixed;

pub type fattr4_quota_avail_hard = uint64_t;

pub type fattr4_quota_avail_soft = uint64_t;

pub type fattr4_quota_used = uint64_t;

pub type fattr4_rawdev = specdata4;

pub type fattr4_rdattr_error = nfsstat4;

pub type fattr4_size = uint64_t;

pub type fattr4_space_avail = uint64_t;

pub type fattr4_space_free = uint64_t;

pub type fattr4_space_freed = length4;

pub type fattr4_space_total = uint64_t;

pub type fattr4_space_used = uint64_t;

pub type fattr4_suppattr_exclcreat = bitmap4;

pub type fattr4_supported_attrs = bitmap4;

pub type fattr4_symlink_support = bool;

pub type fattr4_system = bool;

pub type fattr4_time_access = nfstime4;

pub type fattr4_time_access_set = settime4;

pub type fattr4_time_backup = nfstime4;

pub type fattr4_time_create = nfstime4;

pub type fattr4_time_delta = nfstime4;

pub type fattr4_time_metadata = nfstime4;

pub type fattr4_time_modify = nfstime4;

pub type fattr4_time_modify_set = settime4;

pub type fattr4_type = nfs_ftype4;

pub type fattr4_unique_handles = bool;

pub type fattr4_xattr_support = bool;

pub type int32_t = i32;

pub type int64_t = i64;

pub type length4 = uint64_t;

pub type mode4 = uint32_t;

pub type nfs_cookie4 = uint64_t;

pub type nfs_lease4 = uint32_t;

pub type offset4 = uint64_t;

pub type qop4 = uint32_t;

pub type seqid4 = uint32_t;

pub type sequenceid4 = uint32_t;

pub type slotid4 = uint32_t;

pub type uint32_t = u32;

pub type uint64_t = u64;

pub type utf8str_cis = utf8string;

pub type utf8str_cs = utf8string;

pub type utf8str_mixed = utf8string;

pub type xattrkey4 = component4;

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for ACCESS4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.access.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for ACCESS4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &ACCESS4res::NFS4_OK(ref val) => (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?,
            &ACCESS4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for ACCESS4resok {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.supported.pack(out)? + self.access.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for ALLOCATE4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.aa_stateid.pack(out)? + self.aa_offset.pack(out)? + self.aa_length.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for ALLOCATE4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.ar_status.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for BACKCHANNEL_CTL4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.bca_cb_program.pack(out)?
            + xdr_codec::pack_flex(&self.bca_sec_parms, Some(LIMIT_CB_SEC_PARMS as usize), out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for BACKCHANNEL_CTL4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.bcr_status.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for BIND_CONN_TO_SESSION4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.bctsa_sessid.pack(out)?
            + self.bctsa_dir.pack(out)?
            + self.bctsa_use_conn_in_rdma_mode.pack(out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for BIND_CONN_TO_SESSION4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &BIND_CONN_TO_SESSION4res::NFS4_OK(ref val) => {
                (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?
            }
            &BIND_CONN_TO_SESSION4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for BIND_CONN_TO_SESSION4resok {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.bctsr_sessid.pack(out)?
            + self.bctsr_dir.pack(out)?
            + self.bctsr_use_conn_in_rdma_mode.pack(out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for CLONE4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.cl_src_stateid.pack(out)?
            + self.cl_dst_stateid.pack(out)?
            + self.cl_src_offset.pack(out)?
            + self.cl_dst_offset.pack(out)?
            + self.cl_count.pack(out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for CLONE4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.cl_status.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for CLOSE4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.seqid.pack(out)? + self.open_stateid.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for CLOSE4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &CLOSE4res::NFS4_OK(ref val) => (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?,
            &CLOSE4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for COMMIT4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.offset.pack(out)? + self.count.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for COMMIT4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &COMMIT4res::NFS4_OK(ref val) => (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?,
            &COMMIT4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for COMMIT4resok {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.writeverf.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for COMPOUND4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.tag.pack(out)?
            + self.minorversion.pack(out)?
            + xdr_codec::pack_flex(&self.argarray, Some(LIMIT_OPS as usize), out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for COMPOUND4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.status.pack(out)?
            + self.tag.pack(out)?
            + xdr_codec::pack_flex(&self.resarray, Some(LIMIT_OPS as usize), out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for COPY4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.ca_src_stateid.pack(out)?
            + self.ca_dst_stateid.pack(out)?
            + self.ca_src_offset.pack(out)?
            + self.ca_dst_offset.pack(out)?
            + self.ca_count.pack(out)?
            + self.ca_consecutive.pack(out)?
            + self.ca_synchronous.pack(out)?
            + xdr_codec::pack_flex(&self.ca_source_server, Some(LIMIT_NETLOCS as usize), out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for COPY4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &COPY4res::NFS4_OK(ref val) => (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?,
            &COPY4res::NFS4ERR_OFFLOAD_NO_REQS(ref val) => {
                (nfsstat4::NFS4ERR_OFFLOAD_NO_REQS as i32).pack(out)? + val.pack(out)?
            }
            &COPY4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for COPY4resok {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.cr_response.pack(out)? + self.cr_requirements.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for COPY_NOTIFY4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.cna_src_stateid.pack(out)? + self.cna_destination_server.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for COPY_NOTIFY4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &COPY_NOTIFY4res::NFS4_OK(ref val) => (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?,
            &COPY_NOTIFY4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for COPY_NOTIFY4resok {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.cnr_lease_time.pack(out)?
            + self.cnr_stateid.pack(out)?
            + xdr_codec::pack_flex(&self.cnr_source_server, Some(LIMIT_NETLOCS as usize), out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for CREATE4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.objtype.pack(out)? + self.objname.pack(out)? + self.createattrs.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for CREATE4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &CREATE4res::NFS4_OK(ref val) => (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?,
            &CREATE4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for CREATE4resok {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.cinfo.pack(out)? + self.attrset.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for CREATE_SESSION4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.csa_clientid.pack(out)?
            + self.csa_sequence.pack(out)?
            + self.csa_flags.pack(out)?
            + self.csa_fore_chan_attrs.pack(out)?
            + self.csa_back_chan_attrs.pack(out)?
            + self.csa_cb_program.pack(out)?
            + xdr_codec::pack_flex(&self.csa_sec_parms, Some(LIMIT_CB_SEC_PARMS as usize), out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for CREATE_SESSION4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &CREATE_SESSION4res::NFS4_OK(ref val) => (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?,
            &CREATE_SESSION4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for CREATE_SESSION4resok {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.csr_sessionid.pack(out)?
            + self.csr_sequence.pack(out)?
            + self.csr_flags.pack(out)?
            + self.csr_fore_chan_attrs.pack(out)?
            + self.csr_back_chan_attrs.pack(out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for DEALLOCATE4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.da_stateid.pack(out)? + self.da_offset.pack(out)? + self.da_length.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for DEALLOCATE4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.dr_status.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for DELEGPURGE4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.clientid.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for DELEGPURGE4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.status.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for DELEGRETURN4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.deleg_stateid.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for DELEGRETURN4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.status.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for DESTROY_CLIENTID4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.dca_clientid.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for DESTROY_CLIENTID4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.dcr_status.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for DESTROY_SESSION4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.dsa_sessionid.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for DESTROY_SESSION4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.dsr_status.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for EXCHANGE_ID4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.eia_clientowner.pack(out)?
            + self.eia_flags.pack(out)?
            + self.eia_state_protect.pack(out)?
            + xdr_codec::pack_flex(&self.eia_client_impl_id, Some(1i64 as usize), out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for EXCHANGE_ID4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &EXCHANGE_ID4res::NFS4_OK(ref val) => (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?,
            &EXCHANGE_ID4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for EXCHANGE_ID4resok {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.eir_clientid.pack(out)?
            + self.eir_sequenceid.pack(out)?
            + self.eir_flags.pack(out)?
            + self.eir_state_protect.pack(out)?
            + self.eir_server_owner.pack(out)?
            + xdr_codec::pack_opaque_flex(&self.eir_server_scope, Some(NFS4_OPAQUE_LIMIT as usize), out)?
            + xdr_codec::pack_flex(&self.eir_server_impl_id, Some(1i64 as usize), out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for FREE_STATEID4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.fsa_stateid.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for FREE_STATEID4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.fsr_status.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for GETATTR4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.attr_request.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for GETATTR4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &GETATTR4res::NFS4_OK(ref val) => (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?,
            &GETATTR4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for GETATTR4resok {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.obj_attributes.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for GETFH4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &GETFH4res::NFS4_OK(ref val) => (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?,
            &GETFH4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for GETFH4resok {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.object.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for GETXATTR4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.gxa_name.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for GETXATTR4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &GETXATTR4res::NFS4_OK(ref val) => (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?,
            &GETXATTR4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for ILLEGAL4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.status.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for IO_ADVISE4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.iaa_stateid.pack(out)?
            + self.iaa_offset.pack(out)?
            + self.iaa_count.pack(out)?
            + self.iaa_hints.pack(out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for IO_ADVISE4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &IO_ADVISE4res::NFS4_OK(ref val) => (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?,
            &IO_ADVISE4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for IO_ADVISE4resok {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.ior_hints.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for LINK4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.newname.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for LINK4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &LINK4res::NFS4_OK(ref val) => (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?,
            &LINK4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for LINK4resok {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.cinfo.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for LISTXATTRS4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.lxa_cookie.pack(out)? + self.lxa_maxcount.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for LISTXATTRS4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &LISTXATTRS4res::NFS4_OK(ref val) => (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?,
            &LISTXATTRS4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for LISTXATTRS4resok {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.lxr_cookie.pack(out)?
            + xdr_codec::pack_flex(&self.lxr_names, Some(LIMIT_XATTR_NAMES as usize), out)?
            + self.lxr_eof.pack(out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for LOCK4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.locktype.pack(out)?
            + self.reclaim.pack(out)?
            + self.offset.pack(out)?
            + self.length.pack(out)?
            + self.locker.pack(out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for LOCK4denied {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.offset.pack(out)?
            + self.length.pack(out)?
            + self.locktype.pack(out)?
            + self.owner.pack(out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for LOCK4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &LOCK4res::NFS4_OK(ref val) => (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?,
            &LOCK4res::NFS4ERR_DENIED(ref val) => {
                (nfsstat4::NFS4ERR_DENIED as i32).pack(out)? + val.pack(out)?
            }
            &LOCK4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for LOCK4resok {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.lock_stateid.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for LOCKT4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.locktype.pack(out)?
            + self.offset.pack(out)?
            + self.length.pack(out)?
            + self.owner.pack(out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for LOCKT4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &LOCKT4res::NFS4ERR_DENIED(ref val) => {
                (nfsstat4::NFS4ERR_DENIED as i32).pack(out)? + val.pack(out)?
            }
            &LOCKT4res::NFS4_OK => (nfsstat4::NFS4_OK as i32).pack(out)?,
            &LOCKT4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for LOCKU4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.locktype.pack(out)?
            + self.seqid.pack(out)?
            + self.lock_stateid.pack(out)?
            + self.offset.pack(out)?
            + self.length.pack(out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for LOCKU4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &LOCKU4res::NFS4_OK(ref val) => (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?,
            &LOCKU4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for LOOKUP4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.objname.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for LOOKUP4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.status.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for LOOKUPP4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.status.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for NVERIFY4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.obj_attributes.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for NVERIFY4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.status.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for OFFLOAD_CANCEL4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.oca_stateid.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for OFFLOAD_CANCEL4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.ocr_status.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for OFFLOAD_STATUS4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.osa_stateid.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for OFFLOAD_STATUS4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &OFFLOAD_STATUS4res::NFS4_OK(ref val) => (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?,
            &OFFLOAD_STATUS4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for OFFLOAD_STATUS4resok {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.osr_count.pack(out)?
            + xdr_codec::pack_flex(&self.osr_complete, Some(1i64 as usize), out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for OPEN4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.seqid.pack(out)?
            + self.share_access.pack(out)?
            + self.share_deny.pack(out)?
            + self.owner.pack(out)?
            + self.openhow.pack(out)?
            + self.claim.pack(out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for OPEN4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &OPEN4res::NFS4_OK(ref val) => (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?,
            &OPEN4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for OPEN4resok {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.stateid.pack(out)?
            + self.cinfo.pack(out)?
            + self.rflags.pack(out)?
            + self.attrset.pack(out)?
            + self.delegation.pack(out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for OPENATTR4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.createdir.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for OPENATTR4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.status.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for OPEN_CONFIRM4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.open_stateid.pack(out)? + self.seqid.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for OPEN_CONFIRM4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &OPEN_CONFIRM4res::NFS4_OK(ref val) => (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?,
            &OPEN_CONFIRM4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for OPEN_CONFIRM4resok {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.open_stateid.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for OPEN_DOWNGRADE4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.open_stateid.pack(out)?
            + self.seqid.pack(out)?
            + self.share_access.pack(out)?
            + self.share_deny.pack(out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for OPEN_DOWNGRADE4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &OPEN_DOWNGRADE4res::NFS4_OK(ref val) => (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?,
            &OPEN_DOWNGRADE4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for OPEN_DOWNGRADE4resok {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.open_stateid.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for PUTFH4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.object.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for PUTFH4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.status.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for PUTPUBFH4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.status.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for PUTROOTFH4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.status.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for READ4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.stateid.pack(out)? + self.offset.pack(out)? + self.count.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for READ4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &READ4res::NFS4_OK(ref val) => (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?,
            &READ4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for READ4resok {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.eof.pack(out)? + xdr_codec::pack_opaque_flex(&self.data, Some(LIMIT_DATA as usize), out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for READDIR4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.cookie.pack(out)?
            + self.cookieverf.pack(out)?
            + self.dircount.pack(out)?
            + self.maxcount.pack(out)?
            + self.attr_request.pack(out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for READDIR4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &READDIR4res::NFS4_OK(ref val) => (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?,
            &READDIR4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for READDIR4resok {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.cookieverf.pack(out)? + self.reply.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for READLINK4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &READLINK4res::NFS4_OK(ref val) => (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?,
            &READLINK4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for READLINK4resok {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.link.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for READ_PLUS4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.rpa_stateid.pack(out)? + self.rpa_offset.pack(out)? + self.rpa_count.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for READ_PLUS4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &READ_PLUS4res::NFS4_OK(ref val) => (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?,
            &READ_PLUS4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for RECLAIM_COMPLETE4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.rca_one_fs.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for RECLAIM_COMPLETE4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.rcr_status.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for RELEASE_LOCKOWNER4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.lock_owner.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for RELEASE_LOCKOWNER4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.status.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for REMOVE4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.target.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for REMOVE4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &REMOVE4res::NFS4_OK(ref val) => (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?,
            &REMOVE4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for REMOVE4resok {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.cinfo.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for REMOVEXATTR4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.rxa_name.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for REMOVEXATTR4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &REMOVEXATTR4res::NFS4_OK(ref val) => (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?,
            &REMOVEXATTR4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for RENAME4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.oldname.pack(out)? + self.newname.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for RENAME4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &RENAME4res::NFS4_OK(ref val) => (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?,
            &RENAME4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for RENAME4resok {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.source_cinfo.pack(out)? + self.target_cinfo.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for RENEW4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.clientid.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for RENEW4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.status.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for RESTOREFH4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.status.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for SAVEFH4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.status.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for SECINFO4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.name.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for SECINFO4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &SECINFO4res::NFS4_OK(ref val) => (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?,
            &SECINFO4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for SECINFO4resok {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(xdr_codec::pack_flex(&self.0, Some(LIMIT_FLAVORS as usize), out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for SECINFO_NO_NAME4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.style.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for SEEK4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.sa_stateid.pack(out)? + self.sa_offset.pack(out)? + self.sa_what.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for SEEK4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &SEEK4res::NFS4_OK(ref val) => (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?,
            &SEEK4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for SEQUENCE4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.sa_sessionid.pack(out)?
            + self.sa_sequenceid.pack(out)?
            + self.sa_slotid.pack(out)?
            + self.sa_highest_slotid.pack(out)?
            + self.sa_cachethis.pack(out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for SEQUENCE4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &SEQUENCE4res::NFS4_OK(ref val) => (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?,
            &SEQUENCE4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for SEQUENCE4resok {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.sr_sessionid.pack(out)?
            + self.sr_sequenceid.pack(out)?
            + self.sr_slotid.pack(out)?
            + self.sr_highest_slotid.pack(out)?
            + self.sr_target_highest_slotid.pack(out)?
            + self.sr_status_flags.pack(out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for SETATTR4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.stateid.pack(out)? + self.obj_attributes.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for SETATTR4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.status.pack(out)? + self.attrsset.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for SETCLIENTID4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.client.pack(out)? + self.callback.pack(out)? + self.callback_ident.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for SETCLIENTID4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &SETCLIENTID4res::NFS4_OK(ref val) => (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?,
            &SETCLIENTID4res::NFS4ERR_CLID_INUSE(ref val) => {
                (nfsstat4::NFS4ERR_CLID_INUSE as i32).pack(out)? + val.pack(out)?
            }
            &SETCLIENTID4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for SETCLIENTID4resok {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.clientid.pack(out)? + self.setclientid_confirm.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for SETCLIENTID_CONFIRM4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.clientid.pack(out)? + self.setclientid_confirm.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for SETCLIENTID_CONFIRM4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.status.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for SETXATTR4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.sxa_option.pack(out)? + self.sxa_key.pack(out)? + self.sxa_value.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for SETXATTR4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &SETXATTR4res::NFS4_OK(ref val) => (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?,
            &SETXATTR4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for SET_SSV4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(xdr_codec::pack_opaque_flex(&self.ssa_ssv, Some(NFS4_OPAQUE_LIMIT as usize), out)?
            + xdr_codec::pack_opaque_flex(&self.ssa_digest, Some(NFS4_OPAQUE_LIMIT as usize), out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for SET_SSV4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &SET_SSV4res::NFS4_OK(ref val) => (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?,
            &SET_SSV4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for SET_SSV4resok {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(xdr_codec::pack_opaque_flex(&self.ssr_digest, Some(NFS4_OPAQUE_LIMIT as usize), out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for TEST_STATEID4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(xdr_codec::pack_flex(&self.ts_stateids, Some(LIMIT_TEST_STATEIDS as usize), out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for TEST_STATEID4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &TEST_STATEID4res::NFS4_OK(ref val) => (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?,
            &TEST_STATEID4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for TEST_STATEID4resok {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(xdr_codec::pack_flex(&self.tsr_status_codes, Some(LIMIT_TEST_STATEIDS as usize), out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for VERIFY4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.obj_attributes.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for VERIFY4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.status.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for WRITE4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.stateid.pack(out)?
            + self.offset.pack(out)?
            + self.stable.pack(out)?
            + xdr_codec::pack_opaque_flex(&self.data, Some(LIMIT_DATA as usize), out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for WRITE4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &WRITE4res::NFS4_OK(ref val) => (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?,
            &WRITE4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for WRITE4resok {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.count.pack(out)? + self.committed.pack(out)? + self.writeverf.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for WRITE_SAME4args {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.wsa_stateid.pack(out)? + self.wsa_stable.pack(out)? + self.wsa_adb.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for WRITE_SAME4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &WRITE_SAME4res::NFS4_OK(ref val) => (nfsstat4::NFS4_OK as i32).pack(out)? + val.pack(out)?,
            &WRITE_SAME4res::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for app_data_block4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.adb_offset.pack(out)?
            + self.adb_block_size.pack(out)?
            + self.adb_block_count.pack(out)?
            + self.adb_reloff_blocknum.pack(out)?
            + self.adb_block_num.pack(out)?
            + self.adb_reloff_pattern.pack(out)?
            + xdr_codec::pack_opaque_flex(&self.adb_pattern, Some(LIMIT_DATA as usize), out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for ascii_REQUIRED4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(xdr_codec::pack_opaque_flex(&self.0, Some(LIMIT_UTF8 as usize), out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for attrlist4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(xdr_codec::pack_opaque_flex(&self.0, Some(LIMIT_ATTRLIST as usize), out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for bitmap4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(xdr_codec::pack_flex(&self.0, Some(LIMIT_BITMAP_WORDS as usize), out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for callback_sec_parms4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &callback_sec_parms4::Const0 => (0i64 as i32).pack(out)?,
            &callback_sec_parms4::Const1(ref val) => (1i64 as i32).pack(out)? + val.pack(out)?,
            &callback_sec_parms4::Const6(ref val) => (6i64 as i32).pack(out)? + val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for cb_authsys_parms4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.stamp.pack(out)?
            + xdr_codec::pack_opaque_flex(&self.machinename, Some(LIMIT_MACHINENAME as usize), out)?
            + self.uid.pack(out)?
            + self.gid.pack(out)?
            + xdr_codec::pack_flex(&self.gids, Some(LIMIT_GIDS as usize), out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for cb_client4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.cb_program.pack(out)? + self.cb_location.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for change_info4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.atomic.pack(out)? + self.before.pack(out)? + self.after.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for channel_attrs4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.ca_headerpadsize.pack(out)?
            + self.ca_maxrequestsize.pack(out)?
            + self.ca_maxresponsesize.pack(out)?
            + self.ca_maxresponsesize_cached.pack(out)?
            + self.ca_maxoperations.pack(out)?
            + self.ca_maxrequests.pack(out)?
            + xdr_codec::pack_flex(&self.ca_rdma_ird, Some(1i64 as usize), out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for channel_dir_from_client4 {
    #[inline]
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok((*self as i32).pack(out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for channel_dir_from_server4 {
    #[inline]
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok((*self as i32).pack(out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for client_owner4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.co_verifier.pack(out)?
            + xdr_codec::pack_opaque_flex(&self.co_ownerid, Some(NFS4_OPAQUE_LIMIT as usize), out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for clientaddr4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(xdr_codec::pack_opaque_flex(&self.r_netid, Some(LIMIT_NETADDR as usize), out)?
            + xdr_codec::pack_opaque_flex(&self.r_addr, Some(LIMIT_NETADDR as usize), out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for component4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(xdr_codec::pack_opaque_flex(&self.0, Some(LIMIT_COMPONENT as usize), out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for copy_requirements4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.cr_consecutive.pack(out)? + self.cr_synchronous.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for createhow4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &createhow4::UNCHECKED4(ref val) => {
                (createmode4::UNCHECKED4 as i32).pack(out)? + val.pack(out)?
            }
            &createhow4::GUARDED4(ref val) => (createmode4::GUARDED4 as i32).pack(out)? + val.pack(out)?,
            &createhow4::EXCLUSIVE4(ref val) => {
                (createmode4::EXCLUSIVE4 as i32).pack(out)? + val.pack(out)?
            }
            &createhow4::EXCLUSIVE4_1(ref val) => {
                (createmode4::EXCLUSIVE4_1 as i32).pack(out)? + val.pack(out)?
            }
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for createmode4 {
    #[inline]
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok((*self as i32).pack(out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for createtype4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &createtype4::NF4LNK(ref val) => (nfs_ftype4::NF4LNK as i32).pack(out)? + val.pack(out)?,
            &createtype4::NF4BLK(ref val) => (nfs_ftype4::NF4BLK as i32).pack(out)? + val.pack(out)?,
            &createtype4::NF4CHR(ref val) => (nfs_ftype4::NF4CHR as i32).pack(out)? + val.pack(out)?,
            &createtype4::NF4SOCK => (nfs_ftype4::NF4SOCK as i32).pack(out)?,
            &createtype4::NF4FIFO => (nfs_ftype4::NF4FIFO as i32).pack(out)?,
            &createtype4::NF4DIR => (nfs_ftype4::NF4DIR as i32).pack(out)?,
            &createtype4::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for creatverfattr {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.cva_verf.pack(out)? + self.cva_attrs.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for data4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.d_offset.pack(out)?
            + xdr_codec::pack_opaque_flex(&self.d_data, Some(LIMIT_DATA as usize), out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for data_content4 {
    #[inline]
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok((*self as i32).pack(out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for data_info4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.di_offset.pack(out)? + self.di_length.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for dirlist4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(crate::xdr::list::pack(&self.entries, LINKED_LIST_MAX as usize, out)? + self.eof.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for entry4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.cookie.pack(out)? + self.name.pack(out)? + self.attrs.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for exist_lock_owner4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.lock_stateid.pack(out)? + self.lock_seqid.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for fattr4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.attrmask.pack(out)? + self.attr_vals.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for fattr4_acl {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(xdr_codec::pack_flex(&self.0, Some(LIMIT_ACES as usize), out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for fs_location4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(xdr_codec::pack_flex(&self.server, Some(LIMIT_LOCATIONS as usize), out)?
            + self.rootpath.pack(out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for fs_locations4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.fs_root.pack(out)?
            + xdr_codec::pack_flex(&self.locations, Some(LIMIT_LOCATIONS as usize), out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for fsid4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.major.pack(out)? + self.minor.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for gss_cb_handles4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.gcbp_service.pack(out)?
            + self.gcbp_handle_from_server.pack(out)?
            + self.gcbp_handle_from_client.pack(out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for gsshandle4_t {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(xdr_codec::pack_opaque_flex(&self.0, Some(NFS4_OPAQUE_LIMIT as usize), out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for limit_by4 {
    #[inline]
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok((*self as i32).pack(out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for linktext4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(xdr_codec::pack_opaque_flex(&self.0, Some(LIMIT_COMPONENT as usize), out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for lock_owner4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.clientid.pack(out)?
            + xdr_codec::pack_opaque_flex(&self.owner, Some(NFS4_OPAQUE_LIMIT as usize), out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for locker4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &locker4::TRUE(ref val) => (TRUE as i32).pack(out)? + val.pack(out)?,
            &locker4::FALSE(ref val) => (FALSE as i32).pack(out)? + val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for netloc4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &netloc4::NL4_NAME(ref val) => (netloc_type4::NL4_NAME as i32).pack(out)? + val.pack(out)?,
            &netloc4::NL4_URL(ref val) => (netloc_type4::NL4_URL as i32).pack(out)? + val.pack(out)?,
            &netloc4::NL4_NETADDR(ref val) => {
                (netloc_type4::NL4_NETADDR as i32).pack(out)? + val.pack(out)?
            }
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for netloc_type4 {
    #[inline]
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok((*self as i32).pack(out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for nfs_argop4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &nfs_argop4::OP_ACCESS(ref val) => (nfs_opnum4::OP_ACCESS as i32).pack(out)? + val.pack(out)?,
            &nfs_argop4::OP_CLOSE(ref val) => (nfs_opnum4::OP_CLOSE as i32).pack(out)? + val.pack(out)?,
            &nfs_argop4::OP_COMMIT(ref val) => (nfs_opnum4::OP_COMMIT as i32).pack(out)? + val.pack(out)?,
            &nfs_argop4::OP_CREATE(ref val) => (nfs_opnum4::OP_CREATE as i32).pack(out)? + val.pack(out)?,
            &nfs_argop4::OP_DELEGPURGE(ref val) => {
                (nfs_opnum4::OP_DELEGPURGE as i32).pack(out)? + val.pack(out)?
            }
            &nfs_argop4::OP_DELEGRETURN(ref val) => {
                (nfs_opnum4::OP_DELEGRETURN as i32).pack(out)? + val.pack(out)?
            }
            &nfs_argop4::OP_GETATTR(ref val) => (nfs_opnum4::OP_GETATTR as i32).pack(out)? + val.pack(out)?,
            &nfs_argop4::OP_GETFH => (nfs_opnum4::OP_GETFH as i32).pack(out)?,
            &nfs_argop4::OP_LINK(ref val) => (nfs_opnum4::OP_LINK as i32).pack(out)? + val.pack(out)?,
            &nfs_argop4::OP_LOCK(ref val) => (nfs_opnum4::OP_LOCK as i32).pack(out)? + val.pack(out)?,
            &nfs_argop4::OP_LOCKT(ref val) => (nfs_opnum4::OP_LOCKT as i32).pack(out)? + val.pack(out)?,
            &nfs_argop4::OP_LOCKU(ref val) => (nfs_opnum4::OP_LOCKU as i32).pack(out)? + val.pack(out)?,
            &nfs_argop4::OP_LOOKUP(ref val) => (nfs_opnum4::OP_LOOKUP as i32).pack(out)? + val.pack(out)?,
            &nfs_argop4::OP_LOOKUPP => (nfs_opnum4::OP_LOOKUPP as i32).pack(out)?,
            &nfs_argop4::OP_NVERIFY(ref val) => (nfs_opnum4::OP_NVERIFY as i32).pack(out)? + val.pack(out)?,
            &nfs_argop4::OP_OPEN(ref val) => (nfs_opnum4::OP_OPEN as i32).pack(out)? + val.pack(out)?,
            &nfs_argop4::OP_OPENATTR(ref val) => {
                (nfs_opnum4::OP_OPENATTR as i32).pack(out)? + val.pack(out)?
            }
            &nfs_argop4::OP_OPEN_CONFIRM(ref val) => {
                (nfs_opnum4::OP_OPEN_CONFIRM as i32).pack(out)? + val.pack(out)?
            }
            &nfs_argop4::OP_OPEN_DOWNGRADE(ref val) => {
                (nfs_opnum4::OP_OPEN_DOWNGRADE as i32).pack(out)? + val.pack(out)?
            }
            &nfs_argop4::OP_PUTFH(ref val) => (nfs_opnum4::OP_PUTFH as i32).pack(out)? + val.pack(out)?,
            &nfs_argop4::OP_PUTPUBFH => (nfs_opnum4::OP_PUTPUBFH as i32).pack(out)?,
            &nfs_argop4::OP_PUTROOTFH => (nfs_opnum4::OP_PUTROOTFH as i32).pack(out)?,
            &nfs_argop4::OP_READ(ref val) => (nfs_opnum4::OP_READ as i32).pack(out)? + val.pack(out)?,
            &nfs_argop4::OP_READDIR(ref val) => (nfs_opnum4::OP_READDIR as i32).pack(out)? + val.pack(out)?,
            &nfs_argop4::OP_READLINK => (nfs_opnum4::OP_READLINK as i32).pack(out)?,
            &nfs_argop4::OP_REMOVE(ref val) => (nfs_opnum4::OP_REMOVE as i32).pack(out)? + val.pack(out)?,
            &nfs_argop4::OP_RENAME(ref val) => (nfs_opnum4::OP_RENAME as i32).pack(out)? + val.pack(out)?,
            &nfs_argop4::OP_RENEW(ref val) => (nfs_opnum4::OP_RENEW as i32).pack(out)? + val.pack(out)?,
            &nfs_argop4::OP_RESTOREFH => (nfs_opnum4::OP_RESTOREFH as i32).pack(out)?,
            &nfs_argop4::OP_SAVEFH => (nfs_opnum4::OP_SAVEFH as i32).pack(out)?,
            &nfs_argop4::OP_SECINFO(ref val) => (nfs_opnum4::OP_SECINFO as i32).pack(out)? + val.pack(out)?,
            &nfs_argop4::OP_SETATTR(ref val) => (nfs_opnum4::OP_SETATTR as i32).pack(out)? + val.pack(out)?,
            &nfs_argop4::OP_SETCLIENTID(ref val) => {
                (nfs_opnum4::OP_SETCLIENTID as i32).pack(out)? + val.pack(out)?
            }
            &nfs_argop4::OP_SETCLIENTID_CONFIRM(ref val) => {
                (nfs_opnum4::OP_SETCLIENTID_CONFIRM as i32).pack(out)? + val.pack(out)?
            }
            &nfs_argop4::OP_VERIFY(ref val) => (nfs_opnum4::OP_VERIFY as i32).pack(out)? + val.pack(out)?,
            &nfs_argop4::OP_WRITE(ref val) => (nfs_opnum4::OP_WRITE as i32).pack(out)? + val.pack(out)?,
            &nfs_argop4::OP_RELEASE_LOCKOWNER(ref val) => {
                (nfs_opnum4::OP_RELEASE_LOCKOWNER as i32).pack(out)? + val.pack(out)?
            }
            &nfs_argop4::OP_BACKCHANNEL_CTL(ref val) => {
                (nfs_opnum4::OP_BACKCHANNEL_CTL as i32).pack(out)? + val.pack(out)?
            }
            &nfs_argop4::OP_BIND_CONN_TO_SESSION(ref val) => {
                (nfs_opnum4::OP_BIND_CONN_TO_SESSION as i32).pack(out)? + val.pack(out)?
            }
            &nfs_argop4::OP_EXCHANGE_ID(ref val) => {
                (nfs_opnum4::OP_EXCHANGE_ID as i32).pack(out)? + val.pack(out)?
            }
            &nfs_argop4::OP_CREATE_SESSION(ref val) => {
                (nfs_opnum4::OP_CREATE_SESSION as i32).pack(out)? + val.pack(out)?
            }
            &nfs_argop4::OP_DESTROY_SESSION(ref val) => {
                (nfs_opnum4::OP_DESTROY_SESSION as i32).pack(out)? + val.pack(out)?
            }
            &nfs_argop4::OP_FREE_STATEID(ref val) => {
                (nfs_opnum4::OP_FREE_STATEID as i32).pack(out)? + val.pack(out)?
            }
            &nfs_argop4::OP_GET_DIR_DELEGATION => (nfs_opnum4::OP_GET_DIR_DELEGATION as i32).pack(out)?,
            &nfs_argop4::OP_GETDEVICEINFO => (nfs_opnum4::OP_GETDEVICEINFO as i32).pack(out)?,
            &nfs_argop4::OP_GETDEVICELIST => (nfs_opnum4::OP_GETDEVICELIST as i32).pack(out)?,
            &nfs_argop4::OP_LAYOUTCOMMIT => (nfs_opnum4::OP_LAYOUTCOMMIT as i32).pack(out)?,
            &nfs_argop4::OP_LAYOUTGET => (nfs_opnum4::OP_LAYOUTGET as i32).pack(out)?,
            &nfs_argop4::OP_LAYOUTRETURN => (nfs_opnum4::OP_LAYOUTRETURN as i32).pack(out)?,
            &nfs_argop4::OP_SECINFO_NO_NAME(ref val) => {
                (nfs_opnum4::OP_SECINFO_NO_NAME as i32).pack(out)? + val.pack(out)?
            }
            &nfs_argop4::OP_SEQUENCE(ref val) => {
                (nfs_opnum4::OP_SEQUENCE as i32).pack(out)? + val.pack(out)?
            }
            &nfs_argop4::OP_SET_SSV(ref val) => (nfs_opnum4::OP_SET_SSV as i32).pack(out)? + val.pack(out)?,
            &nfs_argop4::OP_TEST_STATEID(ref val) => {
                (nfs_opnum4::OP_TEST_STATEID as i32).pack(out)? + val.pack(out)?
            }
            &nfs_argop4::OP_WANT_DELEGATION => (nfs_opnum4::OP_WANT_DELEGATION as i32).pack(out)?,
            &nfs_argop4::OP_DESTROY_CLIENTID(ref val) => {
                (nfs_opnum4::OP_DESTROY_CLIENTID as i32).pack(out)? + val.pack(out)?
            }
            &nfs_argop4::OP_RECLAIM_COMPLETE(ref val) => {
                (nfs_opnum4::OP_RECLAIM_COMPLETE as i32).pack(out)? + val.pack(out)?
            }
            &nfs_argop4::OP_ALLOCATE(ref val) => {
                (nfs_opnum4::OP_ALLOCATE as i32).pack(out)? + val.pack(out)?
            }
            &nfs_argop4::OP_COPY(ref val) => (nfs_opnum4::OP_COPY as i32).pack(out)? + val.pack(out)?,
            &nfs_argop4::OP_COPY_NOTIFY(ref val) => {
                (nfs_opnum4::OP_COPY_NOTIFY as i32).pack(out)? + val.pack(out)?
            }
            &nfs_argop4::OP_DEALLOCATE(ref val) => {
                (nfs_opnum4::OP_DEALLOCATE as i32).pack(out)? + val.pack(out)?
            }
            &nfs_argop4::OP_IO_ADVISE(ref val) => {
                (nfs_opnum4::OP_IO_ADVISE as i32).pack(out)? + val.pack(out)?
            }
            &nfs_argop4::OP_LAYOUTERROR => (nfs_opnum4::OP_LAYOUTERROR as i32).pack(out)?,
            &nfs_argop4::OP_LAYOUTSTATS => (nfs_opnum4::OP_LAYOUTSTATS as i32).pack(out)?,
            &nfs_argop4::OP_OFFLOAD_CANCEL(ref val) => {
                (nfs_opnum4::OP_OFFLOAD_CANCEL as i32).pack(out)? + val.pack(out)?
            }
            &nfs_argop4::OP_OFFLOAD_STATUS(ref val) => {
                (nfs_opnum4::OP_OFFLOAD_STATUS as i32).pack(out)? + val.pack(out)?
            }
            &nfs_argop4::OP_READ_PLUS(ref val) => {
                (nfs_opnum4::OP_READ_PLUS as i32).pack(out)? + val.pack(out)?
            }
            &nfs_argop4::OP_SEEK(ref val) => (nfs_opnum4::OP_SEEK as i32).pack(out)? + val.pack(out)?,
            &nfs_argop4::OP_WRITE_SAME(ref val) => {
                (nfs_opnum4::OP_WRITE_SAME as i32).pack(out)? + val.pack(out)?
            }
            &nfs_argop4::OP_CLONE(ref val) => (nfs_opnum4::OP_CLONE as i32).pack(out)? + val.pack(out)?,
            &nfs_argop4::OP_GETXATTR(ref val) => {
                (nfs_opnum4::OP_GETXATTR as i32).pack(out)? + val.pack(out)?
            }
            &nfs_argop4::OP_SETXATTR(ref val) => {
                (nfs_opnum4::OP_SETXATTR as i32).pack(out)? + val.pack(out)?
            }
            &nfs_argop4::OP_LISTXATTRS(ref val) => {
                (nfs_opnum4::OP_LISTXATTRS as i32).pack(out)? + val.pack(out)?
            }
            &nfs_argop4::OP_REMOVEXATTR(ref val) => {
                (nfs_opnum4::OP_REMOVEXATTR as i32).pack(out)? + val.pack(out)?
            }
            &nfs_argop4::OP_ILLEGAL => (nfs_opnum4::OP_ILLEGAL as i32).pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for nfs_client_id4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.verifier.pack(out)?
            + xdr_codec::pack_opaque_flex(&self.id, Some(NFS4_OPAQUE_LIMIT as usize), out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for nfs_fh4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(xdr_codec::pack_opaque_flex(&self.0, Some(NFS4_FHSIZE as usize), out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for nfs_ftype4 {
    #[inline]
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok((*self as i32).pack(out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for nfs_impl_id4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.nii_domain.pack(out)? + self.nii_name.pack(out)? + self.nii_date.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for nfs_lock_type4 {
    #[inline]
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok((*self as i32).pack(out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for nfs_modified_limit4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.num_blocks.pack(out)? + self.bytes_per_block.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for nfs_opnum4 {
    #[inline]
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok((*self as i32).pack(out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for nfs_resop4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &nfs_resop4::OP_ACCESS(ref val) => (nfs_opnum4::OP_ACCESS as i32).pack(out)? + val.pack(out)?,
            &nfs_resop4::OP_CLOSE(ref val) => (nfs_opnum4::OP_CLOSE as i32).pack(out)? + val.pack(out)?,
            &nfs_resop4::OP_COMMIT(ref val) => (nfs_opnum4::OP_COMMIT as i32).pack(out)? + val.pack(out)?,
            &nfs_resop4::OP_CREATE(ref val) => (nfs_opnum4::OP_CREATE as i32).pack(out)? + val.pack(out)?,
            &nfs_resop4::OP_DELEGPURGE(ref val) => {
                (nfs_opnum4::OP_DELEGPURGE as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_DELEGRETURN(ref val) => {
                (nfs_opnum4::OP_DELEGRETURN as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_GETATTR(ref val) => (nfs_opnum4::OP_GETATTR as i32).pack(out)? + val.pack(out)?,
            &nfs_resop4::OP_GETFH(ref val) => (nfs_opnum4::OP_GETFH as i32).pack(out)? + val.pack(out)?,
            &nfs_resop4::OP_LINK(ref val) => (nfs_opnum4::OP_LINK as i32).pack(out)? + val.pack(out)?,
            &nfs_resop4::OP_LOCK(ref val) => (nfs_opnum4::OP_LOCK as i32).pack(out)? + val.pack(out)?,
            &nfs_resop4::OP_LOCKT(ref val) => (nfs_opnum4::OP_LOCKT as i32).pack(out)? + val.pack(out)?,
            &nfs_resop4::OP_LOCKU(ref val) => (nfs_opnum4::OP_LOCKU as i32).pack(out)? + val.pack(out)?,
            &nfs_resop4::OP_LOOKUP(ref val) => (nfs_opnum4::OP_LOOKUP as i32).pack(out)? + val.pack(out)?,
            &nfs_resop4::OP_LOOKUPP(ref val) => (nfs_opnum4::OP_LOOKUPP as i32).pack(out)? + val.pack(out)?,
            &nfs_resop4::OP_NVERIFY(ref val) => (nfs_opnum4::OP_NVERIFY as i32).pack(out)? + val.pack(out)?,
            &nfs_resop4::OP_OPEN(ref val) => (nfs_opnum4::OP_OPEN as i32).pack(out)? + val.pack(out)?,
            &nfs_resop4::OP_OPENATTR(ref val) => {
                (nfs_opnum4::OP_OPENATTR as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_OPEN_CONFIRM(ref val) => {
                (nfs_opnum4::OP_OPEN_CONFIRM as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_OPEN_DOWNGRADE(ref val) => {
                (nfs_opnum4::OP_OPEN_DOWNGRADE as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_PUTFH(ref val) => (nfs_opnum4::OP_PUTFH as i32).pack(out)? + val.pack(out)?,
            &nfs_resop4::OP_PUTPUBFH(ref val) => {
                (nfs_opnum4::OP_PUTPUBFH as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_PUTROOTFH(ref val) => {
                (nfs_opnum4::OP_PUTROOTFH as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_READ(ref val) => (nfs_opnum4::OP_READ as i32).pack(out)? + val.pack(out)?,
            &nfs_resop4::OP_READDIR(ref val) => (nfs_opnum4::OP_READDIR as i32).pack(out)? + val.pack(out)?,
            &nfs_resop4::OP_READLINK(ref val) => {
                (nfs_opnum4::OP_READLINK as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_REMOVE(ref val) => (nfs_opnum4::OP_REMOVE as i32).pack(out)? + val.pack(out)?,
            &nfs_resop4::OP_RENAME(ref val) => (nfs_opnum4::OP_RENAME as i32).pack(out)? + val.pack(out)?,
            &nfs_resop4::OP_RENEW(ref val) => (nfs_opnum4::OP_RENEW as i32).pack(out)? + val.pack(out)?,
            &nfs_resop4::OP_RESTOREFH(ref val) => {
                (nfs_opnum4::OP_RESTOREFH as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_SAVEFH(ref val) => (nfs_opnum4::OP_SAVEFH as i32).pack(out)? + val.pack(out)?,
            &nfs_resop4::OP_SECINFO(ref val) => (nfs_opnum4::OP_SECINFO as i32).pack(out)? + val.pack(out)?,
            &nfs_resop4::OP_SETATTR(ref val) => (nfs_opnum4::OP_SETATTR as i32).pack(out)? + val.pack(out)?,
            &nfs_resop4::OP_SETCLIENTID(ref val) => {
                (nfs_opnum4::OP_SETCLIENTID as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_SETCLIENTID_CONFIRM(ref val) => {
                (nfs_opnum4::OP_SETCLIENTID_CONFIRM as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_VERIFY(ref val) => (nfs_opnum4::OP_VERIFY as i32).pack(out)? + val.pack(out)?,
            &nfs_resop4::OP_WRITE(ref val) => (nfs_opnum4::OP_WRITE as i32).pack(out)? + val.pack(out)?,
            &nfs_resop4::OP_RELEASE_LOCKOWNER(ref val) => {
                (nfs_opnum4::OP_RELEASE_LOCKOWNER as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_BACKCHANNEL_CTL(ref val) => {
                (nfs_opnum4::OP_BACKCHANNEL_CTL as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_BIND_CONN_TO_SESSION(ref val) => {
                (nfs_opnum4::OP_BIND_CONN_TO_SESSION as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_EXCHANGE_ID(ref val) => {
                (nfs_opnum4::OP_EXCHANGE_ID as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_CREATE_SESSION(ref val) => {
                (nfs_opnum4::OP_CREATE_SESSION as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_DESTROY_SESSION(ref val) => {
                (nfs_opnum4::OP_DESTROY_SESSION as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_FREE_STATEID(ref val) => {
                (nfs_opnum4::OP_FREE_STATEID as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_GET_DIR_DELEGATION(ref val) => {
                (nfs_opnum4::OP_GET_DIR_DELEGATION as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_GETDEVICEINFO(ref val) => {
                (nfs_opnum4::OP_GETDEVICEINFO as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_GETDEVICELIST(ref val) => {
                (nfs_opnum4::OP_GETDEVICELIST as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_LAYOUTCOMMIT(ref val) => {
                (nfs_opnum4::OP_LAYOUTCOMMIT as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_LAYOUTGET(ref val) => {
                (nfs_opnum4::OP_LAYOUTGET as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_LAYOUTRETURN(ref val) => {
                (nfs_opnum4::OP_LAYOUTRETURN as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_SECINFO_NO_NAME(ref val) => {
                (nfs_opnum4::OP_SECINFO_NO_NAME as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_SEQUENCE(ref val) => {
                (nfs_opnum4::OP_SEQUENCE as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_SET_SSV(ref val) => (nfs_opnum4::OP_SET_SSV as i32).pack(out)? + val.pack(out)?,
            &nfs_resop4::OP_TEST_STATEID(ref val) => {
                (nfs_opnum4::OP_TEST_STATEID as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_WANT_DELEGATION(ref val) => {
                (nfs_opnum4::OP_WANT_DELEGATION as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_DESTROY_CLIENTID(ref val) => {
                (nfs_opnum4::OP_DESTROY_CLIENTID as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_RECLAIM_COMPLETE(ref val) => {
                (nfs_opnum4::OP_RECLAIM_COMPLETE as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_ALLOCATE(ref val) => {
                (nfs_opnum4::OP_ALLOCATE as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_COPY(ref val) => (nfs_opnum4::OP_COPY as i32).pack(out)? + val.pack(out)?,
            &nfs_resop4::OP_COPY_NOTIFY(ref val) => {
                (nfs_opnum4::OP_COPY_NOTIFY as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_DEALLOCATE(ref val) => {
                (nfs_opnum4::OP_DEALLOCATE as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_IO_ADVISE(ref val) => {
                (nfs_opnum4::OP_IO_ADVISE as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_LAYOUTERROR(ref val) => {
                (nfs_opnum4::OP_LAYOUTERROR as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_LAYOUTSTATS(ref val) => {
                (nfs_opnum4::OP_LAYOUTSTATS as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_OFFLOAD_CANCEL(ref val) => {
                (nfs_opnum4::OP_OFFLOAD_CANCEL as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_OFFLOAD_STATUS(ref val) => {
                (nfs_opnum4::OP_OFFLOAD_STATUS as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_READ_PLUS(ref val) => {
                (nfs_opnum4::OP_READ_PLUS as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_SEEK(ref val) => (nfs_opnum4::OP_SEEK as i32).pack(out)? + val.pack(out)?,
            &nfs_resop4::OP_WRITE_SAME(ref val) => {
                (nfs_opnum4::OP_WRITE_SAME as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_CLONE(ref val) => (nfs_opnum4::OP_CLONE as i32).pack(out)? + val.pack(out)?,
            &nfs_resop4::OP_GETXATTR(ref val) => {
                (nfs_opnum4::OP_GETXATTR as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_SETXATTR(ref val) => {
                (nfs_opnum4::OP_SETXATTR as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_LISTXATTRS(ref val) => {
                (nfs_opnum4::OP_LISTXATTRS as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_REMOVEXATTR(ref val) => {
                (nfs_opnum4::OP_REMOVEXATTR as i32).pack(out)? + val.pack(out)?
            }
            &nfs_resop4::OP_ILLEGAL(ref val) => (nfs_opnum4::OP_ILLEGAL as i32).pack(out)? + val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for nfs_space_limit4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &nfs_space_limit4::NFS_LIMIT_SIZE(ref val) => {
                (limit_by4::NFS_LIMIT_SIZE as i32).pack(out)? + val.pack(out)?
            }
            &nfs_space_limit4::NFS_LIMIT_BLOCKS(ref val) => {
                (limit_by4::NFS_LIMIT_BLOCKS as i32).pack(out)? + val.pack(out)?
            }
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for nfsace4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.type_.pack(out)?
            + self.flag.pack(out)?
            + self.access_mask.pack(out)?
            + self.who.pack(out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for nfsstat4 {
    #[inline]
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok((*self as i32).pack(out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for nfstime4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.seconds.pack(out)? + self.nseconds.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for open_claim4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &open_claim4::CLAIM_NULL(ref val) => {
                (open_claim_type4::CLAIM_NULL as i32).pack(out)? + val.pack(out)?
            }
            &open_claim4::CLAIM_PREVIOUS(ref val) => {
                (open_claim_type4::CLAIM_PREVIOUS as i32).pack(out)? + val.pack(out)?
            }
            &open_claim4::CLAIM_DELEGATE_CUR(ref val) => {
                (open_claim_type4::CLAIM_DELEGATE_CUR as i32).pack(out)? + val.pack(out)?
            }
            &open_claim4::CLAIM_DELEGATE_PREV(ref val) => {
                (open_claim_type4::CLAIM_DELEGATE_PREV as i32).pack(out)? + val.pack(out)?
            }
            &open_claim4::CLAIM_FH => (open_claim_type4::CLAIM_FH as i32).pack(out)?,
            &open_claim4::CLAIM_DELEG_CUR_FH(ref val) => {
                (open_claim_type4::CLAIM_DELEG_CUR_FH as i32).pack(out)? + val.pack(out)?
            }
            &open_claim4::CLAIM_DELEG_PREV_FH => (open_claim_type4::CLAIM_DELEG_PREV_FH as i32).pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for open_claim_delegate_cur4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.delegate_stateid.pack(out)? + self.file.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for open_claim_type4 {
    #[inline]
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok((*self as i32).pack(out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for open_delegation4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &open_delegation4::OPEN_DELEGATE_NONE => {
                (open_delegation_type4::OPEN_DELEGATE_NONE as i32).pack(out)?
            }
            &open_delegation4::OPEN_DELEGATE_READ(ref val) => {
                (open_delegation_type4::OPEN_DELEGATE_READ as i32).pack(out)? + val.pack(out)?
            }
            &open_delegation4::OPEN_DELEGATE_WRITE(ref val) => {
                (open_delegation_type4::OPEN_DELEGATE_WRITE as i32).pack(out)? + val.pack(out)?
            }
            &open_delegation4::OPEN_DELEGATE_NONE_EXT(ref val) => {
                (open_delegation_type4::OPEN_DELEGATE_NONE_EXT as i32).pack(out)? + val.pack(out)?
            }
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for open_delegation_type4 {
    #[inline]
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok((*self as i32).pack(out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for open_none_delegation4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &open_none_delegation4::WND4_CONTENTION(ref val) => {
                (why_no_delegation4::WND4_CONTENTION as i32).pack(out)? + val.pack(out)?
            }
            &open_none_delegation4::WND4_RESOURCE(ref val) => {
                (why_no_delegation4::WND4_RESOURCE as i32).pack(out)? + val.pack(out)?
            }
            &open_none_delegation4::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for open_owner4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.clientid.pack(out)?
            + xdr_codec::pack_opaque_flex(&self.owner, Some(NFS4_OPAQUE_LIMIT as usize), out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for open_read_delegation4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.stateid.pack(out)? + self.recall.pack(out)? + self.permissions.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for open_to_lock_owner4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.open_seqid.pack(out)?
            + self.open_stateid.pack(out)?
            + self.lock_seqid.pack(out)?
            + self.lock_owner.pack(out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for open_write_delegation4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.stateid.pack(out)?
            + self.recall.pack(out)?
            + self.space_limit.pack(out)?
            + self.permissions.pack(out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for openflag4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &openflag4::OPEN4_CREATE(ref val) => {
                (opentype4::OPEN4_CREATE as i32).pack(out)? + val.pack(out)?
            }
            &openflag4::OPEN4_NOCREATE => (opentype4::OPEN4_NOCREATE as i32).pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for opentype4 {
    #[inline]
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok((*self as i32).pack(out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for pathname4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(xdr_codec::pack_flex(&self.0, Some(LIMIT_PATH_COMPONENTS as usize), out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for read_plus_content {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &read_plus_content::NFS4_CONTENT_DATA(ref val) => {
                (data_content4::NFS4_CONTENT_DATA as i32).pack(out)? + val.pack(out)?
            }
            &read_plus_content::NFS4_CONTENT_HOLE(ref val) => {
                (data_content4::NFS4_CONTENT_HOLE as i32).pack(out)? + val.pack(out)?
            }
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for read_plus_res4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.rpr_eof.pack(out)?
            + xdr_codec::pack_flex(&self.rpr_contents, Some(LIMIT_SEGMENTS as usize), out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for refused4res {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.status.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for rpc_gss_svc_t {
    #[inline]
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok((*self as i32).pack(out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for rpcsec_gss_info {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.oid.pack(out)? + self.qop.pack(out)? + self.service.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for sec_oid4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(xdr_codec::pack_opaque_flex(&self.0, Some(NFS4_OPAQUE_LIMIT as usize), out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for secinfo4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &secinfo4::Const6(ref val) => (6i64 as i32).pack(out)? + val.pack(out)?,
            &secinfo4::default(ref val) => val.pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for secinfo_style4 {
    #[inline]
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok((*self as i32).pack(out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for seek_res4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.sr_eof.pack(out)? + self.sr_offset.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for server_owner4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.so_minor_id.pack(out)?
            + xdr_codec::pack_opaque_flex(&self.so_major_id, Some(NFS4_OPAQUE_LIMIT as usize), out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for sessionid4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(xdr_codec::pack_opaque_array(&self.0[..], self.0.len(), out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for settime4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &settime4::SET_TO_CLIENT_TIME4(ref val) => {
                (time_how4::SET_TO_CLIENT_TIME4 as i32).pack(out)? + val.pack(out)?
            }
            &settime4::SET_TO_SERVER_TIME4 => (time_how4::SET_TO_SERVER_TIME4 as i32).pack(out)?,
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for setxattr_option4 {
    #[inline]
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok((*self as i32).pack(out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for specdata4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.specdata1.pack(out)? + self.specdata2.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for ssv_prot_info4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.spi_ops.pack(out)?
            + self.spi_hash_alg.pack(out)?
            + self.spi_encr_alg.pack(out)?
            + self.spi_ssv_len.pack(out)?
            + self.spi_window.pack(out)?
            + xdr_codec::pack_flex(&self.spi_handles, Some(LIMIT_GSS_HANDLES as usize), out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for ssv_sp_parms4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.ssp_ops.pack(out)?
            + xdr_codec::pack_flex(&self.ssp_hash_algs, Some(LIMIT_SSV_ALGS as usize), out)?
            + xdr_codec::pack_flex(&self.ssp_encr_algs, Some(LIMIT_SSV_ALGS as usize), out)?
            + self.ssp_window.pack(out)?
            + self.ssp_num_gss_handles.pack(out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for stable_how4 {
    #[inline]
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok((*self as i32).pack(out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for state_protect4_a {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &state_protect4_a::SP4_NONE => (state_protect_how4::SP4_NONE as i32).pack(out)?,
            &state_protect4_a::SP4_MACH_CRED(ref val) => {
                (state_protect_how4::SP4_MACH_CRED as i32).pack(out)? + val.pack(out)?
            }
            &state_protect4_a::SP4_SSV(ref val) => {
                (state_protect_how4::SP4_SSV as i32).pack(out)? + val.pack(out)?
            }
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for state_protect4_r {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(match self {
            &state_protect4_r::SP4_NONE => (state_protect_how4::SP4_NONE as i32).pack(out)?,
            &state_protect4_r::SP4_MACH_CRED(ref val) => {
                (state_protect_how4::SP4_MACH_CRED as i32).pack(out)? + val.pack(out)?
            }
            &state_protect4_r::SP4_SSV(ref val) => {
                (state_protect_how4::SP4_SSV as i32).pack(out)? + val.pack(out)?
            }
        })
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for state_protect_how4 {
    #[inline]
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok((*self as i32).pack(out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for state_protect_ops4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.spo_must_enforce.pack(out)? + self.spo_must_allow.pack(out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for stateid4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(self.seqid.pack(out)? + xdr_codec::pack_opaque_array(&self.other[..], self.other.len(), out)? + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for tag4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(xdr_codec::pack_opaque_flex(&self.0, Some(LIMIT_TAG as usize), out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for time_how4 {
    #[inline]
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok((*self as i32).pack(out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for utf8string {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(xdr_codec::pack_opaque_flex(&self.0, Some(LIMIT_UTF8 as usize), out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for verifier4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(xdr_codec::pack_opaque_array(&self.0[..], self.0.len(), out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for why_no_delegation4 {
    #[inline]
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok((*self as i32).pack(out)?)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for write_response4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(xdr_codec::pack_flex(&self.wr_callback_id, Some(1i64 as usize), out)?
            + self.wr_count.pack(out)?
            + self.wr_committed.pack(out)?
            + self.wr_writeverf.pack(out)?
            + 0)
    }
}

impl<Out: xdr_codec::Write> xdr_codec::Pack<Out> for xattrvalue4 {
    fn pack(&self, out: &mut Out) -> xdr_codec::Result<usize> {
        Ok(xdr_codec::pack_opaque_flex(&self.0, Some(LIMIT_XATTR_VALUE as usize), out)?)
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for ACCESS4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(ACCESS4args, usize)> {
        let mut sz = 0;
        Ok((
            ACCESS4args {
                access: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for ACCESS4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(ACCESS4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => ACCESS4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => ACCESS4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for ACCESS4resok {
    fn unpack(input: &mut In) -> xdr_codec::Result<(ACCESS4resok, usize)> {
        let mut sz = 0;
        Ok((
            ACCESS4resok {
                supported: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                access: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for ALLOCATE4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(ALLOCATE4args, usize)> {
        let mut sz = 0;
        Ok((
            ALLOCATE4args {
                aa_stateid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                aa_offset: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                aa_length: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for ALLOCATE4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(ALLOCATE4res, usize)> {
        let mut sz = 0;
        Ok((
            ALLOCATE4res {
                ar_status: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for BACKCHANNEL_CTL4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(BACKCHANNEL_CTL4args, usize)> {
        let mut sz = 0;
        Ok((
            BACKCHANNEL_CTL4args {
                bca_cb_program: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                bca_sec_parms: {
                    let (v, fsz) = xdr_codec::unpack_flex(input, Some(LIMIT_CB_SEC_PARMS as usize))?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for BACKCHANNEL_CTL4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(BACKCHANNEL_CTL4res, usize)> {
        let mut sz = 0;
        Ok((
            BACKCHANNEL_CTL4res {
                bcr_status: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for BIND_CONN_TO_SESSION4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(BIND_CONN_TO_SESSION4args, usize)> {
        let mut sz = 0;
        Ok((
            BIND_CONN_TO_SESSION4args {
                bctsa_sessid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                bctsa_dir: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                bctsa_use_conn_in_rdma_mode: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for BIND_CONN_TO_SESSION4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(BIND_CONN_TO_SESSION4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => BIND_CONN_TO_SESSION4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => {
                    BIND_CONN_TO_SESSION4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0)
                }
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for BIND_CONN_TO_SESSION4resok {
    fn unpack(input: &mut In) -> xdr_codec::Result<(BIND_CONN_TO_SESSION4resok, usize)> {
        let mut sz = 0;
        Ok((
            BIND_CONN_TO_SESSION4resok {
                bctsr_sessid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                bctsr_dir: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                bctsr_use_conn_in_rdma_mode: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for CLONE4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(CLONE4args, usize)> {
        let mut sz = 0;
        Ok((
            CLONE4args {
                cl_src_stateid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                cl_dst_stateid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                cl_src_offset: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                cl_dst_offset: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                cl_count: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for CLONE4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(CLONE4res, usize)> {
        let mut sz = 0;
        Ok((
            CLONE4res {
                cl_status: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for CLOSE4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(CLOSE4args, usize)> {
        let mut sz = 0;
        Ok((
            CLOSE4args {
                seqid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                open_stateid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for CLOSE4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(CLOSE4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => CLOSE4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => CLOSE4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for COMMIT4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(COMMIT4args, usize)> {
        let mut sz = 0;
        Ok((
            COMMIT4args {
                offset: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                count: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for COMMIT4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(COMMIT4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => COMMIT4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => COMMIT4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for COMMIT4resok {
    fn unpack(input: &mut In) -> xdr_codec::Result<(COMMIT4resok, usize)> {
        let mut sz = 0;
        Ok((
            COMMIT4resok {
                writeverf: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for COMPOUND4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(COMPOUND4args, usize)> {
        let mut sz = 0;
        Ok((
            COMPOUND4args {
                tag: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                minorversion: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                argarray: {
                    let (v, fsz) = xdr_codec::unpack_flex(input, Some(LIMIT_OPS as usize))?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for COMPOUND4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(COMPOUND4res, usize)> {
        let mut sz = 0;
        Ok((
            COMPOUND4res {
                status: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                tag: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                resarray: {
                    let (v, fsz) = xdr_codec::unpack_flex(input, Some(LIMIT_OPS as usize))?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for COPY4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(COPY4args, usize)> {
        let mut sz = 0;
        Ok((
            COPY4args {
                ca_src_stateid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                ca_dst_stateid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                ca_src_offset: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                ca_dst_offset: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                ca_count: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                ca_consecutive: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                ca_synchronous: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                ca_source_server: {
                    let (v, fsz) = xdr_codec::unpack_flex(input, Some(LIMIT_NETLOCS as usize))?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for COPY4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(COPY4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => COPY4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (10094i32 as i32) => COPY4res::NFS4ERR_OFFLOAD_NO_REQS({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => COPY4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for COPY4resok {
    fn unpack(input: &mut In) -> xdr_codec::Result<(COPY4resok, usize)> {
        let mut sz = 0;
        Ok((
            COPY4resok {
                cr_response: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                cr_requirements: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for COPY_NOTIFY4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(COPY_NOTIFY4args, usize)> {
        let mut sz = 0;
        Ok((
            COPY_NOTIFY4args {
                cna_src_stateid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                cna_destination_server: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for COPY_NOTIFY4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(COPY_NOTIFY4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => COPY_NOTIFY4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => COPY_NOTIFY4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for COPY_NOTIFY4resok {
    fn unpack(input: &mut In) -> xdr_codec::Result<(COPY_NOTIFY4resok, usize)> {
        let mut sz = 0;
        Ok((
            COPY_NOTIFY4resok {
                cnr_lease_time: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                cnr_stateid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                cnr_source_server: {
                    let (v, fsz) = xdr_codec::unpack_flex(input, Some(LIMIT_NETLOCS as usize))?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for CREATE4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(CREATE4args, usize)> {
        let mut sz = 0;
        Ok((
            CREATE4args {
                objtype: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                objname: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                createattrs: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for CREATE4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(CREATE4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => CREATE4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => CREATE4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for CREATE4resok {
    fn unpack(input: &mut In) -> xdr_codec::Result<(CREATE4resok, usize)> {
        let mut sz = 0;
        Ok((
            CREATE4resok {
                cinfo: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                attrset: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for CREATE_SESSION4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(CREATE_SESSION4args, usize)> {
        let mut sz = 0;
        Ok((
            CREATE_SESSION4args {
                csa_clientid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                csa_sequence: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                csa_flags: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                csa_fore_chan_attrs: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                csa_back_chan_attrs: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                csa_cb_program: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                csa_sec_parms: {
                    let (v, fsz) = xdr_codec::unpack_flex(input, Some(LIMIT_CB_SEC_PARMS as usize))?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for CREATE_SESSION4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(CREATE_SESSION4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => CREATE_SESSION4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => CREATE_SESSION4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for CREATE_SESSION4resok {
    fn unpack(input: &mut In) -> xdr_codec::Result<(CREATE_SESSION4resok, usize)> {
        let mut sz = 0;
        Ok((
            CREATE_SESSION4resok {
                csr_sessionid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                csr_sequence: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                csr_flags: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                csr_fore_chan_attrs: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                csr_back_chan_attrs: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for DEALLOCATE4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(DEALLOCATE4args, usize)> {
        let mut sz = 0;
        Ok((
            DEALLOCATE4args {
                da_stateid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                da_offset: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                da_length: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for DEALLOCATE4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(DEALLOCATE4res, usize)> {
        let mut sz = 0;
        Ok((
            DEALLOCATE4res {
                dr_status: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for DELEGPURGE4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(DELEGPURGE4args, usize)> {
        let mut sz = 0;
        Ok((
            DELEGPURGE4args {
                clientid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for DELEGPURGE4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(DELEGPURGE4res, usize)> {
        let mut sz = 0;
        Ok((
            DELEGPURGE4res {
                status: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for DELEGRETURN4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(DELEGRETURN4args, usize)> {
        let mut sz = 0;
        Ok((
            DELEGRETURN4args {
                deleg_stateid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for DELEGRETURN4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(DELEGRETURN4res, usize)> {
        let mut sz = 0;
        Ok((
            DELEGRETURN4res {
                status: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for DESTROY_CLIENTID4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(DESTROY_CLIENTID4args, usize)> {
        let mut sz = 0;
        Ok((
            DESTROY_CLIENTID4args {
                dca_clientid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for DESTROY_CLIENTID4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(DESTROY_CLIENTID4res, usize)> {
        let mut sz = 0;
        Ok((
            DESTROY_CLIENTID4res {
                dcr_status: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for DESTROY_SESSION4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(DESTROY_SESSION4args, usize)> {
        let mut sz = 0;
        Ok((
            DESTROY_SESSION4args {
                dsa_sessionid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for DESTROY_SESSION4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(DESTROY_SESSION4res, usize)> {
        let mut sz = 0;
        Ok((
            DESTROY_SESSION4res {
                dsr_status: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for EXCHANGE_ID4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(EXCHANGE_ID4args, usize)> {
        let mut sz = 0;
        Ok((
            EXCHANGE_ID4args {
                eia_clientowner: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                eia_flags: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                eia_state_protect: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                eia_client_impl_id: {
                    let (v, fsz) = xdr_codec::unpack_flex(input, Some(1i64 as usize))?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for EXCHANGE_ID4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(EXCHANGE_ID4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => EXCHANGE_ID4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => EXCHANGE_ID4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for EXCHANGE_ID4resok {
    fn unpack(input: &mut In) -> xdr_codec::Result<(EXCHANGE_ID4resok, usize)> {
        let mut sz = 0;
        Ok((
            EXCHANGE_ID4resok {
                eir_clientid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                eir_sequenceid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                eir_flags: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                eir_state_protect: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                eir_server_owner: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                eir_server_scope: {
                    let (v, fsz) = xdr_codec::unpack_opaque_flex(input, Some(NFS4_OPAQUE_LIMIT as usize))?;
                    sz += fsz;
                    v
                },
                eir_server_impl_id: {
                    let (v, fsz) = xdr_codec::unpack_flex(input, Some(1i64 as usize))?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for FREE_STATEID4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(FREE_STATEID4args, usize)> {
        let mut sz = 0;
        Ok((
            FREE_STATEID4args {
                fsa_stateid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for FREE_STATEID4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(FREE_STATEID4res, usize)> {
        let mut sz = 0;
        Ok((
            FREE_STATEID4res {
                fsr_status: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for GETATTR4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(GETATTR4args, usize)> {
        let mut sz = 0;
        Ok((
            GETATTR4args {
                attr_request: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for GETATTR4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(GETATTR4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => GETATTR4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => GETATTR4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for GETATTR4resok {
    fn unpack(input: &mut In) -> xdr_codec::Result<(GETATTR4resok, usize)> {
        let mut sz = 0;
        Ok((
            GETATTR4resok {
                obj_attributes: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for GETFH4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(GETFH4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => GETFH4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => GETFH4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for GETFH4resok {
    fn unpack(input: &mut In) -> xdr_codec::Result<(GETFH4resok, usize)> {
        let mut sz = 0;
        Ok((
            GETFH4resok {
                object: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for GETXATTR4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(GETXATTR4args, usize)> {
        let mut sz = 0;
        Ok((
            GETXATTR4args {
                gxa_name: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for GETXATTR4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(GETXATTR4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => GETXATTR4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => GETXATTR4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for ILLEGAL4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(ILLEGAL4res, usize)> {
        let mut sz = 0;
        Ok((
            ILLEGAL4res {
                status: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for IO_ADVISE4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(IO_ADVISE4args, usize)> {
        let mut sz = 0;
        Ok((
            IO_ADVISE4args {
                iaa_stateid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                iaa_offset: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                iaa_count: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                iaa_hints: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for IO_ADVISE4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(IO_ADVISE4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => IO_ADVISE4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => IO_ADVISE4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for IO_ADVISE4resok {
    fn unpack(input: &mut In) -> xdr_codec::Result<(IO_ADVISE4resok, usize)> {
        let mut sz = 0;
        Ok((
            IO_ADVISE4resok {
                ior_hints: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for LINK4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(LINK4args, usize)> {
        let mut sz = 0;
        Ok((
            LINK4args {
                newname: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for LINK4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(LINK4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => LINK4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => LINK4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for LINK4resok {
    fn unpack(input: &mut In) -> xdr_codec::Result<(LINK4resok, usize)> {
        let mut sz = 0;
        Ok((
            LINK4resok {
                cinfo: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for LISTXATTRS4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(LISTXATTRS4args, usize)> {
        let mut sz = 0;
        Ok((
            LISTXATTRS4args {
                lxa_cookie: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                lxa_maxcount: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for LISTXATTRS4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(LISTXATTRS4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => LISTXATTRS4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => LISTXATTRS4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for LISTXATTRS4resok {
    fn unpack(input: &mut In) -> xdr_codec::Result<(LISTXATTRS4resok, usize)> {
        let mut sz = 0;
        Ok((
            LISTXATTRS4resok {
                lxr_cookie: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                lxr_names: {
                    let (v, fsz) = xdr_codec::unpack_flex(input, Some(LIMIT_XATTR_NAMES as usize))?;
                    sz += fsz;
                    v
                },
                lxr_eof: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for LOCK4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(LOCK4args, usize)> {
        let mut sz = 0;
        Ok((
            LOCK4args {
                locktype: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                reclaim: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                offset: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                length: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                locker: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for LOCK4denied {
    fn unpack(input: &mut In) -> xdr_codec::Result<(LOCK4denied, usize)> {
        let mut sz = 0;
        Ok((
            LOCK4denied {
                offset: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                length: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                locktype: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                owner: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for LOCK4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(LOCK4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => LOCK4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (10010i32 as i32) => LOCK4res::NFS4ERR_DENIED({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => LOCK4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for LOCK4resok {
    fn unpack(input: &mut In) -> xdr_codec::Result<(LOCK4resok, usize)> {
        let mut sz = 0;
        Ok((
            LOCK4resok {
                lock_stateid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for LOCKT4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(LOCKT4args, usize)> {
        let mut sz = 0;
        Ok((
            LOCKT4args {
                locktype: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                offset: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                length: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                owner: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for LOCKT4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(LOCKT4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (10010i32 as i32) => LOCKT4res::NFS4ERR_DENIED({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (0i32 as i32) => LOCKT4res::NFS4_OK,
                v => LOCKT4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for LOCKU4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(LOCKU4args, usize)> {
        let mut sz = 0;
        Ok((
            LOCKU4args {
                locktype: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                seqid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                lock_stateid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                offset: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                length: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for LOCKU4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(LOCKU4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => LOCKU4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => LOCKU4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for LOOKUP4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(LOOKUP4args, usize)> {
        let mut sz = 0;
        Ok((
            LOOKUP4args {
                objname: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for LOOKUP4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(LOOKUP4res, usize)> {
        let mut sz = 0;
        Ok((
            LOOKUP4res {
                status: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for LOOKUPP4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(LOOKUPP4res, usize)> {
        let mut sz = 0;
        Ok((
            LOOKUPP4res {
                status: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for NVERIFY4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(NVERIFY4args, usize)> {
        let mut sz = 0;
        Ok((
            NVERIFY4args {
                obj_attributes: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for NVERIFY4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(NVERIFY4res, usize)> {
        let mut sz = 0;
        Ok((
            NVERIFY4res {
                status: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for OFFLOAD_CANCEL4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(OFFLOAD_CANCEL4args, usize)> {
        let mut sz = 0;
        Ok((
            OFFLOAD_CANCEL4args {
                oca_stateid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for OFFLOAD_CANCEL4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(OFFLOAD_CANCEL4res, usize)> {
        let mut sz = 0;
        Ok((
            OFFLOAD_CANCEL4res {
                ocr_status: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for OFFLOAD_STATUS4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(OFFLOAD_STATUS4args, usize)> {
        let mut sz = 0;
        Ok((
            OFFLOAD_STATUS4args {
                osa_stateid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for OFFLOAD_STATUS4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(OFFLOAD_STATUS4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => OFFLOAD_STATUS4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => OFFLOAD_STATUS4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for OFFLOAD_STATUS4resok {
    fn unpack(input: &mut In) -> xdr_codec::Result<(OFFLOAD_STATUS4resok, usize)> {
        let mut sz = 0;
        Ok((
            OFFLOAD_STATUS4resok {
                osr_count: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                osr_complete: {
                    let (v, fsz) = xdr_codec::unpack_flex(input, Some(1i64 as usize))?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for OPEN4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(OPEN4args, usize)> {
        let mut sz = 0;
        Ok((
            OPEN4args {
                seqid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                share_access: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                share_deny: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                owner: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                openhow: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                claim: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for OPEN4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(OPEN4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => OPEN4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => OPEN4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for OPEN4resok {
    fn unpack(input: &mut In) -> xdr_codec::Result<(OPEN4resok, usize)> {
        let mut sz = 0;
        Ok((
            OPEN4resok {
                stateid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                cinfo: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                rflags: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                attrset: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                delegation: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for OPENATTR4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(OPENATTR4args, usize)> {
        let mut sz = 0;
        Ok((
            OPENATTR4args {
                createdir: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for OPENATTR4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(OPENATTR4res, usize)> {
        let mut sz = 0;
        Ok((
            OPENATTR4res {
                status: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for OPEN_CONFIRM4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(OPEN_CONFIRM4args, usize)> {
        let mut sz = 0;
        Ok((
            OPEN_CONFIRM4args {
                open_stateid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                seqid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for OPEN_CONFIRM4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(OPEN_CONFIRM4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => OPEN_CONFIRM4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => OPEN_CONFIRM4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for OPEN_CONFIRM4resok {
    fn unpack(input: &mut In) -> xdr_codec::Result<(OPEN_CONFIRM4resok, usize)> {
        let mut sz = 0;
        Ok((
            OPEN_CONFIRM4resok {
                open_stateid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for OPEN_DOWNGRADE4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(OPEN_DOWNGRADE4args, usize)> {
        let mut sz = 0;
        Ok((
            OPEN_DOWNGRADE4args {
                open_stateid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                seqid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                share_access: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                share_deny: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for OPEN_DOWNGRADE4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(OPEN_DOWNGRADE4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => OPEN_DOWNGRADE4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => OPEN_DOWNGRADE4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for OPEN_DOWNGRADE4resok {
    fn unpack(input: &mut In) -> xdr_codec::Result<(OPEN_DOWNGRADE4resok, usize)> {
        let mut sz = 0;
        Ok((
            OPEN_DOWNGRADE4resok {
                open_stateid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for PUTFH4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(PUTFH4args, usize)> {
        let mut sz = 0;
        Ok((
            PUTFH4args {
                object: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for PUTFH4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(PUTFH4res, usize)> {
        let mut sz = 0;
        Ok((
            PUTFH4res {
                status: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for PUTPUBFH4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(PUTPUBFH4res, usize)> {
        let mut sz = 0;
        Ok((
            PUTPUBFH4res {
                status: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for PUTROOTFH4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(PUTROOTFH4res, usize)> {
        let mut sz = 0;
        Ok((
            PUTROOTFH4res {
                status: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for READ4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(READ4args, usize)> {
        let mut sz = 0;
        Ok((
            READ4args {
                stateid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                offset: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                count: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for READ4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(READ4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => READ4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => READ4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for READ4resok {
    fn unpack(input: &mut In) -> xdr_codec::Result<(READ4resok, usize)> {
        let mut sz = 0;
        Ok((
            READ4resok {
                eof: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                data: {
                    let (v, fsz) = xdr_codec::unpack_opaque_flex(input, Some(LIMIT_DATA as usize))?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for READDIR4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(READDIR4args, usize)> {
        let mut sz = 0;
        Ok((
            READDIR4args {
                cookie: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                cookieverf: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                dircount: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                maxcount: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                attr_request: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for READDIR4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(READDIR4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => READDIR4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => READDIR4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for READDIR4resok {
    fn unpack(input: &mut In) -> xdr_codec::Result<(READDIR4resok, usize)> {
        let mut sz = 0;
        Ok((
            READDIR4resok {
                cookieverf: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                reply: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for READLINK4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(READLINK4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => READLINK4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => READLINK4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for READLINK4resok {
    fn unpack(input: &mut In) -> xdr_codec::Result<(READLINK4resok, usize)> {
        let mut sz = 0;
        Ok((
            READLINK4resok {
                link: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for READ_PLUS4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(READ_PLUS4args, usize)> {
        let mut sz = 0;
        Ok((
            READ_PLUS4args {
                rpa_stateid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                rpa_offset: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                rpa_count: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for READ_PLUS4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(READ_PLUS4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => READ_PLUS4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => READ_PLUS4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for RECLAIM_COMPLETE4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(RECLAIM_COMPLETE4args, usize)> {
        let mut sz = 0;
        Ok((
            RECLAIM_COMPLETE4args {
                rca_one_fs: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for RECLAIM_COMPLETE4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(RECLAIM_COMPLETE4res, usize)> {
        let mut sz = 0;
        Ok((
            RECLAIM_COMPLETE4res {
                rcr_status: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for RELEASE_LOCKOWNER4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(RELEASE_LOCKOWNER4args, usize)> {
        let mut sz = 0;
        Ok((
            RELEASE_LOCKOWNER4args {
                lock_owner: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for RELEASE_LOCKOWNER4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(RELEASE_LOCKOWNER4res, usize)> {
        let mut sz = 0;
        Ok((
            RELEASE_LOCKOWNER4res {
                status: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for REMOVE4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(REMOVE4args, usize)> {
        let mut sz = 0;
        Ok((
            REMOVE4args {
                target: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for REMOVE4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(REMOVE4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => REMOVE4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => REMOVE4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for REMOVE4resok {
    fn unpack(input: &mut In) -> xdr_codec::Result<(REMOVE4resok, usize)> {
        let mut sz = 0;
        Ok((
            REMOVE4resok {
                cinfo: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for REMOVEXATTR4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(REMOVEXATTR4args, usize)> {
        let mut sz = 0;
        Ok((
            REMOVEXATTR4args {
                rxa_name: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for REMOVEXATTR4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(REMOVEXATTR4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => REMOVEXATTR4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => REMOVEXATTR4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for RENAME4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(RENAME4args, usize)> {
        let mut sz = 0;
        Ok((
            RENAME4args {
                oldname: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                newname: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for RENAME4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(RENAME4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => RENAME4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => RENAME4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for RENAME4resok {
    fn unpack(input: &mut In) -> xdr_codec::Result<(RENAME4resok, usize)> {
        let mut sz = 0;
        Ok((
            RENAME4resok {
                source_cinfo: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                target_cinfo: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for RENEW4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(RENEW4args, usize)> {
        let mut sz = 0;
        Ok((
            RENEW4args {
                clientid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for RENEW4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(RENEW4res, usize)> {
        let mut sz = 0;
        Ok((
            RENEW4res {
                status: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for RESTOREFH4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(RESTOREFH4res, usize)> {
        let mut sz = 0;
        Ok((
            RESTOREFH4res {
                status: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for SAVEFH4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(SAVEFH4res, usize)> {
        let mut sz = 0;
        Ok((
            SAVEFH4res {
                status: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for SECINFO4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(SECINFO4args, usize)> {
        let mut sz = 0;
        Ok((
            SECINFO4args {
                name: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for SECINFO4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(SECINFO4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => SECINFO4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => SECINFO4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for SECINFO4resok {
    fn unpack(input: &mut In) -> xdr_codec::Result<(SECINFO4resok, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (v, usz) = xdr_codec::unpack_flex(input, Some(LIMIT_FLAVORS as usize))?;
                sz = usz;
                SECINFO4resok(v)
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for SECINFO_NO_NAME4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(SECINFO_NO_NAME4args, usize)> {
        let mut sz = 0;
        Ok((
            SECINFO_NO_NAME4args {
                style: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for SEEK4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(SEEK4args, usize)> {
        let mut sz = 0;
        Ok((
            SEEK4args {
                sa_stateid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                sa_offset: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                sa_what: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for SEEK4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(SEEK4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => SEEK4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => SEEK4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for SEQUENCE4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(SEQUENCE4args, usize)> {
        let mut sz = 0;
        Ok((
            SEQUENCE4args {
                sa_sessionid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                sa_sequenceid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                sa_slotid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                sa_highest_slotid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                sa_cachethis: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for SEQUENCE4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(SEQUENCE4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => SEQUENCE4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => SEQUENCE4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for SEQUENCE4resok {
    fn unpack(input: &mut In) -> xdr_codec::Result<(SEQUENCE4resok, usize)> {
        let mut sz = 0;
        Ok((
            SEQUENCE4resok {
                sr_sessionid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                sr_sequenceid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                sr_slotid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                sr_highest_slotid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                sr_target_highest_slotid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                sr_status_flags: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for SETATTR4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(SETATTR4args, usize)> {
        let mut sz = 0;
        Ok((
            SETATTR4args {
                stateid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                obj_attributes: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for SETATTR4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(SETATTR4res, usize)> {
        let mut sz = 0;
        Ok((
            SETATTR4res {
                status: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                attrsset: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for SETCLIENTID4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(SETCLIENTID4args, usize)> {
        let mut sz = 0;
        Ok((
            SETCLIENTID4args {
                client: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                callback: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                callback_ident: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for SETCLIENTID4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(SETCLIENTID4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => SETCLIENTID4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (10017i32 as i32) => SETCLIENTID4res::NFS4ERR_CLID_INUSE({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => SETCLIENTID4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for SETCLIENTID4resok {
    fn unpack(input: &mut In) -> xdr_codec::Result<(SETCLIENTID4resok, usize)> {
        let mut sz = 0;
        Ok((
            SETCLIENTID4resok {
                clientid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                setclientid_confirm: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for SETCLIENTID_CONFIRM4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(SETCLIENTID_CONFIRM4args, usize)> {
        let mut sz = 0;
        Ok((
            SETCLIENTID_CONFIRM4args {
                clientid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                setclientid_confirm: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for SETCLIENTID_CONFIRM4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(SETCLIENTID_CONFIRM4res, usize)> {
        let mut sz = 0;
        Ok((
            SETCLIENTID_CONFIRM4res {
                status: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for SETXATTR4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(SETXATTR4args, usize)> {
        let mut sz = 0;
        Ok((
            SETXATTR4args {
                sxa_option: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                sxa_key: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                sxa_value: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for SETXATTR4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(SETXATTR4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => SETXATTR4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => SETXATTR4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for SET_SSV4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(SET_SSV4args, usize)> {
        let mut sz = 0;
        Ok((
            SET_SSV4args {
                ssa_ssv: {
                    let (v, fsz) = xdr_codec::unpack_opaque_flex(input, Some(NFS4_OPAQUE_LIMIT as usize))?;
                    sz += fsz;
                    v
                },
                ssa_digest: {
                    let (v, fsz) = xdr_codec::unpack_opaque_flex(input, Some(NFS4_OPAQUE_LIMIT as usize))?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for SET_SSV4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(SET_SSV4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => SET_SSV4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => SET_SSV4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for SET_SSV4resok {
    fn unpack(input: &mut In) -> xdr_codec::Result<(SET_SSV4resok, usize)> {
        let mut sz = 0;
        Ok((
            SET_SSV4resok {
                ssr_digest: {
                    let (v, fsz) = xdr_codec::unpack_opaque_flex(input, Some(NFS4_OPAQUE_LIMIT as usize))?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for TEST_STATEID4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(TEST_STATEID4args, usize)> {
        let mut sz = 0;
        Ok((
            TEST_STATEID4args {
                ts_stateids: {
                    let (v, fsz) = xdr_codec::unpack_flex(input, Some(LIMIT_TEST_STATEIDS as usize))?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for TEST_STATEID4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(TEST_STATEID4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => TEST_STATEID4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => TEST_STATEID4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for TEST_STATEID4resok {
    fn unpack(input: &mut In) -> xdr_codec::Result<(TEST_STATEID4resok, usize)> {
        let mut sz = 0;
        Ok((
            TEST_STATEID4resok {
                tsr_status_codes: {
                    let (v, fsz) = xdr_codec::unpack_flex(input, Some(LIMIT_TEST_STATEIDS as usize))?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for VERIFY4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(VERIFY4args, usize)> {
        let mut sz = 0;
        Ok((
            VERIFY4args {
                obj_attributes: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for VERIFY4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(VERIFY4res, usize)> {
        let mut sz = 0;
        Ok((
            VERIFY4res {
                status: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for WRITE4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(WRITE4args, usize)> {
        let mut sz = 0;
        Ok((
            WRITE4args {
                stateid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                offset: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                stable: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                data: {
                    let (v, fsz) = xdr_codec::unpack_opaque_flex(input, Some(LIMIT_DATA as usize))?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for WRITE4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(WRITE4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => WRITE4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => WRITE4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for WRITE4resok {
    fn unpack(input: &mut In) -> xdr_codec::Result<(WRITE4resok, usize)> {
        let mut sz = 0;
        Ok((
            WRITE4resok {
                count: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                committed: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                writeverf: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for WRITE_SAME4args {
    fn unpack(input: &mut In) -> xdr_codec::Result<(WRITE_SAME4args, usize)> {
        let mut sz = 0;
        Ok((
            WRITE_SAME4args {
                wsa_stateid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                wsa_stable: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                wsa_adb: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for WRITE_SAME4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(WRITE_SAME4res, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => WRITE_SAME4res::NFS4_OK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => WRITE_SAME4res::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for app_data_block4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(app_data_block4, usize)> {
        let mut sz = 0;
        Ok((
            app_data_block4 {
                adb_offset: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                adb_block_size: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                adb_block_count: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                adb_reloff_blocknum: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                adb_block_num: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                adb_reloff_pattern: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                adb_pattern: {
                    let (v, fsz) = xdr_codec::unpack_opaque_flex(input, Some(LIMIT_DATA as usize))?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for ascii_REQUIRED4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(ascii_REQUIRED4, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (v, usz) = xdr_codec::unpack_opaque_flex(input, Some(LIMIT_UTF8 as usize))?;
                sz = usz;
                ascii_REQUIRED4(v)
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for attrlist4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(attrlist4, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (v, usz) = xdr_codec::unpack_opaque_flex(input, Some(LIMIT_ATTRLIST as usize))?;
                sz = usz;
                attrlist4(v)
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for bitmap4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(bitmap4, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (v, usz) = xdr_codec::unpack_flex(input, Some(LIMIT_BITMAP_WORDS as usize))?;
                sz = usz;
                bitmap4(v)
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for callback_sec_parms4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(callback_sec_parms4, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => callback_sec_parms4::Const0,
                x if x == (1i32 as i32) => callback_sec_parms4::Const1({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (6i32 as i32) => callback_sec_parms4::Const6({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => return Err(xdr_codec::Error::invalidcase(v as i32)),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for cb_authsys_parms4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(cb_authsys_parms4, usize)> {
        let mut sz = 0;
        Ok((
            cb_authsys_parms4 {
                stamp: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                machinename: {
                    let (v, fsz) = xdr_codec::unpack_opaque_flex(input, Some(LIMIT_MACHINENAME as usize))?;
                    sz += fsz;
                    v
                },
                uid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                gid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                gids: {
                    let (v, fsz) = xdr_codec::unpack_flex(input, Some(LIMIT_GIDS as usize))?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for cb_client4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(cb_client4, usize)> {
        let mut sz = 0;
        Ok((
            cb_client4 {
                cb_program: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                cb_location: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for change_info4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(change_info4, usize)> {
        let mut sz = 0;
        Ok((
            change_info4 {
                atomic: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                before: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                after: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for channel_attrs4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(channel_attrs4, usize)> {
        let mut sz = 0;
        Ok((
            channel_attrs4 {
                ca_headerpadsize: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                ca_maxrequestsize: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                ca_maxresponsesize: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                ca_maxresponsesize_cached: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                ca_maxoperations: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                ca_maxrequests: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                ca_rdma_ird: {
                    let (v, fsz) = xdr_codec::unpack_flex(input, Some(1i64 as usize))?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for channel_dir_from_client4 {
    #[inline]
    fn unpack(input: &mut In) -> xdr_codec::Result<(channel_dir_from_client4, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (e, esz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += esz;
                match e {
                    x if x == channel_dir_from_client4::CDFC4_FORE as i32 => {
                        channel_dir_from_client4::CDFC4_FORE
                    }
                    x if x == channel_dir_from_client4::CDFC4_BACK as i32 => {
                        channel_dir_from_client4::CDFC4_BACK
                    }
                    x if x == channel_dir_from_client4::CDFC4_FORE_OR_BOTH as i32 => {
                        channel_dir_from_client4::CDFC4_FORE_OR_BOTH
                    }
                    x if x == channel_dir_from_client4::CDFC4_BACK_OR_BOTH as i32 => {
                        channel_dir_from_client4::CDFC4_BACK_OR_BOTH
                    }
                    e => return Err(xdr_codec::Error::invalidenum(e)),
                }
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for channel_dir_from_server4 {
    #[inline]
    fn unpack(input: &mut In) -> xdr_codec::Result<(channel_dir_from_server4, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (e, esz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += esz;
                match e {
                    x if x == channel_dir_from_server4::CDFS4_FORE as i32 => {
                        channel_dir_from_server4::CDFS4_FORE
                    }
                    x if x == channel_dir_from_server4::CDFS4_BACK as i32 => {
                        channel_dir_from_server4::CDFS4_BACK
                    }
                    x if x == channel_dir_from_server4::CDFS4_BOTH as i32 => {
                        channel_dir_from_server4::CDFS4_BOTH
                    }
                    e => return Err(xdr_codec::Error::invalidenum(e)),
                }
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for client_owner4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(client_owner4, usize)> {
        let mut sz = 0;
        Ok((
            client_owner4 {
                co_verifier: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                co_ownerid: {
                    let (v, fsz) = xdr_codec::unpack_opaque_flex(input, Some(NFS4_OPAQUE_LIMIT as usize))?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for clientaddr4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(clientaddr4, usize)> {
        let mut sz = 0;
        Ok((
            clientaddr4 {
                r_netid: {
                    let (v, fsz) = xdr_codec::unpack_opaque_flex(input, Some(LIMIT_NETADDR as usize))?;
                    sz += fsz;
                    v
                },
                r_addr: {
                    let (v, fsz) = xdr_codec::unpack_opaque_flex(input, Some(LIMIT_NETADDR as usize))?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for component4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(component4, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (v, usz) = xdr_codec::unpack_opaque_flex(input, Some(LIMIT_COMPONENT as usize))?;
                sz = usz;
                component4(v)
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for copy_requirements4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(copy_requirements4, usize)> {
        let mut sz = 0;
        Ok((
            copy_requirements4 {
                cr_consecutive: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                cr_synchronous: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for createhow4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(createhow4, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => createhow4::UNCHECKED4({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (1i32 as i32) => createhow4::GUARDED4({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (2i32 as i32) => createhow4::EXCLUSIVE4({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (3i32 as i32) => createhow4::EXCLUSIVE4_1({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => return Err(xdr_codec::Error::invalidcase(v as i32)),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for createmode4 {
    #[inline]
    fn unpack(input: &mut In) -> xdr_codec::Result<(createmode4, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (e, esz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += esz;
                match e {
                    x if x == createmode4::UNCHECKED4 as i32 => createmode4::UNCHECKED4,
                    x if x == createmode4::GUARDED4 as i32 => createmode4::GUARDED4,
                    x if x == createmode4::EXCLUSIVE4 as i32 => createmode4::EXCLUSIVE4,
                    x if x == createmode4::EXCLUSIVE4_1 as i32 => createmode4::EXCLUSIVE4_1,
                    e => return Err(xdr_codec::Error::invalidenum(e)),
                }
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for createtype4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(createtype4, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (5i32 as i32) => createtype4::NF4LNK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (3i32 as i32) => createtype4::NF4BLK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (4i32 as i32) => createtype4::NF4CHR({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (6i32 as i32) => createtype4::NF4SOCK,
                x if x == (7i32 as i32) => createtype4::NF4FIFO,
                x if x == (2i32 as i32) => createtype4::NF4DIR,
                v => createtype4::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for creatverfattr {
    fn unpack(input: &mut In) -> xdr_codec::Result<(creatverfattr, usize)> {
        let mut sz = 0;
        Ok((
            creatverfattr {
                cva_verf: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                cva_attrs: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for data4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(data4, usize)> {
        let mut sz = 0;
        Ok((
            data4 {
                d_offset: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                d_data: {
                    let (v, fsz) = xdr_codec::unpack_opaque_flex(input, Some(LIMIT_DATA as usize))?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for data_content4 {
    #[inline]
    fn unpack(input: &mut In) -> xdr_codec::Result<(data_content4, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (e, esz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += esz;
                match e {
                    x if x == data_content4::NFS4_CONTENT_DATA as i32 => data_content4::NFS4_CONTENT_DATA,
                    x if x == data_content4::NFS4_CONTENT_HOLE as i32 => data_content4::NFS4_CONTENT_HOLE,
                    e => return Err(xdr_codec::Error::invalidenum(e)),
                }
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for data_info4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(data_info4, usize)> {
        let mut sz = 0;
        Ok((
            data_info4 {
                di_offset: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                di_length: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for dirlist4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(dirlist4, usize)> {
        let mut sz = 0;
        Ok((
            dirlist4 {
                entries: {
                    let (v, fsz) = crate::xdr::list::unpack(input, LINKED_LIST_MAX as usize)?;
                    sz += fsz;
                    v
                },
                eof: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for entry4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(entry4, usize)> {
        let mut sz = 0;
        Ok((
            entry4 {
                cookie: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                name: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                attrs: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for exist_lock_owner4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(exist_lock_owner4, usize)> {
        let mut sz = 0;
        Ok((
            exist_lock_owner4 {
                lock_stateid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                lock_seqid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for fattr4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(fattr4, usize)> {
        let mut sz = 0;
        Ok((
            fattr4 {
                attrmask: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                attr_vals: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for fattr4_acl {
    fn unpack(input: &mut In) -> xdr_codec::Result<(fattr4_acl, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (v, usz) = xdr_codec::unpack_flex(input, Some(LIMIT_ACES as usize))?;
                sz = usz;
                fattr4_acl(v)
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for fs_location4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(fs_location4, usize)> {
        let mut sz = 0;
        Ok((
            fs_location4 {
                server: {
                    let (v, fsz) = xdr_codec::unpack_flex(input, Some(LIMIT_LOCATIONS as usize))?;
                    sz += fsz;
                    v
                },
                rootpath: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for fs_locations4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(fs_locations4, usize)> {
        let mut sz = 0;
        Ok((
            fs_locations4 {
                fs_root: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                locations: {
                    let (v, fsz) = xdr_codec::unpack_flex(input, Some(LIMIT_LOCATIONS as usize))?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for fsid4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(fsid4, usize)> {
        let mut sz = 0;
        Ok((
            fsid4 {
                major: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                minor: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for gss_cb_handles4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(gss_cb_handles4, usize)> {
        let mut sz = 0;
        Ok((
            gss_cb_handles4 {
                gcbp_service: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                gcbp_handle_from_server: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                gcbp_handle_from_client: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for gsshandle4_t {
    fn unpack(input: &mut In) -> xdr_codec::Result<(gsshandle4_t, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (v, usz) = xdr_codec::unpack_opaque_flex(input, Some(NFS4_OPAQUE_LIMIT as usize))?;
                sz = usz;
                gsshandle4_t(v)
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for limit_by4 {
    #[inline]
    fn unpack(input: &mut In) -> xdr_codec::Result<(limit_by4, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (e, esz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += esz;
                match e {
                    x if x == limit_by4::NFS_LIMIT_SIZE as i32 => limit_by4::NFS_LIMIT_SIZE,
                    x if x == limit_by4::NFS_LIMIT_BLOCKS as i32 => limit_by4::NFS_LIMIT_BLOCKS,
                    e => return Err(xdr_codec::Error::invalidenum(e)),
                }
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for linktext4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(linktext4, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (v, usz) = xdr_codec::unpack_opaque_flex(input, Some(LIMIT_COMPONENT as usize))?;
                sz = usz;
                linktext4(v)
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for lock_owner4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(lock_owner4, usize)> {
        let mut sz = 0;
        Ok((
            lock_owner4 {
                clientid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                owner: {
                    let (v, fsz) = xdr_codec::unpack_opaque_flex(input, Some(NFS4_OPAQUE_LIMIT as usize))?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for locker4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(locker4, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (1i32 as i32) => locker4::TRUE({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (0i32 as i32) => locker4::FALSE({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => return Err(xdr_codec::Error::invalidcase(v as i32)),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for netloc4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(netloc4, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (1i32 as i32) => netloc4::NL4_NAME({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (2i32 as i32) => netloc4::NL4_URL({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (3i32 as i32) => netloc4::NL4_NETADDR({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => return Err(xdr_codec::Error::invalidcase(v as i32)),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for netloc_type4 {
    #[inline]
    fn unpack(input: &mut In) -> xdr_codec::Result<(netloc_type4, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (e, esz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += esz;
                match e {
                    x if x == netloc_type4::NL4_NAME as i32 => netloc_type4::NL4_NAME,
                    x if x == netloc_type4::NL4_URL as i32 => netloc_type4::NL4_URL,
                    x if x == netloc_type4::NL4_NETADDR as i32 => netloc_type4::NL4_NETADDR,
                    e => return Err(xdr_codec::Error::invalidenum(e)),
                }
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for nfs_argop4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(nfs_argop4, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (3i32 as i32) => nfs_argop4::OP_ACCESS({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (4i32 as i32) => nfs_argop4::OP_CLOSE({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (5i32 as i32) => nfs_argop4::OP_COMMIT({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (6i32 as i32) => nfs_argop4::OP_CREATE({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (7i32 as i32) => nfs_argop4::OP_DELEGPURGE({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (8i32 as i32) => nfs_argop4::OP_DELEGRETURN({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (9i32 as i32) => nfs_argop4::OP_GETATTR({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (10i32 as i32) => nfs_argop4::OP_GETFH,
                x if x == (11i32 as i32) => nfs_argop4::OP_LINK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (12i32 as i32) => nfs_argop4::OP_LOCK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (13i32 as i32) => nfs_argop4::OP_LOCKT({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (14i32 as i32) => nfs_argop4::OP_LOCKU({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (15i32 as i32) => nfs_argop4::OP_LOOKUP({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (16i32 as i32) => nfs_argop4::OP_LOOKUPP,
                x if x == (17i32 as i32) => nfs_argop4::OP_NVERIFY({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (18i32 as i32) => nfs_argop4::OP_OPEN({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (19i32 as i32) => nfs_argop4::OP_OPENATTR({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (20i32 as i32) => nfs_argop4::OP_OPEN_CONFIRM({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (21i32 as i32) => nfs_argop4::OP_OPEN_DOWNGRADE({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (22i32 as i32) => nfs_argop4::OP_PUTFH({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (23i32 as i32) => nfs_argop4::OP_PUTPUBFH,
                x if x == (24i32 as i32) => nfs_argop4::OP_PUTROOTFH,
                x if x == (25i32 as i32) => nfs_argop4::OP_READ({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (26i32 as i32) => nfs_argop4::OP_READDIR({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (27i32 as i32) => nfs_argop4::OP_READLINK,
                x if x == (28i32 as i32) => nfs_argop4::OP_REMOVE({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (29i32 as i32) => nfs_argop4::OP_RENAME({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (30i32 as i32) => nfs_argop4::OP_RENEW({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (31i32 as i32) => nfs_argop4::OP_RESTOREFH,
                x if x == (32i32 as i32) => nfs_argop4::OP_SAVEFH,
                x if x == (33i32 as i32) => nfs_argop4::OP_SECINFO({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (34i32 as i32) => nfs_argop4::OP_SETATTR({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (35i32 as i32) => nfs_argop4::OP_SETCLIENTID({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (36i32 as i32) => nfs_argop4::OP_SETCLIENTID_CONFIRM({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (37i32 as i32) => nfs_argop4::OP_VERIFY({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (38i32 as i32) => nfs_argop4::OP_WRITE({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (39i32 as i32) => nfs_argop4::OP_RELEASE_LOCKOWNER({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (40i32 as i32) => nfs_argop4::OP_BACKCHANNEL_CTL({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (41i32 as i32) => nfs_argop4::OP_BIND_CONN_TO_SESSION({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (42i32 as i32) => nfs_argop4::OP_EXCHANGE_ID({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (43i32 as i32) => nfs_argop4::OP_CREATE_SESSION({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (44i32 as i32) => nfs_argop4::OP_DESTROY_SESSION({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (45i32 as i32) => nfs_argop4::OP_FREE_STATEID({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (46i32 as i32) => nfs_argop4::OP_GET_DIR_DELEGATION,
                x if x == (47i32 as i32) => nfs_argop4::OP_GETDEVICEINFO,
                x if x == (48i32 as i32) => nfs_argop4::OP_GETDEVICELIST,
                x if x == (49i32 as i32) => nfs_argop4::OP_LAYOUTCOMMIT,
                x if x == (50i32 as i32) => nfs_argop4::OP_LAYOUTGET,
                x if x == (51i32 as i32) => nfs_argop4::OP_LAYOUTRETURN,
                x if x == (52i32 as i32) => nfs_argop4::OP_SECINFO_NO_NAME({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (53i32 as i32) => nfs_argop4::OP_SEQUENCE({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (54i32 as i32) => nfs_argop4::OP_SET_SSV({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (55i32 as i32) => nfs_argop4::OP_TEST_STATEID({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (56i32 as i32) => nfs_argop4::OP_WANT_DELEGATION,
                x if x == (57i32 as i32) => nfs_argop4::OP_DESTROY_CLIENTID({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (58i32 as i32) => nfs_argop4::OP_RECLAIM_COMPLETE({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (59i32 as i32) => nfs_argop4::OP_ALLOCATE({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (60i32 as i32) => nfs_argop4::OP_COPY({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (61i32 as i32) => nfs_argop4::OP_COPY_NOTIFY({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (62i32 as i32) => nfs_argop4::OP_DEALLOCATE({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (63i32 as i32) => nfs_argop4::OP_IO_ADVISE({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (64i32 as i32) => nfs_argop4::OP_LAYOUTERROR,
                x if x == (65i32 as i32) => nfs_argop4::OP_LAYOUTSTATS,
                x if x == (66i32 as i32) => nfs_argop4::OP_OFFLOAD_CANCEL({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (67i32 as i32) => nfs_argop4::OP_OFFLOAD_STATUS({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (68i32 as i32) => nfs_argop4::OP_READ_PLUS({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (69i32 as i32) => nfs_argop4::OP_SEEK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (70i32 as i32) => nfs_argop4::OP_WRITE_SAME({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (71i32 as i32) => nfs_argop4::OP_CLONE({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (72i32 as i32) => nfs_argop4::OP_GETXATTR({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (73i32 as i32) => nfs_argop4::OP_SETXATTR({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (74i32 as i32) => nfs_argop4::OP_LISTXATTRS({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (75i32 as i32) => nfs_argop4::OP_REMOVEXATTR({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (10044i32 as i32) => nfs_argop4::OP_ILLEGAL,
                v => return Err(xdr_codec::Error::invalidcase(v as i32)),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for nfs_client_id4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(nfs_client_id4, usize)> {
        let mut sz = 0;
        Ok((
            nfs_client_id4 {
                verifier: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                id: {
                    let (v, fsz) = xdr_codec::unpack_opaque_flex(input, Some(NFS4_OPAQUE_LIMIT as usize))?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for nfs_fh4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(nfs_fh4, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (v, usz) = xdr_codec::unpack_opaque_flex(input, Some(NFS4_FHSIZE as usize))?;
                sz = usz;
                nfs_fh4(v)
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for nfs_ftype4 {
    #[inline]
    fn unpack(input: &mut In) -> xdr_codec::Result<(nfs_ftype4, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (e, esz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += esz;
                match e {
                    x if x == nfs_ftype4::NF4REG as i32 => nfs_ftype4::NF4REG,
                    x if x == nfs_ftype4::NF4DIR as i32 => nfs_ftype4::NF4DIR,
                    x if x == nfs_ftype4::NF4BLK as i32 => nfs_ftype4::NF4BLK,
                    x if x == nfs_ftype4::NF4CHR as i32 => nfs_ftype4::NF4CHR,
                    x if x == nfs_ftype4::NF4LNK as i32 => nfs_ftype4::NF4LNK,
                    x if x == nfs_ftype4::NF4SOCK as i32 => nfs_ftype4::NF4SOCK,
                    x if x == nfs_ftype4::NF4FIFO as i32 => nfs_ftype4::NF4FIFO,
                    x if x == nfs_ftype4::NF4ATTRDIR as i32 => nfs_ftype4::NF4ATTRDIR,
                    x if x == nfs_ftype4::NF4NAMEDATTR as i32 => nfs_ftype4::NF4NAMEDATTR,
                    e => return Err(xdr_codec::Error::invalidenum(e)),
                }
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for nfs_impl_id4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(nfs_impl_id4, usize)> {
        let mut sz = 0;
        Ok((
            nfs_impl_id4 {
                nii_domain: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                nii_name: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                nii_date: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for nfs_lock_type4 {
    #[inline]
    fn unpack(input: &mut In) -> xdr_codec::Result<(nfs_lock_type4, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (e, esz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += esz;
                match e {
                    x if x == nfs_lock_type4::READ_LT as i32 => nfs_lock_type4::READ_LT,
                    x if x == nfs_lock_type4::WRITE_LT as i32 => nfs_lock_type4::WRITE_LT,
                    x if x == nfs_lock_type4::READW_LT as i32 => nfs_lock_type4::READW_LT,
                    x if x == nfs_lock_type4::WRITEW_LT as i32 => nfs_lock_type4::WRITEW_LT,
                    e => return Err(xdr_codec::Error::invalidenum(e)),
                }
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for nfs_modified_limit4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(nfs_modified_limit4, usize)> {
        let mut sz = 0;
        Ok((
            nfs_modified_limit4 {
                num_blocks: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                bytes_per_block: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for nfs_opnum4 {
    #[inline]
    fn unpack(input: &mut In) -> xdr_codec::Result<(nfs_opnum4, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (e, esz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += esz;
                match e {
                    x if x == nfs_opnum4::OP_ACCESS as i32 => nfs_opnum4::OP_ACCESS,
                    x if x == nfs_opnum4::OP_CLOSE as i32 => nfs_opnum4::OP_CLOSE,
                    x if x == nfs_opnum4::OP_COMMIT as i32 => nfs_opnum4::OP_COMMIT,
                    x if x == nfs_opnum4::OP_CREATE as i32 => nfs_opnum4::OP_CREATE,
                    x if x == nfs_opnum4::OP_DELEGPURGE as i32 => nfs_opnum4::OP_DELEGPURGE,
                    x if x == nfs_opnum4::OP_DELEGRETURN as i32 => nfs_opnum4::OP_DELEGRETURN,
                    x if x == nfs_opnum4::OP_GETATTR as i32 => nfs_opnum4::OP_GETATTR,
                    x if x == nfs_opnum4::OP_GETFH as i32 => nfs_opnum4::OP_GETFH,
                    x if x == nfs_opnum4::OP_LINK as i32 => nfs_opnum4::OP_LINK,
                    x if x == nfs_opnum4::OP_LOCK as i32 => nfs_opnum4::OP_LOCK,
                    x if x == nfs_opnum4::OP_LOCKT as i32 => nfs_opnum4::OP_LOCKT,
                    x if x == nfs_opnum4::OP_LOCKU as i32 => nfs_opnum4::OP_LOCKU,
                    x if x == nfs_opnum4::OP_LOOKUP as i32 => nfs_opnum4::OP_LOOKUP,
                    x if x == nfs_opnum4::OP_LOOKUPP as i32 => nfs_opnum4::OP_LOOKUPP,
                    x if x == nfs_opnum4::OP_NVERIFY as i32 => nfs_opnum4::OP_NVERIFY,
                    x if x == nfs_opnum4::OP_OPEN as i32 => nfs_opnum4::OP_OPEN,
                    x if x == nfs_opnum4::OP_OPENATTR as i32 => nfs_opnum4::OP_OPENATTR,
                    x if x == nfs_opnum4::OP_OPEN_CONFIRM as i32 => nfs_opnum4::OP_OPEN_CONFIRM,
                    x if x == nfs_opnum4::OP_OPEN_DOWNGRADE as i32 => nfs_opnum4::OP_OPEN_DOWNGRADE,
                    x if x == nfs_opnum4::OP_PUTFH as i32 => nfs_opnum4::OP_PUTFH,
                    x if x == nfs_opnum4::OP_PUTPUBFH as i32 => nfs_opnum4::OP_PUTPUBFH,
                    x if x == nfs_opnum4::OP_PUTROOTFH as i32 => nfs_opnum4::OP_PUTROOTFH,
                    x if x == nfs_opnum4::OP_READ as i32 => nfs_opnum4::OP_READ,
                    x if x == nfs_opnum4::OP_READDIR as i32 => nfs_opnum4::OP_READDIR,
                    x if x == nfs_opnum4::OP_READLINK as i32 => nfs_opnum4::OP_READLINK,
                    x if x == nfs_opnum4::OP_REMOVE as i32 => nfs_opnum4::OP_REMOVE,
                    x if x == nfs_opnum4::OP_RENAME as i32 => nfs_opnum4::OP_RENAME,
                    x if x == nfs_opnum4::OP_RENEW as i32 => nfs_opnum4::OP_RENEW,
                    x if x == nfs_opnum4::OP_RESTOREFH as i32 => nfs_opnum4::OP_RESTOREFH,
                    x if x == nfs_opnum4::OP_SAVEFH as i32 => nfs_opnum4::OP_SAVEFH,
                    x if x == nfs_opnum4::OP_SECINFO as i32 => nfs_opnum4::OP_SECINFO,
                    x if x == nfs_opnum4::OP_SETATTR as i32 => nfs_opnum4::OP_SETATTR,
                    x if x == nfs_opnum4::OP_SETCLIENTID as i32 => nfs_opnum4::OP_SETCLIENTID,
                    x if x == nfs_opnum4::OP_SETCLIENTID_CONFIRM as i32 => nfs_opnum4::OP_SETCLIENTID_CONFIRM,
                    x if x == nfs_opnum4::OP_VERIFY as i32 => nfs_opnum4::OP_VERIFY,
                    x if x == nfs_opnum4::OP_WRITE as i32 => nfs_opnum4::OP_WRITE,
                    x if x == nfs_opnum4::OP_RELEASE_LOCKOWNER as i32 => nfs_opnum4::OP_RELEASE_LOCKOWNER,
                    x if x == nfs_opnum4::OP_BACKCHANNEL_CTL as i32 => nfs_opnum4::OP_BACKCHANNEL_CTL,
                    x if x == nfs_opnum4::OP_BIND_CONN_TO_SESSION as i32 => {
                        nfs_opnum4::OP_BIND_CONN_TO_SESSION
                    }
                    x if x == nfs_opnum4::OP_EXCHANGE_ID as i32 => nfs_opnum4::OP_EXCHANGE_ID,
                    x if x == nfs_opnum4::OP_CREATE_SESSION as i32 => nfs_opnum4::OP_CREATE_SESSION,
                    x if x == nfs_opnum4::OP_DESTROY_SESSION as i32 => nfs_opnum4::OP_DESTROY_SESSION,
                    x if x == nfs_opnum4::OP_FREE_STATEID as i32 => nfs_opnum4::OP_FREE_STATEID,
                    x if x == nfs_opnum4::OP_GET_DIR_DELEGATION as i32 => nfs_opnum4::OP_GET_DIR_DELEGATION,
                    x if x == nfs_opnum4::OP_GETDEVICEINFO as i32 => nfs_opnum4::OP_GETDEVICEINFO,
                    x if x == nfs_opnum4::OP_GETDEVICELIST as i32 => nfs_opnum4::OP_GETDEVICELIST,
                    x if x == nfs_opnum4::OP_LAYOUTCOMMIT as i32 => nfs_opnum4::OP_LAYOUTCOMMIT,
                    x if x == nfs_opnum4::OP_LAYOUTGET as i32 => nfs_opnum4::OP_LAYOUTGET,
                    x if x == nfs_opnum4::OP_LAYOUTRETURN as i32 => nfs_opnum4::OP_LAYOUTRETURN,
                    x if x == nfs_opnum4::OP_SECINFO_NO_NAME as i32 => nfs_opnum4::OP_SECINFO_NO_NAME,
                    x if x == nfs_opnum4::OP_SEQUENCE as i32 => nfs_opnum4::OP_SEQUENCE,
                    x if x == nfs_opnum4::OP_SET_SSV as i32 => nfs_opnum4::OP_SET_SSV,
                    x if x == nfs_opnum4::OP_TEST_STATEID as i32 => nfs_opnum4::OP_TEST_STATEID,
                    x if x == nfs_opnum4::OP_WANT_DELEGATION as i32 => nfs_opnum4::OP_WANT_DELEGATION,
                    x if x == nfs_opnum4::OP_DESTROY_CLIENTID as i32 => nfs_opnum4::OP_DESTROY_CLIENTID,
                    x if x == nfs_opnum4::OP_RECLAIM_COMPLETE as i32 => nfs_opnum4::OP_RECLAIM_COMPLETE,
                    x if x == nfs_opnum4::OP_ALLOCATE as i32 => nfs_opnum4::OP_ALLOCATE,
                    x if x == nfs_opnum4::OP_COPY as i32 => nfs_opnum4::OP_COPY,
                    x if x == nfs_opnum4::OP_COPY_NOTIFY as i32 => nfs_opnum4::OP_COPY_NOTIFY,
                    x if x == nfs_opnum4::OP_DEALLOCATE as i32 => nfs_opnum4::OP_DEALLOCATE,
                    x if x == nfs_opnum4::OP_IO_ADVISE as i32 => nfs_opnum4::OP_IO_ADVISE,
                    x if x == nfs_opnum4::OP_LAYOUTERROR as i32 => nfs_opnum4::OP_LAYOUTERROR,
                    x if x == nfs_opnum4::OP_LAYOUTSTATS as i32 => nfs_opnum4::OP_LAYOUTSTATS,
                    x if x == nfs_opnum4::OP_OFFLOAD_CANCEL as i32 => nfs_opnum4::OP_OFFLOAD_CANCEL,
                    x if x == nfs_opnum4::OP_OFFLOAD_STATUS as i32 => nfs_opnum4::OP_OFFLOAD_STATUS,
                    x if x == nfs_opnum4::OP_READ_PLUS as i32 => nfs_opnum4::OP_READ_PLUS,
                    x if x == nfs_opnum4::OP_SEEK as i32 => nfs_opnum4::OP_SEEK,
                    x if x == nfs_opnum4::OP_WRITE_SAME as i32 => nfs_opnum4::OP_WRITE_SAME,
                    x if x == nfs_opnum4::OP_CLONE as i32 => nfs_opnum4::OP_CLONE,
                    x if x == nfs_opnum4::OP_GETXATTR as i32 => nfs_opnum4::OP_GETXATTR,
                    x if x == nfs_opnum4::OP_SETXATTR as i32 => nfs_opnum4::OP_SETXATTR,
                    x if x == nfs_opnum4::OP_LISTXATTRS as i32 => nfs_opnum4::OP_LISTXATTRS,
                    x if x == nfs_opnum4::OP_REMOVEXATTR as i32 => nfs_opnum4::OP_REMOVEXATTR,
                    x if x == nfs_opnum4::OP_ILLEGAL as i32 => nfs_opnum4::OP_ILLEGAL,
                    e => return Err(xdr_codec::Error::invalidenum(e)),
                }
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for nfs_resop4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(nfs_resop4, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (3i32 as i32) => nfs_resop4::OP_ACCESS({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (4i32 as i32) => nfs_resop4::OP_CLOSE({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (5i32 as i32) => nfs_resop4::OP_COMMIT({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (6i32 as i32) => nfs_resop4::OP_CREATE({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (7i32 as i32) => nfs_resop4::OP_DELEGPURGE({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (8i32 as i32) => nfs_resop4::OP_DELEGRETURN({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (9i32 as i32) => nfs_resop4::OP_GETATTR({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (10i32 as i32) => nfs_resop4::OP_GETFH({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (11i32 as i32) => nfs_resop4::OP_LINK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (12i32 as i32) => nfs_resop4::OP_LOCK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (13i32 as i32) => nfs_resop4::OP_LOCKT({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (14i32 as i32) => nfs_resop4::OP_LOCKU({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (15i32 as i32) => nfs_resop4::OP_LOOKUP({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (16i32 as i32) => nfs_resop4::OP_LOOKUPP({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (17i32 as i32) => nfs_resop4::OP_NVERIFY({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (18i32 as i32) => nfs_resop4::OP_OPEN({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (19i32 as i32) => nfs_resop4::OP_OPENATTR({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (20i32 as i32) => nfs_resop4::OP_OPEN_CONFIRM({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (21i32 as i32) => nfs_resop4::OP_OPEN_DOWNGRADE({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (22i32 as i32) => nfs_resop4::OP_PUTFH({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (23i32 as i32) => nfs_resop4::OP_PUTPUBFH({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (24i32 as i32) => nfs_resop4::OP_PUTROOTFH({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (25i32 as i32) => nfs_resop4::OP_READ({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (26i32 as i32) => nfs_resop4::OP_READDIR({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (27i32 as i32) => nfs_resop4::OP_READLINK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (28i32 as i32) => nfs_resop4::OP_REMOVE({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (29i32 as i32) => nfs_resop4::OP_RENAME({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (30i32 as i32) => nfs_resop4::OP_RENEW({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (31i32 as i32) => nfs_resop4::OP_RESTOREFH({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (32i32 as i32) => nfs_resop4::OP_SAVEFH({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (33i32 as i32) => nfs_resop4::OP_SECINFO({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (34i32 as i32) => nfs_resop4::OP_SETATTR({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (35i32 as i32) => nfs_resop4::OP_SETCLIENTID({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (36i32 as i32) => nfs_resop4::OP_SETCLIENTID_CONFIRM({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (37i32 as i32) => nfs_resop4::OP_VERIFY({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (38i32 as i32) => nfs_resop4::OP_WRITE({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (39i32 as i32) => nfs_resop4::OP_RELEASE_LOCKOWNER({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (40i32 as i32) => nfs_resop4::OP_BACKCHANNEL_CTL({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (41i32 as i32) => nfs_resop4::OP_BIND_CONN_TO_SESSION({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (42i32 as i32) => nfs_resop4::OP_EXCHANGE_ID({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (43i32 as i32) => nfs_resop4::OP_CREATE_SESSION({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (44i32 as i32) => nfs_resop4::OP_DESTROY_SESSION({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (45i32 as i32) => nfs_resop4::OP_FREE_STATEID({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (46i32 as i32) => nfs_resop4::OP_GET_DIR_DELEGATION({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (47i32 as i32) => nfs_resop4::OP_GETDEVICEINFO({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (48i32 as i32) => nfs_resop4::OP_GETDEVICELIST({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (49i32 as i32) => nfs_resop4::OP_LAYOUTCOMMIT({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (50i32 as i32) => nfs_resop4::OP_LAYOUTGET({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (51i32 as i32) => nfs_resop4::OP_LAYOUTRETURN({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (52i32 as i32) => nfs_resop4::OP_SECINFO_NO_NAME({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (53i32 as i32) => nfs_resop4::OP_SEQUENCE({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (54i32 as i32) => nfs_resop4::OP_SET_SSV({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (55i32 as i32) => nfs_resop4::OP_TEST_STATEID({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (56i32 as i32) => nfs_resop4::OP_WANT_DELEGATION({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (57i32 as i32) => nfs_resop4::OP_DESTROY_CLIENTID({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (58i32 as i32) => nfs_resop4::OP_RECLAIM_COMPLETE({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (59i32 as i32) => nfs_resop4::OP_ALLOCATE({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (60i32 as i32) => nfs_resop4::OP_COPY({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (61i32 as i32) => nfs_resop4::OP_COPY_NOTIFY({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (62i32 as i32) => nfs_resop4::OP_DEALLOCATE({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (63i32 as i32) => nfs_resop4::OP_IO_ADVISE({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (64i32 as i32) => nfs_resop4::OP_LAYOUTERROR({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (65i32 as i32) => nfs_resop4::OP_LAYOUTSTATS({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (66i32 as i32) => nfs_resop4::OP_OFFLOAD_CANCEL({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (67i32 as i32) => nfs_resop4::OP_OFFLOAD_STATUS({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (68i32 as i32) => nfs_resop4::OP_READ_PLUS({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (69i32 as i32) => nfs_resop4::OP_SEEK({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (70i32 as i32) => nfs_resop4::OP_WRITE_SAME({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (71i32 as i32) => nfs_resop4::OP_CLONE({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (72i32 as i32) => nfs_resop4::OP_GETXATTR({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (73i32 as i32) => nfs_resop4::OP_SETXATTR({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (74i32 as i32) => nfs_resop4::OP_LISTXATTRS({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (75i32 as i32) => nfs_resop4::OP_REMOVEXATTR({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (10044i32 as i32) => nfs_resop4::OP_ILLEGAL({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => return Err(xdr_codec::Error::invalidcase(v as i32)),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for nfs_space_limit4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(nfs_space_limit4, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (1i32 as i32) => nfs_space_limit4::NFS_LIMIT_SIZE({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (2i32 as i32) => nfs_space_limit4::NFS_LIMIT_BLOCKS({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => return Err(xdr_codec::Error::invalidcase(v as i32)),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for nfsace4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(nfsace4, usize)> {
        let mut sz = 0;
        Ok((
            nfsace4 {
                type_: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                flag: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                access_mask: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                who: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for nfsstat4 {
    #[inline]
    fn unpack(input: &mut In) -> xdr_codec::Result<(nfsstat4, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (e, esz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += esz;
                match e {
                    x if x == nfsstat4::NFS4_OK as i32 => nfsstat4::NFS4_OK,
                    x if x == nfsstat4::NFS4ERR_PERM as i32 => nfsstat4::NFS4ERR_PERM,
                    x if x == nfsstat4::NFS4ERR_NOENT as i32 => nfsstat4::NFS4ERR_NOENT,
                    x if x == nfsstat4::NFS4ERR_IO as i32 => nfsstat4::NFS4ERR_IO,
                    x if x == nfsstat4::NFS4ERR_NXIO as i32 => nfsstat4::NFS4ERR_NXIO,
                    x if x == nfsstat4::NFS4ERR_ACCESS as i32 => nfsstat4::NFS4ERR_ACCESS,
                    x if x == nfsstat4::NFS4ERR_EXIST as i32 => nfsstat4::NFS4ERR_EXIST,
                    x if x == nfsstat4::NFS4ERR_XDEV as i32 => nfsstat4::NFS4ERR_XDEV,
                    x if x == nfsstat4::NFS4ERR_NOTDIR as i32 => nfsstat4::NFS4ERR_NOTDIR,
                    x if x == nfsstat4::NFS4ERR_ISDIR as i32 => nfsstat4::NFS4ERR_ISDIR,
                    x if x == nfsstat4::NFS4ERR_INVAL as i32 => nfsstat4::NFS4ERR_INVAL,
                    x if x == nfsstat4::NFS4ERR_FBIG as i32 => nfsstat4::NFS4ERR_FBIG,
                    x if x == nfsstat4::NFS4ERR_NOSPC as i32 => nfsstat4::NFS4ERR_NOSPC,
                    x if x == nfsstat4::NFS4ERR_ROFS as i32 => nfsstat4::NFS4ERR_ROFS,
                    x if x == nfsstat4::NFS4ERR_MLINK as i32 => nfsstat4::NFS4ERR_MLINK,
                    x if x == nfsstat4::NFS4ERR_NAMETOOLONG as i32 => nfsstat4::NFS4ERR_NAMETOOLONG,
                    x if x == nfsstat4::NFS4ERR_NOTEMPTY as i32 => nfsstat4::NFS4ERR_NOTEMPTY,
                    x if x == nfsstat4::NFS4ERR_DQUOT as i32 => nfsstat4::NFS4ERR_DQUOT,
                    x if x == nfsstat4::NFS4ERR_STALE as i32 => nfsstat4::NFS4ERR_STALE,
                    x if x == nfsstat4::NFS4ERR_BADHANDLE as i32 => nfsstat4::NFS4ERR_BADHANDLE,
                    x if x == nfsstat4::NFS4ERR_BAD_COOKIE as i32 => nfsstat4::NFS4ERR_BAD_COOKIE,
                    x if x == nfsstat4::NFS4ERR_NOTSUPP as i32 => nfsstat4::NFS4ERR_NOTSUPP,
                    x if x == nfsstat4::NFS4ERR_TOOSMALL as i32 => nfsstat4::NFS4ERR_TOOSMALL,
                    x if x == nfsstat4::NFS4ERR_SERVERFAULT as i32 => nfsstat4::NFS4ERR_SERVERFAULT,
                    x if x == nfsstat4::NFS4ERR_BADTYPE as i32 => nfsstat4::NFS4ERR_BADTYPE,
                    x if x == nfsstat4::NFS4ERR_DELAY as i32 => nfsstat4::NFS4ERR_DELAY,
                    x if x == nfsstat4::NFS4ERR_SAME as i32 => nfsstat4::NFS4ERR_SAME,
                    x if x == nfsstat4::NFS4ERR_DENIED as i32 => nfsstat4::NFS4ERR_DENIED,
                    x if x == nfsstat4::NFS4ERR_EXPIRED as i32 => nfsstat4::NFS4ERR_EXPIRED,
                    x if x == nfsstat4::NFS4ERR_LOCKED as i32 => nfsstat4::NFS4ERR_LOCKED,
                    x if x == nfsstat4::NFS4ERR_GRACE as i32 => nfsstat4::NFS4ERR_GRACE,
                    x if x == nfsstat4::NFS4ERR_FHEXPIRED as i32 => nfsstat4::NFS4ERR_FHEXPIRED,
                    x if x == nfsstat4::NFS4ERR_SHARE_DENIED as i32 => nfsstat4::NFS4ERR_SHARE_DENIED,
                    x if x == nfsstat4::NFS4ERR_WRONGSEC as i32 => nfsstat4::NFS4ERR_WRONGSEC,
                    x if x == nfsstat4::NFS4ERR_CLID_INUSE as i32 => nfsstat4::NFS4ERR_CLID_INUSE,
                    x if x == nfsstat4::NFS4ERR_RESOURCE as i32 => nfsstat4::NFS4ERR_RESOURCE,
                    x if x == nfsstat4::NFS4ERR_MOVED as i32 => nfsstat4::NFS4ERR_MOVED,
                    x if x == nfsstat4::NFS4ERR_NOFILEHANDLE as i32 => nfsstat4::NFS4ERR_NOFILEHANDLE,
                    x if x == nfsstat4::NFS4ERR_MINOR_VERS_MISMATCH as i32 => {
                        nfsstat4::NFS4ERR_MINOR_VERS_MISMATCH
                    }
                    x if x == nfsstat4::NFS4ERR_STALE_CLIENTID as i32 => nfsstat4::NFS4ERR_STALE_CLIENTID,
                    x if x == nfsstat4::NFS4ERR_STALE_STATEID as i32 => nfsstat4::NFS4ERR_STALE_STATEID,
                    x if x == nfsstat4::NFS4ERR_OLD_STATEID as i32 => nfsstat4::NFS4ERR_OLD_STATEID,
                    x if x == nfsstat4::NFS4ERR_BAD_STATEID as i32 => nfsstat4::NFS4ERR_BAD_STATEID,
                    x if x == nfsstat4::NFS4ERR_BAD_SEQID as i32 => nfsstat4::NFS4ERR_BAD_SEQID,
                    x if x == nfsstat4::NFS4ERR_NOT_SAME as i32 => nfsstat4::NFS4ERR_NOT_SAME,
                    x if x == nfsstat4::NFS4ERR_LOCK_RANGE as i32 => nfsstat4::NFS4ERR_LOCK_RANGE,
                    x if x == nfsstat4::NFS4ERR_SYMLINK as i32 => nfsstat4::NFS4ERR_SYMLINK,
                    x if x == nfsstat4::NFS4ERR_RESTOREFH as i32 => nfsstat4::NFS4ERR_RESTOREFH,
                    x if x == nfsstat4::NFS4ERR_LEASE_MOVED as i32 => nfsstat4::NFS4ERR_LEASE_MOVED,
                    x if x == nfsstat4::NFS4ERR_ATTRNOTSUPP as i32 => nfsstat4::NFS4ERR_ATTRNOTSUPP,
                    x if x == nfsstat4::NFS4ERR_NO_GRACE as i32 => nfsstat4::NFS4ERR_NO_GRACE,
                    x if x == nfsstat4::NFS4ERR_RECLAIM_BAD as i32 => nfsstat4::NFS4ERR_RECLAIM_BAD,
                    x if x == nfsstat4::NFS4ERR_RECLAIM_CONFLICT as i32 => nfsstat4::NFS4ERR_RECLAIM_CONFLICT,
                    x if x == nfsstat4::NFS4ERR_BADXDR as i32 => nfsstat4::NFS4ERR_BADXDR,
                    x if x == nfsstat4::NFS4ERR_LOCKS_HELD as i32 => nfsstat4::NFS4ERR_LOCKS_HELD,
                    x if x == nfsstat4::NFS4ERR_OPENMODE as i32 => nfsstat4::NFS4ERR_OPENMODE,
                    x if x == nfsstat4::NFS4ERR_BADOWNER as i32 => nfsstat4::NFS4ERR_BADOWNER,
                    x if x == nfsstat4::NFS4ERR_BADCHAR as i32 => nfsstat4::NFS4ERR_BADCHAR,
                    x if x == nfsstat4::NFS4ERR_BADNAME as i32 => nfsstat4::NFS4ERR_BADNAME,
                    x if x == nfsstat4::NFS4ERR_BAD_RANGE as i32 => nfsstat4::NFS4ERR_BAD_RANGE,
                    x if x == nfsstat4::NFS4ERR_LOCK_NOTSUPP as i32 => nfsstat4::NFS4ERR_LOCK_NOTSUPP,
                    x if x == nfsstat4::NFS4ERR_OP_ILLEGAL as i32 => nfsstat4::NFS4ERR_OP_ILLEGAL,
                    x if x == nfsstat4::NFS4ERR_DEADLOCK as i32 => nfsstat4::NFS4ERR_DEADLOCK,
                    x if x == nfsstat4::NFS4ERR_FILE_OPEN as i32 => nfsstat4::NFS4ERR_FILE_OPEN,
                    x if x == nfsstat4::NFS4ERR_ADMIN_REVOKED as i32 => nfsstat4::NFS4ERR_ADMIN_REVOKED,
                    x if x == nfsstat4::NFS4ERR_CB_PATH_DOWN as i32 => nfsstat4::NFS4ERR_CB_PATH_DOWN,
                    x if x == nfsstat4::NFS4ERR_BADIOMODE as i32 => nfsstat4::NFS4ERR_BADIOMODE,
                    x if x == nfsstat4::NFS4ERR_BADLAYOUT as i32 => nfsstat4::NFS4ERR_BADLAYOUT,
                    x if x == nfsstat4::NFS4ERR_BAD_SESSION_DIGEST as i32 => {
                        nfsstat4::NFS4ERR_BAD_SESSION_DIGEST
                    }
                    x if x == nfsstat4::NFS4ERR_BADSESSION as i32 => nfsstat4::NFS4ERR_BADSESSION,
                    x if x == nfsstat4::NFS4ERR_BADSLOT as i32 => nfsstat4::NFS4ERR_BADSLOT,
                    x if x == nfsstat4::NFS4ERR_COMPLETE_ALREADY as i32 => nfsstat4::NFS4ERR_COMPLETE_ALREADY,
                    x if x == nfsstat4::NFS4ERR_CONN_NOT_BOUND_TO_SESSION as i32 => {
                        nfsstat4::NFS4ERR_CONN_NOT_BOUND_TO_SESSION
                    }
                    x if x == nfsstat4::NFS4ERR_DELEG_ALREADY_WANTED as i32 => {
                        nfsstat4::NFS4ERR_DELEG_ALREADY_WANTED
                    }
                    x if x == nfsstat4::NFS4ERR_BACK_CHAN_BUSY as i32 => nfsstat4::NFS4ERR_BACK_CHAN_BUSY,
                    x if x == nfsstat4::NFS4ERR_LAYOUTTRYLATER as i32 => nfsstat4::NFS4ERR_LAYOUTTRYLATER,
                    x if x == nfsstat4::NFS4ERR_LAYOUTUNAVAILABLE as i32 => {
                        nfsstat4::NFS4ERR_LAYOUTUNAVAILABLE
                    }
                    x if x == nfsstat4::NFS4ERR_NOMATCHING_LAYOUT as i32 => {
                        nfsstat4::NFS4ERR_NOMATCHING_LAYOUT
                    }
                    x if x == nfsstat4::NFS4ERR_RECALLCONFLICT as i32 => nfsstat4::NFS4ERR_RECALLCONFLICT,
                    x if x == nfsstat4::NFS4ERR_UNKNOWN_LAYOUTTYPE as i32 => {
                        nfsstat4::NFS4ERR_UNKNOWN_LAYOUTTYPE
                    }
                    x if x == nfsstat4::NFS4ERR_SEQ_MISORDERED as i32 => nfsstat4::NFS4ERR_SEQ_MISORDERED,
                    x if x == nfsstat4::NFS4ERR_SEQUENCE_POS as i32 => nfsstat4::NFS4ERR_SEQUENCE_POS,
                    x if x == nfsstat4::NFS4ERR_REQ_TOO_BIG as i32 => nfsstat4::NFS4ERR_REQ_TOO_BIG,
                    x if x == nfsstat4::NFS4ERR_REP_TOO_BIG as i32 => nfsstat4::NFS4ERR_REP_TOO_BIG,
                    x if x == nfsstat4::NFS4ERR_REP_TOO_BIG_TO_CACHE as i32 => {
                        nfsstat4::NFS4ERR_REP_TOO_BIG_TO_CACHE
                    }
                    x if x == nfsstat4::NFS4ERR_RETRY_UNCACHED_REP as i32 => {
                        nfsstat4::NFS4ERR_RETRY_UNCACHED_REP
                    }
                    x if x == nfsstat4::NFS4ERR_UNSAFE_COMPOUND as i32 => nfsstat4::NFS4ERR_UNSAFE_COMPOUND,
                    x if x == nfsstat4::NFS4ERR_TOO_MANY_OPS as i32 => nfsstat4::NFS4ERR_TOO_MANY_OPS,
                    x if x == nfsstat4::NFS4ERR_OP_NOT_IN_SESSION as i32 => {
                        nfsstat4::NFS4ERR_OP_NOT_IN_SESSION
                    }
                    x if x == nfsstat4::NFS4ERR_HASH_ALG_UNSUPP as i32 => nfsstat4::NFS4ERR_HASH_ALG_UNSUPP,
                    x if x == nfsstat4::NFS4ERR_CLIENTID_BUSY as i32 => nfsstat4::NFS4ERR_CLIENTID_BUSY,
                    x if x == nfsstat4::NFS4ERR_PNFS_IO_HOLE as i32 => nfsstat4::NFS4ERR_PNFS_IO_HOLE,
                    x if x == nfsstat4::NFS4ERR_SEQ_FALSE_RETRY as i32 => nfsstat4::NFS4ERR_SEQ_FALSE_RETRY,
                    x if x == nfsstat4::NFS4ERR_BAD_HIGH_SLOT as i32 => nfsstat4::NFS4ERR_BAD_HIGH_SLOT,
                    x if x == nfsstat4::NFS4ERR_DEADSESSION as i32 => nfsstat4::NFS4ERR_DEADSESSION,
                    x if x == nfsstat4::NFS4ERR_ENCR_ALG_UNSUPP as i32 => nfsstat4::NFS4ERR_ENCR_ALG_UNSUPP,
                    x if x == nfsstat4::NFS4ERR_PNFS_NO_LAYOUT as i32 => nfsstat4::NFS4ERR_PNFS_NO_LAYOUT,
                    x if x == nfsstat4::NFS4ERR_NOT_ONLY_OP as i32 => nfsstat4::NFS4ERR_NOT_ONLY_OP,
                    x if x == nfsstat4::NFS4ERR_WRONG_CRED as i32 => nfsstat4::NFS4ERR_WRONG_CRED,
                    x if x == nfsstat4::NFS4ERR_WRONG_TYPE as i32 => nfsstat4::NFS4ERR_WRONG_TYPE,
                    x if x == nfsstat4::NFS4ERR_DIRDELEG_UNAVAIL as i32 => nfsstat4::NFS4ERR_DIRDELEG_UNAVAIL,
                    x if x == nfsstat4::NFS4ERR_REJECT_DELEG as i32 => nfsstat4::NFS4ERR_REJECT_DELEG,
                    x if x == nfsstat4::NFS4ERR_RETURNCONFLICT as i32 => nfsstat4::NFS4ERR_RETURNCONFLICT,
                    x if x == nfsstat4::NFS4ERR_DELEG_REVOKED as i32 => nfsstat4::NFS4ERR_DELEG_REVOKED,
                    x if x == nfsstat4::NFS4ERR_PARTNER_NOTSUPP as i32 => nfsstat4::NFS4ERR_PARTNER_NOTSUPP,
                    x if x == nfsstat4::NFS4ERR_PARTNER_NO_AUTH as i32 => nfsstat4::NFS4ERR_PARTNER_NO_AUTH,
                    x if x == nfsstat4::NFS4ERR_UNION_NOTSUPP as i32 => nfsstat4::NFS4ERR_UNION_NOTSUPP,
                    x if x == nfsstat4::NFS4ERR_OFFLOAD_DENIED as i32 => nfsstat4::NFS4ERR_OFFLOAD_DENIED,
                    x if x == nfsstat4::NFS4ERR_WRONG_LFS as i32 => nfsstat4::NFS4ERR_WRONG_LFS,
                    x if x == nfsstat4::NFS4ERR_BADLABEL as i32 => nfsstat4::NFS4ERR_BADLABEL,
                    x if x == nfsstat4::NFS4ERR_OFFLOAD_NO_REQS as i32 => nfsstat4::NFS4ERR_OFFLOAD_NO_REQS,
                    x if x == nfsstat4::NFS4ERR_NOXATTR as i32 => nfsstat4::NFS4ERR_NOXATTR,
                    x if x == nfsstat4::NFS4ERR_XATTR2BIG as i32 => nfsstat4::NFS4ERR_XATTR2BIG,
                    e => return Err(xdr_codec::Error::invalidenum(e)),
                }
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for nfstime4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(nfstime4, usize)> {
        let mut sz = 0;
        Ok((
            nfstime4 {
                seconds: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                nseconds: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for open_claim4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(open_claim4, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => open_claim4::CLAIM_NULL({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (1i32 as i32) => open_claim4::CLAIM_PREVIOUS({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (2i32 as i32) => open_claim4::CLAIM_DELEGATE_CUR({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (3i32 as i32) => open_claim4::CLAIM_DELEGATE_PREV({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (4i32 as i32) => open_claim4::CLAIM_FH,
                x if x == (5i32 as i32) => open_claim4::CLAIM_DELEG_CUR_FH({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (6i32 as i32) => open_claim4::CLAIM_DELEG_PREV_FH,
                v => return Err(xdr_codec::Error::invalidcase(v as i32)),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for open_claim_delegate_cur4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(open_claim_delegate_cur4, usize)> {
        let mut sz = 0;
        Ok((
            open_claim_delegate_cur4 {
                delegate_stateid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                file: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for open_claim_type4 {
    #[inline]
    fn unpack(input: &mut In) -> xdr_codec::Result<(open_claim_type4, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (e, esz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += esz;
                match e {
                    x if x == open_claim_type4::CLAIM_NULL as i32 => open_claim_type4::CLAIM_NULL,
                    x if x == open_claim_type4::CLAIM_PREVIOUS as i32 => open_claim_type4::CLAIM_PREVIOUS,
                    x if x == open_claim_type4::CLAIM_DELEGATE_CUR as i32 => {
                        open_claim_type4::CLAIM_DELEGATE_CUR
                    }
                    x if x == open_claim_type4::CLAIM_DELEGATE_PREV as i32 => {
                        open_claim_type4::CLAIM_DELEGATE_PREV
                    }
                    x if x == open_claim_type4::CLAIM_FH as i32 => open_claim_type4::CLAIM_FH,
                    x if x == open_claim_type4::CLAIM_DELEG_CUR_FH as i32 => {
                        open_claim_type4::CLAIM_DELEG_CUR_FH
                    }
                    x if x == open_claim_type4::CLAIM_DELEG_PREV_FH as i32 => {
                        open_claim_type4::CLAIM_DELEG_PREV_FH
                    }
                    e => return Err(xdr_codec::Error::invalidenum(e)),
                }
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for open_delegation4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(open_delegation4, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => open_delegation4::OPEN_DELEGATE_NONE,
                x if x == (1i32 as i32) => open_delegation4::OPEN_DELEGATE_READ({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (2i32 as i32) => open_delegation4::OPEN_DELEGATE_WRITE({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (3i32 as i32) => open_delegation4::OPEN_DELEGATE_NONE_EXT({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => return Err(xdr_codec::Error::invalidcase(v as i32)),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for open_delegation_type4 {
    #[inline]
    fn unpack(input: &mut In) -> xdr_codec::Result<(open_delegation_type4, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (e, esz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += esz;
                match e {
                    x if x == open_delegation_type4::OPEN_DELEGATE_NONE as i32 => {
                        open_delegation_type4::OPEN_DELEGATE_NONE
                    }
                    x if x == open_delegation_type4::OPEN_DELEGATE_READ as i32 => {
                        open_delegation_type4::OPEN_DELEGATE_READ
                    }
                    x if x == open_delegation_type4::OPEN_DELEGATE_WRITE as i32 => {
                        open_delegation_type4::OPEN_DELEGATE_WRITE
                    }
                    x if x == open_delegation_type4::OPEN_DELEGATE_NONE_EXT as i32 => {
                        open_delegation_type4::OPEN_DELEGATE_NONE_EXT
                    }
                    e => return Err(xdr_codec::Error::invalidenum(e)),
                }
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for open_none_delegation4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(open_none_delegation4, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (1i32 as i32) => open_none_delegation4::WND4_CONTENTION({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (2i32 as i32) => open_none_delegation4::WND4_RESOURCE({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => open_none_delegation4::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for open_owner4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(open_owner4, usize)> {
        let mut sz = 0;
        Ok((
            open_owner4 {
                clientid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                owner: {
                    let (v, fsz) = xdr_codec::unpack_opaque_flex(input, Some(NFS4_OPAQUE_LIMIT as usize))?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for open_read_delegation4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(open_read_delegation4, usize)> {
        let mut sz = 0;
        Ok((
            open_read_delegation4 {
                stateid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                recall: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                permissions: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for open_to_lock_owner4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(open_to_lock_owner4, usize)> {
        let mut sz = 0;
        Ok((
            open_to_lock_owner4 {
                open_seqid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                open_stateid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                lock_seqid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                lock_owner: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for open_write_delegation4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(open_write_delegation4, usize)> {
        let mut sz = 0;
        Ok((
            open_write_delegation4 {
                stateid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                recall: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                space_limit: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                permissions: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for openflag4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(openflag4, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (1i32 as i32) => openflag4::OPEN4_CREATE({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (0i32 as i32) => openflag4::OPEN4_NOCREATE,
                v => return Err(xdr_codec::Error::invalidcase(v as i32)),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for opentype4 {
    #[inline]
    fn unpack(input: &mut In) -> xdr_codec::Result<(opentype4, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (e, esz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += esz;
                match e {
                    x if x == opentype4::OPEN4_NOCREATE as i32 => opentype4::OPEN4_NOCREATE,
                    x if x == opentype4::OPEN4_CREATE as i32 => opentype4::OPEN4_CREATE,
                    e => return Err(xdr_codec::Error::invalidenum(e)),
                }
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for pathname4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(pathname4, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (v, usz) = xdr_codec::unpack_flex(input, Some(LIMIT_PATH_COMPONENTS as usize))?;
                sz = usz;
                pathname4(v)
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for read_plus_content {
    fn unpack(input: &mut In) -> xdr_codec::Result<(read_plus_content, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => read_plus_content::NFS4_CONTENT_DATA({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (1i32 as i32) => read_plus_content::NFS4_CONTENT_HOLE({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => return Err(xdr_codec::Error::invalidcase(v as i32)),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for read_plus_res4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(read_plus_res4, usize)> {
        let mut sz = 0;
        Ok((
            read_plus_res4 {
                rpr_eof: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                rpr_contents: {
                    let (v, fsz) = xdr_codec::unpack_flex(input, Some(LIMIT_SEGMENTS as usize))?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for refused4res {
    fn unpack(input: &mut In) -> xdr_codec::Result<(refused4res, usize)> {
        let mut sz = 0;
        Ok((
            refused4res {
                status: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for rpc_gss_svc_t {
    #[inline]
    fn unpack(input: &mut In) -> xdr_codec::Result<(rpc_gss_svc_t, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (e, esz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += esz;
                match e {
                    x if x == rpc_gss_svc_t::RPC_GSS_SVC_NONE as i32 => rpc_gss_svc_t::RPC_GSS_SVC_NONE,
                    x if x == rpc_gss_svc_t::RPC_GSS_SVC_INTEGRITY as i32 => {
                        rpc_gss_svc_t::RPC_GSS_SVC_INTEGRITY
                    }
                    x if x == rpc_gss_svc_t::RPC_GSS_SVC_PRIVACY as i32 => rpc_gss_svc_t::RPC_GSS_SVC_PRIVACY,
                    e => return Err(xdr_codec::Error::invalidenum(e)),
                }
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for rpcsec_gss_info {
    fn unpack(input: &mut In) -> xdr_codec::Result<(rpcsec_gss_info, usize)> {
        let mut sz = 0;
        Ok((
            rpcsec_gss_info {
                oid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                qop: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                service: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for sec_oid4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(sec_oid4, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (v, usz) = xdr_codec::unpack_opaque_flex(input, Some(NFS4_OPAQUE_LIMIT as usize))?;
                sz = usz;
                sec_oid4(v)
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for secinfo4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(secinfo4, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (6i32 as i32) => secinfo4::Const6({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => secinfo4::default(xdr_codec::Unpack::unpack(&mut &v.to_be_bytes()[..])?.0),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for secinfo_style4 {
    #[inline]
    fn unpack(input: &mut In) -> xdr_codec::Result<(secinfo_style4, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (e, esz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += esz;
                match e {
                    x if x == secinfo_style4::SECINFO_STYLE4_CURRENT_FH as i32 => {
                        secinfo_style4::SECINFO_STYLE4_CURRENT_FH
                    }
                    x if x == secinfo_style4::SECINFO_STYLE4_PARENT as i32 => {
                        secinfo_style4::SECINFO_STYLE4_PARENT
                    }
                    e => return Err(xdr_codec::Error::invalidenum(e)),
                }
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for seek_res4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(seek_res4, usize)> {
        let mut sz = 0;
        Ok((
            seek_res4 {
                sr_eof: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                sr_offset: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for server_owner4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(server_owner4, usize)> {
        let mut sz = 0;
        Ok((
            server_owner4 {
                so_minor_id: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                so_major_id: {
                    let (v, fsz) = xdr_codec::unpack_opaque_flex(input, Some(NFS4_OPAQUE_LIMIT as usize))?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for sessionid4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(sessionid4, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (v, usz) = {
                    let mut buf: [u8; NFS4_SESSIONID_SIZE as usize] = [0u8; _];
                    let sz =
                        xdr_codec::unpack_opaque_array(input, &mut buf[..], NFS4_SESSIONID_SIZE as usize)?;
                    (buf, sz)
                };
                sz = usz;
                sessionid4(v)
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for settime4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(settime4, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (1i32 as i32) => settime4::SET_TO_CLIENT_TIME4({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (0i32 as i32) => settime4::SET_TO_SERVER_TIME4,
                v => return Err(xdr_codec::Error::invalidcase(v as i32)),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for setxattr_option4 {
    #[inline]
    fn unpack(input: &mut In) -> xdr_codec::Result<(setxattr_option4, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (e, esz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += esz;
                match e {
                    x if x == setxattr_option4::SETXATTR4_EITHER as i32 => setxattr_option4::SETXATTR4_EITHER,
                    x if x == setxattr_option4::SETXATTR4_CREATE as i32 => setxattr_option4::SETXATTR4_CREATE,
                    x if x == setxattr_option4::SETXATTR4_REPLACE as i32 => {
                        setxattr_option4::SETXATTR4_REPLACE
                    }
                    e => return Err(xdr_codec::Error::invalidenum(e)),
                }
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for specdata4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(specdata4, usize)> {
        let mut sz = 0;
        Ok((
            specdata4 {
                specdata1: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                specdata2: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for ssv_prot_info4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(ssv_prot_info4, usize)> {
        let mut sz = 0;
        Ok((
            ssv_prot_info4 {
                spi_ops: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                spi_hash_alg: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                spi_encr_alg: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                spi_ssv_len: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                spi_window: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                spi_handles: {
                    let (v, fsz) = xdr_codec::unpack_flex(input, Some(LIMIT_GSS_HANDLES as usize))?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for ssv_sp_parms4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(ssv_sp_parms4, usize)> {
        let mut sz = 0;
        Ok((
            ssv_sp_parms4 {
                ssp_ops: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                ssp_hash_algs: {
                    let (v, fsz) = xdr_codec::unpack_flex(input, Some(LIMIT_SSV_ALGS as usize))?;
                    sz += fsz;
                    v
                },
                ssp_encr_algs: {
                    let (v, fsz) = xdr_codec::unpack_flex(input, Some(LIMIT_SSV_ALGS as usize))?;
                    sz += fsz;
                    v
                },
                ssp_window: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                ssp_num_gss_handles: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for stable_how4 {
    #[inline]
    fn unpack(input: &mut In) -> xdr_codec::Result<(stable_how4, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (e, esz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += esz;
                match e {
                    x if x == stable_how4::UNSTABLE4 as i32 => stable_how4::UNSTABLE4,
                    x if x == stable_how4::DATA_SYNC4 as i32 => stable_how4::DATA_SYNC4,
                    x if x == stable_how4::FILE_SYNC4 as i32 => stable_how4::FILE_SYNC4,
                    e => return Err(xdr_codec::Error::invalidenum(e)),
                }
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for state_protect4_a {
    fn unpack(input: &mut In) -> xdr_codec::Result<(state_protect4_a, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => state_protect4_a::SP4_NONE,
                x if x == (1i32 as i32) => state_protect4_a::SP4_MACH_CRED({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (2i32 as i32) => state_protect4_a::SP4_SSV({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => return Err(xdr_codec::Error::invalidcase(v as i32)),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for state_protect4_r {
    fn unpack(input: &mut In) -> xdr_codec::Result<(state_protect4_r, usize)> {
        let mut sz = 0;
        Ok((
            match {
                let (v, dsz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += dsz;
                v
            } {
                x if x == (0i32 as i32) => state_protect4_r::SP4_NONE,
                x if x == (1i32 as i32) => state_protect4_r::SP4_MACH_CRED({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                x if x == (2i32 as i32) => state_protect4_r::SP4_SSV({
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                }),
                v => return Err(xdr_codec::Error::invalidcase(v as i32)),
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for state_protect_how4 {
    #[inline]
    fn unpack(input: &mut In) -> xdr_codec::Result<(state_protect_how4, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (e, esz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += esz;
                match e {
                    x if x == state_protect_how4::SP4_NONE as i32 => state_protect_how4::SP4_NONE,
                    x if x == state_protect_how4::SP4_MACH_CRED as i32 => state_protect_how4::SP4_MACH_CRED,
                    x if x == state_protect_how4::SP4_SSV as i32 => state_protect_how4::SP4_SSV,
                    e => return Err(xdr_codec::Error::invalidenum(e)),
                }
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for state_protect_ops4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(state_protect_ops4, usize)> {
        let mut sz = 0;
        Ok((
            state_protect_ops4 {
                spo_must_enforce: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                spo_must_allow: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for stateid4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(stateid4, usize)> {
        let mut sz = 0;
        Ok((
            stateid4 {
                seqid: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                other: {
                    let (v, fsz) = {
                        let mut buf: [u8; NFS4_OTHER_SIZE as usize] = [0u8; _];
                        let sz =
                            xdr_codec::unpack_opaque_array(input, &mut buf[..], NFS4_OTHER_SIZE as usize)?;
                        (buf, sz)
                    };
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for tag4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(tag4, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (v, usz) = xdr_codec::unpack_opaque_flex(input, Some(LIMIT_TAG as usize))?;
                sz = usz;
                tag4(v)
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for time_how4 {
    #[inline]
    fn unpack(input: &mut In) -> xdr_codec::Result<(time_how4, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (e, esz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += esz;
                match e {
                    x if x == time_how4::SET_TO_SERVER_TIME4 as i32 => time_how4::SET_TO_SERVER_TIME4,
                    x if x == time_how4::SET_TO_CLIENT_TIME4 as i32 => time_how4::SET_TO_CLIENT_TIME4,
                    e => return Err(xdr_codec::Error::invalidenum(e)),
                }
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for utf8string {
    fn unpack(input: &mut In) -> xdr_codec::Result<(utf8string, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (v, usz) = xdr_codec::unpack_opaque_flex(input, Some(LIMIT_UTF8 as usize))?;
                sz = usz;
                utf8string(v)
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for verifier4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(verifier4, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (v, usz) = {
                    let mut buf: [u8; NFS4_VERIFIER_SIZE as usize] = [0u8; _];
                    let sz =
                        xdr_codec::unpack_opaque_array(input, &mut buf[..], NFS4_VERIFIER_SIZE as usize)?;
                    (buf, sz)
                };
                sz = usz;
                verifier4(v)
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for why_no_delegation4 {
    #[inline]
    fn unpack(input: &mut In) -> xdr_codec::Result<(why_no_delegation4, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (e, esz): (i32, _) = xdr_codec::Unpack::unpack(input)?;
                sz += esz;
                match e {
                    x if x == why_no_delegation4::WND4_NOT_WANTED as i32 => {
                        why_no_delegation4::WND4_NOT_WANTED
                    }
                    x if x == why_no_delegation4::WND4_CONTENTION as i32 => {
                        why_no_delegation4::WND4_CONTENTION
                    }
                    x if x == why_no_delegation4::WND4_RESOURCE as i32 => why_no_delegation4::WND4_RESOURCE,
                    x if x == why_no_delegation4::WND4_NOT_SUPP_FTYPE as i32 => {
                        why_no_delegation4::WND4_NOT_SUPP_FTYPE
                    }
                    x if x == why_no_delegation4::WND4_WRITE_DELEG_NOT_SUPP_FTYPE as i32 => {
                        why_no_delegation4::WND4_WRITE_DELEG_NOT_SUPP_FTYPE
                    }
                    x if x == why_no_delegation4::WND4_NOT_SUPP_UPGRADE as i32 => {
                        why_no_delegation4::WND4_NOT_SUPP_UPGRADE
                    }
                    x if x == why_no_delegation4::WND4_NOT_SUPP_DOWNGRADE as i32 => {
                        why_no_delegation4::WND4_NOT_SUPP_DOWNGRADE
                    }
                    x if x == why_no_delegation4::WND4_CANCELLED as i32 => why_no_delegation4::WND4_CANCELLED,
                    x if x == why_no_delegation4::WND4_IS_DIR as i32 => why_no_delegation4::WND4_IS_DIR,
                    e => return Err(xdr_codec::Error::invalidenum(e)),
                }
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for write_response4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(write_response4, usize)> {
        let mut sz = 0;
        Ok((
            write_response4 {
                wr_callback_id: {
                    let (v, fsz) = xdr_codec::unpack_flex(input, Some(1i64 as usize))?;
                    sz += fsz;
                    v
                },
                wr_count: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                wr_committed: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
                wr_writeverf: {
                    let (v, fsz) = xdr_codec::Unpack::unpack(input)?;
                    sz += fsz;
                    v
                },
            },
            sz,
        ))
    }
}

impl<In: xdr_codec::Read> xdr_codec::Unpack<In> for xattrvalue4 {
    fn unpack(input: &mut In) -> xdr_codec::Result<(xattrvalue4, usize)> {
        let mut sz = 0;
        Ok((
            {
                let (v, usz) = xdr_codec::unpack_opaque_flex(input, Some(LIMIT_XATTR_VALUE as usize))?;
                sz = usz;
                xattrvalue4(v)
            },
            sz,
        ))
    }
}

pub const NFS4_UINT64_MAX: u64 = 0xffffffffffffffff;
