"""What a start loads, and when: the first frame before the database's libraries, the first board before all others."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from backend.city.load import load_pack
from backend.store import Store
from tests.tools.small_city import write_small_city

NOW = 1_793_692_800
STEPS = """
import json, sys
seen = []
from console.__main__ import build_parser
import console.seat
from console.settings import load
from console.terminal import prepare
prepare()
import console.app, screens.overview, screens.registry
seen.append(sorted(sys.modules))
from backend.desk.desk import Desk
from backend.desk import areas, session
desk = Desk.open(sys.argv[1], sys.argv[2])
session.load(desk, "console")
rows = areas.areas(desk)
seen.append(sorted(sys.modules))
from backend.desk import feeds, operator, overview
overview.needs(desk), operator.load(desk), feeds.board(desk)
seen.append(sorted(sys.modules))
desk.store.close()
print(json.dumps([len(rows), *seen]))
"""


def loaded(modules: list[str], *names: str) -> list[str]:
    return [one for one in modules for name in names if one == name or one.startswith(f"{name}.")]


def test_the_first_frame_and_the_first_board_load_no_more_than_they_need(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "city.db")
    load_pack(store, write_small_city(tmp_path / "pack"), NOW)
    store.close()
    command = [sys.executable, "-c", STEPS, str(tmp_path / "city.db"), "P-990000-S1"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    rows, frame, board, screen = json.loads(done.stdout)
    assert rows > 0
    libraries = (
        "sqlalchemy",
        "sqlmodel",
        "pydantic",
        "httpx",
        "apscheduler",
        "plotext",
        "alembic",
        "sqlite3",
    )
    assert not loaded(frame, *libraries, "backend.store", "backend.desk", "msgspec", "starlette")
    assert loaded(board, "sqlmodel", "backend.desk.areas")
    assert not loaded(board, "httpx", "apscheduler", "plotext", "alembic", "starlette", "rich.markdown")
    assert not loaded(board, "sqlalchemy.dialects.postgresql", "backend.scheduler", "backend.ingest")
    assert not loaded(
        board, "backend.alarms.rules", "backend.tasks.machine", "backend.desk.tasks", "backend.desk.acts"
    )
    assert not loaded(
        screen,
        "backend.alarms.evaluation",
        "backend.incidents.following",
        "backend.quality",
        "backend.desk.acts",
    )
