"""What analysis keeps: its answers by the hour, so that a screen or the hub only reads rows."""

from __future__ import annotations

from backend.analysis.forecast.tables import ForecastDay, ForecastIssue, ForecastSeries, ForecastSkill
from backend.analysis.hotspots.tables import HotEntry, HotGrid, HotHour, HotUsual
from backend.analysis.sources.tables import HotTrace, TraceAnswer

__all__ = [
    "ForecastDay",
    "ForecastIssue",
    "ForecastSeries",
    "ForecastSkill",
    "HotEntry",
    "HotGrid",
    "HotHour",
    "HotTrace",
    "HotUsual",
    "TraceAnswer",
]
