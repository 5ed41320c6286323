"""Write a plain mapping as TOML (the standard library only reads it)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def toml_text(values: Mapping[str, Any]) -> str:
    """The mapping as TOML: plain keys first, then a section for each table and each list of tables."""
    return "\n".join(_section(values, ())).strip("\n") + "\n" if values else ""


def _section(values: Mapping[str, Any], path: tuple[str, ...]) -> list[str]:
    lines = [f"{_key(key)} = {_value(value)}" for key, value in values.items() if not _is_section(value)]
    for key, value in values.items():
        if not _is_section(value):
            continue
        name = ".".join(map(_key, (*path, key)))
        tables, mark = ([value], f"[{name}]") if isinstance(value, Mapping) else (value, f"[[{name}]]")
        for entry in tables:
            lines += ["", mark, *_section(entry, (*path, key))]
    return lines


def _is_section(value: Any) -> bool:
    if isinstance(value, Mapping):
        return True
    return isinstance(value, list) and bool(value) and all(isinstance(part, Mapping) for part in value)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _string(key)


def _string(text: str) -> str:
    # JSON's escapes are TOML's, but for DEL, which TOML wants escaped too.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _string(value)
        case int() | float():
            return repr(value)
        case datetime() | date() | time():
            return value.isoformat()
        case Mapping():
            inner = ", ".join(f"{_key(key)} = {_value(part)}" for key, part in value.items())
            return "{" + inner + "}"
        case list() | tuple():
            return "[" + ", ".join(map(_value, value)) + "]"
        case _:
            raise TypeError(f"TOML has no form for {type(value).__name__}")
