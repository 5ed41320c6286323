"""The small city with one station far above its limit: real pack, real rules, so that the whole loop can be walked."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from sqlalchemy import insert, select, update

from backend.alarms.tables import Alarm
from backend.city.load import load_pack
from backend.city.registry import City
from backend.city.tables import IncidentType, Person
from backend.clock import Clock
from backend.desk.desk import Desk
from backend.feeds.record import Page, Record
from backend.feeds.tables import Feed
from backend.ingest import ingest
from backend.store import Store, table
from tests.templates import filled
from tests.tools.small_city import write_small_city

HOUR = 3600
ADMIN = "P-ADMIN"
STATION = "TA11"
PHONE = "13800000000"
"""Of every grid member."""
SEAT, OTHER_SEAT, CITY_SEAT = "P-990001-S1", "P-990001-S2", "P-990000-S1"
MEMBER = "P-99000100101-M"
"""The member of the station's grid."""


def build(
    store: Store, folder: Path, now: int, *, stations: tuple[str, ...] = (STATION,), value: float = 420.0
) -> None:
    """Load the city, and let ``stations`` report a value at once far above the limit."""
    filled(
        store,
        ("loop", now, stations, value),
        partial(_build, store, folder, now, stations=stations, value=value),
    )


def build_for_admin(store: Store, folder: Path, clock: Clock) -> Desk:
    """The city with an administrator of all of it, who sits at the desk."""
    build(store, folder, clock.now())
    person = {"code": ADMIN, "name": "管理员一", "role": "administrator", "grid": "990000"}
    with store.write() as connection:
        values = insert(table(Person)).values(**person, centre="C-990000")
        connection.execute(values.values(active=True, from_pack=False, made_up=False))
    return Desk.open(store, ADMIN, clock=clock)


def _build(store: Store, folder: Path, now: int, *, stations: tuple[str, ...], value: float) -> None:
    load_pack(store, write_small_city(folder / "pack"), now)
    with store.write() as connection:
        person, kind = table(Person), table(IncidentType)
        connection.execute(update(person).where(person.c.role == "member").values(phone=PHONE))
        connection.execute(
            update(kind)
            .where(kind.c.code == "air_quality")
            .values(evidence="location|photo_after", results="rectified|no_problem|transfer_enforcement")
        )
    exceed(store, now, stations=stations, value=value)


def exceed(store: Store, now: int, *, stations: tuple[str, ...], value: float = 420.0) -> None:
    """An hour's page in which some stations are far above the limit, and the others are clean."""
    with store.read() as connection:
        city = City.read(connection)
        feeds = table(Feed)
        feed = connection.execute(select(feeds.c.id).where(feeds.c.code == "township_air")).scalar_one()
    start = (now - HOUR) // HOUR * HOUR
    every = ("TA11", "TA12", "TA13", "TA21", "TA22", "TA23")
    records = [
        Record(code, parameter, start, HOUR, (value if code in stations else clean) * share)
        for code in every
        for parameter, clean, share in (("pm25", 30.0, 1.0), ("pm10", 60.0, 1.2), ("no2", 20.0, 0.05))
    ]
    ingest(store, city, feed, Page(records=tuple(records)), now)


def measure(store: Store, now: int, station: str, parameter: str, value: float) -> None:
    """One value of the hour in which others exceed: one station alone is nobody's region."""
    with store.read() as connection:
        city = City.read(connection)
        feeds = table(Feed)
        feed = connection.execute(select(feeds.c.id).where(feeds.c.code == "township_air")).scalar_one()
    start = (now - HOUR) // HOUR * HOUR
    ingest(store, city, feed, Page(records=(Record(station, parameter, start, HOUR, value),)), now)


def alarms(store: Store) -> list[int]:
    """The alarms that stand."""
    alarm = table(Alarm)
    with store.read() as connection:
        return list(
            connection.execute(
                select(alarm.c.id).where(alarm.c.state != "NORM").order_by(alarm.c.id)
            ).scalars()
        )
