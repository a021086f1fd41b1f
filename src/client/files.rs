//! Files, directories and attributes (RFC 7530 §16).

use super::compound::{CompoundReply, Listing};
use super::{Attributes, Client, Error, attr, op};
use crate::nfs4::{Filehandle, Stateid};
use crate::xdr::generated::nfs4::*;

/// Holds what READ gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadOk {
    /// Whether the data ends where the file ends.
    pub eof: bool,
    /// The bytes.
    pub data: Vec<u8>,
}

/// Holds what WRITE gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WriteOk {
    /// Bytes written.
    pub count: u32,
    /// How durably.
    pub committed: stable_how4,
    /// Changes when the server may have lost unstable writes.
    pub verifier: [u8; 8],
}

impl Client {
    /// Returns the filehandle of the root.
    pub fn root(&mut self) -> Result<Filehandle, Error> {
        filehandle_of(&self.compound_ok(&[op::putrootfh(), op::getfh()])?)
    }

    /// Sends LOOKUP of a name in a directory.
    pub fn lookup(&mut self, directory: &Filehandle, name: impl AsRef<[u8]>) -> Result<Filehandle, Error> {
        filehandle_of(&self.compound_ok(&[op::putfh(directory), op::lookup(name), op::getfh()])?)
    }

    /// Sends CREATE of a directory with mode 0755.
    pub fn mkdir(&mut self, directory: &Filehandle, name: impl AsRef<[u8]>) -> Result<Filehandle, Error> {
        self.create(directory, op::mkdir(name))
    }

    /// Sends CREATE of a symbolic link.
    pub fn symlink(
        &mut self,
        directory: &Filehandle,
        name: impl AsRef<[u8]>,
        target: impl AsRef<[u8]>,
    ) -> Result<Filehandle, Error> {
        self.create(directory, op::symlink(name, target))
    }

    /// Sends any CREATE; returns the filehandle of what it made.
    pub fn create(&mut self, directory: &Filehandle, create: nfs_argop4) -> Result<Filehandle, Error> {
        filehandle_of(&self.compound_ok(&[op::putfh(directory), create, op::getfh()])?)
    }

    /// Sends REMOVE of a name from a directory.
    pub fn remove(&mut self, directory: &Filehandle, name: impl AsRef<[u8]>) -> Result<(), Error> {
        self.compound_ok(&[op::putfh(directory), op::remove(name)]).map(drop)
    }

    /// Sends RENAME inside one directory.
    pub fn rename(
        &mut self,
        directory: &Filehandle,
        from: impl AsRef<[u8]>,
        to: impl AsRef<[u8]>,
    ) -> Result<(), Error> {
        self.compound_ok(&[op::putfh(directory), op::savefh(), op::rename(from, to)]).map(drop)
    }

    /// Sends GETATTR of these attribute numbers.
    pub fn getattr(&mut self, file: &Filehandle, numbers: &[u32]) -> Result<Attributes, Error> {
        let reply = self.compound_ok(&[op::putfh(file), op::getattr(numbers)])?;
        Attributes::from_wire(&reply.find(|result| match result {
            nfs_resop4::OP_GETATTR(GETATTR4res::NFS4_OK(ok)) => Some(ok.obj_attributes.clone()),
            _ => None,
        })?)
    }

    /// Sends SETATTR; returns the numbers of the attributes that were set.
    pub fn setattr(
        &mut self,
        file: &Filehandle,
        state: Stateid,
        attributes: &Attributes,
    ) -> Result<Vec<u32>, Error> {
        let reply = self.compound_ok(&[op::putfh(file), op::setattr(state, attributes)])?;
        reply.find(|result| match result {
            nfs_resop4::OP_SETATTR(result) => Some(attr::numbers(&result.attrsset.0).collect()),
            _ => None,
        })
    }

    /// Sends READ.
    pub fn read(
        &mut self,
        file: &Filehandle,
        state: Stateid,
        offset: u64,
        count: u32,
    ) -> Result<ReadOk, Error> {
        let reply = self.compound_ok(&[op::putfh(file), op::read(state, offset, count)])?;
        reply.find(|result| match result {
            nfs_resop4::OP_READ(READ4res::NFS4_OK(ok)) => Some(ReadOk { eof: ok.eof, data: ok.data.clone() }),
            _ => None,
        })
    }

    /// Sends WRITE, durable before it is answered.
    pub fn write(
        &mut self,
        file: &Filehandle,
        state: Stateid,
        offset: u64,
        data: &[u8],
    ) -> Result<WriteOk, Error> {
        let write = op::write(state, offset, stable_how4::FILE_SYNC4, data);
        self.compound_ok(&[op::putfh(file), write])?.find(|result| match result {
            nfs_resop4::OP_WRITE(WRITE4res::NFS4_OK(ok)) => {
                Some(WriteOk { count: ok.count, committed: ok.committed, verifier: ok.writeverf.0 })
            }
            _ => None,
        })
    }

    /// Sends READDIR from `cookie` on.
    pub fn readdir(
        &mut self,
        directory: &Filehandle,
        (cookie, verifier): (u64, [u8; 8]),
        maxcount: u32,
        numbers: &[u32],
    ) -> Result<Listing, Error> {
        let readdir = op::readdir(cookie, verifier, maxcount, maxcount, numbers);
        self.compound_ok(&[op::putfh(directory), readdir])?.find(|result| match result {
            nfs_resop4::OP_READDIR(READDIR4res::NFS4_OK(ok)) => Some(Listing::try_from(ok)),
            _ => None,
        })?
    }

    /// Sends READLINK; returns the text of a symbolic link.
    pub fn readlink(&mut self, link: &Filehandle) -> Result<Vec<u8>, Error> {
        self.compound_ok(&[op::putfh(link), op::readlink()])?.find(|result| match result {
            nfs_resop4::OP_READLINK(READLINK4res::NFS4_OK(ok)) => Some(ok.link.0.clone()),
            _ => None,
        })
    }

    /// Sends ACCESS; returns the bits that the server can judge, and those that are allowed.
    pub fn access(&mut self, file: &Filehandle, bits: u32) -> Result<(u32, u32), Error> {
        self.compound_ok(&[op::putfh(file), op::access(bits)])?.find(|result| match result {
            nfs_resop4::OP_ACCESS(ACCESS4res::NFS4_OK(ok)) => Some((ok.supported, ok.access)),
            _ => None,
        })
    }
}

/// Returns the filehandle that GETFH gave.
pub fn filehandle_of(reply: &CompoundReply) -> Result<Filehandle, Error> {
    let bytes = reply.find(|result| match result {
        nfs_resop4::OP_GETFH(GETFH4res::NFS4_OK(ok)) => Some(ok.object.0.clone()),
        _ => None,
    })?;
    Filehandle::new(&bytes).ok_or_else(|| Error::malformed("a filehandle that is too long"))
}
