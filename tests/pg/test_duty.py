"""A night's duty on PostgreSQL: shifts, changes of the book, a kept board, the brief, a handover by many hands."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from backend.access.audit import verify
from backend.city.tables import CityFact
from backend.clock import ManualClock
from backend.desk import around, brief, duty, dutyhours, dutyrows, handover, notices
from backend.desk.desk import Desk
from backend.duty import watch
from backend.store import Store, table
from tests.conftest import START
from tests.unit.task_world import build, draft

HOUR = 3600


@pytest.fixture
def city(pg_store: Store) -> Store:
    build(pg_store)
    with pg_store.write() as connection:
        connection.execute(table(CityFact).insert(), [{"key": "zone", "value": "Asia/Shanghai"}])
    return pg_store


def desk(store: Store, clock: ManualClock, person: str) -> Desk:
    return Desk.open(store, person, clock=clock)


def test_a_night(city: Store, clock: ManualClock) -> None:
    town, county = desk(city, clock, "ts"), desk(city, clock, "cs")
    assert duty.sign_in(county).ok
    assert duty.sign_in(county).message.code == "duty.refused.signed_in"
    with city.write() as connection:
        task = draft(connection, clock.now())
    clock.move(240)
    assert duty.override(
        county, "centre", "T3", clock.now() + 60, clock.now() + HOUR, name="", phone="", reason="停电"
    ).ok
    assert [row.code for row in dutyrows.gap_board(county)] == ["T3"]
    assert duty.set_state(county, "gm", "sick", clock.now() + HOUR).ok
    hours = dutyhours.hours(county, "member", "gm")
    assert hours is not None
    assert not hours.stretches[0].who
    duty.call(county, "centre", "T1", answered=False)
    with city.write() as connection:
        watch.tell(connection, watch.findings(connection, county.zone, clock.now()), clock.now())
    assert around.around(county).missing == 1
    assert duty.adopt(county, "T1").ok
    told = brief.gather(county)
    assert [one.id for one in told.doing] == [task]
    use = brief.opened(county, brief.build(told))
    assert brief.instruct(county, use, caller="县长", title="查清来源", minutes="60").ok
    (kept,) = brief.used(county, 0, clock.now() + 1)
    assert (kept.caller, len(kept.orders)) == ("县长", 1)
    duty.here(county, clock.now())
    assert duty.sign_in(town).ok
    assert [row for row in notices.board(county) if row.message.code == "notice.duty.returned"]
    with city.read() as connection:
        assert verify(connection) is None


def test_two_hands_on_one_handover(city: Store, clock: ManualClock) -> None:
    town, taker = desk(city, clock, "ts"), desk(city, clock, "ts2")
    assert duty.sign_in(town).ok
    for number in range(8):
        assert duty.remark(town, f"记事 {number}").ok
    name = str(handover.begin(town).data["handover"])
    page = handover.page(taker, name)
    assert page is not None
    places = [one.place for one in page.items]
    # The same item signed twice at once is signed once, and the shift ends once.
    with ThreadPoolExecutor(4) as hands:
        done = list(hands.map(lambda place: handover.sign(taker, name, place), [*places, *places]))
    assert sum(outcome.ok for outcome in done) == len(places)
    assert sum(bool(outcome.data.get("ended")) for outcome in done) == 1
    assert dutyrows.own_shift(town) is None
    assert dutyrows.own_shift(taker) is not None
    assert handover.board(taker)[0].state == "signed"
    assert handover.board(taker)[0].made >= START
