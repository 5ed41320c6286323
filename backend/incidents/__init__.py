"""Incidents 事件: one thing happening in the world, with all its alarms and what people report of it.

following  alarms find their incident, or open one: one for a place and a type, one for a region
closing    an incident ends when its alarms are back to normal and nobody owes work for it, or an answer
intake     what a person reports: a call, a complaint, a patrol, an order
identity   what it is: a person who names it knows more than a machine that measures it
near       open incidents that may be the very thing that is reported
complaints who reported it is replied to and called back
evidence   references to what shows what happened
orders     orders from above: issued, amended, withdrawn
rules      what holds of all this, as dated data
masking    who called stays on one page
ids        minted from the day and a counter
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend.incidents.closing import close_if_quiet, close_quiet, open_again, told_and_open
    from backend.incidents.following import Opened, open_for
    from backend.incidents.intake import Intake, report_by_person

__all__ = [
    "Intake",
    "Opened",
    "close_if_quiet",
    "close_quiet",
    "open_again",
    "open_for",
    "report_by_person",
    "told_and_open",
]
_WHERE = {
    "Intake": "intake",
    "Opened": "following",
    "close_if_quiet": "closing",
    "close_quiet": "closing",
    "open_again": "closing",
    "open_for": "following",
    "report_by_person": "intake",
    "told_and_open": "closing",
}


def __getattr__(name: str) -> object:
    # Boards read the tables of this room; what acts, with all rules of alarms, is loaded when it is called for.
    if name not in _WHERE:
        raise AttributeError(name)
    return getattr(import_module(f"backend.incidents.{_WHERE[name]}"), name)
