"""Hours of an issue as few bytes: three 16-bit whole numbers for each, of the logarithm."""

from __future__ import annotations

import numpy as np

from backend.analysis.forecast.features import Array

_SCALE = 3000.0
"""Steps of ``ln(1 + v)``: a third of a thousandth of a value, up to 55,000."""
_NONE = np.int16(-1)


def pack(value: Array, low: Array, high: Array) -> bytes:
    """Bytes of three (H,) arrays; NaN stays NaN."""
    lines = np.stack([value, low, high])
    with np.errstate(invalid="ignore"):
        steps = np.clip(np.round(np.log1p(np.maximum(lines, 0)) * _SCALE), 0, 32767)
    told = np.where(np.isfinite(steps), steps, _NONE).astype("<i2")
    return told.tobytes()


def unpack(data: bytes) -> Array:
    """(3, H) value, low, high."""
    steps = np.frombuffer(data, "<i2").reshape(3, -1).astype(np.float32)
    found: Array = np.where(steps >= 0, np.expm1(steps / _SCALE), np.nan).astype(np.float32)
    return found
