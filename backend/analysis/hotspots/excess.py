"""How far each station stands above what the others around it, and its own past, make one expect.

A station's logarithm is compared with the median of its neighbours, each taken at its usual distance from the
network by hour of day. What is left is averaged over several windows, and each mean is judged by what such means
usually are: so noise, a station that always reads high, the rush hour and a network that is uneasy as a whole raise
the bar, and a weak increment that lasts is seen where each single hour is not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.analysis import geo
from backend.analysis.hotspots.robust import MAD, Floats, median, of_sorted, quantile, running, spread
from backend.analysis.hotspots.rules import rules

Numbers = NDArray[np.intp]
Hours = NDArray[np.int64]
_DAY = 24


@dataclass(frozen=True)
class Peers:
    """Each station's neighbours, nearest first: their columns, -1 for none, (S, K)."""

    who: Numbers
    far: Floats
    """Metres."""

    @classmethod
    def of(cls, x: Floats, y: Floats, spacing: float) -> Peers:
        """The peers of a network by `[peers]`; two inlets on one mast are none."""
        told = rules()["peers"]
        who, far = geo.nearest(
            np.asarray(x, float), np.asarray(y, float), told["count"], apart=geo.SAME_PLACE
        )
        reach = told["reach"] * spacing if spacing == spacing else np.inf
        beyond = (far > reach) & (np.arange(who.shape[1])[None, :] >= told["least"])
        return cls(np.where(beyond, -1, who), far)

    def of_values(self, values: Floats) -> Floats:
        """What the peers have, (..., S, K); NaN for none."""
        found = values[..., np.maximum(self.who, 0)]
        return np.asarray(np.where(self.who >= 0, found, np.nan))


@dataclass(frozen=True)
class Usual:
    """What is usual for one parameter of a network, from the steps before the day; arrays of float32."""

    floor: float
    """What is added before the logarithm is taken, in the parameter's unit."""
    offset: Floats
    """Each station's usual distance from the network's middle, by hour of day, in logarithms, (24, S)."""
    plain: Floats
    """The same in the parameter's unit, (24, S)."""
    scale: Floats
    """What means over each window usually are, as a robust standard deviation, (W, S)."""
    middle: Floats
    """The usual spread of a single step over the network, (1,)."""
    change: float
    """By how much the network as a whole usually changes within some steps, in logarithms."""
    known: NDArray[np.bool_]
    """Stations with enough of a past, (S,)."""
    material: float
    """The excess that counts where no figure is known: some robust scales of the parameter's own."""


@dataclass(frozen=True)
class Rest:
    """What is left of each step when what one expects is taken away; every row depends on its own step alone."""

    rest: Floats
    """Logarithms above the median of the neighbours, (T, S)."""
    upper: Floats
    """Logarithms above the neighbours' upper quartile, (T, S)."""
    over: Floats
    """The excess over what is expected, in the parameter's unit, (T, S)."""
    unease: Floats
    """How many times wider than usual the network is spread, at least 1, (T, 1)."""
    sides: Floats
    """The quartiles of the network, each station less its usual distance, in logarithms, (T, 2)."""

    def last(self, rows: int) -> Rest:
        """The last rows."""
        return Rest(
            self.rest[-rows:], self.upper[-rows:], self.over[-rows:], self.unease[-rows:], self.sides[-rows:]
        )

    def until(self, row: int) -> Rest:
        """The rows before one."""
        return Rest(self.rest[:row], self.upper[:row], self.over[:row], self.unease[:row], self.sides[:row])

    def then(self, later: Rest) -> Rest:
        """These rows and later ones."""
        return Rest(
            np.concatenate([self.rest, later.rest]),
            np.concatenate([self.upper, later.upper]),
            np.concatenate([self.over, later.over]),
            np.concatenate([self.unease, later.unease]),
            np.concatenate([self.sides, later.sides]),
        )


@dataclass(frozen=True)
class Excess:
    """How far stations stand out, at each step of a window of time."""

    z: Floats
    """(W, T, S): the mean over each window, in robust deviations."""
    top: Floats
    """(W, T, S): the same above the upper quartile of the neighbours: what a wide cloud or a front does not pass."""
    over: Floats
    """(W, T, S): the mean excess over what is expected, in the parameter's unit."""


def logs(values: Floats, floor: float) -> Floats:
    """Logarithms over a floor; negative ones count as nothing above it."""
    return np.asarray(np.log(np.maximum(values, 0.0) + np.float32(floor)))


def usual(values: Floats, hours: Hours, peers: Peers, full: int = 0) -> Usual:
    """Learn what is usual.

    A short past may be an episode itself: the shorter it is, the more an offset is told by its quiet part, and noise by
    what the stations have in common.

    Args:
        values: (T, S), the steps before the day.
        hours: the hour of day of each, (T,).
        full: so many steps make a whole past; any does where 0.
    """
    told, windows = rules()["usual"], rules()["windows"]
    trust = min(1.0, int(np.isfinite(values).any(axis=1).sum()) / full) if full else 1.0
    floor = _floor(values)
    level = logs(values, floor)
    apart = level - median(level)[:, None]
    known = np.isfinite(apart).sum(axis=0) >= told["least"]
    offset = _offsets(apart, hours, known, trust)
    plain = _offsets(values - median(values)[:, None], hours, known, trust)
    shape = (len(windows["steps"]), values.shape[1])
    learned = Usual(
        floor,
        offset,
        plain,
        np.ones(shape, dtype=np.float32),
        np.ones(1, dtype=np.float32),
        np.inf,
        known,
        0.0,
    )
    left = compare(values, hours, peers, learned)
    scale = np.stack(
        [
            _scale(running(left.rest, steps, windows["enough"]), known, offset, trust)
            for steps in windows["steps"]
        ]
    )
    least = np.float32(rules()["usual"]["least_scale"])
    # Where nothing ever differs (a dead pollutant, values told in coarse steps) there is still some noise.
    middle = np.maximum(np.nan_to_num(np.atleast_1d(median(spread(left.rest))), nan=1.0), least)
    scale = np.maximum(scale, least)
    # What most often is nothing at all (a tracer) has no scale of its own: then a step in which it is told counts.
    scales = rules()["excess"]["scales"] * float(np.nan_to_num(median(spread(left.over.T))))
    material = max(scales, _grain(values))
    change = float(np.nan_to_num(median(changes(left.sides)), nan=np.inf)) or np.inf
    return Usual(floor, offset, plain, scale.astype(np.float32), middle, change, known, material)


def _scale(means: Floats, known: NDArray[np.bool_], offset: Floats, trust: float) -> Floats:
    """What such means usually are at each station: its own past, but no quieter than most; a newcomer's may also be
    as far off as stations differ.
    """
    own = MAD0(means)
    pooled = float(median(own[known])) if known.any() else float("nan")
    if not pooled > 0:
        # What most stations show together, where none has a past.
        pooled = float(np.nan_to_num(median(np.where(own > 0, own, np.nan)))) or 1.0
    apart = float(np.nan_to_num(spread(np.where(known, offset.mean(0), np.nan))))
    if trust < 1.0:
        # Of a short past what is each station's own is not told from what happened at it.
        own = pooled * (np.maximum(own, 1e-9) / pooled) ** np.float32(trust)
    return np.where(known & (own == own), np.maximum(own, 0.6 * pooled), np.hypot(pooled, apart))


def MAD0(values: Floats) -> Floats:
    """The robust deviation from nothing of each column: what remains has no other middle."""
    return np.asarray(MAD * median(np.abs(values).T), dtype=np.float32)


def _quiet(trust: float) -> float:
    """The quantile that tells a station's offset: the median of a whole past, a lower one of a short one."""
    low_end = float(rules()["usual"]["quiet"])
    return low_end + (0.5 - low_end) * trust


def _floor(values: Floats) -> float:
    """Below this, differences are noise: half of what the network's middle is in its low hours, and no less than the
    step in which values are told."""
    middle = median(values)
    low = float(np.nan_to_num(quantile(middle, 0.2)))
    return max(low * 0.5, _grain(values), 1e-6)


def _grain(values: Floats) -> float:
    """The step in which values are told."""
    told = np.unique(values[np.isfinite(values)][:20000])
    return float(np.min(np.diff(told))) if len(told) > 1 else 0.0


def _offsets(apart: Floats, hours: Hours, known: NDArray[np.bool_], trust: float) -> Floats:
    told = rules()["usual"]
    shrink = told["shrink"]
    whole = quantile(apart.T, _quiet(trust))
    whole = np.where(known & (whole == whole), whole, 0.0)
    rest = apart - whole
    if trust < 1.0:
        # Alike for all, a low quantile's bias tells nothing; and what stations have in common is no offset.
        whole = np.where(known, whole - (median(whole[known]) if known.any() else 0.0), 0.0)
        whole *= trust / (trust + told["short"])
    offset = np.empty((_DAY, apart.shape[1]), dtype=np.float32)
    for hour in range(_DAY):
        near = np.isin(hours, ((hour - 1) % _DAY, hour, (hour + 1) % _DAY))
        part = rest[near]
        count = np.isfinite(part).sum(axis=0) if len(part) else np.zeros(apart.shape[1])
        middle = np.nan_to_num(median(part.T)) if len(part) else np.zeros(apart.shape[1])
        offset[hour] = whole + np.where(known, middle * count / (count + shrink), 0.0)
    return offset


def compare(values: Floats, hours: Hours, peers: Peers, learned: Usual) -> Rest:
    """Take what one expects away from each step, (T, S).

    What is expected of a station is what its neighbours show, at its usual ratio to them or at its usual difference,
    whichever is more: where the whole region rises by an amount, or by a factor, nobody stands out.
    """
    level = logs(values, learned.floor)
    offset, plain = learned.offset[hours], learned.plain[hours]
    ratios = np.sort(peers.of_values(level - offset), axis=-1)
    amounts = np.sort(peers.of_values(values - plain), axis=-1)
    expected = _expected(ratios, amounts, 0.5, offset, plain, learned.floor)
    upper = _expected(ratios, amounts, rules()["windows"]["upper"], offset, plain, learned.floor)
    rest = level - logs(expected, learned.floor)
    # A network that is uneasy as a whole raises the bar.
    wide = np.nan_to_num(spread(rest), nan=0.0) / learned.middle
    unease = np.clip(wide, 1.0, rules()["regional"]["most"])[:, None]
    sides = np.sort(level - offset, axis=-1)
    quartiles = np.stack([of_sorted(sides, 0.25), of_sorted(sides, 0.75)], axis=-1)
    return Rest(rest, level - logs(upper, learned.floor), values - expected, unease, quartiles)


def _expected(
    ratios: Floats, amounts: Floats, share: float, offset: Floats, plain: Floats, floor: float
) -> Floats:
    by_ratio = np.exp(of_sorted(ratios, share) + offset) - np.float32(floor)
    return np.asarray(np.maximum(np.maximum(by_ratio, of_sorted(amounts, share) + plain), 0.0))


def stand_out(left: Rest, learned: Usual, keep: int) -> Excess:
    """How far stations stand out in each of the last ``keep`` steps; those before only feed the means."""
    windows = rules()["windows"]
    rows = len(left.rest)
    kept = min(keep, rows)
    known = np.isfinite(left.rest)
    # Added up once for all windows; what is left of a step is known of all three or of none.
    sums = [_summed(np.where(known, part, 0.0)) for part in (left.rest, left.upper, left.over)]
    count, unease = _summed(known), _summed(left.unease * _moving(left.sides, learned.change))
    last = np.arange(rows - kept + 1, rows + 1)
    found = np.empty((3, len(windows["steps"]), kept, left.rest.shape[1]), dtype=np.float32)
    for number, steps in enumerate(windows["steps"]):
        first = np.maximum(last - steps, 0)
        there = count[last] - count[first]
        good = there >= max(1.0, windows["enough"] * steps)
        share = np.where(good, 1.0 / np.maximum(there, 1.0), np.nan).astype(np.float32)
        scale = learned.scale[number] * ((unease[last] - unease[first]) / (last - first)[:, None])
        for part, total in enumerate(sums):
            np.multiply(total[last] - total[first], share, out=found[part, number], casting="unsafe")
        found[:2, number] /= scale.astype(np.float32)
    return Excess(*found)


def changes(sides: Floats) -> Floats:
    """By how much the upper quartile has risen, or the lower fallen, within some steps: a front comes or goes, (T,)."""
    back = rules()["regional"]["steps"]
    found = np.full(len(sides), np.nan)
    if len(sides) > back:
        moved = sides[back:] - sides[:-back]
        found[back:] = np.maximum(np.maximum(moved[:, 1], -moved[:, 0]), 0.0)
    return found


def _moving(sides: Floats, usual_change: float) -> Floats:
    """How much higher the bar lies while the region as a whole changes, 1 to a few times, (T, 1)."""
    told = rules()["regional"]
    share = np.nan_to_num(changes(sides), nan=0.0) / (told["unusual"] * usual_change)
    return np.asarray(np.clip(share, 1.0, told["most"])[:, None])


def _summed(values: Floats | NDArray[np.bool_]) -> Floats:
    """Sums of all rows before each, (T + 1, S)."""
    total = np.zeros((len(values) + 1, values.shape[1]))
    np.cumsum(values, axis=0, dtype=np.float64, out=total[1:])
    return total
