"""Evidence 证据: what an incident type asks for, what there is, and what it speaks for."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "evidence.location": ("定位", "location"),
    "evidence.photo_before": ("处置前照片", "photo before"),
    "evidence.photo_after": ("处置后照片", "photo after"),
    "evidence.patrol_record": ("巡查记录", "patrol record"),
    "evidence.measurement": ("现场检测", "measurement"),
    "evidence.plate": ("车牌", "number plate"),
    "evidence.call_record": ("通话记录", "call record"),
    "evidence.document": ("文书", "document"),
    "evidence.photo": ("照片", "photo"),
    "evidence.video": ("录像", "video"),
    "evidence.camera": ("视频点位", "camera"),
    "evidence.reference": ("编号", "reference"),
    "evidence.stance.for": ("支持", "for"),
    "evidence.stance.against": ("反驳", "against"),
    "evidence.stance.tells": ("说明", "tells"),
    "evidence.refused.none": (
        "请给出证据编号，空格分开。",
        "Give the references of the evidence, separated by blanks.",
    ),
    "evidence.refused.same": (
        "这些证据已在事件 {incident} 中。",
        "This evidence is in incident {incident} already.",
    ),
    "evidence.done.added": (
        "事件 {incident} 已补 {count} 条证据。",
        "{count} added to the evidence of incident {incident}.",
    ),
}
