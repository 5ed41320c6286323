"""Under which conditions on what the actor wrote an act is allowed; see `backend.tasks.guards`."""

from __future__ import annotations

from typing import Final

from backend.tasks.context import Context, refusal
from backend.tasks.guards import GUARDS as GUARDS
from backend.tasks.guards import NEEDS_BODY as NEEDS_BODY
from backend.tasks.guards import guard
from backend.tasks.states import BY_VOICE, LIVE, PRIORITIES, SUPERVISOR, State, rank
from backend.tasks.taskstate import co_listed
from backend.words import Message

HOLDER_KINDS: Final = ("member", "department", "centre")
FORCED: Final = ("holder", "centre", "department")
"""What a break-glass act may set."""
VERDICTS: Final = ("giver", "receiver")
"""Whose a task is that nobody took: it stays with whoever offered it, or goes to whom it was offered."""


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
    if other is None or other.id == c.task.id or other.state not in LIVE or other.about:
        return refusal("merge_target", into=c.text("into"))
    if other.township == c.task.township:
        return None
    needed = "C" if other.county == c.task.county else "M"
    return refusal("tier", own=c.op.tier, needed=needed) if rank(c.op.tier) < rank(needed) else None


@guard(body=True)
def _merge_upward(c: Context) -> Message | None:
    """Who answers for a task goes with it: merged into one that is answered for less, it would be let go of.

    A draft that rose did so because nobody had looked at it; to merge it is to have looked.
    """
    task, into = c.task, c.facts.other
    assert into is not None
    if task.order_code and into.order_code != task.order_code:
        return refusal("merge_order", order=task.order_code)
    if task.supervised and not into.supervised:
        return refusal("merge_supervised", into=into.id)
    if task.state != State.DRAFT and rank(into.level) < rank(task.level):
        return refusal("merge_lower", into=into.id, level=task.level, lower=into.level)
    return None


@guard(body=True)
def _co_known(c: Context) -> Message | None:
    """Whoever is to help is a department that there is."""
    named, known = c.op.body.get("co_departments"), c.facts.departments
    if named is None:
        return None
    if not isinstance(named, str | list | tuple):
        return refusal("schema", field="co_departments", value=str(named))
    odd = [code for code in co_listed(named) if known is not None and code not in known]
    return refusal("schema", field="co_departments", value=odd[0]) if odd else None


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
def _there(c: Context) -> Message | None:
    """Whatever the act names is in the city, and in service: a task must not go to nobody."""
    return refusal("not_there", code=c.facts.missing) if c.facts.missing else None


@guard(body=True)
def _within(c: Context) -> Message | None:
    """Work goes to another township or county by an offer, which they take: nobody finds it on their list unasked."""
    return refusal("outside", holder=c.facts.outside) if c.facts.outside else None


@guard(body=True)
def _on_duty(c: Context) -> Message | None:
    return refusal("nobody", holder=c.text("holder")) if c.op.body.get("on_duty") is False else None


@guard(body=True)
def _elsewhere(c: Context) -> Message | None:
    holder = c.text("holder")
    return refusal("same_holder", holder=holder) if holder == c.task.prior_holder else None


@guard(body=True)
def _near(c: Context) -> Message | None:
    # A duty room has no position of its own: only somebody's phone tells how far it is.
    if c.op.channel in BY_VOICE or c.text("reason") or c.task.holder_kind in ("centre", "department"):
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
def _new_type(c: Context) -> Message | None:
    for field in ("type", "title_code"):
        if not c.text(field):
            return refusal("missing", field=field)
    kind = c.text("type")
    return refusal("schema", field="type", value=kind) if kind == c.task.type else None


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
