"""Measures 措施 that a centre reports for a period, as dated data: code, name and unit in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from sqlalchemy import Connection, select

from backend.city.tables import CityFact
from backend.store import table
from backend.tasks.settings import Fault, Settings, SettingsError, Table
from backend.words import Message

FACT = table(CityFact)
KEY: Final = "daily"
"""The fact that holds a pack's own list."""
MOST: Final = 1_000_000
"""Of one measure at most: more is a slip of the hand."""


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that is counted."""

    since: date
    code: str
    name: str
    name_en: str
    unit: str
    unit_en: str

    def said(self, language: str) -> tuple[str, str]:
        """Name and unit in a language."""
        return (self.name, self.unit) if language == "zh" else (self.name_en, self.unit_en)


@lru_cache(maxsize=1)
def default_text() -> str:
    """The list that ships with the product."""
    return files("backend.reports").joinpath("data/measures.toml").read_text(encoding="utf-8")


def measures_on(connection: Connection, day: date) -> tuple[Measure, ...]:
    """The measures that are reported on a day of the city."""
    own = connection.execute(select(FACT.c.value).where(FACT.c.key == KEY)).scalar_one_or_none()
    return choose(own or default_text(), day)


@lru_cache(maxsize=64)
def choose(text: str, day: date) -> tuple[Measure, ...]:
    """Of each measure the newest that holds on the day, in the order of the list; one without a unit is over."""
    found: dict[str, Measure] = {}
    for one in sorted(_read(text), key=lambda measure: measure.since):
        if one.since <= day:
            found[one.code] = one
    return tuple(one for one in found.values() if one.unit)


def counts(
    given: Mapping[str, str | int], known: tuple[Measure, ...]
) -> tuple[dict[str, int], Message | None]:
    """The numbers that a person gave, and what is wrong with them; what was left out is nothing."""
    found: dict[str, int] = {}
    codes = {one.code for one in known}
    for code, value in given.items():
        told = str(value).strip()
        if not told:
            continue
        if code not in codes:
            return {}, Message("report.refused.measure", {"measure": code, "known": ", ".join(sorted(codes))})
        if not (told.isascii() and told.isdigit()) or int(told) > MOST:
            return {}, Message("report.refused.count", {"value": told[:20], "most": MOST})
        if int(told):
            found[code] = int(told)
    return found, None


def faults_of(text: str) -> tuple[Fault, ...]:
    """Everything that is wrong with a list, by line."""
    try:
        _read(text)
    except SettingsError as error:
        return error.faults
    return ()


@lru_cache(maxsize=8)
def _read(text: str) -> tuple[Measure, ...]:
    settings = Settings(text)
    settings.only(frozenset({"measure"}))
    found = tuple(_measure(row) for row in settings.tables("measure"))
    settings.done()
    return found


def _measure(row: Table) -> Measure:
    since: Any = row.raw("from")
    if type(since) is not date:
        row.fault("from", "task.canned.date", value=str(since))
        since = date.min
    for key in ("code", "name"):
        if not row.text(key):
            row.fault("", "task.policy.missing", name=key)
    name, unit = row.text("name"), row.text("unit")
    found = Measure(
        since, row.text("code"), name, row.text("name_en") or name, unit, row.text("unit_en") or unit
    )
    row.end()
    return found
