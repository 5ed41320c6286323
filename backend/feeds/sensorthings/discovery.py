"""Find the Datastreams of a service, each with its Thing, its place and its observed property.

The way down from the Things is taken (``Things?$expand=Locations,Datastreams``), because a collection that belongs to
an entity is expanded rightly everywhere, while a single entity is not: one server in use gives every row of an answer
the first row's ObservedProperty (and every Observation the first one's Datastream). What an expansion says is
therefore checked once against the entity's own link before it is believed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from backend.feeds.fault import FeedError, RecordError
from backend.feeds.making import Making
from backend.feeds.sensorthings.collection import Part, Quirks, Service
from backend.feeds.sensorthings.kept import Known
from backend.feeds.sensorthings.options import StaOptions
from backend.feeds.sensorthings.streams import Stream, key, path_of, read_place, read_stream

MOST_LOOKUPS = 200
"""Observed properties that are asked for one by one."""


@dataclass
class _Found:
    """A Datastream as it was met, not yet understood."""

    row: Mapping[str, Any]
    thing: Mapping[str, Any]
    observed: Mapping[str, Any] = field(default_factory=dict)


def discover(service: Service, options: StaOptions, making: Making, now: int) -> Known:
    """All Datastreams that mean something to us, by id; the others are put aside with their reason.

    Raises:
        FeedError: the service can't be read.
    """
    found = list(_datastreams(service, options, making))
    if not _expansion_holds(service, found):
        service.quirks.single = False
        for one in found:
            one.observed = {}
    streams: dict[str, Stream] = {}
    refused: set[str] = set()
    lookups = 0
    for one in found:
        try:
            stream = read_stream(one.row, one.thing, one.observed, options)
        except RecordError as error:
            unknown = error.message.code == "feed.sta.parameter" and not one.observed
            if not unknown or lookups >= MOST_LOOKUPS:
                refused.add(key(one.row["@iot.id"]))
                _aside(error, one.row, making)
                continue
            lookups += 1
            try:
                stream = read_stream(one.row, one.thing, _observed(service, one.row), options)
            except RecordError as again:
                refused.add(key(one.row["@iot.id"]))
                _aside(again, one.row, making)
                continue
        read_place(stream, one.thing, options, making)
        streams[stream.id] = stream
    return Known(now, service.quirks.top, service.quirks.single, streams, frozenset(refused))


def _datastreams(service: Service, options: StaOptions, making: Making) -> Iterator[_Found]:
    def query(quirks: Quirks) -> dict[str, str]:
        inner = "($expand=ObservedProperty)" if quirks.nested else ""
        asked = {"$expand": f"Locations,Datastreams{inner}"}
        return {**asked, "$filter": options.things} if options.things else asked

    for part in _parts(service, service.first("Things", query)):
        for thing in part.rows:
            rows = thing.get("Datastreams") if isinstance(thing, dict) else None
            if not isinstance(rows, list):
                _aside(RecordError("feed.sta.thing"), thing, making)
                continue
            link = thing.get("Datastreams@iot.nextLink")
            more = _parts(service, service.following(link)) if isinstance(link, str) and link else iter(())
            for row in [*rows, *(row for further in more for row in further.rows)]:
                if isinstance(row, dict) and "@iot.id" in row:
                    observed = row.get("ObservedProperty")
                    yield _Found(row, thing, observed if isinstance(observed, dict) else {})
                else:
                    _aside(RecordError("feed.row.kind", kind=type(row).__name__), row, making)


def _parts(service: Service, part: Part) -> Iterator[Part]:
    seen: set[str] = set()
    yield part
    while part.next and part.next not in seen and part.rows:
        seen.add(part.next)
        part = service.following(part.next)
        yield part


def _expansion_holds(service: Service, found: list[_Found]) -> bool:
    """Whether the expanded ObservedProperties are the Datastreams' own. Suspicious is that all have the same one
    though their names differ; then one is looked up."""
    expanded = [one for one in found if one.observed]
    if len({key(one.observed.get("@iot.id")) for one in expanded}) != 1:
        return True
    other = next((one for one in expanded if one.row.get("name") != expanded[0].row.get("name")), None)
    if other is None:
        return True
    return key(_observed(service, other.row).get("@iot.id")) == key(other.observed.get("@iot.id"))


def _observed(service: Service, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A Datastream's ObservedProperty by its own link; empty where the service has none."""
    try:
        return service.entity(f"{path_of('Datastreams', row['@iot.id'])}/ObservedProperty")
    except FeedError as error:
        if error.message.code == "feed.http.gone":
            return {}
        raise


def _aside(error: RecordError, row: Any, making: Making) -> None:
    # The id alone: the same in every poll, so that it is kept once.
    identifier = row.get("@iot.id") if isinstance(row, dict) else row
    making.put_aside(error.message, f"@iot.id {identifier}"[:300].encode("utf-8", "replace"))
