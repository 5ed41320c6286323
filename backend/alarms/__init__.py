"""Alarms 报警: signals that rules raise and clear, in the seven states of ISA-18.2; never work.

machine     what moves an alarm between its states, as a table
rules       the rules as dated data (``data/rules.toml``), `rules_toml` reads and judges a file of them
judge       when an alarm rings and clears, from the last values alone
evaluation  what changed readings do to alarms
sweeping    what time alone does to them: shelves, silence, staleness
acts        what people do to them

A screen that only reads alarms needs their table and none of this: each name is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend.alarms.acts import acknowledge, bring_back, shelve, take_out, unshelve
    from backend.alarms.evaluation import Findings, evaluate
    from backend.alarms.machine import Signal, State
    from backend.alarms.standing import Standing
    from backend.alarms.sweeping import sweep

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
_WHERE = {
    "Findings": "evaluation",
    "Signal": "machine",
    "Standing": "standing",
    "State": "machine",
    "evaluate": "evaluation",
    "sweep": "sweeping",
}
"""The module of each name; acts where none is told."""


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(name)
    return getattr(import_module(f"backend.alarms.{_WHERE.get(name, 'acts')}"), name)
