"""The documents say what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

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


def test_ci_runs_the_very_test_command_of_the_readme() -> None:
    command = ".venv/bin/python -m pytest -n 4"
    assert command in (ROOT / "README.md").read_text("utf-8")
    assert command in (ROOT / ".ci" / "run").read_text("utf-8")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\(((?!http)[^)#]+)", path.read_text("utf-8"))
    assert not [target for target in targets if not (path.parent / target).exists()]
