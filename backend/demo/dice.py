"""Repeatable chance: the same seed and keys give the same number on every machine and in every run."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from functools import lru_cache

_MASK = 0xFFFF_FFFF_FFFF_FFFF


def key(*parts: object) -> int:
    """A 64-bit number that stands for these parts."""
    text = "\x1f".join(map(str, parts)).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")


@lru_cache(maxsize=100_000)
def lasting(*parts: object) -> int:
    """`key`, remembered: for what is asked for every hour."""
    return key(*parts)


def mix(base: int, step: int) -> int:
    """The `step`-th 64-bit number of the stream `base` (SplitMix64; Steele, Lea and Flood 2014)."""
    x = (base + (step + 1) * 0x9E37_79B9_7F4A_7C15) & _MASK
    x = ((x ^ (x >> 30)) * 0xBF58_476D_1CE4_E5B9) & _MASK
    x = ((x ^ (x >> 27)) * 0x94D0_49BB_1331_11EB) & _MASK
    return x ^ (x >> 31)


def unit(base: int, step: int = 0) -> float:
    """Even chance in 0 <= x < 1."""
    return mix(base, step) / 2.0**64


def between(base: int, span: Sequence[float], step: int = 0) -> float:
    """Even chance in low <= x < high, where `span` is (low, high)."""
    low, high = span
    return low + (high - low) * unit(base, step)


def normal(base: int, step: int = 0) -> float:
    """About normal, mean 0, deviation 1, never beyond 3.47: four even parts of one 64-bit number summed."""
    x = mix(base, step)
    total = (x & 0xFFFF) + (x >> 16 & 0xFFFF) + (x >> 32 & 0xFFFF) + (x >> 48)
    return (total / 65535 - 2.0) * math.sqrt(3.0)


def about(base: int, deviation: float, step: int = 0) -> float:
    """A factor about 1 whose logarithm has this deviation."""
    return math.exp(deviation * normal(base, step))
