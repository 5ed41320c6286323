"""HJ 212 frames: find them in a stream of bytes, check their length and their CRC, take them apart.

A frame is ``##``, four digits with the length of the data segment, the segment, four hex digits of CRC and
``\\r\\n`` (HJ 212-2017 6.3; the same in 2005 and 2025). The segment is ``QN=...;ST=..;CN=....;PW=...;MN=...;
Flag=n;CP=&&...&&``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

_HEAD = re.compile(rb"##(\d{4})")
_HEX = re.compile(rb"[0-9A-Fa-f]{4}")
_TAIL = re.compile(rb"&&([0-9A-Fa-f]{4})(?=\s|##|\Z)")
_AFTER = re.compile(rb"\s|##|\Z")
_BLANK = b" \t\r\n\x00"
EDITIONS: Mapping[int, str] = {0: "2005", 1: "2017", 2: "2025"}
"""By ``Flag >> 2`` (HJ 212-2017 table 4)."""


def crc(data: bytes) -> int:
    """The CRC of HJ 212-2017 annex A (the same in 2025).

    It is not the CRC-16 of Modbus: a byte is taken in with the register's high byte, and the low byte is
    dropped.
    """
    register = 0xFFFF
    for byte in data:
        register = _TABLE[(register >> 8) ^ byte]
    return register


def _after(register: int) -> int:
    for _ in range(8):
        lowest = register & 1
        register >>= 1
        if lowest:
            register ^= 0xA001
    return register


# Whatever the register held, only its high byte goes on: 256 outcomes cover all.
_TABLE = tuple(_after(byte) for byte in range(256))


@dataclass(frozen=True)
class Frame:
    """One frame as it stood in the bytes."""

    offset: int
    raw: bytes
    """From ``##`` to the CRC."""
    declared: int
    """The length that the frame gives for its data segment."""
    segment: bytes
    given: str
    """The CRC as sent, empty where the frame has no end."""

    @property
    def length_ok(self) -> bool:
        """Whether the data segment is as long as the frame says."""
        return bool(self.given) and self.declared == len(self.segment)

    @cached_property
    def calculated(self) -> str:
        """The CRC of the segment, four hex digits."""
        return f"{crc(self.segment):04X}"

    @property
    def crc_ok(self) -> bool:
        """Whether the CRC is right (some senders write it in lower case)."""
        return self.given.upper() == self.calculated

    @cached_property
    def _split(self) -> tuple[dict[str, str], bytes]:
        head, mark, rest = self.segment.partition(b"CP=&&")
        fields: dict[str, str] = {}
        for part in head.decode("utf-8", "replace").split(";"):
            name, equals, value = part.partition("=")
            if equals:
                fields.setdefault(name.strip(), value.strip())
        body = rest[: rest.rfind(b"&&")] if mark and b"&&" in rest else rest
        return fields, body

    @property
    def fields(self) -> Mapping[str, str]:
        """QN, ST, CN, PW, MN, Flag, PNUM, PNO and what else stands before the CP."""
        return self._split[0]

    @property
    def body(self) -> bytes:
        """What stands between the ``&&`` of the CP."""
        return self._split[1]

    @property
    def edition(self) -> str:
        """2005, 2017 or 2025 by the Flag; a frame without one is of 2005."""
        flag = self.fields.get("Flag", "")
        if not flag.isdigit() or len(flag) > 3:
            return "2005"
        return EDITIONS.get(int(flag) >> 2, "?")

    @cached_property
    def sealed(self) -> bool:
        """Whether the CP is encrypted: in 2025 it may be, and a clear one is a list of ``name=value``."""
        if self.edition != "2025" or not self.body:
            return False
        text = self.body
        first = text.partition(b";")[0].partition(b",")[0]
        name, equals, _ = first.partition(b"=")
        clear = bool(equals) and re.fullmatch(rb"[A-Za-z0-9][A-Za-z0-9_-]*", name) is not None
        return not clear or any(byte < 0x20 or byte == 0x7F for byte in text)

    @cached_property
    def factors(self) -> Mapping[str, Mapping[str, str]]:
        """The CP by factor: ``{"a34004": {"Avg": "87.0", "Flag": "N"}}``; DataTime and the like have one
        entry under the empty name. What comes twice counts the first time."""
        found: dict[str, dict[str, str]] = {}
        for item in re.split("[;,]", self.body.decode("utf-8", "replace")):
            name, equals, value = item.partition("=")
            if not equals:
                continue
            factor, _, kind = name.strip().partition("-")
            found.setdefault(factor, {}).setdefault(_kind(kind), value.strip())
        return found

    @cached_property
    def twice(self) -> tuple[str, ...]:
        """Factors whose value stands more than once: two of them can't both be right."""
        seen: set[str] = set()
        again: list[str] = []
        for item in re.split("[;,]", self.body.decode("utf-8", "replace")):
            name = item.partition("=")[0].strip()
            if name and name in seen and "-" in name:
                again.append(name)
            seen.add(name)
        return tuple(again)

    def value(self, name: str) -> str:
        """A plain entry of the CP such as ``DataTime``, empty where there is none."""
        return self.factors.get(name, {}).get("", "")

    @property
    def resent(self) -> bool:
        """Sent again by the station (补传): ``RF=1``, HJ 212-2025."""
        return "1" in (self.fields.get("RF"), self.value("RF"))


@dataclass(frozen=True)
class Garbage:
    """Bytes between frames."""

    offset: int
    raw: bytes = field(repr=False)


def _kind(name: str) -> str:
    """``Rtd`` however it is written; the typing error ``td`` was seen in the field."""
    lower = name.lower()
    known = {
        "rtd": "Rtd",
        "td": "Rtd",
        "avg": "Avg",
        "min": "Min",
        "max": "Max",
        "cou": "Cou",
        "flag": "Flag",
    }
    return known.get(lower, name)


def split(raw: bytes) -> Iterator[Frame | Garbage]:
    """All frames in the bytes, in order, with what lies between them.

    A frame of the wrong length ends at the next CRC that stands where one may, or at the next frame: one bad
    frame does not take the following ones with it.
    """
    at = 0
    while at < len(raw):
        head = _HEAD.search(raw, at)
        start = head.start() if head else len(raw)
        between = raw[at:start]
        if between.strip(_BLANK):
            yield Garbage(at, between)
        if head is None:
            return
        frame = _frame(raw, head)
        yield frame
        at = frame.offset + len(frame.raw)


def _frame(raw: bytes, head: re.Match[bytes]) -> Frame:
    start, begin, declared = head.start(), head.end(), int(head.group(1))
    end = begin + declared
    given = raw[end : end + 4]
    # By its length first: an encrypted body may hold anything, a frame's mark too.
    if _HEX.fullmatch(given) and _AFTER.match(raw, end + 4):
        return Frame(start, raw[start : end + 4], declared, raw[begin:end], given.decode())
    following = _HEAD.search(raw, begin)
    limit = following.start() if following else len(raw)
    tail = _TAIL.search(raw, begin, limit)
    if tail:
        stop = tail.start() + 2
        return Frame(start, raw[start : tail.end()], declared, raw[begin:stop], tail.group(1).decode())
    line = raw.find(b"\r\n", begin, limit)
    stop = line if line >= 0 else limit
    return Frame(start, raw[start:stop], declared, raw[begin:stop], "")
