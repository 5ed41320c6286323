"""The county of the month's drive: sixteen townships, their people and duty book; some are empty at night."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, insert

from backend.city import tables as city
from backend.duty import changes
from backend.store import Store, table
from backend.tasks.ops import Who

CITY, COUNTY, NEXT = "371700", "371702", "371703"
TOWNSHIPS = tuple(f"{COUNTY}{number:03d}" for number in range(1, 17))
SILENT = TOWNSHIPS[3]
"""The township that answers nothing for some days."""
UNMANNED = frozenset(TOWNSHIPS[12:])
"""Townships whose duty room is empty at night."""
TYPES = ("straw_burning", "site_dust", "road_dust", "industrial", "surface_water")
DEPARTMENT, CONTRACTOR = "CGJ", "YWDW"


def centre(township: str) -> str:
    """The code of a township's centre."""
    return f"T{township[-3:]}"


MINUTE, ZONE_HOURS, DAY = 60, 8, 86400
Left = Sequence[tuple[str, int, int]]
"""Townships that everybody left, from when to when, without the book having said so."""


def _minute(at: int) -> int:
    return (at + ZONE_HOURS * 3600) % DAY // MINUTE


def manned(township: str, at: int, left: Left) -> bool:
    """Whether a member or the duty room of a township is on duty, by plain reckoning."""
    if any(place == township and start <= at < end for place, start, end in left):
        return False
    minute = _minute(at)
    return 420 <= minute < 1140 or township not in UNMANNED or 480 <= minute < 1320


def emptied(township: str, since: int, until: int, left: Left) -> int | None:
    """The first instant in a stretch at which nobody of a township is on duty; None where somebody always is."""
    midnight = since - (since + ZONE_HOURS * 3600) % DAY
    turns = [midnight + day * DAY + m * MINUTE for day in range(9) for m in (0, 420, 480, 1140, 1320)]
    turns += [at for place, start, end in left for at in (start, end) if place == township]
    stretch = sorted({since, *(at for at in turns if since < at < until)})
    return next((at for at in stretch if not manned(township, at, left)), None)


def leave(connection: Connection, township: str, now: int, until: int) -> None:
    """Both members and the duty room of a township go off duty at once, until an instant."""
    for kind, body in (
        ("centre", centre(township)),
        *(("member", f"m-{township}-{number}") for number in (1, 2)),
    ):
        done = changes.replace_on_duty(
            connection, kind, body, now, until, name="", phone="", instead="", reason="x", by="cs", now=now
        )
        assert done.ok, done


def seat(level: str, township: str) -> Who:
    """The seat that acts for a tier."""
    if level == "T":
        return Who(f"s-{township}", "seat", "T", centre(township))
    return Who("cs", "seat", "C", "C1") if level == "C" else Who("ms", "seat", "M", "M1")


def second(level: str, township: str) -> Who:
    """Another seat of the same tier: whoever entered a report does not verify it."""
    who = seat(level, township)
    return Who(f"{who.actor}2", who.role, who.tier, who.centre)


def supervisor(level: str) -> Who:
    """The supervisor of the county or the city."""
    return Who("cv", "supervisor", "C", "C1") if level == "C" else Who("mv", "supervisor", "M", "M1")


def build(store: Store) -> None:
    """Put the county into a store."""
    grids: list[tuple[str, str, int, str, str]] = [
        (CITY, "", 1, "", ""),
        (COUNTY, CITY, 2, COUNTY, ""),
        (NEXT, CITY, 2, NEXT, ""),
    ]
    grids += [(code, COUNTY, 3, COUNTY, code) for code in TOWNSHIPS]
    grids += [(f"{code}-01", code, 4, COUNTY, code) for code in TOWNSHIPS]
    names = {"name_en": "", "pinyin": "", "initials": "", "aliases": "", "kind": "", "made_up": True}
    centres = [("M1", CITY, "M"), ("C1", COUNTY, "C"), ("C2", NEXT, "C")]
    centres += [(centre(code), code, "T") for code in TOWNSHIPS]
    people: list[dict[str, Any]] = []
    duty: list[dict[str, Any]] = []

    def on(kind: str, body: str, start: int = 0, end: int = 0) -> None:
        line = {"body_kind": kind, "body": body, "days": "1111111", "start_minute": start, "end_minute": end}
        duty.append({**line, "name": body, "phone": "110", "valid_from": "", "valid_to": "", "made_up": True})

    for code, _, tier in centres:
        empty = any(centre(one) == code for one in UNMANNED)
        on("centre", code, *((480, 1320) if empty else (0, 0)))
        del tier
    for code in TOWNSHIPS:
        for number in (1, 2):
            member = f"m-{code}-{number}"
            people.append(
                {"code": member, "name": member, "role": "member", "grid": f"{code}-01", "centre": ""}
            )
            on("member", member, 420, 1140)
    for body in (DEPARTMENT, CONTRACTOR):
        on("department", body)
    with store.write() as connection:
        connection.execute(insert(table(city.CityFact)), [{"key": "zone", "value": "Asia/Shanghai"}])
        connection.execute(
            insert(table(city.Grid)),
            [
                {
                    "code": c,
                    "name": c,
                    "parent": p,
                    "level": level,
                    "county": county,
                    "township": town,
                    **names,
                }
                for c, p, level, county, town in grids
            ],
        )
        connection.execute(
            insert(table(city.Centre)),
            [
                {"code": c, "grid": g, "tier": t, "name": c, "name_en": "", "phone": "0530", "made_up": True}
                for c, g, t in centres
            ],
        )
        connection.execute(
            insert(table(city.Department)),
            [
                {"code": c, "name": c, "name_en": "", "phone": "", "kind": kind, "made_up": True}
                for c, kind in ((DEPARTMENT, "bureau"), (CONTRACTOR, "contractor"))
            ],
        )
        rest = {
            "pinyin": "",
            "initials": "",
            "department": "",
            "phone": "139",
            "active": True,
            "made_up": True,
        }
        connection.execute(insert(table(city.Person)), [{**one, **rest} for one in people])
        connection.execute(insert(table(city.DutyEntry)), duty)
