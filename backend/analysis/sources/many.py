"""All hot stations of an hour at once: one reading of the store, one wind, one inventory, and paths that they share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from sqlalchemy import Connection

from backend.analysis.field import Field, read_field
from backend.analysis.geo import Plane
from backend.analysis.sources.activity import OWN, activity
from backend.analysis.sources.answer import Answer
from backend.analysis.sources.candidates import Candidate, Inventory, read_candidates
from backend.analysis.sources.locate import reweighed
from backend.analysis.sources.numbers import LocateNumbers, Numbers, numbers
from backend.analysis.sources.plan import Facts, Plan, Question
from backend.analysis.sources.reading import Fetch, Material, read, recent, with_beside
from backend.analysis.sources.scene import Judged, heard
from backend.analysis.sources.trace import scaled
from backend.analysis.sources.trajectory import PathBook
from backend.analysis.sources.wind import Winds, read_wind_field, winds_on
from backend.city.registry import City
from backend.words.say import Language

Asked = tuple[int, str]
"""A station's number, and a parameter's code."""


@dataclass
class Tracer:
    """Traces a city's hot stations, hour after hour; remembers the inventory.

    For one thread; make a new one when the pack was loaded again.
    """

    city: City
    language: Language = "zh"
    _every: Sequence[Candidate] | None = None
    _inventories: dict[Plane, Inventory] = field(default_factory=dict)
    _winds: tuple[tuple[int, int], Field | None] | None = None

    def answers(
        self, conn: Connection, end: int, asked: Collection[Asked], *, fetch: Fetch = read_field
    ) -> dict[Asked, Answer]:
        """An answer for each station that measures what is asked of it.

        Args:
            end: the instant: nothing that ends after it is known.
            fetch: how readings are read (`backend.analysis.hotspots.recall.Recall` where they are at hand).
        """
        options = numbers()
        self._winds = None
        groups: defaultdict[str, list[int]] = defaultdict(list)
        for number, parameter in dict.fromkeys(asked):
            groups[parameter].append(number)
        plans: list[Plan] = []
        judged: list[Judged] = []
        for parameter, several in groups.items():
            made = self._plans(conn, end, parameter, several, options, fetch)
            book = _book(made, options)
            plans += made
            judged += [plan.judged({}, options, book) for plan in made]
        facts = self._facts(conn, end, plans, judged, options)
        found: dict[Asked, Answer] = {}
        for plan, one in zip(plans, judged, strict=True):
            known = facts[plan.question.parameter in OWN]
            told = _reweighed(one, plan, known, options.locate)
            answer = plan.answer(self.city, told, known, options, options.locate.told_city)
            found[plan.question.station or 0, plan.question.parameter] = answer
        return found

    def _plans(
        self,
        conn: Connection,
        end: int,
        parameter: str,
        stations: Sequence[int],
        options: Numbers,
        fetch: Fetch,
    ) -> list[Plan]:
        foci = [number for number in stations if number in self.city.stations]

        def blow(plane: Plane, start: int, until: int) -> Winds:
            return self._wind(conn, plane, start, until, options)

        material = read(
            conn,
            self.city,
            parameter,
            start=None,
            end=end,
            numbers=options,
            foci=foci,
            fetch=fetch,
            blow=blow,
        )
        field = material.field
        columns = [field.column[number] for number in foci if number in field.column]
        if not columns or not len(field.times):
            return []
        inventory = self._inventory(conn, field.plane)
        small = len(inventory.every) <= options.locate.most
        material = scaled(material, inventory.every, options) if small else material
        material = with_beside(conn, self.city, material, columns, options, fetch)
        told = recent(material, end, options)
        plans = []
        for column in columns:
            question = Question(parameter, end, None, field.stations[column].id, language=self.language)
            near = inventory.every if small else self._near(inventory, material, column, options)
            plans.append(Plan.of(material, question, column, near, options, told))
        return plans

    def _near(
        self, inventory: Inventory, material: Material, column: int, options: Numbers
    ) -> Sequence[Candidate]:
        reach = options.footprint.reach * material.spacing
        at = float(material.field.x[column]), float(material.field.y[column])
        return inventory.near(*at, reach, options.locate.most_city)

    def _inventory(self, conn: Connection, plane: Plane) -> Inventory:
        if self._every is None:
            self._every = read_candidates(conn, self.language)
        if plane not in self._inventories:
            if len(self._inventories) > 16:
                self._inventories.clear()
            self._inventories[plane] = Inventory.of(self._every, plane)
        return self._inventories[plane]

    def _wind(self, conn: Connection, plane: Plane, start: int, end: int, options: Numbers) -> Winds:
        """The wind of the hour, read once for all parameters."""
        if self._winds is None or self._winds[0] != (start, end):
            self._winds = (start, end), read_wind_field(conn, self.city, start=start, end=end)
        return winds_on(plane, self._winds[1], options.wind)

    def _facts(
        self, conn: Connection, end: int, plans: Sequence[Plan], judged: Sequence[Judged], options: Numbers
    ) -> dict[bool, Facts]:
        """What is known besides the air, of the sources that count: where particles rose, and where others did."""
        found: dict[bool, Facts] = {}
        for particles in (True, False):
            chosen = [
                (plan, one)
                for plan, one in zip(plans, judged, strict=True)
                if (plan.question.parameter in OWN) == particles
            ]
            wanted = {
                plan.candidates[index].code: plan.candidates[index]
                for plan, one in chosen
                for index in np.argsort(-one.found.probability)[: options.locate.told_city].tolist()
            }
            if wanted:
                start = min(plan.scene.start for plan, _one in chosen)
                parameter = chosen[0][0].question.parameter
                found[particles] = activity(conn, self.city, list(wanted.values()), parameter, start, end)
            else:
                found[particles] = {}
        return found


def trace_many(
    conn: Connection, city: City, parameter: str, end: int, stations: Sequence[int], language: Language = "zh"
) -> list[Answer]:
    """Answer for several stations at one instant, reading the store once."""
    found = Tracer(city, language).answers(conn, end, [(number, parameter) for number in stations])
    return list(found.values())


def _book(plans: Sequence[Plan], options: Numbers) -> PathBook | None:
    """The paths that questions about one parameter share; None where no wind is known, or a finer one."""
    if not plans:
        return None
    material = plans[0].material
    field, winds = material.field, material.winds
    if not winds.known or winds.period < field.period:
        return None
    wanted = np.zeros((len(field.times), len(field.stations)), bool)
    for plan in plans:
        inside = (field.times >= plan.scene.start) & (field.times < plan.scene.end)
        wanted[np.ix_(inside, heard(plan.scene, options.locate)[0])] = True
    return PathBook.make(
        winds, field.x, field.y, field.times, wanted, field.period, material.spacing, options.footprint
    )


def _reweighed(judged: Judged, plan: Plan, facts: Facts, options: LocateNumbers) -> Judged:
    """The same with what became known besides."""
    unlike = options.unlike if judged.windy else options.unlike_still
    found = reweighed(judged.found, np.exp(plan.lively(facts)), np.exp(plan.fits), unlike)
    return replace(judged, found=found)
