"""What a question needs of the store: the stations' readings, the wind, and where the question looks from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from backend.analysis import geo
from backend.analysis.field import Field, read_field, usual_period
from backend.analysis.geo import Floats, Plane
from backend.analysis.sources.increments import Increments, increments
from backend.analysis.sources.numbers import Numbers, raw
from backend.analysis.sources.signature import FIVE
from backend.analysis.sources.wind import Winds, read_winds
from backend.city.registry import City

LONE_SPACING = 1000.0
"""Metres that stand for the spacing of a network of one."""
HOUR = 3600
Fetch = Callable[..., Field]
"""What reads a field as `read_field` does."""
Blow = Callable[[Plane, int, int], Winds]
"""The wind on a plane, from one instant to another."""


@dataclass(frozen=True)
class Material:
    """Readings and wind for one instant, or one window, of one parameter."""

    parameter: str
    field: Field
    winds: Winds
    spacing: float
    suspect: bool
    """Whether doubtful values had to be admitted."""

    beside: Field | None = None
    """The other pollutants of the five, at the stations that are asked about and those around them."""

    @cached_property
    def readings(self) -> Floats:
        """(T, S)."""
        return self.field.values[self.parameter].astype(np.float64)


def read(
    conn: Connection,
    city: City,
    parameter: str,
    *,
    start: int | None,
    end: int,
    numbers: Numbers,
    foci: Sequence[int] = (),
    fetch: Fetch = read_field,
    blow: Blow | None = None,
) -> Material:
    """Read what a question needs; nothing that ends after ``end``.

    Args:
        start: the window's; None where it is to be found.
        foci: the numbers of the stations that are asked about: they have a say whatever their kind.
        fetch: how readings are read, where some of them are at hand.
        blow: gives the wind of a window, where many questions share it.
    """
    chosen = _witnesses(city, parameter, foci, numbers.locate.sites)
    known = city.parameter(parameter)
    stations = [city.stations[number] for number in sorted(chosen)]
    first = start if start is not None else end - int(raw()["answer"]["spell_most"])
    period = usual_period(conn, city, {known.id}, stations, first, end) if known is not None else HOUR
    if start is None:
        first = end - reach_back(period, numbers)
    lead = min(numbers.increment.lead * period, numbers.increment.lead_seconds)
    field = fetch(
        conn, city, parameters=(parameter,), start=first - lead, end=end, period=period, stations=chosen
    )
    doubtful = _doubtful(field, parameter, foci, first)
    if doubtful:
        field = fetch(
            conn, city, parameters=(parameter,), start=first - lead, end=end, period=period,
            stations=chosen, suspect=True,
        )  # fmt: skip
    seen = np.asarray(np.isfinite(field.values[parameter]).any(axis=0))
    open_air = seen & ~own_of(field)
    seen = open_air if int(open_air.sum()) > 1 else seen
    spacing = geo.spacing(field.x[seen], field.y[seen])
    oldest = int(numbers.wind.oldest_hours * HOUR)
    since = first - min(oldest, max(4 * (end - first), HOUR))
    winds = (
        read_winds(conn, city, field.plane, start=since, end=end, numbers=numbers.wind)
        if blow is None
        else blow(field.plane, since, end)
    )
    return Material(parameter, field, winds, spacing if np.isfinite(spacing) else LONE_SPACING, doubtful)


def with_beside(
    conn: Connection,
    city: City,
    material: Material,
    columns: Sequence[int],
    numbers: Numbers,
    fetch: Fetch = read_field,
) -> Material:
    """The same with what else was measured at these stations and around them, where there is a signature to compare."""
    field, parameter = material.field, material.parameter
    if parameter not in FIVE or not columns:
        return material
    near: set[int] = set()
    sited = own_of(field)
    for column in columns:
        far = np.hypot(field.x - field.x[column], field.y - field.y[column])
        far = np.where(sited, np.inf, far)
        far[column] = 0.0
        order = np.argsort(far, kind="stable")[: numbers.locate.stations]
        near |= {
            field.stations[index].id for index in order[far[order] <= numbers.locate.heard * material.spacing]
        }
    beside = fetch(
        conn, city, parameters=[code for code in FIVE if code != parameter], start=field.start, end=field.end,
        period=field.period, stations=near, suspect=material.suspect,
    )  # fmt: skip
    return replace(material, beside=beside)


def _doubtful(field: Field, parameter: str, foci: Sequence[int], first: int) -> bool:
    """Whether what is asked about has no good value in its window: then doubtful ones are better than none."""
    if not len(field.times):
        return False
    values = field.values[parameter][field.times >= first]
    columns = [field.column[number] for number in foci if number in field.column]
    if columns:
        values = values[:, columns]
    return not bool(np.isfinite(values).any())


def at_source(city: City, number: int) -> bool:
    """Whether a station is of a kind that stands at a source, and tells of that source first."""
    return city.stations[number].kind in raw()["answer"]["at_source"]


def own_of(field: Field) -> NDArray[np.bool_]:
    """Which stations stand at a source of their own, (S,)."""
    kinds = raw()["answer"]["at_source"]
    return np.array([row.kind in kinds for row in field.stations], bool)


def _witnesses(city: City, parameter: str, foci: Sequence[int], most: int) -> set[int]:
    """Stations that have a say: those of the open air, those that are asked about, and the sites nearest to these.

    What stands at a source tells of that source first; what it says of others is heard as that (`Scene.own`).
    """
    known = city.parameter(parameter)
    if known is None:
        return set()
    left = set(raw()["answer"]["at_source"])
    found = set(foci) | _sites(city, known.id, foci, most)
    for number, row in city.stations.items():
        if row.kind in left or not row.placed or not row.in_service or row.lon is None:
            continue
        measures = city.measures.get(number, ())
        if not measures or any(measure.parameter == known.id for measure in measures):
            found.add(number)
    return found


def _sites(city: City, parameter: int, foci: Sequence[int], most: int) -> set[int]:
    """The instruments at sources nearest to each station that is asked about, so many of each."""
    kinds = raw()["answer"]["beside"]
    rows = [
        row
        for number, row in city.stations.items()
        if row.kind in kinds
        and row.in_service
        and row.placed
        and row.lon is not None
        and any(measure.parameter == parameter for measure in city.measures.get(number, ()))
    ]
    if not rows:
        return set()
    lon, lat = np.array([row.lon for row in rows], float), np.array([row.lat for row in rows], float)
    found: set[int] = set()
    for number in foci:
        row = city.stations[number]
        if row.lon is not None and row.lat is not None:
            far = np.hypot((lon - row.lon) * np.cos(np.radians(row.lat)), lat - row.lat)
            found |= {rows[index].id for index in np.argsort(far, kind="stable")[: most + 1].tolist()}
    return found


def sites_near(city: City, parameter: str, foci: Sequence[int], most: int) -> set[int]:
    """The instruments at sources that are heard beside these stations: nobody where nobody measures it there."""
    known = city.parameter(parameter)
    return set() if known is None else _sites(city, known.id, foci, most)


def reach_back(period: int, numbers: Numbers) -> int:
    """How far back a spell may have begun, seconds."""
    options = raw()["answer"]
    return int(min(max(numbers.increment.spell * period, options["spell_least"]), options["spell_most"]))


def recent(material: Material, end: int, numbers: Numbers) -> Increments:
    """The increments of all stations over the time in which a spell may have begun."""
    field = material.field
    first = end - reach_back(field.period, numbers)
    own = own_of(field)
    return increments(field.times, field.period, material.readings, first, end, numbers.increment, own)


def spell(told: Increments, column: int, end: int, numbers: Numbers) -> int:
    """When what a station shows at the end of the window (`recent`) began to rise."""
    first = end - reach_back(told.period, numbers)
    above = told.above[:, column]
    known = np.flatnonzero(np.isfinite(above))
    if not known.size:
        return max(first, end - told.period)
    top = float(np.nanmax(above[known[-max(1, len(known) // 3) :]]))
    low = max(numbers.increment.start_share * top, float(np.nan_to_num(told.scatter[column])))
    at = int(known[-1])
    misses = 0
    for index in range(at, -1, -1):
        if np.isfinite(above[index]) and above[index] < low:
            misses += 1
            if misses > max(1, len(above) // 12):
                break
        elif np.isfinite(above[index]):
            at, misses = index, 0
    return int(told.times[at])


def hottest(
    material: Material, start: int, end: int, numbers: Numbers, among: Collection[int] | None = None
) -> int | None:
    """The column whose increments stand furthest out of their scatter; None where nothing is known."""
    field = material.field
    told = increments(field.times, field.period, material.readings, start, end, numbers.increment)
    if not told.above.size:
        return None
    recent = told.above[-max(1, len(told.above) // 3) :]
    known = np.isfinite(recent)
    mean = np.where(known, recent, 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    usual = np.where(np.isfinite(told.scatter), told.scatter, np.inf)
    score = np.where(known.any(axis=0), mean / np.maximum(usual, 1e-9), -np.inf)
    if among is not None:
        mask = np.full(len(score), -np.inf)
        mask[list(among)] = 0.0
        score = score + mask
    best = int(score.argmax()) if score.size else -1
    return best if best >= 0 and np.isfinite(score[best]) else None
