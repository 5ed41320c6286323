"""What the line to the terminal takes: how fast, how far away, how much is on its way; and when the next frame may go.

Over SSH what is written is accepted at once, by buffers that the program never sees: on a slow line a held key fills
them, and the screen goes on moving for half a minute after the finger has left the key. So the line is measured. Now
and then a frame is followed by a status query (DSR, ``CSI 5 n``); its answer (``CSI 0 n``) says that everything before
it has arrived. From the first answers come the way there and back and the speed; from then on a model says how much is
still on its way, and the next frame waits until that is next to nothing. What waits is not queued: by then it is a
newer frame.

A terminal that does not answer is not asked again; there the writer's own blocking is all that is known.

The speed is the highest that was seen, as long as the line is not seen to be busy: bytes that come seldom say nothing
about how many could have come (BBR: Cardwell et al., ACM Queue 14(5), 2016, there for whole connections).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Rules:
    """The numbers that a line is judged by."""

    hold: float = 0.0
    """Seconds of the line's time that may be on their way when another frame is begun."""
    share: float = 0.92
    """What of its speed is used: a line that is filled to the last keeps what was too much for ever."""
    most: float = 0.06
    """Seconds of the line's time that one piece of a frame may take."""
    least: int = 200
    """Bytes that may always go in one piece."""
    every_bytes: int = 600
    """Bytes after which a line that is not fast is asked again."""
    every_bytes_fast: int = 4096
    """The same for one that is."""
    every_seconds: float = 2.0
    """Seconds after which it is asked again, where anything was written."""
    fast: float = 250_000.0
    """Bytes a second from which on a line is fast: a whole screen is there within one frame's time."""
    sample: int = 200
    """Bytes between two answers that are enough to tell the speed."""
    busy: float = 0.02
    """Seconds that an answer must be late for the line to have been busy all the time."""
    bold: float = 0.01
    """How much more is tried, in parts of the speed, where a frame had to wait and the answer was not late."""
    boldest: float = 0.12
    """How much more at most, where it was not late again and again."""
    slack: float = 0.3
    """Seconds of the line's time, besides its way there and back, that may be written without a word from there."""
    stalled: float = 0.4
    """Seconds that an answer must be late for the line to have come to a stand, for the time being."""
    lost: float = 8.0
    """Seconds after which an answer never comes."""
    mute: float = 3.0
    """Seconds after which a terminal that has never answered is one that never does."""
    misses: int = 2
    """Answers that may be lost in a row before it is not asked again."""
    remembered: int = 64
    """Ways there and back whose shortest one is taken."""
    window: float = 5.0
    """Seconds that the bytes a second are counted over."""
    slow_ssh: float = 32_000.0
    """Bytes a second (256 kbit/s) under which a login over SSH is slow: a screen takes a third of a second."""
    slow_here: float = 16_000.0
    """The same where the terminal is on this machine, as far as it tells."""
    slow_ssh_times: int = 2
    """How often in a row a line over SSH must have been seen to be that slow while it was busy."""
    slow_here_times: int = 4
    """The same here: an emulator that is busy itself for a moment is no slow line."""


class Asked(NamedTuple):
    """A query that is on its way."""

    at: float
    total: int
    """Bytes that were written before it, and with it."""
    last: int = 0
    """Bytes of the piece that it was written behind: they take their time also where nothing waits."""


class Line:
    """One line. Whatever is done with it may be done from any thread."""

    def __init__(self, now: Callable[[], float], rules: Rules | None = None) -> None:
        """``now`` counts seconds, from whenever."""
        self.rules = rules or Rules()
        self._now = now
        self._lock = Lock()
        self.total = 0
        """Bytes written so far."""
        self.rate: float | None = None
        """Bytes a second that it takes; None where nobody knows."""
        self.trip: float | None = None
        """Seconds there and back, without waiting."""
        self._proved = 0.0
        """Its speed when it was last seen to be busy."""
        self._slow_ssh = self._slow_here = 0
        """How often in a row it was seen to be slow."""
        self.pause = 0.0
        """Seconds from one frame to the next, at least."""
        self.mute = False
        """It answers no queries."""
        self._asked: Asked | None = None
        self._arrived = Asked(0.0, 0)
        """When it was last heard that something had arrived, and how much."""
        self._begun = 0.0
        """When the first byte after that was written."""
        self._last, self._wrote_at = 0, -1.0
        self._after = 0.0
        """When the first byte after the query that is on its way was written."""
        self._bold = self.rules.bold
        self._held = False
        """A frame had to wait since the last answer: it is the model that keeps the line from being full."""
        self._early = False
        self._waiting = 0.0
        self._told_at = 0.0
        self._asked_total = -1
        self._asked_at = 0.0
        self._trips: deque[float] = deque(maxlen=self.rules.remembered)
        self._missed = 0
        self._flow: deque[tuple[float, int]] = deque()

    # What is told.

    def wrote(self, size: int) -> None:
        """So many bytes were handed to the terminal."""
        with self._lock:
            now = self._now()
            self._drain(now)
            if self.total == self._arrived.total:
                self._begun = now
            elif self._asked is not None and self.total == self._asked.total:
                self._after = now
            self._waiting += size
            self.total += size
            self._last, self._wrote_at = size, now
            self._flow.append((now, size))
            self._forget(now)

    def blocked(self, size: int, seconds: float) -> None:
        """So many bytes were taken only after so long: nothing else is known of a terminal that does not answer."""
        with self._lock:
            if self.trip is None and size >= self.rules.sample and seconds > self.rules.busy:
                self._learn(size / seconds, busy=True)

    def asked(self, size: int = 4) -> None:
        """A status query was written."""
        last = self._last
        self.wrote(size)
        with self._lock:
            self._asked_at = self._now()
            self._asked = Asked(self._asked_at, self.total, last + size)
            self._asked_total = self.total
        if self._early:
            self.answered()

    def answered(self) -> None:
        """The answer to the oldest query has come."""
        with self._lock:
            asked, now = self._asked, self._now()
            self._asked, self.mute, self._missed = None, False, 0
            # The answer may be here before whoever wrote the query has said so.
            self._early = asked is None
            if asked is None:
                return
            self._drain(now)
            took = now - asked.at
            self._trips.append(took)
            self.trip = min(self._trips)
            late = took - self.trip - (asked.last / self.rate if self.rate else 0.0)
            arrived = asked.total - self._arrived.total
            if arrived >= self.rules.sample:
                since = max(self._arrived.at, self._begun + self.trip)
                self._learn(arrived / max(now - since, 1e-4), busy=late > self.rules.busy)
            if self._held and arrived >= self.rules.sample and (self.rate or 0.0) < 1.5 * self._proved:
                # It was kept as full as it was once seen to take: what that showed holds on.
                self._witness()
            if self._held and self.rate is not None and late <= self.rules.busy / 2:
                # Nothing waits on the way: perhaps it takes more than it is given. The longer so, the bolder.
                self._bold = min(2 * self._bold, self.rules.boldest)
                self.rate *= 1 + self._bold
            else:
                self._bold = self.rules.bold
            self._held = False
            self._arrived = Asked(now, asked.total)
            behind = self.total - asked.total
            if behind:
                self._begun = self._after
            least = behind - (self.rate or 0.0) * self.trip if late > self.rules.busy else 0.0
            self._waiting = min(max(self._waiting, least), float(behind))

    # What is asked.

    def asks(self) -> bool:
        """Whether what was just written is to be followed by a status query."""
        with self._lock:
            now = self._now()
            self._give_up(now)
            if self.mute or self._asked is not None:
                return False
            if self._asked_total < 0:
                return True
            rules, since = self.rules, self.total - self._asked_total
            enough = rules.every_bytes_fast if self.fast else rules.every_bytes
            return since >= enough or (since > 0 and now - self._asked_at >= rules.every_seconds)

    def wait(self) -> float:
        """Seconds until the next frame may be begun; 0 where it may go now."""
        with self._lock:
            now = self._now()
            self._give_up(now)
            self._drain(now)
            asked = self._asked
            if asked is not None and self.trip is not None:
                late = now - asked.at - self.trip - (self._ahead(asked) if self.rate else 0.0)
                if late > self.rules.stalled and self.total - self._arrived.total > self.rules.least:
                    # An answer will tell; until then a look now and then.
                    return self.rules.hold
            paced = max(0.0, self._wrote_at + self.pause - now) if self.pause else 0.0
            if self.rate is None:
                return paced
            wait = max(0.0, self._waiting / self.rate - self.rules.hold)
            if self.trip is not None and not self.mute:
                # What was not heard of is perhaps not there yet: should the line be slower now, it is not much.
                unheard = self.total - self._arrived.total - self.rules.least
                if unheard > self.rate * (self.trip + self.rules.slack) and asked is not None:
                    wait = max(wait, self.rules.hold)
            self._held = self._held or wait > 0
            return max(wait, paced)

    def piece(self) -> int:
        """Bytes that one piece of a frame may have; 0 for no limit."""
        rate = self.rate
        if rate is None or rate >= self.rules.fast:
            return 0
        return max(self.rules.least, int(rate * self.rules.most))

    def slow(self, *, ssh: bool) -> bool:
        """Whether so little goes over it that a person notices: measured, never guessed from a name.

        That a login came over SSH says nothing about its speed by itself; but there a slow answer is the line's, and
        lasts, while here it is mostly an emulator's that is busy for a moment. So what is measured is believed sooner
        there, and at twice the speed.
        """
        rules = self.rules
        return self._slow_ssh >= rules.slow_ssh_times if ssh else self._slow_here >= rules.slow_here_times

    @property
    def fast(self) -> bool:
        """Nothing has to be spared."""
        return self.rate is not None and self.rate >= self.rules.fast

    @property
    def behind(self) -> float:
        """Seconds that the terminal shows less than is known here: what is on its way, or an answer that is late."""
        with self._lock:
            now = self._now()
            self._drain(now)
            on_its_way = self._waiting / self.rate if self.rate else 0.0
            late = 0.0
            if self._asked is not None and self.trip is not None:
                late = now - self._asked.at - self.trip
            return max(on_its_way, late, 0.0)

    @property
    def flow(self) -> float:
        """Bytes a second, over the last seconds."""
        with self._lock:
            self._forget(self._now())
            return sum(size for _, size in self._flow) / self.rules.window

    # Inside: the lock is held.

    def _ahead(self, asked: Asked) -> float:
        return (asked.total - self._arrived.total) / self.rate if self.rate else 0.0

    def _learn(self, rate: float, *, busy: bool) -> None:
        if self.rate is None:
            self.rate = rate
        elif rate > self.rate:
            # No more than twice as fast at once: answers that were held up come all together.
            self.rate = min(rate, self.rate * 2)
        elif busy:
            self.rate = (self.rate + 3 * rate) / 4
        if busy:
            self._proved = self.rate
            self._witness()

    def _witness(self) -> None:
        """The line was seen at work, at a speed that is its own and not only what it was given."""
        rules, rate = self.rules, self.rate or 0.0
        self._slow_ssh = self._slow_ssh + 1 if rate < rules.slow_ssh else 0
        self._slow_here = self._slow_here + 1 if rate < rules.slow_here else 0

    def _drain(self, now: float) -> None:
        passed, self._told_at = now - self._told_at, now
        gone = passed * (self.rate or 0.0) * self.rules.share
        self._waiting = max(0.0, self._waiting - gone) if self.rate else 0.0

    def _give_up(self, now: float) -> None:
        if self._asked is None:
            return
        waited = now - self._asked.at
        if self.trip is None:
            self.mute = self.mute or waited > self.rules.mute
            if self.mute:
                self._asked = None
        elif waited > self.rules.lost + self.trip:
            self._asked, self._missed = None, self._missed + 1
            self.mute = self._missed >= self.rules.misses
            self._arrived = Asked(now, self.total)

    def _forget(self, now: float) -> None:
        while self._flow and self._flow[0][0] < now - self.rules.window:
            self._flow.popleft()
