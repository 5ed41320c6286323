"""Hot grids, sources, forecasts and quality on PostgreSQL and on SQLite after the same three weeks: the same answers.

The commands are asked as a stranger asks them; the desk's questions besides are in `test_every_query`, after a night.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from backend.analysis.forecast import rules
from backend.desk import forecast, hotlists, hotspots, hottrend, quality, qualityhours, sources
from backend.desk.desk import Desk
from backend.store import Store
from tests.e2e import bad_city as city
from tests.e2e.bad_city import HOT, Loaded

NUMBER = re.compile(r"-?\d+\.\d+")


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("GRIDSEAT_AS", raising=False)
    monkeypatch.setitem(rules.rules()["training"], "states", 300)


def loaded(folder: Path, store: str) -> Loaded:
    """The city with a station that lies, in a store."""
    data = city.air()
    values, column = data.values["pm25"], list(data.stations).index("S01")
    values[-10 * 24 :, column] = 3 * values[2 * 24 : 12 * 24, column][::-1]
    found = city.load(folder, data, store=store)
    assert [answer.code for answer in found.loading] == [0, 0, 0], found.loading
    return found


def asked(there: Loaded) -> dict[str, str]:
    """What every command says."""
    at, day = there.at(), ("--from", there.at(24), "--to", there.at())
    several = (
        ("quality", "check", "--at", at),
        ("hotspots", "--at", at, "--json"),
        ("hotspots", *day, "--csv"),
        ("hotspots", "--at", at, "--geojson"),
        ("trace", "--station", HOT, "--parameter", "pm25", "--at", at, "--json"),
        ("trace", "--parameter", "pm25", "--from", there.at(6), "--to", at, "--csv"),
        ("forecast", "--at", at, "--csv"),
        ("forecast", "refresh", "--at", at),
        ("forecast", "skill", "--json"),
        ("quality", "--at", at, "--from", there.at(23 * 24), "--json"),
        ("quality", "rates", "--at", at, "--from", there.at(23 * 24), "--json"),
        ("quality", "validity", "--at", at, "--json"),
        ("quality", "hours", "--station", HOT, "--at", at, "--json"),
    )
    found = {}
    for words in several:
        answer = there.ask(*words)
        assert answer.code == 0 or words[1] == "skill", (words, answer.err)
        # What a sum over many readings comes to may hang by its order in the last place.
        told = NUMBER.sub(lambda one: f"{float(one[0]):.4g}", answer.out)
        told = re.sub(r'"made": "[^"]+"', "", told)
        found[" ".join(words[:2]) + words[-1]] = told
    return found


def questions(store: Store, at: int) -> dict[str, Any]:
    """What the screens ask of the desk."""
    desk = Desk.of_scripts(store)
    spans = quality.spans(desk, at=at, days=40)
    assert spans
    pages = [quality.page(desk, row.key.text) for row in spans[:3]]
    question = sources.asked(desk, station=HOT, parameter="pm25", at=at)
    return {
        "spans": spans,
        "pages": pages,
        "faces": [quality.faces(desk, row.key.text) for row in spans[:3]],
        "hours": qualityhours.hourly(desk, HOT, "o3", until=at),
        "rates": [quality.rates(desk, by, until=at) for by in ("feed", "county", "vendor")],
        "board": forecast.board(desk),
        "station": forecast.station_hours(desk, HOT, "pm25"),
        "parameters": hotspots.parameters(desk),
        "available": hotspots.hours_available(desk),
        "trend": hottrend.trend(desk, "pm25", at - 3600, *city.places()[HOT]),
        "lists": hotlists.lists(desk),
        "ladder": hotlists.ladder(desk),
        "trace": sources.page(desk, question) is not None,
    }


def test_the_same_answers_as_on_sqlite(pg_store: Store, store: Store, tmp_path: Path) -> None:
    del store
    here = loaded(tmp_path / "here", str(tmp_path / "city.db"))
    there = loaded(tmp_path / "there", pg_store.url)
    mine, theirs = asked(here), asked(there)
    for name, told in mine.items():
        assert told == theirs[name], name
    own = Store.open(tmp_path / "city.db")
    try:
        a, b = questions(own, here.end), questions(pg_store, there.end)
    finally:
        own.close()
    for name, answer in a.items():
        rounded = [NUMBER.sub(lambda one: f"{float(one[0]):.4g}", repr(one)) for one in (answer, b[name])]
        assert rounded[0] == rounded[1], name
