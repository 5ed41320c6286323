"""The daily report: noon to noon, who has not sent, its way through the right hands, and what is issued stands."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from backend.access import actor_of
from backend.access.audit import verify
from backend.access.tables import AuditRow
from backend.city.tables import CityFact, Person
from backend.clock import ManualClock
from backend.desk import acts, duty, handover, orders, reports
from backend.desk.desk import Desk
from backend.reports.bulletins import BULLETIN
from backend.store import Store, table
from backend.words import say
from backend.words.say import Language
from console.__main__ import main
from tests.screens import loop_city as city

DAY = "2026-11-03"
HOUR = 3600
COUNTY, TOWN = "990001", "990001001"


@pytest.fixture
def world(store: Store, clock: ManualClock, tmp_path: Path) -> Store:
    city.build(store, tmp_path, clock.now())
    return store


def desk(store: Store, clock: ManualClock, person: str) -> Desk:
    made = Desk.open(store, person, clock=clock)
    made.settle()
    return made


def people(store: Store, role: str, grid: str) -> list[str]:
    person = table(Person)
    with store.read() as connection:
        return list(
            connection.execute(
                select(person.c.code)
                .where(person.c.role == role, person.c.grid == grid)
                .order_by(person.c.code)
            ).scalars()
        )


def audit(store: Store) -> list[tuple[str, str]]:
    rows = table(AuditRow)
    with store.read() as connection:
        return [
            (row.act, row.actor)
            for row in connection.execute(
                select(rows).where(rows.c.act.startswith("report.")).order_by(rows.c.id)
            )
        ]


def test_the_period_runs_from_noon_to_noon_in_the_citys_zone(world: Store, clock: ManualClock) -> None:
    seat = desk(world, clock, city.SEAT)
    since, until = reports.span(seat, DAY)
    assert datetime.fromtimestamp(until, seat.zone).isoformat() == "2026-11-03T12:00:00+08:00"
    assert until - since == 24 * HOUR
    assert reports.today(seat) == DAY
    # At five in the morning yesterday's is the one that people still ask for, at six today's is due.
    clock.move(13 * HOUR)
    assert reports.today(seat) == DAY
    clock.move(HOUR)
    assert reports.today(seat) == "2026-11-04"


def test_who_has_not_sent_yet_is_named_and_what_was_sent_is_summed(world: Store, clock: ManualClock) -> None:
    seat = desk(world, clock, city.SEAT)
    row = next(one for one in reports.board(seat) if one.day == DAY)
    assert (row.state, row.version, row.sent, len(row.missing)) == ("none", 0, 0, row.expected)
    assert row.expected >= 2
    town = desk(world, clock, people(world, "seat", TOWN)[0])
    assert reports.send(town, DAY, {"patrols": "12", "water_runs": " 3 "}, "夜间巡查两次").message.code == (
        "report.sent_late"
    )
    assert reports.send(town, DAY, {"patrols": 15}).data["number"] == 2
    page = reports.page(seat, DAY)
    assert page is not None
    assert (page.row.sent, len(page.row.missing)) == (1, page.row.expected - 1)
    assert "出动巡查人员                  15 人次" in page.text
    assert "洒水抑尘                       0 车次" in page.text
    for name in page.row.missing:
        assert f"未报：{name}" in page.text
    assert [one.late for one in page.below if one.sent] == [True]
    for wrong, code in (({"patrols": "-1"}, "count"), ({"patrols": "x"}, "count"), ({"fun": 1}, "measure")):
        assert reports.send(town, DAY, wrong).message.code == f"report.refused.{code}"
    assert reports.send(town, "2026-11-09", {}).message.code == "report.refused.future"
    assert {one.code: one.count for one in reports.measures(seat, DAY)}["patrols"] == 15
    top = desk(world, clock, city.CITY_SEAT)
    assert reports.send(top, DAY, {}).message.code == "report.refused.top"


def test_every_step_in_its_turn_by_the_right_hands(world: Store, clock: ManualClock) -> None:
    seat, other = desk(world, clock, city.SEAT), desk(world, clock, city.OTHER_SEAT)
    supervisor = desk(world, clock, people(world, "supervisor", COUNTY)[0])
    assert reports.step(seat, DAY, "review").message.code == "report.refused.none"
    assert reports.draft(seat, DAY).ok
    assert reports.draft(other, DAY).message.code == "report.refused.begun"
    assert reports.remark(seat, DAY, "第三天橙色预警").ok
    assert reports.step(seat, DAY, "review").message.code == "report.refused.drafter"
    assert reports.step(supervisor, DAY, "sign").message.code == "report.refused.state"
    assert reports.step(other, DAY, "review").ok
    assert reports.step(other, DAY, "sign").message.code == "access.role"
    assert reports.send_back(supervisor, DAY, "").message.code == "report.refused.reason"
    assert reports.send_back(supervisor, DAY, "缺两个乡镇").ok
    assert reports.step(other, DAY, "review").ok
    assert reports.remark(seat, DAY, "x").message.code == "report.refused.state"
    assert reports.step(supervisor, DAY, "sign").ok
    assert reports.step(other, DAY, "issue").ok
    assert reports.step(other, DAY, "issue").message.code == "report.refused.state"
    told = [act for act, _ in audit(world)]
    assert told == [
        "report.draft", "report.remark", "report.review", "report.send_back", "report.review", "report.sign",
        "report.issue",
    ]  # fmt: skip
    page = reports.page(seat, DAY)
    assert page is not None
    assert len(page.audit_head) == 64
    assert page.audit_head in page.text
    assert "第三天橙色预警" in page.text
    assert [(one.step, one.at is not None) for one in page.steps] == [
        ("draft", True), ("review", True), ("sign", True), ("issue", True),
    ]  # fmt: skip
    with world.read() as connection:
        assert verify(connection) is None


def test_what_is_reviewed_is_what_is_issued_and_a_correction_is_another_version(
    world: Store, clock: ManualClock
) -> None:
    seat, other = desk(world, clock, city.SEAT), desk(world, clock, city.OTHER_SEAT)
    supervisor = desk(world, clock, people(world, "supervisor", COUNTY)[0])
    reports.draft(seat, DAY)
    reports.step(other, DAY, "review")
    frozen = reports.page(seat, DAY)
    assert frozen is not None
    town = desk(world, clock, people(world, "seat", TOWN)[0])
    assert reports.send(town, DAY, {"patrols": 77}).ok
    with world.write() as connection:
        own = {"key": "template:daily.zh.txt", "value": "改过的模板 {day}"}
        connection.execute(insert(table(CityFact)).values(**own))
    reports.step(supervisor, DAY, "sign")
    assert reports.step(seat, DAY, "issue").ok
    issued = reports.page(seat, DAY)
    assert issued is not None
    assert "77" not in issued.text
    assert "改过的模板" not in issued.text
    assert issued.next == ""
    assert issued.refusals["step"] is not None
    assert issued.refusals["correct"] is None
    assert reports.draft(seat, DAY).message.code == "report.refused.reason"
    assert reports.draft(seat, DAY, reason="马岭岗镇迟报").data["version"] == 2
    assert reports.step(seat, DAY, "review", seen=1).message.code == "report.refused.version"
    second = reports.page(seat, DAY)
    old = reports.page(seat, DAY, 1)
    assert second is not None
    assert old is not None
    assert (second.row.version, second.row.reason, second.row.newest) == (2, "马岭岗镇迟报", True)
    assert second.text.startswith("改过的模板")
    assert old.text == issued.text
    assert not old.row.newest
    assert old.refusals["correct"] is not None
    assert [(one.day, one.version) for one in reports.board(seat) if one.day == DAY] == [(DAY, 2), (DAY, 1)]
    # English and Markdown were frozen with it.
    seat.speak("en")
    english = reports.page(seat, DAY, 1, kind="md")
    assert english is not None
    assert english.text.startswith("# Daily report")
    with world.write() as connection:
        changed = connection.execute(
            update(BULLETIN).where(BULLETIN.c.version == 1, BULLETIN.c.texts == "").values(remark="x")
        )
        assert changed.rowcount == 0


def test_the_counts_are_of_the_period_and_of_the_grid(world: Store, clock: ManualClock) -> None:
    seat = desk(world, clock, city.SEAT)
    made = acts.from_alarm(seat, city.alarms(world)[0])
    assert made.ok, say(made.message, "en")
    day = "2026-11-04"
    page, before = reports.page(seat, day), reports.page(seat, DAY)
    assert page is not None
    assert before is not None
    assert "立项 1 件，办结 0 件；期末在办 1 件" in page.text
    assert "立项 0 件，办结 0 件；期末在办 0 件" in before.text
    assert str(made.data["task"]) in page.text
    assert f"报警 {len(city.alarms(world))} 起" in page.text
    other = people(world, "seat", "990002")
    if other:
        elsewhere = reports.page(desk(world, clock, other[0]), day)
        assert elsewhere is not None
        assert "立项 0 件" in elsewhere.text
    assert reports.page(desk(world, clock, people(world, "seat", TOWN)[0]), day, centre="C-990001") is None


@pytest.mark.parametrize("language", ["zh", "en"])
def test_orders_are_told_with_the_time_by_which_they_are_to_be_carried_out(
    world: Store, clock: ManualClock, language: Language
) -> None:
    seat = desk(world, clock, city.SEAT)
    seat.speak(language)
    now = clock.now()
    issued = orders.issue(
        seat, kind="instruction", title="查清来源", scope_kind="grid", scope=seat.actor.grid,
        starts=now, ends=None, due=now + 2 * 3600,
    )  # fmt: skip
    assert issued.ok, say(issued.message, "en")
    due = datetime.fromtimestamp(now + 2 * 3600, seat.zone).strftime("%m-%d %H:%M")
    report = reports.page(seat, "2026-11-04")
    assert report is not None
    line = next(line for line in report.text.splitlines() if "查清来源" in line)
    assert (f"{due} 前办结" if language == "zh" else f"to be done by {due}") in line
    assert "--" not in line
    assert duty.sign_in(seat).ok
    begun = handover.begin(seat)
    page = handover.page(seat, str(begun.data["handover"]))
    assert page is not None
    told = next(say(one.message, language) for one in page.items if one.kind == "order")
    assert ("前办结" if language == "zh" else "to be done by") in told
    assert "--" not in told


def test_a_period_is_reviewed_once_it_is_over(world: Store, clock: ManualClock) -> None:
    seat, other = desk(world, clock, city.SEAT), desk(world, clock, city.OTHER_SEAT)
    assert reports.draft(seat, "2026-11-04").ok
    assert reports.step(other, "2026-11-04", "review").message.code == "report.refused.early"
    assert reports.draft(seat, "2026-11-05").message.code == "report.refused.future"
    clock.move(20 * HOUR)
    assert reports.step(other, "2026-11-04", "review").ok


def test_an_issued_report_is_the_countys_contribution_to_the_city(world: Store, clock: ManualClock) -> None:
    seat, other = desk(world, clock, city.SEAT), desk(world, clock, city.OTHER_SEAT)
    town = desk(world, clock, people(world, "seat", TOWN)[0])
    reports.send(town, DAY, {"patrols": 9})
    reports.draft(seat, DAY)
    reports.step(other, DAY, "review")
    reports.step(desk(world, clock, people(world, "supervisor", COUNTY)[0]), DAY, "sign")
    assert reports.step(seat, DAY, "issue").ok
    page = reports.page(desk(world, clock, city.CITY_SEAT), DAY)
    assert page is not None
    assert [one.sent.measures for one in page.below if one.sent] == [{"patrols": 9}]


def test_nobody_without_a_centre(world: Store, clock: ManualClock) -> None:
    with world.read() as connection:
        member = actor_of(connection, city.MEMBER)
    assert member is not None
    lonely = Desk(world, clock, member, facts={"zone": "Asia/Shanghai"})
    assert reports.board(lonely) == []
    assert reports.draft(lonely, DAY).message.code == "report.refused.no_centre"


def test_the_command_prints_it(
    clock: ManualClock, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "seat.db"
    store = Store.open(path)
    city.build(store, tmp_path, clock.now())
    assert reports.draft(desk(store, clock, city.SEAT), DAY).ok
    store.close()
    base = ["--store", str(path), "--as", city.SEAT, "--lang", "zh", "report", "daily"]
    assert main([*base, "--date", DAY]) == 0
    assert "第 1 版（拟稿）" in capsys.readouterr().out
    assert main([*base, "--date", DAY, "--format", "md"]) == 0
    assert capsys.readouterr().out.startswith("# 网格化监管日报")
    assert main([*base, "--date", DAY, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["state"], told["sent"], told["until"]) == ("draft", 0, "2026-11-03T12:00:00+08:00")
    assert main([*base, "--date", "soon"]) == 1
    assert "2026-11-03" in capsys.readouterr().err
    assert main([*base, "--date", DAY, "--version", "3"]) == 1


def test_a_period_is_offered_once_it_has_begun(world: Store, clock: ManualClock) -> None:
    one = desk(world, clock, city.SEAT)
    assert reports.board(one)[0].day == "2026-11-04"
    noon = reports.span(one, "2026-11-04")[0]
    clock.move(noon - 1 - clock.now())
    assert reports.board(desk(world, clock, city.SEAT))[0].day == DAY
    clock.move(1)
    assert reports.board(desk(world, clock, city.SEAT))[0].day == "2026-11-04"
