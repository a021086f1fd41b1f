//! The mapping from the kernel's errors to those of the protocol.

use crate::nfs4::Status;
use rustix::io::Errno;

/// Returns the status for `error`: `Io` for all that have none of their own.
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
        // A mount point, or a running program.
        Errno::BUSY | Errno::TXTBSY => Status::FileOpen,
        // Temporary: too many files open, out of memory, a lease being broken.
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
