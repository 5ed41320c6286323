"""What a value of a parameter can be: the bounds that the quality checks read (``data/ranges.csv``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from backend.standards.flags import Flag
from backend.standards.table import rows


@dataclass(frozen=True, slots=True)
class Range:
    """Bounds of one parameter in its own unit; None where there is none. Bounds themselves are inside."""

    parameter: str
    unit: str
    effective: date
    fail_low: float | None
    fail_high: float | None
    suspect_low: float | None
    """Below it a value is suspect: slight negatives are zero drift 零点漂移, not absence."""
    suspect_high: float | None
    flat_hours: float | None
    """So many hours of one and the same value are a flat line 恒值."""
    source: str

    def judge(self, value: float) -> Flag:
        """GOOD, SUSPECT or FAIL; NaN fails."""
        low = float("-inf") if self.fail_low is None else self.fail_low
        high = float("inf") if self.fail_high is None else self.fail_high
        if not low <= value <= high:
            return Flag.FAIL
        if self.suspect_low is not None and value < self.suspect_low:
            return Flag.SUSPECT
        if self.suspect_high is not None and value > self.suspect_high:
            return Flag.SUSPECT
        return Flag.GOOD


def _number(cell: str) -> float | None:
    return float(cell) if cell else None


@cache
def ranges() -> Mapping[str, Range]:
    """All of them by parameter code."""
    return {
        row["parameter"]: Range(
            parameter=row["parameter"],
            unit=row["unit"],
            effective=date.fromisoformat(row["effective"]),
            fail_low=_number(row["fail_low"]),
            fail_high=_number(row["fail_high"]),
            suspect_low=_number(row["suspect_low"]),
            suspect_high=_number(row["suspect_high"]),
            flat_hours=_number(row["flat_hours"]),
            source=row["source"],
        )
        for row in rows("ranges")
    }


def range_of(parameter: str) -> Range | None:
    """The bounds of a parameter, None for one without."""
    return ranges().get(parameter)
