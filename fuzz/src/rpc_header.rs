//! The head of a call: what is read is what stands there, a refusal can be answered, and a credential says no more than
//! its octets.

use lockhouse::nfs4::Principal;
use lockhouse::rpc::auth::{AUTH_SYS, authenticate};
use lockhouse::rpc::message::{
    AUTH_BODY_BYTES_MAX, Accepted, Call, OpaqueAuth, Refusal, parse_call, put_accepted, put_denied,
};

/// Judges a record.
pub fn run(record: &[u8]) {
    match parse_call(record) {
        Ok(call) => {
            check_octets(record, &call);
            check_identity(&call);
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

fn put_auth(out: &mut Vec<u8>, auth: OpaqueAuth<'_>, record: &[u8]) {
    assert!(auth.body.len() <= AUTH_BODY_BYTES_MAX);
    out.extend_from_slice(&auth.flavor.to_be_bytes());
    out.extend_from_slice(&(auth.body.len() as u32).to_be_bytes());
    out.extend_from_slice(auth.body);
    // Padding may hold anything.
    let padded = out.len().next_multiple_of(4);
    out.extend_from_slice(&record[out.len()..padded]);
}

/// Written again, the head is the same octets.
fn check_octets(record: &[u8], call: &Call<'_>) {
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
