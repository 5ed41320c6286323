"""Cases of the 12345 line from files: numbers kept, once each, bad lines aside with reason and line, nobody's phone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from backend.city.load import load_pack
from backend.city.registry import City
from backend.clock import ManualClock
from backend.desk import cases, complaints, tasks
from backend.desk.desk import Desk
from backend.incidents.cases import CaseError, CaseMap, read_map
from backend.incidents.tables import CaseAside, Incident, IncidentReport
from backend.incidents.whereabouts import Whereabouts
from backend.store import Store, table
from backend.words import LANGUAGES, say
from tests.tools.small_city import write_small_city

SUPERVISOR, COUNTY, SEAT = "P-990000-V", "P-990001-V", "P-990001-S1"
HEAD = "number,at,type,text,place,priority,caller,caller_phone,status,reply\n"
GOOD = "W-1,2026-11-03 15:20,straw_burning,地里冒烟,样1县样11镇,high,王小明,13812345678,,\n"
At = Callable[[str], Desk]


@pytest.fixture
def at(store: Store, clock: ManualClock, tmp_path: Path) -> At:
    """Somebody's desk in the small city."""
    load_pack(store, write_small_city(tmp_path / "pack"), clock.now())
    return lambda person: Desk.open(store, person, clock=clock)


def _take(
    desk: Desk, tmp_path: Path, body: str | bytes, form: str = "csv", mapping: CaseMap | None = None
) -> cases.Progress:
    path = tmp_path / f"cases.{form}"
    path.write_bytes(body if isinstance(body, bytes) else body.encode())
    *_, progress = cases.take_cases(desk, path, form, mapping)
    return progress


def _rows(desk: Desk, of: Any) -> list[Any]:
    with desk.store.read() as connection:
        return list(connection.execute(select(table(of)).order_by(table(of).c.id)).all())


def test_a_case_is_a_complaint_and_waits_to_be_triaged(at: At, tmp_path: Path, clock: ManualClock) -> None:
    desk = at(SUPERVISOR)
    progress = _take(desk, tmp_path, HEAD + GOOD)
    assert progress.counts == {"received": 1, "written": 1, "answered": 0, "same": 0, "tasks": 1, "asides": 0}
    assert (progress.done, progress.total) == (1, 1)
    (row,) = complaints.board(desk)
    assert (row.number, row.channel, row.grid, row.at) == ("W-1", "12345", "990001001", clock.now() - 2400)
    assert row.reply_due == row.at + 24 * 3600
    (task,) = tasks.board(desk)
    assert (task.state, task.type, task.priority) == ("DRAFT", "straw_burning", "high")


def test_what_the_line_has_answered_since_is_taken_in(at: At, tmp_path: Path) -> None:
    desk = at(SUPERVISOR)
    _take(desk, tmp_path, HEAD + GOOD)
    (waits,) = complaints.board(desk)
    closed = GOOD.replace(",,\n", ",closed,已扑灭\n")
    assert _take(desk, tmp_path, HEAD + closed).counts["answered"] == 1
    assert not complaints.board(desk)
    page = complaints.page(desk, waits.id)
    assert page is not None
    assert (page.row.state, [(step.act, step.result, step.text) for step in page.steps]) == (
        "done",
        [("reply", "by_line", "已扑灭")],
    )
    assert _take(desk, tmp_path, HEAD + closed).counts["same"] == 1
    # What a seat has told the caller stays.
    _take(desk, tmp_path, HEAD + GOOD.replace("W-1", "W-3"))
    (other,) = complaints.board(desk)
    assert complaints.reply(desk, other.id, result="in_hand", text="正在查").ok
    _take(desk, tmp_path, HEAD + closed.replace("W-1", "W-3"))
    after = complaints.page(desk, other.id)
    assert after is not None
    assert (after.row.reply_result, after.row.state) == ("in_hand", "done")
    # The work goes on: only people end it.
    assert {task.state for task in tasks.board(desk)} == {"DRAFT"}


def test_the_same_file_again_changes_nothing(at: At, tmp_path: Path) -> None:
    desk = at(SUPERVISOR)
    _take(desk, tmp_path, HEAD + GOOD)
    again = _take(desk, tmp_path, HEAD + GOOD + GOOD.replace("W-1", "W-2") + GOOD)
    assert again.counts == {"received": 3, "written": 1, "answered": 0, "same": 2, "tasks": 1, "asides": 0}
    assert [row.number for row in _rows(desk, IncidentReport)] == ["W-1", "W-2"]
    assert len(tasks.board(desk)) == 2


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (",2026-11-03 15:20,straw_burning,烟,样11镇,,,,,", "没有工单编号。"),
        ("W-9,昨天,straw_burning,烟,样11镇,,,,,", "昨天"),
        ("W-9,2026-11-05 00:00,straw_burning,烟,样11镇,,,,,", "受理时间 2026-11-05 00:00 还没有到。"),
        ("W-9,2026-11-03 15:20,martians,烟,样11镇,,,,,", "没有现行的事件类型 martians。"),
        ("W-9,2026-11-03 15:20,straw_burning,烟,某地,,,,,", "看不出在哪个乡镇"),
        ("W-9,2026-11-03 15:20,straw_burning,烟,样11镇,hurry,,,,", "没有优先级 hurry"),
        (f"W-9,2026-11-03 15:20,straw_burning,{'烟' * 10_000},样11镇,,,,,", "内容 10000 字，最多 2000 字"),
        (f"{'9' * 50},2026-11-03 15:20,straw_burning,烟,样11镇,,,,,", "编号最多 40 字。"),
        ("W-9,2026-11-03 15:20,straw_burning", "第 3 行"),
    ],
)
def test_a_bad_line_is_put_aside_with_its_reason_and_the_others_go_on(
    at: At, tmp_path: Path, line: str, words: str
) -> None:
    desk = at(SUPERVISOR)
    progress = _take(desk, tmp_path, HEAD + GOOD + line + "\n" + GOOD.replace("W-1", "W-2"))
    assert progress.counts["written"] == 2
    assert progress.counts["asides"] == 1
    (fault,) = progress.faults
    assert fault.line == 3
    assert words in say(fault.reason, "zh")
    assert "{" not in "".join(say(fault.reason, language) for language in LANGUAGES)
    assert [(row[0], row[1]) for row in cases.asides(desk)] == [("cases.csv", 3)]


def test_what_is_put_aside_does_not_tell_who_called(at: At, tmp_path: Path) -> None:
    desk = at(SUPERVISOR)
    bad = GOOD.replace("样1县样11镇", "某地").replace("地里冒烟", "王小明说冒烟，回电13812345678")
    _take(desk, tmp_path, HEAD + bad + bad.replace("W-1,2026", "W-2,X2026"))
    rows = _rows(desk, CaseAside)
    assert len(rows) == 2
    for row in rows:
        assert "冒烟" in row.raw
        assert "小明" not in row.raw
        assert "13812345678" not in str(row)


def test_a_word_where_no_number_was_left_costs_no_case(at: At, tmp_path: Path) -> None:
    desk = at(SUPERVISOR)
    assert _take(desk, tmp_path, HEAD + GOOD.replace("13812345678", "匿名")).counts["written"] == 1
    assert [row.caller_phone for row in _rows(desk, IncidentReport)] == [""]


def test_a_case_that_is_over_is_on_record_and_no_work(at: At, tmp_path: Path) -> None:
    desk = at(SUPERVISOR)
    done = GOOD.replace(",,\n", ",closed,已扑灭\n")
    assert _take(desk, tmp_path, HEAD + done).counts["tasks"] == 0
    assert [row.state for row in _rows(desk, Incident)] == ["closed"]
    assert not tasks.board(desk)
    assert not complaints.board(desk)
    (row,) = complaints.board(desk, view="all")
    assert row.state == "done"


def test_gb18030_as_spreadsheets_write_it(at: At, tmp_path: Path) -> None:
    desk = at(SUPERVISOR)
    assert _take(desk, tmp_path, (HEAD + GOOD).encode("gb18030")).counts["written"] == 1
    assert [row.text for row in _rows(desk, IncidentReport)] == ["地里冒烟"]


MAP = """
rows = "data.list"
type = "complaint"
closed = ["已办结"]

[fields]
number = "工单编号"
at = "受理时间"
category = "问题类型"
text = "诉求内容"
address = "地址"
caller = "来电人.姓名"
caller_phone = "来电人.电话"
priority = "紧急程度"
status = "状态"

[types]
"秸秆焚烧" = "straw_burning"

[priorities]
"特急" = "critical"
"""


def test_mapped_json_with_its_own_names(at: At, tmp_path: Path) -> None:
    desk = at(SUPERVISOR)
    path = tmp_path / "map.toml"
    path.write_text(MAP, "utf-8")
    case = {
        "工单编号": 20261103001,
        "受理时间": "2026年11月3日 15:20",
        "问题类型": "秸秆焚烧",
        "诉求内容": "路边着火",
        "地址": "样城样2县样22镇样22村北",
        "来电人": {"姓名": "李四", "电话": "0530-5551234"},
        "紧急程度": "特急",
        "状态": "办理中",
    }
    other = case | {"工单编号": "X-2", "问题类型": "其他", "紧急程度": None, "地址": "样13镇政府对面"}
    body = json.dumps({"data": {"list": [case, other, 7]}}, ensure_ascii=False)
    progress = _take(desk, tmp_path, body, "json", read_map(str(path)))
    assert progress.counts["written"] == 2
    assert [say(fault.reason, "zh") for fault in progress.faults] == ["没有工单编号。"]
    first, second = _rows(desk, Incident)
    assert (first.type, first.grid, first.priority) == ("straw_burning", "99000200201", "critical")
    assert (second.type, second.grid) == ("complaint", "990001003")
    reports = _rows(desk, IncidentReport)
    assert [(row.number, row.caller, row.category) for row in reports] == [
        ("20261103001", "李四", "秸秆焚烧"),
        ("X-2", "李四", "其他"),
    ]


def test_open311_comes_with_its_map(at: At, tmp_path: Path) -> None:
    desk = at(SUPERVISOR)
    body = json.dumps(
        [
            {
                "service_request_id": "311-1",
                "status": "open",
                "service_name": "Smoke",
                "description": "smoke",
                "requested_datetime": "2026-11-03T15:00:00+08:00",
                "expected_datetime": "2026-11-04T15:00:00+08:00",
                "address": "样11镇",
                "lat": "35.2",
                "long": "115.2",
            }
        ]
    )
    assert _take(desk, tmp_path, body, "json", read_map("open311")).counts["written"] == 1
    (row,) = complaints.board(desk)
    assert (row.number, row.reply_due - row.at) == ("311-1", 24 * 3600)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = [", "TOML"),
        ('[fields]\nat = "t"\n', "number"),
        ('[fields]\nnumber = "n"\nphone = "p"\n', "phone"),
        ('typo = 1\n[fields]\nnumber = "n"\n', "typo"),
        ('[fields]\nnumber = "n"\n[priorities]\n"急" = "urgent"\n', "urgent"),
    ],
)
def test_a_wrong_map_says_what_is_wrong(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "map.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(CaseError) as caught:
        read_map(str(path))
    assert words in say(caught.value.message, "zh")
    with pytest.raises(CaseError):
        read_map(str(tmp_path / "absent.toml"))


@pytest.mark.parametrize(
    ("form", "body"),
    [("csv", b""), ("csv", b"a,b\n1,2\n"), ("csv", b"<html>"), ("json", b"{"), ("json", b'{"a": 1}')],
)
def test_a_file_that_is_none_is_refused_whole(at: At, tmp_path: Path, form: str, body: bytes) -> None:
    desk = at(SUPERVISOR)
    with pytest.raises(CaseError) as caught:
        _take(desk, tmp_path, body, form)
    assert "{" not in say(caught.value.message, "zh")
    assert not _rows(desk, Incident)


def test_who_may_import_and_what(at: At, tmp_path: Path) -> None:
    with pytest.raises(cases.Refused):
        _take(at(SEAT), tmp_path, HEAD + GOOD)
    other = GOOD.replace("样1县样11镇", "样2县样21镇")
    progress = _take(at(COUNTY), tmp_path, HEAD + GOOD + other.replace("W-1", "W-2"))
    assert progress.counts["written"] == 1
    assert say(progress.faults[0].reason, "zh") == "样21镇 不在导入人的辖区。"


@pytest.mark.parametrize(
    ("texts", "grid"),
    [
        (("990001001",), "990001001"),
        (("TA21",), "990002001"),
        (("S11",), "990001001"),
        (("样11镇",), "990001001"),
        (("样城样1县样12镇样12村东头",), "99000100201"),
        (("在样13这边",), "990001003"),
        (("样1县某处",), "990001"),
        (("样11镇和样12镇之间",), ""),
        (("样1县样11镇和样12镇之间",), "990001"),
        (("某地", "样22镇"), "990002002"),
        (("",), ""),
    ],
)
def test_where_words_mean(at: At, texts: tuple[str, ...], grid: str) -> None:
    with at(SUPERVISOR).store.read() as connection:
        places = Whereabouts(connection, City.read(connection))
        assert places.grid(*texts) == grid
