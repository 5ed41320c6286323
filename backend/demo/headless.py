"""A demo without a screen: the clock moves in steps, feeds are polled and pushed over HTTP, people act, everything
is counted.

What is counted is read back from the store and from what the upstreams say they served; nothing is assumed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, func, select

from backend.alarms.tables import Alarm, AlarmAct
from backend.city.tables import Grid, Parameter, Station
from backend.clock import ManualClock
from backend.demo import accounts
from backend.demo.players import Players
from backend.demo.run import Demo
from backend.demo.side import Side
from backend.incidents.tables import Incident
from backend.standards.flags import Flag
from backend.store import Store, table
from backend.store.tables import Reading
from backend.tasks.tables import Act, Task
from backend.words import Message

ACT, ALARM, ALARM_ACT = table(Act), table(Alarm), table(AlarmAct)
INCIDENT, PARAMETER = table(Incident), table(Parameter)
GRID, READING, STATION, TASK = table(Grid), table(Reading), table(Station), table(Task)
REGIONAL = "regional"
"""The rule of the alarms of regions."""
STEP = 300
"""Seconds of the city between two looks of its people."""
HOUR = 3600
GRACE = 2 * HOUR
"""After an episode's end, an alarm that began within this is still its alarm."""

Jobs = Callable[[int], object]
"""Runs every job that is due at an instant: polls feeds, sweeps alarms and clocks."""
Progress = Callable[[Message], None]
Began = dict[tuple[str, str | None], list[int]]
"""Station (or ``regional`` and the grid) and parameter: when alarms began there."""


@dataclass
class Result:
    """What a run came to; `as_json` is what is printed."""

    hours: int
    readings: int = 0
    flags: dict[str, int] = field(default_factory=dict)
    alarms: int = 0
    planted: int = 0
    found: int = 0
    by_kind: dict[str, dict[str, int]] = field(default_factory=dict)
    tasks: dict[str, int] = field(default_factory=dict)
    escalations: int = 0
    lost: int = 0
    doubled: int = 0
    served: int = 0
    answers: int = 0
    repeats: int = 0
    pushed: dict[str, dict[str, int]] = field(default_factory=dict)
    """By feed: what its gateway counts, and ``asides``: what the store put aside of it."""
    acts: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    regional: dict[str, int] = field(default_factory=dict)
    """``incidents`` of regions that are part of no other, and alarms ``suppressed``: something larger (a region, a
    feed) spoke for them, for a time at least."""
    checks: dict[str, int] = field(default_factory=dict)
    rules: dict[str, int] = field(default_factory=dict)
    examples: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The object of ``--json``: the keys of the formats page first, then what helps to read them."""
        return {
            "hours": self.hours,
            "readings": self.readings,
            "flags": self.flags,
            "alarms": self.alarms,
            "episodes": {"planted": self.planted, "found": self.found, "kinds": self.by_kind},
            "tasks": self.tasks,
            "escalations": self.escalations,
            "lost": self.lost,
            "doubled": self.doubled,
            "served": {"readings": self.served, "answers": self.answers, "repeats": self.repeats},
            "pushed": self.pushed,
            "acts": {"answered": self.acts, "refused": self.refused},
            "regional": self.regional,
            "checks": self.checks,
            "rules": self.rules,
            "examples": self.examples,
        }


def play(demo: Demo, hours: int, jobs: Jobs, progress: Progress = lambda _: None) -> Result:
    """Run a demo for so many hours of its city and count.

    Args:
        demo: one whose clock stands (``speed`` 0).
        jobs: what a console's scheduler runs.
    """
    clock = demo.clock
    assert isinstance(clock, ManualClock)
    end = demo.origin + hours * HOUR
    players = Players(demo.store, clock, demo.options.seed)
    with Side(demo.server) as side:
        while clock.now() < end:
            clock.move(min(STEP, end - clock.now()))
            side.move(clock.now(), settle=True)
            jobs(clock.now())
            players.turn()
            done = clock.now() - demo.origin
            if done % HOUR == 0:
                acts = len(players.answered)
                progress(Message("demo.progress.hour", {"hour": done // HOUR, "hours": hours, "acts": acts}))
        served = side.ask("/_truth/served")
        truth = side.ask("/_truth/episodes")
    balance = accounts.readings(demo.store, served["readings"], served["offered"])
    accounts.acts(demo.store, players.answered, balance)
    pushed = accounts.asides(demo.store, served["pushed"], balance)
    result = Result(hours, readings=balance.stored, lost=balance.lost, doubled=balance.doubled)
    result.served, result.answers, result.repeats = balance.served, served["answers"], served["repeats"]
    result.pushed = pushed
    result.acts, result.refused = len(players.answered), players.refused
    result.examples = balance.examples
    _count(demo.store, result)
    _score(demo.store, truth, demo.origin, end, result)
    return result


def _count(store: Store, result: Result) -> None:
    with store.read() as connection:
        flags = connection.execute(select(READING.c.flag, func.count()).group_by(READING.c.flag))
        result.flags = {Flag(row[0]).name.lower(): row[1] for row in sorted(flags)}
        checks: Counter[str] = Counter()
        spoken = connection.execute(
            select(READING.c.reason, func.count()).where(READING.c.reason != "").group_by(READING.c.reason)
        )
        for reason, count in spoken:
            checks.update(dict.fromkeys(reason.split(), count))
        result.checks = dict(sorted(checks.items()))
        rules = connection.execute(select(ALARM.c.rule, func.count()).group_by(ALARM.c.rule))
        result.rules = {row[0]: row[1] for row in sorted(rules)}
        result.alarms = sum(result.rules.values())
        result.regional = {
            "incidents": connection.execute(
                select(func.count(INCIDENT.c.id.distinct()))
                .join(ALARM, ALARM.c.incident == INCIDENT.c.id)
                .where(ALARM.c.rule == REGIONAL, INCIDENT.c.merged_into == "")
            ).scalar_one(),
            "suppressed": connection.execute(
                select(func.count(ALARM_ACT.c.alarm.distinct())).where(ALARM_ACT.c.act == "suppress")
            ).scalar_one(),
        }
        states = connection.execute(select(TASK.c.state, func.count()).group_by(TASK.c.state))
        result.tasks = {row[0]: row[1] for row in sorted(states)}
        result.escalations = connection.execute(
            select(func.count()).where(ACT.c.kind == "escalate", ACT.c.result == "applied")
        ).scalar_one()


def _score(store: Store, truth: Sequence[Mapping[str, Any]], origin: int, end: int, result: Result) -> None:
    """Which of the planted episodes rang: those whose first hour was over two hours before the end."""
    with store.read() as connection:
        rang = connection.execute(
            select(STATION.c.code, PARAMETER.c.code, ALARM.c.began, ALARM.c.rule, ALARM.c.grid)
            .select_from(ALARM)
            .outerjoin(STATION, STATION.c.id == ALARM.c.station)
            .outerjoin(PARAMETER, PARAMETER.c.id == ALARM.c.parameter)
        ).all()
        over = _regions(connection)
    began: Began = {}
    for station, parameter, at, rule, grid in rang:
        if station is not None:
            began.setdefault((station, parameter), []).append(at)
        elif rule == REGIONAL:
            began.setdefault((f"{REGIONAL} {grid}", parameter), []).append(at)
    for episode in truth:
        shown = episode["stations"]
        starts = [at for parameters in shown.values() for hours in parameters.values() for at in hours]
        if not starts or episode["from"] < origin - HOUR or min(starts) + HOUR + GRACE > end:
            continue
        kind = result.by_kind.setdefault(episode["kind"], {"planted": 0, "found": 0})
        kind["planted"] += 1
        kind["found"] += _found(episode, shown, began, over)
    result.planted = sum(kind["planted"] for kind in result.by_kind.values())
    result.found = sum(kind["found"] for kind in result.by_kind.values())


def _regions(connection: Connection) -> dict[str, set[str]]:
    """Station to the grids of which a regional alarm speaks for it: its county, and the city."""
    roots = connection.execute(select(GRID.c.code).where(GRID.c.parent == "")).scalars().all()
    rows = connection.execute(select(STATION.c.code, STATION.c.county))
    return {row[0]: {row[1], *roots} for row in rows}


def _found(
    episode: Mapping[str, Any],
    shown: Mapping[str, Mapping[str, Sequence[int]]],
    began: Began,
    over: Mapping[str, set[str]],
) -> bool:
    """Whether an alarm began at a station and parameter that show it, from its begin to two hours after its end.

    An alarm about the station as a whole (it fell silent) counts where the whole station fails. What comes over the
    whole region is found only by the alarm of a region in which stations show it.
    """
    first, last = episode["from"], episode["to"] + GRACE
    keys: set[tuple[str, str | None]] = {(code, name) for code, names in shown.items() for name in names}
    if episode["fault"] == "offline":
        keys |= {(code, None) for code in shown}
    if episode["kind"] == "region":
        keys = {(f"{REGIONAL} {grid}", name) for code, name in keys for grid in over.get(code, ())}
    return any(first <= at < last for key in keys for at in began.get(key, ()))
