//! OPEN, OPENATTR, OPEN_CONFIRM, OPEN_DOWNGRADE, CLOSE (RFC 7530 §16.2, §16.16-16.19).

use super::{Fattr, OwnerArg, Parsed, bool_, component, fattr, owner, stateid, u32_, undefined, verifier};
use crate::nfs4::{Stateid, Verifier};
use nom::Parser;
use nom::combinator::map;

/// `createhow4`: what to do when the file exists, and what else to set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreateHow<'a> {
    /// `UNCHECKED4`: open an existing file.
    Unchecked(Fattr<'a>),
    /// `GUARDED4`: refuse an existing file.
    Guarded(Fattr<'a>),
    /// `EXCLUSIVE4`: refuse an existing file, unless this verifier made it.
    Exclusive(Verifier),
    /// `EXCLUSIVE4_1`: the same, and these attributes for a new file (RFC 8881 §18.16).
    Exclusive41(Verifier, Fattr<'a>),
}

/// `openflag4`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenHow<'a> {
    /// `OPEN4_NOCREATE`.
    NoCreate,
    /// `OPEN4_CREATE`.
    Create(CreateHow<'a>),
}

/// `open_claim4`: by what right, and which file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenClaim<'a> {
    /// `CLAIM_NULL`: this name in the current directory.
    Null(&'a [u8]),
    /// `CLAIM_PREVIOUS`: the current file, held open before the server's restart, with this type of delegation
    /// (`open_delegation_type4`, unchecked).
    Previous(u32),
    /// `CLAIM_DELEGATE_CUR`: by a delegation.
    DelegateCur {
        /// The delegation.
        delegate_stateid: Stateid,
        /// Name in the current directory.
        file: &'a [u8],
    },
    /// `CLAIM_DELEGATE_PREV`: by a delegation given before the client's restart, this name in the current directory.
    DelegatePrev(&'a [u8]),
    /// `CLAIM_FH`: the current file (RFC 8881 §18.16).
    Fh,
    /// `CLAIM_DELEG_CUR_FH`: the current file, by a delegation.
    DelegCurFh(Stateid),
    /// `CLAIM_DELEG_PREV_FH`: the current file, by a delegation given before the client's restart.
    DelegPrevFh,
}

/// `OPEN4args`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenArgs<'a> {
    /// The next seqid of the open owner.
    pub seqid: u32,
    /// `OPEN4_SHARE_ACCESS_*`, unchecked.
    pub share_access: u32,
    /// `OPEN4_SHARE_DENY_*`, unchecked.
    pub share_deny: u32,
    /// Who opens.
    pub owner: OwnerArg<'a>,
    /// Whether and how to create.
    pub openhow: OpenHow<'a>,
    /// What to open.
    pub claim: OpenClaim<'a>,
}

fn createhow(i: &[u8]) -> Parsed<'_, CreateHow<'_>> {
    match u32_(i)? {
        (i, 0) => map(fattr, CreateHow::Unchecked).parse(i),
        (i, 1) => map(fattr, CreateHow::Guarded).parse(i),
        (i, 2) => map(verifier, CreateHow::Exclusive).parse(i),
        (i, 3) => map((verifier, fattr), |(verifier, set)| CreateHow::Exclusive41(verifier, set)).parse(i),
        (_, other) => undefined("createmode4", other),
    }
}

fn openflag(i: &[u8]) -> Parsed<'_, OpenHow<'_>> {
    match u32_(i)? {
        (i, 0) => Ok((i, OpenHow::NoCreate)),
        (i, 1) => map(createhow, OpenHow::Create).parse(i),
        (_, other) => undefined("opentype4", other),
    }
}

fn open_claim(i: &[u8]) -> Parsed<'_, OpenClaim<'_>> {
    match u32_(i)? {
        (i, 0) => map(component, OpenClaim::Null).parse(i),
        (i, 1) => map(u32_, OpenClaim::Previous).parse(i),
        (i, 2) => map((stateid, component), |(delegate_stateid, file)| OpenClaim::DelegateCur {
            delegate_stateid,
            file,
        })
        .parse(i),
        (i, 3) => map(component, OpenClaim::DelegatePrev).parse(i),
        (i, 4) => Ok((i, OpenClaim::Fh)),
        (i, 5) => map(stateid, OpenClaim::DelegCurFh).parse(i),
        (i, 6) => Ok((i, OpenClaim::DelegPrevFh)),
        (_, other) => undefined("open_claim_type4", other),
    }
}

/// Decodes OPEN (RFC 7530 §16.16.1).
pub fn open(i: &[u8]) -> Parsed<'_, OpenArgs<'_>> {
    let fields = (u32_, u32_, u32_, owner, openflag, open_claim);
    map(fields, |(seqid, share_access, share_deny, owner, openhow, claim)| OpenArgs {
        seqid,
        share_access,
        share_deny,
        owner,
        openhow,
        claim,
    })
    .parse(i)
}

/// `OPENATTR4args`. The current filehandle names the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenattrArgs {
    /// Whether to create the directory of named attributes.
    pub createdir: bool,
}

/// Decodes OPENATTR (RFC 7530 §16.17.1).
pub fn openattr(i: &[u8]) -> Parsed<'_, OpenattrArgs> {
    map(bool_, |createdir| OpenattrArgs { createdir }).parse(i)
}

/// `OPEN_CONFIRM4args`. The current filehandle names the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenConfirmArgs {
    /// The open.
    pub open_stateid: Stateid,
    /// The next seqid of the open owner.
    pub seqid: u32,
}

/// Decodes OPEN_CONFIRM (RFC 7530 §16.18.1).
pub fn open_confirm(i: &[u8]) -> Parsed<'_, OpenConfirmArgs> {
    map((stateid, u32_), |(open_stateid, seqid)| OpenConfirmArgs { open_stateid, seqid }).parse(i)
}

/// `OPEN_DOWNGRADE4args`. The current filehandle names the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenDowngradeArgs {
    /// The open.
    pub open_stateid: Stateid,
    /// The next seqid of the open owner.
    pub seqid: u32,
    /// `OPEN4_SHARE_ACCESS_*` to keep, unchecked.
    pub share_access: u32,
    /// `OPEN4_SHARE_DENY_*` to keep, unchecked.
    pub share_deny: u32,
}

/// Decodes OPEN_DOWNGRADE (RFC 7530 §16.19.1).
pub fn open_downgrade(i: &[u8]) -> Parsed<'_, OpenDowngradeArgs> {
    map((stateid, u32_, u32_, u32_), |(open_stateid, seqid, share_access, share_deny)| OpenDowngradeArgs {
        open_stateid,
        seqid,
        share_access,
        share_deny,
    })
    .parse(i)
}

/// `CLOSE4args`. The current filehandle names the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CloseArgs {
    /// The next seqid of the open owner.
    pub seqid: u32,
    /// The open.
    pub open_stateid: Stateid,
}

/// Decodes CLOSE (RFC 7530 §16.2.1).
pub fn close(i: &[u8]) -> Parsed<'_, CloseArgs> {
    map((u32_, stateid), |(seqid, open_stateid)| CloseArgs { seqid, open_stateid }).parse(i)
}
