"""What the line to the terminal takes: how fast, how far away, how much is on its way; and when the next frame may go.

Over SSH what is written is accepted at once, by buffers that the program never sees: on a slow line a held key fills
them, and the screen goes on moving for half a minute after the finger has left the key. So the line is measured. What
is written is followed by a status query (DSR, ``CSI 5 n``), four bytes behind each few hundred; its answer
(``CSI 0 n``) says that everything before it has arrived. From the answers come the way there and back, the speed, and
what of that which was written later is still on its way; the next frame waits until that is next to nothing. What
waits is not queued: by then it is a newer frame. Between two answers a model goes on by the speed; each answer sets it
right again, so that a speed that is wrong by a tenth is wrong by no more than a tenth of one way there and back.

A terminal that does not answer is not asked again; it is paced by a speed that is supposed
(`console.terminal.supposed`). But one that says nothing at all, no key either, is perhaps not there for a while: a line
that drops and comes back. What is written meanwhile would only be old pictures by then, so frames go ever more seldom.

An answer may be late though the line had nothing to carry. How late by chance is told by answers behind which there was
next to nothing (`console.terminal.chance`): a fast line with 150 ms of random lateness is not one of 7 kB/s.

The speed that frames are paced by is the highest that was seen lately, as long as the line is not seen to be busy:
bytes that come seldom say nothing about how many could have come (BBR: Cardwell et al., ACM Queue 14(5), 2016, there
for whole connections). It follows within a moment, and so it errs; whether the line is slow, for good, is another
question, and told by all that was seen (`console.terminal.judge`). Until it is known to be, a board goes whole: what
goes bit by bit, at the speed that is believed, can't tell of another; and until it is known at all, with queries
within it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from math import inf
from threading import Lock

from console.terminal.chance import LONE, Chance
from console.terminal.judge import NEAR, Judge
from console.terminal.rules import Rules
from console.terminal.supposed import QUEUE, Supposed
from console.terminal.underway import Asked, Flow, Wrote


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
        self.supposed = Supposed()
        """What it is taken for while it says nothing."""
        self.judge = Judge()
        """Whether it is slow."""
        self.pause = 0.0
        """Seconds from one frame to the next, at least."""
        self.mute = False
        """It answers no queries."""
        self._deaf = False
        """It ought to have answered one by now."""
        self._empty_at = 0.0
        """When the last byte of what was written is through, as far as is known."""
        self._asked: deque[Asked] = deque()
        self._heard: deque[Asked] = deque([Asked(0.0, 0)])
        """When it was heard that something had arrived, and how much, within the last moment."""
        self._unheard: deque[Wrote] = deque()
        """What was written since."""
        self._last, self._wrote_at = 0, -1.0
        self._worked: deque[float] = deque(maxlen=self.rules.samples)
        """How fast it was when it was seen to be busy."""
        self._worked_at = 0.0
        self._bold, self._tried_at = self.rules.bold, 0.0
        self._held = False
        """A frame had to wait since the last answer: it is the model that keeps the line from being full."""
        self._full = False
        """More was on its way since the last answer than a line that is as fast as is thought leaves there."""
        self._busy = False
        """The last answer was late for what was sent."""
        self._waiting = 0.0
        self._told_at = 0.0
        self._asked_total = -1
        self._asked_at = self._bare_at = 0.0
        self._trips: deque[float] = deque(maxlen=self.rules.remembered)
        self._bare: deque[float] = deque(maxlen=self.rules.bare)
        """The same of queries that nothing went before: they had no piece to wait for."""
        self._chance = Chance()
        self._missed = self._silent = 0
        self._spoke_at: float | None = None
        """When the first key came since the oldest query that is not answered."""
        self._flow = Flow(self.rules.window)

    # What is told.

    def wrote(self, size: int) -> None:
        """So many bytes are handed to the terminal now."""
        with self._lock:
            self._wrote(size + self.rules.packet)

    def resumed(self) -> None:
        """Somebody else has had the terminal: what was under way is answered to nobody."""
        with self._lock:
            now = self._now()
            self._asked.clear()
            self._unheard.clear()
            self._heard = deque([Asked(now, self.total)])
            self._waiting, self._told_at = 0.0, now
            self._held = self._full = self._busy = False
            self.judge.cut(now)

    def blocked(self, size: int, seconds: float) -> None:
        """So many bytes were taken only after so long: nothing else is known of a terminal that does not answer."""
        with self._lock:
            telling = self.trip is None and size >= self.rules.sample and seconds > self.rules.busy
            if telling and self.supposed.blocked(self._now(), size / seconds):
                self._waiting = max(self._waiting, QUEUE)

    def asked(self, size: int = 4) -> None:
        """A status query is handed to the terminal now."""
        with self._lock:
            last = self._last + size if self.total != self._heard[-1].total else 0
            # Behind something it goes with it.
            self._wrote(size if last else size + self.rules.packet)
            self._asked_at = self._now()
            if not last:
                self._bare_at = self._asked_at
            if not self._asked:
                self._spoke_at = None
            lone = self.total - self._heard[-1].total <= LONE
            self._asked.append(Asked(self._asked_at, self.total, last, lone, self.judge.mark()))
            self._asked_total = self.total

    def spoke(self) -> None:
        """A key has come: the line is there, and an answer ought to be."""
        with self._lock:
            self._silent = 0
            if self._spoke_at is None:
                self._spoke_at = self._now()

    def answered(self) -> None:
        """The answer to the oldest query has come."""
        with self._lock:
            now = self._now()
            self.mute, self._deaf, self._spoke_at = False, False, None
            self._missed = self._silent = 0
            if not self._asked:
                # Nobody has asked.
                return
            asked = self._asked.popleft()
            took = now - asked.at
            (self._trips if asked.last else self._bare).append(took)
            rate = self.rate
            self.trip = min(*self._trips, *self._bare, took)
            late = took - self.trip - (asked.last / rate if rate else 0.0)
            self.judge.answered(now, asked.mark)
            self._late(now, asked, late)
            self._sample(now, asked, took)
            if (
                self._held
                and self.rate is not None
                and late <= max(self.rules.room, self._chance.scatter / 4)
            ):
                self._try_more(now)
            elif self._busy:
                self._bold = self.rules.bold
            if self.judge.slow:
                # What comes now and then seems faster than it is.
                self.rate = min(self.rate or inf, self.judge.rate * NEAR)
            self._held = self._full = False
            while self._unheard and self._unheard[0].total <= asked.total:
                self._unheard.popleft()
            self._set_right(now)

    # What is asked.

    def asks(self) -> bool:
        """Whether what was just written is to be followed by a status query."""
        with self._lock:
            now = self._now()
            self._give_up(now)
            rules = self.rules
            # Until it has answered once nobody knows whether it ever does.
            if self.mute or len(self._asked) >= (rules.under_way if self.trip is not None else 1):
                return False
            if self._asked_total < 0:
                return True
            since = self.total - self._asked_total
            enough = rules.every_bytes_fast if self.fast else rules.every_bytes
            return since >= enough or (since > 0 and now - self._asked_at >= rules.every_seconds)

    def asks_first(self) -> bool:
        """Whether a status query is to go before what is written now: nothing is on its way that it would wait for."""
        with self._lock:
            idle, rules = self.total == self._heard[-1].total and not self._asked, self.rules
            every = rules.bare_first if self._chance.little_known else rules.bare_every
            due = self._now() - self._bare_at >= every
            return idle and due and self.trip is not None and not self.mute

    def wait(self) -> float:
        """Seconds until the next frame may be begun; 0 where it may go now."""
        with self._lock:
            now, rules = self._now(), self.rules
            self._give_up(now)
            self._drain(now)
            paced = max(0.0, self._wrote_at + self.pause - now) if self.pause else 0.0
            if (rate := self._pace) is None:
                return paced
            wait = max(0.0, self._waiting / rate - rules.hold)
            if self._asked and self.trip is not None:
                oldest, unheard = self._asked[0], self.total - self._heard[-1].total
                ahead = (oldest.total - self._heard[-1].total) / rate
                late = now - oldest.at - self.trip - ahead
                # What was not heard of is perhaps not there yet: should the line be slower now, it is not much.
                if self._much() or (late > rules.stalled + self._chance.scatter and unheard > rules.least):
                    self._full, wait = True, max(wait, rules.look)
            self._held = self._held or wait > 0
            return max(wait, paced)

    def piece(self) -> int:
        """Bytes that one piece of a frame may have; 0 for no limit."""
        with self._lock:
            now, rate, rules = self._now(), self._pace, self.rules
            if rate is None or rate >= rules.fast:
                return 0
            most = max(rules.least, int(rate * rules.most))
            if self.rate is None:
                self._drain(now)
                # What comes after a rest is perhaps a board: should the line be fast, it is there at once.
                rested = not self._waiting and now - self._empty_at >= rules.rest
                return rules.whole if rested and not self.supposed.slow else most
            return most if self.judge.slow else max(most, rules.whole)

    def marks(self) -> int:
        """Bytes within a frame behind which a query goes; 0 for none: it is known whether the line is slow."""
        with self._lock:
            return self.rules.marks if self._open() else 0

    @property
    def slow(self) -> bool:
        """Whether so little goes over it that a person notices: measured, never guessed from a name."""
        with self._lock:
            return self.supposed.slow if self.trip is None else self.judge.slow

    @property
    def unknown(self) -> bool:
        """Whether nothing can be known of it: it never answers."""
        with self._lock:
            self._give_up(self._now())
            return self.mute and self.trip is None

    @property
    def speed(self) -> float:
        """Bytes a second that explain best all that was seen."""
        with self._lock:
            return self.judge.rate if self.trip is not None else self.supposed.seen

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
            rate = self.supposed.rate if self.rate is None and self.supposed.slow else self.rate
            on_its_way = self._waiting / rate if rate else 0.0
            late = 0.0
            if self._asked and self.trip is not None:
                late = now - self._asked[0].at - self.trip
            return max(on_its_way, late, 0.0)

    @property
    def flow(self) -> float:
        """Bytes a second, over the last seconds."""
        with self._lock:
            return self._flow.rate(self._now())

    # Inside: the lock is held.

    @property
    def _pace(self) -> float | None:
        """Bytes a second that are given to it; None for as many as there are."""
        return self.supposed.rate if self.rate is None and self._deaf else self.rate

    def _wrote(self, size: int) -> None:
        now = self._now()
        self._drain(now)
        if self.total == self._heard[-1].total:
            # Nothing was on its way: what comes now is there a way later, and only then is it the line that works.
            self._heard = deque([Asked(now + (self.trip or 0.0), self.total)])
        self._waiting += size
        self.total += size
        self._last, self._wrote_at = size, now
        self._full = self._full or self._much()
        if not self.mute:
            self._unheard.append(Wrote(now, size, self.total))
        self._flow.wrote(now, size)
        self.judge.wrote(now, size)

    def _open(self) -> bool:
        """It is not known yet whether the line is slow, and it can be found out."""
        return self.trip is not None and not self.mute and self.judge.undecided

    def _late(self, now: float, asked: Asked, late: float) -> None:
        """An answer was so late; whether that speaks of the line's speed, as far as anything can be told of it."""
        chance, rules = self._chance, self.rules
        if asked.lone:
            chance.lone(late)
            self.judge.scatter = chance.scatter
        all_of_them = chance.row(now, late, rules.busy)
        self._busy = late > max(rules.busy, chance.bound) or all_of_them
        self._full = self._full or late > rules.sure + chance.bound or all_of_them

    def _sample(self, now: float, asked: Asked, took: float) -> None:
        """How fast what was just heard of has come."""
        heard = self._heard
        while len(heard) > 1 and now - heard[1].at >= self.rules.span:
            heard.popleft()
        count, seconds = asked.total - heard[0].total, now - heard[0].at
        heard.append(Asked(now, asked.total))
        if count >= self.rules.sample:
            rate = count / max(seconds, 1e-4)
            if asked.last >= self.rules.telling:
                # A large piece tells by itself, where what came before it came now and then.
                rate = max(rate, asked.last / max(took - (self.trip or 0.0), 1e-4))
            # That little came says nothing where little was sent, however late: somebody else may be busy.
            told = self._full or self.rate is None or count >= self.rules.used * self.rate * seconds
            self._learn(rate, busy=self._busy and told)

    def _much(self) -> bool:
        """More is on its way than the speed that the line is thought to have leaves there."""
        if self.rate is None or self.trip is None:
            return False
        unheard = self.total - self._heard[-1].total - self.rules.least
        return unheard > self.rate * (self.trip + self.rules.slack + self._chance.scatter)

    def _learn(self, rate: float, *, busy: bool) -> None:
        if self.rate is None:
            self.rate = rate
        elif rate > self.rate:
            # No more than twice as fast at once: answers that were held up come all together.
            self.rate = min(rate, self.rate * 2)
        if not busy:
            return
        worked, now, seen = self._worked, self._now(), min(rate, self.rate)
        if worked and now - self._worked_at < self.rules.apart:
            worked[-1] = max(worked[-1], seen)
        else:
            worked.append(seen)
            self._worked_at = now
        self.rate = max(worked) if len(worked) == worked.maxlen else max(seen, self.rate)

    def _try_more(self, now: float) -> None:
        """Nothing waits on the way though frames do: perhaps it takes more than it is given. The longer, the bolder."""
        if now - self._tried_at < (self.trip or 0.0) + self.rules.most or self.rate is None:
            # What was tried last is not answered yet.
            return
        self._tried_at = now
        self._bold = min(2 * self._bold, self.rules.boldest)
        self.rate *= 1 + self._bold

    def _set_right(self, now: float) -> None:
        """What still waits on its way: a way ago all before the answered query had gone, the rest went on since."""
        rate, at, waiting = self.rate or 0.0, now - (self.trip or 0.0), 0.0
        for one in self._unheard:
            if one.at > at:
                waiting, at = max(0.0, waiting - rate * (one.at - at)), one.at
            waiting += one.size
        self._waiting = max(0.0, waiting - rate * (now - at))

    def _drain(self, now: float) -> None:
        since, self._told_at = self._told_at, now
        speed = (self._pace or 0.0) * self.rules.share
        if self._waiting and self._waiting <= (now - since) * speed:
            self._empty_at = since + self._waiting / speed
        self._waiting = max(0.0, self._waiting - (now - since) * speed) if speed else 0.0

    def _give_up(self, now: float) -> None:
        if not self._asked:
            return
        waited = now - self._asked[0].at
        if self.trip is None:
            self._deaf = self._deaf or waited > self.rules.silent
            self.mute = self.mute or waited > self.rules.mute
        elif waited <= min(self.rules.gone, self.rules.lost * 2**self._silent) + self.trip:
            return
        elif self._spoke_at is not None and now - self._spoke_at > self.rules.sits:
            self._missed += 1
            self.mute = self._missed >= self.rules.misses
        else:
            self._silent += 1
        if self.mute or self.trip is not None:
            self._asked.clear()
            self._unheard.clear()
            self._heard, self._spoke_at = deque([Asked(now, self.total)]), None
