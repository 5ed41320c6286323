"""Under which conditions on the task an act is allowed: guards that the table of acts names.

A guard answers None, or why the act is refused. Those in `NEEDS_BODY` look at what the actor wrote and are left out
when a screen only asks what it may offer; they stand in `backend.tasks.written`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from backend.tasks.clocks import missed
from backend.tasks.context import Context, refusal
from backend.tasks.states import SUPERVISOR, SYSTEM, TIERS, above, rank
from backend.words import Message

Guard = Callable[[Context], Message | None]
GUARDS: Final[dict[str, Guard]] = {}
NEEDS_BODY: Final[set[str]] = set()


def guard(*, body: bool = False) -> Callable[[Guard], Guard]:
    """Register a guard under its function's name."""

    def register(function: Guard) -> Guard:
        name = function.__name__.strip("_")
        GUARDS[name] = function
        if body:
            NEEDS_BODY.add(name)
        return function

    return register


# Conditions on the task.


@guard()
def _critical_supervisor(c: Context) -> Message | None:
    if c.task.priority == "critical" and c.op.role != SUPERVISOR:
        return refusal("critical_supervisor")
    return None


@guard()
def _critical_city(c: Context) -> Message | None:
    if c.task.priority == "critical" and c.op.role != SYSTEM and c.op.tier != "M":
        return refusal("tier", own=c.op.tier, needed="M")
    return None


@guard()
def _auto_trusted(c: Context) -> Message | None:
    return refusal("suspect") if c.op.role == SYSTEM and c.task.suspect_data else None


@guard()
def _doubted(c: Context) -> Message | None:
    return None if c.task.suspect_data else refusal("not_suspect", task=c.task.id)


@guard()
def _own_filing(c: Context) -> Message | None:
    """The product files what it opened itself, an arbitration; everything else is a person's to judge."""
    return (
        refusal("role", role=SYSTEM, needed="seat", ask="seat")
        if c.op.role == SYSTEM and not c.task.about
        else None
    )


@guard()
def _arbitration(c: Context) -> Message | None:
    return None if c.task.about else refusal("no_arbitration", task=c.task.id)


@guard()
def _ordinary(c: Context) -> Message | None:
    """An arbitration ends by its verdict alone: merged or voided it would leave the task that waits for it standing."""
    return refusal("arbitration_only", about=c.task.about) if c.task.about else None


@guard()
def _arbitrated(c: Context) -> Message | None:
    return None if c.task.arbitration else refusal("no_arbitration", task=c.task.id)


@guard()
def _returns_left(c: Context) -> Message | None:
    limit = c.policy.limits.returns
    return refusal("returns", limit=limit) if c.task.returns >= limit else None


@guard()
def _second_return(c: Context) -> Message | None:
    if c.task.returns >= 2 and rank(c.op.tier) < rank("C"):
        return refusal("tier", own=c.op.tier, needed="C")
    return None


@guard()
def _independent(c: Context) -> Message | None:
    if c.op.on_behalf:
        return refusal("own_act")
    if c.op.actor == c.task.reporter:
        return refusal("reporter", by=c.task.reporter)
    if c.op.actor == c.task.recorder:
        return refusal("recorder", by=c.task.recorder)
    return None


@guard()
def _evidence_in(c: Context) -> Message | None:
    if c.task.evidence_pending:
        return refusal("evidence_pending", missing=c.task.evidence_pending)
    return None


@guard()
def _asked_suspend(c: Context) -> Message | None:
    if c.task.asked != "suspend":
        return refusal("not_asked")
    return refusal("asker", by=c.task.asked_by) if c.task.asked_by == c.op.actor else None


@guard()
def _asked(c: Context) -> Message | None:
    return None if c.task.asked else refusal("not_asked")


@guard()
def _review_reached(c: Context) -> Message | None:
    if c.op.role == SYSTEM and (c.task.review_at is None or c.now < c.task.review_at):
        return refusal("too_early", at=c.task.review_at)
    return None


@guard()
def _offers_left(c: Context) -> Message | None:
    if c.task.about:
        # The common superior's word is asked: it is given, and passed on to nobody.
        return refusal("arbitration_dispatch", about=c.task.about)
    if c.task.arbitration:
        return refusal("arbitration_open", arbitration=c.task.arbitration)
    if c.task.offers >= c.policy.limits.offers and rank(c.op.tier) < rank("C"):
        return refusal("offers", limit=c.policy.limits.offers)
    return None


@guard()
def _offer_overdue(c: Context) -> Message | None:
    clock = c.task.clock("OFFER")
    if clock is None or clock not in c.task.missed_clocks(c.now, c.policy.calendars):
        return refusal("too_early", at=c.task.due)
    return None


@guard()
def _extension_left(c: Context) -> Message | None:
    done = c.task.extensions
    if done >= c.policy.limits.extensions:
        return refusal("extensions", limit=c.policy.limits.extensions)
    needed = "T" if done == 0 else "C"
    return refusal("tier", own=c.op.tier, needed=needed) if rank(c.op.tier) < rank(needed) else None


@guard()
def _before_breach(c: Context) -> Message | None:
    return refusal("overdue") if c.task.overdue(c.now, c.policy.calendars) else None


@guard()
def _in_time(c: Context) -> Message | None:
    clock = c.task.state_clock()
    return refusal("overdue") if clock is not None and missed(clock, c.now, c.policy.calendars) else None


@guard()
def _level_above(c: Context) -> Message | None:
    wanted = c.text("to_level") or above(c.task.level)
    if rank(wanted) < 0:
        return refusal("schema", field="to_level", value=wanted)
    return refusal("top_level", level=c.task.level) if rank(wanted) <= rank(c.task.level) else None


@guard()
def _level_below(c: Context) -> Message | None:
    return refusal("bottom_level") if c.task.level == TIERS[0] else None


@guard()
def _reopen_window(c: Context) -> Message | None:
    closed, window = c.task.closed, c.policy.limits.reopening
    late = closed is not None and c.now > closed + window
    if late and not (c.op.role == SUPERVISOR and c.op.tier == "M"):
        return refusal("reopen_late", days=window // 86400)
    return None


@guard()
def _ack_expired(c: Context) -> Message | None:
    grace = c.policy.limits.ack_grace
    expires = c.task.ack_expires
    if not c.task.level_acked or expires is None or c.now < expires + grace:
        return refusal("too_early", at=None if expires is None else expires + grace)
    return None
