//! What the encoder writes, generated code reads as the same; and the helpers for lengths that are known late.

use super::strategies as any_;
use crate::nfs4::Stateid;
use crate::xdr::generated::nfs4::*;
use crate::xdr::{Bitmap, Encoder, Strict};
use proptest::prelude::*;
use std::convert::Infallible;

proptest! {
    #[test]
    fn plain_values(a in any::<u32>(), b in any::<u64>(), c in any::<i64>(), d in any::<bool>()) {
        let mut enc = Encoder::with_capacity(24);
        enc.u32(a);
        enc.u64(b);
        enc.i64(c);
        enc.bool(d);
        let mut reader = Strict::new(enc.as_bytes());
        prop_assert_eq!(reader.value(), Ok(a));
        prop_assert_eq!(reader.value(), Ok(b));
        prop_assert_eq!(reader.value(), Ok(c));
        prop_assert_eq!(reader.value(), Ok(d));
        prop_assert!(reader.rest().is_empty());
    }

    #[test]
    fn opaques_are_padded_with_zeros(bytes in any_::bytes()) {
        let mut enc = Encoder::new();
        enc.opaque(&bytes);
        prop_assert_eq!(enc.len(), 4 + bytes.len().next_multiple_of(4));
        prop_assert!(enc.as_bytes()[4 + bytes.len()..].iter().all(|&byte| byte == 0));
        prop_assert_eq!(Strict::whole::<nfs_fh4>(enc.as_bytes()), Ok(nfs_fh4(bytes.clone())));
        let mut plain = Encoder::new();
        plain.fixed(&bytes);
        prop_assert_eq!(plain.as_bytes(), &enc.as_bytes()[4..]);
    }

    #[test]
    fn stateids_and_attributes(id in any_::stateid(), words in any::<[u32; 3]>(), values in any_::bytes()) {
        let mut enc = Encoder::new();
        enc.stateid(&Stateid::from(id));
        let mask = Bitmap::from_words(words);
        enc.bitmap(&mask);
        enc.opaque_with(|enc| values.chunks(4).for_each(|word| std::io::Write::write_all(enc, word).unwrap()));
        let mut reader = Strict::new(enc.as_bytes());
        prop_assert_eq!(reader.value(), Ok(id));
        let read: fattr4 = reader.value().unwrap();
        prop_assert_eq!(Bitmap::from(&read.attrmask), mask);
        prop_assert!(read.attrmask.0.last() != Some(&0));
        prop_assert_eq!(read.attr_vals.0, values);
        prop_assert!(reader.rest().is_empty());
    }

    #[test]
    fn data_is_appended_in_place(data in any_::bytes(), max in 0..50usize) {
        let mut enc = Encoder::new();
        enc.bool(true);
        let append = |out: &mut Vec<u8>| {
            out.extend_from_slice(&data);
            Ok::<_, Infallible>(data.len())
        };
        prop_assert_eq!(enc.opaque_vec(max, append), Ok(data.len()));
        let kept = data[..data.len().min(max)].to_vec();
        prop_assert_eq!(Strict::whole(enc.as_bytes()), Ok(READ4resok { eof: true, data: kept }));
    }
}

#[test]
fn failed_data_leaves_nothing_behind() {
    let mut enc = Encoder::on(vec![9; 4]);
    let append = |out: &mut Vec<u8>| {
        out.push(1);
        Err::<(), _>("disk")
    };
    assert_eq!(enc.opaque_vec(100, append), Err("disk"));
    assert_eq!(enc.into_vec(), [9; 4]);
}

#[test]
fn numbers_are_filled_in_later() {
    let mut enc = Encoder::new();
    let count = enc.pos();
    enc.u32(0);
    enc.u32(7);
    let mark = enc.pos();
    enc.u32(8);
    enc.truncate(mark);
    enc.patch_u32(count, 1);
    assert_eq!(enc.into_vec(), [0, 0, 0, 1, 0, 0, 0, 7]);
}

#[test]
fn opaques_nest() {
    let mut enc = Encoder::new();
    let outer = enc.begin_opaque();
    enc.u32(5);
    enc.opaque(b"abc");
    enc.end_opaque(outer);
    assert_eq!(enc.as_bytes(), [0, 0, 0, 12, 0, 0, 0, 5, 0, 0, 0, 3, b'a', b'b', b'c', 0]);
}

#[test]
fn a_value_that_does_not_fit_leaves_nothing_behind() {
    let mut enc = Encoder::new();
    let file = CB_RECALL4args_with_fh(vec![0; 129]);
    assert!(enc.pack(&file).is_err() && enc.is_empty());
    enc.pack(&CB_RECALL4args_with_fh(vec![0; 128])).unwrap();
    assert_eq!(enc.len(), 16 + 4 + 4 + 128);
}

#[allow(non_snake_case, reason = "named after the type")]
fn CB_RECALL4args_with_fh(bytes: Vec<u8>) -> crate::xdr::generated::nfs4_cb::CB_RECALL4args {
    let stateid = stateid4::from(Stateid::ANONYMOUS);
    crate::xdr::generated::nfs4_cb::CB_RECALL4args { stateid, truncate: false, fh: nfs_fh4(bytes) }
}
