"""What people, centres, departments and incident types are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, overload

from sqlalchemy import Connection, Select, bindparam, literal_column, select, union_all

from backend.access import SYSTEM
from backend.city.called import called as name_of
from backend.city.tables import Centre, Department, IncidentType, Person
from backend.store.model import table
from backend.words import Message, word
from backend.words.say import Language

CENTRE, DEPARTMENT, PERSON, TYPE = table(Centre), table(Department), table(Person), table(IncidentType)
WINDOW = 500
"""Codes that are looked up at once."""
OWN_TYPES = ("arbitration",)
"""Types of tasks that the product itself makes, whatever the pack names."""
PARTIES = ("by", "person", "holder", "giver", "receiver", "on_behalf", "second", "department", "lead")
"""Arguments of messages that hold the code of a person, a centre or a department."""


def names(connection: Connection, codes: Iterable[str], language: Language) -> dict[str, str]:
    """What people, departments and centres are called, and the product itself 系统; nobody's codes are missing."""
    wanted = sorted({code for code in codes if code})
    found: dict[str, str] = {}
    if SYSTEM.person in wanted:
        found[SYSTEM.person] = word("desk.system", language)
    told: list[Any] = []
    for start in range(0, len(wanted), WINDOW):
        told += connection.execute(_called(language), {"codes": wanted[start : start + WINDOW]}).all()
    # Of one code that two of them have, the centre's name stands.
    found.update((row.code, row.called) for row in sorted(told, key=lambda row: row.turn))
    return found


@cache
def _called(language: Language) -> Any:
    """The statement that tells the names of codes, in one question: boards and the looks beside them ask it often."""

    def of(turn: int, source: Any) -> Select[Any]:
        return select(
            literal_column(str(turn)).label("turn"), source.c.code, name_of(source, language).label("called")
        ).where(source.c.code.in_(bindparam("codes", expanding=True)))

    return union_all(of(0, PERSON), of(1, DEPARTMENT), of(2, CENTRE))


def type_names(connection: Connection) -> dict[str, tuple[str, str]]:
    """The incident types' names in Chinese and English; the newest where a type changed its name."""
    rows = connection.execute(select(TYPE.c.code, TYPE.c.name, TYPE.c.name_en).order_by(TYPE.c.valid_from))
    own = {code: (word(f"task.type.{code}", "zh"), word(f"task.type.{code}", "en")) for code in OWN_TYPES}
    return own | {row.code: (row.name, row.name_en) for row in rows}


@overload
def named(message: Message, called: Mapping[str, str]) -> Message: ...


@overload
def named(message: None, called: Mapping[str, str]) -> None: ...


def named(message: Message | None, called: Mapping[str, str]) -> Message | None:
    """A message with people, centres and departments called by their names."""
    if message is None:
        return None
    args = dict(message.args)
    args.update({key: called.get(str(args[key]), args[key]) for key in PARTIES if args.get(key)})
    return replace(message, args=args)
