"""What runs when: feeds, clocks, alarms, upkeep; under a lease, so that one process of a store runs them.

The truth about what is due lies in the store (`feed_health.next_at`, `due.at`, `alarm.shelved_until`), so nothing is
lost when the process ends: APScheduler is only the clock that looks. A replay or a test calls `run_due` itself
and moves its own clock between the calls.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from backend import alarms, incidents
from backend.alarms.power_usual import renew
from backend.analysis.forecast.awaited import awaited
from backend.city.registry import City
from backend.clock import Clock, ScaledClock
from backend.desk import naming
from backend.duty import answers, watch
from backend.escalation import auditor, sweep
from backend.escalation.plan import plan
from backend.escalation.tables import Heartbeat
from backend.feeds import health
from backend.feeds.http import HttpFetcher
from backend.feeds.record import Page
from backend.feeds.runner import PollReport, poll_feed
from backend.ingest import ingest
from backend.notify.deliver import Post
from backend.notify.vehicles import tell_late
from backend.notify.windows import tell_end
from backend.reports import reminders
from backend.scores import making as scores
from backend.store import Store, away, lease, table, upsert
from backend.store.tables import Reading
from backend.store.upkeep import keep_house
from backend.tasks import doubt, seals
from backend.tasks.done import ended_work
from backend.tasks.tables import Task
from backend.words import Message, say
from backend.words.say import Language

if TYPE_CHECKING:
    from subprocess import Popen

    from apscheduler.schedulers.background import BackgroundScheduler

    from backend.analysis.checks.run import Checker
    from backend.analysis.hotspots.job import Job as HotJob

HEARTBEAT, READING, TASK = table(Heartbeat), table(Reading), table(Task)
_DAYS = 2 * 86400
"""Seconds back in which readings must have come before anybody looks for hot grids."""
LEASE = "jobs"
LANES = ("feeds", "clocks", "channels", "checks")
REST = 120.0
"""Real seconds between two forecasts: a replay's hours may pass faster than they are worth."""
PATIENCE = 2.0
"""Real seconds that an end waits for what is under way."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """Something that is done every so often."""

    name: str
    every: int
    """Seconds of the store's clock."""
    run: Callable[[int], Any]
    """Takes the instant."""
    lane: str = "clocks"
    """Jobs of one lane wait for each other: an upstream that answers slowly must not keep an escalation waiting."""


@dataclass
class Scheduler:
    """Runs the jobs of a store, in threads of its own."""

    store: Store
    clock: Clock
    on_change: Callable[[], None] = lambda: None
    """Called, from a job's thread, when a job may have changed what a screen shows."""
    parallel: int = 4
    """Feeds that are polled at once."""
    lease_seconds: float = 30.0
    """Real seconds after which a killed holder's lease passes on; it is renewed at every look."""
    pace: float | None = None
    """Real seconds between two looks; by the clock's speed where None."""
    _holder: str = field(default_factory=lease.holder_name)
    _ran: dict[str, int] = field(default_factory=dict)
    _kept_house: bool = False
    _turns: dict[str, threading.Lock] = field(
        default_factory=lambda: {lane: threading.Lock() for lane in LANES}
    )
    _under_way: dict[str, threading.Thread] = field(default_factory=dict)
    _ending: bool = False
    _fetcher: HttpFetcher | None = None
    _mail: Post | None = None
    _checker: Checker | None = None
    _hot: HotJob | None = None
    _forecasting: Popen[bytes] | None = None
    _forecast_at: float = -REST
    _clockwork: BackgroundScheduler | None = None

    def jobs(self) -> tuple[Job, ...]:
        """Every job, in the order in which they run when several are due."""
        return (
            Job("feeds", 5, self._poll, lane="feeds"),
            Job("alarms", 60, self._sweep_alarms),
            Job("escalation", 15, lambda now: sweep.sweep(self.store, now)),
            Job("doubt", 60, self._spread_doubt),
            Job("auditor", 60, self._audit),
            Job("duty", 60, self._watch_duty),
            Job("scores", 300, self._score),
            Job("reminders", 60, self._remind),
            Job("seals", 3600, self._seal),
            Job("upkeep", 3600, self._keep_house),
            Job("channels", 5, self._post, lane="channels"),
            Job("checks", 60, self._check, lane="checks"),
            Job("hotspots", 60, self._find_hot, lane="checks"),
            Job("forecast", 60, self._forecast, lane="checks"),
        )

    def run_due(self, now: int | None = None, lanes: Sequence[str] = LANES) -> list[str]:
        """Run every job whose time has come, one after the other; returns their names.

        A job that fails is logged and tried again at its next time; it never stops the others.
        """
        at = self.clock.now() if now is None else now
        done = []
        for lane in lanes:
            with self._turns[lane]:
                done += [job.name for job in self._of(lane) if self._run(job, at)]
        if done:
            self.on_change()
        return done

    def _of(self, lane: str) -> Iterator[Job]:
        """The jobs of a lane; no more of them once the end has begun."""
        for job in self.jobs():
            if job.lane == lane and not self._ending:
                yield job

    def _run(self, job: Job, at: int) -> bool:
        if at - self._ran.get(job.name, -(1 << 60)) < job.every:
            return False
        self._ran[job.name] = at
        try:
            job.run(at)
        except Exception as error:
            _log.exception("job %s failed", job.name)
            self._beat(job.name, at, f"{type(error).__name__}: {error}")
        else:
            self._beat(job.name, at, "")
        return True

    def start(self) -> None:
        """Look from now on, until `stop`; a process without the lease only watches for it."""
        from apscheduler.schedulers.background import BackgroundScheduler

        pace = self.pace or self._own_pace()
        self._clockwork = BackgroundScheduler(
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        )
        for lane in LANES:
            self._clockwork.add_job(self._look, "interval", args=(lane,), seconds=pace, id=lane)
        self._clockwork.start()

    def _own_pace(self) -> float:
        speed = self.clock.speed if isinstance(self.clock, ScaledClock) else 1.0
        return min(5.0, max(0.5, 5 / speed))

    def stop(self) -> None:
        """End the looking, wait a moment for what runs, and give the lease back.

        A person who leaves does not wait for an upstream, a receiver or whoever holds the store. What a poll had not
        handed over is asked for again, since its watermark has not moved; what was not known to be delivered is sent
        again; what a job had not committed it does when it is next looked for.
        """
        self._ending = True
        clockwork, self._clockwork = self._clockwork, None
        if clockwork is not None:
            clockwork.shutdown(wait=False)
        until = time.monotonic() + PATIENCE
        turns, self._under_way = self._under_way, {}
        for turn in turns.values():
            turn.join(max(0.0, until - time.monotonic()))
        polling = turns.get("feeds")
        self._end_forecast()
        if self._fetcher is not None and (polling is None or not polling.is_alive()):
            self._fetcher.close()
            self._fetcher = None
        with suppress(SQLAlchemyError):
            # Where somebody else holds the store for so long it runs out by itself.
            lease.release(self.store, LEASE, self._holder)

    def _end_forecast(self) -> None:
        """End the process that forecasts: what it had not finished is made anew by whoever looks next.

        A disk that it writes to, or a machine with no time for it, may keep it longer than anybody waits: it is killed
        all the same, and nothing of ours has failed.
        """
        if (child := self._forecasting) is not None and child.poll() is None:
            from subprocess import TimeoutExpired

            child.kill()
            with suppress(TimeoutExpired):
                child.wait(PATIENCE)

    def _look(self, lane: str) -> None:
        """Take a lane's turn in a thread that ends with the process, whatever it waits for; one turn at a time."""
        turn = self._under_way.get(lane)
        if not self._ending and (turn is None or not turn.is_alive()):
            turn = self._under_way[lane] = threading.Thread(target=self._turn, args=(lane,), daemon=True)
            turn.start()

    def _turn(self, lane: str) -> None:
        try:
            if not self._ending and lease.acquire(self.store, LEASE, self._holder, self.lease_seconds):
                self.run_due(lanes=(lane,))
        except Exception as error:
            # Broad with a reason: a failing job is told by `_run`, and never comes here. What comes here is the store
            # itself: held by another process for too long, or closed under a turn that nobody waits for after the end,
            # which SQLAlchemy, the driver and our own engine each say by an error of their own.
            if self._ending:
                return
            if away(error):
                _log.warning("%s: the database's server is away", lane)
            else:
                _log.exception("a turn of %s failed", lane)

    def _poll(self, now: int) -> None:
        with self.store.read() as connection:
            feeds = health.due(connection, now)
        if feeds and self._fetcher is None:
            self._fetcher = HttpFetcher()
        waiting = iter(feeds)
        turn = threading.Lock()

        def work() -> None:
            while True:
                with turn:
                    feed = next(waiting, None)
                if feed is None:
                    return
                self._poll_one(feed)

        threads = [threading.Thread(target=work, daemon=True) for _ in feeds[: self.parallel]]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _poll_one(self, feed: int) -> PollReport:
        return poll_feed(self.store, feed, self.clock, self._take, self._fetcher)

    def _take(self, page: Page, feed: int, now: int) -> Any:
        return ingest(self.store, self._read_city(), feed, page, now, tell=tell_late)

    def _read_city(self) -> City:
        with self.store.read() as connection:
            return City.read(connection)

    def _sweep_alarms(self, now: int) -> None:
        health.sweep(self.store, now)
        city = self._read_city()
        renew(self.store, city, now)
        with self.store.bulk() as connection:
            findings = alarms.sweep(connection, city, now, ended=partial(ended_work, connection))
            incidents.open_for(connection, city, findings, now)
            for window in findings.windows:
                tell_end(connection, window)
            worked_on = select(TASK.c.incident).where(TASK.c.closed.is_(None), TASK.c.incident != "")
            ended = select(TASK.c.incident).where(
                TASK.c.closed.is_not(None), TASK.c.incident.in_(incidents.told_and_open())
            )
            incidents.close_quiet(
                connection,
                now,
                set(connection.execute(worked_on).scalars()),
                set(connection.execute(ended).scalars()),
            )

    def _seal(self, now: int) -> None:
        with self.store.write() as connection:
            seals.seal(connection, now)

    def _post(self, _now: int) -> None:
        if self._mail is None:
            self._mail = Post(self.store, self.clock, _told)
        self._mail.turn()

    def _check(self, now: int) -> None:
        if self._checker is None:
            from backend.analysis.checks.run import Checker

            self._checker = Checker(self.store)
        self._checker.turn(self._read_city(), now)

    def _find_hot(self, now: int) -> None:
        if self._hot is None:
            with self.store.read() as connection:
                come = connection.execute(
                    select(READING.c.start).where(READING.c.start > now - _DAYS).limit(1)
                )
                if come.first() is None:
                    return
            from backend.analysis.hotspots.job import Job as HotJob

            self._hot = HotJob(self.store, self._read_city)
        self._hot.turn(now)

    def _forecast(self, now: int) -> None:
        """Start the hour's forecast in a process of its own, once the readings had time to come."""
        if self._clockwork is None or time.monotonic() - self._forecast_at < REST:
            return
        child, self._forecasting = self._forecasting, None
        if child is not None and (ended := child.poll()) != 0:
            if ended is None:
                self._forecasting = child
                return
            raise RuntimeError(f"the forecast's process ended with {ended}")
        zone = self._read_city().zone
        with self.store.read() as connection:
            wanted = awaited(connection, now, zone)
        if wanted:
            from backend.analysis.forecast.child import start

            self._forecast_at = time.monotonic()
            self._forecasting = start(self.store, now)

    def _spread_doubt(self, now: int) -> None:
        with self.store.write() as connection:
            doubt.spread(connection, now, plan)

    def _score(self, now: int) -> None:
        zone = self._read_city().zone
        with self.store.write() as connection:
            scores.run(connection, zone, now)

    def _remind(self, now: int) -> None:
        zone = self._read_city().zone
        with self.store.write() as connection:
            answers.remind(connection, zone, now)
            if reminders.wanted(zone, now):
                reminders.remind(connection, zone, now)

    def _audit(self, now: int) -> None:
        with self.store.write() as connection:
            auditor.audit(connection, now)

    def _keep_house(self, now: int) -> None:
        # Nobody kept house while no process ran: the first turn looks further back.
        first, self._kept_house = not self._kept_house, True
        keep_house(self.store, now, window=90 if first else 3)

    def _watch_duty(self, now: int) -> None:
        zone = self._read_city().zone
        with self.store.read() as connection:
            found = watch.findings(connection, zone, now)
        if found:
            with self.store.write() as connection:
                watch.tell(connection, found, now)

    def _beat(self, job: str, now: int, note: str) -> None:
        row = {"job": job, "at": now, "wall": time.time(), "note": note[:500]}
        with self.store.bulk() as connection:
            upsert(connection, HEARTBEAT, [row], keys=["job"])


def _told(connection: Connection, message: Message, language: Language) -> str:
    """A message with people and bodies called by their names."""
    codes = [str(message.args[key]) for key in naming.PARTIES if message.args.get(key)]
    return say(naming.named(message, naming.names(connection, codes, language)), language)
