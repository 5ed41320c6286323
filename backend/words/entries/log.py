"""Headings of what happened to an alarm or a task."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "log.column.at": ("时间", "At"),
    "log.column.occurred": ("发生时间", "Occurred"),
    "log.column.act": ("操作", "Act"),
    "log.column.target": ("对象", "To whom"),
    "log.column.who": ("经手", "Who"),
    "log.column.behalf": ("代", "For"),
    "log.column.channel": ("渠道", "Channel"),
    "log.column.from": ("原状态", "From"),
    "log.column.to": ("新状态", "To"),
    "log.column.result": ("结果", "Result"),
    "log.column.words": ("说明", "Words"),
}
