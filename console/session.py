"""What a person had before them, kept so that a dropped line and a new login bring it back.

Which screen, which pages over it, row, filter, sort, and every half-typed form: one JSON text, saved within a second
of a change and when the console ends, by a hang-up too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

SLOT = "console"
"""The slot of the seat's memory that it is kept in."""
DELAY = 1.0
"""Seconds after a change until it is saved: a held key costs one write a second."""
VERSION = 1
_LONGEST = 200_000


class Session:
    """The memory of one person's console, as plain data."""

    def __init__(self) -> None:
        self.screen = ""
        """The main screen that is shown."""
        self.pages: list[tuple[str, str]] = []
        """The pages that lie over it, lowest first: name and key."""
        self.slots: dict[str, dict[str, Any]] = {}
        """What each screen and page remembers."""
        self.drafts: dict[str, dict[str, Any]] = {}
        """What was typed into forms that were not sent."""
        self.open_form = ""
        """The action whose form is open."""

    def text(self) -> str:
        """As it is saved."""
        body = {
            "version": VERSION,
            "screen": self.screen,
            "pages": self.pages,
            "slots": self.slots,
            "drafts": self.drafts,
            "open_form": self.open_form,
        }
        return json.dumps(body, ensure_ascii=False, sort_keys=True)

    @classmethod
    def read(cls, text: str | None, known: Callable[[str], bool]) -> Session:
        """What `text` made; what can't be read, or is of screens that are no more, is left out."""
        session = cls()
        try:
            body = json.loads(text) if text and len(text) <= _LONGEST else None
        except ValueError:
            body = None
        if not isinstance(body, Mapping) or body.get("version") != VERSION:
            return session
        screen = body.get("screen")
        session.screen = screen if isinstance(screen, str) and known(screen) else ""
        for page in body.get("pages", []) if session.screen else []:
            if isinstance(page, list) and len(page) == 2 and known(str(page[0])):
                session.pages.append((str(page[0]), str(page[1])))
        session.slots = _dicts(body.get("slots"))
        session.drafts = _dicts(body.get("drafts"))
        session.open_form = str(body.get("open_form") or "")
        return session


def _dicts(found: object) -> dict[str, dict[str, Any]]:
    if not isinstance(found, Mapping):
        return {}
    return {str(key): dict(value) for key, value in found.items() if isinstance(value, Mapping)}
