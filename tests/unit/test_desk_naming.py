"""People, and the product itself, are called by their names wherever the desk tells of them."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, update

from backend.alarms.tables import Alarm, AlarmAct
from backend.clock import ManualClock
from backend.desk import alarms, notices
from backend.desk.desk import Desk
from backend.desk.naming import names
from backend.escalation.sweep import sweep
from backend.notify.tables import Notice
from backend.store import Store, table
from backend.words import say
from backend.words.say import Language
from tests.screens import seat_city as city
from tests.screens.test_task_page import Walk, walk

__all__ = ["walk"]
ALARM = table(Alarm)


@pytest.fixture
def desk(store: Store, clock: ManualClock) -> Desk:
    """A seat of the small piece of Heze."""
    city.build(store)
    city.alarm(store, 1, state="ACKED", acked=city.NOW - 60, acked_by="SYS")
    return city.desk(store, "MD-S1", clock)


@pytest.mark.parametrize(("language", "called"), [("zh", "系统"), ("en", "system")])
def test_the_product_itself_has_a_name(desk: Desk, language: Language, called: str) -> None:
    desk.speak(language)
    with desk.store.write() as connection:
        assert names(connection, ["SYS", "MD-S1"], language) == {"SYS": called, "MD-S1": "李敏"}
        connection.execute(
            insert(table(AlarmAct)),
            [{"alarm": 1, "at": city.NOW, "act": "unshelve", "actor": "SYS", "from_state": "SHELVED",
              "to_state": "UNACK", "reason": "expired"}],
        )  # fmt: skip
    page = alarms.page(desk, 1)
    assert page is not None
    assert page.row.acked_name == called
    assert page.steps[-1].actor_name == called


def test_who_was_first_is_told_by_name(desk: Desk) -> None:
    with desk.store.write() as connection:
        connection.execute(update(ALARM).values(acked_by="HZ-V1"))
    told = say(alarms.acknowledge(desk, 1).message, "zh")
    assert "王强" in told
    assert "HZ-V1" not in told


def test_a_notice_names_who_acted_and_who_has_seen_it(desk: Desk) -> None:
    with desk.store.write() as connection:
        connection.execute(
            insert(table(Notice)),
            [{"key": "n", "at": city.NOW, "grid": "371702", "level": "C", "person": "", "task": "T-1",
              "alarm": None, "priority": "high", "code": "notice.act.supervise",
              "args": '{"task": "T-1", "by": "HZ-V1"}', "seen": city.NOW, "seen_by": "MD-S1",
              "state": "seen", "channel": "screen", "attempts": 0, "next_at": None}],
        )  # fmt: skip
    row = notices.board(desk)[0]
    assert "王强" in say(row.message, "zh")
    assert row.seen_by == "李敏"


def test_what_the_product_did_to_a_task_is_the_systems(walk: Walk, store: Store, clock: ManualClock) -> None:
    walk.to("DISPATCHED")
    clock.move(3600)
    sweep(store, clock.now())
    by_system = [step for step in walk.page.timeline if step.actor == "SYS"]
    assert by_system
    assert {step.actor_name for step in by_system} == {"系统"}
