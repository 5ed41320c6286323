"""Templates of reports: plain text with places to fill in, that a city can change, and whose faults are told by line.

``{name}`` is a value; ``{name:12}`` fits it into 12 cells and ``{name:>5}`` puts it to the right of 5 (a Chinese
character is two cells). A line ``{#rows}`` begins a part that is written once for each row and ``{/rows}`` ends it;
``{?name}`` begins a part that is written only where there is such a value or row, ``{!name}`` one for where there is
none. These marks stand alone on their line. ``{{`` and ``}}`` are braces.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Final

from backend.text import fit, width
from backend.words import Message

Names = Mapping[str, "Mapping[str, None] | None"]
"""What a template may name: a value has None, rows have the names of what each holds."""
Values = Mapping[str, Any]
MARK: Final = re.compile(r"\s*\{([#?!/])\s*([a-z_0-9]+)\s*\}\s*")
PLACE: Final = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
INSIDE: Final = re.compile(r"([a-z_0-9]+)(?::(>?)([0-9]{1,3}))?")
LONGEST: Final = 64 * 1024
"""Characters of a template."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a template, and on which line."""

    line: int
    message: Message


class TemplateError(ValueError):
    """A template that can't be used; every fault that was found is in ``faults``."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"line {fault.line}: {fault.message.code}" for fault in faults))


@dataclass(slots=True)
class _Part:
    """Lines, and parts among them."""

    sign: str = ""
    name: str = ""
    line: int = 0
    content: list[str | _Part] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Template:
    """A template that has been checked."""

    root: _Part

    def fill(self, values: Values, escape: Callable[[str], str] = str) -> str:
        """The text.

        Args:
            values: every value and all rows that the template may name.
            escape: makes a value safe for the format that the text is in.
        """
        return "\n".join(_lines(self.root, values, escape)) + "\n"


def compiled(text: str, names: Names) -> Template:
    """Check a template against what it may name.

    Raises:
        TemplateError: with every fault and its line.
    """
    faults: list[Fault] = []
    if len(text) > LONGEST:
        raise TemplateError([Fault(1, Message("report.template.long", {"longest": LONGEST}))])
    root = _Part()
    open_parts = [root]
    for number, line in enumerate(text.splitlines(), 1):
        mark = MARK.fullmatch(line)
        if mark is None:
            faults += _faults_of(line, number, _known(names, open_parts))
            open_parts[-1].content.append(line)
        elif mark[1] == "/":
            _close(open_parts, mark[2], number, faults)
        else:
            part = _Part(mark[1], mark[2], number)
            faults += _faults_of_part(part, names, open_parts)
            open_parts[-1].content.append(part)
            open_parts.append(part)
    for part in open_parts[1:]:
        faults.append(Fault(part.line, Message("report.template.open", {"name": part.name})))
    if faults:
        raise TemplateError(sorted(faults, key=lambda fault: fault.line))
    return Template(root)


def _known(names: Names, open_parts: Sequence[_Part]) -> Mapping[str, Any]:
    """What may be named here: inside rows what each of them holds, too."""
    known = dict(names)
    for part in open_parts:
        if part.sign == "#":
            known.update(names.get(part.name) or {})
    return known


def _unknown(name: str, known: Mapping[str, Any], line: int) -> Fault:
    near = get_close_matches(name, list(known), n=1, cutoff=0.5)
    args = {"name": name, "near": near[0] if near else ", ".join(sorted(known)[:8])}
    return Fault(line, Message("report.template.unknown", args))


def _faults_of(line: str, number: int, known: Mapping[str, Any]) -> Iterator[Fault]:
    for place in PLACE.finditer(line):
        if place[0] in ("{{", "}}"):
            continue
        inside = INSIDE.fullmatch(place[1].strip()) if place[1] is not None else None
        if inside is None:
            yield Fault(number, Message("report.template.brace", {"text": place[0]}))
        elif inside[1] not in known:
            yield _unknown(inside[1], known, number)
        elif known[inside[1]] is not None:
            yield Fault(number, Message("report.template.rows", {"name": inside[1]}))


def _faults_of_part(part: _Part, names: Names, open_parts: Sequence[_Part]) -> Iterator[Fault]:
    known = _known(names, open_parts)
    if part.name not in known:
        yield _unknown(part.name, known, part.line)
    elif part.sign == "#" and known[part.name] is None:
        yield Fault(part.line, Message("report.template.value", {"name": part.name}))
    elif part.sign == "#" and any(one.sign == "#" for one in open_parts):
        yield Fault(part.line, Message("report.template.deep", {"name": part.name}))


def _close(open_parts: list[_Part], name: str, line: int, faults: list[Fault]) -> None:
    if len(open_parts) > 1 and open_parts[-1].name == name:
        open_parts.pop()
        return
    faults.append(Fault(line, Message("report.template.close", {"name": name})))


def _lines(part: _Part, values: Values, escape: Callable[[str], str]) -> Iterator[str]:
    for one in part.content:
        if isinstance(one, str):
            yield _filled(one, values, escape)
            continue
        held = values.get(one.name)
        if one.sign == "#":
            for row in held or ():
                yield from _lines(one, {**values, **row}, escape)
        elif bool(held) == (one.sign == "?"):
            yield from _lines(one, values, escape)


def _filled(line: str, values: Values, escape: Callable[[str], str]) -> str:
    def place(match: re.Match[str]) -> str:
        if match[0] in ("{{", "}}"):
            return match[0][0]
        inside = INSIDE.fullmatch((match[1] or "").strip())
        assert inside is not None
        value = values.get(inside[1])
        told = escape("" if value is None else str(value))
        if not inside[3]:
            return told
        cells = int(inside[3])
        # A value that is longer than its place is told whole: a report leaves nothing out.
        if width(told) > cells:
            # What stands behind it begins apart from it all the same.
            return told if inside[2] else f"{told} "
        return fit(told, cells, align="right" if inside[2] else "left")

    return PLACE.sub(place, line).rstrip()


def markdown(text: str) -> str:
    """A value as it can stand in Markdown, in a table too."""
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", " ".join(text.split()))


def plain(text: str) -> str:
    """A value as it stands in plain text: on one line."""
    return " ".join(text.splitlines())
