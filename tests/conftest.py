"""What every test may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.clock import ManualClock
from backend.store import Store

START = 1793692800
"""2026-11-03 08:00 UTC, 16:00 in Heze: a Tuesday afternoon."""


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
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test touches the folders of the person who runs it."""
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    for name in ("GRIDSEAT_STORE", "GRIDSEAT_AS", "GRIDSEAT_LANG", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
