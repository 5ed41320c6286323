"""Direction tables: openair's definition on openair's own data, and what has no direction."""

from __future__ import annotations

import numpy as np
import pytest

from backend.analysis.sources.cpf import cpf, polar, sector
from tests.bench.cpf import differences


@pytest.mark.parametrize("sectors", [16, 36])
@pytest.mark.parametrize("share", [0.75, 0.9])
def test_it_is_openairs(share: float, sectors: int) -> None:
    assert max(differences("so2", share, sectors)) == pytest.approx(0.0, abs=1e-9)


def test_sectors_are_centred_on_their_directions() -> None:
    assert sector(np.array([0.0, 11.25, 11.3, 348.75, 348.8, 360.0, 90.0]), 16).tolist() == [
        0,
        0,
        1,
        15,
        0,
        0,
        4,
    ]


def test_calms_and_gaps_have_no_direction() -> None:
    values, speed = np.array([1.0, 9.0, np.nan, 5.0]), np.array([0.1, 2.0, 2.0, 2.0])
    found = cpf(
        values, speed, np.array([0.0, 0.0, 0.0, np.nan]), percentile=0.5, sectors=4, least=1, calm=0.5
    )
    assert found.count.tolist() == [1, 0, 0, 0]
    assert found.calm == 2


def test_too_few_values_are_not_judged() -> None:
    found = cpf(np.ones(3), np.ones(3), np.zeros(3), percentile=0.5, sectors=4, least=5, calm=0.5)
    assert np.isnan(found.share).all()
    values, speed, east = np.array([3.0, 5.0]), np.array([1.0, 9.0]), np.array([90.0, 90.0])
    table = polar(values, speed, east, edges=(0.5, 5.0), sectors=4, least=1)
    assert table.mean[0, 1] == 3.0
    assert table.mean[1, 1] == 5.0
    assert np.isnan(table.mean[0, 0])
