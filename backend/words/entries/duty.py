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
}
