"""Positions: whole, inside the city, and not with longitude and latitude swapped."""

from __future__ import annotations

from backend.city.pack import Pack
from backend.city.settings import Box
from backend.city.shapes import inside_box

WIDER = ("sources", "stations")
"""Tables whose rows without a grid may stand in the city's surroundings."""


def check(pack: Pack) -> None:
    """Note every position that can't be right."""
    bounds, wider = pack.city.bounds, pack.city.surroundings
    for name, table in pack.tables.items():
        if "lon" not in table.spec.names:
            continue
        for row, place in table:
            lon, lat = row["lon"], row["lat"]
            if (lon is None) != (lat is None):
                pack.faults.add(*place, "half_position", column="lon" if lon is None else "lat")
            if lon is None or lat is None or bounds is None:
                continue
            box = wider if wider and name in WIDER and not row["grid"] else bounds
            if not inside_box(lon, lat, box):
                kind = "swapped" if inside_box(lat, lon, box) else "outside"
                pack.faults.add(*place, kind, lon=lon, lat=lat, bounds=_box_text(box))


def _box_text(box: Box) -> str:
    return f"{box[0]:g}..{box[2]:g}, {box[1]:g}..{box[3]:g}"
