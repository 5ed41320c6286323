"""What goes out: the body of a notice as JSON, with its dedup id, in the channel's language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

VERSION = 1


@dataclass(frozen=True, slots=True)
class Envelope:
    """One notice, ready to be sent."""

    id: str
    """The dedup id: a receiver that has seen it before has this notice already."""
    at: int
    priority: str
    grid: str
    grid_name: str
    task: str
    code: str
    text: str
    city: str = ""
    attempt: int = 1
    department: str = ""
    """The code of the department whose duty room is told."""
    kind: str = "notice"
    """``test`` where a person only tries the channel."""

    def fields(self, zone: ZoneInfo) -> dict[str, Any]:
        """What a receiver reads; times are ISO 8601 in the city's zone."""
        return {
            "version": VERSION,
            "id": self.id,
            "kind": self.kind,
            "at": datetime.fromtimestamp(self.at, zone).isoformat(),
            "attempt": self.attempt,
            "priority": self.priority,
            "city": self.city,
            "grid": self.grid,
            "grid_name": self.grid_name,
            "department": self.department,
            "task": self.task,
            "code": self.code,
            "text": self.text,
        }

    def body(self, zone: ZoneInfo, template: str = "", **more: str) -> bytes:
        """The JSON text; in the receiver's own form where it has one (``{text}``, ``{id}``, ... are filled in)."""
        fields = self.fields(zone)
        shaped = _filled(json.loads(template), fields) if template else {**fields, **more}
        return json.dumps(shaped, ensure_ascii=False).encode()


def _filled(part: Any, fields: Mapping[str, Any]) -> Any:
    if isinstance(part, str):
        for name, value in fields.items():
            part = part.replace("{" + name + "}", str(value))
        return part
    if isinstance(part, list):
        return [_filled(one, fields) for one in part]
    if isinstance(part, dict):
        return {key: _filled(value, fields) for key, value in part.items()}
    return part
