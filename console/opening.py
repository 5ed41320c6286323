"""Open the desk for a command: whoever ``--as`` names, else the whole city for reading."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from backend.words import Message
from console.output import tell
from console.settings import Settings, config_file, load

if TYPE_CHECKING:
    from backend.desk.desk import Desk


class CommandError(Exception):
    """A command can't do what it was asked; ``message`` says why."""

    def __init__(self, code: str, /, **args: str | int) -> None:
        super().__init__(code)
        self.message = Message(code, args)


@contextmanager
def opened(args: argparse.Namespace, *, anybody: bool = False) -> Iterator[tuple[Desk, Settings]]:
    """The desk and the settings of a command; the store is closed afterwards.

    Whom the configuration file remembers counts where the store knows them; in a store that does not, nobody sits here.

    Args:
        anybody: a command that only tells who there is: it must also run where the settings name nobody that there is.
    """
    from backend.desk.desk import Desk, DeskError
    from backend.store import Store

    settings = load(vars(args))
    # A mistyped name must not be answered out of a store that is made for it.
    store = Store.open(settings.store, begin=False)
    try:
        try:
            desk = Desk.open(store, settings.person) if settings.person else Desk.of_scripts(store)
        except DeskError as error:
            elsewhere = settings.origin.get("person") == str(config_file())
            if not (anybody or elsewhere) or error.message.code != "access.unknown_person":
                raise
            desk = Desk.of_scripts(store)
            if elsewhere and not anybody:
                # Remembered from another store (the demo's, say): nobody said so for this one.
                tell(Message("cli.person_elsewhere", {"person": settings.person}), settings.speaks)
        desk.settle()
        if not (getattr(args, "json", False) or getattr(args, "csv_out", False)):
            # Programs get the same names whoever runs them.
            desk.speak(settings.speaks)
        yield desk, settings
    finally:
        store.close()


def local(at: int | None, zone: ZoneInfo) -> str:
    """An instant as people of the city write it; empty for none."""
    return "" if at is None else datetime.fromtimestamp(at, zone).strftime("%Y-%m-%d %H:%M")


def iso(at: int | None, zone: ZoneInfo) -> str | None:
    """An instant as programs read it."""
    return None if at is None else datetime.fromtimestamp(at, zone).isoformat()


def in_order(since: int, until: int, told: tuple[str, str]) -> None:
    """Refuse a span that ends before it begins: it would be answered with nothing at all.

    Raises:
        CommandError: it does, and is ``told`` as the person wrote it.
    """
    if since >= until:
        raise CommandError("cli.bad_span", since=told[0], until=told[1] or "--")


def instant(text: str, zone: ZoneInfo) -> int:
    """The instant of a time that a person typed, in the city's zone unless it says its own.

    Raises:
        CommandError: it can't be read.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError("cli.bad_time", text=text) from error
    return int((at if at.tzinfo else at.replace(tzinfo=zone)).timestamp())
