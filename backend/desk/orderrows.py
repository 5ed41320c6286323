"""Orders 指令、管控令 that touch a grid, in one line each; asked every few seconds by the strip, so it loads little."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Table, or_, select

from backend.city.called import called
from backend.city.tables import Centre, Department, Grid, Source, StandingOrder
from backend.desk.desk import Desk
from backend.store import table
from backend.words.say import Language

CENTRE, DEPARTMENT, GRID = table(Centre), table(Department), table(Grid)
ORDER, SOURCE = table(StandingOrder), table(Source)
SHOWN = 3
"""Names of a scope that a line tells."""


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order in one line."""

    code: str
    kind: str
    """heavy_pollution, stop_work, declared_stop, instruction, or a kind of the city's pack."""
    level: str
    """yellow, orange or red of a heavy-pollution warning; empty for others."""
    title: str
    scope_kind: str
    """``grid`` or ``source``."""
    codes: tuple[str, ...]
    """Grids or sources that it holds for."""
    scope: str
    """What they are called, the first few."""
    starts: int
    ends: int | None
    due: int | None
    """Until when the work that it asks for is to be done."""
    issued_by: str
    """Who ordered it, as it was typed or kept."""
    issuer: str
    """The same as the reader calls it, where it is a centre or a department of the city's."""
    text: str
    lead: str
    """The leading department's code; empty where none."""
    lead_name: str
    recorded: int | None
    withdrawn: int | None
    state: str
    """``in_force``, ``coming``, ``ended`` or ``withdrawn``, at the instant asked for."""
    made_up: bool
    allowed_load: int | None = None
    """Per cent of its usual load that a source may run under it; None where it says nothing of that."""


def touching(connection: Connection, desk: Desk, at: int, *, over: bool = False) -> list[OrderRow]:
    """The orders that touch the person's grid, newest first: it lies in their scope, or part of their scope in it.

    Args:
        over: those to come, ended and withdrawn too, not only those in force.
    """
    query = select(ORDER).order_by(ORDER.c.starts.desc(), ORDER.c.code)
    if not over:
        query = query.where(
            ORDER.c.starts <= at,
            or_(ORDER.c.ends.is_(None), ORDER.c.ends > at),
            or_(ORDER.c.withdrawn.is_(None), ORDER.c.withdrawn > at),
        )
    rows = connection.execute(query).all()
    if not rows:
        return []
    own, language = desk.actor.grid, desk.language
    held = {"grid": named(connection, "grid", [own, *_codes(rows, "grid")], language)}
    mine = held["grid"].get(own, ("", frozenset((own,))))[1]
    for kind in {row.scope_kind for row in rows} - {"grid"}:
        held[kind] = named(connection, kind, _codes(rows, kind), language)
    leads = _leads(connection, {row.lead for row in rows} - {""}, language)
    issuers = _issuers(connection, {row.issued_by for row in rows}, language)
    found = []
    for row in rows:
        scope = {code: place for code in row.scope.split("|") if (place := held[row.scope_kind].get(code))}
        if any(code in mine or own in line for code, (_, line) in scope.items()):
            line = _line(row, [name for name, _ in scope.values()], leads, language, at)
            found.append(replace(line, issuer=issuers.get(line.issued_by, line.issued_by)))
    return found


def span_kind(one: OrderRow) -> str:
    """How the time of an order is told: ``until`` its end, ``due`` where work is to be done, both, or ``open``."""
    if one.due is not None:
        return "due" if one.ends is None else "until_due"
    return "open" if one.ends is None else "until"


def state_of(row: Any, at: int) -> str:
    """What an order's row is at an instant."""
    if row.withdrawn is not None and row.withdrawn <= at:
        return "withdrawn"
    if row.starts > at:
        return "coming"
    return "ended" if row.ends is not None and row.ends <= at else "in_force"


def title_of(row: Any, language: Language) -> str:
    """An order's title: in English where it was not a person who typed it."""
    title: str = (row.title_en if language == "en" else "") or row.title
    return title


def _line(row: Any, names: Sequence[str], leads: dict[str, str], language: Language, at: int) -> OrderRow:
    told = ("、" if language == "zh" else ", ").join(names[:SHOWN])
    return OrderRow(
        code=row.code,
        kind=row.kind,
        level=row.level,
        title=title_of(row, language),
        scope_kind=row.scope_kind,
        codes=tuple(code for code in row.scope.split("|") if code),
        scope=told + (f" +{len(names) - SHOWN}" if len(names) > SHOWN else ""),
        starts=row.starts,
        ends=row.ends,
        due=row.due,
        issued_by=row.issued_by,
        issuer=row.issued_by,
        text=row.text,
        lead=row.lead,
        lead_name=leads.get(row.lead, row.lead),
        recorded=row.recorded,
        withdrawn=row.withdrawn,
        state=state_of(row, at),
        made_up=row.made_up,
        allowed_load=row.allowed_load,
    )


def _codes(rows: Iterable[Any], kind: str) -> list[str]:
    return sorted({code for row in rows if row.scope_kind == kind for code in row.scope.split("|") if code})


def _leads(connection: Connection, codes: set[str], language: Language) -> dict[str, str]:
    if not codes:
        return {}
    query = select(DEPARTMENT.c.code, called(DEPARTMENT, language)).where(DEPARTMENT.c.code.in_(codes))
    return {row[0]: row[1] for row in connection.execute(query)}


def _issuers(connection: Connection, names: set[str], language: Language) -> dict[str, str]:
    """What those are called who are kept by their Chinese names."""
    found: dict[str, str] = {}
    for of in (DEPARTMENT, CENTRE) if language == "en" else ():
        query = select(of.c.name, called(of, language)).where(of.c.name.in_(names))
        found |= {row[0]: row[1] for row in connection.execute(query)}
    return found


Named = dict[str, tuple[str, frozenset[str]]]
"""Code to name, and the grids that it lies in (itself too, where it is one)."""


def named(connection: Connection, kind: str, codes: Sequence[str], language: Language) -> Named:
    """What grids or sources are called, and in which grids they lie."""
    of: Table = GRID if kind == "grid" else SOURCE
    own = of.c.code if kind == "grid" else of.c.grid
    top = connection.execute(select(GRID.c.code).where(GRID.c.level == 1)).scalars().all()
    rows = connection.execute(
        select(
            of.c.code,
            called(of, language).label("called"),
            own.label("own"),
            of.c.county,
            of.c.township,
        ).where(of.c.code.in_(codes))
    )
    return {
        row.code: (row.called, frozenset((row.own, row.county, row.township, *top)) - {""}) for row in rows
    }
