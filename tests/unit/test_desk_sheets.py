"""Task sheets: one page, a code that finds its own slips, and back in as late evidence from paper."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from backend.access import Actor
from backend.clock import ManualClock
from backend.desk import acts, sheets, tasks
from backend.desk.desk import Desk
from backend.incidents.tables import Evidence
from backend.reports import tasksheet as room
from backend.reports.tables import TaskSheet
from backend.store import Store, table
from backend.tasks.tables import Task
from backend.text import width
from backend.words.say import Language
from console.__main__ import main
from tests.screens import loop_city as city

MINUTE, HOUR = 60, 3600


@pytest.fixture
def seat(store: Store, clock: ManualClock, tmp_path: Path) -> Desk:
    city.build(store, tmp_path, clock.now())
    made = Desk.open(store, city.SEAT, clock=clock)
    made.settle()
    return made


def sent(desk: Desk, *, to: str = "ACCEPTED") -> str:
    """A task of the station's alarm, sent to its member and brought so far by phone."""
    made = acts.from_alarm(desk, city.alarms(desk.store)[0])
    task = str(made.data["task"])
    body = {"holder": city.MEMBER, "holder_kind": "member"}
    assert acts.act(desk, task, "dispatch", body=body, seen_version=int(made.data["version"] or 0)).ok
    assert acts.act(desk, task, "accept", on_behalf=city.MEMBER).ok
    if to == "ON_SITE":
        assert acts.act(desk, task, "arrive", on_behalf=city.MEMBER, body={"reason": "by phone"}).ok
    return task


def printed(desk: Desk, task: str) -> tuple[str, str]:
    outcome = sheets.print_sheet(desk, task)
    assert outcome.ok, outcome
    return str(outcome.data["code"]), str(outcome.data["text"])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_one_page_of_eighty_columns_with_all_that_is_asked(seat: Desk, language: Language) -> None:
    seat.speak(language)
    task = sent(seat)
    code, text = printed(seat, task)
    lines = text.splitlines()
    assert len(lines) <= room.LINES
    assert max(width(line) for line in lines) <= room.COLUMNS
    assert code.startswith(f"{task}-01")
    assert text.count(code) == 2
    wanted = {
        "zh": ("任 务 单", "样11镇", "定位", "处置后照片", "[ ] 已整改", "移送执法", city.PHONE, "PM2.5"),
        "en": ("TASK SHEET", "样11镇", "location", "photo after", "[ ] put right", city.PHONE, "PM2.5"),
    }[language]
    for word in wanted:
        assert word in text
    assert printed(seat, task)[0].startswith(f"{task}-02")
    with seat.store.read() as connection:
        rows = connection.execute(select(table(TaskSheet)).order_by(table(TaskSheet).c.number)).all()
    assert (rows[0].code, rows[0].printed_by, rows[0].text) == (code, city.SEAT, text)


@given(st.integers(1, 9999), st.integers(1, 99), st.data())
def test_every_wrong_character_is_found_out(task: int, number: int, data: st.DataObject) -> None:
    from backend.tasks.ids import compose

    code = room.compose(compose("C-990001", task), number)
    assert room.validate(f" {code.lower()} ") == code
    place = data.draw(st.sampled_from([n for n, one in enumerate(code) if one.isdigit()]))
    other = data.draw(st.sampled_from([one for one in "0123456789" if one != code[place]]))
    assert room.validate(code[:place] + other + code[place + 1 :]) is None


def test_it_comes_back_as_late_evidence_once(seat: Desk, clock: ManualClock) -> None:
    task = sent(seat)
    code, _ = printed(seat, task)
    happened = clock.now() + 10 * MINUTE
    clock.move(5 * HOUR)
    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
    refused = sheets.key_in(seat, wrong, occurred=happened, result="rectified")
    assert refused.message.code == "report.sheet.check"
    assert sheets.well_formed(wrong) is not None
    assert sheets.well_formed(code.lower()) is None
    never = room.compose(task, 7)
    assert sheets.key_in(seat, never, occurred=happened, note="x").message.code == "report.sheet.unknown"
    early = sheets.key_in(seat, code, occurred=happened - 10 * HOUR, note="x")
    assert early.message.code == "report.sheet.time"
    ahead = sheets.key_in(seat, code, occurred=clock.now() + HOUR, note="x")
    assert ahead.message.code == "report.sheet.time"
    assert sheets.key_in(seat, code, occurred=happened).message.code == "report.sheet.empty"
    done = sheets.key_in(
        seat, code, occurred=happened, uncertain=1800, result="rectified", note="覆盖裸土", refs=["IMG_7"]
    )
    assert done.ok, done
    page = tasks.page(seat, task)
    assert page is not None
    act = page.timeline[-1]
    assert (act.kind, act.channel, act.on_behalf, act.occurred) == ("attach", "paper", city.MEMBER, happened)
    assert (act.at, act.uncertain) == (clock.now(), 1800)
    assert page.row.state == "ACCEPTED"
    with seat.store.read() as connection:
        evidence = table(Evidence)
        rows = connection.execute(select(evidence).where(evidence.c.task == task)).all()
    assert {row.ref for row in rows} == {code, "IMG_7"}
    assert all("覆盖裸土" in row.note for row in rows)
    again = sheets.key_in(seat, code, occurred=happened, note="x")
    assert again.message.code == "report.sheet.entered"
    assert sheets.sheets(seat, task) == [(code, clock.now() - 5 * HOUR, clock.now())]


def test_it_can_stand_for_the_report_that_the_task_waits_for(seat: Desk, clock: ManualClock) -> None:
    task = sent(seat, to="ON_SITE")
    code, _ = printed(seat, task)
    clock.move(HOUR)
    sheet = sheets.look_up(seat, code)
    assert isinstance(sheet, sheets.SheetRow)
    assert sheet.can_report
    done = sheets.key_in(seat, code, occurred=clock.now() - MINUTE, result="rectified", report=True)
    assert done.ok, done
    page = tasks.page(seat, task)
    assert page is not None
    assert (page.row.state, page.result) == ("REPORTED", "rectified")
    assert page.timeline[-1].channel == "paper"
    # The report is not yet verified, so the sheet can be keyed in no second time as one.
    assert not sheets.key_in(seat, code, occurred=clock.now(), result="rectified", report=True).ok


def test_a_report_that_the_task_does_not_want_leaves_the_sheet_open(seat: Desk, clock: ManualClock) -> None:
    task = sent(seat)
    code, _ = printed(seat, task)
    clock.move(MINUTE)
    refused = sheets.key_in(seat, code, occurred=clock.now(), result="rectified", report=True)
    assert not refused.ok
    assert sheets.sheets(seat, task)[0][2] is None
    assert sheets.key_in(seat, code, occurred=clock.now(), result="rectified").ok


def test_a_sheet_speaks_for_whom_it_was_printed_and_not_for_who_holds_the_task_now(
    seat: Desk, clock: ManualClock
) -> None:
    task = sent(seat)
    code, _ = printed(seat, task)
    room_now = {"holder": "C-990001001", "holder_kind": "centre"}
    assert acts.act(seat, task, "return", body={"reason": "x"}, on_behalf=city.MEMBER).ok
    with seat.store.read() as connection:
        version = connection.execute(select(table(Task).c.version)).scalar_one()
    assert acts.act(seat, task, "dispatch", body=room_now, seen_version=version).ok
    for kind in ("accept", "arrive"):
        assert acts.act(seat, task, kind, on_behalf=room_now["holder"]).ok
    clock.move(MINUTE)
    sheet = sheets.look_up(seat, code)
    assert isinstance(sheet, sheets.SheetRow)
    assert (sheet.holder, sheet.can_report) == (city.MEMBER, False)
    refused = sheets.key_in(seat, code, occurred=clock.now(), result="rectified", report=True)
    assert refused.message.code == "report.sheet.holder"
    assert sheets.key_in(seat, code, occurred=clock.now(), result="rectified").ok
    page = tasks.page(seat, task)
    assert page is not None
    assert page.timeline[-1].on_behalf == city.MEMBER


def test_two_seats_that_key_in_one_sheet_at_once_enter_it_once(seat: Desk, clock: ManualClock) -> None:
    code, _ = printed(seat, sent(seat))
    clock.move(MINUTE)
    sheet = sheets.look_up(seat, code)
    assert isinstance(sheet, sheets.SheetRow)
    body = {"ref": code, "note": "x"}
    assert sheets._entered(seat, sheet, "attach", body, clock.now(), 0, "").ok
    again = sheets._entered(seat, sheet, "attach", body, clock.now(), 0, "")
    assert again.message.code == "report.sheet.entered"


def test_nobody_elses_sheet(seat: Desk, clock: ManualClock) -> None:
    task = sent(seat)
    stranger = seat.seated(Actor("X", "", "seat", "990002", "C"))
    assert sheets.print_sheet(stranger, task).message.code == "access.outside"
    code, _ = printed(seat, task)
    refused = sheets.key_in(stranger, code, occurred=clock.now(), note="x")
    assert refused.message.code == "access.outside"


def test_long_words_stay_within_the_paper() -> None:
    line = "    " + "很长的地名" * 30 + " a" * 40
    parts = room.wrapped(line)
    assert max(width(part) for part in parts) <= room.COLUMNS
    assert "".join("".join(parts).split()) == "".join(line.split())
    assert room.boxes(["甲"] * 40)[0].count("[ ]") >= 6


def test_the_command_prints_it(
    clock: ManualClock, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "seat.db"
    store = Store.open(path)
    city.build(store, tmp_path, clock.now())
    task = sent(Desk.open(store, city.SEAT, clock=clock))
    store.close()
    base = ["--store", str(path), "--as", city.SEAT, "--lang", "zh", "sheet"]
    assert main([*base, task.lower()]) == 0
    assert "任 务 单" in capsys.readouterr().out
    assert main([*base, task, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["code"].startswith(f"{task}-02")
    assert main([*base, "C-1"]) == 1
    assert "C-1" in capsys.readouterr().err
