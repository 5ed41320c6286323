"""Every way in: what a pack, a feed, a file, a caller or an operator brings lies in the store as text.

Threats T3, T9 and T11, and the other half of `tests.egress.test_tour`: there the store is poisoned behind these doors, here through them.
"""

# ruff: noqa: E501 - tables of acts

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import SQLModel

from backend.city.load import load_pack
from backend.city.registry import City
from backend.clock import ManualClock
from backend.desk import alarms, cases, duty, importing, intake, orders, reports
from backend.desk.desk import Desk
from backend.feeds.fault import FeedError
from backend.feeds.http import Ask, Reply
from backend.feeds.record import Page
from backend.feeds.runner import poll_feed
from backend.feeds.tables import Feed
from backend.ingest import ingest
from backend.store import Store, table
from backend.store.schema import load_tables
from tests.egress import city
from tests.egress.corpus import MORE, PROBES, SEED, corpus
from tests.egress.judge import shown
from tests.tools.small_city import write_small_city

TEXTS = [*PROBES.values(), *MORE.values(), *corpus(600, SEED + 9)]
SEAT, CHIEF = "P-990001-S1", "P-990001-V"
NAMED = {"name", "name_en", "phone", "industry", "contact", "address"}
RAW = {("aside", "raw"), ("case_aside", "raw"), ("seat_memory", "body")}
"""What is kept as it came, beside what is shown of it."""


def foreign(store: Store) -> list[str]:
    """Where in the store something lies that no screen may show."""
    load_tables()
    found = []
    with store.read() as connection:
        for name, of in SQLModel.metadata.tables.items():
            for row in connection.execute(select(of)).mappings():
                for column, value in row.items():
                    if isinstance(value, str) and (name, column) not in RAW:
                        found += [f"{name}.{column}: {part!a}" for part in _texts(value) if not _plain(part)]
    return found


def _texts(value: str) -> Iterator[str]:
    """A text; of one that is JSON, every text and every key in it."""
    if value[:1] in "[{":
        try:
            yield from _leaves(json.loads(value))
            return
        except ValueError:
            pass
    yield value


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from _leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(one)


def _plain(text: str) -> bool:
    return all(letter in "\n\t" or shown(letter) for letter in text)


def poisoned_pack(folder: Path, texts: Iterator[str]) -> Path:
    """A pack in which every name is a text of the corpus."""
    write_small_city(folder)
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines)
            header, rows = list(reader.fieldnames or ()), list(reader)
        for row in rows:
            for column in NAMED & set(header):
                if path.name != "parameters.csv":
                    # A name has to be there, and no more than a screen can take.
                    row[column] = f"名{city.storable(next(texts))}"[:300]
        with path.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, header)
            writer.writeheader()
            writer.writerows(rows)
    return folder


def endless(texts: list[str]) -> Iterator[str]:
    while True:
        yield from texts


@pytest.fixture
def loaded(store: Store, clock: ManualClock, tmp_path: Path) -> Store:
    """The small city, its names poisoned in the pack."""
    folder = poisoned_pack(tmp_path / "pack", endless(TEXTS))
    for _ in range(20):
        report = load_pack(store, folder, clock.now())
        if report.ok:
            return store
        # What holds a control is refused with its line, in words that hold none; the rest of the names stay.
        assert all(
            _plain(str(value)) for one in report.faults for value in (*one.message.args.values(), one.file)
        )
        mend(folder, {(one.file, one.line) for one in report.faults})
    raise AssertionError(report.faults[:3])


def mend(folder: Path, faulty: set[tuple[str, int]]) -> None:
    """Give the rows that begin at these lines honest names."""
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines)
            header, begin = list(reader.fieldnames or ()), 2
            rows: list[dict[str, str]] = []
            for row in reader:
                if any(name == path.name and begin <= line <= reader.line_num for name, line in faulty):
                    row.update({column: f"名{len(rows)}" for column in NAMED & set(header)})
                rows.append(row)
                begin = reader.line_num + 1
        with path.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, header)
            writer.writeheader()
            writer.writerows(rows)


def test_a_pack(loaded: Store) -> None:
    assert foreign(loaded) == []


class Hostile:
    """An upstream that answers with a text, or fails with one."""

    def __init__(self, body: bytes | Exception) -> None:
        self.body = body

    def fetch(self, ask: Ask) -> Reply:
        """The answer."""
        if isinstance(self.body, Exception):
            raise self.body
        return Reply(200, {"ETag": '"\x1b]2;x\x07"', "Last-Modified": "\x1b[2J"}, self.body, ask.url)

    def close(self) -> None:
        """Nothing to close."""


def bodies() -> list[bytes | Exception]:
    """Answers in which each text stands in a value, a key, a number, a time, a station's code; and errors of HTTP."""
    found: list[bytes | Exception] = []
    for text in TEXTS[:160]:
        raw = text.encode("utf-8", "surrogatepass")
        found.append(b"station,time,PM2.5\n" + raw + b",2026-11-03 15:00,12\n")
        found.append(b"station,time," + raw + b"\nTA11,2026-11-03 15:00,12\n")
        found.append(b"station,time,PM2.5\nTA11," + raw + b"," + raw + b"\n")
        found.append(json.dumps({text: [{"station": text, "time": text, "value": text}]}).encode())
        found.append(FeedError("feed.http.broken", host=text, error=text))
        found.append(FeedError("feed.http.status", status=text))
        found.append(OSError(text))
    return found


def test_a_feed_its_answers_and_its_errors(loaded: Store, clock: ManualClock) -> None:
    feed = table(Feed)
    with loaded.read() as connection:
        numbers = list(connection.execute(select(feed.c.id)).scalars())

    def take(page: Page, feed: int, now: int) -> object:
        with loaded.read() as connection:
            known = City.read(connection)
        return ingest(loaded, known, feed, page, now)

    for place, body in enumerate(bodies()):
        report = poll_feed(loaded, numbers[place % len(numbers)], clock, take, Hostile(body))
        assert report.message is None or all(_plain(str(one)) for one in report.message.args.values())
        clock.move(7200)
    assert foreign(loaded) == []


def test_files_of_readings_and_cases_whatever_they_are_called(
    loaded: Store, clock: ManualClock, tmp_path: Path
) -> None:
    desk = Desk.open(loaded, SEAT, clock=clock)
    for place, text in enumerate(TEXTS[:120]):
        body = text.encode("utf-8", "replace")
        name = city.storable(text).replace("/", "_")[:40].encode()[:120].decode("utf-8", "ignore") or "x"
        readings, told = tmp_path / f"{place}{name}.csv", tmp_path / f"{place}{name}.cases"
        readings.write_bytes(b"station,time,PM2.5\n" + body + b",2026-11-03 15:00,12\nTA11," + body + b",1\n")
        told.write_bytes(
            b"number,at,type,text,place\n"
            + body
            + b",2026-11-03 15:20,straw_burning,"
            + body
            + b","
            + body
            + b"\n"
        )
        told_of = [
            *_taken(partial(list, importing.take_file(desk, readings, "csv"))),
            *_taken(partial(cases.take_cases, desk, told, "csv")),
        ]
        assert all(map(_plain, told_of))
    assert foreign(loaded) == []


def _taken(take: Callable[[], object]) -> list[str]:
    """Read a file; what is said of it where it is no such file."""
    try:
        take()
    except FeedError as error:
        return [str(one) for one in error.message.args.values()]
    return []


@pytest.mark.slow
def test_what_people_type_and_paste(store: Store, clock: ManualClock) -> None:
    city.build(store, clock)
    desk, chief = Desk.open(store, SEAT, clock=clock), Desk.open(store, CHIEF, clock=clock)
    done = 0
    for text in TEXTS[:70]:
        span = {"starts": clock.now(), "ends": clock.now() + 3600}
        outcomes = [
            intake.enter(desk, type="site_dust", place="grid:990001001", channel="12345", text=text, caller=text, number=text),
            intake.enter(desk, type="straw_burning", place="grid:990001002", text=f"烟 {text}"),
            duty.remark(desk, text),
            reports.remark(chief, "2026-11-02", text),
            orders.issue(chief, kind="instruction", title=text, scope_kind="grid", scope="990001", text=text, issued_by=text, **span),  # type: ignore[arg-type]
            alarms.shelve(desk, 1, seconds=600, reason=text),
            alarms.shelve(desk, 2, seconds=600, reason=f"校准 {text}"),
        ]  # fmt: skip
        done += sum(one.ok for one in outcomes)
        assert all(_plain(str(value)) for one in outcomes for value in one.message.args.values())
        clock.move(700)
    assert done > 200
    assert foreign(store) == []
