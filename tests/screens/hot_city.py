"""A city with hot grids, made up: maps and lists as the desk gives them, for screens to be tried on."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from typing import Any

from backend.city.geometry import in_polygons
from backend.desk.hotspotrows import (
    CellMap,
    HotGridRow,
    HotHour,
    HotHours,
    Ladder,
    LadderRow,
    ListRow,
    MapStation,
    MonthLists,
    NearSource,
    NearStation,
    ProfileHour,
    SeenBy,
    Under,
)
from backend.desk.hottrend import HotTrend
from backend.words import Message
from screens.hotspots_charts import PlaceData
from screens.hotspots_read import Asked, Day, Seen, layers_of

HOUR = 3600
NAN = math.nan
PARAMETERS = ("pm25", "pm10", "no2")
LAYERS = layers_of((3000, 1000, 500))
SQUARE = [[[[115.0, 35.0], [115.6, 35.0], [115.6, 35.4], [115.0, 35.4], [115.0, 35.0]]]]
EAST = [[[[115.6, 35.0], [115.9, 35.0], [115.9, 35.3], [115.6, 35.4], [115.6, 35.0]]]]
COUNTIES: dict[str, Any] = {"371702": SQUARE[0:1], "371703": EAST[0:1]}
PEAKS = ((115.3, 35.25, 70.0, 0.04), (115.75, 35.1, 45.0, 0.05))
"""Where it is hot: longitude, latitude, increment, width in degrees."""


def lattice(counties: dict[str, Any], metres: float) -> tuple[int, int, float, float, float, float]:
    """Columns, rows, and the edges of a box of squares around some counties."""
    points = [point for one in counties.values() for polygon in one for point in polygon[0]]
    lons, lats = [point[0] for point in points], [point[1] for point in points]
    west, south, east, north = min(lons), min(lats), max(lons), max(lats)
    across = 111_195 * math.cos(math.radians((south + north) / 2))
    columns, rows = math.ceil((east - west) * across / metres), math.ceil((north - south) * 111_195 / metres)
    return columns, rows, west, south, west + columns * metres / across, north


def cell_map(
    asked: Asked, counties: dict[str, Any] = COUNTIES, peaks: Sequence[tuple[float, ...]] = PEAKS
) -> CellMap:
    """A map of an hour: peaks that drift, a corner that nobody sees."""
    metres = asked.layer.cell
    columns, rows, west, south, east, north = lattice(counties, metres)
    south = north - rows * metres / 111_195
    values, mask, county, classes = array("f"), bytearray(), bytearray(), bytearray()
    turn = (asked.at // HOUR) % 24
    bounds = (35.0, 60.0, 115.0, 150.0, 250.0)
    for number in range(columns * rows):
        row, column = divmod(number, columns)
        lon = west + (column + 0.5) * (east - west) / columns
        lat = north - (row + 0.5) * (north - south) / rows
        whose = next((at for at, one in enumerate(counties.values()) if in_polygons(lon, lat, one)), 255)
        blind = lon > east - 0.12 and lat < south + 0.12
        value = 30.0 + 6 * math.sin(9 * lon + turn / 4) * math.cos(11 * lat)
        for one_lon, one_lat, more, width in peaks:
            distance = (lon - one_lon - 0.002 * turn) ** 2 + (lat - one_lat) ** 2
            value += more * math.exp(-distance / 2 / width**2) * (0.5 + turn / 46)
        known = 0 if whose == 255 else 1 if blind else 2
        values.append(value if known > 1 else NAN)
        mask.append(known)
        county.append(whose)
        classes.append(1 + sum(value > bound for bound in bounds) if known > 1 else 0)
    stations = [MapStation(f"S{n}", f"第{n}站", n, n, 40.0 if n % 5 else None, "") for n in range(12)]
    return CellMap(
        parameter=asked.parameter, unit="µg/m³", decimals=0, at=asked.at, period=HOUR, cell=metres,
        level=asked.layer.level, columns=columns, rows=rows, west=west, south=south, east=east, north=north,
        network="air", values=values, backgrounds=array("f", [28.0 if known > 1 else NAN for known in mask]),
        mask=bytes(mask), classes=bytes(classes), heats=bytes(len(mask)), bounds=bounds,
        bounds_from="iaqi", counties=list(counties), county=bytes(county), grids=["G1"],
        grid=array("H", [0] * len(mask)), stations=stations, method="idw", error=7.0, background=28.0,
        reach=9000.0, names=[("牡丹区", "东城街道", "东城一网格")],
    )  # fmt: skip


NAMES = ("东城街道", "陈集镇", "皇镇街道", "吴店镇")


def hot_row(asked: Asked, turn: int, peaks: Sequence[tuple[float, ...]] = PEAKS) -> HotGridRow:
    """A hot grid."""
    lon, lat, more, _width = peaks[turn]
    name = NAMES[turn % len(NAMES)]
    station = SeenBy(f"S{turn}", f"{name}站", "township_air", 800.0, True, 30 + more, more, 4.1)
    return HotGridRow(
        code=f"G{turn}", name=name, level=4, cell=0, county="371702", county_name="牡丹区", township="371702001",
        lon=lon, lat=lat, at=asked.at, period=HOUR, parameter=asked.parameter, unit="µg/m³", decimals=0,
        network="air", heat=("strong", "hot", "watch")[min(turn, 2)],
        kind=("sudden", "persistent", "rise", "high")[turn % 4], score=95.0 - 9 * turn, rank=turn + 1, of=172,
        value=30 + more, background=28.0, increment=more, ratio=2.4, z=4.1 - turn, gi=3.0, hours=float(4 - turn % 4),
        since=asked.at - (3 - turn % 4) * HOUR, stations=[station], nearest=800.0, measured=True,
        reasons=[Message("maps.above", {"rise": f"+{more:.0f}", "background": "28"}), Message("maps.measured")],
        against=[Message("maps.between")] if turn else [],
    )  # fmt: skip


def seen(
    asked: Asked, counties: dict[str, Any] = COUNTIES, peaks: Sequence[tuple[float, ...]] = PEAKS
) -> Seen:
    """An hour with everything."""
    return Seen(
        asked, cell_map(asked, counties, peaks), [hot_row(asked, n, peaks) for n in range(len(peaks))], "2026"
    )


def day(parameter: str, newest: int, hours: int = 24) -> Day:
    """The hours of a day."""
    code = parameter or PARAMETERS[0]
    starts = [newest - HOUR * back for back in reversed(range(hours))]
    return Day(code, PARAMETERS, LAYERS, [HotHour(at, HOUR, code, at + 4000, 11, 12, 2, 1) for at in starts])


def under(lon: float, lat: float, hot: Sequence[HotGridRow] = ()) -> Under:
    """What lies under a place."""
    stations = [NearStation("S1", "东城街道站", "township_air", 820.0, 98.0, "pm25"),
                NearStation("1234A", "菏泽学院", "air", 3100.0, 61.0, "pm25")]  # fmt: skip
    sources = [NearSource("QY-S1", "鲁西化工", "enterprise", "B", 1900.0)]
    path = [
        (4, "371702001-01", "东城一网格"),
        (3, "371702001", "东城街道"),
        (2, "371702", "牡丹区"),
        (1, "371700", "菏泽市"),
    ]
    near = [row for row in hot if abs(row.lon - lon) < 0.03 and abs(row.lat - lat) < 0.03]
    return Under(lon, lat, path, stations, sources, ["MD-000123-7"], near)


def hot_hours(code: str, parameter: str, at: int) -> HotHours:
    """When a place is hot."""
    profile = [
        ProfileHour(
            hour, 12 + 18 * math.sin((hour - 3) / 4), 14, 9 if 6 <= hour <= 10 else 1, 6 <= hour <= 10
        )
        for hour in range(24)
    ]
    weekdays = [14.0, 9.0, 11.0, 8.0, 17.0, 4.0, 2.0]
    return HotHours(code, "东城街道", parameter, "µg/m³", at, 14, profile, weekdays, ["S1"], [])


def trend(parameter: str, at: int) -> HotTrend:
    """Three days of a place."""
    starts = [at - HOUR * back for back in reversed(range(72))]

    def line(base: float, wave: float, rise: float) -> list[tuple[int, float | None]]:
        return [
            (
                start,
                None if turn in (20, 21) else base + wave * math.sin(turn / 5) + (rise if turn > 66 else 0),
            )
            for turn, start in enumerate(starts)
        ]

    return HotTrend(parameter, "µg/m³", 0, HOUR, starts[0], at + HOUR, "S1", "东城街道站", 820.0,
                    line(60, 15, 60), line(52, 9, 4), 8, line(35, 4, 0), 20)  # fmt: skip


def ladder(parameter: str) -> Ladder:
    """Who stands where."""
    months = ("2026-08", "2026-09", "2026-10")
    rows = [
        LadderRow(
            "371702001",
            "东城街道",
            "牡丹区",
            parameter,
            [(m, ("highest",)) for m in months],
            3,
            5,
            "up",
            "consecutive",
            True,
        ),
        LadderRow(
            "371703100",
            "陈集镇",
            "定陶区",
            parameter,
            [(m, ("year",)) for m in months[1:]],
            2,
            5,
            "next",
            "year",
            False,
        ),
    ]
    highest = [
        ListRow(n + 1, f"37170200{n}", name, "牡丹区", 88.0 - n, None, None, 30, n < 3)
        for n, name in enumerate(NAMES)
    ]
    year = [
        ListRow(n + 1, f"37170200{n}", name, "牡丹区", 70.0 - n, 50.0, 40.0 - n, 29, True)
        for n, name in enumerate(NAMES)
    ]
    closed = MonthLists("2026-10", parameter, "µg/m³", 3, False, highest, year, year[:2])
    return Ladder("2026-10", parameter, 3, rows, [closed])


def place(key: str) -> PlaceData:
    """The page of a place."""
    parameter, at, code, *_rest = key.split("|")
    asked = Asked(parameter, LAYERS[3], int(at))
    row = (
        None
        if code.startswith("@")
        else hot_row(asked, int(code[1:]), PEAKS if int(code[1:]) < 2 else PEAKS * 3)
    )
    lon, lat = (row.lon, row.lat) if row else (115.3, 35.2)
    name = row.name if row else "东城街道"
    return PlaceData(parameter, int(at), row.code if row else "", name, lon, lat, row, trend(parameter, int(at)),
                     hot_hours("G0", parameter, int(at)), ladder(parameter), under(lon, lat))  # fmt: skip
