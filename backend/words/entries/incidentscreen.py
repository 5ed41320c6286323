"""An incident's page."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "incidentscreen.tab.parts": ("构成", "What belongs to it"),
    "incidentscreen.tab.steps": ("经过", "What happened"),
    "incidentscreen.part.task": ("任务", "task"),
    "incidentscreen.part.complaint": ("诉求", "compl."),
    "incidentscreen.part.report": ("登记", "report"),
    "incidentscreen.part.alarm": ("报警", "alarm"),
    "incidentscreen.part.evidence": ("证据", "proof"),
    "incidentscreen.column.kind": ("类别", "Kind"),
    "incidentscreen.column.what": ("内容", "What"),
    "incidentscreen.column.state": ("状态", "State"),
    "incidentscreen.column.detail": ("详情", "Details"),
    "incidentscreen.column.at": ("时间", "Time"),
    "incidentscreen.column.when": ("时间", "When"),
    "incidentscreen.column.act": ("事项", "Act"),
    "incidentscreen.column.by": ("谁", "Who"),
    "incidentscreen.column.text": ("说明", "Details"),
    "incidentscreen.empty": ("没有内容", "Nothing belongs to it"),
    "incidentscreen.no_more": ("没有更多内容可看。", "There is no more to see of it."),
    "incidentscreen.state.open": ("办理中", "open"),
    "incidentscreen.state.closed": ("已结束", "over"),
    "incidentscreen.since": ("{at} 起，已 {age}", "since {at}, {age}"),
    "incidentscreen.closed": ("{at} 结束", "over at {at}"),
    "incidentscreen.order": ("指令 {order}", "order {order}"),
    "incidentscreen.merged": ("已并入 {incident}", "merged into {incident}"),
    "incidentscreen.evidence": ("补充证据", "Add evidence"),
    "incidentscreen.about": ("{incident} {title}", "{incident} {title}"),
    "incidentscreen.off.task": ("已有任务 {task}。", "It has a task, {task}."),
}
