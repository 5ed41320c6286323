"""The plain recount of the month's drive: every step that the clocks ask for was taken, once, in time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, func, select

from backend.escalation.plan import DUE
from backend.escalation.policy import rules_of
from backend.escalation.steps import first_of, rules_of_clock
from backend.notify import notices
from backend.store import Store
from backend.tasks.clocks import due_at
from backend.tasks.facts import ACT
from backend.tasks.policy import policy_version
from backend.tasks.rows import TASK, load_many
from backend.tasks.states import TIERS
from backend.tasks.taskstate import TaskState
from tests.bench import county_city as county

EVERY: Final = 15
"""Seconds between two sweeps."""
MARGIN: Final = 2 * EVERY
Outages = Sequence[tuple[int, int]]
"""From when to when nothing swept."""


def recount(store: Store, now: int, outages: Outages, left: county.Left = ()) -> dict[str, int]:
    """Ask of every clock of every task which steps it should have taken, and look whether it did, once, in time."""
    figures: Counter[str] = Counter()
    with store.read() as connection:
        ids = list(connection.execute(select(TASK.c.id).order_by(TASK.c.id)).scalars())
        for start in range(0, len(ids), 200):
            part = ids[start : start + 200]
            query = select(DUE).where(DUE.c.task.in_(part), DUE.c.done.is_not(None))
            taken = {(row.task, row.step): row for row in connection.execute(query)}
            for state in load_many(connection, part).values():
                _recount(connection, state, taken, now, outages, figures)
                _nobody(state, taken, now, outages, left, figures)
        late = select(DUE.c.cause, DUE.c.at, DUE.c.late).where(DUE.c.late > EVERY)
        figures.update(
            f"late for {row.cause}" for row in connection.execute(late) if not _dark(row.at, outages)
        )
        twice = select(ACT.c.op, func.count()).group_by(ACT.c.op).having(func.count() > 1)
        assert not connection.execute(twice).all(), "an act stands twice in the log"
        told = select(func.count()).select_from(notices.NOTICE)
        figures["notices"] = connection.execute(told).scalar_one()
    return dict(figures)


def _recount(
    connection: Connection,
    state: TaskState,
    taken: Mapping[tuple[str, str], Any],
    now: int,
    outages: Outages,
    figures: Counter[str],
) -> None:
    policy = policy_version(connection, state.policy_version)
    rules = rules_of(policy)
    missed = set()
    told: set[tuple[str, str, int]] = set()
    for segment in state.segments:
        end = now if segment.stopped is None else segment.stopped
        for rule in rules_of_clock(state, segment, rules, due_at(segment, policy.calendars)):
            at = due_at(segment, policy.calendars, rule.percent)
            row = taken.get((state.id, f"{rule.cause or segment.kind}/{segment.id}/{rule.percent}"))
            figures["asked"] += 1
            share = (rule.cause, segment.kind, rule.percent)
            over = bool(segment.carried) and at is not None and at <= segment.started
            if not segment.carried:
                told.discard(share)
            if row is not None:
                told.add(share)
                figures["taken"] += 1
                assert at is None or row.done >= at, ("before its time", state.id, row.step)
                assert row.late <= EVERY or _dark(row.at, outages), ("late", state.id, row.step, row.late)
            elif over and share in told:
                # It was told before the clock went on with another target.
                figures["told before"] += 1
            elif at is not None and at + (rule.percent >= 100) + MARGIN < end:
                assert _dark(at, outages), ("never taken", state.id, segment.kind, rule.percent, at, end)
                figures["while nothing swept"] += 1
        due = due_at(segment, policy.calendars)
        if due is not None and due + MARGIN < end:
            missed.add(segment.kind)
    assert missed <= set(state.breaches.split()), ("a miss is not in the books", state.id, missed)
    figures["missed"] += len(missed)
    assert state.level in TIERS


def _nobody(
    state: TaskState,
    taken: Mapping[tuple[str, str], Any],
    now: int,
    outages: Outages,
    left: county.Left,
    figures: Counter[str],
) -> None:
    """Ask of every clock of a task without a holder whether its township emptied, and how soon that was noticed.

    Left out are those that were given back, offered, or have gone to another township since.
    """
    if state.type == "equipment" or state.about or state.returns or state.offers or not state.township:
        return
    for segment in state.segments:
        end = now if segment.stopped is None else segment.stopped
        moved = segment.holder != county.centre(state.township)
        if segment.kind != "DISPATCH" or segment.pauses or moved:
            continue
        empty = county.emptied(state.township, segment.started, end, left)
        row = taken.get((state.id, f"nobody/{first_of(state, segment)}"))
        if row is None:
            assert empty is None or empty + EVERY >= end or _dark(empty, outages), (
                "unnoticed",
                state.id,
                empty,
            )
            continue
        assert empty is not None, ("nobody was missing", state.id, row.at, row.done)
        figures["emptied"] += 1
        figures["emptied while the clock ran"] += empty > segment.started
        if not _dark(empty, outages):
            figures["longest from emptying to the step, s"] = max(
                figures["longest from emptying to the step, s"], row.done - empty
            )
            assert row.done - empty <= EVERY, ("noticed late", state.id, empty, row.done)


def _dark(at: int, outages: Outages) -> bool:
    """Whether the sweep after an instant fell into a time in which nothing swept."""
    return any(start - EVERY < at < stop for start, stop in outages)
