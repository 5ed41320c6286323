"""The columns of the administrator's screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from backend.words import entry
from screens.columns import Cell, Column
from screens.look import MISSING, Look
from screens.told import TONES

if TYPE_CHECKING:
    from backend.desk.audit import AuditLine
    from backend.desk.channels import ChannelRow, DeliveryRow
    from backend.desk.machinekeys import KeyRow
    from backend.desk.policies import Version
    from backend.desk.staff import StaffRow

ROLES = ("administrator", "supervisor", "seat", "member")
STATES = {"ok": "good", "new": "dim", "failing": "warn", "dead": "bad", "off": "dim"}

# People 人员.


def _role(row: StaffRow, look: Look) -> Cell:
    return Cell(look.word(f"ui.role.{row.told.role}"), "mark" if row.told.role == "administrator" else "")


def _active(row: StaffRow, look: Look) -> Cell:
    return Cell(look.word(f"admin.active.{row.active}"), "good" if row.active else "dim")


PEOPLE: Sequence[Column[Any]] = (
    Column("name", "admin.column.name", lambda row, _look: Cell(row.called, "" if row.active else "dim"), 10, flex=1,
           most=24),
    Column("role", "admin.column.role", _role, 13,
           order=lambda row: ROLES.index(row.told.role) if row.told.role in ROLES else len(ROLES)),
    Column("grid", "admin.column.grid", lambda row, _look: row.grid_name, 12, flex=2, most=30),
    Column("centre", "admin.column.centre", lambda row, _look: row.centre_name or row.department_name, 14, flex=2,
           most=30, rank=2),
    Column("phone", "admin.column.phone", lambda row, _look: row.told.phone, 13, rank=1),
    Column("tasks", "admin.column.tasks", lambda row, _look: str(row.open_tasks or ""), 6, align="right", rank=3,
           order=lambda row: -row.open_tasks),
    Column("state", "admin.column.state", _active, 6, order=lambda row: not row.active),
    Column("code", "admin.column.code", lambda row, _look: row.code, 16),
)  # fmt: skip

# Policies 规程.


def _effective(row: Version, look: Look) -> str:
    return look.moment(row.effective) if row.effective else look.word("admin.always")


def _force(row: Version, look: Look) -> Cell:
    if row.in_force:
        return Cell(look.word("admin.policy.in_force"), "good")
    coming = row.effective > look.now
    return Cell(
        look.word("admin.policy.coming" if coming else "admin.policy.past"), "new" if coming else "dim"
    )


POLICIES: Sequence[Column[Any]] = (
    Column("version", "admin.column.version", lambda row, _look: str(row.version), 6, align="right",
           order=lambda row: -row.version),
    Column("state", "admin.column.state", _force, 8),
    Column("from", "admin.column.from", _effective, 18, order=lambda row: -row.effective),
    Column("tasks", "admin.column.open_tasks", lambda row, _look: str(row.open_tasks or ""), 10, align="right",
           order=lambda row: -row.open_tasks),
    Column("note", "admin.column.note", lambda row, look: row.note or look.word("admin.policy.own"), 20, flex=1),
)  # fmt: skip

# Keys 密钥.


def _lives(row: KeyRow, look: Look) -> Cell:
    if row.revoked is None:
        return Cell(look.word("admin.key.lives"), "good")
    return Cell(look.word("admin.key.revoked", at=look.moment(row.revoked)), "dim")


KEYS: Sequence[Column[Any]] = (
    Column("id", "admin.column.code", lambda row, _look: row.id, 10),
    Column("scope", "admin.column.scope", lambda row, _look: row.scope, 20, flex=1, most=40),
    Column("note", "admin.column.note", lambda row, _look: row.note, 12, flex=2),
    Column("made", "admin.column.made", lambda row, look: look.moment(row.created), 11, rank=1,
           order=lambda row: -row.created),
    Column("by", "admin.column.by", lambda row, _look: row.created_by, 8, flex=1, most=20, rank=2),
    Column("state", "admin.column.state", _lives, 18, order=lambda row: row.revoked or 0),
)  # fmt: skip

# Channels 渠道.


def _state(row: ChannelRow, look: Look) -> Cell:
    return Cell(look.word(f"channel.state.{row.state}"), STATES.get(row.state, ""))


def _takes(row: ChannelRow, look: Look) -> Cell:
    return Cell(look.word("admin.channel.from", priority=look.word(f"task.priority.{row.spec.priority}")))


def _lost(row: ChannelRow, _look: Look) -> Cell:
    lost = row.counts.get("failed", 0) + row.counts.get("dropped", 0)
    return Cell(str(lost or ""), "bad")


def _error(row: ChannelRow, look: Look) -> Cell:
    return Cell(look.say(row.error) if row.error is not None else "", "bad")


CHANNELS: Sequence[Column[Any]] = (
    Column("code", "admin.column.code", lambda row, _look: row.spec.code, 10, flex=1, most=20),
    Column("kind", "admin.column.kind", lambda row, look: look.word(f"channel.kind.{row.spec.kind}"), 8, rank=2),
    Column("state", "admin.column.state", _state, 8),
    Column("grid", "admin.column.grid", lambda row, _look: row.spec.grid, 10, rank=3),
    Column("priority", "admin.column.takes", _takes, 10, rank=1),
    Column("waiting", "admin.column.waiting",
           lambda row, _look: Cell(str(row.counts.get("waiting", "")), "warn"), 5, align="right",
           order=lambda row: -row.counts.get("waiting", 0)),
    Column("sent", "admin.column.sent", lambda row, _look: str(row.counts.get("sent", "")), 6, align="right",
           order=lambda row: -row.counts.get("sent", 0)),
    Column("lost", "admin.column.lost", _lost, 6, align="right"),
    Column("ok", "admin.column.ok", lambda row, look: look.moment(row.ok_at) if row.ok_at else MISSING, 11, rank=3,
           order=lambda row: row.ok_at),
    Column("target", "admin.column.target", lambda row, _look: row.spec.target, 16, flex=2, rank=4),
    Column("error", "admin.column.error", _error, 14, flex=4),
)  # fmt: skip


def _delivery(row: DeliveryRow, look: Look) -> Cell:
    return Cell(look.word(f"channel.delivery.{row.state}"), TONES.get(row.state, ""))


DELIVERIES: Sequence[Column[Any]] = (
    Column("at", "admin.column.at", lambda row, look: look.moment(row.at), 11, order=lambda row: -row.at),
    Column("state", "admin.column.state", _delivery, 8),
    Column("tries", "admin.column.tries", lambda row, _look: str(row.attempts or ""), 5, align="right",
           order=lambda row: -row.attempts),
    Column("sent", "admin.column.sent", lambda row, look: look.moment(row.sent_at) if row.sent_at else "", 11,
           rank=1, order=lambda row: row.sent_at),
    Column("next", "admin.column.next",
           lambda row, look: look.moment(row.next_at) if row.state == "waiting" else "", 11, rank=2,
           order=lambda row: row.next_at),
    Column("error", "admin.column.error",
           lambda row, look: Cell(look.say(row.error) if row.error is not None else "", "bad"), 14, flex=3),
    Column("notice", "admin.column.notice", lambda row, _look: Cell(row.notice, "dim"), 16, flex=2, rank=3),
    Column("id", "admin.column.id", lambda row, _look: Cell(row.id[:12], "dim"), 12, rank=4),
)  # fmt: skip

# Audit 审计.


def act(row: AuditLine, look: Look) -> str:
    """What was done, in words where there are any."""
    return entry(f"audit.act.{row.act}", look.language) or row.act


AUDIT: Sequence[Column[Any]] = (
    Column("id", "admin.column.id", lambda row, _look: Cell(str(row.id), "dim"), 5, align="right", rank=3,
           order=lambda row: -row.id),
    Column("at", "admin.column.at", lambda row, look: look.moment(row.at), 11, order=lambda row: -row.at),
    Column("who", "admin.column.who", lambda row, _look: row.actor_name, 8, flex=1, most=20),
    Column("act", "admin.column.act", act, 14, flex=1, most=22),
    Column("subject", "admin.column.subject", lambda row, _look: row.subject, 14, flex=1, most=26),
    Column("detail", "admin.column.detail", lambda row, _look: Cell(row.detail, "dim"), 12, flex=4),
)  # fmt: skip

COLUMNS: Mapping[str, Sequence[Column[Any]]] = {
    "people": PEOPLE,
    "policies": POLICIES,
    "keys": KEYS,
    "channels": CHANNELS,
    "audit": AUDIT,
}
