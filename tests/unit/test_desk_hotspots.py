"""Hot grids through the desk and the command line: kept rows, judged now, maps, places; late data; no look ahead."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from backend.analysis.field import Field, read_field
from backend.analysis.hotspots import look
from backend.analysis.hotspots.job import Job
from backend.analysis.hotspots.keep import due
from backend.analysis.hotspots.look import Watch
from backend.analysis.hotspots.rested import rest_on
from backend.analysis.hotspots.work import Worker
from backend.city.registry import City
from backend.clock import ManualClock
from backend.desk import hotmaking, hotspan, hotspots, hottrend
from backend.desk.desk import Desk
from backend.desk.hotspan import Asked, hot_span, known
from backend.desk.hotspotrows import BLIND, INTERPOLATED, MEASURED, OUTSIDE
from backend.store import Store
from backend.store import readings as store_readings
from backend.words import Message, say
from console.__main__ import main
from tests.templates import filled
from tests.unit.hot_city import MIDDLE, SIDE, book, city, fill, hours
from tests.unit.small_city import HOUR, T, rows

LAST = T - HOUR


@pytest.fixture
def hot(store: Store) -> City:
    """Six days; in the last four hours one station stands far above the others, in both pollutants."""

    def scene() -> None:
        values = hours(6)
        values["pm25"][-4:, MIDDLE] += 150
        values["pm10"][-4:, MIDDLE] += 200
        fill(store, city(store), values)

    filled(store, __name__, scene)
    with store.read() as conn:
        return City.read(conn)


def desk_of(store: Store) -> Desk:
    return replace(Desk.of_scripts(store), clock=ManualClock(T + 600))


@pytest.mark.usefixtures("hot")
def test_what_there_is_to_ask_for(store: Store) -> None:
    desk = desk_of(store)
    assert hotspots.parameters(desk) == (("pm25", "pm10"), (3000, 1000, 500))
    assert known(desk) == ("pm25", "pm10")
    found = hotspots.hours_available(desk, "pm25", limit=5)
    assert [hour.at for hour in found] == [LAST - n * HOUR for n in range(5)]
    assert found[0].made == 0, "nothing is kept yet"


@pytest.mark.usefixtures("hot")
def test_a_hot_grid_tells_why_and_who_sees_it(store: Store) -> None:
    found = hotspots.hot_grids(desk_of(store), parameter="pm25", level=3)
    assert found[0].code == "A1"
    assert found[0].at == LAST
    assert found[0].heat in ("hot", "strong")
    assert found[0].kind == "sudden"
    assert found[0].hours == 4
    assert found[0].since == T - 4 * HOUR
    assert found[0].measured
    assert f"S{MIDDLE}" in {one.code for one in found[0].stations}
    for row in found:
        for message in (*row.reasons, *row.against):
            for language in ("zh", "en"):
                said = say(message, language)
                assert not said.startswith("hotspots."), message
                assert "{" not in said, said
    assert "hotspots.why.agrees" in {message.code for message in found[0].reasons}


@pytest.mark.usefixtures("hot")
def test_cells_are_judged_where_grids_are_too_wide(store: Store) -> None:
    found = hotspots.hot_grids(desk_of(store), parameter="pm25", cell=1000)
    first = found[0]
    assert (first.level, first.cell, first.measured) == (0, 1000, True)
    assert first.stations[0].code == f"S{MIDDLE}"
    assert first.stations[0].metres < 710
    assert [row.heat for row in found if row.stations[0].code != f"S{MIDDLE}" and row.heat != "watch"] == []


def test_the_job_keeps_what_is_read_then(store: Store, hot: City) -> None:
    before = hotspots.hot_grids(desk_of(store), level=3)
    job = Job(store, lambda: hot)
    while job.turn(T + 600):
        pass
    assert rows(store, "SELECT COUNT(DISTINCT at), MAX(times) FROM hot_hour") == [(48, 1)]
    after = hotspots.hot_grids(desk_of(store), level=3)
    assert [(row.code, row.parameter, row.heat, row.z, row.reasons) for row in after] == [
        (row.code, row.parameter, row.heat, row.z, row.reasons) for row in before
    ]
    newest = hotspots.hours_available(desk_of(store), "pm25")[0]
    assert (newest.at, newest.stations, newest.made) == (LAST, SIDE**2, T + 600)


def test_an_overturned_flag_is_judged_again_and_nothing_else(store: Store, hot: City) -> None:
    job = Job(store, lambda: hot)
    while job.turn(T + 600):
        pass
    assert job.turn(T + 660) == 0
    keys = [(T - n * HOUR, MIDDLE + 1, parameter, HOUR) for n in range(1, 5) for parameter in (1, 2)]
    with store.bulk() as conn:
        store_readings.reflag(conn, keys, 3, "spike", book(hot), T + 700)
    while job.turn(T + 720):
        pass
    assert rows(store, "SELECT DISTINCT times FROM hot_hour ORDER BY times") == [(1,), (2,)]
    assert rows(store, "SELECT MIN(at) FROM hot_hour WHERE times = 2") == [(T - 4 * HOUR,)]
    assert rows(store, "SELECT COUNT(*) FROM hot_grid WHERE heat IN ('hot', 'strong')") == [(0,)]


def test_a_value_of_last_week_that_is_taken_out_takes_its_hot_grids_away(store: Store, hot: City) -> None:
    job, station = Job(store, lambda: hot), MIDDLE + 1
    while job.turn(T + 600):
        pass
    with store.read() as conn:
        resting = rest_on(conn, station, 1, T - 4 * HOUR, T)
    assert {one.grid for one in resting} == {"A1"}
    assert resting[0].at == LAST
    with store.read() as conn:
        assert rest_on(conn, station + 1, 1, T - 4 * HOUR, T) == []
    week = T + 7 * 86400
    while job.turn(week):
        pass
    keys = [(T - n * HOUR, station, parameter, HOUR) for n in range(1, 5) for parameter in (1, 2)]
    with store.bulk() as conn:
        store_readings.reflag(conn, keys, 4, "person:bad", book(hot), week + 60, actor="X")
    while job.turn(week + 120):
        pass
    assert rows(store, "SELECT COUNT(*) FROM hot_grid WHERE heat IN ('hot', 'strong')") == [(0,)]
    assert rows(store, "SELECT MIN(at) FROM hot_hour WHERE times = 2") == [(T - 4 * HOUR,)]
    assert job.turn(week + 180) == 0


def test_a_new_hour_waits_until_most_has_come(store: Store) -> None:
    of = city(store)
    fill(store, of, hours(6), change=lambda hour, _code, column: hour < 143 or column < 6)
    with store.read() as conn:
        networks = Watch.of(conn, of).networks.values()
        assert LAST not in {one.start for one in due(conn, networks, T + 60, of.zone)}
        assert LAST in {one.start for one in due(conn, networks, T + HOUR // 2, of.zone)}, (
            "who has not come by now"
        )


@pytest.mark.usefixtures("hot")
@pytest.mark.parametrize("back", [0, 2, 30])
def test_nothing_that_came_later_is_used(store: Store, back: int) -> None:
    until = T - back * HOUR
    asked = Asked(until=until, level=3)
    full = hot_span(desk_of(store), asked)
    with store.bulk() as conn:
        conn.execute(text("DELETE FROM reading WHERE start >= :at"), {"at": until})
    assert hot_span(desk_of(store), asked) == full
    assert full[0] or back


def test_a_watch_that_goes_on_comes_to_what_a_fresh_one_does(store: Store, hot: City) -> None:
    with store.read() as conn:
        going = Worker(Watch.of(conn, hot))
        for back in (30, 3, 2, 1):
            went = going.find(conn, T - back * HOUR, levels=(3,))
        assert went == Worker(Watch.of(conn, hot)).find(conn, LAST, levels=(3,))
        going.watch.forget(T - 3 * HOUR)
        assert going.find(conn, LAST, levels=(3,)) == went


@pytest.mark.usefixtures("hot")
def test_the_map_says_what_it_knows(store: Store) -> None:
    one = hotspots.cell_map(desk_of(store), parameter="pm25", cell=1000)
    assert one is not None
    assert len(one.values) == len(one.mask) == len(one.classes) == one.columns * one.rows
    assert type(one.mask) is bytes
    known_cells = set(one.mask)
    assert known_cells <= {OUTSIDE, BLIND, INTERPOLATED, MEASURED}
    assert one.mask.count(MEASURED) == SIDE**2
    for value, mask, grade in zip(one.values, one.mask, one.classes, strict=True):
        assert math.isnan(value) == (mask in (OUTSIDE, BLIND)) == (grade == 0)
    assert one.bounds_from == "iaqi"
    assert one.bounds[0] == 35
    assert one.error is not None
    station = next(each for each in one.stations if each.code == f"S{MIDDLE}")
    index = station.row * one.columns + station.column
    assert one.mask[index] == MEASURED
    assert one.values[index] == pytest.approx(station.value or 0, abs=0.01)
    lon, lat = one.place(station.column, station.row)
    assert one.cell_at(lon, lat) == (station.column, station.row)
    assert hotspots.cell_map(desk_of(store), parameter="so2") is None


@pytest.mark.usefixtures("hot")
def test_a_map_of_grids_gives_each_cell_its_grids_value(store: Store) -> None:
    one = hotspots.cell_map(desk_of(store), parameter="pm25", cell=1000, level=3)
    assert one is not None
    assert len({value for value in one.values if not math.isnan(value)}) == 2, "two townships"


@pytest.mark.usefixtures("hot")
def test_the_map_and_the_list_tell_one_increment_over_one_background(store: Store) -> None:
    wanted: tuple[dict[str, Any], ...] = ({"cell": 3000}, {"cell": 500}, {"level": 3})
    for of in wanted:
        drawn = hotspots.cell_map(desk_of(store), parameter="pm25", **of)
        found = hotspots.hot_grids(desk_of(store), parameter="pm25", **of)
        assert drawn is not None
        assert found
        for row in found:
            if row.cell:
                at = drawn.cell_at(row.lon, row.lat)
                assert at is not None
                index = at[1] * drawn.columns + at[0]
            else:
                # Any of its cells: they all show what the grid shows.
                index = next(
                    i for i, value in enumerate(drawn.values) if value == pytest.approx(row.value, rel=1e-4)
                )
            assert drawn.backgrounds[index] == pytest.approx(row.background, rel=1e-4)
            assert drawn.values[index] - drawn.backgrounds[index] == pytest.approx(row.increment, rel=1e-3)
    drawn = hotspots.cell_map(desk_of(store), parameter="pm25")
    assert drawn is not None
    assert [math.isnan(one) for one in drawn.backgrounds] == [math.isnan(one) for one in drawn.values]


def test_a_grid_that_is_hot_by_two_networks_is_two_rows_and_has_hours_by_each(store: Store) -> None:
    of = city(store)
    with store.bulk() as conn:
        # Every second one stands at a building site; two beside each other stand out, in the same township.
        conn.execute(text("UPDATE station SET kind = 'site_dust' WHERE id % 2 = 0"))
        of = City.read(conn)
    values = hours(6)
    values["pm25"][-4:, [MIDDLE - 1, MIDDLE]] += 150
    values["pm10"][-4:, [MIDDLE - 1, MIDDLE]] += 200
    fill(store, of, values)
    desk = desk_of(store)
    found = hotspots.hot_grids(desk, parameter="pm25", level=3)
    assert len({row.key for row in found}) == len(found)
    twice = [row for row in found if row.heat in ("hot", "strong")]
    assert {row.network for row in twice} == {"air", "dust"}
    assert len({row.code for row in twice}) == 1, "they stand in one township"
    for row in twice:
        told = hotspots.hot_hours(desk, row.code, parameter="pm25", network=row.network)
        assert told is not None
        kinds = {of.by_code[code].kind for code in told.stations}
        assert kinds == {"air" if row.network == "air" else "site_dust"}
    dust = next(row.code for row in of.stations.values() if row.kind == "site_dust")
    assert (alone := hotspots.hot_hours(desk, dust, parameter="pm25")) is not None
    assert alone.stations == [dust]
    lead = max(twice[0].stations, key=lambda one: one.z or 0.0)
    line = hottrend.trend(desk, "pm25", T, twice[0].lon, twice[0].lat, station=lead.code)
    assert line is not None
    assert line.station == lead.code
    # The line of hours counts what the list has.
    job = Job(store, lambda: of)
    while job.turn(T + 600):
        pass
    newest = hotspots.hours_available(desk, "pm25")[0]
    assert (newest.at, newest.hot, newest.expected) == (LAST, 2, SIDE**2 // 2)
    # The background of the curve is the one that the list tells.
    assert line.background[-1][1] == pytest.approx((lead.value or 0) - (lead.increment or 0), rel=1e-3)


@pytest.mark.usefixtures("hot")
def test_hot_hours_and_what_lies_under_a_place(store: Store) -> None:
    found = hotspots.hot_hours(desk_of(store), "A1", parameter="pm25", days=5)
    assert found is not None
    assert len(found.hours) == 24
    assert len(found.weekdays) == 7
    assert hotspots.hot_hours(desk_of(store), "NOPE", parameter="pm25") is None
    under = hotspots.under(desk_of(store), 115.066, 35.054, parameter="pm25")
    assert [code for _level, code, _name in under.path][:2] == ["A1", "A"]
    assert under.stations[0].code == f"S{MIDDLE}"
    assert under.stations[0].value is not None
    assert {row.code for row in under.hot} == {"A1"}


def test_what_is_remembered_is_read_again_only_when_readings_are_other_ones(
    store: Store, hot: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, read = desk_of(store), list[int]()

    def counted(*args: Any, **named: Any) -> Field:
        read.append(named["start"])
        return read_field(*args, **named)

    def there() -> tuple[float | None, set[str]]:
        found = hotspots.under(desk, 115.066, 35.054, LAST, "pm25")
        return found.stations[0].value, {row.code for row in found.hot}

    def write(value: float) -> None:
        row = store_readings.ReadingRow(LAST, MIDDLE + 1, 1, HOUR, value, "", 1, "", 0, 1)
        with store.bulk() as conn:
            store_readings.write(conn, [row], book(hot), T + 700)

    hotspots.cell_map(desk, parameter="pm25", at=LAST)
    value, codes = there()
    assert codes == {"A1"}
    monkeypatch.setattr(look, "read_field", counted)
    # What somebody writes elsewhere is no reason to read two days again.
    with store.write() as conn:
        conn.execute(text("UPDATE lease SET holder = holder"))
        conn.execute(text("INSERT INTO lease (name, holder, until) VALUES ('other', 'somebody', 0)"))
    hotspots.cell_map(desk, parameter="pm25", at=LAST)
    assert there() == (value, codes)
    assert read == []
    # An upstream that corrects itself, and a flag.
    write((value or 0.0) + 10)
    assert there() == ((value or 0.0) + 10, codes)
    assert read
    keys = [(T - n * HOUR, MIDDLE + 1, parameter, HOUR) for n in range(1, 5) for parameter in (1, 2)]
    with store.bulk() as conn:
        store_readings.reflag(conn, keys, 3, "spike", book(hot), T + 800)
    assert there() == (None, set())
    with store.bulk() as conn:
        store_readings.reflag(conn, keys, 1, "", book(hot), T + 900)
    assert there() == ((value or 0.0) + 10, codes)


@pytest.mark.parametrize("side", [1, 2])
def test_few_stations_break_nothing(store: Store, side: int) -> None:
    of = city(store, side)
    values = {code: array[:, : side**2] for code, array in hours(3).items()}
    values["pm25"][-3:, 0] += 200
    fill(store, of, values)
    desk = desk_of(store)
    for asked in (
        Asked(),
        Asked(level=3),
        Asked(cell=500),
        Asked(until=T - 60 * HOUR),
        Asked(until=T - 900 * HOUR),
    ):
        found, _notes = hot_span(desk, asked)
        assert all(math.isfinite(row.nearest) and math.isfinite(row.value) for row in found)
        assert not [row for row in found if row.heat != "watch"], "too few to bear each other out"
    hotspots.cell_map(desk, parameter="pm25")
    assert hotspots.hot_hours(desk, "S0", parameter="pm25") is not None or side == 1


@pytest.mark.usefixtures("hot")
def test_stations_that_are_not_where_they_say_are_told_and_left_out(store: Store) -> None:
    with store.bulk() as conn:
        conn.execute(text("UPDATE city_fact SET value = '[114.9, 34.9, 115.3, 35.3]' WHERE key = 'bounds'"))
        conn.execute(text("INSERT INTO city_fact VALUES ('bounds', '[114.9, 34.9, 115.3, 35.3]')"))
        conn.execute(text("INSERT INTO city_fact VALUES ('loaded', '1')"))
        conn.execute(
            text("UPDATE station SET lon = 35.05, lat = 115.06 WHERE code = :c"), {"c": f"S{MIDDLE}"}
        )
    found, notes = hot_span(desk_of(store), Asked(parameter="pm25", level=3))
    assert [note.code for note in notes] == ["hotspots.note.misplaced"]
    assert [row for row in found if row.heat != "watch"] == []


def test_no_network_and_no_readings_are_said(
    store: Store, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    city(store)
    assert main(["--store", store.url, "--lang", "en", "hotspots", "--at", "2026-11-03T12:00"]) == 0
    assert "No usable readings" in capsys.readouterr().err
    assert main(["--store", store.url, "--lang", "en", "hotspots", "--parameter", "so2"]) == 1
    assert "There are: pm25, pm10" in capsys.readouterr().err
    assert main(["--store", store.url, "--lang", "en", "hotspots", "--level", "1q"]) == 1
    assert main(["--store", store.url, "hotspots", "--from", "2026-11-03", "--to", "2026-11-01"]) == 1


@pytest.mark.usefixtures("hot")
def test_the_command_prints_for_people_and_programs(
    store: Store,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    asked = [
        "--store",
        store.url,
        "--lang",
        "en",
        "hotspots",
        "--at",
        "2026-11-03T16:00",
        "--parameter",
        "pm25",
    ]
    assert main([*asked, "--level", "3"]) == 0
    shown = capsys.readouterr().out
    assert "A1" in shown
    assert main([*asked, "--level", "3", "--heat", "hot", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told[0]["code"] == "A1"
    assert told[0]["at"] == "2026-11-03T15:00:00+08:00"
    assert told[0]["reasons"][0]["text"]
    assert main([*asked, "--level", "1000", "--geojson"]) == 0
    features = json.loads(capsys.readouterr().out)["features"]
    assert features[0]["geometry"]["type"] == "Polygon"
    assert (
        main([*asked, "--csv", "--from", "2026-11-03T13:00", "--to", "2026-11-03T16:00", "--level", "3"]) == 0
    )
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("at,parameter,heat")
    assert {line[:16] for line in lines[1:] if ",hot," in line or "strongly" in line} <= {
        f"2026-11-03T{hour}:00" for hour in (13, 14, 15)
    }


def test_what_too_few_stations_measured_is_told_as_that() -> None:
    assert hotspan._few({"pm25": 40, "no2": 0}) == []
    (note,) = hotspan._few({"pm25": 40, "ch4": 1})
    assert (note.code, note.args) == ("hotspots.note.few", {"parameter": "ch4", "count": 1, "least": 3})
    assert "ch4" in say(note, "en")


def test_what_has_no_unit_is_told_by_its_name(store: Store) -> None:
    of, desk = city(store), desk_of(store)
    why = Message("hotspots.why.background", {"increment": 134.0, "background": 193.0, "unit": ""})
    named = hotmaking._named(desk, of, why, "AQI")
    assert say(named, "en") == "134 AQI above the regional background of 193"
    assert "  " not in say(named, "zh")


def test_the_newest_hour_is_one_that_most_stations_have(store: Store) -> None:
    of = city(store)
    # The last hour has come from six of the stations only.
    fill(store, of, hours(3), change=lambda hour, _code, column: hour < 71 or column < 6)
    soon = replace(desk_of(store), clock=ManualClock(T + 300))
    assert hottrend.newest(soon, "pm25") == LAST - HOUR
    assert (early := hotspots.cell_map(soon, parameter="pm25")) is not None
    assert early.at == LAST - HOUR
    late = replace(desk_of(store), clock=ManualClock(T + 1900))
    assert hottrend.newest(late, "pm25") == LAST, "who has not come by now"
    assert hottrend.newest(late, "nothing") is None
