"""Keep what was judged, and tell what must be judged: hours whose data came, or changed since."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

import numpy as np
from sqlalchemy import Connection, delete, func, select

from backend.analysis.field import JITTER
from backend.analysis.hotspots import remembered
from backend.analysis.hotspots.network import Network
from backend.analysis.hotspots.place import HotPlace, as_row
from backend.analysis.hotspots.remembered_rows import window_rows
from backend.analysis.hotspots.rules import rules
from backend.analysis.hotspots.seen import Seen
from backend.analysis.hotspots.tables import HotGrid, HotHour
from backend.analysis.hotspots.work import LEVELS, Worker
from backend.analysis.sources import kept
from backend.clock import begun
from backend.standards.flags import Flag
from backend.store import Store, table, upsert
from backend.store.reading_rows import all_of
from backend.store.tables import ReadingChange

CHANGE, GRID, HOUR = table(ReadingChange), table(HotGrid), table(HotHour)
Stamps = dict[tuple[int, int], str]
"""What an hour's answer for a parameter is made of, by start and parameter."""
_HOUR = 3600
_DAY = 86400


@dataclass(frozen=True)
class Due:
    """A step of a network that must be judged, and for which parameters."""

    network: str
    start: int
    parameters: tuple[int, ...]


def stamps(
    conn: Connection, network: Network, since: int, until: int
) -> tuple[Stamps, dict[tuple[int, int], int]]:
    """What the steps that begin in ``since <= .. < until`` are made of, and how many readings each has of its own.

    A step looks back over the remembered rows, so what was corrected there changes the stamps of all steps after it.
    """
    step, rows = network.step, window_rows()
    first = since - rows * step
    sums: dict[int, dict[int, tuple[int, float]]] = defaultdict(dict)
    for said, parameter, count, total in _sums(conn, network, first, until):
        # What begins beside a step is that one's in which it ends, as it is read.
        start = since + -(-(said - int(JITTER * step) - since) // step) * step
        held = sums[parameter].get(start, (0, 0.0))
        sums[parameter][start] = (held[0] + count, held[1] + total)
    found: Stamps = {}
    own: dict[tuple[int, int], int] = {}
    for parameter, by_start in sums.items():
        for start in range(since, until, step):
            if start not in by_start:
                continue
            before = [by_start[at] for at in range(start - (rows - 1) * step, start, step) if at in by_start]
            count, total = by_start[start]
            past, sum_past = sum(one for one, _ in before), sum(one for _, one in before)
            found[start, parameter] = f"{past}:{sum_past:.7g}/{count}:{total:.7g}"
            own[start, parameter] = by_start[start][0]
    return found, own


def _sums(
    conn: Connection, network: Network, first: int, until: int
) -> Iterable[tuple[int, int, int, float]]:
    wanted = ", ".join(str(one.id) for one in network.parameters)
    step = network.step
    if step == network.period == _HOUR:
        kinds = ", ".join(f"'{kind}'" for kind in sorted({row.kind for row in network.stations}))
        return all_of(
            conn,
            "SELECT start, parameter, SUM(count), SUM(total) FROM county_hour "
            f"WHERE start > {first - step:d} AND start < {until:d} AND kind IN ({kinds}) AND parameter IN ({wanted}) "
            "GROUP BY start, parameter",
        )
    low, high = network.stations[0].id, network.stations[-1].id
    # Finer readings are summed by the step in which they begin.
    return all_of(
        conn,
        f"SELECT CASE WHEN period = {step:d} THEN start ELSE start - (start - {first:d}) % {step:d} END, "
        "parameter, COUNT(*), SUM(value) FROM reading "
        f"WHERE start > {first - step:d} AND start < {until:d} AND station BETWEEN {low:d} AND {high:d} "
        f"AND parameter IN ({wanted}) AND flag = {int(Flag.GOOD)} AND value IS NOT NULL GROUP BY 1, 2",
    )


def due(conn: Connection, networks: Iterable[Network], now: int, zone: tzinfo) -> list[Due]:
    """Steps of the last days that were not judged yet, or that changed since; the oldest first.

    A new step waits until most of what usually comes has come, or half a step has passed.
    """
    told = rules()["work"]
    found: list[Due] = []
    for network in networks:
        step = network.step
        until = begun(now, step, zone)
        since = until - told["steps"] * step
        made, own = stamps(conn, network, since, until)
        known = {
            (row.at, row.parameter): row.stamp
            for row in conn.execute(
                select(HOUR.c.at, HOUR.c.parameter, HOUR.c.stamp).where(
                    HOUR.c.at >= since, HOUR.c.at < until, HOUR.c.network == network.name
                )
            )
        }
        steps: dict[int, list[int]] = defaultdict(list)
        for (start, parameter), stamp in made.items():
            if known.get((start, parameter)) == stamp:
                continue
            usual = own.get((start - step, parameter), 0)
            waits = now - start - step < told["wait"] * step
            if waits and own[start, parameter] < told["most"] * usual:
                continue
            steps[start].append(parameter)
        found += [Due(network.name, start, tuple(sorted(which))) for start, which in sorted(steps.items())]
    return sorted(found, key=lambda one: (one.start, one.network))


def overdue(conn: Connection, networks: Mapping[str, Network], now: int, zone: tzinfo) -> list[Due]:
    """Steps from before those that `due` looks through, that rest on what was corrected within the last day: of their
    readings, or of those that their means look back on, the change log has something that came after they were judged.
    """
    told, longest = rules()["work"], max(rules()["windows"]["steps"])
    found: dict[tuple[str, int], set[int]] = defaultdict(set)
    for name, network in networks.items():
        since = begun(now, network.step, zone) - told["steps"] * network.step
        changes = conn.execute(
            select(CHANGE.c.station, CHANGE.c.parameter, CHANGE.c.start, func.max(CHANGE.c.at))
            .where(CHANGE.c.at >= now - _DAY, CHANGE.c.start < since)
            .group_by(CHANGE.c.station, CHANGE.c.parameter, CHANGE.c.start)
        )
        late: dict[tuple[int, int], int] = {}
        for station, parameter, start, at in changes:
            if station in network.column:
                first = begun(start, network.step, zone)
                for step in range(first, min(first + (longest + 1) * network.step, since), network.step):
                    late[step, parameter] = max(late.get((step, parameter), 0), at)
        if not late:
            continue
        kept = conn.execute(
            select(HOUR.c.at, HOUR.c.parameter, HOUR.c.made).where(
                HOUR.c.network == name,
                HOUR.c.at >= min(step for step, _ in late),
                HOUR.c.at <= max(step for step, _ in late),
            )
        )
        for at, parameter, made in kept:
            if late.get((at, parameter), -1) > made:
                found[name, at].add(parameter)
    return [Due(name, at, tuple(sorted(which))) for (name, at), which in sorted(found.items())]


def work_off(store: Store, worker: Worker, now: int, *, most: int | None = None) -> int:
    """Judge what is due and keep it; returns how many steps were judged.

    Of many the newest come first, each turn's in their order: a city that was just loaded is seen as it is now.

    Args:
        most: so many at most in one go; as told by ``[work]`` where None.
    """
    networks = worker.watch.networks
    with store.read() as conn:
        waiting = due(conn, networks.values(), now, worker.watch.city.zone)
    chosen = waiting[-(most if most is not None else rules()["work"]["at_once"]) :]
    for one in chosen:
        judge_again(store, worker, one, now)
    return len(chosen)


def judge_again(store: Store, worker: Worker, one: Due, now: int) -> list[HotPlace]:
    """Judge a step of a network and keep the answer in place of what was kept."""
    network = worker.watch.networks[one.network]
    codes = [row.code for row in network.parameters if row.id in one.parameters]
    with store.read() as conn:
        made, _own = stamps(conn, network, one.start, one.start + network.step)
        # Where only the step itself has grown, what is remembered of those before it still holds.
        same = all(
            made.get((one.start, number), "").partition("/")[0] == stamp.partition("/")[0]
            for number, stamp in _kept(conn, one).items()
        )
        worker.watch.forget(one.start if same else one.start - window_rows() * network.step)
        seen = worker.watch.look(conn, one.start, parameters=codes, names=[network.name])
        found = worker.hot(conn, seen)
    with store.bulk() as conn:
        keep(conn, seen, found, made, now)
    return found


def _kept(conn: Connection, one: Due) -> dict[int, str]:
    """The stamps under which the step was judged before."""
    query = select(HOUR.c.parameter, HOUR.c.stamp).where(
        HOUR.c.at == one.start, HOUR.c.network == one.network, HOUR.c.parameter.in_(one.parameters)
    )
    return {row.parameter: row.stamp for row in conn.execute(query)}


def prune(store: Store, now: int) -> None:
    """Let go of what is kept no longer: hours, and sooner the places that were only watched."""
    told = rules()["work"]
    with store.bulk() as conn:
        remembered.prune(conn, now - told["usual_days"] * 86400)
        conn.execute(delete(HOUR).where(HOUR.c.at < now - told["days"] * 86400))
        conn.execute(delete(kept.TRACE).where(kept.TRACE.c.at < now - told["days"] * 86400))
        conn.execute(delete(GRID).where(GRID.c.at < now - told["days"] * 86400))
        conn.execute(
            delete(GRID).where(GRID.c.at < now - told["watched_days"] * 86400, GRID.c.heat == "watch")
        )


def keep(conn: Connection, seen: Sequence[Seen], found: Sequence[HotPlace], made: Stamps, now: int) -> None:
    """Write a judged step in place of what was kept of it."""
    if not seen:
        return
    start = seen[0].start
    for name in sorted({one.network.name for one in seen}):
        conn.execute(
            delete(GRID).where(
                GRID.c.at == start,
                GRID.c.network == name,
                GRID.c.parameter.in_([one.parameter.id for one in seen if one.network.name == name]),
            )
        )
        kept.forget(conn, start, name, [one.parameter.id for one in seen if one.network.name == name])
    rows = [as_row(place) for place in found if place.level in LEVELS]
    if rows:
        conn.execute(GRID.insert(), rows)
    finest = max((place.level for place in found), default=0)
    counted = Counter(
        (place.network, place.parameter, place.heat) for place in found if place.level == finest
    )
    times = {
        (row.network, row.parameter): row.times
        for row in conn.execute(
            select(HOUR.c.network, HOUR.c.parameter, HOUR.c.times).where(HOUR.c.at == start)
        )
    }
    upsert(
        conn,
        HOUR,
        [_hour(one, counted, times.get((one.network.name, one.parameter.id), 0), made, now) for one in seen],
        keys=["at", "network", "parameter"],
    )


def _hour(
    one: Seen, counted: Mapping[tuple[str, int, str], int], times: int, made: Stamps, now: int
) -> dict[str, object]:
    name, number = one.network.name, one.parameter.id
    strong = counted.get((name, number, "strong"), 0)
    return {
        "at": one.start,
        "network": name,
        "parameter": number,
        "step": one.network.step,
        "made": now,
        "times": times + 1,
        "stations": int(one.there.sum()),
        "expected": len(one.network.stations),
        "stamp": made.get((one.start, number), ""),
        "hot": counted.get((name, number, "hot"), 0) + strong,
        "strong": strong,
        "background": _median(one),
        "regional": bool(one.heat.regional[-1]),
        "traced": "",
    }


def _median(one: Seen) -> float | None:
    known = one.background[np.isfinite(one.background)]
    return float(f"{np.median(known):.5g}") if len(known) else None
