"""Answers of the desk."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "desk.holder.contractor": ("运维单位", "maintenance contractor"),
    "desk.no_feed": ("没有这个数据源。", "There is no such feed."),
    "desk.feed_on": ("数据源已启用，马上取数。", "The feed is on and will be asked at once."),
    "desk.feed_off": ("数据源已停用。", "The feed is off."),
    "desk.feed_soon": ("已安排立即取数。", "The feed will be asked at the next turn."),
    "desk.feed_is_off": ("数据源已停用，先启用。", "The feed is off; switch it on first."),
    "desk.feed_pushed": ("由上游推送，不能主动取数。", "The upstream pushes; it can't be asked."),
    "desk.no_alarm": ("没有这条报警。", "There is no such alarm."),
    "desk.system": ("系统", "system"),
    "desk.alarm.has_task": ("已有任务 {task}，按 o 跳转。", "Task {task} is there already; o goes to it."),
    "desk.alarm.outside": (
        "{place} 超出您的辖区，由所属坐席或上级坐席处理。",
        "{place} is beyond your jurisdiction: its own seat, or one of the tier above, acts on it.",
    ),
    "desk.window.nothing": ("没有 {scope}，不能登记维护窗口。", "There is no {scope} to plan a window for."),
    "desk.alarm.no_acknowledge.acked": ("已有人确认。", "Somebody has acknowledged it already."),
    "desk.alarm.no_acknowledge.norm": (
        "报警已结束，不用确认。",
        "The alarm is over; nothing is to be acknowledged.",
    ),
    "desk.alarm.no_acknowledge.shelved": (
        "报警已搁置，先取消搁置（Z）。",
        "The alarm is shelved; unshelve it first (Z).",
    ),
    "desk.alarm.no_acknowledge.suppressed": (
        "报警已被抑制，由区域报警代表。",
        "The alarm is suppressed; the regional one stands for it.",
    ),
    "desk.alarm.no_acknowledge.out_of_service": ("报警已停用（检修）。", "The alarm is out of service."),
    "desk.alarm.no_shelve.norm": ("报警已结束，不用搁置。", "The alarm is over; there is nothing to shelve."),
    "desk.alarm.no_shelve.shelved": ("已经搁置。", "It is shelved already."),
    "desk.alarm.no_shelve.suppressed": (
        "报警已被抑制，不用搁置。",
        "The alarm is suppressed; shelving would add nothing.",
    ),
    "desk.alarm.no_shelve.out_of_service": ("报警已停用（检修）。", "The alarm is out of service."),
    "desk.alarm.no_unshelve.norm": ("没有搁置。", "It is not shelved."),
    "desk.alarm.no_unshelve.unack": ("没有搁置。", "It is not shelved."),
    "desk.alarm.no_unshelve.acked": ("没有搁置。", "It is not shelved."),
    "desk.alarm.no_unshelve.rtn_unack": ("没有搁置。", "It is not shelved."),
    "desk.alarm.no_unshelve.suppressed": ("没有搁置。", "It is not shelved."),
    "desk.alarm.no_unshelve.out_of_service": ("没有搁置。", "It is not shelved."),
    "desk.alarm.all_acknowledged": ("已确认 {count} 条报警。", "{count:=alarm} acknowledged."),
    "desk.alarm.all_shelved": ("已搁置 {count} 条报警。", "{count:=alarm} shelved."),
    "desk.alarm.some_acknowledged": (
        "已确认 {count} 条，另有 {left} 条不能确认。",
        "{count} acknowledged; {left} could not be.",
    ),
    "desk.alarm.none_acknowledged": (
        "所选 {count} 条都不能确认。",
        "None of the {count} could be acknowledged.",
    ),
    "desk.no_task": ("没有任务 {task}。", "There is no task {task}."),
    "desk.no_task.command": (
        "没有任务 {task}。请核对编号：gridseat tasks 列出未办结的任务，加 --view closed 列出已办结的。",
        "There is no task {task}. Check its number: gridseat tasks lists the open ones, with --view closed the closed ones.",
    ),
    "desk.alarm_alone": (
        "这条报警不属于任何事件，不能直接生成任务。请用“登记”录入。",
        "This alarm belongs to no incident, so no task can be made of it. Enter one with intake.",
    ),
    "desk.no_incident": ("没有事件 {incident}。", "There is no incident {incident}."),
    "desk.tasks.all": ("{count} 个任务：{act:act}，已完成。", "“{act:act}” done to {count:=task}."),
    "desk.tasks.some": (
        "{count} 个任务：{act:act}，已完成；{left} 个未执行。",
        "“{act:act}” done to {count:=task}; not to {left}.",
    ),
}
