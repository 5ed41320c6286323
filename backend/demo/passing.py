"""Vehicles that pass the remote-sensing sets of the replayed city: made up, and the same at every run of a seed.

Each set sees its regulars, vehicles registered in its county that come by every day, and others of the whole register.
A few of the diesel ones smoke, lastingly: they are what the rule of two exceedances in six months is there to find.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from backend.city.faults import Faults
from backend.city.files import table_files
from backend.city.formats import SPECS
from backend.city.rows import read_table
from backend.demo import dice
from backend.demo.carry import HOUR, Carry, settings
from backend.demo.places import Places, Site

FEED = "vehicles"
KIND = "remote_sensing"
DIESEL = "柴油"
HOURS_KEPT = 400


class Vehicle(NamedTuple):
    """A vehicle of the pack's register."""

    plate: str
    fuel: str
    stage: str


@dataclass(frozen=True, slots=True)
class Passing:
    """One vehicle before one set."""

    at: int
    out: int
    """From when on it can be had."""
    set: str
    vehicle: Vehicle
    no_ppm: int
    opacity: float
    valid: bool


class Passings:
    """Everything that passes."""

    def __init__(self, places: Places, carry: Carry, folder: Path | None = None) -> None:
        """
        Args:
            folder: the pack, for its register of vehicles; without one nothing passes.
        """
        self._sets = places.of_kind(KIND)
        self._carry = carry
        self._folder = folder
        self._options: Mapping[str, Any] = settings()["vehicles"]
        self._hour = lru_cache(maxsize=HOURS_KEPT)(self._make)

    def told(self, since: int, now: int) -> Iterator[Passing]:
        """What can be told at ``now`` of what passed from ``since`` on, oldest first."""
        for start in range(since - since % HOUR, now + 1, HOUR):
            for site in self._sets:
                for one in self._hour(site.code, start):
                    if since <= one.at and one.out <= now:
                        yield one

    def body(self, since: int, now: int) -> bytes:
        """The answer of the sets' platform: a list under ``data``, times in civil time."""
        rows = [
            {
                "hphm": one.vehicle.plate,
                "jcdbh": one.set,
                "jcsj": datetime.fromtimestamp(one.at, self._carry.zone).strftime("%Y-%m-%d %H:%M:%S"),
                "no": one.no_ppm,
                "btgd": one.opacity,
                "判定有效": "1" if one.valid else "0",
                "rlzl": one.vehicle.fuel,
            }
            for one in sorted(self.told(since, now), key=lambda one: (one.at, one.set, one.vehicle.plate))
        ]
        return json.dumps({"code": 200, "data": {"list": rows}}, ensure_ascii=False).encode()

    @cached_property
    def _register(self) -> Mapping[str, Sequence[Vehicle]]:
        """The vehicles by county, and all of them under ``""``; read when the sets are first asked."""
        paths = table_files(self._folder, Faults()).get("vehicles", []) if self._folder else []
        found: dict[str, list[Vehicle]] = {"": []}
        for row in read_table(SPECS["vehicles"], paths, Faults()).rows:
            one = Vehicle(row["plate"], row["fuel"], row["stage"])
            found[""].append(one)
            found.setdefault((row["grid"] or "")[:6], []).append(one)
        return found

    @lru_cache(maxsize=64)  # noqa: B019 - the replay has one of these as long as it runs
    def _regulars(self, site: str, county: str) -> Sequence[Vehicle]:
        """Who comes by every day: some of those of the county with an engine, smoking ones among them."""
        own = [one for one in self._register.get(county) or self._register[""] if one.stage]
        base = dice.key(self._carry.seed, site, "regulars")
        if not own:
            return ()
        chosen = [own[dice.mix(base, step) % len(own)] for step in range(self._options["regulars"])]
        smoky = [one for one in own if self._smokes(one)]
        return (*chosen, *smoky[: self._options["smoky_regulars"]])

    def _smokes(self, vehicle: Vehicle) -> bool:
        share = self._options["smoky"].get(vehicle.stage, 0.0)
        return (
            vehicle.fuel == DIESEL and dice.unit(dice.key(self._carry.seed, vehicle.plate, "smoke")) < share
        )

    def _make(self, code: str, start: int) -> Sequence[Passing]:
        site = next(site for site in self._sets if site.code == code)
        base = dice.mix(dice.lasting(self._carry.seed, code, "passing"), start)
        hour = datetime.fromtimestamp(start, self._carry.zone).hour
        wanted = dice.between(base, self._options["an_hour"]) * self._options["by_hour"][hour]
        found = [self._one(site, start, dice.mix(base, 10 + step)) for step in range(round(wanted))]
        return tuple(sorted((one for one in found if one is not None), key=lambda one: one.at))

    def _one(self, site: Site, start: int, chance: int) -> Passing | None:
        options = self._options
        regulars, every = self._regulars(site.code, site.county), self._register[""]
        pool = regulars if dice.unit(chance) < options["share_of_regulars"] and regulars else every
        if not pool:
            return None
        vehicle = pool[dice.mix(chance, 1) % len(pool)]
        at = start + int(HOUR * dice.unit(chance, 2))
        means = options["means"].get(vehicle.fuel, options["means"]["other"])
        age = options["ages"].get(vehicle.stage, 0.0)
        no_ppm, opacity = (
            mean * age * dice.about(chance, options["noise"], 3 + n) for n, mean in enumerate(means)
        )
        if self._smokes(vehicle):
            opacity = dice.between(chance, options["smoke"], 5)
        out = at + int(60 * dice.between(chance, options["delay"], 6))
        valid = dice.unit(chance, 7) >= options["invalid"]
        return Passing(at, out, site.upstream, vehicle, round(no_ppm), round(min(99.0, opacity), 1), valid)
