"""Standing lines of the duty book 固定排班: who is on week by week, entered, changed and ended here by people.

A line is never deleted: a change ends it on a day and another begins. Once somebody has touched the lines of a body
(a centre, a department, a member) its book is kept here, and a pack that is loaded later leaves it alone until it is
given back to the pack (`follow_pack`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, or_, select, update

from backend.access.audit import append
from backend.city.tables import DutyEntry
from backend.duty.standing import (
    StandingLine,
    Told,
    asks,
    audited,
    civil_date,
    civil_day,
    hours_of,
    known_body,
    overlap,
    tidied,
    wrong_dates,
)
from backend.store import table
from backend.text import clean
from backend.words import Outcome
from backend.words.message import Scalar

DUTY: Final = table(DutyEntry)


def listed(
    connection: Connection, day: str, *, kind: str = "", bodies: Collection[str] | None = None
) -> list[StandingLine]:
    """The lines that hold on a civil day or later, by body, then the hour at which they begin."""
    query = select(DUTY).where(or_(DUTY.c.valid_to == "", DUTY.c.valid_to > day))
    # What was taken back before its first day holds on none.
    query = query.where(or_(DUTY.c.valid_to == "", DUTY.c.valid_to > DUTY.c.valid_from))
    if kind:
        query = query.where(DUTY.c.body_kind == kind)
    order = (
        DUTY.c.body_kind,
        DUTY.c.body,
        DUTY.c.valid_from,
        DUTY.c.start_minute,
        DUTY.c.days.desc(),
        DUTY.c.id,
    )
    rows = connection.execute(query.order_by(*order))
    return [_line(row) for row in rows if bodies is None or row.body in bodies]


def line(connection: Connection, number: int) -> StandingLine | None:
    """A line by its number; None where there is none."""
    row = connection.execute(select(DUTY).where(DUTY.c.id == number)).one_or_none()
    return None if row is None else _line(row)


def _line(row: Any) -> StandingLine:
    return StandingLine(
        row.id, row.body_kind, row.body, row.days, row.start_minute, row.end_minute, row.name, row.name_en,
        row.phone, row.valid_from, row.valid_to, row.from_pack, row.set_by, row.set_at, row.made_up,
    )  # fmt: skip


# Acts.


def enter(
    connection: Connection,
    kind: str,
    body: str,
    told: Told,
    since: str,
    *,
    by: str,
    now: int,
    zone: ZoneInfo,
    replaces: int = 0,
    anyway: bool = False,
) -> Outcome:
    """Enter a line that holds from a civil day on, in the place of another one where ``replaces`` names it.

    Args:
        since: its first day, today at the earliest.
        replaces: the number of the line that ends on that day.
        anyway: also where hours are left vacant, or somebody else is on at the same time. Without it the outcome is
            refused with what would be so, and with ``ask`` in its data.
    """
    today = civil_day(now, zone)
    known = known_body(connection, kind, body)
    if known is None:
        return Outcome.refused("duty.refused.line_body", body=clean(body, limit=40))
    old = line(connection, replaces) if replaces else None
    if replaces and (old is None or (old.body_kind, old.body) != (kind, body) or not _lasts(old, today)):
        return Outcome.refused("duty.refused.no_line")
    if old is not None and told.name == old.name_en:
        # It was shown in English, and stays who it is.
        told = replace(told, name=old.name)
    told, fault = tidied(connection, kind, told, known)
    fault = fault or wrong_dates(since, told.until, today)
    if fault is not None:
        return Outcome(False, fault)
    new = StandingLine(
        0, kind, body, told.days, told.start, told.end, told.name,
        old.name_en if old is not None and old.name == told.name else "", told.phone, since, told.until,
        from_pack=False, set_by=by, set_at=now, made_up=False,
    )  # fmt: skip
    before = listed(connection, today, kind=kind, bodies=[body])
    rest = [one for one in before if old is None or one.id != old.id]
    for other in rest:
        if overlap(new, other) and other.name == new.name:
            return Outcome.refused("duty.refused.line_twice", name=other.name, **hours_of(other))
    after = [*rest, *([] if old is None else [_ended(old, since)]), new]
    if not anyway and (asked := asks(before, after, new, since, zone)) is not None:
        return asked
    _keep_here(connection, kind, body)
    if old is not None:
        _end(connection, old, since, by, now)
    values = {name: getattr(new, name) for name in ("body_kind", "body", "days", "name", "name_en", "phone")}
    values |= {
        "start_minute": new.start,
        "end_minute": new.end,
        "valid_from": since,
        "valid_to": new.valid_to,
    }
    connection.execute(insert(DUTY).values(**values, from_pack=False, made_up=False, set_by=by, set_at=now))
    act = "duty.line.change" if old is not None else "duty.line.add"
    told_of = audited(new) | ({} if old is None else {f"old_{k}": v for k, v in audited(old).items()})
    append(connection, by, act, f"{kind}:{body}", now, **told_of)
    args: dict[str, Scalar] = {"body": body, "name": new.name, "since": since, **hours_of(new)}
    return Outcome.done("duty.line_changed" if old is not None else "duty.line_entered", **args)


def end(
    connection: Connection,
    number: int,
    since: str,
    *,
    by: str,
    now: int,
    zone: ZoneInfo,
    anyway: bool = False,
) -> Outcome:
    """Let a line hold no longer from a civil day on, today at the earliest; see `enter` for ``anyway``."""
    today = civil_day(now, zone)
    old = line(connection, number)
    if old is None or not _lasts(old, today):
        return Outcome.refused("duty.refused.no_line")
    if civil_date(since) is None:
        return Outcome.refused("duty.refused.line_day", day=clean(since, limit=20))
    if since < today:
        return Outcome.refused("duty.refused.line_past", day=since)
    if old.valid_to and since >= old.valid_to:
        return Outcome.refused("duty.refused.line_ends", day=old.valid_to)
    before = listed(connection, today, kind=old.body_kind, bodies=[old.body])
    after = [one if one.id != old.id else _ended(old, since) for one in before]
    if not anyway and (asked := asks(before, after, None, since, zone)) is not None:
        return asked
    _keep_here(connection, old.body_kind, old.body)
    _end(connection, old, since, by, now)
    append(connection, by, "duty.line.end", f"{old.body_kind}:{old.body}", now, since=since, **audited(old))
    return Outcome.done("duty.line_ended", body=old.body, name=old.name, since=since, **hours_of(old))


def follow_pack(connection: Connection, kind: str, body: str, *, by: str, now: int) -> Outcome:
    """Give a body's book back to the pack: the next one that is loaded replaces its lines, until then they hold."""
    here = connection.execute(
        update(DUTY)
        .where(DUTY.c.body_kind == kind, DUTY.c.body == body, DUTY.c.from_pack.is_(False))
        .values(from_pack=True)
    )
    if not here.rowcount:
        return Outcome.refused("duty.refused.line_packs")
    append(connection, by, "duty.line.follow", f"{kind}:{body}", now)
    return Outcome.done("duty.line_follows", body=body)


def _keep_here(connection: Connection, kind: str, body: str) -> None:
    connection.execute(
        update(DUTY).where(DUTY.c.body_kind == kind, DUTY.c.body == body).values(from_pack=False)
    )


def _end(connection: Connection, old: StandingLine, since: str, by: str, now: int) -> None:
    connection.execute(
        update(DUTY)
        .where(DUTY.c.id == old.id)
        .values(valid_to=_ended(old, since).valid_to, set_by=by, set_at=now)
    )


def _ended(old: StandingLine, since: str) -> StandingLine:
    """Until that day; one that would only have begun later holds on none."""
    return replace(old, valid_to=max(since, old.valid_from))


def _lasts(one: StandingLine, today: str) -> bool:
    return not one.valid_to or (one.valid_to > today and one.valid_to > one.valid_from)
