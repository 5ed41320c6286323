"""Read a feed's TOML settings strictly: every fault found, every unknown key named, with what was meant.

An adapter asks a `Table` for the keys that it knows. What was asked for and is missing, of the wrong type or
out of range becomes an `OptionFault`; what is there and was never asked for becomes one at `Table.finish`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

from backend.feeds.fault import OptionFault, OptionsError, RecordError
from backend.text import clean
from backend.words import Message
from backend.words.message import Scalar


class Table:
    """A TOML table that is being read."""

    def __init__(self, values: Mapping[str, Any], where: str, faults: list[OptionFault], text: str) -> None:
        self._values = values
        self._where = where
        self._faults = faults
        self._text = text
        self._asked: set[str] = set()

    @classmethod
    def parse(cls, text: str) -> Table:
        """Read TOML text.

        Raises:
            OptionsError: the text is no TOML.
        """
        try:
            return cls(tomllib.loads(text), "", [], text)
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"line (\d+)", str(error))
            line = int(found.group(1)) if found else 0
            message = Message("feed.option.toml", {"error": clean(str(error))})
            raise OptionsError([OptionFault("", message, line)]) from error

    @property
    def faults(self) -> list[OptionFault]:
        """What was found so far, in this table and all that belong to the same text."""
        return self._faults

    def has(self, key: str) -> bool:
        """Whether the key is there (it counts as known)."""
        self._asked.add(key)
        return key in self._values

    def fault(self, key: str, code: str, /, **args: Scalar) -> None:
        """Note a fault at a key."""
        where = clean(self._path(key))
        safe = {name: clean(value) if isinstance(value, str) else value for name, value in args.items()}
        message = Message(code, {"where": where, **safe})
        self._faults.append(OptionFault(where, message, line_of(self._text, key)))

    def refuse(self, key: str, error: RecordError) -> None:
        """Note that a parameter or a unit which a key names can't be used."""
        code = error.message.code.replace("feed.parameter.unknown", "feed.option.parameter")
        self.fault(key, code.replace("feed.unit.", "feed.option.unit_"), **error.message.args)

    def string(self, key: str, default: str | None = None) -> str:
        """A text; without a default it must be there and not be empty."""
        value = self._take(key, default, str)
        if default is None and value == "" and key in self._values:
            self.fault(key, "feed.option.empty")
        return value if isinstance(value, str) else ""

    def choice(self, key: str, choices: Collection[str], default: str | None = None) -> str:
        """One of a few words."""
        value = self.string(key, default)
        if value not in choices and key in self._values and isinstance(self._values[key], str):
            self.fault(key, "feed.option.choice", value=value, choices=", ".join(choices))
            return default if default is not None else next(iter(choices))
        return value

    def whole(self, key: str, default: int | None = None, *, low: int = 0, high: int = 2**31) -> int:
        """A whole number within bounds."""
        value = self._take(key, default, int)
        number = value if isinstance(value, int) else low
        if not low <= number <= high:
            self.fault(key, "feed.option.range", value=number, low=low, high=high)
            return default if default is not None else low
        return number

    def number(self, key: str, default: float | None = None) -> float:
        """A finite number."""
        value = self._take(key, default, (int, float))
        number = float(value) if isinstance(value, int | float) else 0.0
        if number != number or number in (float("inf"), float("-inf")):
            self.fault(key, "feed.option.type", expected="number")
            return 0.0
        return number

    def switch(self, key: str, default: bool) -> bool:
        """true or false."""
        return bool(self._take(key, default, bool))

    def strings(self, key: str, default: Collection[str] = ()) -> tuple[str, ...]:
        """A list of texts; numbers are taken as they are written."""
        value = self._take(key, list(default), list)
        items = value if isinstance(value, list) else []
        if not all(isinstance(item, str | int | float) and not isinstance(item, bool) for item in items):
            self.fault(key, "feed.option.type", expected="texts")
            return tuple(default)
        return tuple(str(item) for item in items)

    def texts(self, key: str) -> dict[str, str]:
        """A table of texts, such as query parameters and headers."""
        value = self._take(key, {}, dict)
        pairs = value if isinstance(value, dict) else {}
        for name, item in pairs.items():
            if isinstance(item, bool) or not isinstance(item, str | int | float):
                self.fault(f"{key}.{name}", "feed.option.type", expected="str")
        return {name: str(item) for name, item in pairs.items() if not isinstance(item, dict | list)}

    def table(self, key: str) -> Table:
        """A sub-table, empty where it is not there."""
        value = self._take(key, {}, dict)
        return Table(value if isinstance(value, dict) else {}, self._path(key), self._faults, self._text)

    def tables(self, key: str) -> list[Table]:
        """An array of tables."""
        value = self._take(key, [], list)
        items = value if isinstance(value, list) else []
        if not all(isinstance(item, dict) for item in items):
            self.fault(key, "feed.option.type", expected="tables")
            return []
        return [
            Table(item, f"{self._path(key)}[{index}]", self._faults, self._text)
            for index, item in enumerate(items)
        ]

    def named(self, key: str) -> dict[str, Table]:
        """A table of tables, each by its own name."""
        inner = self.table(key)
        return {name: inner.table(name) for name in inner._values}

    def zone(self, key: str, default: str) -> ZoneInfo:
        """An IANA time zone."""
        name = self.string(key, default)
        try:
            return ZoneInfo(name)
        except (ValueError, OSError, KeyError):
            self.fault(key, "feed.option.zone", value=name)
            return ZoneInfo("UTC")

    def finish(self) -> None:
        """Every key that nobody asked for is a fault: a misspelt one must not be passed over."""
        for key in self._values:
            if key not in self._asked:
                near = get_close_matches(key, self._asked, n=1)
                if near:
                    self.fault(key, "feed.option.unknown_near", key=key, near=near[0])
                else:
                    self.fault(key, "feed.option.unknown", key=key)

    def check(self) -> None:
        """Raise what was found.

        Raises:
            OptionsError: there is at least one fault.
        """
        if self._faults:
            raise OptionsError(self._faults)

    def _path(self, key: str) -> str:
        return f"{self._where}.{key}" if self._where else key

    def _take(self, key: str, default: Any, kind: type | tuple[type, ...]) -> Any:
        self._asked.add(key)
        if key not in self._values:
            if default is None:
                self.fault(key, "feed.option.missing", key=key)
            return default
        value = self._values[key]
        # In Python a bool is an int; in a settings file it is a mistake.
        wrong_bool = isinstance(value, bool) and kind is not bool
        if wrong_bool or not isinstance(value, kind):
            self.fault(key, "feed.option.type", expected=_kind_name(kind))
            return default
        return value


def _kind_name(kind: type | tuple[type, ...]) -> str:
    """What it is called, by a code of the words."""
    return "number" if isinstance(kind, tuple) else kind.__name__


def line_of(text: str, key: str) -> int:
    """The line on which a key stands; 0 where it does not."""
    pattern = re.compile(rf'^\s*(?:\[+[^\]]*)?"?{re.escape(key)}"?\s*(?:=|\])', re.MULTILINE)
    found = pattern.search(text)
    return text.count("\n", 0, found.end()) + 1 if found else 0
