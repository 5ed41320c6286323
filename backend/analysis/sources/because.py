"""What an answer rests on: the evidence of the air, the witnesses, the wind, the path back, and what is to be told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from backend.analysis.field import Field
from backend.analysis.geo import Floats
from backend.analysis.sources.answer import Answer, PathPoint, Ranked, WindHour, Witness
from backend.analysis.sources.increments import increments
from backend.analysis.sources.numbers import Numbers, raw
from backend.analysis.sources.reading import Material, own_of
from backend.analysis.sources.reasons import Reason, reason
from backend.analysis.sources.scene import Judged, Scene, lattice
from backend.analysis.sources.signature import FIVE, Rise, Signature, signature
from backend.analysis.sources.trajectory import back
from backend.city.called import said
from backend.city.registry import City, StationRow
from backend.words import Message
from backend.words.say import Language

if TYPE_CHECKING:
    from backend.analysis.sources.trace import Question

WIND_ROWS = 12
NAMED = 2
"""Stations that are named for, and against."""


def seen_from(judged: Judged) -> int:
    """Where no station is asked about: the one that shows most."""
    if not judged.heard.size:
        return 0
    mean = np.where(np.isfinite(judged.above), judged.above, 0.0).mean(axis=0)
    return int(judged.heard[int(mean.argmax())]) if mean.size else 0


def of_air(
    material: Material,
    judged: Judged,
    index: int,
    distance: float,
    turn: float,
    language: Language,
    usual: float,
) -> list[Reason]:
    """What readings and wind say of a candidate, beside the ``usual`` one of them."""
    options, found = raw()["answer"], judged.found
    if not judged.heard.size:
        return []
    weight = float(found.log_evidence[index]) - usual
    percent = round(100 * float(found.explained[index]))
    code = "fits" if weight > 0 else "misfits"
    if not judged.windy:
        code = "near" if weight > 0 else "far"
    elif not _stands(judged).any():
        code += ".quiet"
    reasons = [reason(code, weight, percent=percent, km=_km(distance), direction=round(turn))]
    if judged.windy and found.touch[index] > 0:
        reasons.append(reason("stack", 0.0, km=_km(float(found.touch[index]))))
    words = found.by_station[:, index]
    stations = [material.field.stations[column] for column in judged.heard]
    for high in (True, False):
        part = [
            place for place in np.argsort(-words if high else words) if _counts(words[place], high, options)
        ]
        if not part:
            continue
        names = " / ".join(_called(stations[place], language) for place in part[:NAMED])
        side = "heard" if high else "silent"
        # The stations' words are what the fit is made of: told, and not counted twice.
        reasons.append(reason(side, 0.0, count=len(part), of=len(stations), names=names))
    return reasons


def _called(station: StationRow, language: Language) -> str:
    name = said(station, language)
    return name if name == station.code else f"{name} {station.code}"


def _counts(word: float, high: bool, options: dict[str, float]) -> bool:
    return word >= options["station_word"] if high else word <= -options["station_word"]


def usual_of(log: Floats) -> float:
    """What the evidence of an average candidate is: above it speaks for a source, below against."""
    if not log.size:
        return 0.0
    top = float(log.max())
    return float(top + np.log(np.exp(log - top).mean()))


def _km(metres: float) -> str:
    return f"{metres / 1000:.1f} km" if metres >= 1000 else f"{metres:.0f} m"


def signature_at(material: Material, column: int, start: int, end: int, options: Numbers) -> Signature | None:
    """What rose at a station together with the parameter; None where there is nothing beside it."""
    if material.parameter not in FIVE:
        return None
    rises: dict[str, Rise] = {}
    number = material.field.stations[column].id
    for name in FIVE:
        field = material.field if name == material.parameter else material.beside
        if field is None or number not in field.column:
            continue
        near = _around(field, field.column[number], options)
        place, values = 0, field.values[name][:, near].astype(np.float64)
        inside = (field.times >= start) & (field.times < end)
        own = values[inside, place]
        if not np.isfinite(own).any() or float(np.nanmax(own)) <= 0 or _dead(values[:, place]):
            continue
        told = increments(field.times, field.period, values, start, end, options.increment)
        above = told.above[:, place]
        if not np.isfinite(above).any():
            continue
        usual = float(np.nanmedian(values[inside])) if np.isfinite(values[inside]).any() else 0.0
        scatter = float(np.nan_to_num(told.scatter[place]))
        rises[name] = Rise(float(np.nanmean(above)), scatter, float(np.nanmean(own)), usual)
    return signature(rises) if rises else None


def _around(field: Field, column: int, options: Numbers) -> NDArray[np.intp]:
    """A station's column, then those of its nearest neighbours."""
    far = np.hypot(field.x - field.x[column], field.y - field.y[column])
    beside = own_of(field)
    beside[column] = False
    far[column] = -1.0
    order = np.argsort(far, kind="stable")
    return np.asarray(order[~beside[order]][: options.locate.stations])


def _dead(values: Floats) -> bool:
    """Whether an instrument says one thing all the time."""
    known = values[np.isfinite(values)]
    return known.size >= 6 and float(known.max() - known.min()) == 0.0


def answer(
    question: Question,
    city: City,
    material: Material,
    scene: Scene,
    judged: Judged,
    ranked: tuple[Ranked, ...],
    column: int | None,
    seen: int,
    rose: Signature | None,
    options: Numbers,
    *,
    brief: bool = False,
) -> Answer:
    """Put an answer together; a brief one has no path, which is asked for where somebody looks."""
    field, winds = material.field, scene.winds
    here = field.stations[seen]
    calm = winds.calm_share(scene.start, scene.end) if winds.known else float("nan")
    parameter = city.parameter(question.parameter)
    x, y = field.plane.xy([one.source.lon for one in ranked], [one.source.lat for one in ranked])
    return Answer(
        parameter=question.parameter,
        unit=parameter.unit if parameter is not None else "",
        station=here.code if column is not None else "",
        place=said(here, question.language),
        lon=float(field.lon[seen]),
        lat=float(field.lat[seen]),
        start=scene.start,
        end=scene.end,
        period=field.period,
        spacing=material.spacing,
        ranked=ranked,
        unknown=judged.found.unknown,
        nothing=judged.found.nothing,
        unknown_at=_unknown_at(material, scene, judged, x, y, options),
        windy=judged.windy,
        calm=calm if np.isfinite(calm) else None,
        wind_points=len(winds.codes),
        gridded=winds.gridded,
        winds=_winds(scene, seen),
        path=_path(material, scene, seen, options) if judged.windy and not brief else (),
        witnesses=_witnesses(material, judged, seen, question.language),
        signature=rose,
        notes=_notes(
            material,
            scene,
            judged,
            ranked,
            column,
            _dead_of(city, material, judged, rose),
            options,
            question.language,
        ),
        numbers=options.effective,
    )


def _unknown_at(
    material: Material, scene: Scene, judged: Judged, x: Floats, y: Floats, options: Numbers
) -> tuple[float, float, float] | None:
    heard = judged.heard
    cells = judged.found.lattice
    if not cells.size or not heard.size:
        return None
    places = lattice(scene, scene.x[heard], scene.y[heard], x, y, judged.cells, options)
    best = int(cells.argmax())
    lon, lat = material.field.plane.lonlat([places[0][best]], [places[1][best]])
    return float(lon[0]), float(lat[0]), float(cells[best])


def _winds(scene: Scene, seen: int) -> tuple[WindHour, ...]:
    winds = scene.winds
    if not winds.known:
        return ()
    last = winds.times[(winds.times < scene.end)]
    step = max(1, scene.period // winds.period)
    # Minutes are told by tens: nobody reads sixty lines.
    step = max(step, 600 // winds.period if winds.period < 600 else 1)
    chosen = last[::-1][::step][:WIND_ROWS]
    at = chosen.astype(np.float64) + winds.period / 2
    u, v, _ = winds.at(np.full(len(at), scene.x[seen]), np.full(len(at), scene.y[seen]), at)
    rows = []
    for start, east, north in zip(chosen.tolist(), u, v, strict=True):
        if not np.isfinite(east):
            rows.append(WindHour(int(start), None, None))
            continue
        speed = float(np.hypot(east, north))
        origin = float(np.degrees(np.arctan2(-east, -north)) % 360.0)
        rows.append(WindHour(int(start), speed, origin if speed >= winds.numbers.calm else None))
    return tuple(rows)


def _path(material: Material, scene: Scene, seen: int, options: Numbers) -> tuple[PathPoint, ...]:
    at = np.array([scene.end - scene.period / 2])
    x, y = scene.x[seen : seen + 1], scene.y[seen : seen + 1]
    paths = back(scene.winds, x, y, at, material.spacing, options.footprint)
    known = np.flatnonzero(np.isfinite(paths.spread[:, 0]))
    chosen = known[1::2] if known.size > 8 else known
    lon, lat = material.field.plane.lonlat(paths.x[chosen, 0], paths.y[chosen, 0])
    rows = []
    for place, step in enumerate(chosen):
        dx, dy = paths.x[step, 0] - x[0], paths.y[step, 0] - y[0]
        rows.append(
            PathPoint(
                int(paths.age[step, 0]), float(lon[place]), float(lat[place]), float(np.hypot(dx, dy)),
                float(np.degrees(np.arctan2(dx, dy)) % 360.0), float(paths.spread[step, 0]),
            )
        )  # fmt: skip
    return tuple(rows)


def _witnesses(material: Material, judged: Judged, seen: int, language: Language) -> tuple[Witness, ...]:
    field, told = material.field, judged.increments
    first, last = (told.times[0], told.times[-1]) if len(told.times) else (1, 0)
    readings = material.readings[(field.times >= first) & (field.times <= last)]
    values, above = _means(readings[:, judged.heard]), _means(judged.above)
    rows = []
    for place, column in enumerate(judged.heard):
        row = field.stations[column]
        rows.append(
            Witness(
                row.code, said(row, language), float(field.lon[column]), float(field.lat[column]),
                _known(values[place]),
                _known(above[place]),
                float(np.nan_to_num(told.scatter[place])),
                float(np.hypot(field.x[column] - field.x[seen], field.y[column] - field.y[seen])),
            )
        )  # fmt: skip
    return tuple(sorted(rows, key=lambda one: -(one.above if one.above is not None else -1e9)))


def _means(values: Floats) -> Floats:
    """Each column's mean of what is known, (S,); NaN where nothing is."""
    known = np.isfinite(values)
    count = known.sum(axis=0)
    total = np.where(known, values, 0.0).sum(axis=0)
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1), np.nan))


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _notes(
    material: Material,
    scene: Scene,
    judged: Judged,
    ranked: tuple[Ranked, ...],
    column: int | None,
    dead: Sequence[str],
    options: Numbers,
    language: Language,
) -> tuple[Message, ...]:
    """What a reader must know before they believe the answer."""
    notes: list[Message] = []
    if not ranked:
        notes.append(
            Message("sources.note.no_candidates", {"km": _km(options.footprint.reach * scene.spacing)})
        )
    winds = scene.winds
    if not winds.known:
        notes.append(Message("sources.note.no_wind"))
    elif not judged.windy:
        notes.append(Message("sources.note.wind_gap"))
    else:
        calm = winds.calm_share(scene.start, scene.end)
        if np.isfinite(calm) and calm >= 0.5:
            notes.append(Message("sources.note.calm", {"percent": round(100 * calm)}))
        gaps = winds.gaps(scene.start, scene.end)
        if gaps:
            notes.append(Message("sources.note.wind_gaps", {"count": gaps}))
    if 0 < len(judged.heard) < 3:
        notes.append(Message("sources.note.few", {"count": len(judged.heard)}))
    notes += _of_signal(material, judged, column, language)
    told = raw()["answer"]
    several = ranked[: int(told["spread_of"])]
    if judged.windy and len(ranked) > len(several) and several[0].probability < told["spread"]:
        percent = round(100 * sum(one.probability for one in several))
        notes.append(Message("sources.note.spread", {"count": len(several), "percent": percent}))
    if material.suspect and judged.heard.size:
        notes.append(Message("sources.note.suspect"))
    if dead:
        notes.append(Message("sources.note.dead", {"parameters": " ".join(dead)}))
    return tuple(notes)


def _dead_of(city: City, material: Material, judged: Judged, rose: Signature | None) -> list[str]:
    """Factors of the signature that said nothing though somebody near by measures them."""
    if rose is None or not rose.dead:
        return []
    measured: set[int] = set()
    for column in judged.heard:
        measured |= {one.parameter for one in city.measures.get(material.field.stations[column].id, ())}
    rows = ((name, city.parameter(name)) for name in rose.dead)
    return [name for name, row in rows if row is not None and row.id in measured]


def _stands(judged: Judged, times: float = 1.0) -> NDArray[np.bool_]:
    """Which of the stations heard stood above so many times their scatter, on average over the time."""
    told = judged.increments
    mean = _means(told.above)
    return np.asarray(np.where(np.isfinite(mean), mean, -np.inf) > times * np.maximum(told.scatter, 1e-9))


def _of_signal(material: Material, judged: Judged, column: int | None, language: Language) -> list[Message]:
    told = judged.increments
    if not told.above.size or not judged.heard.size:
        return [Message("sources.note.no_readings")]
    stands = _stands(judged)
    if not stands.any():
        return [Message("sources.note.no_signal")]
    heard = judged.heard.tolist()
    if column is not None and column in heard:
        own = heard.index(column)
        lone = raw()["answer"]["lone"]
        if _stands(judged, lone)[own] and int(stands.sum()) == 1 and len(heard) >= 3:
            return [Message("sources.note.lone")]
        if not stands[own]:
            most = material.field.stations[heard[int(np.nan_to_num(_means(told.above)).argmax())]]
            return [Message("sources.note.own_quiet", {"name": _called(most, language)})]
    return []
