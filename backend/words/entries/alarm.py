"""Alarms: states, what happens to them, and why an act is refused."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "alarm.state.NORM": ("正常", "Normal"),
    "alarm.state.UNACK": ("未确认", "Unacknowledged"),
    "alarm.state.ACKED": ("已确认", "Acknowledged"),
    "alarm.state.RTN_UNACK": ("已恢复未确认", "Returned, unacknowledged"),
    "alarm.state.SHELVED": ("搁置", "Shelved"),
    "alarm.state.SUPPRESSED": ("抑制", "Suppressed"),
    "alarm.state.OUT_OF_SERVICE": ("停用", "Out of service"),
    "alarm.act.raise": ("报警", "Rang"),
    "alarm.act.clear": ("恢复", "Returned to normal"),
    "alarm.act.acknowledge": ("确认", "Acknowledged"),
    "alarm.act.shelve": ("搁置", "Shelved"),
    "alarm.act.unshelve": ("取消搁置", "Unshelved"),
    "alarm.act.suppress": ("抑制", "Suppressed"),
    "alarm.act.release": ("解除抑制", "Released"),
    "alarm.act.out": ("停用", "Taken out of service"),
    "alarm.act.back": ("恢复使用", "Back in service"),
    "alarm.act.again": ("再次报警", "Rang again"),
    "alarm.reason.worse": ("确认后加重", "it has become worse since it was acknowledged"),
    "alarm.reason.not_solved": ("任务已办结，仍超标", "the task is closed and it still stands"),
    "alarm.reason.expired": ("到时自动恢复", "time was up"),
    "alarm.reason.lapsed": ("长时间无有效数据", "no valid value for too long"),
    "alarm.reason.retired": ("站点已停运", "the station is out of service"),
    "alarm.done.acknowledge": ("报警 {alarm} 已确认。", "Alarm {alarm} is acknowledged."),
    "alarm.done.shelve": (
        "报警 {alarm} 已搁置，到时自动恢复。",
        "Alarm {alarm} is shelved; it comes back by itself.",
    ),
    "alarm.done.unshelve": ("报警 {alarm} 已取消搁置。", "Alarm {alarm} is back from the shelf."),
    "alarm.done.out": ("报警 {alarm} 已停用。", "Alarm {alarm} is out of service."),
    "alarm.done.back": ("报警 {alarm} 已恢复使用。", "Alarm {alarm} is back in service."),
    "alarm.refused.unknown": ("没有编号为 {alarm} 的报警。", "There is no alarm {alarm}."),
    "alarm.refused.over": (
        "报警 {alarm} 已恢复正常，不用再处理。",
        "Alarm {alarm} is back to normal; nothing is left to do.",
    ),
    "alarm.refused.acked": ("已由 {by} 确认过。", "{by} has acknowledged it already."),
    "alarm.refused.no_reason": ("请写明原因。", "Give a reason."),
    "alarm.refused.shelf_over": (
        "恢复时间已经过了，请选一个以后的时间。",
        "That time is over; choose one to come.",
    ),
    "alarm.refused.shelf_long": (
        "最多搁置 {hours} 小时。",
        "An alarm can be shelved for {hours:=hour} at most.",
    ),
    "alarm.refused.acknowledge": (
        "这个报警已被搁置、抑制或停用，不能确认。",
        "It is shelved, suppressed or out of service, so it can't be acknowledged.",
    ),
    "alarm.refused.shelve": (
        "这个报警已被搁置、抑制或停用，不能再搁置。",
        "It is shelved, suppressed or out of service, so it can't be shelved.",
    ),
    "alarm.refused.unshelve": ("这个报警没有被搁置。", "It is not shelved."),
    "alarm.refused.out": ("这个报警已经停用。", "It is out of service already."),
    "alarm.window.done.planned": ("维护窗口 {window} 已登记。", "Maintenance window {window} is planned."),
    "alarm.window.done.ended": (
        "维护窗口 {window} 已提前结束，报警随即恢复。",
        "Maintenance window {window} is over; its alarms come back.",
    ),
    "alarm.window.refused.scope": (
        "范围只能是站点、网格、数据源或站点类别，不能是“{scope}”。",
        "A window is for a station, a grid, a feed or a kind of station, not for “{scope}”.",
    ),
    "alarm.window.refused.over": (
        "结束时间要晚于开始时间和现在。",
        "The end must come after the start and after now.",
    ),
    "alarm.window.refused.long": (
        "维护窗口最长 {hours} 小时。",
        "A maintenance window lasts {hours:=hour} at most.",
    ),
    "alarm.window.refused.same": (
        "同一范围已有维护窗口 {window}，时间重叠。",
        "Window {window} covers the same at an overlapping time.",
    ),
    "alarm.window.refused.unknown": ("没有维护窗口 {window}。", "There is no maintenance window {window}."),
    "alarm.window.refused.ended": ("维护窗口 {window} 已经结束。", "Window {window} is over already."),
    "alarm.refused.back": ("这个报警没有停用。", "It is not out of service."),
}
