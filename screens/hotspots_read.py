"""What the map of hot grids reads of the desk: in a thread, as frames that the widget draws without thinking."""

from __future__ import annotations

import math
import tomllib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from screens.widgets.gridmap_ink import OUTSIDE, UNKNOWN, Scale
from screens.widgets.gridmap_model import Frame, Ground, Name
from screens.widgets.gridmap_raster import Box, Lattice

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from backend.desk.hotspotrows import CellMap, HotGridRow, HotHour, Under
    from backend.desk.outlines import Outline
    from screens.hotspots_charts import PlaceData

Measure = Literal["rise", "level"]
_STEPS = Path(__file__).parent / "data" / "map_steps.toml"
HOURS = 24
"""So many hours can be gone through; of shorter steps twice as many."""
HOUR = 3600
NOWHERE = 255
"""Stands for no county in `CellMap.county`."""
LOUD = ("hot", "strong")
"""Of `HotGridRow.heat`: what is hot, and not only to be watched."""
SEEN_BY_NOBODY = 1
"""Of `CellMap.mask`: a square of the map that no station sees; what is more than that has a value."""


class Layer(NamedTuple):
    """What the map is made of."""

    key: str
    """``county``, ``township``, ``grid``, or the side of its squares."""
    level: int
    """Of the administrative grids; 0 for squares with a value each."""
    cell: int
    """Metres of a square's side."""


LEVELS = (("county", 2), ("township", 3), ("grid", 4))


def side(metres: int) -> str:
    """The side of a square as it is typed and read: ``3km``, ``500m``."""
    return f"{metres // 1000}km" if metres % 1000 == 0 else f"{metres}m"


def layers_of(sides: Sequence[int]) -> tuple[Layer, ...]:
    """What a map can be made of, from the coarsest to the finest.

    Args:
        sides: metres of the squares that are offered, the widest first; administrative grids are drawn in the second.
    """
    fine = sides[min(1, len(sides) - 1)] if sides else 0
    return (*(Layer(key, level, fine) for key, level in LEVELS), *(Layer(side(one), 0, one) for one in sides))


class Asked(NamedTuple):
    """What is to be seen."""

    parameter: str
    layer: Layer
    at: int
    """The start of the hour."""


@dataclass(frozen=True, slots=True)
class Day:
    """The hours that can be gone through, and the pollutants that there are."""

    parameter: str
    parameters: Sequence[str]
    layers: Sequence[Layer]
    hours: Sequence[HotHour]
    """The oldest first."""


class Seen:
    """What one hour shows."""

    def __init__(self, asked: Asked, one: CellMap, rows: Sequence[HotGridRow], edition: str) -> None:
        self.asked = asked
        self.map = one
        self.rows = rows
        """Hot grids of the hour, the hottest first."""
        self.edition = edition
        """Of HJ 633 on the day."""
        self.lattice = Lattice(one.columns, one.rows, one.west, one.south, one.east, one.north)
        self._frames: dict[tuple[Measure, Scale], Frame] = {}

    def blank(self, asked: Asked) -> Seen:
        """The same squares in an hour of which nothing is known."""
        one = self.map
        count = len(one.mask)
        nothing = replace(
            one,
            parameter=asked.parameter,
            at=asked.at,
            values=array("f", [math.nan]) * count,
            backgrounds=array("f", [math.nan]) * count,
            mask=bytes(SEEN_BY_NOBODY if known else 0 for known in one.mask),
            classes=bytes(count),
            heats=bytes(count),
            stations=[replace(station, value=None, heat="") for station in one.stations],
            error=None,
            background=None,
            notes=(),
        )
        return Seen(asked, nothing, (), self.edition)

    def rise(self, square: int) -> float | None:
        """How far a square stands above the regional background there; None where nobody sees it."""
        rise = self.map.values[square] - self.map.backgrounds[square]
        return None if math.isnan(rise) else max(0.0, rise)

    def county(self, square: int) -> str:
        """The code of the county that a square lies in; empty outside."""
        number = self.map.county[square] if self.map.county else NOWHERE
        return "" if number == NOWHERE else self.map.counties[number]

    def names(self, square: int) -> Sequence[str]:
        """What a square lies in, the widest first; nothing where that is not known."""
        one = self.map
        number = one.grid[square] if one.grid else len(one.names)
        return one.names[number] if number < len(one.names) else ()

    def scale(self, measure: Measure, held: Iterable[Seen] = ()) -> Scale:
        """The classes: increments over the background, or levels of the values themselves.

        Args:
            measure: which of the two.
            held: hours that were read: steps taken from data hold for all of the parameter.
        """
        one = self.map
        if measure == "level":
            return Scale(
                "level" if one.bounds_from == "iaqi" else "rise", _bounds(one), one.unit, one.decimals
            )
        steps = _steps().get(one.parameter)
        if steps is None:
            same = [each.map for each in held if each.map.parameter == one.parameter]
            steps = even(max(_top(each) for each in (one, *same)))
        return Scale("rise", steps, one.unit, max(one.decimals, 1 if steps[0] < 1 else 0))

    def frame(self, measure: Measure, scale: Scale) -> Frame:
        """What the widget draws of it."""
        held = self._frames.get((measure, scale))
        if held is None:
            # Where a place is hot in two networks the hotter one has the mark.
            marks = {(row.lon, row.lat): turn for turn, row in reversed([*enumerate(self.rows)])}
            loud = frozenset(turn for turn, row in enumerate(self.rows) if row.heat in LOUD)
            held = self._frames[measure, scale] = Frame(
                self.map.at, self._classes(measure, scale), marks, loud
            )
        return held

    def _classes(self, measure: Measure, scale: Scale) -> list[int]:
        one = self.map
        if measure == "level":
            return [
                (grade - 1 if grade else UNKNOWN) if known else OUTSIDE
                for grade, known in zip(one.classes, one.mask, strict=True)
            ]
        return [
            (scale.of(value - background) if known > SEEN_BY_NOBODY else UNKNOWN) if known else OUTSIDE
            for value, background, known in zip(one.values, one.backgrounds, one.mask, strict=True)
        ]


@cache
def _steps() -> Mapping[str, tuple[float, ...]]:
    found = tomllib.loads(_STEPS.read_text("utf-8"))["rise"]
    return {code: tuple(float(step) for step in steps) for code, steps in found.items()}


def even(top: float) -> tuple[float, ...]:
    """Six even steps of round numbers below a largest value."""
    if not top > 0:
        return (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)
    rough = top / 7
    size = 10.0 ** math.floor(math.log10(rough))
    size *= next(times for times in (1, 2, 2.5, 5, 10) if times * size >= rough)
    return tuple(round(size * turn, 10) for turn in range(1, 7))


def _top(one: CellMap) -> float:
    """The largest increment of an hour."""
    rises = (value - background for value, background in zip(one.values, one.backgrounds, strict=True))
    return max((rise for rise in rises if rise == rise), default=0.0)


def _bounds(one: CellMap) -> tuple[float, ...]:
    """The lower ends of the classes after the first: levels have five, sixths of the data are drawn as increments."""
    bounds = tuple(one.bounds)
    return bounds if one.bounds_from == "iaqi" else (*bounds, math.inf)


def read_ground(desk: Desk, seen: Seen, within: str) -> tuple[Ground, Box | None]:
    """What lies under the values: the counties with their names, or one county alone with its townships.

    Args:
        desk: who asks.
        seen: an hour, for its squares.
        within: the code of the county to be shown alone; empty for all of the city.
    """
    from backend.desk.outlines import outlines

    one, counties = seen.map, outlines(desk, 2)
    alone = [each for each in counties if each.code == within]
    finer = outlines(desk, 3, within) if within else []
    ground = Ground(
        seen.lattice,
        bytes(one.mask),
        [each.polygons for each in counties],
        [each.polygons for each in finer],
        [_name(each) for each in (finer or counties)],
        bytes(one.county),
    )
    if alone:
        return ground, seen.lattice.around([each.polygons for each in alone])
    if within and within in one.counties:
        number = one.counties.index(within)
        return ground, seen.lattice.holding(at for at, whose in enumerate(one.county) if whose == number)
    return ground, None


_KINDS = (
    "街道",
    "办事处",
    "区",
    "县",
    "镇",
    "乡",
    " District",
    " County",
    " Subdistrict",
    " Town",
    " Township",
)
"""What a name on a map does without, where more than one letter is left."""


def _name(one: Outline) -> Name:
    text = next((one.name.removesuffix(kind) for kind in _KINDS if one.name.endswith(kind)), one.name)
    lons = [point[0] for polygon in one.polygons for point in polygon[0]]
    # From its middle to the nearer end: a name that is longer would stand on its neighbour.
    room = min(max(lons) - one.lon, one.lon - min(lons))
    return Name(text if len(text) > 1 else one.name, one.lon, one.lat, max(0.0, room))


def read_day(desk: Desk, parameter: str) -> Day:
    """The hours of the last day, the pollutants and the layers; of the first pollutant where none is named."""
    from backend.desk import hotspots
    from backend.desk.hotspotrows import HotHour
    from backend.desk.hottrend import newest

    codes, sides = hotspots.parameters(desk)
    code = parameter if parameter in codes else codes[0] if codes else ""
    kept = hotspots.hours_available(desk, code, limit=2 * HOURS) if code else []
    if not kept:
        return Day(code, codes, layers_of(sides), [])
    # The job may still be at work on older hours: what has come since is looked at on demand.
    step = kept[0].period
    last = max(kept[0].at, newest(desk, code) or 0)
    found = {one.at: one for one in kept}
    count = HOURS if step >= HOUR else 2 * HOURS
    starts = range(last - (count - 1) * step, last + step, step)
    nothing = HotHour(0, step, code, 0, 0, 0, 0, 0)
    return Day(code, codes, layers_of(sides), [found.get(at) or replace(nothing, at=at) for at in starts])


def read_hour(desk: Desk, asked: Asked) -> Seen | None:
    """An hour; None where there is no map of it: too few stations measure it, or none reported."""
    from backend.desk import hotspots
    from backend.standards.aqi import edition_for

    layer = asked.layer
    drawn = hotspots.cell_map(
        desk, parameter=asked.parameter, at=asked.at, cell=layer.cell, level=layer.level
    )
    if drawn is None:
        return None
    of = {"level": layer.level} if layer.level else {"cell": drawn.cell}
    rows = hotspots.hot_grids(desk, parameter=asked.parameter, at=asked.at, everywhere=True, **of)
    day = datetime.fromtimestamp(asked.at, UTC).astimezone(desk.zone).date()
    return Seen(asked, drawn, rows, edition_for(day).name)


def read_under(desk: Desk, place: tuple[float, float], seen: Seen) -> Under:
    """What lies under a place."""
    from backend.desk import hotspots

    return hotspots.under(desk, *place, seen.map.at, seen.map.parameter)


def read_place(desk: Desk, key: str) -> PlaceData | None:
    """What is known of a place (`place_key`)."""
    from backend.desk import hotspots
    from backend.desk.hottrend import trend
    from screens import hotspots_text as told
    from screens.hotspots_charts import PlaceData
    from screens.widgets.chart import ready

    ready()
    parameter, hour, code, network, length = [*key.split("|"), "", ""][:5]
    at, period = int(hour), int(length or HOUR)
    row = None if code.startswith("@") else _row(desk, parameter, at, code, network)
    if row is not None:
        lon, lat, name = row.lon, row.lat, row.name
    elif code.startswith("@"):
        lon, lat = (float(part) for part in code[1:].split(","))
        name = ""
    else:
        return None
    below = hotspots.under(desk, lon, lat, at, parameter)
    finest = below.path[0] if below.path else (0, "", "")
    where = row.code if row is not None else finest[1]
    return PlaceData(
        parameter=parameter,
        at=at,
        code=where,
        name=name or finest[2] or f"{lon:.3f}, {lat:.3f}",
        lon=lon,
        lat=lat,
        row=row,
        trend=trend(desk, parameter, at + period, lon, lat, station=told.lead(row)),
        hours=hotspots.hot_hours(
            desk, where, parameter=parameter, at=at, days=DAYS, network="" if row is None else row.network
        ),
        ladder=hotspots.ladder(desk, parameter=parameter, level=3),
        under=below,
        period=period,
    )


def place_key(parameter: str, at: int, code: str, network: str, period: int) -> str:
    """What the page of a place is asked for: `read_place` takes it apart, and one without its last parts too.

    Args:
        parameter: code.
        at: the start of the hour.
        code: of the grid or cell, or ``@<lon>,<lat>``.
        network: of the hot grid; empty where it is none.
        period: seconds of the analysis step.
    """
    return f"{parameter}|{at}|{code}|{network}|{period}"


DAYS = 14
"""Days that hot hours are looked for in: two of each weekday."""


def _row(desk: Desk, parameter: str, at: int, code: str, network: str) -> HotGridRow | None:
    """What stands out in an hour under a code (a cell's has its side in front), of any network where none is named."""
    from backend.desk import hotspots

    metres, colon, _rest = code.partition(":")
    asked = (
        [{"cell": int(metres)}]
        if colon and metres.isdecimal()
        else [{"level": level} for _key, level in LEVELS[::-1]]
    )
    for of in asked:
        for row in hotspots.hot_grids(desk, parameter=parameter, at=at, everywhere=True, **of):
            if row.code == code and network in ("", row.network):
                return row
    return None
