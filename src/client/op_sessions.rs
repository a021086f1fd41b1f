//! Operations that NFSv4.1 added (RFC 8881 §18).

use super::attr;
use crate::nfs4::Stateid;
use crate::xdr::generated::nfs4::*;

/// Builds BACKCHANNEL_CTL (§18.33).
pub fn backchannel_ctl(program: u32, security: Vec<callback_sec_parms4>) -> nfs_argop4 {
    nfs_argop4::OP_BACKCHANNEL_CTL(BACKCHANNEL_CTL4args { bca_cb_program: program, bca_sec_parms: security })
}

/// Builds BIND_CONN_TO_SESSION (§18.34).
pub fn bind_conn_to_session(session: [u8; 16], direction: channel_dir_from_client4) -> nfs_argop4 {
    nfs_argop4::OP_BIND_CONN_TO_SESSION(BIND_CONN_TO_SESSION4args {
        bctsa_sessid: sessionid4(session),
        bctsa_dir: direction,
        bctsa_use_conn_in_rdma_mode: false,
    })
}

/// Builds EXCHANGE_ID without state protection or an implementation id (§18.35).
pub fn exchange_id(owner: &[u8], verifier: [u8; 8], flags: u32) -> nfs_argop4 {
    exchange_id_protected(owner, verifier, flags, state_protect4_a::SP4_NONE)
}

/// Builds EXCHANGE_ID with this state protection.
pub fn exchange_id_protected(
    owner: &[u8],
    verifier: [u8; 8],
    flags: u32,
    protect: state_protect4_a,
) -> nfs_argop4 {
    nfs_argop4::OP_EXCHANGE_ID(EXCHANGE_ID4args {
        eia_clientowner: client_owner4 { co_verifier: verifier4(verifier), co_ownerid: owner.to_vec() },
        eia_flags: flags,
        eia_state_protect: protect,
        eia_client_impl_id: Vec::new(),
    })
}

/// Builds CREATE_SESSION (§18.36).
pub fn create_session(args: &CREATE_SESSION4args) -> nfs_argop4 {
    nfs_argop4::OP_CREATE_SESSION(args.clone())
}

/// Builds DESTROY_SESSION (§18.37).
pub fn destroy_session(session: [u8; 16]) -> nfs_argop4 {
    nfs_argop4::OP_DESTROY_SESSION(DESTROY_SESSION4args { dsa_sessionid: sessionid4(session) })
}

/// Builds FREE_STATEID (§18.38).
pub fn free_stateid(state: Stateid) -> nfs_argop4 {
    nfs_argop4::OP_FREE_STATEID(FREE_STATEID4args { fsa_stateid: state.into() })
}

/// Builds SECINFO_NO_NAME (§18.45).
pub fn secinfo_no_name(style: secinfo_style4) -> nfs_argop4 {
    nfs_argop4::OP_SECINFO_NO_NAME(SECINFO_NO_NAME4args { style })
}

/// Builds SEQUENCE (§18.46) that names no slot above its own.
pub fn sequence(session: [u8; 16], slot: u32, sequence: u32, cache: bool) -> nfs_argop4 {
    nfs_argop4::OP_SEQUENCE(SEQUENCE4args {
        sa_sessionid: sessionid4(session),
        sa_sequenceid: sequence,
        sa_slotid: slot,
        sa_highest_slotid: slot,
        sa_cachethis: cache,
    })
}

/// Builds TEST_STATEID (§18.48).
pub fn test_stateid(stateids: &[Stateid]) -> nfs_argop4 {
    let ts_stateids = stateids.iter().map(|one| (*one).into()).collect();
    nfs_argop4::OP_TEST_STATEID(TEST_STATEID4args { ts_stateids })
}

/// Builds DESTROY_CLIENTID (§18.50).
pub fn destroy_clientid(clientid: u64) -> nfs_argop4 {
    nfs_argop4::OP_DESTROY_CLIENTID(DESTROY_CLIENTID4args { dca_clientid: clientid })
}

/// Builds RECLAIM_COMPLETE (§18.51).
pub fn reclaim_complete(one_fs: bool) -> nfs_argop4 {
    nfs_argop4::OP_RECLAIM_COMPLETE(RECLAIM_COMPLETE4args { rca_one_fs: one_fs })
}

/// Builds the state protection `SP4_MACH_CRED` for these operations.
pub fn machine_credential(enforce: &[u32], allow: &[u32]) -> state_protect4_a {
    state_protect4_a::SP4_MACH_CRED(state_protect_ops4 {
        spo_must_enforce: attr::bitmap(enforce),
        spo_must_allow: attr::bitmap(allow),
    })
}
