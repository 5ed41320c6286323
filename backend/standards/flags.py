"""Quality flags 质量标记 on the QARTOD scale, and what the letters of an HJ 212 device say on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from backend.standards.table import rows


class Flag(IntEnum):
    """What is known of a value; only GOOD ones count. The words are ``standard.flag.<name>``."""

    GOOD = 1
    """有效."""
    UNKNOWN = 2
    """未评价: no check has looked at it."""
    SUSPECT = 3
    """存疑."""
    FAIL = 4
    """无效."""
    MISSING = 9
    """缺失."""

    @property
    def code(self) -> str:
        """The code of its name in the words."""
        return f"standard.flag.{self.name.lower()}"


_WORST_FIRST = (Flag.FAIL, Flag.SUSPECT, Flag.MISSING, Flag.GOOD, Flag.UNKNOWN)


def worst(flags: Iterable[Flag]) -> Flag:
    """What several checks together say of one value; UNKNOWN where none has looked."""
    found = set(flags)
    return next((flag for flag in _WORST_FIRST if flag in found), Flag.UNKNOWN)


@dataclass(frozen=True, slots=True)
class DeviceFlag:
    """A data flag of HJ 212 (数据标记), as sent in ``xxxxxx-Flag``."""

    letter: str
    flag: Flag
    aqs: str
    """The nearest US EPA AQS null code, for exchange; empty where there is none."""
    clause: str

    @property
    def code(self) -> str:
        """The code of its meaning in the words: ``standard.device.M`` is 维护."""
        return f"standard.device.{self.letter}"


@cache
def device_flags() -> Mapping[str, DeviceFlag]:
    """The letters of HJ 212-2017 Table 8 (kept by the 2025 edition)."""
    return {
        row["letter"]: DeviceFlag(row["letter"], Flag(int(row["flag"])), row["aqs"], row["clause"])
        for row in rows("hj212_flags")
    }


def of_device(letter: str) -> Flag:
    """The flag a device's letter stands for.

    No letter says nothing against the value (GOOD); a letter that the standard does not know is SUSPECT, as
    the device meant something by it.
    """
    letter = letter.strip().upper()
    if not letter:
        return Flag.GOOD
    known = device_flags().get(letter)
    return Flag.SUSPECT if known is None else known.flag
