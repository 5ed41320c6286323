"""The city's instruments that push: their frames, each when it is due, POSTed to the seat's own HTTP side.

The gateway in the middle is what stands in a district's machine room: it gathers what has come in, sends it in one
piece, and takes an answer of 2xx for an acknowledgement. What was not acknowledged is kept and sent again, after a
pause that grows. Some frames come twice; some are damaged on the way, and the instrument, which got no answer, sends
them again a while later.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from heapq import heappop, heappush
from typing import Any

from backend.demo import dice, frames
from backend.demo.carry import HOUR
from backend.demo.upstream import MINUTE, Ledger, SiteHour, Told, Upstreams
from backend.feeds.fault import FeedError
from backend.feeds.http import Ask, HttpFetcher

FIRST_PAUSE, LONGEST_PAUSE = 0.25, 30.0
"""Real seconds between two tries."""
TRIES = 8
"""So often a caller who waits for the end is kept waiting by failures."""
TOO_LARGE = 413
_TIMEOUT = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a POST."""

    status: int
    """0 where there was no answer."""
    wait: float | None = None
    """Seconds that the other side asks to be left alone."""

    @property
    def taken(self) -> bool:
        """Whether everything was taken in (or put aside, which is the same to who sends)."""
        return 200 <= self.status < 300


Post = Callable[[bytes], Awaitable[Answer]]


class HttpPost:
    """POSTs over one connection that is kept."""

    def __init__(self, url: str, key: str) -> None:
        self._url = url
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/octet-stream"}
        self._fetcher: HttpFetcher | None = None

    async def __call__(self, body: bytes) -> Answer:
        """Send; whatever goes wrong on the line is an answer too."""
        return await asyncio.to_thread(self._send, body)

    def _send(self, body: bytes) -> Answer:
        if self._fetcher is None:
            self._fetcher = HttpFetcher(timeout=_TIMEOUT)
        try:
            reply = self._fetcher.fetch(Ask(self._url, {}, self._headers, "POST", body))
        except FeedError:
            return Answer(0)
        return Answer(reply.status, reply.seconds("retry-after", time.time()))


@dataclass
class Counts:
    """What was pushed."""

    posts: int = 0
    """POSTs that were acknowledged."""
    failed: int = 0
    """POSTs that were not."""
    frames: int = 0
    """Frames in those that were acknowledged."""
    again: int = 0
    """Of these, frames that had been sent before, or were kept while the line was down."""
    damaged: int = 0
    """Of these, frames that the line had damaged."""
    dropped: int = 0
    """Frames that were let go because nobody took them for too long."""
    waiting: int = 0
    """Frames that are due and not acknowledged."""


@dataclass(order=True, slots=True)
class Frame:
    """A frame and when it comes."""

    at: int
    order: int
    raw: bytes = field(compare=False)
    hour: SiteHour = field(compare=False)
    values: Mapping[str, float] = field(compare=False)
    """What can be read from it: nothing where it is damaged."""
    again: bool = field(default=False, compare=False)


class Gateway:
    """The frames of one feed, from the instruments to the HTTP side."""

    def __init__(
        self,
        upstreams: Upstreams,
        feed: str,
        post: Post,
        begin: int,
        *,
        ledger: Ledger | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """
        Args:
            begin: the replay's first instant; so many hours before it (``backlog``) are sent too.
            ledger: where what is sent is entered.
        """
        self.feed = feed
        self.counts = Counts()
        self._upstreams = upstreams
        self._options = upstreams.options(feed)
        self._post = post
        self._ledger = ledger
        self._monotonic = monotonic
        self._sleep = sleep
        self._made = begin - self._options["backlog"] * HOUR
        self._order = 0
        self._coming: list[Frame] = []
        self._out: deque[Frame] = deque()
        self._page: int = self._options["page"]
        self._failures = 0
        self._not_before = 0.0
        self._turn = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    def waits(self) -> int | None:
        """Since when the oldest frame waits that is on its way; None where none is, or nobody takes any."""
        return self._out[0].at if self._out and not self._failures else None

    def told(self) -> dict[str, Any]:
        """The counts as they stand."""
        self.counts.waiting = len(self._out)
        return asdict(self.counts)

    async def go(self, now: int, *, settle: bool = False) -> None:
        """Take up what is due at `now` and send it: in the background, or until all is sent."""
        self._fill(now)
        if settle:
            async with self._turn:
                await self._drain(TRIES)
        elif self._out and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._in_background())

    async def _in_background(self) -> None:
        async with self._turn:
            await self._drain(0)

    async def _drain(self, tries: int) -> None:
        """Send until nothing is left; after so many failures, the next time."""
        while self._out:
            pause = self._not_before - self._monotonic()
            if pause > 0:
                if tries <= 0:
                    return
                tries -= 1
                await self._sleep(pause)
            sent = [self._out[index] for index in range(min(self._page, len(self._out)))]
            answer = await self._post(b"".join(frame.raw for frame in sent))
            if answer.taken:
                self._acknowledged(sent)
            else:
                self._refused(answer)

    def _acknowledged(self, sent: Sequence[Frame]) -> None:
        for frame in sent:
            # What was let go meanwhile is no longer at the head.
            if self._out and self._out[0] is frame:
                self._out.popleft()
        counts = self.counts
        counts.posts += 1
        counts.frames += len(sent)
        counts.again += sum(frame.again for frame in sent)
        counts.damaged += sum(not frame.values for frame in sent)
        self._failures, self._not_before = 0, 0.0

    def _refused(self, answer: Answer) -> None:
        self.counts.failed += 1
        if answer.status == TOO_LARGE and self._page > 1:
            self._page //= 2
            return
        self._failures += 1
        pause = FIRST_PAUSE * 2 ** min(self._failures - 1, 10)
        self._not_before = self._monotonic() + min(LONGEST_PAUSE, max(pause, answer.wait or 0.0))

    # -- what is due --

    def _fill(self, now: int) -> None:
        """Make the frames of the periods that have ended, and move those that are due to where they go out."""
        for hour in self._upstreams.ended(self.feed, self._made, now):
            self._plan(hour)
        self._made = max(self._made, now)
        while self._coming and self._coming[0].at <= now:
            frame = heappop(self._coming)
            self._out.append(frame)
            if self._ledger is not None:
                # Due is handed out, whether or not somebody takes it: what is never taken counts as lost.
                for name, value in frame.values.items():
                    hour = frame.hour
                    self._ledger.note(hour.site, name, hour.start, hour.period, Told(value))
        oldest = now - self._options["keeps"] * HOUR
        while self._out and self._out[0].at < oldest:
            self._out.popleft()
            self.counts.dropped += 1

    def _plan(self, hour: SiteHour) -> None:
        """One period of one instrument: as it is sent first, and what comes again."""
        options, seed = self._options, self._upstreams.carry.seed
        own = dice.lasting(seed, hour.site.code, "frames")
        chance = dice.mix(own, hour.start)
        values = frames.shown(hour.at(hour.out), chance)
        if not values:
            return
        numbers = {name: value for name, (value, _) in values.items()}
        newer = dice.unit(own) < options["newer"]
        kept = hour.out >= hour.start + 2 * hour.period

        def sent(again: bool) -> bytes:
            return frames.frame(hour, values, self._upstreams.carry.zone, newer=newer, again=again)

        later = hour.out + int(MINUTE * dice.between(chance, options["again_after"], 70))
        if dice.unit(chance, 71) < options["damaged"]:
            self._due(hour.out, frames.damaged(sent(again=kept), chance), hour, {}, again=kept)
            self._due(later, sent(again=True), hour, numbers, again=True)
            return
        self._due(hour.out, sent(again=kept), hour, numbers, again=kept)
        if dice.unit(chance, 72) < options["again"]:
            self._due(later, sent(again=True), hour, numbers, again=True)

    def _due(self, at: int, raw: bytes, hour: SiteHour, values: Mapping[str, float], *, again: bool) -> None:
        self._order += 1
        heappush(self._coming, Frame(at, self._order, raw, hour, values, again))
