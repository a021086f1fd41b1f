//! From the kernel's errors to the protocol's, in one place.

use crate::nfs4::Status;
use rustix::io::Errno;

/// The status for `error`. What has no status of its own is `Io`.
pub(super) fn status(error: Errno) -> Status {
    match error {
        Errno::PERM => Status::Perm,
        Errno::NOENT => Status::NoEnt,
        Errno::NXIO | Errno::NODEV => Status::Nxio,
        Errno::ACCESS => Status::Access,
        Errno::EXIST => Status::Exist,
        Errno::XDEV => Status::Xdev,
        Errno::NOTDIR => Status::NotDir,
        Errno::ISDIR => Status::IsDir,
        Errno::INVAL => Status::Inval,
        Errno::FBIG | Errno::OVERFLOW => Status::FBig,
        Errno::NOSPC => Status::NoSpc,
        Errno::ROFS => Status::RoFs,
        Errno::MLINK => Status::MLink,
        Errno::NAMETOOLONG => Status::NameTooLong,
        Errno::NOTEMPTY => Status::NotEmpty,
        Errno::DQUOT => Status::DQuot,
        Errno::STALE => Status::Stale,
        Errno::LOOP => Status::Symlink,
        Errno::OPNOTSUPP | Errno::NOSYS => Status::NotSupp,
        // A mount point, or a program that runs.
        Errno::BUSY | Errno::TXTBSY => Status::FileOpen,
        // They pass: too many files open, no memory just now, a lease being broken.
        Errno::MFILE | Errno::NFILE | Errno::NOMEM | Errno::AGAIN => Status::Delay,
        _ => Status::Io,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_have_their_status() {
        assert_eq!(status(Errno::NOENT), Status::NoEnt);
        assert_eq!(status(Errno::DQUOT), Status::DQuot);
        assert_eq!(status(Errno::from_raw_os_error(4095)), Status::Io);
    }
}
