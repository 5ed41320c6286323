"""What who leaves is told, and what is kept of theirs while another process holds the store."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from backend.words import Message, Outcome
from console.leaving import Leaving


@dataclass
class App:
    """As much of the console as is asked."""

    language: str = "en"
    acting: set[object] = field(default_factory=set)
    late: list[Message | Outcome] = field(default_factory=list)
    parting: Message | None = None
    remembering: bool = False
    aside: bool = True

    def set_aside(self) -> bool:
        return self.aside


def leaving(**given: Any) -> Leaving:
    return Leaving(cast(Any, App(**given)))


def test_where_all_that_waits_could_be_set_aside_nobody_waits(capsys: pytest.CaptureFixture[str]) -> None:
    assert not leaving(remembering=True).waits(11.0)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (
            {"acting": {1, 2}, "remembering": True},
            "Acts of yours not stored yet: 2; they are waited for 11 s",
        ),
        ({"remembering": True, "aside": False}, "this screen and forms not sent wait to be kept: 11 s"),
        ({}, "Background jobs are coming to their end: 11 s"),
    ],
)
def test_what_is_waited_for_is_said_with_the_way_out(
    given: dict[str, Any], says: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert leaving(**given).waits(10.4)
    # A file is not told what holds for a moment only.
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    one = leaving(**given)
    # For jobs alone it is early yet.
    assert one.waits(10.4)
    assert (capsys.readouterr().err == "") == (not given)
    one = leaving(**given)
    assert one.waits(14.4)
    assert one.waits(10.4)
    told = capsys.readouterr().err
    assert len(told.splitlines()) == 1
    assert says.replace("11 s", "11 s" if not given else "15 s") in told
    assert "Ctrl+C ends at once" in told


def test_what_did_not_come_to_its_end_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    leaving(acting={1}, late=[Outcome(False, Message("store.busy"))], aside=False).unfinished()
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 3
    assert "not done: 1" in told[0]
    assert "were not kept" in told[1]
    assert "nothing was saved" in told[2]


def test_acts_that_were_answered_late_are_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    one = leaving(late=[Message("store.busy")], parting=Message("store.waits"))
    one.answered()
    one.answered()
    assert len(capsys.readouterr().err.splitlines()) == 2
