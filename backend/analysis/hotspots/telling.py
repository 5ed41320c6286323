"""Hot grids told without being asked 热点推送: once for each episode, to the grid's member on duty and the seats above.

Who is told, and how hot a grid must be for it, is the city's policy (``[hotspot]`` of policy.toml). A notice names the
targets to look at first, each with its probability and department.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from backend.analysis.hotspots.place import HEATS, HotPlace
from backend.analysis.hotspots.rules import rules
from backend.analysis.hotspots.tables import HotGrid
from backend.analysis.sources.kept import Kept
from backend.city.registry import City, GridRow
from backend.city.tables import Department, Source
from backend.duty.pick import pick_holder
from backend.notify import notices
from backend.notify.tables import Notice
from backend.store import table
from backend.tasks.policy import policy_at
from backend.words.message import Scalar

GRID, DEPARTMENT, NOTICE, SOURCE = table(HotGrid), table(Department), table(Notice), table(Source)
Traces = Mapping[tuple[str, int, int], Kept]
Family = tuple[int, ...]
"""Numbers of the parameters that make one episode together."""
Courses = dict[tuple[int, str], list[tuple[int, int, str]]]
"""By level and grid: step, parameter number and heat."""


@dataclass(frozen=True, slots=True)
class _New:
    """A grid that has become hot."""

    grid: GridRow
    family: Family
    place: HotPlace
    """Its loudest parameter."""
    kept: Kept | None


def tell(conn: Connection, city: City, found: Sequence[HotPlace], traces: Traces, now: int) -> int:
    """Tell what has become hot in a step; returns how many notices were written. A second time writes none.

    Args:
        found: the hot places of a step of one network, of the parameters that were judged.
        traces: their rankings (`backend.analysis.sources.kept.read`).
    """
    limits = policy_at(conn, now).limits
    hot = [one for one in _finest(city, found) if one.heat in HEATS[2:]]
    if not hot or now - (hot[0].start + hot[0].step) > rules()["tell"]["fresh"]:
        return 0
    groups = _groups(city, hot, traces)
    courses = _courses(conn, hot[0], limits.hot_quiet)
    count = 0
    for least, whose in ((limits.hot_member, "township"), (limits.hot_county, "county")):
        loud = [one for one in groups if least in HEATS and HEATS.index(one.place.heat) >= HEATS.index(least)]
        fresh = [one for one in loud if not _told(conn, one, whose, courses, least, limits.hot_quiet)]
        most = limits.hot_most if whose == "county" else len(fresh)
        for county in sorted({one.grid.county for one in fresh}):
            mine = [one for one in fresh if one.grid.county == county]
            for one in mine[:most]:
                _tell(conn, city, one, whose, now)
            if len(mine) > most:
                _tell_rest(conn, mine[most:], now)
            count += min(len(mine), most) + (len(mine) > most)
    return count


def take_back(
    conn: Connection,
    network: str,
    start: int,
    families: Sequence[Family],
    found: Sequence[HotPlace],
    now: int,
) -> int:
    """Take back what was told of a step that was judged again and is not hot any more, where nobody has seen it."""
    hot = {(one.code, one.parameter) for one in found if one.heat in HEATS[2:]}
    done = 0
    for family in families:
        prefix = f"hot:{network}:{start}:{family[0]}:"
        keys = conn.execute(
            select(NOTICE.c.key).where(
                NOTICE.c.key.startswith(prefix, autoescape=True), NOTICE.c.seen.is_(None)
            )
        ).scalars()
        for key in list(keys):
            grid = key.removeprefix(prefix).rsplit(":", 1)[0]
            if not any((grid, parameter) in hot for parameter in family):
                done += notices.withdraw(conn, key.rsplit(":", 1)[0], now)
    return done


def families_of(city: City, parameters: Sequence[int]) -> list[Family]:
    """The families that some parameters belong to."""
    found = []
    for codes in rules()["tell"]["families"]:
        numbers = tuple(one.id for code in codes if (one := city.parameter(code)) is not None)
        if set(numbers) & set(parameters):
            found.append(numbers)
    rest = set(parameters).difference(*found)
    return [*found, *((number,) for number in sorted(rest))]


def _finest(city: City, found: Sequence[HotPlace]) -> list[HotPlace]:
    """Of a grid and one that lies in it, both hot by the same parameter, the one that lies in it."""
    wider = {
        (code, one.parameter) for one in found if one.heat in HEATS[2:] for code in city.path(one.grid)[1:]
    }
    return [one for one in found if (one.grid, one.parameter) not in wider]


def _groups(city: City, hot: Sequence[HotPlace], traces: Traces) -> list[_New]:
    """One for each grid and family, the hottest first."""
    order = sorted(hot, key=lambda one: (-HEATS.index(one.heat), -(one.z or 0.0), one.code))
    families = {
        number: family for family in families_of(city, [one.parameter for one in hot]) for number in family
    }
    found: dict[tuple[str, Family], _New] = {}
    for one in order:
        grid = city.grids.get(one.grid)
        lead = one.lead
        if grid is not None:
            kept = traces.get((one.network, one.parameter, lead.station)) if lead is not None else None
            found.setdefault(
                (one.grid, families[one.parameter]), _New(grid, families[one.parameter], one, kept)
            )
    return list(found.values())


def _courses(conn: Connection, place: HotPlace, quiet: int) -> Courses:
    """When grids were hot about a step, in all parameters of its network."""
    since = place.start - rules()["tell"]["remind"]
    query = select(GRID.c.at, GRID.c.level, GRID.c.grid, GRID.c.parameter, GRID.c.heat).where(
        GRID.c.at >= since,
        GRID.c.at <= place.start + quiet,
        GRID.c.network == place.network,
        GRID.c.heat.in_(HEATS[2:]),
    )
    found: Courses = {}
    for at, level, grid, parameter, heat in conn.execute(query):
        found.setdefault((level, grid), []).append((at, parameter, heat))
    return found


def _told(conn: Connection, one: _New, whose: str, courses: Courses, least: str, quiet: int) -> bool:
    """Whether the episode was told already: steps as hot as that, with no longer pause than is quiet between them."""
    place = one.place
    loud = HEATS[HEATS.index(least) :]
    course = courses.get((place.level, place.grid), ())
    steps = sorted(
        {at for at, parameter, heat in course if parameter in one.family and heat in loud} | {place.start}
    )
    first = last = steps.index(place.start)
    while first > 0 and steps[first] - steps[first - 1] <= quiet:
        first -= 1
    while last < len(steps) - 1 and steps[last + 1] - steps[last] <= quiet:
        last += 1
    keys = [_key(one, at, whose) for at in steps[first : last + 1]]
    query = select(NOTICE.c.key).where(NOTICE.c.key.in_(keys), NOTICE.c.state != "withdrawn").limit(1)
    return conn.execute(query).first() is not None


def _key(one: _New, at: int, whose: str) -> str:
    return f"hot:{one.place.network}:{at}:{one.family[0]}:{one.grid.code}:{_seats(one.grid, whose)}"


def _tell(conn: Connection, city: City, one: _New, whose: str, now: int) -> None:
    place, grid = one.place, one.grid
    above = _seats(grid, whose)
    person = _member(conn, city, grid, now) if whose == "township" else ""
    parameter = city.parameters[place.parameter]
    args: dict[str, Scalar] = {
        **_named(grid),
        "parameter": parameter.code,
        "heat": place.heat,
        "value": _rounded(place.value, parameter.decimals),
        "increment": _rounded(place.increment, parameter.decimals),
        "unit": parameter.unit,
        "at": place.since,
        **_targets(conn, one.kept),
    }
    notices.post(
        conn,
        _key(one, place.start, whose),
        now,
        "notice.hot_targets" if args["targets"] else "notice.hot",
        args,
        grid=above,
        person=person,
        priority=rules()["tell"]["priority"][place.heat],
    )


def _tell_rest(conn: Connection, rest: Sequence[_New], now: int) -> None:
    """Of a flood the county is told how many more there are."""
    first = rest[0]
    notices.post(
        conn,
        f"hot:{first.place.network}:{first.place.start}:rest:{first.grid.county}",
        now,
        "notice.hot_more",
        {"count": len(rest), "at": first.place.start, **_named(first.grid)},
        grid=_seats(first.grid, "county"),
        priority=rules()["tell"]["priority"][first.place.heat],
    )


def _seats(grid: GridRow, whose: str) -> str:
    """The grid whose seats are told."""
    township = grid.township or (grid.code if grid.level == 3 else "")
    return (township if whose == "township" else "") or grid.county or grid.code


def _member(conn: Connection, city: City, grid: GridRow, now: int) -> str:
    """The member on duty: of the grid itself, else of its township; nobody where none is."""
    pick = pick_holder(conn, grid.code, now, city.zone)
    return next((one.code for one in pick.candidates if one.kind == "member" and one.on_duty), "")


def _named(grid: GridRow) -> dict[str, Scalar]:
    return {"place": grid.name, "place_en": grid.name_en or grid.name}


def _rounded(value: float, decimals: int) -> float:
    number = round(value, decimals)
    return number if number else value


def _targets(conn: Connection, kept: Kept | None) -> dict[str, Scalar]:
    """The targets to look at first, in both languages, and the probability of none of them."""
    told = rules()["tell"]
    chosen = [one for one in kept.targets if one.probability >= told["probability"]] if kept else []
    chosen = chosen[: told["targets"]]
    sources = _rows(conn, SOURCE, [one.source for one in chosen])
    departments = _rows(conn, DEPARTMENT, [one.department for one in chosen])
    chinese, english = [], []
    for one in chosen:
        name, name_en = sources.get(one.source, (one.source, one.source))
        of, of_en = departments.get(one.department, (one.department, one.department))
        share = round(100 * one.probability)
        chinese.append(f"{name} {share}%" + (f"（{of}）" if of else ""))
        english.append(f"{name_en} {share} %" + (f" ({of_en})" if of_en else ""))
    none = round(100 * kept.none) if kept else 100
    return {"targets": "、".join(chinese), "targets_en": ", ".join(english), "none": none}


def _rows(conn: Connection, of: Any, codes: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Names in Chinese and English by code."""
    query = select(of.c.code, of.c.name, of.c.name_en).where(of.c.code.in_(sorted(set(codes) - {""})))
    return {code: (name, name_en or name) for code, name, name_en in conn.execute(query)}
