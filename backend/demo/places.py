"""The city as its upstreams know it, read from the pack: what is measured where, and what can pollute."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from backend.city.faults import Faults
from backend.city.files import other_file, read_text, table_files
from backend.city.formats import SPECS
from backend.city.pack import DEFAULTS
from backend.city.rows import Row, read_table

KM_PER_DEGREE = 111.195
"""A degree of latitude on the sphere of 6,371 km."""
TABLES = ("grids", "parameters", "measures", "stations", "sources", "power_points")


@dataclass(frozen=True, slots=True)
class Measure:
    """What is measured at a site, how often, and by which feed it comes."""

    parameter: str
    period: int
    unit: str
    """As the upstream gives it; empty where it is the parameter's own."""
    feed: str
    upstream: str
    """The feed's own name for the parameter, empty where it is ours."""


@dataclass(frozen=True, slots=True)
class Site:
    """A station, or an enterprise's pair of power meters."""

    code: str
    kind: str
    name: str
    lon: float
    lat: float
    x: float
    """Kilometres east of the middle of the city."""
    y: float
    """Kilometres north of it."""
    county: str
    source: str
    target: str
    upstream: str
    """The first code under which feeds name it, its own where there is none."""
    measures: Sequence[Measure]
    rated: tuple[float, float] = (0.0, 0.0)
    """kW of production and treatment, where it is a pair of power meters."""


@dataclass(frozen=True, slots=True)
class Emitter:
    """A source of the pack."""

    code: str
    kind: str
    name: str
    industry: str
    x: float
    y: float
    county: str


@dataclass(frozen=True)
class Places:
    """Everything of the pack that the replay needs."""

    zone: ZoneInfo
    sites: Mapping[str, Site]
    emitters: Mapping[str, Emitter]
    decimals: Mapping[str, int]
    units: Mapping[str, str]
    feeds: Mapping[str, Sequence[Site]] = field(default_factory=dict)
    """Feed code: the sites of which it brings something."""

    @classmethod
    def read(cls, folder: Path) -> Places:
        """Read a pack that `city check` finds no fault in.

        Raises:
            ValueError: a file that is needed can't be read.
        """
        faults = Faults()
        paths = table_files(folder, Faults())
        paths["parameters"] = [DEFAULTS / "parameters.csv", *paths.get("parameters", [])]
        rows = {name: read_table(SPECS[name], paths.get(name, []), Faults()).rows for name in TABLES}
        city = _city(folder, faults)
        if faults:
            raise ValueError(f"{faults[0].file}:{faults[0].line}: {faults[0].message.code}")
        project = _Projection(city["bounds"])
        counties = _counties(rows["grids"])
        measures = _measures(rows["measures"])
        emitters = {row["code"]: _emitter(row, project, counties) for row in rows["sources"]}
        sites = {row["code"]: _station(row, project, counties, measures) for row in rows["stations"]}
        for row in rows["power_points"]:
            sites.setdefault(row["code"], _pair(row, emitters[row["source"]], project, measures))
        feeds: dict[str, list[Site]] = {}
        for site in sites.values():
            for code in {measure.feed for measure in site.measures if measure.feed}:
                feeds.setdefault(code, []).append(site)
        return cls(
            ZoneInfo(city["zone"]),
            sites,
            emitters,
            {row["code"]: row["decimals"] for row in rows["parameters"]},
            {row["code"]: row["unit"] for row in rows["parameters"]},
            {code: sorted(found, key=lambda site: site.code) for code, found in sorted(feeds.items())},
        )

    def of_kind(self, *kinds: str) -> list[Site]:
        """The sites of these kinds, by code."""
        return sorted(
            (site for site in self.sites.values() if site.kind in kinds), key=lambda site: site.code
        )


class _Projection:
    def __init__(self, bounds: Sequence[float]) -> None:
        west, south, east, north = bounds
        self._lon, self._lat = (west + east) / 2, (south + north) / 2
        self._per_lon = KM_PER_DEGREE * math.cos(math.radians(self._lat))

    def km(self, lon: float | None, lat: float | None) -> tuple[float, float, float, float]:
        """Degrees and kilometres; a point without a place lies in the middle."""
        lon = self._lon if lon is None else lon
        lat = self._lat if lat is None else lat
        return lon, lat, (lon - self._lon) * self._per_lon, (lat - self._lat) * KM_PER_DEGREE

    def degrees(self, x: float, y: float) -> tuple[float, float]:
        return self._lon + x / self._per_lon, self._lat + y / KM_PER_DEGREE


def _city(folder: Path, faults: Faults) -> dict[str, Any]:
    path = other_file(folder, "city.toml")
    text = read_text(path, faults) if path else None
    if text is None:
        raise ValueError("city.toml")
    return tomllib.loads(text)


def _counties(grids: Sequence[Row]) -> dict[str, str]:
    parents = {row["code"]: (row["level"], row["parent"]) for row in grids}

    def county(code: str) -> str:
        level, parent = parents.get(code, (0, ""))
        return county(parent) if level > 2 else code if level == 2 else ""

    return {code: county(code) for code in parents}


def _measures(rows: Sequence[Row]) -> dict[str, list[Measure]]:
    found: dict[str, list[Measure]] = {}
    for row in rows:
        measure = Measure(row["parameter"], row["period"], row["unit"], row["feed"], row["upstream"])
        found.setdefault(row["set"], []).append(measure)
    return found


def _emitter(row: Row, project: _Projection, counties: Mapping[str, str]) -> Emitter:
    _, _, x, y = project.km(row["lon"], row["lat"])
    county = counties.get(row["grid"], "")
    return Emitter(row["code"], row["kind"], row["name"], row["industry"], x, y, county)


def _station(
    row: Row, project: _Projection, counties: Mapping[str, str], measures: Mapping[str, list[Measure]]
) -> Site:
    lon, lat, x, y = project.km(row["lon"], row["lat"])
    return Site(
        row["code"],
        row["kind"],
        row["name"],
        lon,
        lat,
        x,
        y,
        counties.get(row["grid"], ""),
        row["source"],
        row["target"],
        (row["upstream"].split("|") if row["upstream"] else [row["code"]])[0],
        measures.get(row["measures"], []),
    )


def _pair(row: Row, at: Emitter, project: _Projection, measures: Mapping[str, list[Measure]]) -> Site:
    lon, lat = project.degrees(at.x, at.y)
    rated = (row["production_kw"] or 0.0, row["treatment_kw"] or 0.0)
    return Site(
        row["code"],
        "power",
        at.name,
        lon,
        lat,
        at.x,
        at.y,
        at.county,
        at.code,
        "",
        row["code"],
        measures.get(row["measures"], []),
        rated,
    )
