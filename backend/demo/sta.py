"""The air stations' side: an OGC SensorThings 1.1 service (18-088), as much of it as a client of hours needs.

It behaves like those in the field: ``$top`` is capped without a word, ``@iot.nextLink`` holds raw blanks and pages by
``$skip`` with the last row of a page once more on the next, ``phenomenonTime`` is an interval, ``result`` is a number,
a text such as ``<3`` or null, an Observation that was put right keeps its id and gets a later ``resultTime``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from backend.demo.places import Site
from backend.demo.upstream import SiteHour, Told, Upstreams

FEED = "air"
ROOT = "/sensorthings/v1.1"
PROPERTIES = {
    "pm25": "PM2.5",
    "pm10": "PM10",
    "so2": "SO2",
    "no2": "NO2",
    "co": "CO",
    "o3": "O3",
}
_EARLIEST = 0
_FILTER = re.compile(r"\s*phenomenonTime\s+(ge|gt)\s+(\S+)\s*")
_STREAM = re.compile(r"Datastreams\((\d+)\)/Observations")
_ENTITY = re.compile(r"(Datastreams|Observations)\((\d+)\)/(ObservedProperty|Thing|Datastream)")
_HOURS = 10_000_000
"""An Observation's id is its Datastream's times this, plus the hour since 1970."""


class BadQuery(ValueError):
    """The query is none that this service knows."""


@dataclass(frozen=True, slots=True)
class Served:
    """An Observation that is on a page."""

    hour: SiteHour
    parameter: str
    told: Told


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: its body as plain values, and what readings it tells."""

    body: Mapping[str, Any]
    served: Sequence[Served] = ()


class SensorThingsSide:
    """Answers below ``/sensorthings/v1.1``."""

    def __init__(self, upstreams: Upstreams) -> None:
        self._upstreams = upstreams
        self._streams = [
            (site, parameter)
            for site in upstreams.places.feeds.get(FEED, ())
            for parameter in sorted({one.parameter for one in site.measures if one.feed == FEED})
        ]
        self._number = {
            (site.code, parameter): index + 1 for index, (site, parameter) in enumerate(self._streams)
        }
        self._most = upstreams.options(FEED)["page"]
        # A client pages through one instant's answer: it is made once for all its pages.
        self._observations = lru_cache(maxsize=8)(self._all)

    def answer(self, path: str, query: Mapping[str, str], root: str, now: int) -> Answer:
        """What the service says to ``GET root/path?query``.

        Raises:
            BadQuery: it does not know the path or the filter.
        """
        top, skip = _number(query, "$top", 100), _number(query, "$skip", 0)
        top = max(1, min(top, self._most))
        expand = query.get("$expand", "")
        if path == "Datastreams":
            rows = [self._datastream(number, expand) for number in self._number.values()]
            return Answer(_page(rows, path, query, root, top, skip))
        if path == "Things":
            things = [self._thing(site, expand) for site in self._upstreams.places.feeds.get(FEED, ())]
            return Answer(_page(things, path, query, root, top, skip))
        if entity := _ENTITY.fullmatch(path):
            return Answer(self._entity(*entity.groups()))
        one = _STREAM.fullmatch(path)
        if one is None and path != "Observations":
            raise BadQuery(path)
        found = self._observations(_since(query), now, int(one[1]) if one else 0)
        if query.get("$orderby", "").endswith("desc"):
            found = found[::-1]
        window = found[skip : skip + top]
        body = _page(found, path, query, root, top, skip)
        body["value"] = [self._observation(each, now) for each in window]
        return Answer(body, window)

    def _all(self, since: int, now: int, stream: int) -> list[Served]:
        """All that can be told now of hours from `since` on, in the order of time."""
        return [
            Served(hour, parameter, told)
            for hour in self._upstreams.told(FEED, since, now, now)
            for parameter, told in hour.at(now).items()
            if not stream or self._number[hour.site.code, parameter] == stream
        ]

    def _observation(self, served: Served, now: int) -> dict[str, Any]:
        hour, told = served.hour, served.told
        number = self._number[hour.site.code, served.parameter]
        righted = hour.corrections and now >= hour.righted and served.parameter in hour.corrections
        made = hour.righted if righted else hour.out
        result = f"<{told.value:g}" if told.below else told.value
        return {
            "@iot.id": number * _HOURS + hour.start // 3600,
            "phenomenonTime": f"{_moment(hour.start)}/{_moment(hour.start + hour.period)}",
            "resultTime": _moment(made),
            "result": result,
            "Datastream": {"@iot.id": number},
        }

    def _entity(self, collection: str, number: str, wanted: str) -> dict[str, Any]:
        """One entity by the way from another."""
        stream = int(number) if collection == "Datastreams" else int(number) // _HOURS
        if not 1 <= stream <= len(self._streams) or (wanted == "Datastream") == (collection == "Datastreams"):
            raise BadQuery(f"{collection}({number})/{wanted}")
        site, parameter = self._streams[stream - 1]
        if wanted == "Thing":
            return self._thing(site, "")
        return _property(parameter) if wanted == "ObservedProperty" else self._datastream(stream, "")

    def _datastream(self, number: int, expand: str) -> dict[str, Any]:
        site, parameter = self._streams[number - 1]
        unit = self._upstreams.places.units.get(parameter, "")
        row: dict[str, Any] = {
            "@iot.id": number,
            "name": f"{site.name} {PROPERTIES.get(parameter, parameter)} 小时均值",
            "observationType": "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",
            "unitOfMeasurement": {"name": unit, "symbol": unit, "definition": ""},
        }
        if "Thing" in expand:
            row["Thing"] = self._thing(site, "")
        if "ObservedProperty" in expand:
            row["ObservedProperty"] = _property(parameter)
        return row

    def _thing(self, site: Site, expand: str) -> dict[str, Any]:
        thing = {
            "@iot.id": site.code,
            "name": site.name,
            "properties": {"stationCode": site.upstream},
            "Locations": [
                {
                    "name": site.name,
                    "encodingType": "application/geo+json",
                    "location": {"type": "Point", "coordinates": [site.lon, site.lat]},
                }
            ],
        }
        if "Datastreams" in expand:
            own = [number for (code, _), number in self._number.items() if code == site.code]
            thing["Datastreams"] = [
                self._datastream(number, expand.partition("Datastreams")[2]) for number in own
            ]
        return thing


def _property(parameter: str) -> dict[str, Any]:
    return {
        "@iot.id": parameter,
        "name": PROPERTIES.get(parameter, parameter),
        "definition": f"urn:x:{parameter}",
    }


def _page(
    rows: Sequence[Any], path: str, query: Mapping[str, str], root: str, top: int, skip: int
) -> dict[str, Any]:
    window = rows[skip : skip + top]
    body: dict[str, Any] = {"value": window}
    if skip + top < len(rows):
        # The next page begins with this one's last row: between two requests rows have come in before it.
        kept = {**query, "$skip": str(skip + max(1, top - 1))}
        body["@iot.nextLink"] = f"{root}/{path}?" + "&".join(f"{key}={value}" for key, value in kept.items())
    return body


def _since(query: Mapping[str, str]) -> int:
    wanted = query.get("$filter", "")
    if not wanted:
        return _EARLIEST
    found = _FILTER.fullmatch(wanted)
    if found is None:
        raise BadQuery(wanted)
    try:
        at = int(datetime.fromisoformat(found[2]).timestamp())
    except ValueError as error:
        raise BadQuery(wanted) from error
    return at if found[1] == "ge" else at + 1


def _number(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name, str(default))
    if not text.isdigit():
        raise BadQuery(f"{name}={text}")
    return int(text)


def _moment(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
