"""nfs-ls, nfs-cat and nfs-cp of Debian's libnfs-utils. Arguments: port, directory.

Two things are not tried because libnfs 4.0.0 can do them with no server. nfs-cp from one NFS URL to another: it names both
of its connections alike (process and second) and with different verifiers, so that the second is the first one after a
restart. nfs-cp of more than 4 KB to a server: it encodes a call of NFSv4 in 4,096 bytes.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from text import CONTENTS, GIVEN, check

port, directory = sys.argv[1:3]
QUERY = f"?version=4&nfsport={port}"


def url(name):
    return f"nfs://127.0.0.1/{directory}/{name}{QUERY}"


def tool(*words):
    """Runs a program; returns its status and what it wrote."""
    done = subprocess.run(words, capture_output=True, timeout=15)
    print(" ".join(words), "->", done.returncode, done.stderr.decode().strip())
    return done.returncode, done.stdout


with tempfile.TemporaryDirectory() as place:
    source, back = Path(place) / "source", Path(place) / "back"
    source.write_bytes(CONTENTS[:3000])
    check(tool("nfs-cat", url("nothing"))[0] != 0, "a file that is not there is an error")
    check(tool("nfs-cp", str(source), url("file"))[0] == 0, "a file is written")
    status, names = tool("nfs-ls", url(""))
    check(status == 0 and b" 3000 file" in names and b" %d given" % len(CONTENTS) in names, "files are listed with sizes")
    check(tool("nfs-cat", url("file")) == (0, CONTENTS[:3000]), "it is read")
    check(tool("nfs-cat", url(GIVEN)) == (0, CONTENTS), "a large file is read")
    check(tool("nfs-cp", url("nothing"), str(back))[0] != 0, "copying what is not there is an error")
    check(tool("nfs-cp", url(GIVEN), str(back))[0] == 0, "it is copied back")
    check(back.read_bytes() == CONTENTS, "what comes back is what is there")
    os.truncate(source, 5)
    check(tool("nfs-cp", str(source), url("short"))[0] == 0, "another file is written")
    check(tool("nfs-cat", url("short")) == (0, CONTENTS[:5]), "and read")
