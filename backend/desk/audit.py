"""The audit chain at the desk: whether it holds, and what was done by whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from backend.access import headfile
from backend.access.audit import AUDIT, append, head
from backend.access.chain import MOST, Fault, Verdict, examine
from backend.access.headfile import Head
from backend.access.rights import by_role
from backend.desk.desk import Desk
from backend.desk.naming import names
from backend.desk.people import people
from backend.duty.tables import Handover
from backend.reports.tables import Bulletin
from backend.store import table
from backend.tasks import seals
from backend.text import clean, fold
from backend.words import Message, Outcome, entry

__all__ = ["AuditLine", "Fault", "Verdict", "board", "rebase", "refusal", "verify"]

HANDOVER, BULLETIN = table(Handover), table(Bulletin)
RIGHT = "audit.read"
PAGE = 2000
"""Rows that are read at once."""


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One thing that was done to the product itself."""

    id: int
    at: int
    actor: str
    actor_name: str
    act: str
    subject: str
    body: Mapping[str, Any]
    digest: str

    @property
    def detail(self) -> str:
        """What was noted with it, in one line."""
        return " ".join(f"{key}={value}" for key, value in self.body.items() if value not in ("", None))


def refusal(desk: Desk) -> Message | None:
    """Why the person may not read the audit; None where they may."""
    return by_role(desk.actor, RIGHT)


def verify(desk: Desk, head: str = "") -> Verdict:
    """Walk the chain, and hold it against the head outside the database and against those that were printed.

    Args:
        desk: where one sits.
        head: a digest from a bulletin, a handover or an earlier answer, or its first sixteen characters or more.
    """
    with desk.store.read() as connection:
        path = headfile.path_of(connection)
        broken = None
        try:
            kept = headfile.read(path)
        except ValueError as error:
            kept = None
            broken = Fault("unknown", 0, Message("audit.fault.file", {"path": clean(str(error))}))
        verdict = examine(connection, kept, _printed(connection))
        more = [broken] if broken is not None else []
        more += [_unsealed(one) for one in islice(seals.broken(connection), MOST)]
        if kept is None and broken is None and verdict.rows:
            more.append(Fault("unconfirmed", 0, Message("audit.fault.no_file", {"path": str(path or "")})))
        if head and not _known(connection, head):
            message = Message("audit.fault.unknown", {"head": clean(head, limit=64), "where": "--head"})
            more.append(Fault("cut", 0, message))
    return Verdict(verdict.rows, verdict.last, verdict.head, (*verdict.faults, *more))


def _unsealed(one: seals.Broken) -> Fault:
    """What is wrong with acts to tasks that the chain vouches for."""
    args = {"first": one.first, "last": one.last, "at": one.at}
    return Fault(one.kind, one.last, Message(f"audit.fault.acts_{one.kind}", args))


def _known(connection: Connection, head: str) -> bool:
    if len(head) < 16 or not head.isalnum():
        return False
    query = select(AUDIT.c.id).where(AUDIT.c.digest.startswith(head.lower(), autoescape=True)).limit(1)
    return connection.execute(query).first() is not None


def _printed(connection: Connection) -> list[tuple[str, str]]:
    """The heads in handovers and bulletins, the digests of then."""
    found = []
    for of, name in ((HANDOVER, HANDOVER.c.id), (BULLETIN, BULLETIN.c.day)):
        query = select(of.c.audit_head, name).where(of.c.audit_head != "")
        found += [(row[0], str(row[1])) for row in connection.execute(query)]
    return found


def board(
    desk: Desk,
    *,
    find: str = "",
    since: int | None = None,
    until: int | None = None,
    person: str = "",
    limit: int = 1000,
) -> list[AuditLine]:
    """What was done, the newest first.

    Args:
        desk: where one sits.
        find: words that must all be in the act, its subject, its details or the person.
        since: from this instant on.
        until: before this instant.
        person: a person's code, or a part of their name.
        limit: rows at most.
    """
    wanted, who = [fold(word) for word in find.split()], fold(person)
    found: list[AuditLine] = []
    with desk.store.read() as connection:
        below: int | None = None
        while len(found) < limit:
            rows = _page(connection, since, until, below)
            if not rows:
                break
            below = rows[-1].id
            called = names(connection, {row.actor for row in rows}, desk.language)
            lines = (_line(row, called) for row in rows)
            found += [line for line in lines if _wanted(line, wanted, who)]
    return found[:limit]


def is_known(desk: Desk, person: str) -> bool:
    """Whether there is anybody, on the books or in the chain, whom `board` could find by this."""
    who = fold(person)
    with desk.store.read() as connection:
        actors = set(connection.execute(select(AUDIT.c.actor).distinct()).scalars())
        called = names(connection, actors, desk.language)
    if any(who in fold(actor) or who in fold(called.get(actor, "")) for actor in actors):
        return True
    return bool(people(desk.store, desk.language, find=person, limit=1))


def _page(connection: Connection, since: int | None, until: int | None, below: int | None) -> Sequence[Any]:
    query = select(AUDIT).order_by(AUDIT.c.id.desc()).limit(PAGE)
    for condition in (
        AUDIT.c.at >= since if since is not None else None,
        AUDIT.c.at < until if until is not None else None,
        AUDIT.c.id < below if below is not None else None,
    ):
        if condition is not None:
            query = query.where(condition)
    return connection.execute(query).all()


def _line(row: Any, called: Mapping[str, str]) -> AuditLine:
    try:
        body = msgspec.json.decode(row.body, type=dict[str, Any])
    except msgspec.DecodeError:
        # Somebody has changed it: shown as it is, made safe.
        body = {"?": clean(row.body)}
    actor = clean(row.actor, limit=60)
    return AuditLine(
        row.id, row.at, actor, called.get(row.actor, actor), clean(row.act, limit=60),
        clean(row.subject, limit=80), {clean(key): _safe(value) for key, value in body.items()}, row.digest,
    )  # fmt: skip


def _safe(value: Any) -> Any:
    return clean(value) if isinstance(value, str) else value


def _wanted(line: AuditLine, words: Sequence[str], who: str) -> bool:
    if who and who not in fold(line.actor) and who not in fold(line.actor_name):
        return False
    if not words:
        return True
    said = [entry(f"audit.act.{line.act}", language) or "" for language in ("zh", "en")]
    text = fold(" ".join((line.act, *said, line.subject, line.detail, line.actor, line.actor_name)))
    return all(word in text for word in words)


def rebase(desk: Desk, reason: str) -> Outcome:
    """Begin the file outside anew, and note why: a backup was brought back, or another machine took over."""
    why, told = refusal(desk), str(clean(reason, limit=200))
    if why is not None:
        return Outcome(False, why)
    if not told:
        return Outcome.refused("audit.refused.reason")
    with desk.store.write() as connection:
        path = headfile.path_of(connection)
        known = None
        try:
            known = headfile.read(path)
        except ValueError:
            told = f"{told} (unreadable)"
        append(
            connection, desk.actor.person, "audit.rebase", "", desk.now, reason=told,
            row=known.id if known else 0, head=known.digest if known else "",
            lost=len(known.lost) if known else 0, late=len(known.late) if known else 0,
        )  # fmt: skip
        newest = head(connection)
        last = connection.execute(select(AUDIT.c.id).order_by(AUDIT.c.id.desc()).limit(1)).scalar_one()
    if path is not None:
        headfile.write(path, Head(int(last), newest, desk.now))
    return Outcome.done("audit.done.rebase", row=int(last))
