"""The console behind a real SSH server on loopback, with and without compression: what passes the socket.

A server of its own, on a high port of loopback, with a host key and a person's key made for the run, in a folder that
goes with it; one person's forced command, as a centre would write it. Between client and server stands a relay that
counts the bytes of both ways and can be as slow as a line of 64 kbit/s with 200 ms. The login
(3.4 kB) is part of the paint's milliseconds, not of its bytes. Needs ``sshd`` (openssh-server) and may have to be run
as root.
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

from tests.bench.line_measures import IDLE, RATE, TRIP, LeftOut, held, middle, press, running
from tests.bench.line_rows import Row
from tests.bench.ttybench import Session, parse_rate

ROOT = Path(__file__).parents[2]
WHOLE = 3.0
"""Seconds of silence behind which it is painted: whether it still computes can't be seen through SSH."""
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
def server(folder: Path, command: str) -> Iterator[int]:
    """An SSH server whose only key starts only this command; its port.

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
    running = subprocess.Popen([program, "-D", "-e", "-f", str(folder / "config")], stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.1):
                break
            time.sleep(0.05)
        yield port
    finally:
        running.terminate()
        running.wait(10)


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
    keys: Sequence[str],
    times: int,
) -> Row:
    """Start, step, scrolled line and page of the sites' board over SSH; the lag of a held key on a slow line.

    Raises:
        LeftOut: there is no ``sshd``.
        OSError, subprocess.SubprocessError: it can't be run here.
    """
    told = {**environ, "PYTHONPATH": str(ROOT)}
    around = [f"{key}='{value}'" for key, value in told.items() if key != "HOME"]
    row = Row("stations over SSH" + (", packed" if packed else ""), size, look)
    place = Path(tempfile.mkdtemp(dir=folder)) / "ssh"
    command = " ".join([f"cd {ROOT} &&", "env", *around, *seat])
    with server(place, command) as port:
        around_it = {**environ, "HOME": str(place)}
        relay = Relay(port)
        relay.start()
        with running(client(place, relay.port, packed=packed), size, around_it, slow=False) as session:
            session.until_quiet(WHOLE, 60.0)
            _bytes(session, row, relay, keys, times)
        slow = Relay(port, rate=parse_rate(RATE), trip=TRIP)
        slow.start()
        with running(client(place, slow.port, packed=packed), size, around_it, slow=False) as session:
            session.until_quiet(WHOLE, 60.0)
            row.slow_paint = session.chunks[-1].at * 1000
            # It opens where it was left: on the same board, at the top of it.
            press(session, "home", 2.0)
            row.slow_step = middle(session, "down", 4)[1]
            lags = []
            for _ in range(3):
                press(session, "home", 1.0)
                press(session, "pagedown", 1.0)
                lags.append(held(session, "down") or 0.0)
            row.lag = sorted(lags)[1]
    return row


def _bytes(session: Session, row: Row, relay: Relay, keys: Sequence[str], times: int) -> None:
    def passed(key: str, count: int) -> float:
        counted = []
        for _ in range(count):
            before = relay.down
            press(session, key)
            counted.append(relay.down - before)
        return sorted(counted)[count // 2]

    # What goes before the console's own first byte is the login.
    row.paint = relay.down - relay.before(session.started + session.chunks[0].at)
    for key in keys:
        press(session, key, 0.8)
    row.step = passed("down", times)
    row.page = passed("pagedown", 3)
    row.scroll = passed("down", times)
    before = relay.down
    session.until_quiet(IDLE, IDLE)
    row.idle = (relay.down - before) / IDLE
