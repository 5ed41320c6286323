"""Real data that lies beside the checkout; a test that needs it is skipped where it is absent."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared" / "data"


def shared_data(path: str) -> Path:
    """The file or folder ``path`` of ../shared/data; skips the test where it is absent."""
    found = SHARED / path
    if not found.exists():
        pytest.skip(
            f"../shared/data/{path} is not there: this test reads real data that is not part of the product"
        )
    return found
