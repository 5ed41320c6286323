"""Under which conditions an act is allowed: the guards that the table of acts names.

A guard answers None, or why the act is refused. Those in `NEEDS_BODY` look at what the actor wrote and are left out
when a screen only asks what it may offer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from backend.tasks.clocks import missed
from backend.tasks.context import Context, refusal
from backend.tasks.states import BY_VOICE, LIVE, PRIORITIES, SUPERVISOR, SYSTEM, TIERS, above, rank
from backend.words import Message

HOLDER_KINDS: Final = ("member", "department", "centre")
FORCED: Final = ("holder", "centre", "department")
"""What a break-glass act may set."""
VERDICTS: Final = ("giver", "receiver")
"""Whose a task is that nobody took: it stays with whoever offered it, or goes to whom it was offered."""


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
    return refusal("role", role=SYSTEM, needed="seat") if c.op.role == SYSTEM and not c.task.about else None


@guard()
def _arbitration(c: Context) -> Message | None:
    return None if c.task.about else refusal("no_arbitration", task=c.task.id)


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


# Conditions on what the actor wrote.


@guard(body=True)
def _proposal(c: Context) -> Message | None:
    for key in ("type", "grid"):
        if not c.text(key):
            return refusal("missing", field=key)
    priority = c.text("priority")
    if priority not in PRIORITIES:
        return refusal("schema", field="priority", value=priority)
    if c.op.body.get("due") is None:
        return None
    due = c.number("due")
    if due is None:
        return refusal("schema", field="due", value=str(c.op.body.get("due")))
    if not c.text("order"):
        return refusal("missing", field="order")
    return refusal("due_past", at=due) if due <= c.now else None


@guard(body=True)
def _order_due(c: Context) -> Message | None:
    due = c.number("due")
    if c.task.order_due is None or due is None:
        return refusal("schema", field="due", value=str(c.op.body.get("due")))
    return refusal("due_past", at=due) if due <= c.now else None


@guard(body=True)
def _place(c: Context) -> Message | None:
    # An order has the scope that it was given: a county, or the whole city.
    settled = c.task.township or c.text("township") or c.task.order_code or c.task.about
    return None if settled else refusal("place", grid=c.task.grid)


@guard(body=True)
def _trusted(c: Context) -> Message | None:
    return refusal("suspect") if c.task.suspect_data and c.op.body.get("confirmed") is not True else None


@guard(body=True)
def _dismiss_reason(c: Context) -> Message | None:
    return _known_reason(c, c.policy.limits.dismiss_reasons)


@guard(body=True)
def _suspend_reason(c: Context) -> Message | None:
    return _known_reason(c, c.policy.limits.suspend_reasons)


def _known_reason(c: Context, known: tuple[str, ...]) -> Message | None:
    reason = c.text("reason")
    if not reason:
        return refusal("missing", field="reason")
    return refusal("reason", reason=reason, known=", ".join(known)) if known and reason not in known else None


@guard(body=True)
def _reason(c: Context) -> Message | None:
    return None if c.text("reason") else refusal("missing", field="reason")


@guard(body=True)
def _cause(c: Context) -> Message | None:
    return None if c.text("cause") or c.text("reason") else refusal("missing", field="reason")


@guard(body=True)
def _note(c: Context) -> Message | None:
    return None if c.text("note") else refusal("missing", field="note")


@guard(body=True)
def _reference(c: Context) -> Message | None:
    return None if c.text("ref") else refusal("missing", field="ref")


@guard(body=True)
def _merge_target(c: Context) -> Message | None:
    other = c.facts.other
    if other is None or other.id == c.task.id or other.state not in LIVE:
        return refusal("merge_target", into=c.text("into"))
    if other.township == c.task.township:
        return None
    needed = "C" if other.county == c.task.county else "M"
    return refusal("tier", own=c.op.tier, needed=needed) if rank(c.op.tier) < rank(needed) else None


@guard(body=True)
def _verdict(c: Context) -> Message | None:
    to = c.text("to")
    return None if to in VERDICTS else refusal("reason", reason=to, known=", ".join(VERDICTS))


@guard(body=True)
def _proof(c: Context) -> Message | None:
    return None if c.text("proof") else refusal("missing", field="proof")


@guard(body=True)
def _to_whom(c: Context) -> Message | None:
    if c.task.about:
        return refusal("arbitration_dispatch", about=c.task.about)
    kind = c.text("holder_kind") or "member"
    if kind == "member" and c.task.type in c.policy.limits.maintenance:
        return refusal("not_member", type=c.task.type)
    if not c.text("holder"):
        return refusal("missing", field="holder")
    kind = c.text("holder_kind") or "member"
    return None if kind in HOLDER_KINDS else refusal("schema", field="holder_kind", value=kind)


@guard(body=True)
def _on_duty(c: Context) -> Message | None:
    return refusal("nobody", holder=c.text("holder")) if c.op.body.get("on_duty") is False else None


@guard(body=True)
def _elsewhere(c: Context) -> Message | None:
    holder = c.text("holder")
    return refusal("same_holder", holder=holder) if holder == c.task.prior_holder else None


@guard(body=True)
def _near(c: Context) -> Message | None:
    if c.op.channel in BY_VOICE or c.text("reason"):
        return None
    distance, radius = c.number("distance"), c.policy.limits.radius
    if distance is None:
        return refusal("no_place")
    return None if 0 <= distance <= radius else refusal("far", distance=distance, radius=radius)


@guard(body=True)
def _result(c: Context) -> Message | None:
    result = c.text("result")
    if not result:
        return refusal("missing", field="result")
    known = c.facts.results
    return refusal("reason", reason=result, known=", ".join(known)) if known and result not in known else None


@guard(body=True)
def _evidence(c: Context) -> Message | None:
    # By phone the evidence is what the seat was told; the record of the call stands for it.
    if c.op.channel in BY_VOICE or c.words("evidence") or c.words("pending"):
        return None
    return refusal("missing", field="evidence")


@guard(body=True)
def _recheck(c: Context) -> Message | None:
    if c.task.type in c.policy.limits.recheck and c.text("recheck") != "clean":
        return refusal("recheck")
    return None


@guard(body=True)
def _review_date(c: Context) -> Message | None:
    review, longest = c.number("review_at"), c.policy.limits.suspension
    if review is None:
        return refusal("missing", field="review_at")
    return None if c.now < review <= c.now + longest else refusal("review_date", days=longest // 86400)


@guard(body=True)
def _receiver(c: Context) -> Message | None:
    receiver, kind = c.text("receiver"), c.text("receiver_kind") or "department"
    if not receiver:
        return refusal("missing", field="receiver")
    if kind not in ("department", "centre"):
        return refusal("schema", field="receiver_kind", value=kind)
    if receiver in (c.task.holder, c.task.centre):
        return refusal("same_holder", holder=receiver)
    return None


@guard(body=True)
def _extension_length(c: Context) -> Message | None:
    seconds, clock = c.number("seconds"), c.task.state_clock()
    if clock is None:
        return refusal("no_clock")
    longest = clock.target * c.policy.limits.extension_percent // 100
    if seconds is None or not 0 < seconds <= longest:
        return refusal("extension_length", longest=longest)
    return None


@guard(body=True)
def _new_evidence(c: Context) -> Message | None:
    if not c.words("evidence"):
        return refusal("missing", field="evidence")
    return None


@guard(body=True)
def _second_person(c: Context) -> Message | None:
    second = c.text("second")
    return refusal("second_person") if not second or second == c.op.actor else None


@guard(body=True)
def _forced_field(c: Context) -> Message | None:
    field, value = c.text("field"), c.text("value")
    if field not in FORCED or not value or (field == "holder" and not c.task.holder):
        return refusal("schema", field="field", value=f"{field}={value}")
    return None if c.text("reason") else refusal("missing", field="reason")


@guard(body=True)
def _new_priority(c: Context) -> Message | None:
    priority = c.text("priority")
    if priority not in PRIORITIES or priority == c.task.priority:
        return refusal("schema", field="priority", value=priority)
    lowered = PRIORITIES.index(priority) > PRIORITIES.index(c.task.priority)
    return refusal("lower_supervisor") if lowered and c.op.role != SUPERVISOR else None


@guard(body=True)
def _recallable(c: Context) -> Message | None:
    last, window = c.facts.last, c.policy.limits.recall
    if last is None or last.op != c.text("op"):
        return refusal("recall_later")
    if last.actor != c.op.actor:
        return refusal("recall_other", by=last.actor)
    if last.undo is None:
        return refusal("recall_never", act=last.kind)
    return refusal("recall_late", seconds=window) if c.now > last.at + window else None
