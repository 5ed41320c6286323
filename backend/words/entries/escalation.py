"""Escalation 提级: what comes next, why a task is here, what the auditor finds."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    # What comes next.
    "escalation.next.remind": ("提醒{owed:escalation.owes}", "remind {owed:escalation.owes}"),
    "escalation.next.warn": ("预警{owed:escalation.owes}", "warn {owed:escalation.owes}"),
    "escalation.next.remind_level": ("提醒{level:task.level}", "remind the {level:task.level}"),
    "escalation.next.warn_level": ("预警{level:task.level}", "warn the {level:task.level}"),
    "escalation.next.escalate": ("提级到{level:task.level}", "escalate to the {level:task.level}"),
    "escalation.next.top": (
        "记为超时，再报{level:task.level}",
        "noted as missed, the {level:task.level} told again",
    ),
    "escalation.next.repeat": ("再次提醒{level:task.level}", "tell the {level:task.level} again"),
    "escalation.next.review": ("挂账到期，恢复办理", "the suspension ends, work goes on"),
    "escalation.next.unack": ("确认失效，继续提级", "the acknowledgement ends, escalation goes on"),
    "escalation.next.offer_timeout": (
        "移交逾期，退回并提请裁定",
        "the offer ends: back, and the tier above decides",
    ),
    "escalation.next.dispatch": ("按策略自动派发", "send whoever is on duty, by rule"),
    "escalation.next.standing": ("未办结每日提醒", "told again: still open"),
    # Who owes a clock.
    "escalation.owes.TRIAGE": ("研判席", "the seat that triages"),
    "escalation.owes.DISPATCH": ("派遣席", "the seat that dispatches"),
    "escalation.owes.ACCEPT": ("承办人", "the holder"),
    "escalation.owes.ARRIVE": ("承办人", "the holder"),
    "escalation.owes.DISPOSE": ("承办人", "the holder"),
    "escalation.owes.ACCEPT.body": ("承办单位", "the holder"),
    "escalation.owes.ARRIVE.body": ("承办单位", "the holder"),
    "escalation.owes.DISPOSE.body": ("承办单位", "the holder"),
    "escalation.owes.VERIFY": ("核查席", "the seat that verifies"),
    "escalation.owes.OFFER": ("接收方", "the receiver"),
    "escalation.owes.LEVEL_ACK": ("上级坐席", "the upper tier's seat"),
    "escalation.owes.TOTAL": ("责任中心", "the centre that answers"),
    # Why.
    "escalation.why.clock": (
        "{clock:clock}时限用去 {percent}%（{due:time} 到期）",
        "{percent}% of the time to {clock:clock} is gone (due {due:time})",
    ),
    "escalation.why.nobody": ("辖区内无人在岗", "nobody of the township is on duty"),
    "escalation.why.unattended": ("责任席位无人值班", "nobody is on duty at the seat that owes it"),
    "escalation.why.storm": ("线索集中，超出席位承受", "more drafts than a seat can take"),
    "escalation.why.auto": ("自动派发策略", "the rule for sending by itself"),
    "escalation.why.hotspot": ("热点连续或累计预警", "hotspot warnings in a row, or in a year"),
    "escalation.why.falsification": ("疑似数据造假", "suspected falsification"),
    "escalation.why.cross_boundary": ("跨辖区", "it crosses a boundary"),
    "escalation.why.returned": ("两次退回", "returned twice"),
    "escalation.why.rework": ("三次返工", "third rework"),
    "escalation.why.order": (
        "上级指令时限用去 {percent}%（{due:time} 到期）",
        "{percent}% of the order's time is gone (due {due:time})",
    ),
    "escalation.why.ack_expiry": ("确认后没有进展", "no progress since it was acknowledged"),
    "escalation.why.review": ("挂账复查日期", "the review date"),
    "escalation.why.standing": ("任务未办结", "the task is still open"),
    "escalation.why.repeat": ("提级后无人确认", "nobody acknowledged it"),
    # Causes, as in notices.
    "escalation.cause.TRIAGE": ("研判超时", "triage missed"),
    "escalation.cause.DISPATCH": ("派发超时", "dispatch missed"),
    "escalation.cause.ACCEPT": ("签收超时", "acceptance missed"),
    "escalation.cause.ARRIVE": ("到场超时", "arrival missed"),
    "escalation.cause.DISPOSE": ("处置超时", "disposal missed"),
    "escalation.cause.VERIFY": ("核查超时", "verification missed"),
    "escalation.cause.OFFER": ("移交接收超时", "taking over missed"),
    "escalation.cause.LEVEL_ACK": ("上级未确认", "the upper tier did not answer"),
    "escalation.cause.TOTAL": ("全程超时", "total time missed"),
    "escalation.cause.nobody": ("无人在岗", "nobody on duty"),
    "escalation.cause.unattended": ("席位无人值班", "seat unattended"),
    "escalation.cause.storm": ("线索集中", "storm of drafts"),
    "escalation.cause.auto": ("自动派发", "sent by rule"),
    "escalation.cause.hotspot": ("热点预警升级", "hotspot warnings"),
    "escalation.cause.falsification": ("疑似数据造假", "suspected falsification"),
    "escalation.cause.cross_boundary": ("跨辖区", "crosses a boundary"),
    "escalation.cause.returned": ("两次退回", "returned twice"),
    "escalation.cause.rework": ("三次返工", "third rework"),
    "escalation.cause.order": ("上级指令到期", "the order's due time passed"),
    "escalation.cause.offer_timeout": ("移交逾期", "offer timed out"),
    "escalation.cause.ack_expiry": ("确认后无进展", "no progress after acknowledgement"),
    "escalation.cause.standing": ("未办结", "still open"),
    "escalation.cause.hand": ("人工", "by hand"),
    # Why is this here.
    "escalation.because.propose": ("由 {by} 登记", "proposed by {by}"),
    "escalation.because.escalate_system": (
        "{cause:escalation.cause}（{percent}%），提级到{to_level:task.level}",
        "{cause:escalation.cause} ({percent}%): escalated to the {to_level:task.level}",
    ),
    "escalation.because.escalate_cause": (
        "{cause:escalation.cause}，提级到{to_level:task.level}",
        "{cause:escalation.cause}: escalated to the {to_level:task.level}",
    ),
    "escalation.because.arbitrate": (
        "移交无人接收，已提请裁定（{arbitration}），时限暂停",
        "nobody took it over: arbitration {arbitration} decides, its clock stands still",
    ),
    "escalation.because.keep": (
        "裁定（{arbitration}）由原承办方继续：{reason}",
        "arbitration {arbitration}: it stays; {reason}",
    ),
    "escalation.because.assign": (
        "裁定（{arbitration}）由 {holder} 承办：{reason}",
        "arbitration {arbitration}: it goes to {holder}; {reason}",
    ),
    "escalation.because.hold": (
        "链路中断，时限暂停（凭证 {proof}）",
        "line proven down ({proof}): clock stands still",
    ),
    "escalation.because.release": ("链路恢复，继续计时", "the line is back: the clock runs again"),
    "escalation.because.mark_suspect": ("所依据的数据存疑：{reason}", "its data are suspect: {reason}"),
    "escalation.because.clear_suspect": (
        "所依据的数据复核有效，存疑解除",
        "its data were found good after all; they are in doubt no more",
    ),
    "escalation.because.confirm_data": ("{by} 确认数据可信：{note}", "{by} vouches for its data: {note}"),
    "escalation.because.redue": ("指令时限调整为 {due:time}", "the order's due time is now {due:time}"),
    "escalation.because.escalate_hand": ("{by} 提级：{reason}", "escalated by {by}: {reason}"),
    "escalation.because.hand_back": ("{by} 交回下级：{note}", "handed back by {by}: {note}"),
    "escalation.because.supervise": ("{by} 督办", "supervised by {by}"),
    "escalation.because.offer_timeout": ("移交逾期无人接收", "nobody took it over in time"),
    "escalation.because.unack": ("确认后没有进展，确认失效", "no progress, so the acknowledgement ran out"),
    "escalation.because.identify": ("{by} 认定了事件类型", "{by} said what it is"),
    "escalation.because.prioritise": ("{by} 调整紧急程度：{reason}", "priority changed by {by}: {reason}"),
    # Causes that are told, and outages.
    "escalation.done.raised": (
        "任务 {task} 已提级到{level:task.level}。",
        "Task {task} is escalated to the {level:task.level}.",
    ),
    "escalation.done.raised_before": (
        "任务 {task} 此前已因同一原因提级。",
        "Task {task} was escalated for this very cause before.",
    ),
    "escalation.done.outage_began": (
        "{centre} 链路中断已登记，{tasks} 个任务重新核定时限。",
        "The outage of {centre}'s line is noted; {tasks:=task was|tasks were} looked at again.",
    ),
    "escalation.done.outage_known": ("{centre} 的中断已登记过。", "The outage of {centre} is known already."),
    "escalation.done.outage_ended": (
        "{centre} 链路已恢复，{tasks} 个任务重新核定时限。",
        "{centre}'s line is back; {tasks:=task was|tasks were} looked at again.",
    ),
    "escalation.refused.no_rule": (
        "任务所用策略（第 {version} 版）没有“{cause:escalation.cause}”这一步。",
        "The policy of this task (version {version}) has no step for “{cause:escalation.cause}”.",
    ),
    "escalation.refused.too_few": ("预警次数未达到升级条件。", "Too few warnings to raise it."),
    "escalation.refused.no_proof": (
        "链路中断须有凭证（运营商工单或平台记录），否则时限照常计。",
        "An outage needs a proof (the carrier's ticket, the hub's record); without one the clocks run on.",
    ),
    "escalation.refused.no_centre": ("没有指挥中心 {centre}。", "There is no centre {centre}."),
    "escalation.refused.no_outage": ("{centre} 没有登记中断。", "No outage of {centre} is noted."),
    "escalation.refused.outage_ahead": (
        "中断时间（{at:time}）还没有到。",
        "The outage would begin ahead ({at:time}).",
    ),
    # The auditor.
    "escalation.audit.no_step": ("任务 {task} 没有下一时点。", "Task {task} has no next instant."),
    "escalation.audit.orphan": (
        "时限表里有已结束或不存在的任务 {task}。",
        "A step waits for task {task}, which has ended or is not there.",
    ),
    "escalation.audit.overdue": (
        "{count} 步已到时间超过 {grace} 秒还没有执行。",
        "{count:=step is|steps are} more than {grace} s past their time.",
    ),
    "escalation.audit.counts": (
        "在办任务 {tasks} 个，时限表 {steps} 步，数目不符，正在逐段查找。",
        "{tasks:=open task} and {steps:=waiting step does|waiting steps do} not agree; they are being searched.",
    ),
    "escalation.audit.sweep": (
        "时限扫描没有运行（上次 {at:time}）。",
        "The sweep is not running (last at {at:time}).",
    ),
    "escalation.audit.auditor": (
        "提级审计没有运行（上次 {at:time}）。",
        "The auditor is not running (last at {at:time}).",
    ),
    # What is wrong with the steps of a policy.
    "escalation.policy.no_standing": (
        '缺少 cause = "standing" 的一步：没有它，任务可能没有下一时点',
        'A step with cause = "standing" is missing: without it a task could have no next instant',
    ),
    "escalation.policy.twice": (
        "原因 {cause} 写了两次，只能有一步；请合并",
        "The cause {cause} is there twice; make one step of them",
    ),
    "escalation.policy.share_twice": (
        "同一时限在 {percent}% 处有两步都适用，只会执行一步；请合并，或用 priorities、types 分开",
        "Two steps lie at {percent} % of one clock and only one would be taken; make one step of them, or set them"
        " apart by priorities or types",
    ),
    "escalation.policy.hours": (
        'hours 只对 cause = "auto" 有效；按时段不同的时限请写在 [[target]] 里',
        'hours goes with cause = "auto" only; what differs by the hour is a target\'s: write it in [[target]]',
    ),
    "escalation.policy.dispatch": (
        'do = "dispatch" 只能与 cause = "auto" 一起使用',
        'do = "dispatch" goes with cause = "auto" and with nothing else',
    ),
    "escalation.policy.hotspot": (
        "热点升级要写 consecutive（连续次数）或 cumulative（一年累计次数）",
        "A hotspot step needs consecutive (warnings in a row) or cumulative (within a year)",
    ),
    "escalation.policy.when": (
        "每一步要么写 clocks 和 at，要么写 cause",
        "A step has either clocks and at, or a cause",
    ),
}
