"""Read a pack's TOML files: the city as a whole, its feeds, and texts that rooms further on understand."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

from backend.city.cells import CONTROL
from backend.city.datum import Datum, box_to_wgs84, datum_of
from backend.city.faults import Faults, nearest
from backend.city.files import other_file, read_text
from backend.city.formats import CITY_FIELDS, FEED_FIELDS, Field
from backend.words.say import LANGUAGES, Language

Box = tuple[float, float, float, float]
"""West, south, east, north."""
_LINE = re.compile(r"\(at line (\d+), column \d+\)")


@dataclass(slots=True)
class CitySettings:
    """``city.toml``, read."""

    facts: dict[str, Any] = field(default_factory=dict)
    zone: ZoneInfo | None = None
    datum: Datum = "WGS-84"
    """What the pack's positions are given in; what is read of them is WGS-84."""
    words: dict[tuple[str, Language], str] = field(default_factory=dict)
    """The city's own words, by code and language."""
    bounds: Box | None = None
    surroundings: Box | None = None
    """Where things may stand that lie outside the city but blow into it; the bounds where none is given."""


@dataclass(slots=True)
class FeedSettings:
    """One feed of ``feeds.toml``."""

    code: str
    line: int
    values: dict[str, Any]


def read_toml(folder: Path, name: str, faults: Faults) -> tuple[dict[str, Any], str] | None:
    """A TOML file as values and text; None where it is absent or broken (which is then noted)."""
    path = other_file(folder, name)
    if path is None:
        return None
    text = read_text(path, faults)
    if text is None:
        return None
    try:
        return tomllib.loads(text), text
    except tomllib.TOMLDecodeError as error:
        place = _LINE.search(str(error))
        line = int(place[1]) if place else text.count("\n") + 1
        faults.add(name, line, "toml", error=_LINE.sub("", str(error)).strip())
        return None
    except (RecursionError, ValueError) as error:
        # Brackets without end, or a number of thousands of digits.
        faults.add(name, 0, "toml", error=str(error))
        return None


def read_city(folder: Path, faults: Faults) -> CitySettings:
    """``city.toml`` with every fault in it noted."""
    settings = CitySettings()
    found = read_toml(folder, "city.toml", faults)
    if found is None:
        return settings
    values, text = found
    values = _judge("city.toml", values, CITY_FIELDS, text, 0, faults)
    settings.facts = values
    zone = values.get("zone")
    if isinstance(zone, str):
        try:
            settings.zone = ZoneInfo(zone)
        except (ValueError, OSError, KeyError):
            faults.add("city.toml", line_of(text, "zone"), "zone", value=zone)
    datum = values.get("datum")
    if isinstance(datum, str):
        known = datum_of(datum)
        if known is None:
            faults.add("city.toml", line_of(text, "datum"), "datum", value=datum)
        settings.datum = known or "WGS-84"
    settings.words = _read_words(values.get("words", {}), text, faults)
    settings.bounds = values.get("bounds")
    settings.surroundings = values.get("surroundings") or settings.bounds
    if settings.datum == "GCJ-02":
        for name in ("bounds", "surroundings"):
            box = getattr(settings, name)
            setattr(settings, name, box and box_to_wgs84(box))
    return settings


def _read_words(given: Mapping[str, Any], text: str, faults: Faults) -> dict[tuple[str, Language], str]:
    words: dict[tuple[str, Language], str] = {}
    for name, entries in given.items():
        language = next((known for known in LANGUAGES if known == name), None)
        if language is None or not isinstance(entries, dict):
            faults.add("city.toml", line_of(text, f"words.{name}"), "word_language", value=str(name))
            continue
        for code, said in entries.items():
            if isinstance(said, str) and _is_pattern(said) and not CONTROL.search(said):
                words[code, language] = said
            else:
                faults.add("city.toml", line_of(text, code), "word_text", value=str(code))
    return words


def _is_pattern(said: str) -> bool:
    """Whether the places for arguments are whole: a lone brace would fail when it is shown."""
    try:
        return all(name is None or name.isidentifier() for _, name, _, _ in Formatter().parse(said))
    except ValueError:
        return False


def read_feeds(values: Mapping[str, Any], text: str, faults: Faults) -> list[FeedSettings]:
    """``feeds.toml``, each feed with its line."""
    feeds: list[FeedSettings] = []
    for name in values:
        if name != "feed":
            faults.add("feeds.toml", line_of(text, name), "unknown_key", key=name, near="[[feed]]")
    entries = values.get("feed", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        faults.add("feeds.toml", line_of(text, "feed"), "key_type", key="feed", expected="[[feed]]")
        return []
    heads = [number for number, line in enumerate(text.splitlines(), 1) if line.strip() == "[[feed]]"]
    codes: dict[str, int] = {}
    for index, entry in enumerate(entries):
        line = heads[index] if index < len(heads) else 0
        entry = _judge("feeds.toml", entry, FEED_FIELDS, text, line, faults)
        code = entry.get("code")
        if not isinstance(code, str):
            continue
        if code in codes:
            faults.add("feeds.toml", line, "duplicate", value=code, file="feeds.toml", line=codes[code])
            continue
        codes[code] = line
        feeds.append(FeedSettings(code, line, entry))
    return feeds


def line_of(text: str, key: str, after: int = 0) -> int:
    """The line on which a key stands, 0 where it isn't found."""
    pattern = re.compile(rf"\s*\[*\s*\"?{re.escape(key)}\"?\s*[\].=]")
    for number, line in enumerate(text.splitlines(), 1):
        if number > after and pattern.match(line):
            return number
    return after


def _judge(
    file: str, values: Mapping[str, Any], fields: Sequence[Field], text: str, after: int, faults: Faults
) -> dict[str, Any]:
    known = {entry.name: entry for entry in fields}
    kept: dict[str, Any] = {}
    for key, value in values.items():
        line = line_of(text, key, after)
        entry = known.get(key)
        if entry is None:
            faults.add(file, line, "unknown_key", key=key, near=nearest(key, known) or ", ".join(known))
        elif not _fits(entry, value):
            expected = _EXAMPLES[entry.kind]
            faults.add(file, line, "key_type", key=key, expected=expected)
        elif isinstance(value, str) and CONTROL.search(value.replace("\n", "")):
            character = CONTROL.search(value.replace("\n", ""))
            code = f"U+{ord(character[0]):04X}" if character else ""
            faults.add(file, line, "control", column=key, character=code, value=value)
        else:
            kept[key] = tuple(map(float, value)) if entry.kind == "box" else value
    for entry in fields:
        if entry.required and entry.name not in values:
            faults.add(file, after, "missing_key", key=entry.name, example=_EXAMPLES[entry.kind])
    return kept


_EXAMPLES = {
    "text": '"..."',
    "code": '"ABC-1"',
    "integer": "3600",
    "flag": "true",
    "box": "[114.8, 34.5, 116.5, 35.9]",
    "table": "[table]",
    "list": '["...", "..."]',
}


def _fits(entry: Field, value: Any) -> bool:
    match entry.kind:
        case "text":
            return isinstance(value, str)
        case "code":
            return isinstance(value, str) and bool(re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", value))
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31
        case "flag":
            return isinstance(value, bool)
        case "table":
            return isinstance(value, dict)
        case "list":
            return isinstance(value, list) and all(isinstance(part, str) for part in value)
        case "box":
            return _is_box(value)


def _is_box(value: Any) -> bool:
    if not isinstance(value, list) or len(value) != 4:
        return False
    if not all(isinstance(part, int | float) and not isinstance(part, bool) for part in value):
        return False
    west, south, east, north = value
    return bool(-180 <= west < east <= 180 and -90 <= south < north <= 90)
