"""One look at a city: what every network shows at one step, judged by what was known when the step ended.

A watch remembers the last two days and what is usual, so that the next hour costs one hour: it reads and compares only
what is new. A fresh one reads a fortnight first and comes to the same.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from backend.analysis.field import Values, read_field
from backend.analysis.geo import Floats
from backend.analysis.hotspots import remembered
from backend.analysis.hotspots.excess import Hours, Rest, Usual, compare, stand_out, usual
from backend.analysis.hotspots.ground import Ground
from backend.analysis.hotspots.network import Network, networks
from backend.analysis.hotspots.remembered_rows import State, state, window_rows
from backend.analysis.hotspots.rules import rules
from backend.analysis.hotspots.seen import KEEP, Remembered, Seen, background, see
from backend.city.registry import City, ParameterRow
from backend.clock import begun

DAYS = 3
"""Days of which is remembered what was usual: a screen goes back through the last."""


@dataclass
class _Window:
    """What is remembered of one parameter of a network; rows end with the step ``last``."""

    last: int
    day: int
    taught: int
    """Until when what is usual was learned."""
    learned: Usual
    values: Values
    left: Rest
    background: Floats
    state: State | None
    """Of the store when the rows were read."""


@dataclass
class Watch:
    """Looks at a city step after step. For one thread; make a new one when the pack was loaded again."""

    city: City
    ground: Ground
    networks: dict[str, Network]
    _windows: dict[tuple[str, str], _Window] = field(default_factory=dict)
    _learned: dict[tuple[str, str, int], Usual] = field(default_factory=dict)
    _unkept: dict[tuple[str, str, int], Usual] = field(default_factory=dict)
    _unsettled: dict[str, int] = field(default_factory=dict)
    """From when on a network is read again at its next step: later values may have come to doubt what was read."""

    @classmethod
    def of(cls, conn: Connection, city: City) -> Watch:
        """A watch over the city as it is in the store now."""
        at = [
            (row.lon, row.lat)
            for row in city.stations.values()
            if row.placed and row.lon is not None and row.lat is not None
        ]
        ground = Ground.read(conn, city, at)
        return cls(city, ground, networks(city, ground))

    def forget(self, since: int) -> None:
        """Read what is remembered from an instant on again at the next look: it was corrected, or more has come."""
        for name in self.networks:
            self._forget(name, since)

    def _forget(self, name: str, since: int) -> None:
        for window in [one for key, one in self._windows.items() if key[0] == name]:
            self._lose(window, self.networks[name].step, since)

    @staticmethod
    def _lose(window: _Window, step: int, since: int) -> None:
        lost = max(0, (window.last - since) // step + 1)
        rows = max(0, len(window.values) - lost)
        if lost:
            window.values, window.background = window.values[:rows], window.background[:rows]
            window.left = window.left.until(rows)
            window.last -= lost * step

    def recheck(self, conn: Connection) -> None:
        """Somebody has written: forget what is remembered of readings that may be other ones now."""
        for (name, code), window in self._windows.items():
            network = self.networks[name]
            one = next(row for row in network.parameters if row.code == code)
            known = None if name in self._unsettled else window.state
            if known is None or known != state(conn, network, one, window.last):
                self._lose(window, network.step, 0)

    @property
    def learned_anew(self) -> bool:
        """Whether something was learned that nobody has kept yet."""
        return bool(self._unkept)

    def keep_learned(self, conn: Connection) -> int:
        """Write what was learned since, for other processes and screens; returns how much it was."""
        for (name, code, day), learned in self._unkept.items():
            network = self.networks[name]
            number = next(one.id for one in network.parameters if one.code == code)
            remembered.keep(conn, day, network, number, learned)
        count = len(self._unkept)
        self._unkept.clear()
        return count

    def held(self, name: str, code: str, first: int, rows: int) -> Values | None:
        """What is remembered of a network's parameter from a step on, (rows, S); None where it is not all there."""
        window = self._windows.get((name, code))
        if window is None:
            return None
        begins = window.last - (len(window.values) - 1) * self.networks[name].step
        at = (first - begins) // self.networks[name].step
        return window.values[at : at + rows] if 0 <= at <= len(window.values) - rows else None

    def look(
        self, conn: Connection, start: int, *, parameters: Collection[str] = (), names: Collection[str] = ()
    ) -> list[Seen]:
        """What is seen in the step that begins at ``start``; networks whose steps do not begin there are left out.

        Nothing that ends after the step is used, and what is usual is learned from before its day.

        Args:
            parameters: codes; all where empty.
            names: networks; all where empty.
        """
        found: list[Seen] = []
        for network in self.networks.values():
            if (names and network.name not in names) or start != begun(start, network.step, self.city.zone):
                continue
            wanted = [one for one in network.parameters if not parameters or one.code in parameters]
            if wanted:
                found += self._look(conn, network, start, wanted)
        return found

    def _look(self, conn: Connection, network: Network, start: int, wanted: list[ParameterRow]) -> list[Seen]:
        agreement = rules()["agreement"]
        more = {code for one in wanted for code in agreement.get(one.code, ())}
        asked = [one for one in network.parameters if one in wanted or one.code in more]
        self._advance(conn, network, start, asked)
        excesses = {}
        for one in asked:
            window = self._windows[network.name, one.code]
            excesses[one.code] = stand_out(window.left, window.learned, KEEP)
        found = []
        for one in wanted:
            window = self._windows[network.name, one.code]
            newest = Remembered(window.values[-KEEP:], window.background[-KEEP:], window.learned)
            found.append(see(network, one, start, newest, excesses))
        return found

    def _advance(self, conn: Connection, network: Network, start: int, asked: list[ParameterRow]) -> None:
        """Bring the windows of these parameters up to the step."""
        day = self._day(start)
        since = self._unsettled.get(network.name)
        if since is not None and any(
            one.last < start for key, one in self._windows.items() if key[0] == network.name
        ):
            self._forget(network.name, self._unsettled.pop(network.name))
        windows = [self._windows.get((network.name, one.code)) for one in asked]
        holds = [one for one in windows if one is not None and self._holds(one, network, start, day)]
        if len(holds) == len(asked) and all(one.last == start for one in holds):
            return
        known = holds
        newest = {one.last for one in known}
        if (
            len(known) == len(asked)
            and len(newest) == 1
            and start - window_rows() * network.step <= max(newest) < start
        ):
            self._step(conn, network, max(newest) + network.step, start, asked)
        else:
            self._fill(conn, network, start, day, asked)

    def _step(
        self, conn: Connection, network: Network, first: int, start: int, asked: list[ParameterRow]
    ) -> None:
        """Add what came since: mostly one step."""
        states = {one.code: state(conn, network, one, start) for one in asked}
        values = self._read(conn, network, first, start + network.step, asked)
        hours = self._hours(np.arange(first, start + 1, network.step))
        rows = window_rows()
        for one in asked:
            window = self._windows[network.name, one.code]
            new = values[one.code]
            later = compare(new, hours, network.peers, window.learned)
            window.values = np.concatenate([window.values, new])[-rows:]
            window.left = window.left.then(later).last(rows)
            window.background = np.concatenate([window.background, background(network, new)])[-rows:]
            window.last, window.state = start, states[one.code]

    def _fill(
        self, conn: Connection, network: Network, start: int, day: int, asked: list[ParameterRow]
    ) -> None:
        step = network.step
        rows = window_rows()
        hours = self._hours(np.arange(start - (rows - 1) * step, start + step, step))
        for one in asked:
            # One parameter at a time: a fortnight of a thousand stations is large.
            found = state(conn, network, one, start)
            learned, taught = self._learned.get((network.name, one.code, day)), day
            if learned is None and (learned := remembered.read(conn, day, network, one.id)) is not None:
                self._learned[network.name, one.code, day] = learned
            if learned is None:
                learned, values, taught = self._learn(conn, network, start, day, one)
                values = values[-rows:]
            else:
                values = self._read(conn, network, start - (rows - 1) * step, start + step, [one])[one.code]
            left = compare(values, hours, network.peers, learned)
            self._windows[network.name, one.code] = _Window(
                start, day, taught, learned, values, left, background(network, values), found
            )

    def _learn(
        self, conn: Connection, network: Network, start: int, day: int, one: ParameterRow
    ) -> tuple[Usual, Values, int]:
        """What is usual on a day, the readings that were read for it, up to the step, and until when it was learned."""
        step, told = network.step, rules()["usual"]
        end = start + step
        span = max(told["steps"] * step, told["seconds"])
        first = begun(min(end - window_rows() * step, day - span), step, self.city.zone)
        values = self._read(conn, network, first, end, [one])[one.code]
        times = np.arange(first, end, step, dtype=np.int64)
        past, taught = _past(values, times, day, start, step)
        learned = usual(values[past], self._hours(times)[past], network.peers, told["seconds"] // step)
        if (past == (times < day)).all():
            for key in [key for key in self._learned if key[:2] == (network.name, one.code)][: -DAYS + 1]:
                del self._learned[key]
            self._learned[network.name, one.code, day] = self._unkept[network.name, one.code, day] = learned
        return learned, values, taught

    @staticmethod
    def _holds(window: _Window, network: Network, start: int, day: int) -> bool:
        """Whether what was learned still serves: all day, but on a first day only for some steps."""
        step = network.step
        return window.day == day and (window.taught == day or _lately(start, step) == window.taught)

    def _read(
        self, conn: Connection, network: Network, start: int, end: int, asked: list[ParameterRow]
    ) -> dict[str, Values]:
        read = read_field(
            conn,
            self.city,
            parameters=[one.code for one in asked],
            start=start,
            end=end,
            period=network.step,
            stations=[row.id for row in network.stations],
        )
        if read.unsettled is not None:
            self._unsettled[network.name] = min(read.unsettled, self._unsettled.get(network.name, end))
        return dict(read.values)

    def _hours(self, times: NDArray[np.int64]) -> Hours:
        """The hour of day of each instant in the city's zone."""
        zone = self.city.zone
        hour = times - (times - begun(int(times[0]), 3600, zone)) % 3600
        told = {int(at): datetime.fromtimestamp(int(at), UTC).astimezone(zone).hour for at in np.unique(hour)}
        return np.array([told[int(at)] for at in hour], dtype=np.int64)

    def _day(self, start: int) -> int:
        """When the civil day of an instant began."""
        local = datetime.fromtimestamp(start, UTC).astimezone(self.city.zone)
        return int(local.replace(hour=0, minute=0, second=0, microsecond=0).timestamp())


def _past(
    values: Values, times: NDArray[np.int64], day: int, start: int, step: int
) -> tuple[NDArray[np.bool_], int]:
    """Which steps teach what is usual: those before the day; where there are too few, those up to some steps ago; else
    all there are. None lies after the step that is judged. Also until when they are.
    """
    there = np.isfinite(values).any(axis=1)
    for end in (day, _lately(start, step), start + step):
        past = times < end
        if (there & past).sum() >= rules()["usual"]["least"]:
            return past, end
    return times < start + step, start + step


def _lately(start: int, step: int) -> int:
    """Until when a first day teaches itself: some steps ago, and not every step anew."""
    lag = int(rules()["usual"]["lag"]) * step
    return (start - lag) // lag * lag
