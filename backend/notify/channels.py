"""Channels 通知渠道: ways out of the house, each for a grid and from a priority on."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from sqlalchemy import Connection, delete, insert, select, update

from backend.city.tables import Grid
from backend.feeds.http import host_of
from backend.notify.tables import Channel, Delivery
from backend.store import table
from backend.text import clean
from backend.words import Message

CHANNEL, DELIVERY, GRID = table(Channel), table(Delivery), table(Grid)
PRIORITIES: Final = ("critical", "high", "medium", "low")
KINDS: Final = ("webhook", "command")
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_SECRET = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
LONGEST_TIMEOUT = 60
SECRET: Final = "{secret}"


@dataclass(frozen=True, slots=True)
class Spec:
    """What a channel is told to be."""

    code: str
    kind: str
    grid: str
    priority: str = "high"
    below: bool = True
    language: Literal["zh", "en"] = "zh"
    url: str = ""
    argv: tuple[str, ...] = ()
    secret: str = ""
    template: str = ""
    expects: str = ""
    timeout: int = 10

    @property
    def target(self) -> str:
        """Where it goes, for people to read: never with a secret."""
        return self.url.partition("?")[0] if self.kind == "webhook" else " ".join(self.argv)


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """A channel with how it is doing."""

    spec: Spec
    enabled: bool
    created: int
    created_by: str
    state: str
    """``new``, ``ok``, ``failing`` or ``dead``; ``off`` where it is switched off."""
    failures: int
    since: int | None
    ok_at: int | None
    tried_at: int | None
    next_at: int | None
    error: Message | None
    counts: Mapping[str, int] = field(default_factory=dict)
    """Deliveries by their states."""


def faults(connection: Connection, spec: Spec) -> list[Message]:
    """All that is wrong with a channel to be."""
    found = []
    if not _CODE.fullmatch(spec.code):
        found.append(Message("channel.fault.code", {"code": clean(spec.code, limit=40)}))
    if spec.kind not in KINDS:
        found.append(Message("channel.fault.kind", {"kind": clean(spec.kind, limit=40)}))
    if spec.priority not in PRIORITIES:
        found.append(Message("channel.fault.priority", {"priority": clean(spec.priority, limit=40)}))
    if not 1 <= spec.timeout <= LONGEST_TIMEOUT:
        found.append(Message("channel.fault.timeout", {"seconds": spec.timeout, "most": LONGEST_TIMEOUT}))
    if spec.secret and not _SECRET.fullmatch(spec.secret):
        found.append(Message("channel.fault.secret", {"name": clean(spec.secret, limit=80)}))
    if connection.execute(select(GRID.c.code).where(GRID.c.code == spec.grid)).first() is None:
        found.append(Message("channel.fault.grid", {"grid": clean(spec.grid, limit=40)}))
    found += _webhook_faults(spec) if spec.kind == "webhook" else _command_faults(spec)
    return found


def _webhook_faults(spec: Spec) -> list[Message]:
    found = []
    if not spec.url:
        found.append(Message("channel.fault.no_url"))
    elif not host_of(spec.url) or "@" in spec.url.partition("//")[2].partition("/")[0]:
        found.append(Message("channel.fault.url", {"url": clean(spec.target, limit=120)}))
    if SECRET in spec.url and not spec.secret:
        found.append(Message("channel.fault.no_secret"))
    if spec.argv:
        found.append(Message("channel.fault.both"))
    if spec.template:
        try:
            json.loads(spec.template)
        except ValueError as error:
            found.append(Message("channel.fault.template", {"error": clean(str(error), limit=80)}))
    return found


def _command_faults(spec: Spec) -> list[Message]:
    found = []
    if not spec.argv or not spec.argv[0].startswith("/"):
        found.append(Message("channel.fault.command"))
    if any("\0" in one for one in spec.argv):
        found.append(Message("channel.fault.command"))
    if spec.url or spec.template or spec.expects:
        found.append(Message("channel.fault.both"))
    return found


def add(connection: Connection, spec: Spec, actor: str, now: int) -> None:
    """Keep a channel; its faults have been looked for, and its code is free."""
    values = {name: getattr(spec, name) for name in Spec.__slots__ if name != "argv"}
    argv = json.dumps(list(spec.argv), ensure_ascii=False) if spec.argv else ""
    state = {"enabled": True, "state": "new", "failures": 0, "error": "", "error_args": ""}
    connection.execute(insert(CHANNEL).values(**values, argv=argv, created=now, created_by=actor, **state))


def remove(connection: Connection, code: str) -> bool:
    """Take a channel away with all that waits for it; what was sent stays on record."""
    connection.execute(
        update(DELIVERY)
        .where(DELIVERY.c.channel == code, DELIVERY.c.state == "waiting")
        .values(state="dropped", error="channel.gone", error_args="")
    )
    return connection.execute(delete(CHANNEL).where(CHANNEL.c.code == code)).rowcount == 1


def switch(connection: Connection, code: str, *, on: bool) -> bool:
    """Switch a channel on or off; False where there is none, or it is so already. What waits goes on waiting."""
    done = connection.execute(
        update(CHANNEL)
        .where(CHANNEL.c.code == code, CHANNEL.c.enabled.is_(not on))
        .values(enabled=on, next_at=None)
    )
    return done.rowcount == 1


def read(connection: Connection, code: str = "", *, counted: bool = True) -> list[ChannelRow]:
    """The channels, or the one of this code."""
    query = select(CHANNEL).order_by(CHANNEL.c.code)
    if code:
        query = query.where(CHANNEL.c.code == code)
    counts: dict[str, dict[str, int]] = {}
    if counted:
        for name, state, count in connection.execute(_counts()):
            counts.setdefault(name, {})[state] = count
    return [_row(row, counts.get(row.code, {})) for row in connection.execute(query)]


def _counts() -> Any:
    from sqlalchemy import func

    return select(DELIVERY.c.channel, DELIVERY.c.state, func.count()).group_by(
        DELIVERY.c.channel, DELIVERY.c.state
    )


def _row(row: Any, counts: Mapping[str, int]) -> ChannelRow:
    values = {name: getattr(row, name) for name in Spec.__slots__ if name != "argv"}
    return ChannelRow(
        Spec(**values, argv=_words(row.argv)),
        row.enabled,
        row.created,
        row.created_by,
        row.state if row.enabled else "off",
        row.failures,
        row.since,
        row.ok_at,
        row.tried_at,
        row.next_at,
        error_of(row.error, row.error_args),
        counts,
    )


def _words(kept: str) -> tuple[str, ...]:
    """A command's words; none where the column holds no list of them: one broken row must not hide all channels."""
    try:
        found = json.loads(kept or "[]")
    except ValueError:
        return ()
    return tuple(map(str, found)) if isinstance(found, list) else ()


def error_of(code: str, args: str) -> Message | None:
    """A kept error as a message."""
    return Message(code, json.loads(args) if args else {}) if code else None


def kept(error: Message | None) -> dict[str, str]:
    """An error as the columns keep it."""
    if error is None:
        return {"error": "", "error_args": ""}
    return {"error": error.code, "error_args": json.dumps(dict(error.args), ensure_ascii=False)}
