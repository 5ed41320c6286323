"""Where it comes from 污染溯源: the door to tracing for screens and the command line, and the act that follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, func, select

from backend.alarms.tables import Alarm
from backend.city.registry import City
from backend.city.tables import Department
from backend.desk.desk import Desk
from backend.desk.leftout import left_out
from backend.desk.naming import names
from backend.desk.sending import HolderRow, candidates
from backend.incidents.tables import Incident
from backend.store import table
from backend.store.tables import Latest
from backend.tasks.tables import Task
from backend.words import Message

if TYPE_CHECKING:
    from backend.analysis.sources.answer import Answer
    from backend.analysis.sources.cpf import Directions
    from backend.analysis.sources.numbers import CpfNumbers

ALARM, DEPARTMENT, INCIDENT, LATEST, TASK = (
    table(Alarm), table(Department), table(Incident), table(Latest), table(Task),
)  # fmt: skip
MEANT = 3
"""Grids that are named where there is none of the code that was given."""
TOLD = 12
"""Candidates of a page of whom it is told whom one would send; the rest have next to no share."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, settled: which station or place, which parameter, which time."""

    parameter: str
    end: int
    start: int | None = None
    station: int | None = None
    lon: float | None = None
    lat: float | None = None
    incident: str = ""


class SourcesError(Exception):
    """It can't be asked so; ``message`` says why."""

    def __init__(self, code: str, /, **args: str | int) -> None:
        super().__init__(code)
        self.message = Message(code, args)


def asked(
    desk: Desk,
    *,
    station: str = "",
    grid: str = "",
    alarm: int | None = None,
    lon: float | None = None,
    lat: float | None = None,
    parameter: str = "",
    at: int | None = None,
    since: int | None = None,
    until: int | None = None,
) -> Asked:
    """Settle a question; at most one of station, grid, alarm and a position is given, none asks the whole network.

    Args:
        at: the instant; what ended before it is known. Now where None, or an interval's end.
        since, until: an interval that is judged as a whole.

    Raises:
        SourcesError: no such station, grid, alarm, parameter, a position far from the city, or an interval that ends
            before it begins.
    """
    end = min(moment for moment in (until, at, desk.now) if moment is not None)
    if since is not None and since >= end:
        raise SourcesError("sources.refused.interval")
    with desk.store.read() as connection:
        city = City.read(connection)
        where = _where(connection, city, station, grid, alarm)
        number = where.station
        parameter = parameter or where.parameter or _usual(connection, city, number)
        measured = _traceable(city, parameter, station)
        _within(city, lon, lat)
        if at is None and until is None:
            end = min(end, where.end or _newest(connection, measured, number) or end)
    if where.lon is not None:
        lon, lat = where.lon, where.lat
    return Asked(parameter, end, since, number, lon, lat, where.incident)


class _Where(NamedTuple):
    """Where a question looks from, and what it says of itself."""

    station: int | None = None
    lon: float | None = None
    lat: float | None = None
    parameter: str = ""
    end: int | None = None
    incident: str = ""


def _where(connection: Any, city: City, station: str, grid: str, alarm: int | None) -> _Where:
    if alarm is not None:
        row = connection.execute(select(ALARM).where(ALARM.c.id == alarm)).first()
        if row is None:
            raise SourcesError("desk.no_alarm")
        if row.station is None:
            raise SourcesError("sources.refused.no_station")
        known = city.parameters.get(row.parameter or 0)
        end = max(row.last, row.began) + row.period
        found = _Where(row.station, parameter=known.code if known else "", end=end, incident=row.incident)
    elif station:
        named = city.station(station)
        if named is None:
            raise SourcesError("cli.no_such_station", code=station)
        found = _Where(named.id)
    elif grid:
        held = city.grids.get(grid)
        if held is None or held.lon is None or held.lat is None:
            raise SourcesError("sources.refused.grid", code=grid, known=", ".join(_grids_like(city, grid)))
        found = _Where(lon=held.lon, lat=held.lat)
    else:
        return _Where()
    place = city.stations.get(found.station) if found.station is not None else None
    if place is not None and (place.lon is None or place.lat is None):
        raise SourcesError("sources.refused.no_place", code=place.code)
    return found


def _grids_like(city: City, code: str) -> list[str]:
    """Grids that may have been meant: codes that are nearly the same, else the highest there are."""
    placed = sorted(
        (row.level, row.code) for row in city.grids.values() if row.in_service and row.lon is not None
    )
    codes = [known for _, known in placed]
    return get_close_matches(code, codes, MEANT) or codes[:MEANT]


def _within(city: City, lon: float | None, lat: float | None) -> None:
    """A position is asked about only where it is in the city's box, or no further beside it than the box is wide."""
    if lon is None or lat is None or city.bounds is None:
        return
    west, south, east, north = city.bounds
    if not (2 * west - east <= lon <= 2 * east - west and 2 * south - north <= lat <= 2 * north - south):
        raise SourcesError("sources.refused.far_place", lon=f"{lon:g}", lat=f"{lat:g}")


def _traceable(city: City, parameter: str, station: str) -> int:
    """The number of a parameter that comes by air."""
    from backend.analysis.sources.numbers import raw

    if station and not parameter:
        raise SourcesError("sources.refused.none_here", code=station)
    measured = city.parameter(parameter)
    if measured is None:
        codes = {city.parameters[one.parameter].code for some in city.measures.values() for one in some}
        known = ", ".join(sorted(codes - set(raw()["answer"]["never"])))
        raise SourcesError("sources.refused.parameter", code=parameter, known=known)
    if parameter in raw()["answer"]["never"]:
        raise SourcesError("sources.refused.not_air", code=parameter)
    named = city.station(station) if station else None
    own = city.measures.get(named.id, ()) if named is not None else ()
    if own and all(one.parameter != measured.id for one in own):
        raise SourcesError("sources.refused.not_here", code=station, parameter=parameter)
    return measured.id


def _usual(connection: Any, city: City, station: int | None) -> str:
    """What is asked about where nothing is named: the first of these that the station, or anybody, measures."""
    from backend.analysis.sources.numbers import raw

    having = [station] if station is not None else list(city.stations)
    measured = {measure.parameter for number in having for measure in city.measures.get(number, ())}
    if not measured:
        query = select(LATEST.c.parameter).distinct()
        if station is not None:
            query = query.where(LATEST.c.station == station)
        measured = set(connection.execute(query).scalars())
    codes = {city.parameters[number].code for number in measured if number in city.parameters}
    for code in raw()["answer"]["first"]:
        if code in codes:
            return str(code)
    return min(codes - set(raw()["answer"]["never"]), default="")


def _newest(connection: Any, parameter: int, station: int | None) -> int | None:
    """When the newest reading ended: where nothing comes any more, what came last is asked about."""
    query = select(func.max(LATEST.c.start + LATEST.c.period)).where(LATEST.c.parameter == parameter)
    if station is not None:
        query = query.where(LATEST.c.station == station)
    found = connection.execute(query).scalar()
    return None if found is None else int(found)


def trace_then(desk: Desk, question: Asked) -> Answer | None:
    """The answer by what was known at the instant; None where nobody measures that parameter."""
    from backend.analysis.known import as_then

    with as_then():
        return trace(desk, question)


def trace(desk: Desk, question: Asked) -> Answer | None:
    """The answer by the readings as the checks hold them now; None where nobody measures that parameter."""
    from backend.analysis.sources import trace as room

    with desk.store.read() as connection:
        city = City.read(connection)
        answer = room.trace(
            connection, city,
            room.Question(
                question.parameter, question.end, question.start, question.station, question.lon, question.lat,
                desk.language,
            ),
        )  # fmt: skip
        if answer is None:
            return None
        return replace(answer, notes=(*answer.notes, *_left_out(connection, city, question, answer)))


def _left_out(connection: Connection, city: City, question: Asked, answer: Answer) -> list[Message]:
    """What came in the window and had no say."""
    from backend.analysis.sources.numbers import raw

    known = city.parameter(question.parameter)
    if known is None:
        return []
    sited = raw()["answer"]["at_source"]
    asked = {number: row for number, row in city.stations.items() if row.placed and row.kind not in sited}
    if question.station is not None:
        asked = {question.station: city.stations[question.station]}
    told = left_out(
        connection, city, known.id, {number: row.code for number, row in asked.items()}, answer.start, answer.end,
        answer.period, suspect=any(note.code == "sources.note.suspect" for note in answer.notes),
    )  # fmt: skip
    return [] if told is None else [Message("sources.note.left_out", told)]


@dataclass(frozen=True, slots=True)
class SourcesPage:
    """All that the screen shows."""

    question: Asked
    answer: Answer
    directions: Directions | None
    departments: Mapping[str, str]
    """Names by code."""
    unit: str
    kept: Sequence[tuple[int, str, float, str]]
    """Answers that were acted on at this station: when, source, probability, task."""
    whom: Mapping[str, HolderRow | None]
    """Whom one would send to the first `TOLD` candidates, by their codes; None where nobody can be sent."""


def page(desk: Desk, question: Asked) -> SourcesPage | None:
    """The answer with its direction tables and what was answered before."""
    answer = trace(desk, question)
    if answer is None:
        return None
    with desk.store.read() as connection:
        codes = {one.source.department for one in answer.ranked} - {""}
        called = names(connection, codes, desk.language)
        kept = _kept(connection, answer.station)
        whom = _whom(connection, desk, answer)
    return SourcesPage(question, answer, directions(desk, answer), called, answer.unit, kept, whom)


def _whom(connection: Connection, desk: Desk, answer: Answer) -> Mapping[str, HolderRow | None]:
    """Whom one would send to each of the first candidates: sources of one grid and department have the same."""
    known: dict[tuple[str, str], HolderRow | None] = {}
    found = {}
    for one in answer.ranked[:TOLD]:
        key = one.source.grid, one.source.department
        if key not in known:
            known[key] = candidates(connection, desk, *key).best
        found[one.source.code] = known[key]
    return found


def directions(desk: Desk, answer: Answer) -> Directions | None:
    """The direction tables of the station from which an answer is seen; None where there is no wind for them."""
    from backend.analysis.field import read_field
    from backend.analysis.sources import cpf
    from backend.analysis.sources.numbers import numbers
    from backend.analysis.sources.wind import read_winds

    options: CpfNumbers = numbers().cpf
    with desk.store.read() as connection:
        city = City.read(connection)
        station = city.station(answer.station) if answer.station else None
        if station is None:
            near = [one for one in city.stations.values() if one.lon == answer.lon and one.lat == answer.lat]
            station = near[0] if near else None
        if station is None:
            return None
        span = min(options.days * 86400, options.most_periods * answer.period)
        since = answer.end - span
        field = read_field(
            connection, city, parameters=(answer.parameter,), start=since, end=answer.end, period=answer.period,
            stations=[station.id],
        )  # fmt: skip
        if not field.stations or not len(field.times):
            return None
        winds = read_winds(connection, city, field.plane, start=since, end=answer.end, numbers=numbers().wind)
    return cpf.of_station(field, winds, answer.parameter, options)


def _kept(connection: Any, station: str) -> list[tuple[int, str, float, str]]:
    from backend.analysis.tables import TraceAnswer

    kept = table(TraceAnswer)
    if not station:
        return []
    rows = connection.execute(
        select(kept.c.at, kept.c.source, kept.c.probability, kept.c.task)
        .where(kept.c.station == station)
        .order_by(kept.c.at.desc())
        .limit(5)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


# For programs.


def as_json(desk: Desk, answer: Answer) -> dict[str, Any]:
    """An answer as programs read it; the shape is told in docs/formats.md."""
    from backend.desk.sourcesjson import told

    return told(answer, desk.language, desk.zone)
