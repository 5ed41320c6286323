"""What is kept of an error of ours: type and place, never a word of what was being handled."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from console import __main__ as program
from console import crash

FOREIGN = "\x1b]0;pwn\x07 令牌 4711 13800001234"


def fail(words: str) -> BaseException:
    try:
        try:
            raise OSError(5, words)
        except OSError as error:
            raise ValueError(words) from error
    except ValueError as error:
        return error


def test_the_log_keeps_type_and_place_and_no_word() -> None:
    path = crash.keep(fail(FOREIGN))
    assert Path(os.environ["XDG_STATE_HOME"]) in path.parents
    log = path.read_text()
    assert "ValueError (" in log
    assert "OSError errno 5 (" in log
    assert "in fail" in log
    assert f"({len(FOREIGN.encode())} bytes" in log
    assert not any(part in log for part in ("\x1b", "pwn", "令牌", "4711", "13800001234"))
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_same_words_are_the_same_error_and_others_are_not() -> None:
    once, again, other = (crash.told(fail(words)).splitlines()[2] for words in ("a", "a", "b"))
    assert once == again != other


def test_an_error_that_leads_to_itself_ends() -> None:
    error = ValueError("x")
    error.__context__ = error
    assert crash.told(error).count("ValueError") == 1


def test_a_command_that_fails_shows_no_word_either(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(_args: object) -> int:
        raise fail(FOREIGN)

    monkeypatch.setattr("console.commands.doctor.run", run)
    assert program.main(["doctor"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "ValueError" in said.err
    assert "errors.log" in said.err
    assert program.main(["--lang", "zh", "doctor"]) == 1
    assert "程序出错" in capsys.readouterr().err
    assert not any(part in said.err for part in ("\x1b", "pwn", "4711"))
