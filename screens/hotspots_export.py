"""What the map shows, as a file: GeoJSON for maps, CSV for tables. In the map's own words, with what is not known."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from backend.text import csv_cell
from backend.words import Message, Outcome
from screens.dialogs.form import Field, Form, Plan
from screens.look import Look
from screens.widgets.choices import Choice

if TYPE_CHECKING:
    from screens.frame import GridScreen
    from screens.hotspots_read import Seen

KINDS = ("geojson", "csv")
KNOWN = ("outside", "unseen", "interpolated", "measured")
"""Names of `CellMap.mask` in a file: programs read them, in every language the same."""
HEATS = ("", "watch", "hot", "strong")
LONGEST = 60
_FORBIDDEN = set('/\\:*?"<>|.')


def _instant(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _rounded(value: float | None, decimals: int) -> float | None:
    return None if value is None or math.isnan(value) else round(value, max(decimals, 1))


def cells(seen: Seen) -> Iterator[tuple[int, dict[str, Any]]]:
    """Every square of the map with what is known of it: its number and its properties."""
    one = seen.map
    for number, known in enumerate(one.mask):
        if not known:
            continue
        row, column = divmod(number, one.columns)
        grid = one.grid[number]
        yield (
            number,
            {
                "column": column,
                "row": row,
                "grid": one.grids[grid] if grid < len(one.grids) else "",
                "county": seen.county(number),
                "known": KNOWN[known],
                "value": _rounded(one.values[number], one.decimals),
                "background": _rounded(one.backgrounds[number], one.decimals),
                "increment": _rounded(seen.rise(number), one.decimals),
                "class": one.classes[number] or None,
                "heat": HEATS[one.heats[number]],
            },
        )


def hot_properties(seen: Seen, look: Look) -> Iterator[tuple[tuple[float, float], dict[str, Any]]]:
    """Every hot grid of the list: its position and its properties."""
    for row in seen.rows:
        yield (
            (row.lon, row.lat),
            {
                "rank": row.rank,
                "code": row.code,
                "name": row.name,
                "county": row.county,
                "heat": row.heat,
                "kind": row.kind,
                "score": round(row.score, 1),
                "network": row.network,
                "value": _rounded(row.value, row.decimals),
                "background": _rounded(row.background, row.decimals),
                "increment": _rounded(row.increment, row.decimals),
                "z": _rounded(row.z, 2),
                "gi": _rounded(row.gi, 2),
                "since": _instant(row.since),
                "hours": row.hours,
                "measured": row.measured,
                "reasons": [look.say(reason) for reason in row.reasons],
                "against": [look.say(doubt) for doubt in row.against],
            },
        )


def _about(seen: Seen) -> dict[str, Any]:
    one = seen.map
    return {
        "parameter": one.parameter,
        "unit": one.unit,
        "network": one.network,
        "start": _instant(one.at),
        "period_seconds": one.period,
        "cell_metres": one.cell,
        "level": one.level,
        "background": _rounded(one.background, one.decimals),
        "method": one.method,
        "median_error": _rounded(one.error, one.decimals),
        "reach_metres": round(one.reach),
    }


def geojson(seen: Seen, look: Look) -> str:
    """The squares as polygons and the hot grids as points, WGS-84 (RFC 7946); what the map is goes before them."""
    one = seen.map
    wide, high = (one.east - one.west) / one.columns, (one.north - one.south) / one.rows
    features: list[Mapping[str, Any]] = []
    for _number, told in cells(seen):
        west, north = one.west + told["column"] * wide, one.north - told["row"] * high
        corners = [(0, 1), (1, 1), (1, 0), (0, 0), (0, 1)]
        ring = [[round(west + x * wide, 6), round(north - y * high, 6)] for x, y in corners]
        shape = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "geometry": shape, "properties": told})
    for (lon, lat), told in hot_properties(seen, look):
        point = {"type": "Point", "coordinates": [round(lon, 6), round(lat, 6)]}
        features.append({"type": "Feature", "geometry": point, "properties": {"hot": True, **told}})
    lines = ",\n".join(json.dumps(one, ensure_ascii=False, allow_nan=False) for one in features)
    about = json.dumps(_about(seen), ensure_ascii=False, allow_nan=False)
    return f'{{"type": "FeatureCollection", "gridseat": {about}, "features": [\n{lines}\n]}}\n'


def table(seen: Seen) -> str:
    """The squares as CSV, a line each, with what the map is in every line: hours can be put together."""
    about = _about(seen)
    heading: Sequence[str] = ()
    lines = []
    for number, told in cells(seen):
        lon, lat = seen.lattice.place(number)
        row = {"parameter": about["parameter"], "unit": about["unit"], "start": about["start"],
               "network": about["network"], "cell_metres": about["cell_metres"], "level": about["level"],
               "lon": f"{lon:.5f}", "lat": f"{lat:.5f}", **told}  # fmt: skip
        heading = heading or tuple(row)
        lines.append(",".join(csv_cell("" if cell is None else str(cell)) for cell in row.values()))
    return "\r\n".join([",".join(heading), *lines]) + "\r\n"


def file_name(text: str) -> str:
    """A name that a file may have in the person's own folder: no way out of it, no ending of its own."""
    kept = "".join("-" if one in _FORBIDDEN or not one.isprintable() else one for one in text.strip())
    return kept.strip(" -")[:LONGEST]


def _fits(value: str, _values: Mapping[str, str]) -> Message | None:
    return (
        None
        if file_name(value) == value.strip()
        else Message("maps.export.name_wrong", {"name": file_name(value)})
    )


def begin(screen: GridScreen, seen: Seen) -> None:
    """Ask for the kind of file and its name, and write it."""
    look, around = screen.look, screen.shell
    start = (
        f"{seen.map.parameter}-{seen.asked.layer.key}-{look.day(seen.map.at)}-{look.clock(seen.map.at)[:2]}"
    )
    plan = Plan(
        Message("maps.export.title"),
        [
            Field("kind", "maps.export.kind", value="geojson",
                  choices=[Choice(kind, look.word(f"maps.export.{kind}")) for kind in KINDS]),
            Field("name", "maps.export.name", value=start, longest=LONGEST, check=_fits),
        ],
        about=[Message("maps.export.about", {"count": sum(map(bool, seen.map.mask)), "hot": len(seen.rows)})],
    )  # fmt: skip

    def write(values: Mapping[str, str]) -> Outcome:
        text = geojson(seen, look) if values["kind"] == "geojson" else table(seen)
        path = around.export(f"{file_name(values['name'])}.{values['kind']}", text)
        return Outcome.done("maps.export.saved", path=path)

    def filled_in(values: dict[str, str] | None) -> None:
        if values is not None:
            around.work(lambda: write(values), around.tell, name="export")

    around.show(Form(plan), filled_in, by="map.export")
