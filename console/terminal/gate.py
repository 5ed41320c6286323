"""The first of the two controls: what a frame shows is text, before anything is made of it that a terminal obeys.

It stands where the compositor hands a frame over, behind every widget and before the cells are compared: whatever way
a text has come, it goes by here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.segment import Segment
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

from console.terminal.grammar import MARK, Ledger, plain, sound


def guarded(update: CompositorUpdate, ledger: Ledger, mark: str = MARK) -> CompositorUpdate:
    """The same update with a mark for whatever is no text; the update itself where all of it is.

    Only the lines and pieces that are to be sent are looked at. A hyperlink is taken off: the product has none.
    """
    if isinstance(update, LayoutUpdate):
        lines = [list(line) for line in update.strips]
        if all(_sound(strip) for line in lines for strip in line):
            update.strips = list(lines)
            return update
        return LayoutUpdate(
            [[_plain(strip, ledger, mark) for strip in line] for line in lines], update.region
        )
    if isinstance(update, ChopsUpdate):
        bad = [(y, x) for y, x, strip in _sent(update) if not _sound(strip)]
        if not bad:
            return update
        chops: list[Mapping[int, Strip | None]] = list(update.chops)
        for y, x in bad:
            strip = chops[y][x]
            assert strip is not None
            # In the order that was there: the framework pairs the pieces with their ends by it.
            chops[y] = {at: _plain(strip, ledger, mark) if at == x else one for at, one in chops[y].items()}
        return ChopsUpdate(chops, update.spans, update.chop_ends)
    return update


def _sent(update: ChopsUpdate) -> Iterable[tuple[int, int, Strip]]:
    for y, first, last in update.spans:
        ends: Sequence[int] = update.chop_ends[y]
        for end, (x, strip) in zip(ends, update.chops[y].items(), strict=False):
            if strip is not None and x <= last and end > first:
                yield y, x, strip


def _sound(strip: Strip) -> bool:
    return sound(strip.text) and not any(style is not None and style._link for _, style, _ in strip)


def _plain(strip: Strip, ledger: Ledger, mark: str) -> Strip:
    if _sound(strip):
        return strip
    segments = []
    for text, style, _ in strip:
        if style is not None and style._link:
            ledger.note("link", style._link)
            style = style.update_link(None)
        segments.append(Segment(plain(text, ledger, mark), style))
    return Strip(segments, strip.cell_length)
