"""A series by the hour: the 45 minutes of an hour, the 6 of 8 hours, the 20 of a day, and what took of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from backend.desk import quality, qualityhours
from backend.desk import station as station_desk
from backend.ingest import ingest
from backend.store import Store
from console.__main__ import main
from tests.unit.small_city import HOUR, T, build, page, record, station
from tests.unit.test_desk_quality import desk

IMPOSSIBLE = 9e4
"""µg/m³ of ozone, beyond what there is."""


def ozone(store: Store, nothing: tuple[int, ...] = (), wrong: tuple[int, ...] = (), hours: int = 14) -> None:
    """Hours of ozone up to `T` at S0; of some hours back nothing came, or what can't be."""
    city = build(store, [station("S0"), station("S1")])
    for back in range(hours, 0, -1):
        start = T - back * HOUR
        value = IMPOSSIBLE if back in wrong else 60.0 + back
        told = [] if back in nothing else [record("S0", value, parameter="o3", start=start)]
        ingest(
            store, city, 1, page(*told, record("S1", 50.0 + back, parameter="o3", start=start)), start + HOUR
        )


def found(store: Store, code: str = "S0", **more: object) -> qualityhours.Hourly:
    """The series."""
    answer = qualityhours.hourly(desk(store), code, "o3", **more)  # type: ignore[arg-type]
    assert answer is not None
    return answer


def test_a_mean_of_eight_hours_needs_six_of_them_and_says_what_took_the_others(store: Store) -> None:
    ozone(store, nothing=(5, 6), wrong=(7,))
    lines = {(T - line.start) // HOUR: line for line in found(store).lines}
    # 14 hours back is the first; its eight are not all there: of what lies before nothing came either.
    whole, short = lines[1], lines[4]
    assert (whole.hours, whole.hours_need, whole.hours_state) == (5, 6, "lost")
    assert whole.eight is None
    assert whole.hours_causes == {"missing": 120, "range": 60}
    assert (short.state, short.value) == ("valid", 64.0)
    assert lines[7].state == "lost"
    assert lines[7].causes == {"range": 60}
    assert lines[5].causes == {"missing": 60}
    full = {(T - line.start) // HOUR: line for line in found(store, "S1").lines}[1]
    assert (full.hours, full.hours_state) == (8, "valid")
    assert full.eight == pytest.approx(54.5)


def test_an_hour_that_may_still_come_is_open_and_given_up_later(store: Store) -> None:
    ozone(store, nothing=(1, 2, 3, 4))
    states = [line.state for line in found(store).lines[:5]]
    # Feeds are asked again three hours back.
    assert states == ["open", "open", "open", "lost", "valid"]
    eight = found(store).lines[0]
    assert (eight.hours, eight.hours_state) == (4, "open")


def test_minutes_make_an_hour_from_forty_five_on(store: Store) -> None:
    city = build(store, [station("S0")])
    for hour, many in ((3, 12), (2, 9), (1, 8)):
        values = [
            record("S0", 40.0 + n % 7, parameter="o3", start=T - hour * HOUR + n * 300, period=300)
            for n in range(many)
        ]
        ingest(store, city, 1, page(*values), T)
    told = [(line.minutes, line.state, dict(line.causes)) for line in found(store).lines[:3]]
    assert told == [(40, "lost", {"missing": 20}), (45, "valid", {"missing": 15}), (60, "valid", {})]
    assert [one.kind for one in found(store).means] == ["day", "8h", "hour"]
    assert found(store).means[-1].causes == {"missing": 20}


def test_one_question_has_one_answer_on_every_screen(store: Store) -> None:
    ozone(store, nothing=(5, 6), wrong=(7, 1))
    rows = {row.kind: row for row in quality.standings(desk(store), station="S0")}
    means = {one.kind: one for one in found(store).means}
    on_page = station_desk.page(desk(store), "S0")
    assert on_page is not None
    assert list(on_page.validity["o3"]) == list(found(store).means)
    for kind, mean in means.items():
        row = rows[kind]
        assert (row.state, row.have, row.lost, row.need) == (
            mean.how.state.value, mean.how.have, mean.how.lost, mean.how.rule.need
        )  # fmt: skip
        assert row.causes == mean.causes
    # What is lost is on the board of the whole jurisdiction too, with why.
    lost = [row for row in quality.standings(desk(store)) if row.state == "lost"]
    assert ("S0", "8h", {"missing": 120, "range": 60}) in [
        (row.station, row.kind, row.causes) for row in lost
    ]


def test_an_answer_for_then_knows_nothing_of_later(store: Store) -> None:
    ozone(store)
    then = T - 4 * HOUR
    lines = found(store, until=then).lines
    assert lines[0].start == then - HOUR
    assert lines[0].hours == 8


@pytest.mark.parametrize("code", ["NOPE", ""])
def test_a_station_that_is_none_has_no_hours(store: Store, code: str) -> None:
    ozone(store)
    assert qualityhours.hourly(desk(store), code, "o3") is None


def test_the_command_prints_hours_with_what_took_of_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "s.db"
    held = Store.open(path)
    ozone(held, nothing=(5, 6), wrong=(7,))
    held.close()
    base = ["--store", str(path), "quality"]
    at = ["--at", "2026-11-03 16:00"]
    assert main([*base, "hours", "--station", "S0", *at, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    last = rows[-1]
    assert last["start"].startswith("2026-11-03T15:00")
    assert (last["hours"], last["hours_need"], last["hours_state"], last["eight"]) == (5, 6, "lost", None)
    assert last["hours_causes"] == {"missing": 120, "range": 60}
    assert main([*base, "hours", "--station", "S0", *at, "--csv"]) == 0
    assert "missing=120 range=60" in capsys.readouterr().out
    assert main([*base, "validity", "--station", "S0", *at, "--json"]) == 0
    assert {row["kind"] for row in json.loads(capsys.readouterr().out)} >= {"8h", "day"}
    assert main([*base, "hours", "--station", "NOPE", *at]) == 1
    assert "NOPE" in capsys.readouterr().err
