"""Load a pack into the store: all or nothing, as often as one likes.

A station keeps its number for ever (readings carry it), found again by its code. What a pack no longer names is
put out of service and stays, because readings, alarms and tasks still speak of it. What was entered here (people,
orders, feeds added by hand, stations that a feed brought) is left alone, and so is the whole duty book of a body (a
centre, a department, a member) once a line of it was entered, changed or ended here: the pack's lines of that body are
counted in the report and not taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, delete, func, select, update

from backend.city import rows_out
from backend.city.check import judge
from backend.city.doubts import doubts
from backend.city.faults import Fault, Validator
from backend.city.pack import Pack, read_pack
from backend.city.packs import default_text
from backend.city.tables import (
    Camera,
    Centre,
    CityFact,
    Department,
    DutyEntry,
    Grid,
    IncidentType,
    Parameter,
    Person,
    PolicyText,
    PowerPoint,
    RuleText,
    Shape,
    Source,
    StandingOrder,
    Station,
    StationParameter,
    Vehicle,
)
from backend.store import Store, table, upsert
from backend.store.model import metadata
from backend.store.schema import load_tables
from backend.words import Message


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did, or the faults for which it did nothing."""

    faults: Sequence[Fault] = ()
    city: str = ""
    """The city's name."""
    rows: Mapping[str, int] = field(default_factory=dict)
    """Rows of each table that the pack names."""
    retired: Mapping[str, int] = field(default_factory=dict)
    """Rows of each table that were put out of service or taken off, because the pack no longer names them."""
    kept: Mapping[str, int] = field(default_factory=dict)
    """Rows of the pack that were left aside, because people keep theirs here."""
    policy_version: int = 0
    rules_version: int = 0
    datum: str = "WGS-84"
    """What the pack's positions were given in; those of GCJ-02 were converted."""
    doubts: Sequence[Message] = ()
    """What looks wrong and may be right; see `backend.city.doubts`."""

    @property
    def ok(self) -> bool:
        """Whether the pack is in the store now."""
        return not self.faults


def load_pack(
    store: Store,
    folder: Path,
    now: int,
    *,
    base: str = "",
    validators: Sequence[Validator] = (),
) -> LoadReport:
    """Check the pack in ``folder`` and, where nothing is wrong, load it in one transaction.

    Args:
        now: from when a changed policy or rule set holds (epoch seconds).
        base: what ``{base}`` in the feeds' addresses stands for (the demo's server). Feeds whose address has
            such a place are off where nothing is given.
        validators: as for `backend.city.check.check_pack`.
    """
    pack = read_pack(folder)
    judge(pack, validators)
    if pack.faults:
        return LoadReport(faults=pack.faults.by_place())
    with store.write() as conn:
        report = _Loader(conn, pack, now, base).load()
    return replace(report, doubts=doubts(pack))


class _Loader:
    """One load: the connection, the pack, and what was counted."""

    def __init__(self, conn: Connection, pack: Pack, now: int, base: str) -> None:
        self.conn, self.pack, self.now, self.base = conn, pack, now, base
        self.rows: dict[str, int] = {}
        self.retired: dict[str, int] = {}
        self.kept: dict[str, int] = {}

    def load(self) -> LoadReport:
        self._facts()
        self._grids()
        for model, name in ((Centre, "centres"), (Department, "departments")):
            rows = [{**row, "in_service": True} for row in self.pack.rows(name).rows]
            self._keep(name, table(model), rows, {"in_service": False})
        person = table(Person)
        # Whoever was entered or changed here is kept here.
        own = set(self.conn.execute(select(person.c.code).where(person.c.from_pack.is_(False))).scalars())
        told = [row for row in self.pack.rows("people").rows if row["code"] not in own]
        self._count_kept("people", len(self.pack.rows("people").rows) - len(told))
        people = [{**row, "from_pack": True} for row in told]
        self._keep("people", person, people, {"active": False}, only_from_pack=True)
        self._duty()
        self._incident_types()
        self._sources()
        self._stations()
        self._replace("power_points", table(PowerPoint), rows_out.power_points(self.pack))
        self._replace("cameras", table(Camera), rows_out.cameras(self.pack))
        self._replace("vehicles", table(Vehicle), list(self.pack.rows("vehicles").rows))
        orders = rows_out.orders(self.pack)
        self._keep("orders", table(StandingOrder), orders, None, only_from_pack=True)
        self._feeds()
        policy = self._text(table(PolicyText), self.pack.texts.get("policy") or default_text("policy"))
        rules = self._text(table(RuleText), self.pack.texts.get("rules") or default_text("rules"))
        return LoadReport(
            (), self._name(), self.rows, self.retired, self.kept, policy, rules, self.pack.city.datum
        )

    def _facts(self) -> None:
        target = table(CityFact)
        facts = rows_out.facts(self.pack, self.now)
        self.conn.execute(delete(target).where(target.c.key.not_in(list(facts))))
        upsert(self.conn, target, [{"key": k, "value": v} for k, v in facts.items()], keys=["key"])

    def _keep(
        self,
        name: str,
        target: Table,
        rows: list[dict[str, Any]],
        retire: dict[str, Any] | None,
        *,
        only_from_pack: bool = False,
    ) -> None:
        """Write rows under their codes; those that are gone from the pack are retired, never deleted."""
        here = {row["code"] for row in rows}
        wanted = select(target.c.code)
        if only_from_pack:
            wanted = wanted.where(target.c.from_pack)
        gone = set(self.conn.execute(wanted).scalars()) - here
        upsert(self.conn, target, rows, keys=["code"])
        self.rows[name] = len(rows)
        if retire is None:
            return
        column = next(iter(retire))
        count = 0
        for part in _portions(sorted(gone)):
            change = update(target).where(target.c.code.in_(part), target.c[column]).values(**retire)
            count += self.conn.execute(change).rowcount
        self._count_retired(name, count)

    def _replace(
        self, name: str, target: Table, rows: list[dict[str, Any]], *, from_pack: bool = False
    ) -> None:
        """Put the pack's rows in the place of those of the last pack (tables that no history speaks of)."""
        clear = delete(target).where(target.c.from_pack) if from_pack else delete(target)
        removed = self.conn.execute(clear).rowcount
        if rows:
            self.conn.execute(target.insert(), rows)
        self.rows[name] = len(rows)
        self._count_retired(name, max(0, removed - len(rows)))

    def _count_retired(self, name: str, count: int) -> None:
        if count:
            self.retired[name] = count

    def _count_kept(self, name: str, count: int) -> None:
        if count:
            self.kept[name] = count

    def _duty(self) -> None:
        """The duty book, but for the bodies whose lines people keep here."""
        target = table(DutyEntry)
        here = select(target.c.body_kind, target.c.body).where(target.c.from_pack.is_(False)).distinct()
        own = {tuple(row) for row in self.conn.execute(here)}
        rows = rows_out.duty(self.pack)
        taken = [row for row in rows if (row["body_kind"], row["body"]) not in own]
        self._count_kept("duty", len(rows) - len(taken))
        self._replace("duty", target, taken, from_pack=True)

    def _grids(self) -> None:
        self._keep("grids", table(Grid), rows_out.grids(self.pack), {"in_service": False})
        self._replace("boundaries", table(Shape), rows_out.shapes(self.pack))

    def _incident_types(self) -> None:
        target = table(IncidentType)
        rows = list(self.pack.rows("incident_types").rows)
        here = {(row["code"], row["valid_from"]) for row in rows}
        stored = self.conn.execute(select(target.c.code, target.c.valid_from)).all()
        gone = [tuple(found) for found in stored if tuple(found) not in here]
        upsert(self.conn, target, rows, keys=["code", "valid_from"])
        today = rows_out.civil_date(self.pack, self.now)
        count = 0
        for code, valid_from in gone:
            ended = update(target).where(
                target.c.code == code, target.c.valid_from == valid_from, target.c.valid_to == ""
            )
            count += self.conn.execute(ended.values(valid_to=today)).rowcount
        self.rows["incident_types"] = len(rows)
        self._count_retired("incident_types", count)

    def _sources(self) -> None:
        self._keep("sources", table(Source), rows_out.sources(self.pack), {"in_service": False})

    def _stations(self) -> None:
        parameters = self._parameters()
        target = table(Station)
        rows = rows_out.stations(self.pack)
        here = {row["code"] for row in rows}
        placed = select(target.c.code).where(target.c.placed, target.c.in_service)
        gone = sorted(set(self.conn.execute(placed).scalars()) - here)
        upsert(self.conn, target, rows, keys=["code"])
        for part in _portions(gone):
            self.conn.execute(update(target).where(target.c.code.in_(part)).values(in_service=False))
        self.rows["stations"] = len(rows)
        self._count_retired("stations", len(gone))
        ids = {row.code: row.id for row in self.conn.execute(select(target.c.code, target.c.id))}
        measures = table(StationParameter)
        named = list(rows_out.measures(self.pack, ids, parameters))
        of_pack = select(target.c.id).where(target.c.placed)
        self.conn.execute(delete(measures).where(measures.c.station.in_(of_pack)))
        if named:
            self.conn.execute(measures.insert(), named)

    def _parameters(self) -> dict[str, int]:
        """The parameters with their lasting numbers; a new one gets the next."""
        target = table(Parameter)
        numbers = {row.code: row.id for row in self.conn.execute(select(target.c.code, target.c.id))}
        last = max(numbers.values(), default=0)
        rows = []
        for row in self.pack.rows("parameters").rows:
            if row["code"] not in numbers:
                last += 1
                numbers[row["code"]] = last
            rows.append({**row, "id": numbers[row["code"]]})
        upsert(self.conn, target, rows, keys=["code"])
        self.rows["parameters"] = len(rows)
        return numbers

    def _feeds(self) -> None:
        # Feeds are a room further on, but a pack names them: the table is reached by its name, not by import.
        load_tables()
        target = metadata.tables["feed"]
        rows = rows_out.feeds(self.pack, self.base)
        gone = set(self.conn.execute(select(target.c.code).where(target.c.from_pack)).scalars())
        gone -= {row["code"] for row in rows}
        upsert(self.conn, target, rows, keys=["code"])
        off = update(target).where(target.c.code.in_(sorted(gone)), target.c.enabled).values(enabled=False)
        self.rows["feeds"] = len(rows)
        self._count_retired("feeds", self.conn.execute(off).rowcount)

    def _text(self, target: Table, text: str) -> int:
        """Add a version of a text where it differs from the newest; gives the newest version's number."""
        newest = self.conn.execute(
            select(target.c.version, target.c.text).order_by(target.c.version.desc()).limit(1)
        ).first()
        if not text or (newest is not None and newest.text == text):
            return 0 if newest is None else int(newest.version)
        version = (
            int(self.conn.execute(select(func.coalesce(func.max(target.c.version), 0))).scalar_one()) + 1
        )
        # The first version also holds for what was before it: history is never without a policy.
        effective = self.now if version > 1 else 0
        self.conn.execute(
            target.insert().values(version=version, effective=effective, text=text, note=self._name())
        )
        return version

    def _name(self) -> str:
        return str(self.pack.city.facts.get("name", ""))


def _portions(codes: Sequence[str], size: int = 500) -> list[Sequence[str]]:
    return [codes[start : start + size] for start in range(0, len(codes), size)]
