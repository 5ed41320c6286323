"""Source tracing on made-up scenes: winds, paths, hypotheses, and every bad input there is."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from backend.analysis import geo, sources
from backend.analysis.sources import heights
from backend.analysis.sources import signature as signs
from backend.analysis.sources.activity import bounded, total
from backend.analysis.sources.because import _of_signal, of_air
from backend.analysis.sources.footprint import footprints
from backend.analysis.sources.increments import increments
from backend.analysis.sources.locate import blocks, discount, quiet
from backend.analysis.sources.numbers import numbers
from backend.analysis.sources.reasons import reason
from backend.analysis.sources.scene import Judged, Scene, judge, spots
from backend.analysis.sources.trajectory import back
from backend.analysis.sources.wind import Winds, made
from backend.words import Message, entry, say
from backend.words.say import Language
from tests.bench import plant

Floats = NDArray[np.float64]
N = numbers()
START = 1_793_692_800
TURNS = (0.0, 50.0, 100.0, 150.0, 220.0, 300.0, 20.0, 80.0)


def winds(speed: Floats, origin: Floats, period: int = 3600, start: int = START) -> Winds:
    times = start + period * np.arange(len(speed), dtype=np.int64)
    return made(times, period, np.zeros(1), np.zeros(1), speed[:, None], origin[:, None], ("W",), N.wind)


def steady(hours: int, speed: float, origin: float, period: int = 3600) -> Winds:
    return winds(np.full(hours, speed), np.full(hours, origin), period)


# Wind and paths.


def test_winds_are_averaged_as_vectors_and_go_round_north() -> None:
    found = winds(np.array([2.0, 2.0]), np.array([350.0, 10.0]))
    u, v, _ = found.at(np.zeros(1), np.zeros(1), np.array([START + 3600.0]))
    assert np.degrees(np.arctan2(-u, -v))[0] == pytest.approx(0.0, abs=1e-6)
    assert np.hypot(u, v)[0] == pytest.approx(2.0 * np.cos(np.radians(10)))


def test_a_short_gap_is_bridged_and_a_long_one_is_told() -> None:
    speed, origin = np.full(30, 3.0), np.full(30, 90.0)
    speed[5:7] = np.nan
    speed[15:27] = np.nan
    found = winds(speed, origin)
    assert np.isfinite(found.u[5:7]).all()
    assert found.gaps(START, START + 30 * 3600) == 12
    u, _v, _ = found.at(np.zeros(1), np.zeros(1), np.array([START + 20.5 * 3600]))
    assert np.isnan(u).all()


def test_a_calm_is_counted_and_has_no_direction() -> None:
    found = winds(np.array([0.2, 0.3, 2.0, 3.0]), np.full(4, 90.0))
    assert found.calm_share(START, START + 4 * 3600) == 0.5


def test_points_that_disagree_widen_the_path() -> None:
    times = START + 3600 * np.arange(6, dtype=np.int64)
    origins = np.column_stack([np.full(6, 80.0), np.full(6, 100.0)])
    two = made(
        times,
        3600,
        np.array([-2000.0, 2000.0]),
        np.zeros(2),
        np.full((6, 2), 3.0),
        origins,
        ("A", "B"),
        N.wind,
    )
    same = replace(two, u=np.repeat(two.u[:, :1], 2, axis=1), v=np.repeat(two.v[:, :1], 2, axis=1))
    at = np.array([START + 5 * 3600.0])
    wide, narrow = (back(one, np.zeros(1), np.zeros(1), at, 4000.0, N.footprint) for one in (two, same))
    assert wide.spread[-1, 0] > narrow.spread[-1, 0]


def test_a_path_goes_upwind_and_its_spread_grows() -> None:
    found = back(
        steady(12, 4.0, 270.0), np.zeros(1), np.zeros(1), np.array([START + 11 * 3600.0]), 4000, N.footprint
    )
    assert (found.x[:, 0] < 0).all()
    assert abs(found.y[-1, 0]) < 1e-6
    assert (np.diff(found.spread[:, 0]) > 0).all()
    assert found.age[-1, 0] == pytest.approx(-found.x[-1, 0] / 4.0)


def test_a_path_follows_a_wind_that_turned() -> None:
    origin = np.where(np.arange(12) < 9, 270.0, 180.0)
    found = back(
        winds(np.full(12, 2.0), origin),
        np.zeros(1),
        np.zeros(1),
        np.array([START + 12 * 3600.0]),
        9000,
        N.footprint,
    )
    assert found.y[2, 0] < -100
    assert abs(found.x[2, 0]) < 100
    assert found.x[-1, 0] < -1000


# Hypotheses.


def scene(
    true: int | None,
    *,
    scale: float = 1000.0,
    period: int = 3600,
    hours: int = 10,
    speed: float = 3.0,
    seed: int = 1,
    turned: float = 0.0,
    strength: float = 100.0,
) -> tuple[Scene, Floats, Floats]:
    """Nine stations on a square and six candidates among them; wind that veers; a release of one of them."""
    dice = np.random.default_rng(seed)
    grid = np.array([-6.0, 0.0, 6.0]) * scale
    rx, ry = (part.ravel() + dice.normal(0, 0.3 * scale, 9) for part in np.meshgrid(grid, grid))
    x = np.array([-4.0, 3.0, 2.0, -3.0, 4.5, -0.5]) * scale
    y = np.array([3.5, 4.0, -3.0, -4.0, 0.5, 1.5]) * scale
    lead = 24
    times = START + period * np.arange(lead + hours, dtype=np.int64)
    origin = 250.0 + 60.0 * np.sin(np.arange(lead + hours) / 4.0)
    measured = made(
        times,
        period,
        np.zeros(1),
        np.zeros(1),
        np.full((len(times), 1), speed),
        origin[:, None],
        ("W",),
        N.wind,
    )
    start, end = int(times[lead]), int(times[-1]) + period
    values = 50 + 6 * np.sin(np.arange(len(times)) / 5)[:, None] + dice.normal(0, 2, (len(times), 9))
    if true is not None:
        place = (x[true], y[true]) if true >= 0 else (5.0 * scale, -5.0 * scale)
        air = plant.gusty(
            dice, times, period, measured.u[:, 0], measured.v[:, 0], period / 20, gust=0.1 * speed, memory=period / 3,
            turned=turned,
        )  # fmt: skip
        plume = plant.puffs(air, place[0], place[1], start, end, rx, ry, 6 * period, "D", mixing=0.5 * scale)
        felt = plant.means(plume, air.times, times, period)
        values = values + strength / max(float(np.sort(felt.ravel())[-4]), 1e-30) * felt
    return Scene(times, period, values, rx, ry, geo.spacing(rx, ry), measured, start, end), x, y


def judged(given: tuple[Scene, Floats, Floats]) -> Judged:
    found, x, y = given
    return judge(found, x, y, np.ones(len(x)), N)


def whole(found: Judged) -> float:
    return float(found.found.probability.sum()) + found.found.none


@pytest.mark.parametrize("seed", range(4))
def test_the_source_of_a_release_comes_first(seed: int) -> None:
    found = judged(scene(seed % 3, seed=seed))
    assert whole(found) == pytest.approx(1.0)
    assert int(found.found.probability.argmax()) == seed % 3
    assert found.found.probability.max() > 0.4


def test_a_well_pad_by_the_minute_is_judged_as_a_region_by_the_hour() -> None:
    pad = judged(scene(1, scale=6.0, period=60, hours=120, speed=3.0))
    region = judged(scene(1, scale=1000.0))
    assert pad.found.probability.argmax() == region.found.probability.argmax() == 1


def test_a_source_that_is_not_in_the_inventory_makes_none_more_probable() -> None:
    known, unknown = [judged(scene(true)).found.none for true in range(6)], judged(scene(-1))
    # It stands in line with a listed one: doubt is all that the readings allow.
    assert unknown.found.none > max(known)
    assert unknown.found.none > 2 * float(np.mean(known))


def test_a_turned_vane_costs_certainty_not_sense() -> None:
    straight, turned = judged(scene(0)), judged(scene(0, turned=25.0))
    assert whole(turned) == pytest.approx(1.0)
    assert turned.found.probability[0] <= straight.found.probability[0] + 0.05


def test_nothing_that_rises_changes_little() -> None:
    found = judged(scene(None))
    assert found.found.probability.max() < 0.5
    assert whole(found) == pytest.approx(1.0)


def test_without_any_wind_distance_speaks_and_widely() -> None:
    given, x, y = scene(1)
    none = replace(given.winds, u=np.full_like(given.winds.u, np.nan), v=np.full_like(given.winds.v, np.nan))
    found = judge(replace(given, winds=none), x, y, np.ones(len(x)), N)
    assert not found.windy
    assert whole(found) == pytest.approx(1.0)
    assert found.found.probability.max() < 0.9


def test_a_calm_is_judged_and_not_divided_by() -> None:
    found = judged(scene(1, speed=0.1))
    assert np.isfinite(found.found.probability).all()
    assert whole(found) == pytest.approx(1.0)


def test_stations_that_say_nothing_or_one_thing_only_do_no_harm() -> None:
    given, x, y = scene(2)
    values = given.values.copy()
    values[:, 3] = np.nan
    values[:, 5] = 77.0
    values[5:20, :] = np.nan
    found = judge(replace(given, values=values), x, y, np.ones(len(x)), N)
    assert int(found.found.probability.argmax()) == 2
    assert 3 not in found.heard


def test_a_station_that_lies_is_outvoted() -> None:
    given, x, y = scene(2)
    values = given.values.copy()
    values[:, 0] += 400.0
    found = judge(replace(given, values=values), x, y, np.ones(len(x)), N)
    assert int(found.found.probability.argmax()) == 2


@pytest.mark.parametrize("course", ["jumps", "drifts"])
def test_an_instrument_that_fails_is_told_apart_from_a_source_that_nobody_listed(course: str) -> None:
    given, x, y = scene(None, hours=16, period=900)
    values = given.values.copy()
    values[24:, 0] += 90.0 * (1.0 if course == "jumps" else np.linspace(0, 1, 16))
    broken = judge(replace(given, values=values), x, y, np.ones(len(x)), N).found
    assert broken.nothing > 2 * broken.unknown
    assert broken.probability.sum() + broken.none == pytest.approx(1.0)
    release = judged(scene(-1, hours=16, period=900)).found
    assert release.unknown > 2 * release.nothing


def test_a_site_of_its_own_dust_speaks_against_nobody_and_its_plume_is_heard() -> None:
    one, x, y = scene(2)
    plain = judged((one, x, y)).found.probability[2]
    dusty = one.values.copy()
    dusty[24:, 0] += 400.0
    loud = replace(one, values=dusty)
    mask = np.zeros(9, bool)
    mask[0] = True
    deceived, wise = (judged((replace(loud, own=own), x, y)).found.probability[2] for own in (None, mask))
    assert wise > deceived + 0.1
    assert wise > 0.5 * plain
    # Where all but one stand at sources, the plume that passes them is seen all the same.
    sites = replace(one, own=np.arange(9) > 0)
    assert judged((sites, x, y)).found.probability.argmax() == 2


def test_where_nothing_stands_out_nothing_is_believed() -> None:
    assert judged(scene(None)).found.nothing > 0.25
    assert judged(scene(1)).found.nothing < 0.05
    above, scatter = np.zeros((4, 3)), np.ones(3)
    shifts = [quiet(above + peak, scatter, N.locate) for peak in (0.5, 2.0, 5.0, 100.0)]
    assert shifts == sorted(shifts, reverse=True)
    assert shifts[0] == N.locate.quiet_most
    assert shifts[-1] == 0.0
    # A record that never moved has no scatter, and what then rises is no calm.
    assert quiet(above + 1.0, np.zeros(3), N.locate) == 0.0


def test_a_station_and_a_source_at_the_other_end_of_the_world_change_nothing() -> None:
    given, x, y = scene(2)
    far = replace(
        given, x=np.append(given.x, 9e6), y=np.append(given.y, 9e6), focus=4,
        values=np.column_stack([given.values, np.full(len(given.values), 55.0)]),
    )  # fmt: skip
    found = judge(far, np.append(x, -8e6), np.append(y, 3e6), np.ones(7), N)
    assert 9 not in found.heard
    assert found.found.probability[6] < found.found.probability.max()
    assert np.isfinite(found.found.probability).all()


def test_no_candidates_leave_the_unknown() -> None:
    given, _x, _y = scene(2)
    found = judge(given, np.zeros(0), np.zeros(0), np.zeros(0), N)
    assert found.found.none == pytest.approx(1.0)


def test_no_readings_leave_what_was_believed_before() -> None:
    given, x, y = scene(2)
    found = judge(replace(given, values=np.full_like(given.values, np.nan)), x, y, np.ones(len(x)), N)
    assert np.allclose(found.found.probability, found.found.probability[0])
    # Nobody has said that anything rose: somebody of the list is no more likely than nobody at all.
    assert found.found.none > 0.5


def test_where_nothing_rose_no_share_of_a_rise_is_told() -> None:
    names: Any = SimpleNamespace(code="S1", name="S1", name_en="")
    material: Any = SimpleNamespace(field=SimpleNamespace(stations=[names] * 9))
    for number, quiet_one in ((None, True), (2, False)):
        given = judged(scene(number))
        for weigh in (-1e9, 1e9):
            first = of_air(material, given, 2, 100.0, 10.0, "en", -weigh)[0].message
            assert first.code.endswith(".quiet") == quiet_one
            assert ("升高的" in say(first, "zh")) != quiet_one


def test_a_station_that_did_not_rise_is_told_who_did() -> None:
    given, x, y = scene(2)
    rose = [np.nan_to_num(given.values[24:, column]).max() for column in range(9)]
    quiet_one, loud = int(np.argmin(rose)), int(np.argmax(rose))
    stations = [SimpleNamespace(code=f"S{place}", name=f"S{place}", name_en="") for place in range(9)]
    material: Any = SimpleNamespace(field=SimpleNamespace(stations=stations))
    for asked, told in ((quiet_one, [f"S{loud}"]), (loud, [])):
        found = judge(replace(given, focus=asked), x, y, np.ones(len(x)), N)
        notes = _of_signal(material, found, asked, "en")
        assert [note.args["name"] for note in notes if note.code == "sources.note.own_quiet"] == told


def test_what_is_believed_before_counts() -> None:
    given, x, y = scene(2)
    prior = np.ones(len(x))
    prior[2] = 0.05
    assert judge(given, x, y, prior, N).found.probability[2] < judged((given, x, y)).found.probability[2]


def test_blocks_leave_out_what_is_missing() -> None:
    found = blocks(np.array([[1.0], [np.nan], [np.nan], [np.nan], [5.0]]), 2)
    assert found[0, 0] == 1.0
    assert np.isnan(found[1, 0])
    assert found[2, 0] == 5.0


def test_increments_stand_over_background_and_the_stations_own_level() -> None:
    times = START + 3600 * np.arange(30, dtype=np.int64)
    values = np.full((30, 5), 40.0) + np.arange(5) * 3.0
    values[24:27, 2] += 80.0
    values += 10 * np.sin(np.arange(30) / 3)[:, None]
    found = increments(times, 3600, values, int(times[24]), int(times[-1]) + 3600, N.increment)
    assert found.above[:3, 2].min() > 70
    assert np.abs(np.delete(found.above, 2, axis=1)).max() < 5


# The signature.


def rise(value: float, scatter: float = 1.0, usual: float = 20.0) -> signs.Rise:
    return signs.Rise(value, scatter, value + usual, usual)


def test_dust_fits_sites_and_straw_fits_fields() -> None:
    dust = signs.signature({"pm25": rise(20), "pm10": rise(150), "no2": rise(2), "co": rise(0.05, 0.02, 0.5)})
    straw = signs.signature({"pm25": rise(100), "pm10": rise(120), "no2": rise(8), "co": rise(1.1, 0.1, 0.8)})
    assert signs.compare(dust, "site", "") > signs.compare(dust, "field", "")
    assert signs.compare(straw, "field", "") > signs.compare(straw, "site", "")
    assert dust.kind == "coarse"


def test_a_dead_pollutant_is_left_out_and_named() -> None:
    found = signs.signature({"pm25": rise(50), "pm10": rise(70), "co": rise(0.5, 0.1, 0.8)})
    assert set(found.dead) == {"so2", "no2"}
    assert {one.parameter for one in found.factors if one.value is None} == {"so2", "no2"}
    assert signs.compare(signs.signature({}), "site", "") == 0.0


def test_every_piece_of_evidence_and_every_note_has_words() -> None:
    folder = Path(sources.__file__).parent
    texts = "\n".join(path.read_text("utf-8") for path in folder.glob("*.py"))
    codes = {f"sources.because.{one}" for one in re.findall(r'reason\(\s*"([a-z_.]+)"', texts)}
    codes |= {f"sources.because.{one}" for one in ("fits", "misfits", "near", "far", "heard", "silent")}
    codes |= {
        f"sources.because.{one}" for one in ("signature.fits", "signature.differs", "order", "order_broken")
    }
    codes |= set(re.findall(r'"(sources\.note\.[a-z_]+)"', texts))
    codes |= {f"sources.kind.{one}" for one in ("coarse", "fine", "coal", "vehicle", "combustion", "even")}
    assert len(codes) > 25
    assert not [code for code in codes if not entry(code, "zh") or not entry(code, "en")]


@pytest.mark.parametrize(("language", "told"), [("zh", "浓度突升"), ("en", "Sudden rise")])
def test_an_alarm_and_a_pollutant_are_told_by_their_names(language: Language, told: str) -> None:
    assert told in say(Message("sources.because.alarm", {"rule": "sudden_rise"}), language)
    fits = Message("sources.because.signature.fits", {"parameter": "pm10", "seen": "6.2", "expected": "7"})
    assert "PM10" in say(fits, language)


def test_readings_that_go_together_count_for_less_and_less() -> None:
    options = numbers().locate
    few, some, many = (discount(count, options) for count in (1, 30, 300))
    assert few == options.temper
    assert few > some > many
    # However many they are, together they never tell more than so many that have nothing in common.
    assert 30 * some < 300 * many < options.temper / options.shared


def test_an_unknown_source_rather_stands_where_the_listed_ones_do() -> None:
    across, up = np.meshgrid(np.linspace(0, 9000, 10), np.linspace(0, 9000, 10))
    x, y = np.array([1000.0, 1500.0, 2000.0, 1200.0]), np.array([1000.0, 2000.0, 1500.0, 1800.0])
    told = spots((across.ravel(), up.ravel()), x, y, 0.5)
    assert told.sum() == pytest.approx(1.0)
    assert told.reshape(10, 10)[1, 1] > 5 * told.reshape(10, 10)[8, 8]
    assert told.min() >= 0.5 / 100
    # Of one, or of all at one place, nothing is learned.
    for one in (x[:1], np.full(4, 1000.0)):
        assert spots((across.ravel(), up.ravel()), one, one, 0.5) == pytest.approx(np.full(100, 0.01))


# Heights.


def test_a_plume_from_a_stack_passes_over_what_stands_near_and_comes_down_further_off() -> None:
    places, source = np.array([200.0, 1000.0, 2500.0]), (np.zeros(1), np.zeros(1))
    given = (steady(12, 3.0, 270.0), places, np.zeros(3), np.array([START + 11 * 3600.0]), source, 1000.0)
    low, high = (
        footprints(*given, N.footprint, touch=np.array([way]))[0][0, :, 0].astype(float)
        for way in (0.0, 1500.0)
    )
    assert low.argmax() == 0
    assert high[0] < 1e-4 * low[0]
    assert high.argmax() > 0
    assert high[2] / low[2] > 0.4


def test_heights_are_weighed_by_kind_and_by_what_the_inventory_says() -> None:
    node = np.array(heights.stacks().nodes)
    site, plant, told, works = heights.shares_of(
        [("site", "拆迁", None), ("power_plant", "燃煤发电 700 MW", None), ("enterprise", "铸造", 2.0),
         ("enterprise", "铸造", None)], 1000.0,
    )  # fmt: skip
    assert site[0] == told[0] == 1.0  # Two metres are below the instruments' inlets.
    assert plant @ node > works @ node > 0
    assert all(one.sum() == pytest.approx(1.0) for one in (site, plant, told, works))
    # Among stations 8 km apart an ordinary stack is as good as on the ground; where all would pass over, it is not.
    assert heights.shares_of([("enterprise", "铸造", None)], 8000.0)[0, 0] == 1.0
    assert heights.shares_of([("power_plant", "燃煤发电", None)], 40.0)[0, 0] == 1.0


def test_an_unknown_height_is_integrated_over_and_costs_a_low_release_little() -> None:
    given, x, y = scene(1)
    low, some = (judge(given, x, y, np.ones(6), N, tops=tops) for tops in (np.eye(1, 4).repeat(6, 0), None))
    assert whole(some) == pytest.approx(1.0)
    assert some.found.probability.argmax() == low.found.probability.argmax() == 1
    assert some.found.probability[1] == pytest.approx(low.found.probability[1], abs=0.1)
    assert low.found.touch.max() == 0.0
    # One whose plume is said to come down far behind the stations is held for none of it.
    tops = np.eye(1, 4).repeat(6, 0)
    tops[1] = [0.0, 0.0, 0.0, 1.0]
    assert judge(given, x, y, np.ones(6), N, tops=tops).found.probability[1] < low.found.probability[1]


def test_facts_that_count_for_less_than_their_product_say_so() -> None:
    few = [reason("running", 0.5), reason("stopped", -0.8)]
    assert bounded(few) == few
    for side in (1, -1):
        many = [reason("alarm", side * 1.6), reason("order_broken", side * 1.8)]
        told = bounded(many)[-1]
        assert bounded(many)[:-1] == many
        assert told.message.code == "sources.because.bounded"
        # It only tells, and what it tells is what all of them count for.
        assert told.weight == 0
        assert told.message.args["times"] == round(float(np.exp(abs(total(many)))))
        assert total([*many, told]) == total(many)
