"""The triage desk's queue, look and acts, asked of the desk itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from backend.alarms.tables import Alarm
from backend.city.registry import City
from backend.clock import ManualClock
from backend.desk import acts, triage, triageacts, triageasks, triagelook, triagesettled
from backend.desk.desk import Desk
from backend.duty.tables import Claim
from backend.incidents import Intake, report_by_person
from backend.incidents.tables import Incident
from backend.store import Store, table
from backend.tasks.tables import Act, Task, WorkOrder
from tests.screens import loop_city
from tests.tools.triage_city import alarm_at, contractor

ALARM, CLAIM, INCIDENT, TASK = table(Alarm), table(Claim), table(Incident), table(Task)


@pytest.fixture
def desk(store: Store, clock: ManualClock, tmp_path: Path) -> Desk:
    """A seat of the first county; no alarm stands."""
    loop_city.build(store, tmp_path, clock.now(), stations=())
    return Desk.open(store, loop_city.SEAT, clock=clock)


def states(desk: Desk) -> list[str]:
    with desk.store.read() as connection:
        return list(connection.execute(select(ALARM.c.state).order_by(ALARM.c.id)).scalars())


def task_states(desk: Desk) -> list[str]:
    with desk.store.read() as connection:
        return list(connection.execute(select(TASK.c.state).order_by(TASK.c.opened, TASK.c.id)).scalars())


def test_alarms_of_one_incident_are_one_row(desk: Desk) -> None:
    alarm_at(desk, "TA11", minutes=30)
    alarm_at(desk, "TA11", parameter="pm10", minutes=20, incident="I-TA11-pm25", priority="critical")
    alarm_at(desk, "TA12", minutes=40)
    rows = triage.queue(desk)
    assert [(row.place, row.count, row.priority) for row in rows] == [
        ("样11镇站", 2, "critical"),
        ("样12镇站", 1, "high"),
    ]
    assert rows[0].since == desk.now - 30 * 60
    assert rows[0].lead is not None
    assert rows[0].lead.priority == "critical"


def test_a_flood_of_one_cause_is_one_row_and_unfolds(desk: Desk) -> None:
    for number in range(12):
        alarm_at(desk, "TA11", minutes=5, incident=f"I-{number}", key=f"k{number}")
    alarm_at(desk, "TA12", minutes=300, incident="I-old")
    rows = triage.queue(desk)
    assert sorted((len(row.items), row.count) for row in rows) == [(1, 1), (12, 12)]
    flood = next(row for row in rows if len(row.items) == 12)
    assert flood.place == "样1县"
    assert len(triage.queue(desk, {flood.key})) == 13


def test_ten_in_ten_minutes_are_no_flood(desk: Desk) -> None:
    for number in range(10):
        alarm_at(desk, "TA11", minutes=5, incident=f"I-{number}", key=f"k{number}")
    assert len(triage.queue(desk)) == 10


def test_what_is_decided_is_told_by_what_came_of_it(desk: Desk) -> None:
    for number, place in enumerate(("TA11", "TA12", "TA13", "SD11")):
        alarm_at(desk, place, minutes=40 - number)
    sent, seen, shelved, dismissed = triage.queue(desk)
    assert triageacts.dispatch(desk, sent.items).outcome.ok
    assert triageacts.acknowledge(desk, seen.items).outcome.ok
    assert triageacts.shelve(desk, shelved.items, triageasks.shelves(desk)[0]).outcome.ok
    assert triageacts.dismiss(desk, dismissed.items, "false_alarm").outcome.ok
    assert triage.queue(desk) == []
    told = triagesettled.settled(desk, [sent, seen, shelved, dismissed])
    assert [row.done.code for row in told if row.done] == [
        "triage.was.sent", "triage.was.acked", "triage.was.shelved", "triage.was.dismissed",
    ]  # fmt: skip
    assert told[0].done is not None
    assert told[0].done.args["holder"] == "网格员11"
    assert states(desk) == ["ACKED", "ACKED", "SHELVED", "ACKED"]
    assert task_states(desk) == ["DISPATCHED", "CANCELLED"]


def test_sending_makes_the_task_files_it_and_tells_the_holder_why(desk: Desk) -> None:
    alarm_at(desk, "TA11")
    item = triage.queue(desk)[0].item
    found = triagelook.look(desk, item)
    best = found.whom.sending.best
    assert best is not None
    assert (best.kind, best.name) == ("member", "网格员11")
    outcome = triageacts.dispatch(desk, [item], (best.kind, best.code), "PM2.5 420").outcome
    assert outcome.ok
    assert outcome.data["op"]
    act = table(Act)
    with desk.store.read() as connection:
        rows = connection.execute(select(act.c.kind, act.c.body).order_by(act.c.id)).all()
    assert [row.kind for row in rows] == ["propose", "file", "dispatch"]
    assert "PM2.5 420" in rows[2].body


def test_data_in_doubt_count_as_confirmed_by_sending(desk: Desk) -> None:
    alarm_at(desk, "TA11", suspect=True)
    row = triage.queue(desk)[0]
    assert row.suspect
    assert triageacts.dispatch(desk, row.items).outcome.ok
    assert task_states(desk) == ["DISPATCHED"]


def test_a_refused_act_leaves_no_draft_behind(desk: Desk) -> None:
    alarm_at(desk, "TA11")
    row = triage.queue(desk)[0]
    decision = triageacts.dismiss(desk, row.items, "no such reason")
    assert decision.outcome.message.code == "task.refused.reason"
    assert task_states(desk) == []
    assert states(desk) == ["UNACK"]


def test_a_critical_one_is_put_before_a_supervisor(desk: Desk) -> None:
    alarm_at(desk, "TA11", priority="critical")
    row = triage.queue(desk)[0]
    assert triageacts.dismiss(desk, row.items, "false_alarm").outcome.ok
    assert task_states(desk) == ["DRAFT"]
    assert triage.queue(desk) == []
    told = triagesettled.settled(desk, [row])[0].done
    assert told is not None
    assert told.code == "triage.was.asked"


def test_an_instruments_fault_goes_to_the_contractor_and_no_member_is_offered(desk: Desk) -> None:
    contractor(desk)
    alarm_at(desk, "TA11", rule="flat_line", type="equipment")
    item = triage.queue(desk)[0].item
    found = triagelook.look(desk, item).whom
    assert found.fault
    assert found.contractor is not None
    assert all(row.kind != "member" for row in found.sending.rows)
    assert triageacts.suggested(found) == ("contractor", found.contractor.code)
    assert triageacts.dispatch(desk, [item]).outcome.ok
    with desk.store.read() as connection:
        order = connection.execute(select(table(WorkOrder))).one()
        holder = connection.execute(select(TASK.c.holder)).scalar_one()
    assert (order.fault, holder) == ("flat", found.contractor.code)
    assert states(desk) == ["ACKED"]


def test_merging_names_the_nearest_of_its_type_first(desk: Desk) -> None:
    for number, place in enumerate(("TA13", "TA11", "SD11")):
        alarm_at(desk, place, minutes=40 - number, type="site_dust" if place == "TA13" else "air_quality")
    far, near, last = triage.queue(desk)
    for row in (far, near):
        assert triageacts.dispatch(desk, row.items).outcome.ok
    into = triageasks.near_tasks(desk, last.item)
    assert [one.same for one in into] == [True, False]
    assert into[0].km is not None
    assert into[0].km < 2
    assert triageacts.merge(desk, last.items, into[0].task).outcome.ok
    assert task_states(desk).count("MERGED") == 1


def test_the_look_names_a_task_that_may_be_about_the_very_same_thing(desk: Desk) -> None:
    def reported(kind: str) -> triage.Item:
        with desk.store.write() as connection:
            told = Intake(kind, "phone", source="S11", text="又来了")
            done = report_by_person(
                connection, City.read(connection), told, actor=loop_city.SEAT, now=desk.now
            )
            incident = str(done.data["incident"])
            assert acts.of_incident(connection, desk, incident, file=False).ok
        (row,) = [one for one in triage.queue(desk) if one.item.incident == incident]
        return row.item

    alarm_at(desk, "SD11", type="site_dust", parameter="pm10", rule="site_dust", minutes=40)
    (first,) = triage.queue(desk)
    assert not triagelook.look(desk, first.item).beside
    assert triageacts.dispatch(desk, first.items).outcome.ok
    with desk.store.read() as connection:
        task = connection.execute(select(TASK.c.id)).scalar_one()
    # The same site, by phone.
    again = reported("site_dust")
    (beside,) = triagelook.look(desk, again).beside
    assert (beside.task, beside.last) == (task, desk.now)
    assert beside.km is not None
    assert beside.km < 2
    # Straw smoke is another thing.
    assert not triagelook.look(desk, reported("straw_burning")).beside


def test_what_another_seat_has_open_is_theirs_until_it_is_taken_over(desk: Desk, store: Store) -> None:
    alarm_at(desk, "TA11")
    alarm_at(desk, "TA12")
    other = Desk.open(store, loop_city.OTHER_SEAT, clock=desk.clock)
    item = triage.queue(desk)[0].item
    assert triageacts.claim(other, item).ok
    assert not triageacts.claim(desk, item).ok
    rows = triage.queue(desk)
    assert [bool(row.claimed) for row in rows] == [True, False]
    decision = triageacts.acknowledge(desk, [item for row in rows for item in row.items])
    assert len(decision.done) == len(decision.refused) == 1
    assert decision.refused[0].why.code == "triage.refused.claimed"
    taken = triageacts.take_over(desk, item)
    assert taken.ok
    assert taken.message.args["who"] == rows[0].claimed
    assert not triage.queue(desk)[0].claimed
    assert triage.queue(other)[0].claimed
    assert triageacts.acknowledge(desk, [item]).outcome.ok


def test_a_claim_ends_by_itself(desk: Desk, store: Store, clock: ManualClock) -> None:
    alarm_at(desk, "TA11")
    other = Desk.open(store, loop_city.OTHER_SEAT, clock=clock)
    item = triage.queue(desk)[0].item
    triageacts.claim(other, item)
    clock.move(121)
    assert not triage.queue(desk)[0].claimed
    assert triageacts.acknowledge(desk, [item]).outcome.ok


def test_what_is_of_a_whole_county_is_sent_where_a_person_says(desk: Desk) -> None:
    alarm_at(desk, "", rule="regional")
    row = triage.queue(desk)[0]
    assert not row.item.placed
    assert triageacts.dispatch(desk, row.items).outcome.message.code == "task.refused.place"
    assert task_states(desk) == []
    township = triageasks.townships(desk)[0][0]
    assert triageacts.dispatch(desk, [row.item.at(township)]).outcome.ok
    assert task_states(desk) == ["DISPATCHED"]


def test_who_may_not_is_refused_and_told_before(desk: Desk, store: Store) -> None:
    alarm_at(desk, "TA11")
    member = Desk.open(store, loop_city.MEMBER, clock=desk.clock)
    row = triage.queue(desk)[0]
    assert set(triageasks.refusals(member, row)) == {
        "acknowledge", "shelve", "dispatch", "dismiss", "merge", "contract",
    }  # fmt: skip
    assert triageasks.refusals(desk, row) == {}
    for act in (
        triageacts.acknowledge(member, row.items),
        triageacts.dispatch(member, row.items),
        triageacts.contract(member, row.items),
    ):
        assert not act.outcome.ok
    assert states(desk) == ["UNACK"]
    assert task_states(desk) == []


def test_a_draft_of_a_person_stands_in_the_queue_and_leaves_it_when_sent(desk: Desk) -> None:

    alarm_at(desk, "TA11", suspect=True)
    with desk.store.read() as connection:
        number = connection.execute(select(ALARM.c.id)).scalar_one()
    assert acts.from_alarm(desk, number).ok
    row = triage.queue(desk)[0]
    assert (row.item.draft, row.count, row.what) == (True, 0, "")
    assert set(triageasks.refusals(desk, row)) == {"acknowledge", "shelve"}
    assert triageacts.dispatch(desk, row.items).outcome.ok
    assert triage.queue(desk) == []


def test_shelving_reasons_are_dated_and_short_enough_for_the_rules(desk: Desk) -> None:
    shelves = triageasks.shelves(desk)
    assert 1 < len(shelves) <= 9
    assert all(0 < one.minutes <= 1440 and all(one.words) for one in shelves)


def test_many_are_told_by_township(desk: Desk) -> None:
    for place in ("TA11", "SD11", "TA12"):
        alarm_at(desk, place)
    items = [row.item for row in triage.queue(desk)]
    assert triageasks.grids_of(desk, items) == [("样11镇", 2), ("样12镇", 1)]
