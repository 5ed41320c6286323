"""Standing lines of the duty book: entered, changed and ended by people, and kept from the packs that come later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from backend.access.tables import AuditRow
from backend.city.load import load_pack
from backend.city.tables import DutyEntry, Person
from backend.clock import ManualClock
from backend.desk import dutylines, dutyrows
from backend.desk.desk import Desk
from backend.duty.book import on_duty
from backend.duty.standing import StandingLine, overlap
from backend.store import Store, table
from backend.words import LANGUAGES, Outcome, say
from tests.screens import loop_city as city
from tests.tools.small_city import write_small_city

HEZE = ZoneInfo("Asia/Shanghai")
CITY, SUPERVISOR, SEAT = "P-990000-V", "P-990001-V", city.SEAT
ROOM, OTHER_ROOM = "C-990001", "C-990002"
DUTY, AUDIT = table(DutyEntry), table(AuditRow)
TODAY, TOMORROW, NEXT = "2026-11-03", "2026-11-04", "2026-11-05"
Sit = Callable[[str], Desk]


@pytest.fixture
def sit(store: Store, clock: ManualClock, tmp_path: Path) -> Sit:
    city.build(store, tmp_path, clock.now())
    return lambda person: Desk.open(store, person, clock=clock)


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=HEZE).timestamp())


def enter(desk: Desk, body: str = ROOM, **more: object) -> Outcome:
    values: dict[str, object] = {
        "days": "1111111", "starts": 480, "ends": 1200, "since": TOMORROW, "name": "王班长", "phone": "0530-1",
    }  # fmt: skip
    kind = str(more.pop("kind", "centre"))
    outcome = dutylines.enter(desk, kind, body, **(values | more))  # type: ignore[arg-type]
    for language in LANGUAGES:
        assert "{" not in say(outcome.message, language)
    return outcome


def answers(desk: Desk, when: str, body: str = ROOM, kind: str = "centre") -> list[str]:
    with desk.store.read() as connection:
        return [one.name for one in on_duty(connection, kind, body, at(when), HEZE)]


def of(desk: Desk, body: str = ROOM) -> list[dutylines.LineRow]:
    return [row for row in dutylines.board(desk) if row.body == body]


def test_a_line_is_changed_from_a_day_on_and_ended(sit: Sit) -> None:
    desk = sit(SUPERVISOR)
    (old,) = of(desk)
    assert (old.starts, old.ends, old.here, old.since, old.last) == ("00:00", "24:00", False, "", "")
    done = enter(desk, replaces=old.id, starts=0, ends=1440)
    assert done.ok, done
    was, new = of(desk)
    assert (was.name, was.last, was.here) == ("值班室", TODAY, True)
    assert (new.name, new.since, new.coming, new.by) == ("王班长", TOMORROW, True, "样1县监管员")
    assert answers(desk, f"{TODAY}T23:59") == ["值班室"]
    assert answers(desk, f"{TOMORROW}T00:00") == ["王班长"]
    ended = dutylines.end(desk, new.id, NEXT, anyway=True)
    assert ended.ok, ended
    assert answers(desk, f"{NEXT}T12:00") == ["王班长"]
    assert answers(desk, "2026-11-06T12:00") == []
    with desk.store.read() as connection:
        acts = list(connection.execute(select(AUDIT.c.act).where(AUDIT.c.act.like("duty.line%"))).scalars())
    assert acts == ["duty.line.change", "duty.line.end"]


def test_what_would_be_left_vacant_or_double_is_asked_first(sit: Sit) -> None:
    desk = sit(SUPERVISOR)
    (old,) = of(desk)
    asked = enter(desk, replaces=old.id)
    assert (asked.ok, asked.message.code, asked.data["ask"]) == (False, "duty.refused.line_gap", "gap")
    assert asked.message.args["starts"] == at(f"{TOMORROW}T00:00")
    assert len(of(desk)) == 1
    beside = enter(desk)
    assert (beside.message.code, beside.data["ask"]) == ("duty.refused.line_beside", "beside")
    # Two may be on at once; one is not on twice.
    assert enter(desk, anyway=True).ok
    again = enter(desk, anyway=True, starts=600, ends=700)
    assert again.message.code == "duty.refused.line_twice"
    ending = dutylines.end(desk, old.id, TODAY)
    assert (ending.ok, ending.data["ask"]) == (False, "gap")
    assert answers(desk, f"{TOMORROW}T21:00") == ["值班室"]


def test_a_members_nights_are_no_vacancy(sit: Sit) -> None:
    desk = sit(SUPERVISOR)
    (old,) = of(desk, city.MEMBER)
    done = enter(desk, city.MEMBER, kind="member", replaces=old.id, name="", phone="", days="1111100")
    assert done.ok, done
    new = of(desk, city.MEMBER)[-1]
    # Their name and number are those of the books.
    assert (new.name, new.phone, new.days) == (old.name, city.PHONE, "1111100")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"since": "2026-11-02"}, "line_past"),
        ({"since": ""}, "line_past"),
        ({"since": "2026-02-30"}, "line_day"),
        ({"last": "next week"}, "line_day"),
        ({"since": NEXT, "last": TODAY}, "line_order"),
        ({"days": "0000000"}, "line_days"),
        ({"days": "12"}, "line_days"),
        ({"starts": -1}, "line_hours"),
        ({"starts": 1440}, "line_hours"),
        ({"ends": 1441}, "line_hours"),
        ({"name": " "}, "line_name"),
        ({"phone": "call me"}, "line_phone"),
        ({"name": "陌生人", "phone": ""}, "line_unknown"),
        ({"body": "C-1"}, "line_body"),
        ({"body": "P-1", "kind": "member"}, "line_body"),
        ({"body": "P-990001-S1", "kind": "member"}, "line_body"),
        ({"kind": "town"}, "line_body"),
        ({"replaces": 999999}, "no_line"),
    ],
)
def test_nonsense_is_refused_in_words(sit: Sit, more: dict[str, object], code: str) -> None:
    desk = sit(CITY)
    before = dutylines.board(desk)
    body = str(more.get("body", ROOM))
    outcome = enter(desk, body, **{key: value for key, value in more.items() if key != "body"}, anyway=True)
    assert (outcome.ok, outcome.message.code) == (False, f"duty.refused.{code}")
    assert dutylines.board(desk) == before


def test_somebody_on_the_books_needs_no_number(sit: Sit) -> None:
    desk = sit(SUPERVISOR)
    with desk.store.write() as connection:
        person = table(Person)
        connection.execute(update(person).where(person.c.code == SEAT).values(phone="13900001111"))
    assert enter(desk, name="样1县坐席一", phone="", anyway=True).ok
    assert of(desk)[-1].phone == "13900001111"


def test_who_may(sit: Sit) -> None:
    for desk, code in ((sit(SEAT), "access.role"), (sit("P-990002-V"), "access.outside")):
        assert enter(desk).message.code == code
        (row,) = [one for one in dutylines.board(sit(CITY)) if one.body == ROOM]
        assert dutylines.end(desk, row.id, TODAY).message.code == code
        assert dutylines.follow_pack(desk, "centre", ROOM).message.code == code
    # A department is the whole city's.
    assert enter(sit(SUPERVISOR), "D1", kind="department").message.code == "access.outside"
    assert enter(sit(CITY), "D1", kind="department").ok
    assert dutylines.end(sit(SUPERVISOR), 999999, TODAY).message.code == "duty.refused.no_line"


def test_a_pack_that_comes_later_leaves_alone_what_was_entered(
    sit: Sit, store: Store, clock: ManualClock, tmp_path: Path
) -> None:
    desk = sit(SUPERVISOR)
    (old,) = of(desk)
    assert enter(desk, replaces=old.id, starts=0, ends=1440).ok
    kept, others = of(desk), of(desk, "C-990001001")
    for _ in range(2):
        report = load_pack(store, write_small_city(tmp_path / "again"), clock.now())
        assert report.kept["duty"] == 1
        assert of(desk) == kept
        assert [(row.name, row.here) for row in of(desk, "C-990001001")] == [
            (row.name, False) for row in others
        ]
    # Given back, the next pack replaces it, and until then it holds.
    assert dutylines.follow_pack(desk, "centre", ROOM).ok
    assert answers(desk, f"{TOMORROW}T12:00") == ["王班长"]
    assert dutylines.follow_pack(desk, "centre", ROOM).message.code == "duty.refused.line_packs"
    assert load_pack(store, write_small_city(tmp_path / "again"), clock.now()).kept == {}
    assert answers(desk, f"{TOMORROW}T12:00") == ["值班室"]
    assert [row.here for row in of(desk)] == [False]


def test_a_line_to_come_that_is_ended_never_held(sit: Sit) -> None:
    desk = sit(SUPERVISOR)
    assert enter(desk, since=NEXT, anyway=True).ok
    coming = of(desk)[-1]
    assert dutylines.end(desk, coming.id, TODAY).ok
    assert [row.name for row in of(desk)] == ["值班室"]
    assert dutylines.end(desk, coming.id, TODAY).message.code == "duty.refused.no_line"
    assert [gap.code for gap in dutyrows.gap_board(desk) if gap.code == ROOM] == []


def line(days: str, start: int, end: int, since: str = "", until: str = "") -> StandingLine:
    return StandingLine(0, "centre", "C", days, start, end, "a", "", "", since, until, False, "", None, False)


lines = st.builds(line, st.text("01", min_size=7, max_size=7), st.integers(0, 1439), st.integers(0, 1440))


@given(lines, lines)
def test_lines_overlap_where_one_walks_through_the_week_and_finds_it(
    one: StandingLine, other: StandingLine
) -> None:
    def minutes(of_: StandingLine) -> set[int]:
        length = (of_.end - of_.start) % 1440 or 1440
        return {
            (day * 1440 + of_.start + passed) % 10080
            for day in range(7) if of_.days[day] == "1"
            for passed in range(length)
        }  # fmt: skip

    assert overlap(one, other) == overlap(other, one) == bool(minutes(one) & minutes(other))


def test_lines_that_follow_each_other_do_not_overlap() -> None:
    assert not overlap(line("1111111", 0, 0, "", NEXT), line("1111111", 0, 0, NEXT))
    assert overlap(line("1111111", 0, 0, "", NEXT), line("1111111", 0, 0, TOMORROW))


def test_a_name_that_was_shown_in_english_stays_who_it_is(sit: Sit) -> None:
    desk = sit(SUPERVISOR)
    with desk.store.write() as connection:
        connection.execute(update(DUTY).where(DUTY.c.body == ROOM).values(name_en="County duty room"))
    (old,) = of(desk)
    assert enter(desk, replaces=old.id, name="County duty room", starts=0, ends=1440).ok
    with desk.store.read() as connection:
        names = connection.execute(
            select(DUTY.c.name, DUTY.c.name_en).where(DUTY.c.body == ROOM).order_by(DUTY.c.id)
        ).all()
    assert [tuple(row) for row in names] == [("值班室", "County duty room")] * 2
