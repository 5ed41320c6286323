"""``gridseat handover``: the artefact of a shift change, for people and for programs, later on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from backend.access.audit import head
from backend.clock import ManualClock
from backend.desk import duty, handover
from backend.desk.desk import Desk
from backend.store import Store
from console.__main__ import main
from console.exit import Exit
from tests.screens import loop_city as city


def test_a_handover_is_read_later(
    store: Store, tmp_path: Path, clock: ManualClock, capsys: pytest.CaptureFixture[str]
) -> None:
    city.build(store, tmp_path, clock.now())
    seat, taker = (Desk.open(store, one, clock=clock) for one in (city.SEAT, city.OTHER_SEAT))
    assert duty.sign_in(seat).ok
    assert duty.remark(seat, "秤坏了").ok
    with store.read() as connection:
        chain = head(connection)
    name = str(handover.begin(seat).data["handover"])
    page = handover.page(taker, name)
    assert page is not None
    for one in page.items:
        assert handover.sign(taker, name, one.place, remark="知道了").ok

    def run(*words: str) -> tuple[int, str]:
        code = main(["--lang", "zh", "--store", str(store.path), "--as", city.SEAT, "handover", *words])
        return code, capsys.readouterr().out

    code, out = run()
    assert code == Exit.OK
    assert name in out
    assert "已交接" in out
    code, out = run(name)
    assert "样1县坐席一 交 样1县坐席二" in out
    assert "秤坏了" in out
    assert "知道了" in out
    assert chain in out
    code, out = run(name, "--json")
    told = json.loads(out)
    assert told["audit_head"] == chain
    assert {one["kind"] for one in told["items"]} >= {"remark", "alarm"}
    assert all(one["signed"] for one in told["items"])
    code, out = run(name, "--csv")
    assert out.splitlines()[0].startswith("number,kind,item")
    code, out = run("nothing")
    assert (code, out) == (Exit.FAILED, "")
