"""The bodies in which the demo's upstreams answer: each the real shape of its kind, with its habits.

Habits kept: hours labelled by their end, times without a zone, numbers as text, ``—`` and ``NA`` and blanks for none,
``<3`` and ``0.025L`` below the detection limit, tables in GB 18030 or with a byte order mark, Chinese headings, a row
that comes twice.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any

import msgspec

from backend.demo.upstream import SiteHour, Told

ROAD_COLUMNS = {"pm10": "PM10(ug/m3)", "pm25": "PM2.5(ug/m3)", "tsp": "TSP(ug/m3)"}
WATER_COLUMNS = {
    "water_temp": "水温(℃)",
    "ph": "pH(无量纲)",
    "do": "溶解氧(mg/L)",
    "conductivity": "电导率(μS/cm)",
    "turbidity": "浊度(NTU)",
    "codmn": "高锰酸盐指数(mg/L)",
    "nh3n": "氨氮(mg/L)",
    "tp": "总磷(mg/L)",
    "tn": "总氮(mg/L)",
}
TOWNSHIP_KEYS = {"pm25": "PM2_5", "pm10": "PM10", "so2": "SO2", "no2": "NO2", "co": "CO", "o3": "O3"}
SENSING_ITEMS = {"no_ppm": "NO", "opacity": "不透光度"}
POWER_KEYS = {"power_prod": "prodPower", "power_treat": "treatPower"}


def civil(at: int, zone: tzinfo, pattern: str) -> str:
    """An instant in the city's civil time, as a vendor writes it."""
    return datetime.fromtimestamp(at, UTC).astimezone(zone).strftime(pattern)


def text(told: Told | None, *, none: str, below: str = "<{}") -> str:
    """A value as text."""
    if told is None or told.value is None:
        return none
    number = f"{told.value:.10g}"
    return below.format(number) if told.below else number


def township(hours: Sequence[SiteHour], now: int, zone: tzinfo, total: int, page: int, size: int) -> bytes:
    """A vendor's JSON: numbers as text, the hour by its end, an envelope with its own code."""
    rows = []
    for hour in hours:
        values = hour.at(now)
        row = {
            "stationCode": hour.site.upstream,
            "stationName": hour.site.name,
            "monitorTime": civil(hour.start + hour.period, zone, "%Y-%m-%d %H:%M:%S"),
        }
        row.update(
            {key: text(values[name], none="—") for name, key in TOWNSHIP_KEYS.items() if name in values}
        )
        rows.append(row)
    data = {"total": total, "pageNum": page, "pageSize": size, "list": rows}
    return msgspec.json.encode({"code": "200", "msg": "操作成功", "data": data})


def power(hours: Sequence[SiteHour], now: int) -> bytes:
    """A platform's JSON: epoch milliseconds and numbers."""
    rows: list[dict[str, Any]] = []
    for hour in hours:
        row: dict[str, Any] = {"pointId": hour.site.upstream, "ts": hour.start * 1000}
        row.update({POWER_KEYS.get(name, name): told.value for name, told in hour.at(now).items()})
        rows.append(row)
    return msgspec.json.encode({"success": True, "rows": rows})


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def _wide(
    hours: Sequence[SiteHour], now: int, columns: Mapping[str, str], label: Any, below: str
) -> Iterable[list[str]]:
    for hour in hours:
        values = hour.at(now)
        cells = [text(values.get(name), none="--" if name in values else "", below=below) for name in columns]
        yield [hour.site.upstream, hour.site.name, label(hour), *cells]


def road_dust(hours: Sequence[SiteHour], now: int, zone: tzinfo) -> bytes:
    """An export in GB 18030; the last row comes twice."""
    rows = list(
        _wide(
            hours,
            now,
            ROAD_COLUMNS,
            lambda hour: civil(hour.start + hour.period, zone, "%Y/%m/%d %H:%M"),
            "<{}",
        )
    )
    return _csv(["设备编号", "道路名称", "时间", *ROAD_COLUMNS.values()], rows + rows[-1:]).encode("gb18030")


def water(hours: Sequence[SiteHour], now: int, zone: tzinfo) -> bytes:
    """The national station's table: UTF-8 with a byte order mark, the period by its start, ``0.025L``."""
    rows = _wide(hours, now, WATER_COLUMNS, lambda hour: civil(hour.start, zone, "%Y-%m-%d %H:%M"), "{}L")
    return _csv(["断面编码", "断面名称", "监测时间", *WATER_COLUMNS.values()], rows).encode("utf-8-sig")


def remote_sensing(hours: Sequence[SiteHour], now: int, zone: tzinfo) -> bytes:
    """A long table: one row for each item."""
    rows = [
        [
            hour.site.upstream,
            civil(hour.start + hour.period, zone, "%Y-%m-%d %H:%M:%S"),
            SENSING_ITEMS.get(name, name),
            text(told, none="NA"),
        ]
        for hour in hours
        for name, told in hour.at(now).items()
    ]
    return _csv(["点位", "时间", "项目", "小时均值"], rows).encode()
