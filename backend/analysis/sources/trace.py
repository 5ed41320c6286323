"""Tracing 污染溯源: from a question about a station, a place or an interval to a ranked answer with its evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection

from backend.analysis.geo import Floats
from backend.analysis.sources import because
from backend.analysis.sources.activity import activity, total
from backend.analysis.sources.answer import Answer, Ranked, ordered
from backend.analysis.sources.candidates import Candidate, box_about, read_candidates
from backend.analysis.sources.numbers import Numbers, numbers, raw
from backend.analysis.sources.reading import Material, hottest, read, spell
from backend.analysis.sources.reasons import Reason, reason
from backend.analysis.sources.scene import Judged, Scene, judge
from backend.analysis.sources.signature import Signature, compare, told
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
    return _answered(conn, city, question, material, column, candidates, options)


def trace_many(
    conn: Connection, city: City, parameter: str, end: int, stations: Sequence[int], language: Language = "zh"
) -> list[Answer]:
    """Answer for several stations at one instant, reading the store once: a city's hot stations of an hour."""
    options = numbers()
    material = read(conn, city, parameter, start=None, end=end, numbers=options)
    columns = [material.field.column[number] for number in stations if number in material.field.column]
    if not columns:
        return []
    every = _inventory(conn, material, columns, language, options)
    x, y = _places(material, every)
    facts: dict[str, Sequence[Reason]] | None = None
    found = []
    for column in columns:
        near = _nearest(material, column, x, y, options)
        chosen = [every[index] for index in near]
        if facts is None:
            # Of all at once: a question for each source would be as many as there are sources.
            facts = dict(activity(conn, city, every, parameter, end - 3 * material.field.period, end))
        asked = Question(parameter, end, None, material.field.stations[column].id, language=language)
        found.append(
            _answered(conn, city, asked, material, column, chosen, options, facts=facts, whole_city=True)
        )
    return found


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
    if column is None:
        every = _inventory(conn, material, range(len(material.field.stations)), question.language, options)
        if len(every) <= options.locate.most:
            return every
        # Too many to weigh all alike: those about the station that stands out.
        start = question.start if question.start is not None else question.end - material.field.period
        column = hottest(material, start, question.end, options)
    else:
        every = _inventory(conn, material, [column], question.language, options)
    if column is None or not every:
        return every[: options.locate.most]
    x, y = _places(material, every)
    return [every[index] for index in _nearest(material, column, x, y, options)]


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


def _answered(
    conn: Connection,
    city: City,
    question: Question,
    material: Material,
    column: int | None,
    candidates: Sequence[Candidate],
    options: Numbers,
    *,
    facts: Mapping[str, Sequence[Reason]] | None = None,
    whole_city: bool = False,
) -> Answer:
    field = material.field
    start = _start(material, question, column, options)
    scene = Scene(
        field.times, field.period, material.values(), field.x, field.y, material.spacing, material.winds, start,
        question.end, column, begun=question.start is not None and column is None,
    )  # fmt: skip
    known = facts
    if known is None:
        known = activity(conn, city, candidates, question.parameter, start, question.end)
    rose = None
    if column is not None:
        rose = because.signature_at(material, column, start, question.end, options)
        if own := field.stations[column].source:
            stands = reason("own_station", raw()["activity"]["own_station"])
            known = {**known, own: [*known.get(own, ()), stands]}
    fits = np.array([compare(rose, one.kind, one.industry) if rose else 0.0 for one in candidates])
    prior = np.exp(fits + np.array([total(known.get(one.code, ())) for one in candidates]))
    x, y = _places(material, candidates)
    judged = judge(scene, x, y, prior, options, whole_city=whole_city)
    seen = column if column is not None else because.seen_from(judged)
    ranked = _ranked(material, candidates, judged, prior, known, rose, fits, seen, x, y, question.language)
    return because.answer(question, city, material, scene, judged, ranked, column, seen, rose, options)


def _start(material: Material, question: Question, column: int | None, options: Numbers) -> int:
    """When the window begins: as it was asked, or when the station began to rise."""
    start = question.start
    if start is None and column is not None:
        start = spell(material, column, question.end, options)
    elif start is None:
        start = question.end - material.field.period
    return max(start, int(material.field.times[0]))


def _ranked(
    material: Material,
    candidates: Sequence[Candidate],
    judged: Judged,
    prior: Floats,
    known: Mapping[str, Sequence[Reason]],
    rose: Signature | None,
    fits: Floats,
    seen: int,
    x: Floats,
    y: Floats,
    language: Language,
) -> tuple[Ranked, ...]:
    found = judged.found
    share = prior / prior.sum() if len(prior) else prior
    rows = []
    for index in np.argsort(-found.probability, kind="stable"):
        one = candidates[index]
        dx, dy = x[index] - material.field.x[seen], y[index] - material.field.y[seen]
        far, turn = float(np.hypot(dx, dy)), float(np.degrees(np.arctan2(dx, dy)) % 360.0)
        reasons: list[Reason] = because.of_air(material, judged, int(index), far, turn, language)
        if rose is not None:
            reasons += told(rose, one.kind, one.industry, float(fits[index]))
        reasons += known.get(one.code, ())
        rows.append(
            Ranked(one, float(found.probability[index]), float(share[index]), far, turn, ordered(reasons))
        )
    return tuple(rows)
