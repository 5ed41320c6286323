"""Clocks 时限: append-only segments with pauses. What remains is computed, never stored.

The rules are workflow.md's: a change of policy, priority or target closes the segment and opens one that carries
what was used up (1); a pause has a reason from a fixed list (2); a breach is a fact (3); every clock has a calendar
(4); an act at the very instant it is due is in time (5).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from backend.tasks.calendars import Calendar, Office, of_key

Calendars = Mapping[str, Calendar]
PAUSE_REASONS: Final = frozenset({"suspended", "offered", "arbitration", "link_outage"})
"""Nothing else stops a clock, least of all free text."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which a segment stands still."""

    began: int
    reason: str
    ended: int | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of one of a task's clocks."""

    kind: str
    started: int
    target: int
    """Seconds in its calendar."""
    policy_version: int = 0
    carried: int = 0
    """Seconds that earlier segments of the same clock had used up."""
    ran_out: int | None = None
    """When it had run out, where it begins overdue: another segment of the same clock makes nothing less late."""
    calendar: str = "always"
    holder: str = ""
    stopped: int | None = None
    pauses: tuple[Pause, ...] = ()
    id: int | None = None

    @property
    def running(self) -> bool:
        """Started, neither stopped nor standing still."""
        return self.stopped is None and not self.paused

    @property
    def paused(self) -> bool:
        """Standing still."""
        return bool(self.pauses) and self.pauses[-1].ended is None


def calendar_of(segment: Segment, calendars: Calendars) -> Calendar:
    """The segment's calendar, as it was when the segment began."""
    return of_key(segment.calendar, calendars)


def unsure(segment: Segment, calendars: Calendars) -> int | None:
    """The year in which it is due by weekdays alone, since its calendar does not know that year's decreed days."""
    calendar, due = calendar_of(segment, calendars), due_at(segment, calendars)
    return calendar.unsure(due) if isinstance(calendar, Office) and due is not None else None


def stretches(segment: Segment, until: int) -> Iterator[tuple[int, int]]:
    """The stretches in which the segment ran, up to ``until``, in order."""
    end = until if segment.stopped is None else min(until, segment.stopped)
    at = segment.started
    for pause in segment.pauses:
        if pause.began > at:
            yield at, min(pause.began, end)
        if pause.ended is None:
            return
        at = max(at, pause.ended)
    if end > at:
        yield at, end


def elapsed(segment: Segment, now: int, calendars: Calendars) -> int:
    """Seconds used up by ``now``, those carried over included."""
    calendar = calendar_of(segment, calendars)
    return segment.carried + sum(calendar.elapsed(*stretch) for stretch in stretches(segment, now))


def remaining(segment: Segment, now: int, calendars: Calendars) -> int:
    """Seconds left at ``now``; negative once it has been missed."""
    return segment.target - elapsed(segment, now, calendars)


def due_at(segment: Segment, calendars: Calendars, percent: int = 100) -> int | None:
    """The instant at which ``percent`` of the target is used up.

    None while the segment stands still before that, and where it was stopped before that.
    """
    calendar = calendar_of(segment, calendars)
    need = -(-segment.target * percent // 100) - segment.carried
    if need <= 0:
        return segment.started if segment.ran_out is None or percent != 100 else segment.ran_out
    at = segment.started
    for pause in segment.pauses:
        if pause.began > at:
            here = calendar.elapsed(at, pause.began)
            if here >= need:
                return calendar.advance(at, need)
            need -= here
        if pause.ended is None:
            return None
        at = max(at, pause.ended)
    due = calendar.advance(at, need)
    return due if segment.stopped is None or due <= segment.stopped else None


def missed(segment: Segment, now: int, calendars: Calendars) -> bool:
    """Whether it was missed by ``now`` (or by the time it was stopped): at the due instant it is in time."""
    due = due_at(segment, calendars)
    if due is None:
        return False
    return due < (now if segment.stopped is None else min(now, segment.stopped))


def stop(segment: Segment, now: int) -> Segment:
    """The segment, ended."""
    if segment.stopped is not None:
        return segment
    return replace(resume(segment, now), stopped=max(now, segment.started))


def pause(segment: Segment, now: int, reason: str) -> Segment:
    """The segment, standing still; one that stands still already is left as it is."""
    if reason not in PAUSE_REASONS:
        raise ValueError(reason)
    if not segment.running:
        return segment
    earliest = segment.pauses[-1].ended if segment.pauses else segment.started
    return replace(segment, pauses=(*segment.pauses, Pause(max(now, earliest or segment.started), reason)))


def resume(segment: Segment, now: int) -> Segment:
    """The segment, running again."""
    if not segment.paused:
        return segment
    last = segment.pauses[-1]
    return replace(segment, pauses=(*segment.pauses[:-1], replace(last, ended=max(now, last.began))))


def retarget(
    segment: Segment, now: int, target: int, policy_version: int, calendars: Calendars
) -> tuple[Segment, Segment]:
    """End a segment and begin one with another target that carries what was used up.

    Returns:
        The ended segment and the new one; the new one stands still where the old one did.
    """
    ended = stop(segment, now)
    changed = replace(segment, target=target, policy_version=policy_version)
    return ended, carried_on(changed, now, run_out(segment, now, calendars), calendars)


def carried_on(segment: Segment, now: int, due: int | None, calendars: Calendars) -> Segment:
    """A segment that goes on with a clock from ``now``, with what was used up; still where the old one stood still.

    Args:
        due: when the old one had run out; a target that leaves it overdue leaves it so since then.
    """
    used = elapsed(segment, now, calendars)
    late = due if used >= segment.target else None
    fresh = replace(segment, id=None, started=now, carried=used, ran_out=late, pauses=(), stopped=None)
    return pause(fresh, now, segment.pauses[-1].reason) if segment.paused else fresh


def run_out(segment: Segment, now: int, calendars: Calendars) -> int | None:
    """The instant at which it had run out by ``now``; None where it had not."""
    due = due_at(segment, calendars)
    return due if due is not None and due <= now else None
