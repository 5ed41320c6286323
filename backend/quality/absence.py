"""The three ways in which a value can be absent 三种缺失: each looks different because each is mended by another."""

from __future__ import annotations

from enum import StrEnum

from backend.standards.flags import Flag


class Absence(StrEnum):
    """Why there is no value to count; the words are ``quality.absence.<value>``."""

    NOT_SENT = "not_sent"
    """No transfer 无传输: nothing came for the period. The line or the station."""
    NO_VALUE = "no_value"
    """Transfer without a value 有传输无数值. The instrument, or the upstream's software."""
    INVALID = "invalid"
    """A value that may not count 数值无效: suspect, invalid, or sent by an instrument that was not measuring."""


def absence(flag: int | None, value: float | None) -> Absence | None:
    """Which absence a stored reading is (``flag`` None: there is no row); None where its value counts."""
    if flag is None:
        return Absence.NOT_SENT
    if value is None:
        return Absence.NO_VALUE
    return None if flag == Flag.GOOD else Absence.INVALID
