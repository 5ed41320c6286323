"""Complaints: their clocks, replies and call-backs, and that nobody reads who called but on their own page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from backend import incidents as room
from backend.access.audit import verify
from backend.access.tables import AuditRow
from backend.city.load import load_pack
from backend.clock import ManualClock
from backend.desk import acts, complaints, incidents, intake, overview, tasks, taskside
from backend.desk.desk import Desk
from backend.incidents.tables import Incident
from backend.store import Store, table
from backend.store.model import metadata
from backend.words import Outcome, say
from tests.tools.small_city import write_small_city

SEAT, OTHER, MEMBER = "P-990001-S1", "P-990002-S1", "P-99000100101-M"
CALLER, PHONE = "王小明", "13812345678"
TEXT = f"{CALLER}说工地夜里施工，回电 {PHONE}"
At = Callable[[str], Desk]


@pytest.fixture
def at(store: Store, clock: ManualClock, tmp_path: Path) -> At:
    """Somebody's desk in the small city."""
    load_pack(store, write_small_city(tmp_path / "pack"), clock.now())
    return lambda person: Desk.open(store, person, clock=clock)


def _complain(desk: Desk, **more: Any) -> Outcome:
    given = {
        "type": "site_dust",
        "place": "source:S11",
        "channel": "12345",
        "number": "W-1",
        "text": TEXT,
        "caller": CALLER,
        "caller_phone": PHONE,
        "priority": "high",
    }
    done = intake.enter(desk, **(given | more))
    assert done.ok, say(done.message, "zh")
    return done


def _told(thing: Any) -> Iterator[str]:
    """Every text in an answer."""
    if isinstance(thing, str):
        yield thing
    elif is_dataclass(thing) and not isinstance(thing, type):
        for field in fields(thing):
            yield from _told(getattr(thing, field.name))
    elif isinstance(thing, dict):
        yield from _told(list(thing.values()))
    elif isinstance(thing, list | tuple | set | frozenset):
        for one in thing:
            yield from _told(one)


def test_its_reply_clock_is_its_own(at: At, clock: ManualClock) -> None:
    desk = at(SEAT)
    report = int(str(_complain(desk).data["report"]))
    (row,) = complaints.board(desk)
    assert (row.number, row.state, row.reply_due) == ("W-1", "waiting", clock.now() + 24 * 3600)
    assert complaints.counts(desk) == {"waiting": 1, "replied": 0}
    # Exactly when it is due it is in time; a second later it needs somebody.
    clock.move(24 * 3600)
    assert not [need for need in overview.needs(desk) if need.kind == "complaint"]
    clock.move(1)
    (need,) = [need for need in overview.needs(desk) if need.kind == "complaint"]
    assert (need.id, need.breached, need.what) == (str(report), True, "W-1")
    assert complaints.board(desk)[0].state == "overdue"
    assert complaints.reply(desk, report, result="rectified", text="工地已停工洒水").ok
    assert not [need for need in overview.needs(desk) if need.kind == "complaint"]
    assert not complaints.board(desk)
    assert [one.state for one in complaints.board(desk, view="replied")] == ["replied"]


def test_replied_called_back_and_replied_again(at: At, clock: ManualClock) -> None:
    desk = at(SEAT)
    report = int(str(_complain(desk).data["report"]))

    def says(outcome: Outcome) -> str:
        return say(outcome.message, "zh")

    early = complaints.call_back(desk, report, result="satisfied")
    assert says(early) == "诉求 W-1 还没有回复，先回复再回访。"
    assert says(complaints.reply(desk, report, result="rectified", text=" ")) == "请写明告诉了来电人什么。"
    assert says(complaints.reply(desk, report, result="fine", text="好")) == "没有 fine 这个结果。"
    assert says(complaints.reply(desk, report, result="rectified", text="字" * 10_000)).startswith(
        "内容 10000 字"
    )
    assert complaints.reply(desk, report, result="in_hand", text="正在查").ok
    twice = complaints.reply(desk, report, result="rectified", text="已整改")
    assert says(twice).startswith("诉求 W-1 已于 11-03 16:00 回复")
    clock.move(60)
    assert complaints.call_back(desk, report, result="not_reached").ok
    assert complaints.call_back(desk, report, result="not_satisfied", text="还在施工").ok
    clock.move(60)
    assert complaints.reply(desk, report, result="rectified", text="已责令停工").ok
    assert complaints.call_back(desk, report, result="satisfied").ok
    again = complaints.call_back(desk, report, result="satisfied")
    assert says(again) == "诉求 W-1 已于 11-03 16:02 回访。"
    page = complaints.page(desk, report)
    assert page is not None
    assert [(step.act, step.result) for step in page.steps] == [
        ("reply", "in_hand"),
        ("call_back", "not_reached"),
        ("call_back", "not_satisfied"),
        ("reply", "rectified"),
        ("call_back", "satisfied"),
    ]
    assert page.row.state == "done"


def test_who_called_is_on_one_page_and_opening_it_is_noted(at: At) -> None:
    desk = at(SEAT)
    done = _complain(desk)
    report, task = int(str(done.data["report"])), str(done.data["task"])
    _complain(desk, number="W-2", into=str(done.data["incident"]))
    complaints.reply(desk, report, result="in_hand", text=f"已告诉{CALLER}，电话 {PHONE}")
    elsewhere = [
        complaints.board(desk, view="all"),
        incidents.page(desk, str(done.data["incident"])),
        tasks.page(desk, task),
        taskside.sides(desk, task),
        tasks.board(desk),
        overview.needs(desk),
        intake.near(desk, type="site_dust", place="source:S11"),
        done,
    ]
    for answer in elsewhere:
        for text in _told(answer):
            assert CALLER not in text
            assert "小明" not in text
            assert PHONE not in text
    page = complaints.page(desk, report, opened=True)
    assert page is not None
    assert (page.caller, page.phone, page.text) == (CALLER, PHONE, TEXT)
    with desk.store.read() as connection:
        audit = table(AuditRow)
        rows = connection.execute(select(audit).where(audit.c.act == "complaint.open")).all()
        assert verify(connection) is None
    assert [(row.actor, row.subject, json.loads(row.body)) for row in rows] == [
        (SEAT, str(report), {"number": "W-1"})
    ]


def test_who_called_is_stored_in_one_table_alone(at: At) -> None:
    desk = at(SEAT)
    done = _complain(desk)
    _complain(desk, number="W-2", into=str(done.data["incident"]))
    complaints.page(desk, int(str(done.data["report"])), opened=True)
    with desk.store.read() as connection:
        for name, one in metadata.tables.items():
            if name in ("incident_report", "complaint_act"):
                continue
            held = str(connection.execute(select(one)).all())
            assert "小明" not in held, name
            assert PHONE not in held, name


def test_another_jurisdiction_and_a_member_see_and_do_nothing(at: At) -> None:
    done = _complain(at(SEAT))
    report = int(str(done.data["report"]))
    other = at(OTHER)
    assert complaints.page(other, report) is None
    assert not complaints.board(other, view="all")
    assert incidents.page(other, str(done.data["incident"])) is None
    assert complaints.reply(other, report, result="rectified", text="好").message.code == "access.outside"
    member = at(MEMBER)
    assert complaints.page(member, report) is None
    assert complaints.reply(member, report, result="rectified", text="好").message.code == "access.role"
    assert (
        complaints.reply(at(SEAT), 404, result="rectified", text="好").message.code
        == "complaint.refused.none"
    )


def test_an_incident_page_holds_all_of_it(at: At, clock: ManualClock) -> None:
    desk = at(SEAT)
    done = _complain(desk)
    incident, task = str(done.data["incident"]), str(done.data["task"])
    clock.move(60)
    intake.enter(desk, type="site_dust", place="source:S11", channel="patrol", text="看见扬尘", into=incident)
    row = tasks.board(desk)[0]
    sent = acts.act(
        desk,
        task,
        "dispatch",
        body={"holder": MEMBER, "holder_kind": "member", "on_duty": True},
        seen_version=2,
    )
    assert sent.ok, say(sent.message, "zh")
    acts.act(desk, task, "accept", on_behalf=MEMBER)
    acts.act(desk, task, "arrive", on_behalf=MEMBER)
    body = {"result": "rectified", "evidence": ["IMG-7", "鲁RA1234"]}
    reported = acts.act(desk, task, "report", body=body, on_behalf=MEMBER)
    assert reported.ok, say(reported.message, "zh")
    page = incidents.page(desk, incident)
    assert page is not None
    assert [one.id for one in page.tasks] == [row.id]
    assert [one.number for one in page.complaints] == ["W-1"]
    assert [(one.channel, one.text) for one in page.reports] == [("patrol", "看见扬尘")]
    assert [(one.kind, one.ref, one.by, one.task) for one in page.evidence] == [
        ("photo", "IMG-7", "网格员11", task),
        ("plate", "鲁RA1234", "网格员11", task),
    ]
    kinds = [step.kind for step in page.steps]
    assert {"task", "report", "evidence"} <= set(kinds)
    assert [step.at for step in page.steps] == sorted((step.at for step in page.steps), reverse=True)
    assert ("task", task) in {(face.page, face.key) for face in page.faces}
    assert incident in {face.key for face in taskside.sides(desk, task).faces}  # type: ignore[union-attr]


def test_an_incident_that_was_told_ends_with_its_work_and_its_answer(at: At, clock: ManualClock) -> None:
    desk = at(SEAT)
    done = _complain(desk)
    incident, report = str(done.data["incident"]), int(str(done.data["report"]))

    def close(worked: bool) -> list[str]:
        with desk.store.write() as connection:
            told = set(connection.execute(room.told_and_open()).scalars())
            assert told == {incident}
            return room.close_quiet(connection, clock.now(), set(), told if worked else set())

    assert close(False) == []
    assert close(True) == []
    complaints.reply(desk, report, result="rectified", text="已整改")
    assert close(True) == [incident]
    with desk.store.read() as connection:
        assert connection.execute(select(table(Incident).c.state)).scalar_one() == "closed"
