"""The job of the channels: send what is due, note what became of it, and tell when a channel is dead.

Each try is written down before it is made and settled after it, so that whoever is killed in between leaves the
delivery due: it is sent again, with the same dedup id. Every channel has a thread of its own: one that stalls keeps
no other waiting.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection, select, update

from backend.city.called import called
from backend.city.tables import CityFact, Grid
from backend.clock import Clock
from backend.feeds.fault import FeedError
from backend.feeds.http import Fetcher, HttpFetcher
from backend.notify import channels, command, dead, outbox, ringing, webhook
from backend.notify.channels import CHANNEL, ChannelRow, Spec
from backend.notify.envelope import Envelope
from backend.notify.numbers import Numbers, numbers
from backend.notify.results import Failure
from backend.store import Store, table
from backend.text import clean
from backend.words import Message, say
from backend.words.say import Language

FACT, GRID = table(CityFact), table(Grid)
Tell = Callable[[Connection, Message, Language], str]
"""Says a message with people and bodies called by their names."""
TIDY = 60
"""Seconds between two looks at what is too old or too many, where nothing is sent."""
SPARE = 60
"""Seconds beyond its time-out after which a try that was never settled counts as lost."""


@dataclass(slots=True)
class Report:
    """What one turn did."""

    sent: int = 0
    failed: int = 0
    lost: int = 0
    """Given up or dropped."""
    dead: int = 0


@dataclass(slots=True)
class Post:
    """Sends what is due on the channels of a store."""

    store: Store
    clock: Clock
    tell: Tell = lambda _connection, message, language: say(message, language)
    fetchers: Callable[[int], Fetcher] | None = None
    """Makes what speaks HTTP, by the seconds that an answer may take; the network where None."""
    kept: int = 0
    """When the outbox was last put in order."""

    def turn(self) -> Report:
        """Send what is due now, on all channels at once; nothing goes out over one that waits."""
        report, now = Report(), self.clock.now()
        with self.store.read() as connection:
            rows = channels.read(connection, counted=False)
            rings = any(one.enabled for one in rows) and ringing.waits(connection, now)
        if rings:
            with self.store.bulk() as connection:
                ringing.tell(connection, now)
        with self.store.read() as connection:
            work = [one for one in rows if _due(one, now) and outbox.due(connection, one.spec.code, now, 1)]
            alarmed = bool(dead.standing(connection)) or any(one.state == "dead" for one in rows)
        lock = threading.Lock()

        def run(one: ChannelRow) -> None:
            sent, failed = self._channel(one)
            with lock:
                report.sent += sent
                report.failed += failed

        threads = [threading.Thread(target=run, args=(one,), daemon=True) for one in work[1:]]
        for thread in threads:
            thread.start()
        if work:
            run(work[0])
        for thread in threads:
            thread.join()
        now = self.clock.now()
        if work or alarmed or (rows and now - self.kept >= TIDY):
            # A house without channels is not written to.
            self.kept = now
            with self.store.bulk() as connection:
                report.lost = outbox.give_up(connection, now)
                report.dead = dead.follow(connection, now)
        return report

    def _channel(self, row: ChannelRow) -> tuple[int, int]:
        """Send what is due on one channel until it fails; how many were sent, how many were not."""
        spec, sent = row.spec, 0
        fetcher = self._fetcher(spec)
        try:
            now = self.clock.now()
            with self.store.read() as connection:
                due = outbox.due(connection, spec.code, now, numbers(now).most_in_turn)
            for one in due:
                try:
                    sent += self._one(spec, one, fetcher)
                except Failure as failure:
                    if not failure.turned_down:
                        return sent, 1
            return sent, 0
        finally:
            close = getattr(fetcher, "close", None)
            if callable(close):
                close()

    def _fetcher(self, spec: Spec) -> Fetcher | None:
        if spec.kind != "webhook":
            return None
        if self.fetchers is not None:
            return self.fetchers(spec.timeout)
        return HttpFetcher(timeout=float(spec.timeout), max_body=numbers(self.clock.now()).read_bytes)

    def _one(self, spec: Spec, one: str, fetcher: Fetcher | None) -> int:
        """Send one delivery; 1 where it went, 0 where it was no longer to go."""
        now = self.clock.now()
        held = numbers(now)
        with self.store.write() as connection:
            row = outbox.claim(connection, one, now, now + 4 * spec.timeout + SPARE)
            if row is None:
                return 0
            envelope, zone = self._envelope(connection, spec, row)
        try:
            _send(spec, envelope, zone, now, fetcher, held)
        except Failure as failure:
            self._failed(spec, one, envelope.attempt, failure, held)
            raise
        done = self.clock.now()
        with self.store.write() as connection:
            outbox.settle(connection, one, "sent", sent_at=done, error="", error_args="")
            worked(connection, spec.code, done)
        return 1

    def _failed(self, spec: Spec, one: str, tries: int, failure: Failure, held: Numbers) -> None:
        now = self.clock.now()
        wait = held.wait(tries) if failure.wait is None else failure.wait
        over = failure.turned_down and tries >= held.refused_tries
        with self.store.write() as connection:
            state = "failed" if over else "waiting"
            outbox.settle(connection, one, state, next_at=now + wait, **channels.kept(failure.message))
            if not failure.turned_down:
                _broken(connection, spec.code, now, failure, held)

    def _envelope(self, connection: Connection, spec: Spec, row: Any) -> tuple[Envelope, ZoneInfo]:
        facts = _facts(connection)
        message = Message(row["code"], msgspec.json.decode(row["args"]) if row["args"] else {})
        envelope = Envelope(
            id=row["id"],
            at=row["made"],
            priority=row["priority"],
            grid=row["grid"],
            grid_name=_grid_name(connection, row["grid"], spec.language),
            task=row["task"],
            department=row["department"],
            code=row["code"],
            text=clean(self.tell(connection, message, spec.language), limit=1000),
            city=facts.get("name", ""),
            attempt=row["attempts"],
        )
        return envelope, ZoneInfo(facts.get("zone", "UTC"))


def probe(store: Store, spec: Spec, clock: Clock, by: str, fetcher: Fetcher | None = None) -> Message | None:
    """Send a trial notice over a channel now, past the outbox; what went wrong, None where it went through."""
    now = clock.now()
    with store.read() as connection:
        facts = _facts(connection)
        name = _grid_name(connection, spec.grid, spec.language)
    text = say(Message("channel.trial", {"city": facts.get("name", ""), "by": by}), spec.language)
    envelope = Envelope(
        outbox.delivery_id(f"trial:{now}:{by}", spec.code), now, spec.priority, spec.grid, name, "",
        "channel.trial", text, facts.get("name", ""), kind="test",
    )  # fmt: skip
    held = numbers(now)
    own = None if fetcher is not None else HttpFetcher(timeout=float(spec.timeout), max_body=held.read_bytes)
    failure = None
    try:
        _send(spec, envelope, ZoneInfo(facts.get("zone", "UTC")), now, fetcher or own, held)
    except Failure as error:
        failure = error
    finally:
        if own is not None:
            own.close()
    with store.write() as connection:
        if failure is None:
            worked(connection, spec.code, clock.now())
        else:
            _broken(connection, spec.code, clock.now(), failure, held)
        dead.follow(connection, clock.now())
    return None if failure is None else failure.message


def _send(
    spec: Spec, envelope: Envelope, zone: ZoneInfo, now: int, fetcher: Fetcher | None, held: Numbers
) -> None:
    try:
        if spec.kind == "command":
            command.send(spec, envelope, zone, held)
        else:
            assert fetcher is not None
            webhook.send(spec, envelope, zone, now, fetcher, held)
    except (FeedError, OSError, ValueError) as error:
        # Nothing that a receiver or a command does may end the job.
        raise Failure(Message("channel.broken", {"error": type(error).__name__})) from error


def _due(row: ChannelRow, now: int) -> bool:
    return row.enabled and (row.next_at is None or row.next_at <= now)


def worked(connection: Connection, code: str, now: int) -> None:
    """Note that a channel works."""
    connection.execute(
        update(CHANNEL)
        .where(CHANNEL.c.code == code)
        .values(state="ok", failures=0, since=None, ok_at=now, tried_at=now, next_at=None,
                error="", error_args="")
    )  # fmt: skip


def _broken(connection: Connection, code: str, now: int, failure: Failure, held: Numbers) -> None:
    """Note that a channel failed: it is left alone for a while, and is dead after too many times."""
    row = connection.execute(
        select(CHANNEL.c.failures, CHANNEL.c.since).where(CHANNEL.c.code == code)
    ).one_or_none()
    if row is None:
        return
    failures, since = row.failures + 1, row.since if row.since is not None else now
    gone = failures >= held.dead_after_failures or now - since >= held.dead_after_seconds
    wait = held.wait(failures) if failure.wait is None else failure.wait
    connection.execute(
        update(CHANNEL)
        .where(CHANNEL.c.code == code)
        .values(state="dead" if gone else "failing", failures=failures, since=since, tried_at=now,
                next_at=now + wait, **channels.kept(failure.message))
    )  # fmt: skip


def _facts(connection: Connection) -> dict[str, str]:
    return {row.key: row.value for row in connection.execute(select(FACT))}


def _grid_name(connection: Connection, grid: str, language: Language) -> str:
    query = select(called(GRID, language)).where(GRID.c.code == grid)
    return connection.execute(query).scalar_one_or_none() or ""
