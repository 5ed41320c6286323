"""Complaints: what is told to a caller, what they say, and why it is refused."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "complaint.reply.rectified": ("已整改", "put right"),
    "complaint.reply.in_hand": ("正在办理", "in hand"),
    "complaint.reply.no_problem": ("查无问题", "no problem found"),
    "complaint.reply.not_found": ("未找到现场", "place not found"),
    "complaint.reply.by_line": ("热线已答复", "answered by the line"),
    "complaint.reply.not_ours": ("不属本部门", "not ours"),
    "complaint.call.satisfied": ("满意", "satisfied"),
    "complaint.call.not_satisfied": ("不满意", "not satisfied"),
    "complaint.call.not_reached": ("未接通", "not reached"),
    "complaint.act.reply": ("回复", "reply"),
    "complaint.act.call_back": ("回访", "call back"),
    "complaint.state.waiting": ("待回复", "to reply"),
    "complaint.state.overdue": ("回复超时", "late"),
    "complaint.state.again": ("待再回复", "reply again"),
    "complaint.state.replied": ("待回访", "call back"),
    "complaint.state.call_late": ("回访超时", "call late"),
    "complaint.state.done": ("已回访", "called back"),
    "complaint.done.replied": (
        "诉求 {number} 已回复，请按时回访。",
        "Complaint {number} is replied to; call back.",
    ),
    "complaint.done.satisfied": ("诉求 {number} 回访满意。", "Complaint {number}: the caller is satisfied."),
    "complaint.done.not_satisfied": (
        "诉求 {number} 回访不满意，请再办理、再回复。",
        "Complaint {number}: not satisfied; act and reply again.",
    ),
    "complaint.done.not_reached": (
        "诉求 {number} 未接通，请再回访。",
        "Complaint {number}: not reached; call again.",
    ),
    "complaint.refused.none": ("这不是待回复的诉求。", "This is no complaint that waits for a reply."),
    "complaint.refused.result": ("没有 {result} 这个结果。", "There is no result {result}."),
    "complaint.refused.text": ("请写明告诉了来电人什么。", "Say what the caller was told."),
    "complaint.refused.replied": (
        "诉求 {number} 已于 {at:time} 回复；来电人不满意时才再回复。",
        "Complaint {number} was replied to at {at:time}; again only where the caller is not satisfied.",
    ),
    "complaint.refused.not_replied": (
        "诉求 {number} 还没有回复，先回复再回访。",
        "Complaint {number} is not replied to yet; reply first, then call back.",
    ),
    "complaint.refused.called": (
        "诉求 {number} 已于 {at:time} 回访。",
        "The caller of {number} was called back at {at:time}.",
    ),
}
