"""Types, measures, stations, power points and orders: what rows say of one another."""

from __future__ import annotations

import itertools
from typing import Any

from backend.city.pack import Pack
from backend.city.rows import Place


def check(pack: Pack) -> None:
    """Note rows that contradict each other."""
    _check_parameters(pack)
    _check_types(pack)
    _check_measures(pack)
    _check_aliases(pack)
    _check_stations(pack)
    _check_power_points(pack)
    for row, place in pack.rows("orders"):
        if row["starts"] and row["ends"] and row["ends"] <= row["starts"]:
            pack.faults.add(*place, "period", start=str(row["starts"]), end=str(row["ends"]))
        if row["allowed_load"] is not None and row["kind"] != "heavy_pollution":
            pack.faults.add(*place, "load_kind", kind=row["kind"])


def _check_parameters(pack: Pack) -> None:
    for row, place in pack.rows("parameters"):
        low, high = row["low"], row["high"]
        if low is not None and high is not None and high <= low:
            pack.faults.add(*place, "low_high", code=row["code"], low=low, high=high)


def _check_types(pack: Pack) -> None:
    """Versions of one incident type may not overlap: a day has one answer."""
    versions: dict[str, list[tuple[str, str, Place]]] = {}
    for row, place in pack.rows("incident_types"):
        start, end = row["valid_from"], row["valid_to"]
        if start and end and end <= start:
            pack.faults.add(*place, "period", start=start, end=end)
        elif row["code"] and start:
            versions.setdefault(row["code"], []).append((start, end, place))
    for code, spans in versions.items():
        spans.sort(key=lambda span: span[0])
        for (start, end, first), (later, _end, place) in itertools.pairwise(spans):
            if later != start and (not end or later < end):
                pack.faults.add(*place, "overlap", code=code, line=first[1], start=later)


def _check_measures(pack: Pack) -> None:
    units = {row["code"]: row["unit"] for row in pack.rows("parameters").rows}
    for row, place in pack.rows("measures"):
        unit = units.get(row["parameter"])
        if row["unit"] and unit is not None and row["unit"] != unit:
            pack.faults.add(*place, "unit", parameter=row["parameter"], found=row["unit"], unit=unit or "-")


def _check_aliases(pack: Pack) -> None:
    """A name that feeds use must lead to one station."""
    owners: dict[str, tuple[str, Place]] = {}
    rows: list[tuple[dict[str, Any], Place]] = list(pack.rows("stations"))
    for row, place in rows:
        owners.setdefault(row["code"], (row["code"], place))
    for row, place in rows:
        for alias in row["upstream"].split("|") if row["upstream"] else ():
            owner, first = owners.setdefault(alias, (row["code"], place))
            if owner != row["code"]:
                pack.faults.add(*place, "alias", value=alias, other=owner, line=first[1])


def _check_stations(pack: Pack) -> None:
    for row, place in pack.rows("stations"):
        if row["in_service"] and not row["measures"]:
            pack.faults.add(*place, "no_measures", code=row["code"])
        if not row["grid"] and row["lon"] is None:
            pack.faults.add(*place, "nowhere", code=row["code"])


def _check_power_points(pack: Pack) -> None:
    kinds = {row["code"]: row["kind"] for row in pack.rows("sources").rows}
    taken = pack.rows("stations").codes()
    for row, place in pack.rows("power_points"):
        kind = kinds.get(row["source"])
        if kind and kind != "enterprise":
            pack.faults.add(*place, "power_source", code=row["code"], source=row["source"], kind=kind)
        if row["code"] in taken:
            pack.faults.add(*place, "power_code", code=row["code"])
        if row["treatment_meter"] and row["treatment_meter"] == row["production_meter"]:
            pack.faults.add(*place, "same_meter", code=row["code"], value=row["treatment_meter"])
