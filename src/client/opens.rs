//! OPEN and what follows from it (RFC 7530 §16.2, §16.16, §16.18, §16.19).

use super::compound::CompoundReply;
use super::{Attributes, Client, Error, OpenOwner, op};
use crate::nfs4::{Filehandle, ShareAccess, ShareDeny, Stateid, Status};
use crate::xdr::generated::nfs4::*;

/// `OPEN4_RESULT_CONFIRM`: the open must be confirmed before it is used.
const RESULT_CONFIRM: u32 = 2;

/// Says how OPEN treats a file that is or is not there.
#[derive(Clone, Debug)]
pub enum OpenHow {
    /// It must be there.
    NoCreate,
    /// Created if it is not there, with these attributes.
    Unchecked(Attributes),
    /// Created; it must not be there.
    Guarded(Attributes),
    /// Created; if it is there it must have been created with the same verifier.
    Exclusive([u8; 8]),
    /// The same, with attributes for a new file (4.1).
    Exclusive41([u8; 8], Attributes),
}

/// Says which file OPEN means.
#[derive(Clone, Debug)]
pub enum Claim {
    /// The file of this name in the current directory.
    Null(Vec<u8>),
    /// The current filehandle, reclaimed after a restart of the server.
    Previous,
    /// The current filehandle (4.1).
    Fh,
    /// The current filehandle by a delegation (4.1).
    DelegCurFh(Stateid),
    /// The current filehandle by a delegation from before the client's restart (4.1).
    DelegPrevFh,
}

/// Holds the arguments of OPEN but for owner and seqid.
#[derive(Clone, Debug)]
pub struct OpenRequest {
    /// What for, as wire bits, so that wrong ones can be sent.
    pub access: u32,
    /// Against what, as wire bits.
    pub deny: u32,
    /// Creation.
    pub how: OpenHow,
    /// Which file.
    pub claim: Claim,
}

/// Holds an open file and its owner.
#[derive(Clone, Debug)]
pub struct OpenFile {
    /// The file.
    pub filehandle: Filehandle,
    /// The open stateid, updated by the methods of [`Client`] that change it.
    pub stateid: Stateid,
    /// `rflags` of OPEN.
    pub result_flags: u32,
    /// Who opened it; a clone of it is out of date as soon as one of the two is used.
    pub owner: OpenOwner,
}

impl OpenRequest {
    /// Opens a file that is there, for reading and writing, denying nothing.
    pub fn existing(name: impl AsRef<[u8]>) -> Self {
        let (access, deny) = (ShareAccess::BOTH.bits(), ShareDeny::NONE.bits());
        Self { access, deny, how: OpenHow::NoCreate, claim: Claim::Null(name.as_ref().to_vec()) }
    }

    /// Opens a file for reading and writing and creates it with mode 0644 if it is not there.
    pub fn create(name: impl AsRef<[u8]>) -> Self {
        Self { how: OpenHow::Unchecked(Attributes::new().mode(0o644)), ..Self::existing(name) }
    }

    /// Returns the same request with other share bits.
    #[must_use]
    pub fn share(self, access: u32, deny: u32) -> Self {
        Self { access, deny, ..self }
    }

    /// Returns the same request with another way of creation.
    #[must_use]
    pub fn how(self, how: OpenHow) -> Self {
        Self { how, ..self }
    }

    /// Returns the same request with another claim.
    #[must_use]
    pub fn claim(self, claim: Claim) -> Self {
        Self { claim, ..self }
    }

    /// Builds the operation, with the seqid that `owner` has now.
    pub fn op(&self, owner: &OpenOwner) -> nfs_argop4 {
        nfs_argop4::OP_OPEN(OPEN4args {
            seqid: owner.seqid,
            share_access: self.access,
            share_deny: self.deny,
            owner: open_owner4 { clientid: owner.clientid, owner: owner.name.clone() },
            openhow: self.how.to_wire(),
            claim: match &self.claim {
                Claim::Null(name) => open_claim4::CLAIM_NULL(component4(name.clone())),
                Claim::Previous => open_claim4::CLAIM_PREVIOUS(open_delegation_type4::OPEN_DELEGATE_NONE),
                Claim::Fh => open_claim4::CLAIM_FH,
                Claim::DelegCurFh(stateid) => open_claim4::CLAIM_DELEG_CUR_FH(op::stateid(*stateid)),
                Claim::DelegPrevFh => open_claim4::CLAIM_DELEG_PREV_FH,
            },
        })
    }
}

impl OpenHow {
    fn to_wire(&self) -> openflag4 {
        openflag4::OPEN4_CREATE(match self {
            Self::NoCreate => return openflag4::OPEN4_NOCREATE,
            Self::Unchecked(attributes) => createhow4::UNCHECKED4(attributes.to_wire()),
            Self::Guarded(attributes) => createhow4::GUARDED4(attributes.to_wire()),
            Self::Exclusive(verifier) => createhow4::EXCLUSIVE4(verifier4(*verifier)),
            Self::Exclusive41(verifier, attributes) => createhow4::EXCLUSIVE4_1(creatverfattr {
                cva_verf: verifier4(*verifier),
                cva_attrs: attributes.to_wire(),
            }),
        })
    }
}

impl OpenFile {
    /// Returns whether OPEN asked for OPEN_CONFIRM.
    pub fn must_confirm(&self) -> bool {
        self.result_flags & RESULT_CONFIRM != 0
    }
}

impl Client {
    /// Sends OPEN, without the confirmation it may ask for. `current` is the directory of the name (`CLAIM_NULL`) or the
    /// file.
    pub fn open_unconfirmed(
        &mut self,
        owner: &mut OpenOwner,
        current: &Filehandle,
        request: &OpenRequest,
    ) -> Result<OpenFile, Error> {
        let reply = self.compound(&[op::putfh(current), request.op(owner), op::getfh()])?;
        self.note_answer(&reply, |status| owner.answered(status));
        let reply = reply.ok()?;
        let (stateid, result_flags) = reply.find(|result| match result {
            nfs_resop4::OP_OPEN(OPEN4res::NFS4_OK(ok)) => Some((from_wire(&ok.stateid), ok.rflags)),
            _ => None,
        })?;
        Ok(OpenFile {
            filehandle: super::files::filehandle_of(&reply)?,
            stateid,
            result_flags,
            owner: owner.clone(),
        })
    }

    /// Sends OPEN and, if it asks for it, OPEN_CONFIRM.
    pub fn open(
        &mut self,
        owner: &mut OpenOwner,
        current: &Filehandle,
        request: &OpenRequest,
    ) -> Result<OpenFile, Error> {
        let mut file = self.open_unconfirmed(owner, current, request)?;
        if file.must_confirm() {
            self.open_confirm(&mut file)?;
            *owner = file.owner.clone();
        }
        Ok(file)
    }

    /// Sends OPEN_CONFIRM.
    pub fn open_confirm(&mut self, file: &mut OpenFile) -> Result<(), Error> {
        let confirm = op::open_confirm(file.stateid, file.owner.seqid);
        self.change_open(file, confirm)
    }

    /// Sends OPEN_DOWNGRADE to these share bits.
    pub fn open_downgrade(&mut self, file: &mut OpenFile, access: u32, deny: u32) -> Result<(), Error> {
        let downgrade = op::open_downgrade(file.stateid, file.owner.seqid, access, deny);
        self.change_open(file, downgrade)
    }

    /// Sends CLOSE. The owner in `file` stays usable for other opens.
    pub fn close(&mut self, file: &mut OpenFile) -> Result<(), Error> {
        let close = op::close(file.owner.seqid, file.stateid);
        self.change_open(file, close)
    }

    /// Tells an owner the status of the operation that carried its seqid: the second of the COMPOUND, if it was reached.
    /// In a session there are no seqids to count (RFC 8881 §8.8).
    pub(super) fn note_answer(&self, reply: &CompoundReply, note: impl FnOnce(Status)) {
        if let (None, Some(result)) = (&self.session, reply.results.get(1)) {
            note(result.status);
        }
    }

    fn change_open(&mut self, file: &mut OpenFile, change: nfs_argop4) -> Result<(), Error> {
        let reply = self.compound(&[op::putfh(&file.filehandle), change])?;
        self.note_answer(&reply, |status| file.owner.answered(status));
        file.stateid = reply.ok()?.find(|result| match result {
            nfs_resop4::OP_OPEN_CONFIRM(OPEN_CONFIRM4res::NFS4_OK(ok)) => Some(from_wire(&ok.open_stateid)),
            nfs_resop4::OP_OPEN_DOWNGRADE(OPEN_DOWNGRADE4res::NFS4_OK(ok)) => {
                Some(from_wire(&ok.open_stateid))
            }
            nfs_resop4::OP_CLOSE(CLOSE4res::NFS4_OK(stateid)) => Some(from_wire(stateid)),
            _ => None,
        })?;
        Ok(())
    }
}

/// Decodes a stateid from the wire.
pub(super) fn from_wire(stateid: &stateid4) -> Stateid {
    Stateid { seqid: stateid.seqid, other: stateid.other }
}
