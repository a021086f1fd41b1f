use super::*;

const LIMITS: ReplayLimits =
    ReplayLimits { entries_max: 3, bytes_max: 100, age_max: Duration::from_secs(10), waiters_max: 2 };
const ALICE: (u32, u32, &[u32]) = (1, 10, &[]);

/// User, group and further groups as they come in a call.
fn key_of(
    cache: &ReplayCache<&'static str>,
    peer: SocketAddr,
    xid: u32,
    who: (u32, u32, &[u32]),
    args: &[u8],
) -> ReplayKey {
    let (uid, gid, groups) = who;
    let cred = Cred { uid, gid, groups: groups.into() };
    cache.key(peer, xid, (Principal::Sys { uid }, &cred), args)
}

fn at(seconds: u64) -> Time {
    Duration::from_secs(seconds)
}

fn peer(port: u16) -> SocketAddr {
    ([192, 0, 2, 1], port).into()
}

fn cache() -> ReplayCache<&'static str> {
    ReplayCache::new(LIMITS)
}

fn reply(byte: u8) -> Bytes {
    Bytes::from(vec![byte; 30])
}

/// Carries out the call `xid` and remembers its reply.
fn execute(cache: &mut ReplayCache<&'static str>, now: Time, xid: u32, reply: &Bytes) {
    let key = key_of(cache, peer(700), xid, ALICE, b"args");
    assert_eq!(cache.admit(now, key, "first"), Admission::Execute("first"), "xid {xid}");
    assert_eq!(cache.finish(now, key, Some(reply)), Vec::<&str>::new());
}

fn remembers(cache: &mut ReplayCache<&'static str>, now: Time, xid: u32) -> bool {
    let key = key_of(cache, peer(700), xid, ALICE, b"args");
    match cache.admit(now, key, "probe") {
        Admission::Replay(..) => true,
        Admission::Execute(_) => {
            cache.finish(now, key, None);
            false
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_repetition_gets_the_reply_of_the_first() {
    let mut cache = cache();
    execute(&mut cache, at(0), 5, &reply(1));
    let key = key_of(&cache, peer(700), 5, ALICE, b"args");
    assert_eq!(cache.admit(at(1), key, "again"), Admission::Replay("again", reply(1)));
    assert_eq!(cache.admit(at(2), key, "again"), Admission::Replay("again", reply(1)));
}

#[test]
fn any_difference_makes_another_call() {
    let mut cache = cache();
    execute(&mut cache, at(0), 5, &reply(1));
    let others = [
        key_of(&cache, peer(701), 5, ALICE, b"args"),
        key_of(&cache, ([192, 0, 2, 2], 700).into(), 5, ALICE, b"args"),
        key_of(&cache, peer(700), 6, ALICE, b"args"),
        cache.key(peer(700), 5, (Principal::None, &Cred::nobody()), b"args"),
        key_of(&cache, peer(700), 5, (2, 10, &[]), b"args"),
        key_of(&cache, peer(700), 5, (1, 11, &[]), b"args"),
        key_of(&cache, peer(700), 5, (1, 10, &[4]), b"args"),
        key_of(&cache, peer(700), 5, ALICE, b"argz"),
        key_of(&cache, peer(700), 5, ALICE, b"args\0"),
    ];
    for key in others {
        assert_eq!(cache.admit(at(1), key, "other"), Admission::Execute("other"), "{key:?}");
    }
}

#[test]
fn repetitions_of_a_running_call_wait_for_it_and_too_many_are_dropped() {
    let mut cache = cache();
    let key = key_of(&cache, peer(700), 5, ALICE, b"args");
    assert_eq!(cache.admit(at(0), key, "first"), Admission::Execute("first"));
    assert_eq!(cache.admit(at(1), key, "second"), Admission::Waiting);
    assert_eq!(cache.admit(at(1), key, "third"), Admission::Waiting);
    assert_eq!(cache.admit(at(1), key, "fourth"), Admission::Dropped);
    assert_eq!(cache.finish(at(2), key, Some(&reply(1))), ["second", "third"]);
    assert_eq!(cache.admit(at(3), key, "fifth"), Admission::Replay("fifth", reply(1)));
}

#[test]
fn a_running_call_never_expires() {
    let mut cache = cache();
    let key = key_of(&cache, peer(700), 5, ALICE, b"args");
    assert_eq!(cache.admit(at(0), key, "first"), Admission::Execute("first"));
    assert_eq!(cache.admit(at(1000), key, "second"), Admission::Waiting);
    assert_eq!(cache.finish(at(1001), key, None), ["second"]);
    assert_eq!(cache.admit(at(1002), key, "third"), Admission::Execute("third"));
}

#[test]
fn replies_are_forgotten_with_age() {
    let mut cache = cache();
    execute(&mut cache, at(0), 1, &reply(1));
    execute(&mut cache, at(5), 2, &reply(2));
    assert!(remembers(&mut cache, at(10), 1));
    assert!(!remembers(&mut cache, at(11), 1));
    assert!(remembers(&mut cache, at(11), 2));
    assert_eq!(cache.bytes, 30);
}

#[test]
fn the_oldest_replies_make_room() {
    let mut cache = cache();
    (1..=4).for_each(|xid| execute(&mut cache, at(0), xid, &Bytes::from_static(b"r")));
    assert_eq!(
        (1..=4).map(|xid| remembers(&mut cache, at(0), xid)).collect::<Vec<_>>(),
        [false, true, true, true]
    );
    let mut cache = self::cache();
    (1..=2).for_each(|xid| execute(&mut cache, at(0), xid, &Bytes::from(vec![0; 60])));
    assert_eq!((remembers(&mut cache, at(0), 1), remembers(&mut cache, at(0), 2)), (false, true));
    assert_eq!(cache.bytes, 60);
}

#[test]
fn a_reply_larger_than_the_cache_is_not_remembered_and_drives_nothing_out() {
    let mut cache = cache();
    execute(&mut cache, at(0), 1, &reply(1));
    execute(&mut cache, at(0), 2, &Bytes::from(vec![0; 101]));
    assert_eq!((remembers(&mut cache, at(0), 1), remembers(&mut cache, at(0), 2)), (true, false));
}
