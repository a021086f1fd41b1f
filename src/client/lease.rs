//! Clientids and leases (RFC 7530 §9.1.1, §9.5, §16.28, §16.33, §16.34).

use super::{Client, Error, op};
use crate::xdr::generated::nfs4::*;

impl Client {
    /// Sends SETCLIENTID; returns the clientid and the verifier to confirm it with.
    pub fn setclientid(&mut self, id: &[u8], verifier: [u8; 8]) -> Result<(u64, [u8; 8]), Error> {
        self.compound_ok(&[op::setclientid(id, verifier)])?.find(|result| match result {
            nfs_resop4::OP_SETCLIENTID(SETCLIENTID4res::NFS4_OK(ok)) => {
                Some((ok.clientid, ok.setclientid_confirm.0))
            }
            _ => None,
        })
    }

    /// Sends SETCLIENTID_CONFIRM.
    pub fn setclientid_confirm(&mut self, clientid: u64, verifier: [u8; 8]) -> Result<(), Error> {
        self.compound_ok(&[op::setclientid_confirm(clientid, verifier)]).map(drop)
    }

    /// Sends SETCLIENTID and its confirmation; from now on operations carry the clientid.
    pub fn establish(&mut self, id: &[u8], verifier: [u8; 8]) -> Result<(), Error> {
        let (clientid, confirm) = self.setclientid(id, verifier)?;
        self.setclientid_confirm(clientid, confirm)?;
        self.clientid = clientid;
        Ok(())
    }

    /// Renews this client's lease by RENEW.
    pub fn renew(&mut self) -> Result<(), Error> {
        self.compound_ok(&[op::renew(self.clientid)]).map(drop)
    }
}
