"""A city in which every screen has something to show, and the poison that is put into all that others have written.

Real pack, real acts; what only jobs and hours of running would make (a forecast, a finding, a failing feed) is put into
its tables. `poison` then writes straight into the tables, behind every way in: what holds now is the way out alone.
"""

# ruff: noqa: E501 - tables

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import cycle
from typing import Any

from sqlalchemy import Connection, insert, select, text, update

from backend.analysis.tables import ForecastDay, ForecastIssue, ForecastSeries, ForecastSkill
from backend.city.tables import Parameter, Person, Source, Station
from backend.clock import ManualClock
from backend.desk import acts, alarms, channels, duty, handover, intake, orders, reports, workorders
from backend.desk.desk import Desk
from backend.feeds.tables import Aside, Feed, FeedHealth
from backend.notify.channels import Spec
from backend.quality.tables import QualityFinding
from backend.store import Store, table
from backend.store.schema import load_tables
from screens.hourly import key_of
from tests.egress.rare import fill
from tests.screens import hot_store
from tests.templates import filled
from tests.tools.triage_city import alarm_at, contractor

SEAT, SUPERVISOR, ADMIN = hot_store.SEAT, "P-990001-V", "P-990001-A"
PEOPLE = {"seat": SEAT, "supervisor": SUPERVISOR, "administrator": ADMIN}
HOUR = 3600
COUNTY, STATION, SITE = "990001", "H12", "SD12"

NAMES = "name name_en pinyin initials aliases phone"
FOREIGN: dict[str, str] = {
    "grid": NAMES, "centre": NAMES, "department": NAMES, "person": NAMES, "duty_entry": NAMES,
    "incident_type": NAMES, "parameter": "name name_en unit", "station": f"{NAMES} maintainer target",
    "source": f"{NAMES} industry grade contact", "camera": "name address", "vehicle": "fuel",
    "standing_order": "title title_en issued_by text", "feed": "name name_en url", "maintenance_window": "reason",
    "alarm": "shelve_reason", "alarm_act": "reason", "incident": "place",
    "incident_report": "number text caller caller_phone reply call_note category",
    "complaint_act": "text", "evidence": "ref note", "pause": "reason",
    "work_order": "interference_note", "outage": "proof", "duty_state": "note", "duty_override": "name phone reason",
    "duty_call": "name phone note", "adoption": "reason", "handover": "to_name to_phone note",
    "handover_item": "remark", "shift_remark": "text", "heartbeat": "note", "score_entry": "reason",
    "brief_use": "caller orders text", "bulletin": "reason remark", "task_sheet": "text",
    "contribution": "text", "policy": "note", "rule_set": "note", "key": "note",
    "reading_change": "reason", "latest": "qualifier", "quality_verdict": "cause note", "channel": "url template expects", "case_aside": "number raw origin",
}  # fmt: skip
"""Columns that hold what somebody else has written, by table."""
LEAVES: dict[str, str] = {
    "feed_health": "error_args", "aside": "args", "incident": "title_args", "task": "title_args about",
    "notice": "args", "handover_item": "args", "channel": "error_args argv", "act": "body args", "audit": "body",
    "delivery": "error_args", "case_aside": "args", "order_act": "body", "bulletin": "texts facts",
}  # fmt: skip
"""Columns that hold JSON: the texts in it are somebody else's, its keys are ours."""
FACTS = ("name", "name_en")


def build(store: Store, clock: ManualClock) -> None:
    """Put the city into the store."""
    filled(store, ("egress", clock.now()), partial(_build, store, clock))


def _build(store: Store, clock: ManualClock) -> None:
    hot_store.build(store, clock.now())
    with store.write() as connection:
        values = {
            "code": ADMIN,
            "name": "管理员",
            "role": "administrator",
            "grid": "990000",
            "centre": "C-990000",
        }
        connection.execute(
            insert(table(Person)).values(**values, active=True, from_pack=False, made_up=False)
        )
    desk = Desk.open(store, SEAT, clock=clock)
    chief, admin = Desk.open(store, SUPERVISOR, clock=clock), Desk.open(store, ADMIN, clock=clock)
    ok = _ok
    contractor(desk)
    ok(duty.sign_in(desk))
    ok(duty.remark(desk, "皮带秤坏了"))
    numbers = [
        alarm_at(desk, code, minutes=20 + 9 * at) for at, code in enumerate(_codes(store, "township_air")[:9])
    ]
    numbers.append(alarm_at(desk, SITE, rule="site_dust", parameter="pm10", type="site_dust"))
    for number in numbers[:3]:
        ok(acts.from_alarm(desk, number))
    ok(alarms.acknowledge(desk, numbers[4]))
    ok(alarms.shelve(desk, numbers[5], seconds=HOUR, reason="仪器校准"))
    ok(workorders.issue_for_alarm(desk, numbers[6], note="换灯"))
    ok(intake.enter(desk, type="site_dust", place=f"source:{_codes(store, 'site', Source)[0]}", channel="12345", number="W-1",
                    text="夜里施工", caller="张三", caller_phone="13800000001"))  # fmt: skip
    span: dict[str, Any] = {"starts": clock.now(), "ends": clock.now() + 24 * HOUR}
    ok(orders.issue(chief, kind="stop_work", title="停工令", scope_kind="source", scope=_codes(store, "site", Source)[0],
                    text="停止土石方作业", **span))  # fmt: skip
    ok(orders.issue(chief, kind="instruction", title="专项检查", scope_kind="grid", scope=COUNTY, text="三日内检查一遍",
                    due=clock.now() + 5 * HOUR, **span))  # fmt: skip
    ok(reports.draft(chief, "2026-11-02"))
    ok(channels.add(admin, Spec("hook1", "webhook", "990000", url="https://hook.invalid/x")))
    ok(channels.add(admin, Spec("call1", "command", "990000", argv=("/bin/true", "x")), machine=True))
    ok(handover.begin(desk))
    with store.write() as connection:
        _not_made_by_hand(connection, clock.now())


def _ok(outcome: Any) -> None:
    assert outcome.ok, outcome


def _codes(store: Store, kind: str, of: Any = Station) -> list[str]:
    with store.read() as connection:
        query = select(table(of).c.code).where(table(of).c.kind == kind, table(of).c.grid.startswith(COUNTY))
        return list(connection.execute(query.order_by(table(of).c.code)).scalars())


def _not_made_by_hand(connection: Connection, now: int) -> None:
    station, measured = table(Station), table(Parameter)
    number = connection.execute(select(station.c.id).where(station.c.code == STATION)).scalar_one()
    pm25 = connection.execute(select(measured.c.id).where(measured.c.code == "pm25")).scalar_one()
    hour = now // HOUR * HOUR - HOUR
    feeds = list(connection.execute(select(table(Feed).c.id)).scalars())
    health = table(FeedHealth)
    known = set(connection.execute(select(health.c.feed)).scalars())
    for feed in feeds:
        if feed not in known:
            connection.execute(
                insert(health).values(feed=feed, state="ok", polled_at=now - 60, next_at=now + HOUR)
            )
    connection.execute(
        update(health).where(health.c.feed == feeds[0]).values(state="failing", failures=4, error="feed.http.status",
                                                               error_args=json.dumps({"status": "503"}))
    )  # fmt: skip
    connection.execute(
        insert(table(Aside)).values(feed=feeds[0], at=now - 900, code="quality.aside.number", args='{"value": "abc"}',
                                    raw=b"\x1b]2;x\x07", digest="a", count=3)
    )  # fmt: skip
    connection.execute(
        insert(table(QualityFinding)).values(
            at=now - 600, seen=now - 600, kind="peers", station=number, parameter=pm25, period=HOUR,
            since=hour - 48 * HOUR, until=hour, evidence="{}", state="open", decided_by="", task="",
        )
    )  # fmt: skip
    _forecast(connection, number, pm25, hour)
    fill(connection, now, seat=SEAT, chief=SUPERVISOR, centre=f"C-{COUNTY}", county=COUNTY)


def _forecast(connection: Connection, station: int, parameter: int, hour: int) -> None:
    import numpy as np

    from backend.analysis.forecast.packing import pack

    at, hours = hour + HOUR, 72
    day = (at + 8 * HOUR) // (24 * HOUR) * 24 * HOUR - 8 * HOUR
    values = np.full(hours, 60.0, dtype=np.float32)
    connection.execute(
        insert(table(ForecastIssue)).values(
            at=at, made=at, trained=at, hours=hours, stations=1, series=1, model="own"
        )
    )
    connection.execute(
        insert(table(ForecastSeries)).values(
            at=at, station=station, parameter=parameter, hours=pack(values, values / 2, values * 2)
        )
    )
    levels = {"p1": 10, "p2": 40, "p3": 30, "p4": 15, "p5": 5, "p6": 0}
    for number in range(3):
        connection.execute(
            insert(table(ForecastDay)).values(
                at=at,
                station=station,
                day=day + number * 24 * HOUR,
                aqi=110,
                low=60,
                high=180,
                primary="pm25",
                **levels,
            )
        )
    connection.execute(
        insert(table(ForecastSkill)).values(
            parameter=parameter,
            kind="days",
            at=at,
            days=14,
            ours=0.3,
            persistence=0.4,
            climatology=0.5,
            coverage=0.8,
        )
    )


def poison(store: Store, texts: Sequence[str]) -> int:
    """Put these texts, one after the other and from the first again, into everything that others have written.

    Returns how many were put in; fewer than there are texts means that not all of them are in the city.
    """
    load_tables()
    given = cycle(texts)
    count = 0
    with store.write() as connection:
        for row in _every(connection):
            changes = _poisoned(row, given)
            if changes:
                of, key = row["of"], row["key"]
                connection.execute(
                    update(of).where(*(of.c[name] == value for name, value in key.items())).values(changes)
                )
                count += len(changes)
    return count


def _every(connection: Connection) -> Iterator[dict[str, Any]]:
    from sqlmodel import SQLModel

    for name, of in SQLModel.metadata.tables.items():
        columns = [*FOREIGN.get(name, "").split(), *LEAVES.get(name, "").split()]
        if name == "city_fact":
            columns = ["value"]
        if name == "aside":
            columns.append("raw")
        columns = [column for column in columns if column in of.c]
        if not columns:
            continue
        for row in connection.execute(select(of)).mappings().all():
            if name == "city_fact" and row["key"] not in FACTS:
                continue
            key = {column.name: row[column.name] for column in of.primary_key}
            yield {"of": of, "key": key, "name": name, "row": dict(row), "columns": columns}


def _poisoned(row: Mapping[str, Any], given: Iterator[str]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    leaves = LEAVES.get(row["name"], "").split()
    for column in row["columns"]:
        old = row["row"][column]
        if column in leaves:
            changes[column] = _leaves(str(old or "{}"), given)
        elif isinstance(old, bytes):
            changes[column] = next(given).encode("utf-8", "surrogatepass")
        else:
            changes[column] = storable(next(given))
    return changes


def storable(text: str) -> str:
    """As much of a text as a database can hold: a lone surrogate is no character of any encoding."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")


def _leaves(body: str, given: Iterator[str]) -> str:
    def walk(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: walk(one) for key, one in value.items()}
        if isinstance(value, list):
            return [walk(one) for one in value]
        return storable(next(given)) if isinstance(value, str) and value and not value.isdigit() else value

    return json.dumps(walk(json.loads(body)), ensure_ascii=True)


def pages(store: Store) -> list[tuple[str, str]]:
    """Every page that can be opened over a screen, with a key that leads to something."""
    with store.read() as connection:
        first = partial(_first, connection)
        found = {
            "station": STATION, "alarm": first("alarm", "id"), "task": first("task", "id"), "feed": first("feed", "code"),
            "grid": COUNTY, "source": _codes(store, "site", Source)[0], "notices": "", "incident": first("incident", "id"),
            "complaints": "list", "complaint": first("incident_report", "id"), "orders": "list",
            "order": first("standing_order", "code"), "triage": "list", "trace": f"station:{STATION}|pm25", "brief": "",
            "duty": "", "reports": "list", "report": "2026-11-02", "shiftlog": first("shift", "id"),
            "handover": first("handover", "id"), "hours": f"centre:C-{COUNTY}", "supervise": "", "ranked": "department:D1:2026-11",
            "admin": "", "channel": "hook1", "policy": "1", "quality": "", "span": _span(connection), "forecast": "",
            "forecast_station": STATION, "hotspots": "", "hourly": key_of(STATION, "pm25"), "hotgrid": f"pm25|{_newest(connection)}|@115.15,35.25",
        }  # fmt: skip
    return [(name, str(key)) for name, key in found.items()]


def _span(connection: Connection) -> str:
    finding = table(QualityFinding)
    row = connection.execute(select(finding)).one()
    return f"{row.station}:{row.parameter}:{row.period}:{row.since}:{row.until}:{row.id}"


def _newest(connection: Connection) -> int:
    return int(connection.execute(text("SELECT max(start) FROM reading WHERE period = 3600")).scalar_one())


def _first(connection: Connection, name: str, column: str) -> Any:
    from sqlmodel import SQLModel

    of = SQLModel.metadata.tables[name]
    return connection.execute(select(of.c[column]).order_by(of.c[column]).limit(1)).scalar_one()
