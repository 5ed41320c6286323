"""The documents say what the program does."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from backend.desk.alarmrows import AlarmRow
from backend.desk.feeds import FeedRow
from backend.desk.taskrows import TaskRow
from console.__main__ import COMMANDS
from console.exit import Exit
from console.settings import NAMES
from tests.tools.make_docs import DOCUMENTS, ROOT, rendered


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_generated_parts_are_up_to_date(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text == rendered(text), "run python -m tests.tools.make_docs"


def test_every_command_setting_and_exit_code_is_documented() -> None:
    text = "\n".join(path.read_text("utf-8") for path in DOCUMENTS)
    missing = [name for name in COMMANDS if f"gridseat {name}" not in text]
    missing += [name for name in NAMES if f"`{name}`" not in text]
    missing += [str(int(code)) for code in Exit if not re.search(rf"\| {int(code)} \|", text)]
    assert not missing


@pytest.mark.parametrize(
    ("command", "row"), [("alarms", AlarmRow), ("feeds list", FeedRow), ("tasks", TaskRow)]
)
def test_every_key_that_a_list_prints_is_documented(command: str, row: type) -> None:
    told = re.search(
        rf"^\| `gridseat {command}` \| (.*) \|$", (ROOT / "docs" / "formats.md").read_text("utf-8"), re.M
    )
    assert told is not None
    assert not [one.name for one in fields(row) if f"`{one.name}`" not in told[1]]


def test_ci_runs_the_very_test_command_of_the_readme() -> None:
    command = ".venv/bin/python -m pytest -n 4"
    assert command in (ROOT / "README.md").read_text("utf-8")
    assert command in (ROOT / ".ci" / "run").read_text("utf-8")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\(((?!http)[^)#]+)", path.read_text("utf-8"))
    assert not [target for target in targets if not (path.parent / target).exists()]
