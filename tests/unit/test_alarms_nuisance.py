"""Chatter, fleeting and floods, by when alarms were presented."""

from __future__ import annotations

import pytest

from backend.alarms import floods, sweep
from backend.alarms.load import Limits, Span
from backend.alarms.load import floods as told
from backend.store import Store
from tests.unit.alarm_hours import alarms, hour, run, states
from tests.unit.small_city import HOUR, T, build, rows, station


def test_three_activations_in_half_a_day_are_chatter(store: Store) -> None:
    city = build(store, [station("S1")])
    pattern = [200, 50, 51] * 3
    for number, value in enumerate(pattern):
        hour(store, city, len(pattern) - 1 - number, {"S1": value + number / 10})
    assert alarms(store, "activations", "rule = 'exceedance'") == [(3,)]
    # Half a day later they are forgotten.
    for back in (-13, -14):
        hour(store, city, back, {"S1": 210.0 - back})
    assert alarms(store, "activations, state", "rule = 'exceedance'") == [(1, "UNACK")]


def test_activations_are_counted_over_alarms_that_were_acknowledged_between(store: Store) -> None:
    from backend.alarms import acknowledge

    city = build(store, [station("S1")])
    for number in range(3):
        hour(store, city, 9 - 3 * number, {"S1": 200.0 + number})
        with store.write() as conn:
            last = alarms(store, "MAX(id)", "rule = 'exceedance'")[0][0]
            assert acknowledge(conn, last, actor="P1", now=T - (9 - 3 * number) * HOUR + 60).ok
        hour(store, city, 8 - 3 * number, {"S1": 50.0})
        hour(store, city, 7 - 3 * number, {"S1": 51.0})
    assert alarms(store, "activations, state", "rule = 'exceedance'") == [
        (1, "NORM"),
        (2, "NORM"),
        (3, "NORM"),
    ]


@pytest.mark.parametrize(("values", "fleeting"), [((200, 50, 51), 1), ((200, 201, 202, 50, 51), 0)])
def test_what_goes_as_soon_as_it_came_is_fleeting(
    store: Store, values: tuple[int, ...], fleeting: int
) -> None:
    city = build(store, [station("S1")])
    run(store, city, *values)
    assert alarms(store, "state, fleeting", "rule = 'exceedance'") == [("RTN_UNACK", fleeting)]


def test_the_floods_of_a_row_of_instants() -> None:
    limits = Limits.read()
    assert (limits.flood_starts, limits.flood_ends) == (10, 5)
    assert told([], 0, limits) == []
    assert told([60 * number for number in range(20)], 1200, limits) == []  # ten in ten minutes
    burst = list(range(1000, 1022, 2))  # the eleventh begins it
    assert told(burst, 1100, limits) == [Span(1020, None, 11, 11)]
    # Six have gone when four are left: the fifth last leaves the ten minutes at 1012 + 600.
    assert told(burst, 1611, limits)[0].ended is None
    assert told(burst, 1612, limits) == [Span(1020, 1612, 11, 11)]
    two = [*burst, 1500, 5000, *range(6000, 6030)]
    assert told(two, 9000, limits) == [Span(1020, 1614, 12, 12), Span(6010, 6625, 30, 30)]


def test_every_grid_with_a_centre_has_its_own_floods(store: Store) -> None:
    stations = [
        station(f"S{number}", "water", "A" if number < 12 else "B", lat=34 + number / 3, target="III")
        for number in range(16)
    ]
    city = build(store, stations, ("A", "B"))
    for number in range(16):
        # One a half minute, each at a section of its own: twice the limit rings at once.
        at = T + 60 + 30 * number
        hour(store, city, 0, {f"S{number}": 12.0 + number}, parameter="codmn", period=4 * HOUR, now=at)
    with store.bulk() as conn:
        sweep(conn, city, T + 60 + 30 * 16)
    found = rows(store, "SELECT grid, began, ended, peak, total FROM alarm_flood ORDER BY grid")
    began = T + 60 + 30 * 10
    assert found == [("A", began, None, 12, 12), ("A1", began, None, 12, 12), ("Z", began, None, 16, 16)]
    for at in (T + 660 + 30 * 15, T + 3600):
        with store.bulk() as conn:
            floods.keep(conn, city, at)
    again = rows(store, "SELECT grid, began, ended, peak, total FROM alarm_flood ORDER BY grid")
    assert again[0] == ("A", began, T + 660 + 30 * 7, 12, 12)
    assert again[2] == ("Z", began, T + 660 + 30 * 11, 16, 16)


def test_what_another_speaks_for_makes_no_flood(store: Store) -> None:
    city = build(store, [station(f"S{number}", county="A", lat=34 + number / 3) for number in range(20)])
    for back in (1, 0):
        hour(store, city, back, {f"S{number}": 200.0 + number + back for number in range(20)})
    with store.bulk() as conn:
        sweep(conn, city, T + 120)
    assert states(store).count("SUPPRESSED") == 20
    assert rows(store, "SELECT * FROM alarm_flood") == []
