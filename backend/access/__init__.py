"""Who may: roles, jurisdictions, keys, the audit chain."""

from __future__ import annotations

from backend.access.actor import SYSTEM, TIERS, Actor, actor_of, lineage
from backend.access.rights import may

__all__ = ["SYSTEM", "TIERS", "Actor", "actor_of", "lineage", "may"]
