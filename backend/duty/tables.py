"""Who is at it, and who answers: claims 占用, shifts 当班, changes of the book, adopted boards, handovers 交接班."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Text
from sqlmodel import Field

from backend.store.model import Row, instant, partial_index


class Claim(Row):
    """Who has an alarm or a task open, so that the other seats see it."""

    __tablename__ = "claim"

    kind: str = Field(primary_key=True)
    item: str = Field(primary_key=True)
    person: str
    until: int = instant()


def _number() -> Column[int]:
    return Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)


class Shift(Row):
    """A person at a seat of a centre, from signing in until signing out. One person sits at one seat at a time."""

    __tablename__ = "shift"
    __table_args__ = (
        partial_index("ux_shift_open", "person", where="signed_out IS NULL", unique=True),
        Index("ix_shift_centre", "centre", "signed_in"),
    )

    id: int | None = Field(default=None, sa_column=_number())
    centre: str
    person: str
    signed_in: int = instant()
    signed_out: int | None = instant(nullable=True)
    last_seen: int = instant()
    """When the person's console last said that it is there."""
    last_key: int = instant()
    """When the person last touched a key, to the minute."""
    handover: str = ""
    """The handover with which it ended; empty while it lasts."""


class DutyState(Row):
    """A person is on leave or ill for a time; at any other they are on duty as the book says."""

    __tablename__ = "duty_state"

    id: int | None = Field(default=None, sa_column=_number())
    person: str = Field(index=True)
    state: str
    """``leave`` 请假 or ``sick`` 病假; ``on`` 到岗 for somebody whom the book does not name at that hour."""
    starts: int = instant()
    ends: int = instant()
    note: str = ""
    set_by: str
    at: int = instant()
    withdrawn: int | None = instant(nullable=True)
    """When it was taken back, or cut short by the next one."""
    withdrawn_by: str = ""


class DutyOverride(Row):
    """A dated line that stands above the book: somebody else answers for a body, or nobody does."""

    __tablename__ = "duty_override"

    id: int | None = Field(default=None, sa_column=_number())
    body_kind: str
    """``centre``, ``department`` or ``member``."""
    body: str = Field(index=True)
    starts: int = instant()
    ends: int = instant()
    instead: str = ""
    """Whose line of the book it stands above, by name; empty for every line of the body."""
    name: str = ""
    """Who answers; empty where nobody does."""
    phone: str = ""
    kind: str = "override"
    """``override`` 顶班 or ``swap`` 换班: the two lines of a swap have one ``pair``."""
    pair: str = ""
    reason: str
    set_by: str
    at: int = instant()
    withdrawn: int | None = instant(nullable=True)
    withdrawn_by: str = ""


class DutyCall(Row):
    """Somebody was called at a duty room: did anybody answer?"""

    __tablename__ = "duty_call"
    __table_args__ = (Index("ix_duty_call_body", "body", "at"),)

    id: int | None = Field(default=None, sa_column=_number())
    body_kind: str
    body: str
    name: str = ""
    phone: str = ""
    at: int = instant(index=True)
    caller: str
    answered: bool
    note: str = ""
    task: str = ""


class Adoption(Row):
    """A centre keeps the board of a silent one below it 代管, until somebody signs in there."""

    __tablename__ = "adoption"
    __table_args__ = (partial_index("ux_adoption_open", "centre", where="ended IS NULL", unique=True),)

    id: int | None = Field(default=None, sa_column=_number())
    centre: str
    """The silent one."""
    keeper: str = Field(index=True)
    """The centre that keeps its board."""
    person: str
    began: int = instant()
    reason: str = ""
    ended: int | None = instant(nullable=True)
    ended_by: str = ""


class Handover(Row):
    """A shift handed over 交接班: what was open when it was made, countersigned by whoever takes over."""

    __tablename__ = "handover"
    __table_args__ = (partial_index("ux_handover_open", "shift", where="state = 'open'", unique=True),)

    id: str = Field(primary_key=True)
    """Centre, civil day and shift."""
    centre: str = Field(index=True)
    shift: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))
    outgoing: str
    incoming: str = ""
    """Who takes over; empty until they have begun to sign, and where it went up by phone."""
    made: int = instant(index=True)
    state: str = "open"
    """``open``, ``signed``, ``phoned`` (nobody took over: told to the tier above by phone) or ``dropped``."""
    ended: int | None = instant(nullable=True)
    to_centre: str = ""
    to_name: str = ""
    to_phone: str = ""
    """Whom it was told to by phone."""
    note: str = ""
    audit_head: str = ""
    """The head of the audit chain when it was made."""
    version: int = 1
    """Goes up with every change, so that both seats see it."""


class HandoverItem(Row):
    """One line of a handover."""

    __tablename__ = "handover_item"

    handover: str = Field(primary_key=True)
    place: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    kind: str
    """breached, due, task, suspended, alarm, shelved, window, unsent, order, complaint, adopted, remark."""
    item: str = ""
    """The task, alarm, order or complaint that it is about."""
    priority: str = ""
    code: str
    args: str = Field(default="", sa_column=Column(Text, nullable=False))
    """JSON arguments of the code's words."""
    seen: int | None = instant(nullable=True)
    """When the person who takes over first had it before them."""
    signed: int | None = instant(nullable=True)
    signed_by: str = ""
    remark: str = ""


class ShiftRemark(Row):
    """What a seat writes down, for the shift log and for who comes next."""

    __tablename__ = "shift_remark"
    __table_args__ = (Index("ix_shift_remark_centre", "centre", "at"),)

    id: int | None = Field(default=None, sa_column=_number())
    centre: str
    person: str
    at: int = instant()
    text: str = Field(sa_column=Column(Text, nullable=False))
    task: str = ""
