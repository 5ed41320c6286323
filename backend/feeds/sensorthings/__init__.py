"""OGC SensorThings API 1.1 (18-088): discovers Datastreams, pulls their Observations by time.

Rows are asked for by a time keyset (``phenomenonTime ge <last>``), because a server that pages with ``$skip`` repeats
and loses rows while others are inserted; the overlap and the ``@iot.id`` take care of what comes twice. A server that
can't order is followed link by link instead, and the watermark waits for the last page. What comes back is compared
with what was asked: some servers ignore a filter they don't know. The Datastreams are looked for every few hours, and
at once when one sends that nobody has met, or one that was met is gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from backend.feeds.adapter import Declares, Upstream
from backend.feeds.fault import FeedError, RecordError
from backend.feeds.making import Making
from backend.feeds.options import Table
from backend.feeds.record import Page, Record
from backend.feeds.sensorthings.collection import Part, Quirks, Service
from backend.feeds.sensorthings.discovery import discover
from backend.feeds.sensorthings.kept import PLACE, Known, keep, recall
from backend.feeds.sensorthings.options import StaOptions, read_options
from backend.feeds.sensorthings.streams import Observation, Stream, key, path_of, raw, read_observation
from backend.feeds.session import Mark, Politeness, Session
from backend.feeds.units import Parameters

LONG_DEAD = 7 * 86_400
"""A Datastream that has said nothing for so long is not asked again before it is looked for again."""


class SensorThings:
    """The adapter ``sensorthings``."""

    declares = Declares(
        speaks="OGC SensorThings API 1.1",
        label="options",
        zone="UTC",
        units="options",
        politeness=Politeness(min_interval=0.2, max_requests=500),
    )

    def read(self, table: Table, parameters: Parameters, /) -> StaOptions:
        """See `backend.feeds.adapter.Adapter.read`."""
        return read_options(table, parameters)

    def pages(self, upstream: Upstream, options: StaOptions, session: Session, /) -> Iterator[Page]:
        """See `backend.feeds.adapter.Adapter.pages`."""
        service = Service(upstream.url, session, options.top)
        known = recall(session, options)
        if known is not None:
            service.quirks.top, service.quirks.single = known.top, known.single
            try:
                yield from _observations(service, known, options, session)
                return
            except _UnmetError:
                pass
            except FeedError as error:
                if error.message.code != "feed.http.gone":
                    raise
        making = Making()
        known = discover(service, options, making, session.now)
        if not known.streams:
            yield making.page(more=True)
            raise FeedError("feed.sta.none")
        keep(known, session)
        yield making.page(stream=PLACE)
        yield from _observations(service, known, options, session)


ADAPTER = SensorThings()


class _UnmetError(Exception):
    """There is a Datastream that was not there when they were looked for."""


def _observations(service: Service, known: Known, options: StaOptions, session: Session) -> Iterator[Page]:
    """The observations of all Datastreams, at once where the server can say whose they are."""
    if not options.each and service.quirks.single:
        pull = _Pull(service, "Observations", "", known, options, session)
        if pull.begin(session.since(lookback=options.lookback)):
            yield from pull.pages()
            return
    yield from _each(service, known, options, session)


def _asleep(stream: Stream, known: Known, options: StaOptions, session: Session) -> bool:
    """Nothing new by the server's own word: a sensor that has been dead for years costs no request."""
    if stream.until is None:
        return False
    if known.fresh:
        mark = session.marks.get(stream.id, Mark())
        return mark.at is not None and stream.until <= mark.at
    # What the server said hours ago holds only of those that had said nothing for long.
    return stream.until < min(session.since(stream.id, lookback=options.lookback), known.at - LONG_DEAD)


def _each(service: Service, known: Known, options: StaOptions, session: Session) -> Iterator[Page]:
    """Stream by stream; one that fails doesn't hold up the others, five in a row do."""
    failed: list[FeedError] = []
    in_a_row = 0
    for stream in known.streams.values():
        if _asleep(stream, known, options, session):
            continue
        pull = _Pull(service, stream.path, stream.id, known, options, session)
        try:
            pull.begin(session.since(stream.id, lookback=options.lookback))
            yield from pull.pages()
            in_a_row = 0
        except FeedError as error:
            failed.append(error)
            in_a_row += 1
            if error.message.code != "feed.http.server" or in_a_row >= 5:
                raise
    if failed:
        raise FeedError("feed.sta.streams", bad=len(failed), first=failed[0].message.code)


class _Pull:
    """The observations of one path (a Datastream's, or all) from an instant on."""

    def __init__(
        self,
        service: Service,
        path: str,
        stream: str,
        known: Known,
        options: StaOptions,
        session: Session,
    ) -> None:
        self._service, self._path, self._stream = service, path, stream
        self._streams, self._options, self._session = known.streams, options, session
        self._refused = known.refused
        # Of Things that were filtered out nothing is known, so that one of theirs is no news.
        self._strict = not known.fresh and not options.things
        self._seen: set[str] = set()
        self._links: set[str] = set()
        self._newest: int | None = None
        self._since = 0
        self._first = Part([], "", b"")

    def begin(self, since: int) -> bool:
        """Ask for the first page; False where the server does not say truly whose observations these are."""
        self._since = since
        self._first = self._ask(since)
        return bool(self._stream) or self._owners_hold()

    def pages(self) -> Iterator[Page]:
        """Page by page; see the module."""
        since = at = self._since
        part = self._first
        while True:
            # Pages in the order of time say how far the stream has come; others only when all are there.
            rising = self._options.filtered and self._service.quirks.order
            making, first, last = self._read(part, since)
            onward = self._onward(part, at, last) if rising else self._link(part, since, first)
            if not onward:
                yield making.page(stream=self._stream, newest=self._newest)
                return
            yield making.page(stream=self._stream, newest=self._newest if rising else None, more=True)
            if onward == "time":
                assert last is not None
                at = last
                part = self._ask(at)
            else:
                part = self._service.following(onward)

    def _owners_hold(self) -> bool:
        """Whether the expanded Datastreams are the rows' own. Suspicious is that all rows of several streams have the
        same one; then the last row's is looked up."""
        rows = [row for row in self._first.rows if isinstance(row, dict) and "@iot.id" in row]
        owners = {
            key(row["Datastream"].get("@iot.id")) for row in rows if isinstance(row.get("Datastream"), dict)
        }
        if not rows or len(owners) > 1:
            return True
        if not owners or len(rows) < 2 or len(self._streams) < 2:
            return bool(owners)
        owner = self._service.entity(f"{path_of('Observations', rows[-1]['@iot.id'])}/Datastream")
        return {key(owner.get("@iot.id"))} == owners

    def _onward(self, part: Part, at: int, last: int | None) -> str:
        """Where to go on: by time while it advances, by the server's link while all rows have one time."""
        full = len(part.rows) >= self._service.quirks.top
        if not part.rows or not (part.next or full):
            return ""
        return "time" if last is not None and last > at else part.next

    def _link(self, part: Part, since: int, first: int | None) -> str:
        """The server's next part; with the newest first and no filter, only until what was asked for is there."""
        past = (
            not self._options.filtered and self._service.quirks.order and first is not None and first < since
        )
        if past or not part.rows or part.next in self._links:
            return ""
        self._links.add(part.next)
        return part.next

    def _ask(self, at: int) -> Part:
        def query(quirks: Quirks) -> dict[str, str]:
            asked: dict[str, str] = {}
            if self._options.filtered:
                asked["$filter"] = f"phenomenonTime ge {_moment(at)}"
            if not self._stream:
                asked["$expand"] = "Datastream($select=id)" if quirks.slim else "Datastream"
            if quirks.order:
                asked["$orderby"] = f"phenomenonTime {'asc' if self._options.filtered else 'desc'}"
            return asked

        return self._service.first(self._path, query)

    def _read(self, part: Part, since: int) -> tuple[Making, int | None, int | None]:
        """The page's records, and the first and last time on it."""
        making = Making()
        best: dict[tuple[str, str, int, int], tuple[str, Record]] = {}
        times: list[int] = []
        for row in part.rows:
            identifier = key(row["@iot.id"]) if isinstance(row, dict) and "@iot.id" in row else ""
            stream = self._stream_of(row)
            if stream is None or (identifier and identifier in self._seen):
                continue
            self._seen.add(identifier)
            try:
                observation = read_observation(row, stream, self._options, self._session.now)
            except RecordError as error:
                making.put_aside(error.message, raw(row))
                continue
            times.append(observation.first)
            if not self._wanted(observation, since):
                continue
            record = observation.record
            natural = (record.station, record.parameter, record.start, record.period)
            if natural not in best or best[natural][0] <= observation.made:
                best[natural] = (observation.made, record)
        making.records.extend(record for _, record in sorted(best.values(), key=lambda pair: pair[1].start))
        newest = making.newest()
        if newest is not None:
            self._newest = newest if self._newest is None else max(self._newest, newest)
        return making, min(times, default=None), max(times, default=None)

    def _wanted(self, observation: Observation, since: int) -> bool:
        """Whether it is of the time that was asked for; a server that was to see to that and did not is refused."""
        early = observation.last < since - 2 * observation.record.period - 60
        if early and self._options.filtered:
            raise FeedError(
                "feed.sta.filter", since=_moment(since), got=_moment(observation.last), fatal=True
            )
        return not early

    def _stream_of(self, row: Any) -> Stream | None:
        if self._stream:
            return self._streams[self._stream]
        inner = row.get("Datastream") if isinstance(row, dict) else None
        if not isinstance(inner, dict) or "@iot.id" not in inner:
            return None
        identifier = key(inner["@iot.id"])
        if self._strict and identifier not in self._streams and identifier not in self._refused:
            raise _UnmetError
        return self._streams.get(identifier)


def _moment(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
