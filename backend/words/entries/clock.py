"""Clocks 时限: what each measures."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "clock.TRIAGE": ("研判", "triage"),
    "clock.DISPATCH": ("派发", "dispatch"),
    "clock.ACCEPT": ("签收", "accept"),
    "clock.ARRIVE": ("到场", "arrive"),
    "clock.DISPOSE": ("处置", "dispose"),
    "clock.VERIFY": ("核查", "verify"),
    "clock.OFFER": ("移交接收", "take over"),
    "clock.LEVEL_ACK": ("上级确认", "upper tier's answer"),
    "clock.TOTAL": ("全程", "total"),
    "clock.pause.suspended": ("挂账", "suspended"),
    "clock.pause.offered": ("移交中", "offered"),
    "clock.pause.arbitration": ("裁定中", "in arbitration"),
    "clock.pause.link_outage": ("承办中心断线", "the holder's centre was cut off"),
}
