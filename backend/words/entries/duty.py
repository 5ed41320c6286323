"""Duty 值班: claims, and why somebody is proposed for a dispatch."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "duty.claimed": ("已占用至 {until:time}。", "Yours until {until:time}."),
    "duty.refused.claimed": (
        "{person} 正在处理（至 {until:time}）。",
        "{person} is at it (until {until:time}).",
    ),
    "duty.reason.own_grid": ("本网格", "this grid"),
    "duty.reason.same_township": ("同乡镇", "same township"),
    "duty.reason.on_duty": ("在岗至 {until:time}", "on duty until {until:time}"),
    "duty.reason.off_duty": ("不在岗", "off duty"),
    "duty.reason.leave": ("请假至 {until:time}", "on leave until {until:time}"),
    "duty.reason.sick": ("病假至 {until:time}", "ill until {until:time}"),
    "duty.reason.load": ("在办 {count} 件", "{count} open"),
    "duty.reason.gave_back": ("刚退回过", "has just returned it"),
    "duty.reason.room": ("{tier:task.level}值班室，{name}值守", "{tier:task.level} duty room: {name}"),
    "duty.reason.room_empty": ("{tier:task.level}值班室无人", "{tier:task.level} duty room: nobody"),
    "duty.reason.department": (
        "主办部门值班室，至 {until:time}",
        "lead department's duty room, until {until:time}",
    ),
    # The book and what stands above it.
    "duty.replaced": (
        "{starts:time} 至 {ends:time} 由{name}值守。",
        "{name} answers from {starts:time} to {ends:time}.",
    ),
    "duty.vacated": (
        "{starts:time} 至 {ends:time} 空缺。",
        "Nobody answers from {starts:time} to {ends:time}.",
    ),
    "duty.swapped": ("{one}与{other}换班。", "{one} and {other} have exchanged their turns."),
    "duty.withdrawn": ("已撤销调班。", "The change is taken back."),
    "duty.state_set.leave": ("{person} 请假至 {until:time}。", "{person} is on leave until {until:time}."),
    "duty.state_set.sick": ("{person} 病假至 {until:time}。", "{person} is ill until {until:time}."),
    "duty.state_set.on": ("{person} 到岗至 {until:time}。", "{person} is on duty until {until:time}."),
    "duty.state_ended": ("{person} 销假，按值班表上岗。", "{person} is back; the book holds again."),
    "duty.refused.body": ("没有这类值班单位：{kind}", "There is no such body: {kind}"),
    "duty.refused.hours": ("结束时间须晚于开始时间和现在。", "It must end after it begins, and after now."),
    "duty.refused.reason": ("请写明原因。", "Say why."),
    "duty.refused.swap": ("换班须是两个人的两个班次。", "A swap is of two people's turns."),
    "duty.refused.no_change": (
        "没有这条调班，或已撤销。",
        "There is no such change, or it has been taken back.",
    ),
    "duty.refused.state": ("没有这种在岗状态：{state}", "There is no such state: {state}"),
    "duty.refused.no_state": ("没有登记请假。", "They are not away."),
    # Shifts and kept boards.
    "duty.signed_in": ("已签到，{at:time} 起当班。", "Signed in; on shift from {at:time}."),
    "duty.refused.no_centre": (
        "您不属于任何指挥中心，不能签到。",
        "You belong to no centre, so there is no seat to sign in at.",
    ),
    "duty.refused.signed_in": (
        "您已签到（{since:time} 起）。",
        "You are signed in already (since {since:time}).",
    ),
    "duty.refused.not_signed_in": ("您没有签到。", "You are not signed in."),
    "duty.adopted": (
        "已代管 {centre}，对方签到即归还。",
        "You keep the board of {centre} until somebody signs in there.",
    ),
    "duty.given_back": ("已归还 {centre}。", "The board of {centre} is given back."),
    "duty.refused.kept": ("{by} 自 {since:time} 起代管。", "{by} has kept it since {since:time}."),
    "duty.refused.not_kept": ("没有代管。", "Nobody keeps it."),
    "duty.refused.there": ("{person} 正在该中心当班。", "{person} is at a seat there."),
    "duty.refused.call_first": (
        "值班室{name}在岗（{phone}），请先打电话；无人接听按 p 记下后再代管。",
        "{name} is on duty there ({phone}). Call first; note with p that nobody answers.",
    ),
    "duty.refused.not_below": ("只能代管下级中心。", "Only a centre below one's own can be kept."),
    "duty.called.True": ("已记：{name} 接听。", "Noted: {name} answered."),
    "duty.called.False": ("已记：{name} 无人接听。", "Noted: nobody answered at {name}."),
    "duty.refused.empty": ("没有内容。", "There is nothing in it."),
    "duty.remarked": ("已记入交接。", "Noted for the handover."),
    # Standing lines.
    "duty.line_entered": (
        "{body}：{since} 起{days:duty.days} {from}-{to} 由{name}值守。",
        "{body}: from {since} on {name} answers {days:duty.days} {from}-{to}.",
    ),
    "duty.line_changed": (
        "{body}：{since} 起改为{days:duty.days} {from}-{to} 由{name}值守。",
        "{body}: from {since} on it is {name} {days:duty.days} {from}-{to}.",
    ),
    "duty.line_ended": (
        "{body}：{name} {days:duty.days} {from}-{to} 的班次 {since} 起不再执行。",
        "{body}: {name} {days:duty.days} {from}-{to} holds no longer from {since} on.",
    ),
    "duty.line_follows": (
        "{body}：下次载入城市包时按包排班，此前现有班次照常执行。",
        "{body}: the next pack that is loaded replaces its lines; until then they hold.",
    ),
    "duty.refused.line_body": (
        "没有在用的值班单位或网格员：{body}",
        "There is no such duty room or member in service: {body}",
    ),
    "duty.refused.no_line": (
        "没有这条固定班次，或已终止（城市包可能刚重新载入）。",
        "There is no such standing line, or it has ended (a pack may just have been loaded).",
    ),
    "duty.refused.line_days": (
        "至少选一天：1 到 7 表示周一到周日。",
        "Name a day at least: 1 to 7 are Monday to Sunday.",
    ),
    "duty.refused.line_hours": ("时间须在 00:00 到 24:00 之间。", "The hours lie between 00:00 and 24:00."),
    "duty.refused.line_name": ("请写明由谁值守。", "Say who answers."),
    "duty.refused.line_phone": ("电话不对：{phone}", "Not a phone number: {phone}"),
    "duty.refused.line_unknown": (
        "人员库里查不到{name}的电话，请填写电话。",
        "The books know no number of {name}. Give one.",
    ),
    "duty.refused.line_day": ("日期不对：{day}", "Not a date: {day}"),
    "duty.refused.line_past": ("生效日期不能早于今天：{day}", "It can't take effect before today: {day}"),
    "duty.refused.line_order": ("终止日期早于生效日期。", "It would end before it begins."),
    "duty.refused.line_ends": ("这条班次在 {day} 前就已终止。", "That line ends before {day} already."),
    "duty.refused.line_twice": (
        "{name} {days:duty.days} {from}-{to} 已有班次，与此重叠。",
        "{name} is on {days:duty.days} {from}-{to} already: the two overlap.",
    ),
    "duty.refused.line_gap": (
        "这样会有 {count} 段无人值守，最早 {starts:time} 至 {ends:time}。",
        "That leaves {count} stretches with nobody, the first from {starts:time} to {ends:time}.",
    ),
    "duty.refused.line_beside": (
        "与{name} {days:duty.days} {from}-{to} 的班次重叠：届时{name}和{other}同时在岗。",
        "{name} is on {days:duty.days} {from}-{to}: both {name} and {other} would be on duty then.",
    ),
    "duty.refused.line_packs": (
        "该单位的班次本来就按城市包执行。",
        "That book follows the pack already.",
    ),
}


def _run(names: list[str], to: str, also: str) -> str:
    return f"{names[0]}{to}{names[-1]}" if len(names) > 2 else also.join(names)


def _days() -> dict[str, tuple[str, str]]:
    """Which days of the week a line holds, for each of the masks ``1111100``: runs of three and more as from-to."""
    chinese, english = "一二三四五六日", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    found = {"duty.days.1111111": ("每天", "daily"), "duty.days.0000000": ("无", "on no day")}
    for number in range(1, 127):
        mask = f"{number:07b}"
        runs: list[list[int]] = []
        for day in (place for place, on in enumerate(mask) if on == "1"):
            if runs and runs[-1][-1] == day - 1:
                runs[-1].append(day)
            else:
                runs.append([day])
        zh = "、".join(_run([chinese[day] for day in run], "至", "、") for run in runs)
        en = ", ".join(_run([english[day] for day in run], "-", ", ") for run in runs)
        found[f"duty.days.{mask}"] = (f"周{zh}", en)
    return found


ENTRIES |= _days()
