//! Classifies a COMPOUND from its operations, before any of them is carried out.

use crate::nfs4::Class;
use crate::ops::{self, MEMORY_BYTES_MAX, RESULT_BYTES};
use crate::xdr::decode;
use crate::xdr::limits::COMPOUND_OPS_MAX;

/// Bytes of a reply beside the results: RPC header, status, count.
const HEAD_BYTES: usize = 64;

/// Bytes of the longest result that a slot keeps, which answers a retry whatever the retry asks for.
const KEPT_BYTES: usize = 4096;

/// Classifies the COMPOUND in `args` by one walk over its operations. One with an operation that cannot be decoded is
/// neither nonblocking nor idempotent; nothing behind that operation is carried out.
pub fn classify(args: &[u8]) -> Class {
    let Ok((mut rest, head)) = decode::compound_head(args) else { return Class::default() };
    let sequenced = head.minorversion > 0;
    let head_bytes = HEAD_BYTES + head.tag.len() + if sequenced { KEPT_BYTES } else { 0 } + RESULT_BYTES;
    let mut class =
        Class { nonblocking: true, idempotent: true, sequenced, hint: None, reply_bytes: head_bytes };
    if head.count as usize > COMPOUND_OPS_MAX {
        // It is refused, or ends at its first operation.
        return class;
    }
    let mut steps = 0;
    for done in 1..=head.count {
        let found = decode::u32_(rest).ok().and_then(|(after, number)| {
            let op = ops::find(number, head.minorversion).ok()?;
            Some((op, (op.preview)(after)?))
        });
        let Some((op, preview)) = found else {
            return Class { nonblocking: false, idempotent: false, ..class };
        };
        steps += preview.steps;
        // A last PUTFH looks whether its object is there.
        let looks = done == head.count && op.number == ops::PUTFH;
        class.nonblocking &= op.nonblocking && !looks && steps <= ops::STEPS_MAX;
        class.idempotent &= op.idempotent;
        class.hint = class.hint.or(preview.hint);
        class.reply_bytes = (class.reply_bytes + preview.bytes).min(MEMORY_BYTES_MAX + head.tag.len());
        rest = preview.rest;
    }
    class
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::{self, compound, op};
    use crate::nfs4::{ClientId, Filehandle, LockHint, Stateid};
    use crate::xdr::generated::nfs4::*;

    fn of(minor: u32, ops: &[nfs_argop4]) -> Class {
        classify(&compound::encode_args(b"", minor, ops.len() as u32, &compound::encode_ops(ops).unwrap()))
    }

    #[derive(Debug, PartialEq)]
    struct Known {
        nonblocking: bool,
        idempotent: bool,
        sequenced: bool,
    }

    fn known(minor: u32, ops: &[nfs_argop4]) -> Known {
        let Class { nonblocking, idempotent, sequenced, .. } = of(minor, ops);
        Known { nonblocking, idempotent, sequenced }
    }

    #[test]
    fn the_size_of_a_reply_is_bounded_before() {
        let read = |count| op::read(Stateid::ANONYMOUS, 0, count);
        let bytes = |ops: &[nfs_argop4]| of(0, ops).reply_bytes;
        let nothing = bytes(&[]);
        assert!(nothing < 2000);
        assert!((4096..8192).contains(&(bytes(&[read(4096)]) - nothing)));
        let most = bytes(&[read(u32::MAX)]);
        assert!((1 << 20..(1 << 20) + 8192).contains(&most), "{most}: maxread is 1 MiB");
        let many = bytes(&vec![read(u32::MAX); 64]);
        assert!((2 << 20..3 << 20).contains(&many), "{many}: a reply ends at 2 MiB");
        assert_eq!(bytes(&vec![op::putrootfh(); 1024]), nothing + 1024 * RESULT_BYTES);
    }

    #[test]
    fn many_stateids_are_not_tested_at_once() {
        let test = |count| {
            nfs_argop4::OP_TEST_STATEID(TEST_STATEID4args {
                ts_stateids: vec![op::stateid(Stateid::ANONYMOUS); count],
            })
        };
        let nonblocking = |ops: &[nfs_argop4]| of(1, ops).nonblocking;
        assert!(nonblocking(&[test(256)]) && nonblocking(&[test(128), test(128)]));
        assert!(!nonblocking(&[test(257)]) && !nonblocking(&[test(128), test(129)]));
    }

    #[test]
    fn the_operations_decide() {
        let fh = Filehandle::new(b"fh").unwrap();
        let putfh = || op::putfh(&fh);
        let class = |nonblocking, idempotent, sequenced| Known { nonblocking, idempotent, sequenced };
        assert_eq!(known(0, &[]), class(true, true, false));
        assert_eq!(known(1, &[op::sequence([0; 16], 0, 1, true)]), class(true, true, true));
        assert_eq!(known(0, &[op::renew(1)]), class(true, true, false));
        assert_eq!(known(0, &[putfh()]), class(false, true, false), "a last PUTFH");
        assert_eq!(known(0, &[putfh(), putfh(), op::renew(1)]), class(true, true, false));
        assert_eq!(known(0, &[op::putrootfh(), op::lookup("x")]), class(false, true, false));
        assert_eq!(known(1, &[op::destroy_clientid(1)]), class(true, false, true));
        assert_eq!(known(0, &[op::remove("x")]), class(false, false, false));
        assert_eq!(known(1, &[op::renew(1)]), class(false, false, true), "not in this minor version");
        assert_eq!(known(9, &[op::renew(1)]), class(false, false, true), "no such minor version");
    }

    #[test]
    fn the_first_lock_gives_the_hint() {
        let stateid = |serial| Stateid::first(ClientId(9), serial);
        let locku = |serial, offset| op::locku(nfs_lock_type4::WRITE_LT, 1, stateid(serial), offset, 1);
        let lock_again = |serial| client::write_lock(7, 1).op_known_owner(stateid(serial), 1);
        let open = open_to_lock_owner4 {
            open_stateid: op::stateid(stateid(4)),
            open_seqid: 1,
            lock_seqid: 1,
            lock_owner: lock_owner4 { clientid: 9, owner: b"owner".to_vec() },
        };
        let lock = nfs_argop4::OP_LOCK(LOCK4args {
            locktype: nfs_lock_type4::READ_LT,
            reclaim: false,
            offset: 8,
            length: 1,
            locker: locker4::TRUE(open),
        });
        for (ops, hint) in [
            (vec![op::renew(1)], None),
            (vec![locku(3, 5)], None),
            (vec![op::putrootfh(), locku(2, 5), lock_again(3), lock_again(4)], Some((3, 7))),
            (vec![lock], Some((4, 8))),
        ] {
            let hint = hint.map(|(serial, first)| LockHint { stateid: stateid(serial), first });
            assert_eq!(of(0, &ops).hint, hint);
        }
    }

    #[test]
    fn what_cannot_be_decoded_is_nothing() {
        let whole =
            compound::encode_args(b"", 1, 1, &compound::encode_ops(&[op::destroy_clientid(1)]).unwrap());
        for cut in 0..whole.len() {
            let class = classify(&whole[..cut]);
            assert!(!class.nonblocking && !class.idempotent, "{cut} bytes");
            assert_eq!(class.sequenced, cut >= 12, "{cut} bytes");
        }
    }
}
