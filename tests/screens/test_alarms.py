"""The alarms board and an alarm's page: states, evidence in words, acts with their outcomes, arming of many."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from rich.cells import cell_len
from sqlalchemy import select, update

from backend.alarms.tables import Alarm, AlarmAct, Flood
from backend.clock import ManualClock
from backend.desk import alarmgroups, alarms, floods, overview, triage
from backend.incidents.tables import Incident
from backend.store import Store, table
from backend.words import Message, say
from backend.words.say import Language
from screens.alarm import history
from screens.alarm_cells import alarm_line
from screens.alarm_columns import PRESENTED
from screens.alarm_evidence import evidence
from screens.look import Look
from tests.screens import loop_city
from tests.screens import seat_city as city
from tests.screens.seated import Seat, seat

ALARM = table(Alarm)
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def filled(store: Store) -> Store:
    """The small piece of Heze with its alarms."""
    city.build(store)
    city.alarms(store)
    return store


def states(store: Store) -> dict[int, str]:
    with store.read() as connection:
        return {row[0]: row[1] for row in connection.execute(select(ALARM.c.id, ALARM.c.state))}


async def board(seen: Seat) -> None:
    await seen.press("3")
    await seen.sees("工地扬尘超标")


async def test_the_board_tells_state_priority_rule_value_and_bound(filled: Store, clock: ManualClock) -> None:
    async with seat(filled, clock, "HZ-V1") as seen:
        await board(seen)
        await seen.sees("全部 4", "待确认 3", "搁置 1")
        first = next(line for line in seen.lines if "工地扬尘超标" in line)
        assert all(words in first for words in ("✖ 特急", "未确认", "锦绣花园工地", "+265 > 80 µg/m3", "15m"))
        acked = next(line for line in seen.lines if "污水处理厂" in line)
        assert "已确认" in acked
        assert "李敏" in acked
        assert "PM2.5 192 > 150 µg/m3" in acked


async def test_what_is_shelved_has_a_register_of_its_own(filled: Store, clock: ManualClock) -> None:
    async with seat(filled, clock, "HZ-V1") as seen:
        await board(seen)
        assert "东城街道站" not in seen.text
        await seen.press("right", "right", "right")
        await seen.sees("东城街道站", "仪器校准", "17:00", "李敏")


async def test_one_is_acknowledged_at_once_and_not_twice(filled: Store, clock: ManualClock) -> None:
    async with seat(filled, clock, "HZ-V1") as seen:
        await board(seen)
        await seen.press("a")
        await seen.sees("报警 2 已确认")
        await seen.press("a")
        await seen.sees("已有人确认")
        assert states(filled)[2] == "ACKED"


async def test_many_are_armed_first_and_committed_with_another_key(filled: Store, clock: ManualClock) -> None:
    async with seat(filled, clock, "HZ-V1") as seen:
        await board(seen)
        await seen.press("space", "space", "a")
        await seen.sees("确认 2 条报警？", "其中特急 1 条")
        await seen.press("n")
        assert states(filled)[1] == "UNACK"
        await seen.press("a", "y")
        await seen.sees("已确认 2 条报警")
        assert [states(filled)[number] for number in (1, 2, 5)] == ["ACKED", "ACKED", "UNACK"]
        assert not seen.board.marks


async def test_no_task_is_made_of_a_line_beside_those_that_are_marked(
    filled: Store, clock: ManualClock
) -> None:
    async with seat(filled, clock, "MD-S1") as seen:
        await board(seen)
        await seen.press("space")
        marked = set(seen.board.marks)
        assert seen.board.key not in marked
        await seen.press("d")
        assert "已标记 1 条" in seen.lines[-1]
        assert "- 清除标记" in seen.lines[-1]
        assert seen.board.row.task == ""
        # The one that is marked, under the cursor, is the one that is meant.
        await seen.press("k")
        assert {seen.board.key} == marked
        assert seen.screen.refusal("dispatch") is None
        await seen.press("j", "minus", "d")
        assert "已标记" not in seen.lines[-1]


async def test_shelving_asks_for_minutes_and_a_reason(filled: Store, clock: ManualClock) -> None:
    async with seat(filled, clock, "HZ-V1") as seen:
        await board(seen)
        await seen.press("z")
        await seen.sees("搁置报警", "多少分钟")
        await seen.press("f2")
        await seen.sees("原因: 必须填写")
        await seen.type("停机检修")
        await seen.press("f2")
        await seen.sees("报警 2 已搁置")
        assert states(filled)[2] == "SHELVED"
        with filled.read() as connection:
            row = connection.execute(select(ALARM).where(ALARM.c.id == 2)).one()
        assert row.shelved_until == clock.now() + 3600
        assert row.shelve_reason == "停机检修"


async def test_half_a_form_is_there_again_after_a_dropped_line(filled: Store, clock: ManualClock) -> None:
    async with seat(filled, clock, "HZ-V1") as seen:
        await board(seen)
        await seen.press("z")
        await seen.type("检")
        await seen.sees("搁置报警", "检")
    async with seat(filled, clock, "HZ-V1") as seen:
        await seen.sees("搁置报警", "检")


async def test_who_may_not_is_told_why(filled: Store, clock: ManualClock) -> None:
    async with seat(filled, clock, "DC-M1") as seen:
        await board(seen)
        await seen.press("a")
        await seen.sees("您的角色（网格员）无权")
        assert states(filled)[2] == "UNACK"


async def test_the_page_tells_the_whole_of_it(filled: Store, clock: ManualClock) -> None:
    city.alarm(
        filled, 9, station=2, rule="sudden_rise", value=192.0, background=62.0, threshold=30.0, priority="medium",
        suspect=True, evidence='{"values": [[1793685600, 62.0], [1793689200, 192.0]], "ratio": 2.5, "rise": 130.0, '
        '"amount": 30.0, "clause": "GB 3095-2026 Tables 1-2"}',
    )  # fmt: skip
    async with seat(filled, clock, "HZ-V1") as seen:
        seen.app.open_page("alarm", "9")
        await seen.sees(
            "浓度突升", "62 升至 192 µg/m3", "依据的数据存疑", "14:00 62   15:00 192", "2.50 倍", "上升 130",
            "GB 3095-2026 表1-2", "还没有任务", "系统", "近 48 小时",
        )  # fmt: skip
        await seen.press("o")
        await seen.sees("去哪里", "污水处理厂")


async def test_the_other_seats_see_that_it_is_open_here(filled: Store, clock: ManualClock) -> None:
    async with seat(filled, clock, "HZ-V1") as seen:
        seen.app.open_page("alarm", "2")
        await seen.sees("经过")
        assert "正打开着" not in seen.text
        async with seat(filled, clock, "MD-S1") as other:
            other.app.open_page("alarm", "2")
            await other.sees("王强 正打开着")


async def test_a_task_is_made_of_an_alarm_and_dispatched(
    store: Store, clock: ManualClock, tmp_path: Path
) -> None:
    loop_city.build(store, tmp_path, clock.now())
    async with seat(store, clock, loop_city.SEAT) as seen:
        await seen.press("3")
        await seen.until(lambda: seen.board.row is not None)
        await seen.press("t")
        await seen.until(lambda: seen.screen.NAME == "task")
        await seen.press("escape")
        await seen.until(lambda: bool(seen.board.row and seen.board.row.task))
        await seen.press("t")
        await seen.sees("已有任务")


async def test_no_evidence_of_a_rule_to_come_breaks_the_page(filled: Store, clock: ManualClock) -> None:
    desk = city.desk(filled, "HZ-V1", clock)
    from backend.desk import alarms

    found = alarms.page(desk, 1)
    assert found is not None
    strange = {
        "values": [["x"], 3],
        "ratio": "n",
        "rise": None,
        "reasons": [],
        "silent": None,
        "new": {"a": 1},
    }
    assert isinstance(evidence(found.row, strange, Look("zh", desk.zone, clock.now()), 80), list)


def _several(store: Store) -> None:
    """Three rules ring at one site for its dust, and its instrument is silent, which is another incident."""
    dust = {
        "station": 8,
        "parameter": city.CODES["pm10"],
        "value": 385.0,
        "threshold": 80.0,
        "background": 120.0,
    }
    city.alarm(store, 31, rule="stop_dust", priority="high", **dust)
    city.alarm(store, 32, rule="sudden_rise", priority="medium", **dust)
    city.alarm(
        store, 33, station=8, rule="offline", parameter=None, value=None, threshold=None, priority="low"
    )
    of = {"state": "open", "priority": "high", "title_code": "incident.title.alarm", "grid": "371702001",
          "county": "371702", "opened": city.NOW, "last": city.NOW}  # fmt: skip
    with store.write() as connection:
        for incident, kind in (("INC-D", "site_dust"), ("INC-E", "equipment")):
            connection.execute(table(Incident).insert().values(id=incident, type=kind, **of))
        for number, incident in ((2, "INC-D"), (31, "INC-D"), (32, "INC-D"), (33, "INC-E")):
            connection.execute(update(ALARM).where(ALARM.c.id == number).values(incident=incident))


@pytest.mark.parametrize(("size", "language"), [((120, 40), "zh"), ((80, 24), "en")])
async def test_what_rings_at_one_site_for_one_thing_is_one_line_with_all_its_rules(
    filled: Store, clock: ManualClock, size: tuple[int, int], language: Language
) -> None:
    _several(filled)
    desk = city.desk(filled, "HZ-V1", clock)
    (line,) = [
        row for row in alarms.folded(alarms.board(desk, states=alarms.VIEWS["standing"])) if row.beside
    ]
    assert (line.id, line.beside, line.rules) == (2, (31, 32), ("site_dust", "stop_dust", "sudden_rise"))
    (need,) = [need for need in overview.needs(desk) if need.id == "2"]
    assert need.alarm is not None
    assert need.alarm.rules == line.rules
    (group,) = [row for row in alarmgroups.groups(desk) if 2 in row.alarms]
    assert group.rules == line.rules
    rows = {row.place: row for row in triage.queue(desk) if 2 in row.alarms}
    (row,) = rows.values()
    assert row.rules == line.rules
    assert [names[0] for names in row.apart] == ["设备故障"] or row.apart == (("equipment", "equipment"),)
    async with seat(filled, clock, "HZ-V1", size=size, language=language) as seen:
        await seen.press("3")
        await seen.sees("3条：工地扬" if language == "zh" else "3: ")
        seen.screen.board.select(2)
        await seen.settle()
        await seen.sees(*(say(Message(f"rule.{rule}"), language) for rule in line.rules))
        # Its page names each, and says which is another thing.
        await seen.press("enter")
        await seen.sees(
            *(say(Message(f"rule.{rule}"), language) for rule in (*line.rules, "offline")), "INC-E"
        )
        await seen.press("escape")
        # One line is one decision: nothing is to be armed, and the silent instrument still waits.
        await seen.press("a")
        await seen.until(lambda: _states(filled, 2, 31, 32) == {"ACKED"})
        assert _states(filled, 33) == {"UNACK"}


def _states(store: Store, *numbers: int) -> set[str]:
    with store.read() as connection:
        return set(connection.execute(select(ALARM.c.state).where(ALARM.c.id.in_(numbers))).scalars())


@pytest.mark.parametrize(("size", "language"), [((120, 40), "zh"), ((80, 24), "en")])
async def test_floods_are_told_from_when_to_when_how_many_at_which_peak(
    filled: Store, clock: ManualClock, size: tuple[int, int], language: Language
) -> None:
    now = clock.now()
    rows = [
        {"grid": "371700", "began": now - 7200, "ended": now - 3600, "peak": 17, "total": 1234},
        {"grid": "371702", "began": now - 900, "ended": None, "peak": 12, "total": 21},
        {"grid": "371702", "began": now - 200 * 86400, "ended": now - 199 * 86400, "peak": 99, "total": 99},
    ]
    with filled.write() as connection:
        connection.execute(table(Flood).insert(), rows)
    seen_by_county = floods.board(city.desk(filled, "MD-S1", clock))
    assert [(row.grid, row.ended is None, row.seconds, row.total, row.peak) for row in seen_by_county] == [
        ("371702", True, 900, 21, 12)
    ]
    async with seat(filled, clock, "HZ-V1", size=size, language=language) as seen:
        await seen.press("3", "h")
        lasts = {"zh": ("仍在泛滥", "12条/10分", "1h00"), "en": ("goes on", "12/10 min", "1h00")}
        await seen.sees("1,234", *lasts[language])
        assert "99" not in "".join(seen.lines[3:10])


@pytest.mark.parametrize(("language", "told"), [("zh", "没有报警泛滥"), ("en", "No floods")])
async def test_an_empty_tab_says_what_it_has_none_of(
    filled: Store, clock: ManualClock, language: Language, told: str
) -> None:
    async with seat(filled, clock, "HZ-V1", language=language) as seen:
        await seen.press("3", "left")
        await seen.sees(told)


async def test_what_never_rang_is_dated_by_its_data_and_said_not_to_have_rung(
    store: Store, clock: ManualClock
) -> None:
    city.build(store)
    city.alarm(store, 1, station=1, state="SUPPRESSED", presented=0, inhibited_by="regional|air|371702",
               evidence='{"region": true}', incident="I1")  # fmt: skip
    city.alarm(store, 2, station=2, state="NORM", presented=0, cleared=city.NOW - 60)
    with store.write() as connection:
        connection.execute(update(table(AlarmAct)).values(at=city.NOW - 600))
    began = Look("zh", ZONE, city.NOW).moment(city.NEWEST - city.HOUR)
    async with seat(store, clock, "HZ-V1") as seen:
        seen.app.open_page("alarm", "1")
        await seen.sees("15:50 记录（10m 前），未响", "区域性报警已代表本报警")
        assert "出现于" not in seen.text
        assert "区域同时超标" not in seen.text
        for page, key in (("station", "1234A"), ("grid", "371702")):
            await seen.press("escape")
            seen.app.open_page(page, key)
            await seen.sees(began, "抑制")
            assert "1970" not in seen.text
    with store.read() as connection:
        rows = {row.id: row for row in alarms.of(connection, city.desk(store, "HZ-V1", clock))}
    look = Look("en", ZONE, city.NOW)
    told = "".join(cell.text for cell in alarm_line(rows[1], look))
    assert f"since {began}, did not ring" in told
    assert [PRESENTED.cell(row, look).text for row in (rows[1], replace(rows[1], presented=city.NOW))] == [
        "never rang", "16:00",
    ]  # fmt: skip
    for kept, shown in (("regional|air|371702", False), ("", True)):
        lines = evidence(replace(rows[1], presented=city.NOW, kept_by=kept), {"region": True}, look, 100)
        assert bool(lines) is shown


@pytest.mark.parametrize(("language", "cells"), [("en", 120), ("en", 80), ("zh", 120), ("zh", 80)])
def test_the_history_uses_the_width_there_is(language: Language, cells: int) -> None:
    steps = [
        alarms.AlarmStep(city.NOW - 60, "raise", "", "NORM", "UNACK", ""),
        alarms.AlarmStep(city.NOW, "acknowledge", "MD-S1", "UNACK", "ACKED", "", "Fan Qianhong"),
        alarms.AlarmStep(
            city.NOW, "out", "MD-S1", "ACKED", "OUT_OF_SERVICE", "why " * 30, "Ouyang Xiaoxiao", "T3"
        ),
    ]
    look = Look(language, ZONE, city.NOW)
    lines = ["".join(cell.text for cell in line).rstrip() for line in history(steps, look, cells)]
    assert all(cell_len(line) <= cells for line in lines)
    assert not any("~" in line for line in lines)
    act, state = look.word("alarm.act.acknowledge"), look.word("alarm.state.ACKED")
    assert f"{act}  " in lines[1]
    assert f"  Fan Qianhong     {state}" in lines[1]
    assert "".join(lines).count("why") == 30
    assert history((), look, cells) == []
