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
from backend.city.registry import City
from backend.clock import ManualClock
from backend.desk import acts, complaints, duty, incidents, intake, overview, tasks, taskside
from backend.desk.desk import Desk
from backend.duty import answers
from backend.incidents import Intake, report_by_person
from backend.incidents.tables import Incident
from backend.notify.tables import Notice
from backend.store import Store, table
from backend.store.model import metadata
from backend.words import Outcome, say
from tests.tools.small_city import write_small_city

CITY, COUNTY = "990000", "990001"
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
    assert complaints.counts(desk) == {"waiting": 0, "replied": 1}
    assert complaints.call_back(desk, report, result="not_satisfied", text="还在施工").ok
    # They wait again, with a new time: on the list, in the counts, for whoever takes over.
    (row,) = complaints.board(desk)
    assert (row.state, row.reply_due) == ("again", clock.now() + 24 * 3600)
    assert complaints.counts(desk) == {"waiting": 1, "replied": 0}
    assert says(complaints.call_back(desk, report, result="satisfied")).startswith("诉求 W-1 还没有回复")
    clock.move(24 * 3600 + 1)
    assert [need.id for need in overview.needs(desk) if need.kind == "complaint"] == [str(report)]
    assert complaints.board(desk)[0].state == "overdue"
    clock.move(60 - 24 * 3600 - 1)
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
    # Neither by what somebody types into a task or the shift's remarks.
    told = f"已联系{CALLER}，{PHONE[:3]} {PHONE[3:7]} {PHONE[7:]}，工地负责人 13900001111"
    assert acts.act(desk, str(done.data["task"]), "note", body={"note": told}).ok
    assert duty.remark(desk, told).ok
    page = tasks.page(desk, str(done.data["task"]))
    assert page is not None
    assert "13900001111" in str(page), "the number of somebody who did not call was taken out"
    complaints.page(desk, int(str(done.data["report"])), opened=True)
    with desk.store.read() as connection:
        for name, one in metadata.tables.items():
            if name in ("incident_report", "complaint_act"):
                continue
            held = str(connection.execute(select(one)).all())
            assert "小明" not in held, name
            assert PHONE not in held, name


def test_an_address_that_names_the_caller_is_told_on_their_page_alone(at: At, clock: ManualClock) -> None:
    desk = at(SEAT)
    with desk.store.read() as connection:
        city = City.read(connection)
    raw = f"村东头，找{CALLER}，{PHONE}"
    given = Intake(
        "site_dust",
        "12345",
        grid=COUNTY,
        text=TEXT,
        number="W-9",
        caller=CALLER,
        caller_phone=PHONE,
        address=raw,
    )
    with desk.store.write() as connection:
        done = report_by_person(connection, city, given, actor=SEAT, now=clock.now())
    assert done.ok, say(done.message, "zh")
    (row,) = complaints.board(desk)
    assert "村东头" in row.place
    for told in _told([row, incidents.page(desk, str(done.data["incident"]))]):
        assert CALLER not in told
        assert PHONE not in told
    page = complaints.page(desk, row.id)
    assert page is not None
    assert raw in page.text


def test_whoever_owes_an_answer_is_reminded_and_then_who_stands_above(at: At, clock: ManualClock) -> None:
    desk = at(SEAT)
    report = int(str(_complain(desk).data["report"]))
    begun = clock.now()

    def told() -> list[tuple[str, str]]:
        with desk.store.write() as connection:
            answers.remind(connection, desk.zone, clock.now())
            answers.remind(connection, desk.zone, clock.now())
            notice = table(Notice)
            rows = connection.execute(
                select(notice.c.code, notice.c.grid)
                .where(notice.c.key.startswith("complaint:"), notice.c.seen.is_(None))
                .order_by(notice.c.at, notice.c.code)
            ).all()
        return [(row.code.removeprefix("notice.complaint."), row.grid) for row in rows]

    def at_hour(hours: float) -> None:
        clock.move(begun + int(hours * 3600) - clock.now())

    at_hour(19)
    assert told() == []
    at_hour(19.3)
    assert told() == [("reply.soon", COUNTY)]
    at_hour(24)
    assert told() == [("reply.soon", COUNTY)]
    at_hour(24.1)
    assert told() == [("reply.soon", COUNTY), ("reply.late", COUNTY)]
    assert [row.id for row in complaints.late(desk)] == [report]
    at_hour(36.1)
    assert told()[2:] == [("reply.above", CITY)]
    # An answer takes back what was told; the call back is owed next, and asked for in the same way.
    assert complaints.reply(desk, report, result="rectified", text="工地已停工洒水").ok
    assert told() == []
    assert not complaints.late(desk)
    at_hour(36.1 + 24 * 0.9)
    assert told() == [("call.soon", COUNTY)]
    at_hour(36.1 + 24.1)
    assert told() == [("call.soon", COUNTY), ("call.late", COUNTY)]
    (row,) = complaints.late(desk)
    assert (row.state, [need.id for need in overview.needs(desk) if need.kind == "complaint"]) == (
        "call_late",
        [str(report)],
    )
    assert complaints.call_back(desk, report, result="not_reached").ok
    assert told() == [("call.soon", COUNTY), ("call.late", COUNTY)], "nobody has heard the caller yet"
    assert complaints.call_back(desk, report, result="satisfied").ok
    assert told() == []


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


@pytest.mark.parametrize(("days", "hidden"), [(29, True), (31, False)])
def test_remarks_are_searched_for_those_who_called_lately(
    at: At, clock: ManualClock, days: int, hidden: bool
) -> None:
    desk = at(SEAT)
    _complain(desk)
    clock.move(days * 86400)
    assert duty.remark(desk, f"已联系{CALLER}").ok
    with desk.store.read() as connection:
        (told,) = connection.execute(select(metadata.tables["shift_remark"].c.text)).scalars()
    assert (CALLER not in told) is hidden
