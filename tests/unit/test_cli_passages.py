"""``gridseat import passages``: an export of last week is told in a line, and to the county of its sets."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from backend.city.load import load_pack
from backend.city.tables import Station
from backend.store import Store, table
from console.__main__ import main
from tests.tools.small_city import write_small_city
from tests.unit.small_city import rows, station

DAY = 86_400


def test_a_weekly_export_is_not_silent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = int(time.time())
    store = Store.open(tmp_path / "city.db")
    load_pack(store, write_small_city(tmp_path / "pack"), now)
    with store.write() as connection:
        connection.execute(insert(table(Station)), [station("L1", "remote_sensing", "C1", id=99)])
    store.close()
    monkeypatch.setenv("GRIDSEAT_STORE", str(tmp_path / "city.db"))
    monkeypatch.setenv("GRIDSEAT_LANG", "zh")
    lines = ["车牌号,点位,检测时间,NO(ppm),燃料种类"]
    for plate, days in (("鲁R1", 9), ("鲁R1", 4), ("鲁R2", 8), ("鲁R2", 3), ("鲁R3", 3)):
        at = datetime.fromtimestamp(now - days * DAY, ZoneInfo("Asia/Shanghai"))
        lines.append(f"{plate},L1,{at:%Y-%m-%d %H:%M:%S},1700,柴油")
    file = tmp_path / "week.csv"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    assert main(["import", "passages", str(file), "--format", "csv"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert "新增 5" in first
    assert "新报警 0 条" in first
    assert second.startswith("另有 2 辆车连续超标")
    assert second.endswith("鲁R1 鲁R2")
    assert main(["import", "passages", str(file), "--format", "csv"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1
    store = Store.open(tmp_path / "city.db")
    assert rows(store, "SELECT grid FROM notice WHERE code = 'notice.vehicles.late'") == [("C1",)]
    assert rows(store, "SELECT COUNT(*) FROM alarm") == [(0,)]
    store.close()
