//! The head of a call or of a reply: what is read is what stands there, a refusal can be answered, and a credential says
//! no more than its bytes.

use lockhouse::nfs4::Principal;
use lockhouse::rpc::auth::authenticate;
use lockhouse::rpc::flavor::{AUTH_SYS, OpaqueAuth};
use lockhouse::rpc::message::{
    AUTH_BODY_BYTES_MAX, Accepted, Call, Refusal, parse_call, parse_reply, put_accepted, put_call, put_denied,
};

/// Judges a record.
pub fn run(record: &[u8]) {
    check_reply(record);
    match parse_call(record) {
        Ok(call) => {
            check_bytes(record, &call);
            check_identity(&call);
            check_outgoing(&call);
            let mut out = Vec::new();
            put_accepted(&mut out, call.xid, Accepted::ProgMismatch { low: 4, high: 4 });
            assert_eq!((out.len(), &out[..4]), (32, &record[..4]));
        }
        Err(Refusal::Denied { xid, why }) => {
            let mut out = Vec::new();
            put_denied(&mut out, xid, why);
            assert_eq!(out[..4], record[..4]);
            assert!(out.len() == 20 || out.len() == 24);
        }
        Err(Refusal::Reply | Refusal::Undecodable) => {}
    }
}

/// A reply is no call; its result is what stands behind its head, and the head that the server writes is read again.
fn check_reply(record: &[u8]) {
    let Some(reply) = parse_reply(record) else { return };
    assert_eq!(parse_call(record), Err(Refusal::Reply));
    assert_eq!((reply.xid.to_be_bytes(), 1u32.to_be_bytes()), (head(record, 0), head(record, 4)));
    let Some(result) = reply.result else { return };
    assert!(record.ends_with(result));
    let mut out = Vec::new();
    put_accepted(&mut out, reply.xid, Accepted::Success);
    out.extend_from_slice(result);
    assert_eq!(parse_reply(&out), Some(reply));
}

fn head(record: &[u8], at: usize) -> [u8; 4] {
    *record.get(at..).and_then(|rest| rest.first_chunk()).expect("it was read")
}

/// A call of the server's with this head is one that it would read itself.
fn check_outgoing(call: &Call<'_>) {
    let mut out = Vec::new();
    put_call(&mut out, call.xid, call.prog, call.vers, call.proc, call.cred);
    let again = parse_call(&out).expect("a call");
    assert_eq!((again.xid, again.prog, again.vers, again.proc), (call.xid, call.prog, call.vers, call.proc));
    assert_eq!((again.cred, again.body_offset), (call.cred, out.len()));
}

fn put_auth(out: &mut Vec<u8>, auth: OpaqueAuth<'_>, record: &[u8]) {
    assert!(auth.body.len() <= AUTH_BODY_BYTES_MAX);
    out.extend_from_slice(&auth.flavor.to_be_bytes());
    out.extend_from_slice(&(auth.body.len() as u32).to_be_bytes());
    out.extend_from_slice(auth.body);
    // Padding may hold anything.
    let padded = out.len().next_multiple_of(4);
    out.extend_from_slice(&record[out.len()..padded]);
}

/// Written again, the head is the same bytes.
fn check_bytes(record: &[u8], call: &Call<'_>) {
    let words = [call.xid, 0, 2, call.prog, call.vers, call.proc];
    let mut head: Vec<u8> = words.into_iter().flat_map(u32::to_be_bytes).collect();
    put_auth(&mut head, call.cred, record);
    assert_eq!(call.signed, 0..head.len());
    put_auth(&mut head, call.verf, record);
    assert_eq!(head, record[..call.body_offset]);
}

fn check_identity(call: &Call<'_>) {
    let Ok(identity) = authenticate(call.cred, call.verf) else { return };
    assert!(identity.cred.groups.len() <= 16);
    if call.cred.flavor == AUTH_SYS {
        let user = Principal::Sys { uid: identity.cred.uid };
        assert_eq!(identity.principal, user);
        let holds = |number: u32| call.cred.body.windows(4).any(|word| word == number.to_be_bytes());
        let said = [identity.cred.uid, identity.cred.gid].into_iter().chain(identity.cred.groups);
        assert!(said.into_iter().all(holds), "a number that is not in the credential");
    }
}
