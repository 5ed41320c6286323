"""Answers of the desk."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "desk.no_feed": ("没有这个数据源。", "There is no such feed."),
    "desk.feed_on": ("数据源已启用，马上取数。", "The feed is on and will be asked at once."),
    "desk.feed_off": ("数据源已停用。", "The feed is off."),
    "desk.feed_soon": ("已安排立即取数。", "The feed will be asked at the next turn."),
    "desk.no_alarm": ("没有这条报警。", "There is no such alarm."),
    "desk.no_task": ("没有任务 {task}。", "There is no task {task}."),
    "desk.alarm_alone": (
        "这条报警不属于任何事件，不能直接生成任务。请用“登记”录入。",
        "This alarm belongs to no incident, so no task can be made of it. Enter one with intake.",
    ),
    "desk.no_incident": ("没有事件 {incident}。", "There is no incident {incident}."),
    "desk.no_grid": ("没有网格 {grid}。", "There is no grid {grid}."),
    "desk.task_made": ("已生成任务 {task}。", "Task {task} is made."),
}
