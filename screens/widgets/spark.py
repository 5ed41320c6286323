"""A sparkline for a cell of a board: the newest values as bars, in braille (its width is certain) or in ASCII."""

from __future__ import annotations

import math
from collections.abc import Sequence

from screens.look import MISSING, Look

BRAILLE = 0x2800
_LEFT, _RIGHT = (0x40, 0x04, 0x02, 0x01), (0x80, 0x20, 0x10, 0x08)
"""The bit of each dot of a braille cell's two columns, from the bottom."""
_RAMP = "_.-=*#"
"""Heights in ASCII."""


def sparkline(
    values: Sequence[float | None],
    cells: int,
    look: Look,
    *,
    low: float | None = None,
    high: float | None = None,
) -> str:
    """The newest values as bars, two to a cell (one in ASCII), the newest at the right; None is a gap.

    Args:
        values: oldest first.
        cells: how wide, exactly.
        look: whether braille can be drawn.
        low: the bottom of the scale; the least value where None.
        high: its top; the greatest value where None. Values that are all the same are drawn low, not full.
    """
    room = cells if look.ascii else cells * 2
    newest = [*values[-room:]] if room else []
    shown = [*[None] * (room - len(newest)), *newest]
    present = [value for value in shown if value is not None and math.isfinite(value)]
    bottom = low if low is not None else min(present, default=0.0)
    top = high if high is not None else max(present, default=0.0)
    steps = len(_RAMP) if look.ascii else 4

    def height(value: float | None) -> int:
        if value is None or not math.isfinite(value):
            return 0
        if top <= bottom:
            return 1
        share = (min(max(value, bottom), top) - bottom) / (top - bottom)
        return 1 + min(steps - 1, int(share * steps))

    heights = [height(value) for value in shown]
    if look.ascii:
        return "".join(_RAMP[one - 1] if one else " " for one in heights)
    return "".join(_bars(heights[place], heights[place + 1]) for place in range(0, room, 2))


def _bars(left: int, right: int) -> str:
    bits = sum(_LEFT[:left]) + sum(_RIGHT[:right])
    return chr(BRAILLE + bits) if bits else " "


def change(before: float | None, now: float | None, decimals: int) -> str:
    """How much more or less than before, with its sign; `MISSING` where one of them is not there."""
    return MISSING if before is None or now is None else f"{now - before:+.{decimals}f}"
