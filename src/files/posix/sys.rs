//! System calls without a wrapper in the libraries in use.

use rustix::io::Errno;
use smallvec::SmallVec;
use std::ffi::{c_int, c_long, c_uint};
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

/// Longest kernel handle (`MAX_HANDLE_SZ`).
const KERNEL_HANDLE_BYTES_MAX: usize = 128;

/// Mirrors `struct file_handle`, with a buffer of the largest size.
#[repr(C)]
struct RawHandle {
    handle_bytes: c_uint,
    handle_type: c_int,
    bytes: [u8; KERNEL_HANDLE_BYTES_MAX],
}

/// Holds a handle as the kernel makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct KernelHandle {
    /// `handle_type`.
    pub(super) kind: i32,
    /// `f_handle`.
    pub(super) bytes: SmallVec<[u8; 24]>,
}

/// Calls name_to_handle_at(2) on an open object.
pub(super) fn name_to_handle(fd: BorrowedFd<'_>) -> Result<KernelHandle, Errno> {
    let mut raw = RawHandle {
        handle_bytes: KERNEL_HANDLE_BYTES_MAX as c_uint,
        handle_type: 0,
        bytes: [0; KERNEL_HANDLE_BYTES_MAX],
    };
    let mut mount_id: c_int = 0;
    #[allow(unsafe_code, reason = "system call without a safe wrapper")]
    // SAFETY: the handle has a buffer of `handle_bytes` bytes behind its head, as declared; the name is an empty string.
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
    let bytes = raw.bytes.get(..raw.handle_bytes as usize).ok_or(Errno::OVERFLOW)?;
    Ok(KernelHandle { kind: raw.handle_type, bytes: SmallVec::from_slice(bytes) })
}

/// Calls open_by_handle_at(2) with `O_PATH`, on the mount of `mount`.
pub(super) fn open_by_handle(mount: BorrowedFd<'_>, kind: i32, bytes: &[u8]) -> Result<OwnedFd, Errno> {
    let mut raw = RawHandle {
        handle_bytes: c_uint::try_from(bytes.len()).map_err(|_| Errno::STALE)?,
        handle_type: kind,
        bytes: [0; KERNEL_HANDLE_BYTES_MAX],
    };
    raw.bytes.get_mut(..bytes.len()).ok_or(Errno::STALE)?.copy_from_slice(bytes);
    let flags = libc::O_PATH | libc::O_NOFOLLOW | libc::O_CLOEXEC;
    #[allow(unsafe_code, reason = "system call without a safe wrapper")]
    // SAFETY: the handle has `handle_bytes` bytes behind its head.
    let fd = unsafe {
        libc::open_by_handle_at(mount.as_raw_fd(), (&raw mut raw).cast::<libc::file_handle>(), flags)
    };
    check(fd.into())?;
    #[allow(unsafe_code, reason = "takes the descriptor into ownership")]
    // SAFETY: the call returned this descriptor; nothing else owns it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// Tells whether the thread's file-system identity may access an open object; `mode` as in access(2).
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

/// Sets the file-system user of this thread alone; tells whether it is set now.
pub(super) fn set_thread_fsuid(uid: u32) -> bool {
    set_and_read_back(libc::SYS_setfsuid, uid)
}

/// Sets the file-system group of this thread alone; tells whether it is set now.
pub(super) fn set_thread_fsgid(gid: u32) -> bool {
    set_and_read_back(libc::SYS_setfsgid, gid)
}

fn set_and_read_back(call: c_long, id: u32) -> bool {
    #[allow(unsafe_code, reason = "glibc has no wrapper that tells success")]
    // SAFETY: these calls take a number and change the identity of the calling thread only. All ones is not
    // a valid number: it changes nothing and returns what is set.
    let now = unsafe {
        libc::syscall(call, id);
        libc::syscall(call, u32::MAX)
    };
    now == c_long::from(id)
}

/// Sets the supplementary groups of this thread alone (glibc's setgroups(3) would change all threads).
pub(super) fn set_thread_groups(groups: &[u32]) -> Result<(), Errno> {
    #[allow(unsafe_code, reason = "glibc's wrapper acts on the whole process")]
    // SAFETY: the pointer and the count describe one slice of 32-bit numbers, which is what gid_t is.
    check(unsafe { libc::syscall(libc::SYS_setgroups, groups.len(), groups.as_ptr()) })
}

/// Calls `FICLONERANGE`: makes (offset in `from`, offset in `to`, length) of both files share their blocks.
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
