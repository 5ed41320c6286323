"""The SensorThings adapter against a server that others wrote: django-ogc-sensorthings on loopback.

It refuses a $top above its limit, fails on $orderby=phenomenonTime, writes raw blanks into its links, and expands
every single entity to that of the answer's first row: believed, all stations would become one.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from backend.clock import ManualClock
from backend.feeds import marks
from backend.feeds.cnemc import dump_page
from backend.feeds.http import HttpFetcher
from backend.feeds.runner import poll_feed
from backend.feeds.sensorthings.kept import PLACE
from backend.feeds.units import Parameters
from backend.store import Store
from tests.feeds.helpers import Sink, Waits, new_feed
from tests.shared import shared_data

pytestmark = pytest.mark.slow
STATIONS = 4
HOUR = 3600
AT = 1519081200
"""2018-02-20 07:00 in Beijing, the label of the only hour that the server is loaded with."""


@dataclass
class Server:
    """A server that runs."""

    root: str

    def get(self, path: str) -> dict[str, object]:
        with urllib.request.urlopen(self.root + path) as answer:
            found: dict[str, object] = json.load(answer)
            return found

    def post(self, path: str, body: object) -> None:
        data = json.dumps(body).encode()
        request = urllib.request.Request(self.root + path, data, {"Content-Type": "application/json"})
        urllib.request.urlopen(request).close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if find_spec("sensorthings") is None:
        pytest.skip("django-ogc-sensorthings is not installed (it is in the dev extra)")
    scripts = shared_data("servers/django_sta")
    folder = tmp_path_factory.mktemp("sta") / "servers" / "django_sta"
    folder.mkdir(parents=True)
    for name in ("manage.py", "urls.py", "load_cnemc.py"):
        shutil.copy(scripts / name, folder / name)
    # The loader looks for the stations beside the servers.
    air = folder.parents[1] / "air" / "cnemc"
    air.mkdir(parents=True)
    shutil.copy(shared_data("air/cnemc/cnemc_20180220T07_region.json"), air)
    for _ in range(5):
        root, run = _settings(folder)
        subprocess.run([sys.executable, "manage.py", "migrate"], check=True, timeout=300, **run)
        port = root.split(":")[2].partition("/")[0]
        command = [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
        process = subprocess.Popen(command, **run)
        if _listens(process, int(port)):
            break
    try:
        load = [sys.executable, "load_cnemc.py", str(STATIONS)]
        subprocess.run(load, check=True, timeout=300, **run)
        yield Server(f"{root}/v1.1")
    finally:
        process.terminate()
        process.wait(120)


def _settings(folder: Path) -> tuple[str, dict[str, Any]]:
    """Where the server is to be, and how its programs are run."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    root = f"http://127.0.0.1:{port}/sensorthings"
    more = {"STA_URL": root, "STA_DB": str(folder / "db.sqlite3"), "STA_MAX_TOP": "7"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return root, {"cwd": folder, "env": {**os.environ, **more}, **quiet}


def _listens(process: subprocess.Popen[Any], port: int) -> bool:
    """Wait until it does; False where its port was taken by somebody else meanwhile, so that it ended."""
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 120).close()
        except OSError:
            time.sleep(0.1)
        else:
            # Whoever took the port answers too: the server ends soon after it has found it taken.
            time.sleep(0.1)
            return process.poll() is None
    return False


def expected(stations: set[str]) -> dict[tuple[str, str, int], float | None]:
    """What the very dump says that the server was loaded with."""
    body = shared_data("air/cnemc/cnemc_20180220T07_region.json").read_bytes()
    return {
        (record.station, record.parameter, record.start): record.value
        for record in dump_page(body, Parameters.default(), AT).records
        if record.station in stations and record.period == HOUR and record.value is not None
    }


@pytest.mark.parametrize("pull", ["all", "each"])
def test_what_the_server_holds_is_what_comes(pull: str, server: Server, store: Store) -> None:
    clock = ManualClock(AT + 600)
    feed = new_feed(store, clock.now(), f'pull = "{pull}"', "sensorthings", url=server.root)
    sink = Sink()
    with HttpFetcher() as client:
        report = poll_feed(store, feed, clock, sink, client, pace=Waits().pace())
    assert report.message is None
    assert report.ok
    stations = {place.code for page in sink.pages for place in page.places}
    assert len(stations) == STATIONS
    assert sink.values == expected(stations)
    assert {place.name for page in sink.pages for place in page.places} >= {"市政协", "菏泽学院", "市气象局"}


def test_the_next_hour_comes_with_the_next_poll(server: Server, store: Store) -> None:
    clock = ManualClock(AT + 600)
    feed = new_feed(store, clock.now(), "", "sensorthings", url=server.root)
    with HttpFetcher() as client:
        poll_feed(store, feed, clock, Sink(), client, pace=Waits().pace())
        with store.read() as connection:
            # It is asked stream by stream: whose an observation is can't be told from its expansions.
            before = marks.read(connection, feed)
        assert {mark.at for name, mark in before.items() if name != PLACE} == {AT - HOUR}
        streams = server.get("/Datastreams?$top=1")["value"]
        assert isinstance(streams, list)
        stream = streams[0]["@iot.id"]
        later = "2018-02-20T08:00:00+08:00"
        body = {"phenomenonTime": later, "resultTime": later, "result": 77.0}
        server.post("/Observations", {**body, "Datastream": {"@iot.id": stream}})
        clock.move(HOUR)
        sink = Sink()
        report = poll_feed(store, feed, clock, sink, client, pace=Waits().pace())
    assert report.ok
    assert [value for key, value in sink.values.items() if key[2] == AT] == [77.0]
    with store.read() as connection:
        after = marks.read(connection, feed)
    assert {key: mark.at for key, mark in after.items() if mark.at not in (AT - HOUR, None)} == {stream: AT}
