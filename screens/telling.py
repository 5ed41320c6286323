"""How things of the field are told on every screen: priorities, levels, classes, states of stations, values, reasons.

Pure functions of a row's values and a look. A level is told by word, shape and colour together, never by colour alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from backend.words import entry
from screens.columns import Cell
from screens.look import MISSING, Look
from screens.tones import shape

if TYPE_CHECKING:
    from collections.abc import Iterable

GOOD, UNKNOWN, SUSPECT, FAIL, ABSENT = 1, 2, 3, 4, 9
"""Quality flags, numbered as in `backend.standards.flags`, which would read tables before the first paint."""
_FLAG_NAMES = {GOOD: "good", UNKNOWN: "unknown", SUSPECT: "suspect", FAIL: "fail", ABSENT: "missing"}
_FLAG_TONES = {GOOD: "good", UNKNOWN: "dim", SUSPECT: "suspect", FAIL: "bad", ABSENT: "missing"}
_STATE_TONES = {
    "good": "good", "suspect": "suspect", "invalid": "bad", "no_value": "warn", "silent": "bad",
    "off": "dim", "unplaced": "warn",
}  # fmt: skip
_STATE_SHAPES = {
    "good": "good", "suspect": "suspect", "invalid": "bad", "no_value": "empty", "silent": "silent",
    "off": "missing", "unplaced": "missing",
}  # fmt: skip
_LEVEL_SHAPES = ("-", "⡀", "⣀", "⣄", "⣤", "⣶", "⣿")
"""A vessel that fills: each level has a shape of its own."""
PRIORITIES = ("critical", "high", "medium", "low")


def source_kind(kind: str, look: Look) -> str:
    """What kind of source it is; one that is the city's own is told as the city's pack has it."""
    return entry(f"place.kind.{kind}", look.language) or kind


def station_kind(kind: str, look: Look) -> str:
    """What kind of station it is, likewise."""
    return entry(f"station.kind.{kind}", look.language) or kind


class Measured(Protocol):
    """What a value must tell to be shown (`backend.desk.judging.Value` does)."""

    @property
    def value(self) -> float | None:
        """The number; None where none came."""
        ...

    @property
    def flag(self) -> int:
        """The quality flag."""
        ...

    @property
    def qualifier(self) -> str:
        """``<`` or ``>``."""
        ...


def priority(name: str, look: Look) -> Cell:
    """特急, 紧急, 较急, 一般 with its shape."""
    return Cell(f"{shape(name, look.ascii)} {look.word(f'ui.priority.{name}')}", name)


def priority_short(name: str, look: Look) -> Cell:
    """The same in six cells, for boards."""
    return Cell(f"{shape(name, look.ascii)} {look.word(f'taskscreen.priority.{name}')}", name)


def priority_order(name: str) -> int:
    """What priorities are sorted by: the most urgent first."""
    return PRIORITIES.index(name) if name in PRIORITIES else len(PRIORITIES)


def level(number: int, look: Look) -> Cell:
    """A level of the AQI in a word, with its shape and its tone; 0 is none."""
    if not 1 <= number <= 6:
        return Cell(MISSING, "missing")
    mark = str(number) if look.ascii else _LEVEL_SHAPES[number]
    return Cell(f"{mark} {look.word(f'station.level.{number}')}", f"aqi{number}")


def index(number: int | None, of_level: int) -> Cell:
    """An AQI in the tone of its level."""
    return (
        Cell(MISSING, "missing")
        if number is None
        else Cell(str(number), f"aqi{of_level}" if of_level else "")
    )


def water_class(grade: int, look: Look) -> Cell:
    """A water class, with its shape and its tone; 0 is none."""
    if not 1 <= grade <= 6:
        return Cell(MISSING, "missing")
    mark = str(grade) if look.ascii else _LEVEL_SHAPES[grade]
    return Cell(f"{mark} {look.word(f'station.water.{grade}')}", f"water{grade}")


def station_state(state: str, look: Look) -> Cell:
    """What a station's newest readings are worth; the three absences have three shapes and three words."""
    mark = shape(_STATE_SHAPES.get(state, "missing"), look.ascii)
    return Cell(f"{mark} {look.word(f'station.state.{state}')}", _STATE_TONES.get(state, ""))


def flag(number: int, look: Look) -> Cell:
    """A quality flag in a word."""
    name = _FLAG_NAMES.get(number, "unknown")
    return Cell(look.word(f"station.flag.{name}"), _FLAG_TONES.get(number, ""))


def value(measured: Measured | None, decimals: int, look: Look, *, old: bool = False) -> Cell:
    """A value as boards show it, with a mark where it does not count.

    Nothing came: blank. Came without a value: ``--``. Came and is invalid: the number with ``x``; suspect: with ``?``.

    Args:
        measured: the newest reading, None where there is none.
        decimals: decimals of its parameter.
        look: how it is shown.
        old: the station is silent, so that the value is of some time ago.
    """
    if measured is None:
        return Cell("")
    if measured.value is None:
        return Cell(MISSING, "missing")
    text = f"{measured.qualifier}{look.number(measured.value, decimals)}"
    if measured.flag == FAIL:
        return Cell(text + shape("bad_value", look.ascii), "bad")
    if measured.flag == SUSPECT:
        return Cell(text + "?", "suspect")
    return Cell(text, "dim" if old else "")


def parameter(code: str, look: Look, names: tuple[str, str] = ("", "")) -> str:
    """A parameter's short name, the city's own where the words have none."""
    known = entry(f"parameter.{code}", look.language)
    return known or look.pick(names[0], names[1]) or code


def reasons(codes: str, look: Look) -> str:
    """Why a value has its flag, in words."""
    told = []
    for code in codes.split():
        name, _, letter = code.partition(":")
        if name == "device":
            meaning = entry(f"standard.device.{letter}", look.language)
            text = look.word("quality.reason.device", letter=letter)
            told.append(f"{text} {meaning}" if meaning else text)
        else:
            told.append(entry(f"quality.reason.{code}", look.language) or code)
    return look.word("station.join").join(told)


def joined(parts: Iterable[str], gap: str = "  ") -> str:
    """The parts that say something, with a gap between them."""
    return gap.join(part for part in parts if part)


def signed(number: float | None, decimals: int = 0) -> str:
    """A difference with its sign; none where it rounds to nothing."""
    if number is None:
        return MISSING
    told = f"{number:+.{decimals}f}"
    return told if float(told) else told[1:]


def cadence(seconds: int, look: Look) -> str:
    """A period in words: 1 小时, 15 分钟."""
    if seconds % 3600 == 0:
        return look.word("station.hours", count=seconds // 3600)
    return look.word("station.minutes", count=max(1, seconds // 60))
