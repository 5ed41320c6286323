"""Candidates 候选源: the inventory's sources near what is asked about, with all that is kept of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import NamedTuple

import numpy as np
from sqlalchemy import Connection, func, select

from backend.analysis.geo import Floats, Plane
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
    height: float | None = None
    """Metres over the ground at which it lets go; None where it is not known."""


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
        SOURCE.c.height,
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


@dataclass(frozen=True)
class Inventory:
    """All sources with a place, read once for many questions: on a plane, from west to east."""

    every: Sequence[Candidate]
    x: Floats
    y: Floats
    """Metres."""

    @classmethod
    def of(cls, every: Sequence[Candidate], plane: Plane) -> Inventory:
        """An inventory on a plane."""
        x, y = plane.xy([one.lon for one in every], [one.lat for one in every])
        order = np.argsort(x, kind="stable")
        return cls([every[index] for index in order.tolist()], x[order], y[order])

    def near(self, x: float, y: float, reach: float, most: int) -> Sequence[Candidate]:
        """Those within metres of a place, the nearest first, so many at most."""
        low, high = np.searchsorted(self.x, (x - reach, x + reach))
        far = np.hypot(self.x[low:high] - x, self.y[low:high] - y)
        order = np.argsort(far, kind="stable")[:most]
        return [self.every[low + index] for index in order[far[order] <= reach].tolist()]
