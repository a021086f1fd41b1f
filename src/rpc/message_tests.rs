use super::*;
use proptest::prelude::*;

/// xid 7, CALL, RPC 2, NFS 4, COMPOUND, cred AUTH_SYS of 4 bytes, verf AUTH_NONE, then two bytes of arguments.
#[rustfmt::skip]
const CALL_BYTES: [u8; 46] = [
    0, 0, 0, 7,    0, 0, 0, 0,    0, 0, 0, 2,
    0, 1, 0x86, 0xa3,    0, 0, 0, 4,    0, 0, 0, 1,
    0, 0, 0, 1,    0, 0, 0, 4,    9, 8, 7, 6,
    0, 0, 0, 0,    0, 0, 0, 0,
    5, 5,
];

fn denied(why: Denied) -> Refusal {
    Refusal::Denied { xid: 7, why }
}

fn with_byte(at: usize, byte: u8) -> Vec<u8> {
    let mut bytes = CALL_BYTES.to_vec();
    bytes[at] = byte;
    bytes
}

#[test]
fn a_call_is_read_and_its_parts_are_located() {
    let call = parse_call(&CALL_BYTES).unwrap();
    assert_eq!((call.xid, call.prog, call.vers, call.proc), (7, 100_003, 4, 1));
    assert_eq!(call.cred, OpaqueAuth { flavor: 1, body: &[9, 8, 7, 6] });
    assert_eq!(call.verf, OpaqueAuth { flavor: 0, body: &[] });
    assert_eq!(call.signed, 0..36);
    assert_eq!(&CALL_BYTES[call.body_offset..], [5, 5]);
}

#[test]
fn cut_short_it_is_undecodable_until_the_credential_decides() {
    for length in 0..CALL_BYTES.len() {
        let expected = match length {
            0..24 => Err(Refusal::Undecodable),
            24..36 => Err(denied(Denied::Auth(AuthStat::BadCred))),
            36..44 => Err(denied(Denied::Auth(AuthStat::BadVerf))),
            _ => Ok(44),
        };
        let got = parse_call(&CALL_BYTES[..length]).map(|call| call.body_offset);
        assert_eq!(got, expected, "{length} bytes");
    }
}

#[test]
fn what_is_not_a_call() {
    assert_eq!(parse_call(&with_byte(7, 1)), Err(Refusal::Reply));
    assert_eq!(parse_call(&with_byte(7, 2)), Err(Refusal::Undecodable));
    assert_eq!(parse_call(&with_byte(4, 0xff)), Err(Refusal::Undecodable));
}

#[test]
fn other_versions_of_rpc_are_denied() {
    for version in [0, 1, 3, 255] {
        assert_eq!(parse_call(&with_byte(11, version)), Err(denied(Denied::RpcMismatch)));
    }
}

#[test]
fn auth_bodies_end_at_400_bytes() {
    let with_cred = |length: u32| {
        let head = [&CALL_BYTES[..28], &length.to_be_bytes(), &vec![0; length.next_multiple_of(4) as usize]];
        [head.concat(), vec![0; 8]].concat()
    };
    let with_verf = |length: u32| {
        [&CALL_BYTES[..40], &length.to_be_bytes(), &vec![0; length.next_multiple_of(4) as usize]].concat()
    };
    assert!(parse_call(&with_cred(400)).is_ok());
    assert_eq!(parse_call(&with_cred(401)), Err(denied(Denied::Auth(AuthStat::BadCred))));
    assert_eq!(parse_call(&with_cred(0x1000)), Err(denied(Denied::Auth(AuthStat::BadCred))));
    assert!(parse_call(&with_verf(400)).is_ok());
    assert_eq!(parse_call(&with_verf(401)), Err(denied(Denied::Auth(AuthStat::BadVerf))));
    let claim = with_byte(28, 0xff);
    assert_eq!(parse_call(&claim), Err(denied(Denied::Auth(AuthStat::BadCred))));
}

#[test]
fn accepted_replies() {
    let reply = |accepted| {
        let mut out = Vec::new();
        put_accepted(&mut out, 7, accepted);
        out
    };
    let head = [0, 0, 0, 7, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let stat = |stat: u8, tail: &[u8]| [&head[..], &[stat], tail].concat();
    assert_eq!(reply(Accepted::Success), stat(0, &[]));
    assert_eq!(reply(Accepted::ProgUnavail), stat(1, &[]));
    assert_eq!(reply(Accepted::ProgMismatch { low: 4, high: 4 }), stat(2, &[0, 0, 0, 4, 0, 0, 0, 4]));
    assert_eq!(reply(Accepted::ProcUnavail), stat(3, &[]));
    assert_eq!(reply(Accepted::GarbageArgs), stat(4, &[]));
    assert_eq!(reply(Accepted::SystemErr), stat(5, &[]));
}

#[test]
fn denied_replies() {
    let reply = |why| {
        let mut out = Vec::new();
        put_denied(&mut out, 7, why);
        out
    };
    let head = [0, 0, 0, 7, 0, 0, 0, 1, 0, 0, 0, 1];
    let mismatch = [&head[..], &[0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 2]].concat();
    assert_eq!(reply(Denied::RpcMismatch), mismatch);
    let stats = [
        AuthStat::BadCred,
        AuthStat::RejectedCred,
        AuthStat::BadVerf,
        AuthStat::RejectedVerf,
        AuthStat::TooWeak,
    ];
    for (number, stat) in (1..).zip(stats) {
        assert_eq!(reply(Denied::Auth(stat)), [&head[..], &[0, 0, 0, 1, 0, 0, 0, number]].concat());
    }
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = parse_call(&bytes);
    }

    #[test]
    fn a_changed_call_never_panics_and_offsets_stay_inside(at in 0usize..46, byte in any::<u8>()) {
        let bytes = with_byte(at, byte);
        if let Ok(call) = parse_call(&bytes) {
            prop_assert!(call.signed.end <= call.body_offset && call.body_offset <= bytes.len());
        }
    }
}
