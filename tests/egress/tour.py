"""A walk through the whole console: every screen, every page, every dialog that an action opens, as one person.

The same walk is taken headless (does anything crash, does anything act?) and in a real terminal (what leaves?).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from console.app import GridseatApp
from screens.actions import MAIN, offered
from screens.frame import GridScreen
from tests.screens.stillness import still

SKIPPED = frozenset(
    {"app.quit", "app.person", "app.language", "app.theme", "app.repaint", "app.back", "app.reload"}
)
"""What leaves the place, or draws it as it was."""


@dataclass
class Stop:
    """One picture on the way."""

    name: str
    action: str = ""
    """The action whose answer it is: mostly a dialog."""


@dataclass
class Walked:
    """Where a walk has been."""

    screens: set[str] = field(default_factory=set)
    dialogs: set[str] = field(default_factory=set)
    """Kinds of dialogs that were open, with the action that opened them."""
    empty: set[str] = field(default_factory=set)
    """Pages that had nothing to show."""


async def walk(
    app: GridseatApp,
    pages: list[tuple[str, str]],
    walked: Walked,
    *,
    acting: bool = True,
    share: tuple[int, int] = (1, 1),
) -> AsyncIterator[Stop]:
    """Go everywhere, and stop at every picture.

    Args:
        app: a console whose first board has been read.
        pages: name and key of every page.
        walked: is told where it has been.
        acting: perform what is offered at each place, and leave what it opens without committing it.
        share: only the first, second, ... of so many shares of the places.
    """
    common = {one.id for one in offered("app")}
    first, of = share
    places: list[tuple[str, str | None]] = [*((name, None) for name in MAIN), *pages]
    for number, (name, key) in enumerate(places[first - 1 :: of]):
        await _home(app)
        if key is None:
            app._go(name)
        else:
            app.open_page(name, key)
        # What is offered everywhere is done at the first place.
        async for stop in _here(app, name, walked, acting, SKIPPED | common if number else SKIPPED):
            yield stop
    await _home(app)


async def _here(
    app: GridseatApp, name: str, walked: Walked, acting: bool, skipped: frozenset[str]
) -> AsyncIterator[Stop]:
    await still(app)
    place: Any = app.screen
    assert isinstance(app.screen, GridScreen), name
    assert name == place.NAME
    walked.screens.add(name)
    if getattr(place, "data", True) is None:
        walked.empty.add(name)
    yield Stop(name)
    if not acting:
        return
    for what in place.actions():
        if what.id in skipped or what.id.startswith("go.") or place.why_off(what) is not None:
            continue
        method: Any = next(
            (found for node in place._performers() if callable(found := getattr(node, what.method, None))),
            None,
        )
        if method is None:
            continue
        method()
        await still(app)
        if app.screen is not place:
            walked.dialogs.add(f"{type(app.screen).__name__} {what.id}")
        yield Stop(name, what.id)
        await _back_to(app, place)
        if app.screen is not place:
            return


async def _back_to(app: GridseatApp, place: Any) -> None:
    """Leave what was opened over a place, without committing it."""
    for _ in range(6):
        if app.screen is place or place not in app.screen_stack:
            return
        here = app.screen
        if isinstance(here, GridScreen):
            app.leave()
        else:
            here.dismiss(None)
        await still(app)


async def _home(app: GridseatApp) -> None:
    while len(app.screen_stack) > 1:
        here = app.screen
        if isinstance(here, GridScreen):
            app.leave()
        else:
            here.dismiss(None)
        await still(app)
