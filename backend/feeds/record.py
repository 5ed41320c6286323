"""What an adapter hands over: readings, vehicles that passed, what was put aside, stations met, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backend.text import clean
from backend.words import Message


@dataclass(frozen=True, slots=True)
class Record:
    """One value as the upstream gave it, in the product's units and named by its period's start."""

    station: str
    """The upstream's code of the station."""
    parameter: str
    """The product's code of the parameter (``pm25``, ``co``, ...)."""
    start: int
    """The period's start, epoch seconds UTC; the sampling instant where ``period`` has none of its own."""
    period: int
    """Seconds."""
    value: float | None
    """In the unit of the parameter's table; None where the upstream says that there is none."""
    qualifier: str = ""
    """`<` below the detection limit, `>` above range."""
    device: str = ""
    """The instrument's own flag, HJ 212-2017 table 8 (``N``, ``M``, ``D``, ...)."""
    resent: bool = False
    """Sent again by the station (补传), HJ 212-2025 ``RF=1``."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """An hour of weather to come 预报气象, as a model says it: never a reading, and kept apart from them."""

    station: str
    """The upstream's code of the point."""
    parameter: str
    start: int
    """The hour's start, epoch seconds UTC."""
    value: float
    """In the unit of the parameter's table."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One vehicle that passed a remote-sensing set 遥感监测记录, as it was measured."""

    plate: str
    station: str
    """The set's code, or a name that feeds use for it."""
    at: int
    no_ppm: float | None = None
    opacity: float | None = None
    """Per cent."""
    valid: bool = True
    """False where the set itself says that the measurement may not count."""
    fuel: str = ""


def plate_of(raw: str) -> str:
    """A plate as it is kept: without spaces and the dot after the city's letter, in capitals."""
    return clean(raw, limit=16).replace(" ", "").replace("·", "").replace("•", "").upper()


@dataclass(frozen=True, slots=True)
class PutAside:
    """A record that could not be used, with the reason and its raw bytes."""

    reason: Message
    raw: bytes


@dataclass(frozen=True, slots=True)
class Place:
    """A station that an upstream told of: its code, its name, and where and what it is if known."""

    code: str
    name: str
    lon: float | None
    lat: float | None
    kind: str
    """A station kind of the city (``air``, ``site_dust``, ...), empty where the upstream does not tell."""


@dataclass(frozen=True, slots=True)
class Page:
    """What one answer of an upstream held.

    It is stored whole before the watermark of its stream is moved to ``newest``, so that a page that
    fails is asked for again.
    """

    records: Sequence[Record] = ()
    asides: Sequence[PutAside] = ()
    places: Sequence[Place] = ()
    stream: str = ""
    """Which of the feed's streams; a feed with one stream has the empty name."""
    newest: int | None = None
    """Everything of the stream up to this start has been handed over; None where that can't be said yet."""
    ahead: Sequence[Ahead] = ()
    """Weather to come."""
    passages: Sequence[Passage] = ()
    """Vehicles that passed sets."""
    more: bool = False
    """Further pages of the same stream follow in this poll."""
