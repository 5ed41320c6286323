"""Who asks, of which store, by which clock."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field, replace
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from backend.access import Actor, actor_of
from backend.city.tables import CityFact, Grid, Person
from backend.clock import Clock, SystemClock
from backend.store import Store, table
from backend.words import Message, override, use_zone
from backend.words.say import Language

FACT, GRID, PERSON = table(CityFact), table(Grid), table(Person)


class DeskError(Exception):
    """The desk can't be opened; ``message`` says why and what to do."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.code)
        self.message = message


@dataclass
class Voice:
    """The language of whoever sits at a desk: they may change it while they sit, and all their screens with it."""

    language: Language = "zh"


@dataclass(frozen=True)
class Desk:
    """One person's place at the store. Safe to share between threads."""

    store: Store
    clock: Clock
    actor: Actor
    replay: bool = False
    """The city is a replay, and the screen must say so."""
    facts: dict[str, str] = field(default_factory=dict)
    voice: Voice = field(default_factory=Voice, compare=False)

    @classmethod
    def open(
        cls,
        where: str | os.PathLike[str] | Store,
        person: str,
        *,
        clock: Clock | None = None,
        replay: bool = False,
    ) -> Desk:
        """Sit down at a store.

        Raises:
            StoreError: the store can't be used.
            DeskError: it holds no city, or nobody with this code.
        """
        store = where if isinstance(where, Store) else Store.open(where, begin=False)
        with store.read() as connection:
            facts = {row.key: row.value for row in connection.execute(select(FACT))}
            actor = actor_of(connection, person) if person else None
            example = _example(connection) if actor is None else ""
        if not facts:
            raise DeskError(Message("access.no_city"))
        if actor is None:
            if person:
                raise DeskError(Message("access.unknown_person", {"person": person}))
            raise DeskError(Message("access.no_person", {"example": example}))
        return cls(store, clock or SystemClock(), actor, replay, facts)

    @classmethod
    def of_scripts(cls, store: Store) -> Desk:
        """The whole city for a command where nobody sits: an administrator without a name.

        Raises:
            DeskError: the store holds no city.
        """
        with store.read() as connection:
            facts = {row.key: row.value for row in connection.execute(select(FACT))}
            top = connection.execute(select(GRID.c.code).where(GRID.c.level == 1)).scalar()
        if top is None:
            raise DeskError(Message("access.no_city"))
        return cls(store, SystemClock(), Actor("console", "", "administrator", top, "M"), facts=facts)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The city's time zone."""
        return ZoneInfo(self.facts.get("zone", "UTC"))

    def settle(self) -> None:
        """Speak as the city does from now on: its zone, and its own words in place of the product's."""
        use_zone(self.zone)
        own = json.loads(self.facts.get("words") or "[]")
        override({(code, language): said for code, language, said in own})

    @property
    def language(self) -> Language:
        """The language in which places, stations, centres and departments are named."""
        return self.voice.language

    @property
    def sitter(self) -> str:
        """The person's name in that language."""
        return (self.actor.name_en if self.language == "en" else "") or self.actor.name

    def speak(self, language: Language) -> None:
        """Name things in this language from the next question on."""
        self.voice.language = language

    @property
    def now(self) -> int:
        """The present instant."""
        return self.clock.now()

    def seated(self, actor: Actor) -> Desk:
        """The same store with somebody else at the desk."""
        return replace(self, actor=actor)


def _example(connection: Connection) -> str:
    seat = select(PERSON.c.code).where(PERSON.c.role == "seat").order_by(PERSON.c.code).limit(1)
    return connection.execute(seat).scalar_one_or_none() or "CODE"
