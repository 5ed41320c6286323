"""Episodes planted in the replay: which, where and when, what they add to whom; and which stations show them.

An episode is drawn from the seed and the civil day. A source of the pack emits, the replayed wind carries
(`plume`), and what arrives is added to what the stations would have shown. What was planted is kept as the truth
(`truth_of`) beside the replay; nothing that is served tells of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any

from backend.demo import dice, plume
from backend.demo.carry import HOUR, Carry, settings
from backend.demo.generate import Generator, Values
from backend.demo.places import Emitter, Places, Site

KINDS = ("point", "line", "site_dust", "straw", "fault", "region")
OUTDOOR = ("air", "township_air", "road_dust", "site_dust")
"""The kinds of station whose air an episode reaches."""
LOOK_BACK = 2
"""Days back from an hour of which an episode may still be felt in it."""
_TRIES = 300
_LATER, _DRAWS = 4, 3
"""What is planted at the start is tried at so many hours, with so many draws, until a station shows it."""
_FADE = 6.0

Added = dict[str, dict[int, Values]]
"""Site: start of hour: parameter: what is added."""
Shown = dict[str, dict[str, list[int]]]
"""Site: parameter: the starts of the hours that show it."""


@dataclass(frozen=True)
class Episode:
    """One thing that happens."""

    id: str
    kind: str
    source: str
    """The code of the source that emits, of the station whose instrument fails, or of the city."""
    name: str
    begins: int
    ends: int
    added: Added = field(default_factory=dict)
    shown: Shown = field(default_factory=dict)
    """Where the signal is material (``[material]`` in demo.toml)."""
    emission: Values = field(default_factory=dict)
    """kg/h, where something is emitted."""
    fault: str = ""
    """How the instrument fails: flat, inversion, offline, high."""


@dataclass(frozen=True)
class Opening:
    """The county and the instant at which a demo starts, where something is to be seen soon."""

    county: str
    at: int


class Episodes:
    """The planted episodes of a city, planned a civil day at a time as they are asked for."""

    def __init__(
        self,
        places: Places,
        carry: Carry,
        generator: Generator,
        *,
        rate: float = 1.0,
        opening: Opening | None = None,
    ) -> None:
        """
        Args:
            rate: times the number of episodes a day that demo.toml gives.
            opening: what is planted besides at the start of a demo.
        """
        self._places = places
        self._carry = carry
        self._generator = generator
        self._rate = rate
        self._opening = opening
        self._options = settings()
        self._days: dict[date, list[Episode]] = {}
        self._at: dict[tuple[str, int], list[Episode]] = {}

    @cached_property
    def _outdoor(self) -> list[Site]:
        return self._places.of_kind(*OUTDOOR)

    def planned(self) -> list[Episode]:
        """Every episode of the days planned so far, by when it begins."""
        found = [episode for day in self._days.values() for episode in day]
        return sorted(found, key=lambda episode: (episode.begins, episode.id))

    def plan(self, start: int) -> None:
        """Plan all days of which an episode may be felt in the hour that begins at `start`."""
        today = datetime.fromtimestamp(start, UTC).astimezone(self._carry.zone).date()
        for back in range(LOOK_BACK + 1):
            day = today - timedelta(days=back)
            if day not in self._days:
                self._days[day] = self._day(day)
                for episode in self._days[day]:
                    self._keep(episode)

    def apply(self, site: Site, start: int, values: Values) -> Values | None:
        """What the site shows in the hour that begins at `start`, given what it would have shown; None: nothing."""
        shown: Values | None = values
        for episode in self._at.get((site.code, start), ()):
            if episode.fault:
                shown = None if shown is None else self._broken(episode, site, shown)
            elif shown is not None:
                added = episode.added[site.code][start]
                shown = {name: value + added.get(name, 0.0) for name, value in shown.items()}
        return shown

    def _keep(self, episode: Episode) -> None:
        if episode.fault:
            for start in range(episode.begins, episode.ends, HOUR):
                self._at.setdefault((episode.source, start), []).append(episode)
        for code, hours in episode.added.items():
            for start in hours:
                # Instruments fail after the air has reached them, so faults stay last.
                kept = self._at.setdefault((code, start), [])
                kept.append(episode)
                kept.sort(key=lambda one: (bool(one.fault), one.id))

    def _broken(self, episode: Episode, site: Site, values: Values) -> Values | None:
        options = self._options["episode"]["fault"]
        (parameter, *_) = episode.shown[site.code]
        match episode.fault:
            case "offline":
                return None
            case "flat":
                held = self._generator.values(site, episode.begins)
                return values | {parameter: held[parameter]}
            case "inversion":
                return values | {"pm25": values["pm10"] * options["inversion"]}
            case _:
                return values | {parameter: values[parameter] * options["high"]}

    def _day(self, day: date) -> list[Episode]:
        midnight = datetime.combine(day, datetime.min.time(), self._carry.zone)
        first = int(midnight.timestamp())
        found = []
        for kind in KINDS:
            options = self._options["episode"][kind]
            chance = dice.key(self._carry.seed, day, kind)
            wanted = options["rate"] * self._rate
            count = int(wanted) + (dice.unit(chance) < wanted % 1)
            for number in range(count):
                base = dice.key(self._carry.seed, day, kind, number)
                begins = first + HOUR * _pick(base, 0, options["begins"])
                found.append(self._episode(kind, f"{day:%Y%m%d}-{kind}-{number + 1}", begins, base, ""))
        return [episode for episode in (*found, *self._opened(day)) if episode is not None]

    def _opened(self, day: date) -> list[Episode]:
        return [one for one in self._openings if self._local(one.begins).date() == day]

    def _local(self, at: int) -> datetime:
        return datetime.fromtimestamp(at, UTC).astimezone(self._carry.zone)

    @cached_property
    def _openings(self) -> list[Episode]:
        """What is planted at the start: each where and when it shows, as early as the wind allows."""
        if self._opening is None:
            return []
        found = []
        for number, wanted in enumerate(self._options["opening"]["episodes"]):
            kind = wanted["kind"]
            begins = self._opening.at - self._opening.at % HOUR + HOUR * wanted["after"]
            hours = self._options["episode"][kind]["begins"] if wanted.get("waits") else range(24)
            later = [step for step in range(24) if self._local(begins + step * HOUR).hour in hours]
            tries = ((step, draw) for step in later[:_LATER] for draw in range(_DRAWS))
            for step, draw in tries:
                at = begins + step * HOUR
                name = f"{self._local(at):%Y%m%d}-opening-{number + 1}"
                base = dice.key(self._carry.seed, "opening", self._opening.at, number, draw)
                episode = self._episode(kind, name, at, base, self._opening.county)
                if episode is not None and episode.shown:
                    found.append(episode)
                    break
        return found

    def _episode(self, kind: str, name: str, begins: int, base: int, county: str) -> Episode | None:
        low, high = self._options["episode"][kind]["hours"]
        ends = begins + HOUR * (low + int((high - low + 1) * dice.unit(base, 1)))
        if kind == "fault":
            return self._fault(name, begins, ends, base, county)
        if kind == "region":
            return self._region(name, begins, ends, base)
        return self._emitted(kind, name, begins, ends, base, county)

    def _emitted(
        self, kind: str, name: str, begins: int, ends: int, base: int, county: str
    ) -> Episode | None:
        options = self._options["episode"][kind]
        found = self._emitter(kind, begins, base, county)
        if found is None and county:
            # At the start something must be seen in the county, also where the wind is awkward.
            found = self._strongest(kind, begins, county) or self._emitter(kind, begins, base, "")
        if found is None:
            return None
        emitter, per_kg = found
        peak = dice.between(base, options["peak"], 2)
        emission = {parameter: share * peak / per_kg for parameter, share in options["with"].items()}
        added = self._carried(kind, emitter, begins, ends, base, emission)
        shown = self._material(added)
        kept = {parameter: round(rate, 1) for parameter, rate in emission.items()}
        return Episode(name, kind, emitter.code, emitter.name, begins, ends, added, shown, kept)

    def _emitter(self, kind: str, begins: int, base: int, county: str) -> tuple[Emitter, float] | None:
        """A source with a station downwind at a fit distance, and what 1 kg/h adds there (µg/m³)."""
        options = self._options["episode"][kind]
        fit = [one for one in self._emitters[kind] if county in ("", one.county)]
        receptors = self._places.of_kind(*options["near"])
        wind = self._carry.hour(begins).wind
        near, far = options["distance"]
        narrow = math.tan(math.radians(0.7 * plume.meander(wind.speed, self._options["plume"])))
        for attempt in range(_TRIES if fit and receptors else 0):
            emitter = _pick(base, 100 + attempt, fit)
            for site in receptors:
                dx, dy = site.x - emitter.x, site.y - emitter.y
                if not near <= math.hypot(dx, dy) <= far:
                    continue
                along, aside = plume.offsets(wind, dx, dy)
                on_site = math.hypot(dx, dy) <= self._options["plume"]["on_site"]
                if on_site or abs(aside) <= along * narrow:
                    per_kg, _ = plume.concentration(kind, wind, dx, dy, self._options["plume"])
                    return emitter, per_kg
        return None

    def _strongest(self, kind: str, begins: int, county: str) -> tuple[Emitter, float] | None:
        """The source of a county whose plume reaches a station best, whatever its bearing."""
        options = self._options["episode"][kind]
        wind = self._carry.hour(begins).wind
        near, far = options["distance"]
        best: tuple[Emitter, float] | None = None
        for emitter in self._emitters[kind]:
            for site in self._places.of_kind(*options["near"]) if emitter.county == county else ():
                dx, dy = site.x - emitter.x, site.y - emitter.y
                if near <= math.hypot(dx, dy) <= far:
                    per_kg, _ = plume.concentration(kind, wind, dx, dy, self._options["plume"])
                    if per_kg > (best[1] if best else 0.0):
                        best = emitter, per_kg
        return best

    @cached_property
    def _emitters(self) -> Mapping[str, Sequence[Emitter]]:
        every = sorted(self._places.emitters.values(), key=lambda emitter: emitter.code)
        return {
            kind: [one for one in every if one.kind in options.get("sources", ())]
            for kind, options in self._options["episode"].items()
        }

    def _carried(
        self, kind: str, emitter: Emitter, begins: int, ends: int, base: int, emission: Values
    ) -> Added:
        options = self._options["plume"]
        places = self._stretch(kind, emitter, base)
        far = options["reach"] + self._options["episode"][kind].get("length", 0.0)
        reached = [
            site for site in self._outdoor if math.hypot(site.x - emitter.x, site.y - emitter.y) <= far
        ]
        added: Added = {}
        for start in range(begins, ends, HOUR):
            wind = self._carry.hour(start).wind
            for site in reached:
                for x, y in places:
                    per_kg, hours = plume.concentration(kind, wind, site.x - x, site.y - y, options)
                    if per_kg > 0:
                        _arrive(added, site, start, hours, per_kg / len(places), emission)
        return added

    def _stretch(self, kind: str, emitter: Emitter, base: int) -> list[tuple[float, float]]:
        """Where it is emitted: one point, or for a line five along a bearing that the seed draws."""
        length = self._options["episode"][kind].get("length", 0.0)
        if not length:
            return [(emitter.x, emitter.y)]
        bearing = dice.between(base, (0, math.pi), 3)
        steps = [length * (index / 4 - 0.5) for index in range(5)]
        return [(emitter.x + math.sin(bearing) * d, emitter.y + math.cos(bearing) * d) for d in steps]

    def _region(self, name: str, begins: int, ends: int, base: int) -> Episode:
        options = self._options["episode"]["region"]
        peak = dice.between(base, options["peak"], 2)
        wind = self._carry.hour(begins).wind
        lags = {
            site.code: plume.offsets(wind, site.x, site.y)[0] / options["speed"] for site in self._outdoor
        }
        first = min(lags.values(), default=0.0)
        lasts = (ends - begins) / HOUR
        added: Added = {}
        for site in self._outdoor:
            lag = lags[site.code] - first
            for step in range(int(lag), int(lag + lasts + _FADE) + 1):
                share = min((step + 0.5 - lag) / options["ramp"], 1.0, (lag + lasts + _FADE - step) / _FADE)
                if share > 0:
                    extra = {one: peak * share * ratio for one, ratio in options["with"].items()}
                    added.setdefault(site.code, {})[begins + step * HOUR] = _milligrams(extra)
        return Episode(name, "region", "", "", begins, ends, added, self._material(added))

    def _fault(self, name: str, begins: int, ends: int, base: int, county: str) -> Episode | None:
        options = self._options["episode"]["fault"]
        mode = _pick(base, 2, options["modes"])
        needs = {"pm25", "pm10"} if mode == "inversion" else {"pm10"}
        sites = [
            site
            for site in self._places.of_kind(*options["near"])
            if county in ("", site.county) and needs <= {measure.parameter for measure in site.measures}
        ]
        if not sites:
            return None
        site = _pick(base, 3, sites)
        hours = list(range(begins, ends, HOUR))
        parameters = {
            "offline": [measure.parameter for measure in site.measures],
            "inversion": ["pm25", "pm10"],
        }.get(mode, ["pm10"])
        shown = {site.code: dict.fromkeys(parameters, hours)}
        return Episode(name, "fault", site.code, site.name, begins, ends, {}, shown, {}, mode)

    def _material(self, added: Added) -> Shown:
        least, share = self._options["material"]["least"], self._options["material"]["share"]
        shown: Shown = {}
        for code, hours in added.items():
            site = self._places.sites[code]
            measured = {measure.parameter for measure in site.measures}
            for start, extra in sorted(hours.items()):
                strong = [one for one in extra if one in measured and extra[one] >= least.get(one, math.inf)]
                base = self._generator.values(site, start) if strong else {}
                for parameter in strong:
                    if extra[parameter] >= share * base.get(parameter, 0.0):
                        shown.setdefault(code, {}).setdefault(parameter, []).append(start)
        return shown


def _pick(base: int, step: int, among: Sequence[Any]) -> Any:
    return among[int(dice.unit(base, step) * len(among))]


def _milligrams(values: Values) -> Values:
    """CO is counted in mg/m³, everything else in µg/m³."""
    return {name: value / 1000 if name == "co" else value for name, value in values.items()}


def _arrive(added: Added, site: Site, start: int, hours: float, per_kg: float, emission: Values) -> None:
    """Add what one hour's emission brings: the air under way reaches into the hour after."""
    whole = int(hours)
    late = hours - whole
    hourly = added.setdefault(site.code, {})
    for step, share in ((whole, 1 - late), (whole + 1, late)):
        if share > 0:
            sums = hourly.setdefault(start + step * HOUR, {})
            extra = {name: rate * per_kg * share for name, rate in emission.items()}
            for name, value in _milligrams(extra).items():
                sums[name] = sums.get(name, 0.0) + value


def truth_of(episodes: Iterable[Episode]) -> list[dict[str, Any]]:
    """The truth as it is written apart: instants in epoch seconds, ``to`` exclusive."""
    return [
        {
            "id": episode.id,
            "kind": episode.kind,
            "source": episode.source,
            "name": episode.name,
            "from": episode.begins,
            "to": episode.ends,
            "fault": episode.fault,
            "emission_kg_h": episode.emission,
            "stations": episode.shown,
        }
        for episode in episodes
    ]
