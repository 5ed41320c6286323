"""How the console reaches the desk: what to open, what to ask it, and what to keep with it.

A test hands the app another one; the real one imports the store only when it is called, in a worker's thread.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from backend.clock import ScaledClock
from backend.words import word
from backend.words.say import Language
from screens.facts import Facts
from screens.widgets.choices import Choice

if TYPE_CHECKING:
    from backend.desk.desk import Desk


@dataclass(frozen=True, slots=True)
class Wiring:
    """The calls that the app makes, all of them in a thread."""

    open: Callable[[], Desk]
    """Sit down. May raise an error with a ``message``."""
    facts: Callable[[Desk, Language], Facts]
    """What the header says."""
    stamp: Callable[[Desk], Hashable]
    """Differs whenever something on a screen may have changed."""
    load: Callable[[Desk, str], str | None]
    """What a slot of the seat's memory holds."""
    save: Callable[[Desk, str, str], None]
    """Keep a text in a slot of the seat's memory."""
    seat: Callable[[Desk, str], Desk | None]
    """The same desk with somebody else at it; None where there is nobody with that code."""
    close: Callable[[Desk], None]
    """Let the store go."""
    aside: Callable[[Desk, str, str], bool] = lambda _desk, _slot, _text: False
    """Keep it beside the store, which somebody else holds; whether that could be done."""
    begin: Callable[[Desk], None] = lambda _desk: None
    """Start what runs beside the screens: the jobs. Called once, when the first board is there."""
    ends: Callable[[bool], object] = lambda _cut: None
    """The end has begun, and may take so long and no longer; shorter where the line was cut. Of any thread."""
    here: Callable[[Desk, int], None] = lambda _desk, _last_key: None
    """Note that the person's console is there, and when they last touched a key. Called every minute."""
    who: Callable[[Desk, Language], Facts] = lambda _desk, _language: Facts()
    """As much of the header as is known without a look at the store: it stands there before the first board."""
    version: Callable[[Desk], Hashable] = lambda _desk: object()
    """Another one once anybody has written. The one call that is made by the screen itself: it may wait for nobody."""
    speak: Callable[[Desk, Language], None] = lambda desk, language: desk.speak(language)
    """Name the city's things in this language from now on."""
    stopped: Callable[[Desk, Mapping[str, str]], None] = lambda _desk, _heads: None
    """Note what was stopped on its way to the terminal: kinds, each with the head of the first one."""
    people: Callable[[Desk], Sequence[Choice]] = lambda desk: _people(desk)
    """Who could sit here, in a replay."""


def wire(open_desk: Callable[[], Desk]) -> Wiring:
    """The real calls, for a desk that is opened so."""
    return Wiring(
        open_desk,
        _facts,
        _stamp,
        _load,
        _save,
        _seat,
        lambda desk: desk.store.close(),
        aside=_aside,
        who=_who,
        here=_here,
        version=lambda desk: desk.store.version(),
        stopped=_stopped,
    )


def _stopped(desk: Desk, heads: Mapping[str, str]) -> None:
    from backend.desk import stopped

    stopped.record(desk, heads)


def _here(desk: Desk, last_key: int) -> None:
    from backend.desk import duty

    duty.here(desk, last_key)


def _stamp(desk: Desk) -> Hashable:
    from backend.desk import overview

    return overview.stamp(desk), _slowed(desk)


def _load(desk: Desk, slot: str) -> str | None:
    from backend.desk import session

    return session.load(desk, slot)


def _save(desk: Desk, slot: str, body: str) -> None:
    from backend.desk import session

    session.save(desk, slot, body)


def _aside(desk: Desk, slot: str, body: str) -> bool:
    from backend.desk import session

    return session.set_aside(desk, slot, body)


def _seat(desk: Desk, person: str) -> Desk | None:
    from backend.desk import people

    actor = people.sit(desk, person)
    return None if actor is None else desk.seated(actor)


def _facts(desk: Desk, language: Language) -> Facts:
    from backend.desk.around import around

    found = around(desk)
    failing = found.feeds.get("failing", 0) + found.feeds.get("open", 0)
    late = found.feeds.get("late", 0)
    state = "failing" if failing else "late" if late else "ok" if found.feeds.get("ok") else "unknown"
    return replace(
        _who(desk, language),
        centre=(found.centre_en if language == "en" else "") or found.centre,
        feeds=state,
        feeds_bad=failing or late,
        alarms=found.alarms,
        critical=found.critical,
        tasks=found.overdue,
        notices=found.notices,
        missing=found.missing,
        on_shift=found.on_shift is not None,
        flood=found.flood,
        orders=tuple(
            word(
                "ui.header.order_line" if one.due is None else "ui.header.order_due",
                language,
                title=one.title,
                starts=one.starts,
                scope=one.scope,
                due=one.due,
            )
            for one in found.orders
        ),
    )


def _slowed(desk: Desk) -> tuple[int, int] | None:
    """How fast the replay runs and how fast it should, where this machine does not keep up."""
    clock = desk.clock
    if not (isinstance(clock, ScaledClock) and (times := clock.slowed())):
        return None
    return max(1, round(times)), round(clock.speed)


def _who(desk: Desk, language: Language) -> Facts:
    return Facts(
        city=desk.facts.get("name_en" if language == "en" else "name", desk.facts.get("name", "")),
        person=(desk.actor.name_en if language == "en" else "") or desk.actor.name,
        role=desk.actor.role,
        replay=desk.replay,
        slowed=_slowed(desk),
    )


def _people(desk: Desk) -> Sequence[Choice]:
    from backend.desk import people

    found = people.people(desk.store, desk.language, roles=("seat", "supervisor", "administrator"))
    return [
        Choice(
            one.code,
            one.name,
            f"{one.grid_name} {word(f'ui.role.{one.role}', desk.language)}",
            f"{one.code} {one.centre}",
        )
        for one in found
    ]
