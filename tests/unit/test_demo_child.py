"""The city's HTTP side is a child that is never left behind."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from backend.demo.child import CityServer, ServerFailed
from backend.demo.serve import Wanted
from tests.conftest import START
from tests.tools.small_city import write_small_city

ROOT = Path(__file__).parents[2]
PARENT = """
import sys
from pathlib import Path
from backend.demo.child import CityServer
from backend.demo.serve import Wanted
folder = Path(sys.argv[1])
server = CityServer(Wanted(str(folder), 1, "key", {start}), folder / "log").start()
print(server.port, flush=True)
sys.stdin.read()
"""


def wanted(folder: Path) -> Wanted:
    return Wanted(str(write_small_city(folder)), 1, "key", START)


def broken(line: socket.socket) -> bool:
    """Wait for the other end of a connection to be gone; nobody but the child holds it."""
    try:
        return line.recv(1) == b""
    except ConnectionResetError:
        return True


def test_it_serves_until_it_is_stopped(tmp_path: Path) -> None:
    with CityServer(wanted(tmp_path / "city"), tmp_path / "log") as server:
        with urllib.request.urlopen(f"{server.base}/township/hourData", timeout=120) as answer:
            assert answer.status == 200
        line = socket.create_connection(("127.0.0.1", server.port), timeout=120)
    with line:
        assert broken(line)
    assert server.pid == 0


def test_a_parent_that_is_killed_leaves_no_child(tmp_path: Path) -> None:
    folder = write_small_city(tmp_path / "city")
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT.format(start=START), str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    assert parent.stdin is not None
    assert parent.stdout is not None
    with parent.stdin, parent.stdout:
        port = int(parent.stdout.readline())
        with socket.create_connection(("127.0.0.1", port), timeout=120) as line:
            parent.send_signal(signal.SIGKILL)
            parent.wait(120)
            assert broken(line)


def test_a_pack_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    with pytest.raises(ServerFailed, match=r"city\.toml"):
        CityServer(Wanted(str(tmp_path / "nothing"), 1, "key", START), tmp_path / "log").start()
