"""What is wrong with a pack, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from backend.text import clean
from backend.words import Message
from backend.words.message import Scalar

if TYPE_CHECKING:
    from backend.city.pack import Pack

Validator = Callable[["Pack"], Iterable[tuple[str, int, Message]]]
"""Judges what belongs to a room further on (policy, rules, feeds): gives file, line (0 where unknown) and fault."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a pack."""

    file: str
    line: int
    """The line in the file, counted from 1; 0 where the file as a whole is meant."""
    message: Message
    hint: Message

    @property
    def kind(self) -> str:
        """The last part of the message's code, such as ``duplicate``."""
        return self.message.code.rpartition(".")[2]


class Faults(list[Fault]):
    """Faults as they are found; nothing stops at the first."""

    def add(self, file: str, line: int, kind: str, /, **args: Scalar) -> None:
        """Note a fault; ``kind`` names the words for it and for its hint in ``words/entries/pack.py``."""
        kept = {name: clean(arg, limit=80) if isinstance(arg, str) else arg for name, arg in args.items()}
        fault, hint = Message(f"pack.fault.{kind}", kept), Message(f"pack.hint.{kind}", kept)
        # A file's name is a text that someone else wrote, too.
        self.append(Fault(clean(file), line, fault, hint))

    def add_message(self, file: str, line: int, message: Message) -> None:
        """Note a fault that another room found in its own words."""
        self.append(Fault(file, line, message, Message("pack.hint.text", {"file": file})))

    def by_place(self) -> list[Fault]:
        """The faults in the order of files and lines, each once."""
        seen: set[tuple[str, int, str, tuple[tuple[str, Scalar], ...]]] = set()
        kept = []
        for fault in sorted(self, key=lambda fault: (fault.file, fault.line)):
            args: Mapping[str, Scalar] = fault.message.args
            mark = (fault.file, fault.line, fault.message.code, tuple(args.items()))
            if mark not in seen:
                seen.add(mark)
                kept.append(fault)
        return kept


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant, empty where none is near."""
    found = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return found[0] if found else ""
