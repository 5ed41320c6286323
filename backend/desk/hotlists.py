"""The three monthly lists 月度热点名单 and the ladder, for screens and commands: who is up, and who is next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from backend.city.called import said
from backend.city.registry import City, ParameterRow
from backend.desk.desk import Desk
from backend.desk.hotspotrows import Ladder, LadderRow, ListRow, MonthLists
from backend.words import Message

if TYPE_CHECKING:
    from backend.analysis.hotspots.lists import Entry


def lists(desk: Desk, *, parameter: str = "pm25", month: str = "", level: int = 3) -> MonthLists | None:
    """The three lists of a month; None where the city does not measure the parameter.

    Args:
        parameter: code.
        month: such as ``2026-10``; the newest closed one where empty. The running one is provisional.
        level: 2 to 4.
    """
    with desk.store.read() as conn:
        city = City.read(conn)
        one = city.parameter(parameter)
        return None if one is None else _lists(desk, conn, city, one, level, month)


def ladder(desk: Desk, *, parameter: str = "pm25", level: int = 3) -> Ladder | None:
    """Where grids stand on the ladder, with the lists of the newest closed month and of the running one; None where the
    city does not measure the parameter.
    """
    from backend.analysis.hotspots import lists as rooms

    with desk.store.read() as conn:
        city = City.read(conn)
        one = city.parameter(parameter)
        if one is None:
            return None
        network = next(iter(rooms.networks_of(city, one.id)), "")
        running = rooms.month_of(desk.now, city.zone)
        newest = rooms.before(running)
        warned = _warned(conn, city, network, one, level, newest)
        rungs = rooms.climb(warned, newest)
        closed = _lists(desk, conn, city, one, level, newest)
        so_far = _lists(desk, conn, city, one, level, running)
    listed = {row.code for part in (so_far.highest, so_far.year, so_far.month_on_month) for row in part}
    rows = [
        LadderRow(
            rung.grid,
            _name(desk, city, rung.grid),
            _county(desk, city, rung.grid),
            parameter,
            rung.warned,
            rung.consecutive,
            rung.in_year,
            rung.stage,
            rung.needs,
            rung.grid in listed,
        )
        for rung in rungs
    ]
    return Ladder(newest, parameter, level, rows, (closed, so_far))


def _warned(
    conn: Connection, city: City, network: str, one: ParameterRow, level: int, newest: str
) -> dict[str, dict[str, list[str]]]:
    """Warnings of the twelve months: those that are kept, and what the readings say of months that no job has seen."""
    from backend.analysis.hotspots import lists as rooms

    first = rooms.before(newest, 11)
    found = rooms.kept_months(conn, network, one.id, level, first, newest)
    for back in range(12):
        month = rooms.before(newest, back)
        if month not in found:
            made: dict[str, list[str]] = {}
            for entry in rooms.entries_of(conn, city, network, one.id, level, month):
                made.setdefault(entry.grid, []).append(entry.kind)
            found[month] = made
    return found


def _lists(desk: Desk, conn: Connection, city: City, one: ParameterRow, level: int, month: str) -> MonthLists:
    from backend.analysis.hotspots import lists as rooms

    network = next(iter(rooms.networks_of(city, one.id)), "")
    running = rooms.month_of(desk.now, city.zone)
    wanted = month or rooms.before(running)
    is_open = wanted >= running
    until = datetime.fromtimestamp(desk.now - 86400, UTC).astimezone(city.zone).date() if is_open else None
    if until is not None and until.strftime("%Y-%m") != wanted:
        until = until.replace(day=1)
    means = {
        other: rooms.month_means(
            conn, city, network, one.id, level, other, until if other == wanted else None
        )
        for other in (wanted, rooms.before(wanted), rooms.before(wanted, 12))
    }
    entries = rooms.three_lists(means, wanted)
    notes = []
    if not any(mean.valid for mean in means[wanted].values()):
        notes.append(Message("hotspots.lists.no_month", {"month": wanted}))
    else:
        for other, code in ((rooms.before(wanted, 12), "no_year"), (rooms.before(wanted), "no_before")):
            if not any(mean.valid for mean in means[other].values()):
                notes.append(Message(f"hotspots.lists.{code}", {"month": other}))
    highest, year, before = (_rows(desk, city, entries, kind) for kind in rooms.KINDS)
    return MonthLists(wanted, one.code, one.unit, level, is_open, highest, year, before, notes)


def _rows(desk: Desk, city: City, entries: Iterable[Entry], kind: str) -> Sequence[ListRow]:
    return [
        ListRow(
            entry.rank,
            entry.grid,
            _name(desk, city, entry.grid),
            _county(desk, city, entry.grid),
            round(entry.value, 2),
            None if entry.before is None else round(entry.before, 2),
            None if entry.change is None else round(entry.change, 1),
            entry.days,
            entry.valid,
        )
        for entry in entries
        if entry.kind == kind
    ]


def _name(desk: Desk, city: City, code: str) -> str:
    row = city.grids.get(code)
    return said(row, desk.language) if row else code


def _county(desk: Desk, city: City, code: str) -> str:
    row = city.grids.get(code)
    county = city.grids.get(row.county) if row else None
    return said(county, desk.language) if county else ""
