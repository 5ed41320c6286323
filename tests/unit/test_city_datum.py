"""Positions in GCJ-02: the formula, its inverse, and packs that are given in it."""

from __future__ import annotations

import json
from bisect import bisect
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from backend.city.datum import box_to_wgs84, datum_of, to_gcj02, to_wgs84
from backend.city.geometry import distance_km, in_polygons
from backend.city.load import load_pack
from backend.city.registry import City
from backend.city.tables import Shape
from backend.city.template import write_template
from backend.store import Store, table
from console.__main__ import main
from tests.shared import shared_data

NOW = 1793692800
KNOWN = (
    ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
)
"""WGS-84 and GCJ-02 of Shanghai, Shenzhen and Beijing, from the tests of eviltransform."""


@pytest.mark.parametrize(("wgs", "gcj"), KNOWN)
def test_the_formula_gives_the_published_positions(
    wgs: tuple[float, float], gcj: tuple[float, float]
) -> None:
    assert to_gcj02(*wgs) == pytest.approx(gcj, abs=1e-9)
    assert to_wgs84(*gcj) == pytest.approx(wgs, abs=1e-6)


@given(st.floats(73.7, 134.7), st.floats(18.2, 53.5))
def test_the_inverse_is_right_to_half_a_metre_all_over_china(lon: float, lat: float) -> None:
    back = to_wgs84(*to_gcj02(lon, lat))
    assert distance_km(lon, lat, *back) < 0.0005
    assert 0.05 < distance_km(lon, lat, *to_gcj02(lon, lat)) < 1.5


@pytest.mark.parametrize("place", [(-0.1, 51.5), (float("nan"), 35.0), (float("inf"), 35.0), (139.7, 35.7)])
def test_outside_china_nothing_is_shifted(place: tuple[float, float]) -> None:
    assert repr(to_gcj02(*place)) == repr(place)


@pytest.mark.parametrize(
    ("text", "found"),
    [("gcj02", "GCJ-02"), ("GCJ-02", "GCJ-02"), ("wgs84", "WGS-84"), ("cgcs2000", "CGCS2000"), ("BD-09", None)],
)  # fmt: skip
def test_a_datum_by_any_spelling(text: str, found: str | None) -> None:
    assert datum_of(text) == found


def outlines(name: str) -> dict[str, Any]:
    document = json.loads(shared_data(f"boundary/{name}").read_text("utf-8"))
    return {
        feature["properties"]["code"]: feature["geometry"]["coordinates"]
        for feature in document["features"]
        if feature["geometry"]["type"] == "MultiPolygon"
    }


def crossed(outline: Any, lat: float) -> list[float]:
    """The longitudes, in order, at which a parallel crosses an outline: between odd and even ones it is inside."""
    return sorted(
        east + (lat - north) * (further - east) / (other - north)
        for polygon in outline
        for ring in polygon
        for (east, north, *_), (further, other, *_) in pairwise([*ring, ring[0]])
        if (north > lat) != (other > lat)
    )


def overlap(one: Any, other: Any, steps: int = 60) -> float:
    """The area that two outlines share, as a part of what both cover; by points of a lattice."""
    lons, lats = zip(*(point[:2] for polygon in one for point in polygon[0]), strict=True)
    left, bottom = min(lons) - 0.02, min(lats) - 0.02
    wide, high = max(lons) + 0.02 - left, max(lats) + 0.02 - bottom
    both = either = 0
    for j in range(steps):
        lat = bottom + high * (j + 0.5) / steps
        edges, others = crossed(one, lat), crossed(other, lat)
        for i in range(steps):
            lon = left + wide * (i + 0.5) / steps
            here, there = bisect(edges, lon) % 2 == 1, bisect(others, lon) % 2 == 1
            both, either = both + (here and there), either + (here or there)
    return both / either


def test_counties_of_two_maps_lie_on_each_other_once_converted() -> None:
    """The same nine counties by Tianditu (WGS-84, edges of a kilometre) and AMap (GCJ-02, fine)."""
    here, there = outlines("heze_counties_tianditu.geojson"), outlines("heze_counties_amap.geojson")
    common = sorted(here.keys() & there.keys())
    assert len(common) == 9
    for code in common:
        converted = [[[to_wgs84(*point[:2]) for point in ring] for ring in part] for part in there[code]]
        before, after = overlap(here[code], there[code]), overlap(here[code], converted)
        assert after > before + 0.005, code
        assert after > 0.95, code


def shifted(folder: Path, *, bounds: bool = True, outline: bool = True) -> Path:
    """The example pack as AMap would give it."""
    write_template(folder)
    city = (folder / "city.toml").read_text("utf-8").replace('datum = "WGS-84"', 'datum = "gcj02"')
    if bounds:
        city = city.replace("[115.00, 35.00, 115.40, 35.30]", "[115.006, 35.0003, 115.407, 35.3008]")
    (folder / "city.toml").write_text(city, "utf-8")
    for path in folder.glob("*.csv"):
        header, *lines = path.read_text("utf-8").splitlines()
        names = header.split(",")
        if "lon" not in names:
            continue
        at = names.index("lon"), names.index("lat")
        rows = [line.split(",") for line in lines]
        for row in rows:
            if row[at[0]]:
                lon, lat = to_gcj02(float(row[at[0]]), float(row[at[1]]))
                row[at[0]], row[at[1]] = repr(lon), repr(lat)
        path.write_text("\n".join([header, *(",".join(row) for row in rows)]) + "\n", "utf-8")
    if outline:
        path = folder / "boundaries.geojson"
        document = json.loads(path.read_text("utf-8"))
        for feature in document["features"]:
            parts = feature["geometry"]["coordinates"]
            feature["geometry"]["coordinates"] = [
                [list(to_gcj02(*point)) for point in ring] for ring in parts
            ]
        path.write_text(json.dumps(document), "utf-8")
    return folder


def positions(store: Store) -> dict[str, tuple[float | None, float | None]]:
    with store.read() as connection:
        city = City.read(connection)
    found = {row.code: (row.lon, row.lat) for row in city.stations.values()}
    return found | {row.code: (row.lon, row.lat) for row in city.grids.values()}


def corners(store: Store) -> list[Any]:
    with store.read() as connection:
        rows = connection.execute(select(table(Shape).c.coordinates).order_by(table(Shape).c.grid)).scalars()
        return [point for row in rows for part in json.loads(row) for ring in part for point in ring]


@pytest.mark.parametrize("outline", [True, False])
def test_a_pack_in_gcj02_stands_where_the_same_pack_in_wgs84_does(
    store: Store, tmp_path: Path, outline: bool
) -> None:
    folder = shifted(tmp_path / "gcj", outline=outline)
    if not outline:
        # Outlines may say for themselves what they are given in.
        path = folder / "boundaries.geojson"
        path.write_text(
            path.read_text("utf-8").replace('"features"', '"datum":"WGS-84","features"', 1), "utf-8"
        )
    report = load_pack(store, folder, NOW)
    assert report.ok, report.faults
    assert report.datum == "GCJ-02"
    with closing(Store.memory()) as plain:
        write_template(tmp_path / "wgs")
        assert load_pack(plain, tmp_path / "wgs", NOW).datum == "WGS-84"
        expected, there = positions(plain), corners(plain)
    for code, (lon, lat) in positions(store).items():
        assert (lon is None) == (expected[code][0] is None)
        if lon is not None and lat is not None:
            assert distance_km(lon, lat, *expected[code]) < 0.0005, code  # type: ignore[arg-type]
    for found, known in zip(corners(store), there, strict=True):
        assert distance_km(*found, *known) < 0.0005
    with store.read() as connection:
        city = City.read(connection)
    assert (city.facts["datum"], city.facts["pack_datum"]) == ("WGS-84", "GCJ-02")
    assert city.bounds == pytest.approx((115.0, 35.0, 115.4, 35.3), abs=0.002)


def test_a_box_is_turned_with_its_corners() -> None:
    west, south, east, north = box_to_wgs84((115.0, 35.0, 115.4, 35.3))
    assert west < 115.0 < east < 115.4
    assert abs(south - 35.0) < 0.01
    assert abs(north - 35.3) < 0.01


def test_the_command_says_that_positions_were_converted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shifted(tmp_path / "pack")
    assert main(["--lang", "en", "city", "load", str(folder), "--store", str(tmp_path / "s.db")]) == 0
    assert "given in GCJ-02" in capsys.readouterr().err
    assert main(["--lang", "en", "city", "check", str(folder)]) == 0


# Packs that say nothing of it.


def around_sources(folder: Path, turn: bool) -> Path:
    """The example pack with six sources and a site's station at each; the stations as a Chinese map gives them."""
    write_template(folder)
    places = [(115.10 + n / 25, 35.08 + n / 40) for n in range(5)]
    header, *sources = (folder / "sources.csv").read_text("utf-8").splitlines()
    names = header.split(",")
    model = dict(zip(names, sources[0].split(","), strict=True))
    rows = [
        ",".join({**model, "code": f"Q{n}", "lon": f"{lon:.6f}", "lat": f"{lat:.6f}"}[name] for name in names)
        for n, (lon, lat) in enumerate(places)
    ]
    (folder / "sources-b.csv").write_text("\n".join([header, *rows]) + "\n", "utf-8")
    header, *stations = (folder / "stations.csv").read_text("utf-8").splitlines()
    names = header.split(",")
    model = dict(zip(names, next(one for one in stations if "site_dust" in one).split(","), strict=True))
    rows = []
    for n, place in enumerate(places):
        lon, lat = to_gcj02(*place) if turn else place
        # Each stands some metres beside its source's middle, each another way.
        lon, lat = lon + 0.0004 * (n % 3 - 1), lat + 0.0003 * (n % 2)
        made = {
            **model,
            "code": f"QS{n}",
            "source": f"Q{n}",
            "upstream": "",
            "lon": f"{lon:.6f}",
            "lat": f"{lat:.6f}",
        }
        rows.append(",".join(made[name] for name in names))
    (folder / "stations-b.csv").write_text("\n".join([header, *rows]) + "\n", "utf-8")
    return folder


@pytest.mark.parametrize("turn", [True, False])
def test_stations_that_all_miss_their_sources_by_the_offset_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], turn: bool
) -> None:
    folder = around_sources(tmp_path / "pack", turn)
    assert main(["--lang", "en", "city", "check", str(folder)]) == 0
    told = capsys.readouterr().err
    assert ("just as GCJ-02 does" in told) is turn
    assert main(["--lang", "en", "city", "load", str(folder), "--store", str(tmp_path / "s.db")]) == 0
    assert ("just as GCJ-02 does" in capsys.readouterr().err) is turn


def edged(folder: Path, code: str, datum: str, turn: Any) -> Path:
    """The example pack laid over a real county, with stations inside its edge all round."""
    outline = outlines("heze_counties_tianditu.geojson")[code]
    ring = max((polygon[0] for polygon in outline), key=len)
    middle = [sum(point[axis] for point in ring) / len(ring) for axis in (0, 1)]
    write_template(folder)
    lons, lats = zip(*(point[:2] for point in ring), strict=True)
    box = [min(lons) - 0.05, min(lats) - 0.05, max(lons) + 0.05, max(lats) + 0.05]
    city = (folder / "city.toml").read_text("utf-8").replace('datum = "WGS-84"', f'datum = "{datum}"')
    (folder / "city.toml").write_text(city.replace("[115.00, 35.00, 115.40, 35.30]", str(box)), "utf-8")
    feature = {
        "type": "Feature",
        "properties": {"code": "990101"},
        "geometry": {"type": "MultiPolygon", "coordinates": outline},
    }
    document = {"type": "FeatureCollection", "datum": "WGS-84", "features": [feature]}
    (folder / "boundaries.geojson").write_text(json.dumps(document), "utf-8")
    for path in folder.glob("*.csv"):
        header, *lines = path.read_text("utf-8").splitlines()
        names = header.split(",")
        if "lon" in names:
            moved = []
            for number, line in enumerate(lines):
                row = dict(zip(names, line.split(","), strict=True))
                if row["lon"]:
                    at = ring[number * len(ring) // len(lines)]
                    here = [at[axis] + (middle[axis] - at[axis]) * 0.01 for axis in (0, 1)]
                    row["lon"], row["lat"] = (f"{part:.6f}" for part in turn(*here))
                moved.append(",".join(row[name] for name in names))
            if path.name == "stations.csv":
                base = dict(zip(names, moved[0].split(","), strict=True))
                moved.clear()
                for number in range(0, len(ring), max(1, len(ring) // 40)):
                    here = [
                        ring[number][axis] + (middle[axis] - ring[number][axis]) * 0.01 for axis in (0, 1)
                    ]
                    if not in_polygons(here[0], here[1], outline):
                        continue
                    lon, lat = turn(*here)
                    made = {
                        **base,
                        "code": f"E{number}",
                        "lon": f"{lon:.6f}",
                        "lat": f"{lat:.6f}",
                        "source": "",
                    }
                    moved.append(",".join(made[name] for name in names))
            path.write_text("\n".join([header, *moved]) + "\n", "utf-8")
    return folder


@pytest.mark.parametrize(
    ("datum", "turn", "told"),
    [
        ("WGS-84", to_gcj02, 'write datum = "GCJ-02"'),
        ("GCJ-02", to_gcj02, ""),
        ("WGS-84", lambda lon, lat: (lon, lat), ""),
        ("GCJ-02", lambda lon, lat: (lon, lat), "converted once too often"),
    ],
    ids=["undeclared", "declared", "right", "declared wrongly"],
)
def test_stations_at_a_real_countys_edge_tell_the_datum(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], datum: str, turn: Any, told: str
) -> None:
    folder = edged(tmp_path / "pack", "371721", datum, turn)
    code = main(["--lang", "en", "city", "check", str(folder)])
    said = capsys.readouterr()
    assert code == 0, said.out
    assert told in said.err
    assert ("Beware" in said.err) is bool(told)
