"""What does not fit says how much of it is below, and is reached by the keys that move about."""

from __future__ import annotations

from backend.words import Message
from console.app import Options
from screens.dialogs.pick import Pick
from screens.dialogs.told import Told
from screens.widgets.choices import Choice
from tests.screens.conftest import Console

SMALL = (80, 24)


async def test_the_help_says_how_much_more_there_is(console: Console) -> None:
    async with console(size=SMALL, options=Options(language="en")) as seen:
        await seen.press("question_mark")
        (last,) = (line for line in seen.lines if "more (j)" in line)
        assert "~" not in last
        await seen.press(*["pagedown"] * 9)
        assert "more (j)" not in seen.text
        assert "Shapes" in seen.text


async def test_why_a_key_is_off_stands_in_brackets_of_its_language(console: Console) -> None:
    async with console() as seen:
        await seen.press("question_mark")
        assert "请找监管员）" in seen.text.replace("\n", "")
        assert "。)" not in seen.text
        await seen.press("escape", "L", "question_mark")
        assert "supervisor.)" not in seen.text


async def test_what_could_not_be_done_is_read_to_its_end(console: Console) -> None:
    async with console(size=SMALL, options=Options(language="en")) as seen:
        lines = [Message("ui.demo.done", {"what": "ack", "key": str(number)}) for number in range(40)]
        seen.app.push_screen(Told(Message("ui.help.title"), lines))
        await seen.settle()
        assert "more (j)" in seen.text
        assert "39" not in seen.text
        await seen.press(*["pagedown"] * 4)
        assert "39" in seen.text
        assert "more (j)" not in seen.text


async def test_a_list_says_how_many_more_there_are_to_choose_from(console: Console) -> None:
    async with console(size=SMALL, options=Options(language="en")) as seen:
        people = [Choice(str(number), f"Person {number:02}") for number in range(30)]
        seen.app.push_screen(Pick(Message("ui.help.title"), people))
        await seen.settle()
        assert "18 more" in seen.text
        await seen.press(*["pagedown"] * 3)
        assert "Person 29" in seen.text
        assert " more" not in seen.text
