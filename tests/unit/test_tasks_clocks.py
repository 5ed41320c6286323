"""Clocks against a reference that counts second by second, and calendars against one that counts minute by minute."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.tasks import clocks
from backend.tasks.calendars import ALWAYS, Calendar, CalendarError, Office
from backend.tasks.clocks import Segment
from backend.tasks.policy import default_text, parsed

HEZE = ZoneInfo("Asia/Shanghai")
POLICY = parsed(0, default_text(), "Asia/Shanghai")


class EveryThird:
    """A calendar in which two of every three seconds count: small enough to be counted by hand."""

    def elapsed(self, start: int, end: int) -> int:
        return sum(1 for second in range(start, end) if second % 3)

    def advance(self, start: int, seconds: int) -> int:
        at, left = start, seconds
        while left > 0:
            left -= bool(at % 3)
            at += 1
        return at


CALENDARS: dict[str, Calendar] = {"always": ALWAYS, "third": EveryThird()}


class Reference:
    """A clock as a person would keep it: look at every second, is it running, does it count."""

    def __init__(self, target: int, calendar: str, percent: int = 100) -> None:
        self.target, self.calendar = target, CALENDARS[calendar]
        self.used, self.running, self.ended = 0, True, False
        self.need = -(-target * percent // 100)
        self.reached: int | None = None

    def pass_second(self, at: int) -> None:
        if self.reached is None and self.used >= self.need:
            self.reached = at
        if self.running and not self.ended:
            self.used += self.calendar.elapsed(at, at + 1)
        if self.reached is None and self.used >= self.need:
            self.reached = at + 1


EVENT = st.tuples(
    st.integers(0, 40), st.sampled_from(["pause", "resume", "retarget", "look"]), st.integers(1, 60)
)


@given(
    target=st.integers(1, 80),
    calendar=st.sampled_from(["always", "third"]),
    events=st.lists(EVENT, max_size=8),
    percent=st.sampled_from([50, 80, 100, 200]),
)
@settings(max_examples=200, deadline=None)
def test_a_clock_agrees_with_counting_seconds(
    target: int, calendar: str, events: list[tuple[int, str, int]], percent: int
) -> None:
    start = 1000
    segment = Segment("DISPOSE", start, target, calendar=calendar)
    reference = Reference(target, calendar, percent)
    now = start
    for wait, what, number in events:
        for _ in range(wait):
            reference.pass_second(now)
            now += 1
        if what == "pause":
            segment, reference.running = clocks.pause(segment, now, "suspended"), False
        elif what == "resume":
            segment, reference.running = clocks.resume(segment, now), True
        elif what == "retarget":
            ended, segment = clocks.retarget(segment, now, number, 2, CALENDARS)
            assert ended.stopped == now
            assert ended.id is None
            reference.target = number
            reference.need = -(-number * percent // 100)
            over, was = reference.used >= reference.need, reference.reached
            reference.reached = (now if was is None or percent != 100 else was) if over else None
        assert clocks.elapsed(segment, now, CALENDARS) == reference.used
        assert clocks.remaining(segment, now, CALENDARS) == reference.target - reference.used
        due = clocks.due_at(segment, CALENDARS, percent)
        if reference.reached is not None:
            # The due instant is the first at which it was used up: at that very instant an act is in time.
            assert due == reference.reached
            if percent == 100:
                assert clocks.missed(segment, now, CALENDARS) == (now > reference.reached)
        else:
            assert due is None or due > now
            assert not (percent == 100 and clocks.missed(segment, now, CALENDARS))
    segment = clocks.resume(segment, now)
    reference.running = True
    due = clocks.due_at(segment, CALENDARS, percent)
    while reference.reached is None:
        reference.pass_second(now)
        now += 1
    assert due == reference.reached


def test_in_time_at_the_due_instant_and_missed_a_second_later() -> None:
    segment = Segment("ACCEPT", 100, 60)
    assert clocks.due_at(segment, {}) == 160
    assert not clocks.missed(segment, 160, {})
    assert clocks.missed(segment, 161, {})
    assert not clocks.missed(clocks.stop(segment, 160), 10_000, {})
    assert clocks.missed(clocks.stop(segment, 161), 10_000, {})


def test_a_breach_stays_through_later_pauses_and_changes() -> None:
    segment = Segment("DISPOSE", 0, 60)
    paused = clocks.pause(segment, 100, "suspended")
    assert clocks.due_at(paused, {}) == 60
    assert clocks.missed(paused, 5000, {})
    ended, fresh = clocks.retarget(paused, 200, 10_000, 2, {})
    assert clocks.missed(ended, 200, {})
    assert fresh.carried == 100
    assert fresh.paused


def test_a_paused_clock_is_never_due_and_runs_on_with_what_was_left() -> None:
    segment = clocks.pause(Segment("ARRIVE", 0, 60), 20, "offered")
    assert clocks.due_at(segment, {}) is None
    assert clocks.remaining(segment, 10_000, {}) == 40
    assert clocks.due_at(clocks.resume(segment, 10_000), {}) == 10_040
    assert clocks.pause(segment, 30, "suspended") == segment


def test_nothing_but_the_listed_reasons_stops_a_clock() -> None:
    with pytest.raises(ValueError, match="waiting for the boss"):
        clocks.pause(Segment("ARRIVE", 0, 60), 20, "waiting for the boss")


def test_a_clock_that_jumps_back_gives_no_time_away() -> None:
    segment = Segment("ARRIVE", 1000, 60)
    assert clocks.elapsed(segment, 900, {}) == 0
    assert clocks.stop(segment, 900).stopped == 1000
    assert clocks.elapsed(clocks.pause(segment, 900, "suspended"), 5000, {}) == 0


# Calendars.


def shipped() -> Office:
    office = POLICY.calendars["office"]
    assert isinstance(office, Office)
    return office


OFFICE = shipped()


def local(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=HEZE).timestamp())


def open_minute(office: Office, at: int) -> bool:
    moment = datetime.fromtimestamp(at, HEZE)
    minute = moment.hour * 60 + moment.minute
    return any(opens <= minute < closes for opens, closes in office.windows(moment.date()))


@given(start=st.integers(0, 60 * 24 * 40), length=st.integers(0, 60 * 24 * 12), target=st.integers(1, 1000))
@settings(max_examples=60, deadline=None)
def test_the_office_calendar_agrees_with_counting_minutes(start: int, length: int, target: int) -> None:
    begin = local("2026-09-10T00:00") + start * 60
    counted = sum(open_minute(OFFICE, begin + minute * 60) for minute in range(length))
    assert OFFICE.elapsed(begin, begin + length * 60) == counted * 60
    due = OFFICE.advance(begin, target * 60)
    assert OFFICE.elapsed(begin, due) == target * 60
    assert OFFICE.elapsed(begin, due - 1) == target * 60 - 1


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-09-29T09:00", 2, "2026-09-29T11:00"),
        ("2026-09-29T16:30", 2, "2026-09-30T09:30"),
        # National Day: 1 to 7 October off, Saturday 10 October worked by decree.
        ("2026-09-30T17:00", 1, "2026-10-08T09:00"),
        ("2026-10-09T17:00", 2, "2026-10-10T10:00"),
        ("2026-10-10T17:00", 2, "2026-10-12T10:00"),
        # Over noon and at a closing time.
        ("2026-09-29T11:30", 1, "2026-09-29T14:00"),
        ("2026-09-29T13:30", 4, "2026-09-29T17:30"),
        # Sunday 20 September is worked.
        ("2026-09-20T08:30", 7.5, "2026-09-20T17:30"),
    ],
)
def test_decreed_days_move_a_due_instant(start: str, hours: float, due: str) -> None:
    assert OFFICE.advance(local(start), int(hours * 3600)) == local(due)


def test_years_without_a_decree_are_told() -> None:
    assert OFFICE.covers(date(2026, 5, 1))
    assert not OFFICE.covers(date(2031, 5, 1))
    assert OFFICE.windows(date(2031, 5, 1))


def test_a_pause_over_midnight_and_a_weekend_counts_office_hours_only() -> None:
    segment = Segment("DISPOSE", local("2026-09-18T16:30"), 4 * 3600, calendar="office")
    held = clocks.pause(segment, local("2026-09-18T17:00"), "suspended")
    on = clocks.resume(held, local("2026-09-21T09:00"))
    # Half an hour on Friday; Sunday the 20th is worked but lies in the pause; 3.5 hours from Monday 9:00.
    assert clocks.due_at(on, POLICY.calendars) == local("2026-09-21T14:00")


def test_an_hour_that_the_zone_skips_or_doubles_counts_as_it_passes() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    office = Office(berlin, ((((0, 1440)),),) * 7, ((0, 1440),))
    begin = int(datetime(2026, 3, 29, tzinfo=berlin).astimezone(UTC).timestamp())
    assert office.elapsed(begin, begin + 10**6) == 10**6


def test_a_calendar_without_hours_is_refused() -> None:
    with pytest.raises(CalendarError):
        Office(HEZE, ((),) * 7, ())
    never = replace(OFFICE, off=frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(5000)))
    with pytest.raises(CalendarError):
        never.advance(local("2026-01-05T00:00"), 10)
