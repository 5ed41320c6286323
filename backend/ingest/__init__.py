"""Ingest 入库: feed → quality → store → alarms → incidents, in one place.

resolve  whose reading it is: station, parameter, owner; what can't be used is put aside
book     the city's numbers that checks and rollups need, made once for a snapshot of the city
passages vehicles that passed remote-sensing sets: kept, judged, told of where they come late
asides   what was put aside, kept with its reason and its bytes
run      a page from end to end
"""

from __future__ import annotations

from backend.ingest.run import IngestReport, ingest

__all__ = ["IngestReport", "ingest"]
