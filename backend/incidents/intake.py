"""What a person reports: a call, a 12345 complaint, a patrol, a camera, an order from above."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select

from backend.alarms.rules import higher
from backend.city.registry import City
from backend.city.tables import IncidentType, Source
from backend.incidents.identity import identify, place_in, title_of
from backend.incidents.ids import mint, mint_number
from backend.incidents.masking import hide_text, phone_ok
from backend.incidents.rules import rules
from backend.incidents.tables import Incident, IncidentReport
from backend.store import table
from backend.text import clean
from backend.words import Message, Outcome

INCIDENT, REPORT = table(Incident), table(IncidentReport)
PRIORITIES = ("critical", "high", "medium", "low")
CHANNELS = ("phone", "12345", "patrol", "camera", "leader", "analysis")
"""``analysis``: a seat acts on what tracing 溯源 has found."""
LONGEST_TEXT, LONGEST_NUMBER, LONGEST_ADDRESS = 2000, 40, 200


@dataclass(frozen=True, slots=True)
class Intake:
    """What was reported, as it was typed."""

    type: str
    """The code of an incident type."""
    channel: str
    """phone, 12345, patrol, camera or leader."""
    grid: str = ""
    """Where: a grid, or the grid of the station or source."""
    station: str = ""
    source: str = ""
    lon: float | None = None
    lat: float | None = None
    text: str = ""
    priority: str = ""
    """Empty: that of the type."""
    number: str = ""
    """The complaint's own number; a complaint without one is given one."""
    caller: str = ""
    caller_phone: str = ""
    reply_due: int | None = None
    """None: as the channel and the priority ask for."""
    address: str = ""
    """Where in the grid, in words."""
    category: str = ""
    """The line's own category."""
    at: int | None = None
    """When it was reported, where that was before now."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a report puts it."""

    grid: str
    name: str
    name_en: str
    lon: float | None
    lat: float | None
    station: int | None = None
    source: str = ""


def report_by_person(
    conn: Connection,
    city: City,
    intake: Intake,
    *,
    actor: str,
    now: int,
    into: str = "",
    order: str = "",
) -> Outcome:
    """Open an incident for what a person reports, or add it to one that is open.

    Args:
        into: the number of the open incident that it belongs to; a new one where empty.
        order: the code of the order from above that begins it.

    Returns:
        ``data["incident"]`` is the incident's number, ``data["report"]`` the report's id, ``data["number"]`` the
        complaint's, ``data["identified"]`` whether the report says better what an open incident is.
    """
    why = _fault(conn, intake)
    if why is not None:
        return Outcome(False, why)
    kind = _type(conn, city, intake.type, now)
    if kind is None:
        return Outcome.refused("incident.refused.type", type=clean(intake.type, limit=40))
    place = None if into else place_of(conn, city, intake)
    if not into and place is None:
        return Outcome.refused("incident.refused.place")
    priority = intake.priority or kind[2]
    if priority not in PRIORITIES:
        return Outcome.refused("incident.refused.priority", priority=clean(priority, limit=20))
    identified = False
    at = min(now, intake.at) if intake.at is not None else now
    if into:
        if not _join(conn, into, priority, at):
            return Outcome.refused("incident.refused.closed", incident=clean(into, limit=40))
        name = into
        spot = place_of(conn, city, intake)
        called = (spot.name, spot.name_en) if spot is not None else place_in(conn, into)
        identified = identify(conn, city, into, intake.type, title_of(kind[:2], called), actor=actor, now=now)
    else:
        assert place is not None
        name = next(mint(conn, city.zone, now))
        row = _row(city, intake, kind, place, priority, at)
        conn.execute(INCIDENT.insert().values(id=name, order_code=order, **row))
    told = _told(city, intake, actor, at, priority)
    if not told["number"] and intake.channel in rules(at, city.zone).complaints:
        told["number"] = mint_number(conn, city.zone, now)
    report = conn.execute(REPORT.insert().values(incident=name, **told).returning(REPORT.c.id)).scalar_one()
    message = Message(f"incident.done.{'joined' if into else 'reported'}", {"incident": name})
    return Outcome(
        True,
        message,
        {"incident": name, "report": report, "number": told["number"], "identified": identified},
    )


def _fault(conn: Connection, intake: Intake) -> Message | None:
    """What is wrong with the words of a report."""
    if intake.channel not in CHANNELS:
        return Message("incident.refused.channel", {"channel": clean(intake.channel, limit=20)})
    if len(intake.text) > LONGEST_TEXT:
        return Message("incident.refused.long_text", {"length": len(intake.text), "longest": LONGEST_TEXT})
    if intake.caller_phone and not phone_ok(intake.caller_phone.strip()):
        return Message("incident.refused.phone")
    number = clean(intake.number, limit=LONGEST_NUMBER)
    if len(intake.number.strip()) > LONGEST_NUMBER:
        return Message("incident.refused.long_number", {"longest": LONGEST_NUMBER})
    held = (
        number
        and conn.execute(
            select(REPORT.c.incident).where(REPORT.c.channel == intake.channel, REPORT.c.number == number)
        ).scalar()
    )
    return Message("incident.refused.number", {"number": number, "incident": held}) if held else None


def _join(conn: Connection, into: str, priority: str, at: int) -> bool:
    """A report more: the incident is as urgent and as recent as the most of what is known of it."""
    row = conn.execute(
        select(INCIDENT.c.priority, INCIDENT.c.last).where(INCIDENT.c.id == into, INCIDENT.c.state == "open")
    ).first()
    if row is None:
        return False
    changed = {"priority": higher(row.priority, priority), "last": max(row.last, at)}
    conn.execute(INCIDENT.update().where(INCIDENT.c.id == into).values(**changed))
    return True


def _row(
    city: City, intake: Intake, kind: tuple[str, str, str], place: Spot, priority: str, now: int
) -> dict[str, Any]:
    grid = city.grids[place.grid]
    title_code, title_args = title_of(kind[:2], (place.name, place.name_en))
    return {
        "type": intake.type,
        "state": "open",
        "priority": priority,
        "title_code": title_code,
        "title_args": title_args,
        "grid": place.grid,
        "county": grid.county,
        "township": grid.township,
        "place": _place(place, intake),
        "lon": place.lon,
        "lat": place.lat,
        "station": place.station,
        "parameter": None,
        "source": place.source,
        "regional": False,
        "opened": now,
        "closed": None,
        "last": now,
        "merged_into": "",
        "origin": intake.channel,
    }


def _place(place: Spot, intake: Intake) -> str:
    """The place in words. An address that names who called names nobody here: `_words` keeps it as it was told."""
    if not intake.address:
        return place.name
    return clean(f"{place.name} {_public(intake)}", limit=120)


def _public(intake: Intake) -> str:
    return hide_text(intake.address, intake.caller, intake.caller_phone)


def _words(intake: Intake) -> str:
    """What was said, with the address where only the complaint's own page may tell it whole."""
    return intake.text if _public(intake) == intake.address else f"{intake.text}\n{intake.address}".strip()


def _told(city: City, intake: Intake, actor: str, at: int, priority: str) -> dict[str, Any]:
    due = intake.reply_due
    return {
        "channel": intake.channel,
        "number": clean(intake.number, limit=LONGEST_NUMBER),
        "at": at,
        "recorded_by": actor,
        "text": clean(_words(intake), limit=LONGEST_TEXT + LONGEST_ADDRESS, lines=41),
        "caller": clean(intake.caller, limit=40),
        "caller_phone": clean(intake.caller_phone, limit=30),
        "category": clean(intake.category, limit=60),
        "reply_due": rules(at, city.zone).reply_due(intake.channel, priority, at) if due is None else due,
        "replied": None,
        "reply": "",
        "called_back": None,
    }


def _type(conn: Connection, city: City, code: str, now: int) -> tuple[str, str, str] | None:
    """Name, English name and priority of an incident type that holds today."""
    types = table(IncidentType)
    today = datetime.fromtimestamp(now, city.zone).date().isoformat()
    row = conn.execute(
        select(types.c.name, types.c.name_en, types.c.priority)
        .where(
            types.c.code == code,
            types.c.valid_from <= today,
            or_(types.c.valid_to == "", types.c.valid_to > today),
        )
        .order_by(types.c.valid_from.desc())
        .limit(1)
    ).first()
    return None if row is None else (row.name, row.name_en, row.priority)


def place_of(conn: Connection, city: City, intake: Intake) -> Spot | None:
    """Where a report puts it: at a station, at a source, or in a grid; None where that is not known."""
    if intake.station:
        station = city.station(intake.station)
        if station is None or station.grid not in city.grids:
            return None
        return Spot(
            station.grid,
            station.name,
            station.name_en,
            station.lon,
            station.lat,
            station.id,
            station.source,
        )
    if intake.source:
        sources = table(Source)
        row = conn.execute(
            select(sources.c.grid, sources.c.name, sources.c.name_en, sources.c.lon, sources.c.lat).where(
                sources.c.code == intake.source
            )
        ).first()
        if row is None or row.grid not in city.grids:
            return None
        return Spot(row.grid, row.name, row.name_en, row.lon, row.lat, None, intake.source)
    grid = city.grids.get(intake.grid)
    if grid is None:
        return None
    lon, lat = (intake.lon, intake.lat) if intake.lon is not None else (grid.lon, grid.lat)
    return Spot(grid.code, grid.name, grid.name_en, lon, lat)
