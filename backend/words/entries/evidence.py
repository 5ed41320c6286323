"""Evidence 证据 that an incident type asks for."""

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
}
