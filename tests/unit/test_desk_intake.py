"""What people report: it opens an incident with its task, joins one near by, or becomes a leader's order."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from backend.access.tables import AuditRow
from backend.city.load import load_pack
from backend.clock import ManualClock
from backend.desk import acts, intake, orders, overview, tasks
from backend.desk.desk import Desk
from backend.incidents.tables import Incident, IncidentReport
from backend.notify.tables import Notice
from backend.store import Store, table
from backend.tasks.tables import Task
from backend.words import LANGUAGES, Message, Outcome, say
from tests.tools.small_city import write_small_city

TASK = table(Task)
SEAT, OTHER, CITY = "P-990001-S1", "P-990002-S1", "P-990000-S1"
TOWN, NEXT, FAR = "grid:990001001", "grid:990001002", "grid:990002001"
SMOKE: dict[str, Any] = {"type": "straw_burning", "place": TOWN, "text": "地里冒烟"}
At = Callable[[str], Desk]


@pytest.fixture
def at(store: Store, clock: ManualClock, tmp_path: Path) -> At:
    """Somebody's desk in the small city."""
    load_pack(store, write_small_city(tmp_path / "pack"), clock.now())
    return lambda person: Desk.open(store, person, clock=clock)


def _rows(desk: Desk, of: Any) -> list[Any]:
    with desk.store.read() as connection:
        return list(connection.execute(select(table(of)).order_by(table(of).c.id)).all())


def _both(message: Message) -> tuple[str, str]:
    told = tuple(say(message, language) for language in LANGUAGES)
    assert "{" not in "".join(told)
    return told[0], told[1]


def test_a_call_is_an_incident_a_complaint_and_a_task(at: At) -> None:
    desk = at(SEAT)
    done = intake.enter(desk, **SMOKE, caller="王小明", caller_phone="13812345678")
    assert done.ok
    assert done.data["number"] == "SQ20261103-0001"
    page = tasks.page(desk, str(done.data["task"]))
    assert page is not None
    assert (page.row.state, page.row.type, page.incident, page.origin) == (
        "OPEN", "straw_burning", done.data["incident"], "phone",
    )  # fmt: skip
    (report,) = _rows(desk, IncidentReport)
    assert (report.caller, report.caller_phone) == ("王小明", "13812345678")
    assert report.reply_due == desk.now + 24 * 3600
    for told in _both(done.message):
        assert "SQ20261103-0001" in told
        assert "1381234" not in told


def test_what_a_patrol_sees_waits_for_no_answer(at: At) -> None:
    desk = at(SEAT)
    done = intake.enter(desk, **SMOKE, channel="patrol")
    (report,) = _rows(desk, IncidentReport)
    assert (report.number, report.reply_due) == ("", None)
    assert done.message.code == "incident.done.entered"


@pytest.mark.parametrize(
    ("place", "grid"),
    [("grid:99000100101", "99000100101"), ("station:TA11", "990001001"), ("source:S11", "990001001")],
)
def test_a_place_is_a_grid_a_station_or_a_source(at: At, place: str, grid: str) -> None:
    desk = at(SEAT)
    assert intake.enter(desk, **(SMOKE | {"place": place})).ok
    assert [row.grid for row in _rows(desk, Incident)] == [grid]


def test_the_second_call_of_one_fire_is_no_second_fire(at: At, clock: ManualClock) -> None:
    desk = at(SEAT)
    first = intake.enter(desk, **SMOKE)
    clock.move(600)
    found = intake.near(desk, type="open_burning", place=TOWN)
    assert [(one.incident, one.km, clock.now() - one.last) for one in found] == [
        (first.data["incident"], 0.0, 600)
    ]
    assert found[0].task == first.data["task"]
    joined = intake.enter(
        desk, **(SMOKE | {"text": "又有人说 13900001111 看见火"}), priority="critical", into=found[0].incident
    )
    assert joined.ok
    assert joined.message.code == "incident.done.joined_task"
    assert joined.data["incident"] == first.data["incident"]
    (incident,) = _rows(desk, Incident)
    assert (incident.priority, incident.last) == ("critical", clock.now())
    assert len(_rows(desk, IncidentReport)) == 2
    page = tasks.page(desk, str(first.data["task"]))
    assert page is not None
    note = page.timeline[-1]
    assert note.kind == "note"
    # The holder is told of the report, and not of who called.
    assert "SQ20261103-0002" in str(note.body["note"])
    assert "13900001111" not in str(note.body["note"])


@pytest.mark.parametrize(
    ("kind", "place", "later", "found"),
    [
        ("straw_burning", TOWN, 600, 1),
        ("straw_burning", NEXT, 600, 0),  # eleven kilometres
        ("surface_water", TOWN, 600, 0),
        ("straw_burning", TOWN, 7 * 3600, 0),
        ("straw_burning", "source:F11", 600, 1),  # two kilometres
        ("complaint", TOWN, 600, 1),
    ],
)
def test_only_what_is_near_recent_and_of_the_kind_is_proposed(
    at: At, clock: ManualClock, kind: str, place: str, later: int, found: int
) -> None:
    desk = at(SEAT)
    intake.enter(desk, **SMOKE)
    clock.move(later)
    assert len(intake.near(desk, type=kind, place=place)) == found


def test_nothing_of_another_jurisdiction_is_proposed_or_joined(at: At) -> None:
    there = intake.enter(at(OTHER), **(SMOKE | {"place": FAR}))
    assert intake.near(at(SEAT), type="straw_burning", place=FAR) == []
    joined = intake.enter(at(SEAT), **SMOKE, into=str(there.data["incident"]))
    assert joined.message.code == "incident.refused.outside"


def test_a_leaders_word_with_a_time_is_an_order_and_a_supervised_task(at: At, clock: ManualClock) -> None:
    desk = at(SEAT)
    assert intake.enter(desk, **SMOKE, channel="leader").message.code == "incident.refused.no_due"
    due = clock.now() + 2 * 3600
    done = intake.enter(desk, **SMOKE, channel="leader", due=due)
    assert done.ok, say(done.message, "zh")
    (order,) = orders.in_force(desk)
    assert (order.kind, order.due, order.codes) == ("instruction", due, ("990001001",))
    assert order.title == "秸秆焚烧 地里冒烟"
    later = intake.enter(desk, **(SMOKE | {"place": NEXT}))
    row = tasks.board(desk)[0]
    assert (row.id, row.order, row.supervised, row.order_due) == (done.data["task"], order.code, True, due)
    assert later.data["task"] == tasks.board(desk)[1].id
    assert [one.order_code for one in _rows(desk, Incident)] == [order.code, ""]
    # Its time moves with the order's.
    assert orders.amend(desk, order.code, due=due + 3600).ok
    assert tasks.board(desk)[0].order_due == due + 3600


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"caller_phone": "打我手机"}, "来电号码不像电话号码：7 至 15 位数字，可带区号。"),
        ({"place": "grid:404"}, "地点无法确定，请给出网格、站点或污染源的代码。"),
        ({"place": "nowhere"}, "地点无法确定，请给出网格、站点或污染源的代码。"),
        ({"place": FAR}, "样21镇 在样2县，不在您的辖区；请转告该区县中心。"),
        ({"text": "烟" * 10_000}, "内容 10000 字，最多 2000 字，请摘要后再登记。"),
        ({"number": "9" * 41}, "编号最多 40 字。"),
        ({"into": "INC-404"}, "没有事件 INC-404。"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(at: At, wrong: dict[str, str], words: str) -> None:
    desk = at(SEAT)
    outcome = intake.enter(desk, **(SMOKE | wrong))
    assert _both(outcome.message)[0] == words
    assert not _rows(desk, Incident)
    assert not _rows(desk, IncidentReport)


def test_what_a_leader_wants_of_an_open_incident_is_an_order_there_too(at: At, clock: ManualClock) -> None:
    desk = at(SEAT)
    first = intake.enter(desk, **SMOKE)
    told: dict[str, Any] = {
        "type": "straw_burning",
        "place": f"incident:{first.data['incident']}",
        "channel": "leader",
    }
    done = intake.enter(desk, **told, text="一小时内扑灭", due=clock.now() + 3600)
    page = tasks.page(desk, str(done.data["task"]))
    assert page is not None
    assert (page.row.supervised, page.row.order) == (True, done.data["order"])
    assert page.row.id != first.data["task"]
    # Without a time it is a word about what is open.
    word = intake.enter(desk, **told, text="注意安全")
    assert (word.ok, word.data["task"]) == (True, first.data["task"])


def test_a_second_call_that_is_more_urgent_makes_the_task_so_and_its_holder_hears(at: At) -> None:
    desk, member = at(SEAT), "P-99000100101-M"
    first = intake.enter(desk, **SMOKE)
    task, incident = str(first.data["task"]), str(first.data["incident"])
    assert acts.act(desk, task, "dispatch", body={"holder": member}, seen_version=_version(desk, task)).ok
    again = {**SMOKE, "text": "烧到学校旁边了", "priority": "critical", "into": incident}
    assert intake.enter(desk, **again).ok
    assert _priority(desk, task) == "critical"
    told = {row.code: row for row in _told(desk)}
    assert "烧到学校旁边了" in told["notice.act.report_more"].args
    assert {told[f"notice.act.{one}"].person for one in ("report_more", "prioritise")} == {member}
    # A supervisor who makes it less urgent is not overruled by the next call of the same.
    down = {"priority": "medium", "reason": "x"}
    boss = at("P-990001-V")
    assert acts.act(boss, task, "prioritise", body=down, seen_version=_version(desk, task)).ok
    assert intake.enter(desk, **again).ok
    assert _priority(desk, task) == "medium"


def _version(desk: Desk, task: str) -> int:
    with desk.store.read() as connection:
        return int(connection.execute(select(TASK.c.version).where(TASK.c.id == task)).scalar_one())


def _priority(desk: Desk, task: str) -> str:
    with desk.store.read() as connection:
        return str(connection.execute(select(TASK.c.priority).where(TASK.c.id == task)).scalar_one())


def _told(desk: Desk) -> list[Any]:
    with desk.store.read() as connection:
        return list(connection.execute(select(table(Notice))).all())


def test_a_number_is_entered_once(at: At) -> None:
    desk = at(SEAT)
    first = intake.enter(desk, **SMOKE, channel="12345", number="HZ-12345-77")
    again = intake.enter(desk, **SMOKE, channel="12345", number="HZ-12345-77")
    assert first.data["number"] == "HZ-12345-77"
    told = f"编号 HZ-12345-77 已登记在事件 {first.data['incident']}，不再重复登记。"
    assert _both(again.message)[0] == told
    assert len(_rows(desk, IncidentReport)) == 1


def test_control_characters_become_pictures(at: At) -> None:
    desk = at(SEAT)
    text = "烟\x1b]52;c;eA==\x07\x1b[2J\u202e\u200b很大"
    assert intake.enter(desk, **(SMOKE | {"text": text}), caller="\x1b[31m王").ok
    (report,) = _rows(desk, IncidentReport)
    for letter in "\x1b\x07\u202e\u200b":
        assert letter not in report.text + report.caller


def test_a_member_enters_nothing(at: At) -> None:
    told = SMOKE | {"place": "grid:99000100101"}
    assert intake.enter(at("P-99000100101-M"), **told).message.code == "access.role"


def test_choices_are_of_the_jurisdiction_and_tell_what_lies_beside(at: At) -> None:
    found = intake.choices(at(SEAT))
    assert found.types[0].code == "straw_burning"
    inside = {one.code for one in found.places if not one.outside}
    assert {"990001001", "99000100101", "TA11", "S11"} <= inside
    assert not any(code.startswith("990002") for code in inside)
    assert ("990002001", "样2县") in {(one.code, one.above) for one in found.places if one.outside}


def test_an_order_that_grows_gets_tasks_and_one_that_ends_tells_their_holders(
    at: At, clock: ManualClock
) -> None:
    desk = at(SEAT)
    given: dict[str, Any] = {
        "kind": "instruction",
        "title": "夜查",
        "scope_kind": "grid",
        "starts": clock.now(),
    }
    done = orders.issue(desk, **given, scope="990001001", ends=None)
    code = str(done.data["order"])
    assert not tasks.board(desk)
    assert orders.amend(desk, code, due=clock.now() + 3600).ok
    assert [row.order for row in tasks.board(desk)] == [code]
    assert orders.amend(desk, code, scope=["990001001", "990001002"]).message.code == "order.done.tasks"
    assert len(tasks.board(desk)) == 2
    # Another title makes no task a second time.
    assert orders.amend(desk, code, title="夜查两遍").message.code == "order.done.amended"
    assert len(tasks.board(desk)) == 2
    assert orders.withdraw(desk, code, "雨停了").ok
    for row in tasks.board(desk):
        page = tasks.page(desk, row.id)
        assert page is not None
        assert page.timeline[-1].body == {"note": f"{code} 雨停了", "order": code}


def test_an_order_whose_task_is_refused_is_not_kept(
    at: At, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = at(SEAT)
    monkeypatch.setattr("backend.desk.acts.of_order", lambda *_, **__: Outcome.refused("access.refused.role"))
    refused = orders.issue(
        desk,
        kind="instruction",
        title="夜查",
        scope_kind="grid",
        scope="990001001",
        starts=clock.now(),
        ends=None,
        due=clock.now() + 3600,
    )
    assert not refused.ok
    assert not orders.board(desk)
    assert not _rows(desk, Incident)
    assert not tasks.board(desk)


def test_an_order_is_on_top_of_every_list_of_the_grids_concerned(at: At, clock: ManualClock) -> None:
    city, county, town, other = at("P-990000-S1"), at(SEAT), at("P-990001001-S1"), at("P-990002001-S1")
    mine = intake.enter(county, **SMOKE)
    done = orders.issue(
        city,
        kind="instruction",
        title="全县夜查",
        scope_kind="grid",
        scope="990001",
        starts=clock.now(),
        ends=None,
        due=clock.now() + 3600,
    )
    for desk in (city, county, town):
        rows = tasks.board(desk)
        assert [row.id for row in rows] == [done.data["task"], mine.data["task"]]
        assert tasks.view_counts(desk)["open"] == 2
        assert overview.needs(desk)[0].id == done.data["task"]
    assert not tasks.board(other)
    # A township sees what binds it; whoever answers for it acts.
    noted = acts.act(town, str(done.data["task"]), "urge")
    assert noted.message.code == "access.outside"


def test_whoever_calls_again_tells_a_number(at: At) -> None:
    desk = at(SEAT)
    first = intake.enter(desk, **SMOKE, channel="12345", number="HZ-77")
    found = [one for one in intake.choices(desk).places if one.kind == "incident"]
    assert [(one.code, one.search) for one in found] == [(first.data["incident"], "HZ-77")]
    again = intake.enter(desk, **(SMOKE | {"place": f"incident:{found[0].code}"}))
    assert again.message.code == "incident.done.joined_task"
    assert len(_rows(desk, Incident)) == 1
    assert not [one for one in intake.choices(at(OTHER)).places if one.kind == "incident"]


def _air_alarm(desk: Desk, town: str = "990001001") -> str:
    """The incident that a station opened there."""
    args = '{"station": "甲镇站", "station_en": "Station A", "parameter": "PM2.5", "parameter_en": "PM2.5"}'
    row = {
        "id": "INC20261103-0900", "type": "air_quality", "state": "open", "priority": "medium", "origin": "alarm",
        "grid": town, "county": "990001", "township": town, "place": "甲镇站", "lon": 115.0, "lat": 35.0,
        "title_code": "incident.title.exceedance", "title_args": args, "opened": desk.now, "last": desk.now,
        "regional": False, "source": "", "merged_into": "", "order_code": "", "signal": "",
    }  # fmt: skip
    with desk.store.write() as connection:
        connection.execute(table(Incident).insert(), row)
    return str(row["id"])


def test_whoever_names_it_knows_more_than_the_machine_that_measures_it(at: At) -> None:
    desk = at(SEAT)
    air = _air_alarm(desk)
    made = acts.from_incident(desk, air)
    task = str(made.data["task"])
    first = tasks.page(desk, task)
    assert first is not None
    assert first.row.type == "air_quality"
    joined = intake.enter(desk, **SMOKE, into=air)
    assert joined.message.code == "incident.done.identified"
    assert len(set(_both(joined.message))) == 2
    (incident,) = _rows(desk, Incident)
    assert (incident.type, incident.signal) == ("straw_burning", "air_quality")
    titles = _both(Message(incident.title_code, json.loads(incident.title_args)))
    assert "秸秆焚烧" in titles[0]
    assert "Straw burning" in titles[1]
    page = tasks.page(desk, task)
    assert page is not None
    assert page.row.type == "straw_burning"
    assert page.title == Message("incident.title.report", json.loads(incident.title_args))
    assert [act.kind for act in page.timeline][-1] == "identify"
    with desk.store.read() as connection:
        trail = connection.execute(select(table(AuditRow)).order_by(table(AuditRow).c.id.desc())).first()
    assert trail is not None
    assert (trail.act, trail.subject, trail.actor) == ("incident.identify", air, SEAT)
    assert json.loads(trail.body) == {"was": "air_quality", "type": "straw_burning"}
    # What is no better known changes nothing: a machine's word, a caller's who only complains, another name.
    for kind in ("complaint", "air_quality", "open_burning"):
        again = intake.enter(desk, **(SMOKE | {"type": kind}), into=air)
        assert again.message.code == "incident.done.joined_task"
        assert _rows(desk, Incident)[0].type == "straw_burning"


def test_a_task_merged_into_a_machines_says_what_it_is(at: At) -> None:
    desk = at(SEAT)
    fire = str(intake.enter(desk, **SMOKE).data["task"])
    air = _air_alarm(desk)
    task = str(acts.from_incident(desk, air).data["task"])
    with desk.store.read() as connection:
        version = connection.execute(select(table(Task).c.version).where(table(Task).c.id == fire)).scalar()
    assert acts.act(desk, fire, "merge", body={"into": task}, seen_version=version).ok
    page = tasks.page(desk, task)
    assert page is not None
    assert page.row.type == "straw_burning"
    assert {row.id: row.type for row in _rows(desk, Incident)}[air] == "straw_burning"
