"""Look a code up and fill its arguments in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Literal

from backend.words.message import Message, Scalar

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")

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


def say(message: Message, language: Language) -> str:
    """The message in words; an unknown code shows itself rather than nothing."""
    text = entry(message.code, language)
    if text is None:
        return " ".join([message.code, *(f"{key}={value}" for key, value in message.args.items())])
    if not message.args:
        return text
    return text.format_map(_Missing(message.args))


def word(code: str, language: Language, /, **args: Scalar) -> str:
    """`say` without building the message first."""
    return say(Message(code, args), language)


class _Missing(dict[str, Scalar]):
    """Arguments that a text asks for and nobody gave show as their names."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"
