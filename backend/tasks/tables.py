"""Tasks 任务: work that people owe. The log of acts is the truth; the task row is its latest state."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Text
from sqlmodel import Field

from backend.store.model import Row, instant, partial_index


class Task(Row):
    """The latest state of a task."""

    __tablename__ = "task"
    __table_args__ = (
        partial_index("ix_task_open", "county", "state", where="closed IS NULL"),
        # What waits for a holder, by place, read from the index alone: each sweep looks whether anybody is left there.
        partial_index("ix_task_waiting", "state", "township", "county", "grid", where="closed IS NULL"),
        # The auditor counts and walks the open tasks in this one alone.
        partial_index("ix_task_live", "id", where="closed IS NULL"),
        # Who is offered one asks for it by its code, wherever the task lies.
        partial_index("ix_task_offered", "offered_to", where="offered_to <> ''"),
    )

    id: str = Field(primary_key=True)
    """Centre + counter + check digit, ``[A-Z0-9-]``."""
    incident: str = Field(default="", index=True)
    type: str
    title_code: str
    title_args: str = ""
    grid: str
    county: str = ""
    township: str = Field(default="", index=True)
    centre: str = ""
    """The centre that owns it."""
    priority: str
    state: str
    prior_state: str = ""
    """Where suspension or an offer came from."""
    level: str = "T"
    """The accountable tier: T, C or M."""
    supervised: bool = False
    supervised_by: str = ""
    holder: str = Field(default="", index=True)
    holder_kind: str = ""
    """``member``, ``department`` or ``centre`` (its duty room 值班室)."""
    prior_holder: str = ""
    """Who gave it back: it is not sent there again."""
    department: str = ""
    """The lead department 主办部门."""
    offered_to: str = ""
    offered_kind: str = ""
    """``department`` or ``centre``."""
    reporter: str = ""
    """Who reported the work as done."""
    recorder: str = ""
    """Who recorded that report on the reporter's behalf."""
    result: str = ""
    evidence_pending: str = ""
    """References of evidence that was announced and has not arrived, separated by spaces."""
    asked: str = ""
    """What waits for a supervisor's word: ``suspend`` or ``extend``."""
    asked_by: str = ""
    asked_at: int | None = instant(nullable=True)
    returns: int = 0
    reworks: int = 0
    extensions: int = 0
    offers: int = 0
    breaches: str = ""
    """Clock kinds that were once missed, separated by spaces: a fact that nothing erases."""
    level_acked: bool = True
    ack_expires: int | None = instant(nullable=True)
    review_at: int | None = instant(nullable=True)
    merged_into: str = ""
    suspect_data: bool = False
    superseded: bool = False
    version: int
    """Goes up by one with every act that changes the task."""
    owner_version: int = 0
    """The version at which owner, holder or level last changed: an act prepared before it is stale."""
    moved_kind: str = ""
    moved_by: str = ""
    moved_role: str = ""
    moved_tier: str = ""
    moved_at: int = instant()
    """Who brought it into its present state, by which act, and since when."""
    due: int | None = instant(nullable=True)
    """When the clock of its present state runs out; none while that clock stands still. Follows from the segments."""
    due_clock: str = ""
    policy_version: int
    origin: str = "alarm"
    opened: int = instant(index=True)
    closed: int | None = instant(nullable=True)
    close_code: str = ""
    order_code: str = Field(default="", index=True)
    """The order 指令 from above that it carries out."""
    order_due: int | None = instant(nullable=True)
    """Until when the order must be carried out: its TOTAL clock ends there."""
    co_departments: str = ""
    """The co-handling departments 协办部门, separated by ``|``."""
    about: str = Field(default="", index=True)
    """The task whose holder an arbitration 移交裁定 decides."""
    arbitration: str = ""
    """The arbitration that must decide who holds this one; its clock stands still until then."""
    dark: bool = False
    """The line of whoever owes its clock is proven to be down: the clock stands still."""


class Act(Row):
    """An operation, what became of it and the version after it; never changed, never deleted."""

    __tablename__ = "act"
    __table_args__ = (Index("ix_act_task_id", "task", "id"),)

    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    op: str = Field(unique=True)
    """The operation's own id: the same operation twice is done once."""
    task: str
    kind: str
    actor: str
    role: str = ""
    tier: str = ""
    on_behalf: str = ""
    channel: str = ""
    """seat, phone, paper, system."""
    at: int = instant(index=True)
    """When it was judged, by the authority's clock."""
    occurred: int = instant()
    uncertain: int = 0
    """How far ``occurred`` may be wrong, seconds."""
    from_state: str = ""
    to_state: str = ""
    result: str
    """applied, same or refused."""
    code: str = ""
    """Why it was refused."""
    args: str = ""
    body: str = Field(default="", sa_column=Column(Text, nullable=False))
    version: int
    policy_version: int
    digest: str = ""
    """SHA-256 of the operation, so that another one under the same id is found out."""
    undo: str = Field(default="", sa_column=Column(Text, nullable=False))
    """What a recall within the window puts back; empty where an act can't be recalled."""


class Segment(Row):
    """A stretch of one of a task's clocks; what remains is computed, never stored."""

    __tablename__ = "segment"
    __table_args__ = (partial_index("ix_segment_running", "task", "kind", where="stopped IS NULL"),)

    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    task: str = Field(index=True)
    kind: str
    """TRIAGE, DISPATCH, ACCEPT, ARRIVE, DISPOSE, VERIFY, OFFER, LEVEL_ACK, TOTAL."""
    started: int = instant()
    stopped: int | None = instant(nullable=True)
    target: int
    """Seconds."""
    carried: int = 0
    """Seconds that an earlier segment of the same clock had used up."""
    ran_out: int | None = instant(nullable=True)
    """When an earlier segment of the same clock had run out, where this one begins overdue."""
    calendar: str = "always"
    policy_version: int
    holder: str = ""


class Pause(Row):
    """A stretch during which a segment did not run, and why."""

    __tablename__ = "pause"

    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    segment: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))
    began: int = instant()
    ended: int | None = instant(nullable=True)
    reason: str


class Breach(Row):
    """A clock that was missed: a fact."""

    __tablename__ = "breach"

    task: str = Field(primary_key=True)
    segment: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    kind: str
    due: int = instant()
    noticed: int = instant(index=True)
    holder: str = ""


class WorkOrder(Row):
    """What a task is to the maintenance contractor 运维工单: the instrument, its fault, and how long it was down."""

    __tablename__ = "work_order"

    task: str = Field(primary_key=True)
    contractor: str = Field(default="", index=True)
    """The department of kind ``contractor`` that keeps the station."""
    fault: str
    """offline, flat, interference or other."""
    station: int | None = Field(default=None, index=True)
    parameter: int | None = None
    """None where the whole station is at fault."""
    down_from: int = instant()
    """From when on nothing it says counts."""
    down_to: int | None = instant(nullable=True)
    """Until when; none while it is down."""
    interference: bool = False
    """Somebody may have tampered with it 疑似人为干扰."""
    interference_note: str = ""


class Outage(Row):
    """A proven outage of a centre's line 链路中断: the clocks of what its people owe stand still."""

    __tablename__ = "outage"

    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    centre: str = Field(index=True)
    began: int = instant()
    ended: int | None = instant(nullable=True)
    proof: str
    """What proves it: the carrier's ticket, the hub's own record."""
    told_by: str = ""


class HandedOn(Row):
    """A task that another took over 移交转出: where it was before, so that whoever gave it keeps it in sight."""

    __tablename__ = "handed_on"

    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    task: str = Field(index=True)
    centre: str = Field(default="", index=True)
    """The centre that owned it."""
    grid: str = ""
    county: str = Field(default="", index=True)
    township: str = Field(default="", index=True)
    receiver: str
    """Whose it is since."""
    receiver_kind: str
    """``department`` or ``centre``."""
    at: int = instant()
    op: str = ""
    """The act by which it went over."""


class CalendarText(Row):
    """A working calendar 工作日历 as it was when a clock first went by it; never changed."""

    __tablename__ = "calendar_text"

    key: str = Field(primary_key=True)
    """Its name and what it says, as a checksum: `backend.tasks.calendars.Office.key`."""
    text: str = Field(sa_column=Column(Text, nullable=False))
    """Its hours and days as JSON: `backend.tasks.calendars.Office.written`."""
    at: int = instant()
    """When the first clock went by it."""


class Counter(Row):
    """The last number that was minted at a centre."""

    __tablename__ = "counter"

    name: str = Field(primary_key=True)
    value: int
