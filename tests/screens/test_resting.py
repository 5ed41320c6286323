"""What follows the cursor only when it rests, and lists in boxes: they turn by half, and stay as high as they are."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from screens import resting
from screens.resting import Follower
from screens.widgets.choices import Choices
from tests.screens.conftest import Console


class Watch:
    """A screen whose timers run when they are told to."""

    stands = True
    shell = SimpleNamespace(tight=False)

    def __init__(self) -> None:
        self.timers: list[Any] = []
        self.told = 0
        self.follower = Follower(self, self._tell)  # type: ignore[arg-type]

    def set_timer(self, seconds: float, then: Any) -> None:
        assert seconds == resting.PAUSE
        self.timers.append(then)

    def _tell(self) -> None:
        self.told += 1


def test_the_first_row_and_one_that_says_something_else_are_told_at_once() -> None:
    watch = Watch()
    watch.follower.follow("a")
    watch.follower.follow("a")
    assert (watch.told, watch.timers) == (2, [])
    watch.follower.follow(None)
    watch.follower.follow("b")
    assert (watch.told, watch.timers) == (4, [])


def test_only_the_row_that_the_cursor_rests_on_is_told() -> None:
    watch = Watch()
    for key in "abcd":
        watch.follower.follow(key)
    assert watch.told == 1
    for timer in watch.timers:
        timer()
    assert watch.told == 2
    # Back on the row that is told: nothing waits for another one any more.
    watch.follower.follow("e")
    watch.follower.follow("d")
    watch.timers[-1]()
    assert watch.told == 3
    watch.stands = False
    watch.follower.follow("f")
    watch.timers[-1]()
    assert watch.told == 3


@pytest.mark.parametrize("lite", [False, True])
async def test_a_list_turns_by_half_and_stays_as_high_as_it_was(console: Console, lite: bool) -> None:
    async with console() as seen:
        if lite:
            seen.app.go_lite(True)
        await seen.press("colon")
        listed = seen.screen.query_one(Choices)
        most, height = listed.most, listed.size.height
        assert height == most < len(listed.all)
        await seen.press(*["down"] * (most - 1))
        assert (listed.place, listed.top) == (most - 1, 0)
        await seen.press("down")
        assert (listed.place, listed.top) == (most, most - most // 2)
        await seen.press("down")
        assert listed.top == most - most // 2
        await seen.press(*["up"] * (most // 2 + 1))
        assert (listed.place, listed.top) == (most // 2, most // 2)
        await seen.press("up")
        assert (listed.place, listed.top) == (most // 2 - 1, 0)
        await seen.press(*"overview")
        assert len(listed.matching) < most
        assert listed.size.height == height
