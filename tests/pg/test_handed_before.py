"""The migration that tells from the acts where tasks went over, on PostgreSQL."""

from __future__ import annotations

from pathlib import Path

from backend.clock import ManualClock
from backend.store import Store
from tests.unit.test_tasks_handed_before import test_where_a_task_was_is_told_from_its_acts as walked


def test_where_a_task_was_is_told_from_its_acts(pg_store: Store, clock: ManualClock, tmp_path: Path) -> None:
    walked(pg_store, clock, tmp_path)
