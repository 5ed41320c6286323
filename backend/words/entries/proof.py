"""The nightly proof 每日核对: what is not done with, and what was voided."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "proof.sum": (
        "{at:time} 核对：未办结 {open}，其中超时 {overdue}；近一天办结并核查 {closed}；无主或无下一时点 {faults}。",
        "As of {at:time}: {open} not done with, {overdue} of them overdue; {closed} closed and verified within a day; "
        "{faults} without an owner or a next instant.",
    ),
    "proof.voided": (
        "作废或不予受理：{id}，{at:time}，{by}：{reason}",
        "Voided or dismissed: {id}, {at:time}, {by}: {reason}",
    ),
    "proof.side.offered": ("移交来待接收", "offered here"),
    "proof.side.handed": ("已移交他方", "handed on"),
    "proof.fault.no_owner": ("无责任方", "nobody owes it"),
    "proof.fault.no_next": ("无下一时点", "no next instant"),
    "proof.fault.not_by_the_book": ("未按规定结束", "did not end by the book"),
    "proof.fault.owner_gone": ("承办方已停用，请改派", "whoever holds it is out of service: send another"),
    "proof.next.remind": ("提醒", "remind"),
    "proof.next.warn": ("预警", "warn"),
    "proof.next.escalate": ("提级", "escalate"),
    "proof.next.repeat": ("再次提醒", "tell again"),
    "proof.next.review": ("挂账到期", "review date"),
    "proof.next.ack_expiry": ("确认到期", "acknowledgement ends"),
    "proof.next.unack": ("确认失效", "acknowledgement ends"),
    "proof.next.offer_timeout": ("移交到期", "offer ends"),
    "proof.next.dispatch": ("自动派发", "sent by rule"),
    "proof.next.standing": ("每日提醒", "daily reminder"),
    "proof.next.look": ("复看值班表", "the duty book is looked at again"),
}
