//! Each operation: what generated code packs from random arguments, our parser reads as the same; cut short anywhere, it
//! is refused; with bytes changed, both readers agree on whether and as what it can be read.

use super::strategies as any_;
use crate::nfs4::{ClientId, Stateid};
use crate::xdr::decode::{self, *};
use crate::xdr::generated::nfs4::*;
use crate::xdr::{Bitmap, DecodeError, Encoder, Strict};
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

/// Bytes to change: where (taken modulo the length), and to what.
type Changes = Vec<(u16, u8)>;

fn packed<T: xdr_codec::Pack<Encoder>>(args: &T) -> Vec<u8> {
    let mut enc = Encoder::new();
    enc.pack(args).expect("values are within their limits");
    enc.into_vec()
}

fn whole<'a, T>(parsed: Parsed<'a, T>) -> Result<T, DecodeError> {
    let (rest, value) = parsed?;
    end(rest).map(|()| value)
}

/// Bytes of `wire` with `changes`, and a third of the time with a small number in place of a random one, so that
/// lengths and labels are hit.
fn changed(wire: &[u8], changes: &Changes) -> Vec<u8> {
    let mut wire = wire.to_vec();
    for &(at, byte) in changes {
        let at = usize::from(at) % wire.len().max(1);
        let byte = if byte % 3 == 0 { byte / 3 % 8 } else { byte };
        if let Some(slot) = wire.get_mut(at) {
            *slot = byte;
        }
    }
    wire
}

/// `lenient` marks values that only our parser takes, because an unknown number has a status of its own.
fn agree<G>(
    args: &G,
    changes: &Changes,
    parse: impl Fn(&[u8]) -> Result<(), DecodeError>,
    same: impl Fn(&G, &[u8]) -> bool,
    lenient: impl Fn(&[u8]) -> bool,
) -> TestCaseResult
where
    G: xdr_codec::Pack<Encoder> + for<'a> xdr_codec::Unpack<Strict<'a>> + std::fmt::Debug,
{
    let wire = packed(args);
    prop_assert!(same(args, &wire));
    for len in 0..wire.len() {
        prop_assert!(parse(&wire[..len]).is_err(), "cut to {len}");
    }
    let wire = changed(&wire, changes);
    match (Strict::whole::<G>(&wire), parse(&wire)) {
        (Ok(theirs), Ok(())) => prop_assert!(same(&theirs, &wire), "read differently: {theirs:?}"),
        // What only 4.1 has: the server's decoder does not know it.
        (Ok(_), Err(DecodeError::Undefined { of: "createmode4" | "open_claim_type4", .. })) => {}
        (Ok(_), Err(error)) => prop_assert_eq!(error, DecodeError::Padding),
        (Err(error), Ok(())) => prop_assert!(lenient(&wire), "taken, although {}", error),
        (Err(_), Err(_)) => {}
    }
    Ok(())
}

fn sid(generated: &stateid4) -> Stateid {
    Stateid::from(*generated)
}

fn owner_arg(generated: &lock_owner4) -> OwnerArg<'_> {
    OwnerArg { clientid: ClientId(generated.clientid), owner: &generated.owner }
}

fn attrs(generated: &fattr4) -> Fattr<'_> {
    Fattr { mask: Bitmap::from(&generated.attrmask), values: &generated.attr_vals.0 }
}

fn strict_only(_: &[u8]) -> bool {
    false
}

/// One test an operation: parser, random arguments, and the same arguments in our types.
macro_rules! operations {
    ($($name:ident, $strategy:expr, $args:pat => $ours:expr, $lenient:expr;)*) => {
        proptest! {
            #![proptest_config(ProptestConfig::with_cases(128))]
            $(#[test]
            fn $name(args in $strategy, changes in proptest::collection::vec(any::<(u16, u8)>(), 1..4)) {
                let same = |args: &_, wire: &[u8]| {
                    let $args = args;
                    whole(decode::$name(wire)).as_ref() == Ok(&$ours)
                };
                let parse = |wire: &[u8]| whole(decode::$name(wire)).map(drop);
                agree(&args, &changes, parse, same, $lenient)?;
            })*
        }
    };
}

fn new_or_existing(locker: &locker4) -> Locker<'_> {
    match locker {
        locker4::TRUE(new) => Locker::New(OpenToLockOwner {
            open_seqid: new.open_seqid,
            open_stateid: sid(&new.open_stateid),
            lock_seqid: new.lock_seqid,
            lock_owner: owner_arg(&new.lock_owner),
        }),
        locker4::FALSE(old) => {
            Locker::Existing { lock_stateid: sid(&old.lock_stateid), lock_seqid: old.lock_seqid }
        }
    }
}

fn lock_type_of(generated: nfs_lock_type4) -> LockType {
    match generated {
        nfs_lock_type4::READ_LT => LockType::ReadLt,
        nfs_lock_type4::WRITE_LT => LockType::WriteLt,
        nfs_lock_type4::READW_LT => LockType::ReadwLt,
        nfs_lock_type4::WRITEW_LT => LockType::WritewLt,
    }
}

fn how_of(generated: &openflag4) -> OpenHow<'_> {
    OpenHow::Create(match generated {
        openflag4::OPEN4_NOCREATE => return OpenHow::NoCreate,
        openflag4::OPEN4_CREATE(createhow4::UNCHECKED4(fattr)) => CreateHow::Unchecked(attrs(fattr)),
        openflag4::OPEN4_CREATE(createhow4::GUARDED4(fattr)) => CreateHow::Guarded(attrs(fattr)),
        openflag4::OPEN4_CREATE(createhow4::EXCLUSIVE4(verf)) => CreateHow::Exclusive(verf.0),
        openflag4::OPEN4_CREATE(createhow4::EXCLUSIVE4_1(both)) => {
            CreateHow::Exclusive41(both.cva_verf.0, attrs(&both.cva_attrs))
        }
    })
}

fn claim_of(generated: &open_claim4) -> OpenClaim<'_> {
    match generated {
        open_claim4::CLAIM_NULL(name) => OpenClaim::Null(&name.0),
        open_claim4::CLAIM_PREVIOUS(kind) => OpenClaim::Previous(*kind as u32),
        open_claim4::CLAIM_DELEGATE_CUR(current) => {
            OpenClaim::DelegateCur { delegate_stateid: sid(&current.delegate_stateid), file: &current.file.0 }
        }
        open_claim4::CLAIM_DELEGATE_PREV(name) => OpenClaim::DelegatePrev(&name.0),
        open_claim4::CLAIM_FH => OpenClaim::Fh,
        open_claim4::CLAIM_DELEG_CUR_FH(delegation) => OpenClaim::DelegCurFh(sid(delegation)),
        open_claim4::CLAIM_DELEG_PREV_FH => OpenClaim::DelegPrevFh,
    }
}

fn open_is_lenient(wire: &[u8]) -> bool {
    matches!(whole(decode::open(wire)), Ok(OpenArgs { claim: OpenClaim::Previous(3..), .. }))
}

fn type_of(generated: &createtype4) -> CreateType<'_> {
    match generated {
        createtype4::NF4LNK(text) => CreateType::Link(&text.0),
        createtype4::NF4BLK(device) => CreateType::Block(device.specdata1, device.specdata2),
        createtype4::NF4CHR(device) => CreateType::Character(device.specdata1, device.specdata2),
        createtype4::NF4SOCK => CreateType::Socket,
        createtype4::NF4FIFO => CreateType::Fifo,
        createtype4::NF4DIR => CreateType::Directory,
        createtype4::default(other) => CreateType::Other(*other as u32),
    }
}

fn create_is_lenient(wire: &[u8]) -> bool {
    matches!(whole(decode::create(wire)), Ok(CreateArgs { objtype: CreateType::Other(0 | 10..), .. }))
}

fn stable_of(generated: stable_how4) -> StableHow {
    match generated {
        stable_how4::UNSTABLE4 => StableHow::Unstable,
        stable_how4::DATA_SYNC4 => StableHow::DataSync,
        stable_how4::FILE_SYNC4 => StableHow::FileSync,
    }
}

operations! {
    access, any::<u32>().prop_map(|access| ACCESS4args { access }),
        ACCESS4args { access } => AccessArgs { access: *access }, strict_only;
    close, (any::<u32>(), any_::stateid()).prop_map(|(seqid, open_stateid)| CLOSE4args { seqid, open_stateid }),
        CLOSE4args { seqid, open_stateid } => CloseArgs { seqid: *seqid, open_stateid: sid(open_stateid) },
        strict_only;
    commit, any::<(u64, u32)>().prop_map(|(offset, count)| COMMIT4args { offset, count }),
        COMMIT4args { offset, count } => CommitArgs { offset: *offset, count: *count }, strict_only;
    create, any_::create(),
        CREATE4args { objtype, objname, createattrs } => CreateArgs {
            objtype: type_of(objtype), objname: &objname.0, createattrs: attrs(createattrs),
        }, create_is_lenient;
    delegpurge, any::<u64>().prop_map(|clientid| DELEGPURGE4args { clientid }),
        DELEGPURGE4args { clientid } => DelegpurgeArgs { clientid: ClientId(*clientid) }, strict_only;
    delegreturn, any_::stateid().prop_map(|deleg_stateid| DELEGRETURN4args { deleg_stateid }),
        DELEGRETURN4args { deleg_stateid } => DelegreturnArgs { deleg_stateid: sid(deleg_stateid) }, strict_only;
    getattr, any_::bitmap().prop_map(|attr_request| GETATTR4args { attr_request }),
        GETATTR4args { attr_request } => GetattrArgs { attr_request: Bitmap::from(attr_request) }, strict_only;
    link, any_::component().prop_map(|newname| LINK4args { newname }),
        LINK4args { newname } => LinkArgs { newname: &newname.0 }, strict_only;
    lock, any_::lock(),
        LOCK4args { locktype, reclaim, offset, length, locker } => LockArgs {
            locktype: lock_type_of(*locktype), reclaim: *reclaim, offset: *offset, length: *length,
            locker: new_or_existing(locker),
        }, strict_only;
    lockt, (any_::lock_type(), any::<u64>(), any::<u64>(), any_::lock_owner())
            .prop_map(|(locktype, offset, length, owner)| LOCKT4args { locktype, offset, length, owner }),
        LOCKT4args { locktype, offset, length, owner } => LocktArgs {
            locktype: lock_type_of(*locktype), offset: *offset, length: *length, owner: owner_arg(owner),
        }, strict_only;
    locku, (any_::lock_type(), any::<u32>(), any_::stateid(), any::<u64>(), any::<u64>())
            .prop_map(|(locktype, seqid, lock_stateid, offset, length)| {
                LOCKU4args { locktype, seqid, lock_stateid, offset, length }
            }),
        LOCKU4args { locktype, seqid, lock_stateid, offset, length } => LockuArgs {
            locktype: lock_type_of(*locktype), seqid: *seqid, lock_stateid: sid(lock_stateid), offset: *offset,
            length: *length,
        }, strict_only;
    lookup, any_::component().prop_map(|objname| LOOKUP4args { objname }),
        LOOKUP4args { objname } => LookupArgs { objname: &objname.0 }, strict_only;
    nverify, any_::fattr().prop_map(|obj_attributes| NVERIFY4args { obj_attributes }),
        NVERIFY4args { obj_attributes } => NverifyArgs { obj_attributes: attrs(obj_attributes) }, strict_only;
    open, any_::open(),
        OPEN4args { seqid, share_access, share_deny, owner, openhow, claim } => OpenArgs {
            seqid: *seqid, share_access: *share_access, share_deny: *share_deny,
            owner: OwnerArg { clientid: ClientId(owner.clientid), owner: &owner.owner },
            openhow: how_of(openhow), claim: claim_of(claim),
        }, open_is_lenient;
    openattr, any::<bool>().prop_map(|createdir| OPENATTR4args { createdir }),
        OPENATTR4args { createdir } => OpenattrArgs { createdir: *createdir }, strict_only;
    open_confirm, (any_::stateid(), any::<u32>())
            .prop_map(|(open_stateid, seqid)| OPEN_CONFIRM4args { open_stateid, seqid }),
        OPEN_CONFIRM4args { open_stateid, seqid } => OpenConfirmArgs {
            open_stateid: sid(open_stateid), seqid: *seqid,
        }, strict_only;
    open_downgrade, (any_::stateid(), any::<(u32, u32, u32)>())
            .prop_map(|(open_stateid, (seqid, share_access, share_deny))| {
                OPEN_DOWNGRADE4args { open_stateid, seqid, share_access, share_deny }
            }),
        OPEN_DOWNGRADE4args { open_stateid, seqid, share_access, share_deny } => OpenDowngradeArgs {
            open_stateid: sid(open_stateid), seqid: *seqid, share_access: *share_access, share_deny: *share_deny,
        }, strict_only;
    putfh, any_::bytes().prop_map(|bytes| PUTFH4args { object: nfs_fh4(bytes) }),
        PUTFH4args { object } => PutfhArgs { object: &object.0 }, strict_only;
    read, (any_::stateid(), any::<(u64, u32)>())
            .prop_map(|(stateid, (offset, count))| READ4args { stateid, offset, count }),
        READ4args { stateid, offset, count } => ReadArgs {
            stateid: sid(stateid), offset: *offset, count: *count,
        }, strict_only;
    readdir, (any::<(u64, u32, u32)>(), any_::verifier(), any_::bitmap())
            .prop_map(|((cookie, dircount, maxcount), cookieverf, attr_request)| {
                READDIR4args { cookie, cookieverf, dircount, maxcount, attr_request }
            }),
        READDIR4args { cookie, cookieverf, dircount, maxcount, attr_request } => ReaddirArgs {
            cookie: *cookie, cookieverf: cookieverf.0, dircount: *dircount, maxcount: *maxcount,
            attr_request: Bitmap::from(attr_request),
        }, strict_only;
    remove, any_::component().prop_map(|target| REMOVE4args { target }),
        REMOVE4args { target } => RemoveArgs { target: &target.0 }, strict_only;
    rename, (any_::component(), any_::component())
            .prop_map(|(oldname, newname)| RENAME4args { oldname, newname }),
        RENAME4args { oldname, newname } => RenameArgs { oldname: &oldname.0, newname: &newname.0 }, strict_only;
    renew, any::<u64>().prop_map(|clientid| RENEW4args { clientid }),
        RENEW4args { clientid } => RenewArgs { clientid: ClientId(*clientid) }, strict_only;
    secinfo, any_::component().prop_map(|name| SECINFO4args { name }),
        SECINFO4args { name } => SecinfoArgs { name: &name.0 }, strict_only;
    setattr, (any_::stateid(), any_::fattr())
            .prop_map(|(stateid, obj_attributes)| SETATTR4args { stateid, obj_attributes }),
        SETATTR4args { stateid, obj_attributes } => SetattrArgs {
            stateid: sid(stateid), obj_attributes: attrs(obj_attributes),
        }, strict_only;
    setclientid, any_::setclientid(),
        SETCLIENTID4args { client, callback, callback_ident } => SetclientidArgs {
            client: NfsClientId { verifier: client.verifier.0, id: &client.id },
            callback: CbClient {
                cb_program: callback.cb_program,
                r_netid: &callback.cb_location.r_netid,
                r_addr: &callback.cb_location.r_addr,
            },
            callback_ident: *callback_ident,
        }, strict_only;
    setclientid_confirm, (any::<u64>(), any_::verifier())
            .prop_map(|(clientid, setclientid_confirm)| {
                SETCLIENTID_CONFIRM4args { clientid, setclientid_confirm }
            }),
        SETCLIENTID_CONFIRM4args { clientid, setclientid_confirm } => SetclientidConfirmArgs {
            clientid: ClientId(*clientid), setclientid_confirm: setclientid_confirm.0,
        }, strict_only;
    verify, any_::fattr().prop_map(|obj_attributes| VERIFY4args { obj_attributes }),
        VERIFY4args { obj_attributes } => VerifyArgs { obj_attributes: attrs(obj_attributes) }, strict_only;
    write, any_::write(),
        WRITE4args { stateid, offset, stable, data } => WriteArgs {
            stateid: sid(stateid), offset: *offset, stable: stable_of(*stable), data,
        }, strict_only;
    release_lockowner, any_::lock_owner().prop_map(|lock_owner| RELEASE_LOCKOWNER4args { lock_owner }),
        RELEASE_LOCKOWNER4args { lock_owner } => ReleaseLockownerArgs { lock_owner: owner_arg(lock_owner) },
        strict_only;
}
