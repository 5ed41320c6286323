"""The alarms board, an alarm's page, and what is asked when one is shelved."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "alarmscreen.tab.standing": ("全部", "Standing"),
    "alarmscreen.tab.waiting": ("待确认", "To acknowledge"),
    "alarmscreen.tab.shelved": ("搁置", "Shelved"),
    "alarmscreen.tab.put_away": ("抑制、停用", "Suppressed, out"),
    "alarmscreen.tab.past": ("已结束", "Past"),
    "alarmscreen.column.state": ("状态", "State"),
    "alarmscreen.column.rule": ("报警", "Alarm"),
    "alarmscreen.column.parameter": ("因子", "What"),
    "alarmscreen.column.reading": ("数值", "Reading"),
    "alarmscreen.column.county": ("区县", "County"),
    "alarmscreen.column.presented": ("出现", "Rang"),
    "alarmscreen.column.acked": ("确认人", "Acked by"),
    "alarmscreen.column.task": ("任务", "Task"),
    "alarmscreen.column.claimed": ("占用", "Open at"),
    "alarmscreen.column.until": ("恢复时间", "Until"),
    "alarmscreen.column.reason": ("原因", "Why"),
    "alarmscreen.column.cleared": ("结束", "Over"),
    "alarmscreen.empty": ("没有报警", "No alarms"),
    # What a value is held against.
    "alarmscreen.silent": ("{span} 无数据", "nothing for {span}"),
    "alarmscreen.above": (
        "{value} - 县均 {before} > {bound} {unit}",
        "{value} - county {before} > {bound} {unit}",
    ),
    "alarmscreen.rose": ("{before} 升至 {value} {unit}", "{before} up to {value} {unit}"),
    "alarmscreen.around": ("{value}，周边 {before} {unit}", "{value}, around {before} {unit}"),
    # The page.
    "alarmscreen.title": ("报警 {id}", "Alarm {id}"),
    "alarmscreen.now": ("现在", "Now"),
    "alarmscreen.reading": ("数值", "Reading"),
    "alarmscreen.peak": ("峰值 {peak}", "peak {peak}"),
    "alarmscreen.times": ("{ratio} 倍", "{ratio} times"),
    "alarmscreen.span": ("{began} 起，至 {last}", "from {began}, to {last}"),
    "alarmscreen.presented": ("出现于 {at}（{age} 前）", "rang {at} ({age} ago)"),
    "alarmscreen.occurrences": ("第 {count} 次", "{count} times"),
    "alarmscreen.suspect": ("依据的数据存疑", "rests on suspect data"),
    "alarmscreen.acked": ("{who} 于 {at} 确认", "{who} acknowledged it at {at}"),
    "alarmscreen.not_acked": ("还没有人确认（a 确认）", "nobody has acknowledged it (a does)"),
    "alarmscreen.shelved": (
        "{who} 搁置至 {until}：{reason}（Z 取消搁置）",
        "{who} shelved it until {until}: {reason} (Z unshelves)",
    ),
    "alarmscreen.claimed": ("{who} 正打开着", "{who} has it open"),
    "alarmscreen.work": ("处置", "Work"),
    "alarmscreen.no_task": ("还没有任务（t 立为任务）", "no task yet (t files one)"),
    "alarmscreen.task": ("任务 {task}，{state}", "task {task}, {state}"),
    "alarmscreen.incident": ("事件 {incident}", "incident {incident}"),
    "alarmscreen.place": ("地点", "Place"),
    "alarmscreen.contact": ("联系", "Contact"),
    "alarmscreen.evidence": ("依据", "Evidence"),
    "alarmscreen.timeline": ("经过", "History"),
    "alarmscreen.system": ("系统", "system"),
    "alarmscreen.evidence.values": ("逐时数值", "Hours"),
    "alarmscreen.evidence.ratio": ("限值的 {ratio} 倍", "{ratio} times the bound"),
    "alarmscreen.evidence.clause": ("条款：{clause}", "Clause: {clause}"),
    "alarmscreen.evidence.region": (
        "所在区域同时超标，本站高出区域本底才报警",
        "Its region exceeds as a whole; it rings because it stands above the region",
    ),
    "alarmscreen.evidence.rise": (
        "一个时段内上升 {rise}，达到 {amount} 即报",
        "Rose by {rise} in one period; {amount} is enough to ring",
    ),
    "alarmscreen.evidence.least": (
        "高出周边中位数至少 {least} 才报",
        "Rings when at least {least} above the neighbours' median",
    ),
    "alarmscreen.evidence.reasons": ("质控意见：{reasons}", "Checks say: {reasons}"),
    "alarmscreen.evidence.outage": (
        "该数据源 {of} 个站点中 {silent} 个同时无数据：先查数据源",
        "{silent} of its {of} stations are silent together: look at the feed first",
    ),
    "alarmscreen.evidence.last": ("最后一个时段：{at}", "Last period: {at}"),
    "alarmscreen.evidence.parameters": (
        "同时超标的因子：{names}",
        "Parameters that exceed together: {names}",
    ),
    "alarmscreen.evidence.rule_version": ("规则第 {version} 版", "rules, version {version}"),
    "alarmscreen.inhibited": (
        "区域性报警已代表本报警，单站不响",
        "A regional alarm stands for this one, so it does not ring",
    ),
    # Shelving.
    "alarmscreen.shelve": ("搁置报警", "Shelve an alarm"),
    "alarmscreen.shelve.minutes": ("多少分钟", "Minutes"),
    "alarmscreen.shelve.reason": ("原因", "Reason"),
    "alarmscreen.shelve.about": (
        "{place} {rule:rule}：到时自动恢复；不影响任务的时限。",
        "{place}, {rule:rule}: it comes back by itself; clocks of a task go on.",
    ),
    "alarmscreen.shelve.many": (
        "{count} 条报警：到时自动恢复；不影响任务的时限。",
        "{count} alarms: they come back by themselves; clocks of tasks go on.",
    ),
    "alarmscreen.shelve.range": ("1 至 1440 分钟", "1 to 1440 minutes"),
    # Acknowledging many.
    "alarmscreen.sure": ("确认 {count} 条报警？", "Acknowledge {count} alarms?"),
    "alarmscreen.sure.about": (
        "其中特急 {critical} 条。按 y 确认，其他键不做。",
        "{critical} of them critical. y acknowledges them, any other key does not.",
    ),
    "alarmscreen.off.unknown": ("这里没有选中的报警", "No alarm is selected here"),
    "alarmscreen.off.task_acts": (
        "对任务的操作在任务页上做：按 o 跳到任务",
        "That is an act on a task: o goes to the task",
    ),
    "alarmscreen.off.no_task": ("还没有任务，先按 t 立为任务", "There is no task yet; t files one"),
}
