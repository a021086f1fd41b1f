//! The operations of NFSv4.2: the server's parsers and the types generated from the specification agree on what is
//! well-formed and where it ends, also with bytes changed.

use super::strategies as any_;
use crate::xdr::decode::{self, Parsed};
use crate::xdr::generated::nfs4::*;
use crate::xdr::{DecodeError, Encoder, Strict};
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use xdr_codec::{Pack, Unpack};

fn packed<T: Pack<Encoder>>(args: &T) -> Vec<u8> {
    let mut enc = Encoder::new();
    enc.pack(args).expect("values are within their limits");
    enc.into_vec()
}

/// How many bytes a parser leaves.
pub(super) fn rest<T>(parsed: Parsed<'_, T>) -> Result<usize, DecodeError> {
    Ok(parsed?.0.len())
}

/// `lenient`: an unknown number is no error to our parser, because it has a status of its own.
pub(super) fn agree<G>(
    args: &G,
    changes: &[(u16, u8)],
    parser: impl Fn(&[u8]) -> Result<usize, DecodeError>,
    lenient: bool,
) -> TestCaseResult
where
    G: Pack<Encoder> + for<'a> Unpack<Strict<'a>>,
{
    let mut wire = packed(args);
    prop_assert_eq!(parser(&wire), Ok(0));
    for &(at, byte) in changes {
        let at = usize::from(at) % wire.len();
        wire[at] = byte % 8;
    }
    let mut reader = Strict::new(&wire);
    match (reader.value::<G>(), parser(&wire)) {
        (Ok(_), Ok(rest)) => prop_assert_eq!(reader.rest().len(), rest),
        // Generated code does not look at padding.
        (Ok(_), Err(error)) => prop_assert_eq!(error, DecodeError::Padding),
        (Err(error), Ok(_)) => prop_assert!(lenient, "taken, although {}", error),
        (Err(_), Err(_)) => {}
    }
    Ok(())
}

fn place() -> impl Strategy<Value = netloc4> {
    let text = || any_::bytes().prop_map(utf8string);
    let address =
        (any_::bytes(), any_::bytes()).prop_map(|(r_netid, r_addr)| clientaddr4 { r_netid, r_addr });
    prop_oneof![
        text().prop_map(netloc4::NL4_NAME),
        text().prop_map(netloc4::NL4_URL),
        address.prop_map(netloc4::NL4_NETADDR),
    ]
}

pub(super) fn changes() -> impl Strategy<Value = Vec<(u16, u8)>> {
    prop::collection::vec(any::<(u16, u8)>(), 0..4)
}

proptest! {
    #[test]
    fn regions(stateid in any_::stateid(), (offset, length) in any::<(u64, u64)>(), changes in changes()) {
        let (aa_stateid, aa_offset, aa_length) = (stateid, offset, length);
        agree(&ALLOCATE4args { aa_stateid, aa_offset, aa_length }, &changes, |wire| rest(decode::allocate(wire)), false)?;
        let (da_stateid, da_offset, da_length) = (stateid, offset, length);
        agree(&DEALLOCATE4args { da_stateid, da_offset, da_length }, &changes, |wire| rest(decode::deallocate(wire)), false)?;
        let (sa_stateid, sa_what) = (stateid, data_content4::NFS4_CONTENT_HOLE);
        agree(&SEEK4args { sa_stateid, sa_offset: offset, sa_what }, &changes, |wire| rest(decode::seek(wire)), true)?;
    }

    #[test]
    fn copies(
        (ca_src_stateid, ca_dst_stateid) in (any_::stateid(), any_::stateid()),
        (ca_src_offset, ca_dst_offset, ca_count) in any::<(u64, u64, u64)>(),
        (ca_consecutive, ca_synchronous) in any::<(bool, bool)>(),
        ca_source_server in prop::collection::vec(place(), 0..4),
        changes in changes(),
    ) {
        let clone = CLONE4args {
            cl_src_stateid: ca_src_stateid,
            cl_dst_stateid: ca_dst_stateid,
            cl_src_offset: ca_src_offset,
            cl_dst_offset: ca_dst_offset,
            cl_count: ca_count,
        };
        agree(&clone, &changes, |wire| rest(decode::clone(wire)), false)?;
        let copy = COPY4args {
            ca_src_stateid, ca_dst_stateid, ca_src_offset, ca_dst_offset, ca_count, ca_consecutive,
            ca_synchronous, ca_source_server,
        };
        agree(&copy, &changes, |wire| rest(decode::copy(wire)), false)?;
    }

    #[test]
    fn extended_attributes(
        name in any_::component(),
        value in any_::bytes(),
        (lxa_cookie, lxa_maxcount) in any::<(u64, u32)>(),
        changes in changes(),
    ) {
        agree(&GETXATTR4args { gxa_name: name.clone() }, &changes, |wire| rest(decode::getxattr(wire)), false)?;
        agree(&REMOVEXATTR4args { rxa_name: name.clone() }, &changes, |wire| rest(decode::removexattr(wire)), false)?;
        let (sxa_option, sxa_value) = (setxattr_option4::SETXATTR4_CREATE, xattrvalue4(value));
        agree(&SETXATTR4args { sxa_option, sxa_key: name, sxa_value }, &changes, |wire| rest(decode::setxattr(wire)), false)?;
        agree(&LISTXATTRS4args { lxa_cookie, lxa_maxcount }, &changes, |wire| rest(decode::listxattrs(wire)), false)?;
    }
}
