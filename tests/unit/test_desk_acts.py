"""The door of acts: who may where, what is made of an alarm or a call, what is sent along, what can be taken back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from backend.alarms.tables import Alarm
from backend.city.registry import City
from backend.clock import ManualClock
from backend.desk import acts, sending, tasks, taskside
from backend.desk.desk import Desk
from backend.incidents import titles
from backend.incidents.tables import Incident
from backend.store import Store, table
from backend.tasks.tables import Act, Task
from backend.words import Message, Outcome, say
from tests.screens import loop_city as city

ACT, ALARM, TASK = table(Act), table(Alarm), table(Task)
INCIDENT = table(Incident)
TOWNSHIP_SEAT = "P-990001001-S1"


@pytest.fixture
def seat(store: Store, clock: ManualClock, tmp_path: Path) -> Desk:
    """The county's seat, at a city with one station far above its limit."""
    city.build(store, tmp_path, clock.now())
    return Desk.open(store, city.SEAT, clock=clock)


def sit(seat: Desk, person: str) -> Desk:
    return Desk.open(seat.store, person, clock=seat.clock)


def made(seat: Desk) -> str:
    outcome = acts.from_alarm(seat, city.alarms(seat.store)[0])
    assert outcome.ok, outcome
    return str(outcome.data["task"])


def row(seat: Desk, task: str) -> tasks.TaskRow:
    page = tasks.page(seat, task)
    assert page is not None
    return page.row


def do(seat: Desk, task: str, kind: str, behalf: str = "", **body: object) -> Outcome:
    seen = row(seat, task)
    return acts.act(
        seat, task, kind, body=body, on_behalf=behalf, seen_version=seen.version, seen_state=seen.state
    )


def sent(seat: Desk) -> str:
    task = made(seat)
    assert do(seat, task, "dispatch", holder=city.MEMBER, holder_kind="member", on_duty=True).ok
    return task


def test_an_alarm_becomes_a_filed_task_and_its_stations_alarms_count_as_seen(seat: Desk) -> None:
    task = made(seat)
    assert row(seat, task).state == "OPEN"
    with seat.store.read() as connection:
        states = set(connection.execute(select(ALARM.c.state)).scalars())
    assert states == {"ACKED"}


def test_the_same_incident_makes_one_task(seat: Desk) -> None:
    first, again = (acts.from_alarm(seat, alarm) for alarm in city.alarms(seat.store)[:2])
    assert again.ok
    assert again.data["task"] == first.data["task"]
    with seat.store.read() as connection:
        assert connection.execute(select(func.count()).select_from(TASK)).scalar_one() == 1


def test_a_task_is_named_after_the_worst_that_stands_or_the_alarm_it_is_made_of(seat: Desk) -> None:
    first, other = city.alarms(seat.store)[:2]
    with seat.store.write() as connection:
        rows = {row.id: row for row in connection.execute(select(ALARM))}
        incident = rows[first].incident
        assert rows[other].incident == incident
        connection.execute(update(ALARM).values(priority="low"))
        connection.execute(update(ALARM).where(ALARM.c.id == other).values(priority="critical"))

    def called(parameter: int) -> str:
        with seat.store.read() as connection:
            return City.read(connection).parameters[parameter].name.split()[-1]

    worse, lesser = called(rows[other].parameter), called(rows[first].parameter)
    assert worse != lesser

    def title(task: object) -> str:
        page = tasks.page(seat, str(task))
        assert page is not None
        return say(page.title, "zh")

    def name(alarm: int | None) -> str:
        with seat.store.read() as connection:
            row = connection.execute(select(INCIDENT).where(INCIDENT.c.id == incident)).one()
            code, args = titles.of_task(connection, row, rows.get(alarm or 0))
            return say(Message(code, json.loads(args)), "zh")

    assert (worse in name(None), lesser in name(first), worse in name(other)) == (True, True, True)
    task = acts.from_incident(seat, incident).data["task"]
    assert worse in title(task)
    with seat.store.write() as connection:
        connection.execute(update(ALARM).where(ALARM.c.id == other).values(state="NORM", cleared=seat.now))
        connection.execute(update(INCIDENT).where(INCIDENT.c.id == incident).values(signal="air_quality"))
    assert acts.from_alarm(seat, first).data["task"] == task
    assert worse in title(task), "a task keeps its name"
    assert lesser in name(other), "what a person has named, by the incident's own title"


def test_a_task_of_an_alarm_is_named_after_that_alarm(seat: Desk) -> None:
    other = city.alarms(seat.store)[1]
    task = str(acts.from_alarm(seat, other).data["task"])
    page = tasks.page(seat, task)
    assert page is not None
    with seat.store.read() as connection:
        number = connection.execute(select(ALARM.c.parameter).where(ALARM.c.id == other)).scalar_one()
        name = City.read(connection).parameters[number].name.split()[-1]
    assert name in say(page.title, "zh")


def test_an_alarm_that_is_not_there_is_said_so(seat: Desk) -> None:
    assert acts.from_alarm(seat, 999).message.code == "desk.no_alarm"
    assert acts.from_incident(seat, "nowhere").message.code == "desk.no_incident"


def test_nobody_acts_outside_their_jurisdiction(seat: Desk) -> None:
    task = made(seat)
    elsewhere = sit(seat, "P-990002-S1")
    refused = acts.act(elsewhere, task, "urge", seen_version=2)
    assert refused.message.code == "access.outside"
    with seat.store.read() as connection:
        assert not connection.execute(select(ACT.c.id).where(ACT.c.actor == "P-990002-S1")).all()


def test_the_holder_acts_although_their_grid_lies_below_the_tasks(seat: Desk) -> None:
    task = sent(seat)
    outcome = do(sit(seat, city.MEMBER), task, "accept")
    assert outcome.ok
    assert row(seat, task).state == "ACCEPTED"


def test_the_same_operation_twice_is_done_once(seat: Desk) -> None:
    task = made(seat)
    body = {"holder": city.MEMBER, "holder_kind": "member"}
    first, second = (
        acts.act(seat, task, "dispatch", body=body, seen_version=2, seen_state="OPEN", op_id="op-1")
        for _ in range(2)
    )
    assert first.ok
    assert second.ok
    page = tasks.page(seat, task)
    assert page is not None
    assert [act.kind for act in page.timeline].count("dispatch") == 1


def test_file_and_dispatch_is_one_step_and_two_acts(seat: Desk) -> None:
    outcome = acts.from_alarm(seat, city.alarms(seat.store)[0], file=False)
    task = str(outcome.data["task"])
    assert row(seat, task).state == "DRAFT"
    done = acts.file_and_dispatch(
        seat, task, body={"holder": city.MEMBER, "holder_kind": "member"}, seen_version=1, seen_state="DRAFT"
    )
    assert done.ok
    page = tasks.page(seat, task)
    assert page is not None
    assert [act.kind for act in page.timeline] == ["propose", "file", "dispatch"]


def test_where_the_dispatch_is_refused_the_filing_stands(seat: Desk) -> None:
    task = str(acts.from_alarm(seat, city.alarms(seat.store)[0], file=False).data["task"])
    body = {"holder": city.MEMBER, "holder_kind": "member", "on_duty": False}
    outcome = acts.file_and_dispatch(seat, task, body=body, seen_version=1, seen_state="DRAFT")
    assert outcome.message.code == "task.refused.nobody"
    assert row(seat, task).state == "OPEN"


def test_a_stale_act_is_refused_with_who_moved_it_by_name(seat: Desk) -> None:
    task = sent(seat)
    seen = row(seat, task)
    assert do(sit(seat, city.OTHER_SEAT), task, "return", reason="不在本辖区").ok
    outcome = acts.act(
        seat, task, "accept", on_behalf=city.MEMBER, seen_version=seen.version, seen_state=seen.state
    )
    assert not outcome.ok
    said = say(outcome.message, "zh")
    assert "样1县坐席二" in said
    assert "已退回" in said


def test_recall_within_the_window_and_not_after(seat: Desk) -> None:
    task = sent(seat)
    last = taskside.recallable(seat)
    assert last is not None
    assert (last.task, last.kind) == (task, "dispatch")
    assert last.until == seat.now + 10
    assert acts.recall(seat, last.task, last.op).ok
    assert row(seat, task).state == "OPEN"
    assert do(seat, task, "dispatch", holder=city.MEMBER, holder_kind="member").ok
    again = taskside.recallable(seat)
    assert again is not None
    seat.clock.move(11)  # type: ignore[attr-defined]
    assert taskside.recallable(seat) is None
    assert acts.recall(seat, again.task, again.op).message.code == "task.refused.recall_late"


def test_only_ones_own_last_act_can_be_recalled(seat: Desk) -> None:
    task = sent(seat)
    other = sit(seat, city.OTHER_SEAT)
    assert taskside.recallable(other) is None
    assert do(other, task, "accept", city.MEMBER).ok
    assert taskside.recallable(seat) is None


def test_a_call_becomes_an_incident_and_a_filed_task(seat: Desk) -> None:
    outcome = acts.propose(
        seat, type="complaint", grid="99000100101", text="夜里有异味", channel="12345", caller="王先生"
    )
    assert outcome.ok, say(outcome.message, "zh")
    task = str(outcome.data["task"])
    found = row(seat, task)
    assert (found.state, found.type, found.township) == ("OPEN", "complaint", "样11镇")
    sides = taskside.sides(seat, task)
    assert sides is not None
    assert [told.text for told in sides.reports] == ["夜里有异味"]
    page = tasks.page(seat, task)
    assert page is not None
    assert page.origin == "12345"


def test_a_call_from_elsewhere_is_refused_and_leaves_nothing(seat: Desk) -> None:
    refused = acts.propose(seat, type="complaint", grid="99000200101", text="x")
    assert refused.message.code == "access.outside"
    assert acts.propose(seat, type="nonsense", grid="99000100101").message.code == "incident.refused.type"
    assert not tasks.board(seat)


def test_candidates_are_ordered_and_reasoned(seat: Desk) -> None:
    task = made(seat)
    found = sending.holders(seat, task)
    assert found.known
    assert not found.vacant
    assert found.best is not None
    assert found.best.code == city.MEMBER
    kinds = [(one.kind, one.upward) for one in found.rows]
    assert kinds.index(("centre", False)) < kinds.index(("centre", True))
    assert all(one.reasons for one in found.rows)


def test_who_gave_it_back_is_not_proposed_again(seat: Desk) -> None:
    task = sent(seat)
    assert do(seat, task, "return", reason="在外地").ok
    row_of = {one.code: one for one in sending.holders(seat, task).rows}
    assert not row_of[city.MEMBER].on_duty


def test_a_claim_is_seen_by_the_others_and_ends_by_itself(seat: Desk) -> None:
    task = made(seat)
    other = sit(seat, city.OTHER_SEAT)
    assert acts.claim(seat, "task", task).ok
    assert row(other, task).claimed_by == "样1县坐席一"
    assert row(seat, task).claimed_by == ""
    refused = acts.claim(other, "task", task)
    assert refused.message.args["person"] == "样1县坐席一"
    seat.clock.move(121)  # type: ignore[attr-defined]
    assert row(other, task).claimed_by == ""
    assert acts.claim(other, "task", task).ok
    acts.release(other, "task", task)
    assert acts.claim(seat, "task", task).ok


def test_the_board_of_each_view(seat: Desk) -> None:
    task = sent(seat)
    city_seat = sit(seat, city.CITY_SEAT)
    assert [one.id for one in tasks.board(city_seat)] == [task]
    assert tasks.board(city_seat, view="mine") == []
    assert [one.id for one in tasks.board(seat, view="mine")] == [task]
    assert tasks.board(seat, view="approval") == []
    for kind, body in (("accept", {}), ("arrive", {}), ("report", {"result": "rectified"})):
        assert do(seat, task, kind, city.MEMBER, **body).ok
    assert [one.id for one in tasks.board(seat, view="approval")] == [task]
    assert tasks.view_counts(seat) == {"open": 1, "mine": 1, "approval": 1, "handed": 0}
    assert do(sit(seat, TOWNSHIP_SEAT), task, "verify_ok").ok
    assert [one.id for one in tasks.board(seat, view="closed")] == [task]
    assert tasks.board(seat) == []


def test_what_is_ahead_names_people_and_goes_up(seat: Desk) -> None:
    task = sent(seat)
    steps = taskside.next_steps(seat, task, limit=6)
    assert [step.at for step in steps] == sorted(step.at for step in steps)
    assert steps[0].who is not None
    assert steps[0].who.phone == "13800000000"
    escalations = [step.what.args["level"] for step in steps if step.kind == "escalate"]
    assert escalations[:2] == ["C", "M"]
