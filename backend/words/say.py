"""Look a code up and fill its arguments in.

Beside Python's own formats a placeholder may ask for words or for time, so that no argument need be a sentence:
``{state:task.state}`` says the code ``task.state.<value>``, ``{at:time}`` an instant in the city's zone,
``{at:whole}`` one with its year, where that may be the mistake, and ``{late:span}`` a number of seconds as a stretch of
time. ``{count:=open task}`` says a number of things, in English one or many of them: ``1 open task``, ``2 open tasks``;
what takes no s says both, ``{count:=miss|misses}``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, tzinfo
from functools import cache
from importlib import import_module
from typing import Literal

from backend.words.message import Message, Scalar

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")

LOOKED_UP = re.compile(r"[a-z][a-z_]+(\.[a-z][a-z_]*)*")
"""A format that names codes, ``task.state``; Python's own begin otherwise, or are one letter."""
SPANS: tuple[tuple[int, str, str], ...] = (
    (86400, "天", "d"),
    (3600, "小时", "h"),
    (60, "分钟", "min"),
    (1, "秒", "s"),
)

_zone: list[tzinfo] = []
_overrides: dict[tuple[str, Language], str] = {}


@cache
def _entries(subject: str) -> Mapping[str, tuple[str, str]]:
    try:
        module = import_module(f"backend.words.entries.{subject}")
    except ModuleNotFoundError:
        return {}
    entries: Mapping[str, tuple[str, str]] = module.ENTRIES
    return entries


def override(words: Mapping[tuple[str, Language], str]) -> None:
    """Let a city pack put its own words in the place of ours."""
    _overrides.update(words)


def entry(code: str, language: Language) -> str | None:
    """The words kept under ``code``, unfilled; None where there are none."""
    own = _overrides.get((code, language))
    if own is not None:
        return own
    pair = _entries(code.partition(".")[0]).get(code)
    return None if pair is None else pair[LANGUAGES.index(language)]


def use_zone(zone: tzinfo) -> None:
    """Say instants in this zone from now on; Asia/Shanghai until then."""
    _zone[:] = [zone]


def say(message: Message, language: Language) -> str:
    """The message in words; an unknown code shows itself rather than nothing."""
    text = entry(message.code, language)
    if text is None:
        return " ".join([message.code, *(f"{key}={value}" for key, value in message.args.items())])
    if not message.args:
        return text
    return text.format_map(_Args({key: _Value(value, language) for key, value in message.args.items()}))


def word(code: str, language: Language, /, **args: Scalar) -> str:
    """`say` without building the message first."""
    return say(Message(code, args), language)


def span(seconds: int, language: Language) -> str:
    """A stretch of time in its two largest units: 1 小时 20 分钟, 1 h 20 min."""
    left = abs(seconds)
    parts: list[str] = []
    for size, chinese, english in SPANS:
        count, left = divmod(left, size)
        if count and len(parts) < 2:
            parts.append(f"{count} {chinese if language == 'zh' else english}")
    return " ".join(parts) or ("0 秒" if language == "zh" else "0 s")


def _instant(at: int, form: str = "%m-%d %H:%M") -> str:
    from zoneinfo import ZoneInfo

    zone = _zone[0] if _zone else ZoneInfo("Asia/Shanghai")
    return datetime.fromtimestamp(at, zone).strftime(form)


class _Args(dict[str, "_Value"]):
    """Arguments that a text asks for and nobody gave show as their names."""

    def __missing__(self, key: str) -> _Value:
        return _Missing("{" + key + "}", "en")


class _Value:
    """An argument as a placeholder asks for it."""

    def __init__(self, value: Scalar, language: Language) -> None:
        self._value, self._language = value, language

    def __str__(self) -> str:
        return str(self._value)

    def __repr__(self) -> str:
        return repr(self._value)

    def __format__(self, how: str) -> str:
        value, language = self._value, self._language
        if value is None:
            return "--"
        if how == "time" and isinstance(value, int):
            return _instant(value)
        if how == "whole" and isinstance(value, int):
            return _instant(value, "%Y-%m-%d %H:%M")
        if how == "span" and isinstance(value, int):
            return span(value, language)
        if how.startswith("="):
            one, _, many = how[1:].partition("|")
            return f"{value} {one if str(value) == '1' else many or one + 's'}"
        if LOOKED_UP.fullmatch(how):
            return entry(f"{how}.{value}", language) or str(value)
        try:
            return format(value, how)
        except (TypeError, ValueError):
            # A number that came as a word is said as it came: what a person must be told is told all the same.
            return str(value)


class _Missing(_Value):
    """An argument that nobody gave: however it is asked for, it shows as its name, and nothing breaks."""

    def __format__(self, _how: str) -> str:
        return str(self)
