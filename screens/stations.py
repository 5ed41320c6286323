"""The stations board 站点监测: every kind under its own tab, with the columns that fit the kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from screens import telling
from screens.by_tier import TierBoard
from screens.columns import Cell, Column
from screens.faces import choose_face
from screens.forecast_link import open_forecast
from screens.look import MISSING, Look
from screens.rows import RowSource, View, arrange
from screens.widgets.tabs import Tab, Tabs

if TYPE_CHECKING:
    from backend.desk.alarms import Face
    from backend.desk.desk import Desk
    from backend.desk.stations import StationRow

Show = Callable[["StationRow", Look], Cell | str]
STATES = ("silent", "no_value", "invalid", "suspect", "unplaced", "off", "good")
"""Worst first: what sorting by the state of the data gives."""
OTHER = "other"
"""The tab of kinds that only this city has."""


def _old(row: StationRow) -> bool:
    return row.state == "silent"


def _name(row: StationRow, _look: Look) -> Cell:
    return Cell(row.name, "dim" if row.state == "off" else "")


def _index(row: StationRow, _look: Look) -> Cell:
    told = telling.index(row.aqi, row.level)
    return Cell(told.text, "dim") if _old(row) else told


def _level(row: StationRow, look: Look) -> Cell:
    told = telling.level(row.level, look)
    return Cell(told.text, "dim") if _old(row) else told


def _primary(row: StationRow, look: Look) -> str:
    return "/".join(telling.parameter(code, look) for code in row.primary) or MISSING


def _newest(row: StationRow, look: Look) -> Cell:
    """The hour today, the day before that; of a silent station in the tone of its state: since when it is silent."""
    told = look.moment(row.newest)
    tone = telling.station_state(row.state, look).tone if _old(row) else "dim"
    return Cell(told if len(told) <= 5 else look.day(row.newest), tone)


def _alarms(row: StationRow, _look: Look) -> Cell:
    return Cell(str(row.alarms), "high") if row.alarms else Cell("", "")


def _excess(row: StationRow, _look: Look) -> Cell:
    if row.excess is None:
        return Cell(MISSING, "missing")
    return Cell(telling.signed(row.excess), "dim" if row.excess <= 0 or _old(row) else "strong")


def _class(row: StationRow, look: Look) -> Cell:
    told = telling.water_class(row.water.grade if row.water else 0, look)
    return Cell(told.text, "dim") if _old(row) else told


def _target(row: StationRow, look: Look) -> str:
    target = row.water.target if row.water else 0
    return look.word(f"station.water.{target}") if target else MISSING


def _deciding(row: StationRow, look: Look) -> Cell:
    """The parameters that decide the class, marked where the class misses the target."""
    if row.water is None or not row.water.deciding:
        return Cell(MISSING, "missing")
    names = "/".join(telling.parameter(code, look) for code in row.water.deciding)
    return Cell(names, "warn" if row.water.exceeded else "")


def _ratio(row: StationRow, _look: Look) -> Cell:
    """What treatment draws for a hundred of production."""
    production, treatment = row.values.get("power_prod"), row.values.get("power_treat")
    if not (production and treatment and production.value and treatment.value is not None):
        return Cell(MISSING, "missing")
    return Cell(f"{100 * treatment.value / production.value:.0f}%")


def _measured(code: str, decimals: int) -> Show:
    return lambda row, look: telling.value(row.values.get(code), decimals, look, old=_old(row))


def _number(code: str) -> Callable[[StationRow], float | None]:
    def order(row: StationRow) -> float | None:
        found = row.values.get(code)
        return None if found is None else found.value

    return order


def _value(code: str, width: int, decimals: int = 0, rank: int = 0) -> Column[Any]:
    """The column of a parameter."""
    return Column(
        code,
        f"parameter.{code}",
        _measured(code, decimals),
        width,
        align="right",
        rank=rank,
        order=_number(code),
    )


def _others(row: StationRow, look: Look) -> str:
    told = (
        f"{telling.parameter(code, look)} {telling.value(value, 1, look).text}"
        for code, value in sorted(row.values.items())
    )
    return telling.joined(told)


NAME = Column[Any]("name", "station.column.name", _name, 14, flex=3, most=30, numbered=True)
ENTERPRISE = Column[Any]("name", "station.column.enterprise", _name, 18, flex=3, most=36, numbered=True)
COUNTY = Column[Any](
    "county", "station.column.county", lambda row, _look: row.county, 8, rank=7, flex=1, most=14
)
TOWNSHIP = Column[Any](
    "township", "station.column.township", lambda row, _look: row.township, 8, rank=7, flex=1, most=14
)
STATE = Column[Any](
    "state", "station.column.state", lambda row, look: telling.station_state(row.state, look), 14,
    order=lambda row: STATES.index(row.state) if row.state in STATES else len(STATES),
)  # fmt: skip
NEWEST = Column[Any]("newest", "station.column.newest", _newest, 5, rank=4, order=lambda row: row.newest)
ALARMS = Column[Any](
    "alarms", "station.column.alarms", _alarms, 4, align="right", rank=3, order=lambda row: row.alarms
)
AIR = (
    NAME, COUNTY, TOWNSHIP, STATE,
    Column[Any]("aqi", "station.column.aqi", _index, 4, align="right", order=lambda row: row.aqi),
    Column[Any]("level", "station.column.level", _level, 7, order=lambda row: row.level or None),
    Column[Any]("primary", "station.column.primary", _primary, 6, flex=1, most=12, rank=2),
    _value("pm25", 6), _value("pm10", 6), _value("o3", 4, rank=1), _value("no2", 4, rank=5),
    _value("so2", 4, rank=6), _value("co", 4, 1, rank=6), ALARMS, NEWEST,
)  # fmt: skip
DUST = (
    NAME, COUNTY, TOWNSHIP, STATE, _value("pm10", 6),
    Column[Any]("excess", "station.column.excess", _excess, 7, align="right", order=lambda row: row.excess),
    _value("tsp", 6, rank=1), _value("pm25", 6, rank=2), _value("noise", 6, 1, rank=5), ALARMS, NEWEST,
)  # fmt: skip
WATER = (
    NAME, COUNTY, TOWNSHIP, STATE,
    Column[Any]("class", "station.column.class", _class, 8, order=lambda row: row.water.grade or None),
    Column[Any]("target", "station.column.target", _target, 5, rank=1),
    Column[Any]("deciding", "station.column.deciding", _deciding, 10, flex=1, most=24),
    _value("codmn", 8, 1, rank=2), _value("nh3n", 6, 2, rank=3), _value("tp", 6, 3, rank=3),
    _value("do", 6, 2, rank=5), _value("ph", 5, 2, rank=6), ALARMS, NEWEST,
)  # fmt: skip
POWER = (
    ENTERPRISE, COUNTY, TOWNSHIP, STATE, _value("power_prod", 8, 1), _value("power_treat", 8, 1),
    Column[Any]("ratio", "station.column.ratio", _ratio, 10, align="right", rank=1, sortable=False), ALARMS, NEWEST,
)  # fmt: skip
WEATHER = (
    NAME, COUNTY, TOWNSHIP, STATE, _value("temp", 6, 1), _value("rh", 5), _value("wind_dir", 5),
    _value("wind_speed", 5, 1), _value("rain", 5, 1, rank=1), _value("pressure", 7, 1, rank=2), NEWEST,
)  # fmt: skip
EXHAUST = (NAME, COUNTY, TOWNSHIP, STATE, _value("no_ppm", 6), _value("opacity", 6, 1), ALARMS, NEWEST)
OTHERS = (
    NAME, COUNTY, TOWNSHIP, Column[Any]("kind", "ui.column.kind", lambda row, _look: row.kind, 10), STATE,
    Column[Any]("values", "station.column.value", _others, 24, flex=2, sortable=False), NEWEST,
)  # fmt: skip
KINDS: Mapping[str, Sequence[Column[Any]]] = {
    "air": AIR,
    "township_air": AIR,
    "road_dust": DUST,
    "site_dust": DUST,
    "water": WATER,
    "power": POWER,
    "weather": WEATHER,
    "remote_sensing": EXHAUST,
}


class Stations(TierBoard):
    """All stations of the person's jurisdiction."""

    NAME: ClassVar[str] = "stations"
    TABS = (*(Tab(kind, f"station.tab.{kind}") for kind in KINDS), Tab(OTHER, "station.tab.other"))
    EMPTY = "station.empty"
    AREAS = (COUNTY, TOWNSHIP)

    def columns_for(self, facet: str) -> Sequence[Column[Any]]:
        return KINDS.get(facet, OTHERS)

    def load(self, desk: Desk, view: View, look: Look) -> RowSource[StationRow]:
        from backend.desk import stations

        kinds = [view.facet]
        if view.facet == OTHER:
            kinds = [kind for kind in stations.counts(desk) if kind not in KINDS]
        rows = stations.board(desk, kinds=kinds) if kinds else []
        columns = self.columns_of(view.facet)
        return arrange(
            rows, view, columns, look, key=lambda row: row.code,
            also=lambda row: f"{row.initials}|{row.code}|{row.county}|{row.township}",
        )  # fmt: skip

    def count(self, desk: Desk) -> None:
        """Tell on the tabs how many there are of each kind; a kind of which there is none has no tab."""

        def counted() -> Mapping[str, int]:
            from backend.desk import stations

            return stations.counts(desk)

        def done(found: Mapping[str, int]) -> None:
            if not self.stands:
                return
            tabs = self.query_one(Tabs)
            counts = {kind: found.get(kind, 0) for kind in KINDS}
            counts[OTHER] = sum(found.values()) - sum(counts.values())
            here = self.board.view.facet
            tabs.tabs = tuple(tab for tab in self.TABS if counts[tab.key] or tab.key == here)
            tabs.show(here, counts)

        self.shell.work(counted, done, name="station counts")

    def opens(self, row: StationRow) -> tuple[str, str]:
        return "station", row.code

    def do_station_forecast(self) -> None:
        """The hours to come at the station under the cursor."""
        if (row := self.row) is not None:
            open_forecast(self, row.code)

    def do_board_faces(self) -> None:
        """Where one can go from the station under the cursor."""
        if (row := self.row) is not None:
            choose_face(self, partial(_faces, code=row.code))


def _faces(desk: Desk, code: str) -> Sequence[Face]:
    from backend.desk import station

    return station.faces(desk, code)
