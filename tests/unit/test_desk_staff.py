"""The books of people and machines' keys: every change is audited, and every refusal has its words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from backend.access import actor_of
from backend.access.audit import AUDIT
from backend.access.keys import opens
from backend.city.load import load_pack
from backend.clock import ManualClock
from backend.desk import acts, machinekeys, staff
from backend.desk.desk import Desk
from backend.desk.staff import Told
from backend.store import Store
from backend.words import say
from tests.screens import loop_city as city

ADMIN = city.ADMIN
ZHANG = Told("张三", "seat", "990001", "C-990001", phone="0530-1234567")


@pytest.fixture
def desk(store: Store, clock: ManualClock, tmp_path: Path) -> Desk:
    found = city.build_for_admin(store, tmp_path, clock)
    assert found.actor.role == "administrator"
    return found


def audited(desk: Desk) -> list[tuple[str, str]]:
    with desk.store.read() as connection:
        rows = connection.execute(select(AUDIT.c.act, AUDIT.c.subject).order_by(AUDIT.c.id)).all()
    return [(row.act, row.subject) for row in rows if row.act.startswith(("person.", "key."))]


def row(desk: Desk, code: str) -> staff.StaffRow:
    return next(one for one in staff.board(desk) if one.code == code)


def test_added_changed_and_off_the_books(desk: Desk) -> None:
    assert staff.add(desk, "p-zhang", ZHANG).ok
    assert row(desk, "P-ZHANG").centre_name
    assert staff.change(desk, "P-ZHANG", replace(ZHANG, role="supervisor", name="张三丰")).ok
    with desk.store.read() as connection:
        actor = actor_of(connection, "P-ZHANG")
    assert actor is not None
    assert (actor.role, actor.name) == ("supervisor", "张三丰")
    assert staff.switch(desk, "P-ZHANG", on=False).ok
    with desk.store.read() as connection:
        assert actor_of(connection, "P-ZHANG") is None
    assert staff.switch(desk, "P-ZHANG", on=True).ok
    assert [act for act, _ in audited(desk)] == ["person.add", "person.change", "person.off", "person.on"]


@pytest.mark.parametrize(
    ("do", "code"),
    [
        (lambda d: staff.add(d, "a b", ZHANG), "staff.refused.code"),
        (lambda d: staff.add(d, city.SEAT, ZHANG), "staff.refused.taken"),
        (lambda d: staff.add(d, "X", replace(ZHANG, name=" ")), "staff.refused.name"),
        (lambda d: staff.add(d, "X", replace(ZHANG, role="king")), "staff.refused.role"),
        (lambda d: staff.add(d, "X", replace(ZHANG, phone="call me")), "staff.refused.phone"),
        (lambda d: staff.add(d, "X", replace(ZHANG, grid="nowhere")), "staff.refused.grid"),
        (lambda d: staff.add(d, "X", replace(ZHANG, centre="nowhere")), "staff.refused.body"),
        (lambda d: staff.add(d, "X", replace(ZHANG, centre="")), "staff.refused.no_centre"),
        (lambda d: staff.add(d, "X", replace(ZHANG, role="member")), "staff.refused.member_level"),
        (lambda d: staff.change(d, "nobody", ZHANG), "staff.refused.unknown"),
        (lambda d: staff.change(d, city.SEAT, row(d, city.SEAT).told), "staff.refused.same"),
        (lambda d: staff.change(d, ADMIN, replace(row(d, ADMIN).told, role="seat")), "staff.refused.self"),
        (lambda d: staff.switch(d, ADMIN, on=False), "staff.refused.self"),
        (lambda d: staff.switch(d, city.SEAT, on=True), "staff.refused.same"),
        (lambda d: machinekeys.mint(d, "push:nowhere", ""), "staff.refused.scope"),
        (lambda d: machinekeys.revoke(d, "nokey"), "staff.refused.key"),
    ],
)
def test_every_refusal_has_its_words_and_changes_nothing(
    desk: Desk, do: Callable[[Desk], Any], code: str
) -> None:
    outcome = do(desk)
    assert (outcome.ok, outcome.message.code) == (False, code)
    for language in ("zh", "en"):
        assert code not in say(outcome.message, language)
    assert audited(desk) == []


def test_who_holds_tasks_hands_them_over_first(desk: Desk) -> None:
    seat = Desk.open(desk.store, city.SEAT, clock=desk.clock)
    task = str(acts.from_alarm(seat, city.alarms(desk.store)[0]).data["task"])
    body = {"holder": city.MEMBER, "holder_kind": "member"}
    assert acts.act(seat, task, "dispatch", body=body, seen_version=2).ok
    assert row(desk, city.MEMBER).open_tasks == 1
    assert staff.switch(desk, city.MEMBER, on=False).message.code == "staff.refused.holding"
    told = row(desk, city.MEMBER).told
    assert (
        staff.change(desk, city.MEMBER, replace(told, grid="990001002")).message.code
        == "staff.refused.holding"
    )
    # Another phone is no other jurisdiction.
    assert staff.change(desk, city.MEMBER, replace(told, phone="13911112222")).ok


@pytest.mark.parametrize("person", [city.SEAT, "P-990001-V", city.CITY_SEAT])
def test_nobody_else_may(desk: Desk, person: str) -> None:
    other = Desk.open(desk.store, person, clock=desk.clock)
    for outcome in (
        staff.add(other, "P-ZHANG", ZHANG),
        staff.change(other, city.SEAT, ZHANG),
        staff.switch(other, city.OTHER_SEAT, on=False),
        machinekeys.mint(other, machinekeys.scopes(other)[0][0], ""),
        machinekeys.revoke(other, "x"),
    ):
        assert outcome.message.code == "access.role"
    assert audited(desk) == []


def test_what_was_changed_here_stays_when_the_pack_is_loaded_again(desk: Desk, tmp_path: Path) -> None:
    told = replace(row(desk, city.SEAT).told, name="改名")
    assert staff.change(desk, city.SEAT, told).ok
    assert staff.switch(desk, city.OTHER_SEAT, on=False).ok
    load_pack(desk.store, tmp_path / "pack", desk.now + 1)
    assert row(desk, city.SEAT).told.name == "改名"
    assert not row(desk, city.OTHER_SEAT).active


def test_a_key_is_shown_once_and_revoked(desk: Desk) -> None:
    scope = machinekeys.scopes(desk)[0][0]
    made = machinekeys.mint(desk, scope, "现场仪器")
    key = str(made.data["key"])
    assert key.partition(".")[2] not in say(made.message, "zh")
    (only,) = machinekeys.board(desk)
    assert (only.scope, only.note, only.revoked) == (scope, "现场仪器", None)
    with desk.store.read() as connection:
        assert opens(connection, key, scope)
    assert machinekeys.revoke(desk, only.id).ok
    with desk.store.read() as connection:
        assert not opens(connection, key, scope)
    assert [act for act, _ in audited(desk)] == ["key.make", "key.revoke"]
