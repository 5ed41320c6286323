"""Take a file of vehicles that passed remote-sensing sets in: what is known is left, what is wrong is told by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from backend.alarms.vehicles import Passage, take
from backend.city.registry import City
from backend.desk.desk import Desk
from backend.feeds.fault import FeedError
from backend.incidents import open_for
from backend.ingest.passages import PassageFault, read, read_fields

LARGEST = 256 * 1024 * 1024
PORTION = 500
"""Passages of one transaction: a person's act never waits long for the writer."""
MOST_FAULTS = 1000


@dataclass
class Progress:
    """What became of a file."""

    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(
            ("received", "written", "same", "unplaced", "faults", "alarms"), 0
        )
    )
    faults: list[PassageFault] = field(default_factory=list)
    """The first of the lines that could not be read."""
    sets: dict[str, int] = field(default_factory=dict)
    """Names of sets that nobody knows, and how many passages each had."""


def take_passages(desk: Desk, path: Path, form: str, mapping: str = "") -> Progress:
    """Read a file into the store, ring for who exceeds twice, and tell what became of it.

    Raises:
        FeedError: the file or the map can't be read, or is not in that format at all.
    """
    fields: Mapping[str, Sequence[str]] | None = read_fields(_text(Path(mapping))) if mapping else None
    body = _body(path)
    progress, waiting = Progress(), list[Passage]()
    with desk.store.read() as connection:
        city = City.read(connection)
    for one in read(body, form, desk.zone, desk.now, fields):
        if isinstance(one, PassageFault):
            progress.counts["faults"] += 1
            if len(progress.faults) < MOST_FAULTS:
                progress.faults.append(one)
            continue
        waiting.append(one)
        if len(waiting) == PORTION:
            _take(desk, city, waiting, progress)
            waiting = []
    _take(desk, city, waiting, progress)
    return progress


def _take(desk: Desk, city: City, passages: Sequence[Passage], progress: Progress) -> None:
    if not passages:
        return
    with desk.store.bulk() as connection:
        taken = take(connection, city, passages, desk.now, feed="import")
        open_for(connection, city, taken.findings, desk.now)
    counts = progress.counts
    counts["received"] += taken.received
    counts["written"] += taken.written
    counts["same"] += taken.same
    counts["unplaced"] += len(taken.unplaced)
    counts["alarms"] += len(taken.findings.raised)
    for name in taken.unplaced:
        progress.sets[name] = progress.sets.get(name, 0) + 1


def _body(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise FeedError("passage.body.large", most=LARGEST // (1024 * 1024))
        return path.read_bytes()
    except OSError as error:
        raise FeedError("passage.body.file", error=str(error.strerror or error)) from error


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FeedError("passage.body.file", error=str(getattr(error, "strerror", "") or error)) from error
