"""A demo's own folder, store, clock and HTTP side, from start to end.

The pack is loaded once into a store of its own that is kept beside the demo and copied at every start, so that only
the first start waits for it. Every start begins afresh: the replay stands at the present, and nothing of an earlier
one, whose clock ran ahead, is left in it.
"""

from __future__ import annotations

import contextlib
import hashlib
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from typing import IO, Any

from sqlalchemy import func, select, update

from backend.access.audit import append
from backend.access.keys import issue
from backend.city.load import load_pack
from backend.city.pack import digest
from backend.city.packs import default_text, heze_path
from backend.city.registry import City
from backend.city.tables import Grid, Person
from backend.clock import Clock
from backend.demo.child import CityServer, ServerFailed
from backend.demo.hands import stretch_recall
from backend.demo.pace import Hand, PacedClock, Pacer
from backend.demo.serve import Wanted
from backend.demo.side import Side
from backend.feeds import health, push
from backend.feeds.runner import poll_feed
from backend.feeds.tables import Feed
from backend.hub.serving import Serving
from backend.ingest import ingest
from backend.store import Store, table
from backend.text import clean
from backend.words import Message
from backend.words.machine import reason
from backend.words.message import Scalar

FEED, GRID, PERSON = table(Feed), table(Grid), table(Person)
COUNTY = 2
"""The level of a county's grid."""
PLACEHOLDER = "http://city.invalid"
"""What the feeds' addresses hold in the kept store until the HTTP side says its port (RFC 2606)."""
HOUR = 3600
BACKFILL = 48 * HOUR
"""How far the pack's feeds look back when they are new (``lookback``)."""
BEFORE_THE_HOUR = 5 * 60
"""A replay begins this long before a whole hour, so that the first hour comes soon."""


class DemoError(Exception):
    """The demo can't start; ``message`` says why and what to do."""

    def __init__(self, code: str, /, **args: str | int) -> None:
        super().__init__(code)
        self.message = Message(code, args)


@dataclass(frozen=True)
class DemoOptions:
    """What a person asks of a demo."""

    folder: Path
    pack: Path = field(default_factory=heze_path)
    seed: int = 1
    speed: float = 60.0
    """Seconds of the city in a real one; 0 where a headless run moves the clock."""
    rate: float = 1.0
    person: str = ""
    """Who sits there; a seat of the first county where empty. Something is planted in their county at the start."""
    at: int | None = None
    """The instant at which the replay begins; the present where None."""


@dataclass
class Demo:
    """A running demo."""

    options: DemoOptions
    store: Store
    clock: Clock
    server: CityServer
    origin: int
    person: str


Progress = Callable[[Message], None]


@contextmanager
def running(options: DemoOptions, progress: Progress = lambda _: None) -> Iterator[Demo]:
    """A demo from start to end; when the block is left nothing of it runs any more.

    Raises:
        DemoError: another demo runs in the folder, nothing can be written there, or the pack can't be loaded.
    """
    # Before anything is made: a folder for a pack that is not there would stay.
    _look_into(options.pack)
    with _alone(options.folder):
        started = time.time()
        origin = options.at if options.at is not None else begins(int(started))
        kept = _kept_store(options, origin, progress)
        path = options.folder / "demo.db"
        _remove(path)
        shutil.copyfile(kept, path)
        store = Store.open(path)
        try:
            if options.speed > 1:
                stretch_recall(store, options.speed)
            person, county = seat_of(store, options.person)
            hand = Hand(origin)
            clock = PacedClock(origin, started, options.speed, hand=hand) if options.speed else hand
            progress(Message("demo.progress.server"))
            with _listening(store, clock) as hub:
                wanted = Wanted(
                    pack=str(options.pack),
                    seed=options.seed,
                    key=secrets.token_hex(16),
                    origin=origin,
                    rate=options.rate,
                    county=county,
                    truth=str(options.folder / "truth.json"),
                    ledger=not options.speed,
                    hub=hub.base,
                    pushes=_open_to_pushes(store, hub.base, origin),
                )
                with _served(wanted, options.folder / "server.log") as server:
                    _point(store, server.base)
                    yield Demo(options, store, clock, server, origin, person)
        finally:
            store.close()


@contextmanager
def _listening(store: Store, clock: Clock) -> Iterator[Serving]:
    """The seat's own HTTP side, in this process."""
    hub = Serving(store, clock)
    try:
        hub.start()
    except OSError as error:
        raise DemoError("demo.hub", error=reason(error)) from error
    try:
        yield hub
    finally:
        hub.stop()


def _open_to_pushes(store: Store, base: str, now: int) -> dict[str, str]:
    """A key for each feed that is pushed, by the feed; its address is where it is pushed to."""
    found = {}
    with store.write() as connection:
        wanted = select(FEED.c.code).where(FEED.c.enabled, FEED.c.adapter.in_(sorted(push.ADAPTERS)))
        for code in connection.execute(wanted).scalars().all():
            found[code] = issue(connection, f"push:{code}", "demo", "demo", now)
            name = found[code].partition(".")[0]
            append(connection, "demo", "key.make", f"push:{code}", now, id=name)
            url = f"{base}/v1/push/{code}"
            connection.execute(update(FEED).where(FEED.c.code == code).values(url=url))
    return found


@contextmanager
def _served(wanted: Wanted, log: Path) -> Iterator[CityServer]:
    server = CityServer(wanted, log)
    try:
        server.start()
    except ServerFailed as error:
        raise DemoError("demo.server", error=clean(str(error)), path=str(log)) from error
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def time_running(demo: Demo) -> Iterator[None]:
    """Let the demo's time run, at its speed, until the block is left."""
    assert isinstance(demo.clock, PacedClock)
    # A store of its own: whoever opens the console closes theirs.
    store = Store.open(demo.options.folder / "demo.db")
    try:
        with Side(demo.server) as side:
            pacer = Pacer(store, demo.clock, side)
            pacer.start()
            try:
                yield
            finally:
                pacer.stop()
    finally:
        store.close()


def seat_of(store: Store, person: str) -> tuple[str, str]:
    """Who sits at the demo and their county: the person named, or a seat of the county that comes first.

    Raises:
        DemoError: there is nobody with this code.
    """
    query = (
        select(PERSON.c.code, GRID.c.county)
        .join(GRID, GRID.c.code == PERSON.c.grid)
        .where(PERSON.c.active)
        .order_by(GRID.c.level != COUNTY, PERSON.c.role != "seat", PERSON.c.grid, PERSON.c.code)
        .limit(1)
    )
    with store.read() as connection:
        first = connection.execute(query.where(PERSON.c.role == "seat")).one_or_none()
        found = connection.execute(query.where(PERSON.c.code == person)).one_or_none() if person else first
    if found is None:
        raise DemoError("demo.person", person=clean(person))
    return found.code, found.county or (first.county if first else "")


def backfill(demo: Demo, progress: Progress = lambda _: None) -> int:
    """Take in the hours before the start over HTTP, so that trends are not empty; gives how many records came."""
    with demo.store.read() as connection:
        wanted = select(FEED.c.id, FEED.c.name, FEED.c.name_en).where(FEED.c.enabled).order_by(FEED.c.id)
        polled = connection.execute(wanted.where(FEED.c.every > 0)).all()
        pushed = connection.execute(wanted.where(FEED.c.code.in_(sorted(demo.server.wanted.pushes)))).all()
        city = City.read(connection)
    progress(Message("demo.progress.backfill", {"hours": BACKFILL // HOUR}))

    def fetch(feed: Any) -> int:
        report = poll_feed(
            demo.store,
            feed.id,
            demo.clock,
            lambda page, number, now: ingest(demo.store, city, number, page, now),
        )
        progress(_came(feed, report.records))
        return report.records

    def take() -> int:
        with Side(demo.server) as side:
            side.move(demo.origin, settle=True)
        total = 0
        for feed in pushed:
            with demo.store.read() as connection:
                taken = health.read(connection, feed.id) or health.NONE
            progress(_came(feed, taken.records))
            total += taken.records
        return total

    # One feed is fetched while another is stored: the upstreams are a process of their own.
    with ThreadPoolExecutor(2) as pool:
        taking = pool.submit(take)
        fetched = sum(pool.map(fetch, polled))
        return fetched + taking.result()


def _came(feed: Any, records: int) -> Message:
    args: dict[str, Scalar] = {"feed": feed.name, "feed_en": feed.name_en or feed.name, "records": records}
    return Message("demo.progress.feed", args)


def begins(now: int) -> int:
    """The latest instant up to `now` that lies shortly before a whole hour."""
    return (now + BEFORE_THE_HOUR) // HOUR * HOUR - BEFORE_THE_HOUR


def _kept_store(options: DemoOptions, now: int, progress: Progress) -> Path:
    """The store with nothing but the pack in it, made where it is not there yet or the pack has changed."""
    name = _fingerprint(options.pack)
    kept = options.folder / f"pack-{name}.db"
    if kept.is_file():
        return kept
    progress(Message("demo.progress.pack"))
    for old in options.folder.glob("pack-*"):
        _remove(old)
    fresh = options.folder / "loading.db"
    _remove(fresh)
    store = Store.open(fresh)
    try:
        # Policies and rules hold from long before the replay: it looks back.
        report = load_pack(store, options.pack, now - 400 * 86_400, base=PLACEHOLDER)
    finally:
        store.close()
    if not report.ok:
        fault = report.faults[0]
        raise DemoError(
            "demo.pack", path=str(options.pack), file=fault.file, line=fault.line, count=len(report.faults)
        )
    fresh.replace(kept)
    return kept


def _look_into(pack: Path) -> None:
    try:
        next(pack.iterdir(), None)
    except OSError as error:
        raise DemoError("demo.no_pack", path=str(pack), error=reason(error)) from error


def _fingerprint(pack: Path) -> str:
    """Differs whenever a store made of the pack would."""
    try:
        own = version("gridseat")
    except PackageNotFoundError:
        own = ""
    steps = sorted((files("backend.store") / "migrations" / "versions").iterdir(), key=lambda step: step.name)
    schema = [step.read_text("utf-8") for step in steps if step.name.endswith(".py")]
    parts = [digest(pack), own, default_text("policy"), default_text("rules"), *schema]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _point(store: Store, base: str) -> None:
    """Tell the feeds where the HTTP side is."""
    with store.write() as connection:
        replaced = func.replace(FEED.c.url, PLACEHOLDER, base)
        connection.execute(update(FEED).values(url=replaced))


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", ".audit", ".audit.lock"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    for left in path.parent.glob(f"{path.name}.seat-*"):
        left.unlink(missing_ok=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One demo in one folder, which is made where it is not there yet."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = (folder / "lock").open("w")
    except OSError as error:
        raise DemoError("demo.folder", folder=str(folder), error=reason(error)) from error
    with held as file:
        if not _lock(file):
            raise DemoError("demo.taken", folder=str(folder))
        yield


def _lock(file: IO[str]) -> bool:
    try:
        import fcntl
    except ImportError:
        return True
    with contextlib.suppress(OSError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False
