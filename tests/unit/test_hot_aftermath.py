"""After the hot grids: their rankings are kept before anybody asks, and those are told whom it concerns, once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import text

from backend.analysis.hotspots import aftermath
from backend.analysis.hotspots.excess import Usual
from backend.analysis.hotspots.job import Job
from backend.analysis.hotspots.look import Watch
from backend.analysis.hotspots.place import of_row
from backend.analysis.hotspots.telling import GRID, tell
from backend.analysis.sources import kept
from backend.city.registry import City
from backend.city.tables import Department, DutyEntry, Person, PolicyText, Source
from backend.clock import ManualClock
from backend.desk import hotspots
from backend.desk.desk import Desk
from backend.escalation.policy import faults_of
from backend.notify import notices
from backend.store import Store, table
from backend.store import readings as store_readings
from backend.tasks.policy import default_text
from backend.tasks.policy_text import read_policy
from tests.templates import filled
from tests.unit.hot_city import MIDDLE, book, city, fill, hours
from tests.unit.small_city import HOUR, T, rows

LAST = T - HOUR
NOW = T + 600
TRUE = "Q1"


@pytest.fixture
def hot(store: Store) -> City:
    """In the last four hours one station stands far above the others; beside it stands a source."""
    filled(store, __name__, lambda: scene(store))
    with store.read() as conn:
        return City.read(conn)


def scene(store: Store) -> None:
    """Fill the store with that."""
    of = city(store)
    values = hours(6)
    values["pm25"][-4:, MIDDLE] += 150
    values["pm10"][-4:, MIDDLE] += 200
    fill(store, of, values)
    here = of.stations[MIDDLE + 1]
    plain = {
        "grid": "A1",
        "county": "A",
        "in_service": True,
        "made_up": False,
        "department": "HB",
        "kind": "site",
        "name_en": "",
    }
    assert here.lon is not None
    assert here.lat is not None
    with store.bulk() as conn:
        conn.execute(
            table(Department).insert(), {"code": "HB", "name": "市住建局", "name_en": "Housing bureau"}
        )
        conn.execute(
            table(Source).insert(),
            [
                {**plain, "code": "Q1", "name": "一号工地", "name_en": "Site one", "lon": here.lon + 0.002,
                 "lat": here.lat},
                {**plain, "code": "Q2", "name": "二号工地", "lon": here.lon + 0.08, "lat": here.lat + 0.05},
            ],
        )  # fmt: skip
        member = {"role": "member", "grid": "A1", "phone": "13800000000", "active": True}
        conn.execute(table(Person).insert(), {**member, "code": "W1", "name": "王一", "centre": ""})
        duty = {"body_kind": "member", "body": "W1", "start_minute": 0, "end_minute": 1440}
        conn.execute(table(DutyEntry).insert(), duty)


def turned(store: Store, of: City, now: int = NOW) -> Job:
    """The job, until nothing is left to do."""
    job = Job(store, lambda: of)
    while job.turn(now) or _waits(store, now):
        pass
    return job


def all_done(store: Store, of: City) -> None:
    """The store as the job leaves it."""
    filled(store, (__name__, "all done"), lambda: turned(store, of))


def _waits(store: Store, now: int) -> bool:
    with store.read() as conn:
        return bool(aftermath.waiting(conn, now))


def told(store: Store) -> list[notices.NoticeRow]:
    with store.read() as conn:
        return [
            one
            for one in notices.listed(conn, grids=["A", "B", "A1", "B1", "Z"])
            if one.message.code.startswith("notice.hot")
        ]


def test_rankings_are_kept_before_anybody_asks(store: Store, hot: City) -> None:
    all_done(store, hot)
    with store.read() as conn:
        found = kept.read(conn, LAST)
    assert {(station, parameter) for _network, parameter, station in found} == {
        (MIDDLE + 1, 1),
        (MIDDLE + 1, 2),
    }
    for one in found.values():
        assert one.targets[0].source == TRUE
        assert one.targets[0].department == "HB"
        assert one.ends == T
        assert sum(target.probability for target in one.targets) + one.none == pytest.approx(1.0, abs=0.01)
        assert one.targets[0].reasons
    assert rows(store, "SELECT COUNT(*) FROM hot_hour WHERE traced != stamp") == [(0,)]


def test_the_newest_hour_comes_first(store: Store, hot: City) -> None:
    Job(store, lambda: hot).turn(NOW)
    assert rows(store, "SELECT MAX(at) FROM hot_hour") == [(LAST,)]
    assert rows(store, "SELECT COUNT(*) > 0 FROM hot_trace WHERE at = (SELECT MAX(at) FROM hot_hour)") == [
        (1,)
    ]


def test_a_member_is_told_once_of_an_episode(store: Store, hot: City) -> None:
    all_done(store, hot)
    found = told(store)
    member = [one for one in found if one.person]
    assert [(one.person, one.grid, one.message.code) for one in member] == [
        ("W1", "A1", "notice.hot_targets")
    ]
    args = member[0].message.args
    assert "一号工地" in str(args["targets"])
    assert "市住建局" in str(args["targets"])
    assert "Site one" in str(args["targets_en"])
    assert [one.grid for one in found if not one.person] in ([], ["A"]), "the county where it is strongly hot"
    with store.read() as conn:
        places = [of_row(hot, row) for row in conn.execute(GRID.select().where(GRID.c.at == LAST))]
    with store.bulk() as conn:
        tell(conn, hot, places, {}, NOW + 300)
    assert len(told(store)) == len(found), "a second time writes none"


def test_what_is_old_when_it_is_found_is_told_to_nobody(store: Store, hot: City) -> None:
    turned(store, hot, T + 12 * HOUR)
    assert rows(store, "SELECT COUNT(*) > 0 FROM hot_trace") == [(1,)]
    assert told(store) == []


@pytest.mark.parametrize(("member", "county", "grids"), [("off", "off", set()), ("off", "hot", {"A"})])
def test_the_policy_says_who_is_told(
    store: Store, hot: City, member: str, county: str, grids: set[str]
) -> None:
    own = default_text().replace('member = "hot"', f'member = "{member}"')
    own = own.replace('county = "strong"', f'county = "{county}"')
    with store.bulk() as conn:
        conn.execute(table(PolicyText).insert(), {"version": 7, "effective": 0, "text": own})
    turned(store, hot)
    assert {one.grid for one in told(store)} == grids


def test_what_is_not_hot_after_all_is_taken_back(store: Store, hot: City) -> None:
    job = turned(store, hot)
    assert told(store)
    keys = [(T - n * HOUR, MIDDLE + 1, parameter, HOUR) for n in range(1, 5) for parameter in (1, 2)]
    with store.bulk() as conn:
        store_readings.reflag(conn, keys, 3, "spike", book(hot), T + 700)
    while job.turn(T + 720) or _waits(store, T + 720):
        pass
    assert rows(store, "SELECT COUNT(*) FROM hot_trace WHERE at >= 1793692800 - 14400") == [(0,)]
    assert rows(store, "SELECT DISTINCT state FROM notice WHERE code LIKE 'notice.hot%'") == [("withdrawn",)]


def test_many_at_once_are_told_by_number(store: Store, hot: City) -> None:
    all_done(store, hot)
    with store.read() as conn:
        place = next(
            of_row(hot, row)
            for row in conn.execute(GRID.select().where(GRID.c.at == LAST))
            if row.heat != "watch"
        )
    with store.bulk() as conn:
        conn.execute(text("DELETE FROM notice"))
        conn.execute(text("DELETE FROM hot_grid"))
    grids = dict(hot.grids)
    for number in range(8):
        grids[f"A1-{number}"] = grids["A1"]._replace(code=f"A1-{number}", parent="A1", level=4)
    wide = City(hot.facts, grids, hot.stations, hot.parameters, hot.measures)
    several = [
        replace(place, code=f"A1-{number}", grid=f"A1-{number}", level=4, heat="strong")
        for number in range(8)
    ]
    with store.bulk() as conn:
        assert tell(conn, wide, several, {}, NOW) == 8 + 6
    found = told(store)
    assert len([one for one in found if one.grid == "A1"]) == 8
    assert len([one for one in found if one.grid == "A"]) == 6
    more = next(one for one in found if one.message.code == "notice.hot_more")
    assert more.message.args["count"] == 3


def test_the_desk_shows_the_targets_of_a_hot_grid(store: Store, hot: City) -> None:
    all_done(store, hot)
    desk = replace(Desk.of_scripts(store), clock=ManualClock(NOW))
    row = next(one for one in hotspots.hot_grids(desk, parameter="pm25", level=3) if one.heat != "watch")
    assert [(one.code, one.department_name) for one in row.targets][:1] == [(TRUE, "市住建局")]
    assert row.none is not None
    assert row.targets[0].probability > row.none


def test_what_the_job_has_learned_nobody_learns_again(
    store: Store, hot: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.read() as conn:
        fresh = Watch.of(conn, hot).look(conn, LAST)
    all_done(store, hot)
    assert rows(store, "SELECT COUNT(*) FROM hot_usual") != [(0,)]

    def never(*_given: object, **_named: object) -> Usual:
        raise AssertionError

    monkeypatch.setattr("backend.analysis.hotspots.look.usual", never)
    with store.read() as conn:
        watch = Watch.of(conn, hot)
        again = watch.look(conn, LAST)
        assert not watch.learned_anew
    for one, other in zip(fresh, again, strict=True):
        assert np.array_equal(one.heat.level, other.heat.level)
        assert np.array_equal(one.excess.z, other.excess.z, equal_nan=True)


def test_what_was_learned_of_other_stations_is_worth_nothing(store: Store, hot: City) -> None:
    all_done(store, hot)
    with store.bulk() as conn:
        conn.execute(text("UPDATE station SET in_service = 0 WHERE id = 3"))
        watch = Watch.of(conn, City.read(conn))
        watch.look(conn, LAST)
        assert watch.learned_anew


def test_a_cell_has_the_targets_of_the_station_that_shows_it(store: Store, hot: City) -> None:
    all_done(store, hot)
    desk = replace(Desk.of_scripts(store), clock=ManualClock(NOW))
    cells = [
        one for one in hotspots.hot_grids(desk, parameter="pm25", at=LAST, cell=3000) if one.heat != "watch"
    ]
    assert cells
    assert [one.targets[0].code for one in cells] == [TRUE] * len(cells)


def test_a_policy_that_says_nothing_known_of_hot_grids_is_refused_by_line() -> None:
    faults = faults_of(default_text().replace('county = "strong"', 'county = "warm"'))
    assert [fault.where for fault in faults] == ["hotspot.county"]
    assert not faults_of(default_text().replace('quiet = "6h"', 'quiet = "12h"'))
    # A policy that was written before there was such a table tells as the product does.
    start = default_text().index("[hotspot]")
    older = default_text()[:start] + default_text()[default_text().index("# Escalation.") :]
    assert read_policy(older, version=1, zone="Asia/Shanghai").limits.hot_member == "hot"
