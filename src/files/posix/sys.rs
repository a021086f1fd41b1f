//! System calls that no library here offers.

use rustix::io::Errno;
use smallvec::SmallVec;
use std::ffi::{c_int, c_long, c_uint};
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

/// Longest kernel handle (`MAX_HANDLE_SZ`).
const KERNEL_HANDLE_BYTES_MAX: usize = 128;

/// `struct file_handle` with room.
#[repr(C)]
struct RawHandle {
    handle_bytes: c_uint,
    handle_type: c_int,
    octets: [u8; KERNEL_HANDLE_BYTES_MAX],
}

/// A handle as the kernel makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct KernelHandle {
    /// `handle_type`.
    pub(super) kind: i32,
    /// `f_handle`.
    pub(super) octets: SmallVec<[u8; 24]>,
}

/// name_to_handle_at(2) of an open object.
pub(super) fn name_to_handle(fd: BorrowedFd<'_>) -> Result<KernelHandle, Errno> {
    let mut raw = RawHandle {
        handle_bytes: KERNEL_HANDLE_BYTES_MAX as c_uint,
        handle_type: 0,
        octets: [0; KERNEL_HANDLE_BYTES_MAX],
    };
    let mut mount_id: c_int = 0;
    #[allow(unsafe_code, reason = "system call without a safe wrapper")]
    // SAFETY: the handle has `handle_bytes` octets of room behind its head, as declared; the name is an empty string.
    let result = unsafe {
        libc::name_to_handle_at(
            fd.as_raw_fd(),
            c"".as_ptr(),
            (&raw mut raw).cast::<libc::file_handle>(),
            &raw mut mount_id,
            libc::AT_EMPTY_PATH,
        )
    };
    check(result.into())?;
    let octets = raw.octets.get(..raw.handle_bytes as usize).ok_or(Errno::OVERFLOW)?;
    Ok(KernelHandle { kind: raw.handle_type, octets: SmallVec::from_slice(octets) })
}

/// open_by_handle_at(2) as `O_PATH`, on the mount of `mount`.
pub(super) fn open_by_handle(mount: BorrowedFd<'_>, kind: i32, octets: &[u8]) -> Result<OwnedFd, Errno> {
    let mut raw = RawHandle {
        handle_bytes: c_uint::try_from(octets.len()).map_err(|_| Errno::STALE)?,
        handle_type: kind,
        octets: [0; KERNEL_HANDLE_BYTES_MAX],
    };
    raw.octets.get_mut(..octets.len()).ok_or(Errno::STALE)?.copy_from_slice(octets);
    let flags = libc::O_PATH | libc::O_NOFOLLOW | libc::O_CLOEXEC;
    #[allow(unsafe_code, reason = "system call without a safe wrapper")]
    // SAFETY: the handle has `handle_bytes` octets behind its head.
    let fd = unsafe {
        libc::open_by_handle_at(mount.as_raw_fd(), (&raw mut raw).cast::<libc::file_handle>(), flags)
    };
    check(fd.into())?;
    #[allow(unsafe_code, reason = "takes the descriptor into ownership")]
    // SAFETY: the call gave us this descriptor; nobody else has it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// Whether the thread's file-system identity may access an open object; `mode` as in access(2).
pub(super) fn may_access(fd: BorrowedFd<'_>, mode: c_int) -> Result<bool, Errno> {
    let flags = libc::AT_EMPTY_PATH | libc::AT_EACCESS;
    #[allow(unsafe_code, reason = "the wrappers emulate AT_EACCESS with the wrong identity")]
    // SAFETY: the path is an empty string; nothing else is a pointer.
    let result = unsafe { libc::syscall(libc::SYS_faccessat2, fd.as_raw_fd(), c"".as_ptr(), mode, flags) };
    match check(result) {
        Ok(()) => Ok(true),
        Err(Errno::ACCESS | Errno::ROFS | Errno::PERM) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Sets the file-system user of this thread alone; answers whether it is that now.
pub(super) fn set_thread_fsuid(uid: u32) -> bool {
    set_and_read_back(libc::SYS_setfsuid, uid)
}

/// Sets the file-system group of this thread alone; answers whether it is that now.
pub(super) fn set_thread_fsgid(gid: u32) -> bool {
    set_and_read_back(libc::SYS_setfsgid, gid)
}

fn set_and_read_back(call: c_long, id: u32) -> bool {
    #[allow(unsafe_code, reason = "glibc has no wrapper that tells success")]
    // SAFETY: these calls take a number and change the identity of the calling thread only. All ones is nobody's
    // number: it changes nothing and answers what is set.
    let now = unsafe {
        libc::syscall(call, id);
        libc::syscall(call, u32::MAX)
    };
    now == c_long::from(id)
}

/// Sets the further groups of this thread alone (glibc's setgroups(3) would change all threads).
pub(super) fn set_thread_groups(groups: &[u32]) -> Result<(), Errno> {
    #[allow(unsafe_code, reason = "glibc's wrapper acts on the whole process")]
    // SAFETY: the pointer and the count describe one slice of 32-bit numbers, which is what gid_t is.
    check(unsafe { libc::syscall(libc::SYS_setgroups, groups.len(), groups.as_ptr()) })
}

/// `FICLONERANGE`: makes (offset in `from`, offset in `to`, length) of both files the same blocks.
pub(super) fn clone_range(
    from: BorrowedFd<'_>,
    to: BorrowedFd<'_>,
    (from_offset, to_offset, length): (u64, u64, u64),
) -> Result<(), Errno> {
    let range = libc::file_clone_range {
        src_fd: from.as_raw_fd().into(),
        src_offset: from_offset,
        src_length: length,
        dest_offset: to_offset,
    };
    #[allow(unsafe_code, reason = "system call without a safe wrapper")]
    // SAFETY: the call reads one structure of the type that its number says.
    let result = unsafe { libc::ioctl(to.as_raw_fd(), libc::FICLONERANGE, &raw const range) };
    check(result.into())
}

fn check(result: c_long) -> Result<(), Errno> {
    if result >= 0 {
        return Ok(());
    }
    let error = std::io::Error::last_os_error();
    Err(Errno::from_io_error(&error).unwrap_or(Errno::IO))
}
