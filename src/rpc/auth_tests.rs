use super::*;
use proptest::prelude::*;

const NO_VERIFIER: OpaqueAuth<'_> = OpaqueAuth { flavor: AUTH_NONE, body: &[] };

fn sys(body: &[u8]) -> Result<Identity, AuthStat> {
    authenticate(OpaqueAuth { flavor: AUTH_SYS, body }, NO_VERIFIER)
}

/// Words, big-endian.
fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

#[test]
fn a_sys_credential_as_linux_sends_it() {
    #[rustfmt::skip]
    let body = [
        0, 0, 0x12, 0x34,             // stamp
        0, 0, 0, 5, b'g', b'u', b'e', b's', b't', 0, 0, 0,
        0, 0, 0x03, 0xe8,             // uid 1000
        0, 0, 0x03, 0xe9,             // gid 1001
        0, 0, 0, 2, 0, 0, 0, 27, 0, 0, 0, 100,
    ];
    let cred = Cred { uid: 1000, gid: 1001, groups: SmallVec::from_slice(&[27, 100]) };
    assert_eq!(sys(&body), Ok(Identity { principal: Principal::Sys { uid: 1000 }, cred }));
}

#[test]
fn the_last_credential_says_what_it_says_without_being_remembered() {
    let mut last = LastCredential::default();
    let other_verifier = OpaqueAuth { flavor: AUTH_SYS, body: &[] };
    let bodies = [words(&[0, 0, 1, 2, 1, 3]), words(&[0, 0, 2, 1, 0]), vec![], vec![9]];
    let flavors = [AUTH_NONE, AUTH_SYS, AUTH_SHORT, 6];
    let all: Vec<_> = flavors
        .iter()
        .flat_map(|&flavor| bodies.iter().map(move |body| OpaqueAuth { flavor, body }))
        .flat_map(|cred| [NO_VERIFIER, other_verifier, NO_VERIFIER].map(|verf| (cred, verf)))
        .collect();
    // Each after each, and after itself.
    for &(before, verf_before) in &all {
        for &(cred, verf) in &all {
            let _ = last.authenticate(before, verf_before);
            for _ in 0..2 {
                assert_eq!(
                    last.authenticate(cred, verf).cloned(),
                    authenticate(cred, verf),
                    "{cred:?} {verf:?}"
                );
            }
        }
    }
}

#[test]
fn none_is_nobody() {
    let anyone = OpaqueAuth { flavor: AUTH_NONE, body: &[] };
    let nobody = Identity { principal: Principal::None, cred: Cred::nobody() };
    assert_eq!(authenticate(anyone, NO_VERIFIER), Ok(nobody));
}

#[test]
fn sixteen_groups_are_the_most() {
    let with_groups = |count: u32| words(&[&[0, 0, 1, 2, count][..], &vec![7; count as usize]].concat());
    assert_eq!(sys(&with_groups(16)).map(|identity| identity.cred.groups.len()), Ok(16));
    assert_eq!(sys(&with_groups(17)), Err(AuthStat::BadCred));
}

#[test]
fn a_machine_name_of_255_bytes_is_the_longest() {
    let with_name = |length: usize| {
        let padded = length.next_multiple_of(4);
        [words(&[0, length as u32]), vec![b'h'; padded], words(&[1, 2, 0])].concat()
    };
    assert!(sys(&with_name(255)).is_ok());
    assert_eq!(sys(&with_name(256)), Err(AuthStat::BadCred));
}

#[test]
fn a_sys_credential_that_is_cut_short_or_too_long_is_bad() {
    let whole = words(&[0, 0, 1, 2, 1, 3]);
    assert!(sys(&whole).is_ok());
    for length in 0..whole.len() {
        assert_eq!(sys(&whole[..length]), Err(AuthStat::BadCred), "{length} bytes");
    }
    assert_eq!(sys(&[whole, vec![0; 4]].concat()), Err(AuthStat::BadCred));
    assert_eq!(sys(&words(&[0, 0, 1, 2, u32::MAX])), Err(AuthStat::BadCred));
}

#[test]
fn flavors_that_are_not_ours() {
    let refused = |flavor| authenticate(OpaqueAuth { flavor, body: &[] }, NO_VERIFIER).unwrap_err();
    assert_eq!(refused(AUTH_SHORT), AuthStat::RejectedCred);
    for flavor in [3, 4, 6, 7, 390_003, u32::MAX] {
        assert_eq!(refused(flavor), AuthStat::TooWeak, "flavor {flavor}");
    }
}

#[test]
fn a_verifier_is_of_flavor_none_whatever_it_holds() {
    let cred = OpaqueAuth { flavor: AUTH_NONE, body: b"left undefined" };
    assert!(authenticate(cred, OpaqueAuth { flavor: AUTH_NONE, body: b"left undefined" }).is_ok());
    assert_eq!(authenticate(cred, OpaqueAuth { flavor: AUTH_SYS, body: &[] }), Err(AuthStat::BadVerf));
}

proptest! {
    #[test]
    fn random_credentials_never_panic(flavor in 0u32..8, body in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = authenticate(OpaqueAuth { flavor, body: &body }, NO_VERIFIER);
    }
}
