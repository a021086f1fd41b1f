//! Two readers of the same bytes: the server's parsers, which borrow, and the types generated from the specification.
//! They agree on what is well-formed, on where it ends and, written again, on what it says.
//!
//! Bytes: which type, then its encoding.

use lockhouse::compound::cb_notify_lock;
use lockhouse::files::XATTR_BYTES_MAX;
use lockhouse::nfs4::Status;
use lockhouse::state::CallbackAnswer;
use lockhouse::xdr::decode::{self, CreateArgs, CreateType, OpenArgs, OpenClaim, Parsed, SeekArgs};
use lockhouse::xdr::generated::{nfs4::*, nfs4_cb::*};
use lockhouse::xdr::{DecodeError, Encoder, Strict};
use std::fmt::Debug;
use xdr_codec::{Pack, Unpack};

fn packed<T: Pack<Encoder>>(value: &T) -> Vec<u8> {
    let mut out = Encoder::new();
    out.pack(value).expect("a value that was read is within its limits");
    out.into_vec()
}

/// `lenient` marks what only the server's parser takes, because an unknown number has a status of its own.
fn agree<G>(wire: &[u8], ours: Result<usize, DecodeError>, lenient: bool)
where
    G: Pack<Encoder> + for<'a> Unpack<Strict<'a>> + Debug,
{
    let mut reader = Strict::new(wire);
    match (reader.value::<G>(), ours) {
        (Ok(value), Ok(rest)) => {
            assert_eq!(reader.rest().len(), rest, "they end in different places: {value:?}");
            assert_eq!(packed(&value), wire[..wire.len() - rest], "not the same when written again");
        }
        // What only 4.1 has: the server's decoder does not know it.
        (Ok(_), Err(DecodeError::Undefined { of: "createmode4" | "open_claim_type4", .. })) => {}
        // Generated code does not look at padding.
        (Ok(value), Err(error)) => assert_eq!(error, DecodeError::Padding, "{value:?}"),
        (Err(error), Ok(_)) => assert!(lenient, "taken, although {error}"),
        (Err(_), Err(_)) => {}
    }
}

fn rest<T>(parsed: Parsed<'_, T>) -> Result<usize, DecodeError> {
    Ok(parsed?.0.len())
}

/// What generated code alone reads, it writes so that it reads it again.
fn stable<G>(wire: &[u8])
where
    G: Pack<Encoder> + for<'a> Unpack<Strict<'a>> + PartialEq + Debug,
{
    if let Ok(value) = Strict::new(wire).value::<G>() {
        assert_eq!(Strict::whole::<G>(&packed(&value)), Ok(value));
    }
}

/// The answer to a callback says what the generated type says.
fn callback_answer(wire: &[u8]) {
    let ours = cb_notify_lock::decode(wire);
    let mut reader = Strict::new(wire);
    let Ok(result) = reader.value::<CB_COMPOUND4res>() else { return };
    // Generated code does not look at padding.
    if packed(&result) != wire[..wire.len() - reader.rest().len()] {
        return;
    }
    let want = match &result.resarray[..] {
        [nfs_cb_resop4::OP_CB_SEQUENCE(CB_SEQUENCE4res::NFS4_OK(_)), notice, ..] => {
            // Every result begins with its number and its status.
            let word = packed(notice).get(4..8).and_then(|word| word.first_chunk().copied());
            let status = u32::from_be_bytes(word.expect("a status"));
            CallbackAnswer::Done(Status::from_number(status).expect("a status of the specification"))
        }
        _ => CallbackAnswer::Refused,
    };
    assert_eq!(ours, want, "{result:?}");
}

fn is_lenient(op: u8, wire: &[u8]) -> bool {
    match op {
        6 => matches!(decode::create(wire), Ok((_, CreateArgs { objtype: CreateType::Other(0 | 10..), .. }))),
        18 => matches!(decode::open(wire), Ok((_, OpenArgs { claim: OpenClaim::Previous(3..), .. }))),
        69 => matches!(decode::seek(wire), Ok((_, SeekArgs { what: None, .. }))),
        // A value that is too long has a status of its own too.
        73 => decode::setxattr(wire).is_ok_and(|(_, args)| args.value.len() > XATTR_BYTES_MAX),
        _ => false,
    }
}

macro_rules! operations {
    ($($number:literal $parser:ident $generated:ty,)*) => {
        /// Judges an input.
        pub fn run(bytes: &[u8]) {
            let [op, wire @ ..] = bytes else { return };
            match op % 128 {
                $($number => agree::<$generated>(wire, rest(decode::$parser(wire)), is_lenient($number, wire)),)*
                124 => callback_answer(wire),
                125 => stable::<COMPOUND4args>(wire),
                126 => stable::<COMPOUND4res>(wire),
                127 => stable::<CB_COMPOUND4args>(wire),
                _ => {}
            }
        }
    };
}

operations! {
    3 access ACCESS4args,
    4 close CLOSE4args,
    5 commit COMMIT4args,
    6 create CREATE4args,
    7 delegpurge DELEGPURGE4args,
    8 delegreturn DELEGRETURN4args,
    9 getattr GETATTR4args,
    11 link LINK4args,
    12 lock LOCK4args,
    13 lockt LOCKT4args,
    14 locku LOCKU4args,
    15 lookup LOOKUP4args,
    17 nverify NVERIFY4args,
    18 open OPEN4args,
    19 openattr OPENATTR4args,
    20 open_confirm OPEN_CONFIRM4args,
    21 open_downgrade OPEN_DOWNGRADE4args,
    22 putfh PUTFH4args,
    25 read READ4args,
    26 readdir READDIR4args,
    28 remove REMOVE4args,
    29 rename RENAME4args,
    30 renew RENEW4args,
    33 secinfo SECINFO4args,
    34 setattr SETATTR4args,
    35 setclientid SETCLIENTID4args,
    36 setclientid_confirm SETCLIENTID_CONFIRM4args,
    37 verify VERIFY4args,
    38 write WRITE4args,
    39 release_lockowner RELEASE_LOCKOWNER4args,
    40 backchannel_ctl BACKCHANNEL_CTL4args,
    41 bind_conn_to_session BIND_CONN_TO_SESSION4args,
    42 exchange_id EXCHANGE_ID4args,
    43 create_session CREATE_SESSION4args,
    44 destroy_session DESTROY_SESSION4args,
    45 free_stateid FREE_STATEID4args,
    52 secinfo_no_name SECINFO_NO_NAME4args,
    53 sequence SEQUENCE4args,
    55 test_stateid TEST_STATEID4args,
    57 destroy_clientid DESTROY_CLIENTID4args,
    58 reclaim_complete RECLAIM_COMPLETE4args,
    59 allocate ALLOCATE4args,
    60 copy COPY4args,
    62 deallocate DEALLOCATE4args,
    69 seek SEEK4args,
    71 clone CLONE4args,
    72 getxattr GETXATTR4args,
    73 setxattr SETXATTR4args,
    74 listxattrs LISTXATTRS4args,
    75 removexattr REMOVEXATTR4args,
}
