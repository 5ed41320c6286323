"""Incidents 事件: one thing happening in the world, with all its alarms, reports by people and evidence."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Text
from sqlmodel import Field

from backend.store.model import Row, instant, partial_index


class Incident(Row):
    """One thing happening in one place (or, regional, in many)."""

    __tablename__ = "incident"
    __table_args__ = (Index("ix_incident_state_county", "state", "county"),)

    id: str = Field(primary_key=True)
    type: str
    state: str
    """``open`` or ``closed``."""
    priority: str
    title_code: str
    title_args: str = ""
    """JSON arguments of the title's words."""
    grid: str = ""
    county: str = ""
    township: str = Field(default="", index=True)
    place: str = ""
    lon: float | None = None
    lat: float | None = None
    station: int | None = None
    parameter: int | None = None
    source: str = ""
    regional: bool = False
    opened: int = instant(index=True)
    closed: int | None = instant(nullable=True)
    last: int = instant()
    merged_into: str = ""
    origin: str = "alarm"
    """alarm, phone, 12345, patrol, camera, leader."""
    order_code: str = ""
    """The order from above that it carries out."""
    signal: str = ""
    """The type that stations' signals know it by, once a person has named it better; empty where that is its type."""


class IncidentReport(Row):
    """What a person reported: a complaint keeps its number and its own reply clock."""

    __tablename__ = "incident_report"
    __table_args__ = (
        partial_index("uq_incident_report_number", "channel", "number", where="number <> ''", unique=True),
        partial_index(
            "ix_incident_report_waiting", "reply_due", where="reply_due IS NOT NULL AND replied IS NULL"
        ),
    )

    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    incident: str = Field(index=True)
    channel: str
    number: str = Field(default="", index=True)
    at: int = instant()
    recorded_by: str = ""
    text: str = Field(default="", sa_column=Column(Text, nullable=False))
    caller: str = ""
    caller_phone: str = ""
    reply_due: int | None = instant(nullable=True)
    replied: int | None = instant(nullable=True)
    reply: str = ""
    called_back: int | None = instant(nullable=True)
    replied_by: str = ""
    reply_result: str = ""
    """What the caller was told: rectified, in_hand, no_problem, not_ours ..."""
    called_by: str = ""
    call_result: str = ""
    """What the caller said: satisfied, not_satisfied, not_reached."""
    call_note: str = ""
    category: str = ""
    """The line's own category, where an import named one."""


class Evidence(Row):
    """A reference to something that shows what happened."""

    __tablename__ = "evidence"

    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    incident: str = Field(default="", index=True)
    task: str = Field(default="", index=True)
    kind: str
    ref: str
    """A file name, a hash, a reading, a camera."""
    at: int = instant()
    added_by: str = ""
    note: str = ""
    for_or_against: str = ""
    """``for`` or ``against`` what was reported; empty where it only tells."""
    op: str = Field(default="", index=True)
    """The operation of a task that brought it, so that recalling the one takes the other back."""


class OrderAct(Row):
    """What was done to an order 指令: issued, amended, withdrawn; never changed, never deleted."""

    __tablename__ = "order_act"

    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    code: str = Field(index=True)
    at: int = instant(index=True)
    act: str
    """issue, amend or withdraw."""
    actor: str
    body: str = Field(default="", sa_column=Column(Text, nullable=False))
    """JSON: the fields that it gave new values, the reason."""


class ComplaintAct(Row):
    """What was done to a complaint 诉求: replied, called back, joined; never changed, never deleted."""

    __tablename__ = "complaint_act"

    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    report: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))
    at: int = instant()
    act: str
    """reply or call_back."""
    actor: str
    result: str = ""
    text: str = Field(default="", sa_column=Column(Text, nullable=False))


class CaseAside(Row):
    """A case of a file or a feed that could not be taken in: why, and its text without the caller."""

    __tablename__ = "case_aside"

    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    at: int = instant(index=True)
    origin: str
    """The file's name, or the feed's code."""
    line: int
    number: str = ""
    code: str
    """Why, as the code of a message."""
    args: str = ""
    raw: str = Field(default="", sa_column=Column(Text, nullable=False))
