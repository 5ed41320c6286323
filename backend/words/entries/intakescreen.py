"""The form in which a person enters what was reported, and the times that they type."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "intakescreen.title": ("登记事件", "Enter an incident"),
    "intakescreen.field.type": ("什么事", "What"),
    "intakescreen.field.place": ("在哪里", "Where"),
    "intakescreen.field.channel": ("来源", "How it came"),
    "intakescreen.field.text": ("内容", "What was said"),
    "intakescreen.field.priority": ("紧急程度", "Priority"),
    "intakescreen.field.number": ("诉求编号", "Number"),
    "intakescreen.field.caller": ("来电人", "Caller"),
    "intakescreen.field.caller_phone": ("来电号码", "Their phone"),
    "intakescreen.field.due": ("办结时限", "Due"),
    "intakescreen.hint.type": ("数字选，或拼音首字母", "a digit, or type to find"),
    "intakescreen.hint.place": (
        "乡镇、网格、站点、企业工地，或已有编号",
        "township, grid, station, source, or a number",
    ),
    "intakescreen.hint.text": ("看到什么、在什么位置", "what was seen, and where exactly"),
    "intakescreen.hint.priority": ("不填按事件类型", "that of the type where empty"),
    "intakescreen.hint.number": (
        "12345 的工单编号；不填自动编号",
        "the line's own; one is given where empty",
    ),
    "intakescreen.hint.due": (
        "上级交办必填：18:00、11-05 12:00、3h、2d",
        "of an order: 18:00, 11-05 12:00, 3h, 2d",
    ),
    "intakescreen.channel.phone": ("群众来电", "call"),
    "intakescreen.channel.12345": ("12345 转办", "12345 line"),
    "intakescreen.channel.patrol": ("巡查发现", "patrol"),
    "intakescreen.channel.camera": ("视频发现", "camera"),
    "intakescreen.channel.leader": ("上级交办", "order from above"),
    "intakescreen.kind.station": ("站点", "station"),
    "intakescreen.kind.source": ("污染源", "source"),
    "intakescreen.kind.incident": ("事件", "incident"),
    "intakescreen.joins": ("并入：{name}", "add to: {name}"),
    "intakescreen.outside": ("{above} 不在本辖区", "{above}, outside the jurisdiction"),
    "intakescreen.near.title": (
        "附近有 {count} 起可能是同一件事",
        "{count} near by may be the same",
    ),
    "intakescreen.near.new": ("另立新事件", "a new incident"),
    "intakescreen.near.into": ("并入 {far} {age}前", "add to {far}, {age} ago"),
    "intakescreen.near.same": ("同乡镇", "same township"),
    "intakescreen.wrong.time": (
        "时间请写 18:00、11-05 12:00 或 3h、2d。",
        "Write the time as 18:00, 11-05 12:00, 3h or 2d.",
    ),
    "intakescreen.wrong.past": ("{at:time} 已经过了。", "{at:time} has passed."),
}
