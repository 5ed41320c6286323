"""One look at a city: what every network shows at one step, judged by what was known when the step ended.

A watch remembers the last two days and what is usual, so that the next hour costs one hour: it reads and compares only
what is new. A fresh one reads a fortnight first and comes to the same.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from backend.analysis.field import Values, read_field
from backend.analysis.geo import Floats
from backend.analysis.hotspots import remembered
from backend.analysis.hotspots.excess import Excess, Hours, Rest, Usual, compare, stand_out, usual
from backend.analysis.hotspots.gi import of_pairs
from backend.analysis.hotspots.ground import Ground
from backend.analysis.hotspots.heat import Heat, judge
from backend.analysis.hotspots.network import Network, networks
from backend.analysis.hotspots.robust import Scores, low, scores
from backend.analysis.hotspots.rules import material, rules
from backend.city.registry import City, ParameterRow

DAYS = 3
"""Days of which is remembered what was usual: a screen goes back through the last."""
KEEP = 24
"""Steps that are judged: for how long a place has stood out is told up to here."""


@dataclass(frozen=True, slots=True)
class Newest:
    """What each station shows in the newest step, as plain lists: a verdict asks for one number at a time."""

    there: list[bool]
    value: list[float]
    increment: list[float]
    """NaN for none."""
    level: list[int]
    z: list[float]
    """0 for none."""
    gi: list[float]
    ratio: list[float]
    """NaN for none."""
    agrees: list[int]
    could: list[int]
    neighbours: list[bool]
    who: list[int]
    """The stations' numbers."""


@dataclass(frozen=True)
class Seen:
    """One parameter of one network at one step; arrays are in the order of the network's stations."""

    network: Network
    parameter: ParameterRow
    start: int
    values: Floats
    """(S,), NaN for the silent."""
    background: Floats
    """The regional background at each station, (S,)."""
    increments: Floats
    """Above it, at least 0, in the last `KEEP` steps, (K, S)."""
    excess: Excess
    """Of the last `KEEP` steps."""
    heat: Heat
    gi: Floats
    """Gi* of the step's increments, (S,)."""
    ratio: Floats
    """Leave-one-out ratio to the mean of the peers, (S,)."""
    material: float
    """The excess that counts, in the parameter's unit."""
    known: NDArray[np.bool_]
    """Stations with enough of a past, (S,)."""
    others: tuple[str, ...]
    """The codes of the parameters that could agree, in the order of `Heat.agrees`."""

    @cached_property
    def hours(self) -> Scores:
        """What the hot score is made of."""
        return scores(self.increments)

    @cached_property
    def newest(self) -> Newest:
        """The newest step's numbers."""
        heat = self.heat
        return Newest(
            self.there.tolist(),
            self.values.tolist(),
            self.increments[-1].tolist(),
            heat.level[-1].tolist(),
            np.nan_to_num(heat.z[-1]).tolist(),
            self.gi.tolist(),
            self.ratio.tolist(),
            heat.agrees[-1].tolist(),
            heat.could[-1].tolist(),
            heat.neighbours[-1].tolist(),
            [row.id for row in self.network.stations],
        )

    @cached_property
    def there(self) -> NDArray[np.bool_]:
        """Stations that report."""
        return np.isfinite(self.values)


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
        step = self.networks[name].step
        for window in [one for key, one in self._windows.items() if key[0] == name]:
            lost = max(0, (window.last - since) // step + 1)
            rows = max(0, len(window.values) - lost)
            if not lost:
                continue
            window.values, window.background = window.values[:rows], window.background[:rows]
            window.left = window.left.until(rows)
            window.last -= lost * step

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
            if (names and network.name not in names) or start % network.step:
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
        return [self._seen(network, start, one, excesses) for one in wanted]

    def _seen(self, network: Network, start: int, one: ParameterRow, excesses: dict[str, Excess]) -> Seen:
        window = self._windows[network.name, one.code]
        counts = material(one.code, one.unit)
        counts = window.learned.material if counts is None else counts
        codes = tuple(code for code in rules()["agreement"].get(one.code, ()) if code in excesses)
        others = [excesses[code] for code in codes]
        heat = judge(excesses[one.code], network.peers, network.near, network.patience, counts, others)
        values = window.values[-1].astype(np.float64)
        increments = np.maximum(window.values[-KEEP:] - window.background[-KEEP:], 0.0)
        return Seen(
            network,
            one,
            start,
            values,
            window.background[-1].astype(np.float64),
            increments,
            excesses[one.code],
            heat,
            _gi(network, increments[-1]),
            _ratio(network, values),
            counts,
            window.learned.known,
            codes,
        )

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
            window.last = start

    def _fill(
        self, conn: Connection, network: Network, start: int, day: int, asked: list[ParameterRow]
    ) -> None:
        step = network.step
        rows = window_rows()
        hours = self._hours(np.arange(start - (rows - 1) * step, start + step, step))
        for one in asked:
            # One parameter at a time: a fortnight of a thousand stations is large.
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
                start, day, taught, learned, values, left, background(network, values)
            )

    def _learn(
        self, conn: Connection, network: Network, start: int, day: int, one: ParameterRow
    ) -> tuple[Usual, Values, int]:
        """What is usual on a day, the readings that were read for it, up to the step, and until when it was learned."""
        step, told = network.step, rules()["usual"]
        end = start + step
        span = max(told["steps"] * step, told["seconds"])
        first = min(end - window_rows() * step, day - span) // step * step
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
        hour = times // 3600 * 3600
        told = {int(at): datetime.fromtimestamp(int(at), UTC).astimezone(zone).hour for at in np.unique(hour)}
        return np.array([told[int(at)] for at in hour], dtype=np.int64)

    def _day(self, start: int) -> int:
        """When the civil day of an instant began."""
        local = datetime.fromtimestamp(start, UTC).astimezone(self.city.zone)
        return int(local.replace(hour=0, minute=0, second=0, microsecond=0).timestamp())


def window_rows() -> int:
    """Rows that are remembered: what is judged, and what the longest mean needs before it."""
    return int(max(rules()["windows"]["steps"])) + KEEP


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


def background(network: Network, values: Values) -> Floats:
    """The regional background at each station, (T, S): a robust low percentile around anchors, blended between them."""
    told = rules()["background"]
    members, between, weight = network.anchors
    anchors = low(values[:, members], told["percentile"])
    known = np.isfinite(anchors)
    part = np.where(known, anchors, 0.0)[:, between] * weight
    share = (known[:, between] * weight).sum(axis=2)
    mixed = part.sum(axis=2) / np.where(share > 0, share, 1.0)
    return np.where(share > 0, mixed, np.nan).astype(np.float32)


def _gi(network: Network, increments: Floats) -> Floats:
    if np.isfinite(increments).sum() < rules()["gi"]["least"]:
        return np.full(len(increments), np.nan)
    return of_pairs(*network.pairs, increments)


def _ratio(network: Network, values: Floats) -> Floats:
    """Value over the mean of the peers: without itself, and at least three of them (domain 3.3.2)."""
    around = network.peers.of_values(values)
    known = np.isfinite(around)
    count = known.sum(axis=1)
    mean = np.where(known, around, 0.0).sum(axis=1) / np.maximum(count, 1)
    return np.where(
        (count >= rules()["background"]["least"]) & (mean > 0), values / np.where(mean > 0, mean, 1.0), np.nan
    )
