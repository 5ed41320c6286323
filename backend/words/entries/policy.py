"""Policies 时限与升级策略: versions, what is refused, what a dry run shows."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "policy.version": (
        "第 {version} 版，{at} 起，在办 {tasks} 个任务 {note}",
        "version {version}, from {at}, {tasks:=open task} {note}",
    ),
    "policy.own": (
        "产品自带（第 {version} 版），在办 {tasks} 个任务",
        "the product's own (version {version}), {tasks:=open task}",
    ),
    "policy.sound": ("{path}：没有问题。", "{path}: nothing is wrong."),
    "policy.no_version": (
        "没有第 {version} 版策略。gridseat policy list 列出各版本。",
        "There is no version {version} of the policy. gridseat policy list lists those that there are.",
    ),
    "policy.no_month": ("“{month}”不是月份；请写成 2026-10。", "“{month}” is no month; write 2026-10."),
    "policy.unreadable": (
        "读不了 {path}：{error:os}。请检查路径和权限。",
        "{path} can't be read: {error:os}. Check its name and permissions.",
    ),
    "policy.no_text": (
        "{path} 不是 UTF-8 文本（第 {at} 字节处），不是策略文件。gridseat policy show 1 可打印一份作样本。",
        "{path} is no text in UTF-8 (at byte {at}), so no policy; gridseat policy show 1 prints one to begin from.",
    ),
    "policy.long": (
        "{path} 远比一份策略长。请确认文件名。",
        "{path} is far too long for a policy. Check its name.",
    ),
    "policy.done.added": (
        "策略第 {version} 版已登记，{at:whole} 起立项的任务按它计时；在办任务仍按立项时的版本。",
        "Version {version} of the policy is in the book: tasks filed from {at:whole} on go by it, open ones keep theirs.",
    ),
    "policy.doubt.type": (
        "本市没有事件类型 {type}：写给它的时限和步骤不会用到；请核对拼写。",
        "The city has no incident type {type}: what is written for it is never used; look at its spelling.",
    ),
    "policy.doubt.silent": (
        '{clock:clock}时限超时后没有任何一步提级：上级不会知道；请加一步 do = "escalate"。',
        "No step escalates when the time to {clock:clock} is missed, so nobody above hears of it: add one with"
        ' do = "escalate".',
    ),
    "policy.done.added_doubt": (
        "策略第 {version} 版已登记，{at:time} 起立项的任务按它计时。注意：工作日历 {name} 没有 {year} 年的节假日和调休，"
        "到期在该年的时限只按星期几计算。",
        "Version {version} of the policy is in the book, for tasks filed from {at:time} on. Mind: calendar {name} lists no "
        "holidays or decreed working days of {year}; clocks due then go by weekdays alone.",
    ),
    "policy.refused.faults": (
        "策略有 {count} 处问题，先改好再登记（第一处：第 {line} 行 {where}）。",
        "Mistakes in the policy: {count}; mend them first (line {line}, {where}).",
    ),
    "policy.refused.past": (
        "生效时间（{at:whole}）已过。策略不追溯，请写将来的时间。",
        "{at:whole} lies in the past. A policy does not judge history anew: give a time to come.",
    ),
    "policy.refused.same": (
        "内容与届时生效的第 {version} 版相同，没有登记。",
        "It is the same as version {version}, which holds then; nothing was added.",
    ),
    "policy.dry": (
        "{since:time} 至 {until:time}：{tasks} 个任务，{changed} 个会不同（台账实记超时 {recorded} 次）。",
        "{since:time} to {until:time}: {tasks:=task}, {changed} would differ ({recorded:=miss|misses} are in the books).",
    ),
    "policy.dry_breaches": ("超时（原策略 -> 新策略）", "Clocks missed (as it was -> with this one)"),
    "policy.dry_rises": ("提级（原策略 -> 新策略）", "Escalations (as it was -> with this one)"),
    "policy.dry_row": (
        "  {task}  新增超时 {gained}  不再超时 {lost}  最高 {now:task.level} -> {then:task.level}",
        "  {task}  newly missed {gained}  no longer missed {lost}  highest {now:task.level} -> {then:task.level}",
    ),
    "policy.dry_more": ("  另有 {count} 个，见 --json", "  and {count} more, see --json"),
}
