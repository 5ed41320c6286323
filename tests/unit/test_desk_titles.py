"""Duty rooms and orders in English: where the pack or the product names them; what a person typed stands as typed."""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import update

from backend.city.packs import heze_path
from backend.city.tables import DutyEntry
from backend.clock import ManualClock
from backend.desk import brief, duty, dutyhours, dutylines, dutyrows, handover, intake, orders, sending, tasks
from backend.desk.desk import Desk
from backend.store import Store, table
from backend.words import say
from backend.words.say import Language
from tests.screens import loop_city as city

DUTY = table(DutyEntry)
ROOM = "C-990001"
Sit = Callable[..., Desk]


@pytest.fixture
def sit(store: Store, clock: ManualClock, tmp_path: Path) -> Sit:
    city.build(store, tmp_path, clock.now())
    with store.write() as connection:
        connection.execute(
            update(DUTY)
            .where(DUTY.c.body_kind == "centre")
            .values(name="县值班室", name_en="County duty room")
        )

    def seated(language: Language, person: str = city.SEAT) -> Desk:
        desk = Desk.open(store, person, clock=clock)
        desk.voice.language = language
        return desk

    return seated


@pytest.mark.parametrize(("language", "name"), [("zh", "县值班室"), ("en", "County duty room")])
def test_a_duty_room_is_told_in_the_persons_language(sit: Sit, language: Language, name: str) -> None:
    desk = sit(language)
    (room,) = [row for row in dutyrows.room_board(desk) if row.code == ROOM]
    (line,) = [row for row in dutylines.board(desk) if row.body == ROOM]
    hours = dutyhours.hours(desk, "centre", ROOM)
    assert hours is not None
    assert {room.answers, line.name, hours.stretches[0].who[0].name} == {name}
    assert [row.person for row in handover.above(desk)] == [name]
    assert {turn.name for turn in duty.swappable(desk, "centre", ROOM)} == {"县值班室"}, "the book's own name"
    made = intake.enter(desk, type="straw_burning", place="grid:990001001", channel="patrol", text="x")
    reasons = [
        say(why, language)
        for row in sending.holders(desk, str(made.data["task"])).rows
        for why in row.reasons
        if row.kind == "centre"
    ]
    assert any(name in why for why in reasons)
    refused = duty.adopt(desk, "C-990001001")
    assert name in say(refused.message, language)


def test_a_leaders_order_is_titled_in_both_languages(sit: Sit, clock: ManualClock) -> None:
    made = intake.enter(
        sit("zh"),
        type="straw_burning",
        place="grid:990001001",
        channel="leader",
        text="2 plots",
        due=clock.now() + 3600,
    )
    assert made.ok, made
    told = {}
    for language in ("zh", "en"):
        desk = sit(language)
        (row,) = orders.in_force(desk)
        page = tasks.page(desk, str(made.data["task"]))
        assert page is not None
        (shown,) = brief.gather(desk).orders
        assert shown.title == row.title
        assert row.title in say(page.title, language)
        told[language] = row.title
    assert told == {"zh": "秸秆焚烧 2 plots", "en": "Straw burning 2 plots"}
    # Sent again as it was shown, it stands; another one stands as it is typed.
    code = orders.in_force(sit("en"))[0].code
    assert orders.amend(sit("en"), code, title="Straw burning 2 plots", issued_by="Zhao").ok
    assert orders.in_force(sit("zh"))[0].title == "秸秆焚烧 2 plots"
    assert orders.amend(sit("en"), code, title="Put it out").ok
    assert {orders.in_force(sit(language))[0].title for language in ("zh", "en")} == {"Put it out"}


def test_the_demo_city_names_its_duty_rooms_and_orders_in_english() -> None:
    with gzip.open(heze_path() / "duty.csv.gz", "rt", encoding="utf-8") as file:
        names = [row["name_en"] for row in csv.DictReader(file)]
    with (heze_path() / "orders.csv").open(encoding="utf-8") as file:
        names += [row["title_en"] for row in csv.DictReader(file)]
    assert len(names) > 1600
    assert all(name and not re.search(r"[\u3400-\u9fff]", name) for name in names)


@pytest.mark.parametrize(("given", "held"), [("critical", "critical"), ("low", "low"), ("", "high")])
def test_a_leaders_order_is_as_urgent_as_it_was_entered(sit: Sit, given: str, held: str) -> None:
    desk = sit("zh")
    made = intake.enter(
        desk,
        type="industrial",
        place="grid:990001001",
        channel="leader",
        text="x",
        due=desk.now + 7200,
        priority=given,
    )
    assert made.ok, made
    (row,) = [row for row in tasks.board(desk) if row.order]
    assert row.priority == held
    odd = intake.enter(
        desk,
        type="industrial",
        place="grid:990001002",
        channel="leader",
        text="x",
        due=desk.now + 7200,
        priority="x",
    )
    assert not odd.ok
    assert len(orders.in_force(desk)) == 1
