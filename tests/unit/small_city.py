"""A small city for tests: two counties of some stations each, feeds, and the product's own parameters."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from pydantic_core import PydanticUndefined
from sqlalchemy import text

from backend.city.registry import City
from backend.city.tables import CityFact, Grid, Parameter, PowerPoint, Source, StandingOrder, Station
from backend.feeds.record import Page, Record
from backend.feeds.tables import Feed, FeedHealth
from backend.store import Store, table, upsert
from backend.store.model import Row

HOUR = 3600
T = 1793692800
"""2026-11-03 08:00 UTC, the hour at which the tests' clock stands."""


def parameters() -> list[dict[str, Any]]:
    """The product's parameters, numbered in their order."""
    raw = files("backend.city").joinpath("data", "parameters.csv").read_text(encoding="utf-8")
    found = []
    for number, row in enumerate(csv.DictReader(raw.splitlines()), 1):
        bounds = {name: float(row[name]) if row[name] else None for name in ("low", "high", "suspect_above")}
        found.append(
            {
                "id": number,
                "code": row["code"],
                "name": row["name"],
                "name_en": row["name_en"],
                "unit": row["unit"],
                "decimals": int(row["decimals"]),
                "hj212": row["hj212"],
                **bounds,
            }
        )
    return found


def grid_row(code: str, parent: str, level: int, county: str, township: str = "") -> dict[str, Any]:
    """A grid's row; in service."""
    return {
        "code": code,
        "parent": parent,
        "level": level,
        "name": code,
        "name_en": "",
        "pinyin": "",
        "initials": "",
        "aliases": "",
        "kind": "",
        "county": county,
        "township": township,
        "lon": 115.0,
        "lat": 35.0,
        "in_service": True,
        "made_up": True,
    }


def station(code: str, kind: str = "air", county: str = "A", **more: Any) -> dict[str, Any]:
    """A station row; placed and in service unless told otherwise."""
    return {
        "code": code,
        "name": f"站{code}",
        "name_en": "",
        "initials": "",
        "kind": kind,
        "grid": f"{county}1",
        "county": county,
        "township": f"{county}1",
        "lon": 115.0,
        "lat": 35.0,
        "target": "",
        "source": "",
        "upstream": "",
        "in_service": True,
        "placed": True,
        "made_up": True,
        **more,
    }


def build(store: Store, stations: Sequence[dict[str, Any]], counties: Sequence[str] = ("A", "B")) -> City:
    """Put the city into the store; its feeds are ``one`` (number 1) and ``two`` (number 2)."""
    grids = [grid_row("Z", "", 1, "")]
    for county in counties:
        grids += [grid_row(county, "Z", 2, county), grid_row(f"{county}1", county, 3, county, f"{county}1")]
    with store.bulk() as conn:
        conn.execute(table(CityFact).insert(), [{"key": "zone", "value": "Asia/Shanghai"}])
        conn.execute(table(Grid).insert(), grids)
        conn.execute(table(Parameter).insert(), parameters())
        if stations:
            conn.execute(table(Station).insert(), list(stations))
        conn.execute(
            table(Feed).insert(),
            [
                {
                    "id": number,
                    "code": code,
                    "name": code,
                    "adapter": "mapped",
                    "url": "",
                    "options": "",
                    "every": HOUR,
                    "overlap": 0,
                    "stale_after": 7200,
                    "enabled": True,
                    "secret": "",
                    "from_pack": False,
                }
                for number, code in ((1, "one"), (2, "two"))
            ],
        )
        return City.read(conn)


def heard(store: Store, at: int, feed: int = 1) -> None:
    """The feed was last heard of then."""
    row: dict[str, Any] = {
        "feed": feed,
        "state": "ok",
        "ok_at": at,
        "next_at": at,
        "error": "",
        "error_args": "",
    }
    row |= dict.fromkeys(("failures", "polls", "records", "revised", "unchanged", "asides"), 0)
    with store.bulk() as conn:
        upsert(conn, table(FeedHealth), [row], keys=["feed"])


def record(
    code: str, value: float | None, *, parameter: str = "pm25", start: int = T - HOUR, **more: Any
) -> Record:
    """One record of an hour, by default of the hour before `T`."""
    return Record(code, parameter, start, more.pop("period", HOUR), value, **more)


def page(*records: Record, **more: Any) -> Page:
    """A page of these records."""
    return Page(records=records, **more)


def rows(store: Store, sql: str) -> list[tuple[Any, ...]]:
    """What the store answers."""
    with store.read() as conn:
        return [tuple(row) for row in conn.execute(text(sql))]


def put_rules(store: Store, body: str, *, version: int = 7) -> None:
    """Let a text of rules hold since ever."""
    with store.bulk() as conn:
        conn.execute(
            text("INSERT INTO rule_set (version, effective, text, note) VALUES (:v, 0, :t, '')"),
            {"v": version, "t": body},
        )


def order(
    store: Store,
    code: str,
    kind: str,
    scope_kind: str,
    scope: str,
    starts: int,
    ends: int | None = None,
    level: str = "",
    allowed_load: int | None = None,
) -> None:
    """An order that holds from an instant on."""
    row = {
        "code": code, "kind": kind, "level": level, "title": code, "scope_kind": scope_kind, "scope": scope,
        "starts": starts, "ends": ends, "issued_by": "", "text": "", "from_pack": False, "made_up": True,
        "allowed_load": allowed_load,
    }  # fmt: skip
    with store.bulk() as conn:
        conn.execute(table(StandingOrder).insert(), [_filled(StandingOrder, row)])


def source(store: Store, code: str, kind: str, grade: str = "") -> None:
    """A source of the city."""
    with store.bulk() as conn:
        row = _filled(Source, {"code": code, "kind": kind, "name": code, "grade": grade})
        conn.execute(table(Source).insert(), [row])


def power_point(store: Store, code: str, production: float | None, treatment: float | None) -> None:
    """A pair of meters whose readings the station of the same code carries, with its rated power in kW."""
    row = {
        "code": code,
        "source": code,
        "station": code,
        "production_kw": production,
        "treatment_kw": treatment,
    }
    with store.bulk() as conn:
        conn.execute(table(PowerPoint).insert(), [_filled(PowerPoint, row)])


def _filled(model: type[Row], row: dict[str, Any]) -> dict[str, Any]:
    """A row with the model's own defaults where it says nothing."""
    told = {name: field.default for name, field in model.model_fields.items() if name != "id"}
    return {name: None if value is PydanticUndefined else value for name, value in {**told, **row}.items()}
