"""Tasks that went over before that was noted come in sight again: the migration tells it from their acts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import delete, select

from backend.clock import ManualClock
from backend.desk import acts, intake, tasks
from backend.desk.desk import Desk
from backend.escalation.sweep import sweep
from backend.store import Store
from backend.store.migrate import HEAD, _config, revision, upgrade
from backend.tasks.handing import HANDED
from tests.screens import loop_city as city

GIVER, NEXT, FAR, COUNTY = "P-990001002-S1", "P-990001003-S1", "P-990002001-S1", "P-990001-S1"
HOUR = 3600


def noted(store: Store) -> list[dict[str, Any]]:
    columns = [column for column in HANDED.c if column.name != "id"]
    with store.read() as connection:
        return [dict(row) for row in connection.execute(select(*columns).order_by(HANDED.c.op)).mappings()]


def old(store: Store) -> None:
    """Bring the store back to what it was before anything noted that a task went over."""
    config = _config()
    with store.write() as connection:
        connection.execute(delete(HANDED))
        config.attributes["connection"] = connection
        command.downgrade(config, "0018")


def do(desk: Desk, task: str, kind: str, **body: object) -> None:
    page = tasks.page(desk, task)
    assert page is not None
    outcome = acts.act(desk, task, kind, body=body, seen_version=page.row.version)
    assert outcome.ok, outcome


def test_where_a_task_was_is_told_from_its_acts(store: Store, clock: ManualClock, tmp_path: Path) -> None:
    city.build(store, tmp_path, clock.now())

    def sit(person: str) -> Desk:
        return Desk.open(store, person, clock=clock)

    def reported(place: str) -> str:
        made = intake.enter(sit(GIVER), type="industrial", place=place, channel="patrol", text="smoke")
        assert made.ok, made
        return str(made.data["task"])

    def offered(person: str, task: str, to: str, kind: str = "centre") -> None:
        do(sit(person), task, "transfer", receiver=to, receiver_kind=kind, reason="not ours")

    # Over twice: to the next township, and from there to another county.
    twice = reported("grid:990001002")
    offered(GIVER, twice, "C-990001003")
    do(sit(NEXT), twice, "take")
    clock.move(60)
    offered(NEXT, twice, "C-990002001")
    do(sit(FAR), twice, "take")
    # Offered and not taken: settled by the county's word.
    settled = reported("grid:990001002")
    offered(GIVER, settled, "C-990001003")
    clock.move(3 * HOUR)
    assert not sweep(store, clock.now()).faults
    about = next(row.id for row in tasks.board(sit(COUNTY)) if row.type == "arbitration")
    do(sit(COUNTY), about, "settle", to="receiver", reason="theirs")
    # Offered, and still so: nothing went over.
    offered(GIVER, reported("grid:990001002"), "C-990001003")
    before, seen = noted(store), {row.id for row in tasks.board(sit(GIVER), view="handed")}
    assert [
        (row["task"], row["centre"], row["receiver"]) for row in sorted(before, key=lambda r: r["at"])
    ] == [
        (twice, "C-990001002", "C-990001003"),
        (twice, "C-990001003", "C-990002001"),
        (settled, "C-990001002", "C-990001003"),
    ]
    old(store)
    assert noted(store) == []
    upgrade(store)
    with store.read() as connection:
        assert revision(connection) == HEAD
    assert noted(store) == before
    assert {row.id for row in tasks.board(sit(GIVER), view="handed")} == seen == {twice, settled}


def test_what_is_noted_already_is_not_noted_twice(store: Store, clock: ManualClock, tmp_path: Path) -> None:
    city.build(store, tmp_path, clock.now())
    giver, taker = (Desk.open(store, person, clock=clock) for person in (GIVER, NEXT))
    made = intake.enter(giver, type="industrial", place="grid:990001002", channel="patrol", text="smoke")
    task = str(made.data["task"])
    do(giver, task, "transfer", receiver="C-990001003", receiver_kind="centre", reason="not ours")
    do(taker, task, "take")
    before = noted(store)
    config = _config()
    with store.write() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0018")
    upgrade(store)
    assert noted(store) == before
    assert len(before) == 1
