"""Read the data files of this room, each once."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Protocol, TypeVar


@cache
def rows(name: str) -> tuple[Mapping[str, str], ...]:
    """The rows of ``data/<name>.csv`` by column name."""
    text = files(__package__).joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


class Dated(Protocol):
    """Something that holds from a day on."""

    @property
    def effective(self) -> date:
        """The first day on which it holds."""
        ...


D = TypeVar("D", bound=Dated)


def holding(candidates: Iterable[D], on: date) -> D:
    """The one in force on a day: the newest that has begun.

    A day before the first belongs to the first: the 2012 standards were brought in city by city before the
    day on which they held everywhere.
    """
    ordered = sorted(candidates, key=lambda one: one.effective)
    begun = [one for one in ordered if one.effective <= on]
    return begun[-1] if begun else ordered[0]
