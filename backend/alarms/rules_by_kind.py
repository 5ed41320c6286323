"""Read one rule of the file by its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast, get_args

from backend.alarms.rule_kinds import (
    Against,
    DayRule,
    ExcessRule,
    Feed,
    Limit,
    LimitBasis,
    LimitRule,
    OfflineRule,
    PowerCheck,
    PowerRule,
    QualityRule,
    Ring,
    RiseRule,
    Rule,
    StopRule,
    VehicleRule,
)
from backend.alarms.rules_reader import Reader

BASES: tuple[LimitBasis, ...] = get_args(LimitBasis)
CHECKS: tuple[PowerCheck, ...] = get_args(PowerCheck)
METHODS = ("mean", "robust")
AGAINST: tuple[Against, ...] = get_args(Against)
_NUMERIC = ("above", "below", "aqi_level")
_COMMON = {
    "code", "kind", "stations", "incident", "incident_of", "priority", "source", "valid_from", "valid_to", "ring",
    "against",
}  # fmt: skip
Data = Mapping[str, Any]
Common = dict[str, Any]


def read_rule(reader: Reader, code: str, kind: str, data: Data, ring: Ring) -> Rule:
    """One rule; what is wrong with it is noted in the reader."""
    where = f"rule.{code}"
    keys, read = KINDS[kind]
    for key in set(data) - _COMMON - keys:
        reader.fault("unknown", key, rule=code, key=key)
    if not data.get("source"):
        reader.fault("source", code, rule=code)
    begins, ends = reader.day(data, "valid_from", where), reader.day(data, "valid_to", where)
    if begins is not None and ends is not None and ends <= begins:
        reader.fault("days", code, rule=code, begins=str(begins), ends=str(ends))
    common: Common = {
        "code": code,
        "stations": frozenset(reader.words(data, "stations", where)),
        "incident": reader.get(data, "incident", where, str),
        "incident_of": reader.get(data, "incident_of", where, dict, {}),
        "priority": reader.priority(data["priority"], where) if "priority" in data else None,
        "source": reader.get(data, "source", where, str, ""),
        "valid_from": begins,
        "valid_to": ends,
        "ring": read_ring(reader, data["ring"], f"{where}.ring", ring) if "ring" in data else None,
        "against": reader.choice(data, "against", where, AGAINST) if "against" in data else AGAINST[0],
    }
    return read(reader, data, where, common)


def read_ring(reader: Reader, data: Data, where: str, default: Ring | None = None) -> Ring:
    """When a rule rings; of a rule's own, what it does not say is as in the file's."""
    given = {} if default is None else {name: getattr(default, name) for name in Ring.__slots__}
    data = {**given, **data}
    ring = Ring(
        hits=reader.get(data, "hits", where, int),
        of=reader.get(data, "of", where, int),
        at_once=reader.get(data, "at_once", where, float),
        clean=reader.get(data, "clean", where, int),
        within=reader.get(data, "within", where, int),
    )
    if not 1 <= ring.hits <= ring.of <= ring.within or ring.clean < 1 or ring.at_once < 1:
        reader.fault("ring", "[ring]", hits=ring.hits, of=ring.of, within=ring.within)
    return ring


def _limit_rule(reader: Reader, data: Data, where: str, common: Common) -> Rule:
    return LimitRule(
        **common,
        limits=tuple(_limit(reader, each, where) for each in reader.get(data, "limit", where, list)),
        regional=reader.get(data, "regional", where, bool, False),
        background=reader.words(data, "background", where),
    )


def _limit(reader: Reader, one: Data, where: str) -> Limit:
    bases = [basis for basis in BASES if basis in one]
    parameter = reader.get(one, "parameter", where, str)
    if len(bases) != 1:
        reader.fault("basis", parameter, rule=where, parameter=parameter, known=", ".join(BASES))
        return Limit(parameter, "", "above", 0.0)
    basis = bases[0]
    value: float | str = (
        reader.get(one, basis, where, float) if basis in _NUMERIC else reader.get(one, basis, where, str)
    )
    return Limit(parameter, reader.cadence(reader.get(one, "cadence", where, str), where), basis, value)


def _series(reader: Reader, data: Data, where: str) -> dict[str, Any]:
    return {
        "cadence": reader.cadence(reader.get(data, "cadence", where, str), where),
        "amount": reader.numbers(data, "amount", where, float),
    }


def _rise_rule(reader: Reader, data: Data, where: str, common: Common) -> Rule:
    return RiseRule(
        **common,
        **_series(reader, data, where),
        floor=reader.numbers(data, "floor", where, float),
        share=reader.get(data, "share", where, float),
        lead=reader.get(data, "lead", where, float),
    )


def _excess_rule(reader: Reader, data: Data, where: str, common: Common) -> Rule:
    method = reader.choice(data, "method", where, METHODS)
    return ExcessRule(
        **common,
        **_series(reader, data, where),
        ratio=reader.get(data, "ratio", where, float),
        least=reader.get(data, "least", where, int),
        method="robust" if method == "robust" else "mean",
        z=reader.get(data, "z", where, float, 0.0),
    )


def _day_rule(reader: Reader, data: Data, where: str, common: Common) -> Rule:
    limit = _limit(reader, reader.get(data, "limit", where, dict), where)
    if limit.basis != "dust":
        reader.fault("basis", limit.parameter, rule=where, parameter=limit.parameter, known="dust")
    return DayRule(**common, limit=limit, background=reader.words(data, "background", where))


def _stop_rule(reader: Reader, data: Data, where: str, common: Common) -> Rule:
    return StopRule(
        **common, **_series(reader, data, where), background=reader.words(data, "background", where)
    )


def _quality_rule(reader: Reader, data: Data, where: str, common: Common) -> Rule:
    return QualityRule(
        **common,
        reasons=frozenset(reader.words(data, "reasons", where)),
        at_once=reader.get(data, "at_once", where, bool, False),
        feed=_feed(reader, data, where) if "feed" in data else None,
    )


def _feed(reader: Reader, data: Data, where: str) -> Feed:
    feed = reader.get(data, "feed", where, dict)
    return Feed(
        code=reader.get(feed, "code", where, str),
        share=reader.get(feed, "share", where, float),
        least=reader.get(feed, "least", where, int),
        priority=reader.priority(feed.get("priority"), where),
    )


def _offline_rule(reader: Reader, data: Data, where: str, common: Common) -> Rule:
    by_kind = reader.get(data, "priority_of", where, dict, {})
    others = reader.get(data, "after_of", where, dict, {})
    return OfflineRule(
        **common,
        after=reader.by_cadence(data, "after", where),
        after_of={kind: reader.by_cadence(others, kind, f"{where}.after_of") for kind in others},
        priority_of={kind: reader.priority(name, where) for kind, name in by_kind.items()},
        feed=_feed(reader, data, where),
    )


def _power_rule(reader: Reader, data: Data, where: str, common: Common) -> Rule:
    return PowerRule(
        **common,
        check=cast(PowerCheck, reader.choice(data, "check", where, CHECKS)),
        last=reader.get(data, "last", where, int),
        share=reader.get(data, "share", where, float, 0.0),
        allowed=reader.tables(data, "allowed", where),
        plan=reader.tables(data, "plan", where),
    )


def _vehicle_rule(reader: Reader, data: Data, where: str, common: Common) -> Rule:
    return VehicleRule(
        **common,
        above=reader.numbers(data, "above", where, float),
        consecutive=reader.get(data, "consecutive", where, int),
        months=reader.get(data, "months", where, int),
        fuels=frozenset(reader.words(data, "fuels", where)),
    )


KINDS: Mapping[str, tuple[set[str], Callable[[Reader, Data, str, Common], Rule]]] = {
    "limit": ({"limit", "regional", "background"}, _limit_rule),
    "rise": ({"cadence", "amount", "floor", "share", "lead"}, _rise_rule),
    "excess": ({"cadence", "amount", "ratio", "least", "method", "z"}, _excess_rule),
    "day_count": ({"limit", "background"}, _day_rule),
    "stop": ({"cadence", "amount", "background"}, _stop_rule),
    "quality": ({"reasons", "at_once", "feed"}, _quality_rule),
    "offline": ({"after", "after_of", "priority_of", "feed"}, _offline_rule),
    "power": ({"check", "last", "share", "allowed", "plan"}, _power_rule),
    "vehicle": ({"above", "consecutive", "months", "fuels"}, _vehicle_rule),
}
"""By kind: the keys that only it has, and how it is read."""
