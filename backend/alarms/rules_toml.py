"""Read a rules file: everything that is wrong with it, with the line where that can be told."""

from __future__ import annotations

import itertools
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from backend.alarms.rule_kinds import Rule
from backend.alarms.rules import Damp, Group, Orders, Power, Region, Rules, Stand
from backend.alarms.rules_by_kind import KINDS, read_ring, read_rule
from backend.alarms.rules_reader import Fault, Reader
from backend.words import Message


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
    reader = Reader(text)
    rules = _rules(reader, data, version)
    if reader.faults or rules is None:
        raise RulesFault(reader.faults)
    return rules


def _line_of(error: Exception) -> int:
    words = str(error).replace(",", " ").split()
    return int(words[words.index("line") + 1]) if "line" in words[:-1] else 0


def _rules(reader: Reader, data: Mapping[str, Any], version: int | None) -> Rules | None:
    """The whole file."""
    effective = data.get("effective")
    if not isinstance(effective, date):
        reader.fault("effective", "effective")
        return None
    reader.cadences = reader.numbers(data, "cadence", "", int)
    if not reader.cadences:
        reader.fault("missing", "cadence", key="cadence", wanted="table")
        return None
    steps = [
        (float(step.get("from", 0)), reader.priority(step.get("name"), "priority.name"))
        for step in reader.get(data, "priority", "", list)
        if isinstance(step, dict)
    ]
    if not steps:
        reader.fault("missing", "priority", key="priority", wanted="list")
    ring = read_ring(reader, reader.get(data, "ring", "", dict), "ring")
    return Rules(
        version=version if version is not None else reader.get(data, "version", "", int),
        effective=effective,
        cadences=tuple(sorted(reader.cadences.items(), key=lambda pair: pair[1])),
        ring=ring,
        recent=reader.by_cadence(data, "recent", ""),
        stand=_stand(reader, reader.get(data, "stand", "", dict)),
        priorities=tuple(sorted(steps)),
        region=_region(reader, reader.get(data, "region", "", dict)),
        power=_power(reader, reader.get(data, "power", "", dict)),
        orders=_orders(reader, reader.get(data, "orders", "", dict)),
        damp=_damp(reader, reader.get(data, "humid", "", dict, {})),
        rules=_by_kind(reader, data, ring),
    )


def _stand(reader: Reader, data: Mapping[str, Any]) -> Stand:
    names = ("lapse", "shelf_longest", "shelf_default", "window_longest")
    # A pack that was written before says nothing of ringing again: it does after one period.
    again = reader.get(data, "again", "stand", int, 1)
    worse = frozenset(reader.words(data, "worse", "stand") if "worse" in data else ("critical",))
    return Stand(**{name: reader.get(data, name, "stand", int) for name in names}, again=again, worse=worse)


def _orders(reader: Reader, data: Mapping[str, Any]) -> Orders:
    return Orders(
        warning=reader.get(data, "warning", "orders", str),
        stop=reader.get(data, "stop", "orders", str),
        declared=reader.get(data, "declared", "orders", str),
        levels=reader.words(data, "levels", "orders"),
        stop_sources=frozenset(reader.words(data, "stop_sources", "orders")),
        quiet=frozenset(reader.words(data, "quiet", "orders")),
    )


def _damp(reader: Reader, data: Mapping[str, Any]) -> Damp:
    """Humid air; a pack that says nothing of it lets it keep nothing from ringing."""
    if not data:
        return Damp("", 101.0, 0, frozenset())
    return Damp(
        parameter=reader.get(data, "parameter", "humid", str),
        above=reader.get(data, "above", "humid", float),
        within=reader.get(data, "within", "humid", int),
        rules=frozenset(reader.words(data, "rules", "humid")),
    )


def _power(reader: Reader, data: Mapping[str, Any]) -> Power:
    codes: dict[str, Any] = {
        name: reader.get(data, name, "power", str) for name in ("production", "treatment", "total")
    }
    shares: dict[str, Any] = {
        name: reader.get(data, name, "power", float) for name in ("on_share", "on_percentile")
    }
    names = ("lag", "production_days", "treatment_days", "steps", "least", "renew")
    numbers: dict[str, Any] = {name: reader.get(data, name, "power", int) for name in names}
    power = Power(**codes, **shares, **numbers)
    if not 0 <= power.on_share < 1 or power.on_percentile > 100 or not power.steps:
        reader.fault(
            "power", "[power]", share=power.on_share, percentile=power.on_percentile, steps=power.steps
        )
    return power


def _region(reader: Reader, data: Mapping[str, Any]) -> Region:
    groups = [
        Group(
            reader.get(one, "name", "region.group", str),
            frozenset(reader.words(one, "kinds", "region.group")),
        )
        for one in reader.get(data, "group", "region", list, [])
    ]
    shares = {name: reader.get(data, name, "region", float) for name in ("enter", "leave", "counties")}
    if not 0 < shares["leave"] <= shares["enter"] <= 1 or not 0 < shares["counties"] <= 1:
        reader.fault("region", "[region]", enter=shares["enter"], leave=shares["leave"])
    return Region(
        **shares,
        least=reader.get(data, "least", "region", int),
        ratio=reader.get(data, "ratio", "region", float),
        excess=reader.numbers(data, "excess", "region", float),
        priority=reader.priority(data.get("priority"), "region.priority"),
        incident=reader.get(data, "incident", "region", str),
        groups=tuple(groups),
    )


def _by_kind(reader: Reader, data: Mapping[str, Any], ring: Any) -> tuple[Rule, ...]:
    found: list[Rule] = []
    for one in reader.get(data, "rule", "", list):
        code, kind = reader.get(one, "code", "rule", str), one.get("kind")
        if kind not in KINDS:
            reader.fault("kind", str(kind), rule=code, value=str(kind), known=", ".join(KINDS))
            continue
        found.append(read_rule(reader, code, kind, one, ring))
    by_code: defaultdict[str, list[Rule]] = defaultdict(list)
    for rule in found:
        by_code[rule.code].append(rule)
    for code, several in by_code.items():
        # A rule may change on a day, but no day may have two of one name.
        several.sort(key=lambda rule: rule.valid_from or date.min)
        for rule, later in itertools.pairwise(several):
            if rule.valid_to is None or later.valid_from is None or later.valid_from < rule.valid_to:
                reader.fault("twice", code, rule=code)
    return tuple(found)
