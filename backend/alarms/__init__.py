"""Alarms 报警: signals that rules raise and clear, in the seven states of ISA-18.2; never work.

machine   what moves an alarm between its states, as a table
rules     the rules as dated data (``data/rules.toml``), `rules_toml` reads and judges a file of them
judge     when an alarm rings and clears, from the last values alone
evaluate  what changed readings do to alarms
sweep     what time alone does to them: shelves, silence, staleness
acts      what people do to them
"""

from __future__ import annotations

from backend.alarms.acts import acknowledge, bring_back, shelve, take_out, unshelve
from backend.alarms.evaluate import Findings, evaluate
from backend.alarms.machine import Signal, State
from backend.alarms.standing import Standing
from backend.alarms.sweep import sweep

__all__ = [
    "Findings",
    "Signal",
    "Standing",
    "State",
    "acknowledge",
    "bring_back",
    "evaluate",
    "shelve",
    "sweep",
    "take_out",
    "unshelve",
]
