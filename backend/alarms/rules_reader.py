"""Values out of a parsed TOML table: each that is wrong is noted with its line, instead of stopping at the first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar, cast

from backend.alarms.rule_kinds import PRIORITIES, Priority
from backend.words import Message
from backend.words.message import Scalar

Fault = tuple[int, Message]
"""A line, 0 where none can be told, and what is wrong there."""
T = TypeVar("T")


class Reader:
    """Reads a parsed TOML table and notes each fault instead of stopping at the first."""

    def __init__(self, text: str) -> None:
        self.lines = text.splitlines()
        self.faults: list[Fault] = []
        self.cadences: dict[str, int] = {}

    def fault(self, kind: str, needle: str = "", **args: Scalar) -> None:
        """Note a fault at the first line that names ``needle``."""
        line = next((number for number, one in enumerate(self.lines, 1) if needle and needle in one), 0)
        self.faults.append((line, Message(f"rule.fault.{kind}", args)))

    def get(
        self, data: Mapping[str, Any], key: str, where: str, kind: type[T], default: T | None = None
    ) -> T:
        """A value of a type; a fault and a harmless value where there is none."""
        value: Any = data.get(key, default)
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
            self.fault(
                "missing" if value is None else "type", key, key=f"{where}.{key}", wanted=kind.__name__
            )
            return kind()
        if isinstance(value, int | float) and not isinstance(value, bool) and value < 0:
            self.fault("negative", key, key=f"{where}.{key}", value=value)
        return cast(T, value)

    def numbers(
        self, data: Mapping[str, Any], key: str, where: str, make: Callable[[Any], T]
    ) -> dict[str, T]:
        """A table of numbers."""
        found = {}
        for name, value in self.get(data, key, where, dict, {}).items():
            if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
                self.fault("number", name, key=f"{where}.{key}.{name}", value=str(value))
            else:
                found[name] = make(value)
        return found

    def words(self, data: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
        """A list of words."""
        values = self.get(data, key, where, list, [])
        if not all(isinstance(one, str) for one in values):
            self.fault("type", key, key=f"{where}.{key}", wanted="list of strings")
            return ()
        return tuple(values)

    def priority(self, value: Any, where: str) -> Priority:
        """A priority by its name."""
        if value not in PRIORITIES:
            self.fault("priority", str(value), key=where, value=str(value))
            return "low"
        return cast(Priority, value)

    def by_cadence(self, data: Mapping[str, Any], key: str, where: str) -> dict[str, int]:
        found = self.numbers(data, key, where, int)
        for name in found:
            self.cadence(name, f"{where}.{key}")
        return found

    def cadence(self, name: str, where: str) -> str:
        """A cadence by its name."""
        if name not in self.cadences:
            self.fault("cadence", name, key=where, value=name, known=", ".join(self.cadences))
        return name

    def day(self, data: Mapping[str, Any], key: str, where: str) -> date | None:
        """A date, None where there is none."""
        value = data.get(key)
        if value is not None and not isinstance(value, date):
            self.fault("type", key, key=f"{where}.{key}", wanted="date")
            return None
        return value

    def tables(self, data: Mapping[str, Any], key: str, where: str) -> dict[str, dict[str, float]]:
        """A table of tables of numbers."""
        held = self.get(data, key, where, dict, {})
        return {name: self.numbers(held, name, f"{where}.{key}", float) for name in held}

    def choice(self, data: Mapping[str, Any], key: str, where: str, known: tuple[str, ...]) -> str:
        """One of a few words; the first where nothing else is told."""
        value = self.get(data, key, where, str, known[0])
        if value not in known:
            self.fault("choice", value, key=f"{where}.{key}", value=value, known=", ".join(known))
            return known[0]
        return value
