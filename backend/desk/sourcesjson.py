"""An answer of source tracing as programs read it (docs/formats.md)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from backend.words import say
from backend.words.say import Language

if TYPE_CHECKING:
    from backend.analysis.sources.answer import Answer, Ranked
    from backend.analysis.sources.reasons import Reason


def told(answer: Answer, language: Language, zone: ZoneInfo) -> dict[str, Any]:
    """The whole answer."""

    def iso(at: int) -> str:
        return datetime.fromtimestamp(at, zone).isoformat()

    return {
        "parameter": answer.parameter,
        "unit": answer.unit,
        "station": answer.station or None,
        "seen_from": {"name": answer.place, "lon": round(answer.lon, 6), "lat": round(answer.lat, 6)},
        "from": iso(answer.start),
        "to": iso(answer.end),
        "period": answer.period,
        "spacing_m": round(answer.spacing, 1),
        "sources": [_source(rank, one, language) for rank, one in enumerate(answer.ranked, 1)],
        "none": _none(answer),
        "wind": {
            "known": answer.windy,
            "points": answer.wind_points,
            "gridded": answer.gridded,
            "calm_share": None if answer.calm is None else round(answer.calm, 3),
            "history": [
                {"start": iso(one.start), "speed": _round(one.speed, 2), "from_deg": _round(one.origin, 1)}
                for one in answer.winds
            ],
        },
        "path": [
            {
                "age_s": one.age, "lon": round(one.lon, 6), "lat": round(one.lat, 6),
                "distance_m": round(one.distance, 1), "bearing_deg": round(one.bearing, 1),
                "spread_m": round(one.spread, 1),
            }
            for one in answer.path
        ],
        "stations": [
            {
                "code": one.code, "mean": _round(one.mean, 3), "increment": _round(one.above, 3),
                "scatter": _round(one.scatter, 3), "distance_m": round(one.distance, 1),
            }
            for one in answer.witnesses
        ],
        "signature": _signature(answer),
        "notes": [{"code": one.code, "text": say(one, language)} for one in answer.notes],
        "numbers": answer.numbers,
    }  # fmt: skip


def _none(answer: Answer) -> dict[str, Any]:
    at = answer.unknown_at
    return {
        "probability": round(answer.none, 6),
        "unknown": round(answer.unknown, 6),
        "nothing": round(answer.nothing, 6),
        "likeliest": None if at is None else {"lon": round(at[0], 6), "lat": round(at[1], 6)},
    }


def _source(rank: int, one: Ranked, language: Language) -> dict[str, Any]:
    source = one.source
    return {
        "rank": rank,
        "code": source.code,
        "name": source.name,
        "kind": source.kind,
        "probability": round(one.probability, 6),
        "before": round(one.before, 6),
        "lon": source.lon,
        "lat": source.lat,
        "distance_m": round(one.distance, 1),
        "bearing_deg": round(one.bearing, 1),
        "grade": source.grade,
        "department": source.department,
        "grid": source.grid,
        "evidence": [reason(each, language) for each in one.reasons],
    }


def reason(one: Reason, language: Language) -> dict[str, Any]:
    """A piece of evidence."""
    return {
        "stance": one.stance,
        "code": one.message.code,
        "weight": round(one.weight, 3),
        "text": say(one.message, language),
    }


def _signature(answer: Answer) -> dict[str, Any] | None:
    found = answer.signature
    if found is None:
        return None
    return {
        "kind": found.kind or None,
        "factors": {one.parameter: _round(one.value, 3) for one in found.factors},
        "missing": list(found.dead),
    }


def _round(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
