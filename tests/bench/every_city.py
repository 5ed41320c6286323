"""The full city with what the pages of words need besides: complaints, orders, reports, findings, who was told what."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, insert, select

from backend.city.tables import Parameter, Source, Station, StationParameter
from backend.clock import ManualClock
from backend.desk import acts, alarms, channels, duty, handover, intake, orders, reports
from backend.desk.desk import Desk
from backend.feeds.tables import Aside, Feed, FeedHealth
from backend.notify.channels import Spec
from backend.quality.tables import QualityFinding
from backend.store import Store, table
from screens.hourly import key_of
from tests.bench import full_city

FINDING = table(QualityFinding)
SEAT, CHIEF, ADMIN = "MD-S1", "HZ-V1", "HZ-A1"
COUNTY = "371702"
HOUR, DAY = 3600, 86400
MANY = 60
"""Rows of a list: more than any screen has lines."""
REPORTED = (
    "夜间{hour}时许，工地仍在进行土石方作业，未见雾炮开启，车辆出场未冲洗，道路遗撒严重，附近居民多次反映。"
    * 3
)
ORDERED = (
    "一、即日起停止土石方作业、建筑拆除、喷涂粉刷；二、裸土覆盖率须达到百分之百；三、道路每日洒水不少于六次。"
    * 4
)


def furnish(path: str, now: int) -> None:
    """Put it into a full city's store."""
    store = Store.open(path)
    clock = ManualClock(now)
    seat, chief, admin = (Desk.open(store, person, clock=clock) for person in (SEAT, CHIEF, ADMIN))
    with store.read() as connection:
        source = table(Source)
        places = select(source.c.code).where(source.c.grid.startswith(COUNTY), source.c.kind == "site")
        sites = list(connection.execute(places.order_by(source.c.code).limit(MANY)).scalars())
    _done(duty.sign_in(seat))
    for number in range(20):
        _done(duty.remark(seat, f"皮带秤坏了，下个班次接着盯 {number}"))
    waiting = [row.id for row in alarms.board(seat, limit=80)]
    for alarm in waiting[:24]:
        _done(acts.from_alarm(seat, alarm))
    for alarm in waiting[24:40]:
        _done(alarms.acknowledge(seat, alarm))
    for alarm in waiting[40:48]:
        _done(alarms.shelve(seat, alarm, seconds=HOUR, reason="仪器校准"))
    called: dict[str, Any] = {"channel": "12345", "caller": "张三", "caller_phone": "13800000001"}
    for number, site in enumerate(sites):
        text = REPORTED.format(hour=number % 24)
        _done(
            intake.enter(
                seat, type="site_dust", place=f"source:{site}", number=f"W-{number:04}", text=text, **called
            )
        )
    for number in range(MANY // 2):
        whole: dict[str, Any] = {"scope_kind": "grid", "scope": COUNTY, "text": ORDERED, "starts": now}
        title, ends = f"扬尘专项检查第{number + 1}号", now + (number + 24) * HOUR
        _done(orders.issue(chief, kind="instruction", title=title, ends=ends, **whole))
    for back in range(1, 7):
        _done(reports.draft(chief, time.strftime("%Y-%m-%d", time.gmtime(now - back * DAY))))
    for number in range(12):
        hook = Spec(f"hook{number}", "webhook", "371700", url=f"https://hook.invalid/{number}")
        _done(channels.add(admin, hook))
    _done(handover.begin(seat))
    with store.write() as connection:
        _not_made_by_hand(connection, now)
    store.close()


def _done(outcome: Any) -> None:
    if not outcome.ok:
        raise RuntimeError(f"not done: {outcome}")


def _not_made_by_hand(connection: Connection, now: int) -> None:
    """Feeds that were asked, what was put aside, and what the checks object to."""
    feeds = list(connection.execute(select(table(Feed).c.id)).scalars())
    for feed in feeds:
        polled: dict[str, Any] = {
            "polled_at": now - 60,
            "ok_at": now - 60,
            "next_at": now + HOUR,
            "polls": 1440,
        }
        connection.execute(insert(table(FeedHealth)).values(feed=feed, state="ok", records=90_000, **polled))
    connection.execute(
        insert(table(Aside)),
        [
            {"feed": feeds[0], "at": now - 60 * number, "code": "quality.aside.number", "args": '{"value": "abc"}',
             "raw": b'{"station": "x", "value": "abc"}', "digest": f"{number:08x}", "count": number}
            for number in range(MANY)
        ],
    )  # fmt: skip
    measures, measured = table(StationParameter), table(Parameter)
    air = (
        select(measures.c.station, measures.c.parameter)
        .join(table(Station), table(Station).c.id == measures.c.station)
        .join(measured, measured.c.id == measures.c.parameter)
        .where(table(Station).c.grid.startswith(COUNTY), measured.c.code.in_(("pm25", "pm10", "no2")))
        .order_by(measures.c.station, measures.c.parameter)
    )
    hour = now // HOUR * HOUR - HOUR
    connection.execute(
        insert(FINDING),
        [
            {"at": now - 600 - number, "seen": now - 600, "kind": "peers", "station": station, "parameter": parameter,
             "period": HOUR, "since": hour - 6 * HOUR, "until": hour, "evidence": "{}", "state": "open",
             "decided_by": "", "task": ""}
            for number, (station, parameter) in enumerate(connection.execute(air.limit(MANY)))
        ],
    )  # fmt: skip


Place = tuple[str, str, str]
"""A page, its key, and who opens it."""


def places(store: Store) -> Iterator[Place]:
    """Every page, on something that fills it."""
    with store.read() as connection:
        yield from ((name, key, who) for (name, who), key in _keys(connection).items())


def _keys(connection: Connection) -> dict[tuple[str, str], str]:
    def one(query: str) -> str:
        return str(connection.exec_driver_sql(query).scalar_one())

    station = one(
        f"SELECT code FROM station WHERE kind = 'air' AND grid LIKE '{COUNTY}%' ORDER BY id LIMIT 1"
    )
    task = one("SELECT task FROM act GROUP BY task ORDER BY count(*) DESC, task LIMIT 1")
    finding = (
        "SELECT station || ':' || parameter || ':' || period || ':' || since || ':' || until || ':' || id"
        " FROM quality_finding ORDER BY id LIMIT 1"
    )
    newest = one("SELECT max(start) FROM reading WHERE period = 3600")
    seat = {
        "station": station,
        "alarm": one("SELECT id FROM alarm WHERE state = 'UNACK' ORDER BY id LIMIT 1"),
        "task": task,
        "feed": one("SELECT code FROM feed ORDER BY id LIMIT 1"),
        "grid": COUNTY,
        "source": one("SELECT source FROM incident WHERE source <> '' ORDER BY opened DESC LIMIT 1"),
        "notices": "",
        "incident": one("SELECT incident FROM incident_report ORDER BY id LIMIT 1"),
        "complaints": "list",
        "complaint": one("SELECT id FROM incident_report ORDER BY id LIMIT 1"),
        "order": one("SELECT code FROM standing_order ORDER BY id DESC LIMIT 1"),
        "triage": "list",
        "trace": f"station:{station}|pm25",
        "brief": "",
        "duty": "",
        "shiftlog": one("SELECT id FROM shift ORDER BY id LIMIT 1"),
        "handover": one("SELECT id FROM handover ORDER BY id LIMIT 1"),
        "hours": "centre:MD",
        "quality": "",
        "span": one(finding),
        "hourly": key_of(station, "pm25"),
        "forecast": "",
        "forecast_station": station,
        "hotspots": "",
        "hotgrid": f"pm25|{newest}|@115.48,35.26",
    }
    chief = {
        "orders": "list",
        "reports": "list",
        "report": one("SELECT day FROM bulletin ORDER BY day DESC LIMIT 1"),
        "supervise": "",
        "ranked": f"department:{one('SELECT code FROM department ORDER BY code LIMIT 1')}:2026-11",
        "policy": "1",
    }
    admin = {"admin": "", "channel": "hook1"}
    people = ((SEAT, seat), (CHIEF, chief), (ADMIN, admin))
    return {(name, who): key for who, keys in people for name, key in keys.items()}


def now(store: Store) -> int:
    """The instant at which it was furnished."""
    with store.read() as connection:
        return int(connection.execute(select(func.max(FINDING.c.seen))).scalar_one()) + 600


def kept(folder: Path) -> str:
    """The city's store, kept in a folder: building it takes a minute."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path, mark = folder / "city.db", folder / "furnished"
    if not mark.exists():
        full_city.build(str(folder))
        furnish(str(path), int(time.time()))
        mark.touch()
    return str(path)
