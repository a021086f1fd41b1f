//! SETCLIENTID, SETCLIENTID_CONFIRM, RENEW, DELEGPURGE, DELEGRETURN (RFC 7530 §16.5, §16.6, §16.28, §16.33, §16.34).

use super::{Parsed, any_opaque, clientid, opaque, stateid, u32_, verifier};
use crate::nfs4::{ClientId, Stateid, Verifier};
use crate::xdr::limits;
use nom::Parser;
use nom::combinator::map;

/// `nfs_client_id4`, or `client_owner4` (RFC 8881): the client's long name for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NfsClientId<'a> {
    /// Changes when the client restarts.
    pub verifier: Verifier,
    /// Stays the same over its restarts.
    pub id: &'a [u8],
}

/// `cb_client4`: where the client takes callbacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CbClient<'a> {
    /// RPC program number.
    pub cb_program: u32,
    /// `r_netid` of `cb_location`: kind of transport, for example `tcp`.
    pub r_netid: &'a [u8],
    /// `r_addr` of `cb_location`: universal address (RFC 5665 §5.2.3).
    pub r_addr: &'a [u8],
}

/// `SETCLIENTID4args`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetclientidArgs<'a> {
    /// Who the client is.
    pub client: NfsClientId<'a>,
    /// Where it takes callbacks.
    pub callback: CbClient<'a>,
    /// Goes back to it in each callback.
    pub callback_ident: u32,
}

pub(super) fn nfs_client_id(i: &[u8]) -> Parsed<'_, NfsClientId<'_>> {
    let fields = (verifier, opaque(limits::OWNER_BYTES_MAX));
    map(fields, |(verifier, id)| NfsClientId { verifier, id }).parse(i)
}

fn cb_client(i: &[u8]) -> Parsed<'_, CbClient<'_>> {
    let fields = (u32_, any_opaque, any_opaque);
    map(fields, |(cb_program, r_netid, r_addr)| CbClient { cb_program, r_netid, r_addr }).parse(i)
}

/// Decodes SETCLIENTID (RFC 7530 §16.33.1).
pub fn setclientid(i: &[u8]) -> Parsed<'_, SetclientidArgs<'_>> {
    map((nfs_client_id, cb_client, u32_), |(client, callback, callback_ident)| SetclientidArgs {
        client,
        callback,
        callback_ident,
    })
    .parse(i)
}

/// `SETCLIENTID_CONFIRM4args`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetclientidConfirmArgs {
    /// As SETCLIENTID gave it.
    pub clientid: ClientId,
    /// As SETCLIENTID gave it.
    pub setclientid_confirm: Verifier,
}

/// Decodes SETCLIENTID_CONFIRM (RFC 7530 §16.34.1).
pub fn setclientid_confirm(i: &[u8]) -> Parsed<'_, SetclientidConfirmArgs> {
    map((clientid, verifier), |(clientid, setclientid_confirm)| SetclientidConfirmArgs {
        clientid,
        setclientid_confirm,
    })
    .parse(i)
}

/// `RENEW4args`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RenewArgs {
    /// Whose lease.
    pub clientid: ClientId,
}

/// Decodes RENEW (RFC 7530 §16.28.1).
pub fn renew(i: &[u8]) -> Parsed<'_, RenewArgs> {
    map(clientid, |clientid| RenewArgs { clientid }).parse(i)
}

/// `DELEGPURGE4args`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DelegpurgeArgs {
    /// Whose delegations.
    pub clientid: ClientId,
}

/// Decodes DELEGPURGE (RFC 7530 §16.5.1).
pub fn delegpurge(i: &[u8]) -> Parsed<'_, DelegpurgeArgs> {
    map(clientid, |clientid| DelegpurgeArgs { clientid }).parse(i)
}

/// `DELEGRETURN4args`. The current filehandle names the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DelegreturnArgs {
    /// The delegation.
    pub deleg_stateid: Stateid,
}

/// Decodes DELEGRETURN (RFC 7530 §16.6.1).
pub fn delegreturn(i: &[u8]) -> Parsed<'_, DelegreturnArgs> {
    map(stateid, |deleg_stateid| DelegreturnArgs { deleg_stateid }).parse(i)
}
