"""Orders, maintenance windows, power meters, vehicles and floods on PostgreSQL: the same answers as on SQLite."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from backend import alarms as room
from backend.alarms.acts import acknowledge_many
from backend.alarms.power_usual import renew
from backend.alarms.vehicles import take
from backend.alarms.windows import finish_early, plan
from backend.city.registry import City
from backend.feeds.record import Passage
from backend.incidents import open_for
from backend.ingest import ingest
from backend.ingest.passages import take_in
from backend.notify.vehicles import tell_late
from backend.store import Store
from tests.unit.alarm_hours import hour
from tests.unit.small_city import HOUR, T, build, order, page, power_point, record, rows, source, station

TABLES = {
    "alarm": "key, state, priority, station, began, presented, last, cleared, acked_by, value, incident, "
    "inhibited_by, subject, activations, CAST(fleeting AS INTEGER)",
    "alarm_act": "at, act, actor, from_state, to_state, reason",
    "maintenance_window": "id, scope_kind, scope, starts, ends, ended, ended_by, recorded, standing",
    "alarm_flood": "grid, began, ended, peak, total",
    "passage": "plate, at, station, no_ppm, opacity, CAST(valid AS INTEGER), fuel",
    "notice": "key, grid, code, args",
    "power_usual": "station, made, samples, production_on, production, treatment_on, treatment",
    "incident": "id, type, source, station",
}


def night(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """A site works against its order, a plant lets its treatment stand, a lorry smokes twice, a pump is changed."""
    stations = [
        station("N1"),
        station("S1"),
        station("D1", "site_dust", source="SITE1"),
        station("L1", "remote_sensing"),
    ]
    stations += [station("P1", "power", source="P1")]
    stations += [station(f"W{number}", "water", target="III", lat=34 + number / 3) for number in range(14)]
    city = build(store, stations)
    source(store, "P1", "enterprise", "D")
    power_point(store, "P1", 100.0, 20.0)
    order(store, "TG1", "stop_work", "source", "SITE1", T - 6 * HOUR)
    order(store, "YJ1", "heavy_pollution", "grid", "Z", T - 2 * HOUR, level="orange")
    with store.write() as conn:
        for scope in ("S1", "N1"):
            planned = plan(
                conn, scope_kind="station", scope=scope, starts=T - 2 * HOUR, ends=T + HOUR, reason="换泵", grid="A",
                actor="P1", now=T - 3 * HOUR,
            )  # fmt: skip
            assert planned.ok
    usual = [
        record("P1", value + back % 7 / 10, parameter=name, start=T - (back + 1) * HOUR)
        for back in range(6, 20 * 24)
        for name, value in (("power_prod", 60.0), ("power_treat", 12.0))
    ]
    ingest(store, city, 1, page(*usual), T - 5 * HOUR)
    assert renew(store, city, T) == 1
    for back in (4, 3, 2, 1, 0):
        hour(store, city, back, {"N1": 40.0 + back, "D1": 140.0 + back}, parameter="pm10")
        hour(store, city, back, {"S1": 900.0 + back}, parameter="so2")
        hour(store, city, back, {"P1": 61.0 + back}, parameter="power_prod")
        hour(store, city, back, {"P1": 0.4 + back / 10}, parameter="power_treat")
    for number in range(14):
        now = T + 30 * number
        hour(store, city, 0, {f"W{number}": 13.0 + number}, parameter="codmn", period=4 * HOUR, now=now)
    with store.bulk() as conn:
        passages = [Passage("鲁R1", "L1", T - back * HOUR, 1600.0, 12.0, fuel="柴油") for back in (3, 1)]
        open_for(conn, city, take(conn, city, passages, T + 400).findings, T + 400)
        assert take(conn, city, passages, T + 401).same == 2
    late = [Passage("鲁R2", "L1", T - back * HOUR, 1600.0, 12.0, fuel="柴油") for back in (99, 98)]
    for one in late:
        take_in(store, city, [one], T + 402, feed="import", tell=tell_late)
    more = Passage("鲁R3", "L1", T - 98 * HOUR, 1600.0, 12.0, fuel="柴油")
    take_in(store, city, [more, replace(more, at=T - 97 * HOUR)], T + 402, feed="import", tell=tell_late)
    with store.write() as conn:
        assert acknowledge_many(conn, [1, 2, 3], actor="P1", now=T + 450)[0]
        assert finish_early(conn, 2, actor="P2", now=T + 500).ok
    with store.read() as conn:
        city = City.read(conn)
    for now in (T + 520, T + HOUR, T + 2 * HOUR):
        with store.bulk() as conn:
            open_for(conn, city, room.sweep(conn, city, now), now)
    return {
        name: sorted(rows(store, f"SELECT {columns} FROM {name}"), key=repr)
        for name, columns in TABLES.items()
    }


def test_a_night_of_orders_and_meters_leaves_the_same_on_both(pg_store: Store, store: Store) -> None:
    here, there = night(store), night(pg_store)
    rules = {row[0].split("|")[0] for row in here["alarm"]}
    assert {"stop_dust", "site_dust_day", "power_untreated", "power_load", "vehicle", "water"} <= rules
    assert all(here.values())
    assert there == here
