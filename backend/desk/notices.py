"""Notices 提醒 to this person and to the seats of their grid: the list, and that somebody has seen one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from backend.desk import alarms, places
from backend.desk.desk import Desk
from backend.desk.faces import Face
from backend.desk.keeping import kept_grids
from backend.desk.naming import PARTIES, named, names
from backend.desk.told import with_deliveries
from backend.notify import notices as room
from backend.notify.notices import NoticeRow
from backend.words import Outcome

__all__ = ["NoticeRow", "board", "faces", "seen"]


def board(desk: Desk, *, unseen: bool = False, limit: int = 500) -> list[NoticeRow]:
    """What this seat was told, newest first; with ``unseen`` only what nobody has seen yet."""
    read = room.waiting if unseen else room.listed
    with desk.store.read() as connection:
        grids = [desk.actor.grid, *kept_grids(connection, desk)]
        own = {"person": desk.actor.person, "department": desk.actor.department}
        rows = read(connection, grids=grids, limit=limit, **own)
        rows = with_deliveries(connection, rows)
        codes = {row.seen_by for row in rows} | {
            str(row.message.args[key]) for row in rows for key in PARTIES if row.message.args.get(key)
        }
        called = names(connection, codes, desk.language)
    return [
        replace(row, message=named(row.message, called), seen_by=called.get(row.seen_by, row.seen_by))
        for row in rows
    ]


def faces(desk: Desk, row: NoticeRow) -> list[Face]:
    """Where one can go from a notice: its task and what that has to do with, its alarm, its grid."""
    found = places.faces_of_task(desk, row.task) if row.task else []
    page = alarms.page(desk, row.alarm) if row.alarm is not None else None
    if page is not None:
        found += [Face("alarm", str(page.row.id), page.row.rule), *page.faces]
    once: dict[tuple[str, str], Face] = {}
    for face in [*found, *places.faces_of_grid(desk, row.grid)]:
        once.setdefault((face.page, face.key), face)
    return list(once.values())


def seen(desk: Desk, keys: Sequence[str]) -> Outcome:
    """Note that this person has seen some of them; those that somebody saw before keep who it was."""
    now = desk.now
    with desk.store.write() as connection:
        done = sum(room.seen(connection, key, desk.actor.person, now) for key in keys)
    return Outcome.done("ui.notices.done", count=done)
