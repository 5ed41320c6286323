"""Open-Meteo: the hour's wind, temperature, humidity, pressure and rain at points over the city.

``GET /v1/forecast?latitude=a,b&longitude=c,d&hourly=...``: one object for each point (bare for one point), with
a column for the time and one for each variable, nulls among them. Units are asked for and then read from the answer
(the defaults are km/h and local habits). Model values on a grid of some 10 km, never a station's measurement.

Values are instants of the full hour and stand for the hour that begins with it; precipitation is the sum of the hour
before. Hours that have not come yet are a forecast, not a reading: they are handed over apart (`Ahead`), kept with the
time that they were got at, and used by the forecast of concentrations alone.

Unverified live: written from the public description; nobody could try it against the service.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from backend.feeds.adapter import Declares, Upstream
from backend.feeds.content import NOT_FINITE, json_value
from backend.feeds.fault import FeedError, RecordError
from backend.feeds.http import Ask
from backend.feeds.making import Making, raw_of
from backend.feeds.options import Table
from backend.feeds.record import Ahead, Page, Record
from backend.feeds.session import Politeness, Session
from backend.feeds.times import OLDEST
from backend.feeds.units import Conversion, Parameters
from backend.feeds.values import number
from backend.text import clean
from backend.words import Message

URL = "https://api.open-meteo.com/v1/forecast"
HOUR, DAY = 3600, 86_400
MOST_PAST_DAYS = 92
MOST_AHEAD_DAYS = 16
_VARIABLES = {
    "wind_speed_10m": ("wind_speed", 0),
    "wind_direction_10m": ("wind_dir", 0),
    "temperature_2m": ("temp", 0),
    "relative_humidity_2m": ("rh", 0),
    "surface_pressure": ("pressure", 0),
    "precipitation": ("rain", HOUR),
}
"""Their name to our parameter, and how long before its label the value's hour begins."""


@dataclass(frozen=True)
class Point:
    """Where weather is asked for, and the station that it is kept under."""

    station: str
    lat: float
    lon: float


@dataclass(frozen=True)
class MeteoOptions:
    """All of it."""

    points: tuple[Point, ...]
    """Empty: the city's stations of kind ``stations``."""
    stations: str
    batch: int
    lookback: int
    ahead: int
    """Days, today among them."""
    query: Mapping[str, str]
    known: Parameters


class OpenMeteo:
    """The adapter ``openmeteo``."""

    declares = Declares(
        speaks="Open-Meteo forecast API (JSON)",
        label="instant; rain: end",
        zone="UTC",
        units="as the answer says",
        politeness=Politeness(min_interval=1.0, max_requests=50),
        phase=900,
        unverified="the whole endpoint: no live recording exists",
    )

    def read(self, table: Table, parameters: Parameters, /) -> MeteoOptions:
        """Keys: ``[[points]]`` with station, lat, lon, or ``stations`` (a station kind, weather); ``batch`` (points in
        a request), ``lookback`` (seconds), ``ahead`` (days of weather to come, today among them), ``[query]`` (more
        parameters, such as models and apikey)."""
        points = []
        for row in table.tables("points"):
            point = Point(row.string("station"), row.number("lat"), row.number("lon"))
            row.finish()
            if abs(point.lat) > 90 or abs(point.lon) > 180:
                row.fault("lat", "feed.option.range", value=point.lat, low=-90, high=90)
            points.append(point)
        return MeteoOptions(
            points=tuple(points),
            stations=table.string("stations", "weather"),
            batch=table.whole("batch", 50, low=1, high=200),
            lookback=table.whole("lookback", DAY, low=HOUR, high=MOST_PAST_DAYS * DAY),
            ahead=table.whole("ahead", 4, low=1, high=MOST_AHEAD_DAYS),
            query=table.texts("query"),
            known=parameters,
        )

    def pages(self, upstream: Upstream, options: MeteoOptions, session: Session, /) -> Iterator[Page]:
        """See `backend.feeds.adapter.Adapter.pages`."""
        points = options.points or tuple(
            Point(code, lat, lon) for code, lon, lat in session.places(options.stations)
        )
        if not points:
            raise FeedError("feed.meteo.points", fatal=True)
        since = session.since(lookback=options.lookback)
        newest: int | None = None
        for begin in range(0, len(points), options.batch):
            some = points[begin : begin + options.batch]
            making = self._batch(upstream.url or URL, some, options, session, since)
            at = making.newest()
            newest = at if newest is None else max(newest, at or newest)
            last = begin + options.batch >= len(points)
            yield making.page(newest=newest if last else None, more=not last)

    def _batch(
        self, url: str, points: tuple[Point, ...], options: MeteoOptions, session: Session, since: int
    ) -> Making:
        days = min(MOST_PAST_DAYS, max(1, -(-(session.now - since) // DAY)))
        query = {
            "latitude": ",".join(f"{point.lat:.4f}" for point in points),
            "longitude": ",".join(f"{point.lon:.4f}" for point in points),
            "hourly": ",".join(_VARIABLES),
            "wind_speed_unit": "ms",
            "temperature_unit": "celsius",
            "precipitation_unit": "mm",
            "timeformat": "unixtime",
            "timezone": "GMT",
            "past_days": str(days),
            "forecast_days": str(options.ahead),
            **options.query,
        }
        try:
            reply = session.get(Ask(url, query))
        except FeedError as error:
            raise _told(error) from error
        root = json_value(reply.body)
        places = [root] if isinstance(root, dict) else root
        if not isinstance(places, list) or len(places) != len(points):
            count = len(places) if isinstance(places, list) else 0
            raise FeedError("feed.meteo.shape", what=f"{count}/{len(points)}", raw=reply.body)
        making = Making()
        for point, place in zip(points, places, strict=True):
            _read(point, place, options, since, session.now, making)
        return making


ADAPTER = OpenMeteo()


def _told(error: FeedError) -> FeedError:
    """The reason that the service gives for a refusal, where it gives one."""
    try:
        said = json_value(error.raw)
    except FeedError:
        return error
    reason = said.get("reason") if isinstance(said, dict) else None
    if not isinstance(reason, str):
        return error
    return FeedError("feed.meteo.said", words=reason, wait=error.wait, fatal=error.fatal, raw=error.raw)


def _read(point: Point, place: Any, options: MeteoOptions, since: int, now: int, making: Making) -> None:
    """One point's hours. What is wrong with one variable leaves the others."""
    hourly = place.get("hourly") if isinstance(place, dict) else None
    units = place.get("hourly_units") if isinstance(place, dict) else None
    times = hourly.get("time") if isinstance(hourly, dict) else None
    if not isinstance(hourly, dict) or not isinstance(times, list) or not isinstance(units, dict):
        message = Message("feed.meteo.shape", {"what": clean(point.station, limit=64)})
        making.put_aside(message, raw_of(place))
        return
    for variable, (parameter, before) in _VARIABLES.items():
        column = hourly.get(variable)
        if column is None:
            continue
        try:
            if not isinstance(column, list) or len(column) != len(times):
                raise RecordError("feed.meteo.shape", what=variable)
            conversion = options.known.conversion(parameter, str(units.get(variable) or "?"))
        except RecordError as error:
            making.put_aside(error.message, f"{point.station} {variable}".encode())
            continue
        for at, raw in zip(times, column, strict=True):
            if isinstance(at, bool) or not isinstance(at, int) or not at >= OLDEST:
                message = Message("feed.time.unreadable", {"value": clean(at, limit=40)})
                making.put_aside(message, f"{point.station} {at!r}"[:200].encode("utf-8", "replace"))
                break
            if at >= since:
                _hour(point, variable, parameter, at - before, raw, conversion, making, at > now)


def _hour(
    point: Point,
    variable: str,
    parameter: str,
    start: int,
    raw: Any,
    conversion: Conversion,
    making: Making,
    ahead: bool,
) -> None:
    try:
        value, _ = number("Infinity" if raw is NOT_FINITE else raw, variable)
    except RecordError as error:
        making.put_aside(
            error.message, f"{point.station} {variable} {start} {raw!r}"[:300].encode("utf-8", "replace")
        )
        return
    # A null is an hour that the model has not: nothing was measured, so nothing is missing.
    if value is None:
        return
    told = conversion.apply(value)
    if ahead:
        making.ahead.append(Ahead(point.station, parameter, start, told))
    else:
        making.records.append(Record(point.station, parameter, start, HOUR, told))
