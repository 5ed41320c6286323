"""What every test may ask for, and the order in which they run."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings

from backend.clock import ManualClock
from backend.store import Store, migrate
from backend.words.say import use_zone
from tests import templates

START = 1793692800
"""2026-11-03 08:00 UTC, 16:00 in Heze: a Tuesday afternoon."""

# Where Python was told to keep no compiled code, every worker and every program that a test starts would compile all
# of it anew: half of their time.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# Before anybody loads numpy: workers whose small products each wait for every core wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


# The gate tries the same examples each time; HYPOTHESIS_PROFILE=wide looks for new ones. How long an example takes says
# how busy the machine is, and nothing of the example.
for _profile, _steady in (("steady", True), ("wide", False)):
    settings.register_profile(
        _profile, derandomize=_steady, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

_NUMBERS = count()
SLOW = ("e2e", "pg", "terminal")
"""Folders in which whole programs run."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The fast ones first: what is broken is mostly seen by them."""
    slow = {Path(__file__).parent / name for name in SLOW}
    for item in items:
        if not slow.isdisjoint(item.path.parents):
            item.add_marker("slow")
    unit = Path(__file__).parent / "unit"
    items.sort(key=lambda item: (item.get_closest_marker("slow") is not None, unit not in item.path.parents))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A worker that has nothing left takes from the one that has most: the slow ones all lie at the end."""
    if config.getoption("dist") != "load":
        return None
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What has been collected lasts to the end: the collector need not walk it in every test."""
    gc.collect()
    gc.freeze()
    # Of what a screen draws nearly nothing is in a circle: looking for one every 700 objects is an eighth of the time.
    gc.set_threshold(10_000, 20, 20)


@pytest.fixture(autouse=True)
def _consoles_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A console lets the collector pass over what its start has made. Here others follow: each would stay for ever."""
    monkeypatch.setattr(gc, "freeze", lambda: None)


@pytest.fixture(autouse=True)
def _migrated_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A store in a new file is a copy of one that was migrated; what is about migrations asks for `migrations`."""
    monkeypatch.setattr(migrate, "_run", templates.brought_up)


@pytest.fixture
def migrations(_migrated_once: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of migrations: each new store goes through all of them."""
    monkeypatch.setattr(migrate, "_run", templates.MIGRATED)


@pytest.fixture
def store() -> Iterator[Store]:
    """A fresh store with the whole schema."""
    opened = Store.memory()
    yield opened
    opened.close()


@pytest.fixture
def clock() -> ManualClock:
    """A clock that stands still at `START` until the test moves it."""
    return ManualClock(START)


@pytest.fixture(autouse=True)
def _own_zone() -> None:
    """Words say instants in the zone of the city that was opened last: no test reads that of the one before."""
    use_zone(ZoneInfo("Asia/Shanghai"))


@pytest.fixture(autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test touches the folders of the person who runs it. Its own are made by whoever writes into them."""
    own = tmp_path_factory.getbasetemp() / f"own{next(_NUMBERS)}"
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(own / name.lower()))
    for name in ("GRIDSEAT_STORE", "GRIDSEAT_AS", "GRIDSEAT_LANG", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    yield
    if own.exists():
        shutil.rmtree(own, ignore_errors=True)
