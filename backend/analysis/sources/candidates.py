"""Candidates 候选源: the inventory's sources near what is asked about, with all that is kept of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import cos, radians
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from backend.city.called import called
from backend.city.tables import Source
from backend.store import table
from backend.words.say import Language

SOURCE = table(Source)
METRES_A_DEGREE = 111_195.0


class Candidate(NamedTuple):
    """A source 污染源 that may have done it."""

    code: str
    name: str
    kind: str
    industry: str
    grade: str
    department: str
    grid: str
    county: str
    lon: float
    lat: float
    made_up: bool


def read_candidates(
    conn: Connection,
    language: Language,
    *,
    box: tuple[float, float, float, float] | None = None,
    codes: Collection[str] | None = None,
) -> Sequence[Candidate]:
    """The sources in service that have a place, in order of their codes.

    Args:
        box: west, south, east, north; all where None.
    """
    query = select(
        SOURCE.c.code, called(SOURCE, language), SOURCE.c.kind, SOURCE.c.industry, SOURCE.c.grade,
        SOURCE.c.department, SOURCE.c.grid, SOURCE.c.county, SOURCE.c.lon, SOURCE.c.lat, SOURCE.c.made_up,
    ).where(SOURCE.c.in_service, SOURCE.c.lon.is_not(None), SOURCE.c.lat.is_not(None))  # fmt: skip
    if box is not None:
        query = query.where(SOURCE.c.lon.between(box[0], box[2]), SOURCE.c.lat.between(box[1], box[3]))
    if codes is not None:
        query = query.where(SOURCE.c.code.in_(list(codes)))
    return [Candidate._make(row) for row in conn.execute(query.order_by(SOURCE.c.code))]


def count_candidates(conn: Connection) -> int:
    """How many sources have a place and are in service."""
    placed = SOURCE.c.in_service & SOURCE.c.lon.is_not(None) & SOURCE.c.lat.is_not(None)
    return int(conn.execute(select(func.count()).select_from(SOURCE).where(placed)).scalar_one())


def box_about(lon: float, lat: float, metres: float) -> tuple[float, float, float, float]:
    """The square about a place: west, south, east, north."""
    up = metres / METRES_A_DEGREE
    across = up / max(0.05, cos(radians(lat)))
    return lon - across, lat - up, lon + across, lat + up
