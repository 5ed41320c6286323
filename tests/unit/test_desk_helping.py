"""Co-handling departments 协办: they come with the type, hear of the task, see it, say what they did, end nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from backend.city.tables import Department, DutyEntry, IncidentType, Person
from backend.clock import ManualClock
from backend.desk import acts, intake, known, notices, overview, sheets, tasks, taskside, triage, triagelook
from backend.desk.desk import Desk
from backend.incidents.tables import Evidence, Incident
from backend.notify.tables import Notice
from backend.reports import tasksheet
from backend.store import Store, table
from backend.tasks.tables import Act
from backend.text import width
from backend.words import LANGUAGES, Outcome, say
from backend.words.say import Language
from tests.screens import loop_city as city

SEAT, HELPER, FIELD = "P-990001002-S1", "D-SHJ", "D-YJJ-M"
FIRE, WATER = ("SHJ", "YJJ"), ("GXJ",)
Sit = Callable[[str], Desk]


@pytest.fixture
def sit(store: Store, clock: ManualClock, tmp_path: Path) -> Sit:
    """The small city with four bureaus and their people; straw burning has a lead and two that help."""
    city.build(store, tmp_path, clock.now())
    bureaus = {"NYJ": "农业农村局", "SHJ": "生态环境局", "YJJ": "应急管理局", "GXJ": "工业和信息化局"}
    person = {"pinyin": "", "initials": "", "centre": "", "phone": "1", "active": True, "made_up": True}
    with store.write() as connection:
        connection.execute(
            insert(table(Department)),
            [
                {"code": code, "name": name, "name_en": code, "phone": f"0530-{code}", "kind": "bureau",
                 "made_up": True}
                for code, name in bureaus.items()
            ],
        )  # fmt: skip
        connection.execute(
            insert(table(DutyEntry)).values(
                body_kind="department", body="YJJ", name="夜班", phone="110", start_minute=0, end_minute=0,
                days="1111111", valid_from="", valid_to="", made_up=True,
            )
        )  # fmt: skip
        for code, role, grid, department in (
            (HELPER, "seat", "990000", "SHJ"),
            (FIELD, "member", "99000200101", "YJJ"),
            ("D-GXJ", "seat", "990002", "GXJ"),
        ):
            values = {
                **person,
                "code": code,
                "name": code,
                "role": role,
                "grid": grid,
                "department": department,
            }
            connection.execute(insert(table(Person)).values(**values))
        kind = table(IncidentType)
        for code, lead, co in (("straw_burning", "NYJ", FIRE), ("industrial", "SHJ", WATER)):
            connection.execute(
                update(kind).where(kind.c.code == code).values(department=lead, co_departments="|".join(co))
            )

    def seated(person: str) -> Desk:
        return Desk.open(store, person, clock=clock)

    return seated


def reported(desk: Desk, kind: str = "straw_burning", text: str = "smoke") -> str:
    outcome = intake.enter(desk, type=kind, place="grid:990001002", channel="patrol", text=text)
    assert outcome.ok, outcome
    return str(outcome.data["task"])


def do(desk: Desk, task: str, kind: str, behalf: str = "", **body: Any) -> Outcome:
    page = tasks.page(desk, task)
    assert page is not None
    return acts.act(desk, task, kind, body=body, on_behalf=behalf, seen_version=page.row.version)


def sent(desk: Desk, task: str, **body: Any) -> Outcome:
    done = do(desk, task, "dispatch", holder="P-99000100201-M", holder_kind="member", on_duty=True, **body)
    assert done.ok, done
    return done


def page(desk: Desk, task: str) -> tasks.TaskPage:
    found = tasks.page(desk, task)
    assert found is not None
    return found


def co(desk: Desk, task: str) -> tuple[str, ...]:
    return page(desk, task).co_departments


def test_the_type_brings_its_lead_and_its_helpers(sit: Sit) -> None:
    desk = sit(SEAT)
    task = reported(desk)
    found = page(desk, task)
    assert (found.department, found.co_departments) == ("NYJ", FIRE)
    assert (found.row.lead, found.row.co) == ("农业农村局", ("生态环境局", "应急管理局"))
    sides = taskside.sides(desk, task)
    assert sides is not None
    # The duty room's own phone where the book names one.
    assert [(one.code, one.phone) for one in sides.co] == [("SHJ", "0530-SHJ"), ("YJJ", "110")]
    assert "NYJ" not in [one.code for one in sides.helpers]


def test_what_it_turns_out_to_be_changes_who_helps(sit: Sit) -> None:
    desk = sit(SEAT)
    with desk.store.write() as connection:
        body = {"type": "industrial", "grid": "990001002", "priority": "high"}
        body |= {"department": "SHJ", "co_departments": "GXJ"}
        made = acts.make_task(connection, desk, body, file=True)
        task = str(made.data["task"])
        found = {"type": "straw_burning", "title_code": "task.title", "title_args": ""}
        found |= {"department": "NYJ", "co_departments": "SHJ|YJJ"}
        assert acts.act_in(connection, desk, task, "identify", found).ok
    assert (page(desk, task).department, co(desk, task)) == ("NYJ", FIRE)
    # Once somebody is sent the lead stays, and is none of those that help.
    with desk.store.write() as connection:
        other = str(acts.make_task(connection, desk, body, file=True).data["task"])
    sent(desk, other)
    with desk.store.write() as connection:
        assert acts.act_in(connection, desk, other, "identify", found).ok
    assert (page(desk, other).department, co(desk, other)) == ("SHJ", ("YJJ",))


def test_an_alarm_that_a_person_identifies_takes_the_type_s_helpers(sit: Sit) -> None:
    desk = sit("P-990001-S1")
    made = acts.from_alarm(desk, city.alarms(desk.store)[0])
    task = str(made.data["task"])
    assert co(desk, task) == ()
    with desk.store.write() as connection:
        incident = table(Incident)
        connection.execute(update(incident).values(type="straw_burning"))
        known.tell_tasks(connection, desk, page(desk, task).incident)
    assert (page(desk, task).department, co(desk, task)) == ("NYJ", FIRE)


def test_a_dispatch_adds_and_removes_helpers_and_the_lead_is_none_of_them(sit: Sit) -> None:
    desk = sit(SEAT)
    task = reported(desk)
    odd = do(desk, task, "dispatch", holder="P-99000100201-M", co_departments="SHJ|NOBODY")
    assert (odd.ok, odd.message.code) == (False, "task.refused.schema")
    done = sent(desk, task, co_departments="SHJ|GXJ|NYJ")
    assert co(desk, task) == ("SHJ", "GXJ")
    assert acts.recall(desk, task, str(done.data["op"])).ok
    assert co(desk, task) == FIRE
    assert do(
        desk, task, "dispatch", holder="SHJ", holder_kind="department", department="SHJ", on_duty=True
    ).ok
    assert (page(desk, task).department, co(desk, task)) == ("SHJ", ("YJJ",))


def test_their_duty_rooms_are_told_once_and_a_recall_takes_it_back(sit: Sit) -> None:
    desk, notice = sit(SEAT), table(Notice)
    task = reported(desk)

    def told() -> list[tuple[str, str]]:
        query = select(notice.c.department, notice.c.state).where(
            notice.c.task == task, notice.c.department != ""
        )
        with desk.store.read() as connection:
            return [
                tuple(row) for row in connection.execute(query.order_by(notice.c.at, notice.c.department))
            ]

    assert told() == []
    done = sent(desk, task)
    assert told() == [("SHJ", "new"), ("YJJ", "new")]
    assert acts.recall(desk, task, str(done.data["op"])).ok
    assert {state for _, state in told()} == {"withdrawn"}
    sent(desk, task)
    assert do(desk, task, "return", reason="ill").ok
    helper = sit(HELPER)
    before = overview.unseen_notices(helper)
    assert do(desk, task, "dispatch", holder="C-990001002", holder_kind="centre", on_duty=True).ok
    assert sum(state == "new" for _, state in told()) == 2
    rows = [row for row in notices.board(helper) if row.department == "SHJ"]
    for language in LANGUAGES:
        words = say(rows[0].message, language)
        assert task in words
        assert "0530-SHJ" in words
        assert "农业农村局" in words
    assert before == overview.unseen_notices(helper) > 0
    sides = taskside.sides(desk, task)
    assert sides is not None
    assert "应急管理局" in {row.whom for row in sides.told}


def test_a_helping_department_sees_the_task_as_one_that_it_helps_with(sit: Sit) -> None:
    task = reported(sit(SEAT))
    for person in (HELPER, FIELD):
        rows = {row.id: row.side for row in tasks.board(sit(person), view="mine")}
        assert rows == {task: "co"}
        assert page(sit(person), task).row.side == "co"
    assert tasks.view_counts(sit(FIELD)) == {"open": 1, "mine": 1, "approval": 0, "handed": 0}
    assert task not in {row.id for row in tasks.board(sit("D-GXJ"))}


def test_it_says_and_shows_what_it_did_under_its_own_name_and_ends_nothing(sit: Sit) -> None:
    desk = sit(SEAT)
    task = reported(desk)
    sent(desk, task)
    for person in (HELPER, FIELD):
        helper = sit(person)
        assert do(helper, task, "note", note="we came with a tanker").ok
        assert do(helper, task, "attach", ref=f"IMG-{person}").ok
    with desk.store.read() as connection:
        refs = set(connection.execute(select(table(Evidence).c.ref)).scalars())
    assert {f"IMG-{HELPER}", f"IMG-{FIELD}"} <= refs
    said = [one for one in page(desk, task).timeline if one.kind == "note"]
    assert [(one.actor, one.of_name) for one in said] == [(HELPER, "生态环境局"), (FIELD, "应急管理局")]
    state = page(desk, task).row
    helper = sit(HELPER)
    for kind in (
        "accept",
        "return",
        "transfer",
        "escalate",
        "urge",
        "prioritise",
        "merge",
        "ask_void",
        "call",
    ):
        refused = do(helper, task, kind, reason="x", note="x", receiver="GXJ", priority="low", into=task)
        assert (refused.ok, refused.message.code) == (False, "task.refused.co_only"), kind
    for language in LANGUAGES:
        words = say(refused.message, language)
        assert "生态环境局" in words
        assert "农业农村局" in words
    offers = {offer.kind for offer in page(helper, task).offers if offer.refusal is None}
    assert offers == {"note", "attach"}
    after = page(desk, task).row
    assert (after.state, after.holder, after.due) == (state.state, state.holder, state.due)
    # Who is of no department that helps is outside as before.
    assert do(sit("D-GXJ"), task, "note", note="x").message.code == "access.outside"


def test_what_it_says_on_the_phone_is_logged_as_its_word(sit: Sit) -> None:
    desk = sit(SEAT)
    task = reported(desk)
    assert do(desk, task, "note", "YJJ", note="a tanker is on its way").ok
    (said,) = [one for one in page(desk, task).timeline if one.kind == "note"]
    assert (said.actor, said.on_behalf, said.behalf_name, said.channel) == (
        SEAT,
        "YJJ",
        "应急管理局",
        "phone",
    )


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("zh", ("主办  农业农村局 0530-NYJ", "协办  生态环境局 0530-SHJ", "协办  应急管理局 110",
                "签收 2026-11-03 16:10")),
        ("en", ("Lead     NYJ 0530-NYJ", "Helping  SHJ 0530-SHJ", "Helping  YJJ 110", "accept by 2026-11-03 16:10")),
    ],
)  # fmt: skip
def test_the_sheet_names_them_and_by_when_to_accept(
    sit: Sit, language: Language, wanted: tuple[str, ...]
) -> None:
    desk = sit(SEAT)
    desk.speak(language)
    task = reported(desk)
    sent(desk, task)
    text = str(sheets.print_sheet(desk, task).data["text"])
    for words in wanted:
        assert words in text, text
    lines = text.splitlines()
    assert len(lines) <= tasksheet.LINES
    assert max(width(line) for line in lines) <= tasksheet.COLUMNS


def test_the_triage_desk_tells_who_leads_and_who_helps(sit: Sit) -> None:
    desk = sit("P-990001-S1")
    with desk.store.write() as connection:
        kind = table(IncidentType)
        connection.execute(
            update(kind)
            .where(kind.c.code == "air_quality")
            .values(department="SHJ", co_departments="YJJ|GXJ")
        )
    row = triage.queue(desk)[0]
    found = triagelook.look(desk, row.item).whom
    assert (found.department, found.co) == ("生态环境局", ("应急管理局", "工业和信息化局"))


def test_every_word_of_it_is_in_the_log(sit: Sit) -> None:
    desk, act = sit(SEAT), table(Act)
    task = reported(desk)
    sent(desk, task, co_departments="GXJ")
    with desk.store.read() as connection:
        body = connection.execute(
            select(act.c.body).where(act.c.task == task, act.c.kind == "dispatch")
        ).scalar_one()
    assert '"co_departments":"GXJ"' in body
