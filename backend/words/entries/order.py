"""Orders from above: warnings, stop-work orders, declared stops, instructions."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    # How its time is told in reports.
    "order.span.open": ("{since} 起，未定止", "from {since}, no end set"),
    "order.span.until": ("{since} 起，至 {until}", "from {since} to {until}"),
    "order.span.due": ("{since} 起，{due} 前办结", "from {since}, to be done by {due}"),
    "order.span.until_due": (
        "{since} 起，至 {until}，{due} 前办结",
        "from {since} to {until}, to be done by {due}",
    ),
    "order.kind.heavy_pollution": ("重污染天气预警", "heavy-pollution warning"),
    "order.kind.stop_work": ("停工令", "stop-work order"),
    "order.kind.declared_stop": ("申报停产", "declared stop"),
    "order.kind.instruction": ("上级指示", "instruction"),
    "order.kind.campaign": ("专项行动", "campaign"),
    "order.kind.heavy_pollution.level": ("{level}预警", "{level} warning"),
    "order.level.yellow": ("黄色", "yellow"),
    "order.level.orange": ("橙色", "orange"),
    "order.level.red": ("红色", "red"),
    "order.state.in_force": ("执行中", "in force"),
    "order.state.coming": ("未开始", "to come"),
    "order.state.ended": ("已结束", "ended"),
    "order.state.withdrawn": ("已撤销", "withdrawn"),
    "order.act.issue": ("下达", "issued"),
    "order.act.amend": ("变更", "amended"),
    "order.act.withdraw": ("撤销", "withdrawn"),
    "order.done.issued": ("指令 {order} 已下达。", "Order {order} is issued."),
    "order.done.tasks": (
        "指令 {order} 已生效，生成督办任务 {count} 件。",
        "Order {order} holds, with new supervised tasks: {count}.",
    ),
    "order.done.amended": ("指令 {order} 已变更。", "Order {order} is amended."),
    "order.done.withdrawn": ("指令 {order} 已撤销。", "Order {order} is withdrawn."),
    "order.refused.kind": (
        "没有指令类别 {kind}，可用：重污染天气预警、停工令、申报停产、上级指示。",
        "There is no kind of order {kind}; use warning, stop-work, declared stop or instruction.",
    ),
    "order.refused.level": (
        "重污染天气预警要写明级别：黄色、橙色或红色。",
        "A heavy-pollution warning needs its level: yellow, orange or red.",
    ),
    "order.refused.title": ("指令要有标题。", "The order needs a title."),
    "order.refused.long_title": (
        "标题 {length} 字，最多 {longest} 字；详情写在内容里。",
        "The title has {length:=character}, {longest} at most; put the rest into the text.",
    ),
    "order.refused.long_text": (
        "内容 {length} 字，最多 {longest} 字。",
        "The text has {length:=character}, {longest} at most.",
    ),
    "order.refused.ends": (
        "结束时间 {ends:time} 不晚于开始或现在。",
        "The end, {ends:time}, is not after the start and not after now.",
    ),
    "order.refused.load_kind": (
        "只有重污染天气预警可以写允许负荷；停产请下达停工令。",
        "Only a heavy-pollution warning has an allowed load; to stop a plant, issue a stop-work order.",
    ),
    "order.refused.load": (
        "允许负荷写 0 至 100 的整数百分比。",
        "The allowed load is a whole per cent, 0 to 100.",
    ),
    "order.refused.due": ("办结时限 {due:time} 已经过了。", "The due time, {due:time}, has passed."),
    "order.refused.lead": ("没有部门 {lead}。", "There is no department {lead}."),
    "order.refused.scope": (
        "请给出范围：网格或污染源的代码。",
        "Give its scope: the codes of grids or of sources.",
    ),
    "order.refused.scope_code": (
        "范围里的 {code} 不存在或已停用。",
        "{code} in the scope does not exist or is out of service.",
    ),
    "order.refused.unknown": ("没有指令 {order}。", "There is no order {order}."),
    "order.refused.over": (
        "指令 {order} 已于 {at:time} 结束，不能再改。",
        "Order {order} ended at {at:time} and can't be changed.",
    ),
    "order.refused.field": ("指令没有 {field} 这一项。", "An order has no field {field}."),
    "order.refused.same": ("没有任何变更。", "Nothing would change."),
    "order.refused.reason": ("撤销要写明原因。", "Say why it is withdrawn."),
}
