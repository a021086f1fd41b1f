//! Credentials (RFC 5531 §8.2, §10 and appendix A): AUTH_NONE and AUTH_SYS.
//!
//! A verifier has to be of flavor AUTH_NONE; what it holds is not looked at, since §10.1 leaves its body undefined.
//! Flavors that we do not have are refused with AUTH_TOOWEAK, which makes a client give up at once, whereas a Linux
//! client meets AUTH_BADCRED and AUTH_REJECTEDCRED by trying again.

use super::flavor::{AUTH_NONE, AUTH_SHORT, AUTH_SYS, AuthStat, OpaqueAuth};
use super::wire::{Parsed, opaque, uint32};
use crate::nfs4::{Cred, Principal};
use nom::error::{Error, ErrorKind};
use smallvec::SmallVec;

/// Longest name of a machine in AUTH_SYS, in bytes.
const MACHINE_NAME_BYTES_MAX: usize = 255;
/// Most groups in AUTH_SYS beside the primary one.
const GROUPS_MAX: u32 = 16;

/// Holds what a credential says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Who it is, for comparing.
    pub principal: Principal,
    /// Who it is to the file system, before squashing.
    pub cred: Cred,
}

/// Checks a call's credential and verifier.
pub fn authenticate(cred: OpaqueAuth<'_>, verf: OpaqueAuth<'_>) -> Result<Identity, AuthStat> {
    let identity = match cred.flavor {
        AUTH_NONE => Identity { principal: Principal::None, cred: Cred::nobody() },
        AUTH_SYS => match auth_sys(cred.body) {
            Ok(([], cred)) => Identity { principal: Principal::Sys { uid: cred.uid }, cred },
            _ => return Err(AuthStat::BadCred),
        },
        AUTH_SHORT => return Err(AuthStat::RejectedCred),
        _ => return Err(AuthStat::TooWeak),
    };
    if verf.flavor != AUTH_NONE {
        return Err(AuthStat::BadVerf);
    }
    Ok(identity)
}

/// Decodes `authsys_parms` (appendix A).
fn auth_sys(body: &[u8]) -> Parsed<'_, Cred> {
    let (rest, _stamp) = uint32(body)?;
    let (rest, _machine_name) = opaque(MACHINE_NAME_BYTES_MAX, rest)?;
    let (rest, uid) = uint32(rest)?;
    let (rest, gid) = uint32(rest)?;
    let (mut rest, count) = uint32(rest)?;
    if count > GROUPS_MAX {
        return Err(nom::Err::Failure(Error::new(rest, ErrorKind::TooLarge)));
    }
    let mut groups = SmallVec::new();
    for _ in 0..count {
        let (after, group) = uint32(rest)?;
        groups.push(group);
        rest = after;
    }
    Ok((rest, Cred { uid, gid, groups }))
}

/// Caches the credential that a connection brought last, and what it says: the same bytes say the same again. Holds at
/// most the [`AUTH_BODY_BYTES_MAX`](super::message::AUTH_BODY_BYTES_MAX) bytes of one credential.
#[derive(Clone, Debug, Default)]
pub struct LastCredential {
    flavor: u32,
    body: Vec<u8>,
    identity: Option<Identity>,
}

impl LastCredential {
    /// Authenticates like [`authenticate`], with its errors.
    #[inline]
    pub fn authenticate(
        &mut self,
        cred: OpaqueAuth<'_>,
        verf: OpaqueAuth<'_>,
    ) -> Result<&Identity, AuthStat> {
        let same = self.identity.is_some()
            && verf.flavor == AUTH_NONE
            && cred.flavor == self.flavor
            && cred.body == self.body;
        if !same {
            self.replace(cred, verf)?;
        }
        self.identity.as_ref().ok_or(AuthStat::BadCred)
    }

    #[cold]
    fn replace(&mut self, cred: OpaqueAuth<'_>, verf: OpaqueAuth<'_>) -> Result<(), AuthStat> {
        let identity = authenticate(cred, verf)?;
        self.flavor = cred.flavor;
        self.body.clear();
        self.body.extend_from_slice(cred.body);
        self.identity = Some(identity);
        Ok(())
    }
}

#[cfg(test)]
#[path = "auth_tests.rs"]
mod tests;
