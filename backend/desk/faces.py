"""Going from a thing to its other faces: what a desk names as a place to go to."""

from __future__ import annotations

from typing import NamedTuple


class Face(NamedTuple):
    """Something that a thing can be left for: the page's name, its key, and what it is called."""

    page: str
    key: str
    name: str
