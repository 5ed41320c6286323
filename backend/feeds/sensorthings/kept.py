"""What was discovered, kept between polls: a service's Datastreams change seldom, and finding them costs the most.

It lies beside the watermarks, as an answer that is known already: with other settings, or when the feed is to be read
anew, it counts no more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from backend.feeds.fault import RecordError
from backend.feeds.sensorthings.options import StaOptions
from backend.feeds.sensorthings.streams import Stream
from backend.feeds.session import Mark, Session

PLACE = "@discovered"
"""The name among the watermarks under which it is kept."""


@dataclass(frozen=True)
class Known:
    """A service's Datastreams, and what it puts up with."""

    at: int
    """When they were found."""
    top: int
    single: bool
    streams: Mapping[str, Stream]
    refused: frozenset[str]
    """Datastreams that mean nothing to us, by id."""
    fresh: bool = True
    """Found in this very poll."""


class _Line(msgspec.Struct, array_like=True):
    id: str
    path: str
    name: str
    station: str
    parameter: str
    unit: str
    until: int | None


class _Kept(msgspec.Struct):
    at: int
    top: int
    single: bool
    streams: list[_Line]
    refused: list[str]


def keep(known: Known, session: Session) -> None:
    """Have it kept once the page that says so (its stream is `PLACE`) is stored."""
    lines = [
        _Line(one.id, one.path, one.name, one.station, one.parameter, one.unit, one.until)
        for one in known.streams.values()
    ]
    text = msgspec.json.encode(_Kept(known.at, known.top, known.single, lines, sorted(known.refused)))
    session.validators[PLACE] = Mark(digest=f"{session.settings}:{text.decode()}")


def recall(session: Session, options: StaOptions) -> Known | None:
    """What was found in an earlier poll; None where that was by other settings, or is too long ago."""
    settings, _, text = session.marks.get(PLACE, Mark()).digest.partition(":")
    if settings != session.settings or not text:
        return None
    try:
        kept = msgspec.json.decode(text, type=_Kept)
        streams = {line.id: _stream(line, options) for line in kept.streams}
    except (msgspec.DecodeError, RecordError):
        return None
    if not kept.at <= session.now < kept.at + options.discover:
        return None
    return Known(kept.at, kept.top, kept.single, streams, frozenset(kept.refused), fresh=False)


def _stream(line: _Line, options: StaOptions) -> Stream:
    conversion = options.known.conversion(line.parameter, line.unit)
    return Stream(
        line.id, line.path, line.name, line.station, line.parameter, conversion, line.until, line.unit
    )
