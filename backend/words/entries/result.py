"""Results 处置结果 that an incident type can name; a pack's own codes show as they are."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "result.rectified": ("已整改", "put right"),
    "result.ordered": ("责令整改", "ordered to put right"),
    "result.no_problem": ("现场无问题", "nothing found"),
    "result.natural": ("自然原因", "natural cause"),
    "result.extinguished": ("已扑灭", "put out"),
    "result.cleaned": ("已清扫", "cleaned up"),
    "result.repaired": ("已修复", "repaired"),
    "result.replied": ("已答复", "replied to"),
    "result.transfer_enforcement": ("移送执法", "handed to enforcement"),
    "result.transfer_maintenance": ("移交运维", "handed to maintenance"),
    "result.found": ("发现问题并处置", "found and dealt with"),
    "result.not_found": ("未发现问题", "not found"),
    "result.done": ("已处置", "dealt with"),
}
