"""The city of the night: a county of three townships on the third day of a heavy-pollution warning, and its upstreams.

The real pack, rules, policy, feeds and jobs; only the upstreams' answers are made here, and the clock is the test's.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select

from backend.city.load import load_pack
from backend.clock import ManualClock
from backend.desk import orders
from backend.desk.desk import Desk
from backend.feeds.fault import FeedError
from backend.feeds.http import Ask, Reply
from backend.scheduler import Scheduler
from backend.store import Store, table
from backend.tasks.tables import Task
from tests.templates import filled
from tests.tools.small_city import write_small_city

ZONE = ZoneInfo("Asia/Shanghai")
HOUR = 3600
DAY = datetime(2026, 12, 15, tzinfo=ZONE)
"""The day on whose evening the night begins: a Tuesday, the third day of the warning."""
SEAT, OTHER_SEAT, CITY_SEAT = "P-990001-S1", "P-990001-S2", "P-990000-S1"
SUPERVISOR, CITY_SUPERVISOR = "P-990001-V", "P-990000-V"
DAY_SEAT, OTHER_DAY_SEAT, CHIEF = "P-990001-S3", "P-990001-S4", "P-990001-V2"
COMING = (
    (DAY_SEAT, "样1县坐席三", "seat"),
    (OTHER_DAY_SEAT, "样1县坐席四", "seat"),
    (CHIEF, "样1县带班领导", "supervisor"),
)
"""Who comes at eight in the morning, and who signs at noon."""
SILENT, SILENT_TOWN = "C-990001001", "990001001"
"""The township where nobody is signed in and nobody answers."""
MEMBER = "P-99000100101-M"
STRAW, SITE, FLAT, ROAD = "TA11", "SD12", "TA13", "RD1"
"""Where straw burns, where the site works, whose PM10 stands still, the road."""
SITE_SOURCE = "S12"
CONTRACTOR, ENFORCEMENT = "YW", "ZF"
WARNING, STOP = "重污染天气橙色预警", "样工地12 停工令"
TOWNS = {
    "11": ("马岭岗镇", "Malinggang", "mlgz"),
    "12": ("佃户屯镇", "Dianhutun", "dhtz"),
    "13": ("吴店镇", "Wudian", "wdz"),
}
PER_FEED = {
    "air": ("AQ1", "AQ2"),
    "township_air": tuple(f"TA{mark}" for mark in (11, 12, 13, 21, 22, 23)),
    "road_dust": ("RD1", "RD2"),
    "site_dust": tuple(f"SD{mark}" for mark in (11, 12, 13, 21, 22, 23)),
}
FEED = """
[[feed]]
code = "{code}"
name = "{name}"
adapter = "mapped"
url = "http://upstream.test/{code}"
every = 900
stale_after = 7200
overlap = 7200
[feed.options]
format = "csv"
station = "station"
time = {{ column = "time", format = "%Y-%m-%d %H:%M", zone = "Asia/Shanghai", label = "end" }}
request = {{ query = {{ since = "{{since}}" }}, lookback = 28800 }}
politeness = {{ min_interval = 0 }}
columns = [
  {{ column = "PM2.5", parameter = "pm25" }},
  {{ column = "PM10", parameter = "pm10" }},
]
"""
NAMES = {
    "air": "国省控空气站",
    "township_air": "乡镇空气站",
    "road_dust": "道路扬尘",
    "site_dust": "工地扬尘",
}


def at(clock_time: str) -> int:
    """The instant of a time of this night: before noon it is the next day's; ``12:00`` is the next day's noon."""
    hour, _, minute = clock_time.partition(":")
    day = DAY if int(hour) > 12 else DAY + timedelta(days=1)
    return int(day.replace(hour=int(hour), minute=int(minute)).timestamp())


EVENING = at("19:50")


def value(station: str, parameter: str, start: int) -> float:
    """What a station measures in the hour that begins at ``start``: heavy haze, and what the night's people do."""
    hour = (start - at("18:00")) // HOUR
    wobble = (hash_of(station) + 7 * hour) % 11
    fine = 168.0 + wobble
    coarse = 236.0 + 1.5 * wobble
    if "2" in station[2:3]:
        # The county beside it has the wind in its back, and lies below the alarm.
        fine, coarse = fine - 80, coarse - 110
    if station.startswith("SD"):
        coarse += 10
    if station == STRAW and at("22:00") <= start < at("01:00"):
        fine, coarse = fine + 260, coarse + 280
    if station == SITE and at("00:00") <= start < at("03:00"):
        coarse += 320
    if station == FLAT and start >= at("20:00"):
        # A beta gauge whose tape is stuck: the same figure from eight in the evening on.
        coarse = 566.0
    return fine if parameter == "pm25" else coarse


def hash_of(station: str) -> int:
    """A number of a station's own, the same in every process."""
    return sum(ord(letter) * place for place, letter in enumerate(station, 1))


@dataclass
class Upstream:
    """The city's upstreams: what each feed answers by the clock; one of them can be down."""

    clock: ManualClock
    down: set[str] = field(default_factory=set)

    def fetch(self, ask: Ask) -> Reply:
        """The hours of the last eight that have ended, as the feed's table."""
        code = ask.url.rpartition("/")[2]
        if code in self.down:
            raise FeedError("feed.http.timeout", host="upstream.test")
        newest = (self.clock.now() - 120) // HOUR * HOUR
        lines = ["station,time,PM2.5,PM10"]
        for end in range(newest - 7 * HOUR, newest + 1, HOUR):
            told = datetime.fromtimestamp(end, ZONE).strftime("%Y-%m-%d %H:%M")
            for station in PER_FEED[code]:
                figures = (value(station, name, end - HOUR) for name in ("pm25", "pm10"))
                lines.append(f"{station},{told},{','.join(f'{figure:g}' for figure in figures)}")
        return Reply(200, {}, "\n".join(lines).encode(), ask.url)

    def close(self) -> None:
        """Nothing to close."""


def build(store: Store, folder: Path) -> None:
    """Load the city, with the orders that hold and the day's data until the evening."""
    filled(store, ("night",), partial(_build, store, folder))


def _build(store: Store, folder: Path) -> None:
    clock = ManualClock(at("13:00") - 2 * 24 * HOUR)
    report = load_pack(store, write_pack(folder / "pack"), clock.now())
    assert report.ok, report.faults
    above = Desk.open(store, CITY_SUPERVISOR, clock=clock)
    done = orders.issue(
        above,
        kind="heavy_pollution",
        level="orange",
        title=WARNING,
        scope_kind="grid",
        scope="990000",
        starts=clock.now(),
        ends=at("12:00") + 24 * HOUR,
        text="落实橙色预警减排措施，工地停止土石方作业。",
    )
    assert done.ok, done
    county = Desk.open(store, SUPERVISOR, clock=clock)
    done = orders.issue(
        county,
        kind="stop_work",
        title=STOP,
        scope_kind="source",
        scope=SITE_SOURCE,
        starts=clock.now(),
        ends=at("12:00") + 24 * HOUR,
        text="停止一切土石方作业。",
    )
    assert done.ok, done


def scheduler(store: Store, clock: ManualClock) -> tuple[Scheduler, Upstream]:
    """The store's own jobs, fed by the made-up upstreams."""
    upstream = Upstream(clock)
    jobs = Scheduler(store, clock)
    jobs._fetcher = upstream  # type: ignore[assignment]
    return jobs, upstream


def open_tasks(store: Store) -> Sequence[tuple[str, str, str, str]]:
    """Id, type, state and holder of every task that is not closed."""
    task = table(Task)
    with store.read() as connection:
        rows = connection.execute(
            select(task.c.id, task.c.type, task.c.state, task.c.holder)
            .where(task.c.closed.is_(None))
            .order_by(task.c.id)
        )
        return [tuple(row) for row in rows]


def write_pack(folder: Path) -> Path:
    """The small city without its waters and meters, with a contractor, an enforcement team and a camera."""
    write_small_city(folder)
    kinds = ("air", "township_air", "road_dust", "site_dust")
    _change(folder / "stations.csv", lambda row: row if row["kind"] in kinds else None)
    sets = {"air": "air", "township": "township_air", "road": "road_dust", "site": "site_dust"}
    _table(
        folder / "measures.csv",
        "set parameter period feed",
        [(name, parameter, HOUR, feed) for name, feed in sets.items() for parameter in ("pm25", "pm10")],
    )
    (folder / "power_points.csv").unlink()
    _table(
        folder / "departments.csv",
        "code name name_en kind phone",
        [
            ("D1", "样城生态环境局", "Ecology Bureau", "bureau", "05301000001"),
            (ENFORCEMENT, "样城执法支队", "Enforcement Team", "bureau", "05301000002"),
            (CONTRACTOR, "样城运维公司", "Sample Maintenance Co", "contractor", "05301000003"),
        ],
    )
    _table(
        folder / "cameras.csv",
        "code name source grid lon lat address state made_up",
        [
            (
                "V12",
                "样工地12大门",
                SITE_SOURCE,
                "990001002",
                115.14,
                35.25,
                "rtsp://v12.camera.invalid/1",
                "online",
                1,
            )
        ],
    )
    (folder / "feeds.toml").write_text(
        "\n".join(FEED.format(code=code, name=NAMES[code]) for code in PER_FEED), "utf-8"
    )
    for path in folder.glob("*.csv"):
        told = path.read_text("utf-8")
        for number, (chinese, *_) in TOWNS.items():
            told = told.replace(f"样{number}镇", chinese)
        path.write_text(told, "utf-8")
    with (folder / "people.csv").open("a", encoding="utf-8", newline="") as out:
        rows = csv.writer(out, lineterminator="\n")
        for code, name, role in COMING:
            rows.writerow((code, name, role, "990001", "C-990001", "05300000000"))
    _change(folder / "grids.csv", _named, "name_en", "initials")
    _change(
        folder / "incident_types.csv",
        lambda row: {**row, "evidence": "location|photo_after"} if row["code"] in ("straw_burning",) else row,
        "evidence",
    )
    return folder


Row = dict[str, str]


def _named(row: Row) -> Row:
    found = next((town for town in TOWNS.values() if town[0] == row["name"]), None)
    return row if found is None else {**row, "name_en": found[1], "initials": found[2]}


def _change(path: Path, change: object, *more: str) -> None:
    """Rewrite a table row by row; a row of which nothing is left goes."""
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        header = [*(reader.fieldnames or ()), *more]
        rows = [changed for row in reader if (changed := change(row)) is not None]  # type: ignore[operator]
    _table(path, " ".join(header), [tuple(row.get(name, "") for name in header) for row in rows])


def _table(path: Path, header: str, rows: Sequence[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([header.split(), *rows])
