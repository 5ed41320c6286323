"""Take a file of vehicles that passed remote-sensing sets in: what is known is left, what is wrong is told by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from backend.city.registry import City
from backend.desk.desk import Desk
from backend.feeds.fault import FeedError
from backend.feeds.passages.reading import PassageFault, read, read_fields
from backend.feeds.record import Passage
from backend.ingest.passages import PORTION, Came, take_in
from backend.notify.vehicles import tell_late
from backend.words.machine import reason

LARGEST = 256 * 1024 * 1024
MOST_FAULTS = 1000


@dataclass
class Progress:
    """What became of a file."""

    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(
            ("received", "written", "same", "unplaced", "faults", "alarms", "late"), 0
        )
    )
    faults: list[PassageFault] = field(default_factory=list)
    """The first of the lines that could not be read."""
    sets: dict[str, int] = field(default_factory=dict)
    """Names of sets that nobody knows, and how many passages each had."""
    late: list[str] = field(default_factory=list)
    """Plates whose exceedances are too long ago to ring; their county was told."""


def take_passages(desk: Desk, path: Path, form: str, mapping: str = "") -> Progress:
    """Read a file into the store, ring for who exceeds twice, and tell what became of it.

    Raises:
        FeedError: the file or the map can't be read, or is not in that format at all.
    """
    fields: Mapping[str, Sequence[str]] | None = read_fields(_text(Path(mapping))) if mapping else None
    body = _body(path)
    progress, came, waiting, now = Progress(), Came(), list[Passage](), desk.now

    def store() -> None:
        take_in(desk.store, city, waiting, now, feed="import", tell=tell_late, came=came)
        waiting.clear()
        # They are told by name; a file's lines are at hand and need not be kept.
        came.asides.clear()

    with desk.store.read() as connection:
        city = City.read(connection)
    for one in read(body, form, desk.zone, now, fields):
        if isinstance(one, PassageFault):
            progress.counts["faults"] += 1
            if len(progress.faults) < MOST_FAULTS:
                progress.faults.append(one)
            continue
        waiting.append(one)
        if len(waiting) == PORTION:
            store()
    store()
    progress.sets, progress.late = came.unplaced, list(came.late)
    progress.counts |= {
        "received": came.received,
        "written": came.written,
        "same": came.same,
        "unplaced": sum(came.unplaced.values()),
        "alarms": came.raised,
        "late": len(came.late),
    }
    return progress


def _body(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise FeedError("passage.body.large", most=LARGEST // (1024 * 1024))
        return path.read_bytes()
    except OSError as error:
        raise FeedError("feed.file.unreadable", file=str(path), error=reason(error)) from error


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise FeedError("feed.file.unreadable", file=str(path), error=reason(error)) from error
    except UnicodeDecodeError as error:
        raise FeedError("feed.file.no_text", file=str(path), at=error.start) from error
