"""nfs-rs. Arguments: port, directory, version.

It connects to the export above the directory: version 0.8.7 asks for the root of a mount by the name ".", which is no name
in NFSv4 (RFC 7530 section 12.7 lets the server answer BADNAME, as this and others do).
"""

import sys

from nfs_rs import Client

from text import CONTENTS, GIVEN, check

port, (export, directory), version = sys.argv[1], sys.argv[2].split("/"), sys.argv[3]
url = f"nfs://127.0.0.1/{export}?version={version}&noresvport=true&nfsport={port}"


def at(name):
    return f"{directory}/{name}"


def missing(client, name):
    try:
        client.open(at(name), "rb").close()
    except FileNotFoundError:
        return True
    return False


def names(client, where=directory):
    return sorted(name for name in client.listdir(where) if name not in (".", ".."))


with Client.connect(url, connect_timeout=10, operation_timeout=15) as client:
    check(names(client) == [GIVEN], "the directory is listed")
    check(missing(client, "nothing"), "a file that is not there is an error")
    with client.open(at(GIVEN), "rb") as file:
        check(file.read() == CONTENTS, "a large file is read")
    with client.open(at("file"), "wb") as file:
        check(file.write(CONTENTS) == len(CONTENTS), "a file is written")
    check(names(client) == ["file", GIVEN], "it is listed")
    check(missing(client, "nothing") and missing(client, "nothing else"), "two more that are not there")
    with client.open(at("file"), "rb") as file:
        check(file.read() == CONTENTS, "it is read")
        check(file.read_at(1_000_001, 100) == CONTENTS[1_000_001:1_000_101], "a part of it is read")
    with client.open(at("file"), "rb") as source, client.open(at("copy"), "wb") as copy:
        while part := source.read(500_000):
            copy.write(part)
    check(client.stat(at("copy")).size == len(CONTENTS), "it is copied")
    check(missing(client, "nothing"), "one more that is not there")
    client.mkdir(at("directory"))
    client.rename(at("copy"), at("directory/moved"))
    client.link(at("file"), at("directory/link"))
    client.symlink("../file", at("directory/symlink"))
    check(names(client, at("directory")) == ["link", "moved", "symlink"], "files are moved and linked")
    check(client.readlink(at("directory/symlink")) == "../file", "a symbolic link is read")
    client.truncate(at("file"), 5)
    with client.open(at("directory/link"), "r+b") as file:
        check(file.read() == CONTENTS[:5], "a file that was cut is read")
        file.write_at(b"tail", 5)
    with client.open(at("file"), "rb") as file:
        check(file.read() == CONTENTS[:5] + b"tail", "what was written behind it is read")
    for name in ["directory/link", "directory/moved", "directory/symlink", "file"]:
        client.remove(at(name))
    client.rmdir(at("directory"))
    check(names(client) == [GIVEN], "what is removed is gone")
