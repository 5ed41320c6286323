"""HJ 212 frames: the standard's own CRC, three editions, batches, and everything that can be wrong with them."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.feeds.hj212 import Frame, Garbage, crc, default_options, fault_of, page, read_options, split
from backend.feeds.options import Table
from backend.feeds.record import Page
from backend.feeds.units import Parameters
from tests.shared import shared_data

HEAD = "QN=20261103090012345;ST=22;CN={cn};PW=123456;MN=010000A8900016F000169DC0;Flag={flag};"
START = 1793664000
"""2026-11-03 08:00 in Heze."""


def frame(segment: str, *, length: int | None = None, check: str | None = None) -> bytes:
    raw = segment.encode()
    size = len(raw) if length is None else length
    return b"##%04d" % size + raw + (f"{crc(raw):04X}" if check is None else check).encode() + b"\r\n"


def hourly(body: str, *, cn: str = "2061", flag: int = 5) -> bytes:
    return frame(HEAD.format(cn=cn, flag=flag) + f"CP=&&{body}&&")


def reasons(taken: Page) -> list[str]:
    return [aside.reason.code for aside in taken.asides]


def packets() -> Iterator[dict[str, object]]:
    for line in shared_data("api/hj212/packets.jsonl").read_text("utf-8").splitlines():
        yield json.loads(line)


def bit_by_bit(data: bytes) -> int:
    """Annex A as it is written, without a table."""
    register = 0xFFFF
    for byte in data:
        register = (register >> 8) ^ byte
        for _ in range(8):
            register = (register >> 1) ^ 0xA001 if register & 1 else register >> 1
    return register


def test_the_worked_example_of_the_standard() -> None:
    raw = (
        b"##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;"
        b"CP=&&RtdInterval=30&&1C80\r\n"
    )
    (found,) = split(raw)
    assert isinstance(found, Frame)
    assert (found.declared, len(found.segment), found.calculated) == (101, 101, "1C80")
    assert found.length_ok
    assert found.crc_ok
    assert found.edition == "2017"


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_the_crc_is_annex_a(data: bytes) -> None:
    assert crc(data) == bit_by_bit(data)


def test_every_recorded_packet_decodes_as_it_was_judged() -> None:
    count = 0
    for packet in packets():
        count += 1
        pieces = list(split(str(packet["raw"]).encode() + b"\r\n"))
        assert len(pieces) == 1
        (found,) = pieces
        assert isinstance(found, Frame)
        assert found.length_ok is packet["length_ok"]
        assert found.crc_ok is packet["crc_ok"]
        assert found.calculated == packet["crc_calc"]
        taken = page(str(packet["raw"]).encode(), default_options())
        assert (reasons(taken) == ["hj212.crc"]) is not packet["crc_ok"]
    assert count == 11


def test_a_dust_gateway_with_flags_left_out_gives_all_nine_values() -> None:
    raw = next(str(packet["raw"]) for packet in packets() if "Dust gateway" in str(packet["repo"]))
    taken = page(raw.encode(), default_options())
    assert len(taken.records) == 9
    assert {record.device for record in taken.records} == {""}
    assert taken.places[0].kind == "site_dust"


def test_the_annex_measures_particles_in_nanograms() -> None:
    raw = next(str(packet["raw"]) for packet in packets() if "LXHB" in str(packet["raw"]))
    as_annex = read_options(Table.parse('units = "annex"'), Parameters.default())
    values = {record.parameter: record.value for record in page(raw.encode(), as_annex).records}
    assert values["pm25"] == 75.6
    assert values["pm10"] == 140.6
    assert values["pressure"] == 1013.8
    as_ambient = {record.parameter: record.value for record in page(raw.encode(), default_options()).records}
    assert as_ambient["pm25"] == 75600.0


def test_the_hour_is_named_by_its_start_and_the_average_counts() -> None:
    taken = page(
        hourly("DataTime=20261103080000;a34004-Avg=87.0,a34004-Rtd=90,a34004-Flag=N"), default_options()
    )
    (record,) = taken.records
    assert (record.parameter, record.start, record.period, record.value, record.device) == (
        "pm25",
        START,
        3600,
        87.0,
        "N",
    )


@pytest.mark.parametrize(
    ("cn", "period", "value"),
    [("2011", 60, 90.0), ("2051", 600, 87.0), ("2061", 3600, 87.0), ("2031", 86400, 87.0)],
)
def test_the_command_says_which_value_and_which_period(cn: str, period: int, value: float) -> None:
    raw = hourly("DataTime=20261103080000;a34004-Avg=87.0,a34004-Rtd=90,a34004-Flag=N", cn=cn)
    (record,) = page(raw, default_options()).records
    assert (record.start, record.period, record.value) == (START, period, value)


def test_units_and_codes_of_one_device_go_before_the_feeds() -> None:
    options = read_options(
        Table.parse(
            """
            ignore = ["a99999"]
            [unit]
            a34004 = "mg/m3"
            [device.ODD]
            [device.ODD.unit]
            a34004 = "ng/m3"
            [device.ODD.codes.a21001]
            parameter = "temp"
            unit = "℃"
            """
        ),
        Parameters.default(),
    )
    body = "CP=&&DataTime=20261103080000;a34004-Avg=1000;a21001-Avg=25.4;a99999-Avg=1&&"
    odd = page(frame(f"ST=22;CN=2061;MN=ODD;Flag=4;{body}"), options)
    assert [(record.parameter, record.value) for record in odd.records] == [("pm25", 1.0), ("temp", 25.4)]
    other = page(frame(f"ST=22;CN=2061;MN=X;Flag=4;{body}"), options)
    assert [(record.parameter, record.value) for record in other.records] == [("pm25", 1_000_000.0)]
    assert reasons(other) == ["hj212.code.unknown"]


def test_the_codes_that_the_annex_lacks_are_known() -> None:
    taken = page(
        hourly("DataTime=20261103080000;a05024-Avg=61,a05024-Flag=N;w01003-Avg=8.5"), default_options()
    )
    assert [(record.parameter, record.value) for record in taken.records] == [
        ("o3", 61.0),
        ("turbidity", 8.5),
    ]


def test_names_in_the_place_of_codes_and_the_misspelt_td() -> None:
    body = "DataTime=20180114002828;PM25-Rtd=15.4,PM25-Flag=N;TEM-Rtd=10;NOIS-Rtd=46.3,NOIS=N;LA-td=51"
    taken = page(frame(f"ST=22;CN=2011;PW=123456;MN=JH;CP=&&{body}&&"), default_options())
    assert [(record.parameter, record.value, record.device) for record in taken.records] == [
        ("pm25", 15.4, "N"),
        ("temp", 10.0, ""),
        ("noise", 46.3, "N"),
        ("noise", 51.0, ""),
    ]


def test_frames_come_in_batches_with_and_without_line_ends() -> None:
    one = hourly("DataTime=20261103080000;a34004-Avg=1")
    two = hourly("DataTime=20261103090000;a34004-Avg=2")
    for raw in (
        one + two,
        one.rstrip() + two.rstrip(),
        b"\r\n\r\n" + one + b"\n" + two,
        one + b"\x00\x00" + two,
    ):
        taken = page(raw, default_options())
        assert [record.value for record in taken.records] == [1.0, 2.0]
        assert not taken.asides


def test_a_bad_frame_does_not_take_the_next_one_with_it() -> None:
    good = hourly("DataTime=20261103080000;a34004-Avg=1")
    text = HEAD.format(cn="2061", flag=5) + "CP=&&DataTime=20261103080000;a34004-Avg=9&&"
    cases = {
        "hj212.length": frame(text, length=len(text) + 7),
        "hj212.crc": frame(text, check="0000"),
        "hj212.cut": b"##0250" + text[:60].encode(),
        "hj212.garbage": b"GET / HTTP/1.1\r\n",
    }
    for reason, bad in cases.items():
        taken = page(good + bad + good, default_options())
        assert [record.value for record in taken.records] == [1.0, 1.0], reason
        assert reasons(taken) == [reason]


def test_a_frame_without_a_length_is_garbage_and_the_next_one_counts() -> None:
    good = hourly("DataTime=20261103080000;a34004-Avg=1")
    taken = page(b"##abcdST=22" + good, default_options())
    assert [record.value for record in taken.records] == [1.0]
    assert reasons(taken) == ["hj212.garbage"]


def test_a_sealed_body_is_kept_with_the_reason() -> None:
    sealed = bytes(range(128, 176)).decode("latin-1")
    segment = HEAD.format(cn="2061", flag=9).encode() + b"CP=&&" + sealed.encode("latin-1") + b"##0007&&"
    raw = b"##%04d" % len(segment) + segment + b"ABCD\r\n"
    good = hourly("DataTime=20261103080000;a34004-Avg=1", flag=9)
    taken = page(raw + good, default_options())
    assert reasons(taken) == ["hj212.sm4"]
    assert taken.asides[0].raw == raw.rstrip()
    assert len(taken.records) == 1


def test_a_hexadecimal_sealed_body_is_seen_too() -> None:
    taken = page(hourly("9F3C00AB17" * 8, flag=8), default_options())
    assert reasons(taken) == ["hj212.sm4"]


@pytest.mark.parametrize(
    ("flag", "edition"), [(0, "2005"), (1, "2005"), (4, "2017"), (5, "2017"), (8, "2025"), (9, "2025")]
)
def test_the_flag_tells_the_edition(flag: int, edition: str) -> None:
    (found,) = split(hourly("DataTime=20261103080000;a34004-Avg=1", flag=flag))
    assert isinstance(found, Frame)
    assert found.edition == edition
    assert len(page(found.raw, default_options()).records) == 1


def test_a_frame_that_is_sent_again_says_so() -> None:
    segment = HEAD.format(cn="2061", flag=9) + "RF=1;CP=&&DataTime=20261103080000;a34004-Avg=1&&"
    assert page(frame(segment), default_options()).records[0].resent
    inside = hourly("DataTime=20261103080000;RF=1;a34004-Avg=1", flag=9)
    assert page(inside, default_options()).records[0].resent
    assert not page(hourly("DataTime=20261103080000;a34004-Avg=1"), default_options()).records[0].resent


def test_the_second_packet_of_a_message_takes_the_time_of_the_first() -> None:
    head = "QN=20261103090012345;ST=22;CN=2061;MN=M1;Flag=7;PNUM=2;PNO={};"
    first = frame(head.format(1) + "CP=&&DataTime=20261103080000;a34004-Avg=1&&")
    second = frame(head.format(2) + "CP=&&a34002-Avg=2&&")
    assert [record.start for record in page(first + second, default_options()).records] == [START, START]
    assert reasons(page(second, default_options())) == ["hj212.field"]


@pytest.mark.parametrize("cn", ["9011", "9014", "9015", "2021", "3019", "1062"])
def test_a_handshake_holds_no_reading_and_is_no_fault(cn: str) -> None:
    taken = page(frame(f"QN=20261103090012345;ST=91;CN={cn};PW=1;MN=M1;Flag=5;CP=&&&&"), default_options())
    assert not taken.records
    assert not taken.asides


BODY = "DataTime=20261103080000;a34004-Avg="
BAD = {
    "value is a word": (hourly(BODY + "abc"), "feed.value.number"),
    "value with an underscore": (hourly(BODY + "1_0"), "feed.value.number"),
    "value beyond all bounds": (hourly(BODY + "999999999999999"), "feed.value.range"),
    "time is a word": (hourly("DataTime=yesterday;a34004-Avg=1"), "feed.time.unreadable"),
    "time with month 13": (hourly("DataTime=20261303080000;a34004-Avg=1"), "feed.time.unreadable"),
    "time in 1970": (hourly("DataTime=19700101080000;a34004-Avg=1"), "feed.time.range"),
    "time in 2099": (hourly("DataTime=20990101080000;a34004-Avg=1"), "feed.time.range"),
    "time in 9999": (hourly("DataTime=99990101080000;a34004-Avg=1"), "feed.time.range"),
    "no time": (hourly("a34004-Avg=1"), "hj212.field"),
    "no device": (frame("ST=22;CN=2061;Flag=5;CP=&&DataTime=20261103080000;a34004-Avg=1&&"), "hj212.field"),
    "no command": (frame("ST=22;MN=1;Flag=5;CP=&&DataTime=20261103080000;a34004-Avg=1&&"), "hj212.field"),
    "unknown factor": (hourly("DataTime=20261103080000;z99999-Avg=1"), "hj212.code.unknown"),
    "neither average nor value": (hourly("DataTime=20261103080000;a34004-Cou=1"), "hj212.novalue"),
    "factor twice": (hourly(BODY + "1;a34004-Avg=2"), "hj212.twice"),
    "a web page": (b"<html><body>login</body></html>", "hj212.garbage"),
    "a CRC of Modbus": (
        frame(HEAD.format(cn="2061", flag=5) + "CP=&&" + BODY + "87.0&&", check="0759"),
        "hj212.crc",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_frames_and_what_is_said(name: str) -> None:
    raw, reason = BAD[name]
    taken = page(raw, default_options(), START + 86_400)
    assert reason in reasons(taken)
    assert len(taken.records) == (1 if reason == "hj212.twice" else 0)


@pytest.mark.parametrize("mark", ["", "-", "NA", "—"])
def test_a_mark_for_none_is_a_reading_without_a_value(mark: str) -> None:
    (record,) = page(hourly(BODY + mark + ",a34004-Flag=D"), default_options()).records
    assert record.value is None
    assert record.device == "D"


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_whatever_comes_is_put_aside_and_never_raises(raw: bytes) -> None:
    for body in (raw, b"##" + raw, b"##0020" + raw, hourly(BODY + "1")[:80] + raw):
        taken = page(body, default_options())
        pieces = list(split(body))
        assert sum(len(piece.raw) for piece in pieces) <= len(body)
        assert len(taken.asides) >= sum(isinstance(p, Garbage) or fault_of(p) is not None for p in pieces)


@given(
    st.lists(st.binary(max_size=40).filter(lambda raw: b"#" not in raw), min_size=3, max_size=3), st.data()
)
@settings(max_examples=80, deadline=None)
def test_good_frames_are_found_in_any_noise(noise: list[bytes], data: st.DataObject) -> None:
    # A letter right behind the CRC would belong to the frame: the noise begins with a line end.
    first, second = hourly(BODY + "1"), hourly(BODY + "2")
    raw = noise[0] + first + b"\r\n".join(noise[1:2]) + b"\r\n" + second + noise[2]
    assert [record.value for record in page(raw, default_options()).records] == [1.0, 2.0]
    at = data.draw(st.integers(min_value=6, max_value=len(first) - 8))
    broken = bytearray(first)
    broken[at] ^= 0x01
    values = [record.value for record in page(bytes(broken) + second, default_options()).records]
    assert values == [2.0]
