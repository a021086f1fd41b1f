//! Random values of generated types, within their limits and small.

use crate::xdr::generated::nfs4::*;
use proptest::collection::vec;
use proptest::prelude::*;

pub fn bytes() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..40)
}

pub fn component() -> impl Strategy<Value = component4> {
    bytes().prop_map(component4)
}

pub fn verifier() -> impl Strategy<Value = verifier4> {
    any::<[u8; 8]>().prop_map(verifier4)
}

pub fn stateid() -> impl Strategy<Value = stateid4> {
    any::<(u32, [u8; 12])>().prop_map(|(seqid, other)| stateid4 { seqid, other })
}

pub fn lock_owner() -> impl Strategy<Value = lock_owner4> {
    (any::<u64>(), bytes()).prop_map(|(clientid, owner)| lock_owner4 { clientid, owner })
}

pub fn bitmap() -> impl Strategy<Value = bitmap4> {
    vec(any::<u32>(), 0..=8).prop_map(bitmap4)
}

pub fn fattr() -> impl Strategy<Value = fattr4> {
    (bitmap(), bytes()).prop_map(|(attrmask, values)| fattr4 { attrmask, attr_vals: attrlist4(values) })
}

pub fn lock_type() -> impl Strategy<Value = nfs_lock_type4> {
    use nfs_lock_type4::*;
    prop_oneof![Just(READ_LT), Just(WRITE_LT), Just(READW_LT), Just(WRITEW_LT)]
}

fn locker() -> impl Strategy<Value = locker4> {
    let new = (any::<u32>(), stateid(), any::<u32>(), lock_owner());
    let new = new.prop_map(|(open_seqid, open_stateid, lock_seqid, lock_owner)| {
        locker4::TRUE(open_to_lock_owner4 { open_seqid, open_stateid, lock_seqid, lock_owner })
    });
    let existing = (stateid(), any::<u32>());
    let existing = existing.prop_map(|(lock_stateid, lock_seqid)| {
        locker4::FALSE(exist_lock_owner4 { lock_stateid, lock_seqid })
    });
    prop_oneof![new, existing]
}

pub fn lock() -> impl Strategy<Value = LOCK4args> {
    (lock_type(), any::<bool>(), any::<u64>(), any::<u64>(), locker()).prop_map(
        |(locktype, reclaim, offset, length, locker)| LOCK4args { locktype, reclaim, offset, length, locker },
    )
}

fn openflag() -> impl Strategy<Value = openflag4> {
    prop_oneof![
        Just(openflag4::OPEN4_NOCREATE),
        fattr().prop_map(|attrs| openflag4::OPEN4_CREATE(createhow4::UNCHECKED4(attrs))),
        fattr().prop_map(|attrs| openflag4::OPEN4_CREATE(createhow4::GUARDED4(attrs))),
        verifier().prop_map(|verf| openflag4::OPEN4_CREATE(createhow4::EXCLUSIVE4(verf))),
        (verifier(), fattr()).prop_map(|(cva_verf, cva_attrs)| {
            openflag4::OPEN4_CREATE(createhow4::EXCLUSIVE4_1(creatverfattr { cva_verf, cva_attrs }))
        }),
    ]
}

fn open_claim() -> impl Strategy<Value = open_claim4> {
    use open_delegation_type4::*;
    let delegation =
        prop_oneof![Just(OPEN_DELEGATE_NONE), Just(OPEN_DELEGATE_READ), Just(OPEN_DELEGATE_WRITE)];
    let current = (stateid(), component()).prop_map(|(delegate_stateid, file)| {
        open_claim4::CLAIM_DELEGATE_CUR(open_claim_delegate_cur4 { delegate_stateid, file })
    });
    prop_oneof![
        component().prop_map(open_claim4::CLAIM_NULL),
        delegation.prop_map(open_claim4::CLAIM_PREVIOUS),
        current,
        component().prop_map(open_claim4::CLAIM_DELEGATE_PREV),
        Just(open_claim4::CLAIM_FH),
        stateid().prop_map(open_claim4::CLAIM_DELEG_CUR_FH),
        Just(open_claim4::CLAIM_DELEG_PREV_FH),
    ]
}

pub fn open() -> impl Strategy<Value = OPEN4args> {
    (any::<(u32, u32, u32)>(), lock_owner(), openflag(), open_claim()).prop_map(
        |((seqid, share_access, share_deny), owner, openhow, claim)| {
            let owner = open_owner4 { clientid: owner.clientid, owner: owner.owner };
            OPEN4args { seqid, share_access, share_deny, owner, openhow, claim }
        },
    )
}

pub fn create() -> impl Strategy<Value = CREATE4args> {
    let device = any::<(u32, u32)>().prop_map(|(specdata1, specdata2)| specdata4 { specdata1, specdata2 });
    let objtype = prop_oneof![
        bytes().prop_map(|text| createtype4::NF4LNK(linktext4(text))),
        device.clone().prop_map(createtype4::NF4BLK),
        device.prop_map(createtype4::NF4CHR),
        Just(createtype4::NF4SOCK),
        Just(createtype4::NF4FIFO),
        Just(createtype4::NF4DIR),
        Just(createtype4::default(nfs_ftype4::NF4REG)),
        Just(createtype4::default(nfs_ftype4::NF4NAMEDATTR)),
    ];
    (objtype, component(), fattr()).prop_map(|(objtype, objname, createattrs)| CREATE4args {
        objtype,
        objname,
        createattrs,
    })
}

pub fn setclientid() -> impl Strategy<Value = SETCLIENTID4args> {
    (verifier(), bytes(), any::<(u32, u32)>(), bytes(), bytes()).prop_map(
        |(verifier, id, (cb_program, callback_ident), r_netid, r_addr)| SETCLIENTID4args {
            client: nfs_client_id4 { verifier, id },
            callback: cb_client4 { cb_program, cb_location: clientaddr4 { r_netid, r_addr } },
            callback_ident,
        },
    )
}

pub fn write() -> impl Strategy<Value = WRITE4args> {
    use stable_how4::*;
    let stable = prop_oneof![Just(UNSTABLE4), Just(DATA_SYNC4), Just(FILE_SYNC4)];
    (stateid(), any::<u64>(), stable, bytes()).prop_map(|(stateid, offset, stable, data)| WRITE4args {
        stateid,
        offset,
        stable,
        data,
    })
}
