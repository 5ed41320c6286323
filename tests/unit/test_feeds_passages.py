"""A feed of remote-sensing sets: what passes comes in by itself, who exceeds twice rings, faults are put aside."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from backend.alarms.vehicles import Late
from backend.city.registry import City
from backend.clock import ManualClock
from backend.feeds.fault import OptionsError
from backend.feeds.record import Page
from backend.feeds.registry import prepare
from backend.feeds.runner import PollReport, poll_feed
from backend.feeds.units import Parameters
from backend.ingest import IngestReport, ingest
from backend.notify.vehicles import tell_late
from backend.scheduler import Scheduler
from backend.store import Store
from backend.words import LANGUAGES, Message, say
from tests.feeds.helpers import Answers, Waits, new_feed, reply
from tests.unit.feed_trials import upstream
from tests.unit.small_city import build, rows, station

NOW = 1_793_692_800
HOUR, DAY = 3600, 86_400
OPTIONS = """
format = "json"
rows = "data.list"
[time]
zone = "Asia/Shanghai"
[answer]
path = "code"
ok = ["0"]
[request.query]
from = "{since}"
to = "{until}"
"""
CSV = """
format = "csv"
encoding = "gb18030"
[time]
format = "%Y/%m/%d %H:%M:%S"
zone = "Asia/Shanghai"
[fields]
plate = "牌照"
[csv]
delimiter = ";"
"""


def town(store: Store) -> City:
    return build(
        store, [station("L1", "remote_sensing"), station("L2", "remote_sensing", county="B"), station("S")]
    )


def passed(plate: str, at: int, no: object = 1600, where: object = "L1", **more: object) -> dict[str, object]:
    when = datetime.fromtimestamp(at, UTC).isoformat()
    return {"hphm": plate, "jcdbh": where, "jcsj": when, "no": no, "btgd": 3, "rlzl": "柴油", **more}


def body(*several: object) -> bytes:
    return json.dumps({"code": 0, "data": {"list": several}}, ensure_ascii=False).encode()


class Taking:
    """The sink of a running centre."""

    def __init__(self, store: Store, city: City) -> None:
        self.store, self.city, self.reports = store, city, list[IngestReport]()

    def __call__(self, page: Page, feed: int, now: int) -> IngestReport:
        self.reports.append(ingest(self.store, self.city, feed, page, now, tell=tell_late))
        return self.reports[-1]


def poll(
    store: Store, city: City, feed: int, sent: bytes, now: int = NOW
) -> tuple[PollReport, list[IngestReport]]:
    sink = Taking(store, city)
    with upstream(sent) as base:
        with store.bulk() as conn:
            conn.exec_driver_sql(f"UPDATE feed SET url = '{base}/data' WHERE id = {feed}")
        report = poll_feed(store, feed, ManualClock(now), sink, pace=Waits().pace())
    return report, sink.reports


def test_two_exceedances_over_the_line_ring_once_and_the_same_page_again_changes_nothing(
    store: Store,
) -> None:
    city = town(store)
    feed = new_feed(store, NOW, OPTIONS, "passages")
    sent = body(
        passed("鲁R·10001", NOW - 30 * DAY), passed("鲁R10001", NOW - HOUR), passed("鲁R2", NOW - 60, 9)
    )
    report, (taken,) = poll(store, city, feed, sent)
    assert (report.ok, report.message, report.records, report.newest) == (True, None, 3, NOW - 60)
    assert (taken.received, taken.written, taken.alarms_raised, taken.incidents_opened) == (3, 3, 1, 1)
    assert rows(store, "SELECT subject, value, state FROM alarm") == [("鲁R10001", 1600.0, "UNACK")]
    assert rows(store, "SELECT type, source FROM incident") == [("vehicle_exhaust", "plate:鲁R10001")]
    assert rows(store, "SELECT DISTINCT feed FROM passage") == [("f",)]
    assert rows(store, f"SELECT at FROM watermark WHERE feed = {feed}") == [(NOW - 60,)]
    # The platform's other server gives the same rows in other bytes.
    report, (taken,) = poll(store, city, feed, sent + b" ", NOW + 300)
    assert (report.unchanged, taken.written, taken.same, taken.alarms_raised) == (3, 0, 3, 0)
    assert rows(store, "SELECT COUNT(*) FROM passage") == [(3,)]
    (health,) = rows(store, f"SELECT state, records, unchanged, asides FROM feed_health WHERE feed = {feed}")
    assert health == ("ok", 6, 3, 0)


def test_what_is_wrong_is_put_aside_and_never_stops_the_rest(store: Store) -> None:
    city = town(store)
    feed = new_feed(store, NOW, OPTIONS, "passages")
    sent = body(
        "x",
        passed("", NOW - 60),
        passed("鲁R1", NOW - 60, "many"),
        passed("鲁R1", NOW + HOUR),
        passed("鲁R1", NOW - 60, where={}),
        passed("鲁R1", NOW - 60, jcsj="soon"),
        passed("鲁R1", NOW - 60, where="L9"),
        passed("鲁R2", NOW - 50, where="L9"),
        passed("鲁R1", NOW - 60),
    )
    report, (taken,) = poll(store, city, feed, sent)
    assert report.ok
    assert (taken.received, taken.written, taken.asides) == (9, 1, 8)
    told = rows(store, "SELECT code, args, raw FROM aside ORDER BY id")
    assert [code for code, _, _ in told] == [
        "feed.row.kind",
        "passage.fault.plate",
        "feed.value.number",
        "passage.fault.future",
        "feed.station.missing",
        "feed.time.unreadable",
        "passage.fault.set",
    ]
    assert rows(store, "SELECT count FROM aside WHERE code = 'passage.fault.set'") == [(2,)]
    for code, args, raw in told:
        assert raw
        for language in LANGUAGES:
            assert "{" not in say(Message(code, json.loads(args)), language)


def test_a_table_with_names_of_its_own_is_asked_for_since_the_overlap(store: Store) -> None:
    city = town(store)
    options = CSV + '[request.query]\nfrom = "{since}"\n'
    feed = new_feed(store, NOW, options, "passages", overlap=HOUR)
    text = "牌照;点位;检测时间;NO;不透光度\n鲁R1;L1;2026/11/03 15:00:00;1600;<3\n"
    answers = Answers([reply(text.encode("gb18030"))])
    for _ in range(2):
        sink = Taking(store, city)
        assert poll_feed(store, feed, ManualClock(NOW), sink, answers, pace=Waits().pace()).ok
    assert [ask.query["from"] for ask in answers.asked] == ["2026/11/02 16:00:00", "2026/11/03 14:00:00"]
    assert rows(store, "SELECT plate, at, no_ppm, opacity FROM passage") == [
        ("鲁R1", NOW - HOUR, 1600.0, 3.0)
    ]


def test_an_error_inside_a_200_and_other_columns_fail_the_poll_and_move_nothing(store: Store) -> None:
    city = town(store)
    feed = new_feed(store, NOW, OPTIONS, "passages")
    for sent, code in (
        (b'{"code": 401}', "feed.json.said"),
        (body({"colour": "red"}), "passage.body.columns"),
        (b"<html>", "feed.body.html"),
    ):
        report, _ = poll(store, city, feed, sent)
        assert (report.ok, report.moved) == (False, False)
        assert report.message is not None
        assert report.message.code == code
    report, _ = poll(store, city, feed, body())
    assert report.ok


def test_settings_name_fields_that_there_are() -> None:
    prepared = prepare("passages", CSV, Parameters.default())
    assert prepared.options.shape.fields["plate"][0] == "牌照"
    with pytest.raises(OptionsError) as told:
        prepare("passages", CSV.replace("plate =", "plait ="), Parameters.default())
    assert [fault.message.code for fault in told.value.faults] == ["feed.option.unknown_near"]


def test_exceedances_that_come_too_late_are_told_in_one_notice_for_a_county_and_ring_nobody(
    store: Store,
) -> None:
    city = town(store)
    feed = new_feed(store, NOW, OPTIONS, "passages")
    late = [
        passed(f"鲁R{number}", NOW - days * DAY - number, where=where)
        for number, where in ((1, "L1"), (2, "L1"), (3, "L2"))
        for days in (9, 3)
    ]
    _, (taken,) = poll(store, city, feed, body(*late))
    assert (taken.written, taken.late, taken.alarms_raised) == (6, 3, 0)
    assert rows(store, "SELECT COUNT(*) FROM alarm") == [(0,)]
    notices = rows(store, "SELECT grid, code, args, seen FROM notice ORDER BY grid")
    assert [(grid, code) for grid, code, _, _ in notices] == [
        ("A", "notice.vehicles.late"),
        ("B", "notice.vehicles.late"),
    ]
    assert json.loads(notices[0][2]) == {"count": 2, "plates": "鲁R1 鲁R2", "at": NOW - 3 * DAY - 1}
    for language in LANGUAGES:
        assert "鲁R3" in say(Message(notices[1][1], json.loads(notices[1][2])), language)
    # The same again tells nobody anything; nor does an older line of a vehicle that was told of.
    poll(store, city, feed, body(*late, passed("鲁R1", NOW - 20 * DAY)), NOW + 300)
    assert rows(store, "SELECT COUNT(*) FROM notice") == [(2,)]


def test_a_second_portion_of_one_import_adds_to_its_notice(store: Store) -> None:
    city = town(store)
    for number in (1, 2):
        with store.bulk() as conn:
            tell_late(conn, city, "import", [Late(f"鲁R{number}", 1, NOW - 3 * DAY)], NOW)
            conn.exec_driver_sql(f"UPDATE notice SET seen = {NOW}, state = 'seen'")
    with store.bulk() as conn:
        tell_late(conn, city, "import", [Late("鲁R3", 1, NOW - 4 * DAY)], NOW)
    ((args, seen),) = rows(store, "SELECT args, seen FROM notice")
    assert json.loads(args) == {"count": 3, "plates": "鲁R1 鲁R2 鲁R3", "at": NOW - 3 * DAY}
    assert seen is None


def test_an_alarm_that_stands_is_not_told_of_as_late(store: Store) -> None:
    city = town(store)
    feed = new_feed(store, NOW, OPTIONS, "passages")
    poll(store, city, feed, body(passed("鲁R1", NOW - 2 * HOUR), passed("鲁R1", NOW - HOUR)))
    _, (taken,) = poll(store, city, feed, body(passed("鲁R1", NOW - 5 * HOUR)), NOW + 3 * DAY)
    assert (taken.written, taken.late) == (1, 0)


def test_a_running_centre_hears_of_both_by_itself(store: Store) -> None:
    town(store)
    feed = new_feed(store, NOW, OPTIONS, "passages")
    sent = body(
        passed("鲁R1", NOW - 2 * HOUR),
        passed("鲁R1", NOW - HOUR),
        passed("鲁R2", NOW - 5 * DAY),
        passed("鲁R2", NOW - 4 * DAY),
    )
    with upstream(sent) as base:
        with store.bulk() as conn:
            conn.exec_driver_sql(f"UPDATE feed SET url = '{base}/data' WHERE id = {feed}")
        report = Scheduler(store, ManualClock(NOW))._poll_one(feed)
    assert report.ok
    assert rows(store, "SELECT subject FROM alarm") == [("鲁R1",)]
    ((args,),) = rows(store, "SELECT args FROM notice WHERE code = 'notice.vehicles.late'")
    assert json.loads(args)["plates"] == "鲁R2"
