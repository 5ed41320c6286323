"""How it is told who was told what, and whether it reached them: on the notices screen and on a task's page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from backend.words import Message
from screens.columns import Cell
from screens.look import Look
from screens.tones import shape
from screens.widgets.sheet import flow

if TYPE_CHECKING:
    from backend.desk.channels import DeliveryRow
    from backend.desk.notices import NoticeRow
    from backend.desk.told import TellingRow

TONES = {"waiting": "warn", "sent": "good", "failed": "bad", "dropped": "bad", "withdrawn": "dim"}
ORDER = ("failed", "dropped", "waiting", "sent", "withdrawn")
"""States of a delivery, the one that must be seen first."""


def channels(row: NoticeRow, look: Look) -> Cell:
    """What became of a notice on all its channels, in a few words: the gravest state speaks."""
    if not row.deliveries:
        return Cell("", "dim")
    gravest = min(row.deliveries, key=lambda one: ORDER.index(one.state))
    word = look.word(f"channel.delivery.{gravest.state}")
    if len(row.deliveries) > 1:
        same = sum(one.state == gravest.state for one in row.deliveries)
        word = f"{word} {same}/{len(row.deliveries)}"
    return Cell(word, "warn" if gravest.state == "waiting" and gravest.attempts else TONES[gravest.state])


def delivery(row: DeliveryRow, look: Look) -> list[Cell]:
    """One delivery: the channel, its state, when, how often it was tried, and why it failed."""
    at = row.sent_at if row.state == "sent" else row.tried_at
    told = [Cell(f"{row.channel} "), Cell(look.word(f"channel.delivery.{row.state}"), TONES[row.state])]
    if at is not None:
        told.append(Cell(f" {look.moment(at)}", "dim"))
    if row.attempts > 1:
        told.append(Cell(f" {look.word('ui.told.tries', count=row.attempts)}", "dim"))
    if row.state == "waiting" and row.channel_state in ("failing", "dead", "off"):
        told.append(Cell(f"  {look.word(f'channel.state.{row.channel_state}')}", "bad"))
    if row.error is not None and row.state != "sent":
        told.append(Cell(f"  {look.say(row.error)}", "bad"))
    return told


def told_lines(rows: Sequence[TellingRow], look: Look, cells: int) -> list[list[Cell]]:
    """All notices of a task: to whom, what, whether it was seen, and each channel."""
    if not rows:
        return []
    lines: list[list[Cell]] = [
        [],
        [Cell(f" {look.say(Message('ui.told.heading', {'count': len(rows)}))}", "header")],
    ]
    for row in rows:
        notice = row.notice
        whom = " ".join(filter(None, (row.whom, row.person)))
        head = [
            Cell(f" {look.moment(notice.at)} ", "dim"),
            Cell(f"{shape('cursor', look.ascii)} {whom}  ", "strong"),
        ]
        if notice.seen is not None and notice.seen_by:
            seen = look.word("ui.told.seen", at=look.moment(notice.seen), by=notice.seen_by)
            head.append(Cell(seen, "good"))
        else:
            head.append(Cell(look.word("ui.notices.new"), "warn" if notice.seen is None else "dim"))
        lines.append(head)
        lines += flow(look.say(notice.message), cells, "", " " * 7)
        lines += [[Cell(" " * 7), *delivery(one, look)] for one in notice.deliveries]
    return lines
