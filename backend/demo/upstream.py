"""What a city's upstreams would answer at an instant: which hours are out, late, missing, not yet put right.

Built of the replay (`carry`, `generate`, `episodes`). An upstream never tells of an hour that is not over by its
clock, and what it first tells may be put right later. What was handed out is entered in a `Ledger`, from which a
headless run proves that nothing was lost and nothing doubled.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from backend.demo import dice
from backend.demo.carry import HOUR, Carry, settings
from backend.demo.episodes import Episodes
from backend.demo.generate import Generator
from backend.demo.places import Places, Site

MINUTE = 60
KEPT = 12 * HOUR
"""Seconds back to which periods are kept in mind: longer than any feed overlaps. An older one is made again as it
was; what a new feed looks back on is kept until the clock moves."""


@dataclass(frozen=True, slots=True)
class Told:
    """One value as an upstream tells it."""

    value: float | None
    below: bool = False
    """Below the detection limit, which is then the value."""


@dataclass(frozen=True, slots=True)
class SiteHour:
    """What one site tells of one period."""

    site: Site
    start: int
    period: int
    out: int
    """From when on it can be had."""
    values: Mapping[str, Told]
    righted: int = 0
    """From when on `corrections` hold, 0 where there are none."""
    corrections: Mapping[str, Told] = field(default_factory=dict)

    def at(self, now: int) -> Mapping[str, Told]:
        """The values as told at `now`."""
        if self.corrections and now >= self.righted:
            return {**self.values, **self.corrections}
        return self.values


Key = tuple[str, str, int, int]
"""Site, parameter, start, period."""


@dataclass
class Ledger:
    """Every distinct reading handed out, with the value that was told last."""

    told: dict[Key, Told] = field(default_factory=dict)
    offered: dict[Key, Told] = field(default_factory=dict)
    """Handed out beside what was asked for: who asks may leave it."""
    answers: int = 0
    repeats: int = 0

    def enter(self, hours: Iterable[SiteHour], now: int) -> None:
        """Note what an answer tells."""
        self.answers += 1
        for hour in hours:
            for parameter, told in hour.at(now).items():
                self.note(hour.site, parameter, hour.start, hour.period, told)

    def note(
        self, site: Site, parameter: str, start: int, period: int, told: Told, *, asked: bool = True
    ) -> None:
        """Note one value; one that is told as missing is no reading."""
        if told.value is not None:
            book = self.told if asked else self.offered
            key = (site.code, parameter, start, period)
            self.repeats += key in book
            book[key] = told


@dataclass(frozen=True)
class Batch:
    """One feed's period: every site's values, and the instants at which something about them changes."""

    hours: Sequence[SiteHour]
    changes: Sequence[int]


class Upstreams:
    """All upstreams of a city."""

    def __init__(self, places: Places, carry: Carry, episodes: Episodes) -> None:
        self.places = places
        self.carry = carry
        self.episodes = episodes
        self._generator = Generator(carry)
        self._groups = _groups(places)
        self._kept: dict[tuple[str, int, int], Batch] = {}

    def options(self, feed: str) -> Mapping[str, Any]:
        """The feed's part of ``[serve]`` in demo.toml."""
        return _options(feed)

    def told(self, feed: str, since: int, until: int, now: int) -> Iterator[SiteHour]:
        """What a feed can tell at `now` of the periods that start in since <= start <= until, oldest first."""
        for batch in self._batches(feed, since, min(until, now)):
            for hour in batch.hours:
                if hour.out <= now and since <= hour.start:
                    yield hour

    def ended(self, feed: str, since: int, until: int) -> Iterator[SiteHour]:
        """What a feed's sites measure in the periods that end in since < end <= until, whenever it comes."""
        for period in self._groups.get(feed, {}):
            for batch in self._batches(feed, since - period + 1, until, (period,)):
                yield from batch.hours

    def stamp(self, feed: str, since: int, until: int, now: int) -> str:
        """A mark that changes exactly when what `told` gives does."""
        batches = self._batches(feed, since, min(until, now))
        return f"{feed}-{since}-{sum(bisect_right(batch.changes, now) for batch in batches)}"

    def _batches(self, feed: str, since: int, until: int, periods: Iterable[int] = ()) -> Iterator[Batch]:
        found = []
        for period in periods or self._groups.get(feed, {}):
            shift = self._shift(since)
            start = (since + shift + period - 1) // period * period - shift
            while start + period <= until:
                found.append((start, period))
                start += period
        for start, period in sorted(found):
            yield self._batch(feed, start, period)

    def forget(self, now: int) -> None:
        """Let go of what nobody asks for any more at `now`."""
        for key in [key for key in list(self._kept) if key[1] < now - KEPT]:
            self._kept.pop(key, None)

    def _batch(self, feed: str, start: int, period: int) -> Batch:
        found = self._kept.get((feed, start, period))
        if found is None:
            found = self._kept[feed, start, period] = self._make(feed, start, period)
        return found

    def _shift(self, at: int) -> int:
        offset = datetime.fromtimestamp(at, UTC).astimezone(self.carry.zone).utcoffset()
        return int(offset.total_seconds()) if offset else 0

    def _make(self, feed: str, start: int, period: int) -> Batch:
        self.episodes.plan(start - start % HOUR)
        hours = [
            hour
            for site, names in self._groups[feed][period]
            if (hour := self._site_hour(feed, site, names, start, period)) is not None
        ]
        changes = [hour.out for hour in hours] + [hour.righted for hour in hours if hour.corrections]
        return Batch(hours, sorted(changes))

    def _site_hour(
        self, feed: str, site: Site, names: Sequence[str], start: int, period: int
    ) -> SiteHour | None:
        options = _options(feed)
        values = self._generator.values(site, start)
        shown = self.episodes.apply(site, start - start % HOUR, values)
        if shown is None:
            return None
        base = dice.lasting(self.carry.seed, site.code, "serve")
        chance = dice.mix(base, start)
        out = start + period + int(MINUTE * dice.between(chance, options["delay"]))
        if dice.unit(chance, 1) < options["late"]:
            out += HOUR * int(dice.between(chance, options["late_by"], 2))
        told = {name: self._told(options, name, shown[name], chance) for name in names if name in shown}
        righted, corrections = 0, _NONE
        if told and dice.unit(chance, 3) < options["revised"]:
            name = sorted(told)[dice.mix(chance, 4) % len(told)]
            final = told[name]
            if final.value is not None and not final.below:
                wrong = self._round(options, name, final.value * (1 + options["revision"]))
                if wrong != final.value:
                    corrections = {name: final}
                    told[name] = Told(wrong)
                    righted = out + HOUR * int(dice.between(chance, options["revised_after"], 5))
        return SiteHour(site, start, period, out, told, righted, corrections)

    def _told(self, options: Mapping[str, Any], name: str, value: float, chance: int) -> Told:
        if dice.unit(chance, _STEPS[name] if name in _STEPS else len(name) + 100) < options["missing"]:
            return Told(None)
        limit = options["below"].get(name)
        if limit is not None and value < limit:
            return Told(limit, below=True)
        return Told(self._round(options, name, value))

    def _round(self, options: Mapping[str, Any], name: str, value: float) -> float:
        digits: int = self.places.decimals.get(name, 1) + options["finer"]
        return round(value, digits)


_NONE: Mapping[str, Told] = MappingProxyType({})
"""One for all hours in which nothing is put right: there are half a million."""
_STEPS = {name: 10 + index for index, name in enumerate(("pm25", "pm10", "so2", "no2", "co", "o3"))}


@lru_cache(maxsize=64)
def _options(feed: str) -> Mapping[str, Any]:
    serve = settings()["serve"]
    return {**serve["default"], **serve.get(feed, {})}


def _groups(places: Places) -> dict[str, dict[int, list[tuple[Site, list[str]]]]]:
    """Feed: period: the sites of which it brings something, and what."""
    found: dict[str, dict[int, list[tuple[Site, list[str]]]]] = {}
    for feed, sites in places.feeds.items():
        for site in sites:
            by_period: dict[int, list[str]] = {}
            for measure in site.measures:
                if measure.feed == feed:
                    by_period.setdefault(measure.period, []).append(measure.parameter)
            for period, names in by_period.items():
                found.setdefault(feed, {}).setdefault(period, []).append((site, names))
    return found
