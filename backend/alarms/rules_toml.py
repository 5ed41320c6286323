"""Read a rules file: everything that is wrong with it, with the line where that can be told."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar, cast

from backend.alarms.rules import (
    PRIORITIES,
    ExcessRule,
    Group,
    Limit,
    LimitBasis,
    LimitRule,
    OfflineRule,
    Priority,
    QualityRule,
    Region,
    Ring,
    RiseRule,
    Rule,
    Rules,
    Stand,
)
from backend.words import Message
from backend.words.message import Scalar

Fault = tuple[int, Message]
T = TypeVar("T")
BASES: tuple[LimitBasis, ...] = ("above", "below", "gb3095", "aqi_level", "gb3838", "dust")
_NUMERIC = ("above", "below", "aqi_level")
_COMMON = {"code", "kind", "stations", "incident", "incident_of", "priority"}
_ALLOWED = {
    "limit": {"limit", "regional", "background"},
    "rise": {"cadence", "amount", "floor", "share", "lead"},
    "excess": {"cadence", "amount", "ratio", "least"},
    "quality": {"reasons", "at_once"},
    "offline": {"after", "priority_of", "feed"},
}


class RulesFault(Exception):
    """A rules file that can't be used; ``faults`` says everything that is wrong with it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(", ".join(message.code for _, message in faults))
        self.faults = faults


def faults(text: str) -> list[Fault]:
    """Everything that is wrong with a rules file: (line, what), line 0 where none can be told."""
    try:
        parse(text)
    except RulesFault as error:
        return list(error.faults)
    return []


def parse(text: str, *, version: int | None = None) -> Rules:
    """The rules of a TOML text.

    Args:
        version: the number that the store gave this text, instead of its own.

    Raises:
        RulesFault: with everything that is wrong.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = text.count("\n", 0, getattr(error, "pos", 0)) + 1 if hasattr(error, "pos") else _line_of(error)
        raise RulesFault([(line, Message("rule.fault.toml", {"error": str(error)[:160]}))]) from error
    reader = _Reader(text)
    rules = reader.rules(data, version)
    if reader.faults or rules is None:
        raise RulesFault(reader.faults)
    return rules


def _line_of(error: Exception) -> int:
    words = str(error).replace(",", " ").split()
    return int(words[words.index("line") + 1]) if "line" in words[:-1] else 0


class _Reader:
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

    def rules(self, data: Mapping[str, Any], version: int | None) -> Rules | None:
        """The whole file."""
        effective = data.get("effective")
        if not isinstance(effective, date):
            self.fault("effective", "effective")
            return None
        self.cadences = self.numbers(data, "cadence", "", int)
        if not self.cadences:
            self.fault("missing", "cadence", key="cadence", wanted="table")
            return None
        steps = [
            (float(step.get("from", 0)), self.priority(step.get("name"), "priority.name"))
            for step in self.get(data, "priority", "", list)
            if isinstance(step, dict)
        ]
        if not steps:
            self.fault("missing", "priority", key="priority", wanted="list")
        by_kind = self._by_kind(data)
        return Rules(
            version=version if version is not None else self.get(data, "version", "", int),
            effective=effective,
            cadences=tuple(sorted(self.cadences.items(), key=lambda pair: pair[1])),
            ring=self._ring(self.get(data, "ring", "", dict)),
            recent=self._by_cadence(data, "recent", ""),
            stand=self._stand(self.get(data, "stand", "", dict)),
            priorities=tuple(sorted(steps)),
            region=self._region(self.get(data, "region", "", dict)),
            limits=tuple(one for one in by_kind if isinstance(one, LimitRule)),
            rises=tuple(one for one in by_kind if isinstance(one, RiseRule)),
            excesses=tuple(one for one in by_kind if isinstance(one, ExcessRule)),
            qualities=tuple(one for one in by_kind if isinstance(one, QualityRule)),
            offline=next((one for one in by_kind if isinstance(one, OfflineRule)), None),
        )

    def _ring(self, data: Mapping[str, Any]) -> Ring:
        names = ("hits", "of", "clean", "within")
        numbers = {name: self.get(data, name, "ring", int) for name in names}
        ring = Ring(at_once=self.get(data, "at_once", "ring", float), **numbers)
        if not 1 <= ring.hits <= ring.of <= ring.within or ring.clean < 1 or ring.at_once < 1:
            self.fault("ring", "[ring]", hits=ring.hits, of=ring.of, within=ring.within)
        return ring

    def _stand(self, data: Mapping[str, Any]) -> Stand:
        return Stand(
            *(self.get(data, name, "stand", int) for name in ("lapse", "shelf_longest", "shelf_default"))
        )

    def _by_cadence(self, data: Mapping[str, Any], key: str, where: str) -> dict[str, int]:
        found = self.numbers(data, key, where, int)
        for name in found:
            self.cadence(name, f"{where}.{key}")
        return found

    def cadence(self, name: str, where: str) -> str:
        """A cadence by its name."""
        if name not in self.cadences:
            self.fault("cadence", name, key=where, value=name, known=", ".join(self.cadences))
        return name

    def _region(self, data: Mapping[str, Any]) -> Region:
        groups = [
            Group(
                self.get(one, "name", "region.group", str),
                frozenset(self.words(one, "kinds", "region.group")),
            )
            for one in self.get(data, "group", "region", list, [])
        ]
        shares = {name: self.get(data, name, "region", float) for name in ("enter", "leave", "counties")}
        if not 0 < shares["leave"] <= shares["enter"] <= 1 or not 0 < shares["counties"] <= 1:
            self.fault("region", "[region]", enter=shares["enter"], leave=shares["leave"])
        return Region(
            **shares,
            least=self.get(data, "least", "region", int),
            ratio=self.get(data, "ratio", "region", float),
            excess=self.numbers(data, "excess", "region", float),
            priority=self.priority(data.get("priority"), "region.priority"),
            incident=self.get(data, "incident", "region", str),
            groups=tuple(groups),
        )

    def _by_kind(self, data: Mapping[str, Any]) -> list[Rule]:
        found: list[Rule] = []
        seen: set[str] = set()
        for one in self.get(data, "rule", "", list):
            code, kind = self.get(one, "code", "rule", str), one.get("kind")
            if kind not in _ALLOWED:
                self.fault("kind", str(kind), rule=code, value=str(kind), known=", ".join(_ALLOWED))
                continue
            if code in seen:
                self.fault("twice", code, rule=code)
            seen.add(code)
            for key in set(one) - _COMMON - _ALLOWED[kind]:
                self.fault("unknown", key, rule=code, key=key)
            found.append(self._rule(code, kind, one))
        return found

    def _rule(self, code: str, kind: str, one: Mapping[str, Any]) -> Rule:
        where = f"rule.{code}"
        common: dict[str, Any] = {
            "code": code,
            "stations": frozenset(self.words(one, "stations", where)),
            "incident": self.get(one, "incident", where, str),
            "incident_of": self.get(one, "incident_of", where, dict, {}),
            "priority": self.priority(one["priority"], where) if "priority" in one else None,
        }
        if kind == "limit":
            return LimitRule(
                **common,
                limits=tuple(self._limit(each, where) for each in self.get(one, "limit", where, list)),
                regional=self.get(one, "regional", where, bool, False),
                background=self.words(one, "background", where),
            )
        if kind == "quality":
            return QualityRule(
                **common,
                reasons=frozenset(self.words(one, "reasons", where)),
                at_once=self.get(one, "at_once", where, bool, False),
            )
        if kind == "offline":
            return self._offline(one, where, common)
        common["cadence"] = self.cadence(self.get(one, "cadence", where, str), where)
        common["amount"] = self.numbers(one, "amount", where, float)
        if kind == "rise":
            return RiseRule(
                **common,
                floor=self.numbers(one, "floor", where, float),
                share=self.get(one, "share", where, float),
                lead=self.get(one, "lead", where, float),
            )
        return ExcessRule(
            **common,
            ratio=self.get(one, "ratio", where, float),
            least=self.get(one, "least", where, int),
        )

    def _offline(self, one: Mapping[str, Any], where: str, common: dict[str, Any]) -> OfflineRule:
        feed = self.get(one, "feed", where, dict)
        by_kind = self.get(one, "priority_of", where, dict, {})
        return OfflineRule(
            **common,
            after=self._by_cadence(one, "after", where),
            priority_of={kind: self.priority(name, where) for kind, name in by_kind.items()},
            feed_code=self.get(feed, "code", where, str),
            feed_share=self.get(feed, "share", where, float),
            feed_least=self.get(feed, "least", where, int),
            feed_priority=self.priority(feed.get("priority"), where),
        )

    def _limit(self, one: Mapping[str, Any], where: str) -> Limit:
        bases = [basis for basis in BASES if basis in one]
        parameter = self.get(one, "parameter", where, str)
        if len(bases) != 1:
            self.fault("basis", parameter, rule=where, parameter=parameter, known=", ".join(BASES))
            return Limit(parameter, "", "above", 0.0)
        basis = bases[0]
        value: float | str = (
            self.get(one, basis, where, float) if basis in _NUMERIC else self.get(one, basis, where, str)
        )
        return Limit(parameter, self.cadence(self.get(one, "cadence", where, str), where), basis, value)
