"""``gridseat decode hj212``: what it prints, and with what it exits."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from console.__main__ import main
from console.exit import Exit

GOOD = (
    b"##0171QN=20261103090012345;ST=22;CN=2061;PW=123456;MN=010000A8900016F000169DC0;Flag=5;"
    b"CP=&&DataTime=20261103080000;a34004-Avg=87.0,a34004-Flag=N;a34002-Avg=152.0,a34002-Flag=N&&84C1\r\n"
)


def write(folder: Path, raw: bytes) -> str:
    path = folder / "frames.txt"
    path.write_bytes(raw)
    return str(path)


def test_a_good_file_exits_with_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "en", "decode", "hj212", write(tmp_path, GOOD)]) == Exit.OK
    out, err = capsys.readouterr()
    assert "a34004   PM2.5  Avg=87.0  Flag=N" in out
    assert "len 171/171 ok  CRC 84C1/84C1 ok" in out
    assert "123456" not in out
    assert "Frames: 1, good: 1, bad: 0" in err


def test_json_holds_what_was_sent_and_what_it_means(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["decode", "hj212", write(tmp_path, GOOD + b"##0002"), "--json"]) == Exit.FAILED
    good, cut = json.loads(capsys.readouterr().out)
    assert good["edition"] == "2017"
    assert good["crc"] == {"given": "84C1", "calculated": "84C1", "ok": True}
    assert good["fault"] is None
    assert good["factors"][0] == {"code": "a34004", "name": "PM2.5", "values": {"Avg": "87.0", "Flag": "N"}}
    assert [(row["parameter"], row["value"], row["start"]) for row in good["readings"]] == [
        ("pm25", 87.0, 1793664000),
        ("pm10", 152.0, 1793664000),
    ]
    assert good["fields"]["PW"] == "***"
    assert "123456" not in good["raw"]
    assert cut["fault"]["code"] == "hj212.cut"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (GOOD.replace(b"##0171", b"##0170"), "Wrong length: 170 bytes declared, 171 found"),
        (GOOD.replace(b"84C1", b"84C2"), "Wrong CRC: the frame says 84C2, HJ 212 annex A gives 84C1"),
        (GOOD[:100], "The frame is cut off: 171 bytes declared, 94 received, no CRC"),
        (b"\x1b[2Jnoise" + GOOD, "9 bytes between frames that are no frame"),
    ],
)
def test_what_is_wrong_is_said_and_exits_with_1(
    raw: bytes, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--lang", "en", "decode", "hj212", write(tmp_path, raw)]) == Exit.FAILED
    out = capsys.readouterr().out
    assert reason in out
    assert "\x1b" not in out


def test_no_frame_and_no_file_are_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "zh", "decode", "hj212", write(tmp_path, b"\r\n")]) == Exit.FAILED
    assert "没有找到 HJ 212 报文" in capsys.readouterr().err
    assert main(["--lang", "zh", "decode", "hj212", str(tmp_path / "none.txt")]) == Exit.FAILED
    assert "无法读取" in capsys.readouterr().err


def test_it_reads_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(GOOD)))
    assert main(["decode", "hj212", "-", "--json"]) == Exit.OK
    assert len(json.loads(capsys.readouterr().out)) == 1
