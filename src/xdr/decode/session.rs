//! Clients and sessions of NFSv4.1: BACKCHANNEL_CTL to RECLAIM_COMPLETE (RFC 8881 §18.33 to §18.51).

use super::client::nfs_client_id;
use super::{Parsed, any_opaque, bool_, clientid, fixed, opaque, stateid, u32_, undefined};
use crate::nfs4::{ClientId, SessionId, Stateid};
use crate::xdr::DecodeError;
use crate::xdr::decode::NfsClientId;
use nom::Parser;
use nom::combinator::map;

/// Decodes `sessionid4`.
#[inline]
pub fn sessionid(i: &[u8]) -> Parsed<'_, SessionId> {
    let (i, bytes) = fixed(i)?;
    Ok((i, SessionId(bytes)))
}

/// Returns a counted array of any length: each element, which takes some bytes, goes to `each`.
fn any_array<'a, T>(
    element: impl Fn(&'a [u8]) -> Parsed<'a, T>,
    each: impl FnMut(T),
) -> impl FnMut(&'a [u8]) -> Parsed<'a, ()> {
    array(usize::MAX, element, each)
}

/// Returns a counted array of at most `max` elements: each goes to `each`.
fn array<'a, T>(
    max: usize,
    element: impl Fn(&'a [u8]) -> Parsed<'a, T>,
    mut each: impl FnMut(T),
) -> impl FnMut(&'a [u8]) -> Parsed<'a, ()> {
    move |i| {
        let (mut i, count) = u32_(i)?;
        let max = u32::try_from(max).unwrap_or(u32::MAX);
        if count > max {
            return super::primitive::fail(DecodeError::TooLong { length: count, max });
        }
        for _ in 0..count {
            let (rest, value) = element(i)?;
            each(value);
            i = rest;
        }
        Ok((i, ()))
    }
}

/// What of `state_protect4_a` the server tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateProtect {
    /// `SP4_NONE`.
    None,
    /// `SP4_MACH_CRED`.
    MachCred,
    /// `SP4_SSV`.
    Ssv,
}

/// `EXCHANGE_ID4args`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExchangeIdArgs<'a> {
    /// `eia_clientowner`.
    pub clientowner: NfsClientId<'a>,
    /// `EXCHGID4_FLAG_*`.
    pub flags: u32,
    /// How the client wants its state protected.
    pub state_protect: StateProtect,
}

fn bitmap_pair(i: &[u8]) -> Parsed<'_, ()> {
    map((super::bitmap, super::bitmap), drop).parse(i)
}

fn state_protect(i: &[u8]) -> Parsed<'_, StateProtect> {
    match u32_(i)? {
        (i, 0) => Ok((i, StateProtect::None)),
        (i, 1) => map(bitmap_pair, |()| StateProtect::MachCred).parse(i),
        (i, 2) => {
            let (i, ()) = bitmap_pair(i)?;
            let oids = || any_array(any_opaque, drop);
            map((oids(), oids(), u32_, u32_), |_| StateProtect::Ssv).parse(i)
        }
        (_, other) => undefined("state_protect_how4", other),
    }
}

/// Decodes `nfs_impl_id4`, which is of no use to the server.
fn impl_id(i: &[u8]) -> Parsed<'_, ()> {
    map((super::utf8str, super::utf8str, super::nfstime4), drop).parse(i)
}

/// Decodes EXCHANGE_ID (RFC 8881 §18.35.1).
pub fn exchange_id(i: &[u8]) -> Parsed<'_, ExchangeIdArgs<'_>> {
    let fields = (nfs_client_id, u32_, state_protect, array(1, impl_id, drop));
    map(fields, |(clientowner, flags, state_protect, ())| ExchangeIdArgs {
        clientowner,
        flags,
        state_protect,
    })
    .parse(i)
}

/// `channel_attrs4` without what only RDMA has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChannelAttrs {
    /// Bytes of padding in front of WRITE's data.
    pub headerpadsize: u32,
    /// Longest request, in bytes from the RPC header on.
    pub maxrequestsize: u32,
    /// Longest reply, likewise.
    pub maxresponsesize: u32,
    /// Longest reply that is kept for a retry.
    pub maxresponsesize_cached: u32,
    /// Most operations in a COMPOUND.
    pub maxoperations: u32,
    /// Slots.
    pub maxrequests: u32,
}

fn channel_attrs(i: &[u8]) -> Parsed<'_, ChannelAttrs> {
    let fields = (u32_, u32_, u32_, u32_, u32_, u32_, array(1, u32_, drop));
    map(fields, |(headerpadsize, request, response, cached, maxoperations, maxrequests, ())| ChannelAttrs {
        headerpadsize,
        maxrequestsize: request,
        maxresponsesize: response,
        maxresponsesize_cached: cached,
        maxoperations,
        maxrequests,
    })
    .parse(i)
}

/// `authsys_parms` (RFC 5531 Appendix A), as bytes to send back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuthSysParms<'a>(pub &'a [u8]);

fn authsys_parms(i: &[u8]) -> Parsed<'_, AuthSysParms<'_>> {
    let gids = array(16, u32_, drop);
    let (rest, _) = (u32_, opaque(255), u32_, u32_, gids).parse(i)?;
    Ok((rest, AuthSysParms(&i[..i.len() - rest.len()])))
}

/// `callback_sec_parms4`: with which credentials callbacks may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallbackSec<'a> {
    /// `AUTH_NONE`.
    None,
    /// `AUTH_SYS` with these.
    Sys(AuthSysParms<'a>),
    /// `RPCSEC_GSS`, which this server does not use for callbacks.
    Gss,
}

/// Decodes `rpc_gss_svc_t` (RFC 2203 §5.2.2).
fn gss_service(i: &[u8]) -> Parsed<'_, u32> {
    match u32_(i)? {
        (i, service @ 1..=3) => Ok((i, service)),
        (_, other) => undefined("rpc_gss_svc_t", other),
    }
}

fn callback_sec(i: &[u8]) -> Parsed<'_, CallbackSec<'_>> {
    match u32_(i)? {
        (i, 0) => Ok((i, CallbackSec::None)),
        (i, 1) => map(authsys_parms, CallbackSec::Sys).parse(i),
        (i, 6) => map((gss_service, any_opaque, any_opaque), |_| CallbackSec::Gss).parse(i),
        (_, other) => undefined("auth_flavor", other),
    }
}

/// Returns the first of the credentials offered that the server can use; `None` if there is none.
fn callback_secs(i: &[u8]) -> Parsed<'_, Option<CallbackSec<'_>>> {
    let mut first = None;
    let usable = |sec: &CallbackSec<'_>| !matches!(sec, CallbackSec::Gss);
    let (i, ()) = any_array(callback_sec, |sec| {
        first = first.or(Some(sec).filter(usable));
    })(i)?;
    Ok((i, first))
}

/// `CREATE_SESSION4args`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CreateSessionArgs<'a> {
    /// As EXCHANGE_ID gave it.
    pub clientid: ClientId,
    /// Numbers the CREATE_SESSIONs of a client.
    pub sequence: u32,
    /// `CREATE_SESSION4_FLAG_*`.
    pub flags: u32,
    /// For the client's calls.
    pub fore: ChannelAttrs,
    /// For callbacks.
    pub back: ChannelAttrs,
    /// RPC program of callbacks.
    pub cb_program: u32,
    /// Credentials of callbacks.
    pub sec: Option<CallbackSec<'a>>,
}

/// Decodes CREATE_SESSION (RFC 8881 §18.36.1).
pub fn create_session(i: &[u8]) -> Parsed<'_, CreateSessionArgs<'_>> {
    let fields = (clientid, u32_, u32_, channel_attrs, channel_attrs, u32_, callback_secs);
    map(fields, |(clientid, sequence, flags, fore, back, cb_program, sec)| CreateSessionArgs {
        clientid,
        sequence,
        flags,
        fore,
        back,
        cb_program,
        sec,
    })
    .parse(i)
}

/// `BACKCHANNEL_CTL4args`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackchannelCtlArgs<'a> {
    /// RPC program of callbacks.
    pub cb_program: u32,
    /// Credentials of callbacks.
    pub sec: Option<CallbackSec<'a>>,
}

/// Decodes BACKCHANNEL_CTL (RFC 8881 §18.33.1).
pub fn backchannel_ctl(i: &[u8]) -> Parsed<'_, BackchannelCtlArgs<'_>> {
    map((u32_, callback_secs), |(cb_program, sec)| BackchannelCtlArgs { cb_program, sec }).parse(i)
}

/// `BIND_CONN_TO_SESSION4args`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BindConnToSessionArgs {
    /// The session.
    pub sessionid: SessionId,
    /// `channel_dir_from_client4`: the channels to use the connection for.
    pub dir: u32,
}

/// Decodes BIND_CONN_TO_SESSION (RFC 8881 §18.34.1).
pub fn bind_conn_to_session(i: &[u8]) -> Parsed<'_, BindConnToSessionArgs> {
    let (i, (sessionid, dir, _rdma)) = (sessionid, u32_, bool_).parse(i)?;
    match dir {
        1 | 2 | 3 | 7 => Ok((i, BindConnToSessionArgs { sessionid, dir })),
        other => undefined("channel_dir_from_client4", other),
    }
}

/// Decodes DESTROY_SESSION (RFC 8881 §18.37.1).
pub fn destroy_session(i: &[u8]) -> Parsed<'_, SessionId> {
    sessionid(i)
}

/// Decodes FREE_STATEID (RFC 8881 §18.38.1).
pub fn free_stateid(i: &[u8]) -> Parsed<'_, Stateid> {
    stateid(i)
}

/// `secinfo_style4`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecinfoStyle {
    /// Of the current filehandle.
    CurrentFh,
    /// Of its parent.
    Parent,
}

/// Decodes SECINFO_NO_NAME (RFC 8881 §18.45.1).
pub fn secinfo_no_name(i: &[u8]) -> Parsed<'_, SecinfoStyle> {
    match u32_(i)? {
        (i, 0) => Ok((i, SecinfoStyle::CurrentFh)),
        (i, 1) => Ok((i, SecinfoStyle::Parent)),
        (_, other) => undefined("secinfo_style4", other),
    }
}

/// `SEQUENCE4args`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SequenceArgs {
    /// The session.
    pub sessionid: SessionId,
    /// Number of the request in its slot.
    pub sequenceid: u32,
    /// The slot.
    pub slotid: u32,
    /// The highest slot in use by the client.
    pub highest_slotid: u32,
    /// Whether the reply is to be kept for a retry.
    pub cachethis: bool,
}

/// Decodes SEQUENCE (RFC 8881 §18.46.1).
pub fn sequence(i: &[u8]) -> Parsed<'_, SequenceArgs> {
    let (i, sessionid) = sessionid(i)?;
    let (i, sequenceid) = u32_(i)?;
    let (i, slotid) = u32_(i)?;
    let (i, highest_slotid) = u32_(i)?;
    let (i, cachethis) = bool_(i)?;
    Ok((i, SequenceArgs { sessionid, sequenceid, slotid, highest_slotid, cachethis }))
}

/// `ts_stateids`: a counted array of stateids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stateids<'a>(&'a [[u8; 16]]);

impl Stateids<'_> {
    /// Returns how many there are.
    pub fn count(&self) -> u32 {
        self.0.len() as u32
    }

    /// Returns all of them.
    pub fn iter(&self) -> impl Iterator<Item = Stateid> {
        self.0.iter().filter_map(|bytes| stateid(bytes).ok()).map(|(_, stateid)| stateid)
    }
}

/// Decodes TEST_STATEID (RFC 8881 §18.48.1).
pub fn test_stateid(i: &[u8]) -> Parsed<'_, Stateids<'_>> {
    let (i, count) = u32_(i)?;
    let (i, bytes) = nom::bytes::complete::take(count as usize * 16)(i)?;
    Ok((i, Stateids(bytes.as_chunks().0)))
}

/// Decodes DESTROY_CLIENTID (RFC 8881 §18.50.1).
pub fn destroy_clientid(i: &[u8]) -> Parsed<'_, ClientId> {
    clientid(i)
}

/// Decodes RECLAIM_COMPLETE (RFC 8881 §18.51.1): whether it is only for the file system of the current filehandle.
pub fn reclaim_complete(i: &[u8]) -> Parsed<'_, bool> {
    bool_(i)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xdr::decode::u64_;

    #[test]
    fn arrays_are_bounded_before_anything_is_read() {
        let mut seen = 0;
        let bytes = [0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3];
        assert!(array(3, u32_, |_| seen += 1)(&bytes).is_ok());
        assert_eq!(seen, 3);
        assert!(array(2, u32_, drop)(&bytes).is_err());
        assert!(array(3, u64_, drop)(&bytes).is_err());
    }

    #[test]
    fn the_first_usable_credential_is_taken() {
        let gss = [6u32, 1, 0, 0];
        let sys = [1u32, 7, 0, 5, 6, 1, 9];
        let words: Vec<u32> = [2].into_iter().chain(gss).chain(sys).collect();
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        let (rest, sec) = callback_secs(&bytes).expect("well-formed");
        assert!(rest.is_empty());
        assert_eq!(sec, Some(CallbackSec::Sys(AuthSysParms(&bytes[bytes.len() - 24..]))));
    }

    #[test]
    fn a_gss_service_is_one_of_three() {
        for (service, known) in [(0, false), (1, true), (3, true), (4, false)] {
            let bytes: Vec<u8> = [1u32, 6, service, 0, 0].into_iter().flat_map(u32::to_be_bytes).collect();
            assert_eq!(callback_secs(&bytes).is_ok(), known, "{service}");
        }
    }
}
