"""Duty 值班: claims, and why somebody is proposed for a dispatch."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "duty.claimed": ("已占用至 {until:time}。", "Yours until {until:time}."),
    "duty.refused.claimed": (
        "{person} 正在处理（至 {until:time}）。",
        "{person} is at it (until {until:time}).",
    ),
    "duty.reason.own_grid": ("本网格", "this grid"),
    "duty.reason.same_township": ("同乡镇", "same township"),
    "duty.reason.on_duty": ("在岗至 {until:time}", "on duty until {until:time}"),
    "duty.reason.off_duty": ("不在岗", "off duty"),
    "duty.reason.load": ("在办 {count} 件", "{count} open"),
    "duty.reason.gave_back": ("刚退回过", "has just returned it"),
    "duty.reason.room": ("{tier:task.level}值班室，{name}值守", "{tier:task.level} duty room: {name}"),
    "duty.reason.room_empty": ("{tier:task.level}值班室无人", "{tier:task.level} duty room: nobody"),
    "duty.reason.department": (
        "主办部门值班室，至 {until:time}",
        "lead department's duty room, until {until:time}",
    ),
}
