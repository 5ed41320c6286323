"""``gridseat tasks``: the board and one task, for people and for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from backend.clock import ManualClock
from backend.desk import acts, tasks
from backend.desk.desk import Desk
from backend.store import Store
from console.__main__ import main
from console.exit import Exit
from tests.screens import loop_city as city

Answer = tuple[int, str, str]


@pytest.fixture
def told(
    store: Store, tmp_path: Path, clock: ManualClock, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Answer]:
    """Run the command on a store with one task that was sent."""
    city.build(store, tmp_path, clock.now())
    desk = Desk.open(store, city.SEAT, clock=clock)
    task = str(acts.from_alarm(desk, city.alarms(store)[0]).data["task"])
    body = {"holder": city.MEMBER, "holder_kind": "member"}
    assert acts.act(desk, task, "dispatch", body=body, seen_version=2).ok

    def run(*words: str, lang: str = "en") -> Answer:
        try:
            code = main(["--lang", lang, "--store", str(store.path), "tasks", *words])
        except SystemExit as ended:
            code = int(str(ended.code))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


def test_a_table_for_people(told: Callable[..., Answer]) -> None:
    code, out, err = told(lang="zh")
    assert (code, err) == (Exit.OK, "")
    heading, line = out.splitlines()
    assert heading.split()[:3] == ["编号", "状态", "级别"]
    assert "待签收" in line
    assert "网格员11" in line


def test_json_and_csv_for_programs(told: Callable[..., Answer]) -> None:
    code, out, _ = told("--json")
    (row,) = json.loads(out)
    assert code == Exit.OK
    assert (row["state"], row["holder"], row["level"]) == ("DISPATCHED", city.MEMBER, "T")
    assert row["due"] == "2026-11-03T16:05:00+08:00"
    assert row["breaches"] == []
    _, out, _ = told("--csv")
    (line,) = csv.DictReader(io.StringIO(out))
    assert line["id"] == row["id"]
    assert line["priority"] == "critical"


def test_the_views(told: Callable[..., Answer]) -> None:
    for view, count in (("open", 1), ("closed", 0), ("approval", 0)):
        _, out, _ = told("--json", "--view", view)
        assert len(json.loads(out)) == count


def test_one_task_with_its_log(told: Callable[..., Answer]) -> None:
    _, out, _ = told("--json")
    name = json.loads(out)[0]["id"]
    code, out, _ = told(name, "--json")
    task = json.loads(out)
    assert code == Exit.OK
    assert [act["kind"] for act in task["log"]] == ["propose", "file", "dispatch"]
    assert {clock["kind"] for clock in task["clocks"]} == {"TRIAGE", "DISPATCH", "TOTAL", "ACCEPT"}
    assert all(step["phone"] for step in task["next"])
    # An id that was read out comes back in any case and with blanks.
    code, text, _ = told(f" {name.lower()} ", lang="zh")
    assert code == Exit.OK
    assert name in text
    assert "派发 ▸ 网格员11" in text
    _, out, _ = told(name, "--csv")
    assert [row["kind"] for row in csv.DictReader(io.StringIO(out))] == ["propose", "file", "dispatch"]


def test_a_task_that_is_not_there(told: Callable[..., Answer]) -> None:
    code, out, err = told("X-1")
    assert (code, out) == (Exit.FAILED, "")
    assert "There is no task X-1." in err


def test_a_wrong_view_is_a_usage_error(told: Callable[..., Answer]) -> None:
    code, _, err = told("--view", "everything")
    assert code == Exit.USAGE
    assert "everything" in err


def test_what_was_handed_on_is_a_view_of_its_own(
    store: Store, clock: ManualClock, told: Callable[..., Answer], capsys: pytest.CaptureFixture[str]
) -> None:
    assert told()[0] == Exit.OK
    desk = Desk.open(store, city.SEAT, clock=clock)
    (row,) = tasks.board(desk)
    body = {"receiver": "C-990002", "receiver_kind": "centre", "reason": "theirs"}
    assert acts.act(desk, row.id, "transfer", body=body, seen_version=row.version).ok
    receiver = Desk.open(store, "P-990002-S1", clock=clock)
    (offer,) = tasks.board(receiver)
    assert acts.act(receiver, row.id, "take", seen_version=offer.version).ok
    here = ["--lang", "en", "--store", str(store.path), "--as", city.SEAT, "tasks"]
    assert main([*here, "--view", "handed", "--json"]) == Exit.OK
    (line,) = json.loads(capsys.readouterr().out)
    assert (line["id"], line["side"], line["holder"]) == (row.id, "handed", "C-990002")
    assert main([*here, "--json"]) == Exit.OK
    assert json.loads(capsys.readouterr().out) == []


def test_who_there_is_is_told_also_to_somebody_whom_nobody_knows(
    store: Store, told: Callable[..., Answer], capsys: pytest.CaptureFixture[str]
) -> None:
    assert told()[0] == Exit.OK
    here = ["--lang", "en", "--store", str(store.path), "--as", "NOBODY"]
    assert main([*here, "people", "--json"]) == Exit.OK
    assert city.SEAT in {row["code"] for row in json.loads(capsys.readouterr().out)}
    assert main([*here, "tasks"]) != Exit.OK
    assert "See gridseat people" in capsys.readouterr().err
