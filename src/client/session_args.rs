//! What a client of ours asks for when it makes a session (RFC 8881 §18.36.1).

use super::callback::{CB_OPS_MAX, CB_PROGRAM, CB_SLOTS};
use crate::xdr::generated::nfs4::*;

/// Bytes of a request and of a reply that the client asks for: more than the server grants, so that it gets what there is.
const MESSAGE_BYTES: u32 = 2 << 20;
/// Bytes of a reply that is kept.
const CACHED_BYTES: u32 = 8192;

/// Says how to make a session.
#[derive(Clone, Debug)]
pub struct SessionRequest {
    /// `co_ownerid`.
    pub owner: Vec<u8>,
    /// `co_verifier`.
    pub verifier: [u8; 8],
    /// `eia_flags`.
    pub exchange_flags: u32,
    /// `csa_flags`.
    pub flags: u32,
    /// Slots of the fore channel that are asked for.
    pub slots: u32,
}

impl SessionRequest {
    /// Describes a client of this name that takes callbacks on its connection.
    pub fn new(owner: &[u8], verifier: [u8; 8]) -> Self {
        let owner = owner.to_vec();
        Self { owner, verifier, exchange_flags: 0, flags: CREATE_SESSION4_FLAG_CONN_BACK_CHAN, slots: 16 }
    }
}

/// Returns the attributes of a fore channel that this client asks for.
pub fn fore_channel(slots: u32) -> channel_attrs4 {
    channel_attrs4 {
        ca_headerpadsize: 0,
        ca_maxrequestsize: MESSAGE_BYTES,
        ca_maxresponsesize: MESSAGE_BYTES,
        ca_maxresponsesize_cached: CACHED_BYTES,
        ca_maxoperations: 64,
        ca_maxrequests: slots,
        ca_rdma_ird: Vec::new(),
    }
}

/// Returns the attributes of a back channel that this client asks for.
pub fn back_channel() -> channel_attrs4 {
    channel_attrs4 {
        ca_headerpadsize: 0,
        ca_maxrequestsize: 4096,
        ca_maxresponsesize: 4096,
        ca_maxresponsesize_cached: 4096,
        ca_maxoperations: CB_OPS_MAX,
        ca_maxrequests: CB_SLOTS,
        ca_rdma_ird: Vec::new(),
    }
}

/// Returns the arguments of CREATE_SESSION that this client sends.
pub fn create_session_args(clientid: u64, sequence: u32, flags: u32, slots: u32) -> CREATE_SESSION4args {
    CREATE_SESSION4args {
        csa_clientid: clientid,
        csa_sequence: sequence,
        csa_flags: flags,
        csa_fore_chan_attrs: fore_channel(slots),
        csa_back_chan_attrs: back_channel(),
        csa_cb_program: CB_PROGRAM,
        csa_sec_parms: vec![auth_sys()],
    }
}

/// Returns AUTH_SYS of user 0 for callbacks.
pub fn auth_sys() -> callback_sec_parms4 {
    let machinename = b"lockhouse-client".to_vec();
    callback_sec_parms4::Const1(cb_authsys_parms4 { stamp: 0, machinename, uid: 0, gid: 0, gids: Vec::new() })
}
