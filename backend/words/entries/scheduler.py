"""The jobs."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "scheduler.agent": (
        "后台作业已启动：取数、计时、提级。Ctrl+C 结束。",
        "The jobs run: feeds, clocks, escalation. Ctrl+C ends them.",
    ),
}
