"""Policies 时限与升级策略: versions, what is wrong with a text, what it would have changed, putting one in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, insert, select

from backend.access import may
from backend.access.audit import append
from backend.city.tables import IncidentType, PolicyText
from backend.desk.desk import Desk
from backend.escalation import dryrun
from backend.escalation.dryrun import Changed as Changed
from backend.escalation.policy import Rules, faults_of, rules_of
from backend.store import table
from backend.tasks.arbitration import TYPE as ARBITRATION
from backend.tasks.policy import DEFAULT_VERSION, default_text, parsed, policy_at
from backend.tasks.rows import TASK
from backend.tasks.settings import Fault as Fault
from backend.tasks.states import CLOCK_OF_STATE, ClockKind
from backend.text import clean
from backend.words import Message, Outcome

POLICY, TYPE = table(PolicyText), table(IncidentType)
LARGEST = 256 * 1024
"""Bytes of a policy text; the one that ships has 8,000."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the policy."""

    version: int
    effective: int
    """From when on new tasks go by it."""
    note: str
    in_force: bool
    open_tasks: int
    """Tasks that are not done with and go by it."""


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a text would have changed in a month."""

    since: int
    until: int
    tasks: int
    changed: int
    breaches: Mapping[str, tuple[int, int]]
    """Misses by clock: with the policies that the tasks had, and with this one."""
    rises: Mapping[str, tuple[int, int]]
    """Escalations by the tier they led to, likewise."""
    rows: Sequence[Changed]
    """The tasks that differ, the first so many."""
    recorded: int
    """Misses in the books: how near the replay comes to what happened."""


def versions(desk: Desk) -> list[Version]:
    """Every version, the newest first; the product's own where the city has none."""
    with desk.store.read() as connection:
        rows = connection.execute(
            select(POLICY).order_by(POLICY.c.effective.desc(), POLICY.c.version.desc())
        ).all()
        holds = policy_at(connection, desk.now).version
        counts = {
            row[0]: row[1]
            for row in connection.execute(
                select(TASK.c.policy_version, func.count())
                .where(TASK.c.closed.is_(None))
                .group_by(TASK.c.policy_version)
            )
        }
    found = [
        Version(r.version, r.effective, r.note, r.version == holds, counts.get(r.version, 0)) for r in rows
    ]
    if not found or DEFAULT_VERSION in counts:
        found.append(
            Version(DEFAULT_VERSION, 0, "", holds == DEFAULT_VERSION, counts.get(DEFAULT_VERSION, 0))
        )
    return found


def text_of(desk: Desk, version: int) -> str | None:
    """The text of a version; None where there is none."""
    with desk.store.read() as connection:
        text = connection.execute(
            select(POLICY.c.text).where(POLICY.c.version == version)
        ).scalar_one_or_none()
    return default_text() if text is None and version == DEFAULT_VERSION else text


def check(desk: Desk, text: str) -> list[Fault]:
    """Everything that is wrong with a text, by line: clocks, limits, calendars and steps."""
    return list(faults_of(text, desk.zone.key))


def warnings(desk: Desk, text: str) -> list[Message]:
    """What a sound text may not mean: calendars whose decreed days are not known for long, types that the city has not,
    clocks that raise nothing when they are missed."""
    policy = parsed(0, text, desk.zone.key)
    rules = rules_of(policy)
    with desk.store.read() as connection:
        known = {*connection.execute(select(TYPE.c.code)).scalars(), ARBITRATION}
    named = {*policy.limits.maintenance, *policy.limits.recheck}
    steps = (*rules.clocks, *rules.orders, *rules.causes.values())
    named = named.union(*(row.types for row in policy.targets), *(rule.types for rule in steps))
    odd = [Message("policy.doubt.type", {"type": code}) for code in sorted(named - known)] if known else []
    return [
        *policy.doubts(desk.now),
        *odd,
        *(Message("policy.doubt.silent", {"clock": one}) for one in silent(rules)),
    ]


def silent(rules: Rules) -> list[str]:
    """The clocks of work that nobody above hears of when they are missed."""
    raising = {clock for rule in rules.clocks if rule.do == "escalate" for clock in rule.clocks}
    return [
        str(clock)
        for clock in dict.fromkeys(CLOCK_OF_STATE.values())
        if clock not in (*raising, ClockKind.OFFER)
    ]


def read_file(path: Path) -> str:
    """The text of a policy file.

    Raises:
        OSError: it can't be read.
        ValueError: it is no text, or far too long to be a policy.
    """
    raw = path.read_bytes()
    if len(raw) > LARGEST:
        raise ValueError(f"{len(raw)} bytes")
    return raw.decode("utf-8-sig")


def add(desk: Desk, text: str, effective: int, note: str = "") -> Outcome:
    """Put a policy in force for tasks that are filed from an instant on; ``data["version"]`` is its number.

    Refused where it is wrong, lies in the past (history is not judged anew), or changes nothing.
    """
    faults = check(desk, text)
    with desk.store.write() as connection:
        refusal = may(connection, desk.actor, "policy.manage")
        if refusal is not None:
            return Outcome(False, refusal)
        if faults:
            first = faults[0]
            return Outcome.refused(
                "policy.refused.faults", count=len(faults), line=first.line, where=first.where
            )
        if effective < desk.now:
            return Outcome.refused("policy.refused.past", at=effective)
        before = policy_at(connection, effective)
        if before.text == text:
            return Outcome.refused("policy.refused.same", version=before.version)
        version = (connection.execute(select(func.max(POLICY.c.version))).scalar_one_or_none() or 0) + 1
        row = {"version": version, "effective": effective, "text": text, "note": clean(note, limit=200)}
        connection.execute(insert(POLICY).values(**row))
        append(connection, desk.actor.person, "policy.add", str(version), desk.now, effective=effective)
    done = Outcome.done("policy.done.added", version=version, at=effective)
    for doubt in parsed(0, text, desk.zone.key).doubts(desk.now):
        done = Outcome.done("policy.done.added_doubt", version=version, at=effective, **doubt.args)
    return Outcome(True, done.message, {"version": version})


def dry_run(desk: Desk, text: str, month: str = "") -> DryRun:
    """Replay a month's tasks against a text: the misses and escalations that would have differed.

    Args:
        month: ``YYYY-MM`` of the city's calendar; the last whole month where empty.

    Raises:
        SettingsError: with every mistake in the text.
        ValueError: it is no month.
    """
    since, until = _month(desk, month)
    with desk.store.read() as connection:
        found = dryrun.dry_run(connection, text, since, min(until, desk.now))
    return DryRun(
        since=since,
        until=until,
        tasks=found.tasks,
        changed=found.changed,
        breaches=dryrun.difference(found.breaches_now, found.breaches_then),
        rises=dryrun.difference(found.rises_now, found.rises_then),
        rows=found.rows,
        recorded=sum(found.recorded.values()),
    )


def _month(desk: Desk, month: str) -> tuple[int, int]:
    if month:
        first = date.fromisoformat(f"{month}-01")
    else:
        today = datetime.fromtimestamp(desk.now, desk.zone).date()
        first = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    begin, end = (datetime(day.year, day.month, 1, tzinfo=desk.zone) for day in (first, following))
    return int(begin.timestamp()), int(end.timestamp())
