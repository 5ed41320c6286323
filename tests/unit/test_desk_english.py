"""Who speaks English at a desk is told no Chinese name of a place, a station, a centre, a department or a type."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from backend.city.load import load_pack
from backend.city.tables import Centre, Department, Grid, Person, Source, StandingOrder, Station
from backend.clock import ManualClock
from backend.desk import (
    acts,
    alarms,
    around,
    feeds,
    intake,
    overview,
    people,
    places,
    sending,
    stations,
    tasks,
    taskside,
)
from backend.desk import station as station_page
from backend.desk.desk import Desk
from backend.desk.naming import names
from backend.escalation.sweep import sweep
from backend.feeds.tables import Feed
from backend.store import Store, table
from backend.words import LANGUAGES, Message, say
from tests.screens import loop_city as city
from tests.tools.small_city import write_small_city

NAMED = (Grid, Station, Centre, Department, Source, Person)
FOUND_BY = {"initials", "reports", "body"}
"""Fields that hold what a thing is found by, what a person wrote, and an act as it was sent."""
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def seat(store: Store, clock: ManualClock, tmp_path: Path) -> Desk:
    """A county's seat with an alarm, a task that has been sent and missed its clock, and a call."""
    load_pack(store, write_small_city(tmp_path / "pack"), clock.now())
    with store.write() as connection:
        for model in NAMED:
            of = table(model)
            connection.execute(update(of).values(name_en="EN " + of.c.code))
        order = {
            "code": "O1", "kind": "campaign", "level": "", "title": "Campaign", "scope_kind": "grid",
            "scope": "990001", "starts": 0, "ends": None, "issued_by": "", "text": "", "from_pack": True,
            "made_up": True,
        }  # fmt: skip
        connection.execute(insert(table(StandingOrder)), [order])
    city.exceed(store, clock.now(), stations=(city.STATION,))
    desk = Desk.open(store, city.SEAT, clock=clock)
    made = acts.from_alarm(desk, city.alarms(store)[0])
    assert made.ok, made
    grid = places_of(desk)[-1]
    assert acts.propose(desk, type="straw_burning", grid=grid, text="smoke").ok
    task = str(made.data["task"])
    row = tasks.board(desk)[0]
    acts.act(
        desk, task, "dispatch",
        body={"holder": city.MEMBER, "holder_kind": "member", "on_duty": True}, seen_version=row.version,
    )  # fmt: skip
    clock.move(4 * 3600)
    sweep(store, clock.now())
    return desk


def places_of(desk: Desk) -> list[str]:
    return [one.code for one in intake.choices(desk).places if one.kind == "grid" and not one.outside]


def told(thing: Any) -> Iterator[str]:
    """Every text in an answer, messages in English words."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, Message):
        yield say(thing, "en")
    elif is_dataclass(thing) and not isinstance(thing, type):
        for field in fields(thing):
            if field.name not in FOUND_BY and not field.name.endswith(("type_name", "types")):
                yield from told(getattr(thing, field.name))
    elif hasattr(thing, "_asdict"):
        yield from told(thing._asdict())
    elif isinstance(thing, Mapping):
        for value in thing.values():
            yield from told(value)
    elif isinstance(thing, Sequence | set | frozenset):
        for value in thing:
            yield from told(value)


def answers(desk: Desk) -> Iterator[tuple[str, Any]]:
    """All that a screen can ask for places."""
    yield "areas", [(row.name_en, row.worst) for row in overview.areas(desk)]
    yield "needs", overview.needs(desk)
    yield "around", around.around(desk).orders
    yield "stations", stations.board(desk)
    yield "station", [replaced(station_page.page(desk, row.code)) for row in stations.board(desk)]
    yield "station faces", station_page.faces(desk, city.STATION)
    yield "alarms", alarms.board(desk)
    yield "alarm", [alarms.page(desk, row.id) for row in alarms.board(desk)]
    yield "people", [row.grid_name for row in people.people(desk.store, desk.language)]
    yield "places", [_grid(desk, code) for code in ("990000", "990001", *places_of(desk))]
    with desk.store.read() as connection:
        codes = connection.execute(select(table(Source).c.code)).scalars().all()
    yield "sources", [replaced(places.source(desk, code)) for code in codes[:3]]
    rows = tasks.board(desk)
    yield "tasks", rows
    for row in rows:
        yield "task", tasks.page(desk, row.id)
        yield "sides", taskside.sides(desk, row.id)
        yield "holders", sending.holders(desk, row.id)
        yield "receivers", sending.receivers(desk, row.id)
        yield "mergeable", [(one[0], one[3]) for one in sending.mergeable(desk, row.id)]
        yield "townships", [one[:2] for one in sending.townships(desk, row.id)]
        yield "faces", places.faces_of_task(desk, row.id)
    yield "intake", [(one.name, one.above) for one in intake.choices(desk).places]


def _grid(desk: Desk, code: str) -> Any:
    page = places.grid(desk, code)
    assert page is not None
    return [page.name_en, page.contacts, page.stations, page.alarms, page.tasks, page.faces, page.sources]


def replaced(page: Any) -> Any:
    """A page without what is said in both languages, or is a feed's."""
    names = [
        field.name for field in fields(page) if field.name not in ("name", "measures", "series", "feeds")
    ]
    return [value for name in names for value in [getattr(page, name)] if name != "faces"] + [
        face for face in page.faces if face.page != "feed"
    ]


def chinese(desk: Desk) -> set[str]:
    """The Chinese names of all that has an English one."""
    with desk.store.read() as connection:
        return {
            name
            for model in NAMED
            for name in connection.execute(select(table(model).c.name)).scalars()
            if HAN.search(name)
        }


def test_no_chinese_name_reaches_an_english_desk(seat: Desk) -> None:
    seat.speak("en")
    names = chinese(seat)
    assert len(names) > 20
    asked = {"alarm", "task", "sides", "holders"}
    for what, answer in answers(seat):
        texts = list(told(answer))
        assert texts, what
        asked.discard(what)
        found = sorted({text for text in texts if any(name in text for name in names)})
        assert not found, (what, found)
        assert any("EN " in text for text in texts) or what in ("faces", "mergeable"), what
    assert not asked


def test_a_chinese_desk_is_told_the_chinese_names(seat: Desk) -> None:
    for what, answer in answers(seat):
        if what not in ("areas", "places", "sources"):
            assert not [text for text in told(answer) if text.startswith("EN ")], what


def test_a_place_without_an_english_name_keeps_its_own(seat: Desk) -> None:
    with seat.store.write() as connection:
        connection.execute(update(table(Station)).values(name_en=""))
    seat.speak("en")
    assert all(HAN.search(row.name) for row in stations.board(seat))


def test_it_is_found_by_its_chinese_name_too(seat: Desk) -> None:
    name = next(row.name for row in stations.board(seat))
    seat.speak("en")
    assert name in stations.board(seat, find=name)[0].initials


def test_whoever_sits_down_next_is_spoken_to_in_the_same_language(seat: Desk) -> None:
    seat.speak("en")
    assert seat.seated(seat.actor).language == "en"


def test_people_and_feeds_are_called_by_their_english_names(seat: Desk) -> None:
    person, feed = table(Person), table(Feed)
    with seat.store.write() as connection:
        connection.execute(
            update(person).where(person.c.code == seat.actor.person).values(name_en="Fan Qianhao")
        )
        connection.execute(update(feed).values(name_en="A feed"))
    # Who sits down is read anew.
    desk = Desk.open(seat.store, seat.actor.person, clock=seat.clock)
    board = {}
    for language in LANGUAGES:
        desk.speak(language)
        with seat.store.read() as connection:
            assert names(connection, [desk.actor.person], language) == {desk.actor.person: desk.sitter}
        board[language] = {row.name for row in feeds.board(desk)}
    assert desk.sitter == "Fan Qianhao"
    assert "Fan Qianhao" in {one.name for one in people.people(seat.store, "en")}
    assert [one.code for one in people.people(seat.store, "zh", find="qianhao")] == [desk.actor.person]
    assert board["en"] == {"A feed"}
    assert not board["zh"] & board["en"]
    desk.speak("zh")
    assert desk.sitter == desk.actor.name != "Fan Qianhao"
