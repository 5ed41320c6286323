"""A PostgreSQL server of our own on loopback, for the time of the tests."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from backend.store import Store


def _binaries() -> Path | None:
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return versions[-1].parent if versions else None


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of a server, without a database's name."""
    pytest.importorskip("psycopg", reason="psycopg is not installed (the extra pg)")
    binaries = _binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL server is installed here (Debian: postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="gridseat-pg-"))
    as_user: list[str] = []
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root.
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        as_user = ["setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"]
    data = folder / "data"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": True, "cwd": "/"}
    subprocess.run(
        [*as_user, binaries / "initdb", "-D", data, "-U", "test", "-A", "trust", "--no-sync"], **quiet
    )  # type: ignore[call-overload]
    control = [*as_user, binaries / "pg_ctl", "-D", data, "-w", "-t", "300"]

    def start() -> int | None:
        """Its port; None where that is somebody else's by now."""
        port = _free_port()
        options = f"-h 127.0.0.1 -p {port} -k {folder} -c fsync=off -c max_connections=50"
        words = [*control, "-o", options, "-l", folder / "log", "start"]
        return None if subprocess.run(words, **quiet | {"check": False}).returncode else port  # type: ignore[call-overload]

    port = next((port for port in (start() for _ in range(5)) if port is not None), None)
    assert port is not None, (folder / "log").read_text()
    yield f"postgresql://test@127.0.0.1:{port}"
    subprocess.run([*control, "-m", "immediate", "stop"], **quiet)  # type: ignore[call-overload]
    shutil.rmtree(folder, ignore_errors=True)


def _new_database(server: str, of: str) -> str:
    import psycopg

    name = f"t{uuid4().hex}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE {of}")
    return name


@pytest.fixture(scope="session")
def template(server: str) -> str:
    """The name of a database brought up by the product's own migrations, with nothing in it."""
    name = _new_database(server, "template0")
    Store.open(f"{server}/{name}").close()
    return name


@pytest.fixture
def pg_store(server: str, template: str) -> Iterator[Store]:
    """A store in a new database, as the product's own migrations leave it."""
    store = Store.open(f"{server}/{_new_database(server, template)}")
    yield store
    store.close()
