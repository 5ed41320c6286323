"""METEC's seven controlled releases through the product: at least what a naive upwind rule gets, and sure of it."""

from __future__ import annotations

from pathlib import Path
from statistics import fmean

from tests.bench.trace_tracer import loaded, told


def test_controlled_releases_are_traced(tmp_path: Path) -> None:
    store = loaded(tmp_path, 300)
    found = told(store)
    store.close()
    assert sum(one.within(1) for one in found) >= 6
    assert all(one.within(3) for one in found)
    assert fmean(one.of_truth for one in found) > 0.6
