"""Which places are hot, with the evidence, how sure it is, and what speaks against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import hypot, isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.analysis.hotspots.heat import HOT, NONE, STRONG, WATCH
from backend.analysis.hotspots.place import HEATS, HotPlace, Witness
from backend.analysis.hotspots.places import Places, Standing, standing
from backend.analysis.hotspots.rules import rules
from backend.analysis.hotspots.seen import Seen
from backend.words import Message

SUDDEN, RISE, PERSISTENT, HIGH, EASING = "sudden", "rise", "persistent", "high", "easing"
MOST = 6
"""Stations that a place names."""


@dataclass(frozen=True)
class Around:
    """What else is known of the step, for what speaks against a place."""

    suspects: Mapping[tuple[int, int], int] = field(default_factory=dict)
    """Suspect values of the last day by station and parameter number."""
    humidity: Mapping[int, float] = field(default_factory=dict)
    """Relative humidity at stations, per cent, by the station's number."""


def hot_places(seen: Seen, places: Places, around: Around, lonlat: Any) -> list[HotPlace]:
    """The places that stand out, hottest first.

    Args:
        lonlat: turns metres into degrees (`Plane.lonlat`).
    """
    shown = shown_by(seen, places)
    heat = heats(seen, places, shown)
    chosen = np.flatnonzero((heat > NONE) & np.isfinite(shown.value))
    lon, lat = lonlat(places.x[chosen], places.y[chosen])
    made = [
        _place(seen, places, shown, around, int(one), int(heat[one]), (float(east), float(north)))
        for one, east, north in zip(chosen, lon, lat, strict=True)
    ]
    return sorted(made, key=lambda one: (-HEATS.index(one.heat), one.rank or 1 << 30, one.code))


def shown_by(seen: Seen, places: Places) -> Standing:
    """What places show."""
    return standing(places, seen.values, seen.background, seen.hours, _spacing(seen))


def heats(seen: Seen, places: Places, shown: Standing) -> NDArray[np.int8]:
    """How hot each place is: as its hottest station; the highest tenth of the day, and of the step, are watched."""
    level = seen.heat.level[-1]
    heat = np.zeros(len(places), dtype=np.int8)
    known = np.flatnonzero((places.of_station >= 0) & seen.there)
    np.maximum.at(heat, places.of_station[known], level[known])
    told = rules()["heat"]
    material = told["watch_share"] * seen.material
    # The highest tenth, where it is material at all: on a clean day nobody is watched for a microgram.
    top = (
        (shown.rank > 0)
        & (shown.rank <= np.ceil(told["watch"] * shown.count))
        & (shown.increment >= material)
        & (shown.increment > 0)
    )
    # Where no station stands, only what borders on a hot one is worth a look.
    speaks = np.where(places.weights.weight > 0.1, places.weights.who, -1)
    beside = (np.append(level, 0)[speaks] >= HOT).any(axis=1)
    top &= shown.measured | (beside & (shown.rank <= rules()["cells"]["listed"]))
    return np.where((heat == NONE) & (top | foremost(seen, shown)), WATCH, heat).astype(np.int8)


def foremost(seen: Seen, shown: Standing) -> NDArray[np.bool_]:
    """The places with a station that lie highest above the background in this very step, by the share that is watched.

    A score over a day passes over what began an hour ago, and a station whose values vary much is not soon hot: the
    highest of all would be in no row.
    """
    told = rules()["heat"]
    rank = shown.highest
    first = (rank > 0) & (rank <= np.ceil(told["watch"] * rank.max(initial=0)))
    return np.asarray(
        first & (shown.increment >= told["watch_share"] * seen.material) & (shown.increment > 0)
    )


def unlisted(seen: Seen, places: Places) -> Message | None:
    """What a list of the places that stand out leaves out though it lies so far above the background that it would
    count, and the highest of it; None where there is nothing such.
    """
    shown = shown_by(seen, places)
    left = (shown.highest > 0) & (heats(seen, places, shown) == NONE) & (shown.increment >= seen.material)
    if not left.any() or not seen.material > 0:
        return None
    first = int(np.flatnonzero(left)[np.argmin(shown.highest[left])])
    lead = _lead(seen, [column for column in places.stations[first] if seen.newest.there[column]])
    one = seen.parameter
    return Message(
        "hotspots.note.unlisted",
        {
            "parameter": one.code,
            "count": int(left.sum()),
            "least": _told(seen.material, one.decimals),
            "unit": one.unit,
            "station": seen.network.stations[lead].code,
            "increment": _told(shown.increment[first], one.decimals),
        },
    )


def _spacing(seen: Seen) -> float:
    spacing = seen.network.spacing
    return spacing if spacing == spacing else 0.0


def _place(
    seen: Seen, places: Places, shown: Standing, around: Around, one: int, heat: int, at: tuple[float, float]
) -> HotPlace:
    now = seen.newest
    own = [column for column in places.stations[one] if now.there[column]]
    lead = _lead(seen, own)
    heat = _felt(seen, own, lead, heat)
    easing = heat >= HOT and lead >= 0 and _come_down(seen, lead)
    if easing:
        heat = HOT
    witnesses = _witnesses(seen, places, one, own, MOST if heat >= HOT or not own else 0)
    steps = _steps(seen, lead, heat)
    kind = _kind(seen, lead, heat, steps)
    nearest = witnesses[0].metres if witnesses else seen.network.reach
    reasons = tuple(_why(seen, shown, one, lead, kind, steps, heat))
    against = tuple(_against(seen, around, shown, one, lead, own, heat, nearest))
    return HotPlace(
        code=places.codes[one],
        grid=places.grids[one],
        level=places.level,
        cell=places.cell,
        county=places.counties[one],
        lon=round(at[0], 6),
        lat=round(at[1], 6),
        start=seen.start,
        step=seen.network.step,
        parameter=seen.parameter.id,
        network=seen.network.name,
        heat=HEATS[heat],
        kind=EASING if easing else kind,
        score=round(float(shown.score[one]), 1) if np.isfinite(shown.score[one]) else 0.0,
        rank=int(shown.rank[one]),
        of=shown.count,
        value=_round(shown.value[one]),
        background=_round(shown.background[one]),
        increment=_round(shown.increment[one]),
        ratio=_optional(now.ratio[lead]) if lead >= 0 else None,
        z=round(now.z[lead], 2) if lead >= 0 else None,
        gi=_optional(now.gi[lead]) if lead >= 0 else None,
        steps=steps,
        stations=witnesses,
        nearest=round(nearest, 1),
        measured=bool(shown.measured[one]),
        reasons=reasons,
        against=against,
    )


def _lead(seen: Seen, own: Sequence[int]) -> int:
    """The station of a place that stands out most; -1 where it has none that reports."""
    now = seen.newest
    return max(own, key=lambda one: (now.level[one], now.z[one])) if own else -1


def _felt(seen: Seen, own: Sequence[int], lead: int, heat: int) -> int:
    """One of three or more: a place is strongly hot only where another of its stations feels it too."""
    if lead < 0 or heat != STRONG or len(own) < 3:
        return heat
    others = [one for one in own if one != lead and seen.newest.z[one] >= told_agrees()]
    return heat if others else HOT


def _come_down(seen: Seen, lead: int) -> bool:
    """Whether what makes a place hot is over in this very step: its means still are what they were for some steps.

    It stays hot: one short plume in ten is borne out only when it is gone (tests/bench/hot_grids.py).
    """
    height = seen.newest.increment[lead]
    return not (height >= rules()["heat"]["share"][-1] * seen.material and height > 0)


def told_agrees() -> float:
    """The deviation from which another is said to agree."""
    return float(rules()["heat"]["agrees"])


def _optional(value: float) -> float | None:
    return round(value, 2) if isfinite(value) else None


def _round(value: Any) -> float:
    return float(f"{float(value):.5g}")


def _witnesses(seen: Seen, places: Places, one: int, own: Sequence[int], most: int) -> tuple[Witness, ...]:
    """Its own stations, and up to so many in all with those around it."""
    network, now = seen.network, seen.newest
    near = [column for column in places.weights.who[one].tolist() if now.there[column]] if most else []
    x, y = float(places.x[one]), float(places.y[one])
    found = []
    for column in dict.fromkeys([*own, *near]):
        metres = hypot(network.x[column] - x, network.y[column] - y)
        if column not in own and metres > network.reach:
            continue
        increment, z = now.increment[column], seen.heat.z[-1, column]
        found.append(
            Witness(
                now.who[column],
                round(metres, 1),
                column in own,
                _round(now.value[column]),
                _round(increment) if isfinite(increment) else None,
                _optional(float(z)),
            )
        )
    found.sort(key=lambda witness: (not witness.inside, witness.metres))
    if len(own) > MOST:
        # Of many the one that stands out most is among those that are named.
        lead = max(found, key=lambda witness: (witness.inside, witness.z or 0.0))
        found = [*(witness for witness in found if witness is not lead)][: MOST - 1]
        found = sorted([*found, lead], key=lambda witness: (not witness.inside, witness.metres))
    return tuple(found[:MOST])


def _kind(seen: Seen, lead: int, heat: int, steps: int) -> str:
    """What it is by its course: it came in one step, or by and by, or has always been there in the last day."""
    if lead < 0 or (heat == WATCH and seen.newest.level[lead] == NONE):
        return HIGH
    told = rules()
    if steps >= len(seen.heat.level):
        return PERSISTENT
    if seen.excess.z[0, -steps, lead] >= told["heat"]["abrupt"] * told["heat"]["hot"][0]:
        return SUDDEN
    longest = max(told["windows"]["steps"])
    return PERSISTENT if told["windows"]["steps"][seen.heat.window[-1, lead]] == longest else RISE


def _steps(seen: Seen, lead: int, heat: int) -> int:
    if lead < 0:
        return 1
    if seen.newest.level[lead] > NONE:
        return _run(
            seen.heat.level[:, lead] >= min(heat, HOT) if heat >= HOT else seen.heat.level[:, lead] >= WATCH
        )
    above = seen.increments[:, lead]
    return max(1, _run((above >= rules()["heat"]["watch_share"] * seen.material) & (above > 0)))


def _run(flags: NDArray[np.bool_]) -> int:
    rest = np.flatnonzero(~flags)
    return int(len(flags) - 1 - rest[-1]) if len(rest) else len(flags)


def _why(
    seen: Seen, shown: Standing, one: int, lead: int, kind: str, steps: int, heat: int
) -> Iterator[Message]:
    one_unit = seen.parameter
    if lead >= 0 and seen.newest.level[lead] > NONE:
        window = int(seen.heat.window[-1, lead])
        over = seen.excess.over[window, -1, lead]
        lasts = rules()["windows"]["steps"][window] * seen.network.step / 3600
        yield Message(
            f"hotspots.why.{kind}",
            {
                "station": seen.network.stations[lead].code,
                "over": _told(over, one_unit.decimals),
                "unit": one_unit.unit,
                "hours": round(lasts, 2),
                "z": round(seen.newest.z[lead], 1),
            },
        )
    apart = seen.newest.increment[lead] if lead >= 0 and heat >= HOT else 0.0
    if apart - shown.increment[one] >= rules()["heat"]["share"][-1] * seen.material > 0:
        # Of three or more the middle is told: it may lie low though one of them is hot.
        yield Message(
            "hotspots.why.inside",
            {
                "station": seen.network.stations[lead].code,
                "increment": _told(apart, one_unit.decimals),
                "grid": _told(shown.increment[one], one_unit.decimals),
                "unit": one_unit.unit,
            },
        )
    yield Message(
        "hotspots.why.background",
        {
            "increment": _told(shown.increment[one], one_unit.decimals),
            "background": _told(shown.background[one], one_unit.decimals),
            "unit": one_unit.unit,
        },
    )
    if lead >= 0:
        if steps > 1:
            code = "hotspots.why.hours_more" if steps >= len(seen.heat.level) else "hotspots.why.hours"
            yield Message(code, {"hours": round(steps * seen.network.step / 3600, 2)})
        if seen.newest.agrees[lead]:
            yield Message("hotspots.why.agrees", {"parameter": _named(seen, (seen.newest.agrees[lead]))})
        if seen.newest.neighbours[lead]:
            yield Message("hotspots.why.neighbours")
        if isfinite(seen.newest.gi[lead]) and seen.newest.gi[lead] >= rules()["gi"]["hot"]:
            yield Message("hotspots.why.gi", {"gi": round(seen.newest.gi[lead], 2)})
        if isfinite(seen.newest.ratio[lead]) and seen.newest.ratio[lead] >= rules()["ratio"]["times"]:
            yield Message("hotspots.why.ratio", {"ratio": round(seen.newest.ratio[lead], 1)})
    if lead >= 0 and seen.newest.level[lead] == NONE and foremost(seen, shown)[one]:
        yield Message(
            "hotspots.why.foremost", {"rank": int(shown.highest[one]), "of": int(shown.highest.max())}
        )
    if shown.rank[one]:
        yield Message(
            "hotspots.why.rank",
            {"rank": int(shown.rank[one]), "of": shown.count, "score": round(float(shown.score[one]))},
        )


def _named(seen: Seen, bits: int) -> str:
    """The codes of the other parameters whose bits are set."""
    return " ".join(code for number, code in enumerate(seen.others) if bits >> number & 1)


def _told(value: Any, decimals: int) -> float:
    number = round(float(value), decimals)
    return number if number else _round(value)


def _against(
    seen: Seen,
    around: Around,
    shown: Standing,
    one: int,
    lead: int,
    own: Sequence[int],
    heat: int,
    nearest: float,
) -> Iterator[Message]:
    told = rules()["against"]
    if not shown.measured[one]:
        yield Message("hotspots.against.interpolated", {"metres": round(nearest)})
        return
    number = seen.network.stations[lead].id
    if seen.heat.regional[-1]:
        yield Message("hotspots.against.regional")
    if len(own) == 1 and not seen.newest.neighbours[lead]:
        yield Message("hotspots.against.one_station", {"station": seen.network.stations[lead].code})
    elif len(own) >= 3 and sum(seen.newest.level[column] > NONE for column in own) == 1 and heat > WATCH:
        yield Message("hotspots.against.one_of", {"count": len(own)})
    if seen.newest.level[lead] > NONE and seen.newest.could[lead] and not seen.newest.agrees[lead]:
        yield Message(
            "hotspots.against.one_parameter", {"parameter": _named(seen, (seen.newest.could[lead]))}
        )
    # The station that makes it hot, not the middle of many, says whether it is over.
    if heat >= HOT and _come_down(seen, lead):
        yield Message("hotspots.against.gone")
    suspects = around.suspects.get((number, seen.parameter.id), 0)
    if suspects:
        yield Message("hotspots.against.suspect", {"count": suspects})
    humid = around.humidity.get(number)
    if humid is not None and humid >= told["humid"] and seen.parameter.code in told["optical"]:
        yield Message("hotspots.against.humid", {"percent": round(humid)})
    if heat == WATCH and seen.newest.level[lead] == NONE:
        yield from _not_hot(seen, lead)
    if not seen.known[lead]:
        yield Message("hotspots.against.short")
    if seen.newest.level[lead] > NONE and seen.network.patience[lead] > 1:
        yield Message("hotspots.against.edge")
    if isfinite(seen.newest.gi[lead]) and seen.newest.gi[lead] < told["gi"] and heat > WATCH:
        yield Message("hotspots.against.gi", {"gi": round(seen.newest.gi[lead], 2)})
    if int(seen.there.sum()) < told["few"]:
        yield Message("hotspots.against.few", {"count": int(seen.there.sum())})


def _not_hot(seen: Seen, lead: int) -> Iterator[Message]:
    """Why a place that lies high above the background is watched and no more."""
    told, window = rules()["heat"], int(seen.heat.window[-1, lead])
    z, bar = float(seen.heat.z[-1, lead]), float(told["hot"][window])
    if not isfinite(z):
        return
    if z < bar:
        yield Message("hotspots.against.usual", {"z": round(max(z, 0.0), 1), "hot": bar})
    elif not seen.excess.top[window, -1, lead] >= told["top"] * bar:
        yield Message("hotspots.against.wide")
