"""Centres, people and the duty book: who sits where, and whether they may."""

from __future__ import annotations

from backend.city.pack import Pack

LEVEL_OF_TIER = {"M": 1, "C": 2, "T": 3}


def check(pack: Pack) -> None:
    """Note what is wrong with centres, people and duty lines."""
    levels = {row["code"]: row["level"] for row in pack.rows("grids").rows}
    _check_centres(pack, levels)
    _check_people(pack, levels)
    for row, place in pack.rows("duty"):
        _check_period(pack, row["valid_from"], row["valid_to"], place)


def _check_centres(pack: Pack, levels: dict[str, int | None]) -> None:
    seats: dict[str, str] = {}
    for row, place in pack.rows("centres"):
        needed = LEVEL_OF_TIER.get(row["tier"])
        level = levels.get(row["grid"])
        if needed and level and needed != level:
            pack.faults.add(*place, "tier", tier=row["tier"], grid=row["grid"], level=level, needed=needed)
        elif row["grid"] in seats:
            pack.faults.add(*place, "two_centres", grid=row["grid"], other=seats[row["grid"]])
        elif row["grid"]:
            seats[row["grid"]] = row["code"]


def _check_people(pack: Pack, levels: dict[str, int | None]) -> None:
    for row, place in pack.rows("people"):
        level = levels.get(row["grid"])
        if row["role"] == "member" and level is not None and level < 3:
            pack.faults.add(*place, "member_grid", code=row["code"], grid=row["grid"], level=level)
        if row["role"] in ("seat", "supervisor") and not row["centre"]:
            pack.faults.add(*place, "no_centre", code=row["code"], role=row["role"])


def _check_period(pack: Pack, start: str, end: str, place: tuple[str, int]) -> None:
    if start and end and end <= start:
        pack.faults.add(*place, "period", start=start, end=end)
