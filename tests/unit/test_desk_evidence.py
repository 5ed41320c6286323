"""Evidence: what acts bring, what is added later, for and against, and what a recall takes back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from backend.city.load import load_pack
from backend.clock import ManualClock
from backend.desk import acts, evidence, incidents, intake, taskside
from backend.desk.desk import Desk
from backend.store import Store
from backend.words import say
from tests.tools.small_city import write_small_city

SEAT, MEMBER = "P-990001-S1", "P-99000100101-M"
At = Callable[[str], Desk]


@pytest.fixture
def at(store: Store, clock: ManualClock, tmp_path: Path) -> At:
    """Somebody's desk in the small city."""
    load_pack(store, write_small_city(tmp_path / "pack"), clock.now())
    return lambda person: Desk.open(store, person, clock=clock)


def _begun(desk: Desk) -> tuple[str, str]:
    done = intake.enter(desk, type="straw_burning", place="grid:990001001", channel="patrol")
    return str(done.data["incident"]), str(done.data["task"])


def _refs(desk: Desk, incident: str) -> list[tuple[str, str, str]]:
    page = incidents.page(desk, incident)
    assert page is not None
    return [(one.kind, one.ref, one.stance) for one in page.evidence]


def test_it_is_added_at_any_time_and_speaks_for_or_against(at: At) -> None:
    desk = at(SEAT)
    incident, task = _begun(desk)
    assert evidence.add(desk, incident, refs="IMG-1，录音2", stance="for", note="邻居提供").ok
    attached = acts.act(desk, task, "attach", body={"ref": "HJ-9", "stance": "against", "note": "未超标"})
    assert attached.ok, say(attached.message, "zh")
    assert _refs(desk, incident) == [
        ("photo", "IMG-1", "for"),
        ("call_record", "录音2", "for"),
        ("measurement", "HJ-9", "against"),
    ]
    sides = taskside.sides(desk, task)
    assert sides is not None
    assert [(one.ref, one.note) for one in sides.evidence] == [("HJ-9", "未超标")]


def test_the_same_reference_is_noted_once(at: At) -> None:
    desk = at(SEAT)
    incident, _ = _begun(desk)
    assert evidence.add(desk, incident, refs="IMG-1 IMG-1").data == {}
    assert len(_refs(desk, incident)) == 1
    again = evidence.add(desk, incident, refs="IMG-1")
    assert say(again.message, "zh") == f"这些证据已在事件 {incident} 中。"
    none = evidence.add(desk, incident, refs=" ，")
    assert say(none.message, "zh") == "请给出证据编号，空格分开。"


def test_a_recalled_report_takes_its_evidence_back(at: At) -> None:
    desk = at(SEAT)
    incident, task = _begun(desk)
    sent = acts.act(
        desk,
        task,
        "dispatch",
        body={"holder": MEMBER, "holder_kind": "member", "on_duty": True},
        seen_version=2,
    )
    assert sent.ok, say(sent.message, "zh")
    for kind in ("accept", "arrive"):
        assert acts.act(desk, task, kind, on_behalf=MEMBER).ok
    done = acts.act(
        desk, task, "report", body={"result": "no_problem", "evidence": ["IMG-5"]}, on_behalf=MEMBER
    )
    assert done.ok, say(done.message, "zh")
    assert _refs(desk, incident) == [("photo", "IMG-5", "")]
    assert acts.recall(desk, task, str(done.data["op"])).ok
    assert _refs(desk, incident) == []


def test_what_a_terminal_obeys_is_no_reference(at: At) -> None:
    desk = at(SEAT)
    incident, _ = _begun(desk)
    evidence.add(desk, incident, refs="IMG\x1b[2J-1")
    assert "\x1b" not in _refs(desk, incident)[0][1]


def test_it_is_added_where_one_may(at: At) -> None:
    incident, _ = _begun(at(SEAT))
    assert evidence.add(at("P-990002-S1"), incident, refs="IMG-1").message.code == "access.outside"
    assert evidence.add(at(SEAT), "INC-404", refs="IMG-1").message.code == "desk.no_incident"
