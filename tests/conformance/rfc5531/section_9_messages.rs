//! RFC 5531 §8, §9: call and reply messages, and what is answered to calls that cannot be carried out.

use crate::support::Place;
use lockhouse::client::rpc::{CallHeader, NFS_PROGRAM};
use lockhouse::client::{Client, Credential, Error, Refusal, op};
use lockhouse::xdr::generated::rpc::auth_stat;

/// Sends a call with this head and waits for its answer.
fn answer(
    client: &mut Client,
    change: impl FnOnce(&mut CallHeader<'_>),
    args: &[u8],
) -> Result<Vec<u8>, Refusal> {
    let credential = client.credential.clone();
    let xid = client.connection.new_xid();
    let (program, version) = (NFS_PROGRAM, 4);
    let mut header =
        CallHeader { xid, rpc_version: 2, program, version, procedure: 0, credential: &credential };
    change(&mut header);
    client.connection.send_message(&header.message(args)).unwrap();
    client.connection.receive(xid).unwrap().outcome
}

/// §9: another version of RPC is `RPC_MISMATCH`, from 2 to 2.
#[test]
fn other_rpc_version() {
    let mut client = Place::new().stranger();
    for version in [0, 1, 3, u32::MAX] {
        let got = answer(&mut client, |call| call.rpc_version = version, &[]);
        assert_eq!(got, Err(Refusal::RpcMismatch { low: 2, high: 2 }));
    }
}

/// §9: another program is `PROG_UNAVAIL`. (100005, MOUNT, may be there too on servers that also speak NFSv3.)
#[test]
fn other_program() {
    let mut client = Place::new().stranger();
    for program in [0, 4711, u32::MAX] {
        let got = answer(&mut client, |call| call.program = program, &[]);
        assert_eq!(got, Err(Refusal::ProgUnavail));
    }
}

/// §9: another version of the program is `PROG_MISMATCH`, up to 4.
#[test]
fn other_version() {
    let mut client = Place::new().stranger();
    for version in [0, 1, 5, u32::MAX] {
        match answer(&mut client, |call| call.version = version, &[]) {
            Err(Refusal::ProgMismatch { low: 2..=4, high: 4 }) => {}
            other => panic!("version {version}: {other:?}"),
        }
    }
}

/// §9: NFSv4 has two procedures; others are `PROC_UNAVAIL`.
#[test]
fn other_procedure() {
    let mut client = Place::new().stranger();
    for procedure in [2, 22, u32::MAX] {
        let got = answer(&mut client, |call| call.procedure = procedure, &[]);
        assert_eq!(got, Err(Refusal::ProcUnavail));
    }
}

/// §9: arguments that are no COMPOUND are `GARBAGE_ARGS`.
#[test]
fn garbage_arguments() {
    let mut client = Place::new().stranger();
    let hostile_tag = [0xff; 16];
    for args in [&b""[..], &[0, 0, 0], &[0; 4], &[0; 8], &hostile_tag] {
        assert_eq!(
            answer(&mut client, |call| call.procedure = 1, args),
            Err(Refusal::GarbageArgs),
            "{args:?}"
        );
    }
}

/// §8.2: a credential that cannot be decoded is `AUTH_BADCRED`. Good calls go on afterwards on the same connection.
#[test]
fn bad_credential() {
    let mut client = Place::new().stranger();
    // AUTH_SYS without its machine name, with one that is cut short, and with 17 groups.
    let seventeen = [&[0u32, 0, 0, 0, 17][..], &[0; 17]].concat();
    let bodies = [vec![], vec![0; 4], vec![0, 0, 0, 0, 0, 0, 0, 200], words(&seventeen)];
    for body in bodies {
        let bad = Credential::Raw { flavor: 1, body };
        let credential = std::mem::replace(&mut client.credential, bad);
        match answer(&mut client, |call| call.procedure = 1, &[0; 12]) {
            Err(Refusal::AuthError(auth_stat::AUTH_BADCRED | auth_stat::AUTH_REJECTEDCRED)) => {}
            // A server may decode the header before it looks at the credential.
            Err(Refusal::GarbageArgs) => {}
            other => panic!("{:?}: {other:?}", client.credential),
        }
        client.credential = credential;
        client.root().unwrap();
    }
}

fn words(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

/// §8.1: a flavor that nobody knows is refused with an `auth_stat`.
#[test]
fn unknown_flavor() {
    let mut client = Place::new().stranger();
    client.credential = Credential::Raw { flavor: 390_000, body: vec![1, 2, 3, 4] };
    match client.compound(&[op::putrootfh()]) {
        Err(Error::Refused(Refusal::AuthError(_))) => {}
        other => panic!("{other:?}"),
    }
}

/// §8.2: a body of more than 400 bytes is not an `opaque_auth`: the call is refused, or the connection given up; the
/// server lives on.
#[test]
fn too_long_credential() {
    let place = Place::new();
    let mut client = place.stranger();
    client.credential = Credential::Raw { flavor: 1, body: vec![0; 404] };
    match client.compound(&[op::putrootfh()]) {
        Err(Error::Refused(Refusal::AuthError(_) | Refusal::GarbageArgs) | Error::Closed | Error::Io(_)) => {}
        other => panic!("{other:?}"),
    }
    place.stranger().root().unwrap();
}

/// §8.1: NULL works with AUTH_NONE; it is how clients look whether a server is there.
#[test]
fn null_without_credential() {
    let mut client = Place::new().stranger();
    client.credential = Credential::None;
    assert_eq!(answer(&mut client, |_| (), &[]), Ok(vec![]));
}

/// §9: the reply has the xid of the call, whichever it is.
#[test]
fn xid_comes_back() {
    let mut client = Place::new().stranger();
    for xid in [0, 1, 0x8000_0000, u32::MAX] {
        let credential = client.credential.clone();
        let (program, version) = (NFS_PROGRAM, 4);
        let header =
            CallHeader { xid, rpc_version: 2, program, version, procedure: 0, credential: &credential };
        client.connection.send_message(&header.message(&[])).unwrap();
        assert_eq!(client.connection.receive(xid).unwrap().outcome, Ok(vec![]));
    }
}
