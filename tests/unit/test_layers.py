"""The house stands: what is imported by whom, and what a command loads."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def modules_after(code: str) -> set[str]:
    """The modules that are loaded after running ``code`` in a fresh interpreter."""
    run = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print('\\n'.join(sys.modules))"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return set(run.stdout.split())


def every_module(package: str) -> list[str]:
    """The dotted names of all modules of a package."""
    names = []
    for path in sorted((ROOT / package).rglob("*.py")):
        if path.name == "env.py" or "versions" in path.parts or "heze" in path.parts:
            continue
        parts = path.relative_to(ROOT).with_suffix("").parts
        names.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return names


def test_the_backend_loads_no_terminal() -> None:
    loaded = modules_after("\n".join(f"import {name}" for name in every_module("backend")))
    assert not {
        name for name in loaded if name.split(".")[0] in {"textual", "rich", "plotext", "console", "screens"}
    }


def test_screens_load_no_database_and_no_http() -> None:
    loaded = modules_after("\n".join(f"import {name}" for name in every_module("screens")))
    assert not loaded & {"sqlmodel", "sqlalchemy", "httpx", "apscheduler", "alembic", "plotext", "console"}


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["stations", "--help"], ["demo", "--help"]])
def test_help_and_version_load_nothing_heavy(words: list[str]) -> None:
    code = f"from console.__main__ import main\ntry:\n    main({words!r})\nexcept SystemExit:\n    pass"
    loaded = modules_after(code)
    assert not loaded & {
        "textual",
        "rich",
        "sqlmodel",
        "sqlalchemy",
        "httpx",
        "apscheduler",
        "plotext",
        "numpy",
    }


def test_httpx_is_imported_in_one_module() -> None:
    users = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "backend").rglob("*.py")
        if "import httpx" in path.read_text("utf-8") or "from httpx" in path.read_text("utf-8")
    ]
    assert users == ["backend/feeds/http.py"]
