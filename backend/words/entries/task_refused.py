"""Why an act on a task was refused: not in this state, not this person, not under this condition."""

from __future__ import annotations

REFUSED: dict[str, tuple[str, str]] = {
    # Why an act was refused: not in this state.
    "task.refused.unknown": (
        "没有任务 {task}。请核对编号（末位是校验码）。",
        "There is no task {task}. Check the id (its last character is a check).",
    ),
    "task.refused.exists": ("任务 {task} 已存在。", "Task {task} exists already."),
    "task.refused.kind": (
        "不认识的操作 {act}，请升级本机的 gridseat。",
        "Unknown act {act}: upgrade this gridseat.",
    ),
    "task.refused.state": (
        "任务现为“{state:task.state}”（{by} 于 {at:time} {moved:act}），不能{act:act}。",
        "Not now: the task is “{state:task.state}” since {at:time} ({moved:act}, {by}), so “{act:act}” does not apply.",
    ),
    "task.refused.moved": (
        "操作期间任务已变为“{state:task.state}”（{by} 于 {at:time} {moved:act}），本次{act:act}未执行。",
        "Meanwhile the task became “{state:task.state}” ({moved:act}, {by}, {at:time}); “{act:act}” was not done.",
    ),
    "task.refused.already": ("已经{act:act}，无需重复。", "“{act:act}” has been done already."),
    "task.refused.version": (
        "您看到的是第 {seen} 版，任务已是第 {version} 版（{by} 于 {at:time} {moved:act}）。请刷新后再操作。",
        "You saw version {seen}; the task is at {version} ({moved:act}, {by}, {at:time}). Look again, then act.",
    ),
    "task.refused.version_ahead": (
        "操作所依据的第 {seen} 版本机还没有（现为第 {version} 版）。请先同步。",
        "This act is based on version {seen}, not known here yet (now {version}). Synchronise first.",
    ),
    "task.refused.version_needed": (
        "{act:act}须注明所见版本。",
        "“{act:act}” must name the version that was seen.",
    ),
    "task.refused.fork": (
        "操作编号 {op} 已用于另一内容，已拒绝。",
        "Operation {op} was used for something else; refused.",
    ),
    "task.refused.offline": (
        "{act:act}不可撤销，须与市中心联通后办理。",
        "“{act:act}” can't be taken back: it needs the line to the city.",
    ),
    # Not this person.
    "task.refused.role": (
        "{role:task.role}无权进行此操作，须由{ask:task.role}办理。",
        "Not for your role ({role:task.role}): ask your {ask:task.role}.",
    ),
    "task.refused.by_itself": (
        "这一步由系统按时限自动进行，不由{role:task.role}办理。",
        "The product does this by itself when its time has come; it is not for your role ({role:task.role}).",
    ),
    "task.refused.tier": (
        "须由{needed:task.level}或以上办理（您在{own:task.level}）。",
        "This needs the {needed:task.level} or above (you sit at the {own:task.level}).",
    ),
    "task.refused.not_holder": (
        "任务由 {holder} 承办。本人可操作，或由坐席以“电话代录”代为录入。",
        "{holder} holds this task: they act themselves, or a seat enters it by phone for them.",
    ),
    "task.refused.behalf": (
        "不能代 {on_behalf} 录入：任务由 {holder} 承办。",
        "This can't be entered for {on_behalf}: {holder} holds the task.",
    ),
    "task.refused.co_only": (
        "{department} 是协办部门，只能补充说明和证据；办理由主办部门 {lead} 或承办方负责。",
        "{department} co-handles it: it may add remarks and evidence; the work is the lead's ({lead}) or the holder's.",
    ),
    "task.refused.not_receiver": (
        "任务移交给了 {receiver}，由对方接收或谢绝。",
        "The task is offered to {receiver}: they take or decline it.",
    ),
    "task.refused.critical_supervisor": (
        "特急线索须由监管员决定不予受理。",
        "A critical draft is dismissed by a supervisor only.",
    ),
    "task.refused.own_act": (
        "核查须由核查人本人进行，不能代录。",
        "Whoever verifies does it themselves, not by phone.",
    ),
    "task.refused.reporter": (
        "您（{by}）是反馈人，不能核查自己的工作。请另一坐席、监管员或上级核查。",
        "You ({by}) reported this work. Another seat, a supervisor or the tier above verifies it.",
    ),
    "task.refused.recorder": (
        "反馈由您（{by}）代录，不能由您核查。请另一坐席、监管员或上级核查。",
        "You ({by}) recorded the report. Another seat, a supervisor or the tier above verifies it.",
    ),
    "task.refused.asker": ("申请人 {by} 不能批准自己的申请。", "{by} asked for this and can't grant it."),
    "task.refused.lower_supervisor": ("降低紧急程度须由监管员办理。", "Only a supervisor lowers a priority."),
    "task.refused.second_person": ("强制变更须有另一人同意。", "A forced change needs a second person."),
    # Not under this condition.
    "task.refused.grid": ("没有网格 {grid}。", "There is no grid {grid}."),
    "task.refused.place": (
        "地点还没有落实到乡镇网格（现为 {grid}），请先定位。",
        "The place is not settled to a township yet ({grid}): place it first.",
    ),
    "task.refused.suspect": (
        "数据存疑，须人工确认后才能立项或派发。",
        "The data are suspect: somebody must confirm them first.",
    ),
    "task.refused.not_suspect": (
        "任务 {task} 的数据没有存疑标记，无需确认。",
        "The data behind task {task} are not marked suspect: nothing to confirm.",
    ),
    "task.refused.not_member": (
        "仪器故障由运维单位处理，不派网格员。请派给运维单位。",
        "An instrument's fault is the maintenance contractor's, not a grid member's: send it to the contractor.",
    ),
    "task.refused.no_contractor": (
        "本市没有登记运维单位。请管理员在城市包 departments.csv 中补上 kind=contractor 的一行。",
        "No maintenance contractor is known: an administrator adds one to departments.csv (kind=contractor).",
    ),
    "task.refused.no_station": (
        "没有对应的站点，不能开运维工单。",
        "There is no station behind it, so there is nothing to repair.",
    ),
    "task.refused.no_work_order": ("任务 {task} 不是运维工单。", "Task {task} is no work order."),
    "task.refused.no_arbitration": (
        "任务 {task} 没有待裁定的移交。",
        "Nothing is to be arbitrated for task {task}.",
    ),
    "task.refused.arbitration_open": (
        "移交正在裁定（{arbitration}），不能再移交。",
        "Who holds it is being decided ({arbitration}): it can't be offered again.",
    ),
    "task.refused.arbitration_dispatch": (
        "这是移交裁定，请直接裁定任务 {about} 由谁承办，不派发、不移交。",
        "This is an arbitration: decide who holds task {about} instead of sending or asking somebody else.",
    ),
    "task.refused.arbitration_only": (
        "这是移交裁定，只能裁定任务 {about} 由谁承办，不能并案、延期、作废或重新打开。",
        "This is an arbitration: decide who holds task {about}; it is not merged, extended, voided or reopened.",
    ),
    "task.refused.merge_order": (
        "这是上级交办任务（指令 {order}），不能并入其他任务；可把其他任务并入本任务。",
        "This is the task of order {order}: it is not merged into another; merge the other into this one.",
    ),
    "task.refused.merge_supervised": (
        "本任务已督办，{into} 未督办；请把 {into} 并入本任务，或先对 {into} 督办。",
        "This task is supervised and {into} is not: merge {into} into this one, or have it supervised first.",
    ),
    "task.refused.merge_lower": (
        "本任务由{level:task.level}负责，{into} 只由{lower:task.level}负责；请把 {into} 并入本任务，或先把 {into} 提级。",
        "The {level:task.level} answers for this task, for {into} only the {lower:task.level}: merge {into} into this"
        " one, or escalate it first.",
    ),
    "task.refused.due_past": (
        "指令的办结时限（{at:time}）已过，请重新填写。",
        "The order's due time ({at:time}) has passed already: give a later one.",
    ),
    "task.refused.returns": (
        "已退回 {limit} 次，不能再退回；请移交或提级。",
        "It was returned {limit:=time} already: offer or escalate it.",
    ),
    "task.refused.offers": (
        "移交已被谢绝或逾期 {limit} 次，须由县级决定。",
        "It was declined or timed out {limit:=time}: the county decides.",
    ),
    "task.refused.extensions": (
        "已延期 {limit} 次，不能再延；请申请挂账或提级。",
        "It was extended {limit:=time} already: ask to suspend it, or escalate it.",
    ),
    "task.refused.extension_length": (
        "延长时间须在 {longest:span} 以内。",
        "An extension is at most {longest:span}.",
    ),
    "task.refused.no_clock": ("当前状态没有可延的时限。", "No clock runs in this state."),
    "task.refused.overdue": (
        "时限已过，不能再{act:act}；请催办、督办或提级。",
        "The clock has run out: too late for “{act:act}”. Urge it, supervise or escalate it.",
    ),
    "task.refused.top_level": (
        "已是{level:task.level}，不能再提级。",
        "It is at the {level:task.level} already.",
    ),
    "task.refused.bottom_level": ("已在乡镇级，没有下一级。", "It is at the township already."),
    "task.refused.too_early": ("还没有到时间（{at:time}）。", "It is too early ({at:time})."),
    "task.refused.not_asked": (
        "没有待批的申请，须先由坐席申请。",
        "Nothing is asked for: a seat asks first.",
    ),
    "task.refused.review_date": (
        "复查日期须在今后 {days} 天以内。",
        "The review date lies within the next {days:=day}.",
    ),
    "task.refused.reopen_late": (
        "办结已超过 {days} 天，须由市级监管员重新办理。",
        "Closed more than {days:=day} ago: only the city's supervisor reopens it.",
    ),
    "task.refused.nobody": (
        "{holder} 不在岗，不能派发。请另选，或转值班室。",
        "{holder} is off duty. Choose another, or the duty room.",
    ),
    "task.refused.same_holder": ("不能再派给 {holder}，请另选。", "Not to {holder} again: choose another."),
    "task.refused.no_place": ("没有定位。请说明原因。", "No location: say why."),
    "task.refused.far": (
        "距现场 {distance} 米，超过 {radius} 米。请说明原因。",
        "{distance} m from the place, more than {radius} m: say why.",
    ),
    "task.refused.evidence_pending": (
        "证据尚未传完：{missing}。",
        "Evidence has not all arrived: {missing}.",
    ),
    "task.refused.recheck": (
        "须先复核数据确认恢复正常。",
        "Look at the data again first: they must be clean.",
    ),
    "task.refused.outside": (
        "{holder} 属于其他辖区，不能直接派发；请用移交，由对方接收。",
        "{holder} is of another jurisdiction: offer it to them instead (transfer), they take it.",
    ),
    "task.refused.not_there": (
        "本市没有 {code}，或已停用；请重新选择。",
        "{code} is not there, or is out of service: choose again.",
    ),
    "task.refused.merge_target": (
        "不能并入 {into}：没有这个在办任务。",
        "It can't be merged into {into}: no such open task.",
    ),
    "task.refused.reason": (
        "不认识的代码“{reason}”。可用：{known}。",
        "Unknown code “{reason}”. Known: {known}.",
    ),
    "task.refused.missing": ("缺少内容：{field:task.field}。", "Missing: {field:task.field}."),
    "task.refused.schema": (
        "内容有误：{field:task.field}（{value}）。",
        "Not understood: {field:task.field} ({value}).",
    ),
    "task.refused.too_big": (
        "内容过大（{bytes} 字节，上限 {limit}）。",
        "Too much ({bytes:=byte}, at most {limit}).",
    ),
    "task.refused.recall_later": (
        "之后已有新的操作，不能撤回。",
        "Something was done since: it can't be recalled.",
    ),
    "task.refused.recall_other": (
        "这是 {by} 的操作，只有本人可以撤回。",
        "{by} did that: only they can recall it.",
    ),
    "task.refused.recall_never": ("{act:act}不能撤回。", "“{act:act}” can't be recalled."),
    "task.refused.recall_late": (
        "已超过 {seconds} 秒，不能撤回。",
        "More than {seconds:=second} ago: too late to recall.",
    ),
}
