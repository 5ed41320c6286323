"""Find grids, stations and sources by name, code or pinyin initials 拼音首字母."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, case, func, literal, or_, select
from sqlalchemy.sql.elements import ColumnElement

from backend.city.tables import Grid, Source, Station
from backend.store import table
from backend.text import fold

_SPECIAL = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})


class Found(NamedTuple):
    """Something that was found."""

    what: str
    """``grid``, ``station`` or ``source``."""
    code: str
    name: str
    name_en: str
    kind: str
    """The level of a grid, the kind of a station or source."""
    grid: str
    county: str
    rank: int
    """0 the code itself, 1 the name itself, 2 its initials or beginning, 3 somewhere within."""


def search(conn: Connection, text: str, limit: int = 20) -> list[Found]:
    """What answers to ``text``, the best first: a code, a name or part of it, or pinyin initials.

    Within one rank grids come before stations and these before sources, larger grids before smaller ones.
    """
    words = fold(text)
    if not words or limit <= 0:
        return []
    found: list[Found] = []
    for what, model in (("grid", Grid), ("station", Station), ("source", Source)):
        t = table(model)
        kind: ColumnElement[object] = t.c.level if what == "grid" else t.c.kind
        grid = t.c.code if what == "grid" else t.c.grid
        rank = _rank(words, t.c.code, t.c.name, t.c.initials)
        extra = [t.c.aliases, t.c.pinyin] if what == "grid" else []
        query = (
            select(literal(what), t.c.code, t.c.name, t.c.name_en, kind, grid, t.c.county, rank)
            .where(_matches(words, t.c.code, t.c.name, t.c.initials, t.c.name_en, *extra), t.c.in_service)
            .order_by(rank, kind, t.c.code)
            .limit(limit)
        )
        if what == "station":
            # A pair of power meters bears its enterprise's name, which is found as the source that it is.
            query = query.where(or_(t.c.kind != "power", rank == 0))
        found += [Found._make((*row[:4], str(row[4]), *row[5:])) for row in conn.execute(query)]
    order = {"grid": 0, "station": 1, "source": 2}
    found.sort(key=lambda one: (one.rank, order[one.what]))
    return found[:limit]


def _start(words: str) -> str:
    return words.translate(_SPECIAL) + "%"


def _within(words: str) -> str:
    return "%" + words.translate(_SPECIAL) + "%"


def _matches(words: str, *columns: ColumnElement[str]) -> ColumnElement[bool]:
    code, name, initials, *others = columns
    return or_(
        code.ilike(_start(words), escape="\\"),
        name.ilike(_within(words), escape="\\"),
        initials.ilike(_start(words), escape="\\"),
        # Pinyin and English are kept with blanks, and are asked for with and without.
        *(func.replace(other, " ", "").ilike(_within(words), escape="\\") for other in others),
    )


def _rank(
    words: str, code: ColumnElement[str], name: ColumnElement[str], initials: ColumnElement[str]
) -> ColumnElement[int]:
    return case(
        (code.ilike(words.translate(_SPECIAL), escape="\\"), 0),
        (name.ilike(words.translate(_SPECIAL), escape="\\"), 1),
        (
            or_(
                code.ilike(_start(words), escape="\\"),
                name.ilike(_start(words), escape="\\"),
                initials.ilike(_start(words), escape="\\"),
            ),
            2,
        ),
        else_=3,
    )
