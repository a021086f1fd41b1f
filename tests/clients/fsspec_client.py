"""nfs4fs. Arguments: port, directory, minor version."""

import sys

import fsspec

from text import CONTENTS, GIVEN, check

port, directory, minor = sys.argv[1:4]
fs = fsspec.filesystem(
    "nfs4", host=f"127.0.0.1:{port}", root=directory, auth="auth_sys", minor_version=int(minor), skip_instance_cache=True
)


def names():
    return sorted(entry["name"].rsplit("/", 1)[-1] for entry in fs.ls("/"))


def missing(name):
    try:
        fs.cat(name)
    except FileNotFoundError:
        return True
    return False


check(names() == [GIVEN], "the directory is listed")
check(missing("/nothing"), "a file that is not there is an error")
check(fs.cat(f"/{GIVEN}") == CONTENTS, "a large file is read")
many = {f"/file-{number}": b"contents %d" % number for number in range(40)}
fs.pipe(many)
check(fs.cat(list(many)) == many, "forty files are written and read at once")
check(len(names()) == 41, "they are listed")
fs.pipe("/large", CONTENTS)
check(fs.cat("/large") == CONTENTS, "a large file is written and read")
check(missing("/nothing"), "a file that is not there is an error again")
check(fs.cat_file("/large", start=1_000_001, end=1_000_101) == CONTENTS[1_000_001:1_000_101], "a part of it is read")
fs.copy("/large", "/copy")
check(fs.cat("/copy") == CONTENTS, "it is copied")
with fs.open("/stream", "wb") as file:
    for start in range(0, len(CONTENTS), 300_000):
        file.write(CONTENTS[start : start + 300_000])
with fs.open("/stream", "rb") as file:
    check(file.read() == CONTENTS, "a file is written and read as a stream")
fs.mkdir("/directory")
fs.mv("/stream", "/directory/moved")
check(fs.info("/directory/moved")["size"] == len(CONTENTS), "a file is moved")
fs.rm("/directory", recursive=True)
fs.rm(["/copy", *many])
check(names() == [GIVEN, "large"], "what is removed is gone")
