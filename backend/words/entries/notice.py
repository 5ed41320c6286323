"""Notices 提醒: what people are told of a task."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "notice.report.owing": (
        "{day} 日报措施还没有上报，{due:time} 截止。",
        "The measures of {day} are not sent yet; they are due by {due:time}.",
    ),
    "notice.report.missing": (
        "{day} 日报：{count} 个中心未按时上报（{names}）。",
        "Daily report of {day}: {count:=centre has|centres have} not sent ({names_en}).",
    ),
    "notice.report.missing.more": (
        "{day} 日报：{count} 个中心未按时上报（{names}等，另有 {more} 个）。",
        "Daily report of {day}: {count:=centre has|centres have} not sent ({names_en} and {more} more).",
    ),
    "notice.complaint.reply.soon": (
        "诉求 {number}（{place}）还没有回复，{due:time} 到期。",
        "Complaint {number} ({place}) is not replied to yet; due {due:time}.",
    ),
    "notice.complaint.reply.late": (
        "诉求 {number}（{place}）回复超时，{due:time} 到期。",
        "Complaint {number} ({place}): the reply is late; it was due {due:time}.",
    ),
    "notice.complaint.reply.above": (
        "诉求 {number}（{place}）区县仍未回复，{due:time} 到期。",
        "Complaint {number} ({place}): its county has still not replied; it was due {due:time}.",
    ),
    "notice.complaint.call.soon": (
        "诉求 {number}（{place}）已回复，还没有回访，{due:time} 到期。",
        "Complaint {number} ({place}) was replied to and not called back yet; due {due:time}.",
    ),
    "notice.complaint.call.late": (
        "诉求 {number}（{place}）回访超时，{due:time} 到期。",
        "Complaint {number} ({place}): the call back is late; it was due {due:time}.",
    ),
    "notice.complaint.call.above": (
        "诉求 {number}（{place}）区县仍未回访，{due:time} 到期。",
        "Complaint {number} ({place}): its county has still not called back; it was due {due:time}.",
    ),
    "notice.alarm": (
        "特急报警：{place} {rule:rule}，{at:time} 起，未确认。",
        "Critical alarm: {rule:rule} at {place_en}, since {at:time}, not acknowledged.",
    ),
    "notice.alarms": (
        "{count} 条特急报警同时响起，首条：{place} {rule:rule}。",
        "{count:=critical alarm} at once, the first: {rule:rule} at {place_en}.",
    ),
    "notice.vehicles.late": (
        "补报的遥感记录中有 {count} 辆车连续超标（{plates}），最近 {at:time}；过迟未报警，请核查。",
        "Remote-sensing records that came late: {count:=vehicle} exceeded twice running ({plates}), the last at {at:time}; too"
        " late to ring, look into them.",
    ),
    "notice.remind": (
        "任务 {task} {clock:clock}时限已过半，{due:time} 到期。",
        "Task {task}: half of the time to {clock:clock} is gone; due {due:time}.",
    ),
    "notice.remind_late": (
        "任务 {task} {clock:clock}时限已过半，{due:time} 到期（提醒迟到 {late:span}）。",
        "Task {task}: half of the time to {clock:clock} is gone; due {due:time} (told {late:span} late).",
    ),
    "notice.no_progress": (
        "任务 {task} 确认后没有进展，现为“{state:task.state}”；再无进展将继续提级。",
        "Task {task}: no progress since it was acknowledged, now “{state:task.state}”; it will be escalated further.",
    ),
    "notice.no_progress_late": (
        "任务 {task} 确认后没有进展，现为“{state:task.state}”；再无进展将继续提级（提醒迟到 {late:span}）。",
        "Task {task}: no progress since it was acknowledged, now “{state:task.state}”; it will be escalated further"
        " (told {late:span} late).",
    ),
    "notice.warn": (
        "任务 {task} 即将超时：{clock:clock}，{due:time} 到期，现为“{state:task.state}”。",
        "Task {task} is about to be overdue: {clock:clock}, due {due:time}, now “{state:task.state}”.",
    ),
    "notice.warn_late": (
        "任务 {task} 即将超时：{clock:clock}，{due:time} 到期，现为“{state:task.state}”（提醒迟到 {late:span}）。",
        "Task {task} is about to be overdue: {clock:clock}, due {due:time}, now “{state:task.state}” (told {late:span} late).",
    ),
    "notice.escalate": (
        "任务 {task} 提级到{level:task.level}（{cause:escalation.cause}），现为“{state:task.state}”。",
        "Task {task} is escalated to the {level:task.level} ({cause:escalation.cause}); now “{state:task.state}”.",
    ),
    "notice.escalate_late": (
        "任务 {task} 提级到{level:task.level}（{cause:escalation.cause}），现为“{state:task.state}”；"
        "补办 {steps} 步，迟 {late:span}。",
        "Task {task} is escalated to the {level:task.level} ({cause:escalation.cause}); now “{state:task.state}”; "
        "{steps:=step} made up, {late:span} late.",
    ),
    "notice.repeat": (
        "再次提醒：任务 {task} 已提级到{level:task.level}，仍无人确认。",
        "Again: task {task} was escalated to the {level:task.level} and nobody has acknowledged it.",
    ),
    "notice.repeat_late": (
        "再次提醒：任务 {task} 已提级到{level:task.level}，仍无人确认（迟 {late:span}）。",
        "Again: task {task} was escalated to the {level:task.level} and nobody has acknowledged it ({late:span} late).",
    ),
    "notice.review": (
        "任务 {task} 挂账复查日期已到，恢复办理。",
        "Task {task}: the review date has come; it goes on.",
    ),
    "notice.review_late": (
        "任务 {task} 挂账复查日期已到，恢复办理（迟 {late:span}）。",
        "Task {task}: the review date has come; it goes on ({late:span} late).",
    ),
    "notice.unack": (
        "任务 {task} 确认后没有进展，确认失效，继续提级。",
        "Task {task}: no progress since it was acknowledged; escalation goes on.",
    ),
    "notice.unack_late": (
        "任务 {task} 确认后没有进展，确认失效，继续提级（迟 {late:span}）。",
        "Task {task}: no progress since it was acknowledged; escalation goes on ({late:span} late).",
    ),
    "notice.offer_timeout": (
        "任务 {task} 移交逾期无人接收，已回到原承办方，并提请上级裁定。",
        "Nobody took task {task} over in time: it is back, and the tier above decides whose it is.",
    ),
    "notice.offer_timeout_late": (
        "任务 {task} 移交逾期无人接收，已回到原承办方，并提请上级裁定（迟 {late:span}）。",
        "Nobody took task {task} over in time: it is back, and the tier above decides whose it is ({late:span} late).",
    ),
    "notice.standing": (
        "任务 {task} 仍未办结，现为“{state:task.state}”，由{level:task.level}负责。",
        "Task {task} is still open: “{state:task.state}”; the {level:task.level} answers for it.",
    ),
    "notice.standing_late": (
        "任务 {task} 仍未办结，现为“{state:task.state}”，由{level:task.level}负责（迟 {late:span}）。",
        "Task {task} is still open: “{state:task.state}”; the {level:task.level} answers for it ({late:span} late).",
    ),
    "notice.dispatch": (
        "任务 {task} 已按策略自动派发给 {holder}，请于 {due:time} 前签收。",
        "Task {task} was sent to {holder} by rule: accept it by {due:time}.",
    ),
    "notice.dispatch_late": (
        "任务 {task} 已按策略自动派发给 {holder}（迟 {late:span}），请于 {due:time} 前签收。",
        "Task {task} was sent to {holder} by rule ({late:span} late): accept it by {due:time}.",
    ),
    "notice.storm": (
        "{centre} 线索集中（{since:time} 起超过 {count} 条），超出部分已提级到{level:task.level}协助研判，一条不丢。",
        "{centre} is flooded (over {count} drafts since {since:time}): what is over rises to the {level:task.level}; none is dropped.",
    ),
    # What the product did outside of the sweep.
    "notice.by_system.file": (
        "请裁定任务 {about} 由谁承办（{task}），{due:time} 前。",
        "Decide who holds task {about} ({task}) by {due:time}.",
    ),
    "notice.by_system.keep": (
        "任务 {task} 裁定由原承办方继续办理：{reason}",
        "Task {task} stays with you by arbitration: {reason}",
    ),
    "notice.by_system.assign": (
        "任务 {task} 裁定由您方承办，请于 {due:time} 前到场：{reason}",
        "Task {task} is yours by arbitration, be there by {due:time}: {reason}",
    ),
    "notice.by_system.hold": (
        "任务 {task} 承办方链路中断（凭证 {proof}），时限暂停；请按值班表电话联系。",
        "Task {task}: the line is proven down ({proof}), its clock stands still; call by the duty book.",
    ),
    "notice.by_system.release": (
        "任务 {task} 承办方链路恢复，时限继续。",
        "Task {task}: the line is back, its clock runs again.",
    ),
    "notice.by_system.redue": (
        "任务 {task} 的上级指令时限已调整。",
        "Task {task}: the due time of its order was moved.",
    ),
    "notice.by_system.mark_suspect": (
        "任务 {task} 所依据的数据存疑：{reason}，请人工确认。",
        "The data behind task {task} are suspect now: {reason}. Somebody must confirm.",
    ),
    # What somebody did.
    "notice.act.dispatch": (
        "{by} 派给您任务 {task}，请于 {due:time} 前签收。",
        "{by} sends you task {task}: accept it by {due:time}.",
    ),
    "notice.act.co": (
        "请 {department} 协办任务 {task}，主办 {lead}，现由 {holder} 承办；值班电话 {phone}。",
        "{department} is asked to help with task {task}: {lead} leads, {holder} holds it; duty phone {phone}.",
    ),
    "notice.act.co_alone": (
        "请 {department} 协办任务 {task}，现由 {holder} 承办；值班电话 {phone}。",
        "{department} is asked to help with task {task}: {holder} holds it; duty phone {phone}.",
    ),
    "notice.act.return": (
        "{by} 退回任务 {task}：{reason}，请于 {due:time} 前另派。",
        "{by} returned task {task}: {reason}. Send somebody else by {due:time}.",
    ),
    "notice.act.report": (
        "任务 {task} 已反馈，请于 {due:time} 前核查。",
        "Task {task} is reported: verify it by {due:time}.",
    ),
    "notice.act.decline": (
        "{by} 谢绝接收任务 {task}：{reason}，请继续办理。",
        "{by} declined task {task}: {reason}. It stays with you.",
    ),
    "notice.act.verify_no": (
        "任务 {task} 核查不通过，请返工：{reason}",
        "Task {task} did not pass: {reason}. Work on it again.",
    ),
    "notice.act.escalate": (
        "{by} 把任务 {task} 提级到{level:task.level}：{reason}",
        "{by} escalates task {task} to the {level:task.level}: {reason}",
    ),
    "notice.act.hand_back": (
        "{by} 把任务 {task} 交回{level:task.level}：{note}",
        "{by} hands task {task} back to the {level:task.level}: {note}",
    ),
    "notice.act.supervise": ("任务 {task} 由 {by} 督办。", "Task {task} is supervised by {by}."),
    "notice.act.urge": (
        "{by} 催办任务 {task}，现为“{state:task.state}”。",
        "{by} urges task {task}; now “{state:task.state}”.",
    ),
    "notice.act.transfer": (
        "{by} 向您方移交任务 {task}，请于 {due:time} 前接收或谢绝。",
        "{by} offers you task {task}: take or decline it by {due:time}.",
    ),
    "notice.act.ask_suspend": (
        "{by} 为任务 {task} 申请挂账，待批准。",
        "{by} asks to suspend task {task}; it waits for your word.",
    ),
    "notice.act.ask_void": (
        "{by} 申请作废任务 {task}，待批准：{reason}",
        "{by} asks to void task {task}; it waits for your word: {reason}",
    ),
    "notice.act.ask_dismiss": (
        "{by} 申请对线索 {task} 不予受理，待批准。",
        "{by} asks to dismiss draft {task}; it waits for your word.",
    ),
    "notice.act.ask_extend": (
        "{by} 为任务 {task} 申请延期，待批准：{reason}",
        "{by} asks to extend task {task}; it waits for your word: {reason}",
    ),
    "notice.act.deny": (
        "{by} 未批准任务 {task} 的申请：{reason}",
        "{by} denies what was asked for task {task}: {reason}",
    ),
    "notice.act.force": (
        "任务 {task} 由 {by} 强制变更（另一人：{second}）：{reason}",
        "Task {task} was changed by force by {by} (second person: {second}): {reason}",
    ),
    "notice.act.order_over": (
        "{by} 已撤销任务 {task} 所依据的指令（{note}）；任务仍未办结，请办结或申请作废。",
        "{by} withdrew the order of task {task} ({note}); the task is still open: finish it, or ask to void it.",
    ),
    "notice.act.report_more": (
        "任务 {task} 又有反映：{note}",
        "Task {task}: it was reported again: {note}",
    ),
    "notice.act.dismiss": (
        "{by} 对线索 {task} 不予受理。",
        "{by} dismissed draft {task}.",
    ),
    "notice.act.suspend": (
        "{by} 批准任务 {task} 挂账，{review:time} 复查，时限暂停。",
        "{by} suspended task {task} until {review:time}; its clock stands still.",
    ),
    "notice.act.unsuspend": (
        "{by} 恢复任务 {task} 办理，现为“{state:task.state}”，时限继续。",
        "{by} let task {task} go on; now “{state:task.state}”, its clock runs again.",
    ),
    "notice.act.extend": (
        "{by} 批准任务 {task} 延期，{due:time} 到期。",
        "{by} extended task {task}; it is due {due:time}.",
    ),
    "notice.act.prioritise": (
        "{by} 把任务 {task} 改为{priority:task.priority}（{reason}），{due:time} 到期。",
        "{by} made task {task} {priority:task.priority} ({reason}); due {due:time}.",
    ),
    "notice.act.absorb": (
        "{by} 把 {from} 并入任务 {task}，请一并处置。",
        "{by} merged {from} into task {task}: deal with both.",
    ),
    "notice.act.reopen": (
        "{by} 重新打开任务 {task}，请返工，{due:time} 到期。",
        "{by} reopened task {task}: work on it again by {due:time}.",
    ),
    "notice.act.merge": (
        "{by} 把任务 {task} 并入 {into}，本任务不再单独办理。",
        "{by} merged task {task} into {into}; it is not worked on by itself any more.",
    ),
    "notice.act.void": (
        "{by} 作废任务 {task}：{reason}，无需再办。",
        "{by} voided task {task}: {reason}. Nothing more is to be done.",
    ),
    "notice.window_over": (
        "维护窗口 {window}（{scope}，{reason}）结束：期间记录报警 {recorded} 条，其中 {standing} 条仍在，已恢复报警。",
        "Maintenance window {window} ({scope}, {reason}) is over: {recorded:=alarm} recorded, {standing} ring again.",
    ),
    "notice.duty.unattended": (
        "{holder} 席位无人操作（{since:time} 起），特急未确认 {alarms}、超时任务 {tasks}，值班电话 {phone}。",
        "Nobody is at the seats of {holder} (since {since:time}): {alarms:=critical alarm}, {tasks:=task} overdue; phone {phone}.",
    ),
    "notice.duty.silent": (
        "{holder} 无人当班、无人应答，特急未确认 {alarms}、超时任务 {tasks}；电话 {phone}；可代管（值班屏 J）。",
        "{holder}: nobody is there and nobody answers: {alarms:=critical alarm}, {tasks:=task} overdue. Its board can be kept (J on the duty screen); phone {phone}.",
    ),
    "notice.duty.returned": (
        "{person} 已在 {holder} 签到，代管结束。",
        "{person} has signed in at {holder}; its board is theirs again.",
    ),
    "notice.duty.leaving": (
        "任务 {task} 未结，{holder} 在岗至 {until:time}；建议改派 {person} {phone}。",
        "Task {task} is open and {holder} is on duty until {until:time} only; send {person} {phone} instead.",
    ),
    "notice.duty.leaving_site": (
        "任务 {task} 处置未完，{holder} 在岗至 {until:time}；已到场的任务不能改派：请其办完反馈，或移交部门、其他中心；可联系 {person} {phone}。",
        "Task {task} is being worked on and {holder} is on duty until {until:time} only. Begun work is not sent to somebody"
        " else: have it finished and reported, or offer it to a department or centre; there is {person} {phone}.",
    ),
    "notice.duty.up": (
        "{holder} 无人接班，{by} 已电话报 {person}：{note}",
        "Nobody takes over at {holder}; {by} told {person} by phone: {note}",
    ),
    # Hot grids.
    "notice.hot": (
        "热点网格 {place}：{parameter:parameter} {value:g} {unit}，比区域背景高{increment:g}，{at:time} 起，"
        "{heat:hotspots.heat}。溯源无突出目标（均不是 {none}%），请现场排查。",
        "Hot grid {place_en}: {parameter:parameter} {value:g} {unit}, {increment:g} above the background since {at:time}, "
        "{heat:hotspots.heat}. No source stands out (none of these {none} %): look around on site.",
    ),
    "notice.hot_targets": (
        "热点网格 {place}：{parameter:parameter} {value:g} {unit}，比区域背景高{increment:g}，{at:time} 起，"
        "{heat:hotspots.heat}。先查：{targets}；均不是 {none}%。",
        "Hot grid {place_en}: {parameter:parameter} {value:g} {unit}, {increment:g} above the background since {at:time}, "
        "{heat:hotspots.heat}. Look first at: {targets_en}; none of these {none} %.",
    ),
    "notice.hot_more": (
        "{at:time} 另有 {count} 个网格转为热点，其中 {place}，详见热点图。",
        "{count:=more grid has|more grids have} become hot at {at:time}, {place_en} among them: see the map of hot grids.",
    ),
}
