"""What a person does about flagged values: confirm, overturn, take back, send a work order."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select, update

from backend.access import may
from backend.access.audit import append
from backend.city.registry import City
from backend.city.tables import Station
from backend.desk import workorders
from backend.desk.desk import Desk
from backend.desk.qualityrows import OVERRULE, REVIEW
from backend.desk.qualityspan import MOST, SpanKey, built_on, readings_of
from backend.escalation.plan import plan
from backend.ingest.after import follow
from backend.ingest.book import ledger_of
from backend.quality.marking import BAD, GOOD, OPEN, decide
from backend.quality.reasons import by_hand
from backend.quality.review import causes
from backend.quality.tables import QualityFinding, QualityVerdict
from backend.standards.flags import Flag
from backend.store import table
from backend.store.readings import ReadingRow
from backend.tasks import doubt
from backend.text import clean
from backend.words import Outcome

FINDING, STATION, VERDICT = table(QualityFinding), table(Station), table(QualityVerdict)


def judge(
    desk: Desk,
    key: SpanKey,
    verdict: str,
    cause: str,
    note: str = "",
    *,
    since: int | None = None,
    until: int | None = None,
) -> Outcome:
    """Confirm a flag (``bad``), overturn it (``good``), or take a verdict back (``open``), with the reason.

    The raw values stay. Each changed flag is a line of the change log; the latest values and the rollups are made
    again, alarms look at the values anew, and tasks that rest on a bad one are marked 存疑, all in one transaction.
    The act is a row of the audit chain.

    Args:
        since, until: a part of the span (the end exclusive) where not all of it is meant.
    """
    if cause not in causes(verdict):
        return Outcome.refused("review.refused.cause", cause=clean(cause, limit=40))
    if cause == "other" and not note.strip():
        return Outcome.refused("review.refused.note")
    span = key._replace(
        since=key.since if since is None else since, until=key.until if until is None else until
    )
    if span.period <= 0 or not 0 < (span.until - span.since) // span.period <= MOST:
        return Outcome.refused("review.refused.span")
    with desk.store.write() as connection:
        return _judged(connection, desk, span, verdict, cause, clean(note, limit=500, lines=5))


def _judged(connection: Connection, desk: Desk, key: SpanKey, verdict: str, cause: str, note: str) -> Outcome:
    from backend.analysis.hotspots.rested import rest_on

    station = connection.execute(select(STATION).where(STATION.c.id == key.station)).one_or_none()
    if station is None:
        return Outcome.refused("review.refused.station")
    grid = station.grid or station.county
    rows = readings_of(connection, key)
    hard = verdict == OPEN or (
        verdict == GOOD
        and any(row.flag == Flag.FAIL and by_hand(row.reason) is None for row in rows)
        and not key.finding
    )
    why = may(connection, desk.actor, REVIEW, grid)
    if why is None and hard:
        why = may(connection, desk.actor, OVERRULE, grid)
    if why is not None:
        return Outcome(False, why)
    finding = None
    if key.finding:
        finding = connection.execute(select(FINDING).where(FINDING.c.id == key.finding)).one_or_none()
        if finding is None or finding.state != "open":
            return Outcome.refused("review.refused.over")
    city = City.read(connection)
    codes = () if finding is None else (finding.kind,)
    # A finding flags nothing by itself: to dismiss it leaves the values as they are.
    meant = [] if finding is not None and verdict != BAD else _meant(rows, verdict)
    book = ledger_of(city).book
    actor = desk.actor.person
    changed = decide(connection, meant, verdict, book, desk.now, actor=actor, codes=codes)
    if not changed and finding is None:
        return Outcome.refused("review.refused.nothing")
    on = built_on(connection, [key])
    resting = rest_on(connection, key.station, key.parameter, key.since, key.until)
    follow(connection, city, changed, desk.now)
    marked = doubt.spread(connection, desk.now, plan)
    if finding is not None:
        state = "confirmed" if verdict == BAD else "dismissed"
        connection.execute(
            update(FINDING)
            .where(FINDING.c.id == finding.id)
            .values(state=state, decided=desk.now, decided_by=actor)
        )
    told = {"count": len(changed), "alarms": len(on.alarms), "tasks": len(on.tasks)}
    hot = len({(one.at, one.grid) for one in resting}) if changed else 0
    connection.execute(
        insert(VERDICT).values(
            at=desk.now,
            **dict(zip(SpanKey._fields[:5], key[:5], strict=True)),
            verdict=verdict,
            cause=cause,
            note=note,
            actor=actor,
            finding=key.finding or None,
            incidents=len(on.incidents),
            **told,
        )
    )
    parameter = city.parameters[key.parameter].code if key.parameter in city.parameters else ""
    append(
        connection, actor, f"quality.{verdict}", station.code, desk.now,
        parameter=parameter, period=key.period, since=key.since, until=key.until, cause=cause, note=note,
        count=len(changed),
    )  # fmt: skip
    said = "dismissed" if finding is not None and verdict != BAD else verdict
    return Outcome.done(f"review.done.{said}", **told, marked=len(marked), hot=hot)


def _meant(rows: Sequence[ReadingRow], verdict: str) -> list[ReadingRow]:
    """The readings that a verdict is about: to take out or to keep any with a value, to take back what was decided."""
    if verdict == OPEN:
        return [row for row in rows if by_hand(row.reason) is not None]
    if verdict == GOOD:
        return [row for row in rows if row.flag in (Flag.SUSPECT, Flag.FAIL)]
    objected = [row for row in rows if row.flag != Flag.GOOD]
    return objected or list(rows)


def order(desk: Desk, key: SpanKey, note: str = "") -> Outcome:
    """Send a work order 运维工单 for the instrument of a span to whoever keeps the station."""
    with desk.store.read() as connection:
        station = connection.execute(select(STATION).where(STATION.c.id == key.station)).one_or_none()
        if station is None:
            return Outcome.refused("review.refused.station")
        why = may(connection, desk.actor, REVIEW, station.grid or station.county)
        rows = readings_of(connection, key)
    if why is not None:
        return Outcome(False, why)
    flat = any("flat" in row.reason.split() for row in rows)
    made = workorders.issue_for_station(
        desk,
        station.code,
        fault="flat" if flat else "instrument",
        note=note,
        parameter=key.parameter,
        since=key.since,
    )
    if made.ok and key.finding and (task := made.data.get("task")):
        with desk.store.write() as connection:
            connection.execute(update(FINDING).where(FINDING.c.id == key.finding).values(task=str(task)))
    return made
