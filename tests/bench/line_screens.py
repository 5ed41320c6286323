"""The console's main screens, walked through: opened, stepped through, scrolled, paged, held, left alone."""

from __future__ import annotations

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager

from backend.store.lease import LONGEST
from tests.bench.line_measures import (
    GAP,
    QUICK,
    RESTED,
    Counted,
    at_rest,
    held,
    memory,
    middle,
    pointed,
    press,
    rested,
    running,
)
from tests.bench.line_rows import NONE, Row
from tests.bench.ttybench import Usage, usage

SCREENS = {
    "overview": ("1",), "stations": ("2", "right", "right", "right"), "alarms": ("3",),
    "tasks": ("4",), "feeds": ("5",), "triage": ("0",), "hot grids": (";",),
}  # fmt: skip
"""The key of each, and those to the tab that has the most rows."""
LOOKS = {
    "true": ("truecolor", ("--no-lite",)),
    "lite": ("lite, 16", ("--lite",)),
    "stock": ("truecolor, stock driver", ("--no-lite", "--stock-terminal")),
}
TO_AND_FRO = {"hot grids": 8}
"""Boards that have fewer rows than a held key passes: so many steps down, and as many up again."""
PAGES_OVER = ("triage", "hot grids")
"""Screens that lie over another one: Esc leaves them."""
RESTING = ("tasks", "triage", "hot grids")
"""Screens that tell something beside the row, once the cursor rests on it."""
PAINTED = 0.8
"""Seconds of silence that end the paint of a screen."""
REST = 20.0
"""Seconds after the start until which something may still be read."""
MINUTES = 5000.0
"""Milliseconds of lag of which once is enough: three times would be minutes."""
TIMES, PAGES, HOLDS = 6, 3, 3
UP, DOWN, PAGE = "up", "down", "pagedown"


@contextmanager
def fresh(command: Sequence[str]) -> Iterator[list[str]]:
    """The same command on a copy of its store: where the person was last is in it, and no run may begin there.

    The jobs are somebody else's there, as at a centre with an agent of its own: what they take is no key's.
    """
    place = command.index("--store") + 1
    with tempfile.TemporaryDirectory() as folder:
        store = f"{folder}/city.db"
        with closing(sqlite3.connect(command[place])) as source, closing(sqlite3.connect(store)) as copy:
            source.backup(copy)
            with copy:
                copy.execute(
                    "INSERT OR REPLACE INTO lease (name, holder, until) VALUES ('jobs', 'bench', ?)",
                    (time.time() + LONGEST - 60,),
                )
        yield [*command[:place], store, *command[place + 1 :]]


def screens(
    command: Sequence[str],
    size: str,
    look: str,
    environ: dict[str, str],
    *,
    slow: bool,
    only: Sequence[str] = tuple(SCREENS),
    times: int = TIMES,
    replies: str = "modern",
) -> list[Row]:
    """Every screen of one console, on a line without anything between it and the terminal."""
    name, words = LOOKS[look]
    with ExitStack() as stack:
        own = stack.enter_context(fresh(command))
        session = stack.enter_context(running([*own, *words], size, environ, slow=slow, replies=replies))
        return walked(session, size, name, slow=slow, only=only, times=times)


def walked(
    session: Counted, size: str, look: str, *, slow: bool, only: Sequence[str], times: int
) -> list[Row]:
    """Every screen of a console that has been opened: opened in turn, stepped through, paged, held."""
    rows: list[Row] = []
    start, first = session.total(), session.chunks[-1].at * 1000
    # The jobs have their first turns.
    session.until_quiet(2.0, REST)
    for screen, (key, *tabs) in SCREENS.items():
        if screen not in ("overview", *only):
            continue
        row = Row(screen, size, look)
        if screen == "overview":
            row.paint, row.slow_paint = (start, None) if not slow else (None, first)
        else:
            before, begun = session.total(), session.now()
            session.key(key)
            session.read(3.0)
            # Quiet because it computes is not whole yet: the map of an hour that nobody has looked at.
            session.until_settled(PAINTED, 20.0)
            count, took = session.total() - before, (session.chunks[-1].at - begun) * 1000
            row.paint, row.slow_paint = (count, None) if not slow else (None, took)
        for tab in tabs:
            press(session, tab, 0.4)
        walk(session, row, slow=slow, times=times)
        if not slow and screen == "overview":
            row.idle = at_rest(session)
        if not slow and screen == "stations":
            press(session, "_")
            row.mouse = pointed(session)
            press(session, "_")
        if not slow and screen in ("overview", "hot grids"):
            row.memory = memory(session)
        if screen in PAGES_OVER:
            press(session, "escape", 0.6)
        rows.append(row)
    return rows


def walk(session: Counted, row: Row, *, slow: bool, times: int) -> None:
    """Step, scroll and page on the screen that is shown; on a slow line only step, and hold the key."""
    if slow:
        row.slow_step = middle(session, DOWN, 3)[1]
        row.lag = lag(session, _holding(row.what), PAGE, "home")
        press(session, "home", 0.5)
        return
    before, gap = usage(session.watched), QUICK if row.what in RESTING else GAP
    row.step = middle(session, DOWN, times, gap)[0]
    row.page = middle(session, PAGE, PAGES, gap)[0]
    row.scroll = middle(session, DOWN, times, gap)[0] if row.what not in TO_AND_FRO else NONE
    row.cpu = _spent(session, before, 2 * times + PAGES)
    if row.what in RESTING:
        session.until_quiet(RESTED, REST)
        before = usage(session.watched)
        row.rest = rested(session, DOWN if row.what not in TO_AND_FRO else UP, times)
        row.rest_cpu = _spent(session, before, times)
    press(session, "home", 0.5)


def _spent(session: Counted, before: Usage, keys: int) -> float | None:
    """Milliseconds of the processor a key; None where a job's own process took what it had used with it."""
    spent = (usage(session.watched) - before).cpu_s * 1000
    return spent / keys if spent > 0 else None


def _holding(screen: str) -> tuple[str, ...]:
    """What is pressed in turn where a key is held on a screen."""
    return (DOWN,) * TO_AND_FRO.get(screen, 1) + (UP,) * TO_AND_FRO.get(screen, 0)


def lag(session: Counted, steps: Sequence[str], page: str, home: str = "") -> float:
    """The middle of several times that a key was held: from the second page on, or the first where there are few."""
    found: list[float] = []
    pages = 1
    for _ in range(HOLDS + 1):
        if home:
            press(session, home, 0.5)
        if pages:
            press(session, page, 0.5)
        if (one := held(session, *steps)) is not None:
            found.append(one)
        elif pages and home and not found:
            pages = 0
        else:
            break
        if len(found) == HOLDS or max(found, default=0.0) > MINUTES:
            break
    return statistics.median(found) if found else NONE
