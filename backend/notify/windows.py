"""The end of a maintenance window 维护窗口, told once: how many alarms were recorded in it, how many ring again."""

from __future__ import annotations

from sqlalchemy import Connection

from backend.alarms.windows import WindowEnd
from backend.notify.notices import post
from backend.words.message import Scalar


def tell_end(connection: Connection, ended: WindowEnd) -> None:
    """Tell the seats of the window's grid, and whoever planned it."""
    args: dict[str, Scalar] = {
        "window": ended.id,
        "scope": ended.scope,
        "recorded": ended.recorded,
        "standing": ended.standing,
        "reason": ended.reason,
    }
    post(
        connection,
        f"window:{ended.id}",
        ended.ended,
        "notice.window_over",
        args,
        grid=ended.grid,
        person=ended.made_by,
        priority="medium" if ended.standing else "low",
    )
