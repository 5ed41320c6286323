"""Reports: the shift log, the daily report, task sheets, and what is wrong with a template."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    # The shift log.
    "report.shift.title": ("值班日志", "Shift log"),
    "report.log.act": ("{task} {what} {place}：{act:act}", "{task} {what_en}, {place}: {act:act}"),
    "report.log.act.to": (
        "{task} {what} {place}：{act:act} → {target}",
        "{task} {what_en}, {place}: {act:act} → {target}",
    ),
    "report.log.act.note": (
        "{task} {what} {place}：{act:act}（{note}）",
        "{task} {what_en}, {place}: {act:act} ({note})",
    ),
    "report.log.act.to.note": (
        "{task} {what} {place}：{act:act} → {target}（{note}）",
        "{task} {what_en}, {place}: {act:act} → {target} ({note})",
    ),
    "report.log.behalf": (
        "{person}代{behalf}（{channel:report.channel}）",
        "{person} for {behalf} ({channel:report.channel})",
    ),
    "report.channel.phone": ("电话", "by phone"),
    "report.channel.paper": ("纸质", "from paper"),
    "report.channel.radio": ("电台", "by radio"),
    "report.channel.seat": ("坐席", "at the seat"),
    "report.log.alarm": (
        "报警 {alarm} {rule:rule} {place}：{act:alarm.act}",
        "Alarm {alarm}, {rule:rule}, {place}: {act:alarm.act}",
    ),
    "report.log.alarm.note": (
        "报警 {alarm} {rule:rule} {place}：{act:alarm.act}（{note}）",
        "Alarm {alarm}, {rule:rule}, {place}: {act:alarm.act} ({note})",
    ),
    "report.log.order": ("指令 {order} {title}：{act:order.act}", "Order {order}, {title}: {act:order.act}"),
    "report.log.complaint.reply": ("诉求 {number}：已回复", "Complaint {number}: replied to"),
    "report.log.complaint.call_back": ("诉求 {number}：已回访", "Complaint {number}: called back"),
    "report.log.complaint.join": ("诉求 {number}：并入事件", "Complaint {number}: joined to an incident"),
    "report.log.call": ("致电 {name} {phone}：已接通", "Called {name}, {phone}: answered"),
    "report.log.call.note": ("致电 {name} {phone}：已接通（{note}）", "Called {name}, {phone}: answered ({note})"),
    "report.log.call.unanswered": ("致电 {name} {phone}：无人接听", "Called {name}, {phone}: nobody answered"),
    "report.log.call.unanswered.note": (
        "致电 {name} {phone}：无人接听（{note}）",
        "Called {name}, {phone}: nobody answered ({note})",
    ),
    "report.log.brief": ("查看态势简报", "Opened the situation brief"),
    "report.log.brief.to": ("向 {caller} 报告态势简报", "Read the situation brief to {caller}"),
    "report.log.brief.orders": (
        "报告态势简报，形成指令 {orders}",
        "Read the situation brief; orders that came of it: {orders}",
    ),
    "report.log.brief.to.orders": (
        "向 {caller} 报告态势简报，形成指令 {orders}",
        "Read the situation brief to {caller}; orders that came of it: {orders}",
    ),
    "report.log.remark": ("记事：{text}", "Remark: {text}"),
    "report.log.sign_in": ("签到上岗", "Signed in"),
    "report.log.sign_out": ("签退（交接单 {handover}）", "Signed out (handover {handover})"),
    "report.log.adopt": ("代管 {centre}（{note}）", "Keeps the board of {centre} ({note})"),
    "report.no_shift": (
        "没有找到值班记录；可用 --since 和 --until 指定时段。",
        "No shift was found; give a time with --since and --until.",
    ),
    # Templates.
    "report.template.long": ("模板超过 {longest} 个字符", "The template is longer than {longest} characters"),
    "report.template.open": (
        "段落 {name} 没有结束；在后面另起一行写 {{/{name}}}",
        "Part {name} does not end; write {{/{name}}} on a line of its own after it",
    ),
    "report.template.close": (
        "{{/{name}}} 前面没有与它对应的开始标记",
        "{{/{name}}} ends no part that is open here",
    ),
    "report.template.unknown": ("没有 {name} 这一项；是否为 {near}", "There is no {name}; perhaps {near}"),
    "report.template.brace": (
        "“{text}”不是占位符；花括号本身请写两个",
        "“{text}” is no place to fill in; write a brace itself twice",
    ),
    "report.template.rows": (
        "{name} 是多行列表，要写成 {{#{name}}} 与 {{/{name}}} 之间的段落",
        "{name} is a list of rows; write a part between {{#{name}}} and {{/{name}}}",
    ),
    "report.template.value": (
        "{name} 是单个值，不能用 {{#{name}}}；直接写 {{{name}}}",
        "{name} is one value and no list for {{#{name}}}; write {{{name}}}",
    ),
    "report.template.deep": ("列表 {name} 不能写在另一个列表里面", "List {name} can't stand inside another list"),
    "report.template.file": (
        "没有名为 {name} 的模板；可用：{known}",
        "There is no template {name}; known: {known}",
    ),
}
