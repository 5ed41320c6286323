"""The live publishing service of CNEMC (中国环境监测总站): the national air stations of one city, hour by hour.

``GET /CityData/GetAQIDataPublishLive?cityName=菏泽市`` answers with a list of stations and their latest hour: all
values are texts, "NA", "—" and "-;" stand for none, "<3" is below the detection limit, an unknown city is 200 with
an empty list. Times are Beijing time and name the end of the hour; µg/m³, CO in mg/m³.

Unverified live: no recording of this endpoint exists. The field names are those of domain tables, the values those
of a recorded dump of 2018 (which has the same fields in lower case); both times that were seen in public clients,
``2026-11-03T16:00:00`` and ``/Date(1793692800000+0800)/``, are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from backend.feeds.adapter import Declares, Upstream
from backend.feeds.content import json_value
from backend.feeds.fault import FeedError, RecordError
from backend.feeds.http import Ask
from backend.feeds.making import Making, degrees, raw_of
from backend.feeds.options import Table
from backend.feeds.record import Page, Place, Record
from backend.feeds.session import Politeness, Session
from backend.feeds.times import TimeLabel
from backend.feeds.units import Conversion, Parameters
from backend.feeds.values import number
from backend.text import clean

URL = "https://air.cnemc.cn:18007/CityData/GetAQIDataPublishLive"
HOUR = 3600
_FIELDS = {
    "pm2_5": ("pm25", HOUR),
    "pm10": ("pm10", HOUR),
    "so2": ("so2", HOUR),
    "no2": ("no2", HOUR),
    "co": ("co", HOUR),
    "o3": ("o3", HOUR),
    "o3_8h": ("o3_8h", 8 * HOUR),
}
"""Their field to our parameter and its period; the 24-hour means are ours to compute."""
_SWAPPED = {**_FIELDS, "o3_24h": ("o3", HOUR), "o3_8h_24h": ("o3_8h", 8 * HOUR)}
del _SWAPPED["o3"], _SWAPPED["o3_8h"]


@dataclass(frozen=True)
class CnemcOptions:
    """Which city, and how its values become ours."""

    city: str
    kind: str
    time: TimeLabel
    conversions: Mapping[str, Conversion]


class Cnemc:
    """The adapter ``cnemc``."""

    declares = Declares(
        speaks="CNEMC CityData (JSON)",
        label="end",
        zone="Asia/Shanghai",
        units="µg/m³, CO mg/m³",
        politeness=Politeness(min_interval=1.5, max_requests=4),
        # The hour appears some minutes after it is over, not always the same number of them.
        every=1200,
        phase=600,
        unverified="the whole endpoint: no live recording exists",
    )

    def read(self, table: Table, parameters: Parameters, /) -> CnemcOptions:
        """Keys: ``city`` (its full name, 菏泽市), ``kind`` of the stations (air)."""
        city, kind = table.string("city"), table.string("kind", "air")
        return CnemcOptions(city, kind, _label(), conversions(parameters))

    def pages(self, upstream: Upstream, options: CnemcOptions, session: Session, /) -> Iterator[Page]:
        """See `backend.feeds.adapter.Adapter.pages`."""
        reply = session.get_new(Ask(upstream.url or URL, {"cityName": options.city}))
        if reply is None:
            return
        root = json_value(reply.body)
        if root == []:
            raise FeedError("feed.cnemc.city", city=options.city)
        if not isinstance(root, list):
            raise FeedError("feed.cnemc.shape", raw=reply.body)
        yield _page(root, options, session.now, _FIELDS)


ADAPTER = Cnemc()


def conversions(parameters: Parameters) -> dict[str, Conversion]:
    """From CNEMC's units to those that the city keeps."""
    found = {}
    for code, _ in _FIELDS.values():
        try:
            found[code] = parameters.conversion(code, "mg/m3" if code == "co" else "ug/m3")
        except RecordError:
            # The city does not keep it, or in a unit that concentrations can't be turned into.
            continue
    return found


def dump_page(body: bytes, parameters: Parameters, now: int) -> Page:
    """A dump of the service as public archives keep it: GeoJSON, or the bare list of the live endpoint.

    In the GeoJSON dumps ``o3`` and ``o3_24h`` are swapped, and so are ``o3_8h`` and ``o3_8h_24h``: the hour's
    O3 is in ``o3_24h`` (175 published AQI of 2018 prove it).

    Raises:
        FeedError: it is neither.
    """
    root = json_value(body)
    options = CnemcOptions("", "air", _label(), conversions(parameters))
    if isinstance(root, list):
        return _page(root, options, now, _FIELDS)
    features = root.get("features") if isinstance(root, dict) else None
    if not isinstance(features, list):
        raise FeedError("feed.cnemc.shape", raw=body)
    rows = [_flat(feature) for feature in features]
    return _page(rows, options, now, _SWAPPED)


def _label() -> TimeLabel:
    return TimeLabel(ZoneInfo("Asia/Shanghai"), "end", "iso")


def _flat(feature: Any) -> Any:
    if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
        return feature
    row = dict(feature["properties"])
    geometry = feature.get("geometry")
    point = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if isinstance(point, list) and len(point) >= 2:
        row["longitude"], row["latitude"] = point[0], point[1]
    return row


def _page(rows: list[Any], options: CnemcOptions, now: int, fields: Mapping[str, tuple[str, int]]) -> Page:
    making = Making()
    for row in rows:
        try:
            _take(row, options, now, fields, making)
        except RecordError as error:
            making.put_aside(error.message, raw_of(row))
    if not making.records and not making.asides:
        raise FeedError("feed.cnemc.empty")
    newest = max((record.start for record in making.records if record.period == HOUR), default=None)
    return making.page(newest=newest)


def _take(
    row: Any, options: CnemcOptions, now: int, fields: Mapping[str, tuple[str, int]], making: Making
) -> None:
    if not isinstance(row, dict):
        raise RecordError("feed.row.kind", kind=type(row).__name__)
    lower = {str(key).lower(): value for key, value in row.items()}
    station = clean(lower.get("stationcode") or "", limit=64)
    if not station:
        raise RecordError("feed.station.missing", column="StationCode")
    label = lower.get("timepoint")
    if label in (None, ""):
        raise RecordError("feed.time.missing", column="TimePoint")
    options.time.start(label, HOUR, now)
    lon, lat = degrees(lower.get("longitude"), 180), degrees(lower.get("latitude"), 90)
    if lon is None or lat is None:
        lon = lat = None
    name = clean(lower.get("positionname") or "", limit=80)
    making.places.setdefault(station, Place(station, name, lon, lat, options.kind))
    for field, (parameter, period) in fields.items():
        conversion = options.conversions.get(parameter)
        if field not in lower or conversion is None:
            continue
        try:
            value, qualifier = number(lower[field], field)
        except RecordError as error:
            making.put_aside(error.message, raw_of(row))
            continue
        start = options.time.start(label, period, now)
        kept = None if value is None else conversion.apply(value)
        making.records.append(Record(station, parameter, start, period, kept, qualifier))
