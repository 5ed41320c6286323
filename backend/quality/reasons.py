"""The codes in a reading's ``reason`` and what each makes of its flag; their words are ``quality.reason.<code>``."""

from __future__ import annotations

from typing import Final

from backend.standards.flags import Flag, of_device, worst
from backend.store.readings import PERSON

RANGE: Final = "range"
"""Outside of what is possible 超出量程."""
HIGH: Final = "high"
"""Possible, but higher than is usual 偏高."""
LOW: Final = "low"
"""Possible, but lower than is usual."""
DRIFT: Final = "drift"
"""Slightly below zero 零点漂移."""
FLAT: Final = "flat"
"""The same value for hours 恒值."""
INVERSION: Final = "inversion"
"""PM2.5 above PM10 倒挂."""
LATE: Final = "late"
"""Came later than its cadence allows 迟到; a note, not a judgement."""
EARLY: Final = "early"
"""Came before its period was over 提前; a note: a wrong label or a fast clock shows in it."""
FUTURE: Final = "future"
"""Of a period that has not begun 时间超前."""
NO_VALUE: Final = "no_value"
"""The upstream sent the period without a value 有传输无数值."""
SPIKE: Final = "spike"
"""Up and down again within one value 尖峰, and nobody else saw it."""
RATE: Final = "rate"
"""Rose or fell faster than it ever does 突变, and nobody else did; the next value shows what it was."""
OUTLIER: Final = "outlier"
"""Far outside of what the series and its neighbours show 离群."""
HUMID: Final = "humid"
"""By an optical instrument in humid air 高湿; a note: it reads high then."""
FOG: Final = "fog"
"""By an optical instrument in fog, or air so humid that it counts droplets 大雾."""
PEERS: Final = "peers"
"""Unlike its neighbours for days 邻站不一致; stands where a person has confirmed it."""
DEPARTS: Final = "departs"
"""Departed slowly from its neighbours 缓慢漂移; stands where a person has confirmed it."""
DEVICE: Final = "device:"
"""With the HJ 212 letter that the instrument sent: ``device:M``."""

FLAGS: Final[dict[str, Flag]] = {
    RANGE: Flag.FAIL,
    HIGH: Flag.SUSPECT,
    LOW: Flag.SUSPECT,
    DRIFT: Flag.SUSPECT,
    FLAT: Flag.SUSPECT,
    INVERSION: Flag.SUSPECT,
    LATE: Flag.GOOD,
    EARLY: Flag.GOOD,
    FUTURE: Flag.FAIL,
    NO_VALUE: Flag.MISSING,
    SPIKE: Flag.SUSPECT,
    RATE: Flag.SUSPECT,
    OUTLIER: Flag.SUSPECT,
    HUMID: Flag.GOOD,
    FOG: Flag.SUSPECT,
    PEERS: Flag.SUSPECT,
    DEPARTS: Flag.SUSPECT,
}

GOOD_BY_HAND: Final = f"{PERSON}good"
"""A person overturned what the checks say 人工改判有效."""
BAD_BY_HAND: Final = f"{PERSON}bad"
"""A person took the value out 人工判定无效."""
BY_HAND: Final[dict[str, Flag]] = {GOOD_BY_HAND: Flag.GOOD, BAD_BY_HAND: Flag.FAIL}


def flag_of(reason: str) -> Flag | None:
    """The flag that the checks named in ``reason`` amount to, GOOD where none spoke.

    None where it holds a code that is not a check's: then a person has spoken, and no check may overrule it.
    """
    flags = [Flag.GOOD]
    for code in reason.split():
        if code.startswith(DEVICE):
            flags.append(of_device(code.removeprefix(DEVICE)))
        elif (flag := FLAGS.get(code)) is not None:
            flags.append(flag)
        else:
            return None
    return Flag.MISSING if NO_VALUE in reason else worst(flags)


def by_hand(reason: str) -> Flag | None:
    """What a person made of it; None where none has spoken."""
    return next((BY_HAND[code] for code in reason.split() if code in BY_HAND), None)


def without_hand(reason: str) -> str:
    """What the checks alone say of it."""
    return " ".join(code for code in reason.split() if not code.startswith(PERSON))


def device_code(letter: str) -> str:
    """The code for an instrument's own letter; what is no letter of one becomes ``device:?``."""
    letter = letter.strip().upper()
    return f"{DEVICE}{letter if len(letter) <= 2 and letter.isascii() and letter.isalnum() else '?'}"


def with_code(reason: str, code: str) -> str:
    """``reason`` with one more code; the codes stand in order, however they were found out."""
    return " ".join(sorted({*reason.split(), code}))


def without_code(reason: str, code: str) -> str:
    """``reason`` without a code."""
    return " ".join(one for one in reason.split() if one != code)
