"""Starts a server, lets each client work on it, and prints who did its work.

A client that is not there counts as failed: what was not tried is not known to work.
"""

import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from text import CONTENTS, GIVEN

HERE = Path(__file__).resolve().parent
# No client needs a tenth of this; one that waits for the end of a lease gets no answer in time.
SECONDS_MAX = 40
START_SECONDS_MAX = 30

# What runs, with the words behind its name.
CLIENTS = [
    ("libnfs programs, 4.0", ["tools.py"]),
    ("libnfs library, 4.0", ["library.py"]),
    ("nfs4fs, 4.1", ["fsspec_client.py", "1"]),
    ("nfs4fs, 4.2", ["fsspec_client.py", "2"]),
    ("nfs-rs, 4.0", ["nfs_rs_client.py", "4.0"]),
    ("nfs-rs, 4.1", ["nfs_rs_client.py", "4.1"]),
]


def start_server(binary, place):
    """Starts the server on a free port; returns its process and the port."""
    export, state, log = place / "export", place / "state", place / "log"
    export.mkdir()
    state.mkdir(mode=0o700)
    # Root of a client is nobody here.
    place.chmod(0o755)
    export.chmod(0o777)
    command = [binary, "serve", "--export", f"files={export}", "--state", str(state), "--listen", "127.0.0.1:0"]
    with log.open("w") as output:
        server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline and server.poll() is None:
        for line in log.read_text().splitlines():
            if line.startswith("listening on "):
                return server, int(line.rsplit(":", 1)[1])
        time.sleep(0.02)
    server.kill()
    sys.exit(f"the server does not start:\n{log.read_text()}")


def attempt(words, port, directory):
    """Runs one client in its own directory of the export, where the file GIVEN is; returns None, or why it failed."""
    command = [sys.executable, str(HERE / words[0]), str(port), directory, *words[1:]]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS_MAX)
    except subprocess.TimeoutExpired as late:
        said = (late.stdout or b"") + (late.stderr or b"")
        return f"not done after {SECONDS_MAX} s\n{said.decode(errors='replace')}"
    return None if done.returncode == 0 else (done.stdout + done.stderr).strip()


def main():
    failures = []
    with tempfile.TemporaryDirectory(prefix="lockhouse-clients-") as name:
        place = Path(name)
        server, port = start_server(sys.argv[1], place)
        try:
            for number, (client, words) in enumerate(CLIENTS):
                directory = place / "export" / f"client{number}"
                directory.mkdir()
                directory.chmod(0o777)
                (directory / GIVEN).write_bytes(CONTENTS)
                begun = time.monotonic()
                why = attempt(words, port, f"files/client{number}")
                print(f"{client} ... {'FAILED' if why else 'ok'} <{time.monotonic() - begun:.1f} s>", flush=True)
                if why:
                    failures.append((client, why))
            if server.poll() is not None:
                failures.append(("the server", f"has ended: {server.returncode}\n{(place / 'log').read_text()}"))
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    for client, why in failures:
        print(f"\n---- {client} ----\n{why}")
    failed = min(len(failures), len(CLIENTS))
    print(f"\n{len(CLIENTS) - failed} passed, {failed} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
