"""What is wrong with this seat's store, and how to mend it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, func, select, text

from backend.access import actor_of, headfile
from backend.access.chain import examine as examine_chain
from backend.city.tables import CityFact, Grid, Station
from backend.desk import stopped
from backend.desk.feeds import state_now
from backend.escalation.auditor import CURSOR
from backend.escalation.emptied import JOB as EMPTIED
from backend.escalation.tables import Heartbeat
from backend.feeds.tables import Aside, Feed, FeedHealth
from backend.store import Store, lease, table
from backend.store.migrate import revision
from backend.store.place import shown
from backend.tasks.calendars import MARK
from backend.tasks.policy import ending, policy_at
from backend.tasks.policy_text import office_notice
from backend.tasks.rows import calendars_running
from backend.words import Message

FACT, GRID, STATION = table(CityFact), table(Grid), table(Station)
BEAT, ASIDE, FEED, HEALTH = table(Heartbeat), table(Aside), table(Feed), table(FeedHealth)
FILES = "file"
"""The adapter of what came from files: no feed that anybody minds."""
LOW_DISK = 500_000_000
"""Bytes free below which a store is in danger."""
STOPS = 30 * 86400
"""Seconds for which what was stopped on its way to a terminal is told."""
QUIET_JOBS = 900
"""Seconds of the machine's clock after which jobs count as not running."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    state: Literal["ok", "note", "fault"]
    what: Message
    mend: Message | None = None


def examine(store: Store, person: str, now: int, wall: float) -> list[Finding]:
    """Look at the store, the city, the seat, the jobs and the feeds, in this order."""
    findings = list(_store(store))
    with store.read() as connection:
        findings += _city(connection)
        findings += _person(connection, person)
        findings += _feeds(connection, now)
        findings += _stations(connection)
        findings += _calendars(connection, now)
        findings += _stopped(connection, now)
        try:
            verdict = examine_chain(connection, headfile.read(headfile.path_of(connection)))
            broken = verdict.faults[0].row if verdict.faults else None
        except ValueError:
            broken = 0
    findings += _jobs(store, wall)
    if broken is None:
        findings.append(Finding("ok", Message("doctor.audit_ok")))
    else:
        findings.append(
            Finding("fault", Message("doctor.audit_broken", {"row": broken}), Message("doctor.mend_audit"))
        )
    return findings


def none_yet(path: str) -> Finding:
    """A seat that is new, or a store that is mistyped."""
    return Finding("fault", Message("doctor.no_store", {"path": path}), Message("doctor.mend_no_store"))


def _stopped(connection: Connection, now: int) -> Iterator[Finding]:
    """What the seats' filters stopped: a text has come past the way in."""
    if (stops := stopped.since(connection, now - STOPS)) is not None:
        kinds = ", ".join(stops.kinds)
        what = Message(
            "doctor.stopped",
            {"count": stops.count, "kinds": kinds, "newest": stops.newest, "head": stops.head},
        )
        yield Finding("note", what, Message("doctor.mend_stopped"))


def _store(store: Store) -> Iterator[Finding]:
    with store.read() as connection:
        at = revision(connection)
        verdict = (
            connection.execute(text("PRAGMA quick_check")).scalar() if store.dialect == "sqlite" else "ok"
        )
    path = store.path
    size = round(path.stat().st_size / 1e6, 1) if path else 0
    where = {"path": str(path or shown(store.url)), "size": size, "revision": at or ""}
    if verdict == "ok":
        yield Finding("ok", Message("doctor.store_ok", where))
    else:
        yield Finding("fault", Message("doctor.store_damaged", where), Message("doctor.mend_store"))
    if path is not None:
        free = shutil.disk_usage(path.parent).free
        disk = Message("doctor.disk", {"free": round(free / 1e9, 1)})
        yield Finding("ok", disk) if free > LOW_DISK else Finding("fault", disk, Message("doctor.mend_disk"))


def _city(connection: Connection) -> Iterator[Finding]:
    facts = {row.key: row.value for row in connection.execute(select(FACT))}
    if not facts:
        yield Finding("fault", Message("doctor.no_city"), Message("doctor.mend_city"))
        return
    levels = dict.fromkeys(range(1, 5), 0)
    for level, count in connection.execute(select(GRID.c.level, func.count()).group_by(GRID.c.level)):
        levels[level] = count
    grids = " / ".join(str(levels[level]) for level in sorted(levels))
    yield Finding("ok", Message("doctor.city", {"name": facts.get("name", ""), "grids": grids}))


def _person(connection: Connection, person: str) -> Iterator[Finding]:
    if not person:
        yield Finding("note", Message("doctor.no_person"), Message("doctor.mend_person"))
        return
    actor = actor_of(connection, person)
    if actor is None:
        yield Finding(
            "fault", Message("doctor.unknown_person", {"person": person}), Message("doctor.mend_person")
        )
    else:
        yield Finding(
            "ok",
            Message(
                "doctor.person",
                {"person": person, "name": actor.name, "role": actor.role, "grid": actor.grid},
            ),
        )


def _feeds(connection: Connection, now: int) -> Iterator[Finding]:
    rows = (
        connection.execute(
            select(FEED, HEALTH)
            .outerjoin(HEALTH, HEALTH.c.feed == FEED.c.id)
            .where(FEED.c.adapter != FILES)
            .order_by(FEED.c.code)
        )
        .mappings()
        .all()
    )
    if not rows:
        yield Finding("note", Message("doctor.no_feeds"), Message("doctor.mend_feeds"))
    states = {str(row[FEED.c.code]): state_now(row, now) for row in rows}
    for row in rows:
        code = str(row[FEED.c.code])
        newest = row[HEALTH.c.newest]
        lost = newest is not None and now - newest > 2 * row[FEED.c.stale_after]
        mend = Message("doctor.mend_feed", {"feed": code})
        if states[code] in ("failing", "open") or (states[code] == "late" and lost):
            told = {"feed": code, "state": states[code], "failures": row[HEALTH.c.failures] or 0}
            yield Finding("fault", Message("doctor.feed_trouble", told), mend)
        elif states[code] not in ("ok", "off"):
            yield Finding("note", Message("doctor.feed_waits", {"feed": code, "state": states[code]}), mend)
    on = [state for state in states.values() if state != "off"]
    if on:
        good = on.count("ok")
        told = {"good": good, "all": len(on)}
        yield Finding("ok" if good == len(on) else "note", Message("doctor.feeds", told))
    if len(on) < len(rows):
        off = ", ".join(code for code, state in states.items() if state == "off")
        yield Finding("ok" if on else "note", Message("doctor.feeds_off", {"feeds": off}))
    aside = connection.execute(select(func.coalesce(func.sum(ASIDE.c.count), 0))).scalar_one()
    if aside:
        yield Finding("note", Message("doctor.asides", {"count": aside}), Message("doctor.mend_asides"))


def _stations(connection: Connection) -> Iterator[Finding]:
    codes = list(
        connection.execute(select(STATION.c.code).where(STATION.c.placed.is_(False)).limit(50)).scalars()
    )
    if codes:
        listed = ", ".join(codes[:10]) + (" .." if len(codes) > 10 else "")
        yield Finding(
            "note",
            Message("doctor.unplaced", {"count": len(codes), "codes": listed}),
            Message("doctor.mend_unplaced"),
        )


def _calendars(connection: Connection, now: int) -> Iterator[Finding]:
    """Working calendars 工作日历 that clocks go by, and that know no decreed days from some day on."""
    policy = policy_at(connection, now)
    doubts = {str(one.args["name"]): one for one in policy.doubts(now)}
    for key, office in calendars_running(connection).items():
        ends, name = office.ends(now), key.partition(MARK)[0]
        if ends is not None and ends <= now + office_notice():
            doubts.setdefault(name, ending(name, ends, now, policy.zone))
    for one in doubts.values():
        over = one.code.endswith("_over")
        yield Finding("fault" if over else "note", one, Message("doctor.mend_calendar"))


def _jobs(store: Store, wall: float) -> Iterator[Finding]:
    holder = lease.held_by(store, "jobs", wall=wall if store.path else None)
    with store.read() as connection:
        beats = connection.execute(select(BEAT)).all()
    for beat in beats:
        if beat.note and beat.job not in (CURSOR, EMPTIED):
            what = Message("doctor.job_failed", {"job": beat.job, "error": beat.note})
            yield Finding("fault", what, Message("doctor.mend_job"))
    newest = max((beat.wall for beat in beats), default=0.0)
    if holder:
        yield Finding("ok", Message("doctor.jobs", {"holder": holder}))
    elif wall - newest > QUIET_JOBS:
        yield Finding("note", Message("doctor.no_jobs"), Message("doctor.mend_jobs"))
