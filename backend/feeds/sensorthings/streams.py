"""Datastreams: which station and which parameter each one is, and what its observations become."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backend.feeds.content import NOT_FINITE
from backend.feeds.fault import RecordError
from backend.feeds.making import Making, degrees, raw_of
from backend.feeds.mapped.rows import ABSENT, reach
from backend.feeds.record import Place, Record
from backend.feeds.sensorthings.options import StaOptions
from backend.feeds.units import Conversion
from backend.feeds.values import number
from backend.text import clean


@dataclass(frozen=True)
class Stream:
    """A Datastream that we want."""

    id: str
    path: str
    """Of its Observations, below the service's root."""
    name: str
    station: str
    parameter: str
    conversion: Conversion
    until: int | None
    """The end of its phenomenonTime, where the server keeps one."""
    unit: str = ""
    """The unit as the server or the settings give it."""


@dataclass(frozen=True)
class Observation:
    """An observation, read."""

    first: int
    """The instant, or the interval's begin: servers order by it."""
    last: int
    """The instant, or the interval's end."""
    made: str
    """``resultTime``: of two for the same period the later one counts."""
    record: Record


def read_stream(
    row: Mapping[str, Any], thing: Mapping[str, Any], observed: Mapping[str, Any], options: StaOptions
) -> Stream:
    """What a Datastream is.

    Args:
        thing: its Thing.
        observed: its ObservedProperty, empty where that is not known; its own name has to do then.

    Raises:
        RecordError: it has no station, or a property or a unit that nobody knows.
    """
    name = clean(row.get("name") or "", limit=60)
    station = _station(thing, options, name)
    parameter = _parameter(row, observed, options, name)
    unit = row.get("unitOfMeasurement")
    given = options.units.get(parameter, "")
    if not given and isinstance(unit, dict):
        given = str(unit.get("symbol") or unit.get("name") or "")
    conversion = options.known.conversion(parameter, given)
    identifier = row["@iot.id"]
    path = f"{path_of('Datastreams', identifier)}/Observations"
    until = _until(row, options)
    return Stream(key(identifier), path, name, station, parameter, conversion, until, given)


def read_place(stream: Stream, thing: Mapping[str, Any], options: StaOptions, making: Making) -> None:
    """Meet the station that a Datastream belongs to."""
    if stream.station not in making.places:
        lon, lat = _point(thing)
        name = clean(thing.get("name") or "", limit=80)
        making.places[stream.station] = Place(stream.station, name, lon, lat, options.kind)


def read_observation(row: Any, stream: Stream, options: StaOptions, now: int) -> Observation:
    """What an Observation says.

    Raises:
        RecordError: its time or its result can't be used.
    """
    if not isinstance(row, dict):
        raise RecordError("feed.row.kind", kind=type(row).__name__)
    time = row.get("phenomenonTime")
    if not isinstance(time, str) or not time:
        raise RecordError("feed.time.missing", column="phenomenonTime")
    begin, interval, end = time.partition("/")
    first = last = options.time.instant(begin)
    period = options.period
    if interval:
        last = options.time.instant(end)
        if last < first:
            raise RecordError("feed.time.unreadable", value=time)
        # An interval without length is an instant written twice.
        period = last - first or options.period
    start = first if last > first or options.time.label == "start" else first - period
    # Whether it is possible at all is judged by the reader of times.
    options.time.start(end or begin, 0, now)
    result = row.get("result")
    value, qualifier = number("Infinity" if result is NOT_FINITE else result, stream.name)
    kept = None if value is None else stream.conversion.apply(value)
    flag = _flag(row.get("resultQuality"), options)
    record = Record(stream.station, stream.parameter, start, period, kept, qualifier, flag)
    return Observation(first, last, str(row.get("resultTime") or ""), record)


def key(identifier: Any) -> str:
    """An ``@iot.id`` as text: a number or a string, by the standard."""
    return str(identifier)[:200]


def path_of(collection: str, identifier: Any) -> str:
    """The path of an entity: a text id stands in quotes, a number bare."""
    if isinstance(identifier, int) and not isinstance(identifier, bool):
        return f"{collection}({identifier})"
    return f"{collection}('{key(identifier).replace(chr(39), chr(39) * 2)}')"


def _station(thing: Mapping[str, Any], options: StaOptions, stream: str) -> str:
    for path in options.station:
        found = reach(thing, path)
        if found is not ABSENT and isinstance(found, str | int) and str(found).strip():
            return clean(str(found).strip(), limit=64)
    raise RecordError("feed.sta.station", stream=stream, path=", ".join(options.station))


def _parameter(row: Mapping[str, Any], observed: Mapping[str, Any], options: StaOptions, name: str) -> str:
    spellings = [
        str(observed.get("name") or ""),
        str(row.get("name") or ""),
        str(observed.get("definition") or "").rstrip("/").rpartition("/")[2],
    ]
    for spelling in spellings:
        if spelling in options.parameters:
            return options.parameters[spelling]
    for spelling in spellings:
        known = options.known.named(spelling) if spelling else None
        if known:
            return known
    raise RecordError("feed.sta.parameter", stream=name, name=spellings[0] or name)


def _point(thing: Mapping[str, Any]) -> tuple[float | None, float | None]:
    locations = thing.get("Locations")
    if not isinstance(locations, list) or not locations or not isinstance(locations[0], dict):
        return None, None
    shape = locations[0].get("location")
    if isinstance(shape, dict) and isinstance(shape.get("geometry"), dict):
        shape = shape["geometry"]
    point = shape.get("coordinates") if isinstance(shape, dict) else None
    if not isinstance(point, list) or len(point) < 2:
        return None, None
    lon, lat = degrees(point[0], 180), degrees(point[1], 90)
    return (lon, lat) if lon is not None and lat is not None else (None, None)


def _until(row: Mapping[str, Any], options: StaOptions) -> int | None:
    span = row.get("phenomenonTime")
    if not isinstance(span, str):
        return None
    try:
        return options.time.instant(span.rpartition("/")[2])
    except RecordError:
        return None


def _flag(quality: Any, options: StaOptions) -> str:
    """The instrument's flag by the words of ``resultQuality``: a text, or an object of texts."""
    words = (
        quality.values() if isinstance(quality, dict) else quality if isinstance(quality, list) else [quality]
    )
    for word in words:
        flag = options.quality.get(str(word).casefold())
        if flag:
            return flag
    return ""


def raw(row: Any) -> bytes:
    """A row, to keep."""
    return raw_of(row)
