"""Which adapters there are, and how a configured feed becomes one that can be polled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, cast

from sqlalchemy import Connection, select

from backend.city.tables import CityFact, Parameter
from backend.feeds.adapter import Adapter, Auth, read_politeness
from backend.feeds.fault import OptionFault, OptionsError
from backend.feeds.options import Table
from backend.feeds.session import Politeness
from backend.feeds.tables import Feed
from backend.feeds.units import Parameters
from backend.store.model import table
from backend.text import clean
from backend.words import Message

ADAPTERS: Mapping[str, str] = {
    "mapped": "backend.feeds.mapped",
    "sensorthings": "backend.feeds.sensorthings",
    "cnemc": "backend.feeds.cnemc",
    "openmeteo": "backend.feeds.openmeteo",
    "passages": "backend.feeds.passages",
    "hj212": "backend.feeds.hj212",
}
"""Name to module; a module is loaded when a feed needs it."""


@dataclass(frozen=True, slots=True)
class FeedRow:
    """A feed as configured."""

    id: int
    code: str
    name: str
    adapter: str
    url: str
    options: str
    every: int
    overlap: int
    stale_after: int
    enabled: bool
    secret: str
    from_pack: bool


@dataclass(frozen=True)
class Prepared:
    """A feed's adapter with its settings read."""

    adapter: Adapter
    options: Any
    auth: Auth
    politeness: Politeness


@cache
def adapter(name: str) -> Adapter | None:
    """The adapter of that name, None where there is none."""
    module = ADAPTERS.get(name)
    return None if module is None else cast(Adapter, import_module(module).ADAPTER)


def prepare(name: str, text: str, parameters: Parameters) -> Prepared:
    """Read a feed's settings.

    Args:
        name: the adapter.
        text: the TOML; a ``[feed]`` table in it (code, address, ...) is passed over.

    Raises:
        OptionsError: with every fault found.
    """
    found = adapter(name)
    if found is None:
        choices = ", ".join(ADAPTERS)
        raise OptionsError(
            [
                OptionFault(
                    "adapter",
                    Message("feed.adapter.unknown", {"adapter": clean(name, limit=60), "choices": choices}),
                )
            ]
        )
    settings = Table.parse(text)
    settings.has("feed")
    auth = Auth.read(settings)
    politeness = read_politeness(settings, found.declares.politeness)
    options = found.read(settings, parameters)
    settings.finish()
    settings.check()
    return Prepared(found, options, auth, politeness)


def feed_row(connection: Connection, feed: int) -> FeedRow | None:
    """A feed by its number."""
    columns = table(Feed).c
    row = connection.execute(
        select(*(columns[name] for name in FeedRow.__slots__)).where(columns.id == feed)
    ).first()
    return None if row is None else FeedRow(*row)


def city_parameters(connection: Connection) -> Parameters:
    """The city's parameters with their units, and its zone."""
    rows = connection.execute(select(table(Parameter).c.code, table(Parameter).c.unit)).all()
    facts = table(CityFact)
    zone = connection.execute(select(facts.c.value).where(facts.c.key == "zone")).scalar()
    return Parameters.default({row.code: row.unit for row in rows}, zone or "")
