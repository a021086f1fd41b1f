//! Rules that hold for all parsers, and two requests spelt out byte by byte.

use super::*;
use crate::nfs4::{ClientId, LockKind, Stateid};

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.chars().filter_map(|c| c.to_digit(16)).map(|d| d as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

/// The value of a parser that must take everything.
fn whole<'a, T>(parsed: Parsed<'a, T>) -> Result<T, DecodeError> {
    let (rest, value) = parsed?;
    end(rest).map(|()| value)
}

#[test]
fn lock_by_a_new_lock_owner() {
    // An exclusive lock from byte 4096 to the end, the owner's clientid 0x2_00000005, three bytes of name.
    let wire = bytes(
        "00000004 00000000 0000000000001000 ffffffffffffffff 00000001
         00000007 00000001 0102030405060708090a0b0c 00000000
         0000000200000005 00000003 616263 00",
    );
    let args = whole(lock(&wire)).unwrap();
    assert_eq!(args.locktype, LockType::WritewLt);
    assert!(args.locktype.kind() == LockKind::Write && args.locktype.blocking());
    assert_eq!((args.reclaim, args.offset, args.length), (false, 4096, u64::MAX));
    let owner = OwnerArg { clientid: ClientId(0x2_0000_0005), owner: b"abc" };
    let open_stateid = Stateid { seqid: 1, other: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] };
    let want = OpenToLockOwner { open_seqid: 7, open_stateid, lock_seqid: 0, lock_owner: owner };
    assert_eq!(args.locker, Locker::New(want));
}

#[test]
fn open_that_creates_a_file() {
    // Read and write, no denial, UNCHECKED4 with mode 0644 (attribute 33), CLAIM_NULL "lock".
    let wire = bytes(
        "00000000 00000003 00000000 00000000000000aa 00000002 6f31 0000
         00000001 00000000 00000002 00000000 00000002 00000004 000001a4
         00000000 00000004 6c6f636b",
    );
    let args = whole(open(&wire)).unwrap();
    let attrs = Fattr { mask: super::super::Bitmap::of(&[33]), values: &[0, 0, 1, 0xa4] };
    let want = OpenArgs {
        seqid: 0,
        share_access: 3,
        share_deny: 0,
        owner: OwnerArg { clientid: ClientId(0xaa), owner: b"o1" },
        openhow: OpenHow::Create(CreateHow::Unchecked(attrs)),
        claim: OpenClaim::Null(b"lock"),
    };
    assert_eq!(args, want);
}

#[test]
fn padding_must_be_there_and_zero() {
    assert_eq!(whole(component(&bytes("00000001 61 000000"))), Ok(&b"a"[..]));
    assert_eq!(whole(component(&bytes("00000001 61 000100"))), Err(DecodeError::Padding));
    assert_eq!(whole(component(&bytes("00000001 61 0000"))), Err(DecodeError::Truncated));
    assert_eq!(whole(component(&bytes("00000000"))), Ok(&b""[..]));
    assert_eq!(whole(component(&bytes("00000000 00"))), Err(DecodeError::Trailing));
}

#[test]
fn lengths_are_judged_before_they_are_used() {
    let too_long = |length, max| Err(DecodeError::TooLong { length, max });
    assert_eq!(whole(putfh(&bytes("00000081"))).map(drop), too_long(129, 128));
    assert_eq!(whole(putfh(&bytes("00000080"))).map(drop), Err(DecodeError::Truncated));
    assert_eq!(whole(putfh(&bytes("ffffffff"))).map(drop), too_long(u32::MAX, 128));
    // What the RFC gives no bound ends with the record at the latest.
    for claim in ["00000041", "00001001", "00100401", "40000001", "ffffffff"] {
        assert_eq!(whole(lookup(&bytes(claim))).map(drop), Err(DecodeError::Truncated));
        assert_eq!(whole(getattr(&bytes(claim))).map(drop), Err(DecodeError::Truncated));
        assert_eq!(whole(compound_head(&bytes(claim))).map(drop), Err(DecodeError::Truncated));
        let write_head = "00000000 000000000000000000000000 0000000000000000 00000000";
        let bytes = bytes(&format!("{write_head} {claim}"));
        assert_eq!(whole(write(&bytes)).map(drop), Err(DecodeError::Truncated));
    }
}

#[test]
fn numbers_outside_an_enumeration_are_refused() {
    let undefined = |of, value| Err(DecodeError::Undefined { of, value });
    assert_eq!(
        lock_type(&bytes("00000000")).map(drop).map_err(DecodeError::from),
        undefined("nfs_lock_type4", 0)
    );
    assert_eq!(
        lock_type(&bytes("00000005")).map(drop).map_err(DecodeError::from),
        undefined("nfs_lock_type4", 5)
    );
    assert_eq!(whole(settime4(&bytes("00000002"))).map(drop), undefined("time_how4", 2));
    assert_eq!(whole(bool_(&bytes("00000002"))), Err(DecodeError::NotBool(2)));
    let open_head = "00000000 00000001 00000000 0000000000000000 00000000";
    assert_eq!(whole(open(&bytes(&format!("{open_head} 00000002")))).map(drop), undefined("opentype4", 2));
    let how = format!("{open_head} 00000001 00000004");
    assert_eq!(whole(open(&bytes(&how))).map(drop), undefined("createmode4", 4));
    let claim = format!("{open_head} 00000000 00000007");
    assert_eq!(whole(open(&bytes(&claim))).map(drop), undefined("open_claim_type4", 7));
}

#[test]
fn unknown_types_of_object_reach_create() {
    let tail = "00000001 78000000 00000000 00000000";
    for number in [0u32, 1, 8, 9, u32::MAX] {
        let args = bytes(&format!("{number:08x} {tail}"));
        assert_eq!(whole(create(&args)).unwrap().objtype, CreateType::Other(number));
    }
}

#[test]
fn bitmaps_may_be_longer_than_known() {
    let (rest, set) = bitmap(&[0, 0, 0, 4, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]).unwrap();
    assert!(rest.is_empty() && set.contains(1) && set.has_beyond());
    assert!(matches!(whole(bitmap(&bytes("00000001 0000"))), Err(DecodeError::Truncated)));
}

#[test]
fn compound_heads_keep_what_follows() {
    let wire = bytes("00000003 746167 00 00000000 ffffffff 00000018");
    let (rest, head) = compound_head(&wire).unwrap();
    assert_eq!(head, CompoundHead { tag: b"tag", minorversion: 0, count: u32::MAX });
    assert_eq!(rest, [0, 0, 0, 24]);
}
