"""Every table of the product, named in one place: migrations and tests need them all loaded."""

from __future__ import annotations

from importlib import import_module

from backend.store.model import Row, table

ROOMS_WITH_TABLES = (
    "store",
    "city",
    "access",
    "feeds",
    "quality",
    "alarms",
    "incidents",
    "tasks",
    "notify",
    "duty",
    "escalation",
    "scores",
    "reports",
    "analysis",
)


def load_tables() -> None:
    """Register every room's tables, by name: the store itself knows no room."""
    for room in ROOMS_WITH_TABLES:
        import_module(f"backend.{room}.tables")
    for model in Row.__subclasses__():
        table(model)
