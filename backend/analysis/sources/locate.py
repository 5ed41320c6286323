"""Who fits 溯源判定: each candidate, a source that nobody knows, or no single source, with a probability each.

Under a source the increments at all stations are its footprints times an unknown rate, plus the usual scatter, plus
what a mean plume gets wrong of a gusty one: an error that grows with what is expected. Errors have Student's long
tails; the rate is integrated over; the whole wind may be turned; blocks are no independent witnesses, and their
evidence is discounted for it. An unknown source is the same at every place of a lattice. A small share of episodes is
like none of this (a wrong wind, a second source): there the evidence tells nothing, which keeps every probability off
nought and one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from backend.analysis.geo import Floats
from backend.analysis.sources.failing import failing
from backend.analysis.sources.heights import Variants
from backend.analysis.sources.numbers import LocateNumbers

TINY = 1e-30
_BARE = 0.92
"""What `_density` leaves out of a log density (of a normal one, which Student's is near)."""
_WIDE = 8.0
"""Logs between the lowest and the highest rate that is told apart."""
Small = NDArray[np.float32]


@dataclass(frozen=True)
class Turn:
    """The whole wind turned: with which log prior, and what the footprints are then."""

    log_prior: float
    candidates: Floats
    """(B, S, C)."""
    lattice: Floats
    """(B, S, L)."""
    high: Floats | None = None
    """Of those of them that are let go from a height (`Variants`), (B, S, E)."""


@dataclass(frozen=True)
class Found:
    """How hypotheses fare."""

    probability: Floats
    """Of each candidate, (C,)."""
    unknown: float
    """That it is a source that is not among them."""
    nothing: float
    """That it is no single source at all: nothing happened, everything rose, or an instrument failed."""
    lattice: Floats
    """The probability of an unknown source at each place of the lattice, (L,)."""
    log_evidence: Floats
    """Of each candidate, against "nothing", discounted, (C,)."""
    explained: Floats
    """The share of the increments' squares that goes with the footprints, 0 to 1, (C,)."""
    rate: Floats
    """The rate that it would need, in the footprint's unit, (C,)."""
    by_station: Floats
    """What each station says for (above 0) and against it, (S, C)."""
    touch: Floats
    """Where its plume comes down as it fits best, metres from it, nought for a release near the ground, (C,)."""
    before: Floats
    """What each was given before anything was measured: candidates, the lattice, no single source, (C + L + 1,)."""

    @property
    def none(self) -> float:
        """That it is none of the candidates."""
        return self.unknown + self.nothing


def blocks(values: Floats, size: int) -> Floats:
    """Means over blocks of so many steps, (T, ...) to (B, ...); a block with nothing in it is NaN."""
    if size == 1:
        return values
    count = -(-len(values) // size)
    padded = np.full((count * size, *values.shape[1:]), np.nan, values.dtype)
    padded[: len(values)] = values
    parts = padded.reshape(count, size, *values.shape[1:])
    known = np.isfinite(parts)
    number = known.sum(axis=1)
    total = np.where(known, parts, 0.0).sum(axis=1)
    return np.asarray(np.where(number > 0, total / np.maximum(number, 1), np.nan))


def locate(
    above: Floats,
    scatter: Floats,
    turns: Sequence[Turn],
    prior: Floats,
    numbers: LocateNumbers,
    weights: Floats | None = None,
    spots: Floats | None = None,
    sited: NDArray[np.bool_] | None = None,
    high: Variants | None = None,
) -> Found:
    """Weigh the hypotheses.

    Args:
        above: increments in blocks, (B, S), NaN where nothing was measured.
        scatter: of a quiet time, by station, (S,).
        prior: each candidate's share before anything was measured, (C,), any scale.
        weights: how much each station counts, (S,); alike where None.
        spots: the share of each place of the lattice before anything was measured, (L,), any scale; alike where None.
        sited: which stations stand at a source of their own, (S,): what rises there may be its own.
        high: the hypotheses of a release from a height, as `Turn.high` has them; none where None.
    """
    count = turns[0].candidates.shape[2]
    places = np.ones(turns[0].lattice.shape[2]) if spots is None else spots
    logs, best_rate, explained = [], [], []
    parts = [
        np.concatenate([turn.candidates, turn.lattice, *([] if turn.high is None else [turn.high])], axis=2)
        for turn in turns
    ]
    high = high or Variants.none(count + len(places))
    seen = np.isfinite(above) & (np.isfinite(parts[0][:, :, 0]) if count + len(places) else False)
    weight = seen * (np.ones(above.shape[1]) if weights is None else weights)
    sample = _Sample.of(above, scatter, weight, numbers, sited)
    if not seen.any():
        return _nothing_told(prior, places, numbers, above.shape[1])
    foot = [np.maximum(np.nan_to_num(part), 0.0).astype(np.float32) for part in parts]
    need = np.min([sample.need(part) for part in foot], axis=0)
    for turn, part in zip(turns, foot, strict=True):
        log, rate = sample.log_evidence(part, sample.need(part), numbers)
        logs.append(log + turn.log_prior)
        best_rate.append(rate)
        explained.append(sample.explained(part))
    stack = np.stack(logs)
    low = max(float(need[np.isfinite(need) & (need > 0)].min(initial=np.inf)), TINY) if need.size else 1.0
    steep = np.clip(np.log(np.maximum(need / low, 1.0)), 0.0, _WIDE)
    every = _sum(stack) - numbers.rate_slope * steep
    log, best = _mixed(every, high)
    pick = (stack.argmax(axis=0)[best], best)
    before = _before(prior, places, numbers, quiet(above, scatter, numbers))
    whole = _apart(_posterior(log, before, numbers), log, before, count, sample, numbers)
    rate = np.stack(best_rate)[pick]
    own = (
        np.stack(
            [foot[turn][:, :, index] for turn, index in zip(pick[0][:count], best[:count], strict=True)],
            axis=2,
        )
        if count
        else (np.zeros((*above.shape, 0), np.float32))
    )
    touch = np.concatenate([np.zeros(count + len(places)), high.touch])
    return Found(
        whole[:count],
        float(whole[count:-1].sum()),
        float(whole[-1]),
        whole[count:-1],
        log[:count],
        np.stack(explained)[pick][:count],
        rate[:count],
        sample.by_station(own, rate[:count], numbers),
        touch[best[:count]],
        before,
    )


def _mixed(every: Floats, high: Variants) -> tuple[Floats, NDArray[np.intp]]:
    """The evidence of each hypothesis, heights integrated over; and which column of each fits best."""
    count = len(high.ground)
    log, best = every[:count] + np.log(high.ground), np.arange(count)
    top = log.copy()
    tall = every[count:] + np.log(high.share)
    for column, (owner, told) in enumerate(zip(high.owner.tolist(), tall.tolist(), strict=True), count):
        if told > top[owner]:
            top[owner], best[owner] = told, column
        log[owner] = np.logaddexp(log[owner], told)
    return log, best


def discount(readings: float, numbers: LocateNumbers) -> float:
    """What the evidence of each of so many readings counts for.

    All are judged by one plume and one wind that are both somewhat wrong, so their errors go together: n of them tell
    as much as n / (1 + (n - 1) r) would that had nothing in common (Kish's effective sample size; r is ``shared``).
    """
    return min(1.0, numbers.temper / (1.0 + max(readings - 1.0, 0.0) * numbers.shared))


def quiet(above: Floats, scatter: Floats, numbers: LocateNumbers) -> float:
    """How much likelier than usual it is that nothing happened, as a natural logarithm: nought where much stands out.

    By how many scatters of a quiet time the highest block stands out; the line is a calibration map (sources.toml).
    """
    usual = np.maximum(np.nan_to_num(scatter), 1e-9)
    peak = float(np.nan_to_num(above / usual).max(initial=0.0))
    return float(
        np.clip(numbers.quiet - numbers.quiet_slope * np.log(max(peak, 0.1)), 0.0, numbers.quiet_most)
    )


def _before(prior: Floats, places: Floats, numbers: LocateNumbers, still: float = 0.0) -> Floats:
    """What each hypothesis was given before anything was measured: candidates, the lattice, no single source."""
    part = prior / prior.sum() * (1 - numbers.unknown - numbers.nothing) if len(prior) else np.zeros(0)
    lattice = numbers.unknown * places / max(float(places.sum()), TINY)
    before = np.concatenate([part, lattice, [numbers.nothing * np.exp(still)]])
    return np.asarray(before / before.sum())


def _posterior(log: Floats, before: Floats, numbers: LocateNumbers) -> Floats:
    every = np.concatenate([log, [0.0]]) + np.log(np.maximum(before, TINY))
    after = np.exp(every - every.max())
    return np.asarray((1 - numbers.unlike) * after / after.sum() + numbers.unlike * before)


def _apart(
    whole: Floats, log: Floats, before: Floats, count: int, sample: _Sample, numbers: LocateNumbers
) -> Floats:
    """The same, with what an instrument may have done told apart from an unknown source's: that is no source at all.

    The candidates' shares stay as they are, and so does that of none of them.
    """
    lattice = before[count:-1]
    if sample.above.shape[1] < 2 or not len(lattice):
        return whole
    broken = np.log(numbers.failing) + failing(
        sample.above, sample.weight, sample.variance, sample.nothing, sample.discount, numbers
    )
    part = np.log(np.maximum(lattice / max(float(lattice.sum()), TINY), TINY))
    unknown = np.log(numbers.unknown) + float(np.logaddexp.reduce(log[count:] + part))
    share = float(np.exp(broken - np.logaddexp(broken, unknown)))
    moved = share * np.maximum(whole[count:-1] - numbers.unlike * lattice, 0.0)
    return np.concatenate([whole[:count], whole[count:-1] - moved, [whole[-1] + moved.sum()]])


def reweighed(found: Found, times: Floats, prior: Floats, unlike: float) -> Found:
    """The same where candidates became so many times likelier for what is known besides the air, (C,).

    That says nothing of whoever is not among them: all candidates together are as likely before as they were.

    Args:
        prior: the candidates' shares that were judged with, any scale.
        unlike: the share of episodes that are like nothing here, as it was judged with.
    """
    if not len(times):
        return found
    times = times / float((prior * times).sum() / prior.sum())
    whole = np.concatenate([found.probability, found.lattice, [found.nothing]])
    factor = np.concatenate([times, np.ones(len(found.lattice) + 1)])
    before = found.before
    after = np.maximum(whole - unlike * before, 0.0) * factor
    whole = (1 - unlike) * after / max(float(after.sum()), TINY) + unlike * before * factor
    count = len(times)
    return replace(
        found, probability=whole[:count], unknown=float(whole[count:-1].sum()), nothing=float(whole[-1]),
        lattice=whole[count:-1], before=before * factor,
    )  # fmt: skip


def _nothing_told(prior: Floats, places: Floats, numbers: LocateNumbers, stations: int) -> Found:
    """Where nothing can be compared, what was believed before is all that is known."""
    count = len(prior)
    before = _before(prior, places, numbers)
    whole = _posterior(np.zeros(count + len(places)), before, numbers)
    none = np.zeros(count)
    return Found(
        whole[:count], float(whole[count:-1].sum()), float(whole[-1]), whole[count:-1], none, none.copy(),
        none.copy(), np.zeros((stations, count)), none.copy(), before,
    )  # fmt: skip


@dataclass(frozen=True)
class _Sample:
    """What was measured, ready to be compared."""

    above: Small
    weight: Small
    variance: Small
    """Of a quiet time, (S,)."""
    nothing: Small
    """The log density of each value under "no source", (B, S)."""
    discount: float
    aside: Small | None = None
    """The log density of each value where a station rises for a source of its own, (B, S); -inf elsewhere."""

    @classmethod
    def of(
        cls,
        above: Floats,
        scatter: Floats,
        weight: Floats,
        numbers: LocateNumbers,
        sited: NDArray[np.bool_] | None = None,
    ) -> _Sample:
        filled = np.where(weight > 0, np.nan_to_num(above), 0.0).astype(np.float32)
        least = numbers.least_scatter * float(np.abs(filled).max(initial=0.0))
        usual = np.where(np.isfinite(scatter), scatter, 0.0)
        variance = (np.maximum(np.maximum(usual, least), 1e-9) ** 2).astype(np.float32)
        nothing = _density(filled, variance, numbers.tail)
        aside = None
        if sited is not None and sited.any():
            aside = _aside(filled, variance, sited, numbers)
            nothing = np.logaddexp(nothing, aside)
        told = discount(float(weight.sum()), numbers)
        return cls(filled, weight.astype(np.float32), variance, nothing, told, aside)

    def need(self, foot: Small) -> Floats:
        """The rate that would make what is measured, where it is measured, (H,)."""
        high = self.weight * np.maximum(self.above, 0.0)
        felt = np.tensordot(high, foot, axes=2).astype(np.float64)
        need = float((high * np.maximum(self.above, 0.0)).sum()) / np.maximum(felt, TINY)
        return np.asarray(np.minimum(need, max(need.min(), TINY) * 1e5))

    def log_evidence(self, foot: Small, need: Floats, numbers: LocateNumbers) -> tuple[Floats, Floats]:
        """Against "no source", the rate integrated over; and the rate that fits best."""
        shares = np.exp(np.linspace(np.log(numbers.rate_low), np.log(numbers.rate_high), numbers.rates))
        expected = foot * need.astype(np.float32)
        mean = _mean(expected)
        found = []
        for share in shares:
            log = self._compare(expected * np.float32(share), mean * np.float32(share), numbers)
            told = np.tensordot(self.weight, log, axes=2).astype(np.float64)
            found.append(self.discount * told - numbers.rate_slope * np.log(share))
        stack = np.stack(found)
        return _sum(stack) - np.log(len(shares)), need * shares[stack.argmax(axis=0)]

    def _compare(self, expected: Small, mean: Small, numbers: LocateNumbers) -> Small:
        """The log density of each value under a source less that under none, (B, S, H)."""
        variance = self.variance[:, None] + (numbers.gusty * expected) ** 2 + (numbers.astray * mean) ** 2
        log = _density(self.above[:, :, None] - expected, variance, numbers.tail)
        if self.aside is not None:
            # Only where it counts: this is the dearest line of all.
            some = np.flatnonzero(np.isfinite(self.aside).any(axis=0))
            log[:, some] = np.logaddexp(log[:, some], self.aside[:, some, None])
        return np.asarray(log - self.nothing[:, :, None])

    def explained(self, foot: Small) -> Floats:
        high = self.weight * self.above
        across = np.tensordot(high, foot, axes=2)
        own = np.tensordot(self.weight, foot * foot, axes=2)
        whole = max(float((high * self.above).sum()), TINY)
        return np.clip(
            np.maximum(across, 0.0).astype(np.float64) ** 2 / np.maximum(own, TINY) / whole, 0.0, 1.0
        )

    def by_station(self, foot: Small, rate: Floats, numbers: LocateNumbers) -> Floats:
        expected = foot * rate.astype(np.float32)
        log = self._compare(expected, _mean(expected), numbers)
        return np.asarray(self.discount * (self.weight[:, :, None] * log).sum(axis=0), np.float64)


def _density(off: Small, variance: Small, tail: float) -> Small:
    """Student's log density but for a constant."""
    return np.asarray(
        -(tail + 1) / 2 * np.log1p(off * off / (np.float32(tail) * variance)) - 0.5 * np.log(variance),
        np.float32,
    )


def _aside(above: Small, variance: Small, sited: NDArray[np.bool_], numbers: LocateNumbers) -> Small:
    """The log density of a rise that a station's own source made, whatever else there is: exponential, and wide."""
    high = np.maximum(above, 0.0)
    wide = np.maximum(np.float32(numbers.own_wide) * np.sqrt(variance), high.max(initial=0.0))
    log = np.log(numbers.own_share / (1 - numbers.own_share)) - high / wide - np.log(wide) + _BARE
    return np.asarray(np.where(sited & (above > 0), log, -np.inf), np.float32)


def _sum(logs: Floats) -> Floats:
    """The log of the sum over the first axis."""
    top = logs.max(axis=0)
    return np.asarray(top + np.log(np.exp(logs - top).sum(axis=0)))


def _mean(expected: Small) -> Small:
    """Over blocks and stations: as a product, which is many times as fast as a mean over two axes."""
    flat = expected.reshape(expected.shape[0] * expected.shape[1], expected.shape[2])
    return np.asarray(np.full(len(flat), 1.0 / max(len(flat), 1), np.float32) @ flat)
