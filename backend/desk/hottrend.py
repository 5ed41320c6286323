"""The last days of a place: its nearest station beside its neighbours and the regional background 区域背景."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backend.desk.desk import Desk

HOURS = 72
"""Hours that are told of."""
Points = Sequence[tuple[int, float | None]]
"""Starts of periods with their values; None where none came."""


@dataclass(frozen=True, slots=True)
class HotTrend:
    """Three lines over the same periods. Values in the parameter's own unit."""

    parameter: str
    unit: str
    decimals: int
    period: int
    since: int
    until: int
    station: str
    """The code of the one that shows the place, or of the nearest station that has reported in these hours."""
    name: str
    metres: float
    """From the place to it."""
    own: Points
    neighbours: Points
    """The median of the nearest others."""
    others: int
    """How many they are."""
    background: Points
    """The low percentile of the network that stands for the region (domain 3.3.5)."""
    percentile: int


def trend(
    desk: Desk, parameter: str, at: int, lon: float, lat: float, hours: int = HOURS, station: str = ""
) -> HotTrend | None:
    """What the stations around a place said up to an hour; None where none of them reported.

    Args:
        desk: who asks.
        parameter: code.
        at: the end of the last hour; nothing that ends after it is read.
        lon: of the place, degrees.
        lat: of the place, degrees.
        hours: how far back.
        station: the code of the one that shows the place; the nearest that reported where empty, or where it did not.
    """
    from backend.analysis.beside import beside
    from backend.city.called import said
    from backend.desk.hotmaking import Working

    with desk.store.read() as connection, Working(desk, connection) as worker:
        city, networks = worker.watch.city, worker.watch.networks
        known = city.parameter(parameter)
        found = None
        if known is not None:
            found = beside(connection, city, parameter, at, lon, lat, hours * 3600, station, networks)
    if known is None or found is None:
        return None
    since = found.own[0][0]
    return HotTrend(
        parameter=parameter,
        unit=known.unit,
        decimals=known.decimals,
        period=found.period,
        since=since,
        until=found.own[-1][0] + found.period,
        station=found.station.code,
        name=said(found.station, desk.language),
        metres=found.metres,
        own=found.own,
        neighbours=found.neighbours,
        others=found.others,
        background=found.background,
        percentile=found.percentile,
    )


def newest(desk: Desk, parameter: str) -> int | None:
    """The start of the newest whole step that a map of a parameter can show; None where no value has come.

    Args:
        desk: who asks.
        parameter: code.
    """
    from backend.desk.hotmaking import Working, newest_step, shown_network

    with desk.store.read() as connection, Working(desk, connection) as worker:
        network = shown_network(worker, parameter)
        one = None if network is None else next(row for row in network.parameters if row.code == parameter)
        return (
            None if one is None else newest_step(connection, network, one, desk.now, worker.watch.city.zone)
        )
