"""What a command is asked wrongly is told with what to do, in the person's language, and nothing is made of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from console.__main__ import main
from console.exit import Exit

Answer = tuple[int, str]
Run = Callable[..., Answer]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command; its exit code and what it said on standard error. None of them is a fault of ours."""

    def told(*words: object, lang: str = "en") -> Answer:
        try:
            code = main(["--lang", lang, *map(str, words)])
        except SystemExit as ended:
            code = int(str(ended.code))
        said = capsys.readouterr().err
        assert "fault of ours" not in said
        assert "程序出错" not in said
        return code, said

    return told


@pytest.mark.parametrize("port", ["99999", "-5"])
def test_a_port_that_is_none_is_told(run: Run, tmp_path: Path, port: str) -> None:
    code, said = run("--store", tmp_path / "s.db", "hub", "--port", port)
    assert code == Exit.USAGE
    assert "0 to 65535" in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("host", ["300.1.1.1", "203.0.113.7", "a..b"])
def test_an_address_that_can_not_be_listened_on_is_not_blamed_on_the_port(
    run: Run, tmp_path: Path, host: str
) -> None:
    code, said = run("--store", tmp_path / "s.db", "hub", "--host", host, "--port", "0")
    assert code == Exit.NETWORK
    assert f"address {host}" in said
    assert "--host" in said
    assert "--port" not in said
