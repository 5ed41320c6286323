"""What was learned of a day, kept for whoever looks next: another process, a screen's first hour of the day.

It is made of the days before, so it holds all day; whoever finds none, or one of other stations, learns it anew.
"""

from __future__ import annotations

import hashlib
from io import BytesIO

import numpy as np
from sqlalchemy import Connection, delete, select

from backend.analysis.hotspots.excess import Usual
from backend.analysis.hotspots.network import Network
from backend.analysis.hotspots.rules import rules
from backend.analysis.hotspots.tables import HotUsual
from backend.store import table, upsert

USUAL = table(HotUsual)
ARRAYS = ("offset", "plain", "scale", "middle", "known")
NUMBERS = ("floor", "change", "material")


def stamp(network: Network) -> str:
    """What it was learned of: other stations, other places or other rules make it worthless."""
    told = np.array([row.id for row in network.stations], np.int64).tobytes()
    place = np.round(np.stack([network.x, network.y])).astype(np.int64).tobytes()
    head = f"{rules()['version']} {rules()['effective']} {network.step}".encode()
    return hashlib.sha256(head + told + place).hexdigest()[:32]


def keep(conn: Connection, day: int, network: Network, parameter: int, learned: Usual) -> None:
    """Write what was learned of a day."""
    into = BytesIO()
    told = {name: np.asarray(getattr(learned, name)) for name in (*ARRAYS, *NUMBERS)}
    np.savez(into, **told)  # type: ignore[arg-type]
    row = {
        "day": day, "network": network.name, "parameter": parameter, "stamp": stamp(network), "data": into.getvalue()
    }  # fmt: skip
    upsert(conn, USUAL, [row], keys=["day", "network", "parameter"])


def read(conn: Connection, day: int, network: Network, parameter: int) -> Usual | None:
    """What was learned of a day; None where nothing is kept of these stations."""
    query = select(USUAL.c.data).where(
        USUAL.c.day == day, USUAL.c.network == network.name, USUAL.c.parameter == parameter,
        USUAL.c.stamp == stamp(network),
    )  # fmt: skip
    data = conn.execute(query).scalar_one_or_none()
    if data is None:
        return None
    with np.load(BytesIO(data), allow_pickle=False) as told:
        offset, plain, scale, middle, known = (told[name] for name in ARRAYS)
        floor, change, material = (float(told[name]) for name in NUMBERS)
    return Usual(floor, offset, plain, scale, middle, change, known, material)


def prune(conn: Connection, day: int) -> None:
    """Let go of the days before one."""
    conn.execute(delete(USUAL).where(USUAL.c.day < day))
