"""Before noon whoever has not sent is reminded, once a step; after it the tier that waits is told who has not."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from backend.city.load import load_pack
from backend.city.tables import StandingOrder
from backend.clock import ManualClock
from backend.desk import contributing, notices, orders
from backend.desk.desk import Desk
from backend.notify.tables import Notice
from backend.reports import reminders
from backend.scheduler import Scheduler
from backend.store import Store, table
from backend.tasks.settings import SettingsError
from backend.tasks.tables import Task
from backend.words import LANGUAGES, Message, say
from tests.tools.small_city import write_small_city

NOON = int(datetime(2026, 11, 4, 4, tzinfo=UTC).timestamp())
MINUTE = 60
NOTICE = table(Notice)
TOWN, COUNTY, CITY = "P-990001001-S1", "P-990001-S1", "P-990000-S1"


@pytest.fixture
def city(store: Store, clock: ManualClock, tmp_path: Path) -> Store:
    load_pack(store, write_small_city(tmp_path / "pack"), clock.now())
    return store


def look(store: Store, at: int) -> int:
    with store.read() as connection:
        zone = Desk.open(store, CITY).zone
        del connection
    with store.write() as connection:
        return reminders.remind(connection, zone, at)


def keys(store: Store) -> set[str]:
    notice = table(Notice)
    with store.read() as connection:
        query = select(notice.c.key).where(notice.c.key.startswith("report:"), notice.c.state != "withdrawn")
        return set(connection.execute(query).scalars())


def test_each_centre_is_reminded_an_hour_and_half_an_hour_before(city: Store) -> None:
    assert look(city, NOON - 61 * MINUTE) == 0
    first = look(city, NOON - 60 * MINUTE)
    assert first > 2
    assert look(city, NOON - 59 * MINUTE) == 0
    assert look(city, NOON - 30 * MINUTE) == first
    assert look(city, NOON - 1) == 0
    # The city reports to nobody.
    assert not any("990000" in key.split(":")[2] for key in keys(city))


def test_after_a_time_in_which_nobody_looked_only_the_last_step_is_told(city: Store) -> None:
    count = look(city, NOON - 10 * MINUTE)
    assert count > 0
    assert {key.split(":")[-1] for key in keys(city)} == {str(30 * MINUTE)}


def test_who_has_sent_is_not_reminded_and_what_was_told_is_taken_back(
    city: Store, clock: ManualClock
) -> None:
    clock.move(NOON - 45 * MINUTE - clock.now())
    total = look(city, clock.now())
    town = Desk.open(city, COUNTY, clock=clock)
    (told,) = [row for row in notices.board(town, unseen=True) if row.message.code == "notice.report.owing"]
    for language in LANGUAGES:
        assert "2026-11-04" in say(told.message, language)
    assert contributing.send(town, "2026-11-04", {}, "无").ok
    assert not [row for row in notices.board(town, unseen=True) if row.message.code == "notice.report.owing"]
    assert look(city, NOON - 30 * MINUTE) == total - 1


def test_the_tier_that_waits_is_told_at_noon_who_has_not_sent(city: Store, clock: ManualClock) -> None:
    clock.move(NOON - clock.now())
    assert contributing.send(Desk.open(city, COUNTY, clock=clock), "2026-11-04", {}, "无").ok
    assert look(city, NOON) > 0
    assert look(city, NOON + MINUTE) == 0
    (told,) = [
        row for row in notices.board(Desk.open(city, CITY, clock=clock)) if row.message.code == "notice.report.missing"
    ]  # fmt: skip
    # The other county has not; the townships are their county's to ask.
    assert told.message.args["count"] == 1
    for language in LANGUAGES:
        assert "{" not in say(told.message, language)
    assert look(city, NOON + 2 * 3600) == 0


def test_a_notice_that_names_the_first_few_says_how_many_there_are_beside(
    city: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminders, "NAMED", 1)
    assert look(city, NOON) > 0
    with city.read() as connection:
        rows = connection.execute(select(NOTICE).where(NOTICE.c.key.endswith(":missing"))).all()
    several = [row for row in rows if json.loads(row.args)["count"] > 1]
    assert several
    for row in several:
        args = json.loads(row.args)
        told = Message(row.code, args)
        assert f"（{args['names']}等，另有 {args['count'] - 1} 个）" in say(told, "zh")
        assert f"({args['names_en']} and {args['count'] - 1} more)" in say(told, "en")


def test_under_an_order_only_whom_it_binds(city: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    only = reminders.read('[[edition]]\nfrom = 2026-01-01\nbefore = ["30m"]\nunder = ["heavy_pollution"]\n')
    monkeypatch.setattr(reminders, "_editions", lambda: only)
    assert look(city, NOON - 20 * MINUTE) == 0
    order = {"code": "YJ1", "kind": "heavy_pollution", "level": "orange", "title": "t", "scope_kind": "grid",
             "scope": "990001", "starts": NOON - 86400, "from_pack": False, "made_up": True}  # fmt: skip
    with city.write() as connection:
        connection.execute(insert(table(StandingOrder)), [order])
    assert look(city, NOON - 20 * MINUTE) > 0
    assert {key.split(":")[2][:8] for key in keys(city)} == {"C-990001"}
    with city.write() as connection:
        connection.execute(update(table(StandingOrder)).values(withdrawn=NOON - 3600))
    assert look(city, NOON - 19 * MINUTE) == 0


def test_it_is_a_job(city: Store, clock: ManualClock) -> None:
    clock.move(NOON - 29 * MINUTE - clock.now())
    assert "reminders" in Scheduler(city, clock).run_due(lanes=("clocks",))
    assert keys(city)


@pytest.mark.parametrize(
    "text",
    ['[[edition]]\nfrom = "soon"\n', '[[edition]]\nfrom = 2026-01-01\nbefore = ["now"]\n',
     '[[edition]]\nfrom = 2026-01-01\nafter = ["1h"]\n'],
)  # fmt: skip
def test_a_wrong_list_is_refused(text: str) -> None:
    with pytest.raises(SettingsError):
        reminders.read(text)


def test_the_edition_of_the_day_holds() -> None:
    found = reminders.edition_on(date(2026, 11, 4))
    assert found.before == (3600, 1800)


def test_an_administrators_order_with_a_time_is_a_supervised_task(city: Store, clock: ManualClock) -> None:
    above = Desk.open(city, "P-990000-V", clock=clock)
    administrator = above.seated(replace(above.actor, role="administrator"))
    for desk, grid in (
        (administrator, "990001"),
        (administrator, "990000"),
        (above, "990000"),
        (Desk.open(city, CITY, clock=clock), "990002"),
    ):
        done = orders.issue(
            desk, kind="instruction", title="限时检查", scope_kind="grid", scope=grid, starts=clock.now(), ends=None,
            due=clock.now() + 3600,
        )  # fmt: skip
        assert done.ok, (desk.actor, say(done.message, "zh"))
        task = table(Task)
        with city.read() as connection:
            row = connection.execute(select(task).where(task.c.id == done.data["task"])).one()
        assert (row.supervised, row.order_due, row.grid) == (True, clock.now() + 3600, grid)
