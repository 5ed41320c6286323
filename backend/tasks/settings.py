"""Read a TOML text and say, for every mistake in it, on which line it is and what to do.

tomllib tells the line of a syntax error only; what is well-formed but wrong (an unknown clock, a negative duration) is
located here by the table's header and the key.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from backend.words import Message

DURATION = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
HOURS = re.compile(r"([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
CLOCK_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
HEADER = re.compile(r"\s*\[\[?\s*([A-Za-z0-9_.-]+)\s*\]\]?")
KEY = re.compile(r"\s*\"?([A-Za-z0-9_-]+)\"?\s*=")
DAY_SECONDS, HOUR_SECONDS, MINUTE_SECONDS = 86400, 3600, 60


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake: where it is and what is wrong."""

    line: int
    where: str
    """Table and key, such as ``target[3].critical``."""
    message: Message


class SettingsError(ValueError):
    """A text that can't be used; every mistake that was found is in ``faults``."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"line {f.line}: {f.where}: {f.message.code}" for f in self.faults))


def parse_duration(text: str) -> int | None:
    """Seconds of `1d2h3m4s`; None where it is no duration."""
    match = DURATION.fullmatch(text)
    if match is None or not text:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return days * DAY_SECONDS + hours * HOUR_SECONDS + minutes * MINUTE_SECONDS + seconds


def parse_hours(text: str) -> tuple[int, int] | None:
    """Start and end, in minutes of the day, of `22:00-06:00`; None where it is no span."""
    match = HOURS.fullmatch(text)
    if match is None:
        return None
    a, b, c, d = (int(part) for part in match.groups())
    start, end = a * 60 + b, c * 60 + d
    return (start, end) if start < 1440 and end <= 1440 and start != end else None


class Settings:
    """A TOML text being read; mistakes are collected, and `done` raises them all at once."""

    def __init__(self, text: str) -> None:
        self.faults: list[Fault] = []
        self._lines = _index(text)
        try:
            self._data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"line (\d+)", str(error))
            line = int(found.group(1)) if found else 1
            raise SettingsError(
                [Fault(line, "", Message("task.policy.toml", {"error": str(error)}))]
            ) from error

    def table(self, name: str) -> Table:
        """The table of this name; an empty one where it is missing."""
        data = self._data.get(name, {})
        if not isinstance(data, dict):
            self.fault(name, 0, "", "task.policy.table", name=name)
            data = {}
        return Table(self, name, 0, data)

    def tables(self, name: str) -> list[Table]:
        """The array of tables of this name."""
        rows = self._data.get(name, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self.fault(name, 0, "", "task.policy.tables", name=name)
            return []
        return [Table(self, name, number, row) for number, row in enumerate(rows)]

    def only(self, names: Collection[str]) -> None:
        """Every other table is a mistake."""
        for name in self._data:
            if name not in names:
                self.fault(name, 0, "", "task.policy.unknown", name=name, known=", ".join(sorted(names)))

    def fault(self, table: str, number: int, key: str, code: str, /, **args: str | int) -> None:
        """Note a mistake."""
        heads = self._lines.get((table, ""), [1])
        line = heads[min(number, len(heads) - 1)]
        if key:
            following = heads[number + 1] if number + 1 < len(heads) else None
            for at in self._lines.get((table, key), []):
                if at >= line and (following is None or at < following):
                    line = at
                    break
        where = f"{table}[{number + 1}]" if len(heads) > 1 else table
        self.faults.append(Fault(line, f"{where}.{key}" if key else where, Message(code, args)))

    def done(self) -> None:
        """Raise what was found wrong."""
        if self.faults:
            raise SettingsError(sorted(self.faults, key=lambda fault: fault.line))


class Table:
    """One table being read: each key is asked for by what it must be."""

    def __init__(self, settings: Settings, name: str, number: int, data: dict[str, Any]) -> None:
        self._settings, self._name, self._number, self._data = settings, name, number, data
        self._asked: set[str] = set()

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self._data

    def fault(self, key: str, code: str, /, **args: str | int) -> None:
        """Note a mistake at a key of this table."""
        self._settings.fault(self._name, self._number, key, code, **args)

    def _get(self, key: str) -> Any:
        self._asked.add(key)
        return self._data.get(key)

    def text(self, key: str, default: str = "", *, known: Collection[str] | None = None) -> str:
        """A word, one of ``known`` where given."""
        value = self._get(key)
        if value is None:
            return default
        if not isinstance(value, str) or (known is not None and value not in known):
            self.fault(key, "task.policy.word", value=str(value), known=", ".join(sorted(known or ())))
            return default
        return value

    def texts(self, key: str, *, known: Collection[str] | None = None) -> tuple[str, ...]:
        """A list of words."""
        value = self._get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.fault(key, "task.policy.list", value=str(value))
            return ()
        for item in value:
            if known is not None and item not in known:
                self.fault(key, "task.policy.word", value=item, known=", ".join(sorted(known)))
        return tuple(value)

    def integer(self, key: str, default: int, low: int, high: int) -> int:
        """A whole number within bounds."""
        value = self._get(key)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            self.fault(key, "task.policy.number", value=str(value), low=low, high=high)
            return default
        return value

    def duration(self, key: str, default: int) -> int:
        """Seconds."""
        value = self._get(key)
        if value is None:
            return default
        seconds = parse_duration(value) if isinstance(value, str) else None
        if seconds is None or seconds == 0:
            self.fault(key, "task.policy.duration", value=str(value))
            return default
        return seconds

    def hours(self, key: str) -> tuple[int, int] | None:
        """A span of the day, in minutes."""
        value = self._get(key)
        if value is None:
            return None
        span = parse_hours(value) if isinstance(value, str) else None
        if span is None:
            self.fault(key, "task.policy.hours", value=str(value))
        return span

    def raw(self, key: str) -> Any:
        """The value as it stands, for the caller to judge."""
        return self._get(key)

    def end(self) -> None:
        """Every key that nobody asked for is a mistake."""
        for key in self._data:
            if key not in self._asked:
                self.fault(key, "task.policy.unknown", name=key, known=", ".join(sorted(self._asked)))


def _index(text: str) -> dict[tuple[str, str], list[int]]:
    """Lines of each table's header (key "") and of each of its keys."""
    lines: dict[tuple[str, str], list[int]] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if header := HEADER.match(line):
            table = header.group(1)
            lines.setdefault((table, ""), []).append(number)
        elif key := KEY.match(line):
            lines.setdefault((table, key.group(1)), []).append(number)
    return lines
