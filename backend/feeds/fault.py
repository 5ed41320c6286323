"""What goes wrong with a feed, as messages an operator can read."""

from __future__ import annotations

from dataclasses import dataclass

from backend.text import clean
from backend.words import Message
from backend.words.message import Scalar

RAW_LIMIT = 4096
"""Bytes of a bad answer that are kept to look at."""


class FeedError(Exception):
    """A poll, or one stream of it, can't go on; what is stored stays as it is.

    Args:
        code: the message's code.
        wait: seconds for which the upstream asked to be left alone.
        fatal: True where asking again can't help (a wrong setting, a refused key).
        raw: the bytes that gave offence, kept with the put-aside records.
        args: the message's arguments; text is made safe here.
    """

    def __init__(
        self, code: str, /, *, wait: int | None = None, fatal: bool = False, raw: bytes = b"", **args: Scalar
    ) -> None:
        super().__init__(code)
        safe = {key: clean(value) if isinstance(value, str) else value for key, value in args.items()}
        self.message = Message(code, safe)
        self.wait = wait
        self.fatal = fatal
        self.raw = raw[:RAW_LIMIT]


class RecordError(ValueError):
    """One record can't be used; the others can."""

    def __init__(self, code: str, /, **args: Scalar) -> None:
        super().__init__(code)
        safe = {
            key: clean(value, limit=80) if isinstance(value, str) else value for key, value in args.items()
        }
        self.message = Message(code, safe)


@dataclass(frozen=True, slots=True)
class OptionFault:
    """What is wrong with a feed's settings: where in the TOML, and what to do about it."""

    where: str
    """The key's path, such as ``columns[2].unit``."""
    message: Message
    line: int = 0
    """Line of the file, 0 where it can't be told."""


class OptionsError(Exception):
    """The settings of a feed have faults; all that were found are in ``faults``."""

    def __init__(self, faults: list[OptionFault]) -> None:
        super().__init__("; ".join(f"{fault.where}: {fault.message.code}" for fault in faults))
        self.faults = faults
