//! What a peer could send to make us wait, crash or use up memory: each is refused at once.

use crate::xdr::generated::nfs4::*;
use crate::xdr::generated::rpc::rpc_msg;
use crate::xdr::{DecodeError, Encoder, Strict, limits};
use proptest::prelude::*;
use xdr_codec::Pack;

#[test]
fn a_fixed_opaque_that_ends_early_is_refused() {
    assert_eq!(Strict::whole::<stateid4>(&[0; 12]), Err(DecodeError::Truncated));
    assert!(Strict::whole::<stateid4>(&[0; 16]).is_ok());
}

#[test]
fn a_variable_opaque_that_ends_early_is_refused() {
    assert_eq!(Strict::whole::<nfs_fh4>(&[0, 0, 0, 100, 1, 2, 3, 4]), Err(DecodeError::Truncated));
}

#[test]
fn claimed_counts_are_judged_before_memory_is_reserved() {
    // An empty tag, minor version 0, and 2^32 - 1 operations.
    let wire = [[0; 8].as_slice(), &[0xff; 4]].concat();
    assert_eq!(Strict::whole::<COMPOUND4args>(&wire), Err(DecodeError::Malformed));
    assert_eq!(Strict::whole::<bitmap4>(&[0xff; 4]), Err(DecodeError::Malformed));
    assert_eq!(Strict::whole::<attrlist4>(&[0xff; 4]), Err(DecodeError::Malformed));
}

#[test]
fn trailing_bytes_are_refused() {
    assert_eq!(Strict::whole::<stateid4>(&[0; 20]), Err(DecodeError::Trailing));
}

fn dirlist(entries: usize) -> Vec<u8> {
    let mut enc = Encoder::new();
    for cookie in 0..entries as u64 {
        enc.bool(true);
        enc.u64(cookie);
        enc.opaque(b"");
        enc.u32(0);
        enc.opaque(b"");
    }
    enc.bool(false);
    enc.bool(true);
    enc.into_vec()
}

#[test]
fn long_lists_need_no_stack() {
    // Recursion as deep as this list is long would overflow a stack of this size many times.
    let wire = dirlist(limits::READDIR_ENTRIES_MAX);
    let read = move || Strict::whole::<dirlist4>(&wire).map(|list| (list.entries.len(), list.eof));
    let reader = std::thread::Builder::new().stack_size(256 * 1024).spawn(read).unwrap();
    assert_eq!(reader.join().unwrap(), Ok((limits::READDIR_ENTRIES_MAX, true)));
}

#[test]
fn endless_lists_are_refused() {
    let wire = dirlist(limits::READDIR_ENTRIES_MAX + 1);
    assert_eq!(Strict::whole::<dirlist4>(&wire), Err(DecodeError::Malformed));
    let cut = &wire[..1000];
    assert_eq!(Strict::whole::<dirlist4>(cut), Err(DecodeError::Truncated));
}

#[test]
fn lists_come_back_as_they_went() {
    let entry = |cookie, name: &[u8]| entry4 {
        cookie,
        name: component4(name.to_vec()),
        attrs: fattr4 { attrmask: bitmap4(vec![2]), attr_vals: attrlist4(vec![0, 0, 0, 1]) },
    };
    for entries in [vec![], vec![entry(3, b"a")], vec![entry(3, b"a"), entry(u64::MAX, b"lock file")]] {
        let list = dirlist4 { entries, eof: false };
        let mut wire = Vec::new();
        assert_eq!(list.pack(&mut wire).unwrap(), wire.len());
        assert_eq!(Strict::whole::<dirlist4>(&wire), Ok(list));
    }
}

#[test]
fn lists_longer_than_the_limit_are_not_written() {
    let entry = Strict::whole::<dirlist4>(&dirlist(1)).unwrap().entries.remove(0);
    let list = dirlist4 { entries: vec![entry; limits::READDIR_ENTRIES_MAX + 1], eof: true };
    let mut enc = Encoder::new();
    assert!(enc.pack(&list).is_err() && enc.is_empty());
}

proptest! {
    #[test]
    fn replies_of_random_bytes_do_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..300), small in 0..40u32) {
        // A plausible head, so that more than the first number is read.
        let head = [0, 0, 1, small, small];
        let wire: Vec<u8> = head.iter().flat_map(|number| number.to_be_bytes()).chain(bytes).collect();
        let mut again = Vec::new();
        if let Ok(reply) = Strict::new(&wire).value::<COMPOUND4res>() {
            prop_assert!(reply.pack(&mut again).is_ok());
        }
        if let Ok(message) = Strict::new(&wire).value::<rpc_msg>() {
            prop_assert!(message.pack(&mut again).is_ok());
        }
    }
}
