"""Nobody at the seat: seen one level up, rung for, kept by the county; and the night of one seat."""

from __future__ import annotations

import pytest

from backend.clock import ManualClock
from backend.desk import acts, alarms, around, duty, dutyrows, notices, tasks
from backend.desk.desk import Desk
from backend.duty import watch
from backend.duty.watch import missing, rooms
from backend.escalation.sweep import sweep
from backend.store import Store
from backend.tasks.ops import of_actor
from backend.words import LANGUAGES, Outcome, say
from tests.conftest import START
from tests.unit.task_world import CELL, CITY, CS, build, draft
from tests.unit.test_tasks_doubt import alarm
from tests.unit.test_tasks_workorders import station

MINUTE, HOUR = 60, 3600


def desk(store: Store, clock: ManualClock, person: str) -> Desk:
    return Desk.open(store, person, clock=clock)


@pytest.fixture
def city(store: Store) -> Store:
    build(store, zone="Asia/Shanghai")
    return store


def late_task(store: Store, clock: ManualClock) -> str:
    """A critical draft over its time."""
    with store.write() as connection:
        task = draft(connection, clock.now())
    clock.move(4 * MINUTE)
    sweep(store, clock.now())
    return task


def looked(store: Store, clock: ManualClock) -> int:
    zone = desk(store, clock, "mv").zone
    with store.write() as connection:
        found = watch.findings(connection, zone, clock.now())
        watch.tell(connection, found, clock.now())
    return len(found)


def test_a_seat_without_a_hand_on_it(city: Store, clock: ManualClock) -> None:
    seat, county = desk(city, clock, "ts"), desk(city, clock, "cs")
    assert duty.sign_in(seat).ok
    late_task(city, clock)
    clock.move(10 * MINUTE)
    duty.here(seat, START)
    assert looked(city, clock) == 0
    # The console is there, the person is not.
    clock.move(2 * MINUTE)
    duty.here(seat, START)
    assert dutyrows.seat_board(county)[0].state == "idle"
    assert looked(city, clock) == 1
    assert looked(city, clock) == 1
    (told,) = [row for row in notices.board(county) if row.message.code.startswith("notice.duty")]
    assert told.priority == "critical"
    assert "T1" in say(told.message, "zh")
    assert around.around(county).missing == 1
    assert around.around(desk(city, clock, "ms")).missing == 0
    assert around.around(seat).on_shift == START
    # Somebody has seen it: the bell rests, and a key makes it another time.
    assert notices.seen(county, [told.key]).ok
    assert around.around(county).missing == 0
    duty.here(seat, clock.now())
    assert looked(city, clock) == 0
    # None of it has kept the escalation from its way.
    assert tasks.board(county)[0].level in ("C", "M")


def sent(seat: Desk, task: str) -> Outcome:
    page = tasks.page(seat, task)
    assert page is not None
    body = {"holder": "gm", "holder_kind": "member"}
    return acts.act(seat, task, "dispatch", body=body, seen_version=page.row.version)


def test_nothing_urgent_is_nobodys_alarm(city: Store, clock: ManualClock) -> None:
    assert duty.sign_in(desk(city, clock, "ts")).ok
    clock.move(3 * HOUR)
    assert looked(city, clock) == 0


def test_a_silent_township(city: Store, clock: ManualClock) -> None:
    county = desk(city, clock, "cs")
    late_task(city, clock)
    with city.read() as connection:
        # No seat, but the room answers by the book: not silent.
        assert missing(connection, county.zone, clock.now()) == []
    assert duty.call(county, "centre", "T1", answered=False).ok
    assert looked(city, clock) == 1
    (told,) = [row for row in notices.board(county) if row.message.code == "notice.duty.silent"]
    assert "无人应答" in say(told.message, "zh")
    rows = {row.code: row for row in dutyrows.room_board(county)}
    assert rows["T1"].state == "silent"
    # Its board is kept: it is nobody's alarm any more.
    assert duty.adopt(county, "T1").ok
    assert looked(city, clock) == 0
    assert {row.code: row.state for row in dutyrows.room_board(county)}["T1"] == "kept"
    assert duty.adopt(county, "T1").message.code == "duty.refused.kept"


@pytest.mark.parametrize(
    ("person", "centre", "code"),
    [
        ("cs", "T2", "access.outside"),
        ("ts", "T1", "duty.refused.not_below"),
        ("cs", "T1", "duty.refused.call_first"),
        ("gm", "T1", "access.role"),
    ],
)
def test_who_may_not_keep_a_board(
    city: Store, clock: ManualClock, person: str, centre: str, code: str
) -> None:
    assert duty.adopt(desk(city, clock, person), centre).message.code == code


def test_what_is_done_for_a_township_says_so(city: Store, clock: ManualClock) -> None:
    county, town = desk(city, clock, "cs"), desk(city, clock, "ts")
    task = late_task(city, clock)
    duty.call(county, "centre", "T1", answered=False)
    assert duty.adopt(county, "T1", reason="夜间").ok
    # Its rows are the county's own now, its notices too, and its name stays on them.
    assert [row.id for row in tasks.board(county, view="mine")] == [task]
    assert tasks.view_counts(county)["mine"] == 1
    done = acts.act(county, task, "file", body={"grid": CELL, "confirmed": True})
    assert done.ok, done
    page = tasks.page(county, task)
    assert page is not None
    assert page.timeline[-1].actor == "cs"
    assert page.timeline[-1].for_name == "T1"
    assert page.centre == "T1"
    # What is reported from there, too, down to its villages.
    body = {"type": "straw", "grid": CELL, "priority": "medium"}
    with city.write() as connection:
        told = acts.judged(connection, county, of_actor(CS, "propose", "", body=body))
    assert told.ok, told
    page = tasks.page(county, str(told.data["task"]))
    assert page is not None
    assert page.timeline[0].for_name == "T1"
    # It signs in: what the county does from then on is the county's own.
    assert duty.sign_in(town).ok
    assert [row.message.code for row in notices.board(county) if "returned" in row.message.code]
    acts.act(county, task, "note", body={"note": "x"})
    page = tasks.page(county, task)
    assert page is not None
    assert page.timeline[-1].for_name == ""


def test_a_call_that_was_answered_later(city: Store, clock: ManualClock) -> None:
    county = desk(city, clock, "cs")
    duty.call(county, "centre", "T1", answered=False)
    clock.move(MINUTE)
    duty.call(county, "centre", "T1", answered=True)
    with city.read() as connection:
        (room,) = rooms(connection, county.zone, clock.now(), ["T1"])
    assert not room.silent
    assert duty.adopt(county, "T1").message.code == "duty.refused.call_first"


@pytest.mark.parametrize("verifier", ["tv", "cs", "mv"])
def test_one_seat_at_night(city: Store, clock: ManualClock, verifier: str) -> None:
    """One seat alone: it sends and enters the report by phone; its supervisor or a tier above verifies (decision 2)."""
    town, county = desk(city, clock, "ts"), desk(city, clock, verifier)
    assert duty.sign_in(town).ok
    with city.write() as connection:
        task = draft(connection, clock.now(), priority="medium")
    assert acts.act(town, task, "file", body={"grid": CELL, "confirmed": True}).ok
    assert sent(town, task).ok
    for kind, body in (
        ("accept", {}),
        ("arrive", {"reason": "no signal"}),
        ("report", {"result": "rectified", "evidence": ["IMG-1"]}),
    ):
        done = acts.act(town, task, kind, body=body, on_behalf="gm")
        assert done.ok, (kind, done)
    version = tasks.board(town)[0].version
    refused = acts.act(town, task, "verify_ok", seen_version=version)
    assert refused.message.code == "task.refused.recorder"
    done = acts.act(county, task, "verify_ok", seen_version=version)
    assert done.ok, done
    page = tasks.page(county, task)
    assert page is not None
    assert page.row.state == "CLOSED"
    assert county.facts.get("code", CITY) == CITY


def test_a_holder_goes_off_duty_with_work_open(city: Store, clock: ManualClock) -> None:
    town = desk(city, clock, "ts")
    with city.write() as connection:
        task = draft(connection, clock.now(), priority="medium")
    acts.act(town, task, "file", body={"grid": CELL, "confirmed": True})
    assert sent(town, task).ok
    assert looked(city, clock) == 0
    # Ten at night is when the book ends for her; half an hour before, the seat is told whom to send instead.
    clock.move(START + 5 * HOUR + 31 * MINUTE - clock.now())
    assert looked(city, clock) == 1
    (told,) = [row for row in notices.board(town) if row.message.code == "notice.duty.leaving"]
    assert told.task == task
    assert told.message.args["person"] == "T1"
    # Once for each end of duty.
    assert looked(city, clock) == 1
    assert len([row for row in notices.board(town) if row.message.code == "notice.duty.leaving"]) == 1


def test_of_work_that_has_begun_nobody_is_told_to_send_another(city: Store, clock: ManualClock) -> None:
    town = desk(city, clock, "ts")
    with city.write() as connection:
        task = draft(connection, clock.now(), priority="medium")
    acts.act(town, task, "file", body={"grid": CELL, "confirmed": True})
    assert sent(town, task).ok
    for kind in ("accept", "arrive"):
        assert acts.act(town, task, kind, on_behalf="gm").ok
    clock.move(START + 5 * HOUR + 31 * MINUTE - clock.now())
    assert looked(city, clock) == 1
    (told,) = [row for row in notices.board(town) if row.message.code.startswith("notice.duty.leaving")]
    assert told.message.code == "notice.duty.leaving_site"
    for language in LANGUAGES:
        assert "{" not in say(told.message, language)
    # What it says can be done.
    page = tasks.page(town, task)
    assert page is not None
    assert acts.act(town, task, "transfer", body={"receiver": "D1"}, seen_version=page.row.version).ok


def test_what_is_done_to_an_alarm_for_a_township_says_so(city: Store, clock: ManualClock) -> None:
    county = desk(city, clock, "cs")
    late_task(city, clock)
    with city.write() as connection:
        here = station(connection)
        first = alarm(connection, "I1", here)
        second = alarm(connection, "I2", here)
    assert alarms.acknowledge(county, first).ok
    clock.move(60)
    duty.call(county, "centre", "T1", answered=False)
    assert duty.adopt(county, "T1").ok
    assert alarms.acknowledge(county, second).ok
    before, after = alarms.page(county, first), alarms.page(county, second)
    assert before is not None
    assert after is not None
    assert [step.for_name for step in before.steps if step.act == "acknowledge"] == [""]
    (told,) = [step.for_name for step in after.steps if step.act == "acknowledge"]
    assert told != ""
    # What was done before stays what it was, also once the board is given back.
    clock.move(60)
    assert duty.give_back(county, "T1").ok
    again = alarms.page(county, second)
    assert again is not None
    assert [step.for_name for step in again.steps if step.act == "acknowledge"] == [told]
