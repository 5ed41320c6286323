"""What commands print to a terminal is text, what they write to a pipe is what is there (CVE-2021-25743)."""

# ruff: noqa: E501 - a table of commands

from __future__ import annotations

import io
import re
import subprocess
from pathlib import Path

import pytest

from backend.clock import ManualClock
from backend.store import Store
from console.commands.import_ import _bar, _clear
from console.terminal.printed import Printed, over
from console.terminal.survey import QUESTION
from tests.conftest import START
from tests.egress import city
from tests.egress.corpus import MORE, PROBES, corpus
from tests.egress.judge import read, shown
from tests.terminal.harness import GRIDSEAT, ROOT, surroundings, terminal


class Tty(io.StringIO):
    """A stream that says it is a terminal."""

    encoding = "utf-8"


def test_lines_pass_and_all_else_is_marked() -> None:
    stream = Tty()
    printed = Printed(stream)
    printed.write("站\tPM2.5\n420 > 115\r\n")
    assert stream.getvalue() == "站 PM2.5\n420 > 115\n"
    for raw in corpus(1000):
        printed.write(raw + "\n")
    told = stream.getvalue().encode("utf-8", "surrogatepass")
    assert all(
        one.text in ("09", "0a", "0d")
        if one.kind == "control"
        else one.kind == "print" and (one.text.isascii() or shown(one.text))
        for one in read(told)
    )
    assert printed.ledger.total > 1000


def test_progress_goes_over_its_line_and_no_text_does(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Tty()
    monkeypatch.setattr("sys.stderr", Printed(stream))
    _bar(1, 2)
    assert stream.getvalue() == f"\r[{'#' * 15}{'.' * 15}]  50%"
    _clear()
    assert stream.getvalue().endswith(f"\r{' ' * 38}\r")
    over("超标\r达标")
    assert stream.getvalue().rpartition("\r")[2] == "超标␦␦标"


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a poisoned city in it."""
    home = tmp_path_factory.mktemp("poisoned")
    store = Store.open(home / "city.db")
    city.build(store, ManualClock(START))
    city.poison(store, [*PROBES.values(), *MORE.values(), *corpus(1100)])
    store.close()
    return home


COMMANDS = [
    ("stations",), ("alarms",), ("tasks",), ("feeds", "list"), ("people",), ("quality",), ("handover",), ("doctor",),
    ("audit", "list"), ("channels", "list"), ("proof",), ("policy", "list"), ("handover", "C-990001-20261103-1"), ("report", "daily", "2026-11-02"),
    ("stations", "\x1b]2;pwned\x07"), ("\x1b[2J",), ("--store", "/no/\x1b[2Jsuch", "stations"), ("tasks", "\x9b2J\u202e"),
    ("import", "readings", "\x1b]52;c;cHduZWQ=\x07.csv"), ("city", "check", "/tmp/\x1b[?1049l"),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    "words", COMMANDS, ids=lambda words: " ".join(words).encode("unicode_escape").decode()[:40]
)
def test_every_list_of_a_poisoned_city_prints_text_only(poisoned: Path, words: tuple[str, ...]) -> None:
    named = () if "--store" in words else ("--store", str(poisoned / "city.db"))
    with terminal((*GRIDSEAT, *named, *words), surroundings(poisoned)) as seen:
        seen.ended()
        sent = seen.sent
    assert sent
    # Doctor asks the terminal itself, once and in these bytes; nothing that came from outside is in them.
    asked = QUESTION.encode()
    assert sent.count(asked) == (1 if words == ("doctor",) else 0)
    sent = sent.replace(asked, b"")
    for one in read(sent):
        if one.kind == "control":
            assert one.text in ("09", "0a", "0d"), one
        else:
            assert one.kind == "print", one
            assert one.text.isascii() or shown(one.text), one
    assert not re.search(rb"Traceback", sent)


@pytest.mark.slow
def test_a_pipe_gets_what_is_there(poisoned: Path) -> None:
    done = subprocess.run(
        [*GRIDSEAT, "--store", str(poisoned / "city.db"), "stations", "--json"],
        capture_output=True, env=surroundings(poisoned), cwd=ROOT, timeout=300, check=True,
    )  # fmt: skip
    assert b"\xe2\x90\xa6" not in done.stdout
    assert b"pwned" in done.stdout
