"""Vehicles that passed a set, from a file: what is taken in, what is told to be wrong, and who rings."""

from __future__ import annotations

import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, text

from backend.alarms.tables import Alarm
from backend.city.tables import Station
from backend.clock import ManualClock
from backend.desk.passages import take_passages
from backend.feeds.fault import FeedError
from backend.feeds.passages.reading import PassageFault, read, read_fields
from backend.feeds.record import Passage
from backend.store import Store, table
from backend.words import LANGUAGES, Message, say
from tests.screens import seat_city as city
from tests.unit.small_city import station

ZONE = ZoneInfo("Asia/Shanghai")
CSV = """车牌号,点位,检测时间,NO(ppm),不透光度,燃料种类,是否有效
鲁R·10001,S-MD1,2026-10-03 09:12:33,1620,12.5,柴油,1
鲁R10001,S-MD1,2026-11-03 15:02:11,1710,<3,柴油,1
鲁R10002,S-MD1,2026-11-03 15:03:00,—,31,柴油,0
,S-MD1,2026-11-03 15:04:00,1,1,柴油,1
鲁R10003,S-MD1,soon,1,1,柴油,1
鲁R10004,S-MD1,2026-11-03 18:00:00,1,1,柴油,1
鲁R10005,S-MD1,2026-11-03 15:05:00,many,1,柴油,1
鲁R10006,S-XX9,2026-11-03 15:06:00,100,1,汽油,1
鲁R10007,S-MD1
"""


def test_a_line_is_a_passage_or_says_what_is_wrong() -> None:
    found = list(read(CSV.encode(), "csv", ZONE, city.NOW))
    good = [one for one in found if isinstance(one, Passage)]
    assert good[0] == Passage("鲁R10001", "S-MD1", 1790989953, 1620.0, 12.5, True, "柴油")
    assert (good[1].opacity, good[2].valid, good[2].no_ppm) == (3.0, False, None)
    bad = [(one.line, one.reason.code) for one in found if isinstance(one, PassageFault)]
    assert bad == [
        (5, "passage.fault.plate"),
        (6, "feed.time.unreadable"),
        (7, "passage.fault.future"),
        (8, "feed.value.number"),
        (10, "passage.fault.line"),
    ]
    for one in found:
        if isinstance(one, PassageFault):
            assert all("{" not in say(one.reason, language) for language in LANGUAGES)


def test_json_is_read_wherever_its_list_stands() -> None:
    row = {"hphm": "鲁R1", "jcdbh": "S-MD1", "jcsj": "2026-11-03 15:00:00", "no": 9, "btgd": None}
    for body in ([row], {"data": [row]}, {"data": {"list": [row]}}):
        assert list(read(json.dumps(body).encode(), "json", ZONE, city.NOW)) == [
            Passage("鲁R1", "S-MD1", 1793689200, 9.0, None)
        ]


@pytest.mark.parametrize(
    ("body", "form", "code"),
    [
        (b"", "csv", "feed.body.empty"),
        (b"<html>", "csv", "feed.body.html"),
        ("车牌,时间,NO\n".encode() * 2, "csv", "passage.body.columns"),
        ("车牌,点位,时间\na,b,c\n".encode(), "csv", "passage.body.columns"),
        (b'{"a": 1}', "json", "passage.body.list"),
    ],
)
def test_what_is_no_such_file_is_refused(body: bytes, form: str, code: str) -> None:
    with pytest.raises(FeedError) as told:
        list(read(body, form, ZONE, city.NOW))
    assert told.value.message.code == code
    assert all("{" not in say(told.value.message, language) for language in LANGUAGES)


def test_a_map_names_a_file_s_own_columns() -> None:
    fields = read_fields('[fields]\nplate = "P"\nstation = "S"\nat = "T"\nno_ppm = "N"\n')
    body = b"P,S,T,N\nA1,S-MD1,2026-11-03 15:00,5\n"
    assert list(read(body, "csv", ZONE, city.NOW, fields)) == [Passage("A1", "S-MD1", 1793689200, 5.0)]
    for wrong, code in (("x = ", "passage.map.toml"), ('[fields]\ncolour = "C"', "passage.map.field")):
        with pytest.raises(FeedError) as told:
            read_fields(wrong)
        assert told.value.message.code == code


def test_a_file_rings_for_who_exceeds_twice_and_again_changes_nothing(
    store: Store, clock: ManualClock, tmp_path: Path
) -> None:
    city.build(store)
    with store.write() as connection:
        connection.execute(insert(table(Station)), [station("S-MD1", "remote_sensing", "371702", id=99)])
    path = tmp_path / "passages.csv"
    path.write_text(CSV, encoding="utf-8")
    desk = city.desk(store, "HZ-A1", clock)
    progress = take_passages(desk, path, "csv")
    assert progress.counts == {
        "received": 4,
        "written": 3,
        "same": 0,
        "unplaced": 1,
        "faults": 5,
        "alarms": 1,
        "late": 0,
    }
    assert progress.sets == {"S-XX9": 1}
    assert len(progress.faults) == 5
    with store.read() as connection:
        alarm = table(Alarm)
        rows = connection.execute(select(alarm.c.subject, alarm.c.value, alarm.c.incident)).all()
        assert connection.execute(text("SELECT COUNT(*) FROM passage")).scalar() == 3
    assert [tuple(row)[:2] for row in rows] == [("鲁R10001", 1710.0)]
    assert rows[0].incident
    again = take_passages(desk, path, "csv")
    assert (again.counts["written"], again.counts["same"], again.counts["alarms"]) == (0, 3, 0)
    told = say(Message("passage.imported", dict(progress.counts)), "zh")
    assert "读入 4 条" in told
    with pytest.raises(FeedError) as failed:
        take_passages(desk, tmp_path / "none.csv", "csv")
    assert failed.value.message.code == "feed.file.unreadable"
