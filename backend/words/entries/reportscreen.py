"""The screens of reports: the list, a report's page, a shift's log, their forms; and task sheets."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "reportscreen.empty": ("没有记录", "Nothing here"),
    "reportscreen.tab.daily": ("日报", "Daily"),
    "reportscreen.tab.below": ("下级上报", "Below"),
    "reportscreen.tab.shifts": ("值班日志", "Shift logs"),
    "reportscreen.column.day": ("日期", "Day"),
    "reportscreen.column.version": ("版本", "Version"),
    "reportscreen.column.state": ("状态", "State"),
    "reportscreen.column.sent": ("已报", "Sent"),
    "reportscreen.column.missing": ("未报单位", "Not sent yet"),
    "reportscreen.column.by": ("经办", "By"),
    "reportscreen.column.at": ("时间", "At"),
    "reportscreen.column.centre": ("单位", "Centre"),
    "reportscreen.column.sent_at": ("上报时间", "Sent at"),
    "reportscreen.column.phone": ("值班电话", "Phone"),
    "reportscreen.column.text": ("说明", "Remarks"),
    "reportscreen.column.since": ("签到", "From"),
    "reportscreen.column.until": ("签退", "Until"),
    "reportscreen.column.person": ("人员", "Person"),
    "reportscreen.column.handover": ("交接单", "Handover"),
    "reportscreen.version": ("第{version}版", "v{version}"),
    "reportscreen.old": ("旧", "old"),
    "reportscreen.not_sent": ("未报", "not yet"),
    "reportscreen.lasting": ("当班", "on shift"),
    "reportscreen.next": ("下一步：{step:report.step}", "next: {step:report.step}"),
    "reportscreen.copied": ("全文已复制。", "The whole text is copied."),
    "reportscreen.saved": (
        "已存 {count} 个文件（文本、Markdown）：{path}",
        "{count} files saved (text, Markdown): {path}",
    ),
    "reportscreen.sure": (
        "{step:report.step}这份日报？",
        "Take this step with the report: {step:report.step}?",
    ),
    "reportscreen.about": (
        "{centre} {day} 第 {version} 版（{state:report.state}）",
        "{centre}, {day}, version {version} ({state:report.state})",
    ),
    "reportscreen.missing": ("还有 {count} 家未报：{names}", "Not sent yet, {count}: {names}"),
    "reportscreen.form.send_back": ("退回修改", "Send back to the drafter"),
    "reportscreen.form.correct": ("更正日报（生成新版）", "Correct the report (a new version)"),
    "reportscreen.form.remark": ("日报说明", "Remarks of the report"),
    "reportscreen.form.send": (
        "上报 {day} 措施（前一日 12:00 至当日 12:00）",
        "Measures of {day} (noon to noon)",
    ),
    "reportscreen.field.reason": ("原因", "Reason"),
    "reportscreen.field.remark": ("说明", "Remarks"),
    "reportscreen.field.text": ("说明", "Remarks"),
}
