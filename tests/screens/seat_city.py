"""A small piece of Heze with readings, alarms, tasks and feeds, for screens to be tried on without the whole city."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy import insert

from backend.alarms.tables import Alarm, AlarmAct
from backend.city.tables import (
    Centre,
    CityFact,
    Department,
    Grid,
    IncidentType,
    Parameter,
    Person,
    Source,
    Station,
    StationParameter,
)
from backend.clock import Clock, ManualClock
from backend.desk.desk import Desk
from backend.feeds.tables import Aside, Feed, FeedHealth
from backend.store import Store, table
from backend.store.readings import Book, ReadingRow, write
from tests.templates import filled
from tests.unit.small_city import parameters

HOUR = 3600
NOW = 1793692800
"""2026-11-03 16:00 in Heze; the newest hour is 15:00."""
NEWEST = NOW - HOUR
DAY = 86400
CODES: dict[str, int] = {row["code"]: row["id"] for row in parameters()}
AIR = ("pm25", "pm10", "so2", "no2", "co", "o3")
BASE = {"pm25": 62.0, "pm10": 105.0, "so2": 12.0, "no2": 38.0, "co": 0.9, "o3": 55.0}

GRIDS: tuple[tuple[str, str, int, str, str, str], ...] = (
    # code, parent, level, name, name_en, initials
    ("371700", "", 1, "菏泽市", "Heze", "hzs"),
    ("371702", "371700", 2, "牡丹区", "Mudan", "mdq"),
    ("371703", "371700", 2, "定陶区", "Dingtao", "dtq"),
    ("371702001", "371702", 3, "东城街道", "Dongcheng", "dcjd"),
    ("371702002", "371702", 3, "西城街道", "Xicheng", "xcjd"),
    ("371703100", "371703", 3, "陈集镇", "Chenji", "cjz"),
    ("371702001-01", "371702001", 4, "东城一网格", "Dongcheng 1", "dcyw"),
    ("371702002-01", "371702002", 4, "西城一网格", "Xicheng 1", "xcyw"),
    ("371703100-01", "371703100", 4, "陈集一网格", "Chenji 1", "cjyw"),
)
STATIONS: tuple[tuple[str, str, str, str, str, dict[str, Any]], ...] = (
    # code, name, initials, kind, grid, more
    ("1234A", "菏泽学院", "hzxy", "air", "371702001-01", {}),
    ("1235A", "污水处理厂", "wsclc", "air", "371702002-01", {}),
    ("1236A", "华润制药", "hrzy", "air", "371703100-01", {}),
    ("XZ001", "东城街道站", "dcjdz", "township_air", "371702001-01", {}),
    ("XZ002", "西城街道站", "xcjdz", "township_air", "371702002-01", {}),
    ("XZ003", "陈集镇站", "cjzz", "township_air", "371703100-01", {}),
    ("DL001", "中华路站", "zhlz", "road_dust", "371702001-01", {}),
    ("GD001", "锦绣花园工地", "jxhygd", "site_dust", "371702001-01", {"source": "GD-S1"}),
    ("GD002", "滨河小区工地", "bhxqgd", "site_dust", "371702002-01", {}),
    ("SW001", "东鱼河断面", "dyhdm", "water", "371702001-01", {"target": "III"}),
    ("YD001", "鲁西化工", "lxhg", "power", "371702002-01", {"source": "QY-S1"}),
    ("QX001", "东城气象", "dcqx", "weather", "371702001-01", {}),
    ("NEW01", "未登记站", "", "air", "", {"placed": False}),
)


def _grids() -> list[dict[str, Any]]:
    parents = {code: (parent, level) for code, parent, level, *_ in GRIDS}
    rows = []
    for code, parent, level, name, name_en, initials in GRIDS:
        line = {level: code}
        at = parent
        while at:
            line[parents[at][1]] = at
            at = parents[at][0]
        rows.append(
            {
                "code": code, "parent": parent, "level": level, "name": name, "name_en": name_en,
                "pinyin": "", "initials": initials, "aliases": "", "kind": "",
                "county": line.get(2, ""), "township": line.get(3, ""),
                "lon": 115.4, "lat": 35.2, "in_service": True, "made_up": False,
            }
        )  # fmt: skip
    return rows


def _stations() -> list[dict[str, Any]]:
    lies = {row["code"]: row for row in _grids()}
    rows = []
    for number, (code, name, initials, kind, grid, more) in enumerate(STATIONS, 1):
        row = {
            "id": number, "code": code, "name": name, "name_en": "", "initials": initials, "kind": kind,
            "grid": grid, "county": lies[grid]["county"] if grid else "",
            "township": lies[grid]["township"] if grid else "",
            "lon": 115.40 + number / 100, "lat": 35.20, "target": "", "source": "", "upstream": "",
            "in_service": True, "placed": True, "made_up": kind not in ("air", "township_air"),
        }  # fmt: skip
        rows.append({**row, **more})
    return rows


MEASURES: dict[str, tuple[tuple[str, ...], int, str]] = {
    "air": (AIR, HOUR, "air"),
    "township_air": (AIR, HOUR, "air"),
    "road_dust": (("pm10", "tsp"), HOUR, "dust"),
    "site_dust": (("pm10", "pm25", "tsp", "noise"), HOUR, "dust"),
    "water": (("ph", "do", "codmn", "nh3n", "tp"), 4 * HOUR, "water"),
    "power": (("power_prod", "power_treat"), 900, "power"),
    "weather": (("temp", "rh", "wind_speed", "wind_dir"), HOUR, "weather"),
}
FEEDS = ("air", "dust", "water", "power", "weather")


def build(store: Store, *, hours: int = 48) -> None:
    """Put the city into the store, with ``hours`` of readings up to `NEWEST`."""
    filled(store, ("seat", hours), partial(_build, store, hours))


def _build(store: Store, hours: int) -> None:
    with store.bulk() as conn:
        conn.execute(
            insert(table(CityFact)),
            [
                {"key": key, "value": value}
                for key, value in (("zone", "Asia/Shanghai"), ("name", "菏泽市"), ("name_en", "Heze"))
            ],
        )
        conn.execute(insert(table(Grid)), _grids())
        conn.execute(insert(table(Parameter)), parameters())
        conn.execute(insert(table(Station)), _stations())
        _people(conn)
        _sources(conn)
        conn.execute(
            insert(table(StationParameter)),
            [
                {
                    "station": row["id"],
                    "parameter": CODES[code],
                    "period": period,
                    "feed": feed,
                    "upstream": "",
                }
                for row in _stations()
                for codes, period, feed in (MEASURES[row["kind"]],)
                for code in codes
            ],
        )
        _feeds(conn)
        places = {row["id"]: (row["county"], row["kind"]) for row in _stations() if row["placed"]}
        book = Book(places, lambda at: (at + 8 * HOUR) // DAY * DAY - 8 * HOUR)
        write(conn, _readings(hours), book, NOW)


def _people(conn: Any) -> None:
    centre = {"tier": "C", "name_en": "", "phone": "0530-1", "in_service": True, "made_up": True}
    conn.execute(
        insert(table(Centre)),
        [
            {**centre, "code": "MD", "grid": "371702", "name": "牡丹区指挥中心"},
            {**centre, "code": "HZ", "grid": "371700", "tier": "M", "name": "市指挥中心"},
        ],
    )
    person = {"pinyin": "", "initials": "", "department": "", "phone": "139", "active": True,
              "from_pack": True, "made_up": True}  # fmt: skip
    conn.execute(
        insert(table(Person)),
        [
            {**person, "code": "MD-S1", "name": "李敏", "role": "seat", "grid": "371702", "centre": "MD"},
            {**person, "code": "HZ-V1", "name": "王强", "role": "supervisor", "grid": "371700", "centre": "HZ"},
            {**person, "code": "HZ-A1", "name": "周管", "role": "administrator", "grid": "371700", "centre": "HZ"},
            {**person, "code": "DC-M1", "name": "张伟", "role": "member", "grid": "371702001-01", "centre": "MD"},
        ],
    )  # fmt: skip


def _sources(conn: Any) -> None:
    conn.execute(
        insert(table(Department)),
        [{"code": "ZJJ", "name": "市住建局", "name_en": "Housing", "phone": "", "in_service": True,
          "made_up": False}],
    )  # fmt: skip
    source = {"name_en": "", "department": "ZJJ", "contact": "赵工", "phone": "138-0000-0001",
              "lon": 115.4, "lat": 35.2, "in_service": True, "made_up": True}  # fmt: skip
    conn.execute(
        insert(table(Source)),
        [
            {**source, "code": "GD-S1", "kind": "site", "name": "锦绣花园三期", "initials": "jxhysq",
             "industry": "建筑施工", "grade": "", "grid": "371702001-01", "county": "371702",
             "township": "371702001"},
            {**source, "code": "QY-S1", "kind": "enterprise", "name": "鲁西化工", "initials": "lxhg",
             "industry": "化工", "grade": "B", "grid": "371702002-01", "county": "371702",
             "township": "371702002"},
        ],
    )  # fmt: skip
    conn.execute(
        insert(table(IncidentType)),
        [{"code": "air_quality", "valid_from": "2026-01-01", "valid_to": "", "name": "空气质量异常",
          "name_en": "Air quality", "department": "", "co_departments": "", "priority": "high",
          "evidence": "", "results": "", "made_up": False}],
    )  # fmt: skip


def _feeds(conn: Any) -> None:
    states = {"air": "ok", "dust": "failing", "water": "ok", "power": "open", "weather": "ok"}
    conn.execute(
        insert(table(Feed)),
        [
            {"id": number, "code": code, "name": f"{code} 接口", "adapter": "mapped",
             "url": f"http://127.0.0.1:9/{code}", "options": "", "every": HOUR, "overlap": 3 * HOUR,
             "stale_after": 3 * HOUR, "enabled": True, "secret": "", "from_pack": True}
            for number, code in enumerate(FEEDS, 1)
        ],
    )  # fmt: skip
    conn.execute(
        insert(table(FeedHealth)),
        [
            {"feed": number, "state": states[code], "polled_at": NOW - 300,
             "ok_at": NOW - 300 if states[code] == "ok" else NOW - 5 * HOUR, "newest": NEWEST,
             "next_at": NOW + 600, "failures": 0 if states[code] == "ok" else 4,
             "error": "" if states[code] == "ok" else "feed.http.status",
             "error_args": "" if states[code] == "ok" else '{"status": 503}',
             "polls": 40, "records": 5000, "revised": 3, "unchanged": 0, "asides": 2 if code == "dust" else 0,
             "skew": 2, "elapsed_ms": 180}
            for number, code in enumerate(FEEDS, 1)
        ],
    )  # fmt: skip
    conn.execute(
        insert(table(Aside)),
        [
            {"feed": 2, "at": NOW - 900, "code": "quality.aside.number", "args": '{"value": "abc"}',
             "raw": '{"pm10":"abc","站":"锦绣"}'.encode(), "digest": "a", "count": 3},
            {"feed": 2, "at": NOW - 600, "code": "quality.aside.period", "args": '{"period": 7}',
             "raw": b"\x1b[31mQN=2026\x00\xff\x07", "digest": "b", "count": 1},
        ],
    )  # fmt: skip


def _readings(hours: int) -> list[ReadingRow]:
    rows = []
    for station in _stations():
        codes, period, feed = MEASURES[station["kind"]]
        for code in codes:
            last = (NOW - 1) // period * period
            for step in range(min(hours * HOUR // period, 200)):
                start = last - step * period
                rows.append(_reading(station, code, start, period, FEEDS.index(feed) + 1, start == last))
    return [row for row in rows if row is not None]


def _reading(
    station: dict[str, Any], code: str, start: int, period: int, feed: int, newest: bool
) -> ReadingRow | None:
    key = (start, station["id"], CODES[code], period)
    wave = ((start // period) * 7 % 24) / 24
    values = {**BASE, "tsp": 220.0, "noise": 63.0, "ph": 7.8, "do": 6.1, "codmn": 6.8, "nh3n": 0.6,
              "tp": 0.12, "power_prod": 320.0, "power_treat": 41.0, "temp": 12.3, "rh": 64.0,
              "wind_speed": 2.1, "wind_dir": 135.0}  # fmt: skip
    value = round(values[code] * (1 + 0.3 * wave if code in BASE else 1), 3)
    if newest and station["code"] == "XZ002":
        return ReadingRow(*key, None, "", 9, "no_value", 0, feed)
    if station["code"] == "XZ003" and start > NEWEST - 8 * HOUR:
        return None
    if newest and station["code"] == "GD002":
        return ReadingRow(*key, 9000.0, "", 4, "range device:D", 0, feed)
    if newest and station["code"] == "1235A" and code == "pm25":
        return ReadingRow(*key, 131.0, "", 3, "flat", 0, feed)
    if station["code"] == "GD001" and code == "pm10" and start > NEWEST - 3 * HOUR:
        value += 240
    if station["code"] == "1234A" and code in ("pm25", "pm10") and start > NEWEST - 2 * HOUR:
        value += 130
    return ReadingRow(*key, value, "<" if code == "so2" and newest else "", 1, "", 0, feed)


def alarm(store: Store, number: int, **more: Any) -> None:
    """Put an alarm into the store as the rules would."""
    stations = {row["id"]: row for row in _stations()}
    station = stations[more.pop("station", 1)]
    row = {
        "id": number, "key": f"exceedance/{number}", "rule": "exceedance", "rule_version": 1,
        "state": "UNACK", "priority": "high", "station": station["id"], "parameter": CODES["pm25"],
        "period": HOUR, "source": station["source"], "feed": "", "grid": station["grid"],
        "county": station["county"], "township": station["township"], "began": NEWEST - HOUR,
        "presented": NOW - 1800, "last": NEWEST, "cleared": None, "acked": None, "acked_by": "",
        "value": 192.0, "peak": 205.0, "threshold": 150.0, "background": None, "occurrences": 2,
        "suspect": False, "incident": "", "inhibited_by": "", "shelved_until": None, "shelved_by": "",
        "shelve_reason": "", "evidence": json.dumps({}), **more,
    }  # fmt: skip
    with store.write() as conn:
        conn.execute(insert(table(Alarm)), [row])
        conn.execute(
            insert(table(AlarmAct)),
            [{"alarm": number, "at": row["presented"], "act": "raise", "actor": "", "from_state": "NORM",
              "to_state": "UNACK", "reason": ""}],
        )  # fmt: skip


def alarms(store: Store) -> None:
    """Five alarms in different states."""
    alarm(store, 1, station=1)
    alarm(store, 2, station=8, rule="site_dust", parameter=CODES["pm10"], priority="critical", value=385.0,
          threshold=80.0, background=120.0, presented=NOW - 900)  # fmt: skip
    alarm(store, 3, station=2, state="ACKED", acked=NOW - 600, acked_by="MD-S1", priority="medium",
          presented=NOW - 7200)  # fmt: skip
    alarm(store, 4, station=4, state="SHELVED", shelved_until=NOW + 3600, shelved_by="MD-S1",
          shelve_reason="仪器校准", priority="low")  # fmt: skip
    alarm(store, 5, station=6, rule="offline", parameter=None, value=None, threshold=None, priority="low",
          presented=NOW - 4 * HOUR)  # fmt: skip


def desk(store: Store, person: str = "MD-S1", clock: Clock | None = None) -> Desk:
    """Somebody's place at that store."""
    return Desk.open(store, person, clock=clock or ManualClock(NOW))


def codes(rows: Sequence[Any]) -> list[str]:
    """The codes of rows."""
    return [row.code for row in rows]
