"""A pack in the store: all or nothing, as often as one likes, and history stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select

from backend.city.load import load_pack
from backend.city.registry import City
from backend.city.tables import (
    Camera,
    Centre,
    DutyEntry,
    Grid,
    IncidentType,
    Person,
    PolicyText,
    Shape,
    Source,
    StandingOrder,
    Station,
    StationParameter,
)
from backend.city.template import FolderTaken, write_template
from backend.feeds.tables import Feed
from backend.store import Store, table
from backend.store.model import Row, metadata

NOW = 1793692800
"""2026-11-03 16:00 in the city."""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the example pack to change."""
    folder = tmp_path / "pack"
    write_template(folder)
    return folder


def edit(pack: Path, file: str, change: Callable[[str], str]) -> None:
    path = pack / file
    path.write_text(change(path.read_text("utf-8")), "utf-8")


def without(*starts: str) -> Callable[[str], str]:
    """Take lines out."""
    return lambda text: "".join(
        line for line in text.splitlines(keepends=True) if not line.startswith(starts)
    )


def column(conn: Connection, model: type[Row], name: str, **where: Any) -> list[Any]:
    t = table(model)
    query = select(t.c[name])
    for key, value in where.items():
        query = query.where(t.c[key] == value)
    return list(conn.execute(query.order_by(t.c[name])).scalars())


def dump(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    with store.read() as conn:
        return {
            t.name: sorted((tuple(row) for row in conn.execute(select(t))), key=repr)
            for t in metadata.sorted_tables
        }


def test_it_loads(store: Store, pack: Path) -> None:
    report = load_pack(store, pack, NOW)
    assert report.ok
    assert report.rows["stations"] == 6, "five stations and a power point"
    with store.read() as conn:
        city = City.read(conn)
        lies = conn.execute(
            select(table(Grid).c.county, table(Grid).c.township).where(table(Grid).c.code == "990101001-01")
        ).one()
        assert tuple(lies) == ("990101", "990101001")
        assert column(conn, Camera, "code") == []
        assert len(column(conn, Shape, "grid")) == 7
        assert column(conn, Feed, "url") == ["http://127.0.0.1:8213/air.csv"]
    assert city.words == {("level.township", "zh"): "乡镇"}
    power = city.by_code["YD-001"]
    assert (power.kind, power.source, power.grid) == ("power", "QY-001", "990101100-01")
    assert [city.parameters[m.parameter].code for m in city.measures[power.id]] == [
        "power_prod",
        "power_treat",
    ]
    assert city.owner(city.by_code["KQ01"].id, city.parameters[1].id, 3600) == "air"


def test_twice_changes_nothing(store: Store, pack: Path) -> None:
    load_pack(store, pack, NOW)
    before = dump(store)
    report = load_pack(store, pack, NOW)
    assert report.ok
    assert not report.retired
    after = dump(store)
    # Lines of the duty book have no code of their own; all else keeps its number.
    for rows in (before, after):
        rows["duty_entry"] = sorted(row[1:] for row in rows["duty_entry"])
        # Drawn by lot whenever lines are taken out and put in again.
        del rows["content_version"]
    assert after == before


def test_faults_change_nothing(store: Store, pack: Path) -> None:
    load_pack(store, pack, NOW)
    before = dump(store)
    edit(pack, "stations.csv", lambda text: text.replace("东关空气站", "改名站").replace("KQ04", "KQ 04"))
    report = load_pack(store, pack, NOW + 60)
    assert [fault.kind for fault in report.faults] == ["code"]
    assert dump(store) == before


def test_a_failure_halfway_changes_nothing(store: Store, pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_pack(store, pack, NOW)
    before = dump(store)
    edit(pack, "grids.csv", lambda text: text.replace("西河镇", "东河镇"))

    def fail(*_args: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("backend.city.rows_out.feeds", fail)
    with pytest.raises(OSError, match="disk full"):
        load_pack(store, pack, NOW + 60)
    assert dump(store) == before


def test_what_vanishes_goes_out_of_service_and_stays(store: Store, pack: Path) -> None:
    load_pack(store, pack, NOW)
    with store.read() as conn:
        number = City.read(conn).by_code["KQ04"].id
    edit(pack, "stations.csv", without("KQ04"))
    edit(pack, "grids.csv", without("990101100-02"))
    edit(pack, "boundaries.geojson", lambda text: text.replace("}},\n" + _line(text, "990101100-02"), "}}\n"))
    edit(pack, "people.csv", without("SF02-M02"))
    edit(pack, "duty.csv", without("member,SF02-M02"))
    edit(pack, "incident_types.csv", without("equipment"))
    report = load_pack(store, pack, NOW)
    assert report.ok, report.faults
    assert report.retired == {
        "grids": 1, "boundaries": 1, "people": 1, "duty": 1, "incident_types": 1, "stations": 1
    }  # fmt: skip
    with store.read() as conn:
        city = City.read(conn)
        assert column(conn, Person, "active", code="SF02-M02") == [False]
        assert column(conn, IncidentType, "valid_to", code="equipment") == ["2026-11-03"]
    assert city.stations[number].code == "KQ04"
    assert not city.stations[number].in_service
    assert not city.grids["990101100-02"].in_service
    assert city.stations[number] not in city.by_kind["air"]


def _line(text: str, code: str) -> str:
    return next(line for line in text.splitlines(keepends=True) if f'"{code}"' in line)


def test_what_comes_back_is_in_service_under_its_number(store: Store, pack: Path) -> None:
    load_pack(store, pack, NOW)
    whole = (pack / "stations.csv").read_text("utf-8")
    with store.read() as conn:
        number = City.read(conn).by_code["KQ04"].id
    edit(pack, "stations.csv", without("KQ04"))
    load_pack(store, pack, NOW)
    (pack / "stations.csv").write_text(whole, "utf-8")
    load_pack(store, pack, NOW)
    with store.read() as conn:
        station = City.read(conn).stations[number]
    assert (station.code, station.in_service) == ("KQ04", True)


def test_a_station_that_a_feed_brought_is_placed_under_its_number(store: Store, pack: Path) -> None:
    edit(pack, "stations.csv", without("KQ04"))
    load_pack(store, pack, NOW)
    with store.write() as conn:
        for code in ("KQ04", "KQ99"):
            conn.execute(insert(table(Station)).values(_unplaced(code)))
    with store.read() as conn:
        number = City.read(conn).by_code["KQ04"].id
    write_template(pack.parent / "whole")
    load_pack(store, pack.parent / "whole", NOW)
    with store.read() as conn:
        city = City.read(conn)
    assert city.by_code["KQ04"].id == number
    assert city.by_code["KQ04"].placed
    stranger = city.by_code["KQ99"]
    assert (stranger.placed, stranger.in_service) == (False, True), "no business of the pack's"


def _unplaced(code: str) -> dict[str, Any]:
    texts = ("name_en", "initials", "grid", "county", "township", "target", "source", "upstream")
    flags = {"in_service": True, "placed": False, "made_up": False}
    return {"code": code, "name": code, "kind": "air", **dict.fromkeys(texts, ""), **flags}


def test_what_was_entered_here_is_left_alone(store: Store, pack: Path) -> None:
    load_pack(store, pack, NOW)
    with store.write() as conn:
        person = Person(code="X1", name="x", role="seat", grid="990101").model_dump()
        conn.execute(insert(table(Person)).values(person))
        order = StandingOrder(code="Z1", kind="stop_work", title="t", scope_kind="grid", starts=NOW)
        conn.execute(insert(table(StandingOrder)).values(order.model_dump(exclude={"id"})))
        line = DutyEntry(body_kind="centre", body="SF", start_minute=0, end_minute=60, name="own")
        conn.execute(insert(table(DutyEntry)).values(line.model_dump(exclude={"id"})))
        feed = Feed(code="own", adapter="mapped")
        conn.execute(insert(table(Feed)).values(feed.model_dump(exclude={"id"})))
    load_pack(store, pack, NOW)
    with store.read() as conn:
        assert column(conn, Person, "active", code="X1") == [True]
        assert column(conn, StandingOrder, "code") == ["Z1"]
        assert column(conn, DutyEntry, "name", from_pack=False) == ["own"]
        assert column(conn, Feed, "enabled", code="own") == [True]


def test_a_changed_policy_is_a_new_version_from_now_on(store: Store, pack: Path) -> None:
    first = load_pack(store, pack, NOW)
    assert first.policy_version == 1
    (pack / "policy.toml").write_text("a = 1\n", "utf-8")
    assert load_pack(store, pack, NOW + 100).policy_version == 2
    assert load_pack(store, pack, NOW + 200).policy_version == 2
    with store.read() as conn:
        assert column(conn, PolicyText, "effective") == [0, NOW + 100], "the first one holds for all before"


def test_parameters_keep_their_numbers(store: Store, pack: Path) -> None:
    load_pack(store, pack, NOW)
    with store.read() as conn:
        before = {row.code: row.id for row in City.read(conn).parameters.values()}
    own = "code,name,name_en,unit,decimals,hj212,low,high,suspect_above\n"
    (pack / "parameters.csv").write_text(
        own + "voc,挥发性有机物,VOC,ppb,1,,0,5000,\nco,CO,CO,mg/m³,2,,,,\n", "utf-8"
    )
    load_pack(store, pack, NOW)
    with store.read() as conn:
        city = City.read(conn)
    assert {row.code: row.id for row in city.parameters.values()} == before | {
        "voc": max(before.values()) + 1
    }
    carbon = city.parameter("co")
    assert carbon is not None
    assert carbon.decimals == 2, "the pack's own row goes before the product's"


def test_orders_are_in_the_city_s_time(store: Store, pack: Path) -> None:
    head = "code,kind,level,title,scope_kind,scope,starts,ends,issued_by,text,made_up\n"
    order = "Z1,heavy_pollution,橙,橙色预警,grid,990100,2026-11-03 16:00,2026-11-05 00:00,,,1\n"
    (pack / "orders.csv").write_text(head + order, "utf-8")
    load_pack(store, pack, NOW)
    with store.read() as conn:
        assert column(conn, StandingOrder, "starts") == [NOW]
        assert column(conn, StandingOrder, "level") == ["orange"], "as the rules and the screens know it"
        assert column(conn, StandingOrder, "allowed_load") == [None]
    head = head.replace("text,", "text,allowed_load,")
    (pack / "orders.csv").write_text(head + order.replace(",,,1", ",,,40,1"), "utf-8")
    load_pack(store, pack, NOW)
    with store.read() as conn:
        assert column(conn, StandingOrder, "allowed_load") == [40]


def test_feeds_that_wait_for_an_address_are_off(store: Store, pack: Path) -> None:
    edit(pack, "feeds.toml", lambda text: text.replace("http://127.0.0.1:8213", "{base}"))
    load_pack(store, pack, NOW)
    with store.read() as conn:
        assert column(conn, Feed, "enabled") == [False]
    load_pack(store, pack, NOW, base="http://127.0.0.1:9/")
    with store.read() as conn:
        assert column(conn, Feed, "enabled") == [True]
        assert column(conn, Feed, "url") == ["http://127.0.0.1:9/air.csv"]


def test_measures_that_vanish_are_gone(store: Store, pack: Path) -> None:
    load_pack(store, pack, NOW)
    edit(pack, "measures.csv", without("air,so2"))
    load_pack(store, pack, NOW)
    with store.read() as conn:
        assert conn.execute(select(func.count()).select_from(table(StationParameter))).scalar_one() == 23


@pytest.mark.parametrize("model", [Centre, Source])
def test_rows_with_history_have_a_service_flag(store: Store, pack: Path, model: type[Row]) -> None:
    load_pack(store, pack, NOW)
    with store.read() as conn:
        assert set(column(conn, model, "in_service")) == {True}


def test_a_template_never_writes_over_anything(pack: Path) -> None:
    with pytest.raises(FolderTaken):
        write_template(pack)
