"""Incidents 事件: one thing happening in the world, with all its alarms and what people report of it.

following  alarms find their incident, or open one: one for a place and a type, one for a region
closing    an incident ends when its alarms are back to normal and nobody owes work for it
intake     what a person reports: a call, a complaint, a patrol, an order
ids        minted from the day and a counter
"""

from __future__ import annotations

from backend.incidents.closing import close_if_quiet, close_quiet
from backend.incidents.following import Opened, open_for
from backend.incidents.intake import Intake, report_by_person

__all__ = ["Intake", "Opened", "close_if_quiet", "close_quiet", "open_for", "report_by_person"]
