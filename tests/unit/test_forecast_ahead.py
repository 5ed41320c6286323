"""Weather to come: kept apart from readings, used no sooner than it was had, and worth what it is worth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import func, select

from backend.analysis.forecast import ahead, lessons, rules
from backend.analysis.forecast.ahead import Coming, read_coming, read_earlier
from backend.analysis.forecast.features import BLOCK, HOURS
from backend.analysis.forecast.history import DAY, HOUR, History
from backend.analysis.forecast.making import train
from backend.analysis.forecast.model import prior
from backend.analysis.forecast.predicting import issue
from backend.analysis.forecast.scoring import smape
from backend.city.registry import City
from backend.feeds.record import Ahead, Page, Record
from backend.ingest import ahead as ingested
from backend.ingest import ingest
from backend.store import Store, table
from backend.store.tables import Reading, WeatherAhead
from tests.unit.hot_city import city, fill, hours
from tests.unit.small_city import T

AHEAD = table(WeatherAhead)
TABLES = ("wind_speed", "wind_dir", "temp", "pressure", "rh")


def blown(days: int = 60, stations: int = 4, seed: int = 3) -> History:
    """Air that the wind of the last hours clears."""
    dice = np.random.default_rng(seed)
    count = days * HOURS
    wind = np.zeros(count)
    for hour in range(1, count):
        wind[hour] = 0.97 * wind[hour - 1] + dice.normal(0, 0.25)
    weather = {name: dice.normal(0, 1, count).astype(np.float32) for name in ahead.NAMES}
    weather["speed"] = np.exp(0.6 * wind + 0.5).astype(np.float32)
    smooth = np.convolve(weather["speed"], np.ones(6) / 6)[:count]
    lines = 4.2 - 0.35 * smooth[:, None] + dice.normal(0, 0.15, (count, stations))
    lon = np.linspace(116, 117, stations).astype(np.float32)
    times = 1_514_764_800 + HOUR * np.arange(count, dtype=np.int64)
    codes = tuple(f"S{n}" for n in range(stations))
    return History(times, codes, lon, {"pm25": np.exp(lines).astype(np.float32)}, {"pm25": 1.0}, weather)


def coming(history: History, index: int, leads: int) -> Coming:
    """The weather as it came."""
    first = index - BLOCK - HOURS
    return Coming({name: line[first : index + leads] for name, line in history.weather.items()})


def test_it_is_used_where_it_is_known_and_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(rules.rules()["training"], "states", 1200)
    monkeypatch.setitem(rules.rules()["training"], "pull", 300.0)
    history = blown()
    index = 55 * HOURS
    at = history.start + index * HOUR
    model = train(history.until(at), check=False)
    assert model.parts["pm25"].ahead is not None
    truth = history.values["pm25"][index : index + 48].T
    without = issue(history, model, at, 48).parts["pm25"]
    knowing = issue(history, model, at, 48, coming=coming(history, index, 48)).parts["pm25"]
    assert np.nanmean(smape(knowing.value, truth)) < 0.9 * np.nanmean(smape(without.value, truth))
    # Where it ends, the forecast is as it would be without it.
    some = issue(history, model, at, 48, coming=coming(history, index, 20)).parts["pm25"]
    assert np.array_equal(some.value[:, 20:], without.value[:, 20:])
    assert not np.array_equal(some.value[:, :20], without.value[:, :20])


def test_departures_are_in_units_of_the_own_spread_and_end_with_the_record() -> None:
    history = blown(40)
    at, lead = np.full(48, 38 * HOURS), np.arange(48)
    told = ahead.departures(history.weather, at, lead)
    assert told.shape == (48, ahead.WIDTH)
    assert np.isfinite(told).all()
    assert not np.isfinite(ahead.departures(history.weather, at + 24, lead)[24:]).any()
    scaled = {**history.weather, "speed": 3 * history.weather["speed"]}
    assert np.allclose(ahead.departures(scaled, at, lead)[:, :3], told[:, :3], atol=1e-4)


def test_doubt_grows_with_the_lead_and_is_the_same_each_time() -> None:
    at, lead = np.arange(4000), np.tile([0, 71], 2000)
    flat = np.zeros((4000, 3), np.float32)
    one = ahead.doubted(flat, at, lead, 1)
    assert np.array_equal(one, ahead.doubted(flat, at, lead, 1))
    assert one[lead == 71].std() > 1.5 * one[lead == 0].std()


def said(of: City, issued: int, speed: float, *, hours_: int = 48) -> list[Ahead]:
    """What a feed says of one point."""
    code = next(iter(of.by_code))
    usual = dict.fromkeys(TABLES, 10.0) | {"wind_speed": speed}
    first = issued // HOUR * HOUR + HOUR
    return [
        Ahead(code, name, first + n * HOUR, value) for name, value in usual.items() for n in range(hours_)
    ]


def take(store: Store, of: City, when: int, speed: float) -> None:
    ingest(store, of, 1, Page(ahead=said(of, when, speed)), when)


def test_it_is_kept_apart_and_known_from_the_next_full_hour_on(store: Store) -> None:
    of = city(store)
    fill(store, of, hours(5))
    with store.read() as conn:
        before = conn.execute(select(func.count()).select_from(table(Reading))).scalar()
    take(store, of, T + 600, 3.0)
    take(store, of, T + 1200, 4.0)
    take(store, of, T + HOUR + 60, 5.0)
    with store.read() as conn:
        assert conn.execute(select(func.count()).select_from(table(Reading))).scalar() == before
        assert set(conn.execute(select(AHEAD.c.issued)).scalars()) == {T + HOUR, T + 2 * HOUR}
        assert read_coming(conn, of, T, 24) is None
        found = {hour: read_coming(conn, of, T + hour * HOUR, 24) for hour in (1, 2, 5)}
        old = int(rules.rules()["ahead"]["oldest_hours"])
        assert read_coming(conn, of, T + (2 + old) * HOUR, 24) is None
    for hour, speed in ((1, 4.0), (2, 5.0), (5, 5.0)):
        known = found[hour]
        assert known is not None
        assert np.allclose(known.series["speed"][-24:], speed)
        assert len(known.series["speed"]) == BLOCK + HOURS + 24


def test_old_sayings_are_thinned_out_and_at_last_let_go_of(store: Store) -> None:
    of = city(store)
    first = T // DAY * DAY
    for hour in range(0, 60, 2):
        take(store, of, first + hour * HOUR, 3.0)
    with store.read() as conn:
        kept = sorted(set(conn.execute(select(AHEAD.c.issued)).scalars()))
    whole = first + 58 * HOUR - ingested.WHOLE
    assert [at for at in kept if at >= whole] == list(range(whole, first + 60 * HOUR, 2 * HOUR))
    assert [(at - first) // HOUR for at in kept if at < whole] == [4]
    take(store, of, first + 58 * HOUR + ingested.KEPT, 3.0)
    with store.read() as conn:
        assert min(conn.execute(select(AHEAD.c.issued)).scalars()) == first + 58 * HOUR


def test_what_was_said_before_earlier_issues_is_read_as_it_was_known_then(store: Store) -> None:
    of = city(store)
    fill(store, of, hours(5))
    for back, speed in ((30, 1.0), (28, 2.0), (2, 3.0), (1, 4.0), (0, 5.0)):
        take(store, of, T - back * DAY, speed)
    with store.read() as conn:
        found = read_earlier(conn, of, T, 24)
    assert {(T - at) // DAY: float(said.series["speed"][-1]) for at, said in found.items()} == {
        28: 2.0,
        2: 3.0,
        1: 4.0,
    }


def known_before(history: History, index: int, days: int, wrong: float) -> dict[int, Coming]:
    """The weather as it came, with an error, at the same hour of earlier days."""
    dice = np.random.default_rng(1)
    found = {}
    for back in range(1, days + 1):
        then = index - back * HOURS
        line = coming(history, then, 48).series
        off = {name: one + np.float32(wrong * dice.normal()) * one.std() for name, one in line.items()}
        found[then] = Coming({name: np.append(line[name][:-48], one[-48:]) for name, one in off.items()})
    return found


def test_the_interval_of_an_issue_that_knows_it_is_learned_from_days_that_knew_it() -> None:
    history, index = blown(75), 70 * HOURS
    told = prior().part("pm25")
    assert told.ahead is not None
    far = replace(told, ahead=5 * told.ahead)
    none = lessons.learn(history, "pm25", far, index)
    few = lessons.learn(history, "pm25", far, index, known_before(history, index, 3, 2.0))
    many = lessons.learn(history, "pm25", far, index, known_before(history, index, 28, 2.0))
    assert none.ahead is None
    assert few.ahead is not None
    assert many.ahead is not None
    # Without such days it is no narrower than without the weather; bad weather forecasts make it wider, day by day.
    np.testing.assert_array_equal(none.width, many.width)
    assert (many.ahead.width > none.width).all()
    assert many.ahead.width.mean() > few.ahead.width.mean()
    later = dict(known_before(history, index, 28, 2.0))
    later[index] = later[index - HOURS]
    again = lessons.learn(history, "pm25", far, index, later).ahead
    assert again is not None
    np.testing.assert_array_equal(again.width, many.ahead.width)


def test_what_is_no_use_is_left(store: Store) -> None:
    of = city(store)
    code = next(iter(of.by_code))
    odd = [
        Ahead("nowhere", "temp", T + HOUR, 1.0),
        Ahead(code, "no_such", T + HOUR, 1.0),
        Ahead(code, "temp", T + HOUR + 1, 1.0),
        Ahead(code, "temp", T + HOUR, float("inf")),
    ]
    ingest(store, of, 1, Page(ahead=odd), T)
    with store.read() as conn:
        assert conn.execute(select(AHEAD.c.issued)).all() == []


def test_a_page_of_readings_says_nothing_of_the_future() -> None:
    page = Page(records=[Record("S", "temp", T, HOUR, 1.0)])
    assert list(replace(page).ahead) == []
