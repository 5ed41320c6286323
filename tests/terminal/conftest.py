"""A store that real code has filled, and the command that opens the console on it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import update

from backend.feeds.tables import Feed
from backend.store import Store, table
from tests.screens import loop_city
from tests.terminal.harness import GRIDSEAT, Terminal, surroundings, terminal

SEAT = loop_city.SEAT
Console = Callable[..., Terminal]


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small city, one of its stations far above the limit this hour; no feed is polled."""
    folder = tmp_path_factory.mktemp("city")
    store = Store.open(folder / "city.db")
    # A quarter of an hour ago: what rang then leaves no count of the last ten minutes while a test looks on.
    now = int(time.time()) - 900
    loop_city.build(store, folder, now)
    loop_city.measure(store, now, "TA12", "no2", 320.0)
    with store.write() as connection:
        connection.execute(update(table(Feed)).values(enabled=False))
    store.close()
    return folder / "city.db"


@pytest.fixture
def home(tmp_path: Path, filled: Path) -> Path:
    """A person's home, with a store of their own in it."""
    shutil.copy(filled, tmp_path / "city.db")
    return tmp_path


@pytest.fixture
def console(home: Path) -> Iterator[Console]:
    """Opens the console in a terminal, as often as a test wants: ``console("--lang", "en", columns=80, lines=24)``."""
    with ExitStack() as opened:

        def begin(
            *words: str,
            columns: int = 120,
            lines: int = 40,
            controlling: bool = True,
            program: Sequence[str] = GRIDSEAT,
            **environ: str,
        ) -> Terminal:
            named = {"lang": "zh"} if "--lang" not in words else {}
            seat = ("--store", str(home / "city.db"), "--as", SEAT)
            command = (*program, *seat, *(f"--{key}={value}" for key, value in named.items()), *words)
            return opened.enter_context(
                terminal(command, surroundings(home, **environ), columns, lines, controlling=controlling)
            )

        yield begin
