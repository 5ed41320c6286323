"""Reports: the shift log, the daily report, task sheets, and what is wrong with a template."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    # The shift log.
    "report.shift.title": ("值班日志", "Shift log"),
    "report.log.act": ("{task} {what} {place}：{act:act}", "{task} {what_en}, {place}: {act:act}"),
    "report.log.act.to": (
        "{task} {what} {place}：{act:act} -> {target}",
        "{task} {what_en}, {place}: {act:act} -> {target}",
    ),
    "report.log.act.note": (
        "{task} {what} {place}：{act:act}（{note}）",
        "{task} {what_en}, {place}: {act:act} ({note})",
    ),
    "report.log.act.to.note": (
        "{task} {what} {place}：{act:act} -> {target}（{note}）",
        "{task} {what_en}, {place}: {act:act} -> {target} ({note})",
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
    "report.log.call.note": (
        "致电 {name} {phone}：已接通（{note}）",
        "Called {name}, {phone}: answered ({note})",
    ),
    "report.log.call.unanswered": (
        "致电 {name} {phone}：无人接听",
        "Called {name}, {phone}: nobody answered",
    ),
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
    "report.whose": (
        "您没有所属指挥中心；请用 --centre 指定。可用：{known}。",
        "You belong to no command centre: name one with --centre; there are: {known}.",
    ),
    "report.no_centre": (
        "没有指挥中心 {centre}，或不在辖区内；可用：{known}。",
        "There is no command centre {centre}, or it lies outside your jurisdiction; there are: {known}.",
    ),
    # The daily report.
    "report.daily.title": ("网格化监管日报", "Daily report of grid supervision"),
    "report.daily.overdue": ("超时", "overdue"),
    "report.daily.late": ("（迟报）", " (late)"),
    "report.state.none": ("未拟稿", "not begun"),
    "report.state.draft": ("拟稿", "draft"),
    "report.state.reviewed": ("已审核", "reviewed"),
    "report.state.signed": ("已签批", "signed"),
    "report.state.issued": ("已签发", "issued"),
    "report.step.draft": ("拟稿", "draft"),
    "report.step.review": ("审核", "review"),
    "report.step.sign": ("签批", "sign"),
    "report.step.issue": ("签发", "issue"),
    "report.step.send_back": ("退回修改", "send back"),
    "report.step.remark": ("补充说明", "add remarks"),
    "report.step.correct": ("更正", "correct"),
    "report.begun": ("{day} 日报已拟稿。", "The report of {day} is begun."),
    "report.corrected": (
        "{day} 日报第 {version} 版已拟稿；原版仍可查看。",
        "Version {version} of the report of {day} is begun; the old one stays readable.",
    ),
    "report.done.review": (
        "{day} 日报已审核，数据固定。",
        "The report of {day} is reviewed; its figures stand.",
    ),
    "report.done.sign": ("{day} 日报已签批。", "The report of {day} is signed."),
    "report.done.issue": (
        "{day} 日报第 {version} 版已签发，不再改动。",
        "Version {version} of the report of {day} is issued and will not change.",
    ),
    "report.done.send_back": ("{day} 日报已退回修改。", "The report of {day} is back with its drafter."),
    "report.done.remark": ("{day} 日报的说明已更新。", "The remarks of the report of {day} are changed."),
    "report.sent": (
        "{day} 措施已上报（第 {number} 次）。",
        "The measures of {day} are sent (number {number}).",
    ),
    "report.sent_late": (
        "{day} 措施已上报（第 {number} 次），已过 12:00，记为迟报。",
        "The measures of {day} are sent (number {number}), after noon: they count as late.",
    ),
    "report.refused.begun": (
        "{day} 日报第 {version} 版已在办（{state:report.state}）。",
        "Version {version} of the report of {day} is under way ({state:report.state}).",
    ),
    "report.refused.reason": ("请写明原因。", "Give a reason."),
    "report.refused.state": (
        "日报现为“{state:report.state}”，不能{step:report.step}。",
        "The report is {state:report.state}: it can't take this step ({step:report.step}).",
    ),
    "report.refused.early": (
        "本期到 {until:time} 才结束，之后才能审核。",
        "The period ends at {until:time}; it can be reviewed after that.",
    ),
    "report.refused.drafter": (
        "您是拟稿人，要由他人{step:report.step}。",
        "You have drafted it: somebody else must take this step ({step:report.step}).",
    ),
    "report.refused.reviewer": (
        "您是审核人，要由他人签批。",
        "You have reviewed it: somebody else must sign it.",
    ),
    "report.refused.version": (
        "{day} 日报已有第 {version} 版，请先查看。",
        "There is a version {version} of the report of {day}; look at it first.",
    ),
    "report.refused.none": ("{day} 还没有日报。", "There is no report of {day} yet."),
    "report.refused.no_centre": (
        "您没有所属指挥中心，或该中心不在辖区内。",
        "You belong to no command centre, or it lies outside your jurisdiction.",
    ),
    "report.refused.future": ("本期 {since:time} 才开始。", "The period begins only at {since:time}."),
    "report.refused.top": ("没有上级中心，不用上报。", "There is no centre above: nothing is to be sent."),
    "report.refused.old": ("这是旧版，只供查看。", "This is an old version, to be read only."),
    "report.refused.issued": (
        "日报已签发，不再改动；有误请更正。",
        "It is issued and does not change any more; where it is wrong, correct it.",
    ),
    "report.refused.not_issued": (
        "日报现为“{state:report.state}”，签发后才需要更正。",
        "The report is {state:report.state}: only an issued one is corrected.",
    ),
    "report.refused.measure": (
        "没有措施 {measure}；可用：{known}。",
        "There is no measure {measure}; known: {known}.",
    ),
    "report.refused.count": (
        "“{value}”不是数量：0 到 {most} 的整数。",
        "“{value}” is no count: a whole number from 0 to {most}.",
    ),
    "report.no_version": ("{day} 日报没有第 {version} 版。", "The report of {day} has no version {version}."),
    "report.bad_day": ("“{text}”不是日期；请写成 2026-11-03。", "“{text}” is no date; write 2026-11-03."),
    # Task sheets.
    "report.sheet.printed": ("任务单 {code} 已生成。", "Task sheet {code} is made."),
    "report.sheet.saved": ("任务单 {code} 已存：{path}", "Task sheet {code} is saved: {path}"),
    "report.sheet.check": (
        "单号 {code} 校验不符，请对照原件重读一遍。",
        "{code} does not pass its check: read the number on the paper again.",
    ),
    "report.sheet.unknown": ("没有打印过单号为 {code} 的任务单。", "No sheet {code} was ever printed."),
    "report.sheet.entered": (
        "任务单 {code} 已于 {at:time} 录入。",
        "Sheet {code} was keyed in at {at:time}.",
    ),
    "report.sheet.holder": (
        "任务单 {code} 是打印给{holder}的，任务已另派他人，不能作为处置反馈；请作为证据录入。",
        "Sheet {code} was printed for {holder} and somebody else holds the task now: key it in as evidence, not as the"
        " report.",
    ),
    "report.sheet.time": (
        "发生时间 {at:whole} 不在任务开始（{since:whole}）到现在之间。",
        "{at:whole} does not lie between the task's beginning ({since:whole}) and now.",
    ),
    "report.sheet.empty": ("请勾选结果或填写现场情况。", "Give a result or what was found."),
    "report.sheet.keyed_in": (
        "任务单 {code} 已录入任务 {task}，作为迟交证据。",
        "Sheet {code} is keyed in: late evidence of task {task}.",
    ),
    "report.sheet.reported": (
        "任务单 {code} 已录入任务 {task}，作为处置反馈。",
        "Sheet {code} is keyed in: the report of task {task}.",
    ),
    # Templates.
    "report.template.long": ("模板超过 {longest} 个字符", "The template is longer than {longest:=character}"),
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
    "report.template.deep": (
        "列表 {name} 不能写在另一个列表里面",
        "List {name} can't stand inside another list",
    ),
    "report.template.file": (
        "没有名为 {name} 的模板；可用：{known}",
        "There is no template {name}; known: {known}",
    ),
}
