"""The situation brief 态势简报, as it is read out."""

from __future__ import annotations

_NOW = (
    "空气：AQI {aqi} {level:level}，首要 {primary}（{hour} 数据）",
    "Air: AQI {aqi}, {level:level}, mainly {primary} (hour of {hour})",
)
_CLEAN = ("空气：AQI {aqi} {level:level}（{hour} 数据）", "Air: AQI {aqi}, {level:level} (hour of {hour})")
_ONE = ("，较 {hours0} 小时前 {by0}", "; {by0} in {hours0} h")
_TWO = ("，较 {hours0} 小时前 {by0}、{hours1} 小时前 {by1}", "; {by0} in {hours0} h, {by1} in {hours1} h")
_HELD = (
    "{place} {priority:task.priority} {what} {where} {state:task.state} {holder} {phone} {since}起",
    "{place} {priority:task.priority}: {what_en}, {where}: {state:task.state}, {holder} {phone}, since {since}",
)
_OPEN = (
    "{place} {priority:task.priority} {what} {where} {state:task.state} 无人承办 {since}起",
    "{place} {priority:task.priority}: {what_en}, {where}: {state:task.state}, nobody holds it, since {since}",
)
_ROOM = (
    "{place} {priority:task.priority} {what} {where} {state:task.state} 值班室{phone} {since}起",
    "{place} {priority:task.priority}: {what_en}, {where}: {state:task.state}, duty room {phone}, since {since}",
)
_WAITING = (
    "{place} {priority:task.priority} {what} {where} 尚未立任务，无人承办、无时限，{since}起",
    "{place} {priority:task.priority}: {what_en}, {where}: no task yet, nobody holds it, no due, since {since}",
)
_WAITING_ROOM = (
    "{place} {priority:task.priority} {what} {where} 尚未立任务、无时限 值班室{phone} {since}起",
    "{place} {priority:task.priority}: {what_en}, {where}: no task yet, no due, duty room {phone}, since {since}",
)
_SETTLED = (
    "{place} {priority:task.priority} {what} {where} {settled}已办结，报警未恢复，{since}起",
    "{place} {priority:task.priority}: {what_en}, {where}: dealt with {settled}, still rings, since {since}",
)
_RAISED = (" {level:task.level}负责", ", {level:task.level} answers")
_DUE = (" 限{due}", ", due {due}")
_LATE = (" 限{due}已超", ", OVERDUE ({due})")


def _joined(*parts: tuple[str, str]) -> tuple[str, str]:
    return "".join(part[0] for part in parts), "".join(part[1] for part in parts)


ENTRIES: dict[str, tuple[str, str]] = {
    "brief.title": ("态势简报", "Situation brief"),
    "brief.heading": (
        "{place} 态势简报  {at}  报告人 {person}",
        "{place}: situation at {at}, told by {person}",
    ),
    "brief.air.none": ("空气：本地没有有效数据", "Air: no valid data here"),
    "brief.air.now.0": _NOW,
    "brief.air.now.1": _joined(_NOW, _ONE),
    "brief.air.now.2": _joined(_NOW, _TWO),
    "brief.air.now_clean.0": _CLEAN,
    "brief.air.now_clean.1": _joined(_CLEAN, _ONE),
    "brief.air.now_clean.2": _joined(_CLEAN, _TWO),
    "brief.air.rank": (
        "排名：{of} 个县区第 {rank}（由好到差）；最好 {best} {best_aqi}，最差 {worst} {worst_aqi}",
        "Rank: {rank} of {of} counties, best first; best {best} {best_aqi}, worst {worst} {worst_aqi}",
    ),
    "brief.air.rank_of": (
        "排名：{county} {of} 个县区第 {rank}（由好到差）；最好 {best} {best_aqi}，最差 {worst} {worst_aqi}",
        "Rank: {county} {rank} of {of} counties, best first; best {best} {best_aqi}, worst {worst} {worst_aqi}",
    ),
    "brief.air.ends": (
        "县区：最好 {best} {best_aqi}，最差 {worst} {worst_aqi}（共 {of} 个）",
        "Counties: best {best} {best_aqi}, worst {worst} {worst_aqi} (of {of})",
    ),
    "brief.order": ("管控令：{title}，{scope}，{since} 起", "Order: {title}, {scope}, from {since}"),
    "brief.order_until": (
        "管控令：{title}，{scope}，{since} 起至 {until}",
        "Order: {title}, {scope}, from {since} to {until}",
    ),
    "brief.order_due": (
        "管控令：{title}，{scope}，{since} 起，{due} 前办结",
        "Order: {title}, {scope}, from {since}, to be done by {due}",
    ),
    "brief.more_orders": ("另有管控令 {count} 件", "and {count} more orders"),
    "brief.count": (
        "未结事件 {count} 起：特急 {critical}，紧急 {high}，超时 {overdue}",
        "Open: {count}, of them critical {critical}, high {high}, overdue {overdue}",
    ),
    "brief.none_open": ("没有未结事件", "Nothing is open"),
    "brief.more": ("另有 {count} 起", "and {count} more"),
    "brief.unknown": ("尚不掌握：", "Not known:"),
    "brief.all_known": (
        "站点、数据、应答、证据均无缺项",
        "Nothing is missing: stations, data, answers, evidence",
    ),
    "brief.more_unknown": ("另有 {count} 项不掌握", "and {count} more things that are not known"),
    "brief.unknown.vacant": (
        "值班室无人值守 {count} 个：{names}",
        "Duty rooms with nobody: {count} ({names})",
    ),
    "brief.unknown.unattended": (
        "席位无人操作 {count} 个：{names}",
        "Seats that nobody is at: {count} ({names})",
    ),
    "brief.unknown.unanswered": (
        "电话无人接听：{name}（{at}）",
        "Nobody answers the phone: {name} ({at})",
    ),
    "brief.unknown.feed": (
        "数据源{name}{state:brief.feed}，最新 {at}",
        "Feed {name} {state:brief.feed}, newest of {at}",
    ),
    "brief.unknown.offline": ("离线站点 {count} 个：{names}", "Stations offline: {count} ({names})"),
    "brief.unknown.unaccepted": (
        "派发后逾时无人签收 {count} 件：{names}",
        "Sent and not accepted in time: {count} ({names})",
    ),
    "brief.unknown.evidence": (
        "证据未到 {count} 件任务：{names}",
        "Evidence has not arrived for {count:=task}: {names}",
    ),
    "brief.unknown.suspect": (
        "所依据数据存疑的任务 {count} 件：{names}",
        "Tasks built on suspect data: {count} ({names})",
    ),
    "brief.unknown.alarms": (
        "未确认报警 {count} 起（特急 {critical}），最早 {at}",
        "Alarms nobody has acknowledged: {count} (critical {critical}), the oldest of {at}",
    ),
    "brief.feed.late": ("迟到", "is late"),
    "brief.feed.failing": ("中断", "fails"),
    "brief.feed.open": ("中断", "fails"),
    "brief.feed.new": ("从未收到", "has never come"),
    "brief.copied": ("简报已复制", "The brief is copied"),
    "brief.logged": ("已记录：{caller} 询问", "Noted: {caller} asked"),
    "brief.refused.no_use": ("请等简报读出后再记", "Wait until the brief is there"),
    "brief.instructed": (
        "已登记指令 {order}，由 {caller} 下达",
        "Entered as order {order}, given by {caller}",
    ),
    "brief.form.caller": ("谁来询问", "Who asks"),
    "brief.field.caller": ("来电人", "Caller"),
    "brief.form.order": ("来电人的指令", "The caller's instruction"),
    "brief.field.title": ("指令内容", "Instruction"),
    "brief.field.scope": ("适用网格", "Where it holds"),
    "brief.field.hours": ("持续小时", "Holds for, hours"),
    "brief.field.due": ("限几分钟办结", "To be done within, minutes"),
    "brief.hint.hours": ("空：长期", "empty: until withdrawn"),
    "brief.hint.due": ("空：只公布；填数：立为督办任务", "empty: only shown; a number: a supervised task"),
    "brief.wrong.number": ("填 0 到 {most} 之间的数", "A number above 0, at most {most}"),
    "brief.loading": ("正在汇总", "Gathering"),
}
ENTRIES["brief.waiting"] = _WAITING
ENTRIES["brief.waiting.room"] = _WAITING_ROOM
ENTRIES["brief.settled"] = _SETTLED
for _holder, _words in (("held", _HELD), ("room", _ROOM), ("open", _OPEN)):
    ENTRIES[f"brief.{_holder}"] = _joined(_words, _DUE)
    ENTRIES[f"brief.{_holder}.late"] = _joined(_words, _LATE)
    ENTRIES[f"brief.{_holder}.raised"] = _joined(_words, _RAISED, _DUE)
    ENTRIES[f"brief.{_holder}.raised.late"] = _joined(_words, _RAISED, _LATE)
