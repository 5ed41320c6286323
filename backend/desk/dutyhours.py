"""One body's hours: who answers for a duty room or a member from now on, and what is known beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from backend.city.called import said
from backend.desk.desk import Desk
from backend.desk.dutyrows import ChangeRow, SeatRow, change_rows, seat_rows
from backend.desk.naming import names
from backend.duty import adopted, changes
from backend.duty.adopted import Keeping
from backend.duty.book import Book, Stretch
from backend.duty.calls import Call, last_calls
from backend.duty.numbers import numbers
from backend.duty.shifts import seats


@dataclass(frozen=True, slots=True)
class Hours:
    """Who answers for a body from hour to hour, and what is known beside it."""

    kind: str
    code: str
    name: str
    stretches: Sequence[Stretch]
    changes: Sequence[ChangeRow]
    seats: Sequence[SeatRow]
    called: Call | None
    caller: str = ""
    state: str = ""
    """A member's state; ``kept`` of a centre whose board is kept."""
    kept: Sequence[Keeping] = ()
    """When its board was kept by another centre, with names; the newest first."""


def hours(desk: Desk, kind: str, code: str) -> Hours | None:
    """Who answers for a body in the hours ahead; None where there is none."""
    now = desk.now
    ahead = numbers(now).ahead
    with desk.store.read() as connection:
        name = names(connection, [code], desk.language).get(code)
        if name is None or kind not in changes.BODIES:
            return None
        book = Book.read(connection, kind, [code], now, now + ahead, desk.zone)
        overrides = changes.overrides_of(connection, kind, [code], now, now + 30 * 86400).get(code, [])
        call = last_calls(connection, now - numbers(now).call).get(code)
        sitting = seats(connection, [code]) if kind == "centre" else []
        callers = names(connection, [call.caller], desk.language) if call else {}
        kept = adopted.history(connection, code) if kind == "centre" else []
        keepers = names(
            connection, [part for one in kept for part in (one.keeper, one.person)], desk.language
        )
        own = [one for one in book.away.get(code, ()) if one.starts <= now < one.ends]
        return Hours(
            kind,
            code,
            name,
            [
                replace(one, who=tuple(replace(who, name=said(who, desk.language)) for who in one.who))
                for one in book.hours(code, now, now + ahead)
            ],
            change_rows(connection, desk, overrides, {code: name}),
            seat_rows(connection, desk, sitting, {code: name}),
            call,
            callers.get(call.caller, call.caller) if call else "",
            own[-1].state if own else "kept" if kept and kept[0].ended is None else "",
            [
                replace(
                    one,
                    keeper=keepers.get(one.keeper, one.keeper),
                    person=keepers.get(one.person, one.person),
                )
                for one in kept
            ],
        )
