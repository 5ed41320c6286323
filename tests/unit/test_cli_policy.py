"""``gridseat policy`` and ``gridseat proof``: for people, for programs, and by their exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from backend.access.audit import AUDIT
from backend.city.tables import PolicyText
from backend.clock import ManualClock, SystemClock
from backend.desk import acts
from backend.desk.desk import Desk
from backend.escalation import auditor
from backend.escalation.plan import DUE
from backend.escalation.sweep import sweep
from backend.escalation.tables import Heartbeat
from backend.store import Store, table
from backend.tasks.policy import default_text
from backend.tasks.rows import TASK
from console.__main__ import main
from console.exit import Exit
from tests.screens import loop_city as city
from tests.tools.small_city import write_small_city

Answer = tuple[int, str, str]
Run = Callable[..., Answer]


@pytest.fixture
def run(store: Store, tmp_path: Path, clock: ManualClock, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on a store with one task that was sent."""
    city.build(store, tmp_path, clock.now())
    desk = Desk.open(store, city.SEAT, clock=clock)
    task = str(acts.from_alarm(desk, city.alarms(store)[0]).data["task"])
    body = {"holder": city.MEMBER, "holder_kind": "member"}
    assert acts.act(desk, task, "dispatch", body=body, seen_version=2).ok

    def told(*words: str, lang: str = "en") -> Answer:
        try:
            code = main(["--lang", lang, "--store", str(store.path), *words])
        except SystemExit as ended:
            code = int(str(ended.code))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return told


@pytest.mark.parametrize(
    ("words", "then"),
    [
        (("sheet", "ZZZ"), "gridseat tasks"),
        (("tasks", "ZZZ"), "gridseat tasks"),
        (("policy", "show", "99"), "gridseat policy list"),
        (("decode", "hj212", "/nonex"), "Check its name and permissions"),
    ],
)
def test_what_is_not_there_is_told_with_what_to_do(run: Run, words: tuple[str, ...], then: str) -> None:
    code, out, err = run(*words)
    assert code != Exit.OK
    assert out == ""
    assert then in err


@pytest.fixture
def watched(run: Run, store: Store, clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The same, where the command looks at the test's clock, and the sweep and the auditor have just run."""
    monkeypatch.setattr(SystemClock, "now", lambda _self: clock.now())
    sweep(store, clock.now())
    with store.write() as connection:
        assert auditor.audit(connection, clock.now()).sound
    return run


def write(tmp_path: Path, text: str) -> str:
    path = tmp_path / "new.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_sound_policy_is_said_to_be_sound(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("policy", "check", write(tmp_path, default_text()))
    assert (code, "nothing is wrong" in out) == (Exit.OK, True)


def test_every_mistake_is_told_with_its_line(run: Run, tmp_path: Path) -> None:
    text = (
        default_text().replace('high = "10m"', 'high = "ten minutes"', 1)
        + '\n[[step]]\nclocks = ["NAP"]\nat = 50\n'
    )
    code, out, _ = run("policy", "check", write(tmp_path, text), lang="zh")
    lines = out.splitlines()
    assert code == Exit.FAILED
    assert len(lines) == 2
    number = text.splitlines().index('high = "ten minutes"') + 1
    assert f"new.toml:{number}: " in lines[0]
    assert "不是时长" in lines[0]
    assert "NAP" in lines[1]
    for act in (["dryrun"], ["add"]):
        extra = ["--from", "2099-01-01"] if act == ["add"] else []
        code, out, _ = run("policy", *act, write(tmp_path, text), *extra)
        assert code == Exit.FAILED
        assert len(out.splitlines()) == 2


def test_a_sound_policy_that_means_something_else_is_told(run: Run, tmp_path: Path) -> None:
    text = default_text().replace('types = ["arbitration"]', 'types = ["arbitraton"]')
    (tmp_path / "p.toml").write_text(
        text.replace('"ARRIVE", "DISPOSE", "VERIFY"]', '"ARRIVE", "VERIFY"]'), "utf-8"
    )
    code, out, err = run("policy", "check", str(tmp_path / "p.toml"))
    assert (code, "nothing is wrong" in out) == (Exit.OK, True)
    assert len(err.splitlines()) == 2
    assert "no incident type arbitraton" in err
    assert "No step escalates when the time to dispose is missed" in err


def test_what_is_no_policy_at_all_is_told_without_a_trace(run: Run, tmp_path: Path) -> None:
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00\x01")
    (tmp_path / "large.toml").write_bytes(b"#" * 300_000)
    for name in ("binary.toml", "large.toml", "missing.toml"):
        code, _, err = run("policy", "check", str(tmp_path / name))
        assert code == Exit.FAILED
        assert name in err
        assert "Traceback" not in err


def test_it_is_tried_out_listed_and_added(run: Run, tmp_path: Path) -> None:
    path = write(tmp_path, default_text().replace('high = "10m"', 'high = "11m"', 1))
    code, out, _ = run("policy", "dryrun", path, "--month", "2026-11", "--json")
    found = json.loads(out)
    assert code == Exit.OK
    assert (found["since"], found["until"]) == ("2026-11-01T00:00:00+08:00", "2026-12-01T00:00:00+08:00")
    code, out, _ = run("policy", "dryrun", path, "--month", "2026-11", lang="zh")
    assert (code, "原策略 -> 新策略" in out) == (Exit.OK, True)
    code, _, err = run("policy", "dryrun", path, "--month", "november")
    assert (code, "is no month" in err) == (Exit.FAILED, True)
    code, out, _ = run("policy", "add", path, "--from", "2099-01-01", "--note", "试点")
    assert code == Exit.OK, out
    code, out, _ = run("policy", "list", "--json")
    rows = json.loads(out)
    assert rows[0]["effective"] == "2099-01-01T00:00:00+08:00"
    assert [row["in_force"] for row in rows].count(True) == 1
    code, out, _ = run("policy", "show", str(rows[0]["version"]))
    assert 'high = "11m"' in out
    code, _, err = run("policy", "show", "99")
    assert (code, "no version 99" in err) == (Exit.FAILED, True)
    code, out, _ = run("policy", "list")
    assert "*" in out
    code, _, err = run("policy", "add", path, "--from", "2001-01-01")
    assert (code, "lies in the past" in err) == (Exit.FAILED, True)


def test_the_proof_lists_what_is_open_with_its_owner_and_next_instant(watched: Run) -> None:
    run = watched
    code, out, _ = run("proof", lang="zh")
    assert code == Exit.OK
    assert "网格员11" in out
    assert "待签收" in out
    assert "无主或无下一时点 0" in out
    code, out, _ = run("proof", "--json")
    found = json.loads(out)
    (row,) = found["tasks"]
    assert (code, row["owner"], row["owner_kind"], row["clock"], row["fault"]) == (
        Exit.OK,
        city.MEMBER,
        "member",
        "ACCEPT",
        "",
    )
    assert row["next_at"].endswith("+08:00")


@pytest.mark.parametrize("job", ["auditor", "sweep"])
def test_where_nobody_watches_the_proof_fails_though_every_task_is_sound(
    watched: Run, store: Store, job: str
) -> None:
    beat = table(Heartbeat)
    with store.write() as connection:
        connection.execute(delete(beat).where(beat.c.job == job))
    code, out, err = watched("proof", lang="zh")
    assert code == Exit.FAILED
    assert "无主或无下一时点 0" in out
    assert err.strip()
    code, out, _ = watched("proof", "--json")
    found = json.loads(out)
    assert (code, found["faults"], len(found["unsound"])) == (Exit.FAILED, 0, 1)


OFFICE = """
[[target]]
clock = "DISPOSE"
types = ["cooking_fumes"]
calendar = "office"
low = "72h"
"""


def test_a_calendar_that_ends_is_told_when_a_policy_is_checked_and_put_in_force(
    watched: Run, tmp_path: Path, clock: ManualClock
) -> None:
    path = write(tmp_path, default_text() + OFFICE)
    code, out, err = watched("policy", "check", path)
    assert (code, "nothing is wrong" in out) == (Exit.OK, True)
    assert "Calendar office lists no holidays or decreed working days of 2027" in err
    code, _, err = watched("policy", "check", path, lang="zh")
    assert "工作日历 office 没有 2027 年的节假日和调休" in err
    code, out, err = watched("policy", "add", path, "--from", "2026-12-01", lang="zh")
    assert code == Exit.OK
    assert "没有 2027 年" in err
    assert "没有 2027 年" in out
    code, _, err = watched("policy", "check", write(tmp_path, default_text()))
    assert (code, err) == (Exit.OK, "")
    # In spring the year is known for long enough.
    clock.move(-220 * 86400)
    code, _, err = watched("policy", "check", path)
    assert (code, err) == (Exit.OK, "")


def test_the_doctor_tells_of_a_calendar_that_ends_and_that_has_ended(
    watched: Run, store: Store, clock: ManualClock
) -> None:
    policy = table(PolicyText)
    with store.write() as connection:
        connection.execute(update(policy).values(text=default_text() + OFFICE))
    _, out, _ = watched("doctor", lang="zh")
    assert "工作日历 office 没有 2027 年" in out
    assert "gridseat policy add" in out
    clock.move(100 * 86400)
    code, out, _ = watched("doctor", lang="zh")
    assert code == Exit.FAILED
    assert "没有今年（2027）的节假日" in out


def test_a_task_that_would_be_forgotten_fails_the_proof(run: Run, store: Store) -> None:
    with store.write() as connection:
        connection.execute(delete(DUE).where(DUE.c.done.is_(None)))
    code, out, err = run("proof", lang="zh")
    assert code == Exit.FAILED
    assert "无下一时点" in out
    assert "没有下一时点" in err
    code, out, _ = run("proof", "--json")
    assert code == Exit.FAILED
    assert json.loads(out)["tasks"][0]["fault"] == "no_next"


def test_a_task_that_nobody_owes_or_that_ended_by_no_act_fails_it_too(run: Run, store: Store) -> None:
    with store.write() as connection:
        connection.execute(
            update(TASK).values(holder="", centre="", county="", township="", level="T", state="OPEN")
        )
        connection.exec_driver_sql("DELETE FROM centre")
    code, out, _ = run("proof", "--json")
    assert (code, json.loads(out)["tasks"][0]["fault"]) == (Exit.FAILED, "no_owner")
    with store.write() as connection:
        connection.execute(update(TASK).values(state="CLOSED", closed=1))
        connection.execute(delete(DUE))
    code, out, _ = run("proof", "--json")
    assert (code, json.loads(out)["tasks"][0]["fault"]) == (Exit.FAILED, "not_by_the_book")


def test_a_pack_that_takes_a_holder_off_the_books_is_told_and_fails_the_proof(
    run: Run, store: Store, tmp_path: Path
) -> None:
    pack = write_small_city(tmp_path / "fresh")
    for name in ("people", "duty"):
        lines = (pack / f"{name}.csv").read_text("utf-8").splitlines()
        kept = [line for line in lines if city.MEMBER not in line]
        (pack / f"{name}.csv").write_text("\n".join(kept) + "\n", "utf-8")
    code, _, err = run("city", "load", str(pack))
    assert (code, "1 open task is held by" in err) == (Exit.OK, True)
    code, out, _ = run("proof")
    assert (code, "out of service" in out) == (Exit.FAILED, True)
    with store.read() as connection:
        assert connection.execute(select(AUDIT.c.act, AUDIT.c.subject)).all()[-1] == ("city.load", "fresh")
