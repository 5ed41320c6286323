"""The numbers by which a line is paced (`console.terminal.line`)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rules:
    """The numbers that a line is judged by."""

    hold: float = 0.012
    """Seconds of the line's time that may be on their way when another frame is begun: waking takes some."""
    share: float = 0.97
    """What of its speed is used between two answers."""
    most: float = 0.05
    """Seconds of the line's time that one piece of a frame may take."""
    least: int = 200
    """Bytes that may always go in one piece."""
    every_bytes: int = 280
    """Bytes after which a line that is not fast is asked again."""
    every_bytes_fast: int = 4096
    """The same for one that is."""
    every_seconds: float = 2.0
    """Seconds after which it is asked again, where anything was written."""
    under_way: int = 16
    """Queries that may be on their way at once."""
    fast: float = 250_000.0
    """Bytes a second from which on a line is fast: a whole screen is there within one frame's time."""
    sample: int = 200
    """Bytes between two answers that are enough to tell the speed."""
    span: float = 0.25
    """Seconds over which it is told: answers that were read late come together."""
    busy: float = 0.04
    """Seconds that an answer must be late for the line to have been busy all the time."""
    sure: float = 0.12
    """Seconds that it must be late for the line to have been full, however little was sent."""
    room: float = 0.01
    """Seconds that an answer may be late where the line has room left."""
    telling: int = 1000
    """Bytes of a piece from which on it tells a speed by itself."""
    marks: int = 700
    """Bytes within a frame behind which a query goes, until it is known whether the line is slow."""
    whole: int = 8000
    """Bytes that one piece may have on a line that is not known to be slow: a board."""
    apart: float = 0.1
    """Seconds from one time that it was seen to be busy to the next."""
    samples: int = 6
    """Times that it was seen to be busy of which the fastest is its speed."""
    used: float = 0.7
    """What of its speed must have been used for a busy line's to be told by it."""
    bold: float = 0.01
    """How much more is tried, in parts of the speed, where a frame had to wait and the answer was not late."""
    boldest: float = 0.12
    """How much more at most, where it was not late again and again."""
    slack: float = 0.15
    """Seconds of the line's time, besides its way there and back, that may be written without a word from there."""
    stalled: float = 0.4
    """Seconds that an answer must be late for the line to have come to a stand, for the time being."""
    look: float = 0.02
    """Seconds between two looks at whether it goes on."""
    lost: float = 8.0
    """Seconds after which an answer never comes; twice as many each time while nothing at all comes, no key either."""
    sits: float = 2.0
    """Seconds since a key came after which an answer ought to have come as well."""
    gone: float = 60.0
    """The most that they become: the line is down, or nobody sits there."""
    silent: float = 1.0
    """Seconds without a first answer after which a terminal is paced as one that never answers."""
    mute: float = 3.0
    """Seconds without a first answer after which it is no longer asked."""
    rest: float = 0.25
    """Seconds of silence behind which one that never answers is sent a board whole."""
    packet: int = 0
    """Bytes that each write has around it on its way."""
    misses: int = 2
    """Answers that may be lost in a row before it is not asked again."""
    remembered: int = 64
    """Ways there and back whose shortest one is taken."""
    bare: int = 8
    """The same of those that nothing went before."""
    bare_every: float = 10.0
    """Seconds after which a query goes before a frame, where nothing is on its way."""
    bare_first: float = 1.0
    """The same while little is known of how answers scatter."""
    window: float = 5.0
    """Seconds that the bytes a second are counted over."""
