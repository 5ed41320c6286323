"""Canned words: reasons and remarks that are written again and again, by act and incident type, as dated data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from sqlalchemy import Connection, select

from backend.city.tables import CityFact
from backend.store import table
from backend.tasks.edges import KINDS
from backend.tasks.settings import Fault, Settings, SettingsError, Table
from backend.text import clean

FACT = table(CityFact)
KEY: Final = "canned"
"""The fact that holds the pack's own text."""
LIMIT: Final = 120
"""Characters of one of them: it must fit a line that can be chosen from."""


@dataclass(frozen=True, slots=True)
class Row:
    """Words for an act, from a day on."""

    act: str
    types: frozenset[str]
    since: date
    words: tuple[tuple[str, str], ...]
    """Chinese and English."""


@lru_cache(maxsize=1)
def default_text() -> str:
    """The words that ship with the product."""
    return files("backend.tasks").joinpath("data/canned.toml").read_text(encoding="utf-8")


@lru_cache(maxsize=8)
def read_canned(text: str) -> tuple[Row, ...]:
    """The rows of a text.

    Raises:
        SettingsError: with every mistake, its line and what to do.
    """
    settings = Settings(text)
    settings.only(frozenset({KEY}))
    rows = tuple(_row(table) for table in settings.tables(KEY))
    settings.done()
    return rows


def faults_of(text: str) -> tuple[Fault, ...]:
    """Everything that is wrong with a text, by line."""
    try:
        read_canned(text)
    except SettingsError as error:
        return error.faults
    return ()


def canned(connection: Connection, act: str, type_: str, day: date) -> list[tuple[str, str]]:
    """What is offered for an act on a task of a type, on a day of the city: those of the type first."""
    own = connection.execute(select(FACT.c.value).where(FACT.c.key == KEY)).scalar_one_or_none()
    return choose(read_canned(own or default_text()), act, type_, day)


def choose(rows: Sequence[Row], act: str, type_: str, day: date) -> list[tuple[str, str]]:
    """Of each set of types the newest row that holds on the day, those that name the type before those for all."""
    newest: dict[frozenset[str], Row] = {}
    for row in sorted(rows, key=lambda row: row.since):
        if row.act == act and row.since <= day and (not row.types or type_ in row.types):
            newest[row.types] = row
    ordered = sorted(newest.values(), key=lambda row: not row.types)
    return list(dict.fromkeys(pair for row in ordered for pair in row.words))


def _row(row: Table) -> Row:
    act = row.text("act", known=KINDS)
    if not act:
        row.fault("", "task.policy.missing", name="act")
    since: Any = row.raw("from")
    if type(since) is not date:
        row.fault("from", "task.canned.date", value=str(since))
        since = date.min
    words = _pairs(row)
    types = frozenset(row.texts("types"))
    row.end()
    return Row(act, types, since, words)


def _pairs(row: Table) -> tuple[tuple[str, str], ...]:
    value: Any = row.raw("words")
    pairs: list[tuple[str, str]] = []
    for item in value if isinstance(value, list) else ():
        good = (
            isinstance(item, list) and len(item) == 2 and all(isinstance(word, str) and word for word in item)
        )
        if not good:
            row.fault("words", "task.canned.pair", value=str(item))
            continue
        chinese, english = (str(clean(word, limit=LIMIT)) for word in item)
        pairs.append((chinese, english))
    if not pairs:
        row.fault("words", "task.canned.none")
    return tuple(pairs)
