"""Where the packs and default texts that come with the product lie."""

from __future__ import annotations

from pathlib import Path

_BACKEND = Path(__file__).parents[1]


def heze_path() -> Path:
    """The folder of the Heze pack."""
    return _BACKEND / "demo" / "heze"


def default_text(name: str) -> str:
    """The product's own ``policy`` or ``rules``, for packs that bring none; empty where there is none.

    These texts belong to rooms further on; the city keeps them as text and understands none of it.
    """
    room = {"policy": "tasks", "rules": "alarms"}[name]
    path = _BACKEND / room / "data" / f"{name}.toml"
    return path.read_text(encoding="utf-8") if path.is_file() else ""
