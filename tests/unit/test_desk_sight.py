"""Offers reach those to whom they are made, and a task that was handed on is never lost from sight."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from backend.clock import ManualClock
from backend.desk import acts, handover, intake, overview, proof, tasks
from backend.desk import duty as duty_desk
from backend.desk.desk import Desk
from backend.escalation.sweep import sweep
from backend.store import Store
from backend.words import LANGUAGES, Outcome, say
from tests.screens import loop_city as city

GIVER, NEXT, FAR = "P-990001002-S1", "P-990001003-S1", "P-990002001-S1"
COUNTY, SUPERVISOR, OTHER_COUNTY = "P-990001-S1", "P-990001-V", "P-990002-S1"
Sit = Callable[[str], Desk]


@pytest.fixture
def sit(store: Store, clock: ManualClock, tmp_path: Path) -> Sit:
    city.build(store, tmp_path, clock.now())

    def seated(person: str) -> Desk:
        return Desk.open(store, person, clock=clock)

    return seated


def reported(desk: Desk) -> str:
    outcome = intake.enter(
        desk, type="industrial", place="grid:990001002", channel="patrol", text="at the border"
    )
    assert outcome.ok, outcome
    return str(outcome.data["task"])


def do(desk: Desk, task: str, kind: str, **body: object) -> Outcome:
    page = tasks.page(desk, task)
    assert page is not None
    outcome = acts.act(desk, task, kind, body=body, seen_version=page.row.version)
    assert outcome.ok, outcome
    return outcome


def offered(sit: Sit, to: str) -> str:
    task = reported(sit(GIVER))
    do(sit(GIVER), task, "transfer", receiver=to, receiver_kind="centre", reason="not ours")
    return task


def seen(desk: Desk, view: str = "open") -> dict[str, str]:
    """The tasks of a view with the side on which one is."""
    return {row.id: row.side for row in tasks.board(desk, view=view)}


@pytest.mark.parametrize(("to", "receiver"), [("C-990001003", NEXT), ("C-990002001", FAR)])
def test_an_offer_is_on_every_list_of_its_receiver(sit: Sit, to: str, receiver: str) -> None:
    before = tasks.view_counts(sit(receiver))
    task = offered(sit, to)
    desk = sit(receiver)
    row = next(row for row in tasks.board(desk) if row.id == task)
    assert (row.side, row.state, row.offered_name != "") == ("offered", "OFFERED", True)
    assert seen(desk, "mine")[task] == "offered"
    after = tasks.view_counts(desk)
    assert (after["open"], after["mine"]) == (before["open"] + 1, before["mine"] + 1)
    assert tasks.counts(desk)["OFFERED"] == 1
    need = next(need for need in overview.needs(desk) if need.id == task)
    assert (need.state, need.due) == ("OFFERED", row.due)
    (listed,) = [one for one in proof.proof(desk).rows if one.id == task]
    assert (listed.side, listed.owner, listed.fault) == ("offered", to, "")
    page = tasks.page(desk, task)
    assert page is not None
    assert page.row.side == "offered"
    assert {offer.kind: offer.refusal for offer in page.offers}["take"] is None


def test_an_offer_is_handed_over_with_until_when_it_is_to_be_answered(sit: Sit) -> None:
    task = offered(sit, "C-990001003")
    desk = sit(NEXT)
    assert duty_desk.sign_in(desk).ok
    begun = handover.begin(desk)
    page = handover.page(desk, str(begun.data["handover"]))
    assert page is not None
    (item,) = [item for item in page.items if item.item == task]
    for language in LANGUAGES:
        told = say(item.message, language)
        assert task in told
        assert "16:10" in told, told
    assert "移交本席待接收" in say(item.message, "zh")


def test_an_offer_to_a_township_of_another_county_is_seen_by_that_county_too(sit: Sit) -> None:
    task = offered(sit, "C-990002001")
    assert seen(sit(OTHER_COUNTY))[task] == ""
    assert task not in seen(sit(OTHER_COUNTY), "mine")
    assert task not in seen(sit("P-990002002-S1"))
    (row,) = [row for row in proof.proof(sit(OTHER_COUNTY)).rows if row.id == task]
    assert row.side == "offered"


@pytest.mark.parametrize(("to", "receiver"), [("C-990001003", NEXT), ("C-990002001", FAR)])
def test_the_giver_keeps_a_task_in_sight_that_another_took(sit: Sit, to: str, receiver: str) -> None:
    task = offered(sit, to)
    do(sit(receiver), task, "take")
    giver = sit(GIVER)
    assert task not in seen(giver)
    assert seen(giver, "handed") == {task: "handed"}
    assert tasks.view_counts(giver)["handed"] == 1
    page = tasks.page(giver, task)
    assert page is not None
    assert page.row.side == "handed"
    assert (page.row.holder, page.row.state) == (to, "ACCEPTED")
    (row,) = [row for row in proof.proof(giver).rows if row.id == task]
    assert (row.side, row.owner) == ("handed", to)
    # The receiver owns it now, and gave nothing away.
    assert seen(sit(receiver))[task] == ""
    assert seen(sit(receiver), "handed") == {}
    for person in (COUNTY, SUPERVISOR):
        assert seen(sit(person), "handed") == {task: "handed"}
        assert task in [row.id for row in proof.proof(sit(person)).rows]
    sides = {row.id: row.side for row in proof.proof(sit(COUNTY)).rows}
    assert sides[task] == ("" if to == "C-990001003" else "handed")


def test_it_stays_in_sight_until_after_its_end_and_comes_home_when_it_is_given_back(sit: Sit) -> None:
    task = offered(sit, "C-990002001")
    do(sit(FAR), task, "take")
    do(sit("P-990002-V"), task, "void", reason="entered twice")
    assert seen(sit(GIVER), "handed") == {task: "handed"}
    assert task in [one.id for one in proof.proof(sit(GIVER)).voided]
    other = offered(sit, "C-990001003")
    do(sit(NEXT), other, "take")
    do(sit(NEXT), other, "transfer", receiver="C-990001002", receiver_kind="centre", reason="it is theirs")
    assert seen(sit(GIVER))[other] == "offered"
    do(sit(GIVER), other, "take")
    assert seen(sit(GIVER))[other] == ""
    assert other not in seen(sit(GIVER), "handed")
    assert seen(sit(NEXT), "handed") == {other: "handed"}


def test_what_a_department_took_or_an_arbitration_gave_is_in_sight_too(sit: Sit, clock: ManualClock) -> None:
    task = reported(sit(GIVER))
    do(sit(GIVER), task, "transfer", receiver="D1", receiver_kind="department", reason="theirs")
    assert task not in seen(sit(NEXT))
    page = tasks.page(sit(GIVER), task)
    assert page is not None
    took = acts.act(sit(GIVER), task, "take", on_behalf="D1", seen_version=page.row.version)
    assert took.ok, took
    assert seen(sit(GIVER), "handed") == {task: "handed"}
    assert seen(sit(GIVER))[task] == ""
    # Nobody answers an offer: the county says whose it is.
    other = offered(sit, "C-990001003")
    clock.move(601)
    for _ in range(3):
        sweep(sit(GIVER).store, clock.now())
        clock.move(15)
    verdict = next(row.id for row in tasks.board(sit(COUNTY)) if row.type == "arbitration")
    do(sit(COUNTY), verdict, "settle", to="receiver", reason="it lies there")
    assert seen(sit(GIVER), "handed").keys() == {task, other}


def test_a_recalled_take_leaves_no_trace_in_the_giver_s_list(sit: Sit) -> None:
    task = offered(sit, "C-990001003")
    done = do(sit(NEXT), task, "take")
    assert acts.recall(sit(NEXT), task, str(done.data["op"])).ok
    assert seen(sit(NEXT))[task] == "offered"
    assert seen(sit(GIVER))[task] == ""
    assert seen(sit(GIVER), "handed") == {}
