"""What `backend.desk.hotspots` gives: hot grids, a map of cells, hours, lists. Plain rows; no numpy leaves the desk.

Every concentration is in the parameter's own unit. Instants are the starts of periods, epoch seconds UTC. Words are
codes with arguments (`Message`, subject ``hotspots``): a caller says them with `backend.words.say`.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from backend.analysis.hotspots.place import Judged
from backend.words import Message

HEATS: Final = ("", "watch", "hot", "strong")
"""How hot 热度, rising: nothing; 关注 watch (among the highest tenth, or in doubt); 热点 hot; 强热点 strong. Said by
``hotspots.heat.<name>``."""
KINDS: Final = ("sudden", "rise", "persistent", "high", "easing")
"""What makes it hot 类型: a sudden local plume, a slow rise, a weak increment that persists, only its rank, or one
of the first three that has come down again. Said by ``hotspots.kind.<name>``."""
OUTSIDE, BLIND, INTERPOLATED, MEASURED = 0, 1, 2, 3
"""What is known of a cell (`CellMap.mask`): not of this city; no station sees it; interpolated; a station
stands in it."""
NO_COUNTY: Final = 255
NO_GRID: Final = 65535


@dataclass(frozen=True, slots=True)
class SeenBy:
    """A station that sees a hot grid, nearest first."""

    code: str
    name: str
    kind: str
    metres: float
    """From the grid's or cell's middle."""
    inside: bool
    """It stands in it."""
    value: float | None
    increment: float | None
    """Above the regional background."""
    z: float | None
    """How many robust deviations above what the others around it and its own past make one expect."""


@dataclass(frozen=True, slots=True)
class HotTarget:
    """A source that probably made a grid hot: whom to control first."""

    code: str
    name: str
    probability: float
    department: str
    department_name: str
    metres: float
    """From the station that shows it most, and in which direction, degrees."""
    bearing: float
    reasons: Sequence[Message]
    """The weightiest evidence, for and against."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HotGridRow(Judged):
    """A grid or a cell that stands out in one hour, with the evidence, how sure it is, and what speaks against it.

    What was found of it is `backend.analysis.hotspots.place.Judged`.
    """

    code: str
    """The grid's code; of a cell ``<metres>:<column>:<row>``."""
    name: str
    """In the desk's language; of a cell the grid that its middle lies in."""
    level: int
    """3 or 4; 0 for a cell."""
    cell: int
    """Metres of a cell's side; 0 for a grid."""
    county: str
    """Code."""
    county_name: str
    township: str
    """Code of the level-3 grid, empty where there is none."""
    lon: float
    lat: float
    at: int
    period: int
    """Seconds of the analysis step: one hour, or less where stations stand so close that air passes sooner."""
    parameter: str
    unit: str
    decimals: int
    network: str
    """Which stations were compared with each other: ``air``, ``dust``, or the pack's own kind."""
    hours: float
    """For how many hours it has stood out without a break, this one included."""
    since: int
    """The start of the first of them."""
    stations: Sequence[SeenBy]
    """Those that see it, nearest first."""
    tasks: int = 0
    """Open tasks in it."""
    targets: Sequence[HotTarget] = ()
    """The most probable sources; empty where it was not traced."""
    none: float | None = None
    """The probability that it is none of the inventory; None where it was not traced."""

    @property
    def key(self) -> str:
        """What no other row of its hour, parameter and level has: a grid can be hot in more networks than one."""
        return f"{self.code}|{self.network}"


@dataclass(frozen=True, slots=True)
class MapStation:
    """A station on a map: where, and what it says in the hour."""

    code: str
    name: str
    column: int
    row: int
    value: float | None
    heat: str


@dataclass(frozen=True, slots=True)
class CellMap:
    """A map of square cells for one parameter and hour. Cell (column, row) has index ``row * columns + column``.

    Row 0 is the north. Cells are square in metres about the map's middle.
    """

    parameter: str
    unit: str
    decimals: int
    at: int
    period: int
    cell: int
    """Metres of a side."""
    level: int
    """0 where each cell has its own value; 3 or 4 where it has that of the grid it lies in."""
    columns: int
    rows: int
    west: float
    south: float
    east: float
    north: float
    """The box's edges, degrees, along its middle lines."""
    network: str
    """Whose stations it is made of: see `HotGridRow.network`. What stands out in another is in the list alone."""
    values: array[float]
    """``array('f')``; NaN where nothing is known."""
    backgrounds: array[float]
    """``array('f')``: the regional background that each cell's value is held against, as a hot grid's is in the list;
    NaN where there is no value."""
    mask: bytes
    """One of `OUTSIDE`, `BLIND`, `INTERPOLATED`, `MEASURED` for each cell."""
    classes: bytes
    """1 (lowest) to 6: the parameter's hourly IAQI level, or sixths of what the hour shows where it has none
    (`bounds_from`); 0 where there is no value."""
    heats: bytes
    """Index in `HEATS` for each cell."""
    bounds: Sequence[float]
    """The upper ends of classes 1 to 5."""
    bounds_from: str
    """``iaqi`` or ``data``."""
    counties: Sequence[str]
    """Codes; an outline runs where `county` changes."""
    county: bytes
    """Index in `counties` for each cell, `NO_COUNTY` outside."""
    grids: Sequence[str]
    """Codes of the finest grids that have outlines or middles."""
    grid: array[int]
    """``array('H')``: index in `grids` for each cell, `NO_GRID` for none."""
    stations: Sequence[MapStation]
    method: str
    """``idw`` or ``kriging``: how cells between stations are filled."""
    error: float | None
    """The median error of leaving each station out in this hour, in the unit: what a value between stations is good
    for; None where too few report."""
    background: float | None
    """The median of what the stations are held against."""
    reach: float
    """Metres from the nearest station beyond which a cell stays blind."""
    notes: Sequence[Message] = ()
    """What was left out and why: stations that are not where they say, few stations, an hour with gaps."""
    names: Sequence[Sequence[str]] = ()
    """Of each of `grids`: its county's name, its township's and its own, as far as it has them."""

    def place(self, column: int, row: int) -> tuple[float, float]:
        """The middle of a cell: longitude and latitude."""
        lon = self.west + (column + 0.5) * (self.east - self.west) / self.columns
        return lon, self.north - (row + 0.5) * (self.north - self.south) / self.rows

    def cell_at(self, lon: float, lat: float) -> tuple[int, int] | None:
        """The cell that holds a position: column and row; None outside the box."""
        if not (self.west <= lon < self.east and self.south < lat <= self.north):
            return None
        column = int((lon - self.west) / (self.east - self.west) * self.columns)
        return column, int((self.north - lat) / (self.north - self.south) * self.rows)


@dataclass(frozen=True, slots=True)
class HotHour:
    """An hour for which hot grids are kept."""

    at: int
    period: int
    parameter: str
    made: int
    """When it was computed last: again when late data or an overturned flag changed it."""
    stations: int
    """So many reported."""
    expected: int
    hot: int
    """Grids of the finest level that are hot or strong."""
    strong: int


@dataclass(frozen=True, slots=True)
class ProfileHour:
    """An hour of the day (city's zone) over the days looked at."""

    hour: int
    increment: float | None
    """Mean increment over the background; None where nothing was measured."""
    days: int
    """Days with a value."""
    high: int
    """Days on which it was a hot hour."""
    hot: bool


@dataclass(frozen=True, slots=True)
class HotHours:
    """When a place is hot 热点时段: by hour of day and weekday."""

    code: str
    name: str
    parameter: str
    unit: str
    at: int
    days: int
    """Days looked at, the last ended at `at`."""
    hours: Sequence[ProfileHour]
    """24 of them, from midnight of the city's zone."""
    weekdays: Sequence[float | None]
    """Mean increment by weekday, Monday first."""
    stations: Sequence[str]
    """Codes of the stations that say so."""
    words: Sequence[Message]
    """What it comes to, in words."""


@dataclass(frozen=True, slots=True)
class NearStation:
    """A station under or near a place."""

    code: str
    name: str
    kind: str
    metres: float
    value: float | None
    parameter: str


@dataclass(frozen=True, slots=True)
class NearSource:
    """A source under or near a place."""

    code: str
    name: str
    kind: str
    grade: str
    metres: float


@dataclass(frozen=True, slots=True)
class Under:
    """What lies under a place: its grids, the nearest stations and sources, the open tasks."""

    lon: float
    lat: float
    path: Sequence[tuple[int, str, str]]
    """Level, code and name of each grid that it lies in, the finest first."""
    stations: Sequence[NearStation]
    sources: Sequence[NearSource]
    tasks: Sequence[str]
    """Ids of the open tasks of the finest grid with any."""
    hot: Sequence[HotGridRow]
    """Hot grids of the hour that it lies in, every parameter."""


@dataclass(frozen=True, slots=True)
class ListRow:
    """A line of one of the three monthly lists."""

    rank: int
    code: str
    name: str
    county_name: str
    value: float
    """The month's mean."""
    before: float | None
    """The mean it is compared with: last year's month, or last month's; None in the list of the highest."""
    change: float | None
    """Per cent against it."""
    days: int
    """Valid days of the month."""
    valid: bool
    """Enough of them (GB 3095 Table 4)."""


@dataclass(frozen=True, slots=True)
class MonthLists:
    """The three lists of a month: ``highest``, ``year`` (worst against last year), ``month`` (against last month)."""

    month: str
    """Such as ``2026-10``."""
    parameter: str
    unit: str
    level: int
    open: bool
    """The month is still running: provisional, and warns nobody yet."""
    highest: Sequence[ListRow]
    year: Sequence[ListRow]
    month_on_month: Sequence[ListRow]
    notes: Sequence[Message] = ()
    """Why a list is empty: no history of last year, too few days."""


@dataclass(frozen=True, slots=True)
class LadderRow:
    """Where a grid stands on the ladder: three warnings in a row, or six within a year, and it goes up."""

    code: str
    name: str
    county_name: str
    parameter: str
    warned: Sequence[tuple[str, tuple[str, ...]]]
    """The months of the last twelve in which it was warned, oldest first, and by which lists."""
    consecutive: int
    """Warnings in a row up to the newest closed month."""
    in_year: int
    """Warnings within the twelve months up to it."""
    stage: str
    """``up`` (has reached three in a row or six in a year), ``next`` (one more warning takes it there), ``warned``."""
    needs: str
    """For ``next``: ``consecutive`` or ``year``, by which of the two; for ``up`` by which it is there; else empty."""
    now_listed: bool
    """It is in a list of the running month so far."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """The ladder of a parameter and level, those that are up first, then who is next."""

    month: str
    """The newest closed month."""
    parameter: str
    level: int
    rows: Sequence[LadderRow]
    lists: Sequence[MonthLists] = field(default_factory=tuple)
    """The newest closed month's lists, and the running month's."""
