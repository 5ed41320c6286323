"""Scores 量化赋分: items, the ledger's acts, and what is wrong with a table of points."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "score.item.accept_late": ("签收超时", "accepted late"),
    "score.item.arrive_late": ("到场超时", "arrived late"),
    "score.item.dispose_late": ("反馈超时", "reported late"),
    "score.item.rework": ("返工", "rework"),
    "score.item.false_photo": ("虚假或重复照片", "false or repeated photo"),
    "score.item.missed_patrol": ("漏巡", "patrol missed"),
    "score.item.missed_problem": ("漏报", "problem missed"),
    "score.item.hot_grid": ("热点网格预警", "hot grid warning"),
    "score.item.hot_grid_again": ("热点网格连续预警", "hot grid, again and again"),
    "score.item.self_found": ("自行发现问题", "found by oneself"),
    "score.item.lead_verified": ("群众诉求查实", "complaint found true"),
    "score.item.no_overdue": ("当月无超时", "month without overdue"),
    "score.kind.grid": ("网格", "grid"),
    "score.kind.department": ("部门", "department"),
    "score.entered": (
        "已记分：{item:score.item} {points} 分。",
        "Entered: {item:score.item}, {points:=point}.",
    ),
    "score.reversed": ("第 {entry} 号记分已冲销。", "Entry {entry} is reversed."),
    "score.reason.void": ("任务作废，冲销", "task voided"),
    "score.reason.recall": ("操作已撤回，冲销", "the act was recalled"),
    "score.reason.reopen": ("任务重新办理，冲销", "task reopened"),
    "score.refused.no_entry": ("没有第 {entry} 号记分。", "There is no entry {entry}."),
    "score.refused.reversed": ("第 {entry} 号记分已冲销过。", "Entry {entry} has been reversed already."),
    "score.refused.is_reversal": (
        "第 {entry} 号本身是冲销，不能再冲销。",
        "Entry {entry} is a reversal itself and can't be reversed.",
    ),
    "score.refused.reason": ("请写明原因。", "Give a reason."),
    "score.refused.item": (
        "赋分表中没有可人工记的项目 {item}；可用：{known}。",
        "{item} is no item that a person enters; known: {known}.",
    ),
    "score.refused.task": ("没有任务 {task}。", "There is no task {task}."),
    "score.refused.twice": (
        "任务 {task} 已记过这一项。",
        "This item has been entered for task {task} already.",
    ),
    "score.table.date": ("“{value}”不是日期；请写成 2026-01-01", "“{value}” is no date; write 2026-01-01"),
    "score.table.points": (
        "“{value}”不是分值：整数或两位小数，绝对值不超过 {most}",
        "“{value}” is no number of points: whole or in hundredths, {most} at most either way",
    ),
    "score.table.shares": ("四项占比合计 {sum}，应为 100", "the four shares make {sum}, not 100"),
    "score.table.bands": (
        "bands 应写成由小到大的 [件数, 分值] 列表",
        "bands must be a rising list of [number, worth]",
    ),
}
