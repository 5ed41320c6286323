"""Readings from files: the long CSV, a dump, raw frames; large ones in portions, wrong ones with a reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.feeds.fault import FeedError
from backend.feeds.files import ROWS, Portion, read_file
from backend.feeds.units import Parameters
from tests.shared import shared_data
from tests.unit.test_feeds_hj212 import hourly

NOW = 1_793_692_800
HEADER = "station,parameter,start,value\n"


def portions(folder: Path, raw: bytes | str, form: str = "csv") -> list[Portion]:
    path = folder / "readings"
    path.write_bytes(raw.encode() if isinstance(raw, str) else raw)
    return list(read_file(path, form, Parameters.default(), NOW))


def test_the_long_format_with_all_its_columns(tmp_path: Path) -> None:
    text = (
        "\ufeffStation,Parameter,Start,Value,Period,Qualifier,Flag,Unit,Note\n"
        "1718A,pm25,2026-11-03 08:00,35,,,,,x\n"
        "1718A,CO,2026-11-03T00:00:00Z,900,3600,<,n,µg/m³,\n"
        '1718A,o3,"2026-11-03 08:00",,60,,D,,\n'
    )
    (portion,) = portions(tmp_path, text)
    found = [(r.parameter, r.start, r.period, r.value, r.qualifier, r.device) for r in portion.page.records]
    assert found == [
        ("pm25", NOW - 28_800, 3600, 35.0, "", ""),
        ("co", NOW - 28_800, 3600, 0.9, "<", "N"),
        ("o3", NOW - 28_800, 60, None, "", "D"),
    ]
    assert portion.done == portion.total


def test_gb18030_is_read_too(tmp_path: Path) -> None:
    (portion,) = portions(tmp_path, (HEADER + "菏泽学院,细颗粒物,2026-11-03 08:00,35\n").encode("gb18030"))
    assert [(record.station, record.parameter) for record in portion.page.records] == [("菏泽学院", "pm25")]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("A,pm25,2026-11-03 08:00,abc", "feed.value.number"),
        ("A,pm99,2026-11-03 08:00,1", "feed.parameter.unknown"),
        (",pm25,2026-11-03 08:00,1", "feed.station.missing"),
        ("A,pm25,,1", "feed.time.missing"),
        ("A,pm25,soon,1", "feed.time.unreadable"),
        ("A,pm25,2099-01-01 08:00,1", "feed.time.range"),
        ("A,pm25,2026-11-03 08:00", "feed.row.broken"),
        ("A,pm25,2026-11-03 08:00,1,2", "feed.row.broken"),
        ("A" * 99 + ",pm25,2026-11-03 08:00,1", "feed.station.long"),
        ("A,pm25,2026-11-03 08:00," + "9" * 40_000, "feed.row.broken"),
    ],
)
def test_a_bad_row_goes_aside_with_its_reason(row: str, code: str, tmp_path: Path) -> None:
    good = "B,pm25,2026-11-03 08:00,1\n"
    (portion,) = portions(tmp_path, HEADER + good + row + "\n" + good)
    assert code in [aside.reason.code for aside in portion.page.asides]
    assert [record.station for record in portion.page.records] == ["B", "B"]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ("60s,,,", "feed.time.period"),
        ("0,,,", "feed.time.period"),
        (",~,,", "feed.file.qualifier"),
        (",,X,", "feed.file.flag"),
        (",,,furlong", "feed.unit.unknown"),
        (",,,ppb", "feed.unit.mismatch"),
    ],
)
def test_bad_cells_of_the_other_columns(cells: str, code: str, tmp_path: Path) -> None:
    head = HEADER.rstrip() + ",period,qualifier,flag,unit\n"
    (portion,) = portions(tmp_path, head + f"A,pm25,2026-11-03 08:00,1,{cells}\n")
    assert [aside.reason.code for aside in portion.page.asides] == [code]
    assert not portion.page.records


@pytest.mark.parametrize(
    ("raw", "form", "code"),
    [
        (b"", "csv", "feed.body.empty"),
        (b"<html></html>", "csv", "feed.body.html"),
        (b"a,b,c\n1,2,3\n", "csv", "feed.table.columns"),
        (b"station,parameter,start,value,value\n", "csv", "feed.table.twice"),
        (b"{}", "cnemc", "feed.cnemc.shape"),
        (b"[]", "cnemc", "feed.cnemc.empty"),
        (b"\xff\xfe", "cnemc", "feed.body.encoding"),
        (b"x", "xlsx", "feed.file.format"),
    ],
)
def test_a_file_of_another_kind_is_refused(raw: bytes, form: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(FeedError) as caught:
        portions(tmp_path, raw, form)
    assert caught.value.message.code == code


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(FeedError) as caught:
            list(read_file(path, "csv", Parameters.default(), NOW))
        assert caught.value.message.code == "feed.file.unreadable"


def test_a_large_file_comes_in_portions(tmp_path: Path) -> None:
    rows = "".join(f"S{n},pm25,2026-11-03 08:00,{n % 100}\n" for n in range(2 * ROWS + 7))
    found = portions(tmp_path, HEADER + rows)
    assert [len(portion.page.records) for portion in found] == [ROWS, ROWS, 7]
    assert [portion.done <= portion.total for portion in found] == [True] * 3
    assert found[0].done < found[-1].done


def test_frames_lie_across_the_pieces_of_a_large_file(tmp_path: Path) -> None:
    frame = hourly("DataTime=20261103080000;a34004-Avg=87.0,a34004-Flag=N")
    count = 3 * 1024 * 1024 // len(frame)
    found = portions(tmp_path, frame * count, "hj212")
    assert len(found) > 2
    assert sum(len(portion.page.records) for portion in found) == count
    assert not [aside for portion in found for aside in portion.page.asides]
    assert found[-1].done == found[-1].total


def test_recorded_frames_and_dumps() -> None:
    packets = shared_data("api/hj212/packets.jsonl").read_text("utf-8").splitlines()
    assert len(packets) == 11
    dump = shared_data("air/cnemc/cnemc_20180220T07_region.json")
    (portion,) = read_file(dump, "cnemc", Parameters.default(), NOW)
    assert len({record.station for record in portion.page.records}) == 175


def test_recorded_frames_as_a_file(tmp_path: Path) -> None:
    lines = shared_data("api/hj212/packets.jsonl").read_text("utf-8").splitlines()
    raw = "\r\n".join(json.loads(line)["raw"] for line in lines)
    found = portions(tmp_path, raw, "hj212")
    reasons = [aside.reason.code for portion in found for aside in portion.page.asides]
    assert reasons.count("hj212.crc") == 3
    assert set(reasons) == {"hj212.crc", "hj212.code.unknown"}


@given(st.binary(max_size=400))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_portions_or_a_feed_error(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    folder = tmp_path_factory.getbasetemp()
    for form, body in (("csv", raw), ("csv", HEADER.encode() + raw), ("cnemc", raw), ("hj212", raw)):
        try:
            portions(folder, body, form)
        except FeedError:
            continue
