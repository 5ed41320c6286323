"""Regional inhibition: where most stations exceed together it is the region, and only what stands above rings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from backend.alarms.rules import Region
from backend.city.registry import StationRow


@dataclass(slots=True)
class Count:
    """How many stations of a region had a value in a period, and how many were beyond the limit."""

    of: int = 0
    hits: int = 0

    @property
    def share(self) -> float:
        """The share beyond the limit."""
        return self.hits / self.of if self.of else 0.0


@dataclass(slots=True)
class Tally:
    """One parameter of one network in one period."""

    counties: dict[str, Count] = field(default_factory=dict)

    def add(self, county: str, *, hit: bool) -> None:
        """Count one station."""
        count = self.counties.setdefault(county, Count())
        count.of += 1
        count.hits += hit

    @property
    def city(self) -> Count:
        """All counties together."""
        return Count(
            sum(one.of for one in self.counties.values()), sum(one.hits for one in self.counties.values())
        )


Tallies = Mapping[tuple[str, int], Mapping[int, Tally]]
"""By (network, parameter), then by start."""


class Regions:
    """Which regions were regional, period by period.

    A region that stands already leaves later than it would enter. A period in which too few stations of the
    region have reported yet says nothing: the one before it holds.
    """

    def __init__(
        self,
        rules: Region,
        root: str,
        tallies: Tallies,
        standing: Mapping[tuple[str, str], int],
        *,
        whole: bool = True,
    ) -> None:
        """Args:
        root: the code of the whole city's grid.
        standing: for each (network, region) that stands: since which start.
        whole: whether the tallies are of the whole city; of some counties alone, nothing is told of it.
        """
        self.rules, self.root, self.standing, self.whole = rules, root, standing, whole
        self._raw: dict[tuple[str, int], list[tuple[int, frozenset[str], frozenset[str]]]] = {}
        """By (network, parameter): (start, regions that could be told, regions that were regional), oldest first."""
        self.tallies = tallies
        for key, by_start in tallies.items():
            self._raw[key] = [
                (start, *self._decide(key[0], start, tally)) for start, tally in sorted(by_start.items())
            ]

    def _share(self, network: str, region: str, start: int) -> float:
        since = self.standing.get((network, region))
        return self.rules.leave if since is not None and since <= start else self.rules.enter

    def _decide(self, network: str, start: int, tally: Tally) -> tuple[frozenset[str], frozenset[str]]:
        told, regional = set(), set()
        for county, count in tally.counties.items():
            if count.of >= self.rules.least:
                told.add(county)
                if count.share >= self._share(network, county, start):
                    regional.add(county)
        city = tally.city
        if self.whole and len(tally.counties) > 1 and city.of >= 2 * self.rules.least:
            told.add(self.root)
            share = self._share(network, self.root, start)
            many = sum(count.share >= share for count in tally.counties.values())
            if city.share >= share and many >= self.rules.counties * len(tally.counties):
                regional.add(self.root)
        return frozenset(told), frozenset(regional)

    def _last(
        self, network: str, parameter: int, region: str, until: int | None = None
    ) -> list[tuple[int, bool]]:
        """What could be told of a region, newest first."""
        return [
            (start, region in regional)
            for start, told, regional in reversed(self._raw.get((network, parameter), []))
            if region in told and (until is None or start <= until)
        ]

    def holds(self, network: str, parameter: int, region: str, until: int | None = None) -> bool:
        """Whether a region counts as regional at a start: it was then, or in the period told before it."""
        return any(regional for _, regional in self._last(network, parameter, region, until)[:2])

    def over(self, network: str, parameter: int, station: StationRow, start: int) -> str:
        """The region that speaks for a station at a start: the city, its county, or none (empty)."""
        for region in (self.root, station.county):
            if self.holds(network, parameter, region, start):
                return region
        return ""

    def now(self, network: str, parameters: Iterable[int]) -> dict[str, list[int]]:
        """The regions that are regional now, with their parameters; counties of a regional city too."""
        found: dict[str, list[int]] = {}
        for parameter in parameters:
            told = {region for _, some, _ in self._raw.get((network, parameter), ()) for region in some}
            for region in sorted(told):
                if self.holds(network, parameter, region):
                    found.setdefault(region, []).append(parameter)
        return found

    def told(self, network: str, parameters: Iterable[int]) -> set[str]:
        """The regions of which the periods at hand say anything."""
        return {
            region
            for parameter in parameters
            for _, some, _ in self._raw.get((network, parameter), ())
            for region in some
        }

    def fresh(self, network: str, parameters: Iterable[int], region: str) -> int | None:
        """The newest start of which a region can be told."""
        told = [self._last(network, parameter, region)[:1] for parameter in parameters]
        return max((start for one in told for start, _ in one), default=None)
