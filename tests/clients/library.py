"""libnfs as VLC, Kodi and QEMU use it: many opens by one connection, so by one open-owner. Arguments: port, directory."""

import ctypes
import errno
import os
import sys

from text import CONTENTS, GIVEN, check

port, directory = sys.argv[1:3]
HANDLE = ctypes.c_void_p
TEXT = ctypes.c_char_p
NUMBER = ctypes.c_uint64

LIBRARY = ctypes.CDLL("libnfs.so.13")
for function, result, arguments in [
    ("nfs_init_context", HANDLE, []),
    ("nfs_destroy_context", None, [HANDLE]),
    ("nfs_parse_url_dir", HANDLE, [HANDLE, TEXT]),
    ("nfs_mount", ctypes.c_int, [HANDLE, TEXT, TEXT]),
    ("nfs_open", ctypes.c_int, [HANDLE, TEXT, ctypes.c_int, ctypes.POINTER(HANDLE)]),
    ("nfs_create", ctypes.c_int, [HANDLE, TEXT, ctypes.c_int, ctypes.c_int, ctypes.POINTER(HANDLE)]),
    ("nfs_pread", ctypes.c_int, [HANDLE, HANDLE, NUMBER, NUMBER, TEXT]),
    ("nfs_pwrite", ctypes.c_int, [HANDLE, HANDLE, NUMBER, NUMBER, TEXT]),
    ("nfs_mkdir", ctypes.c_int, [HANDLE, TEXT]),
    ("nfs_unlink", ctypes.c_int, [HANDLE, TEXT]),
    ("nfs_rename", ctypes.c_int, [HANDLE, TEXT, TEXT]),
    ("nfs_close", ctypes.c_int, [HANDLE, HANDLE]),
    ("nfs_get_error", TEXT, [HANDLE]),
]:
    getattr(LIBRARY, function).restype = result
    getattr(LIBRARY, function).argtypes = arguments

nfs = LIBRARY.nfs_init_context()


def must(status, what):
    check(status >= 0, f"{what}: {status}, {(LIBRARY.nfs_get_error(nfs) or b'').decode()}")
    return status


def opened(name, flags=os.O_RDONLY):
    """Opens a file; returns the status and the file."""
    file = HANDLE()
    return LIBRARY.nfs_open(nfs, name, flags, ctypes.byref(file)), file


def read(name):
    """Opens, reads and closes a file."""
    status, file = opened(name)
    must(status, f"open {name.decode()}")
    data, buffer = b"", ctypes.create_string_buffer(65536)
    while count := must(LIBRARY.nfs_pread(nfs, file, len(data), len(buffer), buffer), "read"):
        data += buffer.raw[:count]
    must(LIBRARY.nfs_close(nfs, file), "close")
    return data


def write(name, data):
    """Creates, writes and closes a file."""
    file = HANDLE()
    must(LIBRARY.nfs_create(nfs, name, os.O_WRONLY, 0o644, ctypes.byref(file)), f"create {name.decode()}")
    done = 0
    while done < len(data):
        # This version encodes a call of NFSv4 in 4,096 bytes.
        part = data[done : done + 3000]
        done += must(LIBRARY.nfs_pwrite(nfs, file, done, len(part), part), "write")
    must(LIBRARY.nfs_close(nfs, file), "close")


def refused(name, flags=os.O_RDONLY):
    """Opens what cannot be opened; returns the error number."""
    status, _ = opened(name, flags)
    return -status


must(0 if LIBRARY.nfs_parse_url_dir(nfs, f"nfs://127.0.0.1/?version=4&nfsport={port}".encode()) else -1, "the URL")
must(LIBRARY.nfs_mount(nfs, b"127.0.0.1", f"/{directory}".encode()), "mount")
check(refused(b"/nothing") == errno.ENOENT, "the first open, of a file that is not there, is ENOENT")
write(b"/file", CONTENTS[:20_000])
check(read(b"/file") == CONTENTS[:20_000], "after an ENOENT a file is written and read")
for turn in range(4):
    check(refused(b"/nothing%d" % turn) == errno.ENOENT, "a file that is not there is ENOENT")
    check(read(b"/file") == CONTENTS[:20_000], "after another ENOENT it is read again")
check(refused(b"/nothing") == refused(b"/nothing") == errno.ENOENT, "ENOENT twice in a row")
must(LIBRARY.nfs_mkdir(nfs, b"/directory"), "mkdir")
check(refused(b"/directory") > 0, "a directory is not opened as a file")
check(refused(b"/directory/none/file") == errno.ENOENT, "ENOENT for a directory on the way")
check(read(f"/{GIVEN}".encode()) == CONTENTS, "a large file is read")
write(b"/directory/second", b"second")
check(read(b"/directory/second") == b"second", "after these errors a file is written and read")
# An error between an open and its close: the file that is open stays usable.
status, kept = opened(b"/file", os.O_RDWR)
must(status, "open for writing")
check(refused(b"/nothing") == errno.ENOENT, "ENOENT while another file is open")
must(LIBRARY.nfs_pwrite(nfs, kept, 0, 4, b"head"), "write after it")
must(LIBRARY.nfs_close(nfs, kept), "close after it")
check(read(b"/file")[:4] == b"head", "what was written is read")
must(LIBRARY.nfs_rename(nfs, b"/file", b"/renamed"), "rename")
must(LIBRARY.nfs_unlink(nfs, b"/renamed"), "unlink")
check(refused(b"/renamed") == errno.ENOENT, "what is removed is gone")
LIBRARY.nfs_destroy_context(nfs)
