"""The console behind a real SSH server on loopback, with and without compression: what passes the socket.

A server of its own, on a high port of loopback, with a host key and a person's key made for the run, in a folder that
goes with it; one person's forced command, as a centre would write it. Between client and server stands a relay that
counts the bytes of both ways and can be as slow as a line of 64 kbit/s with 200 ms. Needs ``sshd`` (openssh-server) and
may have to be run as root.
"""

from __future__ import annotations

import getpass
import random
import select
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.bench.line_measures import RATE, TRIP, LeftOut, running
from tests.bench.line_rows import Row
from tests.bench.line_screens import walked
from tests.bench.ttybench import parse_rate

ROOT = Path(__file__).parents[2]
BLOCK = 512
"""Bytes that are passed on at once."""


class Relay(threading.Thread):
    """A line between two sockets: counts, and is as slow as it is told to be."""

    def __init__(
        self, port: int, *, rate: float | None = None, trip: float = 0.0, late: float = 0.0, seed: int = 1
    ) -> None:
        """``late``: seconds that what it carries is late by chance, at most."""
        super().__init__(daemon=True, name="relay")
        self.server = socket.create_server(("127.0.0.1", 0))
        # What the system would queue here is no part of the line that is played.
        self.server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.port: int = self.server.getsockname()[1]
        self.target, self.rate, self.trip = port, rate, trip
        self.late, self._chance = late, random.Random(seed)
        self.down = self.up = 0
        self._passed: list[tuple[float, int]] = []
        """When what had come down so far had, in seconds of ``time.perf_counter``."""

    def before(self, at: float) -> int:
        """Bytes that had come down before what was passed on last at an instant of ``time.perf_counter``."""
        return ([0, 0] + [total for when, total in self._passed if when <= at])[-2]

    def run(self) -> None:
        with suppress(OSError):
            near, _ = self.server.accept()
            far = socket.create_connection(("127.0.0.1", self.target))
            far.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            threading.Thread(target=self._carry, args=(near, far, False), daemon=True).start()
            self._carry(far, near, True)

    def _carry(self, source: socket.socket, sink: socket.socket, down: bool) -> None:
        under_way: deque[tuple[float, bytes]] = deque()
        free, open_ = 0.0, True
        with suppress(OSError):
            while open_ or under_way:
                now = time.monotonic()
                while under_way and under_way[0][0] <= now:
                    sink.sendall(under_way.popleft()[1])
                wait = under_way[0][0] - now if under_way else 1.0
                if free > now or not open_:
                    time.sleep(max(0.0, min(wait, free - now if open_ else wait)))
                    continue
                if not select.select([source], [], [], wait)[0]:
                    continue
                data = source.recv(BLOCK)
                open_ = bool(data)
                if down:
                    self.down += len(data)
                    self._passed.append((time.perf_counter(), self.down))
                else:
                    self.up += len(data)
                if self.rate:
                    free = time.monotonic() + len(data) / self.rate
                there = max(free, time.monotonic()) + self.trip / 2 + self._chance.random() * self.late
                # Nothing comes before what was sent before it.
                under_way.append((max(there, under_way[-1][0]) if under_way else there, data))
            sink.shutdown(socket.SHUT_WR)


@contextmanager
def server(folder: Path, command: str) -> Iterator[tuple[int, int]]:
    """An SSH server whose only key starts only this command; its port, and its process.

    Raises:
        LeftOut: there is no ``sshd``.
    """
    program = shutil.which("sshd") or shutil.which("sshd", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        raise LeftOut("sshd is not installed (apt-get install openssh-server)")
    folder.mkdir(mode=0o700)
    for name in ("host", "person"):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True, timeout=30
        )
    public = (folder / "person.pub").read_text()
    quoted = command.replace("\\", "\\\\").replace('"', '\\"')
    (folder / "authorized").write_text(f'restrict,pty,command="{quoted}" {public}')
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    (folder / "config").write_text(
        f"ListenAddress 127.0.0.1:{port}\nHostKey {folder}/host\nAuthorizedKeysFile {folder}/authorized\n"
        f"PidFile {folder}/pid\nStrictModes no\nUsePAM no\nPasswordAuthentication no\nCompression yes\n"
        "PermitRootLogin prohibit-password\nPermitUserRC no\nPrintMotd no\nAcceptEnv none\n"
    )
    with suppress(PermissionError):
        # Its privileges' separation wants it; a server of one's own person has none to separate.
        Path("/run/sshd").mkdir(exist_ok=True)
    process = subprocess.Popen([program, "-D", "-e", "-f", str(folder / "config")], stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.1):
                break
            time.sleep(0.05)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(10)


def client(folder: Path, port: int, *, packed: bool) -> list[str]:
    """The login, with or without compression."""
    told = {
        "UserKnownHostsFile": f"{folder}/known", "StrictHostKeyChecking": "no", "IdentitiesOnly": "yes",
        "LogLevel": "ERROR", "Compression": "yes" if packed else "no",
    }  # fmt: skip
    options = [word for name, value in told.items() for word in ("-o", f"{name}={value}")]
    return [
        "ssh",
        "-tt",
        "-F",
        "none",
        *options,
        "-i",
        f"{folder}/person",
        "-p",
        str(port),
        f"{getpass.getuser()}@127.0.0.1",
    ]


def over_ssh(
    seat: Sequence[str],
    size: str,
    look: str,
    environ: dict[str, str],
    folder: str,
    *,
    packed: bool,
    slow: bool,
    only: Sequence[str],
    times: int,
) -> list[Row]:
    """Every screen of one console over SSH: what passes the socket; or the times on a slow line.

    Raises:
        LeftOut: there is no ``sshd``.
        OSError, subprocess.SubprocessError: it can't be run here.
    """
    told = {**environ, "PYTHONPATH": str(ROOT)}
    around = [f"{key}='{value}'" for key, value in told.items() if key != "HOME"]
    place = Path(tempfile.mkdtemp(dir=folder)) / "ssh"
    command = " ".join([f"cd {ROOT} &&", "env", *around, *seat])
    with server(place, command) as (port, pid):
        relay = Relay(port, rate=parse_rate(RATE) if slow else None, trip=TRIP if slow else 0.0)
        relay.start()
        login = client(place, relay.port, packed=packed)
        with running(login, size, {**environ, "HOME": str(place)}, slow=False, watched=pid) as session:
            # What goes before the console's own first byte is the login.
            before = relay.before(session.started + session.chunks[0].at)
            session.passed, session.trip = lambda: relay.down - before, relay.trip
            return walked(session, size, look, slow=slow, only=only, times=times)
