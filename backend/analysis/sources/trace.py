"""Tracing 污染溯源: from a question about a station, a place or an interval to a ranked answer with its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from sqlalchemy import Connection

from backend.analysis.sources.activity import activity
from backend.analysis.sources.answer import Answer
from backend.analysis.sources.candidates import Candidate, box_about, count_candidates, read_candidates
from backend.analysis.sources.numbers import Numbers, numbers, raw
from backend.analysis.sources.plan import Plan, Question, places
from backend.analysis.sources.reading import Material, hottest, own_of, read, sites_near, with_beside
from backend.city.registry import City
from backend.words.say import Language

__all__ = ["Question", "trace"]


def trace(conn: Connection, city: City, question: Question) -> Answer | None:
    """Answer a question; None where nobody measures that parameter anywhere."""
    options = numbers()
    foci = (question.station,) if question.station is not None else ()
    material = read(
        conn, city, question.parameter, start=question.start, end=question.end, numbers=options, foci=foci
    )
    if not material.field.stations or not len(material.field.times):
        return None
    column = _focus(material, question, options)
    lead = column if column is not None else _loudest(material, question, options)
    if question.station is None and lead is not None:
        material, column, lead = _with_sites(conn, city, material, question, column, lead, options)
    candidates = _near(conn, material, column, question, options)
    material = scaled(material, candidates, options)
    if lead is not None:
        material = with_beside(conn, city, material, [lead], options)
    plan = Plan.of(material, question, column, candidates, options, lead=lead)
    facts = activity(conn, city, candidates, question.parameter, plan.scene.start, question.end)
    return plan.answer(city, plan.judged(facts, options), facts, options)


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


def _loudest(material: Material, question: Question, options: Numbers) -> int | None:
    """The station that shows most where the whole network is asked: what rises together is looked at there."""
    start = question.start if question.start is not None else question.end - material.field.period
    return hottest(material, start, question.end, options)


def _with_sites(
    conn: Connection,
    city: City,
    material: Material,
    question: Question,
    column: int | None,
    lead: int,
    options: Numbers,
) -> tuple[Material, int | None, int]:
    """The same with the instruments at sources around the station from which a place or a network is seen.

    A question by a station has them at once; here it must first be known where to look.
    """
    number = material.field.stations[lead].id
    if not sites_near(city, question.parameter, (number,), options.locate.sites):
        return material, column, lead
    found = read(
        conn,
        city,
        question.parameter,
        start=question.start,
        end=question.end,
        numbers=options,
        foci=(number,),
    )
    if number not in found.field.column:
        return material, column, lead
    lead = found.field.column[number]
    if question.lon is not None and question.lat is not None:
        # An instrument at a source that stands at the very place is what is asked about, where it shows more.
        x, y = found.field.plane.xy([question.lon], [question.lat])
        far = np.hypot(found.field.x - x[0], found.field.y - y[0])
        here = own_of(found.field) & (far <= raw()["answer"]["at_place"] * material.spacing)
        start = question.start if question.start is not None else question.end - found.field.period * 2
        among = [lead, *np.flatnonzero(here).tolist()]
        loudest = hottest(found, start, question.end, options, among) if here.any() else lead
        lead = lead if loudest is None else loudest
    return found, lead if column is not None else None, lead


def _near(
    conn: Connection, material: Material, column: int | None, question: Question, options: Numbers
) -> Sequence[Candidate]:
    """The candidates: the whole inventory where it is small, else those about the station that is asked about."""
    if count_candidates(conn) <= options.locate.most:
        return read_candidates(conn, question.language)
    if column is None:
        column = _loudest(material, question, options)
    if column is None:
        # Nobody measured anything: what lies about the first station is as good as any.
        column = 0
    return _inventory(conn, material, column, question.language, options)


def scaled(material: Material, candidates: Sequence[Candidate], options: Numbers) -> Material:
    """The same, its lengths no shorter than the usual way from a source to a station.

    Sensors may stand in pairs, or along a fence: their spacing alone says little of the ground between them.
    """
    if not candidates:
        return material
    x, y = places(material, candidates)
    field = material.field
    open_air = ~own_of(field)
    open_air = open_air if open_air.any() else ~open_air
    far = np.hypot(x[:, None] - field.x[open_air], y[:, None] - field.y[open_air]).min(axis=1)
    scale = float(np.clip(np.median(far), material.spacing, options.locate.stretch * material.spacing))
    return replace(material, spacing=scale)


def _inventory(
    conn: Connection, material: Material, column: int, language: Language, options: Numbers
) -> Sequence[Candidate]:
    """The sources within reach of a station, the nearest first, no more than are weighed."""
    field, reach = material.field, options.footprint.reach * material.spacing
    box = box_about(float(field.lon[column]), float(field.lat[column]), reach)
    every = read_candidates(conn, language, box=box)
    x, y = places(material, every)
    far = np.hypot(x - field.x[column], y - field.y[column])
    order = np.argsort(far, kind="stable")
    return [every[index] for index in order[far[order] <= reach][: options.locate.most].tolist()]
