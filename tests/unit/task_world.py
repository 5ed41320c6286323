"""A small city for the tests of tasks, duty and escalation: two counties, three townships, their people."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert

from backend.city import tables as city
from backend.escalation.plan import plan
from backend.store import Store, table
from backend.tasks.apply import apply, propose
from backend.tasks.ops import Op, Who, by_system, of_actor, op_id
from backend.tasks.rows import load
from backend.tasks.taskstate import TaskState
from backend.words import Outcome

CITY, COUNTY, TOWN, CELL = "371700", "371702", "371702001", "371702001001"
COUNTY_2, TOWN_2, TOWN_3 = "371703", "371703001", "371702002"
GRIDS = (
    (CITY, "", 1, "", ""),
    (COUNTY, CITY, 2, COUNTY, ""),
    (TOWN, COUNTY, 3, COUNTY, TOWN),
    (CELL, TOWN, 4, COUNTY, TOWN),
    (TOWN_3, COUNTY, 3, COUNTY, TOWN_3),
    (COUNTY_2, CITY, 2, COUNTY_2, ""),
    (TOWN_2, COUNTY_2, 3, COUNTY_2, TOWN_2),
)
CENTRES = (
    ("M1", CITY, "M"),
    ("C1", COUNTY, "C"),
    ("T1", TOWN, "T"),
    ("T3", TOWN_3, "T"),
    ("T2", TOWN_2, "T"),
)

TS, TS_2, TV = Who("ts", "seat", "T", "T1"), Who("ts2", "seat", "T", "T1"), Who("tv", "supervisor", "T", "T1")
CS, CV = Who("cs", "seat", "C", "C1"), Who("cv", "supervisor", "C", "C1")
MS, MV = Who("ms", "seat", "M", "M1"), Who("mv", "supervisor", "M", "M1")
GM, GM_2 = Who("gm", "member", "T"), Who("gm2", "member", "T")
AD = Who("ad", "administrator", "M", "M1")
DEPT = Who("dp", "seat", "C", "", "D1")
PEOPLE = (
    (TS, TOWN),
    (TS_2, TOWN),
    (TV, TOWN),
    (CS, COUNTY),
    (CV, COUNTY),
    (MS, CITY),
    (MV, CITY),
    (AD, CITY),
)
ALL_DAY = {"start_minute": 0, "end_minute": 0, "days": "1111111"}


def build(store: Store, *, duty: bool = True, zone: str = "") -> None:
    """Put the city into a store; with ``duty``, its book: members by day, rooms around the clock."""
    with store.write() as connection:
        if zone:
            connection.execute(insert(table(city.CityFact)).values(key="zone", value=zone))
        grid, centre, person = table(city.Grid), table(city.Centre), table(city.Person)
        for code, parent, level, county, township in GRIDS:
            values = {"code": code, "parent": parent, "level": level, "county": county, "township": township}
            connection.execute(
                insert(grid).values(
                    name=code, name_en="", pinyin="", initials="", aliases="", kind="", made_up=True, **values
                )
            )
        for code, where, tier in CENTRES:
            connection.execute(
                insert(centre).values(
                    code=code,
                    grid=where,
                    tier=tier,
                    name=code,
                    name_en="",
                    phone=f"0530-{code}",
                    made_up=True,
                )
            )
        for who, where in (*PEOPLE, (GM, CELL), (GM_2, TOWN)):
            connection.execute(
                insert(person).values(
                    code=who.actor,
                    name=who.actor,
                    pinyin="",
                    initials="",
                    role=who.role,
                    grid=where,
                    centre=who.centre,
                    department="",
                    phone="139",
                    active=True,
                    made_up=True,
                )
            )
        connection.execute(
            insert(table(city.Department)).values(
                code="D1", name="城管局", name_en="", phone="", made_up=True
            )
        )
        if duty:
            on(connection, "member", "gm", start_minute=480, end_minute=1320)
            for code, _, _ in CENTRES:
                on(connection, "centre", code)
            on(connection, "department", "D1")


def on(connection: Connection, kind: str, body: str, **rest: Any) -> None:
    """A line of the duty book, around the clock where ``rest`` does not say otherwise."""
    values = {**ALL_DAY, "name": f"值班-{body}", "phone": "110", "valid_from": "", "valid_to": "", **rest}
    connection.execute(
        insert(table(city.DutyEntry)).values(body_kind=kind, body=body, made_up=True, **values)
    )


def draft(connection: Connection, now: int, priority: str = "critical", **body: Any) -> str:
    """A draft of a task, from an alarm."""
    content = {"type": "straw", "grid": CELL, "priority": priority, **body}
    done = propose(connection, by_system("propose", "", op_id(), content), now, planner=plan)
    assert done.ok, done
    return str(done.data["task"])


def act(
    connection: Connection,
    who: Who,
    kind: str,
    task: str,
    now: int,
    body: dict[str, Any] | None = None,
    **rest: Any,
) -> Outcome:
    """One act at the task's present version."""
    state = load(connection, task)
    rest.setdefault("version", state.version if state is not None else None)
    return apply(connection, of_actor(who, kind, task, body=body or {}, **rest), now, planner=plan)


def get(connection: Connection, task: str) -> TaskState:
    """The task as it stands."""
    state = load(connection, task)
    assert state is not None
    return state


__all__ = ["Op"]
