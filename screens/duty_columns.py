"""The columns of the duty screen's tabs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from screens.columns import Cell, Column
from screens.look import MISSING, Look

if TYPE_CHECKING:
    from backend.desk.dutylines import LineRow
    from backend.desk.dutyrows import ChangeRow, GapRow, MemberRow, RoomRow, SeatRow
    from backend.desk.handover import HandoverRow

_ROOM_TONES = {
    "manned": "good", "phone": "", "kept": "new", "unattended": "bad", "silent": "bad", "vacant": "bad",
}  # fmt: skip
_MEMBER_TONES = {"on": "good", "off": "dim", "leave": "warn", "sick": "warn"}
_SEAT_TONES = {"there": "good", "idle": "bad", "gone": "bad"}
TURN = ("vacant", "silent", "unattended", "kept", "manned", "phone")
"""States of a duty room, the gravest first."""


def span(starts: int, ends: int, look: Look) -> str:
    """A stretch of time: ``20:00 - 08:00``."""
    same = look.day(starts) == look.day(ends)
    return f"{look.moment(starts)} - {look.clock(ends) if same else look.moment(ends)}"


def _state(row: RoomRow, look: Look) -> Cell:
    return Cell(look.word(f"dutyscreen.room.{row.state}", keeper=row.keeper), _ROOM_TONES.get(row.state, ""))


def _name(row: RoomRow, look: Look) -> Cell:
    return Cell(
        row.name + (f" {look.word('dutyscreen.own')}" if row.own else ""), "strong" if row.own else ""
    )


def _answers(row: RoomRow, _look: Look) -> Cell:
    return Cell(row.answers) if row.answers else Cell(MISSING, "bad")


def _gap(row: RoomRow, look: Look) -> Cell:
    return Cell("" if row.gap is None else span(*row.gap, look), "bad")


def _seats(row: RoomRow, look: Look) -> str:
    return ("、" if look.language == "zh" else ", ").join(row.seats)


def _kind(row: RoomRow, look: Look) -> Cell:
    return Cell(look.word(f"task.level.{row.tier}" if row.tier else "dutyscreen.kind.department"), "dim")


ROOMS: Sequence[Column[Any]] = (
    Column("name", "dutyscreen.column.body", _name, 20, flex=1, most=36),
    Column("kind", "dutyscreen.column.kind", _kind, 8, rank=5),
    Column("state", "dutyscreen.column.state", _state, 12, flex=1, most=26, order=lambda row: TURN.index(row.state)),
    Column("answers", "dutyscreen.column.answers", _answers, 12, flex=2, most=20),
    Column("phone", "dutyscreen.column.phone", lambda row, _look: row.phone, 12),
    Column("until", "dutyscreen.column.until", lambda row, look: look.moment(row.until), 11, rank=3,
           order=lambda row: row.until),
    Column("seats", "dutyscreen.column.seats", _seats, 8, flex=1, most=24, rank=1),
    Column("gap", "dutyscreen.column.gap", _gap, 13, flex=1, most=25, rank=2,
           order=lambda row: row.gap[0] if row.gap else None),
)  # fmt: skip


def _seat_state(row: SeatRow, look: Look) -> Cell:
    return Cell(look.word(f"dutyscreen.seat.{row.state}"), _SEAT_TONES[row.state])


SEATS: Sequence[Column[Any]] = (
    Column("name", "dutyscreen.column.person", lambda row, _look: row.name, 10, flex=1, most=24),
    Column("role", "dutyscreen.column.role", lambda row, look: Cell(look.word(f"ui.role.{row.role}"), "dim"), 8,
           rank=3),
    Column("centre", "dutyscreen.column.body", lambda row, _look: row.centre_name, 16, flex=2, most=34),
    Column("state", "dutyscreen.column.state", _seat_state, 8),
    Column("since", "dutyscreen.column.signed_in", lambda row, look: look.moment(row.signed_in), 11,
           order=lambda row: row.signed_in),
    Column("key", "dutyscreen.column.last_key", lambda row, look: look.age(row.last_key), 8, align="right",
           order=lambda row: -row.last_key),
)  # fmt: skip


def _member_state(row: MemberRow, look: Look) -> Cell:
    return Cell(look.word(f"dutyscreen.member.{row.state}"), _MEMBER_TONES[row.state])


MEMBERS: Sequence[Column[Any]] = (
    Column("name", "dutyscreen.column.person", lambda row, _look: row.name, 10, flex=1, most=20),
    Column("place", "dutyscreen.column.place", lambda row, _look: row.place, 16, flex=2, most=34, numbered=True),
    Column("state", "dutyscreen.column.state", _member_state, 8,
           order=lambda row: ("on", "leave", "sick", "off").index(row.state)),
    Column("until", "dutyscreen.column.until", lambda row, look: look.moment(row.until), 11,
           order=lambda row: row.until),
    Column("tasks", "dutyscreen.column.tasks", lambda row, _look: str(row.tasks or ""), 6, align="right",
           order=lambda row: -row.tasks),
    Column("phone", "dutyscreen.column.phone", lambda row, _look: row.phone, 13, rank=1),
)  # fmt: skip


def _when(row: GapRow | ChangeRow, look: Look) -> str:
    return span(row.starts, row.ends, look)


GAPS: Sequence[Column[Any]] = (
    Column("when", "dutyscreen.column.when", _when, 25, order=lambda row: row.starts),
    Column("name", "dutyscreen.column.body", lambda row, _look: row.name, 20, flex=1),
    Column("kind", "dutyscreen.column.kind", lambda row, look: look.word(f"dutyscreen.kind.{row.kind}"), 10),
)  # fmt: skip


def _change(row: ChangeRow, look: Look) -> Cell:
    return Cell(look.word(f"dutyscreen.change.{row.kind}"), "bad" if row.kind == "vacant" else "")


CHANGES: Sequence[Column[Any]] = (
    Column("when", "dutyscreen.column.when", _when, 25, order=lambda row: row.starts),
    Column("name", "dutyscreen.column.body", lambda row, _look: row.body_name, 12, flex=2, most=30),
    Column("kind", "dutyscreen.column.change", _change, 8),
    Column("who", "dutyscreen.column.who", lambda row, _look: row.name, 8, flex=1, most=16),
    Column("instead", "dutyscreen.column.instead", lambda row, _look: row.instead, 10, flex=1, most=16, rank=3),
    Column("reason", "dutyscreen.column.reason", lambda row, _look: row.reason, 10, flex=2, rank=1),
    Column("by", "dutyscreen.column.by", lambda row, _look: row.by, 8, rank=2),
)  # fmt: skip


def _line_kind(row: LineRow, look: Look) -> Cell:
    return Cell(look.word(f"dutyscreen.kind.{row.kind}"), "dim")


def _line_days(row: LineRow, look: Look) -> str:
    return look.word(f"duty.days.{row.days}")


def _kept(row: LineRow, look: Look) -> Cell:
    if not row.here:
        return Cell(look.word("dutyscreen.line.pack"), "dim")
    return Cell(row.by or look.word("dutyscreen.line.here"))


LINES: Sequence[Column[Any]] = (
    Column("name", "dutyscreen.column.body", lambda row, _look: row.body_name, 14, flex=2, most=34),
    Column("kind", "dutyscreen.column.kind", _line_kind, 8, rank=4),
    Column("days", "dutyscreen.column.days", _line_days, 8, flex=1, most=20,
           order=lambda row: "".join("10"[int(day)] for day in row.days)),
    Column("when", "dutyscreen.column.when", lambda row, _look: f"{row.starts}-{row.ends}", 11,
           order=lambda row: row.starts),
    Column("who", "dutyscreen.column.answers", lambda row, _look: row.name, 10, flex=2, most=24),
    Column("phone", "dutyscreen.column.phone", lambda row, _look: row.phone, 12),
    Column("since", "dutyscreen.column.since", lambda row, _look: Cell(row.since, "new" if row.coming else ""), 10,
           rank=1),
    Column("last", "dutyscreen.column.last", lambda row, _look: row.last, 10, rank=2),
    Column("by", "dutyscreen.column.kept", _kept, 8, flex=1, most=14, rank=3),
)  # fmt: skip


def _state_of(row: HandoverRow, look: Look) -> Cell:
    tone = {"open": "warn", "phoned": "warn", "dropped": "dim"}.get(row.state, "good")
    return Cell(look.word(f"handover.state.{row.state}"), tone)


HANDOVERS: Sequence[Column[Any]] = (
    Column("made", "handover.column.made", lambda row, look: look.moment(row.made), 11,
           order=lambda row: -row.made),
    Column("centre", "handover.column.centre", lambda row, _look: row.centre_name, 12, flex=1, most=30, rank=1),
    Column("outgoing", "handover.column.outgoing", lambda row, _look: row.outgoing_name, 10, flex=1, most=20),
    Column("incoming", "handover.column.incoming", lambda row, _look: row.incoming_name or row.to_name, 10, flex=1,
           most=20),
    Column("state", "handover.column.state", _state_of, 12),
    Column("items", "handover.column.items", lambda row, _look: f"{row.signed}/{row.items}", 7, align="right",
           sortable=False),
    Column("id", "handover.column.id", lambda row, _look: row.id, 19, flex=1, most=24, rank=2),
)  # fmt: skip

COLUMNS: Mapping[str, Sequence[Column[Any]]] = {
    "rooms": ROOMS,
    "seats": SEATS,
    "members": MEMBERS,
    "gaps": GAPS,
    "changes": CHANGES,
    "lines": LINES,
    "handovers": HANDOVERS,
}
