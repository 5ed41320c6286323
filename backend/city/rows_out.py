"""A pack's rows as the store's rows: where each lies in the tree of grids, instants in UTC, one shape per grid."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from backend.city.pack import Pack, digest
from backend.city.toml_text import toml_text
from backend.words.message import Scalar

Out = dict[str, Any]
OWN = ("canned", "scores", "daily")
"""Texts that replace the product's own and have no versions: kept as facts of the city."""
BASE = "{base}"


class Tree:
    """The grids of a pack, to ask where a grid lies."""

    def __init__(self, pack: Pack) -> None:
        self._rows = {row["code"]: row for row in pack.rows("grids").rows}
        self._above: dict[str, tuple[str, str]] = {}

    def above(self, code: str) -> tuple[str, str]:
        """The level-2 and level-3 grids that a grid lies in (itself where it is one)."""
        found = self._above.get(code)
        if found is None:
            county = township = ""
            at: str = code
            while row := self._rows.get(at):
                if row["level"] == 3:
                    township = at
                elif row["level"] == 2:
                    county = at
                at = row["parent"]
            found = self._above[code] = (county, township)
        return found

    def point(self, code: str) -> tuple[float | None, float | None]:
        """The grid's marked point."""
        row = self._rows.get(code)
        return (row["lon"], row["lat"]) if row else (None, None)


LEVELS = {
    said: level
    for level, several in (("yellow", "黄 黄色"), ("orange", "橙 橙色"), ("red", "红 红色"))
    for said in several.split()
}
"""A warning's levels as orders are written in Chinese, by the code that rules and screens know."""


def _zone(pack: Pack) -> ZoneInfo:
    zone = pack.city.zone
    if zone is None:
        raise ValueError("a pack without a zone is not loaded")
    return zone


def civil_date(pack: Pack, now: int) -> str:
    """The city's date at an instant."""
    return datetime.fromtimestamp(now, _zone(pack)).date().isoformat()


def facts(pack: Pack, now: int) -> dict[str, str]:
    """What is known of the city as a whole; everything that is not a text is JSON."""
    known = pack.city.facts
    bounds, wider = pack.city.bounds, pack.city.surroundings
    return {
        "code": str(known["code"]),
        "name": str(known["name"]),
        "name_en": str(known.get("name_en", "")),
        "zone": str(known["zone"]),
        "datum": "WGS-84" if pack.city.datum == "GCJ-02" else pack.city.datum,
        "pack_datum": pack.city.datum,
        "bounds": json.dumps(bounds),
        "surroundings": json.dumps(wider),
        "demo": "1" if known.get("demo") else "0",
        "note": str(known.get("note", "")),
        "attribution": json.dumps(known.get("attribution", []), ensure_ascii=False),
        # The kinds of station that count particles by light; what a pack says nothing of is the product's to say.
        "optical_kinds": json.dumps(known.get("optical_kinds")),
        "words": json.dumps([[*key, said] for key, said in pack.city.words.items()], ensure_ascii=False),
        **{name: text for name, text in pack.texts.items() if name in OWN or name.startswith("template:")},
        "pack": digest(pack.folder),
        "loaded": str(now),
    }


def grids(pack: Pack) -> list[Out]:
    """Grids with the county and township that each lies in."""
    tree = Tree(pack)
    rows = []
    for row in pack.rows("grids").rows:
        county, township = tree.above(row["code"])
        rows.append({**row, "county": county, "township": township, "in_service": True})
    return rows


def shapes(pack: Pack) -> list[Out]:
    """Outlines as GeoJSON MultiPolygon coordinates."""
    return [
        {
            "grid": outline.grid,
            "coordinates": json.dumps(outline.polygons, separators=(",", ":")),
            "made_up": outline.made_up,
        }
        for outline in pack.outlines
    ]


def duty(pack: Pack) -> list[Out]:
    """Lines of the duty book."""
    rows = []
    for row in pack.rows("duty").rows:
        kept = {name: row[name] for name in row if name not in ("start", "end")}
        rows.append({**kept, "start_minute": row["start"], "end_minute": row["end"], "from_pack": True})
    return rows


def sources(pack: Pack) -> list[Out]:
    """Sources with the county and township that each lies in."""
    tree = Tree(pack)
    rows = []
    for row in pack.rows("sources").rows:
        county, township = tree.above(row["grid"])
        rows.append({**row, "county": county, "township": township, "in_service": True})
    return rows


def stations(pack: Pack) -> list[Out]:
    """Stations as named, and one of kind ``power`` for every power point, where its enterprise is."""
    tree = Tree(pack)
    rows = []
    for row in pack.rows("stations").rows:
        county, township = tree.above(row["grid"])
        kept = {name: value for name, value in row.items() if name != "measures"}
        rows.append({**kept, "county": county, "township": township, "placed": True})
    homes = {row["code"]: row for row in pack.rows("sources").rows}
    for point in pack.rows("power_points").rows:
        home = homes[point["source"]]
        county, township = tree.above(home["grid"])
        rows.append(
            {
                "code": point["code"],
                **{name: home[name] for name in ("name", "name_en", "initials", "grid", "lon", "lat")},
                "kind": "power",
                "county": county,
                "township": township,
                "target": "",
                "source": home["code"],
                "upstream": "|".join(filter(None, (point["production_meter"], point["treatment_meter"]))),
                "maintainer": "",
                "in_service": True,
                "placed": True,
                "made_up": point["made_up"],
            }
        )
    return rows


def measures(pack: Pack, ids: dict[str, int], parameters: dict[str, int]) -> list[Out]:
    """What each station measures, how often, and the feed that owns it."""
    sets: dict[str, list[Out]] = {}
    for row in pack.rows("measures").rows:
        sets.setdefault(row["set"], []).append(
            {
                "parameter": parameters[row["parameter"]],
                "period": row["period"],
                "feed": row["feed"],
                "upstream": row["upstream"],
            }
        )
    rows = []
    for name in ("stations", "power_points"):
        for row in pack.rows(name).rows:
            rows += [{"station": ids[row["code"]], **one} for one in sets.get(row["measures"], ())]
    return rows


def power_points(pack: Pack) -> list[Out]:
    """Pairs of meters; a pair's readings are carried by the station of the same code."""
    rows = []
    for row in pack.rows("power_points").rows:
        kept = {name: value for name, value in row.items() if name != "measures"}
        rows.append({**kept, "station": row["code"]})
    return rows


def cameras(pack: Pack) -> list[Out]:
    """Cameras; one without a position stands where its grid's point is."""
    tree = Tree(pack)
    rows = []
    for row in pack.rows("cameras").rows:
        lon, lat = (row["lon"], row["lat"]) if row["lon"] is not None else tree.point(row["grid"])
        rows.append({**row, "lon": lon, "lat": lat})
    return rows


def orders(pack: Pack) -> list[Out]:
    """Orders with their instants in UTC."""
    zone = _zone(pack)

    def instant(civil: datetime | None) -> int | None:
        return None if civil is None else int(civil.replace(tzinfo=zone).astimezone(UTC).timestamp())

    return [
        {
            **row,
            "level": LEVELS.get(row["level"], row["level"]),
            "starts": instant(row["starts"]),
            "ends": instant(row["ends"]),
            "from_pack": True,
        }
        for row in pack.rows("orders").rows
    ]


def feeds(pack: Pack, base: str) -> list[Out]:
    """Feeds; one whose address waits for ``{base}`` is off where there is none."""
    rows = []
    for feed in pack.feeds:
        values: dict[str, Scalar] = feed.values
        url = str(values.get("url", ""))
        waiting = BASE in url and not base
        rows.append(
            {
                "code": feed.code,
                "name": values.get("name", feed.code),
                "name_en": values.get("name_en", ""),
                "adapter": values["adapter"],
                "url": url if waiting else url.replace(BASE, base.rstrip("/")),
                "options": toml_text(feed.values.get("options", {})),
                "every": values.get("every", 3600),
                "overlap": values.get("overlap", 10800),
                "stale_after": values.get("stale_after", 7200),
                "enabled": bool(values.get("enabled", True)) and not waiting,
                "secret": values.get("secret", ""),
                "from_pack": True,
            }
        )
    return rows
