"""Tracing 污染溯源: from a question about a station, a place or an interval to a ranked answer with its evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy import Connection

from backend.analysis.geo import Floats
from backend.analysis.sources import because
from backend.analysis.sources.activity import activity, total
from backend.analysis.sources.answer import Answer, Ranked, ordered
from backend.analysis.sources.candidates import (
    Candidate,
    box_about,
    count_candidates,
    read_candidates,
)
from backend.analysis.sources.increments import Increments
from backend.analysis.sources.numbers import Numbers, numbers, raw
from backend.analysis.sources.reading import Material, hottest, read, recent, spell, with_beside
from backend.analysis.sources.reasons import Reason, reason
from backend.analysis.sources.scene import Judged, Scene, judge
from backend.analysis.sources.signature import Signature, compare
from backend.analysis.sources.signature import told as signs
from backend.analysis.sources.trajectory import PathBook
from backend.city.registry import City
from backend.words.say import Language


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked."""

    parameter: str
    end: int
    """The instant: nothing that ends after it is known."""
    start: int | None = None
    """Since when; found from what the station shows where None."""
    station: int | None = None
    """The number of the station that is asked about."""
    lon: float | None = None
    lat: float | None = None
    """A place; the station near it that stands out most is asked about."""
    language: Language = "zh"


def trace(conn: Connection, city: City, question: Question) -> Answer | None:
    """Answer a question; None where nobody measures that parameter anywhere."""
    options = numbers()
    known = city.stations.get(question.station) if question.station is not None else None
    material = read(
        conn, city, question.parameter, start=question.start, end=question.end, numbers=options,
        kind=known.kind if known is not None else "", focus=question.station,
    )  # fmt: skip
    if not material.field.stations or not len(material.field.times):
        return None
    column = _focus(material, question, options)
    candidates = _near(conn, material, column, question, options)
    material = _scaled(material, candidates, options)
    if column is not None:
        material = with_beside(conn, city, material, [column], options)
    plan = _plan(material, question, column, candidates, options)
    facts = activity(conn, city, candidates, question.parameter, plan.scene.start, question.end)
    judged = _judged(plan, facts, options)
    return _composed(city, question, material, plan, judged, facts, options)


def trace_many(
    conn: Connection, city: City, parameter: str, end: int, stations: Sequence[int], language: Language = "zh"
) -> list[Answer]:
    """Answer for several stations at one instant, reading the store once: a city's hot stations of an hour."""
    options = numbers()
    material = read(conn, city, parameter, start=None, end=end, numbers=options)
    columns = [material.field.column[number] for number in stations if number in material.field.column]
    if not columns:
        return []
    material = with_beside(conn, city, material, columns, options)
    every = _inventory(conn, material, columns, language, options)
    x, y = _places(material, every)
    asked, plans = [], []
    spells = recent(material, end, options)
    for column in columns:
        near = _nearest(material, column, x, y, options)[: options.locate.most_city]
        question = Question(parameter, end, None, material.field.stations[column].id, language=language)
        asked.append(question)
        plans.append(_plan(material, question, column, [every[index] for index in near], options, spells))
    book = _book(material, [plan.scene for plan in plans], options)
    judged = [_judged(plan, {}, options, book) for plan in plans]
    # What is known of sources besides the air is asked of those that count, all at once.
    told = options.locate.told_city
    wanted = {
        plan.candidates[index].code: plan.candidates[index]
        for plan, one in zip(plans, judged, strict=True)
        for index in np.argsort(-one.found.probability)[:told].tolist()
    }
    start = min(plan.scene.start for plan in plans)
    facts = activity(conn, city, list(wanted.values()), parameter, start, end)
    return [
        _composed(city, question, material, plan, _reweighed(one, plan, facts), facts, options, told)
        for question, plan, one in zip(asked, plans, judged, strict=True)
    ]


def _book(material: Material, scenes: Sequence[Scene], options: Numbers) -> PathBook | None:
    """The paths that all scenes share; None where the wind is finer than the readings, or unknown."""
    field, winds = material.field, material.winds
    first = min(scene.start for scene in scenes)
    times = field.times[field.times >= first]
    if not winds.known or winds.period < field.period or not len(times):
        return None
    return PathBook.make(winds, field.x, field.y, times, field.period, material.spacing, options.footprint)


def _reweighed(judged: Judged, plan: _Plan, facts: Mapping[str, Sequence[Reason]]) -> Judged:
    """The same with what became known besides."""
    found = judged.found
    lively = np.array([total(plan.with_own(facts).get(one.code, ())) for one in plan.candidates])
    share = found.probability * np.exp(lively) if len(plan.candidates) else found.probability
    whole = float(share.sum()) + found.unknown + found.nothing
    return replace(
        judged,
        found=replace(
            found, probability=share / whole, unknown=found.unknown / whole, nothing=found.nothing / whole,
            lattice=found.lattice / whole,
        ),
    )  # fmt: skip


def _focus(material: Material, question: Question, options: Numbers) -> int | None:
    """The column of the station that is asked about; None where the whole network is."""
    field = material.field
    if question.station is not None:
        return field.column.get(question.station)
    start = question.start if question.start is not None else question.end - field.period * 2
    if question.lon is None or question.lat is None:
        return None if question.start is not None else hottest(material, start, question.end, options)
    x, y = field.plane.xy([question.lon], [question.lat])
    far = np.hypot(field.x - x[0], field.y - y[0])
    near = np.flatnonzero(far <= max(1.5 * material.spacing, float(far.min())))
    return hottest(material, start, question.end, options, near.tolist()) if near.size else int(far.argmin())


def _places(material: Material, candidates: Sequence[Candidate]) -> tuple[Floats, Floats]:
    return material.field.plane.xy([one.lon for one in candidates], [one.lat for one in candidates])


def _near(
    conn: Connection, material: Material, column: int | None, question: Question, options: Numbers
) -> Sequence[Candidate]:
    """The candidates: the whole inventory where it is small, else those about the station that is asked about."""
    if count_candidates(conn) <= options.locate.most:
        return read_candidates(conn, question.language)
    if column is None:
        start = question.start if question.start is not None else question.end - material.field.period
        column = hottest(material, start, question.end, options)
    if column is None:
        every = _inventory(conn, material, range(len(material.field.stations)), question.language, options)
        return every[: options.locate.most]
    every = _inventory(conn, material, [column], question.language, options)
    x, y = _places(material, every)
    return [every[index] for index in _nearest(material, column, x, y, options)]


def _scaled(material: Material, candidates: Sequence[Candidate], options: Numbers) -> Material:
    """The same, its lengths no shorter than the usual way from a source to a station.

    Sensors may stand in pairs, or along a fence: their spacing alone says little of the ground between them.
    """
    if not candidates:
        return material
    x, y = _places(material, candidates)
    field = material.field
    far = np.hypot(x[:, None] - field.x, y[:, None] - field.y).min(axis=1)
    scale = float(np.clip(np.median(far), material.spacing, options.locate.stretch * material.spacing))
    return replace(material, spacing=scale)


def _inventory(
    conn: Connection, material: Material, columns: Sequence[int], language: Language, options: Numbers
) -> Sequence[Candidate]:
    """The sources within reach of these stations."""
    reach = options.footprint.reach * material.spacing
    boxes = np.array([box_about(material.field.lon[c], material.field.lat[c], reach) for c in columns])
    west, south, east, north = boxes[:, 0].min(), boxes[:, 1].min(), boxes[:, 2].max(), boxes[:, 3].max()
    return read_candidates(conn, language, box=(float(west), float(south), float(east), float(north)))


def _nearest(material: Material, column: int, x: Floats, y: Floats, options: Numbers) -> list[int]:
    far = np.hypot(x - material.field.x[column], y - material.field.y[column])
    order = np.argsort(far, kind="stable")
    inside = order[far[order] <= options.footprint.reach * material.spacing]
    return [int(index) for index in inside[: options.locate.most]]


@dataclass(frozen=True)
class _Plan:
    """A question, ready to be judged."""

    scene: Scene
    candidates: Sequence[Candidate]
    x: Floats
    y: Floats
    rose: Signature | None
    fits: Floats
    """How many times likelier the signature makes each candidate, as a natural logarithm."""
    column: int | None
    own: str
    """The source at which the station stands that is asked about."""

    def with_own(self, facts: Mapping[str, Sequence[Reason]]) -> Mapping[str, Sequence[Reason]]:
        """Facts, with the one that the station stands at its source."""
        if not self.own:
            return facts
        stands = reason("own_station", raw()["activity"]["own_station"])
        return {**facts, self.own: [*facts.get(self.own, ()), stands]}

    def prior(self, facts: Mapping[str, Sequence[Reason]]) -> Floats:
        """Each candidate's weight before the readings."""
        known = self.with_own(facts)
        return np.asarray(
            np.exp(self.fits + np.array([total(known.get(one.code, ())) for one in self.candidates]))
        )


def _plan(
    material: Material,
    question: Question,
    column: int | None,
    candidates: Sequence[Candidate],
    options: Numbers,
    told: Increments | None = None,
) -> _Plan:
    field = material.field
    start = _start(material, question, column, options, told)
    scene = Scene(
        field.times, field.period, material.values(), field.x, field.y, material.spacing, material.winds, start,
        question.end, column, begun=question.start is not None and column is None,
    )  # fmt: skip
    rose = None
    if column is not None:
        rose = because.signature_at(material, column, start, question.end, options)
    fits = np.array([compare(rose, one.kind, one.industry) if rose else 0.0 for one in candidates])
    x, y = _places(material, candidates)
    own = field.stations[column].source if column is not None else ""
    return _Plan(scene, candidates, x, y, rose, fits, column, own)


def _judged(
    plan: _Plan,
    facts: Mapping[str, Sequence[Reason]],
    options: Numbers,
    book: PathBook | None = None,
) -> Judged:
    # Where a city is judged at once, what is known besides is weighed in afterwards, for those that count.
    prior = plan.prior(facts) if book is None else np.exp(plan.fits)
    return judge(plan.scene, plan.x, plan.y, prior, options, book=book)


def _composed(
    city: City,
    question: Question,
    material: Material,
    plan: _Plan,
    judged: Judged,
    facts: Mapping[str, Sequence[Reason]],
    options: Numbers,
    told: int | None = None,
) -> Answer:
    seen = plan.column if plan.column is not None else because.seen_from(judged)
    ranked = _ranked(material, plan, judged, facts, seen, question.language, told)
    return because.answer(
        question,
        city,
        material,
        plan.scene,
        judged,
        ranked,
        plan.column,
        seen,
        plan.rose,
        options,
        brief=told is not None,
    )


def _start(
    material: Material, question: Question, column: int | None, options: Numbers, told: Increments | None
) -> int:
    """When the window begins: as it was asked, or when the station began to rise."""
    start = question.start
    if start is None and column is not None:
        start = spell(told or recent(material, question.end, options), column, question.end, options)
    elif start is None:
        start = question.end - material.field.period
    return max(start, int(material.field.times[0]))


def _ranked(
    material: Material,
    plan: _Plan,
    judged: Judged,
    facts: Mapping[str, Sequence[Reason]],
    seen: int,
    language: Language,
    told: int | None,
) -> tuple[Ranked, ...]:
    """The candidates with their evidence; only the first ``told`` of them get it in words."""
    found, prior, known = judged.found, plan.prior(facts), plan.with_own(facts)
    share = prior / prior.sum() if len(prior) else prior
    rows = []
    usual = because.usual_of(found.log_evidence)
    for rank, index in enumerate(np.argsort(-found.probability, kind="stable").tolist()):
        one = plan.candidates[index]
        dx, dy = plan.x[index] - material.field.x[seen], plan.y[index] - material.field.y[seen]
        far, turn = float(np.hypot(dx, dy)), float(np.degrees(np.arctan2(dx, dy)) % 360.0)
        reasons: list[Reason] = []
        if told is None or rank < told:
            reasons += because.of_air(material, judged, index, far, turn, language, usual)
            if plan.rose is not None:
                reasons += signs(plan.rose, one.kind, one.industry, float(plan.fits[index]))
            reasons += known.get(one.code, ())
        rows.append(
            Ranked(one, float(found.probability[index]), float(share[index]), far, turn, ordered(reasons))
        )
    return tuple(rows)
