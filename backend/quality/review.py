"""The numbers of ``data/review.toml``: causes that a verdict may have, how far back is looked, targets of the rates."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def review() -> Mapping[str, Mapping[str, Any]]:
    """The file, by section."""
    text = files(__package__).joinpath("data", "review.toml").read_text(encoding="utf-8")
    return {name: part for name, part in tomllib.loads(text).items() if isinstance(part, dict)}


def causes(verdict: str) -> tuple[str, ...]:
    """Why a person may decide so, as codes; the words are ``review.cause.<code>``."""
    return tuple(review()["cause"].get(verdict, ()))
