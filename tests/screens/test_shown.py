"""What is shown of where one is, and of what a field is to hold, also where there are no colours."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from console.app import Options
from screens.actions import action
from screens.widgets.header import Header
from tests.screens.conftest import Console


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [80, 120])
async def test_the_header_tells_which_page_one_is_in(console: Console, width: int, language: Any) -> None:
    async with console(size=(width, 24), options=Options(language=language)) as seen:
        header = seen.screen.query_one(Header)

        def chips() -> list[str]:
            return [
                piece.text.strip() for piece in header.pieces() if piece.tone == "here" if piece.text.strip()
            ]

        assert chips()[0].startswith("1")
        for name, told in (("go.duty", "6"), ("app.brief", "B"), ("go.hotspots", ";")):
            header.show(header.facts, "overview", name.rpartition(".")[2])
            await seen.settle()
            assert chips() == [f"{told} {action(name).title(language)}"]
            assert "16:00" in seen.lines[0]
        crowd = replace(seen.desk.facts, flood=True, missing=13, notices=88, feeds="failing", feeds_bad=12)
        header.show(crowd, "overview", "hotspots")
        await seen.settle()
        assert "16:00" in seen.lines[0]
        assert "~" not in seen.lines[0]


@pytest.mark.parametrize("theme", ["light", "mono"])
async def test_what_a_field_is_to_hold_is_not_taken_for_what_it_holds(console: Console, theme: str) -> None:
    async with console(options=Options(theme=theme, language="en")) as seen:
        await seen.press("d")
        assert "TEXT" in seen.text
        assert ("(TEXT)" in seen.text) == (theme == "mono")
