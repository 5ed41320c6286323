"""What the city's things are called in a person's language: the one place where a name is chosen."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, case

from backend.words.say import Language


def called(of: FromClause, language: Language) -> ColumnElement[str]:
    """The column that holds the names of a table's rows: the English ones where there are any, else the Chinese.

    Args:
        of: a table of the city with ``name``, such as grids, stations, centres, people or feeds.
        language: the person's.
    """
    if language == "zh" or "name_en" not in of.c:
        column: ColumnElement[str] = of.c.name
        return column
    return case((of.c.name_en != "", of.c.name_en), else_=of.c.name)


def said(row: Any, language: Language) -> str:
    """The same for a row that has ``name`` and ``name_en``."""
    name: str = (row.name_en if language == "en" else "") or row.name
    return name


def found_by(row: Any, language: Language) -> str:
    """What else a thing is found by than its name as it is shown: pinyin initials, and the Chinese name."""
    initials: str = row.initials
    return f"{initials} {row.name}".lstrip() if language == "en" and row.name_en else initials
