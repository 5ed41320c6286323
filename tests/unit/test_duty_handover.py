"""Handovers: everything that is open is in them, the last signature ends the shift, and nothing else does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from backend.access.audit import head, verify
from backend.clock import ManualClock
from backend.desk import acts, duty, dutyrows, handover, notices
from backend.desk.desk import Desk
from backend.duty.tables import Handover, Shift
from backend.reports.handover import KINDS, Facts, Item, OpenTask, items
from backend.store import Store, table
from backend.words import Message, say
from tests.conftest import START
from tests.unit.task_world import CELL, build, draft

HOUR = 3600


def desk(store: Store, clock: ManualClock, person: str) -> Desk:
    return Desk.open(store, person, clock=clock)


@pytest.fixture
def city(store: Store) -> Store:
    build(store, zone="Asia/Shanghai")
    return store


def begun(store: Store, clock: ManualClock, person: str = "ts") -> tuple[Desk, str]:
    """A shift with an open task and a remark, in the middle of being handed over."""
    seat = desk(store, clock, person)
    assert duty.sign_in(seat).ok
    with store.write() as connection:
        draft(connection, clock.now())
    assert duty.remark(seat, "秤坏了").ok
    done = handover.begin(seat)
    assert done.ok, done
    return seat, str(done.data["handover"])


def page(seat: Desk, name: str) -> handover.HandoverPage:
    found = handover.page(seat, name)
    assert found is not None
    return found


def test_item_by_item(city: Store, clock: ManualClock) -> None:
    seat, name = begun(city, clock)
    taker = desk(city, clock, "ts2")
    found = page(taker, name)
    assert [one.kind for one in found.items] == ["due", "remark"]
    assert "straw" in say(found.items[0].message, "zh")
    with city.read() as connection:
        assert found.row.audit_head != head(connection)
        assert verify(connection) is None
    # Not by oneself, not by a stranger, and not all at once before each was seen.
    assert handover.sign(seat, name, found.items[0].place).message.code == "handover.refused.own"
    assert handover.sign(desk(city, clock, "cs"), name, 1).message.code == "handover.refused.stranger"
    assert handover.sign_all(taker, name).message.code == "handover.refused.unseen"
    done = handover.sign(taker, name, found.items[0].place, remark="电话催过")
    assert done.message.code == "handover.left"
    # It is hers now: nobody else begins to take it.
    assert handover.sign(desk(city, clock, "tv"), name, 2).message.code == "handover.refused.other"
    assert handover.sign(taker, name, found.items[0].place).message.code == "handover.refused.signed"
    assert dutyrows.own_shift(seat) is not None
    clock.move(60)
    done = handover.sign(taker, name, found.items[1].place)
    assert done.data == {"ended": True, "incoming": "ts2"}
    assert dutyrows.own_shift(seat) is None
    own = dutyrows.own_shift(taker)
    assert own is not None
    assert own.signed_in == clock.now()
    after = page(taker, name)
    assert after.row.state == "signed"
    assert after.items[0].remark == "电话催过"
    with city.read() as connection:
        shift = table(Shift)
        assert connection.execute(select(shift.c.handover).where(shift.c.person == "ts")).scalar_one() == name
        assert verify(connection) is None
    assert handover.sign(taker, name, 1).message.code == "handover.refused.ended"


def test_all_at_once_when_each_was_seen(city: Store, clock: ManualClock) -> None:
    seat, name = begun(city, clock)
    places = [one.place for one in page(seat, name).items]
    # What the outgoing person looks at is not seen by the one who comes.
    assert handover.see(seat, name, places) == 0
    # Two people at one console: the desk is the outgoing one's.
    assert handover.see(seat, name, places, by="ts2") == 2
    assert handover.sign_all(seat, name, by="cs").message.code == "handover.refused.stranger"
    done = handover.sign_all(seat, name, by="ts2")
    assert done.data["incoming"] == "ts2"
    assert {one.person for one in dutyrows.seat_board(seat)} == {"ts2"}


def test_what_comes_up_meanwhile_is_not_left_behind(city: Store, clock: ManualClock) -> None:
    seat, name = begun(city, clock)
    taker = desk(city, clock, "ts2")
    first, last = (one.place for one in page(seat, name).items)
    assert handover.sign(taker, name, first).ok
    with city.write() as connection:
        later = draft(connection, clock.now())
    done = handover.sign(taker, name, last)
    assert done.message.code == "handover.left"
    left = [one for one in page(taker, name).items if one.signed is None]
    assert [one.item for one in left] == [later]
    assert handover.sign(taker, name, left[0].place).data["ended"]


def test_what_has_changed_must_be_seen_as_it_is_now(city: Store, clock: ManualClock) -> None:
    seat, name = begun(city, clock)
    taker = desk(city, clock, "ts2")
    one = page(seat, name).items[0]
    assert handover.see(taker, name, [one.place]) == 1
    assert acts.act(seat, one.item, "file", body={"grid": CELL, "confirmed": True}).ok
    assert handover.begin(seat).data["handover"] == name
    again = page(taker, name).items[0]
    assert (again.item, again.seen) == (one.item, None)
    assert again.message.args["state"] == "OPEN"


def test_nothing_is_left_and_somebody_takes_over_all_the_same(city: Store, clock: ManualClock) -> None:
    seat = desk(city, clock, "ts")
    duty.sign_in(seat)
    done = handover.begin(seat)
    assert done.message.code == "handover.begun_empty"
    name = str(done.data["handover"])
    assert handover.sign_all(seat, name).message.code == "handover.refused.own"
    assert handover.sign_all(desk(city, clock, "ts2"), name).data["ended"]


def test_nobody_takes_over(city: Store, clock: ManualClock) -> None:
    seat, name = begun(city, clock)
    rooms = handover.above(seat)
    assert [room.centre for room in rooms] == ["C1", "M1"]
    assert (rooms[0].person, rooms[0].phone) == ("值班-C1", "110")
    refused = handover.by_phone(seat, name, centre="C1", person="", phone="", note="x")
    assert refused.message.code == "handover.refused.who"
    stranger = handover.by_phone(desk(city, clock, "ts2"), name, centre="C1", person="a", phone="", note="x")
    assert stranger.message.code == "handover.refused.not_own"
    done = handover.by_phone(seat, name, centre="C1", person="老周", phone="110", note="接班人没来")
    assert done.ok
    assert dutyrows.own_shift(seat) is None
    county = desk(city, clock, "cs")
    (told,) = notices.board(county)
    assert "接班人没来" in say(told.message, "zh")
    row = handover.board(county)[0]
    assert (row.state, row.to_name, row.signed, row.items) == ("phoned", "老周", 0, 2)
    # Whoever comes later can read it, and sign it no more.
    assert handover.sign(desk(city, clock, "ts2"), name, 1).message.code == "handover.refused.ended"


def test_who_stays_after_all(city: Store, clock: ManualClock) -> None:
    seat, name = begun(city, clock)
    assert handover.drop(seat, name).ok
    assert dutyrows.own_shift(seat) is not None
    second = handover.begin(seat)
    assert second.data["handover"] != name
    with city.read() as connection:
        row = table(Handover)
        states = connection.execute(select(row.c.state).order_by(row.c.id)).scalars().all()
    assert states == ["dropped", "open"]


def test_without_a_shift_there_is_nothing_to_hand_over(city: Store, clock: ManualClock) -> None:
    assert handover.begin(desk(city, clock, "ts")).message.code == "handover.refused.not_signed_in"
    assert handover.begin(desk(city, clock, "gm")).message.code == "access.role"
    assert handover.page(desk(city, clock, "ts"), "nothing") is None


def test_a_township_does_not_read_the_countys(city: Store, clock: ManualClock) -> None:
    _, name = begun(city, clock, "cs")
    assert handover.page(desk(city, clock, "ts"), name) is None
    assert handover.page(desk(city, clock, "ms"), name) is not None


def test_a_county_hands_over_what_nobody_below_is_at(city: Store, clock: ManualClock) -> None:
    seat, name = begun(city, clock, "cs")
    assert {one.kind for one in page(seat, name).items} == {"remark", "due"}
    # The township's seat is there: its tasks are its own to hand over, and the county's list tells how many.
    assert duty.sign_in(desk(city, clock, "ts")).ok
    handover.begin(seat)
    kinds = {one.kind: one for one in page(seat, name).items}
    assert set(kinds) == {"remark", "below"}
    assert kinds["below"].message.args == {"level": "T", "count": 1}


def test_a_kept_board_is_handed_over(city: Store, clock: ManualClock) -> None:
    seat, name = begun(city, clock, "cs")
    assert duty.call(seat, "centre", "T1", answered=False).ok
    assert duty.adopt(seat, "T1").ok
    handover.begin(seat)
    assert {one.kind for one in page(seat, name).items} == {"remark", "due", "kept"}


tasks = st.builds(
    OpenTask,
    id=st.text("ABC123", min_size=1, max_size=4),
    what=st.just("x"),
    what_en=st.just("x"),
    place=st.just("y"),
    state=st.sampled_from(["OPEN", "SUSPENDED", "ON_SITE"]),
    holder=st.sampled_from(["", "z"]),
    priority=st.sampled_from(["critical", "high", "medium", "low"]),
    due=st.none() | st.integers(START - HOUR, START + 5 * HOUR),
    due_at=st.just("--"),
    breached=st.booleans(),
)
others = st.lists(
    st.builds(
        lambda kind, number: Item(kind, str(number), Message("handover.item.kept", {}), "", number),
        st.sampled_from(
            [kind for kind in KINDS if kind not in ("below", "task", "due", "breached", "suspended")]
        ),
        st.integers(0, 9),
    ),
    max_size=6,
)


@given(st.lists(tasks, max_size=12), others, st.dictionaries(st.sampled_from("TCM"), st.integers(0, 3)))
def test_nothing_is_left_out(open_tasks: list[OpenTask], more: list[Item], below: dict[str, int]) -> None:
    found = items(Facts(open_tasks, more, below), START, 2 * HOUR)
    assert sorted(one.item for one in found if one.message.code.startswith("handover.item.task")) == sorted(
        one.id for one in open_tasks if one.state != "SUSPENDED"
    )
    assert len(found) == len(open_tasks) + len(more) + sum(count > 0 for count in below.values())
    places = [KINDS.index(one.kind) for one in found]
    assert places == sorted(places)
