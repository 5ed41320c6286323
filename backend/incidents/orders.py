"""Orders 指令、管控令 from above: issued, amended, withdrawn; each act stays in the order's history.

An order holds for grids or for sources, from an instant until another, or until it is withdrawn. Orders of the city
pack are of the same table and can be amended and withdrawn like those that are entered here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import ColumnElement, Connection, Table, or_, select, text, update

from backend.city.tables import Department, Grid, Source, StandingOrder
from backend.incidents.tables import OrderAct
from backend.store.model import table
from backend.text import clean
from backend.words import Message, Outcome

ORDER, ORDER_ACT = table(StandingOrder), table(OrderAct)
DEPARTMENT, GRID, SOURCE = table(Department), table(Grid), table(Source)
KINDS = ("heavy_pollution", "stop_work", "declared_stop", "instruction")
"""Heavy-pollution warning 重污染天气预警, stop-work order 停工令, declared stop 申报停产, instruction 上级指示."""
LEVELS = ("yellow", "orange", "red")
"""Of a heavy-pollution warning (domain paper 5)."""
SCOPES = ("grid", "source")
LONGEST_TEXT, LONGEST_TITLE = 2000, 80
AMENDED = ("title", "level", "scope_kind", "scope", "starts", "ends", "due", "issued_by", "lead", "text",
           "allowed_load", "title_en")  # fmt: skip
"""What an amendment may give new values."""


@dataclass(frozen=True, slots=True)
class Order:
    """What an order says."""

    kind: str
    title: str
    scope_kind: str
    scope: tuple[str, ...]
    """Codes of grids, or of sources."""
    starts: int
    ends: int | None = None
    text: str = ""
    level: str = ""
    due: int | None = None
    """Until when the work that it asks for is to be done."""
    issued_by: str = ""
    lead: str = ""
    """The department that leads."""
    allowed_load: int | None = None
    """Per cent of its usual load 允许负荷 that each source it holds for may run, under a heavy-pollution warning."""
    title_en: str = ""
    """Its title in English, where the product or the pack made it; what a person typed stands as it was typed."""


def in_force(at: int, orders: Table = ORDER) -> ColumnElement[bool]:
    """The condition on the orders that hold at an instant."""
    now = (orders.c.starts <= at) & or_(orders.c.ends.is_(None), orders.c.ends > at)
    return now & orders.c.withdrawn.is_(None)


def issue(conn: Connection, order: Order, *, zone: ZoneInfo, actor: str, now: int) -> Outcome:
    """Enter an order; ``data["order"]`` is its code."""
    why = _fault(conn, order, now)
    if why is not None:
        return Outcome(False, why)
    code, row = _mint(conn, zone, now), _row(order)
    conn.execute(ORDER.insert().values(code=code, recorded=now, **row))
    _note(conn, code, "issue", actor, now, row)
    return Outcome(True, Message("order.done.issued", {"order": code}), {"order": code})


def amend(conn: Connection, code: str, changes: Mapping[str, Any], *, actor: str, now: int) -> Outcome:
    """Give some fields of an order that has not ended new values; ``scope`` as a sequence of codes."""
    row = conn.execute(select(ORDER).where(ORDER.c.code == code)).first()
    if row is None:
        return Outcome.refused("order.refused.unknown", order=clean(code, limit=40))
    if row.withdrawn is not None or (row.ends is not None and row.ends <= now):
        return Outcome.refused("order.refused.over", order=code, at=row.withdrawn or row.ends)
    if stray := sorted(set(changes) - set(AMENDED)):
        return Outcome.refused("order.refused.field", field=clean(stray[0], limit=40))
    before = read(row)
    held = {name: getattr(before, name) for name in before.__slots__}
    after = Order(**(held | dict(changes)))
    why = _fault(conn, after, now, before)
    if why is not None:
        return Outcome(False, why)
    old, new = _row(before), _row(after)
    changed = {name: value for name, value in new.items() if value != old[name]}
    if not changed:
        return Outcome.refused("order.refused.same")
    conn.execute(update(ORDER).where(ORDER.c.code == code).values(**changed))
    _note(conn, code, "amend", actor, now, changed)
    return Outcome(True, Message("order.done.amended", {"order": code}), {"order": code})


def withdraw(conn: Connection, code: str, reason: str, *, actor: str, now: int) -> Outcome:
    """End an order before its end; it stays readable."""
    row = conn.execute(select(ORDER).where(ORDER.c.code == code)).first()
    if row is None:
        return Outcome.refused("order.refused.unknown", order=clean(code, limit=40))
    if row.withdrawn is not None or (row.ends is not None and row.ends <= now):
        return Outcome.refused("order.refused.over", order=code, at=row.withdrawn or row.ends)
    if not (why := clean(reason, limit=200)):
        return Outcome.refused("order.refused.reason")
    conn.execute(update(ORDER).where(ORDER.c.code == code).values(withdrawn=now, ends=now))
    _note(conn, code, "withdraw", actor, now, {"reason": why})
    return Outcome(True, Message("order.done.withdrawn", {"order": code}), {"order": code})


def read(row: Any) -> Order:
    """An order as its row says it."""
    return Order(
        kind=row.kind,
        title=row.title,
        scope_kind=row.scope_kind,
        scope=tuple(code for code in row.scope.split("|") if code),
        starts=row.starts,
        ends=row.ends,
        text=row.text,
        level=row.level,
        due=row.due,
        issued_by=row.issued_by,
        lead=row.lead,
        allowed_load=row.allowed_load,
        title_en=row.title_en,
    )


def grids_of(conn: Connection, scope_kind: str, scope: Sequence[str]) -> list[str]:
    """The grids in which an order holds: its own, or those in which its sources lie."""
    if scope_kind != "source":
        return list(scope)
    query = select(SOURCE.c.grid).where(SOURCE.c.code.in_(scope)).order_by(SOURCE.c.grid)
    return list(dict.fromkeys(conn.execute(query).scalars()))


def _row(order: Order) -> dict[str, Any]:
    return {
        "kind": order.kind,
        "level": order.level,
        "title": clean(order.title, limit=LONGEST_TITLE),
        "title_en": clean(order.title_en, limit=LONGEST_TITLE),
        "scope_kind": order.scope_kind,
        "scope": "|".join(order.scope),
        "starts": order.starts,
        "ends": order.ends,
        "issued_by": clean(order.issued_by, limit=60),
        "text": clean(order.text, limit=LONGEST_TEXT, lines=40),
        "lead": order.lead,
        "due": order.due,
        "allowed_load": order.allowed_load,
    }


def _fault(conn: Connection, order: Order, now: int, before: Order | None = None) -> Message | None:
    """What is wrong with an order; a due time that stood before may have passed."""
    if order.kind not in KINDS and (before is None or order.kind != before.kind):
        return Message("order.refused.kind", {"kind": clean(order.kind, limit=40)})
    if order.kind == "heavy_pollution" and order.level not in LEVELS:
        return Message("order.refused.level")
    if order.allowed_load is not None and order.kind != "heavy_pollution":
        return Message("order.refused.load_kind")
    if order.allowed_load is not None and not 0 <= order.allowed_load <= 100:
        return Message("order.refused.load")
    if not clean(order.title, limit=LONGEST_TITLE):
        return Message("order.refused.title")
    if len(order.title) > LONGEST_TITLE:
        return Message("order.refused.long_title", {"longest": LONGEST_TITLE, "length": len(order.title)})
    if len(order.text) > LONGEST_TEXT:
        return Message("order.refused.long_text", {"longest": LONGEST_TEXT, "length": len(order.text)})
    if order.ends is not None and order.ends <= max(order.starts, now):
        return Message("order.refused.ends", {"ends": order.ends})
    if order.due is not None and order.due <= now and (before is None or order.due != before.due):
        return Message("order.refused.due", {"due": order.due})
    if order.lead and not _known(conn, DEPARTMENT, [order.lead]):
        return Message("order.refused.lead", {"lead": clean(order.lead, limit=40)})
    return _scope_fault(conn, order)


def _scope_fault(conn: Connection, order: Order) -> Message | None:
    if order.scope_kind not in SCOPES or not order.scope:
        return Message("order.refused.scope")
    held = _known(conn, GRID if order.scope_kind == "grid" else SOURCE, order.scope)
    missing = [code for code in order.scope if code not in held]
    if missing:
        args = {"code": clean(missing[0], limit=40), "kind": order.scope_kind}
        return Message("order.refused.scope_code", args)
    return None


def _known(conn: Connection, of: Table, codes: Sequence[str]) -> set[str]:
    return set(conn.execute(select(of.c.code).where(of.c.code.in_(codes), of.c.in_service)).scalars())


def _mint(conn: Connection, zone: ZoneInfo, now: int) -> str:
    day = datetime.fromtimestamp(now, zone).strftime("%Y%m%d")
    number = conn.execute(
        text(
            "INSERT INTO counter (name, value) VALUES (:name, 1) "
            "ON CONFLICT (name) DO UPDATE SET value = counter.value + 1 RETURNING value"
        ),
        {"name": f"order:{day}"},
    ).scalar_one()
    return f"ZL{day}-{number:02d}"


def _note(conn: Connection, code: str, act: str, actor: str, now: int, body: Mapping[str, Any]) -> None:
    told = msgspec.json.encode(body, order="sorted").decode()
    conn.execute(ORDER_ACT.insert().values(code=code, at=now, act=act, actor=actor, body=told))
