"""The brief tells whatever concerns the place, in whosever hands it is: of the county, offered, handed on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from backend.clock import ManualClock
from backend.desk import acts, brief, intake, tasks
from backend.desk.desk import Desk
from backend.store import Store
from backend.words import LANGUAGES, say
from tests.screens import loop_city as city

GIVER, NEXT, FAR, COUNTY = "P-990001002-S1", "P-990001003-S1", "P-990002001-S1", "P-990001-S1"
Sit = Callable[[str], Desk]


@pytest.fixture
def sit(store: Store, clock: ManualClock, tmp_path: Path) -> Sit:
    city.build(store, tmp_path, clock.now())

    def seated(person: str) -> Desk:
        return Desk.open(store, person, clock=clock)

    return seated


def reported(desk: Desk, place: str) -> str:
    outcome = intake.enter(desk, type="industrial", place=place, channel="patrol", text="smoke")
    assert outcome.ok, outcome
    return str(outcome.data["task"])


def do(desk: Desk, task: str, kind: str, **body: object) -> None:
    page = tasks.page(desk, task)
    assert page is not None
    outcome = acts.act(desk, task, kind, body=body, seen_version=page.row.version)
    assert outcome.ok, outcome


def told(desk: Desk) -> dict[str, brief.Line]:
    gathered = brief.gather(desk)
    assert gathered.counts.open == len(gathered.doing)
    for language in LANGUAGES:
        assert all("{" not in say(line.message, language) for line in brief.build(gathered))
    return {line.item: line for line in brief.build(gathered) if line.item}


def test_what_is_of_the_whole_county_is_in_the_brief_of_each_township(sit: Sit) -> None:
    task = reported(sit(COUNTY), "grid:990001")
    for person in (COUNTY, GIVER, NEXT):
        line = told(sit(person))[task]
        assert line.message.args["where"] == "样1县"
        assert line.message.args["phone"]
    assert task not in told(sit(FAR))


def test_what_is_below_another_township_is_in_neither_of_its_neighbours(sit: Sit) -> None:
    task = reported(sit(GIVER), "grid:990001002")
    assert task in told(sit(GIVER))
    assert task in told(sit(COUNTY))
    assert task not in told(sit(NEXT))


@pytest.mark.parametrize(("to", "taker"), [("C-990001003", NEXT), ("C-990002001", FAR)])
def test_what_was_offered_and_handed_on_stays_with_its_holder_told(sit: Sit, to: str, taker: str) -> None:
    task = reported(sit(GIVER), "grid:990001002")
    do(sit(GIVER), task, "transfer", receiver=to, receiver_kind="centre", reason="theirs")
    offered = told(sit(taker))[task].message.args
    # Whoever must answer now is told, not who had it.
    assert (offered["state"], offered["holder"]) == (
        "OFFERED",
        "样13镇中心" if taker == NEXT else "样21镇中心",
    )
    assert task in told(sit(GIVER))
    do(sit(taker), task, "take")
    for person in (GIVER, COUNTY, taker):
        args = told(sit(person))[task].message.args
        assert (args["state"], args["due"] != "--", bool(args["phone"])) == ("ACCEPTED", True, True)
    # Where it went is named, with its county where that is another one.
    where = str(told(sit(COUNTY))[task].message.args["where"])
    assert where == ("样13镇" if taker == NEXT else "样2县样21镇")


def test_what_nobody_works_on_yet_tells_whom_to_call(sit: Sit, store: Store) -> None:
    city.exceed(store, sit(COUNTY).now, stations=("TA11",))
    (line,) = told(sit(COUNTY)).values()
    assert line.message.code == "brief.waiting.room"
    assert line.message.args["phone"]
    assert "05300000000" in say(line.message, "zh")
