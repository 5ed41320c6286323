"""The settings of a SensorThings feed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from backend.feeds.options import Table
from backend.feeds.times import TimeLabel
from backend.feeds.units import Parameters

STATION_PATHS = ("properties.stationCode", "properties.station_code", "properties.code", "name")
"""Where a Thing may have its station's code, first come first served."""


@dataclass(frozen=True)
class StaOptions:
    """All of it."""

    station: tuple[str, ...]
    kind: str
    parameters: Mapping[str, str]
    """The upstream's name of an observed property to our code."""
    units: Mapping[str, str]
    """By our code, where the upstream's unit is wrong or missing."""
    time: TimeLabel
    period: int
    top: int
    lookback: int
    filtered: bool
    each: bool
    things: str
    """A ``$filter`` on Things."""
    discover: int
    """Seconds for which the Datastreams that were found are taken to be all there are."""
    quality: Mapping[str, str]
    """A word of ``resultQuality`` (lower case) to an instrument flag of HJ 212."""
    known: Parameters


def read_options(table: Table, parameters: Parameters) -> StaOptions:
    """Read and check; faults are noted in ``table``.

    Keys: ``station`` (paths in a Thing), ``kind``, ``[parameters]``, ``[units]``, ``label`` and ``period`` of
    instants, ``top``, ``lookback``, ``filter`` ("server" or "none"), ``pull`` ("all" or "each"), ``things`` (a
    ``$filter`` on Things), ``discover`` (seconds between two looks for new Datastreams), ``[quality]`` flag letter to
    words.
    """
    named, units = table.texts("parameters"), table.texts("units")
    for code in (*named.values(), *units):
        if code not in parameters.units:
            table.fault("parameters", "feed.option.parameter", parameter=code)
    inner = table.table("quality")
    quality: dict[str, str] = {}
    for flag in ("N", "F", "M", "S", "D", "C", "T", "B"):
        quality.update({word.casefold(): flag for word in inner.strings(flag)})
    inner.finish()
    return StaOptions(
        station=table.strings("station", STATION_PATHS),
        kind=table.string("kind", ""),
        parameters=named,
        units=units,
        time=TimeLabel(table.zone("zone", "UTC"), table.choice("label", ("start", "end"), "end"), "iso"),
        period=table.whole("period", 3600, low=1, high=366 * 86_400),
        top=table.whole("top", 1000, low=1, high=10_000),
        lookback=table.whole("lookback", 86_400, low=60, high=400 * 86_400),
        filtered=table.choice("filter", ("server", "none"), "server") == "server",
        each=table.choice("pull", ("all", "each"), "all") == "each",
        things=table.string("things", ""),
        discover=table.whole("discover", 21_600, low=0, high=7 * 86_400),
        quality=quality,
        known=parameters,
    )
