"""The wind at any place and instant, from whatever points the pack declares: stations' own vanes or gridded weather.

Any placed station with ``wind_speed`` and ``wind_dir`` is a point. Directions are averaged as vectors; between points
the nearer ones count more; how far points disagree is part of the uncertainty. A short gap is bridged, a long one told.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from backend.analysis import geo
from backend.analysis.field import Field, read_field, usual_period
from backend.analysis.geo import Floats, Plane
from backend.analysis.sources.numbers import WindNumbers
from backend.city.registry import City

SPEED, DIRECTION = "wind_speed", "wind_dir"
GRIDDED = ("weather",)
"""Kinds of station whose wind is a model's at a point and not a vane's, where the feed says so."""
MINUTE, HOUR = 60, 3600


@dataclass(frozen=True)
class Winds:
    """The wind as measured: (T, P) arrays of metres a second east and north, NaN where nothing was."""

    times: NDArray[np.int64]
    """Starts of the periods, evenly spaced, (T,)."""
    period: int
    x: Floats
    y: Floats
    """Metres, (P,)."""
    u: Floats
    v: Floats
    """Where the air goes to, m/s, (T, P)."""
    codes: tuple[str, ...]
    gridded: bool
    """Whether it comes from points of a model."""
    numbers: WindNumbers

    @cached_property
    def known(self) -> bool:
        """Whether there is any wind at all."""
        return bool(np.isfinite(self.u).any())

    @cached_property
    def spacing(self) -> float:
        """Metres between points; a large number for one point, whose wind holds everywhere."""
        far = geo.spacing(self.x, self.y)
        return far if np.isfinite(far) else 1e5

    @property
    def gust(self) -> float:
        """m/s across the mean wind, within the period."""
        one, other = self.numbers.gust_minute, self.numbers.gust_hour
        share = np.log(max(self.period, MINUTE) / MINUTE) / np.log(HOUR / MINUTE)
        return float(one + (other - one) * min(1.0, share))

    @property
    def turn(self) -> float:
        """Radians by which the wind at a place may be turned against the points'."""
        return float(np.radians(self.numbers.turn_gridded if self.gridded else self.numbers.turn_station))

    def at(self, x: Floats, y: Floats, t: Floats) -> tuple[Floats, Floats, Floats]:
        """The wind at places and instants: east, north (m/s) and how far points disagree (m/s); NaN where unknown.

        Args:
            x, y: metres.
            t: instants, seconds; of the same shape.
        """
        shape = np.shape(t)
        px, py, at = np.ravel(x), np.ravel(y), np.ravel(t).astype(np.float64)
        if not len(self.times) or not self.u.size:
            none = np.full(shape, np.nan)
            return none, none.copy(), none.copy()
        u, v = self._when(at)
        if self.u.shape[1] == 1:
            return u[:, 0].reshape(shape), v[:, 0].reshape(shape), np.zeros(shape)
        length = self.numbers.nearest * self.spacing
        far = px[:, None] - self.x
        far *= far
        north = py[:, None] - self.y
        far += np.multiply(north, north, out=north)
        far -= far.min(axis=1, keepdims=True)
        far *= -0.5 / length**2
        weight = np.exp(far, out=far)
        if not self.whole:
            weight = np.where(np.isfinite(u), weight, 0.0)
            u, v = np.nan_to_num(u), np.nan_to_num(v)
        total = weight.sum(axis=1)
        share = np.where(total > 0, 1.0 / np.where(total > 0, total, 1.0), np.nan)
        mean_u, mean_v = np.einsum("np,np->n", weight, u) * share, np.einsum("np,np->n", weight, v) * share
        u -= mean_u[:, None]
        v -= mean_v[:, None]
        off = np.einsum("np,np,np->n", weight, u, u) + np.einsum("np,np,np->n", weight, v, v)
        apart = np.sqrt(off * share / 2)
        return mean_u.reshape(shape), mean_v.reshape(shape), apart.reshape(shape)

    @cached_property
    def whole(self) -> bool:
        """Whether every point has a wind at every time."""
        return bool(np.isfinite(self.u).all() and np.isfinite(self.v).all())

    def _when(self, at: Floats) -> tuple[Floats, Floats]:
        """Between the middles of periods by a straight line; what is missing on one side is taken from the other."""
        known = np.isfinite(at)
        place = (np.where(known, at, self.times[0]) - self.times[0]) / self.period - 0.5
        place = np.clip(place, 0.0, len(self.times) - 1.0)
        low = np.floor(place).astype(np.intp)
        high = np.minimum(low + 1, len(self.times) - 1)
        share = (place - low)[:, None]
        found = []
        for part in (self.u, self.v):
            one, other = part.take(low, axis=0), part.take(high, axis=0)
            mixed = one + (other - one) * share
            if not self.whole:
                mixed = np.where(np.isnan(mixed), np.where(share < 0.5, one, other), mixed)
                mixed = np.where(np.isnan(mixed), np.where(np.isnan(one), other, one), mixed)
            found.append(mixed)
        if not known.all():
            found = [np.where(known[:, None], part, np.nan) for part in found]
        return found[0], found[1]

    def speed(self) -> Floats:
        """The mean speed over the points, (T,); NaN where nothing was measured."""
        speeds = np.hypot(self.u, self.v)
        known = np.isfinite(speeds)
        count = known.sum(axis=1)
        return np.asarray(
            np.where(count > 0, np.where(known, speeds, 0).sum(axis=1), np.nan) / np.maximum(count, 1)
        )

    def calm_share(self, start: int, end: int) -> float:
        """The share of the known periods in a window that were calm 静风; NaN where none is known."""
        inside = (self.times >= start) & (self.times < end)
        speeds = self.speed()[inside]
        speeds = speeds[np.isfinite(speeds)]
        return float((speeds < self.numbers.calm).mean()) if speeds.size else float("nan")

    def gaps(self, start: int, end: int) -> int:
        """Periods of a window in which no point measured."""
        inside = (self.times >= start) & (self.times < end)
        return int((~np.isfinite(self.speed()[inside])).sum()) + max(
            0, (end - start) // self.period - int(inside.sum())
        )


def made(
    times: NDArray[np.int64],
    period: int,
    x: Floats,
    y: Floats,
    speed: Floats,
    origin: Floats,
    codes: tuple[str, ...],
    numbers: WindNumbers,
    *,
    gridded: bool = False,
) -> Winds:
    """The wind from speeds (m/s) and directions (degrees it blows from), (T, P) on an even time axis."""
    towards = np.radians(np.asarray(origin, np.float64) + 180.0)
    strong = np.asarray(speed, np.float64)
    strong = np.where((strong >= 0) & np.isfinite(origin), strong, np.nan)
    # A still hour has no direction and need not have been given one.
    still = (np.asarray(speed) == 0) & ~np.isfinite(origin)
    u = np.where(still, 0.0, strong * np.sin(towards))
    v = np.where(still, 0.0, strong * np.cos(towards))
    return Winds(
        times, period, x, y, bridged(u, numbers.bridge), bridged(v, numbers.bridge), codes, gridded, numbers
    )


def bridged(values: Floats, most: int) -> Floats:
    """Gaps of at most so many periods filled by a straight line, column by column."""
    filled = np.array(values, np.float64)
    for column in filled.T:
        known = np.flatnonzero(np.isfinite(column))
        for one, other in pairwise(known):
            if 1 < other - one <= most + 1:
                steps = np.arange(one + 1, other)
                column[steps] = np.interp(steps, [one, other], [column[one], column[other]])
    return filled


def read_winds(
    conn: Connection, city: City, plane: Plane, *, start: int, end: int, numbers: WindNumbers
) -> Winds:
    """The wind of a window from the store; nothing that ends after ``end`` is read.

    Where stations have vanes and the pack has weather points too, both count: each is a point.
    """
    return winds_on(plane, read_wind_field(conn, city, start=start, end=end), numbers)


def read_wind_field(conn: Connection, city: City, *, start: int, end: int) -> Field | None:
    """What the points with a wind measured in a window; None where the city has none."""
    wanted = {row.id for code in (SPEED, DIRECTION) if (row := city.parameter(code)) is not None}
    having = {
        number
        for number, row in city.stations.items()
        if row.placed and row.in_service and row.lon is not None and _has(city, number, wanted)
    }
    if not having:
        return None
    stations = [city.stations[number] for number in sorted(having)]
    period = usual_period(conn, city, wanted, stations, start, end)
    return read_field(
        conn,
        city,
        parameters=(SPEED, DIRECTION),
        start=start,
        end=end,
        period=period,
        stations=having,
        spread=True,
    )


def winds_on(plane: Plane, field: Field | None, numbers: WindNumbers) -> Winds:
    """The wind on a plane from what its points measured."""
    if field is None:
        empty, none = np.zeros(0), np.zeros((0, 0))
        return Winds(np.zeros(0, np.int64), HOUR, empty, empty, none, none, (), False, numbers)
    speed, origin = field.values[SPEED], field.values[DIRECTION]
    seen = (
        np.asarray(np.isfinite(speed).any(axis=0))
        if len(field.times)
        else np.zeros(len(field.stations), bool)
    )
    chosen = [row for row, here in zip(field.stations, seen.tolist(), strict=True) if here]
    x, y = plane.xy(field.lon[seen], field.lat[seen])
    gridded = bool(chosen) and all(row.kind in GRIDDED for row in chosen) and field.period >= HOUR
    return made(
        field.times, field.period, x, y, speed[:, seen].astype(np.float64), origin[:, seen].astype(np.float64),
        tuple(row.code for row in chosen), numbers, gridded=gridded,
    )  # fmt: skip


def _has(city: City, number: int, wanted: set[int]) -> bool:
    measures = city.measures.get(number, ())
    return bool(wanted) and bool(measures) and wanted <= {measure.parameter for measure in measures}
